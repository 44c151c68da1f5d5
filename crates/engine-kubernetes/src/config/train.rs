//! A training of the TRAIN image: workers, parameter servers and a scheduler, each a Job of its own.

use std::collections::BTreeMap;

use super::fields::Fields;
use super::{Ground, data_volume, image, name, pull_secret, resources};
use crate::names;
use crate::plan::{IngressPlan, Member, Plan, Resources, ServicePlan};
use crate::words::both;

const PORT: u16 = 50_051;
const SERVICE_PORT: u16 = 80;
const SCHEDULER: Resources = Resources {
    milli_cores: 1000,
    memory_mib: 500,
};
/// The most members of a role.
const MAX_MEMBERS: u32 = 1000;
/// What the image's own certificate secret is called.
const TLS_SECRET: &str = "efl-trainer";
/// Where the image writes its logs.
const LOGS: &str = "/data/efl-logs";

/// A role's number of members, and what each may use.
struct Role {
    count: u32,
    resources: Resources,
}

pub(super) fn plan(fields: &mut Fields<'_>, ground: &Ground<'_>) -> Plan {
    let appid = name(
        fields,
        "appid",
        "-scheduler-0".len().max("-worker-999".len()),
        true,
    );
    let workers = role(fields, ground, "worker");
    let servers = role(fields, ground, "ps");
    let federal = federal(fields, &appid);
    let common = common_env(fields, &appid, (workers.count, servers.count), &federal);
    let script = match fields.text("debug_test") {
        Some(_) => "/efl/train/print_env.sh",
        None => "/efl/train/start_federal_train.sh",
    };
    let volumes = match fields.flag("volume_mount") {
        Some(false) => Vec::new(),
        _ => data_volume(fields, ground),
    };
    let uses_secret = fields.flag("use_docker_secret") != Some(false);
    let template = Member {
        image: image(fields, ground),
        pull_secret: pull_secret(fields, ground).filter(|_| uses_secret),
        always_pull: uses_secret,
        command: vec!["/bin/bash".to_owned()],
        args: vec![script.to_owned()],
        env: common,
        port: Some(PORT),
        volumes,
        ..Member::default()
    };
    let roles = [
        ("worker", workers.count, workers.resources),
        ("ps", servers.count, servers.resources),
        ("scheduler", 1, SCHEDULER),
    ];
    let members = roles.into_iter().flat_map(|(role, count, resources)| {
        let (template, appid, federal) = (&template, &appid, &federal);
        (0..count).map(move |index| member(template, appid, (role, index), resources, federal))
    });
    Plan {
        members: members.collect(),
        services: (0..workers.count).map(|index| service(&appid, index)).collect(),
        ingress: ingress(fields, ground, &appid, (workers.count, federal.target.is_some())),
        ..Plan::default()
    }
}

fn role(fields: &mut Fields<'_>, ground: &Ground<'_>, key: &'static str) -> Role {
    let Some(mut within) = fields.within(key) else {
        fields.missing(key);
        return Role {
            count: 1,
            resources: SCHEDULER,
        };
    };
    let count = within.whole("instance_num", 1..=MAX_MEMBERS.min(ground.cluster.max_pods));
    let role = Role {
        count: count.unwrap_or(1),
        resources: resources(&mut within, ground),
    };
    fields.problems.append(&mut within.problems);
    role
}

/// What only a training with another side has.
#[derive(Default)]
struct Federal {
    role: Option<String>,
    peer_addr: Option<String>,
    /// The partner's application and host, from which the names of its certificates follow.
    target: Option<(String, String)>,
    certificate: Option<String>,
}

fn federal(fields: &mut Fields<'_>, appid: &str) -> Federal {
    let peer_appid = fields.text_or("peer_appid", appid);
    fields.known(&["federal_role", "peer_addr", "target_hostname", "cert_file_path"]);
    if fields.text_or(super::JOB_TYPE, "federal") != "federal" {
        return Federal::default();
    }
    let role = fields.word("federal_role", &["leader", "follower"]);
    if role.is_none() {
        fields.missing("federal_role");
    }
    Federal {
        role,
        peer_addr: Some(fields.needed("peer_addr")),
        target: Some((peer_appid, fields.needed("target_hostname"))),
        certificate: Some(fields.needed("cert_file_path")),
    }
}

