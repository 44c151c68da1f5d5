//! `/system`

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use console_app::system as cases;
use console_app::{AppError, SeqPage};
use console_model::MessageState;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::auth::{Signed, SignedQuery};
use crate::error::ApiError;
use crate::extract::{Body, NoBody, Query, id, path};
use crate::limits;
use crate::page::{self, Listing};
use crate::words::OutboxState;

/// Facts about this console.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct System {
    /// The organisation's name as partners see it.
    name: String,
    version: &'static str,
    /// The console's address as partners see it.
    base_url: String,
    public_key: String,
    /// To be compared with what the partner's operators see.
    fingerprint: String,
    started_at: DateTime<Utc>,
    /// The background work.
    reconcilers: BTreeMap<&'static str, Reconciler>,
    /// Messages that wait for partners.
    waiting_messages: u64,
    /// Runs that this process looks after.
    running_jobs: usize,
    /// Requests that were refused for their size (413), their number (429), for want of room (503) or because they came
    /// too slowly (408), since the start of the process.
    refused_requests: BTreeMap<String, u64>,
}

/// How a part of the background work is doing.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Reconciler {
    last_pass: Option<DateTime<Utc>>,
    passes: u64,
    /// Why the last pass failed.
    last_error: Option<String>,
    /// A pass should have ended by now.
    overdue: bool,
}

impl From<cases::System> for System {
    fn from(system: cases::System) -> Self {
        let cases::System {
            name,
            version,
            base_url,
            public_key,
            fingerprint,
            started_at,
            reconcilers,
            waiting_messages,
            running_jobs,
            refused_requests,
        } = system;
        let reconcilers = reconcilers.into_iter().map(|(name, status)| {
            let overdue = status.is_overdue();
            let console_app::reconcile::Status {
                last_pass,
                passes,
                last_error,
                is_broken: _,
                begun: _,
                every: _,
            } = status;
            (
                name,
                Reconciler {
                    last_pass,
                    passes,
                    last_error,
                    overdue,
                },
            )
        });
        Self {
            name,
            version,
            base_url,
            public_key: public_key.to_string(),
            fingerprint: fingerprint.grouped(),
            started_at,
            reconcilers: reconcilers.collect(),
            waiting_messages,
            running_jobs,
            refused_requests: refused_requests
                .into_iter()
                .map(|(status, count)| (status.to_string(), count))
                .collect(),
        }
    }
}

/// A message to a partner.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OutboxMessage {
    id: String,
    partner_id: String,
    partner_name: Option<String>,
    /// What it says.
    kind: String,
    /// The id of what it is about.
    about: String,
    #[schema(value_type = OutboxState)]
    state: &'static str,
    attempts: i32,
    last_error: Option<String>,
    /// The same in simplified Chinese; null where they are the partner's own words.
    last_error_zh: Option<&'static str>,
    next_attempt_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

impl From<cases::OutboxMessage> for OutboxMessage {
    fn from(message: cases::OutboxMessage) -> Self {
        let cases::OutboxMessage {
            seq: _,
            id,
            partner_id,
            partner_name,
            kind,
            about,
            state,
            attempts,
            last_error,
            last_error_zh,
            next_attempt_at,
            created_at,
        } = message;
        Self {
            id: id.into(),
            partner_id: partner_id.into(),
            partner_name,
            kind,
            about,
            state: state.word(),
            attempts,
            last_error,
            last_error_zh,
            next_attempt_at,
            created_at,
        }
    }
}

/// Which messages.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutboxQuery {
    /// The most rows.
    #[param(schema_with = limits::list_rows, required = false)]
    limit: Option<u64>,
    /// The `next_cursor` of the part before.
    #[param(schema_with = limits::cursor, required = false)]
    cursor: Option<String>,
    /// To one partner.
    partner: Option<String>,
    /// In one state.
    #[param(value_type = Option<OutboxState>)]
    state: Option<String>,
}

/// Facts about this console.
#[utoipa::path(get, path = "/api/v1/system", tag = "system", responses((status = 200, body = System)))]
pub(crate) async fn get(signed: Signed) -> Result<HttpResponse, ApiError> {
    let system = cases::get(&signed.app, &signed.operator).await?;
    Ok(HttpResponse::Ok().json(System::from(system)))
}

