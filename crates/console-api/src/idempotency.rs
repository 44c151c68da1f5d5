//! `Idempotency-Key`: a repeated creating request gets the answer of the first one, for 24 hours.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use console_app::AppError;
use console_app::idempotency::{self as cases, Begun, Key};
use console_model::ErrorCode;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use crate::auth::Signed;
use crate::error::ApiError;
use crate::extract::tagged;

const HEADER: &str = "idempotency-key";

/// The name of a creation.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it only describes; `key` reads the header")]
pub(crate) struct IdempotencyKey {
    /// A fresh word for each thing that is to be made. The same request with the same key gives the first answer again
    /// for 24 hours; another request with it is refused.
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 128)]
    idempotency_key: Option<String>,
}

/// What a creating request made.
pub(crate) struct Made<T> {
    /// Counts the changes of what was made; none where it has no such count.
    pub(crate) generation: Option<i64>,
    pub(crate) value: T,
}

/// Does `work` unless the same request was done before; answers 201 in both cases.
pub(crate) async fn once<T: Serialize>(
    request: &HttpRequest,
    signed: &Signed,
    body: &[u8],
    work: impl AsyncFnOnce() -> Result<Made<T>, ApiError>,
) -> Result<HttpResponse, ApiError> {
    let made = once_made(request, signed, body, work).await?;
    Ok(match made.generation {
        Some(generation) => tagged(StatusCode::CREATED, generation, &made.value),
        None => HttpResponse::Created().json(made.value),
    })
}

/// The same, without the answer.
pub(crate) async fn once_made<T: Serialize>(
    request: &HttpRequest,
    signed: &Signed,
    body: &[u8],
    work: impl AsyncFnOnce() -> Result<Made<T>, ApiError>,
) -> Result<Made<Value>, ApiError> {
    let Some(key) = key(request)? else {
        return work().await.and_then(plain);
    };
    let key = Key::new(&signed.app, &signed.operator, request.path(), &key, body);
    let claim = match cases::begin(&signed.app, key).await? {
        Begun::Done(mut answer) => {
            return Ok(Made {
                generation: answer["generation"].as_i64(),
                value: answer["value"].take(),
            });
        }
        Begun::Work(claim) => claim,
    };
    let (result, answer) = match work().await.and_then(plain) {
        Ok(made) => {
            let answer = json!({ "generation": made.generation, "value": made.value });
            (Ok(made), Some((StatusCode::CREATED.as_u16(), answer)))
        }
        Err(error) => (Err(error), None),
    };
    cases::finish(&signed.app, claim, answer).await?;
    result
}

fn key(request: &HttpRequest) -> Result<Option<String>, ApiError> {
    let Some(value) = request.headers().get(HEADER) else {
        return Ok(None);
    };
    match value.to_str().map(str::trim) {
        Ok(key) if (1..=128).contains(&key.len()) => Ok(Some(key.to_owned())),
        Ok(_) | Err(_) => {
            let detail = "Idempotency-Key must have 1 to 128 visible ASCII characters.";
            Err(ApiError::http(
                StatusCode::BAD_REQUEST,
                ErrorCode::BadIdempotencyKey,
                detail,
            ))
        }
    }
}

fn plain<T: Serialize>(made: Made<T>) -> Result<Made<Value>, ApiError> {
    let value = serde_json::to_value(&made.value).map_err(AppError::internal)?;
    Ok(Made {
        generation: made.generation,
        value,
    })
}
