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
#[non_exhaustive]
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
#[non_exhaustive]
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
#[non_exhaustive]
pub struct FileBeginning {
    /// The resource's name in the task.
    pub name: String,
    /// The first bytes; all of them when there are fewer than [`FILE_BEGINNING_BYTES`].
    pub bytes: bytes::Bytes,
}

/// An object attached to the task version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
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
#[non_exhaustive]
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

impl InstanceInfo {
    /// A run. For consoles and test hosts; engines receive theirs.
    pub fn new(id: impl Into<String>, attempt: u32, side: Side) -> Self {
        Self {
            id: id.into(),
            attempt,
            side,
        }
    }
}

impl TaskInfo {
    /// A task without a config and without a public description. For consoles and tests.
    pub fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        version: impl Into<String>,
        kind: TaskKind,
    ) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            version: version.into(),
            kind,
            config: Value::Null,
            meta: Value::Null,
        }
    }

    /// Sets the private config.
    #[must_use]
    pub fn with_config(mut self, config: Value) -> Self {
        self.config = config;
        self
    }

    /// Sets the public description.
    #[must_use]
    pub fn with_meta(mut self, meta: Value) -> Self {
        self.meta = meta;
        self
    }
}

impl FileBeginning {
    /// The first bytes of an attached file.
    pub fn new(name: impl Into<String>, bytes: impl Into<bytes::Bytes>) -> Self {
        Self {
            name: name.into(),
            bytes: bytes.into(),
        }
    }
}

impl ResourceInfo {
    /// An object without a note.
    pub fn new(name: impl Into<String>, uri: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            uri: uri.into(),
            config: Value::Null,
        }
    }

    /// Sets what the operator noted about it.
    #[must_use]
    pub fn with_config(mut self, config: Value) -> Self {
        self.config = config;
        self
    }
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
