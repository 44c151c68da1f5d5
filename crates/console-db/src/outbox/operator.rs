//! What operators see of the outbox and do to it.

use chrono::{DateTime, NaiveDateTime, Utc};
use console_model::{MessageId, MessageState, PartnerId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{IntoCondition as _, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, RelationDef,
};

use super::{change_waiting, finish};
use crate::entity::outbox_message::{ActiveModel, Column, Entity, Model};
use crate::entity::{outbox_attempt, partner};
use crate::error::{DbError, DbResult};
use crate::page::Page;
use crate::time::{naive, now};
use crate::tx::Writer;
use crate::write;

/// A part of the list of messages, newest first; the place is a message's number.
pub type SeqPage = Page<i64>;

/// Which messages a list shows. Everything that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutboxFilter {
    /// To one partner.
    pub partner: Option<PartnerId>,
    /// In one state.
    pub state: Option<MessageState>,
}

/// A message with its partner's name.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Listed {
    /// The row.
    #[sea_orm(nested)]
    pub row: Model,
    /// Name of the partner; NULL when it is gone.
    pub partner_name: Option<String>,
}

/// What waits for one partner.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Waiting {
    /// The partner.
    pub partner_id: PartnerId,
    /// How many messages.
    pub messages: i64,
    /// When the oldest was queued.
    pub oldest: NaiveDateTime,
}

fn to_partner() -> RelationDef {
    Entity::belongs_to(partner::Entity)
        .from(Column::PartnerId)
        .to(partner::Column::Id)
        .into()
}

/// Messages, newest first. Any page costs the same.
///
/// # Errors
/// Any error of the database.
pub async fn list(
    conn: &impl ConnectionTrait,
    filter: &OutboxFilter,
    page: &SeqPage,
) -> DbResult<Vec<Listed>> {
    let mut select = Entity::find()
        .column_as(partner::Column::Name, "partner_name")
        .join(JoinType::LeftJoin, to_partner());
    if let Some(partner) = &filter.partner {
        select = select.filter(Column::PartnerId.eq(partner.as_str()));
    }
    if let Some(state) = filter.state {
        select = select.filter(Column::State.eq(state));
    }
    if let Some(seq) = page.after {
        select = select.filter(Column::Seq.lt(seq));
    }
    Ok(select
        .order_by_desc(Column::Seq)
        .limit(page.limit)
        .into_model()
        .all(conn)
        .await?)
}

/// One message.
///
/// # Errors
/// Any error of the database.
pub async fn find(conn: &impl ConnectionTrait, id: &MessageId) -> DbResult<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::Id.eq(id.as_str()))
        .one(conn)
        .await?)
}

/// The attempts to deliver a message, newest first.
///
/// # Errors
/// Any error of the database.
pub async fn attempts(
    conn: &impl ConnectionTrait,
    id: &MessageId,
    limit: u64,
) -> DbResult<Vec<outbox_attempt::Model>> {
    Ok(outbox_attempt::Entity::find()
        .filter(outbox_attempt::Column::MessageId.eq(id.as_str()))
        .order_by_desc(outbox_attempt::Column::Id)
        .limit(limit)
        .all(conn)
        .await?)
}

/// How many messages wait.
///
/// # Errors
/// Any error of the database.
pub async fn waiting(conn: &impl ConnectionTrait) -> DbResult<u64> {
    Ok(Entity::find()
        .filter(Column::State.eq(MessageState::Waiting))
        .count(conn)
        .await?)
}

/// What waits for each partner, as far as something waits.
///
/// # Errors
/// Any error of the database.
pub async fn waiting_by_partner(conn: &impl ConnectionTrait) -> DbResult<Vec<Waiting>> {
    Ok(Entity::find()
        .select_only()
        .column(Column::PartnerId)
        .column_as(Column::Seq.count(), "messages")
        .column_as(Column::GmtCreate.min(), "oldest")
        .filter(Column::State.eq(MessageState::Waiting))
        .group_by(Column::PartnerId)
        .order_by_asc(Column::PartnerId)
        .into_model()
        .all(conn)
        .await?)
}

/// Whether a message of some kind waits for a partner.
///
/// # Errors
/// Any error of the database.
pub async fn any_waiting(conn: &impl ConnectionTrait, partner: &PartnerId, kind: &str) -> DbResult<bool> {
    let found: Option<i64> = Entity::find()
        .select_only()
        .column(Column::Seq)
        .filter(Column::PartnerId.eq(partner.as_str()))
        .filter(Column::State.eq(MessageState::Waiting))
        .filter(Column::Kind.eq(kind))
        .limit(1)
        .into_tuple()
        .one(conn)
        .await?;
    Ok(found.is_some())
}

/// The newest message of a queue that the partner does not have: it waits, or was refused.
///
/// # Errors
/// Any error of the database.
pub async fn outstanding(
    conn: &impl ConnectionTrait,
    partner: &PartnerId,
    ordering_key: &str,
) -> DbResult<Option<Model>> {
    let states = [MessageState::Waiting, MessageState::Refused];
    Ok(Entity::find()
        .filter(Column::PartnerId.eq(partner.as_str()))
        .filter(Column::OrderingKey.eq(ordering_key))
        .filter(Column::State.is_in(states))
        .order_by_desc(Column::Seq)
        .limit(1)
        .one(conn)
        .await?)
}

