//! Facts about this console: `setting`.
#![expect(clippy::disallowed_methods, reason = "operators do not see these facts")]

use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Json;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait};

use crate::entity::setting::{ActiveModel, Column, Entity};
use crate::error::{DbError, DbResult};
use crate::time::now;
use crate::write::{insert_if_absent, key};

/// A fact, if it is known.
///
/// # Errors
/// Any error of the database.
pub async fn get(conn: &impl ConnectionTrait, name: &str) -> DbResult<Option<Json>> {
    Ok(Entity::find_by_id(name).one(conn).await?.map(|row| row.value))
}

/// Writes a fact.
///
/// # Errors
/// Any error of the database.
pub async fn put(conn: &impl ConnectionTrait, name: &str, value: &Json) -> DbResult<()> {
    Entity::insert(row(name, value)?)
        .on_conflict(
            OnConflict::column(Column::Name)
                .update_columns([Column::Value, Column::GmtModified])
                .to_owned(),
        )
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Writes a fact unless it is known. Gives the value that is stored now, whoever wrote it.
///
/// # Errors
/// Any error of the database.
pub async fn get_or_put(conn: &impl ConnectionTrait, name: &str, value: &Json) -> DbResult<Json> {
    if insert_if_absent(conn, row(name, value)?).await? {
        return Ok(value.clone());
    }
    get(conn, name).await?.ok_or(DbError::Stale)
}

/// Forgets a fact. Tells whether it was known.
///
/// # Errors
/// Any error of the database.
pub async fn delete(conn: &impl ConnectionTrait, name: &str) -> DbResult<bool> {
    let done = Entity::delete_by_id(name).exec(conn).await?;
    Ok(done.rows_affected > 0)
}

fn row(name: &str, value: &Json) -> DbResult<ActiveModel> {
    Ok(ActiveModel {
        name: Set(key(name, 64)?.to_owned()),
        value: Set(value.clone()),
        gmt_modified: Set(now()),
    })
}
