//! What holds a run up, told within seconds and as long as it lasts.
//!
//! Sole writer of `task_instance.held_up_code` besides the transitions of the state, which clear it.

use chrono::{DateTime, Utc};
use console_db::instances as rows;
use console_model::InstanceId;
use console_peer::client::{Doubt, PeerError};

use crate::App;

/// What holds a run up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The partner's console, or a proxy before it, takes no message of this size.
    MessageTooLarge,
    /// The partner's object store has no room.
    PartnerStoreFull,
    /// Our object store has no room for what the partner sends.
    StoreFull,
    /// The partner cannot be reached from here.
    PartnerUnreachable,
    /// The partner is reached and does not answer in time.
    PartnerSlow,
    /// The partner answers that it takes no message.
    PartnerRefuses,
    /// The partner's half has not begun, or its engine does not get on.
    PartnerBehind,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::MessageTooLarge,
        Self::PartnerStoreFull,
        Self::StoreFull,
        Self::PartnerUnreachable,
        Self::PartnerSlow,
        Self::PartnerRefuses,
        Self::PartnerBehind,
    ];

    /// The word in the database and in APIs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::MessageTooLarge => "message_too_large",
            Self::PartnerStoreFull => "partner_store_full",
            Self::StoreFull => "store_full",
            Self::PartnerUnreachable => "partner_unreachable",
            Self::PartnerSlow => "partner_slow",
            Self::PartnerRefuses => "partner_refuses",
            Self::PartnerBehind => "partner_behind",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.word() == word)
    }

    /// Why an engine's message did not arrive.
    pub(super) fn of(error: &PeerError) -> Self {
        match error {
            PeerError::Refused { status: 413, .. } | PeerError::TooLarge { .. } => Self::MessageTooLarge,
            PeerError::Unknown {
                doubt: Doubt::Full, ..
            } => Self::PartnerStoreFull,
            PeerError::Unknown {
                doubt: Doubt::TimedOut | Doubt::Busy,
                ..
            } => Self::PartnerSlow,
            PeerError::Unreachable { .. } | PeerError::NotAllowed(_) | PeerError::Unknown { .. } => {
                Self::PartnerUnreachable
            }
            PeerError::Refused { .. } | PeerError::NotSpoken | PeerError::Protocol(_) => Self::PartnerRefuses,
        }
    }
}

/// What holds a run up now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldUp {
    /// What.
    pub reason: Reason,
    /// More about it, for our operators.
    pub detail: Option<String>,
    /// Since when.
    pub since: DateTime<Utc>,
}

impl HeldUp {
    /// Of a row.
    pub(super) fn of(row: &console_db::entity::task_instance::Model) -> Option<Self> {
        Some(Self {
            reason: Reason::from_word(row.held_up_code.as_deref()?)?,
            detail: row.held_up_detail.clone(),
            since: console_db::utc(row.held_up_since?),
        })
    }
}

/// Notes what holds an attempt up. That it cannot be noted is no reason to hold it up more.
pub(crate) async fn note(app: &App, id: &InstanceId, attempt: u32, reason: Reason, detail: Option<&str>) {
    let attempt = i32::try_from(attempt).unwrap_or(i32::MAX);
    tracing::warn!(instance.id = %id, reason = reason.word(), detail, "a run is held up");
    if let Err(error) = rows::hold_up(app.db(), id, attempt, reason.word(), detail).await {
        let error: &dyn std::error::Error = &error;
        tracing::debug!(instance.id = %id, error, "what holds a run up was not noted");
    }
}

/// Notes that an attempt goes on; with a reason, only if it was that.
pub(crate) async fn clear(app: &App, id: &InstanceId, attempt: u32, reason: Option<Reason>) {
    let attempt = i32::try_from(attempt).unwrap_or(i32::MAX);
    if let Err(error) = rows::let_go(app.db(), id, attempt, reason.map(Reason::word)).await {
        let error: &dyn std::error::Error = &error;
        tracing::debug!(instance.id = %id, error, "that a run goes on was not noted");
    }
}
