//! How far a partner is trusted, and what changes it.

use chrono::Utc;
use console_db::entity::partner;
use console_db::{Page, naive, outbox as messages, partners as rows, projects};
use console_model::{ErrorCode, PartnerId, PartnerTrust};
use console_peer::identity::Fingerprint;

use super::Partner;
use super::row::{find, shown};
use crate::input::check_remark;
use crate::instances::change::Actor;
use crate::instances::trust::stop_all_of;
use crate::outbox::partner::Unpair;
use crate::outbox::{self, Message};
use crate::rights::{self, Action};
use crate::{App, AppError, Blocker, Fault, Operator};

/// What keeps an operator from changing how far a partner is trusted; each none where they can. Projects that are left keep a
/// partner from being deleted all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustBlockers {
    /// From pausing it.
    pub suspend: Option<Blocker>,
    /// From ending a pause.
    pub resume: Option<Blocker>,
    /// From ending the pairing.
    pub unpair: Option<Blocker>,
    /// From deleting it.
    pub delete: Option<Blocker>,
}

/// Notes that the operators of both sides see the same fingerprint.
///
/// # Errors
/// `not_found`; `fingerprint_differs` when it is not the partner's.
pub async fn confirm_fingerprint(
    app: &App,
    operator: &Operator,
    id: &PartnerId,
    fingerprint: &str,
) -> Result<Partner, AppError> {
    rights::require(operator, Action::ManagePartners)?;
    let seen = Fingerprint::parse(fingerprint).map_err(|error| {
        AppError::field(
            "/fingerprint",
            Fault::malformed(error).zh("指纹是 64 位十六进制数字"),
        )
    })?;
    let tx = app.db().begin().await?;
    let mut row = find(&tx, id).await?;
    if row.fingerprint.as_deref() != Some(seen.to_string().as_str()) {
        return Err(AppError::conflict(
            ErrorCode::FingerprintDiffers,
            "This is not the fingerprint of the partner's key. If its operators see this one, somebody else answers: \
             un-pair, and pair again by a new invitation.",
        ));
    }
    row.fingerprint_confirmed_at = Some(naive(Utc::now()));
    let row = rows::save(&tx, row).await?;
    tx.commit().await?;
    shown(app, operator, row).await
}

/// Pauses a partner: its calls are refused, ours wait, and the runs that are shared with it wait with them.
///
/// # Errors
/// `not_found`; `not_paired` when there is nothing to pause.
pub async fn suspend(app: &App, operator: &Operator, id: &PartnerId) -> Result<Partner, AppError> {
    set_trust(app, operator, id, |trust, _| match trust {
        PartnerTrust::Suspended => Ok(trust),
        trust => refuse_suspension_in(trust).map(|()| PartnerTrust::Suspended),
    })
    .await
}

/// Ends a pause.
///
/// # Errors
/// `not_found`; `not_paired` when there is nothing to resume.
pub async fn resume(app: &App, operator: &Operator, id: &PartnerId) -> Result<Partner, AppError> {
    set_trust(app, operator, id, |trust, row| match trust {
        PartnerTrust::Paired | PartnerTrust::Base => Ok(trust),
        trust => refuse_resumption_in(trust).map(|()| match row.public_key {
            Some(_) => PartnerTrust::Paired,
            None => PartnerTrust::Base,
        }),
    })
    .await
}

async fn set_trust(
    app: &App,
    operator: &Operator,
    id: &PartnerId,
    next: impl Fn(PartnerTrust, &partner::Model) -> Result<PartnerTrust, AppError>,
) -> Result<Partner, AppError> {
    rights::require(operator, Action::ManagePartners)?;
    let tx = app.db().begin().await?;
    let mut row = find(&tx, id).await?;
    let trust = next(row.trust, &row)?;
    if row.trust != trust {
        row.trust = trust;
        row = rows::save(&tx, row).await?;
    }
    tx.commit().await?;
    app.wake().outbox.notify_one();
    shown(app, operator, row).await
}

