//! Messages that begin and end a pairing of consoles.

use console_model::InvitationId;
use serde::{Deserialize, Serialize};

/// Accepts an invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairPartner {
    /// Which invitation.
    pub invitation_id: InvitationId,
    /// That we hold its secret. The secret itself is not kept.
    pub proof: String,
}

/// Ends a pairing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unpair {
    /// Why, in words for the other side.
    pub reason: String,
}
