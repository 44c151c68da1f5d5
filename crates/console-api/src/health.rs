//! Whether the console lives and is ready.

use actix_web::{HttpRequest, HttpResponse, Resource, Route, guard, web};
use console_app::system;
use serde_json::{Map, Value, json};

use crate::auth;
use crate::error::ApiError;
use crate::guard::secure;

/// Where health checks are answered, without the base path.
pub(crate) const PATHS: [&str; 3] = ["/health", "/health/live", "/health/ready"];

/// An address that answers to `GET` and `HEAD` by a route.
pub(crate) fn resource(path: &str, route: Route) -> Resource {
    let read = guard::Any(guard::Get()).or(guard::Head());
    web::resource(path)
        .route(route.guard(read))
        .default_service(web::to(|| async {
            Err::<&str, _>(ApiError::Method("GET, HEAD"))
        }))
}

/// `GET /health` and `GET /health/live`: the process lives.
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
