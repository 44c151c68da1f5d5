//! `…/project/peer`

use actix_web::HttpResponse;
use console_app::federation::caller::Subject;
use console_app::federation::projects as cases;
use console_peer::base::{ProjectCreate, ProjectUpdate};

use super::call::PeerCall;

/// `POST /project/peer`
pub(crate) async fn create(call: PeerCall) -> HttpResponse {
    call.answer(async |call| {
        let body = ProjectCreate::parse(call.body())?;
        let caller = call.caller(Subject::Address(&body.peer_url)).await?;
        cases::create(&call.app, &caller, &body).await
    })
    .await
}

/// `PUT /project/peer/{id}`
pub(crate) async fn update(call: PeerCall) -> HttpResponse {
    call.answer(async |call| {
        let id = call.path("id")?;
        let caller = call.caller(Subject::Project(&id)).await?;
        let body = ProjectUpdate::parse(call.body())?;
        cases::update(&call.app, &caller, &id, &body).await
    })
    .await
}

/// `GET /project/peer/{id}`
pub(crate) async fn check(call: PeerCall) -> HttpResponse {
    call.answer(async |call| {
        let id = call.path("id")?;
        let caller = call.caller(Subject::Project(&id)).await?;
        cases::check(&call.app, &caller, &id).await
    })
    .await
}
