//! The reconciler of the other half: asks partners how running instances are doing there.
//!
//! A base partner announces nothing, so it is the only way to learn its state. A paired partner announces its changes;
//! asking it now and then tells a long silence from a quiet run, and mends what an announcement missed.
//!
//! A base partner's half often ends later than ours, so it is asked until it has ended, less and less often.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{NaiveDateTime, TimeDelta, Utc};
use console_db::entity::{partner, task_instance};
use console_db::{instances as rows, outbox as messages, partners};
use console_model::{
    InstanceEvent, InstanceId, InstanceStatus, MessageState, PartnerId, PartnerTrust, RunReason,
    RunReasonCode, StopCause,
};
use console_peer::base::{BaseStatus, InstanceRow};
use console_peer::client::PeerError;
use futures_util::StreamExt;

use super::change::{self, Actor, Change, apply_to};
use super::remote;
use crate::outbox::instance::{UpdateInstance, Wish};
use crate::outbox::{self, Message};
use crate::reconcile::Pass;
use crate::told::Told;
use crate::{App, AppError};

/// Most runs that are looked at in one pass.
const BATCH_SIZE: u64 = 256;
/// Most questions in a second, about: with more runs than one pass looks at, each is asked about less often.
const MAX_QUESTIONS_PER_SECOND: u64 = 20;
/// States in which a partner is asked how its half is doing.
const WATCHED: [InstanceStatus; 2] = [InstanceStatus::Starting, InstanceStatus::Running];
const CALLS_AT_A_TIME: usize = 8;
/// A paired partner is asked less often: it announces what changes.
const PAIRED_FACTOR: u32 = 6;
/// A half that goes on at a base partner when ours has ended is asked about for so long ...
const OUTLIVES: TimeDelta = TimeDelta::days(1);
/// ... with pauses of this part of the time since.
const SINCE_FACTOR: u32 = 8;
/// A base partner that asks for a run knows our id of it only when it has our answer and has stored it.
const NEW: TimeDelta = TimeDelta::minutes(1);

/// One pass over the instances that run here, or still at a base partner.
///
/// # Errors
/// When the database does not answer. A partner that does not answer is no error.
pub async fn watch_partners(app: App) -> Result<Pass, AppError> {
    let (db, now) = (app.db().reader(), Utc::now());
    let mut found = rows::due(db, &WATCHED, now, BATCH_SIZE).await?;
    let more = found.len() as u64 == BATCH_SIZE;
    found.extend(rows::outlived(db, now - OUTLIVES, now, BATCH_SIZE).await?);
    if found.is_empty() {
        return Ok(Pass::Idle);
    }
    let runs = rows::count_with_status(db, &WATCHED).await?;
    let least = Duration::from_secs(runs.saturating_sub(BATCH_SIZE) / MAX_QUESTIONS_PER_SECOND);
    let looks = futures_util::stream::iter(found.into_iter().map(|row| {
        let app = &app;
        async move {
            let id = row.id.clone();
            look(app, row, least).await.map(|wait| (id, wait))
        }
    }));
    let mut looks = looks.buffer_unordered(CALLS_AT_A_TIME);
    // Those that are looked at again in the same second are noted by one statement.
    let mut next: BTreeMap<u64, Vec<InstanceId>> = BTreeMap::new();
    while let Some(done) = looks.next().await {
        let (id, wait) = done?;
        next.entry(wait.as_secs().max(1)).or_default().push(id);
    }
    for (seconds, ids) in next {
        let wait = TimeDelta::try_seconds(i64::try_from(seconds).unwrap_or(i64::MAX));
        let at = now + wait.unwrap_or(OUTLIVES);
        rows::watch_at(app.db().writer(), &ids, at).await?;
    }
    Ok(if more { Pass::More } else { Pass::Idle })
}

/// Looks at one run; tells after how long to look again. `least`: how long that is at the least, for a partner that answers.
async fn look(app: &App, row: task_instance::Model, least: Duration) -> Result<Duration, AppError> {
    let id = row.id.clone();
    let federation = &app.settings().federation;
    let Some(partner) = change::partner_of(app.db().reader(), &row).await? else {
        return Ok(federation.lost_after);
    };
    let every = match (partner.trust, row.gmt_end) {
        (PartnerTrust::Base, None) => federation.poll_every,
        (PartnerTrust::Base, Some(end)) => federation.poll_every.max(since(end) / SINCE_FACTOR),
        (_, Some(_)) => return Ok(federation.lost_after),
        (PartnerTrust::Paired, None) => federation.poll_every * PAIRED_FACTOR,
        (PartnerTrust::Unpaired, None) => {
            let why = RunReasonCode::Unpaired;
            stop(app, &row, &id, StopCause::PartnerStopped, why).await?;
            return Ok(federation.poll_every);
        }
        (PartnerTrust::Pending | PartnerTrust::Suspended, None) => {
            let again = (federation.poll_every * PAIRED_FACTOR).max(least);
            return silent(app, &row, &id, &partner, again).await;
        }
    };
    let every = every.max(least);
    if row.instance_peer_id.is_none() || app.jobs().silent().includes(&partner.id) {
        return silent(app, &row, &id, &partner, every).await;
    }
    let quiet = quiet(app, &row);
    if quiet < every {
        return Ok(every - quiet);
    }
    ask(app, &row, &id, &partner, every).await
}

