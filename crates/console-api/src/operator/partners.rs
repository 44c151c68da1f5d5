//! `/partners`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use console_app::partners as cases;
use console_app::partners::check::Checked;
use console_model::PartnerTrust;
use console_peer::client::{CheckOutcome, CheckStep, Checked as Step};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::limits::ReachedLimit;
use crate::auth::{Signed, SignedQuery};
use crate::blocker::Blocker;
use crate::error::ApiError;
use crate::extract::{Body, IfMatch, NoBody, Query, given, if_match, path, tagged};
use crate::idempotency::{IdempotencyKey, Made, once};
use crate::page::{Listing, PageQuery};
use crate::words::{CheckedPart, StepOutcome, Trust, Verdict};

/// A partner: the other organisation's console.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Partner {
    id: String,
    name: String,
    address: String,
    /// Another address that the partner gives as its own in signed calls. It is not called there before `address` is changed.
    announced: Option<AnnouncedAddress>,
    comment: Option<String>,
    #[schema(value_type = Trust)]
    trust: &'static str,
    /// Of the partner's key, in groups of four digits; null for a base partner.
    fingerprint: Option<String>,
    /// Of this console's key, to be compared with what the partner's operators see.
    our_fingerprint: String,
    fingerprint_confirmed_at: Option<DateTime<Utc>>,
    protocol_level: Option<i32>,
    capabilities: Vec<String>,
    last_seen_at: Option<DateTime<Utc>>,
    last_error: Option<String>,
    /// The same in simplified Chinese, where it is not in the partner's own words.
    last_error_zh: Option<&'static str>,
    /// The partner's clock less this one's, in milliseconds.
    clock_offset_ms: Option<i64>,
    /// Messages that wait for the partner.
    waiting_messages: u64,
    /// The limits of this console that it has reached.
    reached_limits: Vec<ReachedLimit>,
    /// Why nothing can be run with it, whatever the task.
    cannot_run: Option<Blocker>,
    /// What keeps the caller from changing how far it is trusted.
    cannot: TrustBlockers,
    /// What an administrator should know about the trust in this partner.
    warning: Option<&'static str>,
    created_at: DateTime<Utc>,
    modified_at: DateTime<Utc>,
    generation: i64,
}

impl From<cases::Partner> for Partner {
    fn from(partner: cases::Partner) -> Self {
        let cases::Partner {
            id,
            name,
            address,
            announced,
            comment,
            trust,
            fingerprint,
            our_fingerprint,
            fingerprint_confirmed_at,
            protocol_level,
            capabilities,
            last_seen_at,
            last_error,
            last_error_zh,
            clock_offset_ms,
            waiting_messages,
            reached_limits,
            cannot_run,
            cannot,
            created_at,
            modified_at,
            generation,
        } = partner;
        let warning = match trust {
            PartnerTrust::Base => Some(
                "Calls of this partner are not signed: whoever can reach this console may speak in its name.",
            ),
            PartnerTrust::Paired if fingerprint_confirmed_at.is_none() => {
                Some("Compare both fingerprints with the partner by another channel, and confirm.")
            }
            PartnerTrust::Paired
            | PartnerTrust::Pending
            | PartnerTrust::Suspended
            | PartnerTrust::Unpaired => None,
        };
        Self {
            id: id.into(),
            name,
            address,
            announced: announced
                .map(|cases::AnnouncedAddress { address, at }| AnnouncedAddress { address, at }),
            comment,
            trust: trust.word(),
            fingerprint: fingerprint.map(|fingerprint| fingerprint.grouped()),
            our_fingerprint: our_fingerprint.grouped(),
            fingerprint_confirmed_at,
            protocol_level,
            capabilities,
            last_seen_at,
            last_error,
            last_error_zh,
            clock_offset_ms,
            waiting_messages,
            reached_limits: reached_limits.into_iter().map(ReachedLimit::from).collect(),
            cannot_run: cannot_run.map(Blocker::from),
            cannot: cannot.into(),
            warning,
            created_at,
            modified_at,
            generation,
        }
    }
}

/// What keeps the caller from changing how far a partner is trusted; null where nothing does. Projects that are left keep a
/// partner from being deleted all the same.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrustBlockers {
    /// From pausing it.
    suspend: Option<Blocker>,
    /// From ending a pause.
    resume: Option<Blocker>,
    /// From ending the pairing.
    unpair: Option<Blocker>,
    /// From deleting it.
    delete: Option<Blocker>,
}

