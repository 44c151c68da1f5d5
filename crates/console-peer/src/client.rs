//! Calls to a partner's console, one method per call, and a check of the connection that names the failing hop.
//!
//! A call is made once: no retries, no redirects, no proxy from the environment, a limit for the answer, and time-outs.
//! Whoever calls decides what to do with a [`PeerError`]; [`recovery`](crate::recovery) says what helps.

mod calls;
mod diagnose;
mod error;
mod observe;
mod stream;
mod transport;

use std::sync::Arc;
use std::time::Duration;

use console_model::MessageId;

use crate::address::{AddressPolicy, CheckedResolver, PartnerAddress, PolicyRefusal, resolve};
use crate::identity::{Fingerprint, IdentityKey};

pub use diagnose::{CheckOutcome, CheckStep, Checked};
pub use error::{Doubt, Hop, PeerError};
pub use observe::{CallObserver, Observed};
pub use stream::{Hearing, Saying};

/// How the client calls.
#[derive(Debug, Clone)]
pub struct ClientConfig {
    /// How long a connection may take to come about, TLS included.
    pub connect_timeout: Duration,
    /// How long a call may take in all, unless its [`CallOptions`] say otherwise.
    pub total_timeout: Duration,
    /// The longest answer that is read, in bytes.
    pub max_answer_bytes: usize,
    /// Which addresses may be called.
    pub policy: AddressPolicy,
    /// Certificates (PEM) of authorities that are trusted beside those of the system: a partner's own authority.
    pub extra_roots_pem: Vec<Vec<u8>>,
    /// A proxy (`http://host:port`) through which partners are called. What a name means is its decision then; the policy is
    /// asked about addresses and about the proxy itself.
    pub proxy: Option<String>,
    /// Hosts and networks that are called without it, separated by commas.
    pub no_proxy: String,
    /// Differences of the clocks beyond this are a failure in [`PeerClient::diagnose`].
    pub clock_window: Duration,
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            total_timeout: Duration::from_secs(30),
            max_answer_bytes: crate::json::MAX_BYTES,
            policy: AddressPolicy::default(),
            extra_roots_pem: Vec::new(),
            proxy: None,
            no_proxy: String::new(),
            clock_window: crate::signing::DEFAULT_WINDOW,
        }
    }
}

/// What a partner's console understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaks {
    /// The base protocol, or not known yet: calls are not signed and carry no extension.
    Base,
    /// The extensions: calls are signed for this receiver.
    Paired {
        /// The receiver's fingerprint.
        receiver: Fingerprint,
    },
}

/// Whom to call, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// Where.
    pub address: PartnerAddress,
    /// How.
    pub speaks: Speaks,
}

/// What goes with a call.
#[derive(Debug, Clone, Default)]
pub struct CallOptions {
    /// The command's id (the outbox message), for calls that change something. A base partner does not see it.
    pub command_id: Option<MessageId>,
    /// The id for both sides' logs; a fresh one when there is none.
    pub request_id: Option<String>,
    /// Instead of the configured total time-out.
    pub timeout: Option<Duration>,
}

impl CallOptions {
    /// For a command of the outbox.
    #[must_use]
    pub fn command(id: MessageId, request_id: Option<String>) -> Self {
        Self {
            command_id: Some(id),
            request_id,
            timeout: None,
        }
    }
}

/// The client. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct PeerClient {
    http: reqwest::Client,
    config: Arc<ClientConfig>,
    policy: Arc<AddressPolicy>,
    identity: Arc<IdentityKey>,
    observer: Option<CallObserver>,
}

impl PeerClient {
    /// A client that signs with a console's own key.
    ///
    /// # Errors
    /// [`PeerError::Protocol`] when a configured certificate cannot be read, or the proxy is none.
    pub fn new(config: ClientConfig, identity: Arc<IdentityKey>) -> Result<Self, PeerError> {
        // The HTTP client panics without a provider; where the program installed one, that one stays.
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let mut roots = Vec::new();
        for pem in &config.extra_roots_pem {
            let found = reqwest::Certificate::from_pem_bundle(pem).map_err(|error| {
                PeerError::Protocol(format!("a configured certificate cannot be read: {error}"))
            })?;
            roots.extend(found);
        }
        let policy = Arc::new(config.policy.clone());
        let proxy = match &config.proxy {
            Some(url) => {
                let proxy = reqwest::Proxy::all(url).map_err(|error| {
                    PeerError::Protocol(format!("the configured proxy cannot be used: {error}"))
                })?;
                Some(proxy.no_proxy(reqwest::NoProxy::from_string(&config.no_proxy)))
            }
            None => None,
        };
        let builder = || {
            let builder = reqwest::Client::builder().no_proxy();
            let builder = match &proxy {
                Some(proxy) => builder.proxy(proxy.clone()),
                None => builder,
            };
            builder
                .user_agent(concat!("efls-console/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(config.connect_timeout)
                .timeout(config.total_timeout)
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                .http1_only()
                .tcp_nodelay(true)
                .pool_idle_timeout(Duration::from_secs(15))
                .pool_max_idle_per_host(8)
                .dns_resolver(CheckedResolver::new(Arc::clone(&policy)))
        };
        let http = builder().tls_certs_merge(roots).build().or_else(|error| {
            // A machine without any certificates of authorities can still call partners over http.
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "no certificate authorities: https will fail"
            );
            builder().tls_certs_only([]).build()
        });
        let http =
            http.map_err(|error| PeerError::Protocol(format!("the HTTP client cannot be made: {error}")))?;
        Ok(Self {
            http,
            config: Arc::new(config),
            policy,
            identity,
            observer: None,
        })
    }

    /// Whether the policy lets us call an address, by what its host means now. A host that does not resolve now is not
    /// refused: each call is checked again.
    ///
    /// # Errors
    /// [`PolicyRefusal`] when nothing that the host means may be called.
    pub async fn check_address(&self, address: &PartnerAddress) -> Result<(), PolicyRefusal> {
        let (host, port) = (address.host(), address.port());
        let resolving = resolve(&host, port, &self.policy);
        match tokio::time::timeout(self.config.connect_timeout, resolving).await {
            Ok(Ok(Err(refusal))) => Err(refusal),
            Ok(Ok(Ok(_)) | Err(_)) | Err(_) => Ok(()),
        }
    }

    /// The same client, with somebody who is told of each call.
    #[must_use]
    pub fn observed_by(self, observer: CallObserver) -> Self {
        Self {
            observer: Some(observer),
            ..self
        }
    }

    /// The same client with another key, after a rotation.
    #[must_use]
    pub fn with_identity(&self, identity: Arc<IdentityKey>) -> Self {
        Self {
            identity,
            ..self.clone()
        }
    }
}
