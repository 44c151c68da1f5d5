//! An engine with settings: it says hello to the other side, in the words that the administrator chose.

use serde::{Deserialize, Serialize};
use task_interface::{
    Bytes, Capabilities, Description, Engine, EngineError, Problem, Table, TaskContext, TaskInfo, TaskKind,
};

/// `[engines.greeter]`
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What the other side is told.
    pub greeting: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            greeting: "hello".to_owned(),
        }
    }
}

/// The engine named `greeter`.
pub struct Greeter {
    settings: Settings,
}

impl Greeter {
    /// Makes the engine of a console.
    ///
    /// # Errors
    /// When there is no greeting.
    pub fn from_settings(settings: Settings) -> Result<Self, EngineError> {
        match settings.greeting.trim() {
            "" => Err(EngineError::fatal("greeting must not be empty")),
            _ => Ok(Self { settings }),
        }
    }
}

impl Engine for Greeter {
    fn describe(&self) -> Description {
        Description::new("greeter", "1.0.0", [TaskKind::Sample])
            .with_capabilities(Capabilities::default().with_peer_channel())
    }

    async fn validate(&self, task: &TaskInfo) -> Vec<Problem> {
        match task.config.as_object() {
            Some(config) if config.is_empty() => Vec::new(),
            _ => vec![Problem::at("", "this engine has no settings in its tasks")],
        }
    }

    async fn task_run(&self, context: TaskContext) -> Result<(), EngineError> {
        context.reporter.running().await?;
        let ours = &self.settings.greeting;
        context.peer.send(Bytes::from(ours.clone())).await?;
        let theirs = context.peer.receive().await?;
        let theirs = String::from_utf8_lossy(&theirs).into_owned();
        let table = Table {
            columns: vec!["ours".to_owned(), "theirs".to_owned()],
            rows: vec![vec![ours.as_str().into(), theirs.into()]],
        };
        context.reporter.result("greetings", table).await?;
        context.peer.flush().await
    }
}
