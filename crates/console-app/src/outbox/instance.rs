//! Messages about runs.

use console_model::{InstanceId, InstanceStatus, PairingId};
use console_peer::ext::FailureReport;
use serde::{Deserialize, Serialize};

/// The word for [`CreateInstance`] in the `kind` column.
pub(crate) const CREATE: &str = "create_instance";

/// A new run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateInstance {
    /// Our id of it.
    pub instance_id: InstanceId,
    /// The partner's id of its pairing.
    pub task_peer_id: PairingId,
    /// The attempt it begins with.
    pub attempt: u32,
}

/// What the partner is asked to do with its half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// Start it (again).
    Start,
    /// Stop it.
    Stop,
}

/// Start or stop a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateInstance {
    /// Our id of it.
    pub instance_id: InstanceId,
    /// What to do.
    pub wish: Wish,
    /// The attempt that is meant.
    pub attempt: u32,
}

impl UpdateInstance {
    /// The word in the `kind` column.
    pub(crate) const KIND: &'static str = "update_instance";
}

/// The state of our half of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceStatusChange {
    /// Our id of it.
    pub instance_id: InstanceId,
    /// Grows with every change, so that late or repeated announcements are harmless.
    pub seq: u64,
    /// The attempt.
    pub attempt: u32,
    /// The state; none when our half was deleted.
    pub status: Option<InstanceStatus>,
    /// Why, in words that the partner may read.
    pub detail: Option<String>,
    /// The same in simplified Chinese.
    #[serde(default)]
    pub detail_zh: Option<String>,
    /// Of a failure: what the partner's programs may know about it.
    #[serde(default)]
    pub failure: Option<FailureReport>,
}
