//! A partner's command and our answer, so that a repetition gets the same.

use console_model::PartnerId;
use sea_orm::entity::prelude::*;

/// A row of `received_command`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "received_command")]
pub struct Model {
    /// Who sent it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub partner_id: PartnerId,
    /// The sender's id of it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub command_id: String,
    /// Digest of its content.
    pub digest: String,
    /// What was answered.
    pub answer: Json,
    /// When it was made, UTC.
    pub gmt_create: DateTime,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
