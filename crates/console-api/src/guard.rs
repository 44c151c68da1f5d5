//! What goes around every request of the operator API: its id, the security headers, and the form of errors.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest};
use console_model::{ErrorCode, MessageId};

use crate::error::ApiError;

const REQUEST_ID: &str = "x-request-id";

/// The id of a request in the log, in problems and at the partner.
#[derive(Clone)]
struct RequestId(String);

/// The id of a request.
pub(crate) fn request_id(request: &HttpRequest) -> String {
    request
        .extensions()
        .get::<RequestId>()
        .map(|id| id.0.clone())
        .unwrap_or_default()
}

/// Wraps a request.
pub(crate) async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let given = request
        .headers()
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok());
    let id = given
        .filter(|text| (1..=64).contains(&text.len()) && text.bytes().all(is_plain))
        .map_or_else(|| MessageId::generate().to_string(), str::to_owned);
    request.extensions_mut().insert(RequestId(id.clone()));
    // The router inside needs the request for itself alone, so nothing of it is kept here.
    let response = to_its_end(request, next).await?;
    let answer = match response.response().error() {
        Some(error) => match error.as_error::<ApiError>() {
            Some(error) => Some(error.answer(&id)),
            None => Some(foreign(response.status()).answer(&id)),
        },
        None => None,
    };
    let mut response = match answer {
        Some(answer) => response.into_response(answer).map_into_boxed_body(),
        None => response.map_into_boxed_body(),
    };
    let headers = response.headers_mut();
    secure(headers);
    identify(headers, &id);
    Ok(response)
}

/// A request that changes something is done to its end when the caller hangs up: what it did must be known to whoever
/// asks again.
async fn to_its_end<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    if request.method().is_safe() {
        return next.call(request).await;
    }
    match actix_web::rt::spawn(next.call(request)).await {
        Ok(response) => response,
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}

/// Strangers choose the id, and it goes into logs and on to partners.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':' | b'+' | b'=')
}

/// An error that the framework answered by itself.
fn foreign(status: StatusCode) -> ApiError {
    let detail = if status.is_server_error() {
        "Something went wrong here."
    } else {
        "The request is not valid."
    };
    ApiError::http(status, ErrorCode::HttpError, detail)
}

/// Tells the id of the request.
pub(crate) fn identify(headers: &mut HeaderMap, id: &str) {
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static(REQUEST_ID), value);
    }
}

/// Headers that keep browsers from doing more with an answer than showing it.
pub(crate) fn secure(headers: &mut HeaderMap) {
    let defaults = [
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
    ];
    for (name, value) in defaults {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}
