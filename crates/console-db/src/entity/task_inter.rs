//! The pairing: the link between our task version and the partner's.

use console_model::{LinkStatus, PairingId, TaskId};
use sea_orm::entity::prelude::*;

/// A row of `task_inter`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task_inter")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PairingId,
    /// When it was made, UTC.
    pub gmt_create: DateTime,
    /// When it was last changed, UTC.
    pub gmt_modified: DateTime,
    /// Our task version; one pairing each.
    pub task_intra_id: TaskId,
    /// The partner's id of its pairing; unique.
    pub task_peer_id: Option<String>,
    /// How far both sides know it.
    pub status: LinkStatus,
    /// Free text.
    pub comment: Option<String>,
    /// Counts the changes of the row; every change compares and sets it.
    pub generation: i64,
    /// The partner's public meta, as it was last read.
    pub peer_meta: Option<Json>,
    /// When it was last read.
    pub peer_meta_at: Option<DateTime>,
    /// Why it could not be paired.
    pub error: Option<String>,
    /// The same as a word for programs.
    pub error_code: Option<String>,
    /// The partner's settings that both sides must agree on, as it told them last.
    pub peer_settings: Option<Json>,
    /// Whether we asked.
    pub initiated_here: bool,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
