use serde_json::Value;
use task_interface::{
    Attempts, Capabilities, Description, Engine, EngineError, Finding, Problem, TaskContext, TaskInfo,
    TaskKind, TypeDescription,
};

use crate::run::{Handle, Remains, Run, remove_in_background};
use crate::settings::KubernetesConfig;
use crate::tidy::tidy;
use crate::{check, config};

/// The engine named `kubernetes`.
pub struct KubernetesEngine {
    config: KubernetesConfig,
}

impl KubernetesEngine {
    /// The engine's name.
    pub const NAME: &str = "kubernetes";

    /// An engine with some clusters. Nothing is asked of them yet.
    #[must_use]
    pub fn new(config: KubernetesConfig) -> Self {
        Self { config }
    }
}

impl Engine for KubernetesEngine {
    fn describe(&self) -> Description {
        let clusters: Vec<_> = self.config.clusters.keys().map(String::as_str).collect();
        let of = |kind| TypeDescription::new(config::schema::of(kind, &clusters));
        Description::new(Self::NAME, env!("CARGO_PKG_VERSION"), [])
            .with_type(TaskKind::Sample, of(TaskKind::Sample))
            .with_type(TaskKind::Train, of(TaskKind::Train))
            .with_capabilities(Capabilities::default().with_attach().with_own_transport())
    }

    async fn validate(&self, task: &TaskInfo) -> Vec<Problem> {
        config::validate(&self.config, task)
    }

    async fn check(&self) -> Vec<Finding> {
        let clusters = self.config.clusters.iter();
        let looks = clusters.map(|(name, cluster)| check::check(name, cluster));
        futures_util::future::join_all(looks)
            .await
            .into_iter()
            .flatten()
            .collect()
    }

    async fn task_run(&self, context: TaskContext) -> Result<(), EngineError> {
        Run::open(&self.config, &context, None).await?.work().await
    }

    async fn task_stop(&self, context: TaskContext) -> Result<(), EngineError> {
        // A config that cannot be read any more has made nothing since.
        let Ok(run) = Run::open(&self.config, &context, None).await else {
            return Ok(());
        };
        let remains: Remains = run.remains();
        remove_in_background(remains);
        Ok(())
    }

    async fn task_attach(&self, context: TaskContext, handle: Value) -> Result<(), EngineError> {
        let handle: Handle = serde_json::from_value(handle).map_err(|_| EngineError::LostJob {
            message: "the handle is not one of the Kubernetes engine".to_owned(),
        })?;
        Run::open(&self.config, &context, Some(handle))
            .await?
            .work()
            .await
    }

    async fn tidy(&self, attempts: Attempts) -> Result<(), EngineError> {
        let mut tidied = Ok(());
        for (name, cluster) in &self.config.clusters {
            // A cluster that is away keeps no other one from being tidied.
            if let Err(error) = tidy(name, cluster, &attempts).await {
                tidied = Err(error);
            }
        }
        tidied
    }
}
