//! Operators' objects that runs write and that nobody sees yet: `pending_output`.
#![expect(
    clippy::disallowed_methods,
    reason = "operators see the objects, when they are no longer pending"
)]

use console_model::InstanceId;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::pending_output::{ActiveModel, Column, Entity, Model};
use crate::error::DbResult;
use crate::time::now;
use crate::write::key;

/// Notes that a run is about to write an object. The same again is fine; whose the object is, [`find`] tells.
///
/// # Errors
/// [`crate::DbError::Invalid`] when the name has more than 256 characters.
pub async fn insert(
    conn: &impl ConnectionTrait,
    name: &str,
    instance: &InstanceId,
    attempt: i32,
) -> DbResult<()> {
    let row = ActiveModel {
        id: NotSet,
        gmt_create: Set(now()),
        name: Set(key(name, 256)?.to_owned()),
        instance_id: Set(instance.clone()),
        attempt: Set(attempt),
    };
    let again = OnConflict::column(Column::Name)
        .update_column(Column::Name)
        .to_owned();
    Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Who writes an object that nobody sees yet.
///
/// # Errors
/// Any error of the database.
pub async fn find(conn: &impl ConnectionTrait, name: &str) -> DbResult<Option<Model>> {
    Ok(Entity::find().filter(Column::Name.eq(name)).one(conn).await?)
}

/// Those of some objects that nobody sees yet.
///
/// # Errors
/// Any error of the database.
pub async fn among(conn: &impl ConnectionTrait, names: &[&str]) -> DbResult<Vec<String>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    Ok(Entity::find()
        .select_only()
        .column(Column::Name)
        .filter(Column::Name.is_in(names.iter().copied()))
        .into_tuple()
        .all(conn)
        .await?)
}

/// Rows behind an id, oldest first.
///
/// # Errors
/// Any error of the database.
pub async fn list(conn: &impl ConnectionTrait, after: i64, limit: u64) -> DbResult<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::Id.gt(after))
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(conn)
        .await?)
}

/// The object is there for everybody from now on, or was removed.
///
/// # Errors
/// Any error of the database.
pub async fn delete(conn: &impl ConnectionTrait, id: i64) -> DbResult<()> {
    Entity::delete_by_id(id).exec(conn).await?;
    Ok(())
}
