//! What is found on a cluster: whether it answers, what it is, what the console may do there, and what is left of its quotas.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ResourceQuota;
use kube::api::ListParams;
use task_interface::{Finding, Health};

use crate::access;
use crate::cluster::{Cluster, Trouble, answer};
use crate::settings::ClusterConfig;
use crate::words::both;

/// Groups of the API that are named where a cluster has them.
const EXTRAS: [(&str, &str); 3] = [
    ("jobset.x-k8s.io", "JobSet"),
    ("kueue.x-k8s.io", "Kueue"),
    ("gateway.networking.k8s.io", "Gateway API"),
];

/// All that is found on a cluster. What cannot be found out because the cluster does not answer is left out.
pub(crate) async fn check(name: &str, config: &ClusterConfig) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Err(trouble) = look(name, config, &mut found).await {
        let (_, text) = trouble.told_to_both();
        let (en, zh) = (&text.en, text.zh.clone().unwrap_or_default());
        let told = trouble.told();
        let text = both(
            format!("No job can run: {en}. It says: {told}"),
            format!("无法运行任务：{zh}。原文：{told}"),
        );
        found.push(Finding::new(name, Health::Bad, text));
    }
    found
}

async fn look(name: &str, config: &ClusterConfig, found: &mut Vec<Finding>) -> Result<(), Trouble> {
    let mut say = |health: Health, en: String, zh: String| {
        found.push(Finding::new(name, health, both(en, zh)));
    };
    let cluster = Cluster::open(name, config).await?;
    let version = answer("version", cluster.client().apiserver_version()).await?;
    let groups = answer("apis", cluster.client().list_api_groups()).await?;
    let has = |group: &&(&str, &str)| groups.groups.iter().any(|served| served.name == group.0);
    let mut extras: Vec<_> = EXTRAS.iter().filter(has).map(|(_, name)| *name).collect();
    extras.insert(0, "Jobs");
    let (major, minor) = (&version.major, &version.minor);
    let (namespace, all) = (&config.namespace, extras.join(", "));
    say(
        Health::Good,
        format!("Kubernetes {major}.{minor} answers. Namespace {namespace}. It has {all}."),
        format!("Kubernetes {major}.{minor} 有响应。命名空间 {namespace}。具备 {all}。"),
    );
    let missing = access::missing(&cluster).await?;
    match missing.is_empty() {
        true => say(
            Health::Good,
            "The console has all rights that it needs.".to_owned(),
            "控制台具备所需的全部权限。".to_owned(),
        ),
        false => {
            let all = missing.join(", ");
            say(
                Health::Bad,
                format!("The console lacks rights: {all}."),
                format!("控制台缺少权限：{all}。"),
            );
        }
    }
    if config.images.is_empty() {
        say(
            Health::Bad,
            "No image is allowed: `images` is empty.".to_owned(),
            "不允许任何镜像：`images` 为空。".to_owned(),
        );
    }
    for (quota, used) in quotas(&cluster).await? {
        let health = if used.is_full {
            Health::Doubtful
        } else {
            Health::Good
        };
        let all = used.told.join(", ");
        say(
            health,
            format!("Quota {quota}, used of allowed: {all}."),
            format!("配额 {quota}（已用/上限）：{all}。"),
        );
    }
    Ok(())
}

/// How much of a quota is used.
struct Used {
    /// `pods 3/10`, for each resource.
    told: Vec<String>,
    /// Whether all of some resource is used.
    is_full: bool,
}

/// The quotas of the namespace, by name. An account that may not read them sees none.
async fn quotas(cluster: &Cluster) -> Result<BTreeMap<String, Used>, Trouble> {
    let api = cluster.api::<ResourceQuota>();
    let params = ListParams::default();
    let listed = match answer("ResourceQuotas", api.list(&params)).await {
        Ok(listed) => listed.items,
        Err(Trouble::Forbidden(_)) => Vec::new(),
        Err(trouble) => return Err(trouble),
    };
    let used = listed.into_iter().filter_map(|quota| {
        let status = quota.status?;
        let (hard, used) = (status.hard.unwrap_or_default(), status.used.unwrap_or_default());
        let mut of_quota = Used {
            told: Vec::new(),
            is_full: false,
        };
        for (resource, most) in hard {
            let now = used.get(&resource).map_or("0", |amount| amount.0.as_str());
            of_quota.is_full |= now == most.0 && now != "0";
            of_quota.told.push(format!("{resource} {now}/{}", most.0));
        }
        Some((quota.metadata.name?, of_quota))
    });
    Ok(used.collect())
}
