//! Delivers messages about runs.

use console_db::entity::{task_inter, task_intra};
use console_db::{instances as rows, pairings, retry, tasks};
use console_model::{
    InstanceEvent, InstanceId, InstanceStatus, PartnerTrust, RunReason, RunReasonCode, StopCause,
};
use console_peer::base::BaseStatus;
use console_peer::client::PeerError;

use super::remote::Remote;
use super::{Delivery, DeliveryError, Verdict};
use crate::instances::change::{Actor, Applied, Change, apply, apply_to};
use crate::instances::watch::is_new_there;
use crate::outbox::instance::{CreateInstance, InstanceStatusChange, UpdateInstance, Wish};
use crate::pairings::fit::Half;
use crate::told::Told;
use crate::{App, AppError};

/// So often a base partner is asked to stop a half that has not begun: for some two minutes with the default waits.
const STOP_TRIES: u32 = 8;

/// Tells the partner of a new run, takes over its id, and starts our half.
pub(super) async fn deliver_create(
    delivery: &Delivery<'_>,
    body: &CreateInstance,
) -> Result<(), DeliveryError> {
    let remote = Remote::of(delivery, &body.instance_id)?;
    let task = task_of(delivery.app, &body.instance_id).await?;
    let shared_settings = match &task {
        Some(task) => Half::of(delivery.app, task)?.shared_settings(delivery.app.engines()),
        None => None,
    };
    match remote.create(body, shared_settings).await {
        Ok(answer) => {
            let known = if delivery.partner.trust == PartnerTrust::Base {
                // It starts its engine when it accepts a run, and says so to nobody.
                Some(InstanceStatus::Running)
            } else {
                answer.awaiting_consent.then_some(InstanceStatus::AwaitingConsent)
            };
            Ok(linked(delivery.app, body, answer.task_instance_id, known).await?)
        }
        Err(error) => {
            let verdict = remote.verdict(&error);
            if verdict != Verdict::TryAgain {
                if let Some(task) = &task {
                    keep_settings(delivery.app, task, &error).await?;
                }
                let reason = no(RunReasonCode::PartnerRefused, &error);
                end(delivery.app, &body.instance_id, body.attempt, reason).await?;
            }
            Err(verdict.as_error(&error))
        }
    }
}

/// The partner's no, with why.
fn no(code: RunReasonCode, error: &PeerError) -> RunReason {
    let told = Told::from(error);
    let chinese = told.chinese();
    RunReason::with(code, Some(told.text)).in_chinese(chinese)
}

/// The task version of a run.
async fn task_of(app: &App, id: &InstanceId) -> Result<Option<task_intra::Model>, AppError> {
    let db = app.db().reader();
    let Some(row) = rows::find(db, id).await? else {
        return Ok(None);
    };
    Ok(tasks::find(db, &row.task_intra_id).await?)
}

/// Keeps the partner's settings that it refused a run with, so that they can be looked at beside ours.
async fn keep_settings(app: &App, task: &task_intra::Model, error: &PeerError) -> Result<(), AppError> {
    let PeerError::Refused {
        refusal: Some(refusal),
        ..
    } = error
    else {
        return Ok(());
    };
    let Some(theirs) = &refusal.shared_settings else {
        return Ok(());
    };
    retry(async || -> Result<(), AppError> {
        let tx = app.db().begin().await?;
        if let Some(row) = pairings::find_of_task(&tx, &task.id).await? {
            let row = task_inter::Model {
                peer_settings: Some(theirs.to_value()),
                ..row
            };
            pairings::save(&tx, row).await?;
            tx.commit().await?;
        }
        Ok(())
    })
    .await
}

async fn linked(
    app: &App,
    body: &CreateInstance,
    theirs: InstanceId,
    known: Option<InstanceStatus>,
) -> Result<(), AppError> {
    retry(async || linked_once(app, body, &theirs, known).await).await?;
    app.wake().runs.notify_one();
    app.wake().outbox.notify_one();
    Ok(())
}

