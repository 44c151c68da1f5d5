//! What the administrator allows: the clusters, and what jobs may use of them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::names;

/// The clusters that tasks may name. A task says `cluster`, and nothing that the cluster's entry does not allow.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KubernetesConfig {
    /// By the name that tasks use.
    pub clusters: BTreeMap<String, ClusterConfig>,
    /// The cluster of tasks that name none. Empty: the first by name.
    pub default_cluster: String,
}

/// One cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClusterConfig {
    /// The kubeconfig file. Empty: the service account of the pod in which the console runs.
    pub kubeconfig: PathBuf,
    /// The context of the kubeconfig. Empty: its current one.
    pub context: String,
    /// The namespace of everything that the engine makes.
    pub namespace: String,
    /// The service account of the pods. Empty: the namespace's default.
    pub service_account: String,
    /// What images may be: `registry/path/` or `image:` as the beginning, `registry/image` with any tag or digest, or all of
    /// one as `registry/image@sha256:…`. None: no image.
    pub images: Vec<String>,
    /// The secrets that pull images. A task may name one of them; one that names none gets the first.
    pub pull_secrets: Vec<String>,
    /// The volumes that jobs may mount. The EFLS images use the one that is mounted at `/data`.
    pub volumes: Vec<VolumeConfig>,
    /// How the other side's workers reach ours.
    pub ingress: IngressConfig,
    /// The most pods of one job.
    pub max_pods: u32,
    /// The most processor cores of one pod.
    pub max_cores: u32,
    /// The most memory of one pod, in MiB.
    pub max_memory_mib: u32,
    /// Labels that a node must have.
    pub node_selector: BTreeMap<String, String>,
    /// Taints of nodes that pods tolerate.
    pub tolerations: Vec<TolerationConfig>,
    /// Whether pods keep to the level "restricted" of Kubernetes' Pod Security Standards. The EFLS images do not.
    pub restricted: bool,
    /// The user that containers run as. None: the image's.
    pub run_as_user: Option<i64>,
    /// The group that owns mounted volumes. None: nothing is changed.
    pub fs_group: Option<i64>,
    /// How long a job may wait for the cluster, for nodes or for quota, before it fails, in seconds.
    pub start_within_s: u32,
    /// How long it may take until an image is pulled after the first failed try, in seconds.
    pub image_within_s: u32,
    /// How long a job may take in all, in seconds: `activeDeadlineSeconds` of each Job.
    pub run_within_s: u32,
    /// How long the cluster keeps an ended Job that nobody removed, in seconds.
    pub keep_ended_s: u32,
    /// The most lines of log that one attempt's pods may have, in equal parts.
    pub max_log_lines: u64,
    /// Where the Flink session cluster that joins use answers, to cancel a job of a run that was stopped. `{cluster}` stands
    /// for the task's `flink_claster`, `{namespace}` for the namespace. Empty: nothing is cancelled.
    pub flink_rest: String,
}

impl Default for ClusterConfig {
    fn default() -> Self {
        Self {
            kubeconfig: PathBuf::new(),
            context: String::new(),
            namespace: "default".to_owned(),
            service_account: String::new(),
            images: Vec::new(),
            pull_secrets: Vec::new(),
            volumes: Vec::new(),
            ingress: IngressConfig::default(),
            max_pods: 64,
            max_cores: 64,
            max_memory_mib: 262_144,
            node_selector: BTreeMap::new(),
            tolerations: Vec::new(),
            restricted: false,
            run_as_user: None,
            fs_group: None,
            start_within_s: 3600,
            image_within_s: 60,
            run_within_s: 604_800,
            keep_ended_s: 3600,
            max_log_lines: 200_000,
            flink_rest: "http://{cluster}-rest.{namespace}:8081".to_owned(),
        }
    }
}

/// A volume claim that jobs may mount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VolumeConfig {
    /// The name of the volume in pods, by which tasks name it.
    pub name: String,
    /// The PersistentVolumeClaim in the cluster's namespace.
    pub claim: String,
    /// Where it is mounted.
    pub mount_path: String,
    /// Whether jobs may only read it.
    #[serde(default)]
    pub read_only: bool,
}

/// The way in for the other side's workers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IngressConfig {
    /// The ingress class.
    pub class: String,
    /// The domain below which workers have their host names. Empty: nothing can be reached from outside.
    pub domain: String,
    /// The secrets with certificates for it that tasks may name besides `efl-trainer`.
    pub tls_secrets: Vec<String>,
    /// Annotations of the Ingress, beside those of the engine.
    pub annotations: BTreeMap<String, String>,
}

impl Default for IngressConfig {
    fn default() -> Self {
        Self {
            class: "nginx".to_owned(),
            domain: String::new(),
            tls_secrets: Vec::new(),
            annotations: BTreeMap::new(),
        }
    }
}

/// A taint that pods tolerate; the fields are those of Kubernetes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TolerationConfig {
    /// The taint's key. Empty: every one.
    pub key: String,
    /// The taint's value. Empty: any.
    pub value: String,
    /// The taint's effect. Empty: all.
    pub effect: String,
}

/// Which setting is wrong, and how.
pub type Found = Vec<(String, String)>;

