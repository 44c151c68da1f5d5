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
pub(crate) mod remote;
pub(crate) mod trust;
pub mod watch;

use chrono::Utc;
use console_db::entity::{partner, project, task_instance, task_inter, task_intra};
use console_db::instances::{self as rows, NewInstance};
use console_db::{pairings, retry, tasks};
use console_model::{
    ErrorCode, ErrorKind, InstanceEvent, InstanceId, InstanceStatus, LinkStatus, PairingId, PartnerId,
    PartnerTrust, ProjectId, StopCause, TaskId,
};
use console_storage::KeyPrefix;

use crate::outbox::instance::{CreateInstance, InstanceStatusChange};
use crate::outbox::{self, Message};
use crate::pairings::refuse_pairing_that_differs;
use crate::rights::{self, Action};
use crate::{App, AppError, Fault, Operator, projects};
use change::{Actor, Applied, Change, apply_to, status_of};

pub use task_interface as engine;
pub use task_interface::LogLevel;

pub use held_up::{HeldUp, Reason as HeldUpReason};
pub use logs::{
    ExpiredLines, Follower, LogFilter, LogFrame, LogLine, LogPage, LogQuery, LogText, Start,
    download as download_log, follow as follow_log, page as log_page,
};
pub use metrics::{MetricPoint, MetricQuery, MetricSeries, metrics};
pub use read::{
    Figure, HistoryEntry, HistoryState, Instance, InstanceQuery, PartnerHalf, RunResult, Starter, get,
    history, list, results, warnings,
};

/// The word by which a partner is told that our half was deleted; not a state of ours.
pub(crate) const DELETED: &str = "deleted";
/// The longest comment, in characters.
const COMMENT: usize = 256;

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
    check_comment(comment.as_deref())?;
    let db = app.db().reader();
    let task = tasks::find(db, task_id)
        .await?
        .ok_or_else(|| AppError::not_found("task"))?;
    let project_id = ProjectId::parse(&task.project_id).map_err(AppError::internal)?;
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

/// The ids on both sides of a pairing that a run needs.
fn paired(pairing: Option<&task_inter::Model>) -> Result<(PairingId, PairingId), AppError> {
    let pairing = pairing.filter(|row| row.status == LinkStatus::Ready.number());
    let ids = pairing.and_then(|row| {
        let theirs = PairingId::parse(row.task_peer_id.as_deref()?).ok()?;
        Some((PairingId::parse(&row.id).ok()?, theirs))
    });
    ids.ok_or_else(|| {
        let detail = "This task version is not paired. Pair it first, then run it.";
        AppError::conflict(ErrorCode::NotPaired, detail)
    })
}

/// Why a task version cannot be run, as far as rows tell.
pub(crate) fn refuse_unpaired(
    project: &project::Model,
    partner: Option<&partner::Model>,
    pairing: Option<&task_inter::Model>,
) -> Result<(), AppError> {
    projects::refuse_closed_to(project, partner)?;
    if let Some(partner) = partner {
        crate::partners::refuse_unconfirmed(partner)?;
    }
    paired(pairing).map(drop)
}

/// Why a paired task version cannot be run, as far as its files, the partner's protocol and settings, and the engine tell.
pub(crate) async fn refuse_unfit(
    app: &App,
    project: &project::Model,
    task: &task_intra::Model,
    pairing: Option<&task_inter::Model>,
) -> Result<(), AppError> {
    crate::objects::refuse_deleted_inputs(app, task).await?;
    let partner = projects::partner_of(project)?;
    check_channel(app, crate::tasks::engine_of(app, task), &partner).await?;
    refuse_pairing_that_differs(app, task, pairing)?;
    check_config(app, task).await
}

/// Refuses an engine whose messages the partner's console cannot carry: it would wait for ever.
async fn check_channel(app: &App, engine: &str, partner: &PartnerId) -> Result<(), AppError> {
    let partner = crate::partners::find(app.db().reader(), partner).await?;
    let base = crate::partners::trust_of(&partner)? == PartnerTrust::Base;
    if base && app.engines().needs_channel(engine) {
        return Err(AppError::conflict(
            ErrorCode::EngineNeedsChannel,
            format!(
                "The engine {engine:?} talks to its other half over the channel between two consoles, which the \
                 partner's console does not have. Choose another engine for the task."
            ),
        ));
    }
    Ok(())
}

/// Asks the engine whether it would take the config, before anything is written or sent.
async fn check_config(app: &App, task: &task_intra::Model) -> Result<(), AppError> {
    let problems = crate::tasks::problems(app, task).await?;
    if problems.is_empty() {
        return Ok(());
    }
    Err(AppError::fields(problems).as_kind(ErrorKind::Unprocessable, ErrorCode::ConfigRefused))
}

