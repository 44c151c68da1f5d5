//! Invitations: how two consoles become partners.
//!
//! The secret of an invitation is kept as its hash until it is used, expired or revoked, and is shown once.

use chrono::{DateTime, TimeDelta, Utc};
use console_db::entity::{invitation, partner};
use console_db::{Page, Tx, invitations as rows, naive, partners, utc};
use console_model::{ErrorCode, InvitationId, PartnerId, PartnerTrust, UserId};
use console_peer::address::PartnerAddress;
use console_peer::identity::Fingerprint;
use console_peer::invitation::{Invitation as Code, InvitationSecret, pairing_proof};

use super::{Partner, blank};
use crate::input::{self, field};
use crate::outbox::partner::PairPartner;
use crate::outbox::{self, Message};
use crate::rights::{self, Action};
use crate::{App, AppError, Fault, Operator, organization};

/// An invitation that was made here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// How far it is.
    pub state: InvitationState,
    /// Who made it.
    pub created_by: UserId,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Until when it may be used.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// Who used it.
    pub partner_id: Option<PartnerId>,
    /// A remark.
    pub comment: Option<String>,
}

/// How far an invitation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationState {
    /// It may be used.
    Open,
    /// It was used.
    Used,
    /// It was taken back.
    Revoked,
    /// Its time is over.
    Expired,
}

impl InvitationState {
    /// The word in APIs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Used => "used",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }

    /// The state of a row at a moment.
    pub(crate) fn of(row: &invitation::Model, now: DateTime<Utc>) -> Self {
        if row.used_at.is_some() {
            Self::Used
        } else if row.revoked_at.is_some() {
            Self::Revoked
        } else if row.expires_at <= naive(now) {
            Self::Expired
        } else {
            Self::Open
        }
    }
}

/// A fresh invitation with the code to hand over, which is shown this once.
#[derive(Debug, Clone)]
pub struct Invited {
    /// The invitation.
    pub invitation: Invitation,
    /// The text for the other side's administrator. Whoever holds it may pair.
    pub code: String,
}

/// What a pasted code says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The inviting console's name.
    pub name: String,
    /// Where it is called.
    pub address: String,
    /// The fingerprint of its key.
    pub fingerprint: Fingerprint,
    /// The fingerprint of ours, which its operators will see.
    pub our_fingerprint: Fingerprint,
    /// Until when the invitation may be used.
    pub expires_at: DateTime<Utc>,
    /// Whether that is over, by our clock.
    pub expired: bool,
    /// The partner that has this key already.
    pub known_as: Option<PartnerId>,
}

/// Makes an invitation.
///
/// # Errors
/// `invalid_input`; `address_unusable` when our own address cannot be handed out.
pub async fn invite(app: &App, operator: &Operator, remark: Option<&str>) -> Result<Invited, AppError> {
    rights::require(operator, Action::ManagePartners)?;
    let remark = input::remark(remark).map_err(|error| AppError::field("/comment", error))?;
    let settings = app.settings();
    let address = our_address(app)?;
    let lifetime = TimeDelta::from_std(settings.federation.invitation_lifetime).unwrap_or(TimeDelta::days(1));
    let secret = InvitationSecret::generate();
    let row = invitation::Model {
        id: InvitationId::generate(),
        gmt_create: naive(Utc::now()),
        created_by: operator.id.to_string(),
        secret_hash: secret.hash(),
        expires_at: naive(Utc::now() + lifetime),
        used_at: None,
        partner_id: None,
        revoked_at: None,
        comment: remark,
    };
    rows::insert(app.db(), row.clone()).await?;
    tracing::info!(invitation.id = %row.id, operator.id = %operator.id, "invitation made");
    invited(app, address, row, secret).await
}

