//! Delivers messages that begin and end a pairing of consoles.

use console_db::partners as rows;
use console_model::PartnerTrust;
use console_peer::client::{CallOptions, PeerError};
use console_peer::ext::{PairingRequest, UnpairRequest};

use super::{Delivery, DeliveryError, Verdict};
use crate::outbox::partner::{PairPartner, Unpair};
use crate::partners;
use crate::told::Told;

/// Sends our key to the inviting console; when it takes it, we are paired. Safe to repeat: the inviting console answers
/// the same key with the same answer.
pub(super) async fn deliver_pair(delivery: &Delivery<'_>, body: &PairPartner) -> Result<(), DeliveryError> {
    let settings = delivery.app.settings();
    let address = settings.base_url.parse().map_err(|error| {
        let reason = format!("our own address (BASE-URL) cannot be used by partners: {error}");
        DeliveryError::Retry(reason.into())
    })?;
    let request = PairingRequest {
        invitation_id: body.invitation_id.clone(),
        proof: body.proof.clone(),
        name: crate::organization::name(delivery.app).await?,
        address,
        public_key: delivery.app.identity().public_key(),
    };
    let route = partners::route(delivery.partner)?;
    let options = CallOptions::command(
        delivery.message_id.clone(),
        delivery.request_id.map(str::to_owned),
    );
    let answer = match delivery.app.peer().pair(&route, &options, &request).await {
        Ok(answer) => answer,
        Err(error) => {
            if let PeerError::Refused { message, .. } = &error {
                let reason = format!("The invitation was not accepted: {message}");
                let unheard = Told::ours(&reason, "invitation_refused");
                let unheard = Some(unheard.as_unheard());
                rows::note_contact(delivery.app.db(), &delivery.partner.id, unheard).await?;
            }
            return Err(Verdict::of_pairing(&error).as_error(&error));
        }
    };
    let tx = delivery.app.db().begin().await?;
    if let Some(row) = rows::find(&tx, &delivery.partner.id).await?
        && row.trust == PartnerTrust::Pending
    {
        let announced = partners::Announced::from(&answer);
        rows::save(&tx, announced.applied(row, PartnerTrust::Paired)).await?;
    }
    tx.commit().await?;
    // What was queued for the partner meanwhile can go now.
    delivery.app.wake().outbox.notify_one();
    Ok(())
}

/// Tells the partner that the pairing has ended.
pub(super) async fn deliver_unpair(delivery: &Delivery<'_>, body: &Unpair) -> Result<(), DeliveryError> {
    if delivery.partner.trust != PartnerTrust::Unpaired {
        // We are pairing anew: the news of an earlier end would end that as well.
        return Ok(());
    }
    let route = partners::route(delivery.partner)?;
    let options = CallOptions::command(
        delivery.message_id.clone(),
        delivery.request_id.map(str::to_owned),
    );
    match delivery
        .app
        .peer()
        .unpair(
            &route,
            &options,
            &UnpairRequest {
                reason: body.reason.clone(),
            },
        )
        .await
    {
        Ok(_) => Ok(()),
        // It does not count us among its partners (any more), which is all that we want.
        Err(PeerError::Refused { .. } | PeerError::NotSpoken) => Ok(()),
        Err(error) => Err(Verdict::of_pairing(&error).as_error(&error)),
    }
}
