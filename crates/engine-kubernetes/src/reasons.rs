//! Why a job waits, and why it failed: from the states of pods and Jobs, by their codes.

use k8s_openapi::api::core::v1::{Pod, PodCondition};
use serde_json::{Map, Value, json};
use task_interface::{EngineError, Text};

use crate::view::containers;
use crate::words::both;

/// What a job waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hold {
    pub(crate) kind: HoldKind,
    /// The object that waits.
    pub(crate) object: String,
    /// What the cluster says of it.
    pub(crate) detail: String,
}

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum HoldKind {
    /// The cluster has not made a pod yet, or the pod starts.
    Starts,
    /// A queue lets it wait.
    Queued,
    /// A quota or a rule of admission refuses pods.
    PodsRefused,
    /// No node has room or fits.
    Unschedulable,
    /// An image cannot be pulled.
    ImagePull,
    /// A container cannot be made: no later try can mend it.
    Container,
    /// Another run has the names.
    NameInUse,
    /// The objects of an earlier attempt are being removed.
    Clearing,
    /// The cluster does not answer, or refuses for now.
    Cluster,
}

impl HoldKind {
    /// Whether waiting is of no use.
    pub(crate) fn is_final(self) -> bool {
        self == Self::Container
    }

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Starts => "not_started",
            Self::Queued => "queued",
            Self::PodsRefused => "pods_refused",
            Self::Unschedulable => "unschedulable",
            Self::ImagePull => "image_pull_failed",
            Self::Container => "container_refused",
            Self::NameInUse => "name_in_use",
            Self::Clearing => "earlier_attempt_remains",
            Self::Cluster => "cluster_unreachable",
        }
    }

    /// For operators of both sides: no name of this side's.
    pub(crate) fn text(self) -> Text {
        match self {
            Self::Starts => both("the pods start", "Pod 正在启动"),
            Self::Queued => both("the job waits in the cluster's queue", "任务在集群队列中等待"),
            Self::PodsRefused => both(
                "the cluster refuses the pods: a quota is used up, or a rule of admission is against them",
                "集群拒绝创建 Pod：配额已用完，或不符合准入规则",
            ),
            Self::Unschedulable => both(
                "no node of the cluster has room for a pod, or fits it",
                "集群中没有节点能够容纳或匹配该 Pod",
            ),
            Self::ImagePull => both("an image cannot be pulled", "无法拉取镜像"),
            Self::Container => both(
                "a container cannot be made as it is set up",
                "按当前设置无法创建容器",
            ),
            Self::NameInUse => both(
                "another run uses the same names on the cluster",
                "集群上有另一个运行正在使用相同的名称",
            ),
            Self::Clearing => both(
                "the cluster still removes what an earlier run has left",
                "集群仍在清理之前运行遗留的对象",
            ),
            Self::Cluster => both("the cluster does not answer", "集群没有响应"),
        }
    }
}

impl Hold {
    pub(crate) fn new(kind: HoldKind, object: &str, detail: &str) -> Self {
        Self {
            kind,
            object: object.to_owned(),
            detail: detail.to_owned(),
        }
    }

    /// With what the cluster says of it.
    pub(crate) fn because(mut self, detail: &str) -> Self {
        detail.clone_into(&mut self.detail);
        self
    }

    pub(crate) fn queued(job: &str) -> Self {
        Self::new(HoldKind::Queued, job, "")
    }

    pub(crate) fn no_pod_yet(job: &str) -> Self {
        Self::new(HoldKind::Starts, job, "")
    }

    pub(crate) fn pods_refused(job: &str, message: &str) -> Self {
        Self::new(HoldKind::PodsRefused, job, message)
    }

    /// What a pod waits for; nothing for one that runs or has ended.
    pub(crate) fn of_pod(name: &str, pod: &Pod) -> Option<Self> {
        let status = pod.status.as_ref()?;
        if matches!(status.phase.as_deref(), Some("Succeeded" | "Failed")) {
            return None;
        }
        let waiting = containers(pod).find_map(|container| {
            let waiting = container.state.as_ref()?.waiting.as_ref()?;
            let kind = match waiting.reason.as_deref()? {
                "ErrImagePull" | "ImagePullBackOff" | "RegistryUnavailable" => HoldKind::ImagePull,
                "InvalidImageName"
                | "ErrImageNeverPull"
                | "CreateContainerConfigError"
                | "CreateContainerError"
                | "RunContainerError" => HoldKind::Container,
                _ => return None,
            };
            let message = waiting.message.as_deref().unwrap_or_default();
            let image = &container.image;
            Some(Self::new(kind, name, &format!("{image}: {message}")))
        });
        if waiting.is_some() {
            return waiting;
        }
        if status.phase.as_deref() != Some("Pending") {
            return None;
        }
        let scheduled = pod_condition(pod, "PodScheduled", "False");
        Some(match scheduled {
            Some(condition) if condition.reason.as_deref() == Some("Unschedulable") => {
                let message = condition.message.as_deref().unwrap_or_default();
                Self::new(HoldKind::Unschedulable, name, message)
            }
            _ => Self::new(HoldKind::Starts, name, ""),
        })
    }

    /// For our own operators.
    pub(crate) fn story(&self) -> Text {
        let text = self.kind.text();
        let (en, zh) = (&text.en, text.zh.clone().unwrap_or_default());
        match self.detail.is_empty() {
            true => both(format!("{en}: {}", self.object), format!("{zh}：{}", self.object)),
            false => both(
                format!("{en}: {}. The cluster says: {}", self.object, self.detail),
                format!("{zh}：{}。集群提示：{}", self.object, self.detail),
            ),
        }
    }