/// Ends a pairing: the partner's calls are refused, nothing is sent any more but the news of it, and every run that is
/// shared with it is stopped.
///
/// # Errors
/// `not_found`, `invalid_input`.
pub async fn unpair(
    app: &App,
    operator: &Operator,
    id: &PartnerId,
    reason: &str,
) -> Result<Partner, AppError> {
    rights::require(operator, Action::ManagePartners)?;
    check_remark(Some(reason)).map_err(|fault| AppError::field("/reason", fault))?;
    let tx = app.db().begin().await?;
    let mut row = find(&tx, id).await?;
    let before = row.trust;
    if before != PartnerTrust::Unpaired {
        row.trust = PartnerTrust::Unpaired;
        row = rows::save(&tx, row).await?;
        messages::give_up_all(&tx, id, "the pairing was ended here").await?;
        stop_all_of(&tx, id, Actor::operator(operator)).await?;
        // A partner that is still pending may have taken us in already: its answer can be lost.
        if row.public_key.is_some() {
            let message = Message::Unpair(Unpair {
                reason: reason.to_owned(),
            });
            outbox::enqueue(&tx, id, id.as_str(), &message, Some(&operator.request_id)).await?;
        }
    }
    tx.commit().await?;
    app.wake().outbox.notify_one();
    app.wake().runs.notify_one();
    shown(app, operator, row).await
}

/// Deletes a partner that is no longer paired and has no projects here, with what waits for it.
///
/// # Errors
/// `not_found`; `partner_paired`; `partner_has_projects`.
pub async fn delete(app: &App, operator: &Operator, id: &PartnerId) -> Result<(), AppError> {
    rights::require(operator, Action::ManagePartners)?;
    let tx = app.db().begin().await?;
    let row = find(&tx, id).await?;
    refuse_deletion_in(row.trust)?;
    let filter = projects::ProjectFilter {
        partner: Some(id.clone()),
        ..projects::ProjectFilter::default()
    };
    if !projects::list(&tx, &filter, &Page::first(1)).await?.is_empty() {
        return Err(AppError::conflict(
            ErrorCode::PartnerHasProjects,
            "Projects with the partner are left. Close and delete them first.",
        ));
    }
    rows::delete(&tx, id).await?;
    tx.commit().await?;
    tracing::info!(partner.id = %id, operator.id = %operator.id, "a partner is deleted");
    Ok(())
}

fn refuse_suspension_in(trust: PartnerTrust) -> Result<(), AppError> {
    match trust {
        PartnerTrust::Paired | PartnerTrust::Base => Ok(()),
        PartnerTrust::Suspended => Err(AppError::conflict(
            ErrorCode::PartnerNotActive,
            "The partner is suspended already.",
        )),
        PartnerTrust::Pending | PartnerTrust::Unpaired => Err(not_paired()),
    }
}

fn refuse_resumption_in(trust: PartnerTrust) -> Result<(), AppError> {
    match trust {
        PartnerTrust::Suspended => Ok(()),
        PartnerTrust::Paired | PartnerTrust::Base => Err(AppError::conflict(
            ErrorCode::AlreadyPaired,
            "The partner is not suspended.",
        )),
        PartnerTrust::Pending | PartnerTrust::Unpaired => Err(not_paired()),
    }
}

fn refuse_unpairing_in(trust: PartnerTrust) -> Result<(), AppError> {
    match trust {
        PartnerTrust::Unpaired => Err(not_paired()),
        PartnerTrust::Pending | PartnerTrust::Paired | PartnerTrust::Suspended | PartnerTrust::Base => Ok(()),
    }
}

fn refuse_deletion_in(trust: PartnerTrust) -> Result<(), AppError> {
    match trust {
        PartnerTrust::Unpaired => Ok(()),
        PartnerTrust::Pending | PartnerTrust::Paired | PartnerTrust::Suspended | PartnerTrust::Base => {
            let detail = "End the pairing with the partner first.";
            Err(AppError::conflict(ErrorCode::PartnerPaired, detail))
        }
    }
}

impl TrustBlockers {
    pub(super) fn of(operator: &Operator, trust: PartnerTrust) -> Result<Self, AppError> {
        let blocker = |refused: Result<(), AppError>| {
            Blocker::of(refused.and_then(|()| rights::require(operator, Action::ManagePartners)))
        };
        Ok(Self {
            suspend: blocker(refuse_suspension_in(trust))?,
            resume: blocker(refuse_resumption_in(trust))?,
            unpair: blocker(refuse_unpairing_in(trust))?,
            delete: blocker(refuse_deletion_in(trust))?,
        })
    }
}

fn not_paired() -> AppError {
    AppError::conflict(
        ErrorCode::NotPaired,
        "The partner is not paired. Pair by a new invitation.",
    )
}
