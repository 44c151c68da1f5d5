//! The one way in which an instance changes its state.
//!
//! [`apply`] asks the state machine, persists the outcome by compare-and-set together with its history entry, and queues
//! what the partner has to know — all in the caller's transaction.

use chrono::Utc;
use console_db::entity::{partner, project, task_instance};
use console_db::instances::{self as rows, StateChange};
use console_db::{ConnectionTrait, Tx, partners, projects, retry, tasks};
use console_model::{
    ErrorCode, InstanceEvent, InstanceId, InstanceStatus, PairingId, PartnerId, PartnerTrust, RunReason,
    StopCause, Transition,
};
use console_peer::ext::FailureReport;
use serde_json::{Value, json};
use task_interface::Text;

use crate::outbox::instance::{CreateInstance, InstanceStatusChange, UpdateInstance, Wish};
use crate::outbox::{self, Message};
use crate::{App, AppError};

pub use super::actor::{Actor, ActorKind};

/// What happened.
#[derive(Debug, Clone)]
pub struct Change {
    /// What.
    pub event: InstanceEvent,
    /// Through whom.
    pub actor: Actor,
    /// Why, for this side only: it may hold names of files, of columns, of machines.
    pub reason: Option<RunReason>,
    /// Why, in words that the partner may read.
    pub told: Option<Text>,
    /// Of a failure: what the partner's programs may know about it.
    pub failure: Option<FailureReport>,
    /// Facts about an error, for this side only.
    pub error: Option<Value>,
    /// The number that the partner gives to a new attempt.
    pub attempt: Option<i32>,
    /// The attempt that is meant; when another one has begun meanwhile, nothing happens.
    pub of_attempt: Option<i32>,
}

/// The longest text that a partner takes with an announcement, in characters.
const TOLD: usize = 1024;

impl Change {
    /// An event without a reason.
    #[must_use]
    pub const fn new(event: InstanceEvent, actor: Actor) -> Self {
        Self {
            event,
            actor,
            reason: None,
            told: None,
            failure: None,
            error: None,
            attempt: None,
            of_attempt: None,
        }
    }

