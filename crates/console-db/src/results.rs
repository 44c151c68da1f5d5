//! Named results of runs: `instance_result`.
#![expect(
    clippy::disallowed_methods,
    reason = "the reporter notes that the run has grown, not too often"
)]

use console_model::InstanceId;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::prelude::Json;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::instance_result::{ActiveModel, Column, Entity, Model};
use crate::error::DbResult;
use crate::time::now;
use crate::write::key;

/// Writes a result; one of the same name is replaced.
///
/// # Errors
/// [`crate::DbError::Invalid`] when the name has more than 128 characters.
pub async fn put(
    conn: &impl ConnectionTrait,
    instance: &InstanceId,
    attempt: i32,
    name: &str,
    value: &Json,
) -> DbResult<()> {
    let row = ActiveModel {
        id: NotSet,
        instance_id: Set(instance.clone()),
        attempt: Set(attempt),
        name: Set(key(name, 128)?.to_owned()),
        value: Set(value.clone()),
        at: Set(now()),
    };
    let again = OnConflict::columns([Column::InstanceId, Column::Attempt, Column::Name])
        .update_columns([Column::Value, Column::At])
        .to_owned();
    Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// The results of an attempt, by name.
///
/// # Errors
/// Any error of the database.
pub async fn list(conn: &impl ConnectionTrait, instance: &InstanceId, attempt: i32) -> DbResult<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::InstanceId.eq(instance.as_str()))
        .filter(Column::Attempt.eq(attempt))
        .order_by_asc(Column::Name)
        .all(conn)
        .await?)
}
