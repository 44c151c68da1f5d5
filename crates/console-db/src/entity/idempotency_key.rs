//! The answer to a request that named a key, for the case that it is sent again.

use sea_orm::entity::prelude::*;

/// A row of `idempotency_key`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_key")]
pub struct Model {
    /// Hash of user and key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Who asked.
    pub user_id: String,
    /// Digest of what was asked.
    pub request_digest: String,
    /// HTTP status of the answer.
    pub status: i16,
    /// Body of the answer.
    pub response: Option<Json>,
    /// When it was made, UTC.
    pub gmt_create: DateTime,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
