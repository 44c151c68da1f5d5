use std::error::Error;
use std::io;
use std::net::IpAddr;
use std::time::Instant;

use bytes::Bytes;
use chrono::Utc;
use console_model::MessageId;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, LOCATION};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use url::Url;

use super::observe::{Observed, template};
use super::{CallOptions, Doubt, Hop, Partner, PeerClient, PeerError, Speaks};
use crate::address::PolicyRefusal;
use crate::base::RspCode;
use crate::ext::REQUEST_ID_HEADER;
use crate::refusal::Refusal;
use crate::signing::{ContentDigest, Signing, fresh_nonce, sign};

/// What is sent.
pub(super) enum Body {
    Nothing,
    Json(Vec<u8>),
    Bytes(Bytes),
}

impl Body {
    pub(super) fn json(value: &impl Serialize) -> Result<Self, PeerError> {
        serde_json::to_vec(value)
            .map(Self::Json)
            .map_err(|error| PeerError::Protocol(format!("the request cannot be written: {error}")))
    }
}

/// Whether a path belongs to the base protocol.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Base,
    Extension,
    // Every console that has any extension answers it, so a 404 of any form means "none".
    Announcement,
}

pub(super) struct Outgoing<'a> {
    pub(super) part: Part,
    pub(super) method: Method,
    pub(super) segments: &'a [&'a str],
    /// Name and value.
    pub(super) query: Option<(&'a str, &'a str)>,
    pub(super) body: Body,
}

impl PeerClient {
    /// Makes a call and reads the `data` of its answer.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        partner: &Partner,
        options: &CallOptions,
        outgoing: Outgoing<'_>,
    ) -> Result<T, PeerError> {
        let Some(observer) = &self.observer else {
            return self.made(partner, options, outgoing).await;
        };
        let call = template(&outgoing.method, outgoing.segments);
        let began = Instant::now();
        let result = self.made(partner, options, outgoing).await;
        observer.tell(&Observed {
            call: &call,
            error: result.as_ref().err(),
            took: began.elapsed(),
        });
        result
    }

    async fn made<T: DeserializeOwned>(
        &self,
        partner: &Partner,
        options: &CallOptions,
        outgoing: Outgoing<'_>,
    ) -> Result<T, PeerError> {
        if partner.speaks == Speaks::Base && outgoing.part == Part::Extension {
            return Err(PeerError::NotSpoken);
        }
        self.check_literal(partner)?;
        let part = outgoing.part;
        let request = self.request(partner, options, outgoing)?;
        let response = request.send().await.map_err(|error| failure(&error))?;
        let status = response.status().as_u16();
        let location = response
            .headers()
            .get(LOCATION)
            .map(|to| String::from_utf8_lossy(to.as_bytes()).into_owned());
        let body = self.read(response).await?;
        let data = sort(status, &body, part, partner.speaks, location.as_deref())?;
        serde_json::from_value(data).map_err(|error| PeerError::unreadable(format!("its data: {error}")))
    }

    /// Refuses an address that is written as a number and that the policy forbids; names are checked where they are resolved.
    pub(super) fn check_literal(&self, partner: &Partner) -> Result<(), PeerError> {
        let host = partner.address.host();
        if let Ok(ip) = host.parse::<IpAddr>() {
            self.policy.check(&host, ip)?;
        }
        Ok(())
    }

    pub(super) fn request(
        &self,
        partner: &Partner,
        options: &CallOptions,
        outgoing: Outgoing<'_>,
    ) -> Result<reqwest::RequestBuilder, PeerError> {
        let mut url = partner.address.join(outgoing.segments);
        if let Some((name, value)) = outgoing.query {
            url.query_pairs_mut().append_pair(name, value);
        }
        let (content_type, body) = match outgoing.body {
            Body::Nothing => (None, Bytes::new()),
            Body::Json(json) => (Some("application/json"), Bytes::from(json)),
            Body::Bytes(bytes) => (Some("application/octet-stream"), bytes),
        };
        let mut request = self.http.request(outgoing.method.clone(), url.clone());
        request = request.header(REQUEST_ID_HEADER, request_id(options.request_id.as_deref()));
        if let Some(content_type) = content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        if let Some(timeout) = options.timeout {
            request = request.timeout(timeout);
        }
        if let Speaks::Paired { receiver } = partner.speaks {
            let command_id = options.command_id.as_ref().map(MessageId::as_str);
            for (name, value) in self.signature(&outgoing.method, &url, &body, receiver, command_id)? {
                request = request.header(name, value);
            }
        }
        Ok(if content_type.is_some() {
            request.body(body)
        } else {
            request
        })
    }

    fn signature(
        &self,
        method: &Method,
        url: &Url,
        body: &[u8],
        audience: crate::identity::Fingerprint,
        command_id: Option<&str>,
    ) -> Result<Vec<(&'static str, String)>, PeerError> {
        let signing = Signing {
            method: method.as_str(),
            path: url.path(),
            query: url.query(),
            digest: ContentDigest::of(body),
            audience,
            command_id,
            created: Utc::now().timestamp(),
            nonce: &fresh_nonce(),
        };
        let headers = sign(&self.identity, &signing)
            .map_err(|error| PeerError::Protocol(format!("the request cannot be signed: {error}")))?;
        Ok(headers
            .iter()
            .map(|(name, value)| (name, value.to_owned()))
            .collect())
    }

    pub(super) async fn read(&self, mut response: reqwest::Response) -> Result<Vec<u8>, PeerError> {
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| failure(&error))? {
            if body.len() + piece.len() > self.config.max_answer_bytes {
                let limit = self.config.max_answer_bytes;
                return Err(PeerError::Protocol(format!(
                    "the answer is larger than {limit} bytes"
                )));
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }
}

