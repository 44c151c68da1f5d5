//! Our half of a piece of work, one row per version.

use console_model::{ProjectId, TaskId, TaskType};
use sea_orm::entity::prelude::*;

/// A row of `task_intra`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task_intra")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TaskId,
    /// When it was made, UTC.
    pub gmt_create: DateTime,
    /// When it was last changed, UTC.
    pub gmt_modified: DateTime,
    /// The project.
    pub project_id: ProjectId,
    /// Name; the versions of one task share it.
    pub name: String,
    /// Version, `YYYYMMDDHHMMSS` at UTC+8 when made by a console.
    pub version: String,
    /// The same in short, from 1 within the task; 0 when it is not known.
    pub version_number: i32,
    /// The user who owns it.
    pub owner_id: String,
    /// What it does.
    #[sea_orm(column_name = "type")]
    pub r#type: TaskType,
    /// The word that the operators of both sides agree on.
    pub token: Option<String>,
    /// Whether it is the first version, to which the token belongs.
    pub task_root: bool,
    /// Free text.
    pub comment: Option<String>,
    /// Private.
    pub config: Option<Json>,
    /// Public: the partner may read it.
    pub meta: Option<Json>,
    /// Counts the changes of the row; every change compares and sets it.
    pub generation: i64,
    /// The engine that runs it; NULL means the default of its type.
    pub engine: Option<String>,
    /// [`console_model::fold`] of the token, for base partners, who cannot tell such tokens apart.
    pub token_folded: Option<String>,
    /// When this version was put away, or on the first version: when the whole task was.
    pub archived_at: Option<DateTime>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