    /// With a reason.
    #[must_use]
    pub fn because(mut self, reason: impl Into<RunReason>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// With a reason that the partner may read as well.
    #[must_use]
    pub fn telling(mut self, told: impl Into<Text>) -> Self {
        self.told = Some(told.into());
        self
    }

    /// Only while an attempt lasts.
    #[must_use]
    pub const fn of_attempt(mut self, attempt: i32) -> Self {
        self.of_attempt = Some(attempt);
        self
    }
}

/// What an event did.
#[derive(Debug)]
pub enum Applied {
    /// The row as it is now.
    Changed(Box<task_instance::Model>),
    /// It was true already, or overtaken.
    Unchanged,
    /// The present state forbids it.
    Refused,
}

/// Applies an event to a row that was read in this transaction. The caller commits, then wakes the outbox and the runs.
///
/// # Errors
/// `stale` when the row changed since it was read; `no_more_attempts`; otherwise when the database does not answer.
pub async fn apply(tx: &Tx, row: task_instance::Model, change: &Change) -> Result<Applied, AppError> {
    if change.of_attempt.is_some_and(|attempt| attempt != row.attempt) {
        return Ok(Applied::Unchanged);
    }
    let from = row.status;
    let (to, attempt) = match from.on(change.event) {
        Transition::Unchanged => return Ok(Applied::Unchanged),
        Transition::Refused => return Ok(Applied::Refused),
        Transition::To(to) if begins(change.event) => (to, joined(&row, change)),
        Transition::To(to) => (to, row.attempt),
        Transition::NewAttempt(to) => (to, next_attempt(&row, change)?),
    };
    let state = StateChange {
        from: Some(from),
        to,
        attempt,
        stop_cause: stop_cause(change.event),
        reason: change.reason.clone(),
        error: error_of(to, change),
        actor_kind: change.actor.kind.word(),
        actor: change.actor.id.clone(),
        request_id: change.actor.request_id.clone(),
        at: Utc::now(),
    };
    let row = rows::transition(tx, row, state).await?;
    tell_partner(tx, &row, from, change).await?;
    Ok(Applied::Changed(Box::new(row)))
}

/// Applies an event in a transaction of its own, again when the row changes meanwhile, and wakes who has work with it.
/// An instance that is not there is left alone.
///
/// # Errors
/// When the database does not answer.
pub async fn apply_to(app: &App, id: &InstanceId, change: &Change) -> Result<Applied, AppError> {
    let applied = retry(async || -> Result<Applied, AppError> {
        let tx = app.db().begin().await?;
        let Some(row) = rows::find(&tx, id).await? else {
            return Ok(Applied::Unchanged);
        };
        let applied = apply(&tx, row, change).await?;
        tx.commit().await?;
        Ok(applied)
    })
    .await?;
    app.wake().runs.notify_one();
    app.wake().outbox.notify_one();
    Ok(applied)
}

/// Whether an event begins an attempt, or asks for one.
const fn begins(event: InstanceEvent) -> bool {
    matches!(event, InstanceEvent::StartRequested | InstanceEvent::ConsentAsked)
}

/// The attempt that a run begins with: the one that the partner is at, if it went ahead.
fn joined(row: &task_instance::Model, change: &Change) -> i32 {
    let ahead = change.attempt.or_else(|| live_there(row));
    ahead.map_or(row.attempt, |ahead| ahead.max(row.attempt))
}

/// The number of a new attempt. Both sides count the same ones: what the partner has begun is joined, and what either
/// side has ended is not begun again.
fn next_attempt(row: &task_instance::Model, change: &Change) -> Result<i32, AppError> {
    let ahead = change.attempt.or_else(|| live_there(row));
    if let Some(ahead) = ahead.filter(|ahead| *ahead > row.attempt) {
        return Ok(ahead);
    }
    row.attempt
        .max(row.partner_attempt)
        .checked_add(1)
        .ok_or_else(|| {
            AppError::conflict(
                ErrorCode::NoMoreAttempts,
                "The run was started again too often. Run the task anew.",
            )
        })
}

/// The attempt that the partner has begun and not ended, as far as it said so.
fn live_there(row: &task_instance::Model) -> Option<i32> {
    let status = row.partner_status.map(InstanceStatus::from_number);
    matches!(status, Some(Ok(status)) if !status.is_terminal()).then_some(row.partner_attempt)
}

fn stop_cause(event: InstanceEvent) -> Option<StopCause> {
    match event {
        InstanceEvent::StopRequested(cause) | InstanceEvent::EngineStopped(cause) => Some(cause),
        InstanceEvent::PartnerKnows
        | InstanceEvent::StartRequested
        | InstanceEvent::ConsentAsked
        | InstanceEvent::ConsentGiven
        | InstanceEvent::EngineStarted
        | InstanceEvent::EngineSucceeded
        | InstanceEvent::EngineFailed
        | InstanceEvent::EngineLostJob => None,
    }
}

fn error_of(to: InstanceStatus, change: &Change) -> Option<Value> {
    if !matches!(to, InstanceStatus::Failed | InstanceStatus::Lost) {
        return None;
    }
    let reason = change.reason.as_ref().map(ToString::to_string);
    Some(
        change
            .error
            .clone()
            .unwrap_or_else(|| json!({ "message": reason })),
    )
}

/// Queues what the other side has to know of a change that has just been persisted.
async fn tell_partner(
    tx: &Tx,
    row: &task_instance::Model,
    from: InstanceStatus,
    change: &Change,
) -> Result<(), AppError> {
    let Some(partner) = partner_of(tx, row).await? else {
        return Ok(());
    };
    let (partner_id, id) = ids(row, &partner)?;
    let request_id = change.actor.request_id.as_deref();
    for message in messages(row, &id, from, change, &partner)? {
        outbox::enqueue(tx, &partner_id, id.as_str(), &message, request_id).await?;
    }
    Ok(())
}

fn messages(
    row: &task_instance::Model,
    id: &InstanceId,
    from: InstanceStatus,
    change: &Change,
    partner: &partner::Model,
) -> Result<Vec<Message>, AppError> {
    let trust = partner.trust;
    if matches!(trust, PartnerTrust::Pending | PartnerTrust::Unpaired) {
        return Ok(Vec::new());
    }
    let status = row.status;
    let attempt = row.attempt.unsigned_abs();
    let wish = |wish| {
        Message::UpdateInstance(UpdateInstance {
            instance_id: id.clone(),
            wish,
            attempt,
        })
    };
    let by_partner = change.actor.kind == ActorKind::Partner;
    let mut messages = Vec::new();
    if !by_partner {
        match change.event {
            InstanceEvent::StartRequested if from.is_terminal() => {
                if row.instance_peer_id.is_none() {
                    // The partner refused the run or never heard of it.
                    messages.push(Message::CreateInstance(CreateInstance {
                        instance_id: id.clone(),
                        task_peer_id: PairingId::parse(&row.task_peer_id).map_err(AppError::internal)?,
                        attempt,
                    }));
                }
                messages.push(wish(Wish::Start));
            }
            // The announcement of a refusal ends the partner's half, and says why.
            InstanceEvent::StopRequested(StopCause::Operator)
                if from == InstanceStatus::AwaitingConsent && trust != PartnerTrust::Base => {}
            InstanceEvent::StopRequested(StopCause::Operator | StopCause::PartnerSilent) => {
                messages.push(wish(Wish::Stop));
            }
            _ => {}
        }
    }
    match trust {
        // A base partner knows no announcements: our failure stops its engine, so that no half goes on alone.
        PartnerTrust::Base => {
            let failed = matches!(status, InstanceStatus::Failed | InstanceStatus::Lost);
            if failed && from.has_engine() && from != InstanceStatus::Stopping {
                messages.push(wish(Wish::Stop));
            }
        }
        PartnerTrust::Paired | PartnerTrust::Suspended => {
            messages.push(Message::InstanceStatus(InstanceStatusChange {
                instance_id: id.clone(),
                seq: row.status_seq.unsigned_abs(),
                attempt,
                status: Some(status),
                detail: change.told.as_ref().map(|text| told(&text.en)),
                detail_zh: change.told.as_ref().and_then(|text| text.zh.as_deref()).map(told),
                failure: change.failure.clone(),
            }));
        }
        PartnerTrust::Pending | PartnerTrust::Unpaired => {}
    }
    Ok(messages)
}

/// Words for the partner, as far as it takes them.
fn told(words: &str) -> String {
    words.chars().take(TOLD).collect()
}

/// The partner of an instance; none on adopted rows without one.
pub(crate) async fn partner_of(
    db: &impl ConnectionTrait,
    row: &task_instance::Model,
) -> Result<Option<partner::Model>, AppError> {
    let Some(id) = &row.partner_id else {
        return Ok(None);
    };
    Ok(partners::find(db, id).await?)
}

/// The project of an instance; none when its task is gone.
pub(crate) async fn project_of(
    db: &impl ConnectionTrait,
    row: &task_instance::Model,
) -> Result<Option<project::Model>, AppError> {
    let Some(task) = tasks::find(db, &row.task_intra_id).await? else {
        return Ok(None);
    };
    Ok(projects::find(db, &task.project_id).await?)
}

fn ids(row: &task_instance::Model, partner: &partner::Model) -> Result<(PartnerId, InstanceId), AppError> {
    let partner = partner.id.clone();
    let instance = row.id.clone();
    Ok((partner, instance))
}
