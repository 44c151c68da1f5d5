//! The announcement.

use chrono::Utc;
use console_peer::ext::{Capability, Hello, PROTOCOL_LEVEL};

use super::PeerRefusal;
use super::caller::Caller;
use crate::{App, organization, partners};

/// Notes the address that a partner says it has.
///
/// # Errors
/// When the database does not answer.
pub async fn told_address(app: &App, caller: &Caller, address: &str) -> Result<(), PeerRefusal> {
    Ok(partners::announced(app, &caller.partner, address).await?)
}

/// What we say of ourselves to anybody who asks.
///
/// # Errors
/// When the database does not answer.
pub async fn hello(app: &App) -> Result<Hello, PeerRefusal> {
    Ok(Hello {
        name: organization::name(app).await?,
        protocol_level: PROTOCOL_LEVEL,
        capabilities: Capability::announced(),
        public_key: app.identity().public_key(),
        fingerprint: app.identity().fingerprint(),
        server_time: Utc::now(),
    })
}
