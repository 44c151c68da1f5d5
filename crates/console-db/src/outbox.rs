//! Messages to partners: `outbox_message` and `outbox_attempt`.
//!
//! Messages to one partner with one ordering key are delivered one after the other: only the oldest that waits can be
//! leased. That is the order in which they were numbered, which is the order of the commits if the transactions that
//! enqueue them first change a common row (an instance, a project); those that do not have no order to keep.
//!
//! Delivery is at least once. Whoever loses its lease may still have delivered; telling so twice changes nothing.

mod lease;
mod operator;

use std::time::Duration;

use chrono::{DateTime, Utc};
use console_model::{MessageId, MessageState, PartnerId};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::prelude::Json;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::outbox_attempt;
use crate::entity::outbox_message::{ActiveModel, Column, Entity};
use crate::error::DbResult;
use crate::time::{fit, naive, now};
use crate::tx::Writer;
use crate::write::{self, key};

pub use lease::{Room, lease_due, release_all};
pub use operator::{
    Listed, OutboxFilter, SeqPage, Waiting, any_waiting, attempts, delete_all, find, give_up, give_up_about,
    give_up_all, is_overtaken, list, outstanding, purge_done, retry_now, waiting, waiting_by_partner,
};

/// So many attempts of one message are remembered.
const ATTEMPTS_KEPT: u64 = 100;

/// A message that is about to be queued.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMessage {
    /// The command id.
    pub id: MessageId,
    /// To whom.
    pub partner_id: PartnerId,
    /// What it is, at most 32 characters.
    pub kind: String,
    /// With what it is kept in order, at most 64 characters.
    pub ordering_key: String,
    /// What is to be said.
    pub payload: Json,
    /// The request that caused it.
    pub request_id: Option<String>,
}

/// Queues a message, due at once. Gives its number.
///
/// # Errors
/// [`crate::DbError::Conflict`] when the id is taken.
pub async fn enqueue(writer: &impl Writer, new: NewMessage) -> DbResult<i64> {
    let at = now();
    let message = ActiveModel {
        seq: NotSet,
        id: Set(new.id),
        gmt_create: Set(at),
        partner_id: Set(new.partner_id),
        kind: Set(key(&new.kind, 32)?.to_owned()),
        ordering_key: Set(key(&new.ordering_key, 64)?.to_owned()),
        payload: Set(new.payload),
        request_id: Set(new.request_id.map(|id| fit(&id, 64))),
        state: Set(MessageState::Waiting),
        attempts: Set(0),
        next_attempt_at: Set(at),
        lease_owner: Set(None),
        lease_until: Set(None),
        last_error: Set(None),
        last_error_code: Set(None),
        done_at: Set(None),
    };
    write::insert_numbered(writer, message).await
}

/// Remembers an attempt and counts it.
///
/// # Errors
/// Any error of the database.
#[expect(clippy::disallowed_methods, reason = "what comes of the attempt is noted")]
pub async fn record_attempt(
    conn: &impl ConnectionTrait,
    id: &MessageId,
    at: DateTime<Utc>,
    took: Duration,
    outcome: &str,
    error: Option<&str>,
) -> DbResult<()> {
    use outbox_attempt::Column as Attempt;
    let attempt = outbox_attempt::ActiveModel {
        id: NotSet,
        message_id: Set(id.clone()),
        at: Set(naive(at)),
        duration_ms: Set(i64::try_from(took.as_millis()).unwrap_or(i64::MAX)),
        outcome: Set(fit(outcome, 32)),
        error: Set(error.map(|text| fit(text, 1024))),
    };
    outbox_attempt::Entity::insert(attempt)
        .exec_without_returning(conn)
        .await?;
    Entity::update_many()
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.eq(id.as_str()))
        .exec(conn)
        .await?;
    let too_old: Option<i64> = outbox_attempt::Entity::find()
        .select_only()
        .column(Attempt::Id)
        .filter(Attempt::MessageId.eq(id.as_str()))
        .order_by_desc(Attempt::Id)
        .offset(ATTEMPTS_KEPT)
        .limit(1)
        .into_tuple()
        .one(conn)
        .await?;
    if let Some(too_old) = too_old {
        outbox_attempt::Entity::delete_many()
            .filter(Attempt::MessageId.eq(id.as_str()))
            .filter(Attempt::Id.lte(too_old))
            .exec(conn)
            .await?;
    }
    Ok(())
}

/// The partner has it. Nothing happens to a message that does not wait any more.
///
/// # Errors
/// Any error of the database.
pub async fn delivered(writer: &impl Writer, id: &MessageId) -> DbResult<()> {
    finish(writer, id, MessageState::Delivered, None, None).await
}

/// The partner answered a definite no. Nothing happens to a message that does not wait any more.
///
/// # Errors
/// Any error of the database.
pub async fn refused(writer: &impl Writer, id: &MessageId, error: &str, code: Option<&str>) -> DbResult<()> {
    finish(writer, id, MessageState::Refused, Some(error), code).await
}

/// It was not delivered; it is due again at `next`. Nothing happens to a message that does not wait any more.
///
/// # Errors
/// Any error of the database.
pub async fn retry_later(
    writer: &impl Writer,
    id: &MessageId,
    error: &str,
    code: Option<&str>,
    next: DateTime<Utc>,
) -> DbResult<()> {
    let changes = ActiveModel {
        next_attempt_at: Set(naive(next)),
        last_error: Set(Some(fit(error, 1024))),
        last_error_code: Set(code.map(|code| fit(code, 64))),
        lease_owner: Set(None),
        lease_until: Set(None),
        ..Default::default()
    };
    change_waiting(writer, id, changes).await?;
    Ok(())
}

async fn finish(
    writer: &impl Writer,
    id: &MessageId,
    state: MessageState,
    error: Option<&str>,
    code: Option<&str>,
) -> DbResult<()> {
    let changes = ActiveModel {
        state: Set(state),
        last_error: Set(error.map(|text| fit(text, 1024))),
        last_error_code: Set(code.map(|code| fit(code, 64))),
        done_at: Set(Some(now())),
        lease_owner: Set(None),
        lease_until: Set(None),
        ..Default::default()
    };
    change_waiting(writer, id, changes).await?;
    Ok(())
}

/// Changes a message that waits. Tells whether it did.
async fn change_waiting(writer: &impl Writer, id: &MessageId, changes: ActiveModel) -> DbResult<bool> {
    let waits = Condition::all().add(Column::State.eq(MessageState::Waiting));
    write::update(writer, id.as_str(), changes, waits).await
}