impl From<cases::TrustBlockers> for TrustBlockers {
    fn from(blockers: cases::TrustBlockers) -> Self {
        let cases::TrustBlockers {
            suspend,
            resume,
            unpair,
            delete,
        } = blockers;
        Self {
            suspend: suspend.map(Into::into),
            resume: resume.map(Into::into),
            unpair: unpair.map(Into::into),
            delete: delete.map(Into::into),
        }
    }
}

/// Where a partner says it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnnouncedAddress {
    address: String,
    /// Since when it says so.
    at: DateTime<Utc>,
}

/// A partner that runs the original console.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewBasePartner {
    name: String,
    /// Exactly as that console names itself in `peer_url`.
    address: String,
    comment: Option<String>,
    /// Has to be true: its calls are not signed.
    #[serde(default)]
    accept_unsigned: bool,
}

/// What changes; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartnerChange {
    name: Option<String>,
    address: Option<String>,
    /// Null removes it.
    #[serde(default, deserialize_with = "given")]
    comment: Option<Option<String>>,
}

/// The fingerprint that the partner's operators see as their own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Confirmation {
    fingerprint: String,
}

/// Why a pairing ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unpairing {
    /// For the partner's operators.
    #[serde(default)]
    reason: String,
}

/// What a check of the connection found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConnectionCheck {
    at: DateTime<Utc>,
    #[schema(value_type = Verdict)]
    verdict: &'static str,
    steps: Vec<ConnectionStep>,
    partner: Partner,
}

/// One step of a check of the connection.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConnectionStep {
    #[schema(value_type = CheckedPart)]
    checked: &'static str,
    #[schema(value_type = StepOutcome)]
    outcome: &'static str,
    detail: String,
    advice: Option<&'static str>,
}

impl From<CheckStep> for ConnectionStep {
    fn from(step: CheckStep) -> Self {
        let CheckStep {
            checked,
            outcome,
            detail,
            advice,
        } = step;
        Self {
            checked: match checked {
                Step::Name => "name",
                Step::Tcp => "tcp",
                Step::Tls => "tls",
                Step::Http => "http",
                Step::Console => "console",
                Step::Signature => "signature",
                Step::Clock => "clock",
            },
            outcome: match outcome {
                CheckOutcome::Passed => "passed",
                CheckOutcome::Warned => "warned",
                CheckOutcome::Failed => "failed",
                CheckOutcome::Skipped => "skipped",
            },
            detail,
            advice,
        }
    }
}

impl From<Checked> for ConnectionCheck {
    fn from(checked: Checked) -> Self {
        let Checked {
            at,
            verdict,
            steps,
            partner,
        } = checked;
        Self {
            at,
            verdict: verdict.word(),
            steps: steps.into_iter().map(Into::into).collect(),
            partner: partner.into(),
        }
    }
}

/// Partners.
#[utoipa::path(get, path = "/api/v1/partners", tag = "partners", params(PageQuery),
    responses((status = 200, body = Listing<Partner>)))]
pub(crate) async fn list(signed: SignedQuery, query: Query<PageQuery>) -> Result<HttpResponse, ApiError> {
    let page = query.0.page()?;
    let found = cases::list(&signed.app, &signed.operator, &page).await?;
    let listing: Listing<Partner> =
        Listing::new(found, &page, |partner| (partner.created_at, partner.id.as_str()));
    Ok(HttpResponse::Ok().json(listing))
}

/// Adds a partner that runs the original console and cannot sign. Others are paired by invitation.
#[utoipa::path(post, path = "/api/v1/partners", tag = "partners", params(IdempotencyKey), request_body = NewBasePartner,
    responses((status = 201, body = Partner)))]
pub(crate) async fn add_base(
    request: HttpRequest,
    signed: Signed,
    body: Body<NewBasePartner>,
) -> Result<HttpResponse, ApiError> {
    once(&request, &signed, &body.bytes, async || {
        let NewBasePartner {
            name,
            address,
            comment,
            accept_unsigned,
        } = body.value;
        let new = cases::NewBasePartner {
            name,
            address,
            comment,
            accept_unsigned,
        };
        let partner = cases::add_base(&signed.app, &signed.operator, new).await?;
        Ok(Made {
            generation: Some(partner.generation),
            value: Partner::from(partner),
        })
    })
    .await
}

