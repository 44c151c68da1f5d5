//! Answers to requests that named a key, for the case that they are sent again: `idempotency_key`.
#![expect(clippy::disallowed_methods, reason = "operators do not see the keys")]

use chrono::{DateTime, NaiveDateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Json;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel as _, QueryFilter};

use crate::entity::idempotency_key::{ActiveModel, Column, Entity, Model};
use crate::error::DbResult;
use crate::page;
use crate::time::naive;
use crate::write::insert_if_absent;

/// The answer to a key, if there was one.
///
/// # Errors
/// Any error of the database.
pub async fn find(conn: &impl ConnectionTrait, id: &str) -> DbResult<Option<Model>> {
    Ok(Entity::find_by_id(id).one(conn).await?)
}

/// Claims a key: the row has no answer yet. Tells whether it was free.
///
/// # Errors
/// Any error of the database.
pub async fn insert(conn: &impl ConnectionTrait, row: Model) -> DbResult<bool> {
    use sea_orm::ActiveModelTrait as _;
    insert_if_absent(conn, row.into_active_model().reset_all()).await
}

/// Takes a claim over, whose holder did not come back with an answer. Tells whether it was still as it was read.
///
/// # Errors
/// Any error of the database.
pub async fn take_over(conn: &impl ConnectionTrait, read: &Model, claim: &Model) -> DbResult<bool> {
    let changes = ActiveModel {
        request_digest: Set(claim.request_digest.clone()),
        status: Set(claim.status),
        response: Set(None),
        gmt_create: Set(claim.gmt_create),
        ..Default::default()
    };
    let done = held(Entity::update_many().set(changes), &read.id, read.gmt_create)
        .exec(conn)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Writes the answer beside a claim, unless somebody took it over.
///
/// # Errors
/// Any error of the database.
pub async fn complete(
    conn: &impl ConnectionTrait,
    claim: &Model,
    status: i16,
    response: Json,
) -> DbResult<()> {
    let changes = ActiveModel {
        status: Set(status),
        response: Set(Some(response)),
        ..Default::default()
    };
    held(Entity::update_many().set(changes), &claim.id, claim.gmt_create)
        .exec(conn)
        .await?;
    Ok(())
}

/// Gives a claim back: nothing was done.
///
/// # Errors
/// Any error of the database.
pub async fn release(conn: &impl ConnectionTrait, claim: &Model) -> DbResult<()> {
    held(Entity::delete_many(), &claim.id, claim.gmt_create)
        .exec(conn)
        .await?;
    Ok(())
}

/// The row for as long as it holds the claim of a moment.
fn held<Q: QueryFilter>(query: Q, id: &str, at: NaiveDateTime) -> Q {
    query.filter(Column::Id.eq(id)).filter(Column::GmtCreate.eq(at))
}

/// Forgets about `batch` answers that were given before a moment. Tells how many.
///
/// # Errors
/// Any error of the database.
pub async fn purge(conn: &impl ConnectionTrait, before: DateTime<Utc>, batch: u64) -> DbResult<u64> {
    page::purge::<Entity>(conn, Column::GmtCreate, naive(before), batch).await
}
