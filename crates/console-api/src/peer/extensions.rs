//! The announcement, and how a pairing of consoles begins and ends.

use actix_web::HttpResponse;
use console_app::federation::caller::Subject;
use console_app::federation::{hello as announcement, pairing as cases};
use console_peer::ext::{self, PairingRequest, UnpairRequest};

use super::call::PeerCall;

/// `GET /peer/hello`
pub(crate) async fn hello(call: PeerCall) -> HttpResponse {
    call.answer(async |call| {
        // Anybody is answered. A partner that signs may also tell its address.
        if let Some(address) = call.query("address")
            && let Ok(caller) = call.caller(Subject::Signature).await
        {
            announcement::told_address(&call.app, &caller, &address).await?;
        }
        announcement::hello(&call.app).await
    })
    .await
}

/// `POST /peer/pairing`
pub(crate) async fn pair(call: PeerCall) -> HttpResponse {
    call.answer(async |call| {
        let body: PairingRequest = ext::parse(call.body())?;
        cases::accept(&call.app, &call.as_request(), &body).await
    })
    .await
}

/// `POST /peer/unpair`
pub(crate) async fn unpair(call: PeerCall) -> HttpResponse {
    call.answer(async |call| {
        let caller = call.caller(Subject::Signature).await?;
        let body: UnpairRequest = ext::parse(call.body())?;
        cases::unpair(&call.app, &caller, &body).await
    })
    .await
}
