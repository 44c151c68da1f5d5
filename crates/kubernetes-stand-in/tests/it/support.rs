//! A client that sends what it is told.

use std::time::Duration;

use kubernetes_stand_in::{Options, StandIn};
use serde_json::{Value, json};

/// An answer: status, warnings, body (JSON where it is, else text).
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) warning: Option<String>,
    pub(crate) body: Value,
}

pub(crate) async fn start() -> StandIn {
    StandIn::start(Options::default()).await
}

pub(crate) fn client() -> reqwest::Client {
    // A second call finds what the first one installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(20))
        .build()
        .unwrap()
}

pub(crate) async fn ask(cluster: &StandIn, method: &str, path: &str, kind: &str, body: &Value) -> Answer {
    ask_as(cluster, cluster.token(), method, path, kind, body).await
}

pub(crate) async fn ask_as(
    cluster: &StandIn,
    token: &str,
    method: &str,
    path: &str,
    kind: &str,
    body: &Value,
) -> Answer {
    let mut request = client()
        .request(method.parse().unwrap(), format!("{}{path}", cluster.url()))
        .header("authorization", format!("Bearer {token}"));
    if !body.is_null() {
        request = request.header("content-type", kind).body(body.to_string());
    }
    read(request.send().await.unwrap()).await
}

pub(crate) async fn read(response: reqwest::Response) -> Answer {
    let status = response.status().as_u16();
    let warning = response
        .headers()
        .get("warning")
        .map(|value| value.to_str().unwrap().to_owned());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Answer {
        status,
        warning,
        body,
    }
}

pub(crate) async fn get(cluster: &StandIn, path: &str) -> Answer {
    ask(cluster, "GET", path, "", &Value::Null).await
}

pub(crate) async fn delete(cluster: &StandIn, path: &str, policy: &str) -> Answer {
    let body = json!({"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": policy});
    ask(cluster, "DELETE", path, "application/json", &body).await
}

/// Applies an object by force, strictly.
pub(crate) async fn apply(cluster: &StandIn, object: &Value) -> Answer {
    let path = format!(
        "{}?fieldManager=efls-console&force=true&fieldValidation=Strict",
        path_of(object)
    );
    ask(cluster, "PATCH", &path, "application/apply-patch+yaml", object).await
}

pub(crate) fn path_of(object: &Value) -> String {
    let version = object["apiVersion"].as_str().unwrap();
    let prefix = if version == "v1" {
        "/api/v1".into()
    } else {
        format!("/apis/{version}")
    };
    let plural = match object["kind"].as_str().unwrap() {
        "Ingress" => "ingresses".into(),
        kind => format!("{}s", kind.to_lowercase()),
    };
    let namespace = object["metadata"]["namespace"].as_str().unwrap_or("default");
    format!(
        "{prefix}/namespaces/{namespace}/{plural}/{}",
        object["metadata"]["name"].as_str().unwrap()
    )
}

/// A job with one container; fields of its spec can be set beside it.
pub(crate) fn job(name: &str, spec: &Value) -> Value {
    let mut job = json!({
        "apiVersion": "batch/v1", "kind": "Job",
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": {
            "backoffLimit": 0,
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"restartPolicy": "Never", "containers": [{"name": "main", "image": "registry.example/x:1"}]},
            },
        },
    });
    for (name, value) in spec.as_object().into_iter().flatten() {
        job["spec"][name] = value.clone();
    }
    job
}

/// Whether a job has a condition that is true.
pub(crate) fn has_condition(cluster: &StandIn, job: &str, condition: &str) -> bool {
    let found = cluster.object("jobs", "default", job).unwrap_or_default();
    found["status"]["conditions"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|one| one["type"] == condition && one["status"] == "True")
}

/// The one pod of a job.
pub(crate) fn pod_of(cluster: &StandIn, job: &str) -> Option<Value> {
    let pods = cluster.objects("pods", "default");
    pods.into_iter()
        .find(|pod| pod["metadata"]["labels"]["job-name"] == job)
}

/// The reasons and messages of the events about an object, in their order.
pub(crate) fn events_of(cluster: &StandIn, name: &str) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut events = cluster.objects("events", "default");
    events.sort_by_key(|event| -> u64 {
        event["metadata"]["resourceVersion"]
            .as_str()
            .unwrap_or_default()
            .parse()
            .unwrap_or(0)
    });
    let about = events
        .iter()
        .filter(|event| event["involvedObject"]["name"] == name);
    about
        .map(|event| (text(&event["reason"]), text(&event["message"])))
        .collect()
}