/// Starts a run that is ready, or starts it again as a new attempt; the partner is told.
///
/// # Errors
/// `not_found`; `cannot_start` in any other state; `project_archived`, `partner_not_active`.
pub async fn start(app: &App, operator: &Operator, id: &InstanceId) -> Result<Instance, AppError> {
    rights::require(operator, Action::Run)?;
    let row = find(app, id).await?;
    if status_of(&row)? == InstanceStatus::AwaitingConsent {
        return Err(AppError::conflict(
            ErrorCode::AwaitingConsent,
            "The partner asks for this run. Look at what would run, and accept or refuse it.",
        ));
    }
    refuse_start(app, &row).await?;
    let detail = "Only a run that is ready, or was stopped, failed or lost, can be started.";
    order(
        app,
        operator,
        id,
        InstanceEvent::StartRequested,
        InstanceStatus::is_startable,
        (ErrorCode::CannotStart, detail),
    )
    .await
}

/// Refuses a start in a project that is closed, with a partner that nothing may be run with, or of a task whose files were
/// deleted.
pub(crate) async fn refuse_start(app: &App, row: &task_instance::Model) -> Result<(), AppError> {
    let db = app.db().reader();
    if let Some(project) = change::project_of(db, row).await? {
        projects::refuse_closed(db, &project).await?;
    }
    let task = TaskId::parse(&row.task_intra_id).map_err(AppError::internal)?;
    if let Some(task) = tasks::find(db, &task).await? {
        refuse_archived_task(app, &task).await?;
        crate::objects::refuse_deleted_inputs(app, &task).await?;
    }
    match change::partner_of(db, row).await? {
        Some(partner) => crate::partners::refuse_unconfirmed(&partner),
        None => Ok(()),
    }
}

async fn refuse_archived_task(app: &App, task: &task_intra::Model) -> Result<(), AppError> {
    let project = ProjectId::parse(&task.project_id).map_err(AppError::internal)?;
    let root = tasks::find_root(app.db().reader(), &project, &task.name).await?;
    crate::tasks::refuse_archived(task, root.as_ref())
}

/// Whether our half has ended and that of a partner with the base protocol goes on: it can be asked to stop it.
async fn goes_on_there(app: &App, row: &task_instance::Model) -> Result<bool, AppError> {
    let theirs = row.partner_status.map(InstanceStatus::from_number);
    if !status_of(row)?.is_terminal() || !matches!(theirs, Some(Ok(InstanceStatus::Running))) {
        return Ok(false);
    }
    let partner = change::partner_of(app.db().reader(), row).await?;
    Ok(partner.is_some_and(|partner| partner.trust == PartnerTrust::Base.number()))
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
    let can = |status: InstanceStatus| status.is_stoppable() || status == InstanceStatus::Stopping;
    order(
        app,
        operator,
        id,
        event,
        can,
        (ErrorCode::CannotStop, "The run has ended already."),
    )
    .await
}

async fn order(
    app: &App,
    operator: &Operator,
    id: &InstanceId,
    event: InstanceEvent,
    can: impl Fn(InstanceStatus) -> bool,
    refusal: (ErrorCode, &str),
) -> Result<Instance, AppError> {
    rights::require(operator, Action::Run)?;
    let row = find(app, id).await?;
    let applied = apply_to(app, id, &Change::new(event, Actor::operator(operator))).await?;
    let refused = match applied {
        Applied::Changed(_) => false,
        Applied::Refused => true,
        Applied::Unchanged => !can(status_of(&row)?),
    };
    if refused {
        Err(AppError::conflict(refusal.0, refusal.1))
    } else {
        get(app, operator, id).await
    }
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
    check_comment(comment.as_ref().and_then(Option::as_deref))?;
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
        if !status_of(&row)?.is_deletable() {
            return Err(AppError::conflict(
                ErrorCode::StillRunning,
                "Only a run that has ended can be deleted. Stop it first.",
            ));
        }
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
    });
    let partner = crate::partners::id_of(&partner)?;
    outbox::enqueue(tx, &partner, id.as_str(), &message, Some(&operator.request_id)).await?;
    Ok(())
}

fn check_comment(comment: Option<&str>) -> Result<(), AppError> {
    match comment.map(|text| text.chars().count()) {
        Some(count) if count > COMMENT => Err(AppError::field("/comment", Fault::too_long(COMMENT, count))),
        _ => Ok(()),
    }
}

async fn find(app: &App, id: &InstanceId) -> Result<task_instance::Model, AppError> {
    rows::find(app.db().reader(), id)
        .await?
        .ok_or_else(|| AppError::not_found("instance"))
}
