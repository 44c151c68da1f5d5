//! The engines of this console, by name.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;
use task_interface::{Description, Engine, EngineError, FileBeginning, Problem, TaskContext, TaskInfo};

/// The object-safe form of [`Engine`]; authors write plain `async fn`s and never see it.
#[async_trait]
pub trait DynEngine: Send + Sync + 'static {
    /// See [`Engine::describe`].
    fn describe(&self) -> Description;
    /// See [`Engine::validate`].
    async fn validate(&self, task: &TaskInfo) -> Vec<Problem>;
    /// See [`Engine::validate_files`].
    async fn validate_files(&self, task: &TaskInfo, files: &[FileBeginning]) -> Vec<Problem>;
    /// See [`Engine::task_run`].
    async fn task_run(&self, context: TaskContext) -> Result<(), EngineError>;
    /// See [`Engine::task_start`].
    async fn task_start(&self, context: TaskContext) -> Result<(), EngineError>;
    /// See [`Engine::task_stop`].
    async fn task_stop(&self, context: TaskContext) -> Result<(), EngineError>;
    /// See [`Engine::task_attach`].
    async fn task_attach(&self, context: TaskContext, handle: Value) -> Result<(), EngineError>;
}

#[async_trait]
impl<E: Engine> DynEngine for E {
    fn describe(&self) -> Description {
        Engine::describe(self)
    }

    async fn validate(&self, task: &TaskInfo) -> Vec<Problem> {
        Engine::validate(self, task).await
    }

    async fn validate_files(&self, task: &TaskInfo, files: &[FileBeginning]) -> Vec<Problem> {
        Engine::validate_files(self, task, files).await
    }

    async fn task_run(&self, context: TaskContext) -> Result<(), EngineError> {
        Engine::task_run(self, context).await
    }

    async fn task_start(&self, context: TaskContext) -> Result<(), EngineError> {
        Engine::task_start(self, context).await
    }

    async fn task_stop(&self, context: TaskContext) -> Result<(), EngineError> {
        Engine::task_stop(self, context).await
    }

    async fn task_attach(&self, context: TaskContext, handle: Value) -> Result<(), EngineError> {
        Engine::task_attach(self, context, handle).await
    }
}

/// One engine and what it says of itself.
#[derive(Clone)]
pub struct Registered {
    /// What it says of itself.
    pub description: Description,
    /// The engine.
    pub engine: Arc<dyn DynEngine>,
}

/// The engines of this console. The binary registers them; no library names one.
#[derive(Clone, Default)]
pub struct Engines {
    by_name: BTreeMap<String, Registered>,
}

impl Engines {
    /// Adds an engine under the name that it gives itself; a later one of that name replaces it.
    #[must_use]
    pub fn with(mut self, engine: impl Engine) -> Self {
        let description = Engine::describe(&engine);
        self.by_name.insert(
            description.name.clone(),
            Registered {
                description,
                engine: Arc::new(engine),
            },
        );
        self
    }

    /// The engine of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Registered> {
        self.by_name.get(name)
    }

    /// Whether an engine talks to its other half over the channel between two consoles, which a partner with the base
    /// protocol does not have.
    #[must_use]
    pub fn needs_channel(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|known| known.description.capabilities.peer_channel)
    }

    /// All, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Registered> {
        self.by_name.values()
    }
}