/// What changes about this console.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SystemChange {
    /// The organisation's name, as partners see it. Those that are paired keep the one that they know.
    name: String,
}

/// Changes the name of the organisation.
#[utoipa::path(patch, path = "/api/v1/system", tag = "system", request_body = SystemChange,
    responses((status = 200, body = System)))]
pub(crate) async fn update(signed: Signed, body: Body<SystemChange>) -> Result<HttpResponse, ApiError> {
    console_app::organization::rename(&signed.app, &signed.operator, &body.value.name).await?;
    get(signed).await
}

/// Messages to partners, newest first.
#[utoipa::path(get, path = "/api/v1/system/outbox", tag = "system", params(OutboxQuery),
    responses((status = 200, body = Listing<OutboxMessage>)))]
pub(crate) async fn outbox(signed: SignedQuery, query: Query<OutboxQuery>) -> Result<HttpResponse, ApiError> {
    let OutboxQuery {
        limit,
        cursor,
        partner,
        state,
    } = query.0;
    let after = match cursor {
        Some(text) => Some(
            page::decode(&text)
                .and_then(|text| text.parse().ok())
                .ok_or_else(page::bad)?,
        ),
        None => None,
    };
    let page = SeqPage {
        limit: page::limit(limit)?,
        after,
    };
    let partner = partner.map(|text| id("partner", &text)).transpose()?;
    let state = state.map(|word| MessageState::from_word(&word)).transpose();
    let state = state.map_err(|error| AppError::field("state", error))?;
    let found = cases::outbox(&signed.app, &signed.operator, partner, state, &page).await?;
    let full = found.len() as u64 >= page.limit;
    let next = found
        .last()
        .filter(|_| full)
        .map(|message| page::encode(&message.seq.to_string()));
    let items = found.into_iter().map(OutboxMessage::from).collect();
    Ok(HttpResponse::Ok().json(Listing::of(items, next)))
}

/// Sends a message without further delay.
#[utoipa::path(post, path = "/api/v1/system/outbox/{id}/retry", tag = "system", params(("id" = String, Path)),
    responses((status = 204)))]
pub(crate) async fn retry(request: HttpRequest, signed: Signed, _: NoBody) -> Result<HttpResponse, ApiError> {
    cases::retry_now(&signed.app, &signed.operator, &path(&request, "id", "message")?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Gives a message up; those behind it go on.
#[utoipa::path(post, path = "/api/v1/system/outbox/{id}/give-up", tag = "system", params(("id" = String, Path)),
    responses((status = 204)))]
pub(crate) async fn give_up(
    request: HttpRequest,
    signed: Signed,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    cases::give_up(&signed.app, &signed.operator, &path(&request, "id", "message")?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A call of a partner, or of a console that is none, that was refused here.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusedCall {
    /// Null for a console that is no partner here.
    partner_id: Option<String>,
    /// The partner's name, or the address that the caller gives as its own.
    caller: Option<String>,
    /// Where the call came from.
    address: Option<String>,
    /// What was asked for: method and path without ids.
    call: String,
    /// What the caller was told.
    reason: String,
    /// The same in simplified Chinese, where its code says it.
    reason_zh: Option<&'static str>,
    /// The last time.
    at: DateTime<Utc>,
    /// How often it was refused for this reason.
    count: u64,
}

impl From<console_app::refused_calls::RefusedCall> for RefusedCall {
    fn from(found: console_app::refused_calls::RefusedCall) -> Self {
        let console_app::refused_calls::RefusedCall {
            partner_id,
            caller,
            address,
            call,
            reason,
            reason_code,
            at,
            count,
        } = found;
        Self {
            partner_id,
            caller,
            address,
            call,
            reason,
            reason_zh: console_app::told::chinese(reason_code),
            at,
            count,
        }
    }
}

/// The last calls of partners and unknown consoles that were refused, the last one first. Kept until the process ends.
#[utoipa::path(get, path = "/api/v1/system/refused-calls", tag = "system",
    responses((status = 200, body = Vec<RefusedCall>)))]
pub(crate) async fn refused_calls(signed: Signed) -> Result<HttpResponse, ApiError> {
    let found = console_app::refused_calls::list(&signed.app, &signed.operator)?;
    let calls: Vec<_> = found.into_iter().map(RefusedCall::from).collect();
    Ok(HttpResponse::Ok().json(calls))
}
