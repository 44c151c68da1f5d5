//! The controller of jobs.

use kubernetes_stand_in::{Script, StandIn};
use serde_json::{Value, json};

use crate::support::{apply, events_of, has_condition, job, pod_of, start};

#[tokio::test]
async fn an_indexed_job_makes_one_pod_for_each_index() {
    let cluster = start().await;
    cluster.pods("w-", Script::succeeds());
    let spec = json!({"completionMode": "Indexed", "completions": 3, "parallelism": 2});
    assert_eq!(apply(&cluster, &job("w", &spec)).await.status, 201);
    cluster
        .wait_until(|cluster| has_condition(cluster, "w", "Complete"))
        .await;
    let done = cluster.object("jobs", "default", "w").unwrap();
    assert_eq!(
        (&done["status"]["succeeded"], &done["status"]["completedIndexes"]),
        (&json!(3), &json!("0-2"))
    );
    let mut hosts: Vec<_> = cluster
        .objects("pods", "default")
        .iter()
        .map(|pod| pod["spec"]["hostname"].clone())
        .collect();
    hosts.sort_by_key(Value::to_string);
    assert_eq!(hosts, ["w-0", "w-1", "w-2"]);
}

#[tokio::test]
async fn a_failed_pod_is_made_anew_up_to_the_limit() {
    let cluster = start().await;
    cluster.pods("f", Script::fails(3));
    apply(&cluster, &job("f", &json!({"backoffLimit": 2}))).await;
    cluster
        .wait_until(|cluster| has_condition(cluster, "f", "Failed"))
        .await;
    let job = cluster.object("jobs", "default", "f").unwrap();
    assert_eq!(job["status"]["failed"], 3);
    let codes: Vec<_> = cluster
        .objects("pods", "default")
        .iter()
        .map(|pod| pod["status"]["containerStatuses"][0]["state"]["terminated"]["exitCode"].clone())
        .collect();
    assert_eq!(codes, [3, 3, 3]);
}

#[tokio::test]
async fn a_deadline_ends_a_job_and_its_pods() {
    let cluster = start().await;
    cluster.pods("d", Script::runs_forever());
    apply(&cluster, &job("d", &json!({"activeDeadlineSeconds": 1}))).await;
    cluster
        .wait_until(|cluster| has_condition(cluster, "d", "Failed"))
        .await;
    let job = cluster.object("jobs", "default", "d").unwrap();
    assert_eq!(job["status"]["conditions"][0]["reason"], "DeadlineExceeded");
    cluster
        .wait_until(|cluster| cluster.objects("pods", "default").is_empty())
        .await;
    let events = events_of(&cluster, "d");
    assert!(events.contains(&(
        "DeadlineExceeded".into(),
        "Job was active longer than specified deadline".into()
    )));
}

#[tokio::test]
async fn quota_and_webhook_appear_as_events_alone() {
    let cluster = start().await;
    cluster.quota(
        "default",
        "compute, requested: pods=1, used: pods=5, limited: pods=5",
    );
    apply(&cluster, &job("q", &json!({}))).await;
    let told = |cluster: &StandIn| {
        events_of(cluster, "q")
            .iter()
            .any(|(reason, _)| reason == "FailedCreate")
    };
    cluster.wait_until(told).await;
    let (_, message) = events_of(&cluster, "q").remove(0);
    assert!(
        message.starts_with("Error creating: pods \"q-") && message.contains("exceeded quota"),
        "{message}"
    );
    assert!(cluster.object("jobs", "default", "q").unwrap()["status"]["conditions"].is_null());
    cluster.no_quota("default");
    cluster
        .wait_until(|cluster| has_condition(cluster, "q", "Complete"))
        .await;

    cluster.refuse("jobs", "webhook \"policy.example\" denied the request: no label");
    let refused = apply(&cluster, &job("r", &json!({}))).await;
    let wanted = "admission webhook \"policy.example\" denied the request: no label";
    assert_eq!((refused.status, &refused.body["message"]), (403, &json!(wanted)));
    cluster.refuse_nothing();
    assert_eq!(apply(&cluster, &job("r", &json!({}))).await.status, 201);
}

#[tokio::test]
async fn an_evicted_pod_says_why() {
    let cluster = start().await;
    cluster.pods("e", Script::evicted());
    apply(&cluster, &job("e", &json!({}))).await;
    cluster
        .wait_until(|cluster| has_condition(cluster, "e", "Failed"))
        .await;
    let pod = pod_of(&cluster, "e").unwrap();
    assert_eq!(
        (&pod["status"]["phase"], &pod["status"]["reason"]),
        (&json!("Failed"), &json!("Evicted"))
    );
}

#[tokio::test]
async fn what_had_no_node_runs_when_there_is_one() {
    let cluster = start().await;
    cluster.pods("u", Script::unschedulable().exit(0));
    apply(&cluster, &job("u", &json!({}))).await;
    cluster
        .wait_until(|cluster| pod_of(cluster, "u").is_some_and(|pod| !pod["status"]["conditions"].is_null()))
        .await;
    assert_eq!(pod_of(&cluster, "u").unwrap()["status"]["phase"], "Pending");
    cluster.start_unschedulable();
    cluster
        .wait_until(|cluster| has_condition(cluster, "u", "Complete"))
        .await;
}

#[tokio::test]
async fn a_test_can_end_a_pod_by_hand() {
    let cluster = start().await;
    cluster.pods("h", Script::runs_forever());
    apply(&cluster, &job("h", &json!({}))).await;
    cluster
        .wait_until(|cluster| pod_of(cluster, "h").is_some_and(|pod| pod["status"]["phase"] == "Running"))
        .await;
    let name = pod_of(&cluster, "h").unwrap()["metadata"]["name"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(cluster.finish_pod(&name, 7));
    cluster
        .wait_until(|cluster| has_condition(cluster, "h", "Failed"))
        .await;
    assert!(!cluster.finish_pod(&name, 0), "it has ended");
}

#[tokio::test]
async fn suspending_stops_pods_without_counting_them() {
    let cluster = start().await;
    cluster.pods("s", Script::runs_forever());
    apply(&cluster, &job("s", &json!({}))).await;
    cluster
        .wait_until(|cluster| pod_of(cluster, "s").is_some_and(|pod| pod["status"]["phase"] == "Running"))
        .await;
    apply(&cluster, &job("s", &json!({"suspend": true}))).await;
    cluster
        .wait_until(|cluster| has_condition(cluster, "s", "Suspended") && pod_of(cluster, "s").is_none())
        .await;
    let job = cluster.object("jobs", "default", "s").unwrap();
    assert!(
        job["status"]["failed"].is_null() && job["status"]["startTime"].is_null(),
        "{job}"
    );
}
