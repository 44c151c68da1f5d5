//! Server-sent events, in the form of the HTML standard (9.2).

use std::convert::Infallible;
use std::fmt::Write as _;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::Stream;
use serde::Serialize;

/// A client that lost the connection waits so long, in milliseconds, before it comes back.
const RETRY_MS: u32 = 2000;

/// The place behind the last frame that a client has received, if it comes back. What is no text is no place of ours.
pub(crate) fn last_event_id(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get("last-event-id")?;
    Some(value.to_str().unwrap_or_default().to_owned())
}

/// Tells clients how long to wait before they come back; the first thing in a stream.
pub(crate) fn hello() -> String {
    format!("retry: {RETRY_MS}\n")
}

/// A frame: its event, the place to go on from, and its data on one line.
pub(crate) fn frame(event: &str, id: Option<&str>, data: &impl Serialize) -> String {
    // What is sent are plain structures with names for keys.
    let data = serde_json::to_string(data).unwrap_or_default();
    let mut text = format!("event: {event}\n");
    if let Some(id) = id {
        let _ = writeln!(text, "id: {id}");
    }
    let _ = write!(text, "data: {data}\n\n");
    text
}

/// A sign of life, which clients do not see but for the place in it.
pub(crate) fn alive(id: Option<&str>) -> String {
    match id {
        Some(id) => format!(": alive\nid: {id}\n\n"),
        None => ": alive\n\n".to_owned(),
    }
}

/// The answer. The stream is asked for more only when the client has taken what was sent.
pub(crate) fn response(frames: impl Stream<Item = Result<Bytes, Infallible>> + 'static) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-store, no-transform"))
        // Nobody on the way is to hold frames back: no compression here, no buffer in a proxy.
        .insert_header((CONTENT_ENCODING, "identity"))
        .insert_header((
            HeaderName::from_static("x-accel-buffering"),
            HeaderValue::from_static("no"),
        ))
        .streaming(frames)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn frames_have_the_form_of_the_standard() {
        let framed = frame("change", Some("7.3"), &json!({"text": "a\nb"}));
        assert_eq!(framed, "event: change\nid: 7.3\ndata: {\"text\":\"a\\nb\"}\n\n");
        assert_eq!(frame("end", None, &json!({})), "event: end\ndata: {}\n\n");
        assert_eq!(alive(Some("7")), ": alive\nid: 7\n\n");
    }
}
