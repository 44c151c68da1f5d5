//! One call of a partner: the request as it was on the wire, who sent it, and the answer in the form of the protocol.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web;
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError};
use chrono::Utc;
use console_app::App;
use console_app::federation::PeerRefusal;
use console_app::federation::caller::{Caller, PeerRequest, Subject, identify};
use console_app::federation::proof::{self, Sender};
use console_app::reached_limits::{Limit, Refusal};
use console_app::refused_calls::RefusedCall;
use console_model::MessageId;
use console_peer::base::{BaseError, Envelope, RspCode};
use console_peer::ext::REQUEST_ID_HEADER;
use console_peer::signing::{Claim, Head, SignatureError};
use serde::Serialize;

use super::body::{self, Body, Budget, Unfit};
use crate::auth;
use crate::gate::Admission;

/// A partner's call, body and all.
pub(crate) struct PeerCall {
    pub(crate) app: web::Data<App>,
    body: Body,
    request: HttpRequest,
    claim: Result<Claim, SignatureError>,
    request_id: String,
    address: String,
    /// The partner, once it is known: its id and name.
    known: OnceCell<(String, String)>,
    /// The address that an unsigned caller gives as its own.
    claimed: OnceCell<String>,
}

/// An answer before a handler runs, in the form of the protocol.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) struct Unread(#[from] BaseError);

impl ResponseError for Unread {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        error(&self.0)
    }
}

fn error(error: &BaseError) -> HttpResponse {
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    HttpResponse::build(status).json(error.body())
}

impl FromRequest for PeerCall {
    type Error = Unread;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Unread>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            let app = request.app_data::<web::Data<App>>().cloned();
            let app = app.ok_or_else(|| BaseError::new(RspCode::Internal, "internal error"))?;
            let budget = request.app_data::<web::Data<Budget>>().cloned();
            let claim = claim(&request);
            let sender = async || {
                let sender = proof::sender(&app, head(&request), &claim).await;
                let sender = sender.map_err(|error| PeerRefusal::App(error).answer())?;
                if !matches!(sender, Sender::Stranger) {
                    Admission::admit(&request);
                }
                Ok(sender)
            };
            let read = body::read(payload, &budget.unwrap_or_default(), sender).await;
            let body = match read {
                Ok(body) => body,
                Err(Unfit { answer, share }) => {
                    if let Some((partner, most)) = share {
                        let (limit, figure) = (Limit::PartnerRequestBytes, most);
                        Refusal { limit, figure, most }.note(&app, partner.as_str()).await;
                    }
                    return Err(answer.into());
                }
            };
            Ok(Self::of(app, request, claim, body))
        })
    }
}

/// What the signature's headers claim.
fn claim(request: &HttpRequest) -> Result<Claim, SignatureError> {
    let values = |name: &str| {
        let all = request.headers().get_all(name);
        all.map(|value| value.as_bytes().to_vec()).collect()
    };
    Claim::read::<Vec<u8>>(values)
}

/// The beginning of a request as it was on the wire.
fn head(request: &HttpRequest) -> Head<'_> {
    Head {
        method: request.method().as_str(),
        path: request.uri().path(),
        query: request.uri().query(),
    }
}

/// The sender's id of the request, when it is one that can stand in a log; a fresh one otherwise.
fn request_id(request: &HttpRequest) -> String {
    let given = request
        .headers()
        .get(REQUEST_ID_HEADER)
        .and_then(|value| value.to_str().ok());
    given
        .and_then(|text| MessageId::parse(text).ok())
        .unwrap_or_else(MessageId::generate)
        .to_string()
}

impl PeerCall {
    fn of(
        app: web::Data<App>,
        request: HttpRequest,
        claim: Result<Claim, SignatureError>,
        body: Body,
    ) -> Self {
        let request_id = request_id(&request);
        let address = auth::address(&request).unwrap_or_default();
        Self {
            app,
            body,
            request,
            claim,
            request_id,
            address,
            known: OnceCell::new(),
            claimed: OnceCell::new(),
        }
    }

    /// A call whose body is not read: what follows its head is no body. None when the server is not set up.
    pub(crate) fn without_body(request: &HttpRequest) -> Option<Self> {
        let app = request.app_data::<web::Data<App>>().cloned()?;
        Some(Self::of(app, request.clone(), claim(request), Body::default()))
    }

    /// A part of the path, read as what it has to be.
    pub(crate) fn path<T>(&self, name: &str) -> Result<T, PeerRefusal>
    where
        T: FromStr,
        T::Err: std::fmt::Display,
    {
        let text = self.request.match_info().get(name).unwrap_or_default();
        let text = percent_decoded(text);
        let wrong =
            |why: &dyn std::fmt::Display| BaseError::invalid(format!("incorrect params, the path: {why}"));
        Ok(text.parse().map_err(|why| wrong(&why))?)
    }

