//! Partners: the other organisations' consoles.
//!
//! Sole writer of `partner.trust`, together with [`crate::federation::pairing`] (what a partner asks for) and
//! `delivery::partner` (its answer).

pub mod check;
pub(crate) mod contact;
pub mod invitations;
mod row;
mod trust;

use chrono::{DateTime, Utc};
use console_db::entity::partner;
use console_db::{ConnectionTrait, Page, partners as rows, projects};
use console_model::{ErrorCode, ErrorKind, FieldCode, PartnerId, PartnerTrust, PlainName, look_alike, plain};
use console_peer::address::PartnerAddress;
use console_peer::identity::Fingerprint;

use crate::input::{check_generation, field, remark};
use crate::reached_limits::Reached;
use crate::rights::{self, Action};
use crate::{App, AppError, Blocker, Fault, FieldProblem, Operator};

pub(crate) use row::{Announced, blank, find, route, trusted_route};
use row::{Beside, shown, view};
pub use trust::{TrustBlockers, confirm_fingerprint, delete, resume, suspend, unpair};

/// A partner as operators see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Partner {
    /// Our id of it.
    pub id: PartnerId,
    /// Its name.
    pub name: String,
    /// Where it is called.
    pub address: String,
    /// The address that it says it has now, where that is another one. It is not called there before an operator says so.
    pub announced: Option<AnnouncedAddress>,
    /// A remark.
    pub comment: Option<String>,
    /// How far it is trusted.
    pub trust: PartnerTrust,
    /// The fingerprint of its key; none for a base partner.
    pub fingerprint: Option<Fingerprint>,
    /// The fingerprint of our key, to be compared with what its operators see.
    pub our_fingerprint: Fingerprint,
    /// When an administrator here confirmed that both sides see the same.
    pub fingerprint_confirmed_at: Option<DateTime<Utc>>,
    /// The level of extensions that it announced; none for a base partner.
    pub protocol_level: Option<i32>,
    /// What it announced that it can do.
    pub capabilities: Vec<String>,
    /// When it last answered or called.
    pub last_seen_at: Option<DateTime<Utc>>,
    /// Why the last call failed.
    pub last_error: Option<String>,
    /// The same in simplified Chinese, where it is not in the partner's own words.
    pub last_error_zh: Option<&'static str>,
    /// Its clock less ours, in milliseconds.
    pub clock_offset_ms: Option<i64>,
    /// Messages that wait for it.
    pub waiting_messages: u64,
    /// The limits of this console that it has reached.
    pub reached_limits: Vec<Reached>,
    /// Why nothing can be run with it, whatever the task: no engine here works with the base protocol.
    pub cannot_run: Option<Blocker>,
    /// What keeps the operator from changing how far it is trusted.
    pub cannot: TrustBlockers,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
    /// Counts the changes.
    pub generation: i64,
}

/// Another address than the one that a partner is called at, as it says itself in a signed call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncedAddress {
    /// The address.
    pub address: String,
    /// Since when it says so.
    pub at: DateTime<Utc>,
}

/// What is needed to add a partner that runs the original console.
#[derive(Debug, Clone)]
pub struct NewBasePartner {
    /// Its name here.
    pub name: String,
    /// Where it is called, exactly as it names itself in `peer_url`.
    pub address: String,
    /// A remark.
    pub comment: Option<String>,
    /// That the administrator knows that its calls are not signed, and accepts them.
    pub accept_unsigned: bool,
}

/// What changes about a partner; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct PartnerChange {
    /// Its name here.
    pub name: Option<String>,
    /// Where it is called.
    pub address: Option<String>,
    /// A remark; the inner `None` removes it.
    pub comment: Option<Option<String>>,
}

/// The partners, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(app: &App, operator: &Operator, page: &Page) -> Result<Vec<Partner>, AppError> {
    rights::require(operator, Action::Read)?;
    let found = rows::list(app.db().reader(), page).await?;
    let beside = Beside::load(app).await?;
    found
        .into_iter()
        .map(|row| view(app, operator, row, &beside))
        .collect()
}

/// One partner.
///
/// # Errors
/// `not_found`.
pub async fn get(app: &App, operator: &Operator, id: &PartnerId) -> Result<Partner, AppError> {
    rights::require(operator, Action::Read)?;
    shown(app, operator, find(app.db().reader(), id).await?).await
}

