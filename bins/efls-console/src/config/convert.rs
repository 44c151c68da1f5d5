//! From settings as an administrator writes them to what the parts of the program take, and the problems that only the
//! parts can find.

use std::net::IpAddr;
use std::time::Duration;

use console_api::ApiSettings;
use console_app::Settings;
use console_app::settings;
use console_db::{DbConfig, DbUrl, DbUrlError};
use console_peer::address::{AddressPolicy, AllowRule};
use console_peer::client::ClientConfig;
use console_storage::StorageConfig;
use ipnet::IpNet;
use url::Url;

use super::{Config, StartOnPartnerRequest};

const MIB: u64 = 1 << 20;

/// A list of problems: setting, and what is wrong.
type Found = Vec<(String, String)>;

impl Config {
    /// What is wrong beyond the rules for single settings.
    pub(super) fn problems(&self) -> Found {
        let mut found: Found = Vec::new();
        let storage = self.storage().problems();
        found.extend(
            storage
                .into_iter()
                .map(|problem| (format!("storage.{}", problem.key), problem.problem)),
        );
        for rule in &self.federation.allowed_addresses {
            if let Err(error) = AllowRule::parse(rule) {
                found.push(("federation.allowed_addresses".to_owned(), error.to_string()));
            }
        }
        for file in &self.federation.extra_ca_files {
            if !file.is_file() {
                let text = format!("{} is not there, or cannot be read", file.display());
                found.push(("federation.extra_ca_files".to_owned(), text));
            }
        }
        let engines = self.engines.names();
        if !engines.contains(&self.runs.default_engine.as_str()) {
            let enabled = match engines.as_slice() {
                [] => "no engine is enabled".to_owned(),
                names => format!("enabled are: {}", names.join(", ")),
            };
            let text = format!("there is no engine {:?}; {enabled}", self.runs.default_engine);
            found.push(("runs.default_engine".to_owned(), text));
        }
        for proxy in &self.service.trusted_proxies {
            if network(proxy).is_none() {
                let text = format!("{proxy:?} must be an address (10.0.0.1) or a network (10.0.0.0/8)");
                found.push(("service.trusted_proxies".to_owned(), text));
            }
        }
        let federation = &self.federation;
        if federation.connect_timeout_ms > federation.timeout_ms {
            let text = "must not be more than federation.timeout_ms".to_owned();
            found.push(("federation.connect_timeout_ms".to_owned(), text));
        }
        if federation.lost_after_seconds <= federation.poll_seconds {
            let text = "must be more than federation.poll_seconds".to_owned();
            found.push(("federation.lost_after_seconds".to_owned(), text));
        }
        if federation.retry_most_seconds * 1000 < federation.retry_first_ms {
            let text = "must not be less than federation.retry_first_ms".to_owned();
            found.push(("federation.retry_most_seconds".to_owned(), text));
        }
        if self.service.port == 0 && !self.service.base_url.is_empty() {
            let text =
                "a free port cannot be taken when service.base_url says what the address is".to_owned();
            found.push(("service.port".to_owned(), text));
        }
        found
    }

    /// Our address as partners and browsers reach it, with the port that was really taken. No slash at the end.
    #[must_use]
    pub(crate) fn base_url(&self, port: u16) -> String {
        let service = &self.service;
        if service.base_url.is_empty() {
            let host = match service.host.as_str() {
                "0.0.0.0" | "::" | "[::]" => "localhost".to_owned(),
                host if host.contains(':') && !host.starts_with('[') => format!("[{host}]"),
                host => host.to_owned(),
            };
            return format!("http://{host}:{port}{}", service.base_path);
        }
        let written = service.base_url.trim_end_matches('/');
        let bare = Url::parse(written).is_ok_and(|url| matches!(url.path(), "" | "/"));
        if bare {
            format!("{written}{}", service.base_path)
        } else {
            written.to_owned()
        }
    }

    /// The address by which programs on this machine reach the console itself, without the base path.
    #[must_use]
    pub(crate) fn own_url(&self) -> String {
        let host = match self.service.host.trim_matches(['[', ']']) {
            "0.0.0.0" => "127.0.0.1",
            "::" => "::1",
            host => host,
        };
        let port = self.service.port;
        if host.contains(':') {
            format!("http://[{host}]:{port}")
        } else {
            format!("http://{host}:{port}")
        }
    }

    /// Where the database is.
    ///
    /// # Errors
    /// When the address is none; [`super::load`] refuses that.
    pub(crate) fn database(&self) -> Result<DbConfig, DbUrlError> {
        let mut config = DbConfig::new(DbUrl::parse(self.database.url.expose())?);
        config.max_connections = self.database.max_connections;
        Ok(config)
    }

    /// Where objects are.
    #[must_use]
    pub(crate) fn storage(&self) -> StorageConfig {
        let public = Some(self.storage.public_endpoint.clone()).filter(|text| !text.is_empty());
        StorageConfig {
            kind: self.storage.kind,
            bucket: self.storage.bucket.clone(),
            public_endpoint: public,
            local: self.storage.local.clone(),
            s3: self.storage.s3.clone(),
        }
    }

