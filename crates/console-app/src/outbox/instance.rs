//! Messages about runs.

use console_db::{instances as rows, retry};
use console_model::{InstanceEvent, InstanceId, InstanceStatus, PairingId, StopCause};
use console_peer::base::BaseStatus;
use console_peer::client::PeerError;
use serde::{Deserialize, Serialize};

use super::{Delivery, DeliveryError};
use crate::instances::change::{Actor, Applied, Change, apply, apply_to};
use crate::instances::remote::Remote;
use crate::{App, AppError};

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
        Ok(theirs) => Ok(linked(delivery.app, body, theirs).await?),
        Err(error) if error.is_retryable() => Err(error.into()),
        Err(error) => {
            refused(delivery.app, &body.instance_id, &error).await?;
            Err(error.into())
        }
    }
}

async fn linked(app: &App, body: &CreateInstance, theirs: InstanceId) -> Result<(), AppError> {
    retry(async || linked_once(app, body, &theirs).await).await?;
    app.wake().runs.notify_one();
    app.wake().outbox.notify_one();
    Ok(())
}

async fn linked_once(app: &App, body: &CreateInstance, theirs: &InstanceId) -> Result<(), AppError> {
    let tx = app.db().begin().await?;
    if let Some(row) = rows::find(&tx, &body.instance_id).await? {
        let row = rows::link(&tx, row, theirs).await?;
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
    match remote.update(body).await {
        Ok(status) => Ok(note(delivery.app, body, status).await?),
        Err(error) if error.is_retryable() => Err(error.into()),
        // Nothing runs there any more, which is all that a stop wants.
        Err(PeerError::Refused { .. }) if body.wish == Wish::Stop => Ok(()),
        Err(error) => {
            end(
                delivery.app,
                &body.instance_id,
                format!("The partner refused to start its half: {error}"),
            )
            .await?;
            Err(error.into())
        }
    }
}

async fn note(app: &App, body: &UpdateInstance, status: BaseStatus) -> Result<(), AppError> {
    let status = status.to_ours(body.wish == Wish::Stop);
    Ok(rows::note_partner(app.db().writer(), &body.instance_id, status, None).await?)
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
