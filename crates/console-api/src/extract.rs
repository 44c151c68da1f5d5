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
use console_app::AppError;
use futures_util::StreamExt;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::IntoParams;

use crate::ApiSettings;
use crate::auth::is_signed_in;
use crate::error::ApiError;
use crate::limits;

/// The deepest nesting of a JSON body.
const MAX_DEPTH: usize = 64;

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
                    "not_json",
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
        ApiError::http(StatusCode::REQUEST_TIMEOUT, "body_too_slow", detail)
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
        let broken = |_| ApiError::http(StatusCode::BAD_REQUEST, "body_broken", "The body broke off.");
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
    ApiError::http(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    if depth(bytes) > MAX_DEPTH {
        let detail = format!("The JSON is nested more than {MAX_DEPTH} levels deep.");
        return Err(ApiError::http(StatusCode::BAD_REQUEST, "json_too_deep", detail));
    }
    if has_nul(bytes) {
        return Err(nul());
    }
    // A wrong type is a syntax error to the parser where it expects a word; so first: is it JSON at all?
    let text = std::str::from_utf8(bytes).map_err(|error| malformed(&error))?;
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| malformed(&error))?;
    // Serde would read an array as the fields of a struct in their order.
    if text.trim_start().starts_with('[') {
        return Err(AppError::field("", "must be a JSON object, not an array").into());
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| wrong(pointer(error.path()), &error.into_inner()).into())
}

/// What does not fit its place.
fn wrong(mut pointer: String, cause: &serde_json::Error) -> AppError {
    let detail = cause.to_string();
    let mut detail = detail.split(" at line ").next().unwrap_or_default().to_owned();
    if !cause.is_data() {
        detail = format!("is not a value that can stand here ({detail})");
    }
    // The path ends at the object that lacks the field.
    let missing = detail
        .strip_prefix("missing field `")
        .and_then(|rest| rest.strip_suffix('`'));
    if let Some(field) = missing {
        pointer = format!("{}/{field}", pointer.trim_end_matches('/'));
    }
    AppError::field(pointer, detail)
}

fn malformed(error: &impl std::fmt::Display) -> ApiError {
    let detail = format!("The body is not JSON: {error}.");
    ApiError::http(StatusCode::BAD_REQUEST, "malformed_json", detail)
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(String::new(), |mut pointer, segment| {
        pointer.push('/');
        match segment {
            Segment::Seq { index } => pointer.push_str(&index.to_string()),
            Segment::Map { key } => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => pointer.push_str(variant),
            Segment::Unknown => pointer.push('?'),
        }
        pointer
    })
}

/// How deep the brackets outside of strings go.
fn depth(bytes: &[u8]) -> usize {
    let (mut now, mut most, mut string, mut escaped) = (0_usize, 0, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if string => escaped = true,
            b'"' => string = !string,
            b'[' | b'{' if !string => {
                now += 1;
                most = most.max(now);
            }
            b']' | b'}' if !string => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}

/// Whether the character NUL is written somewhere. Not every database can store it, and nobody types it.
fn has_nul(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        rest = &rest[at + 1..];
        if rest.starts_with(b"u0000") {
            return true;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    false
}

fn nul() -> ApiError {
    let detail = "The character NUL (\\u0000) is not allowed.";
    ApiError::http(StatusCode::BAD_REQUEST, "nul_character", detail)
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
        AppError::field(pointer, error.into_inner().to_string()).into()
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
        .map_err(|error: T::Err| AppError::field(pointer, error.to_string()).into())
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
        ApiError::http(StatusCode::BAD_REQUEST, "bad_if_match", detail)
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
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[expect(dead_code, reason = "only its place counts")]
        list: Vec<u8>,
    }

    fn problem(text: &str) -> (String, String) {
        match parse::<Sample>(text.as_bytes()) {
            Err(ApiError::App(error)) => (
                error.problems()[0].pointer.clone(),
                error.problems()[0].detail.clone(),
            ),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_wrong_field_is_named_by_its_pointer() {
        assert_eq!(problem(r#"{"list": [1, "x"]}"#).0, "/list/1");
        let (pointer, detail) = problem(r#"{"list": [], "tpyo": 1}"#);
        assert_eq!(pointer, "/tpyo");
        assert!(detail.contains("unknown field `tpyo`"), "{detail}");
        let (pointer, detail) = problem("{}");
        assert_eq!(pointer, "/list");
        assert!(detail.contains("missing field `list`"), "{detail}");
    }

    #[test]
    fn deep_and_broken_json_is_refused_before_it_is_read() {
        assert_eq!(depth(br#"{"a": ["[[[[", "\"[", [1]]}"#), 3);
        assert!(matches!(
            parse::<serde_json::Value>("[".repeat(100).as_bytes()),
            Err(ApiError::Http { .. })
        ));
        assert!(matches!(
            parse::<serde_json::Value>(b"{} x"),
            Err(ApiError::Http { .. })
        ));
        assert!(matches!(
            parse::<Sample>(b"{\"list\":"),
            Err(ApiError::Http { .. })
        ));
        assert!(has_nul(br#"["a\\\u0000"]"#));
        assert!(!has_nul(br#"["a\\u0000"]"#));
    }

    #[test]
    fn a_wrong_parameter_is_named() {
        let pointer = |query| match parameters::<crate::page::PageQuery>(query) {
            Err(ApiError::App(error)) => error.problems()[0].pointer.clone(),
            other => panic!("{}", other.is_ok()),
        };
        assert_eq!(pointer("limit=x"), "limit");
        assert_eq!(pointer("limit=1&tpyo=2"), "tpyo");
        let page = parameters::<crate::page::PageQuery>("limit=7").ok();
        assert_eq!(page.and_then(|page| page.limit), Some(7));
    }
}
