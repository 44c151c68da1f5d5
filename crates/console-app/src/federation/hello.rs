//! The announcement.

use chrono::Utc;
use console_peer::ext::{Capability, Hello, PROTOCOL_LEVEL};

use crate::App;

/// What we say of ourselves to anybody who asks.
#[must_use]
pub fn hello(app: &App) -> Hello {
    Hello {
        name: app.settings().console_name.clone(),
        protocol_level: PROTOCOL_LEVEL,
        capabilities: Capability::announced(),
        public_key: app.identity().public_key(),
        fingerprint: app.identity().fingerprint(),
        server_time: Utc::now(),
    }
}
