//! The engines of this console, by name.
//!
//! Every call into an engine runs in a task of its own: a panic is an error of that call and not the end of whoever made
//! it, and a call that has to be short is given up when it is not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use task_interface::{
    Attempts, Description, Engine, EngineError, FileBeginning, Preview, PreviewOf, Problem, TaskContext,
    TaskInfo, Text,
};
pub use task_interface::{Finding, Health};
use tokio_util::task::AbortOnDropHandle;

use crate::rights::{self, Action};
use crate::{App, AppError, Operator};

/// The object-safe form of [`Engine`]; authors write plain `async fn`s and never see it.
#[async_trait]
pub trait DynEngine: Send + Sync + 'static {
    /// See [`Engine::describe`].
    fn describe(&self) -> Description;
    /// See [`Engine::validate`].
    async fn validate(&self, task: &TaskInfo) -> Vec<Problem>;
    /// See [`Engine::validate_files`].
    async fn validate_files(&self, task: &TaskInfo, files: &[FileBeginning]) -> Vec<Problem>;
    /// See [`Engine::preview`]; nothing also when the engine broke off or took too long.
    async fn preview(&self, of: &PreviewOf) -> Option<Result<Preview, Text>>;
    /// See [`Engine::check`]; that it broke off or took too long is a finding.
    async fn check(&self) -> Vec<Finding>;
    /// See [`Engine::task_run`].
    async fn task_run(&self, context: TaskContext) -> Result<(), EngineError>;
    /// See [`Engine::task_start`].
    async fn task_start(&self, context: TaskContext) -> Result<(), EngineError>;
    /// See [`Engine::task_stop`].
    async fn task_stop(&self, context: TaskContext) -> Result<(), EngineError>;
    /// See [`Engine::task_attach`].
    async fn task_attach(&self, context: TaskContext, handle: Value) -> Result<(), EngineError>;
    /// See [`Engine::tidy`].
    async fn tidy(&self, attempts: Attempts) -> Result<(), EngineError>;
}

/// A look at a config is given up after this long.
const VALIDATE_WITHIN: Duration = Duration::from_secs(5);

/// A look at where an engine works is given up after this long.
const CHECK_WITHIN: Duration = Duration::from_secs(20);

/// An engine whose calls run in tasks of their own.
struct Fenced<E>(Arc<E>);

/// Runs a call in a task of its own, which ends with whoever waits for it.
async fn fenced<T: Send + 'static>(
    call: impl Future<Output = T> + Send + 'static,
) -> Result<T, tokio::task::JoinError> {
    AbortOnDropHandle::new(tokio::spawn(call)).await
}

/// What a look at a config found, or that it could not be looked at.
async fn looked_at(look: impl Future<Output = Vec<Problem>> + Send + 'static) -> Vec<Problem> {
    match tokio::time::timeout(VALIDATE_WITHIN, fenced(look)).await {
        Ok(Ok(problems)) => problems,
        Ok(Err(error)) => {
            tracing::error!(%error, "an engine broke off while it looked at a config");
            let what = Text::new(
                "The engine broke off while it looked at the settings. The console's log has the place.",
            )
            .with_zh("引擎在检查设置时中断，控制台的日志中有具体位置。");
            vec![Problem::at("", what).with_code("engine_broke_off")]
        }
        Err(_) => {
            let seconds = VALIDATE_WITHIN.as_secs();
            let what = Text::new(format!(
                "The engine did not say within {seconds} s what it thinks of the settings."
            ));
            let what = what.with_zh(format!("引擎在 {seconds} 秒内没有完成对设置的检查。"));
            vec![Problem::at("", what).with_code("engine_too_slow")]
        }
    }
}

/// How a job ended.
async fn done(
    job: impl Future<Output = Result<(), EngineError>> + Send + 'static,
) -> Result<(), EngineError> {
    fenced(job).await.unwrap_or_else(|error| {
        tracing::error!(%error, "an engine broke off");
        let text = Text::new("The engine broke off. The console's log has the place.")
            .with_zh("引擎中断，控制台的日志中有具体位置。");
        Err(EngineError::fatal(text).with_code("engine_broke_off"))
    })
}

#[async_trait]
impl<E: Engine> DynEngine for Fenced<E> {
    fn describe(&self) -> Description {
        self.0.describe()
    }

