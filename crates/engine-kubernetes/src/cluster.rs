//! A cluster, and what it can answer.

use std::fmt::Debug;
use std::future::Future;
use std::time::Duration;

use k8s_openapi::api::core::v1::{ConfigMap, Service};
use kube::api::{DeleteParams, ListParams, Patch, PatchParams, PostParams, Preconditions};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::core::NamespaceResourceScope;
use kube::runtime::watcher;
use kube::{Api, Client, Config, Resource};
use serde::Serialize;
use serde::de::DeserializeOwned;
use task_interface::{EngineError, Text};

use crate::settings::ClusterConfig;
use crate::words::both;

/// Who the fields belong to that the engine applies.
const FIELD_MANAGER: &str = "efls-console";
/// How long one answer may take. A watch is no answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);
/// A watch on which nothing comes for so long is opened again; the server ends one after less.
const SILENT_AT_MOST: Duration = Duration::from_secs(330);

/// A cluster, with access to it.
#[derive(Clone)]
pub(crate) struct Cluster {
    pub(crate) name: String,
    pub(crate) config: ClusterConfig,
    client: Client,
}

/// Why a cluster does not do what was asked of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The access that the settings name cannot be used.
    Access(String),
    /// It does not answer, or cannot now. Worth another try.
    Away(String),
    /// It does not know who we are.
    Unauthorized(String),
    /// It does not allow it: a missing right, a quota or an admission rule.
    Forbidden(String),
    /// What was asked for is not there; for a new object, its namespace.
    Missing(String),
    /// A Service that the image needs is not there.
    NoService(String),
    /// It does not take the object as it is.
    Rejected(String),
    /// It fails over what was asked, with status 500.
    Failed(String),
}

impl Trouble {
    /// What an error of the client means, by the status of the answer.
    pub(crate) fn of(what: &str, error: &kube::Error) -> Self {
        let kube::Error::Api(status) = error else {
            return Self::Away(format!("{what}: {}", chain(error)));
        };
        let told = format!("{what}: {}", status.message);
        match status.code {
            401 => Self::Unauthorized(told),
            403 => Self::Forbidden(told),
            404 | 410 => Self::Missing(told),
            400 | 405 | 406 | 409 | 415 | 422 => Self::Rejected(told),
            500 => Self::Failed(told),
            _ => Self::Away(told),
        }
    }

    /// A server that fails over an object, such as one with a quantity that is none, fails over it again.
    fn over_an_object(self) -> Self {
        match self {
            Self::Failed(told) => Self::Rejected(told),
            other => other,
        }
    }

    /// What an error of a watch means.
    pub(crate) fn of_watch(what: &str, error: watcher::Error) -> Self {
        match error {
            watcher::Error::InitialListFailed(error)
            | watcher::Error::WatchStartFailed(error)
            | watcher::Error::WatchFailed(error) => Self::of(what, &error),
            watcher::Error::WatchError(status) => Self::of(what, &kube::Error::Api(status)),
            watcher::Error::NoResourceVersion => Self::Away(format!("{what}: a list without a version")),
        }
    }

    /// What the operator of the cluster may find helpful.
    pub(crate) fn told(&self) -> &str {
        match self {
            Self::Access(told)
            | Self::Away(told)
            | Self::Unauthorized(told)
            | Self::Forbidden(told)
            | Self::Missing(told)
            | Self::NoService(told)
            | Self::Rejected(told)
            | Self::Failed(told) => told,
        }
    }

    /// The word for it, and the sentence that both sides may read.
    pub(crate) fn told_to_both(&self) -> (&'static str, Text) {
        match self {
            Self::Access(_) => (
                "cluster_access",
                both(
                    "this side's access to its cluster cannot be used",
                    "本方访问集群的凭据无法使用",
                ),
            ),
            Self::Away(_) | Self::Failed(_) => (
                "cluster_unreachable",
                both("this side's cluster does not answer", "本方集群没有响应"),
            ),
            Self::Unauthorized(_) => (
                "cluster_unauthorized",
                both(
                    "this side's cluster does not accept the console's credentials",
                    "本方集群不接受控制台的凭据",
                ),
            ),
            Self::Forbidden(_) => (
                "cluster_forbidden",
                both(
                    "this side's cluster does not allow what the run needs",
                    "本方集群不允许运行所需的操作",
                ),
            ),
            Self::Missing(_) => (
                "namespace_missing",
                both(
                    "the namespace of this side's runs is not there",
                    "本方运行所用的命名空间不存在",
                ),
            ),
            Self::NoService(_) => (
                "service_missing",
                both(
                    "a Service that the image needs is not there on this side's cluster",
                    "本方集群上缺少镜像所需的 Service",
                ),
            ),
            Self::Rejected(_) => (
                "object_rejected",
                both(
                    "this side's cluster refuses an object of the run",
                    "本方集群拒绝了运行所需的对象",
                ),
            ),
        }
    }

    /// Whether it may be gone at the next try.
    pub(crate) fn may_pass(&self) -> bool {
        matches!(self, Self::Away(_) | Self::Failed(_))
    }

    /// The error that ends a run: what the cluster said is for this side alone.
    pub(crate) fn into_error(self, cluster: &str) -> EngineError {
        let (code, text) = self.told_to_both();
        let told = self.told();
        let (en, zh) = (&text.en, text.zh.clone().unwrap_or_default());
        let story = both(
            format!("The cluster {cluster}: {en}. It says: {told}"),
            format!("集群 {cluster}：{zh}。原文：{told}"),
        );
        let error = match self.may_pass() {
            true => EngineError::retryable(text),
            false => EngineError::fatal(text),
        };
        error
            .with_code(code)
            .with_private(story)
            .with_param("cluster", cluster)
            .with_detail(told)
    }
}

