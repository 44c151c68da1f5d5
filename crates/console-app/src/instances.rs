//! Runs: what operators do with them, and the background work that makes them happen.
//!
//! [`change::apply`] is the one way in which an instance changes its state; [`drive`] gives instances their engines,
//! [`watch`] looks at the other half, [`channel`] carries the engines' messages.

mod actor;
pub mod change;
pub mod channel;
pub mod consent;
pub mod drive;
mod engine_events;
pub(crate) mod held_up;
mod host;
mod job;
pub mod jobs;
pub mod leftovers;
pub(crate) mod logs;
mod metrics;
pub(crate) mod outputs;
mod read;
mod refusals;
pub mod remains;
pub(crate) mod remote;
pub(crate) mod trust;
mod view;
pub mod watch;

use chrono::Utc;
use console_db::entity::task_instance;
use console_db::instances::{self as rows, NewInstance};
use console_db::{pairings, retry, tasks};
use console_model::{InstanceEvent, InstanceId, InstanceStatus, StopCause, TaskId};
use console_storage::KeyPrefix;

use crate::input::check_remark;
use crate::outbox::instance::{CreateInstance, InstanceStatusChange};
use crate::outbox::{self, Message};
use crate::rights::{self, Action};
use crate::{App, AppError, Operator, projects};
use change::{Actor, Applied, Change, apply_to};
use refusals::{
    goes_on_there, paired, refuse_archived_task, refuse_awaiting, refuse_deletion_in, refuse_start_in,
    refuse_stop_in,
};
pub(crate) use refusals::{refuse_start, refuse_unfit, refuse_unpaired};

pub use task_interface as engine;
pub use task_interface::LogLevel;

pub use held_up::{HeldUp, Reason as HeldUpReason};
pub use logs::{
    ExpiredLines, Follower, LogFilter, LogFrame, LogLine, LogPage, LogQuery, LogText, Start,
    download as download_log, follow as follow_log, page as log_page,
};
pub use metrics::{MetricPoint, MetricQuery, MetricSeries, metrics};
pub use read::{InstanceQuery, get, history, list, results, warnings};
pub use refusals::Blockers;
pub use view::{Figure, HistoryEntry, HistoryState, Instance, PartnerHalf, RunFailure, RunResult, Starter};

/// The word by which a partner is told that our half was deleted; not a state of ours.
pub(crate) const DELETED: &str = "deleted";

/// Runs a paired task version: our half is written and the partner is told, in one transaction. Both halves start when
/// the partner knows it.
///
/// # Errors
/// `not_found`; `not_paired`, `project_archived` and `partner_not_active`; `task_archived`; `input_deleted`;
/// `engine_needs_channel`; `settings_differ`; `config_refused` with the engine's problems.
pub async fn run(
    app: &App,
    operator: &Operator,
    task_id: &TaskId,
    comment: Option<String>,
) -> Result<Instance, AppError> {
    rights::require(operator, Action::Run)?;
    check_remark(comment.as_deref()).map_err(|fault| AppError::field("/comment", fault))?;
    let db = app.db().reader();
    let task = tasks::find(db, task_id)
        .await?
        .ok_or_else(|| AppError::not_found("task"))?;
    let project_id = task.project_id.clone();
    let project = projects::find(db, &project_id).await?;
    let partner = projects::refuse_closed(db, &project).await?;
    let known = pairings::find_of_task(db, task_id).await?;
    let (pairing, theirs) = paired(known.as_ref())?;
    let engine = crate::tasks::engine_of(app, &task).to_owned();
    refuse_archived_task(app, &task).await?;
    refuse_unfit(app, &project, &task, known.as_ref()).await?;

    let id = InstanceId::generate();
    let new = NewInstance {
        id: id.clone(),
        task_id: task_id.clone(),
        task_root_id: crate::tasks::root_id(db, &task).await?,
        pairing_id: pairing,
        task_peer_id: theirs.to_string(),
        instance_peer_id: None,
        project_id,
        partner_id: Some(partner.clone()),
        status: InstanceStatus::Draft,
        attempt: 1,
        initiator: true,
        engine: Some(engine),
        comment,
        actor_kind: change::ActorKind::Operator.word(),
        actor: Some(operator.id.to_string()),
        request_id: Some(operator.request_id.clone()),
        at: Utc::now(),
    };
    let message = Message::CreateInstance(CreateInstance {
        instance_id: id.clone(),
        task_peer_id: theirs,
        attempt: 1,
    });
    let tx = app.db().begin().await?;
    trust::require_paired(&tx, &partner).await?;
    rows::insert(&tx, new).await?;
    outbox::enqueue(&tx, &partner, id.as_str(), &message, Some(&operator.request_id)).await?;
    tx.commit().await?;
    app.wake().outbox.notify_one();
    get(app, operator, &id).await
}

