//! What an engine remembers of a content, wherever that lies.

use sea_orm::entity::prelude::*;

/// A row of `content_mark`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "content_mark")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// When it was made, UTC.
    pub gmt_create: DateTime,
    /// Lower-case hexadecimal SHA-256 of the content.
    pub sha256: String,
    /// The engine's word.
    pub mark: String,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
