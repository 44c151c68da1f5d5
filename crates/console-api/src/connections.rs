//! Connections: how many one address and all together may hold, so that nobody can take them all.
//!
//! A connection beyond that is not left waiting. It is taken as a spare one, on which the health checks are answered and
//! everything else is refused; the oldest spare connection makes room for a new one.

use std::any::Any;
use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Shutdown};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{Extensions, ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONNECTION, CONTENT_LENGTH, HeaderValue, RETRY_AFTER, TRANSFER_ENCODING};
use actix_web::middleware::Next;
use actix_web::rt::net::TcpStream;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use console_app::App;
use console_model::ErrorCode;
use ipnet::IpNet;
use socket2::{SockRef, Socket};

use crate::auth::counted;
use crate::error::ApiError;
use crate::gate::Admission;
use crate::{ApiSettings, health};

/// Spare connections at a time.
pub const SPARE: usize = 64;
/// So much is dropped of a body that was refused and does not say how long it is.
const MAX_CHUNKED: u64 = 1 << 20;
/// A full house is worth a line in the log, not more often than this.
const SAY_EVERY: Duration = Duration::from_secs(60);

/// The connections of a process.
#[derive(Clone)]
pub struct Connections(Arc<Shared>);

struct Shared {
    most: usize,
    most_per_address: usize,
    /// Many people come through these; they count for all connections only.
    proxies: Vec<IpNet>,
    open: Mutex<Open>,
    numbers: AtomicU64,
}

#[derive(Default)]
struct Open {
    all: usize,
    by_address: HashMap<String, usize>,
    spare: VecDeque<(u64, Socket)>,
    said: Option<Instant>,
}

/// What a connection takes until it is closed.
struct Place {
    connections: Connections,
    kind: Kind,
}

enum Kind {
    /// One of those that are counted, of an address unless that is a proxy's.
    Counted(Option<String>),
    /// A spare one, by its number.
    Spare(u64),
}

impl Connections {
    /// At most so many connections in all and of each address, but for the named proxies.
    #[must_use]
    pub fn new(most: usize, most_per_address: usize, proxies: Vec<IpNet>) -> Self {
        Self(Arc::new(Shared {
            most,
            most_per_address,
            proxies,
            open: Mutex::default(),
            numbers: AtomicU64::new(0),
        }))
    }

    /// Gives a new connection its place: for `HttpServer::on_connect`.
    pub fn take(&self, connection: &dyn Any, data: &mut Extensions) {
        let Some(stream) = connection.downcast_ref::<TcpStream>() else {
            return;
        };
        // One that is gone already has no address.
        let Ok(peer) = stream.peer_addr() else { return };
        let kind = self
            .counted(peer.ip())
            .unwrap_or_else(|address| self.spare(stream, &address));
        data.insert(Place {
            connections: self.clone(),
            kind,
        });
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A counted place, or the address for which there is none.
    fn counted(&self, ip: IpAddr) -> Result<Kind, String> {
        let ip = ip.to_canonical();
        let address = counted(ip);
        let is_proxy = self.0.proxies.iter().any(|net| net.contains(&ip));
        let mut open = self.open();
        let of_address = open.by_address.get(&address).copied().unwrap_or_default();
        if open.all >= self.0.most || (!is_proxy && of_address >= self.0.most_per_address) {
            return Err(address);
        }
        open.all += 1;
        if is_proxy {
            return Ok(Kind::Counted(None));
        }
        open.by_address.insert(address.clone(), of_address + 1);
        Ok(Kind::Counted(Some(address)))
    }

    fn spare(&self, stream: &TcpStream, address: &str) -> Kind {
        let number = self.0.numbers.fetch_add(1, Ordering::Relaxed);
        let mut open = self.open();
        if open.spare.len() >= SPARE
            && let Some((_, oldest)) = open.spare.pop_front()
        {
            let _ = oldest.shutdown(Shutdown::Both);
        }
        match SockRef::from(stream).try_clone() {
            Ok(socket) => open.spare.push_back((number, socket)),
            // Without a handle it could not be closed later on.
            Err(_) => drop(SockRef::from(stream).shutdown(Shutdown::Both)),
        }
        if open.said.is_none_or(|at| at.elapsed() >= SAY_EVERY) {
            open.said = Some(Instant::now());
            tracing::warn!(
                connections = open.all,
                peer.address = address,
                peer.connections = open.by_address.get(address),
                "no more connections are taken of this address, or none at all: see service.max_connections and \
                 service.max_connections_per_address"
            );
        }
        Kind::Spare(number)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.connections.open();
        match &self.kind {
            Kind::Counted(address) => {
                open.all -= 1;
                if let Some(address) = address
                    && let Some(count) = open.by_address.get_mut(address)
                {
                    *count -= 1;
                    if *count == 0 {
                        open.by_address.remove(address);
                    }
                }
            }
            Kind::Spare(number) => open.spare.retain(|(other, _)| other != number),
        }
    }
}

/// Wraps every request of the process: each is measured; what comes over a spare connection is refused unless it is a health check, and what
/// was refused for its size, its number or for want of room is counted.
///
/// # Errors
/// Those of the request.
pub async fn around<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let place = request.conn_data::<Place>();
    let is_spare = place.is_some_and(|place| matches!(place.kind, Kind::Spare(_)));
    let is_health = is_health_check(&request);
    let app = request.app_data::<Data<App>>().cloned();
    let method = request.method().clone();
    let admission = request.conn_data::<Admission>().cloned();
    let announced = announced(&request);
    let began = Instant::now();
    let mut response = if is_spare && !is_health {
        request.into_response(full()).map_into_right_body()
    } else {
        next.call(request).await?.map_into_left_body()
    };
    let status = response.status();
    if (status.is_client_error() || status.is_server_error())
        && let Some(admission) = admission
    {
        admission.refuse(announced);
    }
    if is_spare || app.as_ref().is_some_and(|app| app.is_draining()) {
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
    }
    if let Some(app) = app {
        let status = response.status().as_u16();
        app.refused_requests().note(status);
        let route = route(response.request());
        let took = began.elapsed();
        app.monitoring()
            .request(method.as_str(), route.as_deref(), status, took);
    }
    Ok(response)
}

