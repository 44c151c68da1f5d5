//! `…/task/peer`

use actix_web::HttpResponse;
use console_app::federation::caller::Subject;
use console_app::federation::tasks as cases;
use console_peer::base::TaskPair;

use super::call::PeerCall;

/// `POST /task/peer/{id}`
pub(crate) async fn pair(call: PeerCall) -> HttpResponse {
    call.answer(async |call| {
        let id = call.path("id")?;
        let body = TaskPair::parse(call.body())?;
        let caller = call.caller(Subject::Token(&id, &body.token)).await?;
        cases::pair(&call.app, &caller, &id, &body).await
    })
    .await
}

/// `GET /task/peer/{id}`
pub(crate) async fn meta(call: PeerCall) -> HttpResponse {
    call.answer(async |call| {
        let id = call.path("id")?;
        let caller = call.caller(Subject::Pairing(&id)).await?;
        cases::meta(&call.app, &caller, &id).await
    })
    .await
}
