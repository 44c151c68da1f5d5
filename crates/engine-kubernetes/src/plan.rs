//! What a run needs of a cluster, before it is written as objects.

use std::collections::BTreeMap;

/// All that one attempt of one side makes.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Plan {
    /// The pods' groups; each becomes one Job.
    pub(crate) members: Vec<Member>,
    /// How members are reached.
    pub(crate) services: Vec<ServicePlan>,
    /// How the other side reaches them.
    pub(crate) ingress: Option<IngressPlan>,
    /// Services that must be there before anything is made.
    pub(crate) needs_services: Vec<String>,
    /// What goes on outside the Jobs, and has to be ended with them.
    pub(crate) flink: Option<FlinkPlan>,
}

impl Plan {
    /// How many pods it has.
    pub(crate) fn pods(&self) -> u64 {
        self.members
            .iter()
            .map(|member| u64::from(member.pods.count()))
            .sum()
    }
}

/// One Job.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Member {
    /// The name of the Job, and the label `app` of its pods.
    pub(crate) name: String,
    /// What its pods do, such as `worker`.
    pub(crate) role: String,
    /// Its number in the role. None: the Job's pods are numbered themselves, or are all the same.
    pub(crate) index: Option<u32>,
    /// The name of the container.
    pub(crate) container: String,
    pub(crate) image: String,
    pub(crate) pull_secret: Option<String>,
    pub(crate) always_pull: bool,
    pub(crate) command: Vec<String>,
    pub(crate) args: Vec<String>,
    pub(crate) env: Vec<(String, String)>,
    /// Requests and limits; none where the config says nothing.
    pub(crate) resources: Option<Resources>,
    pub(crate) port: Option<u16>,
    /// The names of the cluster's volumes.
    pub(crate) volumes: Vec<String>,
    pub(crate) pods: Pods,
    /// How often a failed pod is replaced within an attempt.
    pub(crate) retries: u32,
    /// Whether the run has succeeded when this and all others that count have. What does not count is removed then.
    pub(crate) counts: bool,
    /// Whether the pods may use the API of the cluster.
    pub(crate) uses_api: bool,
    /// Files that the image writes in place of its own output.
    pub(crate) log_files: Vec<String>,
    /// The headless Service by which pods of this Job find each other.
    pub(crate) subdomain: Option<String>,
}

/// How many pods a Job has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Pods {
    #[default]
    One,
    /// So many that share their work; the first success is the end.
    WorkQueue(u32),
    /// So many, each with a number.
    Indexed(u32),
}

impl Pods {
    pub(crate) fn count(self) -> u32 {
        match self {
            Self::One => 1,
            Self::WorkQueue(count) | Self::Indexed(count) => count,
        }
    }
}

/// Of one pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Resources {
    /// Thousandths of a core.
    pub(crate) milli_cores: u32,
    pub(crate) memory_mib: u32,
}

/// A Service of type ClusterIP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServicePlan {
    pub(crate) name: String,
    pub(crate) selector: BTreeMap<String, String>,
    /// Its port, and the pods' one.
    pub(crate) ports: (u16, u16),
    /// Whether it only gives pods their names.
    pub(crate) headless: bool,
}

/// An Ingress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IngressPlan {
    pub(crate) name: String,
    /// The secret with the certificate of all hosts.
    pub(crate) tls_secret: String,
    /// Each host, and the Service that it leads to, with the Service's port.
    pub(crate) rules: Vec<(String, String, u16)>,
    pub(crate) annotations: BTreeMap<String, String>,
}

/// A job in a Flink session cluster, which goes on when the pod that submitted it is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FlinkPlan {
    pub(crate) cluster: String,
    /// The label `xfl-app` of the Services `<app>-<bucket>` that the image makes, which nothing else removes.
    pub(crate) app: String,
    pub(crate) buckets: u32,
}
