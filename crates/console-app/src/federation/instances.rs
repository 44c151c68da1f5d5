//! A partner's calls about runs.

mod command;

use chrono::Utc;
use console_db::entity::{task_instance, task_intra};
use console_db::instances::{self as rows, NewInstance};
use console_db::{ConnectionTrait, Tx, outbox as messages, pairings, retry, tasks};
use console_model::{
    InstanceEvent, InstanceId, InstanceStatus, LinkStatus, RunReason, RunReasonCode, StopCause,
};
use console_peer::Word;
use console_peer::base::{
    BaseError, BaseStatus, EpochSeconds, InstanceCreate, InstanceCreateAnswer, InstanceRow,
    InstanceStatusAnswer, InstanceUpdate, RspCode, StatusCommand,
};
use console_peer::ext::{InstanceReport, InstanceReportAnswer};
use console_peer::refusal::Reason;

use super::caller::Caller;
use super::command::{answered, once, remember};
use super::{PeerRefusal, shared_settings};
use crate::instances::DELETED;
use crate::instances::change::{Actor, Applied, Change, apply, project_of};
use crate::outbox::instance as outbox;
use crate::reached_limits::{Limit, Refusal};
use crate::{App, AppError};
use command::Wanted;

/// `POST /task_instance/peer/<theirs>`: takes the run over and, if the administrator's setting says so, starts it.
///
/// The same content again gives the same id.
///
/// # Errors
/// 404 for a pairing that is not shared with the caller, 409 for the same id with another pairing, 400 when the pairing
/// is not ready or the task's engine cannot work with the caller, 503 when the answer about the pairing is under way.
pub async fn create(
    app: &App,
    caller: &Caller,
    theirs: &InstanceId,
    request: &InstanceCreate,
) -> Result<InstanceCreateAnswer, PeerRefusal> {
    let answer = once(app, caller, async |tx| {
        create_in(app, tx, caller, theirs, request).await
    })
    .await?;
    app.wake().runs.notify_one();
    app.wake().outbox.notify_one();
    app.wake().consents.notify_one();
    Ok(answer)
}

async fn create_in(
    app: &App,
    tx: &Tx,
    caller: &Caller,
    theirs: &InstanceId,
    request: &InstanceCreate,
) -> Result<InstanceCreateAnswer, PeerRefusal> {
    let unknown = || PeerRefusal::not_found("task peer id not found");
    if let Some(row) = rows::find_of_partner(tx, &caller.partner_id(), theirs.as_str()).await? {
        if row.task_inter_id != request.task_peer_id.as_str() {
            return Err(PeerRefusal::conflict(
                "this task_instance exists with another task",
            ));
        }
        return created(caller, &row);
    }
    caller.refuse_unconfirmed()?;
    let found = pairings::find_shared(tx, &caller.partner_id(), &request.task_peer_id).await?;
    let (pairing, task, project) = found.ok_or_else(unknown)?;
    if pairing.status != LinkStatus::Ready {
        // The caller may have answered our question, and we have not heard it yet. A base partner takes no "try again".
        if caller.signed && pairing.initiated_here && pairing.error.is_none() {
            return Err(PeerRefusal::try_again("the pairing is not complete, try again"));
        }
        return Err(PeerRefusal::precondition("this task is not paired"));
    }
    if project.status == LinkStatus::Archive {
        return Err(PeerRefusal::because(
            Reason::ProjectClosed,
            "this project is closed",
        ));
    }
    if is_archived(tx, &task).await? {
        return Err(PeerRefusal::because(
            Reason::TaskArchived,
            "this task is archived",
        ));
    }
    shared_settings::refuse_differing(app, &task, request.shared_settings.as_ref())?;
    refuse_many_runs(app, tx, caller).await?;
    let engine = crate::tasks::engine_of(app, &task).to_owned();
    if !caller.signed && app.engines().needs_channel(&engine) {
        return Err(PeerRefusal::precondition(
            "the engine of this task needs a channel between the consoles, which the base protocol does not have",
        ));
    }
    let new = NewInstance {
        id: InstanceId::generate(),
        task_id: task.id.clone(),
        task_root_id: crate::tasks::root_id(tx, &task).await?,
        pairing_id: request.task_peer_id.clone(),
        // On a row that a partner's call created, both are our own id, as the original has it.
        task_peer_id: request.task_peer_id.to_string(),
        instance_peer_id: Some(theirs.to_string()),
        project_id: project.id.clone(),
        partner_id: Some(caller.partner_id()),
        status: InstanceStatus::Ready,
        attempt: attempt_near(0, request.attempt)?.unwrap_or(1),
        initiator: false,
        engine: Some(engine),
        comment: None,
        actor_kind: "partner",
        actor: Some(caller.partner.id.to_string()),
        request_id: Some(caller.request_id.clone()),
        at: Utc::now(),
    };
    let row = rows::insert(tx, new).await?;
    if !caller.signed {
        // It knows our id when it has this answer.
        rows::note_partner(tx, &row.id, Some(InstanceStatus::Draft)).await?;
    }
    let Some(event) = command::start_event(app) else {
        return created(caller, &row);
    };
    let change = Change::new(
        event,
        Actor::partner(caller.partner.id.as_str(), &caller.request_id),
    );
    match apply(tx, row.clone(), &change).await? {
        Applied::Changed(row) => created(caller, &row),
        Applied::Unchanged | Applied::Refused => created(caller, &row),
    }
}

