//! An operator's object that a run writes and that nobody sees yet.

use console_model::InstanceId;
use sea_orm::entity::prelude::*;

/// A row of `pending_output`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pending_output")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// When it was made, UTC.
    pub gmt_create: DateTime,
    /// The object's name.
    pub name: String,
    /// The run.
    pub instance_id: InstanceId,
    /// Its attempt.
    pub attempt: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
