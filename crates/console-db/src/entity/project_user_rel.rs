//! A table of the original that nothing uses; kept so that nothing is lost.

use console_model::{ProjectId, UserId};
use sea_orm::entity::prelude::*;

/// A row of `project_user_rel`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "project_user_rel")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// When it was made, UTC.
    pub gmt_create: DateTime,
    /// When it was last changed, UTC.
    pub gmt_modified: DateTime,
    /// The project.
    pub project_id: ProjectId,
    /// The user.
    pub user_id: UserId,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
