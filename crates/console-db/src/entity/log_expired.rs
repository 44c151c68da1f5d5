//! How much of the beginning of an attempt's log was deleted because it was too old.

use console_model::InstanceId;
use sea_orm::entity::prelude::*;

/// A row of `log_expired`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "log_expired")]
pub struct Model {
    /// The instance.
    #[sea_orm(primary_key, auto_increment = false)]
    pub instance_id: InstanceId,
    /// Its attempt.
    #[sea_orm(primary_key, auto_increment = false)]
    pub attempt: i32,
    /// The last chunk that is gone.
    pub chunk_no: i32,
    /// How many lines are gone: the number of the first that may be there.
    pub lines: i64,
    /// When the last of them were deleted.
    pub at: DateTime,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
