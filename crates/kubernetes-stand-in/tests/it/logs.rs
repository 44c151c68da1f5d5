//! Logs, and pods that are processes.

use kubernetes_stand_in::{Script, StandIn};
use serde_json::{Value, json};

use crate::support::{apply, ask, get, has_condition, job, pod_of, start};

async fn log(cluster: &StandIn, job: &str, query: &str) -> Value {
    let name = pod_of(cluster, job).unwrap()["metadata"]["name"]
        .as_str()
        .unwrap()
        .to_owned();
    get(
        cluster,
        &format!("/api/v1/namespaces/default/pods/{name}/log?{query}"),
    )
    .await
    .body
}

async fn run(cluster: &StandIn, object: &Value) {
    assert_eq!(apply(cluster, object).await.status, 201);
    let name = object["metadata"]["name"].as_str().unwrap().to_owned();
    let runs = move |cluster: &StandIn| {
        pod_of(cluster, &name).is_some_and(|pod| pod["status"]["phase"] != "Pending")
    };
    cluster.wait_until(runs).await;
}

#[tokio::test]
async fn a_followed_log_ends_with_the_pod() {
    let cluster = start().await;
    cluster.pods(
        "l",
        Script::new()
            .log("one")
            .wait_ms(400)
            .log("two")
            .wait_ms(50)
            .log("three")
            .exit(0),
    );
    run(&cluster, &job("l", &json!({}))).await;
    assert_eq!(log(&cluster, "l", "").await, "one\n");
    assert_eq!(log(&cluster, "l", "follow=true").await, "one\ntwo\nthree\n");
    assert_eq!(log(&cluster, "l", "tailLines=1").await, "three\n");
    assert_eq!(log(&cluster, "l", "limitBytes=5").await, "one\nt");
    let stamped = log(&cluster, "l", "timestamps=true").await;
    let line = stamped.as_str().unwrap().lines().next().unwrap().to_owned();
    let (time, text) = line.split_once(' ').unwrap();
    assert!(
        chrono::DateTime::parse_from_rfc3339(time).is_ok() && text == "one",
        "{line}"
    );
}

#[tokio::test]
async fn each_container_has_its_own_log() {
    let cluster = start().await;
    let mut both = job("b", &json!({}));
    both["spec"]["template"]["spec"]["initContainers"] =
        json!([{"name": "tail", "image": "x:1", "restartPolicy": "Always"}]);
    cluster.pods(
        "b",
        Script::new().log("main").log_of("tail", "followed").wait_ms(100),
    );
    run(&cluster, &both).await;
    assert_eq!(log(&cluster, "b", "follow=true").await, "main\n");
    assert_eq!(log(&cluster, "b", "container=tail").await, "followed\n");
    assert_eq!(log(&cluster, "b", "container=none").await["code"], 400);
    let mut two = job("t", &json!({}));
    let containers = two["spec"]["template"]["spec"]["containers"]
        .as_array_mut()
        .unwrap();
    containers.push(json!({"name": "side", "image": "x:1"}));
    run(&cluster, &two).await;
    assert!(
        log(&cluster, "t", "").await["message"]
            .as_str()
            .unwrap()
            .contains("choose one of: [main side]")
    );
}

#[tokio::test]
async fn an_image_that_cannot_be_pulled_has_no_log() {
    let cluster = start().await;
    cluster.pods("i", Script::image_pull_error());
    apply(&cluster, &job("i", &json!({}))).await;
    cluster
        .wait_until(|cluster| {
            pod_of(cluster, "i").is_some_and(|pod| !pod["status"]["containerStatuses"].is_null())
        })
        .await;
    let answer = log(&cluster, "i", "").await;
    assert!(
        answer["message"]
            .as_str()
            .unwrap()
            .ends_with("is waiting to start: trying and failing to pull image")
    );
}

#[tokio::test]
async fn a_pod_can_be_a_process() {
    let cluster = start().await;
    cluster.pods("p", Script::process(["sh", "-c", "echo \"hello $WHO\"; exit 4"]));
    let mut named = job("p", &json!({}));
    named["spec"]["template"]["spec"]["containers"][0]["env"] = json!([{"name": "WHO", "value": "world"}]);
    run(&cluster, &named).await;
    cluster
        .wait_until(|cluster| has_condition(cluster, "p", "Failed"))
        .await;
    assert_eq!(log(&cluster, "p", "").await, "hello world\n");
    let code =
        pod_of(&cluster, "p").unwrap()["status"]["containerStatuses"][0]["state"]["terminated"]["exitCode"]
            .clone();
    assert_eq!(code, 4);
}

#[tokio::test]
async fn a_stopped_process_is_killed() {
    let cluster = start().await;
    let folder = std::env::temp_dir().join(format!("stand-in-{}", uuid::Uuid::new_v4()));
    let script = format!("sleep 1; touch {}", folder.display());
    cluster.pods("k", Script::process(["sh", "-c", &script]));
    run(&cluster, &job("k", &json!({}))).await;
    let path = "/apis/batch/v1/namespaces/default/jobs/k?propagationPolicy=Background";
    ask(&cluster, "DELETE", path, "", &Value::Null).await;
    cluster.wait_until(|cluster| cluster.is_empty("default")).await;
    tokio::time::sleep(std::time::Duration::from_millis(1300)).await;
    assert!(!folder.exists(), "the process went on");
}
