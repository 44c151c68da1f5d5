//! Configs of tasks: what they may say, and the plan that follows from them.
//!
//! Three kinds are those of the original console's engine, so that its tasks go on: join, feature increment and federated
//! train. The fourth, a generic job, is any image.

mod fields;
mod generic;
mod increment;
mod join;
pub(crate) mod schema;
mod train;

use serde_json::{Map, Value};
use task_interface::{InstanceInfo, Problem, Side, TaskInfo, TaskKind};

use crate::names;
use crate::plan::{Plan, Resources};
use crate::settings::{ClusterConfig, KubernetesConfig};
use crate::words::both;
use fields::Fields;

/// The setting that says which kind of config it is.
pub(crate) const JOB_TYPE: &str = "job_type";
/// A job of any image.
pub(crate) const GENERIC: &str = "generic";
/// A join with tables of our own.
pub(crate) const INCREMENT: &str = "feature-inc";

/// What a task becomes on a cluster.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Planned {
    /// The name of the cluster.
    pub(crate) cluster: String,
    pub(crate) plan: Plan,
    /// Settings that nothing was made of.
    pub(crate) unread: Vec<String>,
}

/// What a plan follows from besides the config.
pub(crate) struct Ground<'a> {
    pub(crate) cluster: &'a ClusterConfig,
    pub(crate) instance: &'a InstanceInfo,
}

/// The plan of a task in a run.
pub(crate) fn plan(
    config: &KubernetesConfig,
    task: &TaskInfo,
    instance: &InstanceInfo,
) -> Result<Planned, Vec<Problem>> {
    let empty = Map::new();
    let values = match &task.config {
        Value::Object(values) => values,
        Value::Null => &empty,
        _ => {
            let text = both("the config must be an object", "配置必须是对象");
            return Err(vec![Problem::at("", text).with_code("not_an_object")]);
        }
    };
    let mut fields = Fields::new(values, "");
    let named = fields.text("cluster");
    let Some((cluster_name, cluster)) = config.cluster(named.as_deref()) else {
        let text = both(
            "this console has no such cluster; an administrator names clusters in its configuration",
            "控制台没有该集群；集群由管理员在配置中指定",
        );
        fields.wrong("cluster", "cluster_unknown", text);
        return Err(fields.problems);
    };
    if fields.get("k8s_config").is_some() {
        let text = both(
            "a file of access to a cluster cannot be named here; name a cluster of the console's configuration in `cluster`",
            "此处不能指定集群的访问文件；请在 `cluster` 中填写控制台配置里的集群名称",
        );
        fields.wrong("k8s_config", "cluster_file_refused", text);
    }
    let ground = Ground { cluster, instance };
    let job_type = fields.text(JOB_TYPE);
    let plan = match (task.kind, job_type.as_deref()) {
        (_, Some(GENERIC)) => generic::plan(&mut fields, &ground),
        (TaskKind::Sample, Some(INCREMENT)) => increment::plan(&mut fields, &ground),
        (TaskKind::Sample, _) => join::plan(&mut fields, &ground),
        (TaskKind::Train, _) => train::plan(&mut fields, &ground),
    };
    let pods: u64 = plan
        .members
        .iter()
        .map(|member| u64::from(member.pods.count()))
        .sum();
    if pods > u64::from(cluster.max_pods) {
        let most = cluster.max_pods;
        let text = both(
            format!("the job has {pods} pods, and the cluster {cluster_name} allows {most}"),
            format!("该任务共有 {pods} 个 Pod，集群 {cluster_name} 最多允许 {most} 个"),
        );
        fields.wrong("", "too_many_pods", text);
    }
    let unread = fields.unread();
    match fields.problems.is_empty() {
        true => Ok(Planned {
            cluster: cluster_name.to_owned(),
            plan,
            unread,
        }),
        false => Err(fields.problems),
    }
}

/// The problems of a task's config, for a run that is yet to come.
pub(crate) fn validate(config: &KubernetesConfig, task: &TaskInfo) -> Vec<Problem> {
    // The longest names that a run can give to objects.
    let instance = InstanceInfo::new("0".repeat(32), 99_999, Side::Initiator);
    plan(config, task, &instance).err().unwrap_or_default()
}

/// The image, if the cluster allows it.
fn image(fields: &mut Fields<'_>, ground: &Ground<'_>) -> String {
    let image = fields.needed("docker_image");
    if !image.is_empty() && !ground.cluster.allows_image(&image) {
        let text = both(
            "the cluster does not allow this image; an administrator lists the images that it allows",
            "集群不允许使用该镜像；允许的镜像由管理员列出",
        );
        fields.wrong("docker_image", "image_refused", text);
    }
    image
}

/// The secret that pulls the image: the one that the config names, if the cluster allows it, else the cluster's first.
fn pull_secret(fields: &mut Fields<'_>, ground: &Ground<'_>) -> Option<String> {
    let allowed = &ground.cluster.pull_secrets;
    let Some(named) = fields.text("docker_secret") else {
        return allowed.first().cloned();
    };
    if !allowed.contains(&named) {
        let text = both(
            "the cluster does not allow this secret; an administrator lists the secrets that pull images",
            "集群不允许使用该密钥；用于拉取镜像的密钥由管理员列出",
        );
        fields.wrong("docker_secret", "secret_refused", text);
    }
    Some(named)
}

/// A text from which objects are named, each with one of some endings.
fn name(fields: &mut Fields<'_>, key: &'static str, longest_ending: usize, of_services: bool) -> String {
    let name = fields.needed(key);
    if name.is_empty() {
        return name;
    }
    let most = names::MAX_LABEL - longest_ending;
    let begins_well = !of_services || name.starts_with(|first: char| first.is_ascii_lowercase());
    if !names::is_label(&name) || name.len() > most || !begins_well {
        let text = both(
            format!(
                "it becomes the name of objects of the cluster: at most {most} of a-z, 0-9 and -, with a letter at the beginning"
            ),
            format!("会成为集群对象的名称：最多 {most} 个字符，只能使用 a-z、0-9 和 -，并以字母开头"),
        );
        fields.wrong(key, "not_a_name", text);
    }
    name
}

/// The cores and the memory of a pod.
fn resources(fields: &mut Fields<'_>, ground: &Ground<'_>) -> Resources {
    let cores = fields.needed_whole("core", 1..=ground.cluster.max_cores);
    let memory_mib = fields.needed_whole("memory", 1..=ground.cluster.max_memory_mib);
    Resources {
        milli_cores: cores.saturating_mul(1000),
        memory_mib,
    }
}

/// The volume that the EFLS images use.
fn data_volume(fields: &mut Fields<'_>, ground: &Ground<'_>) -> Vec<String> {
    const DATA: &str = "/data";
    if let Some(volume) = ground.cluster.volume_at(DATA) {
        return vec![volume.name.clone()];
    }
    let text = both(
        "the image needs a volume at /data, and the cluster's settings have none",
        "镜像需要挂载在 /data 的存储卷，但集群设置中没有",
    );
    fields.wrong("docker_image", "volume_missing", text);
    Vec::new()
}

#[cfg(test)]
mod tests;
