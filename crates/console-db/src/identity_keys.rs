//! The keys by which partners know this console: `identity_key`.
#![expect(clippy::disallowed_methods, reason = "nobody watches for a new key of ours")]

use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::identity_key::{ActiveModel, Column, Entity, Model};
use crate::error::DbResult;
use crate::time::now;
use crate::write;

/// The key in use: the newest that is not retired.
///
/// # Errors
/// Any error of the database.
pub async fn current(conn: &impl ConnectionTrait) -> DbResult<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::RetiredAt.is_null())
        .order_by_desc(Column::GmtCreate)
        .order_by_desc(Column::Id)
        .limit(1)
        .one(conn)
        .await?)
}

/// All keys, newest first. There are few.
///
/// # Errors
/// Any error of the database.
pub async fn list(conn: &impl ConnectionTrait) -> DbResult<Vec<Model>> {
    Ok(Entity::find()
        .order_by_desc(Column::GmtCreate)
        .order_by_desc(Column::Id)
        .all(conn)
        .await?)
}

/// Writes a key. Two processes that start at the same time must take a lease first.
///
/// # Errors
/// [`crate::DbError::Conflict`] when id or fingerprint is taken.
pub async fn insert(conn: &impl ConnectionTrait, row: Model) -> DbResult<()> {
    write::insert_unwatched(conn, row).await
}

/// Retires a key.
///
/// # Errors
/// Any error of the database.
pub async fn retire(conn: &impl ConnectionTrait, id: &str) -> DbResult<()> {
    Entity::update_many()
        .set(ActiveModel {
            retired_at: Set(Some(now())),
            ..Default::default()
        })
        .filter(Column::Id.eq(id))
        .filter(Column::RetiredAt.is_null())
        .exec(conn)
        .await?;
    Ok(())
}