/// Whether a version was put away, alone or with its task.
async fn is_archived(db: &impl ConnectionTrait, task: &task_intra::Model) -> Result<bool, AppError> {
    let root = tasks::find_root(db, &task.project_id, &task.name).await?;
    Ok(crate::tasks::is_archived(task, root.as_ref()))
}

/// Refuses a run more than a partner may have asked for, of those that go on and of those that have ended.
async fn refuse_many_runs(app: &App, tx: &Tx, caller: &Caller) -> Result<(), PeerRefusal> {
    let federation = &app.settings().federation;
    let (live, ended) = (
        federation.max_live_runs_per_partner,
        federation.max_ended_runs_per_partner,
    );
    for (limit, statuses, most, which) in [
        (
            Limit::PartnerRuns,
            InstanceStatus::STOPPABLE,
            live,
            "have not ended",
        ),
        (
            Limit::PartnerEndedRuns,
            InstanceStatus::TERMINAL,
            ended,
            "have ended",
        ),
    ] {
        let figure = rows::count_asked_by(tx, &caller.partner.id, statuses).await?;
        if figure >= most {
            return Err(PeerRefusal::over_limit(
                Refusal { limit, figure, most },
                format!("this console takes at most {most} runs of one partner that {which}"),
            ));
        }
    }
    Ok(())
}

fn created(caller: &Caller, row: &task_instance::Model) -> Result<InstanceCreateAnswer, PeerRefusal> {
    Ok(InstanceCreateAnswer {
        task_instance_id: row.id.clone(),
        awaiting_consent: caller.signed && row.status == InstanceStatus::AwaitingConsent,
    })
}

/// `PUT /task_instance/peer/<theirs>`: starts or stops our half; any other status changes nothing.
///
/// # Errors
/// 404 for an instance that is not shared with the caller, 400 for a start in a project that is closed. A signed caller
/// gets 503 for a start while our half of an earlier attempt still stops, 409 for one of an attempt before ours, 400 when
/// our half cannot start again.
pub async fn update(
    app: &App,
    caller: &Caller,
    theirs: &InstanceId,
    request: &InstanceUpdate,
) -> Result<InstanceStatusAnswer, PeerRefusal> {
    let done = retry(async || -> Result<Result<BaseStatus, PeerRefusal>, PeerRefusal> {
        let tx = app.db().begin().await?;
        if let Some(status) = answered(&tx, caller).await? {
            return Ok(Ok(status));
        }
        let row = shared(&tx, caller, theirs, || {
            BaseError::instance_unknown_in_update(theirs.as_str())
        })
        .await?;
        let before = row.status;
        if let Some(theirs) = command::told(caller, request.status) {
            rows::note_partner(&tx, &row.id, Some(theirs)).await?;
        }
        let wanted = command::wanted(app, caller, &row, before, request)?;
        let starts = matches!(wanted, Wanted::Change(_)) && request.status == StatusCommand::Run;
        if starts {
            caller.refuse_unconfirmed()?;
        }
        if starts && before.is_startable() {
            let project = project_of(&tx, &row).await?;
            if project.is_some_and(|project| project.status == LinkStatus::Archive) {
                return Err(PeerRefusal::precondition("this project is closed"));
            }
        }
        let done = match wanted {
            Wanted::Nothing => Ok(before.into()),
            Wanted::Change(change) => match apply(&tx, row, &change).await? {
                Applied::Changed(row) => Ok(command::answer(row.status, request)),
                Applied::Unchanged => Ok(command::answer(before, request)),
                Applied::Refused => command::refused(caller, before),
            },
            Wanted::After(change) => {
                apply(&tx, row, &change).await?;
                Err(PeerRefusal::try_again(
                    "an earlier attempt is still stopping here, try again",
                ))
            }
        };
        if let Ok(status) = &done {
            remember(&tx, caller, status).await?;
        }
        tx.commit().await?;
        Ok(done)
    })
    .await?;
    app.wake().runs.notify_one();
    app.wake().outbox.notify_one();
    app.wake().consents.notify_one();
    Ok(InstanceStatusAnswer { status: done? })
}

