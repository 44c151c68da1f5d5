//! A job of any image: roles with pods, each told who it is and where the others are.

use std::collections::BTreeMap;

use serde_json::Value;

use super::fields::Fields;
use super::{Ground, image, name, pull_secret, resources};
use crate::names;
use crate::plan::{IngressPlan, Member, Plan, Pods, ServicePlan};
use crate::words::both;

const MAX_ROLES: usize = 8;
/// Room for the roles' names: an object is called `efls-<run>-<attempt>-<role>-<number>`.
const MAX_ROLE: usize = 12;
const MAX_PORT: u32 = 65_535;

pub(super) fn plan(fields: &mut Fields<'_>, ground: &Ground<'_>) -> Plan {
    let base = names::of_attempt(ground.instance);
    let template = Member {
        image: image(fields, ground),
        pull_secret: pull_secret(fields, ground),
        volumes: volumes(fields, ground),
        ..Member::default()
    };
    let mut plan = Plan::default();
    let mut hosts = Vec::new();
    for (number, value) in roles(fields).into_iter().enumerate() {
        let Value::Object(values) = value else {
            let text = both("a role is an object", "角色必须是对象");
            fields.wrong("roles", "not_an_object", text);
            continue;
        };
        let mut within = Fields::new(values, format!("/roles/{number}"));
        role(&mut within, ground, (&base, &template), &mut plan, &mut hosts);
        for key in within.unread() {
            let text = both(
                format!("a role has no setting {key}"),
                format!("角色没有设置项 {key}"),
            );
            within.wrong(&key, "setting_unknown", text);
        }
        fields.problems.append(&mut within.problems);
    }
    if !plan.members.iter().any(|member| member.counts) && !plan.members.is_empty() {
        let text = both(
            "no role ends the run: at least one must end by itself",
            "没有任何角色能结束运行：至少一个角色必须会自行结束",
        );
        fields.wrong("roles", "nothing_ends", text);
    }
    let twice = plan.members.iter().enumerate();
    if twice
        .clone()
        .any(|(at, member)| plan.members[..at].iter().any(|other| other.name == member.name))
    {
        let text = both("two roles have one name", "有两个角色重名");
        fields.wrong("roles", "name_twice", text);
    }
    addresses(&mut plan);
    plan.ingress = ingress(fields, ground, &base, &hosts);
    plan
}

fn roles<'a>(fields: &mut Fields<'a>) -> Vec<&'a Value> {
    match fields.get("roles") {
        Some(Value::Array(roles)) if (1..=MAX_ROLES).contains(&roles.len()) => roles.iter().collect(),
        None => {
            fields.missing("roles");
            Vec::new()
        }
        Some(_) => {
            let text = both(
                format!("there must be 1 to {MAX_ROLES} roles"),
                format!("角色数量必须为 1 到 {MAX_ROLES} 个"),
            );
            fields.wrong("roles", "not_in_range", text);
            Vec::new()
        }
    }
}

fn volumes(fields: &mut Fields<'_>, ground: &Ground<'_>) -> Vec<String> {
    let named = fields.texts("volumes");
    let known = |name: &String| ground.cluster.volumes.iter().any(|volume| volume.name == *name);
    if !named.iter().all(known) {
        let text = both(
            "the cluster has no such volume; an administrator lists the volumes that jobs may mount",
            "集群没有该存储卷；任务可挂载的存储卷由管理员列出",
        );
        fields.wrong("volumes", "volume_refused", text);
    }
    named
}

