use console_model::InstanceStatus;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The status of an instance in the base protocol, numbers 0 to 6.
///
/// | ours | on the wire | | from the wire | [`to_ours`](Self::to_ours) |
/// | --- | --- | --- | --- | --- |
/// | draft 0 | 0 | | 0 | draft |
/// | ready 1, awaiting consent 10 | 1 | | 1 | ready |
/// | archive 2 | 2 | | 2 | archive |
/// | running 3, starting 12, stopping 13 | 3 | | 3 | running |
/// | failed 4, lost 14 | 4 | | 4 | failed |
/// | stopped 5 | 5 | | 5 | stopped if we asked for it, otherwise succeeded |
/// | succeeded 6 | 6 | | 6 | succeeded |
///
/// A base console says 5 both for "stopped on request" and for "its engine finished well".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BaseStatus {
    /// 0
    Draft,
    /// 1
    Ready,
    /// 2
    Archive,
    /// 3
    Running,
    /// 4
    Failed,
    /// 5: stopped, when we say it; "stopped or finished well", when a base partner says it.
    TerminatedOrSucceeded,
    /// 6: finished well. A base partner never says it.
    Succeeded,
    /// A number that this version does not know; kept as it came. We never send one.
    Other(i64),
}

impl BaseStatus {
    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> i64 {
        match self {
            Self::Draft => 0,
            Self::Ready => 1,
            Self::Archive => 2,
            Self::Running => 3,
            Self::Failed => 4,
            Self::TerminatedOrSucceeded => 5,
            Self::Succeeded => 6,
            Self::Other(number) => number,
        }
    }

    /// From the number on the wire; never fails.
    #[must_use]
    pub const fn from_number(number: i64) -> Self {
        match number {
            0 => Self::Draft,
            1 => Self::Ready,
            2 => Self::Archive,
            3 => Self::Running,
            4 => Self::Failed,
            5 => Self::TerminatedOrSucceeded,
            6 => Self::Succeeded,
            other => Self::Other(other),
        }
    }

    /// What a base partner's status means here; nothing for an unknown number. `stop_was_asked` tells the two meanings
    /// of 5 apart: whether either side had asked to stop the partner's instance.
    #[must_use]
    pub const fn to_ours(self, stop_was_asked: bool) -> Option<InstanceStatus> {
        match self {
            Self::Draft => Some(InstanceStatus::Draft),
            Self::Ready => Some(InstanceStatus::Ready),
            Self::Archive => Some(InstanceStatus::Archive),
            Self::Running => Some(InstanceStatus::Running),
            Self::Failed => Some(InstanceStatus::Failed),
            Self::TerminatedOrSucceeded if stop_was_asked => Some(InstanceStatus::Stopped),
            Self::TerminatedOrSucceeded | Self::Succeeded => Some(InstanceStatus::Succeeded),
            Self::Other(_) => None,
        }
    }
}

impl From<InstanceStatus> for BaseStatus {
    fn from(status: InstanceStatus) -> Self {
        match status {
            InstanceStatus::Draft => Self::Draft,
            InstanceStatus::Ready | InstanceStatus::AwaitingConsent => Self::Ready,
            InstanceStatus::Archive => Self::Archive,
            InstanceStatus::Running | InstanceStatus::Starting | InstanceStatus::Stopping => Self::Running,
            InstanceStatus::Failed | InstanceStatus::Lost => Self::Failed,
            InstanceStatus::Stopped => Self::TerminatedOrSucceeded,
            InstanceStatus::Succeeded => Self::Succeeded,
        }
    }
}

impl Serialize for BaseStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.number())
    }
}

impl<'de> Deserialize<'de> for BaseStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(Self::from_number)
    }
}
