//! Messages about pairings of tasks.

use console_model::{PairingId, ProjectId, TaskId, TaskType};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Asks to pair a task version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PairTask {
    /// Our id of the pairing.
    pub pairing_id: PairingId,
    /// Our id of the task version.
    pub task_id: TaskId,
    /// Our id of the project.
    pub project_id: ProjectId,
    /// The word that both sides agreed on.
    pub token: String,
    /// The version that both sides are to carry.
    pub version: String,
    /// The same in short.
    #[serde(default)]
    pub version_number: Option<u32>,
    /// Whether it is the root.
    pub root: bool,
    /// Our type.
    pub task_type: TaskType,
    /// Our public meta.
    pub meta: Option<Value>,
    /// Our settings that both sides must agree on.
    #[serde(default)]
    pub shared_settings: Option<Value>,
}
