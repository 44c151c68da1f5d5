use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::host::{Host, Space};
use crate::{Objects, PeerChannel, Reporter, TaskKind};

/// Which side of a run we are. It breaks ties between two equal engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The run was asked for here.
    Initiator,
    /// The run was asked for by the other side.
    Partner,
}

/// One run on one side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceInfo {
    /// The id of the run on this side. The other side has another one.
    pub id: String,
    /// 1 for the first attempt; both sides have the same number.
    pub attempt: u32,
    /// Which side we are.
    pub side: Side,
}

/// Our half of a task, one version of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskInfo {
    /// The id on this side.
    pub id: String,
    /// The name on this side.
    pub name: String,
    /// The version, equal on both sides.
    pub version: String,
    /// What it does.
    pub kind: TaskKind,
    /// Our private config, an object (or null where none was given).
    pub config: Value,
    /// Our public description that the partner may read.
    pub meta: Value,
}

/// So much of an attached file is shown to an engine before anything runs.
pub const FILE_BEGINNING_BYTES: usize = 1 << 16;

/// The beginning of an attached file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileBeginning {
    /// The resource's name in the task.
    pub name: String,
    /// The first bytes; all of them when there are fewer than [`FILE_BEGINNING_BYTES`].
    pub bytes: bytes::Bytes,
}

/// An object attached to the task version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResourceInfo {
    /// Unique in the version.
    pub name: String,
    /// Where the bytes are; [`Objects::read_uri`] reads it.
    pub uri: String,
    /// What the operator noted about it.
    pub config: Value,
}

/// Everything that a job has to do with. Cheap to clone.
#[derive(Clone)]
pub struct TaskContext {
    /// The run.
    pub instance: InstanceInfo,
    /// The task.
    pub task: TaskInfo,
    /// The attached objects.
    pub resources: Vec<ResourceInfo>,
    /// Cancelled when the job is to stop. Every wait must be raced against it.
    pub cancelled: CancellationToken,
    /// Says what happens: status, log lines, metric points, progress, results, resume handle.
    pub reporter: Reporter,
    /// The operator's objects: inputs are read from and outputs are written to here.
    pub objects: Objects,
    /// Private files of this attempt (checkpoints). Nobody sees them; they survive a restart of the console and are
    /// removed when the attempt is over.
    pub scratch: Objects,
    /// A message stream to the engine on the other side of the same instance.
    pub peer: PeerChannel,
}

impl TaskContext {
    /// Puts a context together. For consoles and test hosts; engines receive theirs.
    pub fn new(
        instance: InstanceInfo,
        task: TaskInfo,
        resources: Vec<ResourceInfo>,
        cancelled: CancellationToken,
        host: Arc<dyn Host>,
    ) -> Self {
        Self {
            instance,
            task,
            resources,
            reporter: Reporter::new(Arc::clone(&host)),
            objects: Objects::new(Arc::clone(&host), Space::Objects, cancelled.clone()),
            scratch: Objects::new(Arc::clone(&host), Space::Scratch, cancelled.clone()),
            peer: PeerChannel::new(host, cancelled.clone()),
            cancelled,
        }
    }
}
