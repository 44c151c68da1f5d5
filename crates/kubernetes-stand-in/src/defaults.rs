//! What the server fills in.

use serde_json::{Value, json};

use crate::store::text;

/// Fills in what an object of a user leaves open. The rest, [`identify`] adds when it is made.
pub(crate) fn fill(object: &mut Value) {
    match object["kind"].as_str() {
        Some("Job") => job(&mut object["spec"]),
        Some("Pod") => pod(&mut object["spec"]),
        Some("Service") => service(&mut object["spec"]),
        Some("JobSet") => {
            let jobs = object["spec"]["replicatedJobs"].as_array_mut();
            for replicated in jobs.into_iter().flatten() {
                set(replicated, "replicas", json!(1));
                set(
                    &mut replicated["template"]["spec"],
                    "completionMode",
                    json!("Indexed"),
                );
                job(&mut replicated["template"]["spec"]);
            }
        }
        _ => {}
    }
}

fn set(object: &mut Value, name: &str, value: Value) {
    if object[name].is_null() {
        object[name] = value;
    }
}

fn job(spec: &mut Value) {
    if spec["completions"].is_null() && spec["parallelism"].is_null() {
        set(spec, "completions", json!(1));
    }
    set(spec, "parallelism", json!(1));
    let default_backoff = if spec["backoffLimitPerIndex"].is_null() {
        6
    } else {
        i64::from(i32::MAX)
    };
    set(spec, "backoffLimit", json!(default_backoff));
    set(spec, "manualSelector", json!(false));
    set(spec, "completionMode", json!("NonIndexed"));
    set(spec, "suspend", json!(false));
    set(spec, "podReplacementPolicy", json!("TerminatingOrFailed"));
    if spec["template"]["metadata"]["annotations"]
        .as_object()
        .is_some_and(serde_json::Map::is_empty)
    {
        spec["template"]["metadata"]
            .as_object_mut()
            .map(|metadata| metadata.remove("annotations"));
    }
    pod(&mut spec["template"]["spec"]);
}

fn pod(spec: &mut Value) {
    for list in ["containers", "initContainers"] {
        for container in spec
            .get_mut(list)
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            let pulled_always =
                !text(container, "/image").contains(':') || text(container, "/image").ends_with(":latest");
            set(
                container,
                "imagePullPolicy",
                if pulled_always {
                    json!("Always")
                } else {
                    json!("IfNotPresent")
                },
            );
            set(container, "resources", json!({}));
            set(container, "terminationMessagePath", json!("/dev/termination-log"));
            set(container, "terminationMessagePolicy", json!("File"));
            for port in container
                .get_mut("ports")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                set(port, "protocol", json!("TCP"));
            }
            let limits = container["resources"]["limits"].clone();
            for (name, value) in limits.as_object().into_iter().flatten() {
                set(&mut container["resources"]["requests"], name, value.clone());
            }
        }
    }
    set(spec, "restartPolicy", json!("Always"));
    set(spec, "terminationGracePeriodSeconds", json!(30));
    set(spec, "dnsPolicy", json!("ClusterFirst"));
    set(spec, "securityContext", json!({}));
    set(spec, "schedulerName", json!("default-scheduler"));
    let account = text(spec, "/serviceAccountName").to_owned();
    if !account.is_empty() {
        set(spec, "serviceAccount", account.into());
    }
}

fn service(spec: &mut Value) {
    set(spec, "type", json!("ClusterIP"));
    set(spec, "sessionAffinity", json!("None"));
    set(spec, "internalTrafficPolicy", json!("Cluster"));
    for port in spec
        .get_mut("ports")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        set(port, "protocol", json!("TCP"));
        let number = port["port"].clone();
        set(port, "targetPort", number);
    }
}

/// Adds what only a new object gets: the labels by which a job finds its pods, addresses.
pub(crate) fn identify(object: &mut Value) {
    let uid = object["metadata"]["uid"].clone();
    let name = object["metadata"]["name"].clone();
    match object["kind"].as_str() {
        Some("Job") => {
            let spec = &mut object["spec"];
            spec["selector"] = json!({"matchLabels": {"batch.kubernetes.io/controller-uid": uid}});
            let labels = &mut spec["template"]["metadata"]["labels"];
            for key in ["batch.kubernetes.io/controller-uid", "controller-uid"] {
                labels[key] = uid.clone();
            }
            for key in ["batch.kubernetes.io/job-name", "job-name"] {
                labels[key] = name.clone();
            }
            object["status"] = json!({});
        }
        Some("Pod") => {
            let spec = &mut object["spec"];
            let tolerated = |key: &str| json!({"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300});
            let mut all = spec["tolerations"].as_array().cloned().unwrap_or_default();
            all.extend(["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"].map(tolerated));
            spec["tolerations"] = all.into();
            set(spec, "priority", json!(0));
            set(spec, "enableServiceLinks", json!(true));
            set(spec, "preemptionPolicy", json!("PreemptLowerPriority"));
            let quality = quality(spec);
            object["status"] = json!({"phase": "Pending", "qosClass": quality});
        }
        Some("Service") => {
            let spec = &mut object["spec"];
            if spec["clusterIP"].is_null() {
                let number = uid
                    .as_str()
                    .and_then(|uid| u32::from_str_radix(&uid[..4], 16).ok())
                    .unwrap_or(1);
                spec["clusterIP"] = format!("10.96.{}.{}", number / 256, number % 256).into();
            }
            let address = spec["clusterIP"].clone();
            set(spec, "clusterIPs", json!([address]));
            set(spec, "ipFamilies", json!(["IPv4"]));
            set(spec, "ipFamilyPolicy", json!("SingleStack"));
            object["status"] = json!({"loadBalancer": {}});
        }
        Some("Ingress") => object["status"] = json!({"loadBalancer": {}}),
        _ => {}
    }
}

fn quality(spec: &Value) -> &'static str {
    let containers = spec["containers"].as_array().cloned().unwrap_or_default();
    let resources: Vec<_> = containers
        .iter()
        .map(|container| &container["resources"])
        .collect();
    let set = |part: &Value| part.as_object().is_some_and(|map| !map.is_empty());
    if resources
        .iter()
        .all(|found| !set(&found["requests"]) && !set(&found["limits"]))
    {
        return "BestEffort";
    }
    let guaranteed = |found: &&Value| {
        found["limits"]["cpu"].is_string()
            && found["limits"]["memory"].is_string()
            && found["limits"]["cpu"] == found["requests"]["cpu"]
            && found["limits"]["memory"] == found["requests"]["memory"]
    };
    if resources.iter().all(guaranteed) {
        "Guaranteed"
    } else {
        "Burstable"
    }
}
