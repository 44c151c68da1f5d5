//! `/pairings` and `/tasks/{id}/pairing`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use console_app::pairings as cases;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::auth::Signed;
use crate::error::ApiError;
use crate::extract::{NoBody, path, tagged};
use crate::idempotency::{IdempotencyKey, Made, once};
use crate::words::Link;

/// The link between this side's task version and the partner's.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Pairing {
    id: String,
    task_id: String,
    /// The partner's id of it.
    peer_id: Option<String>,
    #[schema(value_type = Link)]
    status: &'static str,
    /// Why it could not be paired; it can be asked for again.
    error: Option<String>,
    /// Whether this side asked.
    initiated_here: bool,
    /// What the partner says of its half in public.
    peer_meta: Option<Value>,
    peer_meta_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    modified_at: DateTime<Utc>,
    generation: i64,
}

impl From<cases::Pairing> for Pairing {
    fn from(pairing: cases::Pairing) -> Self {
        let cases::Pairing {
            id,
            task_id,
            peer_id,
            status,
            error,
            initiated_here,
            peer_meta,
            peer_meta_at,
            created_at,
            modified_at,
            generation,
        } = pairing;
        Self {
            id: id.into(),
            task_id: task_id.into(),
            peer_id,
            status: status.word(),
            error,
            initiated_here,
            peer_meta,
            peer_meta_at,
            created_at,
            modified_at,
            generation,
        }
    }
}

fn answer(pairing: cases::Pairing) -> HttpResponse {
    tagged(StatusCode::OK, pairing.generation, &Pairing::from(pairing))
}

/// Asks the partner to pair a version. The pairing is `draft` until the partner has answered.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/pairing", tag = "pairings", params(("id" = String, Path), IdempotencyKey),
    responses((status = 201, body = Pairing)))]
pub(crate) async fn ask(request: HttpRequest, signed: Signed, _: NoBody) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "task")?;
    once(&request, &signed, &[], async || {
        let pairing = cases::ask(&signed.app, &signed.operator, &id).await?;
        Ok(Made {
            generation: Some(pairing.generation),
            value: Pairing::from(pairing),
        })
    })
    .await
}

/// One pairing.
#[utoipa::path(get, path = "/api/v1/pairings/{id}", tag = "pairings", params(("id" = String, Path)),
    responses((status = 200, body = Pairing)))]
pub(crate) async fn get(request: HttpRequest, signed: Signed) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "pairing")?;
    Ok(answer(cases::get(&signed.app, &signed.operator, &id).await?))
}

/// Asks the partner now for its public meta, and keeps it.
#[utoipa::path(post, path = "/api/v1/pairings/{id}/refresh", tag = "pairings", params(("id" = String, Path)),
    responses((status = 200, body = Pairing)))]
pub(crate) async fn refresh(
    request: HttpRequest,
    signed: Signed,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "pairing")?;
    Ok(answer(
        cases::refresh_meta(&signed.app, &signed.operator, &id).await?,
    ))
}
