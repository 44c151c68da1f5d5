//! How far the messages of an instance's channel were taken by our engine.

use console_model::InstanceId;
use sea_orm::entity::prelude::*;

/// A row of `channel_position`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "channel_position")]
pub struct Model {
    /// The instance.
    #[sea_orm(primary_key, auto_increment = false)]
    pub instance_id: InstanceId,
    /// Its attempt.
    #[sea_orm(primary_key, auto_increment = false)]
    pub attempt: i32,
    /// The number of the next message that is not taken yet.
    pub acknowledged: i64,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
