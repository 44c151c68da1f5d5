//! Metrics of runs: `metric_point`.
#![expect(
    clippy::disallowed_methods,
    reason = "the reporter notes that the run has grown, not too often"
)]

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use console_model::InstanceId;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};

use crate::entity::metric_point::{ActiveModel, Column, Entity, Model};
use crate::error::DbResult;
use crate::time::naive;
use crate::write::key;

/// SQLite takes 32,766 values in one statement; a point has six.
const AT_ONCE: usize = 1000;

/// One value of one metric.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPoint {
    /// The metric, at most 128 characters.
    pub name: String,
    /// The engine's step.
    pub step: i64,
    /// The value; stored as NULL when it is no finite number.
    pub value: f64,
    /// When it was reported.
    pub at: DateTime<Utc>,
}

/// Writes points. A step that was written before gets the new value: an engine that took an attempt up again repeats
/// steps, and what it says last holds.
///
/// # Errors
/// [`crate::DbError::Invalid`] when a name is too long.
pub async fn insert(
    conn: &impl ConnectionTrait,
    instance: &InstanceId,
    attempt: i32,
    points: &[NewPoint],
) -> DbResult<()> {
    // A statement must not name a point twice.
    let mut last: HashMap<(&str, i64), &NewPoint> = HashMap::with_capacity(points.len());
    for point in points {
        key(&point.name, 128)?;
        last.insert((&point.name, point.step), point);
    }
    let mut last: Vec<&NewPoint> = last.into_values().collect();
    // One order in every process, so that two cannot wait for each other.
    last.sort_by(|a, b| (&a.name, a.step).cmp(&(&b.name, b.step)));
    for chunk in last.chunks(AT_ONCE) {
        let rows = chunk.iter().map(|point| ActiveModel {
            id: NotSet,
            instance_id: Set(instance.clone()),
            attempt: Set(attempt),
            name: Set(point.name.clone()),
            step: Set(point.step),
            value: Set(point.value.is_finite().then_some(point.value)),
            at: Set(naive(point.at)),
        });
        let again = OnConflict::columns([Column::InstanceId, Column::Attempt, Column::Name, Column::Step])
            .update_columns([Column::Value, Column::At])
            .to_owned();
        Entity::insert_many(rows)
            .on_conflict(again)
            .exec_without_returning(conn)
            .await?;
    }
    Ok(())
}

/// A metric of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Metric {
    /// Its name.
    pub name: String,
    /// How many points with a finite value it has.
    pub points: i64,
}

/// An attempt's metrics, by name, with the number of their points behind a step; those that have none are left out.
///
/// # Errors
/// Any error of the database.
pub async fn counts(
    conn: &impl ConnectionTrait,
    instance: &InstanceId,
    attempt: i32,
    after_step: Option<i64>,
) -> DbResult<Vec<Metric>> {
    let mut select = Entity::find()
        .select_only()
        .column(Column::Name)
        .column_as(Column::Value.count(), "points")
        .filter(Column::InstanceId.eq(instance.as_str()))
        .filter(Column::Attempt.eq(attempt));
    if let Some(step) = after_step {
        select = select.filter(Column::Step.gt(step));
    }
    Ok(select
        .group_by(Column::Name)
        .order_by_asc(Column::Name)
        .into_model()
        .all(conn)
        .await?)
}

/// Points of one metric in order of their steps, behind a step when that is given.
///
/// # Errors
/// Any error of the database.
pub async fn points(
    conn: &impl ConnectionTrait,
    instance: &InstanceId,
    attempt: i32,
    name: &str,
    after_step: Option<i64>,
    limit: u64,
) -> DbResult<Vec<Model>> {
    let mut select = Entity::find()
        .filter(Column::InstanceId.eq(instance.as_str()))
        .filter(Column::Attempt.eq(attempt))
        .filter(Column::Name.eq(name));
    if let Some(step) = after_step {
        select = select.filter(Column::Step.gt(step));
    }
    Ok(select.order_by_asc(Column::Step).limit(limit).all(conn).await?)
}
