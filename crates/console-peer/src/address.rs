//! Where a partner can be called, and which addresses a console may call at all.

mod policy;
mod resolver;

use serde::{Deserialize, Serialize};
use url::Url;

pub use policy::{AddressPolicy, AllowRule, AllowRuleError, PolicyRefusal, Refused};
pub use resolver::{CheckedResolver, resolve};

/// The longest address, in characters (the width of its column).
const LONGEST: usize = 256;

/// Why a text is not a partner's address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not a URL.
    #[error("this is not an address: {0}; write it as http://host:port or https://host/path")]
    Form(String),
    /// Another scheme than http or https.
    #[error("an address begins with http:// or https://, not {0}:")]
    Scheme(String),
    /// A user name or password.
    #[error("an address holds no user name and no password")]
    Credentials,
    /// A `?` or `#`.
    #[error("an address holds neither a query (?) nor a fragment (#)")]
    QueryOrFragment,
    /// Too long.
    #[error("an address has at most {LONGEST} characters")]
    TooLong,
}

/// The base address of a console: http or https, host, port, and a path without a slash at its end.
///
/// Two texts that mean the same address (case of the host, default port, slash at the end) are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartnerAddress {
    // Holds the path with its segments, none of them empty.
    url: Url,
}

impl PartnerAddress {
    /// Reads an address as a person types it or a partner sends it.
    ///
    /// # Errors
    /// [`AddressError`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.chars().count() > LONGEST {
            return Err(AddressError::TooLong);
        }
        let mut url = Url::parse(text).map_err(|error| AddressError::Form(error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(AddressError::Scheme(url.scheme().to_owned()));
        }
        // The text is looked at as well: the parser drops an empty user name.
        let authority = text.split_once("://").map_or(text, |(_, rest)| rest);
        let authority = authority.split(['/', '\\', '?', '#']).next().unwrap_or_default();
        if !url.username().is_empty() || url.password().is_some() || authority.contains('@') {
            return Err(AddressError::Credentials);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(AddressError::QueryOrFragment);
        }
        let path: Vec<&str> = url
            .path()
            .split('/')
            .filter(|segment| !segment.is_empty())
            .collect();
        let path = path.join("/");
        url.set_path(&path);
        Ok(Self { url })
    }

    /// The address without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    /// The host, without brackets around an IPv6 literal.
    #[must_use]
    pub fn host(&self) -> String {
        match self.url.host() {
            Some(url::Host::Ipv6(ip)) => ip.to_string(),
            Some(host) => host.to_string(),
            None => String::new(),
        }
    }

    /// The port, given or that of the scheme.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or(80)
    }

    /// Whether it is https.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The URL of a path below the address. Each segment is encoded, so that an id cannot leave its segment; a double
    /// slash never comes about.
    #[must_use]
    pub fn join(&self, segments: &[&str]) -> Url {
        let mut url = self.url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty()
                .extend(segments.iter().filter(|segment| !segment.is_empty()));
        }
        url
    }
}

impl std::fmt::Display for PartnerAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<PartnerAddress> for String {
    fn from(address: PartnerAddress) -> Self {
        address.as_str().to_owned()
    }
}

impl TryFrom<String> for PartnerAddress {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl std::str::FromStr for PartnerAddress {
    type Err = AddressError;
    fn from_str(text: &str) -> Result<Self, AddressError> {
        Self::parse(text)
    }
}