/// Adds a partner that runs the original console. It cannot prove who it is: whoever can call us may speak in its name.
///
/// # Errors
/// `invalid_input`; `address_taken` when another opted-in partner has the address, since the address is all that tells
/// such partners apart; `name_taken`.
pub async fn add_base(app: &App, operator: &Operator, new: NewBasePartner) -> Result<Partner, AppError> {
    rights::require(operator, Action::ManagePartners)?;
    let mut problems = Vec::new();
    let name = field(&mut problems, "/name", PlainName::<256>::parse(&new.name));
    let address = field(&mut problems, "/address", PartnerAddress::parse(&new.address));
    let comment = field(&mut problems, "/comment", remark(new.comment.as_deref()));
    if !new.accept_unsigned {
        let fault = Fault::new(
            FieldCode::Required,
            "must be true: calls of a console with the base protocol are not signed, so anybody who can reach this \
             console could speak in its name",
        );
        problems.push(FieldProblem::new("/accept_unsigned", fault));
    }
    let (Some(name), Some(address), Some(comment), []) = (name, address, comment, problems.as_slice()) else {
        return Err(AppError::fields(problems));
    };
    refuse_forbidden_address(app, &address, "/address").await?;
    let tx = app.db().begin().await?;
    refuse_taken_address(&tx, &address, None).await?;
    refuse_taken_name(&tx, name.as_str(), None).await?;
    let mut row = blank(
        &PartnerId::generate(),
        name.as_str(),
        &address,
        PartnerTrust::Base,
    );
    row.comment = comment;
    rows::insert(&tx, row.clone()).await?;
    tx.commit().await?;
    tracing::warn!(partner.id = %row.id, partner.address = row.address, operator.id = %operator.id,
        "unsigned calls of a base partner are accepted from now on");
    shown(app, operator, row).await
}

/// Corrects a partner's name, address or remark.
///
/// # Errors
/// `not_found`, `stale`, `invalid_input`, `address_taken`, `name_taken`.
pub async fn update(
    app: &App,
    operator: &Operator,
    id: &PartnerId,
    generation: Option<i64>,
    change: PartnerChange,
) -> Result<Partner, AppError> {
    rights::require(operator, Action::ManagePartners)?;
    let mut problems = Vec::new();
    let name = change
        .name
        .and_then(|name| field(&mut problems, "/name", PlainName::<256>::parse(&name)));
    let address = change
        .address
        .and_then(|address| field(&mut problems, "/address", PartnerAddress::parse(&address)));
    let comment = change
        .comment
        .and_then(|text| field(&mut problems, "/comment", remark(text.as_deref())));
    if !problems.is_empty() {
        return Err(AppError::fields(problems));
    }
    if let Some(address) = &address {
        refuse_forbidden_address(app, address, "/address").await?;
    }
    let tx = app.db().begin().await?;
    let mut row = find(&tx, id).await?;
    check_generation(row.generation, generation)?;
    if let Some(address) = address.filter(|address| address.as_str() != row.address) {
        if row.trust == PartnerTrust::Base {
            refuse_taken_address(&tx, &address, Some(id)).await?;
        }
        address.as_str().clone_into(&mut row.address);
        // Whether it still says another one, it says again.
        (row.announced_address, row.announced_at) = (None, None);
        projects::set_peer_url(&tx, id, address.as_str()).await?;
    }
    if let Some(name) = name {
        refuse_taken_name(&tx, name.as_str(), Some(id)).await?;
        row.name = name.into_string();
    }
    if let Some(comment) = comment {
        row.comment = comment;
    }
    let row = rows::save(&tx, row).await?;
    tx.commit().await?;
    app.wake().outbox.notify_one();
    app.wake().contacts.notify_one();
    shown(app, operator, row).await
}

/// Notes the address that a partner gives as its own in a signed call. It is called where it was before, until an operator
/// takes the new address over.
pub(crate) async fn announced(app: &App, row: &partner::Model, address: &str) -> Result<(), AppError> {
    // A text that is no address is no news.
    let Ok(address) = PartnerAddress::parse(address) else {
        return Ok(());
    };
    let is_known = PartnerAddress::parse(&row.address).is_ok_and(|known| known == address);
    let announced = Some(address.as_str()).filter(|_| !is_known);
    if row.announced_address.as_deref() == announced {
        return Ok(());
    }
    if announced.is_some()
        && let Err(refusal) = app.peer().check_address(&address).await
    {
        tracing::warn!(partner.id = %row.id, address = address.as_str(), %refusal, "a partner gives an address that may not be called");
        return Ok(());
    }
    if let Some(address) = announced {
        tracing::warn!(
            partner.id = %row.id,
            partner.address = row.address,
            address,
            "a partner gives another address as its own"
        );
    }
    Ok(rows::note_address(app.db(), &row.id, announced).await?)
}

