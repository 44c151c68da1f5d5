//! `/peer/stream`: a partner's messages over one long-lived connection.

use actix_web::web::{Bytes, Payload};
use actix_web::{HttpRequest, HttpResponse};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, Session};
use console_app::federation::PeerRefusal;
use console_app::federation::caller::Subject;
use console_app::federation::stream::{Heard, Receiving};
use console_peer::base::BaseError;
use console_peer::stream::{RECORD_BYTES, RECORD_OVERHEAD};
use futures_util::{StreamExt as _, stream};

use super::call::PeerCall;

/// `GET /peer/stream?key={key}`
pub(crate) async fn open(request: HttpRequest, payload: Payload) -> HttpResponse {
    let Some(call) = PeerCall::without_body(&request) else {
        return HttpResponse::InternalServerError().finish();
    };
    // The partner is known before anything is set up for it.
    call.answer_with(async |call| {
        let caller = call.caller(Subject::Signature).await?;
        let key = call.query("key").unwrap_or_default();
        let (receiving, hello) = Receiving::open(&call.app, caller, &key)?;
        let (answer, mut session, messages) = actix_ws::handle(&request, payload).map_err(|_| {
            PeerRefusal::from(BaseError::invalid(
                "incorrect params, a stream is opened by an upgrade to a WebSocket",
            ))
        })?;
        let longest = RECORD_BYTES + RECORD_OVERHEAD;
        let messages = messages
            .max_frame_size(longest)
            .aggregate_continuations()
            .max_continuation_size(longest);
        actix_web::rt::spawn(async move {
            if session.binary(hello).await.is_err() {
                return;
            }
            let mut said = session.clone();
            let heard = stream::unfold((messages, session.clone()), hear);
            let send = async |record: Bytes| said.binary(record).await.is_ok();
            let ended = receiving.run(Box::pin(heard), send).await;
            if let Err(error) = ended {
                tracing::info!(
                    error = &error as &dyn std::error::Error,
                    "a partner's stream was closed"
                );
            }
            let _ = session.close(None).await;
        });
        Ok(answer)
    })
    .await
}

/// The next thing that comes; pings are answered.
async fn hear(
    (mut messages, mut session): (AggregatedMessageStream, Session),
) -> Option<(Heard, (AggregatedMessageStream, Session))> {
    let heard = match messages.next().await?.ok()? {
        AggregatedMessage::Binary(record) => Heard::Record(record),
        AggregatedMessage::Ping(ping) => {
            session.pong(&ping).await.ok()?;
            Heard::Life
        }
        AggregatedMessage::Pong(_) => Heard::Life,
        AggregatedMessage::Text(_) | AggregatedMessage::Close(_) => return None,
    };
    Some((heard, (messages, session)))
}
