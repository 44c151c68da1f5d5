//! A nonce that was seen, so that a captured request cannot be replayed.

use sea_orm::entity::prelude::*;

/// A row of `nonce`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "nonce")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key_id: String,
    /// The nonce.
    #[sea_orm(primary_key, auto_increment = false)]
    pub nonce: String,
    /// When its request would be too old anyway.
    pub expires_at: DateTime,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
