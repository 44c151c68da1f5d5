//! `Idempotency-Key`: a repeated creating request gets the answer of the first one, for 24 hours.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use console_app::AppError;
use console_app::idempotency::{self as cases, Begun, Key};
use serde::Serialize;
use serde_json::{Value, json};

use crate::auth::Signed;
use crate::error::ApiError;
use crate::extract::tagged;

const HEADER: &str = "idempotency-key";

/// What a creating request made.
pub(crate) struct Made<T> {
    pub(crate) generation: i64,
    pub(crate) value: T,
}

/// Does `work` unless the same request was done before; answers 201 in both cases.
pub(crate) async fn once<T: Serialize>(
    request: &HttpRequest,
    signed: &Signed,
    digest: &str,
    work: impl AsyncFnOnce() -> Result<Made<T>, ApiError>,
) -> Result<HttpResponse, ApiError> {
    let Some(key) = key(request)? else {
        let made = work().await?;
        return Ok(tagged(StatusCode::CREATED, made.generation, &made.value));
    };
    let key = Key::new(&signed.operator, request.path(), &key, digest);
    let claim = match cases::begin(&signed.app, key).await? {
        Begun::Done(answer) => {
            let generation = answer["generation"].as_i64().unwrap_or_default();
            return Ok(tagged(StatusCode::CREATED, generation, &answer["value"]));
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
    let made = result?;
    Ok(tagged(StatusCode::CREATED, made.generation, &made.value))
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
                "bad_idempotency_key",
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
