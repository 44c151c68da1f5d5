//! What an administrator can set, as the use-cases see it. The binary fills it from its configuration files.

use std::time::Duration;

/// Settings of the use-cases and of the background work.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The console's name as partners see it.
    pub console_name: String,
    /// Our address as partners see it (`BASE-URL`), base path included, no slash at the end.
    pub base_url: String,
    /// Names this process among the replicas of one console. Stable over restarts, so that a process that comes back
    /// takes over the leases of the one it replaces.
    pub node_id: String,
    /// How operators sign in.
    pub sign_in: SignIn,
    /// How we treat partners.
    pub federation: Federation,
    /// How runs are driven.
    pub runs: Runs,
    /// The engine of a task that names none.
    pub default_engine: String,
    /// The most bytes of one uploaded object.
    pub upload_limit_bytes: u64,
    /// The most bytes of all files of one user.
    pub user_files_limit_bytes: u64,
}

/// Sign-in settings.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// A session ends this long after its last use.
    pub session_idle: Duration,
    /// A session ends this long after sign-in, whatever happens.
    pub session_lifetime: Duration,
    /// Whether anybody may make an account for himself, with role default.
    pub self_registration: bool,
    /// The fewest characters of a password.
    pub password_min_length: usize,
    /// So many failures in a row lock an account, or an address, out.
    pub lock_out_after: u32,
    /// A lock-out lasts this long.
    pub lock_out_for: Duration,
}

/// What becomes of a run that a partner asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartOnPartnerRequest {
    /// It waits until an operator here has said yes to exactly what would run.
    Ask,
    /// It starts at once, whatever the task's config and files are then.
    Always,
    /// It is ready; an operator here may start it.
    Never,
}

/// Federation settings.
#[derive(Debug, Clone)]
pub struct Federation {
    /// What becomes of a run of a paired task that a partner asks for.
    pub start_on_partner_request: StartOnPartnerRequest,
    /// A request for a run that nobody answers ends after this long.
    pub consent_expiry: Duration,
    /// The most open projects that are shared with one partner, as far as the partner makes them.
    pub max_projects_per_partner: u64,
    /// The most runs that one partner may have asked for and that have not ended.
    pub max_live_runs_per_partner: u64,
    /// The most runs that one partner asked for and that have ended.
    pub max_ended_runs_per_partner: u64,
    /// The most task versions that one partner may have had made here.
    pub max_versions_per_partner: u64,
    /// An invitation is good for this long.
    pub invitation_lifetime: Duration,
    /// How often an instance that runs at a partner with the base protocol is asked for its status.
    pub poll_every: Duration,
    /// A running instance whose partner is silent for longer becomes lost.
    pub lost_after: Duration,
    /// The first wait before a message to a partner is sent again; it doubles with each try.
    pub retry_first: Duration,
    /// The longest such wait.
    pub retry_most: Duration,
    /// A claimed message that was neither delivered nor given back is taken over after this long.
    pub delivery_lease: Duration,
    /// Messages of engines go over one long-lived connection to a partner that can do so; otherwise each is a call.
    pub channel_stream: bool,
    /// The first wait before such a connection that did not come about is tried again; it doubles with each try.
    pub stream_retry_first: Duration,
    /// The longest such wait.
    pub stream_retry_most: Duration,
    /// On such a connection something is said at least this often, so that proxies do not close it.
    pub stream_ping: Duration,
}

/// Settings of runs.
#[derive(Debug, Clone)]
pub struct Runs {
    /// The most runs at a time in this process; more wait in `starting`.
    pub at_most: usize,
    /// The most of them that partners asked for; the other places are for runs that operators here began.
    pub max_for_partners: usize,
    /// The most of them that one partner asked for.
    pub max_per_partner: usize,
    /// A run whose engines exchange and report nothing for this long fails.
    pub idle_timeout: Duration,
    /// An engine that is taken up this often without getting on fails.
    pub max_resumes: u32,
    /// A run whose process does not renew its claim is taken over after this long.
    pub lease: Duration,
    /// After a stop request an engine that has not ended by then is dropped.
    pub stop_grace: Duration,
    /// The most bytes of messages from a partner's engine that are kept until our engine has acknowledged them.
    pub channel_limit_bytes: u64,
    /// The most bytes of log per attempt; what comes later is counted and dropped.
    pub log_limit_bytes: u64,
    /// Log lines are deleted when they are so old; never without it.
    pub log_keep: Option<Duration>,
}

impl Default for Settings {
    /// The values of `config/default.toml`; addresses are those of a console on loopback.
    fn default() -> Self {
        Self {
            console_name: "efls-console".to_owned(),
            base_url: "http://127.0.0.1:5000".to_owned(),
            node_id: "console".to_owned(),
            sign_in: SignIn {
                session_idle: Duration::from_secs(12 * 3600),
                session_lifetime: Duration::from_secs(7 * 24 * 3600),
                self_registration: false,
                password_min_length: 10,
                lock_out_after: 10,
                lock_out_for: Duration::from_secs(15 * 60),
            },
            federation: Federation {
                start_on_partner_request: StartOnPartnerRequest::Ask,
                max_projects_per_partner: 200,
                max_live_runs_per_partner: 100,
                max_ended_runs_per_partner: 100_000,
                max_versions_per_partner: 10_000,
                consent_expiry: Duration::from_secs(7 * 24 * 3600),
                invitation_lifetime: Duration::from_secs(24 * 3600),
                poll_every: Duration::from_secs(5),
                lost_after: Duration::from_secs(30 * 60),
                retry_first: Duration::from_millis(500),
                retry_most: Duration::from_secs(60),
                delivery_lease: Duration::from_secs(60),
                channel_stream: true,
                stream_retry_first: Duration::from_secs(15),
                stream_retry_most: Duration::from_secs(600),
                stream_ping: Duration::from_secs(20),
            },
            runs: Runs {
                at_most: 32,
                max_for_partners: 24,
                max_per_partner: 16,
                idle_timeout: Duration::from_secs(3600),
                max_resumes: 10,
                lease: Duration::from_secs(30),
                stop_grace: Duration::from_secs(10),
                channel_limit_bytes: 64 << 20,
                log_limit_bytes: 256 << 20,
                log_keep: Some(Duration::from_secs(90 * 24 * 3600)),
            },
            default_engine: "local".to_owned(),
            upload_limit_bytes: 10 << 30,
            user_files_limit_bytes: 1 << 40,
        }
    }
}
