//! A named object attached to a task version; its bytes are in object storage.

use console_model::{ResourceId, TaskId};
use sea_orm::entity::prelude::*;

/// A row of `resource`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "resource")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ResourceId,
    /// When it was made, UTC.
    pub gmt_create: DateTime,
    /// When it was last changed, UTC.
    pub gmt_modified: DateTime,
    /// The user who attached it.
    pub owner_id: String,
    /// The task version.
    pub task_intra_id: TaskId,
    /// Name, unique in the task version for rows made here.
    pub name: Option<String>,
    /// `http://<endpoint>/<bucket>/<key>`; only bucket and key count.
    pub uri: Option<String>,
    /// What stands behind the last slash of the URI. [`crate::resources`] keeps it in step.
    pub uri_tail: Option<String>,
    /// Free text.
    pub comment: Option<String>,
    /// Free JSON for the engine.
    pub config: Option<Json>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
