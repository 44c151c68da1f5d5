//! The reconciler of the other half: asks partners how running instances are doing there.
//!
//! A base partner announces nothing, so it is the only way to learn its state. A paired partner announces its changes;
//! asking it now and then tells a long silence from a quiet run, and mends what an announcement missed.

use std::time::Duration;

use chrono::{NaiveDateTime, Utc};
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

/// One pass over the instances that run here.
///
/// # Errors
/// When the database does not answer. A partner that does not answer is no error.
pub async fn watch_partners(app: App) -> Result<Pass, AppError> {
    let running = [InstanceStatus::Starting, InstanceStatus::Running];
    let found = rows::with_status(app.db().reader(), &running, AT_ONCE).await?;
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
    let every = match PartnerTrust::from_number(partner.trust) {
        Ok(PartnerTrust::Base) => federation.poll_every,
        Ok(PartnerTrust::Paired) => federation.poll_every * PAIRED_FACTOR,
        _ => return silent(app, &row, &id).await,
    };
    if silence(app, &row) < every || row.instance_peer_id.is_none() {
        return Ok(());
    }
    match remote::ask(app, &partner, &id).await {
        Ok(theirs) => {
            let status = theirs
                .status
                .to_ours(status_of(&row)? == InstanceStatus::Stopping);
            // What a paired partner announced in its own words says more than the base number.
            let news = status.filter(|_| partner.trust == PartnerTrust::Base.number());
            rows::note_partner(app.db().writer(), &id, news, None).await?;
            if status == Some(InstanceStatus::Failed) {
                stop(app, &id, StopCause::PartnerFailed, "The partner's half failed.").await?;
            }
            Ok(())
        }
        Err(PeerError::Refused { status: 404, .. }) => {
            rows::note_gone(app.db().writer(), &id).await?;
            stop(
                app,
                &id,
                StopCause::PartnerFailed,
                "The partner deleted its half of the run.",
            )
            .await
        }
        Err(error) => {
            tracing::debug!(instance.id = %id, error = &error as &dyn std::error::Error, "the partner was not heard");
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
    let heard = row.partner_seen_at.unwrap_or(row.gmt_create).max(begun);
    (Utc::now().naive_utc() - heard).to_std().unwrap_or_default()
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
