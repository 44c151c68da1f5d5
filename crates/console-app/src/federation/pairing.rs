//! A console takes up an invitation, or ends the pairing.

use chrono::Utc;
use console_db::entity::{invitation, partner};
use console_db::{Tx, invitations, naive, outbox as messages, partners as rows, retry};
use console_model::{PartnerId, PartnerTrust};
use console_peer::ext::{PROTOCOL_LEVEL, PairingAnswer, PairingRequest, UnpairAnswer, UnpairRequest};
use console_peer::invitation::proof_is_valid;

use super::PeerRefusal;
use super::caller::{Caller, PeerRequest};
use super::command::once;
use super::proof::{refuse_repeated, unproven, verify};
use crate::instances::change::Actor;
use crate::instances::trust::stop_all_of;
use crate::partners::invitations::InvitationState;
use crate::told::Told;
use crate::{App, AppError, organization, partners};

/// Takes up an invitation. The sender is told by the key in the request, which also signs it; the same key again gets
/// the same answer.
///
/// # Errors
/// 401 for a signature or proof that does not hold, 403 for an invitation that is unknown, revoked or expired, 409 for
/// one that another console used.
pub async fn accept(
    app: &App,
    request: &PeerRequest<'_>,
    body: &PairingRequest,
) -> Result<PairingAnswer, PeerRefusal> {
    let claim = request.claim.as_ref().map_err(|error| unproven(*error))?;
    let verified = verify(app, request, claim, &body.public_key).map_err(unproven)?;
    if body.public_key == app.identity().public_key() {
        return Err(PeerRefusal::forbidden("a console cannot pair with itself"));
    }
    // Anybody can make a key: nothing is written for one that has no invitation.
    let invitation = invitations::find(app.db().reader(), &body.invitation_id).await?;
    let invitation = invitation.ok_or_else(|| PeerRefusal::forbidden("the invitation is not known"))?;
    if invitation.used_at.is_none() {
        refuse_unproven(&invitation, body)?;
    }
    refuse_repeated(app, &verified).await?;
    // We would never call it, and it would never hear from us.
    let address = app.peer().check_address(&body.address).await;
    address.map_err(|refusal| {
        PeerRefusal::precondition(format!("your address is not allowed on this console: {refusal}"))
    })?;
    let partner_id = retry(async || {
        let tx = app.db().begin().await?;
        let invitation = invitations::find(&tx, &body.invitation_id).await?;
        let invitation = invitation.ok_or_else(|| PeerRefusal::forbidden("the invitation is not known"))?;
        let id = taken_up(&tx, &invitation, body).await?;
        tx.commit().await?;
        Ok::<_, PeerRefusal>(id)
    })
    .await?;
    tracing::info!(partner.id = %partner_id, request.id = request.request_id, "a console took up an invitation");
    app.wake().outbox.notify_one();
    Ok(PairingAnswer {
        name: organization::name(app).await?,
        public_key: app.identity().public_key(),
        fingerprint: app.identity().fingerprint(),
        protocol_level: PROTOCOL_LEVEL,
        capabilities: super::hello::capabilities(app),
    })
}

async fn taken_up(
    tx: &Tx,
    invitation: &invitation::Model,
    body: &PairingRequest,
) -> Result<PartnerId, PeerRefusal> {
    let known = rows::find_by_fingerprint(tx, &body.public_key.fingerprint().to_string()).await?;
    if invitation.used_at.is_some() {
        // The secret is gone by then; the signature proved the key.
        return match known.filter(|row| invitation.partner_id.as_ref() == Some(&row.id)) {
            Some(row) if row.trust == PartnerTrust::Paired => Ok(row.id.clone()),
            Some(_) => Err(PeerRefusal::forbidden("the pairing was ended")),
            None => Err(PeerRefusal::conflict(
                "the invitation was used by another console",
            )),
        };
    }
    refuse_unproven(invitation, body)?;
    let row = paired(tx, known, body).await?;
    let id = row.id.clone();
    // When another request used it meanwhile, this is stale, and done again.
    invitations::mark_used(tx, &body.invitation_id, &id, Utc::now()).await?;
    Ok(id)
}

/// Refuses whoever does not know the secret of an invitation that can still be used.
fn refuse_unproven(invitation: &invitation::Model, body: &PairingRequest) -> Result<(), PeerRefusal> {
    match InvitationState::of(invitation, Utc::now()) {
        InvitationState::Open | InvitationState::Used => {}
        InvitationState::Revoked => return Err(PeerRefusal::forbidden("the invitation was revoked")),
        InvitationState::Expired => return Err(PeerRefusal::forbidden("the invitation has expired")),
    }
    let hash = &invitation.secret_hash;
    if !proof_is_valid(&body.proof, hash, &body.invitation_id, &body.public_key) {
        return Err(PeerRefusal::forbidden("the proof does not fit the invitation"));
    }
    Ok(())
}

async fn paired(
    tx: &Tx,
    known: Option<partner::Model>,
    body: &PairingRequest,
) -> Result<partner::Model, PeerRefusal> {
    if known
        .as_ref()
        .is_some_and(|row| row.trust == PartnerTrust::Suspended)
    {
        return Err(PeerRefusal::forbidden("the pairing is suspended"));
    }
    let fresh = known.is_none();
    let mut row = match known {
        Some(row) => row,
        None => partners::blank(
            &PartnerId::generate(),
            &partners::distinct_name(tx, &body.name, &body.address).await?,
            &body.address,
            PartnerTrust::Paired,
        ),
    };
    body.address.as_str().clone_into(&mut row.address);
    row.public_key = Some(body.public_key.to_string());
    row.fingerprint = Some(body.public_key.fingerprint().to_string());
    row.trust = PartnerTrust::Paired;
    row.invitation_id = Some(body.invitation_id.clone());
    row.last_seen_at = Some(naive(Utc::now()));
    row.last_error = None;
    row.last_error_code = None;
    if fresh {
        rows::insert(tx, row.clone()).await?;
        return Ok(row);
    }
    Ok(rows::save(tx, row).await?)
}

/// Ends the pairing, as the partner wishes, and every run that is shared with it.
///
/// # Errors
/// When the database does not answer.
pub async fn unpair(app: &App, caller: &Caller, body: &UnpairRequest) -> Result<UnpairAnswer, PeerRefusal> {
    let id = caller.partner_id();
    let answer = once(app, caller, async |tx| {
        let mut row = rows::find(tx, &id)
            .await?
            .ok_or_else(|| AppError::not_found("partner"))?;
        row.trust = PartnerTrust::Unpaired;
        // The reason is in the partner's own words.
        let told = match body.reason.as_str() {
            "" => Told::ours("the partner ended the pairing", "unpaired_by_partner"),
            reason => Told::from(console_model::plain(reason, 900)),
        };
        row.last_error = Some(told.text);
        row.last_error_code = told.code.map(str::to_owned);
        rows::save(tx, row).await?;
        messages::give_up_all(tx, &id, "the partner ended the pairing").await?;
        stop_all_of(
            tx,
            &id,
            Actor::partner(caller.partner.id.as_str(), &caller.request_id),
        )
        .await?;
        Ok(UnpairAnswer {})
    })
    .await?;
    app.wake().runs.notify_one();
    Ok(answer)
}