fn common_env(
    fields: &mut Fields<'_>,
    appid: &str,
    (workers, servers): (u32, u32),
    federal: &Federal,
) -> Vec<(String, String)> {
    let train_config = match fields.get("train_config") {
        None => "{}".to_owned(),
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let zk_addr = fields.needed("zk_addr");
    if !zk_addr.is_empty() && !zk_addr.starts_with("zfs://") {
        let text = both("the address begins with zfs://", "地址必须以 zfs:// 开头");
        fields.wrong("zk_addr", "not_an_address", text);
    }
    let mut env = vec![
        ("APPID", appid.to_owned()),
        ("WORKER_NUM", workers.to_string()),
        ("PS_NUM", servers.to_string()),
        ("CODE_DIR", fields.needed("code_dir")),
        ("JOB_SCRIPT", fields.needed("script")),
        ("TRAIN_CONFIG", train_config),
        ("MODEL_DIR", fields.text_or("model_dir", "/")),
        (
            "FEDERAL_ROLE",
            federal.role.clone().unwrap_or_else(|| "NULL".to_owned()),
        ),
        ("ZK_ADDR", zk_addr),
    ];
    let given = [
        ("PEER_ADDR", &federal.peer_addr),
        ("EFL_PEER_CERTS_FILENAME", &federal.certificate),
    ];
    env.extend(
        given
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.clone()?))),
    );
    if fields.text("debug_mode").is_none() {
        env.push(("TF_CPP_MIN_LOG_LEVEL", "2".to_owned()));
    }
    env.into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn member(
    template: &Member,
    appid: &str,
    (role, index): (&str, u32),
    resources: Resources,
    federal: &Federal,
) -> Member {
    let name = format!("{appid}-{role}-{index}");
    let mut env = template.env.clone();
    env.push(("TASK_NAME".to_owned(), role.to_owned()));
    env.push(("TASK_INDEX".to_owned(), index.to_string()));
    if let (Some((peer, host)), "worker") = (&federal.target, role) {
        let target = format!("{peer}-worker-{index}.{host}");
        env.push(("EFL_SSL_TARGET_NAME_OVERRIDE".to_owned(), target));
    }
    let log_files = match template.volumes.is_empty() {
        true => Vec::new(),
        false => ["stdout", "stderr"]
            .map(|file| format!("{LOGS}/{appid}/{role}_{index}/{file}"))
            .to_vec(),
    };
    Member {
        container: name.clone(),
        name,
        role: role.to_owned(),
        index: Some(index),
        env,
        resources: Some(resources),
        counts: role == "worker",
        log_files,
        ..template.clone()
    }
}

fn service(appid: &str, index: u32) -> ServicePlan {
    ServicePlan {
        name: format!("{appid}-service-{index}"),
        selector: BTreeMap::from([("app".to_owned(), format!("{appid}-worker-{index}"))]),
        ports: (SERVICE_PORT, PORT),
        headless: false,
    }
}

fn ingress(
    fields: &mut Fields<'_>,
    ground: &Ground<'_>,
    appid: &str,
    (workers, is_federal): (u32, bool),
) -> Option<IngressPlan> {
    let of_cluster = &ground.cluster.ingress;
    let tls_secret = fields.text_or("ingress_cert_name", TLS_SECRET);
    if tls_secret != TLS_SECRET && !of_cluster.tls_secrets.contains(&tls_secret) {
        let text = both(
            "the cluster does not allow this certificate; an administrator lists the secrets with certificates",
            "集群不允许使用该证书；证书密钥由管理员列出",
        );
        fields.wrong("ingress_cert_name", "secret_refused", text);
    }
    if of_cluster.domain.is_empty() {
        if !is_federal {
            return None;
        }
        let text = both(
            "the cluster's settings have no domain, so the partner's workers could not reach ours",
            "集群设置中没有域名，合作方的 worker 无法访问我方",
        );
        fields.wrong("appid", "domain_missing", text);
        return None;
    }
    let host = |index: u32| format!("{appid}-worker-{index}.{}", of_cluster.domain);
    let rules: Vec<_> = (0..workers)
        .map(|index| (host(index), format!("{appid}-service-{index}"), SERVICE_PORT))
        .collect();
    if !rules.iter().all(|(host, ..)| names::is_subdomain(host)) && names::is_label(appid) {
        let text = both(
            "the host names of the workers are too long",
            "worker 的主机名过长",
        );
        fields.wrong("appid", "not_a_name", text);
    }
    let own = [
        ("nginx.ingress.kubernetes.io/ssl-redirect", "true"),
        ("nginx.ingress.kubernetes.io/backend-protocol", "GRPC"),
    ];
    let mut annotations = of_cluster.annotations.clone();
    annotations.extend(own.map(|(key, value)| (key.to_owned(), value.to_owned())));
    Some(IngressPlan {
        name: format!("{appid}-ingress"),
        tls_secret,
        rules,
        annotations,
    })
}