fn request_id(given: Option<&str>) -> String {
    given
        .filter(|id| (1..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic()))
        .map_or_else(|| MessageId::generate().as_str().to_owned(), str::to_owned)
}

/// Sorts an answer: the `data` of a success, or what else it means.
pub(super) fn sort(
    status: u16,
    body: &[u8],
    part: Part,
    speaks: Speaks,
    location: Option<&str>,
) -> Result<Value, PeerError> {
    if part == Part::Announcement && matches!(status, 404 | 405) {
        return Err(PeerError::NotSpoken);
    }
    match envelope(body) {
        Some((code, members)) => sort_envelope(status, code, members, speaks),
        None => Err(sort_other(status, part, location)),
    }
}

fn envelope(body: &[u8]) -> Option<(RspCode, Map<String, Value>)> {
    let Ok(Value::Object(members)) = crate::json::parse(body) else {
        return None;
    };
    let code = members.get("rsp_code")?.as_i64()?;
    Some((RspCode::from_number(code), members))
}

fn sort_envelope(
    status: u16,
    code: RspCode,
    mut members: Map<String, Value>,
    speaks: Speaks,
) -> Result<Value, PeerError> {
    let agrees = members
        .get("http_code")
        .is_none_or(|inner| inner.as_u64() == Some(200));
    if status == 200 && code == RspCode::Ok && agrees {
        return members
            .remove("data")
            .ok_or_else(|| PeerError::unreadable("it has no data"));
    }
    let message = members.get("message").and_then(Value::as_str).unwrap_or_default();
    let message = console_model::plain(message, 500);
    let doubt = |doubt| PeerError::Unknown {
        doubt,
        detail: format!("HTTP {status}, rsp_code {}: {message}", code.number()),
    };
    if status == 507 {
        return Err(doubt(Doubt::Full));
    }
    if message == "db connection failed" || code == RspCode::Unavailable || matches!(status, 429 | 503) {
        return Err(doubt(Doubt::Busy));
    }
    // A base console answers 500 with JSON when its database refuses, which is definite; ours never does.
    if status >= 500 && speaks != Speaks::Base {
        return Err(doubt(Doubt::ServerError));
    }
    Err(PeerError::Refused {
        status,
        code,
        message,
        refusal: Refusal::read(&mut members).map(Box::new),
    })
}

fn sort_other(status: u16, part: Part, location: Option<&str>) -> PeerError {
    let unreachable = |detail: String| PeerError::Unreachable {
        hop: Hop::Http,
        detail,
    };
    let unknown = |doubt| PeerError::Unknown {
        doubt,
        detail: format!("HTTP {status} without JSON"),
    };
    match status {
        404 | 405 if part != Part::Base => PeerError::NotSpoken,
        413 => PeerError::TooLarge {
            detail: format!(
                "HTTP {status}: a proxy before the partner's console limits the size of requests"
            ),
        },
        429 => unknown(Doubt::Busy),
        507 => unknown(Doubt::Full),
        300..=399 => {
            let location: String = location.unwrap_or("another place").chars().take(200).collect();
            unreachable(format!(
                "HTTP {status}: it redirects to {location}; redirects are not followed"
            ))
        }
        400..=499 => unreachable(format!("HTTP {status}: what answers there is no console")),
        500..=599 => unknown(Doubt::ServerError),
        _ => unknown(Doubt::Unreadable),
    }
}

/// Sorts a failure of the HTTP client.
pub(super) fn failure(error: &reqwest::Error) -> PeerError {
    let causes = causes(error);
    let refusal = causes
        .iter()
        .find_map(|cause| cause.downcast_ref::<PolicyRefusal>());
    if let Some(refusal) = refusal {
        return PeerError::NotAllowed(refusal.clone());
    }
    let detail = causes
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string);
    let unreachable = |hop, detail| PeerError::Unreachable { hop, detail };
    if error.is_dns() {
        unreachable(Hop::Dns, detail)
    } else if error.is_connect() && causes.iter().any(|cause| cause.is::<rustls::Error>()) {
        let rustls = causes
            .iter()
            .find_map(|cause| cause.downcast_ref::<rustls::Error>());
        unreachable(Hop::Tls, rustls.and_then(explained).unwrap_or(detail))
    } else if error.is_connect() {
        unreachable(Hop::Tcp, detail)
    } else if error.is_builder() {
        PeerError::Protocol(format!("the request cannot be written: {detail}"))
    } else {
        let doubt = if error.is_timeout() {
            Doubt::TimedOut
        } else {
            Doubt::Dropped
        };
        PeerError::Unknown { doubt, detail }
    }
}

/// What an operator does not see from the library's words.
fn explained(error: &rustls::Error) -> Option<String> {
    let rustls::Error::InvalidCertificate(rustls::CertificateError::Other(other)) = error else {
        return None;
    };
    match other.0.downcast_ref::<webpki::Error>() {
        Some(webpki::Error::CaUsedAsEndEntity) => Some(
            "the partner's server shows the certificate of an authority (CA:TRUE) as its own, which is not allowed: its \
             operators have to make a certificate for the server (CA:FALSE), signed by that authority or by itself"
                .to_owned(),
        ),
        _ => None,
    }
}

// An I/O error hides what it wraps from `source`, so it is opened by hand.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut causes: Vec<&(dyn Error + 'static)> = Vec::new();
    let mut next = Some(error);
    while let Some(cause) = next {
        causes.push(cause);
        let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped as &(dyn Error + 'static)),
            None => cause.source(),
        };
    }
    causes
}