/// Whether the partner has a later message of the same queue, so that it matters no more what became of this one.
///
/// # Errors
/// Any error of the database.
pub async fn is_overtaken(
    conn: &impl ConnectionTrait,
    partner: &PartnerId,
    ordering_key: &str,
    seq: i64,
) -> DbResult<bool> {
    let later: Option<i64> = Entity::find()
        .select_only()
        .column(Column::Seq)
        .filter(Column::PartnerId.eq(partner.as_str()))
        .filter(Column::OrderingKey.eq(ordering_key))
        .filter(Column::State.eq(MessageState::Delivered))
        .filter(Column::Seq.gt(seq))
        .limit(1)
        .into_tuple()
        .one(conn)
        .await?;
    Ok(later.is_some())
}

/// An operator gives up on a message that waits.
///
/// # Errors
/// [`DbError::NotFound`] when it is not there; [`DbError::Stale`] when it does not wait any more.
pub async fn give_up(writer: &impl Writer, id: &MessageId) -> DbResult<()> {
    let unit = writer.unit().await?;
    find(&*unit, id).await?.ok_or(DbError::NotFound("message"))?;
    let changes = ActiveModel {
        state: Set(MessageState::GivenUp),
        done_at: Set(Some(now())),
        lease_owner: Set(None),
        lease_until: Set(None),
        ..Default::default()
    };
    if change_waiting(&*unit, id, changes).await? {
        unit.done().await
    } else {
        Err(DbError::Stale)
    }
}

/// Gives up on everything that waits for a partner, because it is no partner any more.
///
/// # Errors
/// Any error of the database.
pub async fn give_up_all(writer: &impl Writer, partner: &PartnerId, reason: &str) -> DbResult<()> {
    let to_partner = Column::PartnerId.eq(partner.as_str());
    finish_waiting(writer, to_partner.into_condition(), reason).await
}

/// Gives up on everything that waits to be told about something that is deleted.
///
/// # Errors
/// Any error of the database.
pub async fn give_up_about(writer: &impl Writer, ordering_key: &str, reason: &str) -> DbResult<()> {
    let waiting = Column::OrderingKey.eq(ordering_key);
    finish_waiting(writer, waiting.into_condition(), reason).await
}

async fn finish_waiting(writer: &impl Writer, of: Condition, reason: &str) -> DbResult<()> {
    let unit = writer.unit().await?;
    let waiting: Vec<MessageId> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(of)
        .filter(Column::State.eq(MessageState::Waiting))
        .into_tuple()
        .all(&*unit)
        .await?;
    for id in waiting {
        finish(&*unit, &id, MessageState::GivenUp, Some(reason), None).await?;
    }
    unit.done().await
}

/// Deletes every message to a partner, with its attempts.
///
/// # Errors
/// Any error of the database.
#[expect(clippy::disallowed_methods, reason = "attempts are a part of their message")]
pub async fn delete_all(writer: &impl Writer, partner: &PartnerId) -> DbResult<()> {
    let unit = writer.unit().await?;
    let of_partner = Column::PartnerId.eq(partner.as_str()).into_condition();
    let messages = Query::select()
        .column(Column::Id)
        .from(Entity)
        .cond_where(of_partner.clone())
        .take();
    outbox_attempt::Entity::delete_many()
        .filter(outbox_attempt::Column::MessageId.in_subquery(messages))
        .exec(&*unit)
        .await?;
    write::delete::<Entity>(&*unit, of_partner).await?;
    unit.done().await
}

/// An operator wants it delivered now: one that waits is due at once, one that was refused or given up waits again.
///
/// # Errors
/// [`DbError::NotFound`] when it is not there; [`DbError::Stale`] when it was delivered.
pub async fn retry_now(writer: &impl Writer, id: &MessageId) -> DbResult<()> {
    let unit = writer.unit().await?;
    find(&*unit, id).await?.ok_or(DbError::NotFound("message"))?;
    let changes = ActiveModel {
        state: Set(MessageState::Waiting),
        next_attempt_at: Set(now()),
        done_at: Set(None),
        ..Default::default()
    };
    let undelivered = Condition::all().add(Column::State.ne(MessageState::Delivered));
    if write::update(&*unit, id.as_str(), changes, undelivered).await? {
        unit.done().await
    } else {
        Err(DbError::Stale)
    }
}

/// Deletes messages that were delivered before a moment, with their attempts, at most `batch`. What was refused or
/// given up stays. Tells how many.
///
/// # Errors
/// Any error of the database.
#[expect(
    clippy::disallowed_methods,
    reason = "nobody looks at what was delivered long ago"
)]
pub async fn purge_done(conn: &impl ConnectionTrait, before: DateTime<Utc>, batch: u64) -> DbResult<u64> {
    let old: Vec<(i64, MessageId)> = Entity::find()
        .select_only()
        .columns([Column::Seq, Column::Id])
        .filter(Column::State.eq(MessageState::Delivered))
        // Nothing is done before it is due, and what was due has an index.
        .filter(Column::NextAttemptAt.lte(naive(before)))
        .filter(Column::DoneAt.lte(naive(before)))
        .order_by_asc(Column::NextAttemptAt)
        .limit(batch)
        .into_tuple()
        .all(conn)
        .await?;
    if old.is_empty() {
        return Ok(0);
    }
    let (seqs, ids): (Vec<i64>, Vec<MessageId>) = old.into_iter().unzip();
    outbox_attempt::Entity::delete_many()
        .filter(outbox_attempt::Column::MessageId.is_in(ids))
        .exec(conn)
        .await?;
    let done = Entity::delete_many()
        .filter(Column::Seq.is_in(seqs))
        .exec(conn)
        .await?;
    Ok(done.rows_affected)
}