/// `GET /task_instance/peer/<theirs>`: the row, without our messages, errors and comment.
///
/// # Errors
/// 404 for an instance that is not shared with the caller.
pub async fn get(app: &App, caller: &Caller, theirs: &InstanceId) -> Result<InstanceRow, PeerRefusal> {
    let db = app.db().reader();
    let unknown = || BaseError::instance_unknown_in_get(theirs.as_str());
    let row = shared(db, caller, theirs, unknown).await?;
    let task_id = row.task_intra_id.clone();
    let name = tasks::find(db, &task_id).await?.map(|task| task.name);
    // The original's columns have whole seconds.
    let whole_seconds = |at: chrono::NaiveDateTime| EpochSeconds::new(at.and_utc().timestamp() as f64);
    Ok(InstanceRow {
        attempt: caller.signed.then_some(row.attempt.unsigned_abs()),
        comment: None,
        error: None,
        message: None,
        gmt_create: Some(whole_seconds(row.gmt_create)),
        gmt_error: row.gmt_error.map(whole_seconds),
        gmt_modified: Some(whole_seconds(row.gmt_modified)),
        gmt_start: row.gmt_start.map(whole_seconds),
        id: row.id.clone(),
        instance_peer_id: Some(theirs.clone()),
        status: row.status.into(),
        task_inter_id: Some(row.task_inter_id.clone()),
        task_intra_id: Some(task_id),
        task_intra_name: name,
        task_peer_id: parsed(&row.task_peer_id),
    })
}

/// `PUT /peer/instances/<theirs>/status`: the state of the partner's half. When its half ended badly, ours is stopped.
///
/// Announcements carry a growing number: a late or repeated one changes nothing.
///
/// # Errors
/// 404 for an instance that is not shared with the caller.
pub async fn report(
    app: &App,
    caller: &Caller,
    theirs: &InstanceId,
    report: &InstanceReport,
) -> Result<InstanceReportAnswer, PeerRefusal> {
    let answer = once(app, caller, async |tx| {
        hear(tx, caller, theirs, report).await?;
        Ok(InstanceReportAnswer { seq: report.seq })
    })
    .await?;
    app.wake().outputs.notify_one();
    app.wake().runs.notify_one();
    app.wake().outbox.notify_one();
    Ok(answer)
}

async fn hear(
    tx: &Tx,
    caller: &Caller,
    theirs: &InstanceId,
    report: &InstanceReport,
) -> Result<(), PeerRefusal> {
    let row = shared(tx, caller, theirs, unknown).await?;
    let seq = i64::try_from(report.seq).unwrap_or(i64::MAX);
    let attempt = attempt_near(row.attempt, Some(report.attempt))?.unwrap_or_default();
    let status = match &report.status {
        Word::Known(status) => *status,
        Word::Other(word) if word == DELETED => return Ok(rows::note_gone(tx, &row.id).await?),
        Word::Other(_) => return Ok(()),
    };
    let clean = |text: &Option<String>| text.as_deref().map(|text| console_model::plain(text, 1024));
    let (detail, detail_zh) = (clean(&report.detail), clean(&report.detail_zh));
    let failure = report.failure.as_ref();
    let failure = failure.filter(|_| status == InstanceStatus::Failed);
    let told = rows::Told {
        detail: detail.as_deref(),
        detail_zh: detail_zh.as_deref(),
        failure_code: failure
            .and_then(|failure| failure.code.as_deref())
            .filter(|code| task_interface::is_code(code)),
        retryable: failure.map(|failure| failure.retryable),
    };
    let heard = rows::hear_partner(tx, &row.id, seq, attempt, status, &told).await?;
    if heard != rows::Heard::Known
        && attempt >= row.attempt
        && let Some(change) = consequence(caller, &row, status, &told)?
    {
        let reason = change.reason.clone();
        let (id, ours) = (row.id.clone(), row.attempt);
        apply(tx, row, &change).await?;
        // Our half may have ended by the news that theirs failed before the reason came.
        if status == InstanceStatus::Failed
            && attempt == ours
            && let Some(reason) = reason.filter(|_| told.detail.is_some())
        {
            rows::set_partner_reason(tx, &id, ours, &reason).await?;
        }
    }
    Ok(())
}

