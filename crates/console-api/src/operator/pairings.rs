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
    /// The same as a word for programs.
    error_code: Option<String>,
    /// The settings that both sides must agree on, those that differ first; null where the partner did not tell its own.
    shared_settings: Option<Vec<SharedSetting>>,
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
            error_code,
            shared_settings,
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
            error_code,
            shared_settings: shared_settings
                .map(|settings| settings.into_iter().map(SharedSetting::from).collect()),
            initiated_here,
            peer_meta,
            peer_meta_at,
            created_at,
            modified_at,
            generation,
        }
    }
}

/// A setting that both sides must agree on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SharedSetting {
    /// Its key in the config.
    key: String,
    /// As this side tells it: a value, how many entries a list has, or whether there is a value.
    ours: Value,
    /// As the partner tells it.
    theirs: Value,
    /// Whether the two go together.
    agrees: bool,
    /// Whether `take-settings` can make them agree.
    can_take: bool,
}

impl From<cases::ComparedSetting> for SharedSetting {
    fn from(setting: cases::ComparedSetting) -> Self {
        let cases::ComparedSetting {
            key,
            ours,
            theirs,
            agrees,
            can_take,
        } = setting;
        Self {
            key,
            ours,
            theirs,
            agrees,
            can_take,
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

/// Writes the partner's values of the shared settings that differ into this side's config. Only while the version is not
/// paired.
#[utoipa::path(post, path = "/api/v1/pairings/{id}/take-settings", tag = "pairings", params(("id" = String, Path)),
    responses((status = 200, body = Pairing)))]
pub(crate) async fn take_settings(
    request: HttpRequest,
    signed: Signed,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "pairing")?;
    Ok(answer(
        cases::take_settings(&signed.app, &signed.operator, &id).await?,
    ))
}