async fn linked_once(
    app: &App,
    body: &CreateInstance,
    theirs: &InstanceId,
    known: Option<InstanceStatus>,
) -> Result<(), AppError> {
    let tx = app.db().begin().await?;
    if let Some(row) = rows::find(&tx, &body.instance_id).await? {
        let row = rows::link(&tx, row, theirs).await?;
        if known.is_some() {
            rows::note_partner(&tx, &body.instance_id, known).await?;
        }
        let knows = Change::new(InstanceEvent::PartnerKnows, Actor::console());
        // Our half begins when the partner says that its own does.
        if let Applied::Changed(row) = apply(&tx, row, &knows).await?
            && known != Some(InstanceStatus::AwaitingConsent)
        {
            let start = Change::new(InstanceEvent::StartRequested, Actor::console());
            apply(&tx, *row, &start.because(RunReasonCode::BothKnow)).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Ends an attempt of our half because the partner cannot do its half.
async fn end(app: &App, id: &InstanceId, attempt: u32, reason: RunReason) -> Result<(), AppError> {
    let event = InstanceEvent::StopRequested(StopCause::PartnerFailed);
    let change = Change::new(event, Actor::console())
        .because(reason)
        .of_attempt(attempt.cast_signed());
    apply_to(app, id, &change).await?;
    Ok(())
}

/// Asks the partner to start or stop its half.
pub(super) async fn deliver_update(
    delivery: &Delivery<'_>,
    body: &UpdateInstance,
) -> Result<(), DeliveryError> {
    let remote = Remote::of(delivery, &body.instance_id)?;
    let base = delivery.partner.trust == PartnerTrust::Base;
    let error = match remote.update(body).await {
        Ok(status) => {
            // What a paired partner announces in its own words says more than the base number.
            let theirs = status.to_ours(body.wish == Wish::Stop).filter(|_| base);
            rows::note_partner(delivery.app.db(), &body.instance_id, theirs).await?;
            return match body.wish {
                _ if !base => Ok(()),
                Wish::Start => started(delivery, body, status).await,
                Wish::Stop => stopped(delivery, body, status).await,
            };
        }
        Err(error) => error,
    };
    let verdict = remote.verdict(&error);
    match (verdict, body.wish) {
        (Verdict::TryAgain, _) => Err(verdict.as_error(&error)),
        (_, Wish::Stop) if base => not_stopped(delivery, body, verdict, &error).await,
        // Nothing runs there any more, which is all that a stop wants.
        (Verdict::NobodyThere, Wish::Stop) => {
            Ok(rows::note_gone(delivery.app.db(), &body.instance_id).await?)
        }
        (Verdict::Refused, Wish::Stop) => Err(verdict.as_error(&error)),
        (_, Wish::Start) => {
            if verdict == Verdict::NobodyThere {
                rows::note_gone(delivery.app.db(), &body.instance_id).await?;
            }
            let reason = no(RunReasonCode::PartnerRefusedStart, &error);
            end(delivery.app, &body.instance_id, body.attempt, reason).await?;
            Err(verdict.as_error(&error))
        }
    }
}

/// Whether a base partner's half was started again. It says so by its state alone, and starts only what was stopped.
async fn started(
    delivery: &Delivery<'_>,
    body: &UpdateInstance,
    status: BaseStatus,
) -> Result<(), DeliveryError> {
    if status == BaseStatus::Running {
        return Ok(());
    }
    let state = status
        .to_ours(true)
        .map_or_else(|| status.number().to_string(), |status| status.to_string());
    let reason = RunReason::with(RunReasonCode::PartnerCannotStart, Some(state));
    end(delivery.app, &body.instance_id, body.attempt, reason.clone()).await?;
    Err(DeliveryError::Refused(reason.to_string().into()))
}

/// Whether a base partner's half was stopped. One that has not begun yet is not, and begins all the same.
async fn stopped(
    delivery: &Delivery<'_>,
    body: &UpdateInstance,
    status: BaseStatus,
) -> Result<(), DeliveryError> {
    let ended = !matches!(
        status,
        BaseStatus::Draft | BaseStatus::Ready | BaseStatus::Running
    );
    if ended || delivery.tries >= STOP_TRIES || overtaken(delivery, body).await? {
        return Ok(());
    }
    let reason = "the partner's half has not begun yet, so it cannot be stopped";
    Err(DeliveryError::Retry(reason.to_owned().into()))
}

/// Whether the run was started again, or deleted, since the stop was asked for.
async fn overtaken(delivery: &Delivery<'_>, body: &UpdateInstance) -> Result<bool, DeliveryError> {
    let row = rows::find(delivery.app.db().reader(), &body.instance_id).await?;
    Ok(row.is_none_or(|row| row.attempt.unsigned_abs() > body.attempt))
}

/// A base partner that refuses a stop has nothing that runs, which is all that a stop wants – but for two answers: its
/// database may refuse, and it does not know yet what it has just asked us for.
async fn not_stopped(
    delivery: &Delivery<'_>,
    body: &UpdateInstance,
    verdict: Verdict,
    error: &PeerError,
) -> Result<(), DeliveryError> {
    let again = delivery.tries < STOP_TRIES;
    match error {
        PeerError::Refused { status: 500.., .. } if again => Err(DeliveryError::Retry(error.into())),
        PeerError::Refused { status: 500.., .. } => Err(verdict.as_error(error)),
        PeerError::Refused { status: 404, .. } => {
            let row = rows::find(delivery.app.db().reader(), &body.instance_id).await?;
            if again && row.is_some_and(|row| is_new_there(&row)) {
                return Err(DeliveryError::Retry(error.into()));
            }
            Ok(rows::note_gone(delivery.app.db(), &body.instance_id).await?)
        }
        PeerError::Refused { .. } => Ok(()),
        _ => Err(verdict.as_error(error)),
    }
}

/// Announces the state of our half.
pub(super) async fn deliver_status(
    delivery: &Delivery<'_>,
    body: &InstanceStatusChange,
) -> Result<(), DeliveryError> {
    let remote = Remote::of(delivery, &body.instance_id)?;
    match remote.announce(body).await {
        Ok(()) => Ok(()),
        Err(error) => match remote.verdict(&error) {
            // It deleted its half, or never had it.
            Verdict::NobodyThere => Ok(()),
            verdict => Err(verdict.as_error(&error)),
        },
    }
}
