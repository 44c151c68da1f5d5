//! Messages about projects.

use console_model::ProjectId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A new project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CreateProject {
    /// Our id of it.
    pub project_id: ProjectId,
    /// Our config.
    pub config: Option<Map<String, Value>>,
}

/// Our config changed, or we closed the project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UpdateProject {
    /// Our id of it.
    pub project_id: ProjectId,
    /// Our config.
    pub config: Option<Map<String, Value>>,
    /// Whether the project is closed.
    pub archived: bool,
}
