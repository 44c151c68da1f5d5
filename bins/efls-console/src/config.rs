//! What an administrator sets, from where, and what is wrong with it.
//!
//! `config/default.toml` is built in and holds every setting, but those of added engines; [`load`] lays the other sources over it and reports every
//! problem at once, with the key and what to do.

mod check;
mod convert;
mod layers;
mod rules;
mod seed;
mod show;

use std::collections::BTreeMap;
use std::path::PathBuf;

use console_storage::{Secret, StorageKind};
use figment::value::Value;
use serde::Deserialize;

use crate::engines::{Enabled, Registry};

pub(crate) use check::Problems;
pub(crate) use show::entries;

/// The configuration that is built in: every setting with its default and a comment.
pub(crate) const DEFAULT: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/default.toml"));

/// Where settings are looked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sources {
    /// The folder of the configuration files.
    pub dir: PathBuf,
    /// What named the folder, which then must be there; none for the usual one.
    pub dir_from: Option<&'static str>,
    /// The environment variables of the process.
    pub variables: BTreeMap<String, String>,
    /// What flags of the command line set: key, value, and the flag's name.
    pub flags: Vec<(&'static str, String, &'static str)>,
}

impl Sources {
    /// The environment of this process, with files from `EFLS_CONFIG_DIR` or else the folder `config` here.
    #[must_use]
    pub(crate) fn of_process() -> Self {
        let variables: BTreeMap<String, String> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let dir = variables
            .get(layers::DIR_VARIABLE)
            .map_or_else(|| PathBuf::from("config"), PathBuf::from);
        let dir_from = variables
            .contains_key(layers::DIR_VARIABLE)
            .then_some("environment variable EFLS_CONFIG_DIR");
        Self {
            dir,
            dir_from,
            variables,
            flags: Vec::new(),
        }
    }

    /// Adds what a flag sets, if it is given.
    #[must_use]
    pub(crate) fn with_flag<T: ToString>(
        mut self,
        key: &'static str,
        value: Option<T>,
        flag: &'static str,
    ) -> Self {
        self.flags
            .extend(value.map(|value| (key, value.to_string(), flag)));
        self
    }
}

/// Reads and checks the configuration.
///
/// # Errors
/// Every problem that was found.
pub(crate) fn load(sources: &Sources, engines: &Registry) -> Result<Config, Problems> {
    check::load(sources, engines)
}

/// All settings. The meaning of each is written in `config/default.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// The process and its address.
    pub service: Service,
    /// Logging.
    pub log: Log,
    /// What a monitoring system reads.
    pub metrics: Metrics,
    /// The database.
    pub database: Database,
    /// The object store.
    pub storage: Storage,
    /// How operators sign in.
    pub sign_in: SignIn,
    /// How partners are treated.
    pub federation: Federation,
    /// How runs are driven.
    pub runs: Runs,
    /// Limits on input.
    pub limits: Limits,
    /// The sections of the engines, until they are handed to the engines.
    #[serde(rename = "engines")]
    engine_sections: BTreeMap<String, Value>,
    /// The engines that are enabled.
    #[serde(skip)]
    pub engines: Enabled,
}

/// `[service]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Service {
    pub name: String,
    pub host: String,
    pub port: u16,
    pub base_path: String,
    pub base_url: String,
    pub workers: usize,
    pub max_connections: usize,
    pub max_connections_per_address: usize,
    pub trusted_proxies: Vec<String>,
    pub node_id: String,
    pub drain_seconds: u64,
    pub shutdown_seconds: u64,
}

/// `[log]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Log {
    pub filter: String,
    pub format: LogFormat,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One object a line.
    Json,
}

/// `[metrics]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Metrics {
    pub listen: String,
}

/// `[database]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Database {
    pub url: Secret,
    pub max_connections: u32,
    pub migrate_at_start: bool,
}

/// `[storage]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Storage {
    pub kind: StorageKind,
    pub bucket: String,
    pub public_endpoint: String,
    pub local: console_storage::LocalConfig,
    pub s3: console_storage::S3Config,
}

/// `[sign_in]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    pub session_idle_minutes: u64,
    pub session_lifetime_hours: u64,
    pub self_registration: bool,
    pub password_min_length: usize,
    pub lock_out_after: u32,
    pub lock_out_minutes: u64,
}

/// `[federation]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Federation {
    pub start_on_partner_request: StartOnPartnerRequest,
    pub consent_expiry_hours: u64,
    pub max_projects_per_partner: u64,
    pub max_live_runs_per_partner: u64,
    pub max_ended_runs_per_partner: u64,
    pub max_versions_per_partner: u64,
    pub invitation_hours: u64,
    pub allow_loopback: bool,
    pub allowed_addresses: Vec<String>,
    pub extra_ca_files: Vec<PathBuf>,
    pub proxy_url: String,
    pub no_proxy: String,
    pub connect_timeout_ms: u64,
    pub timeout_ms: u64,
    pub poll_seconds: u64,
    pub lost_after_seconds: u64,
    pub retry_first_ms: u64,
    pub retry_most_seconds: u64,
    pub delivery_lease_seconds: u64,
    pub channel_stream: bool,
}

/// `federation.start_on_partner_request`
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StartOnPartnerRequest {
    Ask,
    Always,
    Never,
}

/// `[runs]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Runs {
    pub default_engine: String,
    pub at_most: usize,
    pub max_for_partners: usize,
    pub max_per_partner: usize,
    pub idle_timeout_seconds: u64,
    pub max_resumes: u32,
    pub lease_seconds: u64,
    pub stop_grace_seconds: u64,
    pub channel_limit_mib: u64,
    pub log_limit_mib: u64,
    pub log_keep_days: u64,
}

/// `[limits]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    pub json_kib: usize,
    pub upload_mib: u64,
    pub user_files_mib: u64,
}

#[cfg(test)]
mod tests;
