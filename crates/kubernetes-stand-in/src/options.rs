//! What a cluster is made of, and what can be wrong with it.

use std::time::Duration;

use serde_json::Value;

/// What a cluster is made of.
#[derive(Debug, Clone)]
pub struct Options {
    /// The namespaces that there are at the start.
    pub namespaces: Vec<String>,
    /// Whether JobSet is installed.
    pub jobset: bool,
    /// Whether Kueue is installed. A JobSet with a queue's name then waits for [`crate::StandIn::admit`].
    pub kueue: bool,
    /// Whether the Gateway API is installed.
    pub gateway: bool,
    /// The minor version that the server says it has.
    pub minor_version: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            namespaces: vec!["default".into()],
            jobset: false,
            kueue: false,
            gateway: false,
            minor_version: "36".into(),
        }
    }
}

/// What is wrong with the server itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// Connections end without an answer.
    Unreachable,
    /// Every answer has this status.
    Errors(u16),
    /// Every answer comes this late.
    Slow(Duration),
}

/// A request that was answered.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method, in upper case.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The body, null without one.
    pub body: Value,
    /// The status of the answer.
    pub status: u16,
}
