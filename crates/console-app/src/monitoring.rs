//! What a monitoring system reads of this process: metrics in the text form of Prometheus (OpenMetrics).
//!
//! Labels have few values, whatever callers and partners do: routes and calls by their template, never by a path, and so
//! many partners at most. Nothing private is in them.

mod snapshot;

use std::borrow::Cow;
use std::time::Duration;

use console_peer::client::Observed;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::{App, AppError};

/// The media type of [`exposition`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds in seconds, from an answer out of memory to one that a proxy gives up waiting for.
const BUCKETS: [f64; 11] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// What is measured while it happens. Everything else is looked at when it is asked for.
pub struct Monitoring {
    requests: Family<Request, Histogram>,
    peer_calls: Family<PeerCall, Histogram>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: &'static str,
    route: Cow<'static, str>,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PeerCall {
    call: String,
    outcome: &'static str,
}

impl Default for Monitoring {
    fn default() -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(BUCKETS);
        Self {
            requests: Family::new_with_constructor(histogram),
            peer_calls: Family::new_with_constructor(histogram),
        }
    }
}

impl Monitoring {
    /// Counts an answer to a request. `route` is the template of the path, none for a path that no route has.
    pub fn request(&self, method: &str, route: Option<&str>, status: u16, took: Duration) {
        let labels = Request {
            method: known_method(method),
            route: route.map_or(Cow::Borrowed("other"), |route| Cow::Owned(route.to_owned())),
            status,
        };
        self.requests.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// Counts a call to a partner.
    pub(crate) fn peer_call(&self, observed: &Observed<'_>) {
        let labels = PeerCall {
            call: observed.call.to_owned(),
            outcome: observed.error.map_or("ok", |error| error.word()),
        };
        let took = observed.took.as_secs_f64();
        self.peer_calls.get_or_create(&labels).observe(took);
    }
}

/// Callers may make methods up.
fn known_method(method: &str) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    let mut known = KNOWN.into_iter();
    known.find(|known| *known == method).unwrap_or("other")
}

/// All metrics of this process as they are now. What the database knows is left out while it does not answer; which
/// part fails is a metric as well.
///
/// # Errors
/// When they cannot be written, which is a fault of the program.
pub async fn exposition(app: &App) -> Result<String, AppError> {
    let mut registry = Registry::with_prefix("efls");
    let measured = app.monitoring();
    registry.register_with_unit(
        "request_duration",
        "From a request to the head of its answer, by the template of its path",
        Unit::Seconds,
        measured.requests.clone(),
    );
    registry.register_with_unit(
        "peer_call_duration",
        "From a call to a partner to the end of its answer, by the template of its path",
        Unit::Seconds,
        measured.peer_calls.clone(),
    );
    snapshot::register(app, &mut registry).await;
    let mut text = String::new();
    text::encode(&mut text, &registry).map_err(AppError::internal)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_callers_make_up_makes_no_new_series() {
        let monitoring = Monitoring::default();
        for method in ["BREW", "brew", "PROPFIND"] {
            monitoring.request(method, None, 404, Duration::ZERO);
        }
        let mut registry = Registry::default();
        registry.register("requests", "", monitoring.requests);
        let mut text = String::new();
        text::encode(&mut text, &registry).unwrap();
        let counts: Vec<_> = text.lines().filter(|line| line.contains("_count{")).collect();
        assert_eq!(
            counts,
            [r#"requests_count{method="other",route="other",status="404"} 3"#]
        );
    }
}