/// Gives an open invitation a fresh code, for somebody who did not get the first one; that one is void.
///
/// # Errors
/// `not_found`; `invitation_over` when it was used or taken back, or has expired.
pub async fn renew(app: &App, operator: &Operator, id: &InvitationId) -> Result<Invited, AppError> {
    rights::require(operator, Action::ManagePartners)?;
    let address = our_address(app)?;
    let secret = InvitationSecret::generate();
    let tx = app.db().begin().await?;
    let row = rows::find(&tx, id)
        .await?
        .ok_or_else(|| AppError::not_found("invitation"))?;
    if InvitationState::of(&row, Utc::now()) != InvitationState::Open {
        return Err(AppError::conflict(
            ErrorCode::InvitationOver,
            "The invitation was used or taken back, or has expired. Make another one.",
        ));
    }
    rows::renew(&tx, id, secret.hash(), Utc::now()).await?;
    tx.commit().await?;
    tracing::info!(invitation.id = %row.id, operator.id = %operator.id, "invitation given another code");
    invited(app, address, row, secret).await
}

/// Our address as partners are to call it.
fn our_address(app: &App) -> Result<PartnerAddress, AppError> {
    PartnerAddress::parse(&app.settings().base_url).map_err(|error| {
        let detail =
            format!("Our own address (BASE-URL) cannot be handed out: {error}. Correct the configuration.");
        AppError::conflict(ErrorCode::AddressUnusable, detail)
    })
}

async fn invited(
    app: &App,
    address: PartnerAddress,
    row: invitation::Model,
    secret: InvitationSecret,
) -> Result<Invited, AppError> {
    let code = Code {
        address,
        name: organization::name(app).await?,
        public_key: app.identity().public_key(),
        fingerprint: app.identity().fingerprint(),
        invitation_id: row.id.clone(),
        secret,
        expires_at: utc(row.expires_at),
    };
    Ok(Invited {
        invitation: view(row)?,
        code: code.to_code(),
    })
}

/// The invitations, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(app: &App, operator: &Operator, page: &Page) -> Result<Vec<Invitation>, AppError> {
    rights::require(operator, Action::ManagePartners)?;
    let found = rows::list(app.db().reader(), page).await?;
    found
        .into_iter()
        .map(|rows::Listed { row, partner_name: _ }| view(row))
        .collect()
}

/// Takes an invitation back.
///
/// # Errors
/// `not_found`; `invitation_used`.
pub async fn revoke(app: &App, operator: &Operator, id: &InvitationId) -> Result<Invitation, AppError> {
    rights::require(operator, Action::ManagePartners)?;
    let tx = app.db().begin().await?;
    let row = rows::find(&tx, id)
        .await?
        .ok_or_else(|| AppError::not_found("invitation"))?;
    if row.used_at.is_some() {
        return Err(AppError::conflict(
            ErrorCode::InvitationUsed,
            "The invitation was used already. Un-pair the partner instead.",
        ));
    }
    if row.revoked_at.is_none() {
        rows::revoke(&tx, id, Utc::now()).await?;
    }
    let row = rows::find(&tx, id)
        .await?
        .ok_or_else(|| AppError::not_found("invitation"))?;
    tx.commit().await?;
    view(row)
}

/// A text that is no invitation code, or not all of one.
fn bad_code(error: impl std::fmt::Display) -> Fault {
    Fault::malformed(error).zh("这不是完整的邀请码，请完整复制后重新粘贴")
}

/// Reads a pasted code. Nothing is stored and nobody is called.
///
/// # Errors
/// `invalid_input` with what is wrong with the code; `own_invitation`.
pub async fn preview(app: &App, operator: &Operator, code: &str) -> Result<Preview, AppError> {
    rights::require(operator, Action::ManagePartners)?;
    let code = Code::parse(code).map_err(|error| AppError::field("/code", bad_code(error)))?;
    refuse_own(app, &code)?;
    let known = partners::find_by_fingerprint(app.db().reader(), &code.fingerprint.to_string()).await?;
    Ok(Preview {
        name: console_model::plain(&code.name, 256),
        address: code.address.to_string(),
        fingerprint: code.fingerprint,
        our_fingerprint: app.identity().fingerprint(),
        expires_at: code.expires_at,
        expired: code.expires_at <= Utc::now(),
        known_as: known.as_ref().map(|row| row.id.clone()),
    })
}

fn refuse_own(app: &App, code: &Code) -> Result<(), AppError> {
    if code.fingerprint == app.identity().fingerprint() {
        return Err(AppError::conflict(
            ErrorCode::OwnInvitation,
            "This invitation was made by this console. Give it to the other side's administrator.",
        ));
    }
    Ok(())
}

