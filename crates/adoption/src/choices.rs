//! What the operator decides about an adoption.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::zone::Zone;

/// What becomes of partners, none of which signs its calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unsigned {
    /// They go on as with the original: their unsigned calls are answered.
    Accept,
    /// Each is suspended until an administrator resumes it.
    Suspend,
}

/// What the operator decides about an adoption.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// The zone of the times in the database.
    pub zone: Zone,
    /// Addresses of partners by the ids of projects, where the project's own is not the one.
    pub assigned: BTreeMap<String, String>,
    /// Names of partners by their addresses.
    pub partner_names: BTreeMap<String, String>,
    /// What becomes of calls that are not signed.
    pub unsigned: Unsigned,
    /// Names of clusters by the paths of kubeconfig files (`k8s_config`) in the configs of tasks.
    pub clusters: BTreeMap<String, String>,
    /// The engine of tasks whose config is one of the original's.
    pub cluster_engine: String,
    /// The engine of all other tasks.
    pub default_engine: String,
    /// The bucket of the objects that resources name.
    pub bucket: String,
}
