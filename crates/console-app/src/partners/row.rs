//! The row of a partner: how it is read, and what it means.

use chrono::Utc;
use console_db::entity::partner;
use console_db::{ConnectionTrait, naive, outbox as messages, partners as rows, utc};
use console_model::{ErrorCode, PartnerId, PartnerTrust};
use console_peer::Word;
use console_peer::address::PartnerAddress;
use console_peer::client::{Partner as Route, Speaks};
use console_peer::ext::{Capability, Hello, PairingAnswer};
use console_peer::identity::Fingerprint;
use serde_json::Value;

use super::{AnnouncedAddress, Partner, TrustBlockers};
use crate::reached_limits::{self, Reached, Subject};
use crate::{App, AppError, Blocker, Operator};

/// What a console announced of itself.
pub(crate) struct Announced {
    pub(crate) level: u32,
    pub(crate) capabilities: Vec<String>,
}

impl Announced {
    fn new(level: u32, capabilities: &[Word<Capability>]) -> Self {
        Self {
            level,
            capabilities: capabilities.iter().map(|word| word.as_str().to_owned()).collect(),
        }
    }

    /// Notes what was announced in a row, together with the trust that follows.
    pub(crate) fn applied(self, mut row: partner::Model, trust: PartnerTrust) -> partner::Model {
        row.trust = trust;
        row.protocol_level = Some(i32::try_from(self.level).unwrap_or(i32::MAX));
        row.capabilities = Some(Value::from(self.capabilities));
        row.last_seen_at = Some(naive(Utc::now()));
        row.last_error = None;
        row.last_error_code = None;
        row
    }
}

impl From<&PairingAnswer> for Announced {
    fn from(answer: &PairingAnswer) -> Self {
        Self::new(answer.protocol_level, &answer.capabilities)
    }
}

impl From<&Hello> for Announced {
    fn from(hello: &Hello) -> Self {
        Self::new(hello.protocol_level, &hello.capabilities)
    }
}

/// How a partner is called.
pub(crate) fn route(row: &partner::Model) -> Result<Route, AppError> {
    let address = PartnerAddress::parse(&row.address).map_err(AppError::internal)?;
    let speaks = match row.fingerprint.as_deref() {
        Some(fingerprint) => Speaks::Paired {
            receiver: Fingerprint::parse(fingerprint).map_err(AppError::internal)?,
        },
        None => Speaks::Base,
    };
    Ok(Route { address, speaks })
}

/// How a partner is called for anything but its pairing: not at all while it is not trusted.
///
/// # Errors
/// `partner_not_active`.
pub(crate) fn trusted_route(row: &partner::Model) -> Result<Route, AppError> {
    match row.trust {
        PartnerTrust::Paired | PartnerTrust::Base => route(row),
        PartnerTrust::Pending | PartnerTrust::Suspended | PartnerTrust::Unpaired => Err(AppError::conflict(
            ErrorCode::PartnerNotActive,
            "The partner is suspended or not paired: nothing is asked of it or sent to it. Resume or pair it first.",
        )),
    }
}

/// The row, or `not_found`.
pub(crate) async fn find(db: &impl ConnectionTrait, id: &PartnerId) -> Result<partner::Model, AppError> {
    rows::find(db, id)
        .await?
        .ok_or_else(|| AppError::not_found("partner"))
}

/// A row with nothing but what every partner has.
pub(crate) fn blank(
    id: &PartnerId,
    name: &str,
    address: &PartnerAddress,
    trust: PartnerTrust,
) -> partner::Model {
    let now = naive(Utc::now());
    partner::Model {
        id: id.clone(),
        gmt_create: now,
        gmt_modified: now,
        name: name.to_owned(),
        address: address.as_str().to_owned(),
        public_key: None,
        fingerprint: None,
        protocol_level: None,
        capabilities: None,
        trust,
        fingerprint_confirmed_at: None,
        last_seen_at: None,
        last_error: None,
        last_error_code: None,
        clock_offset_ms: None,
        comment: None,
        generation: 1,
        invitation_id: None,
        announced_address: None,
        announced_at: None,
    }
}

/// The partner as operators see it.
pub(super) async fn shown(app: &App, operator: &Operator, row: partner::Model) -> Result<Partner, AppError> {
    let beside = Beside::load(app).await?;
    view(app, operator, row, &beside)
}

/// What is shown with partners beside their rows, of all of them.
pub(super) struct Beside {
    waiting: Vec<messages::Waiting>,
    reached: Vec<Reached>,
}

impl Beside {
    pub(super) async fn load(app: &App) -> Result<Self, AppError> {
        Ok(Self {
            waiting: messages::waiting_by_partner(app.db().reader()).await?,
            reached: reached_limits::of_partners(app).await?,
        })
    }
}

/// The partner as operators see it.
pub(super) fn view(
    app: &App,
    operator: &Operator,
    row: partner::Model,
    beside: &Beside,
) -> Result<Partner, AppError> {
    let partner::Model {
        id,
        gmt_create,
        gmt_modified,
        name,
        address,
        public_key: _,
        fingerprint,
        protocol_level,
        capabilities,
        trust,
        fingerprint_confirmed_at,
        last_seen_at,
        last_error,
        last_error_code,
        clock_offset_ms,
        comment,
        generation,
        invitation_id: _,
        announced_address,
        announced_at,
    } = row;
    let is_its_own =
        |reached: &&Reached| matches!(&reached.subject, Subject::Partner(partner, _) if *partner == id);
    let reached_limits = beside.reached.iter().filter(is_its_own).cloned().collect();
    let waiting_messages = beside
        .waiting
        .iter()
        .find(|entry| entry.partner_id == id)
        .map_or(0, |entry| entry.messages);
    let words = |value: Value| match value {
        Value::Array(words) => words
            .iter()
            .filter_map(|word| word.as_str().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    };
    let without_channel = app
        .engines()
        .iter()
        .any(|engine| !engine.description.capabilities.peer_channel);
    let cannot_run = (trust == PartnerTrust::Base && !without_channel).then(|| Blocker {
        code: ErrorCode::EngineNeedsChannel,
        detail: "Every engine of this console needs the channel between two consoles, which the partner's console does not \
                 have. Tasks can be paired, and no run can work."
            .to_owned(),
    });
    let announced = announced_address.zip(announced_at);
    Ok(Partner {
        cannot_run,
        cannot: TrustBlockers::of(operator, trust)?,
        announced: announced.map(|(address, at)| AnnouncedAddress { address, at: utc(at) }),
        id: id.clone(),
        name,
        address,
        comment,
        trust,
        fingerprint: fingerprint
            .map(|text| Fingerprint::parse(&text))
            .transpose()
            .map_err(AppError::internal)?,
        our_fingerprint: app.identity().fingerprint(),
        fingerprint_confirmed_at: fingerprint_confirmed_at.map(utc),
        protocol_level,
        capabilities: capabilities.map_or_else(Vec::new, words),
        last_seen_at: last_seen_at.map(utc),
        last_error,
        last_error_zh: last_error_code.as_deref().and_then(crate::told::chinese),
        clock_offset_ms,
        waiting_messages: waiting_messages.unsigned_abs(),
        reached_limits,
        created_at: utc(gmt_create),
        modified_at: utc(gmt_modified),
        generation,
    })
}
