//! Whether the console lives and is ready.

use actix_web::{HttpRequest, HttpResponse};
use console_app::system;
use serde_json::{Map, Value, json};

use crate::auth;
use crate::error::ApiError;
use crate::guard::secure;

/// `GET /health`: the process lives.
pub(crate) async fn alive() -> &'static str {
    "OK"
}

/// `GET /health/ready`: the parts that every request needs answer.
pub(crate) async fn ready(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let parts = system::readiness(&*auth::app(&request)?).await;
    let well = parts.iter().all(|part| part.problem.is_none());
    // Anybody may ask, so the cause is for the log.
    let named = |part: system::Readiness| {
        let word = match part.problem {
            None => "ok",
            Some(problem) => {
                tracing::warn!(part = part.part, problem, "not ready");
                "failing"
            }
        };
        (part.part.to_owned(), json!(word))
    };
    let parts: Map<String, Value> = parts.into_iter().map(named).collect();
    let mut response = if well {
        HttpResponse::Ok()
    } else {
        HttpResponse::ServiceUnavailable()
    };
    let mut response = response.json(json!({ "ready": well, "parts": parts }));
    secure(response.headers_mut());
    Ok(response)
}
