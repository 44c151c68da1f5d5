//! What single settings must be. Rules that look at a number or a word stand in tables; rules that look at a text are
//! functions.

use std::net::SocketAddr;

use console_db::DbUrl;
use tracing_subscriber::EnvFilter;
use url::Url;

/// Smallest and largest value of every number. The engines look after theirs.
pub(super) const RANGES: &[(&str, u64, u64)] = &[
    ("service.port", 0, 65_535),
    ("service.workers", 1, 256),
    ("service.max_connections", 16, 1_000_000),
    ("service.max_connections_per_address", 8, 1_000_000),
    ("service.drain_seconds", 0, 300),
    ("service.shutdown_seconds", 1, 600),
    ("database.max_connections", 1, 1000),
    ("storage.s3.timeout_seconds", 1, 3600),
    ("sign_in.session_idle_minutes", 1, 525_600),
    ("sign_in.session_lifetime_hours", 1, 8760),
    ("sign_in.password_min_length", 8, 128),
    ("sign_in.lock_out_after", 1, 1000),
    ("sign_in.lock_out_minutes", 1, 1440),
    ("federation.invitation_hours", 1, 8760),
    ("federation.consent_expiry_hours", 1, 87_600),
    ("federation.max_projects_per_partner", 1, 100_000),
    ("federation.max_live_runs_per_partner", 1, 100_000),
    ("federation.max_ended_runs_per_partner", 1, 10_000_000),
    ("federation.max_versions_per_partner", 1, 1_000_000),
    ("federation.connect_timeout_ms", 100, 60_000),
    ("federation.timeout_ms", 500, 300_000),
    ("federation.poll_seconds", 1, 3600),
    ("federation.lost_after_seconds", 5, 604_800),
    ("federation.retry_first_ms", 10, 60_000),
    ("federation.retry_most_seconds", 1, 86_400),
    ("federation.delivery_lease_seconds", 5, 3600),
    ("runs.at_most", 1, 10_000),
    ("runs.max_for_partners", 0, 10_000),
    ("runs.max_per_partner", 0, 10_000),
    ("runs.idle_timeout_seconds", 10, 2_592_000),
    ("runs.max_resumes", 1, 10_000),
    ("runs.lease_seconds", 5, 3600),
    ("runs.stop_grace_seconds", 1, 3600),
    ("runs.channel_limit_mib", 2, 65_536),
    ("runs.log_limit_mib", 1, 1_048_576),
    ("runs.log_keep_days", 0, 36_500),
    ("limits.json_kib", 64, 65_536),
    ("limits.upload_mib", 1, 1_048_576),
    ("limits.user_files_mib", 1, 1_073_741_824),
];

/// The words that a setting may be.
pub(super) const WORDS: &[(&str, &[&str])] = &[
    ("log.format", &["text", "json"]),
    ("storage.kind", &["local", "s3"]),
    ("federation.start_on_partner_request", &["ask", "always", "never"]),
];

/// Says what a text must be, if it is not.
type Rule = fn(&str) -> Result<(), String>;

/// Rules for texts. Each says what the text must be, if it is not.
pub(super) const TEXTS: &[(&str, Rule)] = &[
    ("service.name", name),
    ("service.host", host),
    ("service.base_path", base_path),
    ("service.base_url", base_url),
    ("service.node_id", node_id),
    ("log.filter", filter),
    ("metrics.listen", listen),
    ("database.url", database_url),
    ("runs.default_engine", name),
];

fn demand(good: bool, otherwise: &str) -> Result<(), String> {
    if good { Ok(()) } else { Err(otherwise.to_owned()) }
}

fn name(text: &str) -> Result<(), String> {
    let length = text.trim().chars().count();
    demand((1..=64).contains(&length), "must have 1 to 64 characters")
}

fn host(text: &str) -> Result<(), String> {
    let plain = !text.is_empty() && !text.contains(['/', ' ', '@']);
    demand(
        plain,
        "must be a host name or an address of this machine, for example 127.0.0.1 or 0.0.0.0",
    )
}

fn base_path(text: &str) -> Result<(), String> {
    let segments = |path: &str| {
        path.split('/').all(|part| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
                && !part.trim_matches('.').is_empty()
        })
    };
    let good = text.is_empty() || text.strip_prefix('/').is_some_and(segments);
    demand(
        good,
        "must be empty or a path such as /host, without a slash at the end",
    )
}

fn base_url(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Ok(());
    }
    let good = Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    });
    demand(
        good,
        "must be an http or https address as partners reach it, for example https://console.example.org/host",
    )
}

fn node_id(text: &str) -> Result<(), String> {
    demand(text.chars().count() <= 64, "must have at most 64 characters")
}

fn filter(text: &str) -> Result<(), String> {
    EnvFilter::try_new(text).map(drop).map_err(|error| {
        format!("must be a level (error, warn, info, debug, trace), or levels by module: {error}")
    })
}

fn listen(text: &str) -> Result<(), String> {
    demand(
        text.is_empty() || text.parse::<SocketAddr>().is_ok(),
        "must be empty or an address with a port, for example 127.0.0.1:9464 or [::]:9464",
    )
}

fn database_url(text: &str) -> Result<(), String> {
    demand(
        DbUrl::parse(text).is_ok(),
        "must be sqlite:<file>, mysql://user:password@host:port/name or postgres://user:password@host:port/name; \
         special characters in a password are written as %XX",
    )
}