/// The instance that the caller knows by its id.
pub(super) async fn shared(
    db: &impl ConnectionTrait,
    caller: &Caller,
    theirs: &InstanceId,
    unknown: impl FnOnce() -> BaseError,
) -> Result<task_instance::Model, PeerRefusal> {
    let partner = caller.partner_id();
    if let Some(row) = rows::find_of_partner(db, &partner, theirs.as_str()).await? {
        return Ok(row);
    }
    // It may be one of ours, whose answer we have not heard yet. A base partner takes no "try again".
    if caller.signed && messages::any_waiting(db, &partner, outbox::CREATE).await? {
        return Err(PeerRefusal::try_again(
            "a run is not known to both sides yet, try again",
        ));
    }
    // The answer may have come between the two looks.
    let found = rows::find_of_partner(db, &partner, theirs.as_str()).await?;
    Ok(found.ok_or_else(unknown)?)
}

/// What no instance with the sender's id is, in the extensions.
pub(super) fn unknown() -> BaseError {
    BaseError::new(RspCode::NotFound, "there is no such instance")
}

/// The attempt that a partner names. Attempts are counted together, so one that is far from ours is nonsense, and would
/// use up the numbers.
fn attempt_near(ours: i32, theirs: Option<u32>) -> Result<Option<i32>, PeerRefusal> {
    const AHEAD: i32 = 1000;
    let near = |attempt: u32| {
        i32::try_from(attempt)
            .ok()
            .filter(|attempt| (1..=ours.saturating_add(AHEAD)).contains(attempt))
            .ok_or_else(|| BaseError::invalid("incorrect params, the attempt is out of range").into())
    };
    theirs.map(near).transpose()
}

/// What the end of the partner's half means for ours.
fn consequence(
    caller: &Caller,
    row: &task_instance::Model,
    status: InstanceStatus,
    told: &rows::Told<'_>,
) -> Result<Option<Change>, AppError> {
    let actor = Actor::partner(caller.partner.id.as_str(), &caller.request_id);
    let stop = |cause| Change::new(InstanceEvent::StopRequested(cause), actor.clone());
    let why = |code| RunReason::with(code, told.detail).in_chinese(told.detail_zh);
    Ok(match status {
        // We asked for the run, and its operators have said yes.
        InstanceStatus::Starting | InstanceStatus::Running
            if row.initiator && row.status == InstanceStatus::Ready =>
        {
            let start = Change::new(InstanceEvent::StartRequested, Actor::console());
            Some(start.because(RunReasonCode::BothKnow))
        }
        InstanceStatus::Failed => {
            Some(stop(StopCause::PartnerFailed).because(why(RunReasonCode::PartnerFailed)))
        }
        InstanceStatus::Lost => Some(stop(StopCause::PartnerFailed).because(why(RunReasonCode::PartnerLost))),
        InstanceStatus::Stopped | InstanceStatus::Archive => {
            Some(stop(StopCause::PartnerStopped).because(why(RunReasonCode::PartnerStopped)))
        }
        InstanceStatus::Draft
        | InstanceStatus::Ready
        | InstanceStatus::AwaitingConsent
        | InstanceStatus::Starting
        | InstanceStatus::Running
        | InstanceStatus::Stopping
        | InstanceStatus::Succeeded => None,
    })
}

fn parsed<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}