    /// A value of the query.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let all = web::Query::<HashMap<String, String>>::from_query(self.request.query_string()).ok()?;
        all.into_inner().remove(name)
    }

    /// The body.
    pub(crate) fn body(&self) -> &web::Bytes {
        &self.body.bytes
    }

    /// Who is calling.
    pub(crate) async fn caller(&self, subject: Subject<'_>) -> Result<Caller, PeerRefusal> {
        if let Subject::Address(address) = subject {
            let _ = self.claimed.set(address.to_owned());
        }
        let caller = identify(&self.app, &self.as_request(), subject).await?;
        let partner = (caller.partner.id.to_string(), caller.partner.name.clone());
        let _ = self.known.set(partner);
        Ok(caller)
    }

    /// Whether the call is known to come from a partner with extensions.
    fn is_signed(&self) -> bool {
        self.known.get().is_some() && self.claim.is_ok()
    }

    /// The request as it was on the wire.
    pub(crate) fn as_request(&self) -> PeerRequest<'_> {
        PeerRequest {
            head: head(&self.request),
            body: &self.body.bytes,
            claim: self.claim.clone(),
            request_id: &self.request_id,
            address: &self.address,
        }
    }

    /// Does the work of a call and answers in the form of the protocol. A refusal is logged and counted.
    pub(crate) async fn answer<T, W>(&self, work: W) -> HttpResponse
    where
        T: Serialize,
        W: AsyncFnOnce(&Self) -> Result<T, PeerRefusal>,
    {
        let work = async |call: &Self| {
            work(call)
                .await
                .map(|data| HttpResponse::Ok().json(Envelope::ok(data)))
        };
        self.answer_with(work).await
    }

    /// As [`answer`](Self::answer); a success is an answer of its own form.
    pub(crate) async fn answer_with<W>(&self, work: W) -> HttpResponse
    where
        W: AsyncFnOnce(&Self) -> Result<HttpResponse, PeerRefusal>,
    {
        match work(self).await {
            Ok(answer) => answer,
            Err(refusal) => {
                let told = refusal.answer();
                // A caller with the base protocol reads just what a base console says.
                let told = if self.is_signed() {
                    told
                } else {
                    told.without_extensions()
                };
                if let (Some(reached), Some((partner, _))) = (refusal.reached(), self.known.get()) {
                    reached.note(&self.app, partner).await;
                }
                self.note(&refusal, &told);
                error(&told)
            }
        }
    }

    /// The method, and the path without ids.
    fn what(&self) -> String {
        let is_word = |part: &&str| {
            part.bytes()
                .all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        };
        let path: Vec<&str> = self.request.path().split('/').take_while(is_word).collect();
        format!("{} {}", self.request.method(), path.join("/"))
    }

    fn note(&self, refusal: &PeerRefusal, told: &BaseError) {
        self.app
            .refused_peer_calls()
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let key = self.claim.as_ref().ok().map(|claim| claim.key_id().to_string());
        let address = self.request.peer_addr().map(|address| address.ip().to_string());
        // A signature that does not hold may be a partner's: its clock, a proxy on the way, or a key that was deleted here.
        let is_unproven = told.status == 401 && self.claim.is_ok();
        if is_unproven || is_for_operators(told) {
            let (partner_id, name) = self.known.get().cloned().unzip();
            self.app.refused_calls().note(RefusedCall {
                partner_id,
                caller: name.or_else(|| self.claimed.get().cloned()),
                address: address.clone(),
                call: self.what(),
                reason_code: console_app::told::code_of_answer(&refusal.answer()),
                reason: told.message.clone(),
                at: Utc::now(),
                count: 1,
            });
        }
        tracing::warn!(
            peer.method = self.request.method().as_str(),
            peer.path = self.request.uri().path(),
            peer.address = address,
            peer.claimed_key = key,
            peer.status = told.status,
            peer.rsp_code = told.code.number(),
            request.id = self.request_id,
            error = refusal as &dyn std::error::Error,
            "peer call refused"
        );
    }
}

/// Whether somebody here or there has to do something about a refusal; what passes by itself, or is a question about what is
/// not there, is not worth a look.
fn is_for_operators(told: &BaseError) -> bool {
    matches!(told.status, 400 | 403 | 409 | 413 | 429 | 507)
}

/// Actix leaves `%2F` and the like as they are.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digits = tail.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// 405 in the form of the protocol.
pub(crate) async fn wrong_method() -> HttpResponse {
    error(&BaseError {
        status: 405,
        ..BaseError::invalid("this method is not allowed here")
    })
}