/// The longest name of a partner, in characters.
const NAME: usize = 256;
/// More partners than these are not compared with a new name.
const MAX_COMPARED: u64 = 10_000;

/// The name under which a partner is kept that calls itself so: cleaned, and unlike that of every other partner, because
/// operators tell partners apart by their names.
pub(crate) async fn distinct_name(
    db: &impl ConnectionTrait,
    wanted: &str,
    address: &PartnerAddress,
) -> Result<String, AppError> {
    let plain = plain(wanted, NAME - 8);
    let name = if plain.is_empty() {
        console_model::plain(address.as_str(), NAME - 8)
    } else {
        plain
    };
    let taken: Vec<String> = names(db, None).await?;
    let free = |name: &String| !taken.contains(&look_alike(name));
    let numbered = (2..=taken.len() + 2).map(|number| format!("{name} ({number})"));
    Ok(std::iter::once(name.clone())
        .chain(numbered)
        .find(free)
        .unwrap_or(name))
}

/// Refuses a name that an operator gives and that another partner has.
pub(crate) async fn refuse_taken_name(
    db: &impl ConnectionTrait,
    name: &str,
    except: Option<&PartnerId>,
) -> Result<(), AppError> {
    if names(db, except).await?.contains(&look_alike(name)) {
        let taken = Fault::new(
            FieldCode::NotUnique,
            "another partner has this name, or one that looks like it",
        );
        let error = AppError::field("/name", taken);
        return Err(error.as_kind(ErrorKind::Conflict, ErrorCode::NameTaken));
    }
    Ok(())
}

async fn names(db: &impl ConnectionTrait, except: Option<&PartnerId>) -> Result<Vec<String>, AppError> {
    let all = rows::list(db, &Page::first(MAX_COMPARED)).await?;
    let others = all.iter().filter(|row| except.is_none_or(|id| *id != row.id));
    Ok(others.map(|row| look_alike(&row.name)).collect())
}

/// Refuses an address that this console would never call, while somebody is there to correct it.
async fn refuse_forbidden_address(
    app: &App,
    address: &PartnerAddress,
    pointer: &str,
) -> Result<(), AppError> {
    let checked = app.peer().check_address(address).await;
    checked.map_err(|refusal| AppError::field(pointer, Fault::not_allowed(refusal)))
}

/// Refuses what cannot be done without a partner that can be told of it.
pub(crate) fn refuse_inactive(row: &partner::Model) -> Result<(), AppError> {
    match row.trust {
        PartnerTrust::Paired | PartnerTrust::Base | PartnerTrust::Pending => Ok(()),
        PartnerTrust::Suspended | PartnerTrust::Unpaired => Err(AppError::conflict(
            ErrorCode::PartnerNotActive,
            "The partner is suspended or no longer paired. Resume or pair it first.",
        )),
    }
}

/// Whether nobody here has compared the fingerprints yet: somebody else may hold the key. A partner without a key was let
/// in by an administrator's word.
pub(crate) fn is_unconfirmed(row: &partner::Model) -> bool {
    row.public_key.is_some() && row.fingerprint_confirmed_at.is_none()
}

/// Refuses to pair or run anything with a partner whose fingerprint nobody here has confirmed.
pub(crate) fn refuse_unconfirmed(row: &partner::Model) -> Result<(), AppError> {
    if is_unconfirmed(row) {
        return Err(AppError::conflict(
            ErrorCode::FingerprintNotConfirmed,
            format!(
                "Nobody here has confirmed the fingerprint of {} yet. Compare it by telephone, and confirm it on the \
                 partner's page.",
                row.name
            ),
        ));
    }
    Ok(())
}

async fn refuse_taken_address(
    tx: &impl ConnectionTrait,
    address: &PartnerAddress,
    except: Option<&PartnerId>,
) -> Result<(), AppError> {
    let taken = rows::with_trust(tx, PartnerTrust::Base)
        .await?
        .into_iter()
        .any(|row| {
            except.is_none_or(|id| *id != row.id)
                && PartnerAddress::parse(&row.address).is_ok_and(|known| known == *address)
        });
    if taken {
        return Err(AppError::conflict(
            ErrorCode::AddressTaken,
            "Another partner with the base protocol has this address, which is all that tells such partners apart.",
        ));
    }
    Ok(())
}
