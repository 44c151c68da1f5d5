use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The kinds of addresses that a console does not call unless it is told to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The machine itself.
    Loopback,
    /// The neighbourhood of a network card.
    LinkLocal,
    /// The metadata service of a cloud, which hands out credentials.
    Metadata,
    /// No address at all (`0.0.0.0`, `::`).
    Unspecified,
    /// Many receivers.
    Multicast,
}

impl Refused {
    /// The setting of the console that allows it.
    #[must_use]
    pub const fn setting(self) -> &'static str {
        match self {
            Self::Loopback => "federation.allow_loopback",
            Self::LinkLocal | Self::Metadata | Self::Unspecified | Self::Multicast => {
                "federation.allowed_addresses"
            }
        }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Loopback => "a loopback address (this machine itself)",
            Self::LinkLocal => "a link-local address",
            Self::Metadata => "the metadata service of a cloud",
            Self::Unspecified => "an unspecified address",
            Self::Multicast => "a multicast or broadcast address",
        })
    }
}

/// An address was not called, because the policy forbids it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{host} is {kind}, which this console does not call; an administrator can allow it by the setting {}",
    kind.setting()
)]
pub struct PolicyRefusal {
    /// The host as it was asked for.
    pub host: String,
    /// The address that it means.
    pub ip: IpAddr,
    /// What is wrong with it.
    pub kind: Refused,
}

/// Why a rule of the configuration was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither an address (10.0.0.1), nor a network (10.0.0.0/8), nor a host name")]
pub struct AllowRuleError(String);

/// An exception from the policy: a network, or a host name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowRule {
    /// Addresses that share the first `bits` bits with `base`.
    Net {
        /// Any address of the network.
        base: IpAddr,
        /// The length of the prefix: 0 to 32, or 0 to 128.
        bits: u8,
    },
    /// A host name, whatever it resolves to. Lower case.
    Host(String),
}

impl AllowRule {
    /// Reads `10.0.0.1`, `10.0.0.0/8`, `fd00::/8` or `partner.example`.
    ///
    /// # Errors
    /// [`AllowRuleError`] when it is none of them.
    pub fn parse(text: &str) -> Result<Self, AllowRuleError> {
        let text = text.trim();
        let wrong = || AllowRuleError(text.chars().take(80).collect());
        let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        if let Ok(base) = address.parse::<IpAddr>() {
            let widest = if base.is_ipv4() { 32 } else { 128 };
            let bits = bits.map_or(Ok(widest), |bits| bits.parse::<u8>().map_err(|_| wrong()))?;
            return if bits <= widest {
                Ok(Self::Net { base, bits })
            } else {
                Err(wrong())
            };
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        // A name that ends in a number would be read as an IPv4 address by a URL parser: a mistyped address.
        let is_number = |label: &str| label.bytes().all(|b| b.is_ascii_digit());
        if text.is_empty() || !text.chars().all(plain) || text.rsplit('.').next().is_none_or(is_number) {
            return Err(wrong());
        }
        Ok(Self::Host(text.to_ascii_lowercase()))
    }

    fn covers(&self, host: &str, ip: IpAddr) -> bool {
        match self {
            Self::Host(name) => name.eq_ignore_ascii_case(host.trim_end_matches('.')),
            Self::Net { base, bits } => match (base, ip) {
                (IpAddr::V4(base), IpAddr::V4(ip)) => {
                    let shift = 32 - u32::from(*bits);
                    base.to_bits().checked_shr(shift) == ip.to_bits().checked_shr(shift)
                }
                (IpAddr::V6(base), IpAddr::V6(ip)) => {
                    let shift = 128 - u32::from(*bits);
                    base.to_bits().checked_shr(shift) == ip.to_bits().checked_shr(shift)
                }
                (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
            },
        }
    }
}

/// Which addresses may be called. The default refuses every kind of [`Refused`] and allows all others, private networks
/// included, since partners in one house are common.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressPolicy {
    /// Loopback addresses may be called (two consoles on one machine).
    pub allow_loopback: bool,
    /// Exceptions: what one of them covers may be called, whatever its kind.
    pub allowed: Vec<AllowRule>,
}

impl AddressPolicy {
    /// Whether an address that a host means may be called.
    ///
    /// # Errors
    /// [`PolicyRefusal`] with the kind of the address.
    pub fn check(&self, host: &str, ip: IpAddr) -> Result<(), PolicyRefusal> {
        let meant = embedded_v4(ip).map_or(ip, IpAddr::V4);
        let Some(kind) = kind_of(meant).or_else(|| kind_of(ip)) else {
            return Ok(());
        };
        let allowed = (kind == Refused::Loopback && self.allow_loopback)
            || self
                .allowed
                .iter()
                .any(|rule| rule.covers(host, ip) || rule.covers(host, meant));
        if allowed {
            return Ok(());
        }
        Err(PolicyRefusal {
            host: host.to_owned(),
            ip,
            kind,
        })
    }
}

// The IPv4 address inside an IPv6 address that leads to it: mapped, compatible, NAT64 (RFC 6052, and RFC 8215 as most
// networks use it), 6to4 (RFC 3056), and the client of Teredo, whose bits are turned over (RFC 4380).
fn embedded_v4(ip: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(ip) = ip else { return None };
    let s = ip.segments();
    let from = |high: u16, low: u16| Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low));
    match s {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(from(high, low)),
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => Some(from(high, low)),
        [0x64, 0xff9b, 1, _, _, _, high, low] => Some(from(high, low)),
        [0x2002, high, low, ..] => Some(from(high, low)),
        [0x2001, 0, _, _, _, _, high, low] => Some(from(!high, !low)),
        _ => None,
    }
}

fn kind_of(ip: IpAddr) -> Option<Refused> {
    match ip {
        IpAddr::V4(ip) => kind_of_v4(ip),
        IpAddr::V6(ip) => kind_of_v6(ip),
    }
}

fn kind_of_v4(ip: Ipv4Addr) -> Option<Refused> {
    // The metadata services of nearly all clouds, of Alibaba Cloud, of Azure, and of Oracle Cloud.
    let metadata = [
        [169, 254, 169, 254],
        [100, 100, 100, 200],
        [168, 63, 129, 16],
        [192, 0, 0, 192],
    ];
    if metadata.contains(&ip.octets()) {
        Some(Refused::Metadata)
    } else if ip.octets()[0] == 0 {
        Some(Refused::Unspecified)
    } else if ip.is_loopback() {
        Some(Refused::Loopback)
    } else if ip.is_link_local() {
        Some(Refused::LinkLocal)
    } else if ip.is_multicast() || ip.is_broadcast() {
        Some(Refused::Multicast)
    } else {
        None
    }
}

fn kind_of_v6(ip: Ipv6Addr) -> Option<Refused> {
    if ip.segments() == [0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254] {
        Some(Refused::Metadata)
    } else if ip.is_unspecified() {
        Some(Refused::Unspecified)
    } else if ip.is_loopback() {
        Some(Refused::Loopback)
    } else if ip.is_unicast_link_local() {
        Some(Refused::LinkLocal)
    } else if ip.is_multicast() {
        Some(Refused::Multicast)
    } else {
        None
    }
}
