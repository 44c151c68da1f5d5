//! Where the parts of a run's log lie: `log_chunk`. The bytes are in object storage. Of parts that were deleted because
//! they were too old it is known how many lines they had: `log_expired`.
#![expect(clippy::disallowed_methods, reason = "a log is read on by its own stream")]

use chrono::{DateTime, Utc};
use console_model::InstanceId;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::entity::log_chunk::{ActiveModel, Column, Entity, Model};
use crate::entity::log_expired;
use crate::error::DbResult;
use crate::page;
use crate::time::naive;
use crate::write::key;

/// A part of a log that has been stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChunk {
    /// The instance.
    pub instance_id: InstanceId,
    /// Its attempt.
    pub attempt: i32,
    /// Order in the attempt, from 0.
    pub chunk_no: i32,
    /// Number of its first line in the attempt, from 0.
    pub first_line: i64,
    /// How many lines.
    pub line_count: i32,
    /// How many bytes.
    pub byte_count: i32,
    /// Where the bytes are.
    pub object_key: String,
    /// When its first line was written.
    pub first_at: DateTime<Utc>,
    /// When its last line was written.
    pub last_at: DateTime<Utc>,
}

fn of(instance: &InstanceId, attempt: i32) -> Select<Entity> {
    Entity::find()
        .filter(Column::InstanceId.eq(instance.as_str()))
        .filter(Column::Attempt.eq(attempt))
}

/// Writes an entry; one of the same number is replaced, since a writer that was not sure repeats itself.
///
/// # Errors
/// Any error of the database.
pub async fn insert(conn: &impl ConnectionTrait, new: NewChunk) -> DbResult<()> {
    let row = ActiveModel {
        id: NotSet,
        instance_id: Set(new.instance_id),
        attempt: Set(new.attempt),
        chunk_no: Set(new.chunk_no),
        first_line: Set(new.first_line),
        line_count: Set(new.line_count),
        byte_count: Set(new.byte_count),
        object_key: Set(key(&new.object_key, 256)?.to_owned()),
        first_at: Set(naive(new.first_at)),
        last_at: Set(naive(new.last_at)),
    };
    let again = OnConflict::columns([Column::InstanceId, Column::Attempt, Column::ChunkNo])
        .update_columns([
            Column::FirstLine,
            Column::LineCount,
            Column::ByteCount,
            Column::ObjectKey,
            Column::FirstAt,
            Column::LastAt,
        ])
        .to_owned();
    Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// The last part of an attempt's log.
///
/// # Errors
/// Any error of the database.
pub async fn last(
    conn: &impl ConnectionTrait,
    instance: &InstanceId,
    attempt: i32,
) -> DbResult<Option<Model>> {
    Ok(of(instance, attempt)
        .order_by_desc(Column::ChunkNo)
        .limit(1)
        .one(conn)
        .await?)
}

/// How many bytes an attempt's log has.
///
/// # Errors
/// Any error of the database.
pub async fn total_bytes(conn: &impl ConnectionTrait, instance: &InstanceId, attempt: i32) -> DbResult<u64> {
    let total: Option<Option<i64>> = of(instance, attempt)
        .select_only()
        .column_as(page::sum(conn, Column::ByteCount), "total")
        .into_tuple()
        .one(conn)
        .await?;
    Ok(total.flatten().unwrap_or(0).unsigned_abs())
}

/// The parts of an attempt's log from that on which holds a line, in order.
///
/// # Errors
/// Any error of the database.
pub async fn from_line(
    conn: &impl ConnectionTrait,
    instance: &InstanceId,
    attempt: i32,
    line: i64,
    limit: u64,
) -> DbResult<Vec<Model>> {
    // Numbers of lines grow with numbers of chunks, so the walk backwards from the end stops at the first that begins
    // early enough.
    let first: Option<i32> = of(instance, attempt)
        .select_only()
        .column(Column::ChunkNo)
        .filter(Column::FirstLine.lte(line))
        .order_by_desc(Column::ChunkNo)
        .limit(1)
        .into_tuple()
        .one(conn)
        .await?;
    let chunks = of(instance, attempt)
        .filter(Column::ChunkNo.gte(first.unwrap_or(0)))
        .order_by_asc(Column::ChunkNo)
        .limit(limit)
        .all(conn)
        .await?;
    let reaches = |chunk: &Model| chunk.first_line + i64::from(chunk.line_count) > line;
    Ok(chunks.into_iter().filter(reaches).collect())
}

/// The parts of an attempt's log before one, the last of them first; all of them without it.
///
/// # Errors
/// Any error of the database.
pub async fn before(
    conn: &impl ConnectionTrait,
    instance: &InstanceId,
    attempt: i32,
    chunk_no: Option<i32>,
    limit: u64,
) -> DbResult<Vec<Model>> {
    let mut select = of(instance, attempt);
    if let Some(chunk_no) = chunk_no {
        select = select.filter(Column::ChunkNo.lt(chunk_no));
    }
    Ok(select
        .order_by_desc(Column::ChunkNo)
        .limit(limit)
        .all(conn)
        .await?)
}

/// Parts whose last line is not after a moment, the oldest first.
///
/// # Errors
/// Any error of the database.
pub async fn older(conn: &impl ConnectionTrait, than: DateTime<Utc>, limit: u64) -> DbResult<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::LastAt.lte(naive(than)))
        .order_by_asc(Column::LastAt)
        .limit(limit)
        .all(conn)
        .await?)
}

/// Forgets a part of an attempt's log and those before it, whose bytes are deleted, and remembers that they were there.
/// `conn` must be a transaction.
///
/// # Errors
/// Any error of the database.
pub async fn expire(conn: &impl ConnectionTrait, last: &Model, now: DateTime<Utc>) -> DbResult<()> {
    let row = log_expired::ActiveModel {
        instance_id: Set(last.instance_id.clone()),
        attempt: Set(last.attempt),
        chunk_no: Set(last.chunk_no),
        lines: Set(last.first_line + i64::from(last.line_count)),
        at: Set(naive(now)),
    };
    use log_expired::Column as Expired;
    let again = OnConflict::columns([Expired::InstanceId, Expired::Attempt])
        .update_columns([Expired::ChunkNo, Expired::Lines, Expired::At])
        .to_owned();
    log_expired::Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(conn)
        .await?;
    Entity::delete_many()
        .filter(Column::InstanceId.eq(last.instance_id.as_str()))
        .filter(Column::Attempt.eq(last.attempt))
        .filter(Column::ChunkNo.lte(last.chunk_no))
        .exec(conn)
        .await?;
    Ok(())
}

/// How much of the beginning of an attempt's log is gone.
///
/// # Errors
/// Any error of the database.
pub async fn expired(
    conn: &impl ConnectionTrait,
    instance: &InstanceId,
    attempt: i32,
) -> DbResult<Option<log_expired::Model>> {
    let id = (instance.clone(), attempt);
    Ok(log_expired::Entity::find_by_id(id).one(conn).await?)
}