    async fn validate(&self, task: &TaskInfo) -> Vec<Problem> {
        let (engine, task) = (Arc::clone(&self.0), task.clone());
        looked_at(async move { engine.validate(&task).await }).await
    }

    async fn validate_files(&self, task: &TaskInfo, files: &[FileBeginning]) -> Vec<Problem> {
        let (engine, task, files) = (Arc::clone(&self.0), task.clone(), files.to_vec());
        looked_at(async move { engine.validate_files(&task, &files).await }).await
    }

    async fn preview(&self, of: &PreviewOf) -> Option<Result<Preview, Text>> {
        let (engine, of) = (Arc::clone(&self.0), of.clone());
        let look = fenced(async move { engine.preview(of).await });
        match tokio::time::timeout(VALIDATE_WITHIN, look).await {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => {
                tracing::error!(%error, "an engine broke off while it looked at a file");
                None
            }
            Err(_) => None,
        }
    }

    async fn check(&self) -> Vec<Finding> {
        let engine = Arc::clone(&self.0);
        let look = fenced(async move { engine.check().await });
        let text = match tokio::time::timeout(CHECK_WITHIN, look).await {
            Ok(Ok(found)) => return found,
            Ok(Err(error)) => {
                tracing::error!(%error, "an engine broke off while it looked where it works");
                Text::new("The engine broke off. The console's log has the place.")
                    .with_zh("引擎中断，控制台的日志中有具体位置。")
            }
            Err(_) => {
                let seconds = CHECK_WITHIN.as_secs();
                Text::new(format!("The engine found nothing out within {seconds} s."))
                    .with_zh(format!("引擎在 {seconds} 秒内没有得出结果。"))
            }
        };
        vec![Finding::new(self.0.describe().name, Health::Bad, text)]
    }

    async fn task_run(&self, context: TaskContext) -> Result<(), EngineError> {
        let engine = Arc::clone(&self.0);
        done(async move { engine.task_run(context).await }).await
    }

    async fn task_start(&self, context: TaskContext) -> Result<(), EngineError> {
        let engine = Arc::clone(&self.0);
        done(async move { engine.task_start(context).await }).await
    }

    async fn task_stop(&self, context: TaskContext) -> Result<(), EngineError> {
        let engine = Arc::clone(&self.0);
        done(async move { engine.task_stop(context).await }).await
    }

    async fn task_attach(&self, context: TaskContext, handle: Value) -> Result<(), EngineError> {
        let engine = Arc::clone(&self.0);
        done(async move { engine.task_attach(context, handle).await }).await
    }

    async fn tidy(&self, attempts: Attempts) -> Result<(), EngineError> {
        let engine = Arc::clone(&self.0);
        done(async move { engine.tidy(attempts).await }).await
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
                engine: Arc::new(Fenced(Arc::new(engine))),
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

    /// Whether any engine says that lists show a figure of results of this name.
    pub(crate) fn any_main_figure_in(&self, result: &str) -> bool {
        let described = self.iter().flat_map(|known| known.description.types.values());
        described
            .filter_map(|described| described.main_figure.as_ref())
            .any(|main| main.result == result)
    }

    /// All, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Registered> {
        self.by_name.values()
    }
}

/// Asks an engine what it finds where it works.
///
/// # Errors
/// `forbidden`, `not_found`.
pub async fn check(app: &App, operator: &Operator, name: &str) -> Result<Vec<Finding>, AppError> {
    rights::require(operator, Action::System)?;
    let registered = app
        .engines()
        .get(name)
        .ok_or_else(|| AppError::not_found("engine"))?;
    Ok(registered.engine.check().await)
}

/// Says in the log what the engines find wrong where they work. Nothing waits for it: an engine whose cluster is away keeps no
/// console from starting.
pub async fn check_all(engines: &Engines) {
    for registered in engines.iter() {
        let engine = &registered.description.name;
        for finding in registered.engine.check().await {
            let (subject, text) = (&finding.subject, &finding.text);
            match finding.health {
                Health::Good => tracing::info!(engine, subject, "{text}"),
                Health::Doubtful | Health::Bad => tracing::warn!(engine, subject, "{text}"),
            }
        }
    }
}
