//! JobSets, plain and queued.

use kubernetes_stand_in::{Options, Script, StandIn};
use serde_json::{Value, json};

use crate::support::{apply, job};

fn set(labels: &Value) -> Value {
    let spec = job("x", &json!({}))["spec"].clone();
    json!({
        "apiVersion": "jobset.x-k8s.io/v1alpha2", "kind": "JobSet", "metadata": {"name": "s", "labels": labels},
        "spec": {
            "successPolicy": {"operator": "All", "targetReplicatedJobs": ["worker"]},
            "replicatedJobs": [
                {"name": "worker", "replicas": 2, "template": {"spec": spec}},
                {"name": "ps", "replicas": 1, "template": {"spec": spec}},
            ],
        },
    })
}

fn ended(cluster: &StandIn) -> Value {
    cluster.object("jobsets", "default", "s").unwrap()["status"]["terminalState"].clone()
}

#[tokio::test]
async fn the_workers_decide_and_the_rest_is_ended() {
    let cluster = StandIn::start(Options {
        jobset: true,
        ..Options::default()
    })
    .await;
    cluster.pods("s-ps", Script::runs_forever());
    assert_eq!(apply(&cluster, &set(&json!({}))).await.status, 201);
    cluster.wait_until(|cluster| ended(cluster) == "Completed").await;
    let gone = |cluster: &StandIn| cluster.object("jobs", "default", "s-ps-0").is_none();
    cluster.wait_until(gone).await;
    let worker = cluster.object("jobs", "default", "s-worker-1").unwrap();
    assert_eq!(worker["metadata"]["labels"]["jobset.sigs.k8s.io/job-index"], "1");
}

#[tokio::test]
async fn one_failure_fails_the_set() {
    let cluster = StandIn::start(Options {
        jobset: true,
        ..Options::default()
    })
    .await;
    cluster.pods("s-", Script::runs_forever());
    cluster.pods("s-worker-1", Script::fails(1));
    apply(&cluster, &set(&json!({}))).await;
    cluster.wait_until(|cluster| ended(cluster) == "Failed").await;
    cluster
        .wait_until(|cluster| cluster.objects("jobs", "default").len() == 1)
        .await;
}

#[tokio::test]
async fn a_queued_set_waits_until_it_is_admitted() {
    let cluster = StandIn::start(Options {
        jobset: true,
        kueue: true,
        ..Options::default()
    })
    .await;
    apply(&cluster, &set(&json!({"kueue.x-k8s.io/queue-name": "team"}))).await;
    cluster
        .wait_until(|cluster| cluster.objects("jobs", "default").len() == 3)
        .await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(
        cluster.objects("pods", "default").is_empty(),
        "a pod started without admission"
    );
    cluster.admit("default", "s");
    cluster.wait_until(|cluster| ended(cluster) == "Completed").await;
}
