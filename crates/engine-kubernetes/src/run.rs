//! One attempt: from its objects to its end.

mod make;
mod remove;
mod watch;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use task_interface::{EngineError, LogLevel, TaskContext, Text, Warning};

use crate::cluster::{Cluster, Trouble};
use crate::config::{self, Planned};
use crate::settings::KubernetesConfig;
use crate::words::both;

pub(crate) use remove::{remove, remove_in_background};

/// From where a run can be taken up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Handle {
    pub(crate) cluster: String,
    pub(crate) namespace: String,
    /// Whether all objects have been made: what is missing then was removed by somebody.
    pub(crate) made: bool,
    /// How far the log of each container has been read.
    #[serde(default)]
    pub(crate) logs: BTreeMap<String, String>,
}

/// An attempt at work.
pub(crate) struct Run<'a> {
    context: &'a TaskContext,
    cluster: Cluster,
    planned: Planned,
    handle: Handle,
}

/// What removing an attempt needs.
#[derive(Clone)]
pub(crate) struct Remains {
    pub(crate) cluster: Cluster,
    /// What all objects belong to.
    pub(crate) owner: String,
}

impl<'a> Run<'a> {
    /// Reads the config and the access; nothing is asked of the cluster.
    pub(crate) async fn open(
        settings: &KubernetesConfig,
        context: &'a TaskContext,
        handle: Option<Handle>,
    ) -> Result<Self, EngineError> {
        let planned = config::plan(settings, &context.task, &context.instance)
            .map_err(|problems| refused(&problems))?;
        let name = &planned.cluster;
        let (_, of_cluster) = settings.cluster(Some(name)).ok_or_else(|| unknown(name))?;
        let cluster = Cluster::open(name, of_cluster)
            .await
            .map_err(|trouble| trouble.into_error(name))?;
        let handle = handle.unwrap_or_else(|| Handle {
            cluster: name.clone(),
            namespace: of_cluster.namespace.clone(),
            ..Handle::default()
        });
        if (&handle.cluster, &handle.namespace) != (name, &of_cluster.namespace) {
            return Err(EngineError::LostJob {
                message: "the run was begun on another cluster or in another namespace".to_owned(),
            });
        }
        Ok(Self {
            context,
            cluster,
            planned,
            handle,
        })
    }

    /// Does the job. When it ends, however it ends, its objects are removed.
    pub(crate) async fn work(mut self) -> Result<(), EngineError> {
        let cancelled = self.context.cancelled.clone();
        let ended = tokio::select! {
            biased;
            () = cancelled.cancelled() => Err(EngineError::Cancelled),
            ended = self.phases() => ended,
        };
        if is_unheard(&ended) {
            // The console takes the run up again when it can store what happens. What is over by then is tidied up.
            return ended;
        }
        let remains = self.remains();
        if ended == Err(EngineError::Cancelled) {
            remove_in_background(remains);
        } else if let Err(trouble) = remove(&remains).await {
            tracing::warn!(
                owner = remains.owner,
                told = trouble.told(),
                "objects of an ended run remain for now"
            );
            remove_in_background(remains);
        }
        ended
    }

    async fn phases(&mut self) -> Result<(), EngineError> {
        self.warn_of_unread().await?;
        if !self.handle.made {
            self.report_handle().await?;
            self.make().await?;
            self.handle.made = true;
            self.report_handle().await?;
        }
        self.watch().await
    }

    /// Says what is held up, or that it goes on: to the operator of this side, in the log and beside the bar.
    async fn say(&self, told: &mut Option<Text>, text: Text, story: Option<Text>) -> Result<(), EngineError> {
        let reporter = &self.context.reporter;
        if told.as_ref() != Some(&text)
            && let Some(story) = story
        {
            reporter.log(LogLevel::Warn, story).await?;
        }
        *told = Some(text.clone());
        reporter.progress(0.0, text).await
    }

    async fn report_handle(&self) -> Result<(), EngineError> {
        let handle = serde_json::to_value(&self.handle).map_err(|error| {
            EngineError::fatal("the run's state cannot be written").with_detail(error.to_string())
        })?;
        self.context.reporter.handle(handle).await
    }

    async fn warn_of_unread(&self) -> Result<(), EngineError> {
        let unread = &self.planned.unread;
        if unread.is_empty() {
            return Ok(());
        }
        let all = unread.join(", ");
        let text = both(
            format!("The engine knows no such settings and did nothing with them: {all}"),
            format!("引擎不认识这些设置，未作处理：{all}"),
        );
        let warning = Warning::new("settings_unknown", text);
        self.context.reporter.warn(warning).await
    }

    pub(crate) fn remains(&self) -> Remains {
        Remains {
            cluster: self.cluster.clone(),
            owner: crate::names::of_attempt(&self.context.instance),
        }
    }

    fn error(&self, trouble: Trouble) -> EngineError {
        trouble.into_error(&self.cluster.name)
    }
}

/// Whether the console could not take in what happened, so that the run has not ended for it.
fn is_unheard(ended: &Result<(), EngineError>) -> bool {
    let failure = ended.as_ref().err().and_then(EngineError::failure);
    failure.is_some_and(|failure| failure.valid_code() == Some("host_unavailable"))
}

/// That the config is refused. The console asks before it runs a task, so this is a setting that changed since.
fn refused(problems: &[task_interface::Problem]) -> EngineError {
    let text = both(
        "the engine refuses the config of this half",
        "引擎不接受任务的设置",
    );
    let told: Vec<_> = problems
        .iter()
        .map(|problem| problem.message.en.clone())
        .collect();
    EngineError::fatal(text)
        .with_code("config_refused")
        .with_detail(told)
}

fn unknown(cluster: &str) -> EngineError {
    let text = both(
        "this side's console does not have the cluster",
        "本方控制台没有该集群",
    );
    EngineError::fatal(text)
        .with_code("cluster_unknown")
        .with_detail(cluster)
}
