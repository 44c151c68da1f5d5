//! Reading requests: everything that a client can get wrong is an answer that says what to do.

use std::future::{Ready, ready};
use std::pin::Pin;
use std::str::FromStr;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, ETAG, IF_MATCH};
use actix_web::web::{Bytes, BytesMut, Data};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use console_app::{AppError, Fault};
use console_model::ErrorCode;
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::IntoParams;

use crate::ApiSettings;
use crate::auth::is_signed_in;
use crate::error::ApiError;
use crate::limits;
use json::{nul, parse};
use misfit::Misfit;

mod json;
mod misfit;

/// A JSON body of this size is read from anybody; for a larger one, one has to be signed in.
const SMALL_BYTES: usize = 16 << 10;
/// The beginning of a JSON body has to come within this time ...
const SMALL_WITHIN: Duration = Duration::from_secs(10);
/// ... and the rest within this one; files may take as long as they need.
const BODY_WITHIN: Duration = Duration::from_secs(30);

/// A JSON body, read into a type that knows every field.
pub(crate) struct Body<T> {
    pub(crate) value: T,
    /// What it was read from, to tell a repeat from another request.
    pub(crate) bytes: Bytes,
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let json = is_json(request);
        let query = no_query(request);
        let reading = receive(request, payload);
        Box::pin(async move {
            query?;
            if !json {
                let detail = "The body must be JSON: send Content-Type: application/json.";
                return Err(ApiError::http(
                    StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    ErrorCode::NotJson,
                    detail,
                ));
            }
            let bytes = reading.await?;
            Ok(Self {
                value: parse(&bytes)?,
                bytes,
            })
        })
    }
}

/// The whole body, within the limits of size and time. Only whoever is signed in may send more than a small one.
fn receive(
    request: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<Bytes, ApiError>> + use<> {
    let limit = request
        .app_data::<Data<ApiSettings>>()
        .map_or(0, |settings| settings.json_limit_bytes);
    let payload = payload.take();
    let request = request.clone();
    let slow = |_| {
        let detail = "The body did not arrive in time.";
        ApiError::http(StatusCode::REQUEST_TIMEOUT, ErrorCode::BodyTooSlow, detail)
    };
    async move {
        let mut payload = payload;
        let mut body = BytesMut::new();
        let small = read(&mut payload, &mut body, SMALL_BYTES.min(limit));
        let next = tokio::time::timeout(SMALL_WITHIN, small).await.map_err(slow)??;
        let Some(next) = next else {
            return Ok(body.freeze());
        };
        let limit = if is_signed_in(&request).await? {
            limit
        } else {
            SMALL_BYTES.min(limit)
        };
        if body.len() + next.len() > limit {
            return Err(too_large(limit));
        }
        body.extend_from_slice(&next);
        let rest = read(&mut payload, &mut body, limit);
        match tokio::time::timeout(BODY_WITHIN, rest).await.map_err(slow)?? {
            Some(_) => Err(too_large(limit)),
            None => Ok(body.freeze()),
        }
    }
}

fn is_json(request: &HttpRequest) -> bool {
    let value = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = value
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// Reads up to a limit; gives the piece that does not fit any more, if one comes.
async fn read(payload: &mut Payload, body: &mut BytesMut, limit: usize) -> Result<Option<Bytes>, ApiError> {
    while let Some(chunk) = payload.next().await {
        let broken = |_| {
            ApiError::http(
                StatusCode::BAD_REQUEST,
                ErrorCode::BodyBroken,
                "The body broke off.",
            )
        };
        let chunk = chunk.map_err(broken)?;
        if body.len() + chunk.len() > limit {
            return Ok(Some(chunk));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(None)
}

fn too_large(limit: usize) -> ApiError {
    let detail = format!("The body has more than the {limit} bytes that are allowed.");
    ApiError::http(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::BodyTooLarge, detail)
}

/// The query, read into a type that knows every parameter.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parameters(request.query_string()).map(Self))
    }
}

fn parameters<T: DeserializeOwned>(query: &str) -> Result<T, ApiError> {
    if query.contains("%00") {
        return Err(nul());
    }
    let pairs = form_urlencoded::parse(query.as_bytes());
    serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs)).map_err(|error| {
        let pointer = error.path().to_string();
        // Alone, because to this reading every parameter is a text.
        let alone = pairs.filter(|(name, _)| *name == pointer);
        let alone = alone.map(|(name, text)| (name.into_owned(), Value::from(text.into_owned())));
        let misfit = Misfit::of::<T>(Value::Object(alone.collect()));
        AppError::field(pointer, Fault::new(misfit.code, error.into_inner())).into()
    })
}

