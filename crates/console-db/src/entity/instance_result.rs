//! A named result of an instance.

use console_model::InstanceId;
use sea_orm::entity::prelude::*;

/// A row of `instance_result`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "instance_result")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The instance.
    pub instance_id: InstanceId,
    /// Its attempt.
    pub attempt: i32,
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Json,
    /// When it was reported.
    pub at: DateTime,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
