//! A limit that a partner or a user has reached.

use sea_orm::entity::prelude::*;

/// A row of `reached_limit`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reached_limit")]
pub struct Model {
    /// Which limit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// The id of the partner or the user; the code tells of which of the two.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// How much was taken when something was refused last.
    pub figure: i64,
    /// How much may be taken.
    pub most: i64,
    /// When something was refused first.
    pub since: DateTime,
    /// When something was refused last.
    pub last_at: DateTime,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
