//! What the trust in a partner means for the runs that are shared with it.
//!
//! *Suspended* pauses a run: nothing is told, asked or sent, and what comes is refused, so the engines of both sides wait for
//! each other; when the partner stays silent for too long the run is lost as always. *Unpaired* ends it.

use console_db::instances as rows;
use console_db::{Tx, partners as partner_rows};
use console_model::{
    ErrorCode, InstanceEvent, InstanceStatus, PartnerId, PartnerTrust, RunReasonCode, StopCause,
};

use super::change::{Actor, ActorKind, Change, apply};
use crate::{AppError, partners};

/// Refuses what would begin a run with a partner that is no longer one.
pub(super) async fn require_paired(tx: &Tx, partner: &PartnerId) -> Result<(), AppError> {
    let inactive = || {
        AppError::conflict(
            ErrorCode::PartnerNotActive,
            "The partner is not paired (any more). Pair by a new invitation.",
        )
    };
    let row = partner_rows::find(tx, partner).await?.ok_or_else(inactive)?;
    match row.trust {
        PartnerTrust::Paired | PartnerTrust::Base | PartnerTrust::Suspended => {
            partners::refuse_unconfirmed(&row)
        }
        PartnerTrust::Pending | PartnerTrust::Unpaired => Err(inactive()),
    }
}

/// Stops every run that is shared with a partner, in the transaction that ends the pairing. Wake the runs after it.
pub(crate) async fn stop_all_of(tx: &Tx, partner: &PartnerId, actor: Actor) -> Result<(), AppError> {
    let (cause, why) = match actor.kind {
        ActorKind::Partner => (StopCause::PartnerStopped, RunReasonCode::PartnerUnpaired),
        _ => (StopCause::Operator, RunReasonCode::Unpaired),
    };
    let change = Change::new(InstanceEvent::StopRequested(cause), actor).because(why);
    for row in rows::of_partner(tx, partner, InstanceStatus::STOPPABLE).await? {
        apply(tx, row, &change).await?;
    }
    Ok(())
}
