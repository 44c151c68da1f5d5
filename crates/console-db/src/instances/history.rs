#![expect(
    clippy::disallowed_methods,
    reason = "an entry comes with the change of its instance, which is noted"
)]

use chrono::NaiveDateTime;
use console_model::{HistorySide, InstanceId, InstanceStatus, RunReason, RunReasonCode};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationDef,
};

use super::{Told, fitting};
use crate::entity::instance_event::{ActiveModel, Column, Entity, Model};
use crate::entity::{partner, task_instance, user};
use crate::error::DbResult;
use crate::page::Page;
use crate::time::{fit, now};

/// A part of a history, oldest first; the place is the id of an entry.
pub type EventPage = Page<i64>;

/// An entry with the name of who did it.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct Listed {
    /// The row.
    #[sea_orm(nested)]
    pub row: Model,
    /// Name of the user, if one did it.
    pub user_name: Option<String>,
    /// Name of the partner, if it did it.
    pub partner_name: Option<String>,
}

pub(super) struct Entry {
    pub(super) from: Option<InstanceStatus>,
    pub(super) to: InstanceStatus,
    pub(super) reason: Option<RunReason>,
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
        reason: Set(entry.reason.as_ref().map(|reason| fit(&reason.to_string(), 1024))),
        reason_code: Set(entry.reason.as_ref().map(|reason| reason.code.word().to_owned())),
        reason_detail: Set(fitting(
            entry.reason.as_ref().and_then(|reason| reason.detail.as_deref()),
        )),
        reason_detail_zh: Set(fitting(
            entry
                .reason
                .as_ref()
                .and_then(|reason| reason.detail_zh.as_deref()),
        )),
        request_id: Set(entry.request_id.map(|id| fit(&id, 64))),
        side: Set(HistorySide::Ours),
    };
    Entity::insert(event).exec_without_returning(conn).await?;
    Ok(())
}

/// When our half of an attempt of an instance was begun; nothing when it was not.
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
        .filter(Column::Side.eq(HistorySide::Ours))
        .filter(Column::ToStatus.eq(InstanceStatus::Starting.number()))
        .order_by_asc(Column::Id);
    Ok(begun.one(conn).await?.map(|entry| entry.at))
}

/// Writes an entry about the partner's half of a run: what it is now, and why.
pub(super) async fn append_theirs(
    conn: &impl ConnectionTrait,
    row: &task_instance::Model,
    attempt: i32,
    to: i16,
    told: &Told<'_>,
) -> DbResult<()> {
    let event = ActiveModel {
        id: NotSet,
        instance_id: Set(row.id.clone()),
        attempt: Set(attempt),
        at: Set(now()),
        actor_kind: Set("partner".to_owned()),
        actor: Set(row.partner_id.clone().map(String::from)),
        from_status: Set(row.partner_status),
        to_status: Set(to),
        reason: Set(fitting(told.detail)),
        reason_code: Set(told.detail.map(|_| RunReasonCode::Said.word().to_owned())),
        reason_detail: Set(fitting(told.detail)),
        reason_detail_zh: Set(fitting(told.detail_zh)),
        request_id: Set(None),
        side: Set(HistorySide::Partner),
    };
    Entity::insert(event).exec_without_returning(conn).await?;
    Ok(())
}

/// What happened to both halves of an instance, oldest first.
///
/// # Errors
/// Any error of the database.
pub async fn events(conn: &impl ConnectionTrait, id: &InstanceId, page: &EventPage) -> DbResult<Vec<Listed>> {
    let to_user: RelationDef = Entity::belongs_to(user::Entity)
        .from(Column::Actor)
        .to(user::Column::Id)
        .into();
    let to_partner: RelationDef = Entity::belongs_to(partner::Entity)
        .from(Column::Actor)
        .to(partner::Column::Id)
        .into();
    Ok(Entity::find()
        .column_as(user::Column::Name, "user_name")
        .column_as(partner::Column::Name, "partner_name")
        .join(JoinType::LeftJoin, to_user)
        .join(JoinType::LeftJoin, to_partner)
        .filter(Column::InstanceId.eq(id.as_str()))
        .filter(Column::Id.gt(page.after.unwrap_or(0)))
        .order_by_asc(Column::Id)
        .limit(page.limit)
        .into_model()
        .all(conn)
        .await?)
}
