//! The one way in which an instance changes its state.
//!
//! [`apply`] asks the state machine, persists the outcome by compare-and-set together with its history entry, and queues
//! what the partner has to know — all in the caller's transaction.

use chrono::Utc;
use console_db::entity::{partner, project, task_instance};
use console_db::instances::{self as rows, StateChange};
use console_db::{ConnectionTrait, Tx, partners, projects, retry, tasks};
use console_model::{
    InstanceEvent, InstanceId, InstanceStatus, PartnerId, PartnerTrust, ProjectId, StopCause, TaskId,
    Transition,
};
use serde_json::{Value, json};

use crate::outbox::instance::{InstanceStatusChange, UpdateInstance, Wish};
use crate::outbox::{self, Message};
use crate::{App, AppError, Operator};

/// Who or what caused a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Person, partner, engine or the console itself.
    pub kind: ActorKind,
    /// The id of the person or partner.
    pub id: Option<String>,
    /// The id of the request that brought it.
    pub request_id: Option<String>,
}

/// What kind of actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// A person here.
    Operator,
    /// The other side.
    Partner,
    /// The engine.
    Engine,
    /// The console by itself.
    Console,
}

impl ActorKind {
    /// The word in the history.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Partner => "partner",
            Self::Engine => "engine",
            Self::Console => "console",
        }
    }
}

impl Actor {
    /// A person here.
    #[must_use]
    pub fn operator(operator: &Operator) -> Self {
        Self {
            kind: ActorKind::Operator,
            id: Some(operator.id.to_string()),
            request_id: Some(operator.request_id.clone()),
        }
    }

    /// The other side.
    #[must_use]
    pub fn partner(partner: &str, request_id: &str) -> Self {
        Self {
            kind: ActorKind::Partner,
            id: Some(partner.to_owned()),
            request_id: Some(request_id.to_owned()),
        }
    }

    /// The engine.
    #[must_use]
    pub const fn engine() -> Self {
        Self {
            kind: ActorKind::Engine,
            id: None,
            request_id: None,
        }
    }

    /// The console by itself.
    #[must_use]
    pub const fn console() -> Self {
        Self {
            kind: ActorKind::Console,
            id: None,
            request_id: None,
        }
    }
}

/// What happened.
#[derive(Debug, Clone)]
pub struct Change {
    /// What.
    pub event: InstanceEvent,
    /// Through whom.
    pub actor: Actor,
    /// Why, in words. On a failure the partner is told.
    pub reason: Option<String>,
    /// Facts about an error, for this side only.
    pub error: Option<Value>,
    /// The attempt number of a start again; by default one more than the last.
    pub attempt: Option<i32>,
}

impl Change {
    /// An event without a reason.
    #[must_use]
    pub const fn new(event: InstanceEvent, actor: Actor) -> Self {
        Self {
            event,
            actor,
            reason: None,
            error: None,
            attempt: None,
        }
    }

    /// With a reason in words.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
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

/// The state of a row.
///
/// # Errors
/// Internal, for a number that nobody knows.
pub fn status_of(row: &task_instance::Model) -> Result<InstanceStatus, AppError> {
    InstanceStatus::from_number(row.status).map_err(AppError::internal)
}

/// Applies an event to a row that was read in this transaction. The caller commits, then wakes the outbox and the runs.
///
/// # Errors
/// `stale` when the row changed since it was read; otherwise when the database does not answer.
pub async fn apply(tx: &Tx, row: task_instance::Model, change: &Change) -> Result<Applied, AppError> {
    let from = status_of(&row)?;
    let (to, attempt) = match from.on(change.event) {
        Transition::Unchanged => return Ok(Applied::Unchanged),
        Transition::Refused => return Ok(Applied::Refused),
        Transition::To(to) => (to, row.attempt),
        Transition::NewAttempt(to) => (to, change.attempt.unwrap_or(row.attempt + 1).max(row.attempt + 1)),
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

fn stop_cause(event: InstanceEvent) -> Option<StopCause> {
    match event {
        InstanceEvent::StopRequested(cause) | InstanceEvent::EngineStopped(cause) => Some(cause),
        InstanceEvent::PartnerKnows
        | InstanceEvent::StartRequested
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
    let reason = change.reason.as_deref();
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
    let status = status_of(row)?;
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
            InstanceEvent::StartRequested if from.is_terminal() => messages.push(wish(Wish::Start)),
            InstanceEvent::StopRequested(StopCause::Operator | StopCause::PartnerSilent) => {
                messages.push(wish(Wish::Stop));
            }
            _ => {}
        }
    }
    match PartnerTrust::from_number(partner.trust).map_err(AppError::internal)? {
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
                detail: change
                    .reason
                    .clone()
                    .filter(|_| status != InstanceStatus::Stopped || !by_partner),
            }));
        }
        PartnerTrust::Pending | PartnerTrust::Unpaired => {}
    }
    Ok(messages)
}

/// The partner of an instance; none on adopted rows without one.
pub(crate) async fn partner_of(
    db: &impl ConnectionTrait,
    row: &task_instance::Model,
) -> Result<Option<partner::Model>, AppError> {
    let Some(id) = row.partner_id.as_deref() else {
        return Ok(None);
    };
    let id = PartnerId::parse(id).map_err(AppError::internal)?;
    Ok(partners::find(db, &id).await?)
}

/// The project of an instance; none when its task is gone.
pub(crate) async fn project_of(
    db: &impl ConnectionTrait,
    row: &task_instance::Model,
) -> Result<Option<project::Model>, AppError> {
    let task = TaskId::parse(&row.task_intra_id).map_err(AppError::internal)?;
    let Some(task) = tasks::find(db, &task).await? else {
        return Ok(None);
    };
    let project = ProjectId::parse(&task.project_id).map_err(AppError::internal)?;
    Ok(projects::find(db, &project).await?)
}

fn ids(row: &task_instance::Model, partner: &partner::Model) -> Result<(PartnerId, InstanceId), AppError> {
    let partner = PartnerId::parse(&partner.id).map_err(AppError::internal)?;
    let instance = InstanceId::parse(&row.id).map_err(AppError::internal)?;
    Ok((partner, instance))
}