fn answer(partner: cases::Partner) -> HttpResponse {
    tagged(StatusCode::OK, partner.generation, &Partner::from(partner))
}

/// One partner.
#[utoipa::path(get, path = "/api/v1/partners/{id}", tag = "partners", params(("id" = String, Path)),
    responses((status = 200, body = Partner)))]
pub(crate) async fn get(request: HttpRequest, signed: Signed) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "partner")?;
    Ok(answer(cases::get(&signed.app, &signed.operator, &id).await?))
}

/// Corrects name, address or remark.
#[utoipa::path(patch, path = "/api/v1/partners/{id}", tag = "partners", params(("id" = String, Path), IfMatch),
    request_body = PartnerChange, responses((status = 200, body = Partner)))]
pub(crate) async fn update(
    request: HttpRequest,
    signed: Signed,
    body: Body<PartnerChange>,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "partner")?;
    let PartnerChange {
        name,
        address,
        comment,
    } = body.value;
    let change = cases::PartnerChange {
        name,
        address,
        comment,
    };
    Ok(answer(
        cases::update(&signed.app, &signed.operator, &id, if_match(&request)?, change).await?,
    ))
}

/// Notes that both sides' operators see the same fingerprint.
#[utoipa::path(post, path = "/api/v1/partners/{id}/confirm", tag = "partners", params(("id" = String, Path)),
    request_body = Confirmation, responses((status = 200, body = Partner)))]
pub(crate) async fn confirm(
    request: HttpRequest,
    signed: Signed,
    body: Body<Confirmation>,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "partner")?;
    let Confirmation { fingerprint } = body.value;
    Ok(answer(
        cases::confirm_fingerprint(&signed.app, &signed.operator, &id, &fingerprint).await?,
    ))
}

/// Pauses a partner: its calls are refused, messages to it wait.
#[utoipa::path(post, path = "/api/v1/partners/{id}/suspend", tag = "partners", params(("id" = String, Path)),
    responses((status = 200, body = Partner)))]
pub(crate) async fn suspend(
    request: HttpRequest,
    signed: Signed,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "partner")?;
    Ok(answer(cases::suspend(&signed.app, &signed.operator, &id).await?))
}

/// Ends a pause.
#[utoipa::path(post, path = "/api/v1/partners/{id}/resume", tag = "partners", params(("id" = String, Path)),
    responses((status = 200, body = Partner)))]
pub(crate) async fn resume(
    request: HttpRequest,
    signed: Signed,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "partner")?;
    Ok(answer(cases::resume(&signed.app, &signed.operator, &id).await?))
}

/// Ends a pairing: the partner's calls are refused, and what waits for it is given up.
#[utoipa::path(post, path = "/api/v1/partners/{id}/unpair", tag = "partners", params(("id" = String, Path)),
    request_body = Unpairing, responses((status = 200, body = Partner)))]
pub(crate) async fn unpair(
    request: HttpRequest,
    signed: Signed,
    body: Body<Unpairing>,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "partner")?;
    let Unpairing { reason } = body.value;
    Ok(answer(
        cases::unpair(&signed.app, &signed.operator, &id, &reason).await?,
    ))
}

/// Deletes a partner that is no longer paired and has no projects here, with the messages to it.
#[utoipa::path(delete, path = "/api/v1/partners/{id}", tag = "partners", params(("id" = String, Path)),
    responses((status = 204)))]
pub(crate) async fn delete(
    request: HttpRequest,
    signed: Signed,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "partner")?;
    cases::delete(&signed.app, &signed.operator, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Checks the way to a partner now, step by step.
#[utoipa::path(post, path = "/api/v1/partners/{id}/check", tag = "partners", params(("id" = String, Path)),
    responses((status = 200, body = ConnectionCheck)))]
pub(crate) async fn check(request: HttpRequest, signed: Signed, _: NoBody) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "partner")?;
    let checked = cases::check::check(&signed.app, &signed.operator, &id).await?;
    Ok(HttpResponse::Ok().json(ConnectionCheck::from(checked)))
}
