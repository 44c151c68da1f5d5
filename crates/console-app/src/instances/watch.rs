//! The reconciler of the other half: asks partners how running instances are doing there.
//!
//! A base partner announces nothing, so it is the only way to learn its state. A paired partner announces its changes;
//! asking it now and then tells a long silence from a quiet run, and mends what an announcement missed.
//!
//! A base partner's half often ends later than ours, so it is asked until it has ended, less and less often.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{NaiveDateTime, TimeDelta, Utc};
use console_db::entity::{partner, task_instance};
use console_db::{instances as rows, partners};
use console_model::{InstanceEvent, InstanceId, InstanceStatus, PartnerId, PartnerTrust, StopCause};
use console_peer::client::PeerError;
use futures_util::StreamExt;

use super::change::{Actor, Change, apply_to, status_of};
use super::remote;
use crate::reconcile::Pass;
use crate::{App, AppError};

const AT_ONCE: u64 = 256;
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
    let running = [InstanceStatus::Starting, InstanceStatus::Running];
    let mut found = rows::with_status(app.db().reader(), &running, AT_ONCE).await?;
    found.extend(rows::outlived(app.db().reader(), Utc::now() - OUTLIVES, AT_ONCE).await?);
    let looks = futures_util::stream::iter(found.into_iter().map(|row| look(&app, row)));
    let mut looks = looks.buffer_unordered(CALLS_AT_A_TIME);
    while let Some(done) = looks.next().await {
        done?;
    }
    Ok(Pass::Idle)
}

async fn look(app: &App, row: task_instance::Model) -> Result<(), AppError> {
    let id = InstanceId::parse(&row.id).map_err(AppError::internal)?;
    let Some(partner) = partner_of(app, &row).await? else {
        return Ok(());
    };
    let federation = &app.settings().federation;
    let every = match (PartnerTrust::from_number(partner.trust), row.gmt_end) {
        (Ok(PartnerTrust::Base), None) => federation.poll_every,
        (Ok(PartnerTrust::Base), Some(end)) => federation.poll_every.max(since(end) / SINCE_FACTOR),
        (_, Some(_)) => return Ok(()),
        (Ok(PartnerTrust::Paired), None) => federation.poll_every * PAIRED_FACTOR,
        _ => return silent(app, &row, &id).await,
    };
    if silence(app, &row) < every || row.instance_peer_id.is_none() {
        return Ok(());
    }
    if app.jobs().silent().includes(&partner.id) {
        return silent(app, &row, &id).await;
    }
    match remote::ask(app, &partner, &id).await {
        Ok(theirs) => {
            let stop_was_asked = matches!(
                status_of(&row)?,
                InstanceStatus::Stopping
                    | InstanceStatus::Stopped
                    | InstanceStatus::Failed
                    | InstanceStatus::Lost
            );
            let status = theirs.status.to_ours(stop_was_asked);
            // What a paired partner announced in its own words says more than the base number.
            let news = status.filter(|_| partner.trust == PartnerTrust::Base.number());
            rows::note_partner(app.db(), &id, news, None).await?;
            if status == Some(InstanceStatus::Failed) {
                stop(app, &id, StopCause::PartnerFailed, "The partner's half failed.").await?;
            }
            Ok(())
        }
        Err(PeerError::Refused { status: 404, .. }) if is_new_there(&row) => Ok(()),
        Err(PeerError::Refused { status: 404, .. }) => {
            rows::note_gone(app.db(), &id).await?;
            let reason = if has_no_answer(&row) {
                "The partner asked for the run and does not know it: our answer did not reach it."
            } else {
                "The partner deleted its half of the run."
            };
            stop(app, &id, StopCause::PartnerFailed, reason).await
        }
        Err(error) => {
            tracing::debug!(instance.id = %id, error = &error as &dyn std::error::Error, "the partner was not heard");
            app.jobs().silent().note(&partner.id, federation.poll_every);
            silent(app, &row, &id).await
        }
    }
}

/// Ends a run whose partner has been silent for too long.
async fn silent(app: &App, row: &task_instance::Model, id: &InstanceId) -> Result<(), AppError> {
    let limit = app.settings().federation.lost_after;
    if silence(app, row) < limit {
        return Ok(());
    }
    let reason = format!("The partner was silent for more than {} s.", limit.as_secs());
    stop(app, id, StopCause::PartnerSilent, &reason).await
}

/// How long the partner has not been heard. What it may have said while this process did not run does not count.
fn silence(app: &App, row: &task_instance::Model) -> Duration {
    let begun: NaiveDateTime = app.jobs().started().naive_utc();
    since(row.partner_seen_at.unwrap_or(row.gmt_create).max(begun))
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
pub(super) struct Silent(Mutex<HashMap<String, Instant>>);

impl Silent {
    fn includes(&self, partner: &str) -> bool {
        self.lock()
            .get(partner)
            .is_some_and(|until| Instant::now() < *until)
    }

    fn note(&self, partner: &str, pause: Duration) {
        self.lock().insert(partner.to_owned(), Instant::now() + pause);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn stop(app: &App, id: &InstanceId, cause: StopCause, reason: &str) -> Result<(), AppError> {
    let event = InstanceEvent::StopRequested(cause);
    apply_to(app, id, &Change::new(event, Actor::console()).because(reason)).await?;
    Ok(())
}

async fn partner_of(app: &App, row: &task_instance::Model) -> Result<Option<partner::Model>, AppError> {
    match row.partner_id.as_deref().and_then(|id| PartnerId::parse(id).ok()) {
        Some(id) => Ok(partners::find(app.db().reader(), &id).await?),
        None => Ok(None),
    }
}
