//! A warning of an engine.

use console_model::InstanceId;
use sea_orm::entity::prelude::*;

/// A row of `instance_warning`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "instance_warning")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The run.
    pub instance_id: InstanceId,
    /// Its attempt.
    pub attempt: i32,
    /// Tells warnings of an attempt apart: a hash of code and text.
    pub digest: String,
    /// For programs.
    pub code: String,
    /// The text in English.
    pub en: String,
    /// The text in simplified Chinese.
    pub zh: Option<String>,
    /// When it came, UTC.
    pub at: DateTime,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
