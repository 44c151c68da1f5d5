//! One change that operators see. Append-only, for a short while.

use sea_orm::entity::prelude::*;

/// A row of `change_entry`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change_entry")]
pub struct Model {
    /// Primary key. A lower number may become visible after a higher one.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// When its transaction was about to be committed.
    pub at: DateTime,
    /// [`console_model::ChangeKind`] as its number.
    pub kind: i16,
    /// [`console_model::ChangeType`] as its number.
    pub what: i16,
    /// The id of what changed, or the name of an object.
    pub subject: String,
    /// The project that it belongs to.
    pub project_id: Option<String>,
    /// The task version that it belongs to.
    pub task_id: Option<String>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
