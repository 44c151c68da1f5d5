//! The announcement.

use chrono::Utc;
use console_peer::Word;
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

/// What we can do, as far as it is not turned off.
pub(super) fn capabilities(app: &App) -> Vec<Word<Capability>> {
    let mut all = Capability::announced();
    if !app.settings().federation.channel_stream {
        all.retain(|word| *word != Word::Known(Capability::ChannelStream));
    }
    all
}

/// What we say of ourselves to anybody who asks.
///
/// # Errors
/// When the database does not answer.
pub async fn hello(app: &App) -> Result<Hello, PeerRefusal> {
    Ok(Hello {
        name: organization::name(app).await?,
        protocol_level: PROTOCOL_LEVEL,
        capabilities: capabilities(app),
        public_key: app.identity().public_key(),
        fingerprint: app.identity().fingerprint(),
        server_time: Utc::now(),
    })
}
