//! `/events`

use std::convert::Infallible;

use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use console_app::changes::{self as cases, Frame, Listener};
use futures_util::{Stream, stream};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::auth::Signed;
use crate::error::ApiError;
use crate::sse;

/// The data of a `change` frame.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Change {
    /// `partner`, `invitation`, `project`, `task`, `pairing`, `resource`, `instance`, `object`, `user` or `outbox`; a
    /// later release may tell of more.
    kind: &'static str,
    /// Its id; of an object its name.
    id: String,
    /// `created`, `updated` or `deleted`.
    change: &'static str,
    /// The project that it belongs to.
    project_id: Option<String>,
    /// The task version that it belongs to.
    task_id: Option<String>,
}

impl From<cases::Change> for Change {
    fn from(change: cases::Change) -> Self {
        let cases::Change {
            kind,
            id,
            what,
            project_id,
            task_id,
        } = change;
        Self {
            kind: kind.word(),
            id,
            change: what.word(),
            project_id,
            task_id,
        }
    }
}

/// What changes, as it happens: a stream of server-sent events.
///
/// - `change`: something that the caller may see is another one now; the data says what. Of a run's progress, metrics and
///   results about once a second.
/// - `reset` (data `{}`): some changes are lost; fetch what is shown anew.
/// - `end` (data `{}`): the session has ended; the stream closes. It also closes, without this, when the process ends.
///
/// The `id` of a frame is the place behind it. A client that comes back with it in `Last-Event-ID` misses nothing that
/// happened within the last hour, at whichever process of the console; what it was told shortly before may come twice.
/// Comments are signs of life, every 15 s.
#[utoipa::path(get, path = "/api/v1/events", tag = "events",
    params(("Last-Event-ID" = Option<String>, Header, description = "The `id` of the last frame that was received")),
    responses((status = 200, content_type = "text/event-stream", body = Change)))]
pub(crate) async fn listen(request: HttpRequest, signed: Signed) -> Result<HttpResponse, ApiError> {
    let Signed { app, operator, token } = signed;
    let last = sse::last_event_id(&request);
    let listener = cases::listen(&app, operator, &token, last.as_deref()).await?;
    Ok(sse::response(frames(listener)))
}

fn frames(listener: Listener) -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream::unfold((listener, Some(sse::hello())), |(mut listener, hello)| async {
        let text = match listener.next().await? {
            Frame::Change(place, change) => sse::frame("change", Some(&place), &Change::from(change)),
            Frame::Reset(place) => sse::frame("reset", Some(&place), &json!({})),
            Frame::Alive(place) => sse::alive(Some(&place)),
            Frame::End => sse::frame("end", None, &json!({})),
        };
        let text = format!("{}{text}", hello.unwrap_or_default());
        Some((Ok(Bytes::from(text)), (listener, None)))
    })
}
