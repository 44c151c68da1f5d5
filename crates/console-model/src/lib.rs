//! The domain of the console: typed ids, enums, the instance state machine and error kinds.
//!
//! Pure by rule: no I/O, no async, no web or database framework; the feature `columns` makes ids and enums types of columns,
//! which only this crate can do. Every other crate may depend on this one, and it depends on none of them.

mod change;
#[cfg(feature = "columns")]
mod column;
mod error_code;
mod error_kind;
mod ids;
mod instance;
mod name;
mod plain_text;
mod run_reason;
mod status;
mod version;

pub use change::{ChangeKind, ChangeType, HistorySide};
pub use error_code::{ErrorCode, FieldCode};
pub use error_kind::ErrorKind;
pub use ids::{
    IdError, InstanceId, InvitationId, MessageId, PairingId, PartnerId, ProjectId, ResourceId, TaskId, UserId,
};
pub use instance::{InstanceEvent, InstanceStatus, StopCause, Transition};
pub use name::{NameError, PlainName, fold};
pub use plain_text::{is_unseen, look_alike, plain};
pub use run_reason::{RunReason, RunReasonCode};
pub use status::{ConsentDecision, ConsentScope, LinkStatus, MessageState, PartnerTrust, Role, TaskType};
pub use version::{TaskVersion, VersionError};

/// An enum value that is stored as a number or spoken as a word, and the number or word is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not a known {what}")]
pub struct UnknownValue {
    /// The enum, in words.
    pub what: &'static str,
    /// What stood there.
    pub value: String,
}
