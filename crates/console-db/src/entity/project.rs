//! A cooperation with one partner.

use console_model::{LinkStatus, PartnerId, ProjectId};
use sea_orm::entity::prelude::*;

/// A row of `project`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "project")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProjectId,
    /// When it was made, UTC.
    pub gmt_create: DateTime,
    /// When it was last changed, UTC.
    pub gmt_modified: DateTime,
    /// The user who owns it; `-1` when a partner made it and nobody here took it yet.
    pub owner_id: String,
    /// Unique name; NULL until somebody here takes a partner's project.
    pub name: Option<String>,
    /// Free text.
    pub comment: Option<String>,
    /// Ours, shown to the partner. Adopted rows hold JSON text inside a JSON string.
    pub config: Option<Json>,
    /// How far both sides know it.
    pub status: LinkStatus,
    /// The partner's address as the original keeps it; the truth is the partner's row.
    pub peer_url: String,
    /// The partner's id of its project; unique per partner.
    pub peer_id: Option<String>,
    /// The partner's config, as it was last told.
    pub peer_config: Option<Json>,
    /// The partner; NULL in adopted rows that none was assigned to yet.
    pub partner_id: Option<PartnerId>,
    /// Counts the changes of the row; every change compares and sets it.
    pub generation: i64,
    /// When the partner last told its config.
    pub peer_config_at: Option<DateTime>,
    /// When it was archived.
    pub archived_at: Option<DateTime>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
