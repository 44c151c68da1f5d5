//! Faults of the server, and namespaces that go.

use std::time::{Duration, Instant};

use kubernetes_stand_in::{Fault, Options, Script, StandIn};
use serde_json::json;

use crate::support::{apply, client, get, job, start};

#[tokio::test]
async fn a_server_that_is_away_and_comes_back() {
    let cluster = start().await;
    cluster.fault(Fault::Unreachable);
    let sent = client()
        .get(format!("{}/version", cluster.url()))
        .bearer_auth(cluster.token())
        .send()
        .await;
    assert!(sent.is_err());
    cluster.fault(Fault::None);
    assert_eq!(get(&cluster, "/version").await.status, 200);
}

#[tokio::test]
async fn a_server_that_errs_or_is_slow() {
    let cluster = start().await;
    cluster.fault(Fault::Errors(503));
    let answer = get(&cluster, "/version").await;
    assert_eq!((answer.status, &answer.body["kind"]), (503, &json!("Status")));
    cluster.fault(Fault::Slow(Duration::from_millis(300)));
    let start = Instant::now();
    assert_eq!(get(&cluster, "/version").await.status, 200);
    assert!(start.elapsed() >= Duration::from_millis(300));
    let asked: Vec<_> = cluster.requests().iter().map(|request| request.status).collect();
    assert_eq!(asked, [503, 200]);
}

#[tokio::test]
async fn a_deleted_namespace_takes_all_with_it() {
    let cluster = StandIn::start(Options {
        namespaces: vec!["default".into(), "efls".into()],
        ..Options::default()
    })
    .await;
    cluster.pods("j", Script::runs_forever());
    let mut inside = job("j", &json!({}));
    inside["metadata"]["namespace"] = "efls".into();
    assert_eq!(apply(&cluster, &inside).await.status, 201);
    cluster
        .wait_until(|cluster| !cluster.objects("pods", "efls").is_empty())
        .await;
    cluster.delete_namespace("efls").await;
    assert!(cluster.is_empty("efls") && cluster.objects("events", "efls").is_empty());
    let answer = apply(&cluster, &inside).await;
    assert_eq!(
        (answer.status, &answer.body["message"]),
        (404, &json!("namespaces \"efls\" not found"))
    );
}

#[tokio::test]
async fn what_an_administrator_put_does_not_count_as_left_behind() {
    let cluster = start().await;
    let quota = cluster.put(json!({
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q"},
        "spec": {"hard": {"pods": "5"}}, "status": {"hard": {"pods": "5"}, "used": {"pods": "1"}},
    }));
    assert_eq!(quota["status"]["used"]["pods"], "1");
    assert!(cluster.is_empty("default"));
    apply(&cluster, &job("j", &json!({}))).await;
    assert!(!cluster.is_empty("default"));
}
