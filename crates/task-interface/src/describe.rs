use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a task does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Joins samples of both sides.
    Sample,
    /// Trains a model over both sides.
    Train,
}

/// Who an engine is and what it can do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Description {
    /// A short word, unique in a console: tasks name their engine by it.
    pub name: String,
    /// The engine's own version.
    pub version: String,
    /// The task types that it runs.
    pub types: BTreeMap<TaskKind, TypeDescription>,
    /// What it can do.
    pub capabilities: Capabilities,
}

/// One task type of an engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TypeDescription {
    /// A JSON Schema (2020-12) of the task's config; forms are generated from it. A text of the format `resource` is the
    /// name of an attached file, one of the format `column` that of a column of an attached table: forms offer those.
    pub config_schema: Value,
    /// Keys whose values must be equal on both sides where both sides' public `meta` state them.
    pub matching_keys: Vec<String>,
}

/// What an engine can do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// It takes a job up again after the console restarted.
    pub attach: bool,
    /// It talks to the other side through the consoles' peer channel.
    pub peer_channel: bool,
}

impl Description {
    /// An engine that runs the given types, any config accepted.
    pub fn new(
        name: impl Into<String>,
        version: impl Into<String>,
        kinds: impl IntoIterator<Item = TaskKind>,
    ) -> Self {
        let any = TypeDescription {
            config_schema: serde_json::json!({"type": "object"}),
            matching_keys: Vec::new(),
        };
        Self {
            name: name.into(),
            version: version.into(),
            types: kinds.into_iter().map(|kind| (kind, any.clone())).collect(),
            capabilities: Capabilities::default(),
        }
    }
}

/// One thing that is wrong with a task's config.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A JSON Pointer (RFC 6901) to the offending key of the config; empty for the whole.
    pub pointer: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl Problem {
    /// A problem at a place.
    pub fn at(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            message: message.into(),
        }
    }
}