/// Asks now, because the partner says that the attempt is over there.
///
/// # Errors
/// When the database does not answer. A partner that does not answer is no error.
pub(super) async fn look_now(app: &App, id: &InstanceId) -> Result<(), AppError> {
    let Some(row) = rows::find(app.db().reader(), id).await? else {
        return Ok(());
    };
    match change::partner_of(app.db().reader(), &row).await? {
        Some(partner) if matches!(row.status, InstanceStatus::Starting | InstanceStatus::Running) => {
            let every = app.settings().federation.poll_every;
            ask(app, &row, id, &partner, every).await.map(drop)
        }
        _ => Ok(()),
    }
}

async fn ask(
    app: &App,
    row: &task_instance::Model,
    id: &InstanceId,
    partner: &partner::Model,
    every: Duration,
) -> Result<Duration, AppError> {
    let base = partner.trust == PartnerTrust::Base;
    match remote::ask(app, partner, id, row.instance_peer_id.as_deref()).await {
        Ok(theirs) => {
            app.jobs().found(id);
            // What a paired partner announced in its own words says more than the base number.
            let news = theirs.status.to_ours(stop_was_asked(row)?).filter(|_| base);
            rows::note_partner(app.db(), id, news).await?;
            let by_partner = row.stop_cause == Some(StopCause::PartnerStopped.number());
            let goes_on = base && theirs.status == BaseStatus::Running && row.gmt_end.is_some();
            if goes_on && !by_partner && stop_was_asked(row)? {
                repeat_stop(app, row, id).await?;
            }
            if let Some((cause, why)) = end_of(row, &theirs, base) {
                stop(app, row, id, cause, why).await?;
            }
            let heard = partner.last_seen_at.map_or(Duration::MAX, since);
            if partner.last_error.is_some() || heard > app.settings().federation.poll_every {
                partners::note_contact(app.db(), &partner.id, None).await?;
            }
            Ok(every)
        }
        Err(PeerError::Refused { status: 404, .. }) if is_new_there(row) => Ok(every),
        // A base partner answers before it commits, so the first time may be too early.
        Err(PeerError::Refused { status: 404, .. }) if base && app.jobs().missed(id) => Ok(every),
        Err(PeerError::Refused { status: 404, .. }) => {
            rows::note_gone(app.db(), id).await?;
            let reason = if has_no_answer(row) {
                RunReasonCode::PartnerUnknowing
            } else {
                RunReasonCode::PartnerDeleted
            };
            stop(app, row, id, StopCause::PartnerFailed, reason).await?;
            Ok(every)
        }
        Err(error) => {
            tracing::debug!(instance.id = %id, error = &error as &dyn std::error::Error, "the partner was not heard");
            if error.is_retryable() {
                let unheard = Told::from(&error);
                partners::note_contact(app.db(), &partner.id, Some(unheard.as_unheard())).await?;
            }
            let federation = &app.settings().federation;
            app.jobs().silent().note(&partner.id, federation.poll_every);
            // All its runs may be lost at the same moment, whenever they would have been asked about.
            let left = federation.lost_after.saturating_sub(silence(app, row, partner));
            let by = Utc::now() + TimeDelta::from_std(left).unwrap_or(OUTLIVES);
            rows::watch_by(app.db().writer(), &partner.id, &WATCHED, by).await?;
            // This run is the one that the partner is tried with again.
            silent(app, row, id, partner, federation.poll_every).await
        }
    }
}

/// Asks a base partner once more to stop a half that goes on although it was stopped.
pub(super) async fn repeat_stop(
    app: &App,
    row: &task_instance::Model,
    id: &InstanceId,
) -> Result<(), AppError> {
    let Some(partner) = &row.partner_id else {
        return Ok(());
    };
    // One that waits will be delivered; more of them would stop nothing sooner.
    let last = messages::outstanding(app.db().reader(), partner, id.as_str()).await?;
    if last.is_some_and(|last| last.kind == UpdateInstance::KIND && last.state == MessageState::Waiting) {
        return Ok(());
    }
    let stop = Message::UpdateInstance(UpdateInstance {
        instance_id: id.clone(),
        wish: Wish::Stop,
        attempt: row.attempt.unsigned_abs(),
    });
    let tx = app.db().begin().await?;
    outbox::enqueue(&tx, partner, id.as_str(), &stop, None).await?;
    tx.commit().await?;
    app.wake().outbox.notify_one();
    Ok(())
}