/// How long a body is at the most, as its request says.
fn announced(request: &ServiceRequest) -> u64 {
    if request.headers().contains_key(TRANSFER_ENCODING) {
        return MAX_CHUNKED;
    }
    let length = request.headers().get(CONTENT_LENGTH);
    length
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .unwrap_or(0)
}

/// The template of a request's path below the base path, if a route has it.
fn route(request: &HttpRequest) -> Option<String> {
    let base = request.app_data::<Data<ApiSettings>>();
    let base = base.map_or("", |settings| settings.base_path.as_str());
    let pattern = request.match_pattern()?;
    Some(pattern.strip_prefix(base).unwrap_or(&pattern).to_owned())
}

/// Whether a request goes to a health check itself: what only ends like one, such as a file of that name, is no check.
fn is_health_check(request: &ServiceRequest) -> bool {
    let base = request.app_data::<Data<ApiSettings>>();
    let base = base.map_or("", |settings| settings.base_path.as_str());
    let path = request.path();
    let below = path.strip_prefix(base).unwrap_or(path);
    health::PATHS.contains(&path) || health::PATHS.contains(&below)
}

fn full() -> HttpResponse {
    let status = actix_web::http::StatusCode::SERVICE_UNAVAILABLE;
    let detail =
        "There are too many connections from your address, or in all. Close some, or try again later.";
    let mut answer = ApiError::http(status, ErrorCode::TooManyConnections, detail).problem("");
    answer
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from_static("5"));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn one_address_cannot_take_the_places_of_others() {
        let connections = Connections::new(4, 2, vec!["10.0.0.0/8".parse().unwrap()]);
        let place = |address: &str| {
            connections.counted(ip(address)).map(|kind| Place {
                connections: connections.clone(),
                kind,
            })
        };
        let first = place("192.0.2.1");
        let _second = place("::ffff:192.0.2.1");
        assert!(first.is_ok());
        assert_eq!(place("192.0.2.1").err().as_deref(), Some("192.0.2.1"));
        let _others = [place("192.0.2.2"), place("10.0.0.1")];
        assert!(place("192.0.2.3").is_err(), "all places are taken");
        drop(first);
        assert!(
            place("192.0.2.1").is_ok(),
            "a place comes back with its connection"
        );
        let _proxied = place("10.0.0.1");
        assert!(place("10.0.0.1").is_err(), "proxies count for all connections");
    }
}
