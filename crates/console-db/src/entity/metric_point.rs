//! One value of one metric.

use console_model::InstanceId;
use sea_orm::entity::prelude::*;

/// A row of `metric_point`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "metric_point")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The instance.
    pub instance_id: InstanceId,
    /// Its attempt.
    pub attempt: i32,
    /// The metric.
    pub name: String,
    /// The engine's step.
    pub step: i64,
    /// The value; NULL stands for one that is no finite number.
    pub value: Option<f64>,
    /// When it was reported.
    pub at: DateTime,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
