//! What an operator answered when a partner asked for a run.

use console_model::{ConsentDecision, ConsentScope, InstanceId, TaskId};
use sea_orm::entity::prelude::*;

/// A row of `consent`. Rows are only ever added.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// When the answer was given, UTC.
    pub gmt_create: DateTime,
    /// The run that was asked for.
    pub instance_id: InstanceId,
    /// Its attempt.
    pub attempt: i32,
    /// The task version that it runs.
    pub task_intra_id: TaskId,
    /// How far the answer holds.
    pub scope: ConsentScope,
    /// What was answered.
    pub decision: ConsentDecision,
    /// Lower-case hexadecimal SHA-256 of what was agreed to; NULL when it was refused.
    pub digest: Option<String>,
    /// Why it was refused, in words that the partner reads.
    pub reason: Option<String>,
    /// Who answered; NULL for the console itself, by an earlier answer.
    pub user_id: Option<String>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
