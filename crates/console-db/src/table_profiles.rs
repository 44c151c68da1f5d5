//! What is in the tables of operators' files: `table_profile`. One process at a time makes a profile; its claim runs out when it
//! is not renewed.
#![expect(clippy::disallowed_methods, reason = "operators are told of the file")]

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::Value;

pub use crate::entity::table_profile::ProfileState;
use crate::entity::table_profile::{ActiveModel, Column, Entity, Model};
use crate::error::DbResult;
use crate::time::{after, fit, naive, now};
use crate::write::{insert_if_absent, key};

/// A profile that is asked for.
#[derive(Debug, Clone)]
pub struct NewProfile<'a> {
    /// A digest of content and settings, at most 64 characters.
    pub id: &'a str,
    /// Which content, at most 128 characters.
    pub content: &'a str,
    /// The file that has it, at most 512 characters.
    pub object_name: &'a str,
    /// How the table is read.
    pub settings: Value,
    /// The file's size in bytes.
    pub size: u64,
}

/// One profile.
///
/// # Errors
/// Any error of the database.
pub async fn find(conn: &impl ConnectionTrait, id: &str) -> DbResult<Option<Model>> {
    Ok(Entity::find_by_id(id).one(conn).await?)
}

/// Asks for a profile, unless it was asked for before.
///
/// # Errors
/// [`crate::DbError::Invalid`] when a text is too long.
pub async fn insert(conn: &impl ConnectionTrait, new: NewProfile<'_>) -> DbResult<()> {
    let row = ActiveModel {
        id: Set(key(new.id, 64)?.to_owned()),
        gmt_create: Set(now()),
        content: Set(key(new.content, 128)?.to_owned()),
        object_name: Set(key(new.object_name, 512)?.to_owned()),
        settings: Set(new.settings),
        state: Set(ProfileState::Waiting),
        size: Set(i64::try_from(new.size).unwrap_or(i64::MAX)),
        bytes_read: Set(0),
        rows_read: Set(0),
        attempts: Set(0),
        found: Set(None),
        failure: Set(None),
        failure_zh: Set(None),
        lease_owner: Set(None),
        lease_until: Set(None),
    };
    insert_if_absent(conn, row).await?;
    Ok(())
}

/// How many wait or are being made.
///
/// # Errors
/// Any error of the database.
pub async fn count_waiting(conn: &impl ConnectionTrait) -> DbResult<u64> {
    let waiting = Entity::find().filter(Column::State.eq(ProfileState::Waiting));
    Ok(waiting.count(conn).await?)
}

/// Claims the profile that has waited longest and that nobody makes.
///
/// # Errors
/// Any error of the database.
pub async fn claim(
    conn: &impl ConnectionTrait,
    owner: &str,
    now: DateTime<Utc>,
    lease: Duration,
) -> DbResult<Option<Model>> {
    let free = Condition::any()
        .add(Column::LeaseUntil.is_null())
        .add(Column::LeaseUntil.lte(naive(now)));
    let waiting = Entity::find()
        .filter(Column::State.eq(ProfileState::Waiting))
        .filter(free.clone())
        .order_by_asc(Column::GmtCreate);
    let Some(mut row) = waiting.limit(1).one(conn).await? else {
        return Ok(None);
    };
    let until = after(now, lease);
    let claim = ActiveModel {
        lease_owner: Set(Some(key(owner, 64)?.to_owned())),
        lease_until: Set(Some(until)),
        ..Default::default()
    };
    let done = Entity::update_many()
        .set(claim)
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.eq(row.id.as_str()))
        .filter(free)
        .exec(conn)
        .await?;
    row.attempts += 1;
    Ok((done.rows_affected == 1).then_some(row))
}

/// How far a profile has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the file.
    pub bytes: u64,
    /// Rows of the table.
    pub rows: u64,
}

/// Notes how far a profile has come, and prolongs the claim. Tells whether it was still held: not after the content was deleted.
///
/// # Errors
/// Any error of the database.
pub async fn note_progress(
    conn: &impl ConnectionTrait,
    id: &str,
    owner: &str,
    progress: Progress,
    until: (DateTime<Utc>, Duration),
) -> DbResult<bool> {
    let (now, lease) = until;
    let amount = |number| Set(i64::try_from(number).unwrap_or(i64::MAX));
    let change = ActiveModel {
        bytes_read: amount(progress.bytes),
        rows_read: amount(progress.rows),
        lease_until: Set(Some(after(now, lease))),
        ..Default::default()
    };
    let done = held(id, owner).set(change).exec(conn).await?;
    Ok(done.rows_affected == 1)
}

/// Notes what was found, if the claim is still held.
///
/// # Errors
/// Any error of the database.
pub async fn note_made(conn: &impl ConnectionTrait, id: &str, owner: &str, found: Value) -> DbResult<()> {
    let change = ActiveModel {
        state: Set(ProfileState::Made),
        found: Set(Some(found)),
        lease_until: Set(None),
        ..Default::default()
    };
    held(id, owner).set(change).exec(conn).await?;
    Ok(())
}

/// Notes why there is no profile, in English and in Chinese, if the claim is still held.
///
/// # Errors
/// Any error of the database.
pub async fn note_failed(
    conn: &impl ConnectionTrait,
    id: &str,
    owner: &str,
    failure: (&str, Option<&str>),
) -> DbResult<()> {
    let (en, zh) = failure;
    let change = ActiveModel {
        state: Set(ProfileState::Failed),
        failure: Set(Some(fit(en, 1024))),
        failure_zh: Set(zh.map(|zh| fit(zh, 1024))),
        lease_until: Set(None),
        ..Default::default()
    };
    held(id, owner).set(change).exec(conn).await?;
    Ok(())
}

/// Removes what is known of a content, and of the earlier contents of a file. Who makes such a profile is stopped by that.
///
/// # Errors
/// Any error of the database.
pub async fn delete(conn: &impl ConnectionTrait, content: Option<&str>, object_name: &str) -> DbResult<()> {
    let of_file = Condition::any().add(Column::ObjectName.eq(object_name));
    let all = match content {
        Some(content) => of_file.add(Column::Content.eq(content)),
        None => of_file,
    };
    Entity::delete_many().filter(all).exec(conn).await?;
    Ok(())
}

/// Removes the oldest profiles of a content but so many.
///
/// # Errors
/// Any error of the database.
pub async fn keep_newest(conn: &impl ConnectionTrait, content: &str, most: u64) -> DbResult<()> {
    let older: Vec<String> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Content.eq(content))
        .order_by_desc(Column::GmtCreate)
        .offset(most)
        .limit(1000)
        .into_tuple()
        .all(conn)
        .await?;
    if older.is_empty() {
        return Ok(());
    }
    Entity::delete_many()
        .filter(Column::Id.is_in(older))
        .exec(conn)
        .await?;
    Ok(())
}

fn held(id: &str, owner: &str) -> sea_orm::UpdateMany<Entity> {
    Entity::update_many()
        .filter(Column::Id.eq(id))
        .filter(Column::LeaseOwner.eq(owner))
}
