//! Where a stretch of an instance's log lies in object storage.

use console_model::InstanceId;
use sea_orm::entity::prelude::*;

/// A row of `log_chunk`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "log_chunk")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The instance.
    pub instance_id: InstanceId,
    /// Its attempt.
    pub attempt: i32,
    /// Order in the attempt, from 0.
    pub chunk_no: i32,
    /// Number of its first line in the attempt, from 0.
    pub first_line: i64,
    /// How many lines.
    pub line_count: i32,
    /// How many bytes.
    pub byte_count: i32,
    /// Where the bytes are.
    pub object_key: String,
    /// When its first line was written.
    pub first_at: DateTime,
    /// When its last line was written.
    pub last_at: DateTime,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