/// Refuses parameters where none is known: a misspelt one must not pass for one that holds.
pub(crate) fn no_query(request: &HttpRequest) -> Result<(), ApiError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Nothing {}
    parameters::<Nothing>(request.query_string()).map(|Nothing {}| ())
}

/// No body, or an empty object: what these requests do is said by their address alone.
pub(crate) struct NoBody;

impl FromRequest for NoBody {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Nothing {}
        let reading = receive(request, payload);
        Box::pin(async move {
            let bytes = reading.await?;
            if !bytes.is_empty() {
                parse::<Nothing>(&bytes).map(|Nothing {}| ())?;
            }
            Ok(Self)
        })
    }
}

/// The generation that the client's copy must have.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it only describes; `if_match` reads the header")]
pub(crate) struct IfMatch {
    /// The `ETag` of the copy that the change was made from. When the row has changed since, the answer is 412; without
    /// the header nothing is compared.
    #[param(rename = "If-Match", schema_with = limits::entity_tag, required = false)]
    if_match: Option<String>,
}

/// A part of the path. What is not an id of ours names nothing.
pub(crate) fn path<T: FromStr>(request: &HttpRequest, name: &str, what: &'static str) -> Result<T, ApiError> {
    let text = request.match_info().query(name);
    text.parse().map_err(|_| AppError::not_found(what).into())
}

/// An id in a body.
pub(crate) fn id<T>(pointer: &str, text: &str) -> Result<T, ApiError>
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    text.parse()
        .map_err(|error: T::Err| AppError::field(pointer, Fault::malformed(error)).into())
}

/// The generation that the client's copy has, from `If-Match`; none when it does not care.
pub(crate) fn if_match(request: &HttpRequest) -> Result<Option<i64>, ApiError> {
    let Some(value) = request.headers().get(IF_MATCH) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let number = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .filter(|text| (1..=18).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|text| text.parse().ok());
    number.map(Some).ok_or_else(|| {
        let detail = "If-Match must be an ETag that this console gave, for example \"3\".";
        ApiError::http(StatusCode::BAD_REQUEST, ErrorCode::BadIfMatch, detail)
    })
}

/// An answer with the `ETag` of its row.
pub(crate) fn tagged<T: Serialize>(status: StatusCode, generation: i64, value: &T) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((ETAG, format!("\"{generation}\"")))
        .json(value)
}

/// Tells a field that is `null` from one that is left out.
pub(crate) fn given<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use console_model::FieldCode;

    use super::*;

    #[test]
    fn a_wrong_parameter_is_named() {
        let problem = |query| match parameters::<crate::page::PageQuery>(query) {
            Err(ApiError::App(error)) => {
                let problem = &error.problems()[0];
                (problem.pointer.clone(), problem.fault.code)
            }
            other => panic!("{}", other.is_ok()),
        };
        assert_eq!(problem("limit=x"), ("limit".to_owned(), FieldCode::WrongType));
        let unknown = ("tpyo".to_owned(), FieldCode::UnknownField);
        assert_eq!(problem("limit=1&tpyo=2"), unknown);
        let page = parameters::<crate::page::PageQuery>("limit=7").ok();
        assert_eq!(page.and_then(|page| page.limit), Some(7));
    }
}