/// Accepts an invitation: the partner is there at once, *pending* until its console has answered.
///
/// # Errors
/// `invalid_input`, `own_invitation`, `invitation_expired`; `already_paired`.
pub async fn accept(
    app: &App,
    operator: &Operator,
    code: &str,
    name: Option<&str>,
    remark: Option<&str>,
) -> Result<Partner, AppError> {
    rights::require(operator, Action::ManagePartners)?;
    let mut problems = Vec::new();
    let code = field(&mut problems, "/code", Code::parse(code).map_err(bad_code));
    let name = field(
        &mut problems,
        "/name",
        name.map(console_model::PlainName::<256>::parse).transpose(),
    );
    let remark = field(&mut problems, "/comment", input::remark(remark));
    let (Some(code), Some(name), Some(remark)) = (code, name, remark) else {
        return Err(AppError::fields(problems));
    };
    refuse_own(app, &code)?;
    if code.expires_at <= Utc::now() {
        return Err(AppError::conflict(
            ErrorCode::InvitationExpired,
            "The invitation has expired. Ask for a new one.",
        ));
    }
    super::refuse_forbidden_address(app, &code.address, "/code").await?;
    let tx = app.db().begin().await?;
    let name = match name {
        Some(name) => {
            let known = partners::find_by_fingerprint(&tx, &code.fingerprint.to_string()).await?;
            let known = known.as_ref().map(|row| row.id.clone());
            super::refuse_taken_name(&tx, name.as_str(), known.as_ref()).await?;
            name.into_string()
        }
        None => super::distinct_name(&tx, &code.name, &code.address).await?,
    };
    let row = pending(&tx, &code, &name, remark).await?;
    let id = row.id.clone();
    let proof = pairing_proof(&code.secret, &code.invitation_id, &app.identity().public_key());
    let message = Message::PairPartner(PairPartner {
        invitation_id: code.invitation_id,
        proof,
    });
    outbox::enqueue(&tx, &id, id.as_str(), &message, Some(&operator.request_id)).await?;
    tx.commit().await?;
    app.wake().outbox.notify_one();
    super::get(app, operator, &id).await
}

/// The row of the inviting console, until it has answered.
async fn pending(
    tx: &Tx,
    code: &Code,
    name: &str,
    remark: Option<String>,
) -> Result<partner::Model, AppError> {
    let known = partners::find_by_fingerprint(tx, &code.fingerprint.to_string()).await?;
    let fresh = known.is_none();
    let mut row = match known {
        Some(row) => match row.trust {
            PartnerTrust::Pending | PartnerTrust::Unpaired => row,
            PartnerTrust::Paired | PartnerTrust::Suspended | PartnerTrust::Base => {
                let detail = format!("This console is our partner {} already.", row.name);
                let zh = format!("该控制台已是我方的合作方 {}。", row.name);
                return Err(AppError::conflict(ErrorCode::AlreadyPaired, detail).zh(zh));
            }
        },
        None => blank(&PartnerId::generate(), name, &code.address, PartnerTrust::Pending),
    };
    name.clone_into(&mut row.name);
    code.address.as_str().clone_into(&mut row.address);
    row.public_key = Some(code.public_key.to_string());
    row.fingerprint = Some(code.fingerprint.to_string());
    row.trust = PartnerTrust::Pending;
    row.last_error = None;
    row.last_error_code = None;
    row.comment = remark.or(row.comment);
    row.invitation_id = Some(code.invitation_id.clone());
    if fresh {
        partners::insert(tx, row.clone()).await?;
        return Ok(row);
    }
    Ok(partners::save(tx, row).await?)
}

fn view(row: invitation::Model) -> Result<Invitation, AppError> {
    let state = InvitationState::of(&row, Utc::now());
    let invitation::Model {
        id,
        gmt_create,
        created_by,
        secret_hash: _,
        expires_at,
        used_at,
        partner_id,
        revoked_at: _,
        comment,
    } = row;
    Ok(Invitation {
        id: id.clone(),
        state,
        created_by: UserId::parse(&created_by).map_err(AppError::internal)?,
        created_at: utc(gmt_create),
        expires_at: utc(expires_at),
        used_at: used_at.map(utc),
        partner_id,
        comment,
    })
}
