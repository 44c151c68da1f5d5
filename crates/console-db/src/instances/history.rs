#![expect(
    clippy::disallowed_methods,
    reason = "an entry comes with the change of its instance, which is noted"
)]

use chrono::NaiveDateTime;
use console_model::{InstanceId, InstanceStatus};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::instance_event::{ActiveModel, Column, Entity, Model};
use crate::entity::task_instance;
use crate::error::DbResult;
use crate::page::Page;
use crate::time::fit;

/// A part of a history, oldest first; the place is the id of an entry.
pub type EventPage = Page<i64>;

pub(super) struct Entry {
    pub(super) from: Option<InstanceStatus>,
    pub(super) to: InstanceStatus,
    pub(super) reason: Option<String>,
    pub(super) actor_kind: &'static str,
    pub(super) actor: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) at: NaiveDateTime,
}

/// Writes an entry about a row that has just been written.
pub(super) async fn append(
    conn: &impl ConnectionTrait,
    row: &task_instance::Model,
    entry: Entry,
) -> DbResult<()> {
    let event = ActiveModel {
        id: NotSet,
        instance_id: Set(row.id.clone()),
        attempt: Set(row.attempt),
        at: Set(entry.at),
        actor_kind: Set(entry.actor_kind.to_owned()),
        actor: Set(entry.actor.map(|actor| fit(&actor, 64))),
        from_status: Set(entry.from.map(InstanceStatus::number)),
        to_status: Set(entry.to.number()),
        reason: Set(entry.reason.map(|reason| fit(&reason, 1024))),
        request_id: Set(entry.request_id.map(|id| fit(&id, 64))),
    };
    Entity::insert(event).exec_without_returning(conn).await?;
    Ok(())
}

/// When an attempt of an instance was begun; nothing when it was not.
///
/// # Errors
/// Any error of the database.
pub async fn attempt_began(
    conn: &impl ConnectionTrait,
    id: &InstanceId,
    attempt: i32,
) -> DbResult<Option<NaiveDateTime>> {
    let begun = Entity::find()
        .filter(Column::InstanceId.eq(id.as_str()))
        .filter(Column::Attempt.eq(attempt))
        .filter(Column::ToStatus.eq(InstanceStatus::Starting.number()))
        .order_by_asc(Column::Id);
    Ok(begun.one(conn).await?.map(|entry| entry.at))
}

/// What happened to an instance, oldest first.
///
/// # Errors
/// Any error of the database.
pub async fn events(conn: &impl ConnectionTrait, id: &InstanceId, page: &EventPage) -> DbResult<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::InstanceId.eq(id.as_str()))
        .filter(Column::Id.gt(page.after.unwrap_or(0)))
        .order_by_asc(Column::Id)
        .limit(page.limit)
        .all(conn)
        .await?)
}
