//! A plan as objects of Kubernetes: plain Jobs, with their Services and their Ingress.

mod network;

use std::collections::BTreeMap;

use k8s_openapi::api::batch::v1::{Job, JobSpec};
use k8s_openapi::api::core::v1::{
    Capabilities, ConfigMap, Container, ContainerPort, EnvVar, LocalObjectReference,
    PersistentVolumeClaimVolumeSource, PodSecurityContext, PodSpec, PodTemplateSpec, ResourceRequirements,
    SeccompProfile, SecurityContext, Service, Toleration, Volume, VolumeMount,
};
use k8s_openapi::api::networking::v1::Ingress;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use task_interface::{InstanceInfo, Side, TaskInfo};

use crate::names;
use crate::plan::{Member, Plan, Pods};
use crate::settings::{ClusterConfig, VolumeConfig};

/// The label of all that the engine makes, and its value.
pub(crate) const MANAGED_BY: (&str, &str) = ("app.kubernetes.io/managed-by", "efls-console");
/// The label with the run.
pub(crate) const INSTANCE: &str = "efls-console/instance";
/// The label with the number of the attempt.
pub(crate) const ATTEMPT: &str = "efls-console/attempt";
/// The label with what the pods of a Job do.
pub(crate) const ROLE: &str = "efls-console/role";
/// What the object says that owns the others.
pub(crate) mod owner {
    /// The id of the run.
    pub(crate) const INSTANCE: &str = "instance";
    /// The number of the attempt.
    pub(crate) const ATTEMPT: &str = "attempt";
    /// The Flink session cluster in which a job goes on.
    pub(crate) const FLINK_CLUSTER: &str = "flink_cluster";
    /// The job there, once it is known.
    pub(crate) const FLINK_JOB: &str = "flink_job";
    /// The label `xfl-app` of the Services that the image makes, and how many it may have made.
    pub(crate) const FLINK_APP: &str = "flink_app";
    /// See [`FLINK_APP`].
    pub(crate) const FLINK_BUCKETS: &str = "flink_buckets";
}
const TASK: &str = "efls-console/task";
const SIDE: &str = "efls-console/side";
/// The container that follows the files in which an image writes its log.
pub(crate) const LOG_CONTAINER: &str = "log";

/// The objects of a plan, but for the one that owns them.
pub(crate) struct Objects {
    pub(crate) services: Vec<Service>,
    pub(crate) jobs: Vec<Job>,
    pub(crate) ingress: Option<Ingress>,
}

/// Whose objects they are.
pub(crate) struct Renderer<'a> {
    pub(crate) cluster: &'a ClusterConfig,
    pub(crate) instance: &'a InstanceInfo,
    pub(crate) task: &'a TaskInfo,
}