/// Whether a base partner's 5 means that its half was stopped.
fn stop_was_asked(row: &task_instance::Model) -> Result<bool, AppError> {
    let ours_ended_badly = matches!(
        row.status,
        InstanceStatus::Stopping | InstanceStatus::Stopped | InstanceStatus::Failed | InstanceStatus::Lost
    );
    Ok(ours_ended_badly || row.partner_stop_at.is_some())
}

/// What the partner's half being so means for ours, which runs. A base partner's 5 may mean that its half ended well.
fn end_of(
    row: &task_instance::Model,
    theirs: &InstanceRow,
    base: bool,
) -> Option<(StopCause, RunReasonCode)> {
    let failed = (StopCause::PartnerFailed, RunReasonCode::PartnerFailed);
    if base {
        return (theirs.status == BaseStatus::Failed).then_some(failed);
    }
    let attempt = theirs.attempt.and_then(|attempt| i32::try_from(attempt).ok());
    match attempt.unwrap_or(row.partner_attempt).cmp(&row.attempt) {
        // It has not heard of our attempt yet.
        Ordering::Less => None,
        Ordering::Greater => Some((StopCause::PartnerStopped, RunReasonCode::PartnerAnew)),
        Ordering::Equal => match theirs.status {
            BaseStatus::Failed => Some(failed),
            BaseStatus::TerminatedOrSucceeded | BaseStatus::Archive => {
                Some((StopCause::PartnerStopped, RunReasonCode::PartnerStopped))
            }
            BaseStatus::Draft
            | BaseStatus::Ready
            | BaseStatus::Running
            | BaseStatus::Succeeded
            | BaseStatus::Other(_) => None,
        },
    }
}

/// Ends a run whose partner has been silent for too long; tells after how long to look again.
async fn silent(
    app: &App,
    row: &task_instance::Model,
    id: &InstanceId,
    partner: &partner::Model,
    again: Duration,
) -> Result<Duration, AppError> {
    let federation = &app.settings().federation;
    let (limit, silence) = (federation.lost_after, silence(app, row, partner));
    if row.gmt_end.is_some() || silence < limit {
        return Ok(again.min(limit.saturating_sub(silence)));
    }
    // Between two attempts nobody had a reason to speak.
    let begun = rows::attempt_began(app.db().reader(), id, row.attempt).await?;
    if let Some(begun) = begun.filter(|begun| since(*begun) < limit) {
        return Ok(limit - since(begun));
    }
    let seconds = Some(limit.as_secs().to_string());
    let reason = RunReason::with(RunReasonCode::PartnerSilent, seconds);
    stop(app, row, id, StopCause::PartnerSilent, reason).await?;
    Ok(federation.poll_every)
}

/// How long the partner has not been heard about a run. What it may have said while this process did not run does not
/// count.
fn quiet(app: &App, row: &task_instance::Model) -> Duration {
    let begun: NaiveDateTime = app.jobs().started().naive_utc();
    since(row.partner_seen_at.unwrap_or(row.gmt_create).max(begun))
}

/// How long the partner has not been heard at all: with very many runs it is not asked about each of them in time.
fn silence(app: &App, row: &task_instance::Model, partner: &partner::Model) -> Duration {
    let heard = partner.last_seen_at.map_or(Duration::MAX, since);
    quiet(app, row).min(heard)
}

fn since(moment: NaiveDateTime) -> Duration {
    (Utc::now().naive_utc() - moment).to_std().unwrap_or_default()
}

/// Whether the partner asked for the run a moment ago and was not heard about it since: it may not know our id of it yet.
pub(crate) fn is_new_there(row: &task_instance::Model) -> bool {
    has_no_answer(row) && Utc::now().naive_utc() - row.gmt_create < NEW
}

/// Whether a base partner asked for the run and did not show that it has our answer.
fn has_no_answer(row: &task_instance::Model) -> bool {
    !row.initiator && row.partner_status == Some(InstanceStatus::Draft.number())
}

/// Partners that did not answer, and until when they are left alone: one that lets every call wait must not hold up the
/// questions to the others.
#[derive(Default)]
pub(super) struct Silent(Mutex<HashMap<PartnerId, Instant>>);

impl Silent {
    fn includes(&self, partner: &PartnerId) -> bool {
        self.lock()
            .get(partner)
            .is_some_and(|until| Instant::now() < *until)
    }

    fn note(&self, partner: &PartnerId, pause: Duration) {
        self.lock().insert(partner.clone(), Instant::now() + pause);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PartnerId, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stops the attempt that was looked at.
async fn stop(
    app: &App,
    row: &task_instance::Model,
    id: &InstanceId,
    cause: StopCause,
    reason: impl Into<RunReason>,
) -> Result<(), AppError> {
    let change = Change::new(InstanceEvent::StopRequested(cause), Actor::console())
        .because(reason)
        .of_attempt(row.attempt);
    apply_to(app, id, &change).await?;
    Ok(())
}
