//! People who sign in: `user`.

use chrono::{DateTime, Utc};
use console_model::{Role, UserId};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
};

use crate::entity::user::{ActiveModel, Column, Entity, Model};
use crate::error::DbResult;
use crate::page::{Page, cut};
use crate::time::naive;
use crate::tx::Writer;
use crate::write;

/// Writes a new row.
///
/// # Errors
/// A conflict when a unique key is taken.
pub async fn insert(writer: &impl Writer, row: Model) -> DbResult<()> {
    write::insert(writer, row).await
}

/// Writes a row as it stands, if nobody changed it since it was read. Gives the row as it is now.
///
/// # Errors
/// [`DbError::Stale`](crate::DbError::Stale) when the row changed or is gone; a conflict when a unique key is taken.
pub async fn save(writer: &impl Writer, row: Model) -> DbResult<Model> {
    write::save(writer, row).await
}

/// One user.
///
/// # Errors
/// Any error of the database.
pub async fn find(conn: &impl ConnectionTrait, id: &UserId) -> DbResult<Option<Model>> {
    Ok(Entity::find_by_id(id.clone()).one(conn).await?)
}

/// The user of a name, compared exactly.
///
/// # Errors
/// Any error of the database.
pub async fn find_by_name(conn: &impl ConnectionTrait, name: &str) -> DbResult<Option<Model>> {
    let found = Entity::find().filter(Column::Name.eq(name)).all(conn).await?;
    // An adopted database compares without regard to case.
    Ok(found.into_iter().find(|row| row.name == name))
}

/// Whether there is any user.
///
/// # Errors
/// Any error of the database.
pub async fn any(conn: &impl ConnectionTrait) -> DbResult<bool> {
    let found: Option<String> = Entity::find()
        .select_only()
        .column(Column::Id)
        .limit(1)
        .into_tuple()
        .one(conn)
        .await?;
    Ok(found.is_some())
}

/// Users, newest first.
///
/// # Errors
/// Any error of the database.
pub async fn list(conn: &impl ConnectionTrait, page: &Page) -> DbResult<Vec<Model>> {
    Ok(cut(Entity::find(), Column::GmtCreate, Column::Id, page)
        .all(conn)
        .await?)
}

/// So many users with role root can sign in.
///
/// # Errors
/// Any error of the database.
pub async fn count_active_roots(conn: &impl ConnectionTrait) -> DbResult<u64> {
    let roots = Entity::find()
        .filter(Column::Role.eq(Role::Root))
        .filter(Column::DisabledAt.is_null());
    Ok(roots.count(conn).await?)
}

/// Replaces the hash of a password, if the row has not changed since it was read.
///
/// # Errors
/// [`DbError::Stale`](crate::DbError::Stale) when it has.
pub async fn replace_hash(writer: &impl Writer, row: &Model, hash: &str) -> DbResult<()> {
    let changes = ActiveModel {
        password: Set(hash.to_owned()),
        ..Default::default()
    };
    write::update_where_generation(writer, row.id.as_str(), row.generation, changes).await?;
    Ok(())
}

/// Notes a sign-in. Not a change of the row: nobody else writes the column.
///
/// # Errors
/// Any error of the database.
pub async fn signed_in(writer: &impl Writer, id: &UserId, at: DateTime<Utc>) -> DbResult<()> {
    let changes = ActiveModel {
        gmt_login: Set(Some(naive(at))),
        ..Default::default()
    };
    write::update(writer, id.as_str(), changes, Condition::all()).await?;
    Ok(())
}
