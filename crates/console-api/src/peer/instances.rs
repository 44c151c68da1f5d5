//! `…/task_instance/peer`, `/peer/instances` and `/peer/channel`

use actix_web::HttpResponse;
use console_app::federation::caller::Subject;
use console_app::federation::{channel as bytes, instances as cases};
use console_peer::base::{InstanceCreate, InstanceUpdate};
use console_peer::ext::{self, InstanceReport, Piece};

use super::call::PeerCall;

/// `POST /task_instance/peer/{id}`
pub(crate) async fn create(call: PeerCall) -> HttpResponse {
    call.answer(async |call| {
        let id = call.path("id")?;
        let body = InstanceCreate::parse(call.body())?;
        let caller = call.caller(Subject::OurPairing(&body.task_peer_id)).await?;
        cases::create(&call.app, &caller, &id, &body).await
    })
    .await
}

/// `PUT /task_instance/peer/{id}`
pub(crate) async fn update(call: PeerCall) -> HttpResponse {
    call.answer(async |call| {
        let id = call.path("id")?;
        let body = InstanceUpdate::parse(call.body())?;
        let caller = call.caller(Subject::Instance(&id)).await?;
        cases::update(&call.app, &caller, &id, &body).await
    })
    .await
}

/// `GET /task_instance/peer/{id}`
pub(crate) async fn get(call: PeerCall) -> HttpResponse {
    call.answer(async |call| {
        let id = call.path("id")?;
        let caller = call.caller(Subject::Instance(&id)).await?;
        cases::get(&call.app, &caller, &id).await
    })
    .await
}

/// `PUT /peer/instances/{id}/status`
pub(crate) async fn report(call: PeerCall) -> HttpResponse {
    call.answer(async |call| {
        let caller = call.caller(Subject::Signature).await?;
        let id = call.path("id")?;
        let body: InstanceReport = ext::parse(call.body())?;
        cases::report(&call.app, &caller, &id, &body).await
    })
    .await
}

/// `POST /peer/channel/{id}/{attempt}/{seq}`
pub(crate) async fn channel(call: PeerCall) -> HttpResponse {
    call.answer(async |call| {
        let caller = call.caller(Subject::Numbered).await?;
        let (id, attempt, seq) = (call.path("id")?, call.path("attempt")?, call.path("seq")?);
        bytes::receive(&call.app, &caller, &id, attempt, seq, call.body().clone()).await
    })
    .await
}

/// `POST /peer/channel/{id}/{attempt}/{seq}/{digest}/{length}/{offset}`
pub(crate) async fn channel_piece(call: PeerCall) -> HttpResponse {
    call.answer(async |call| {
        let caller = call.caller(Subject::Signature).await?;
        let (id, attempt, seq) = (call.path("id")?, call.path("attempt")?, call.path("seq")?);
        let piece = Piece {
            digest: call.path("digest")?,
            length: call.path("length")?,
            offset: call.path("offset")?,
        };
        let body = call.body().clone();
        bytes::receive_piece(&call.app, &caller, &id, (attempt, seq), &piece, body).await
    })
    .await
}
