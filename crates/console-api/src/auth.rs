//! Who is asking: a session cookie, or the same session's token as a bearer token.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::cookie::time::OffsetDateTime;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, HOST, ORIGIN, X_FORWARDED_FOR};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use chrono::{DateTime, Utc};
use console_app::{App, Operator, session};
use console_model::ErrorCode;
use ipnet::IpNet;

use crate::ApiSettings;
use crate::error::ApiError;
use crate::extract::no_query;
use crate::gate::Admission;
use crate::guard::request_id;

/// How the name of every session cookie begins.
pub(crate) const COOKIE_PREFIX: &str = "efls_session_";
/// How the name of the cookie begins by which a device is known.
const DEVICE_PREFIX: &str = "efls_device_";

/// Somebody who is signed in. Parameters in the query are refused, except with [`SignedQuery`].
pub(crate) struct Signed<const QUERY: bool = false> {
    pub(crate) app: Data<App>,
    pub(crate) operator: Operator,
    /// The token of the session.
    pub(crate) token: String,
}

/// Somebody who is signed in and may ask with parameters, which the handler reads.
pub(crate) type SignedQuery = Signed<true>;

impl<const QUERY: bool> FromRequest for Signed<QUERY> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let app = app(&request)?;
            let token = match bearer(&request) {
                Some(token) => token,
                None => {
                    let token = cookie(&request).ok_or_else(ApiError::unauthenticated)?;
                    same_origin(&request)?;
                    token
                }
            };
            let operator = session::resolve(&app, &token, &request_id(&request)).await?;
            let operator = operator.ok_or_else(ApiError::unauthenticated)?;
            Admission::admit(&request);
            if !QUERY {
                no_query(&request)?;
            }
            Ok(Self { app, operator, token })
        })
    }
}

/// Whether a request comes with a session that holds. What it may do is decided elsewhere.
pub(crate) async fn is_signed_in(request: &HttpRequest) -> Result<bool, ApiError> {
    let app = app(request)?;
    let Some(token) = bearer(request).or_else(|| cookie(request)) else {
        return Ok(false);
    };
    let session = session::resolve(&app, &token, &request_id(request)).await?;
    if session.is_some() {
        Admission::admit(request);
    }
    Ok(session.is_some())
}

/// The console.
pub(crate) fn app(request: &HttpRequest) -> Result<Data<App>, ApiError> {
    let missing = || {
        ApiError::http(
            StatusCode::INTERNAL_SERVER_ERROR,
            ErrorCode::Internal,
            "Something went wrong here.",
        )
    };
    request.app_data::<Data<App>>().cloned().ok_or_else(missing)
}

/// The address that a request comes from: of whoever is connected, or what a trusted proxy says about it.
pub(crate) fn address(request: &HttpRequest) -> Option<String> {
    let connected = request.peer_addr()?.ip();
    let settings = request.app_data::<Data<ApiSettings>>()?;
    warn_of_unknown_proxy(request, connected, &settings.trusted_proxies);
    let told: Vec<&str> = request
        .headers()
        .get_all(X_FORWARDED_FOR)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    Some(counted(origin(connected, &told, &settings.trusted_proxies)))
}

/// A proxy on this machine that is not trusted makes everybody share one address; that is worth a word, once.
fn warn_of_unknown_proxy(request: &HttpRequest, connected: IpAddr, trusted: &[IpNet]) {
    static WARNED: AtomicBool = AtomicBool::new(false);
    let unknown = connected.is_loopback()
        && request.headers().contains_key(X_FORWARDED_FOR)
        && !trusted.iter().any(|net| net.contains(&connected.to_canonical()));
    if unknown && !WARNED.swap(true, Ordering::Relaxed) {
        tracing::warn!(
            "a request came through a proxy on this machine that service.trusted_proxies does not name: all who come \
             through it share one address, and its lock-out"
        );
    }
}

/// What the failures and connections of an address are counted for: whoever has an IPv6 address mostly has 2^64 of them.
pub(crate) fn counted(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let network = Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX));
            if address.is_loopback() {
                address.to_string()
            } else {
                format!("{network}/64")
            }
        }
    }
}

/// Each proxy adds whom it heard from at the end; what stands before the word of the last trusted one may be made up.
fn origin(connected: IpAddr, told: &[&str], trusted: &[IpNet]) -> IpAddr {
    let mut address = connected.to_canonical();
    for word in told.iter().rev().map(|word| word.trim()) {
        if !trusted.iter().any(|net| net.contains(&address)) {
            break;
        }
        let bare = word.parse::<IpAddr>().ok();
        let Some(ip) = bare.or_else(|| word.parse::<SocketAddr>().ok().map(|socket| socket.ip())) else {
            break;
        };
        address = ip.to_canonical();
    }
    address
}

