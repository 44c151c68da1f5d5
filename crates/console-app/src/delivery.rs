//! Delivers messages to partners, and applies their answers.
//!
//! The reconciler ([`deliver_due`]) claims what is due of [`crate::outbox`]. Sole writer of `outbox_message.state` besides the
//! operator's retry and give-up (`system`).

mod instance;
mod partner;
mod project;
mod remote;
mod task;
mod verdict;

use std::time::{Duration, Instant};

use chrono::Utc;
use console_db::entity::{outbox_message, partner as partner_row};
use console_db::{outbox as rows, partners};
use console_model::{MessageId, PartnerTrust};
use rand::RngExt;

use crate::outbox::Message;
use crate::reconcile::Pass;
use crate::told::Told;
use crate::{App, AppError};
use verdict::Verdict;

/// So many deliveries are under way at most in one process.
const AT_MOST: usize = 64;
/// So many of them go to one partner at most: one that accepts calls and never answers must leave room for the others.
const AT_MOST_TO_ONE: usize = 8;

/// One delivery: to whom, under which command id, on whose behalf.
pub(crate) struct Delivery<'a> {
    /// The console.
    pub app: &'a App,
    /// To whom.
    pub partner: &'a partner_row::Model,
    /// The command id; the receiver answers a repeat of it with the same answer.
    pub message_id: &'a MessageId,
    /// The id of the request that caused it.
    pub request_id: Option<&'a str>,
    /// How often it was tried before.
    pub tries: u32,
}

/// Why a message was not delivered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeliveryError {
    /// Not now; it is tried again.
    #[error("{0}")]
    Retry(Told),
    /// The partner answered a definite no, and whoever queued it has been told in its own row.
    #[error("{0}")]
    Refused(Told),
}

impl From<AppError> for DeliveryError {
    /// Our own trouble with the database or store: the partner may have acted, so ask again.
    fn from(error: AppError) -> Self {
        Self::Retry(error.to_string().into())
    }
}

impl From<console_db::DbError> for DeliveryError {
    fn from(error: console_db::DbError) -> Self {
        Self::Retry(error.to_string().into())
    }
}

impl From<console_db::DbErr> for DeliveryError {
    fn from(error: console_db::DbErr) -> Self {
        console_db::DbError::from(error).into()
    }
}

/// One pass: claims what is due and starts to deliver it. Deliveries go on after the pass has ended, so a partner that
/// does not answer holds nobody up.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn deliver_due(app: App) -> Result<Pass, AppError> {
    let room = rows::Room {
        total: AT_MOST,
        to_one: AT_MOST_TO_ONE,
        under_way: app.jobs().deliveries(),
    };
    let settings = app.settings();
    let due = rows::lease_due(
        app.db(),
        &settings.node_id,
        Utc::now(),
        settings.federation.delivery_lease,
        room,
    )
    .await?;
    for message in due {
        let count = app.jobs().count_delivery(&message.partner_id);
        let app = app.clone();
        tokio::spawn(async move {
            let shutdown = app.shutdown().clone();
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = deliver_one(&app, message) => {}
            }
            drop(count);
            app.wake().outbox.notify_one();
        });
    }
    // What found no room is looked for again when a delivery has ended.
    Ok(Pass::Idle)
}

async fn deliver_one(app: &App, row: outbox_message::Model) {
    let started = Instant::now();
    let outcome = try_deliver(app, &row).await;
    if let Err(error) = record(app, &row, started.elapsed(), outcome).await {
        // The claim runs out and the message is delivered again.
        tracing::warn!(
            message.id = %row.id,
            error = &error as &dyn std::error::Error,
            "a delivery was not recorded"
        );
    }
}

async fn try_deliver(app: &App, row: &outbox_message::Model) -> Result<(), DeliveryError> {
    let broken =
        |error: &dyn std::fmt::Display| DeliveryError::Refused(format!("unreadable message: {error}").into());
    let message: Message = serde_json::from_value(row.payload.clone()).map_err(|error| broken(&error))?;
    let partner = partners::find(app.db().reader(), &row.partner_id)
        .await?
        .ok_or_else(|| DeliveryError::Refused("the partner was removed".to_owned().into()))?;
    let pairing = matches!(message, Message::PairPartner(_) | Message::Unpair(_));
    match partner.trust {
        PartnerTrust::Paired | PartnerTrust::Base => {}
        PartnerTrust::Pending | PartnerTrust::Unpaired if pairing => {}
        PartnerTrust::Pending => {
            return Err(DeliveryError::Retry(Told::ours(
                "the partner is not paired yet",
                "partner_not_paired",
            )));
        }
        PartnerTrust::Suspended => {
            return Err(DeliveryError::Retry(Told::ours(
                "the partner is suspended",
                "partner_suspended",
            )));
        }
        PartnerTrust::Unpaired => {
            return Err(DeliveryError::Retry(Told::ours(
                "the partner is no longer paired",
                "partner_unpaired",
            )));
        }
    }
    let delivery = Delivery {
        app,
        partner: &partner,
        message_id: &row.id,
        request_id: row.request_id.as_deref(),
        tries: row.attempts.unsigned_abs(),
    };
    match &message {
        Message::PairPartner(body) => partner::deliver_pair(&delivery, body).await,
        Message::Unpair(body) => partner::deliver_unpair(&delivery, body).await,
        Message::CreateProject(body) => project::deliver_create(&delivery, body).await,
        Message::UpdateProject(body) => project::deliver_update(&delivery, body).await,
        Message::PairTask(body) => task::deliver_pair(&delivery, body).await,
        Message::CreateInstance(body) => instance::deliver_create(&delivery, body).await,
        Message::UpdateInstance(body) => instance::deliver_update(&delivery, body).await,
        Message::InstanceStatus(body) => instance::deliver_status(&delivery, body).await,
    }
}

async fn record(
    app: &App,
    row: &outbox_message::Model,
    took: Duration,
    outcome: Result<(), DeliveryError>,
) -> Result<(), AppError> {
    let (word, told) = match &outcome {
        Ok(()) => ("delivered", None),
        Err(DeliveryError::Retry(told)) => ("retry", Some(told)),
        Err(DeliveryError::Refused(told)) => ("refused", Some(told)),
    };
    let error = told.map(|told| told.text.as_str());
    tracing::debug!(
        message.id = %row.id,
        message.kind = row.kind,
        outcome = word,
        error,
        "delivery"
    );
    let tx = app.db().begin().await?;
    rows::record_attempt(&tx, &row.id, Utc::now(), took, word, error).await?;
    match &outcome {
        Ok(()) => rows::delivered(&tx, &row.id).await?,
        Err(DeliveryError::Refused(told)) => rows::refused(&tx, &row.id, &told.text, told.code).await?,
        Err(DeliveryError::Retry(told)) => {
            let next = Utc::now() + wait_before(app, row.attempts);
            rows::retry_later(&tx, &row.id, &told.text, told.code, next).await?;
        }
    }
    // A refusal is about the message: the way to the partner is open, and what it means for the partner itself (a
    // refused pairing) was noted by the delivery.
    if !matches!(outcome, Err(DeliveryError::Refused(_))) {
        partners::note_contact(&tx, &row.partner_id, told.map(Told::as_unheard)).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Exponential back-off with jitter: between half of and the whole of `first × 2^attempts`, at most `most`.
fn wait_before(app: &App, attempts: i32) -> Duration {
    let federation = &app.settings().federation;
    let doubled = federation.retry_first.saturating_mul(1 << attempts.clamp(0, 16));
    doubled
        .min(federation.retry_most)
        .mul_f64(rand::rng().random_range(0.5..=1.0))
}