impl KubernetesConfig {
    /// The cluster of a task that names one, or none.
    pub(crate) fn cluster(&self, named: Option<&str>) -> Option<(&str, &ClusterConfig)> {
        let name = named.unwrap_or(&self.default_cluster);
        let found = match name.is_empty() {
            true => self.clusters.iter().next(),
            false => self.clusters.get_key_value(name),
        };
        found.map(|(name, cluster)| (name.as_str(), cluster))
    }

    /// What is wrong with the settings, each with its path below the section.
    #[must_use]
    pub fn problems(&self) -> Found {
        let mut found = Found::new();
        if self.clusters.is_empty() {
            found.push(("clusters".into(), "must have at least one cluster".into()));
        }
        if !self.default_cluster.is_empty() && !self.clusters.contains_key(&self.default_cluster) {
            found.push(("default_cluster".into(), "names no cluster".into()));
        }
        for (name, cluster) in &self.clusters {
            if !names::is_label(name) {
                let text = "a cluster's name has 1 to 63 of a-z, 0-9 and -".to_owned();
                found.push((format!("clusters.{name}"), text));
            }
            let of_cluster = cluster.problems().into_iter();
            found.extend(of_cluster.map(|(setting, text)| (format!("clusters.{name}.{setting}"), text)));
        }
        found
    }
}

impl ClusterConfig {
    fn problems(&self) -> Found {
        let mut found = Found::new();
        let mut say = |bad: bool, setting: &str, text: &str| {
            if bad {
                found.push((setting.to_owned(), text.to_owned()));
            }
        };
        say(
            !self.kubeconfig.as_os_str().is_empty() && !self.kubeconfig.is_file(),
            "kubeconfig",
            "is not there, or cannot be read",
        );
        let dns = "must have 1 to 63 of a-z, 0-9 and -";
        say(!names::is_label(&self.namespace), "namespace", dns);
        say(
            self.images.iter().any(String::is_empty),
            "images",
            "an empty entry would allow every image",
        );
        let bad_secret = self.pull_secrets.iter().any(|name| !names::is_subdomain(name));
        say(
            bad_secret,
            "pull_secrets",
            "a name is not one that a secret can have",
        );
        for volume in &self.volumes {
            say(
                !names::is_label(&volume.name) || !names::is_subdomain(&volume.claim),
                "volumes",
                "a volume's name or claim is not one that it can have",
            );
            let absolute = volume.mount_path.starts_with('/') && volume.mount_path.len() > 1;
            say(!absolute, "volumes", "a mount path begins with / and is not /");
        }
        say(
            !self.ingress.domain.is_empty() && !names::is_subdomain(&self.ingress.domain),
            "ingress.domain",
            "is not a domain name",
        );
        for (setting, number) in [
            ("max_pods", self.max_pods),
            ("max_cores", self.max_cores),
            ("max_memory_mib", self.max_memory_mib),
            ("start_within_s", self.start_within_s),
            ("run_within_s", self.run_within_s),
        ] {
            say(number == 0, setting, "must be 1 or more");
        }
        // The API server takes 32 bits with a sign.
        let times = [self.run_within_s, self.keep_ended_s];
        say(
            times.iter().any(|seconds| i32::try_from(*seconds).is_err()),
            "run_within_s",
            "run_within_s and keep_ended_s are at most 2147483647",
        );
        found
    }

    /// Whether jobs may use an image.
    pub(crate) fn allows_image(&self, image: &str) -> bool {
        self.images.iter().any(|allowed| {
            let rest = image.strip_prefix(allowed.as_str());
            rest.is_some_and(|rest| {
                rest.is_empty() || allowed.ends_with(['/', ':']) || rest.starts_with([':', '@'])
            })
        })
    }

    /// The volume that is mounted at a path.
    pub(crate) fn volume_at(&self, path: &str) -> Option<&VolumeConfig> {
        self.volumes.iter().find(|volume| volume.mount_path == path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_allowed_at_whole_words() {
        let cluster = ClusterConfig {
            images: ["registry.example/efls/", "docker.example/x", "y@sha256:00"]
                .map(String::from)
                .to_vec(),
            ..ClusterConfig::default()
        };
        for allowed in [
            "registry.example/efls/train:1",
            "docker.example/x:2",
            "docker.example/x@sha256:12",
            "docker.example/x",
            "y@sha256:00",
        ] {
            assert!(cluster.allows_image(allowed), "{allowed}");
        }
        for refused in [
            "registry.example/eflsx/train:1",
            "docker.example/xy:2",
            "y@sha256:001",
            "other",
            "",
        ] {
            assert!(!cluster.allows_image(refused), "{refused}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_path() {
        let cluster = ClusterConfig {
            namespace: "Not One".into(),
            max_pods: 0,
            kubeconfig: "no-such-file".into(),
            ..ClusterConfig::default()
        };
        let config = KubernetesConfig {
            clusters: BTreeMap::from([("main".to_owned(), cluster)]),
            default_cluster: "other".into(),
        };
        let settings: Vec<_> = config
            .problems()
            .into_iter()
            .map(|(setting, _)| setting)
            .collect();
        let expected = [
            "default_cluster",
            "clusters.main.kubeconfig",
            "clusters.main.namespace",
            "clusters.main.max_pods",
        ];
        assert_eq!(settings, expected);
        assert_eq!(KubernetesConfig::default().problems().len(), 1);
    }
}
