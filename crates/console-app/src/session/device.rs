//! Devices on which an account was signed in before.
//!
//! A stranger can make the sign-ins of any account fail, but must not keep its owner out: whoever shows a device that the
//! account is known by has a counter of failures of its own, and does not wait behind strangers. It replaces no password.

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, Mac as _};
use rand::RngExt;
use sha2::Sha256;

use crate::App;
use crate::identity::keyed;

/// How long a device is known after the last sign-in.
pub const KNOWN_FOR: TimeDelta = TimeDelta::days(180);

/// A device that an account is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Device(String);

impl Device {
    /// Reads what a device shows; none when it is not ours, is of another account, or is too old.
    pub(super) fn read(app: &App, account: &str, shown: &str, now: DateTime<Utc>) -> Option<Self> {
        let (rest, tag) = shown.rsplit_once('.')?;
        let (id, since) = rest.split_once('.')?;
        let tag = hex::decode(tag).ok()?;
        mac(app, account, rest).verify_slice(&tag).ok()?;
        let since = DateTime::from_timestamp(since.parse().ok()?, 0)?;
        (now - since <= KNOWN_FOR).then(|| Self(id.to_owned()))
    }

    /// The key of its failures.
    pub(super) fn failures(&self) -> String {
        format!("device:{}", self.0)
    }
}

/// What a device is given to show when an account was signed in on it.
pub(super) fn issue(app: &App, account: &str, now: DateTime<Utc>) -> String {
    let id = hex::encode(rand::rng().random::<[u8; 16]>());
    let rest = format!("{id}.{}", now.timestamp());
    let tag = hex::encode(mac(app, account, &rest).finalize().into_bytes());
    format!("{rest}.{tag}")
}

fn mac(app: &App, account: &str, rest: &str) -> Hmac<Sha256> {
    let mut mac = keyed(app, "device");
    mac.update(&(account.len() as u64).to_le_bytes());
    mac.update(account.as_bytes());
    mac.update(rest.as_bytes());
    mac
}