fn bearer(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim().to_owned())
}

fn cookie(request: &HttpRequest) -> Option<String> {
    let app = app(request).ok()?;
    let name = cookie_name(&app);
    request.cookie(&name).map(|cookie| cookie.value().to_owned())
}

/// Cookies do not tell ports apart, so the name tells consoles apart: two on one host must not overwrite each other's.
pub(crate) fn cookie_name(app: &App) -> String {
    let mut fingerprint = app.identity().fingerprint().to_string();
    fingerprint.truncate(8);
    format!("{COOKIE_PREFIX}{fingerprint}")
}

/// The cookie of a new session.
pub(crate) fn session_cookie(
    app: &App,
    settings: &ApiSettings,
    token: &str,
    until: DateTime<Utc>,
) -> Cookie<'static> {
    let expires =
        OffsetDateTime::from_unix_timestamp(until.timestamp()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    built(cookie_name(app), settings, token.to_owned(), expires)
}

/// The cookie that removes the session's.
pub(crate) fn no_cookie(app: &App, settings: &ApiSettings) -> Cookie<'static> {
    built(
        cookie_name(app),
        settings,
        String::new(),
        OffsetDateTime::UNIX_EPOCH,
    )
}

/// What a device shows that an account was signed in on.
pub(crate) fn device(request: &HttpRequest) -> Option<String> {
    let app = app(request).ok()?;
    let cookie = request.cookie(&device_cookie_name(&app))?;
    Some(cookie.value().to_owned())
}

/// The cookie by which a device is known at later sign-ins; it signs nobody in.
pub(crate) fn device_cookie(app: &App, settings: &ApiSettings, device: &str) -> Cookie<'static> {
    let until = Utc::now() + session::device::KNOWN_FOR;
    let expires =
        OffsetDateTime::from_unix_timestamp(until.timestamp()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    built(device_cookie_name(app), settings, device.to_owned(), expires)
}

fn device_cookie_name(app: &App) -> String {
    cookie_name(app).replacen(COOKIE_PREFIX, DEVICE_PREFIX, 1)
}

fn built(name: String, settings: &ApiSettings, value: String, expires: OffsetDateTime) -> Cookie<'static> {
    Cookie::build(name, value)
        .path(format!("{}/", settings.base_path))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(settings.secure_cookie)
        .expires(expires)
        .finish()
}

/// A browser sends the cookie with requests of any page; only our own pages may change something with it.
fn same_origin(request: &HttpRequest) -> Result<(), ApiError> {
    if request.method().is_safe() {
        return Ok(());
    }
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let allowed = match (header("sec-fetch-site"), header(ORIGIN.as_str())) {
        // The browser itself says so; behind a proxy that changes Host this is the only true word.
        (Some("same-origin" | "none"), _) => true,
        // And so it does here, whatever the other header says.
        (Some("cross-site"), _) => false,
        (_, Some(origin)) => {
            let host = header(HOST.as_str()).unwrap_or_default();
            let own = origin.split_once("://").map(|(_, rest)| rest);
            own.is_some_and(|own| own.eq_ignore_ascii_case(host))
        }
        (Some(_), None) => false,
        // Not a browser: nobody's page made it send the cookie.
        (None, None) => true,
    };
    if allowed {
        Ok(())
    } else {
        let detail = "A page of another origin may not change anything here.";
        Err(ApiError::http(
            StatusCode::FORBIDDEN,
            ErrorCode::OtherOrigin,
            detail,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_is_believed_about_an_address() {
        let trusted: Vec<IpNet> = ["127.0.0.1/32", "10.0.0.0/8", "::1/128"]
            .map(|net| net.parse().unwrap())
            .into();
        let from =
            |connected: &str, told: &[&str]| origin(connected.parse().unwrap(), told, &trusted).to_string();
        assert_eq!(from("127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(from("127.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(from("::ffff:127.0.0.1", &["198.51.100.7:1234"]), "198.51.100.7");
        assert_eq!(
            from("203.0.113.5", &["198.51.100.7"]),
            "203.0.113.5",
            "a stranger says so"
        );
        let made_up = ["192.0.2.1", " 198.51.100.7", " 10.1.2.3"];
        assert_eq!(
            from("127.0.0.1", &made_up),
            "198.51.100.7",
            "what the caller itself sent"
        );
        assert_eq!(from("::1", &["unknown"]), "::1");
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one() {
        let of = |text: &str| counted(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(of("2001:db8:1:2:ffff::1"), of("2001:db8:1:2::9"));
        assert_eq!(
            (of("192.0.2.7").as_str(), of("::1").as_str()),
            ("192.0.2.7", "::1")
        );
    }
}
