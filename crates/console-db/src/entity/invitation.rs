//! An offer to pair consoles. Used once: see [`crate::invitations::mark_used`].

use console_model::{InvitationId, PartnerId};
use sea_orm::entity::prelude::*;

/// A row of `invitation`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvitationId,
    /// When it was made, UTC.
    pub gmt_create: DateTime,
    /// The user who made it.
    pub created_by: String,
    /// What the secret is verified against.
    pub secret_hash: String,
    /// Until when it can be used.
    pub expires_at: DateTime,
    /// When it was used.
    pub used_at: Option<DateTime>,
    /// The partner who used it.
    pub partner_id: Option<PartnerId>,
    /// When it was withdrawn.
    pub revoked_at: Option<DateTime>,
    /// Free text.
    pub comment: Option<String>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
