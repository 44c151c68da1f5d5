//! Messages about runs.

use console_db::{instances as rows, retry};
use console_model::{InstanceEvent, InstanceId, InstanceStatus, PairingId, PartnerTrust, StopCause};
use console_peer::base::BaseStatus;
use console_peer::client::PeerError;
use serde::{Deserialize, Serialize};

use super::{Delivery, DeliveryError};
use crate::instances::change::{Actor, Applied, Change, apply, apply_to};
use crate::instances::remote::Remote;
use crate::instances::watch::is_new_there;
use crate::{App, AppError};

/// So often a base partner is asked to stop a half that has not begun: for some two minutes with the default waits.
const STOP_TRIES: u32 = 8;

/// A new run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateInstance {
    /// Our id of it.
    pub instance_id: InstanceId,
    /// The partner's id of its pairing.
    pub task_peer_id: PairingId,
    /// The attempt it begins with.
    pub attempt: u32,
}

/// What the partner is asked to do with its half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// Start it (again).
    Start,
    /// Stop it.
    Stop,
}

/// Start or stop a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateInstance {
    /// Our id of it.
    pub instance_id: InstanceId,
    /// What to do.
    pub wish: Wish,
    /// The attempt that is meant.
    pub attempt: u32,
}

/// The state of our half of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceStatusChange {
    /// Our id of it.
    pub instance_id: InstanceId,
    /// Grows with every change, so that late or repeated announcements are harmless.
    pub seq: u64,
    /// The attempt.
    pub attempt: u32,
    /// The state; none when our half was deleted.
    pub status: Option<InstanceStatus>,
    /// Why, in words that the partner may read.
    pub detail: Option<String>,
}

/// Tells the partner of a new run, takes over its id, and starts our half.
pub(super) async fn deliver_create(
    delivery: &Delivery<'_>,
    body: &CreateInstance,
) -> Result<(), DeliveryError> {
    let remote = Remote::of(delivery, &body.instance_id)?;
    match remote.create(body).await {
        Ok(theirs) => {
            let base = delivery.partner.trust == PartnerTrust::Base.number();
            // It starts its engine when it accepts a run, and says so to nobody.
            let known = base.then_some(InstanceStatus::Running);
            Ok(linked(delivery.app, body, theirs, known).await?)
        }
        Err(error) if error.is_retryable() => Err(error.into()),
        Err(error) => {
            refused(delivery.app, &body.instance_id, &error).await?;
            Err(error.into())
        }
    }
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
            rows::note_partner(&tx, &body.instance_id, known, None).await?;
        }
        if let Applied::Changed(row) = apply(
            &tx,
            row,
            &Change::new(InstanceEvent::PartnerKnows, Actor::console()),
        )
        .await?
        {
            let start = Change::new(InstanceEvent::StartRequested, Actor::console());
            apply(&tx, *row, &start.because("both sides know the run")).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn refused(app: &App, id: &InstanceId, error: &PeerError) -> Result<(), AppError> {
    end(app, id, format!("The partner refused the run: {error}")).await
}

/// Ends our half because the partner cannot do its half.
async fn end(app: &App, id: &InstanceId, reason: String) -> Result<(), AppError> {
    let event = InstanceEvent::StopRequested(StopCause::PartnerFailed);
    let change = Change::new(event, Actor::console()).because(reason);
    apply_to(app, id, &change).await?;
    Ok(())
}

/// Asks the partner to start or stop its half.
pub(super) async fn deliver_update(
    delivery: &Delivery<'_>,
    body: &UpdateInstance,
) -> Result<(), DeliveryError> {
    let remote = Remote::of(delivery, &body.instance_id)?;
    match (remote.update(body).await, body.wish) {
        (Ok(status), wish) => {
            let ours = status.to_ours(wish == Wish::Stop);
            rows::note_partner(delivery.app.db(), &body.instance_id, ours, None).await?;
            match wish {
                _ if delivery.partner.trust != PartnerTrust::Base.number() => Ok(()),
                Wish::Start => started(delivery, body, status).await,
                Wish::Stop => stopped(delivery, body, status).await,
            }
        }
        (Err(error), _) if error.is_retryable() => Err(error.into()),
        (Err(error), Wish::Stop) => not_stopped(delivery, body, error).await,
        (Err(error), Wish::Start) => {
            if let PeerError::Refused { status: 404, .. } = &error {
                rows::note_gone(delivery.app.db(), &body.instance_id).await?;
            }
            let reason = format!("The partner refused to start its half: {error}");
            end(delivery.app, &body.instance_id, reason).await?;
            Err(error.into())
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
    let reason =
        format!("The partner's half is {state} there and cannot be started again. Run the task anew.");
    end(delivery.app, &body.instance_id, reason.clone()).await?;
    Err(DeliveryError::Refused(reason))
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
    Err(DeliveryError::Retry(reason.to_owned()))
}

/// Whether the run was started again, or deleted, since the stop was asked for.
async fn overtaken(delivery: &Delivery<'_>, body: &UpdateInstance) -> Result<bool, DeliveryError> {
    let row = rows::find(delivery.app.db().reader(), &body.instance_id).await?;
    Ok(row.is_none_or(|row| row.attempt.unsigned_abs() > body.attempt))
}

/// A partner that refuses a stop has nothing that runs, which is all that a stop wants – but for two answers of a base
/// partner: its database may refuse, and it does not know yet what it has just asked us for.
async fn not_stopped(
    delivery: &Delivery<'_>,
    body: &UpdateInstance,
    error: PeerError,
) -> Result<(), DeliveryError> {
    let again = delivery.tries < STOP_TRIES;
    match error {
        PeerError::Refused { status: 500.., .. } if again => Err(DeliveryError::Retry(error.to_string())),
        PeerError::Refused { status: 500.., .. } => Err(error.into()),
        PeerError::Refused { status: 404, .. } => {
            let row = rows::find(delivery.app.db().reader(), &body.instance_id).await?;
            if again && row.is_some_and(|row| is_new_there(&row)) {
                return Err(DeliveryError::Retry(error.to_string()));
            }
            Ok(rows::note_gone(delivery.app.db(), &body.instance_id).await?)
        }
        PeerError::Refused { .. } => Ok(()),
        other => Err(other.into()),
    }
}

/// Announces the state of our half.
pub(super) async fn deliver_status(
    delivery: &Delivery<'_>,
    body: &InstanceStatusChange,
) -> Result<(), DeliveryError> {
    match Remote::of(delivery, &body.instance_id)?.announce(body).await {
        Ok(()) => Ok(()),
        Err(error) if error.is_retryable() => Err(error.into()),
        // It deleted its half, or never had it: there is nobody to be told.
        Err(PeerError::Refused { .. } | PeerError::NotSpoken) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