fn role(
    within: &mut Fields<'_>,
    ground: &Ground<'_>,
    (base, template): (&str, &Member),
    plan: &mut Plan,
    hosts: &mut Vec<(String, String, u16)>,
) {
    let role = name(within, "name", names::MAX_LABEL - MAX_ROLE, true);
    let replicas = within.whole("replicas", 1..=ground.cluster.max_pods).unwrap_or(1);
    let port = within
        .whole("port", 1..=MAX_PORT)
        .and_then(|port| u16::try_from(port).ok());
    let object = format!("{base}-{role}");
    let member = Member {
        name: object.clone(),
        container: role.clone(),
        command: within.texts("command"),
        args: within.texts("args"),
        env: env(within),
        resources: Some(resources(within, ground)),
        port,
        pods: Pods::Indexed(replicas),
        retries: within.whole("retries", 0..=100).unwrap_or(0),
        counts: within.flag("serves") != Some(true),
        subdomain: port.map(|_| object.clone()),
        role: role.clone(),
        ..template.clone()
    };
    plan.members.push(member);
    let host_name = within.text("host_name");
    let Some(port) = port else {
        if host_name.is_some() {
            let text = both("a host name needs a port", "设置对外主机名时须填写端口");
            within.wrong("host_name", "port_missing", text);
        }
        return;
    };
    plan.services.push(ServicePlan {
        name: object.clone(),
        selector: BTreeMap::from([("app".to_owned(), object.clone())]),
        ports: (port, port),
        headless: true,
    });
    let Some(host_name) = host_name else { return };
    if !names::is_label(&format!("{host_name}-{replicas}")) {
        let text = both(
            "it becomes part of host names: a-z, 0-9 and - only, and not too long",
            "会成为主机名的一部分：只能使用 a-z、0-9 和 -，且不能过长",
        );
        within.wrong("host_name", "not_a_name", text);
    }
    for index in 0..replicas {
        let service = format!("{object}-{index}");
        hosts.push((format!("{host_name}-{index}"), service.clone(), port));
        let number = (
            "batch.kubernetes.io/job-completion-index".to_owned(),
            index.to_string(),
        );
        plan.services.push(ServicePlan {
            name: service,
            selector: BTreeMap::from([("app".to_owned(), object.clone()), number]),
            ports: (port, port),
            headless: false,
        });
    }
}

/// The environment of a role, as the config gives it.
fn env(within: &mut Fields<'_>) -> Vec<(String, String)> {
    let Some(Value::Object(values)) = within.get("env") else {
        if within.get("env").is_some() {
            let text = both("variables are texts by name", "环境变量是按名称给出的文本");
            within.wrong("env", "not_an_object", text);
        }
        return Vec::new();
    };
    let mut env = Vec::new();
    for (name, value) in values {
        let text = match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            _ => None,
        };
        match text {
            Some(text) if is_variable(name) => env.push((name.clone(), text)),
            _ => {
                let text = both(
                    format!("the variable {name:?} has a name or a value that it cannot have"),
                    format!("环境变量 {name:?} 的名称或值无效"),
                );
                within.wrong("env", "variable_refused", text);
            }
        }
    }
    env
}

fn is_variable(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !name.is_empty() && name.bytes().all(fits) && !name.starts_with(|first: char| first.is_ascii_digit())
}

/// Tells each pod who it is and where the others are: `EFLS_ROLE`, and for each role with a port `EFLS_ADDRESSES_<ROLE>`.
/// The pod's number is in `JOB_COMPLETION_INDEX`, which Kubernetes sets.
fn addresses(plan: &mut Plan) {
    let known: Vec<_> = plan
        .members
        .iter()
        .filter_map(|member| {
            let port = member.port?;
            let of_pod = |index| format!("{0}-{index}.{0}:{port}", member.name);
            let all: Vec<_> = (0..member.pods.count()).map(of_pod).collect();
            let role = member.role.to_ascii_uppercase().replace('-', "_");
            Some((format!("EFLS_ADDRESSES_{role}"), all.join(",")))
        })
        .collect();
    for member in &mut plan.members {
        let own = [
            ("EFLS_ROLE".to_owned(), member.role.clone()),
            ("EFLS_REPLICAS".to_owned(), member.pods.count().to_string()),
        ];
        // What the config says comes first, and what the engine knows holds.
        member.env.retain(|(name, _)| !name.starts_with("EFLS_"));
        member.env.extend(own.into_iter().chain(known.iter().cloned()));
    }
}

fn ingress(
    fields: &mut Fields<'_>,
    ground: &Ground<'_>,
    base: &str,
    hosts: &[(String, String, u16)],
) -> Option<IngressPlan> {
    let of_cluster = &ground.cluster.ingress;
    let secret = fields.text("ingress_cert_name");
    if hosts.is_empty() {
        return None;
    }
    let allowed = |secret: &String| of_cluster.tls_secrets.contains(secret);
    let secret = secret.or_else(|| of_cluster.tls_secrets.first().cloned());
    if of_cluster.domain.is_empty() || !secret.as_ref().is_some_and(allowed) {
        let text = both(
            "the cluster's settings have no domain, or not this certificate, so nothing can be reached from outside",
            "集群设置中没有域名，或没有该证书，外部无法访问",
        );
        fields.wrong("roles", "domain_missing", text);
    }
    let domain = &of_cluster.domain;
    let rules = hosts
        .iter()
        .map(|(host, service, port)| (format!("{host}.{domain}"), service.clone(), *port));
    Some(IngressPlan {
        name: format!("{base}-ingress"),
        tls_secret: secret.unwrap_or_default(),
        rules: rules.collect(),
        annotations: of_cluster.annotations.clone(),
    })
}
