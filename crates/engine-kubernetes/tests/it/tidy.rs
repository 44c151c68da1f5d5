//! What runs have left that nobody looks after any more.

use std::sync::Arc;

use async_trait::async_trait;
use kubernetes_stand_in::Fault;
use serde_json::{Value, json};
use task_interface::host::{HostError, KnownAttempts};
use task_interface::{AttemptState, Attempts, Engine};

use crate::support::Bench;

/// A console that knows one run, which is at its second attempt.
struct Console;

#[async_trait]
impl KnownAttempts for Console {
    async fn state(&self, instance: &str, attempt: u32) -> Result<AttemptState, HostError> {
        Ok(match (instance, attempt) {
            ("ours", 1) => AttemptState::Over,
            ("ours", 2) => AttemptState::Live,
            _ => AttemptState::Unknown,
        })
    }
}

/// What an attempt has made.
fn leave(bench: &Bench, instance: &str, attempt: &str, manager: &str) {
    let name = format!("efls-{instance}-{attempt}");
    let labels = json!({"app.kubernetes.io/managed-by": manager});
    let owner = bench.cluster.put(json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "labels": labels},
        "data": {"instance": instance, "attempt": attempt},
    }));
    let owner =
        json!([{"apiVersion": "v1", "kind": "ConfigMap", "name": name, "uid": owner["metadata"]["uid"]}]);
    bench.cluster.put(json!({
        "apiVersion": "batch/v1", "kind": "Job",
        "metadata": {"name": format!("{name}-worker"), "labels": labels, "ownerReferences": owner},
        "spec": {"suspend": true, "template": {"spec": {
            "restartPolicy": "Never", "containers": [{"name": "main", "image": "registry.example/x:1"}]}}},
    }));
}

fn names(bench: &Bench, plural: &str) -> Vec<String> {
    let objects = bench.cluster.objects(plural, "default");
    let name = |object: &Value| object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    let mut names: Vec<_> = objects.iter().map(name).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_over_and_ours_is_removed() {
    let bench = Bench::new().await;
    for (instance, attempt) in [("ours", "1"), ("ours", "2"), ("theirs", "1")] {
        leave(&bench, instance, attempt, "efls-console");
    }
    leave(&bench, "ours", "0", "somebody-else");
    let engine = (bench.engine())();
    let attempts = Attempts::new(Arc::new(Console));
    engine.tidy(attempts.clone()).await.unwrap();
    let kept = ["efls-ours-0", "efls-ours-2", "efls-theirs-1"];
    bench
        .cluster
        .wait_until(|_| names(&bench, "configmaps") == kept)
        .await;
    let jobs: Vec<_> = kept.iter().map(|name| format!("{name}-worker")).collect();
    bench.cluster.wait_until(|_| names(&bench, "jobs") == jobs).await;
    engine.tidy(attempts).await.unwrap();
    assert_eq!(names(&bench, "configmaps"), kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_is_away_is_told() {
    let bench = Bench::new().await;
    bench.cluster.fault(Fault::Unreachable);
    let told = (bench.engine())().tidy(Attempts::new(Arc::new(Console))).await;
    let error = told.unwrap_err();
    assert!(error.is_retryable());
    assert_eq!(error.failure().unwrap().valid_code(), Some("cluster_unreachable"));
}