/// Starts a run that is ready, or starts it again as a new attempt; the partner is told.
///
/// # Errors
/// `not_found`; `cannot_start` in any other state; `project_archived`, `partner_not_active`.
pub async fn start(app: &App, operator: &Operator, id: &InstanceId) -> Result<Instance, AppError> {
    rights::require(operator, Action::Run)?;
    let row = find(app, id).await?;
    refuse_awaiting(row.status)?;
    refuse_start(app, &row).await?;
    let event = InstanceEvent::StartRequested;
    order(app, operator, id, event, refuse_start_in).await
}

/// Stops a run; the partner is told. Of a run that has ended here and goes on at a partner with the base protocol, the
/// partner's half.
///
/// # Errors
/// `not_found`; `cannot_stop` when it has ended.
pub async fn stop(app: &App, operator: &Operator, id: &InstanceId) -> Result<Instance, AppError> {
    rights::require(operator, Action::Run)?;
    let row = find(app, id).await?;
    if goes_on_there(app, &row).await? {
        rows::note_partner_stop(app.db(), id, row.attempt).await?;
        watch::repeat_stop(app, &row, id).await?;
        return get(app, operator, id).await;
    }
    let event = InstanceEvent::StopRequested(StopCause::Operator);
    let refuse = |status| match status {
        InstanceStatus::Stopping => Ok(()),
        status => refuse_stop_in(status),
    };
    order(app, operator, id, event, refuse).await
}

async fn order(
    app: &App,
    operator: &Operator,
    id: &InstanceId,
    event: InstanceEvent,
    refuse: impl Fn(InstanceStatus) -> Result<(), AppError>,
) -> Result<Instance, AppError> {
    let row = find(app, id).await?;
    match apply_to(app, id, &Change::new(event, Actor::operator(operator))).await? {
        Applied::Changed(_) => {}
        Applied::Refused | Applied::Unchanged => refuse(row.status)?,
    }
    get(app, operator, id).await
}

/// Changes the comment: the inner `None` removes it, the outer one leaves it.
///
/// # Errors
/// `not_found`; `stale` when the row changed since `generation`.
pub async fn comment(
    app: &App,
    operator: &Operator,
    id: &InstanceId,
    generation: Option<i64>,
    comment: Option<Option<String>>,
) -> Result<Instance, AppError> {
    rights::require(operator, Action::Run)?;
    check_remark(comment.as_ref().and_then(Option::as_deref))
        .map_err(|fault| AppError::field("/comment", fault))?;
    retry(async || -> Result<(), AppError> {
        let tx = app.db().begin().await?;
        let row = rows::find(&tx, id)
            .await?
            .ok_or_else(|| AppError::not_found("instance"))?;
        if generation.is_some_and(|generation| generation != row.generation) {
            return Err(AppError::stale());
        }
        if let Some(comment) = &comment {
            rows::set_comment(&tx, &row, comment.as_deref()).await?;
            tx.commit().await?;
        }
        Ok(())
    })
    .await?;
    get(app, operator, id).await
}

/// Deletes a run that has ended, with its log, metrics and results. A partner that speaks the extensions is told; its
/// half stays.
///
/// # Errors
/// `not_found`; `still_running` otherwise.
pub async fn delete(app: &App, operator: &Operator, id: &InstanceId) -> Result<(), AppError> {
    rights::require(operator, Action::Run)?;
    retry(async || -> Result<(), AppError> {
        let tx = app.db().begin().await?;
        let row = rows::find(&tx, id)
            .await?
            .ok_or_else(|| AppError::not_found("instance"))?;
        refuse_deletion_in(row.status)?;
        tell_of_deletion(&tx, &row, id, operator).await?;
        rows::delete(&tx, id, row.generation).await?;
        tx.commit().await?;
        Ok(())
    })
    .await?;
    app.wake().outbox.notify_one();
    for prefix in [
        KeyPrefix::logs(id),
        KeyPrefix::channels(id),
        KeyPrefix::scratches(id),
    ] {
        app.store().delete_prefix(&prefix).await?;
    }
    Ok(())
}

async fn tell_of_deletion(
    tx: &console_db::Tx,
    row: &task_instance::Model,
    id: &InstanceId,
    operator: &Operator,
) -> Result<(), AppError> {
    let (Some(partner), Some(_)) = (change::partner_of(tx, row).await?, &row.instance_peer_id) else {
        return Ok(());
    };
    if partner.fingerprint.is_none() {
        return Ok(());
    }
    let message = Message::InstanceStatus(InstanceStatusChange {
        instance_id: id.clone(),
        seq: row.status_seq.unsigned_abs() + 1,
        attempt: row.attempt.unsigned_abs(),
        status: None,
        detail: None,
        detail_zh: None,
        failure: None,
    });
    outbox::enqueue(tx, &partner.id, id.as_str(), &message, Some(&operator.request_id)).await?;
    Ok(())
}

async fn find(app: &App, id: &InstanceId) -> Result<task_instance::Model, AppError> {
    rows::find(app.db().reader(), id)
        .await?
        .ok_or_else(|| AppError::not_found("instance"))
}