impl Renderer<'_> {
    /// What everything of an attempt belongs to: with it goes all. It says what removing takes, so that nothing else is
    /// needed for it.
    pub(crate) fn owner(&self, plan: &Plan, flink_job: Option<&str>) -> ConfigMap {
        let mut facts = vec![
            (owner::INSTANCE, self.instance.id.clone()),
            (owner::ATTEMPT, self.instance.attempt.to_string()),
            ("task", self.task.id.clone()),
        ];
        if let Some(flink) = &plan.flink {
            facts.push((owner::FLINK_CLUSTER, flink.cluster.clone()));
            facts.push((owner::FLINK_APP, flink.app.clone()));
            facts.push((owner::FLINK_BUCKETS, flink.buckets.to_string()));
            facts.extend(flink_job.map(|job| (owner::FLINK_JOB, job.to_owned())));
        }
        let mut metadata = self.metadata(&names::of_attempt(self.instance), BTreeMap::new());
        metadata.owner_references = None;
        ConfigMap {
            metadata,
            data: Some(
                facts
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value))
                    .collect(),
            ),
            ..ConfigMap::default()
        }
    }

    pub(crate) fn objects(&self, plan: &Plan, owner_uid: &str) -> Objects {
        let owner = OwnerReference {
            api_version: "v1".to_owned(),
            kind: "ConfigMap".to_owned(),
            name: names::of_attempt(self.instance),
            uid: owner_uid.to_owned(),
            block_owner_deletion: Some(true),
            controller: None,
        };
        let owned = |mut metadata: ObjectMeta| {
            metadata.owner_references = Some(vec![owner.clone()]);
            metadata
        };
        let services = plan.services.iter().map(|plan| self.service(plan, &owned));
        let jobs = plan.members.iter().map(|member| self.job(member, &owned));
        Objects {
            services: services.collect(),
            jobs: jobs.collect(),
            ingress: plan.ingress.as_ref().map(|plan| self.ingress(plan, &owned)),
        }
    }

    fn labels(&self) -> BTreeMap<String, String> {
        let side = match self.instance.side {
            Side::Initiator => "initiator",
            Side::Partner => "partner",
        };
        let labels = [
            (MANAGED_BY.0, MANAGED_BY.1.to_owned()),
            (INSTANCE, names::token(&self.instance.id)),
            (ATTEMPT, self.instance.attempt.to_string()),
            (TASK, names::token(&self.task.id)),
            (SIDE, side.to_owned()),
        ];
        labels
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect()
    }

    fn metadata(&self, name: &str, more: BTreeMap<String, String>) -> ObjectMeta {
        let mut labels = self.labels();
        labels.extend(more);
        ObjectMeta {
            name: Some(name.to_owned()),
            namespace: Some(self.cluster.namespace.clone()),
            labels: Some(labels),
            ..ObjectMeta::default()
        }
    }

    fn job(&self, member: &Member, owned: &impl Fn(ObjectMeta) -> ObjectMeta) -> Job {
        let of_member = BTreeMap::from([
            ("app".to_owned(), member.name.clone()),
            (ROLE.to_owned(), member.role.clone()),
        ]);
        let mut of_pods = self.labels();
        of_pods.extend(of_member.clone());
        let pods = i32::try_from(member.pods.count()).unwrap_or(i32::MAX);
        let (mode, completions, parallelism) = match member.pods {
            Pods::One => (None, None, None),
            // Without a number of completions the pods share their work.
            Pods::WorkQueue(_) => (None, None, Some(pods)),
            Pods::Indexed(_) => (Some("Indexed".to_owned()), Some(pods), Some(pods)),
        };
        Job {
            metadata: owned(self.metadata(&member.name, of_member)),
            spec: Some(JobSpec {
                active_deadline_seconds: Some(self.cluster.run_within_s.into()),
                backoff_limit: Some(i32::try_from(member.retries).unwrap_or(i32::MAX)),
                completion_mode: mode,
                completions,
                parallelism,
                template: PodTemplateSpec {
                    metadata: Some(ObjectMeta {
                        labels: Some(of_pods),
                        ..ObjectMeta::default()
                    }),
                    spec: Some(self.pod(member)),
                },
                ttl_seconds_after_finished: i32::try_from(self.cluster.keep_ended_s).ok(),
                ..JobSpec::default()
            }),
            status: None,
        }
    }

    fn pod(&self, member: &Member) -> PodSpec {
        let volumes: Vec<_> = self.volumes_of(member).collect();
        let claims = volumes.iter().map(|volume| Volume {
            name: volume.name.clone(),
            persistent_volume_claim: Some(PersistentVolumeClaimVolumeSource {
                claim_name: volume.claim.clone(),
                read_only: volume.read_only.then_some(true),
            }),
            ..Volume::default()
        });
        let secrets = member
            .pull_secret
            .iter()
            .map(|name| LocalObjectReference { name: name.clone() });
        let tolerations = self.cluster.tolerations.iter().map(|toleration| Toleration {
            key: filled(&toleration.key),
            value: filled(&toleration.value),
            effect: filled(&toleration.effect),
            operator: Some(
                if toleration.value.is_empty() {
                    "Exists"
                } else {
                    "Equal"
                }
                .to_owned(),
            ),
            toleration_seconds: None,
        });
        PodSpec {
            automount_service_account_token: (!member.uses_api).then_some(false),
            containers: vec![self.container(member, &volumes)],
            image_pull_secrets: some(secrets.collect()),
            init_containers: self
                .log_follower(member, &volumes)
                .map(|container| vec![container]),
            node_selector: some(self.cluster.node_selector.clone()),
            restart_policy: Some("Never".to_owned()),
            security_context: self.pod_security(),
            service_account_name: filled(&self.cluster.service_account),
            subdomain: member.subdomain.clone(),
            tolerations: some(tolerations.collect()),
            volumes: some(claims.collect()),
            ..PodSpec::default()
        }
    }

    fn volumes_of<'a>(&'a self, member: &'a Member) -> impl Iterator<Item = &'a VolumeConfig> {
        let of_cluster = self.cluster.volumes.iter();
        of_cluster.filter(|volume| member.volumes.contains(&volume.name))
    }

    fn container(&self, member: &Member, volumes: &[&VolumeConfig]) -> Container {
        let env = member.env.iter().map(|(name, value)| EnvVar {
            name: name.clone(),
            value: Some(value.clone()),
            value_from: None,
        });
        let port = member.port.map(|port| ContainerPort {
            container_port: port.into(),
            ..ContainerPort::default()
        });
        let resources = member.resources.map(|resources| {
            let amounts = BTreeMap::from([
                ("cpu".to_owned(), Quantity(format!("{}m", resources.milli_cores))),
                (
                    "memory".to_owned(),
                    Quantity(format!("{}Mi", resources.memory_mib)),
                ),
            ]);
            ResourceRequirements {
                limits: Some(amounts.clone()),
                requests: Some(amounts),
                claims: None,
            }
        });
        Container {
            args: some(member.args.clone()),
            command: some(member.command.clone()),
            env: some(env.collect()),
            image: Some(member.image.clone()),
            image_pull_policy: member.always_pull.then(|| "Always".to_owned()),
            name: member.container.clone(),
            ports: port.map(|port| vec![port]),
            resources,
            security_context: self.container_security(),
            volume_mounts: some(mounts(volumes)),
            ..Container::default()
        }
    }

    /// A native sidecar: it runs as long as the pod, and its end is not waited for. `tail -F` goes on when the image removes
    /// the folder at its start.
    fn log_follower(&self, member: &Member, volumes: &[&VolumeConfig]) -> Option<Container> {
        if member.log_files.is_empty() {
            return None;
        }
        let mut command: Vec<_> = ["tail", "-q", "-n", "+1", "-F"].map(String::from).to_vec();
        command.extend(member.log_files.iter().cloned());
        let small = BTreeMap::from([
            ("cpu".to_owned(), Quantity("50m".to_owned())),
            ("memory".to_owned(), Quantity("32Mi".to_owned())),
        ]);
        Some(Container {
            command: Some(command),
            image: Some(member.image.clone()),
            name: LOG_CONTAINER.to_owned(),
            resources: Some(ResourceRequirements {
                limits: Some(small.clone()),
                requests: Some(small),
                claims: None,
            }),
            restart_policy: Some("Always".to_owned()),
            security_context: self.container_security(),
            volume_mounts: some(mounts(volumes)),
            ..Container::default()
        })
    }

    fn pod_security(&self) -> Option<PodSecurityContext> {
        let cluster = self.cluster;
        let context = PodSecurityContext {
            fs_group: cluster.fs_group,
            run_as_non_root: cluster.restricted.then_some(true),
            run_as_user: cluster.run_as_user,
            seccomp_profile: cluster.restricted.then(|| SeccompProfile {
                type_: "RuntimeDefault".to_owned(),
                localhost_profile: None,
            }),
            ..PodSecurityContext::default()
        };
        (context != PodSecurityContext::default()).then_some(context)
    }

    fn container_security(&self) -> Option<SecurityContext> {
        self.cluster.restricted.then(|| SecurityContext {
            allow_privilege_escalation: Some(false),
            capabilities: Some(Capabilities {
                add: None,
                drop: Some(vec!["ALL".to_owned()]),
            }),
            ..SecurityContext::default()
        })
    }
}

fn mounts(volumes: &[&VolumeConfig]) -> Vec<VolumeMount> {
    let mount = |volume: &&VolumeConfig| VolumeMount {
        mount_path: volume.mount_path.clone(),
        name: volume.name.clone(),
        read_only: volume.read_only.then_some(true),
        ..VolumeMount::default()
    };
    volumes.iter().map(mount).collect()
}

/// Nothing where there is nothing: an empty field is not the same as none for server-side apply.
fn some<C: IntoIterator + Default + PartialEq>(all: C) -> Option<C> {
    (all != C::default()).then_some(all)
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