    /// The error of a job that has waited for too long, or in vain.
    pub(crate) fn into_error(self, after: Option<u64>) -> EngineError {
        let text = self.kind.text();
        let (en, zh) = (&text.en, text.zh.clone().unwrap_or_default());
        let text = match after {
            Some(seconds) => both(
                format!("the job was given up after {seconds} s: {en}"),
                format!("等待 {seconds} 秒后放弃：{zh}"),
            ),
            None => text,
        };
        let error = match self.kind {
            HoldKind::Container | HoldKind::ImagePull => EngineError::fatal(text),
            _ => EngineError::retryable(text),
        };
        error
            .with_code(self.kind.code())
            .with_private(self.story())
            .with_param("object", self.object.as_str())
            .with_detail(self.detail)
    }
}

/// The code of a failure of which nothing else is known.
const JOB_FAILED: &str = "job_failed";

/// Why a Job has failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failed {
    code: &'static str,
    retryable: bool,
    text: Text,
    role: String,
    pod: Option<String>,
    /// What the cluster says.
    detail: String,
    exit_code: Option<i32>,
}

impl Failed {
    /// From the Job's condition, and from the pods that it has had.
    pub(crate) fn of(role: &str, (reason, message): &(String, String), pods: &[(&String, &Pod)]) -> Self {
        let mut failed = Self {
            code: JOB_FAILED,
            retryable: true,
            text: both("a job on this side's cluster has failed", "本方集群上的任务失败"),
            role: role.to_owned(),
            pod: None,
            detail: format!("{reason}: {message}"),
            exit_code: None,
        };
        if reason == "DeadlineExceeded" {
            failed.code = "deadline_exceeded";
            failed.text = both(
                "the job on this side's cluster took longer than it may",
                "本方集群上的任务超过了允许的时长",
            );
            return failed;
        }
        let of_pods = pods.iter().filter_map(|(name, pod)| failed.of_pod(name, pod));
        // What the engine's own code did matters less than what the cluster did to it.
        of_pods
            .min_by_key(|failed| failed.exit_code.is_some())
            .unwrap_or(failed)
    }

    fn of_pod(&self, name: &str, pod: &Pod) -> Option<Self> {
        let status = pod.status.as_ref()?;
        let told = Self {
            pod: Some(name.to_owned()),
            ..self.clone()
        };
        let message = status.message.clone().unwrap_or_default();
        if status.reason.as_deref() == Some("Evicted") {
            return Some(Self {
                code: "pod_evicted",
                text: both(
                    "a node of this side's cluster was short of resources and gave up a pod",
                    "本方集群的节点资源不足，驱逐了一个 Pod",
                ),
                detail: message,
                ..told
            });
        }
        if let Some(condition) = pod_condition(pod, "DisruptionTarget", "True") {
            let reason = condition.reason.as_deref().unwrap_or_default();
            let message = condition.message.as_deref().unwrap_or_default();
            return Some(Self {
                code: "pod_disrupted",
                text: both("this side's cluster took a pod away", "本方集群收回了一个 Pod"),
                detail: format!("{reason}: {message}"),
                ..told
            });
        }
        let ended = containers(pod).find_map(|container| {
            let ended = container.state.as_ref()?.terminated.as_ref()?;
            (ended.exit_code != 0).then_some((container, ended))
        });
        let (container, ended) = ended?;
        let message = ended.message.as_deref().unwrap_or_default();
        let detail = format!(
            "container {} ended with {}. {message}",
            container.name, ended.exit_code
        );
        if ended.reason.as_deref() == Some("OOMKilled") {
            return Some(Self {
                code: "out_of_memory",
                retryable: false,
                text: both(
                    "a pod on this side needed more memory than it may use",
                    "本方的一个 Pod 使用的内存超过限制",
                ),
                detail,
                ..told
            });
        }
        let code = ended.exit_code;
        Some(Self {
            code: "container_failed",
            text: both(
                format!("a pod on this side ended with exit code {code}"),
                format!("本方的一个 Pod 以退出码 {code} 结束"),
            ),
            detail,
            exit_code: Some(code),
            ..told
        })
    }

    /// Whether more is known than that the Job has failed.
    pub(crate) fn is_explained(&self) -> bool {
        self.code != JOB_FAILED
    }

    /// The error of the run.
    pub(crate) fn into_error(self) -> EngineError {
        let (en, zh) = (&self.text.en, self.text.zh.clone().unwrap_or_default());
        let (role, pod, detail) = (&self.role, self.pod.clone().unwrap_or_default(), &self.detail);
        let story = both(
            format!("{en} (role {role}, pod {pod}). {detail}"),
            format!("{zh}（角色 {role}，Pod {pod}）。{detail}"),
        );
        let facts = Map::from_iter([
            ("role".to_owned(), json!(self.role)),
            ("pod".to_owned(), json!(self.pod)),
            ("exit_code".to_owned(), json!(self.exit_code)),
        ]);
        let error = match self.retryable {
            true => EngineError::retryable(self.text.clone()),
            false => EngineError::fatal(self.text.clone()),
        };
        let error = error.with_code(self.code).with_private(story);
        let error = facts
            .into_iter()
            .fold(error, |error, (name, value)| error.with_param(name, value));
        error.with_detail(Value::from(self.detail))
    }
}

fn pod_condition<'a>(pod: &'a Pod, kind: &str, status: &str) -> Option<&'a PodCondition> {
    let mut conditions = pod.status.as_ref()?.conditions.iter().flatten();
    conditions.find(|condition| condition.type_ == kind && condition.status == status)
}
