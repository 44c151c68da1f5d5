use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{AddressPolicy, PolicyRefusal};

/// Resolves a host and keeps what the policy allows. An IP literal resolves to itself.
///
/// # Errors
/// The outer error when the name does not resolve; the inner one when nothing that it resolves to may be called.
pub async fn resolve(
    host: &str,
    port: u16,
    policy: &AddressPolicy,
) -> io::Result<Result<Vec<SocketAddr>, PolicyRefusal>> {
    let found: Vec<SocketAddr> = match host.parse::<IpAddr>() {
        Ok(ip) => vec![SocketAddr::new(ip, port)],
        Err(_) => tokio::net::lookup_host((host, port)).await?.collect(),
    };
    if found.is_empty() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address"));
    }
    let (mut allowed, mut refusal) = (Vec::new(), None);
    for address in found {
        match policy.check(host, address.ip()) {
            Ok(()) => allowed.push(address),
            Err(error) => refusal = Some(error),
        }
    }
    Ok(match refusal {
        Some(refusal) if allowed.is_empty() => Err(refusal),
        _ => Ok(allowed),
    })
}

/// The name resolver of the HTTP client: it is asked once per connection, and the client connects only to what it
/// returns, so that a name cannot mean one address when checked and another when called.
///
/// The HTTP client does not ask it about IP literals; [`client`](crate::client) checks those itself.
#[derive(Debug, Clone)]
pub struct CheckedResolver {
    policy: Arc<AddressPolicy>,
}

impl CheckedResolver {
    /// A resolver with a policy.
    #[must_use]
    pub const fn new(policy: Arc<AddressPolicy>) -> Self {
        Self { policy }
    }
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = Arc::clone(&self.policy);
        Box::pin(async move {
            // Port 0 stands for the port of the URL.
            let allowed = resolve(name.as_str(), 0, &policy).await??;
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}