/// An error with all its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !told.contains(&text) {
            told = format!("{told}: {text}");
        }
        cause = error.source();
    }
    told
}

impl Cluster {
    /// Reads the access; nothing is asked of the cluster.
    pub(crate) async fn open(name: &str, config: &ClusterConfig) -> Result<Self, Trouble> {
        let access = |error: &dyn std::error::Error| Trouble::Access(error.to_string());
        let mut of_client = if config.kubeconfig.as_os_str().is_empty() {
            Config::incluster().map_err(|error| access(&error))?
        } else {
            let path = config.kubeconfig.clone();
            let read = tokio::task::spawn_blocking(move || Kubeconfig::read_from(path)).await;
            let kubeconfig = read
                .map_err(|error| access(&error))?
                .map_err(|error| access(&error))?;
            let options = KubeConfigOptions {
                context: Some(config.context.clone()).filter(|context| !context.is_empty()),
                ..KubeConfigOptions::default()
            };
            let read = Config::from_custom_kubeconfig(kubeconfig, &options).await;
            read.map_err(|error| access(&error))?
        };
        of_client.read_timeout = Some(SILENT_AT_MOST);
        // The engine tries again itself, and says so.
        of_client.default_retry = false;
        of_client.default_namespace.clone_from(&config.namespace);
        let client = Client::try_from(of_client).map_err(|error| access(&error))?;
        Ok(Self {
            name: name.to_owned(),
            config: config.clone(),
            client,
        })
    }

    /// The client, for what has no namespace.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The objects of a kind in the cluster's namespace.
    pub(crate) fn api<K: Resource<DynamicType = (), Scope = NamespaceResourceScope>>(&self) -> Api<K> {
        Api::namespaced(self.client.clone(), &self.config.namespace)
    }

    /// Makes an object, or makes it so again.
    pub(crate) async fn apply<K>(&self, object: &K) -> Result<K, Trouble>
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope>
            + Clone
            + Debug
            + Serialize
            + DeserializeOwned,
    {
        let name = object.meta().name.as_deref().unwrap_or_default();
        let what = format!("{} {name}", K::kind(&()));
        let params = PatchParams::apply(FIELD_MANAGER).force().validation_strict();
        let api = self.api::<K>();
        let applied = answer(&what, api.patch(name, &params, &Patch::Apply(object))).await;
        applied.map_err(Trouble::over_an_object)
    }

    /// Makes an object that is not there yet. False when one of that name is there.
    pub(crate) async fn create<K>(&self, object: &K) -> Result<bool, Trouble>
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope>
            + Clone
            + Debug
            + Serialize
            + DeserializeOwned,
    {
        let name = object.meta().name.as_deref().unwrap_or_default();
        let what = format!("{} {name}", K::kind(&()));
        let params = PostParams {
            field_manager: Some(FIELD_MANAGER.to_owned()),
            ..PostParams::default()
        };
        let api = self.api::<K>();
        let created = answer(&what, async {
            match api.create(&params, object).await {
                Ok(_) => Ok(true),
                Err(kube::Error::Api(status)) if status.code == 409 => Ok(false),
                Err(error) => Err(error),
            }
        });
        created.await.map_err(Trouble::over_an_object)
    }

    /// An object, if it is there.
    pub(crate) async fn get<K>(&self, name: &str) -> Result<Option<K>, Trouble>
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope> + Clone + Debug + DeserializeOwned,
    {
        let what = format!("{} {name}", K::kind(&()));
        answer(&what, self.api::<K>().get_opt(name)).await
    }

    /// The ConfigMaps with some labels: what attempts own.
    pub(crate) async fn owners(&self, labels: &str) -> Result<Vec<ConfigMap>, Trouble> {
        let params = ListParams::default().labels(labels);
        let api = self.api::<ConfigMap>();
        Ok(answer("ConfigMaps", api.list(&params)).await?.items)
    }

    /// Removes what owns an attempt's objects, and so all of them. The cluster does it in its own time.
    pub(crate) async fn remove_owner(&self, name: &str, uid: Option<&str>) -> Result<(), Trouble> {
        let mut params = DeleteParams::foreground();
        if let Some(uid) = uid {
            params = params.preconditions(Preconditions {
                uid: Some(uid.to_owned()),
                resource_version: None,
            });
        }
        let api = self.api::<ConfigMap>();
        match answer(&format!("ConfigMap {name}"), api.delete(name, &params)).await {
            Ok(_) | Err(Trouble::Missing(_)) => Ok(()),
            Err(trouble) => Err(trouble),
        }
    }

    /// Removes those of some Services that an image has made itself.
    pub(crate) async fn remove_services(&self, names: &[String], labels: &str) -> Result<(), Trouble> {
        let params = ListParams::default().labels(labels);
        let api = self.api::<Service>();
        let found = answer("Services", api.list(&params)).await?;
        for name in found
            .items
            .into_iter()
            .filter_map(|service| service.metadata.name)
        {
            if !names.contains(&name) {
                continue;
            }
            match answer(
                &format!("Service {name}"),
                api.delete(&name, &DeleteParams::default()),
            )
            .await
            {
                Ok(_) | Err(Trouble::Missing(_)) => {}
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(())
    }
}

/// Waits for an answer, and says what is the matter where there is none.
pub(crate) async fn answer<T>(
    what: &str,
    asked: impl Future<Output = Result<T, kube::Error>>,
) -> Result<T, Trouble> {
    match tokio::time::timeout(ANSWER_WITHIN, asked).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(Trouble::of(what, &error)),
        Err(_) => {
            let seconds = ANSWER_WITHIN.as_secs();
            Err(Trouble::Away(format!("{what}: no answer in {seconds} s")))
        }
    }
}