    /// How partners are called.
    ///
    /// # Errors
    /// When a file of certificates cannot be read.
    pub(crate) fn client(&self) -> std::io::Result<ClientConfig> {
        let federation = &self.federation;
        let roots: std::io::Result<Vec<Vec<u8>>> =
            federation.extra_ca_files.iter().map(std::fs::read).collect();
        let allowed = federation
            .allowed_addresses
            .iter()
            .filter_map(|rule| AllowRule::parse(rule).ok())
            .collect();
        Ok(ClientConfig {
            connect_timeout: Duration::from_millis(federation.connect_timeout_ms),
            total_timeout: Duration::from_millis(federation.timeout_ms),
            policy: AddressPolicy {
                allow_loopback: federation.allow_loopback,
                allowed,
            },
            extra_roots_pem: roots?,
            proxy: Some(federation.proxy_url.clone()).filter(|url| !url.is_empty()),
            no_proxy: federation.no_proxy.clone(),
            ..ClientConfig::default()
        })
    }

    /// What the doors take, with the port that was really taken.
    #[must_use]
    pub(crate) fn api(&self, port: u16) -> ApiSettings {
        ApiSettings {
            base_path: self.service.base_path.clone(),
            secure_cookie: self.base_url(port).starts_with("https:"),
            json_limit_bytes: self.limits.json_kib << 10,
            trusted_proxies: self.trusted_proxies(),
        }
    }

    /// The reverse proxies, as networks.
    #[must_use]
    pub(crate) fn trusted_proxies(&self) -> Vec<IpNet> {
        let written = self.service.trusted_proxies.iter();
        written.filter_map(|text| network(text)).collect()
    }

    /// What the use-cases take, with the port that was really taken.
    #[must_use]
    pub(crate) fn settings(&self, port: u16) -> Settings {
        let (sign_in, federation, runs) = (&self.sign_in, &self.federation, &self.runs);
        Settings {
            console_name: self.service.name.clone(),
            base_url: self.base_url(port),
            node_id: self.node_id(port),
            sign_in: settings::SignIn {
                session_idle: Duration::from_secs(sign_in.session_idle_minutes * 60),
                session_lifetime: Duration::from_secs(sign_in.session_lifetime_hours * 3600),
                self_registration: sign_in.self_registration,
                password_min_length: sign_in.password_min_length,
                lock_out_after: sign_in.lock_out_after,
                lock_out_for: Duration::from_secs(sign_in.lock_out_minutes * 60),
            },
            federation: settings::Federation {
                start_on_partner_request: match federation.start_on_partner_request {
                    StartOnPartnerRequest::Ask => settings::StartOnPartnerRequest::Ask,
                    StartOnPartnerRequest::Always => settings::StartOnPartnerRequest::Always,
                    StartOnPartnerRequest::Never => settings::StartOnPartnerRequest::Never,
                },
                consent_expiry: Duration::from_secs(federation.consent_expiry_hours * 3600),
                max_projects_per_partner: federation.max_projects_per_partner,
                max_live_runs_per_partner: federation.max_live_runs_per_partner,
                max_ended_runs_per_partner: federation.max_ended_runs_per_partner,
                max_versions_per_partner: federation.max_versions_per_partner,
                invitation_lifetime: Duration::from_secs(federation.invitation_hours * 3600),
                poll_every: Duration::from_secs(federation.poll_seconds),
                lost_after: Duration::from_secs(federation.lost_after_seconds),
                retry_first: Duration::from_millis(federation.retry_first_ms),
                retry_most: Duration::from_secs(federation.retry_most_seconds),
                delivery_lease: Duration::from_secs(federation.delivery_lease_seconds),
                channel_stream: federation.channel_stream,
                stream_retry_first: Duration::from_secs(15),
                stream_retry_most: Duration::from_secs(600),
                stream_ping: Duration::from_secs(20),
            },
            runs: settings::Runs {
                at_most: runs.at_most,
                max_for_partners: runs.max_for_partners,
                max_per_partner: runs.max_per_partner,
                idle_timeout: Duration::from_secs(runs.idle_timeout_seconds),
                max_resumes: runs.max_resumes,
                lease: Duration::from_secs(runs.lease_seconds),
                stop_grace: Duration::from_secs(runs.stop_grace_seconds),
                channel_limit_bytes: runs.channel_limit_mib * MIB,
                log_limit_bytes: runs.log_limit_mib * MIB,
                log_keep: (runs.log_keep_days > 0)
                    .then(|| Duration::from_secs(runs.log_keep_days * 24 * 3600)),
            },
            default_engine: runs.default_engine.clone(),
            upload_limit_bytes: self.limits.upload_mib * MIB,
            user_files_limit_bytes: self.limits.user_files_mib * MIB,
        }
    }

    fn node_id(&self, port: u16) -> String {
        if !self.service.node_id.is_empty() {
            return self.service.node_id.clone();
        }
        let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let machine: String = machine.trim().chars().take(50).collect();
        format!("{}:{port}", if machine.is_empty() { "console" } else { &machine })
    }
}

/// A network, or one address.
fn network(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse().ok().map(IpAddr::into))
}
