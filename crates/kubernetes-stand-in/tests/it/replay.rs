//! Each recorded exchange, sent to the stand-in: the answer is the recorded one but for times, ids and versions.

use std::path::Path;

use kubernetes_stand_in::{Script, StandIn};
use serde_json::Value;

use crate::support::{Answer, client, events_of, has_condition, pod_of, read, start};
use crate::watches::Watch;

fn recorded(name: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// Sends a recorded request, with the administrator's token where the recording shows none.
async fn send(cluster: &StandIn, exchange: &Value, replace: [&str; 2]) -> Answer {
    let request = &exchange["request"];
    let path = request["path"].as_str().unwrap().replace(replace[0], replace[1]);
    let url = format!("{}{path}", cluster.url());
    let mut sent = client().request(request["method"].as_str().unwrap().parse().unwrap(), url);
    let headers = request["headers"].as_object().unwrap();
    if !headers.contains_key("Authorization") {
        sent = sent.header("authorization", format!("Bearer {}", cluster.token()));
    }
    for (name, value) in headers {
        sent = sent.header(name, value.as_str().unwrap());
    }
    if !request["body"].is_null() {
        sent = sent
            .header("content-type", request["content_type"].as_str().unwrap())
            .body(request["body"].to_string());
    }
    read(sent.send().await.unwrap()).await
}

async fn replay(cluster: &StandIn, name: &str) {
    replay_with(cluster, name, ["\0", ""]).await;
}

async fn replay_with(cluster: &StandIn, name: &str, replace: [&str; 2]) {
    let exchange = recorded(name);
    let answer = send(cluster, &exchange, replace).await;
    assert_eq!(exchange["status"], answer.status, "{name}: {}", answer.body);
    assert_eq!(
        exchange["headers"]["Warning"].as_str(),
        answer.warning.as_deref(),
        "{name}"
    );
    let (wanted, found) = (plain(&exchange["body"]), plain(&answer.body));
    assert_eq!(wanted, found, "{name}\nwanted {wanted}\nfound  {found}");
}

/// Without what differs from run to run.
fn plain(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(fields) => {
            let known = |(name, value): (&String, &Value)| {
                let of_pod = name == "managedFields" && fields.contains_key("generateName");
                let value = match name.as_str() {
                    // The recording's kubelet was a script, which has another name and wrote conditions one by one.
                    _ if of_pod => "POD".into(),
                    "resourceVersion" => "VERSION".into(),
                    "name" if fields.contains_key("generateName") => "POD".into(),
                    "startedAt" | "finishedAt" | "startTime" | "completionTime" => "TIME".into(),
                    _ => plain(value),
                };
                (name.clone(), value)
            };
            fields.iter().map(known).collect()
        }
        Value::String(text) => plain_text(text).into(),
        other => other.clone(),
    }
}

fn plain_text(text: &str) -> String {
    if chrono::DateTime::parse_from_rfc3339(text).is_ok() {
        return "TIME".into();
    }
    let mut text = text.to_owned();
    // The server writes the immutable template as a Go structure, with every field of its own release.
    if let Some((before, rest)) = text.split_once("Invalid value: {")
        && rest.ends_with("field is immutable")
    {
        text = format!("{before}Invalid value: TEMPLATE: field is immutable");
    }
    let ids: Vec<_> = (0..text.len().saturating_sub(35))
        .filter_map(|start| text.get(start..start + 36))
        .filter(|part| uuid::Uuid::parse_str(part).is_ok())
        .map(String::from)
        .collect();
    let asked = "11111111-1111-1111-1111-111111111111";
    ids.iter()
        .filter(|id| *id != asked)
        .for_each(|id| text = text.replace(id, "UID"));
    text
}

/// A cluster whose pods do what those of the recording did.
async fn cluster() -> StandIn {
    let cluster = start().await;
    let ticks = (1..=10).fold(Script::new().log("started"), |script, tick| {
        script.log(&format!("tick {tick}"))
    });
    cluster.pods("g-ok", ticks.wait_ms(100).log("ended 0").exit(0));
    cluster.pods("g-fail", Script::fails(1));
    cluster.pods("g-oom", Script::oom_killed());
    cluster.pods("g-pull", Script::image_pull_error());
    cluster.pods("g-pend", Script::unschedulable());
    cluster.pods("g-stop", Script::runs_forever());
    cluster
}

#[tokio::test]
async fn what_is_refused() {
    let cluster = cluster().await;
    replay(&cluster, "watch-too-old.json").await;
    for name in [
        "api-version-gone",
        "apply-forbidden",
        "apply-job-bad-name",
        "apply-job-bad-quantity",
        "apply-job-unknown-field",
        "apply-missing-namespace",
        "create-job-unknown-field-strict",
        "create-job-unknown-field-warn",
        "get-missing",
        "pod-log-missing",
        "unauthorized",
        "list-jobs",
    ] {
        replay(&cluster, &format!("{name}.json")).await;
    }
    assert!(
        cluster.is_empty("default"),
        "a refused request or a dry run left something behind"
    );
}

#[tokio::test]
async fn a_job_from_its_creation_to_its_end() {
    let cluster = cluster().await;
    replay(&cluster, "apply-job-created.json").await;
    replay(&cluster, "delete-job-wrong-uid.json").await;
    replay(&cluster, "apply-job-conflict-without-force.json").await;
    replay(&cluster, "apply-job-template-changed.json").await;
    cluster
        .wait_until(|cluster| has_condition(cluster, "g-ok", "Complete"))
        .await;
    replay(&cluster, "get-job-complete.json").await;
    replay(&cluster, "pods-ok.json").await;
    let pod = pod_of(&cluster, "g-ok").unwrap()["metadata"]["name"]
        .as_str()
        .unwrap()
        .to_owned();
    replay_with(&cluster, "pod-log.json", ["g-ok-f4gnm", &pod]).await;
}

#[tokio::test]
async fn an_apply_that_changes_nothing_keeps_the_version() {
    let cluster = cluster().await;
    cluster.pods("g-ok", Script::unschedulable());
    let exchange = recorded("apply-job-unchanged.json");
    send(&cluster, &exchange, ["\0", ""]).await;
    let settled = |cluster: &StandIn| {
        let waits = pod_of(cluster, "g-ok").is_some_and(|pod| !pod["status"]["conditions"].is_null());
        // The pod is counted twice: as an active one when it is made, and as not ready when it is seen.
        let job = cluster.object("jobs", "default", "g-ok").unwrap();
        waits && job["status"]["active"] == 1 && job["status"]["ready"] == 0
    };
    cluster.wait_until(settled).await;
    let version = |cluster: &StandIn| {
        cluster.object("jobs", "default", "g-ok").unwrap()["metadata"]["resourceVersion"].clone()
    };
    let before = version(&cluster);
    let answer = send(&cluster, &exchange, ["\0", ""]).await;
    assert_eq!((answer.status, version(&cluster)), (200, before));
}

#[tokio::test]
async fn jobs_that_fail() {
    let cluster = cluster().await;
    replay(&cluster, "g-fail.json").await;
    replay(&cluster, "g-oom.json").await;
    cluster
        .wait_until(|cluster| has_condition(cluster, "g-fail", "Failed"))
        .await;
    replay(&cluster, "get-job-failed.json").await;
    cluster
        .wait_until(|cluster| has_condition(cluster, "g-oom", "Failed"))
        .await;
    replay(&cluster, "list-pods-of-job.json").await;
    let last = events_of(&cluster, "g-fail").pop().unwrap();
    assert_eq!(
        last,
        (
            "BackoffLimitExceeded".into(),
            "Job has reached the specified backoff limit".into()
        )
    );
}

#[tokio::test]
async fn a_pod_without_a_node() {
    let cluster = cluster().await;
    replay(&cluster, "g-pend.json").await;
    let waits = |cluster: &StandIn| {
        pod_of(cluster, "g-pend")
            .is_some_and(|pod| pod["status"]["conditions"][0]["reason"] == "Unschedulable")
    };
    cluster.wait_until(waits).await;
    let pod = pod_of(&cluster, "g-pend").unwrap()["metadata"]["name"]
        .as_str()
        .unwrap()
        .to_owned();
    replay(&cluster, "pods-pend.json").await;
    replay_with(&cluster, "pod-log-not-scheduled.json", ["g-pend-xwlz8", &pod]).await;
    let job = cluster.object("jobs", "default", "g-pend").unwrap();
    assert!(
        job["status"]["conditions"].is_null(),
        "such a job has no condition, ever: {job}"
    );
}

#[tokio::test]
async fn a_job_that_waits_to_be_resumed() {
    let cluster = cluster().await;
    cluster.pods("g-susp", Script::new().wait_ms(50));
    replay(&cluster, "g-susp.json").await;
    cluster
        .wait_until(|cluster| has_condition(cluster, "g-susp", "Suspended"))
        .await;
    replay(&cluster, "get-job-suspended.json").await;
    assert!(pod_of(&cluster, "g-susp").is_none(), "a suspended job has a pod");
    replay(&cluster, "resume-job.json").await;
    cluster
        .wait_until(|cluster| has_condition(cluster, "g-susp", "Complete"))
        .await;
    assert!(!has_condition(&cluster, "g-susp", "Suspended"));
}

#[tokio::test]
async fn a_job_that_is_stopped() {
    let cluster = cluster().await;
    replay(&cluster, "g-stop.json").await;
    let runs = |cluster: &StandIn| {
        let job = cluster.object("jobs", "default", "g-stop").unwrap();
        job["status"]["ready"] == 1
    };
    cluster.wait_until(runs).await;
    replay(&cluster, "delete-job-foreground.json").await;
    cluster.wait_until(|cluster| cluster.is_empty("default")).await;
}

#[tokio::test]
async fn jobs_whose_time_is_over() {
    let cluster = cluster().await;
    replay(&cluster, "g-ttl.json").await;
    replay(&cluster, "g-pull.json").await;
    cluster
        .wait_until(|cluster| has_condition(cluster, "g-ttl", "Complete"))
        .await;
    cluster
        .wait_until(|cluster| cluster.object("jobs", "default", "g-ttl").is_none())
        .await;
    let why = |cluster: &StandIn| {
        let pod = pod_of(cluster, "g-pull")?;
        pod["status"]["containerStatuses"][0]["state"]["waiting"]["reason"]
            .as_str()
            .map(String::from)
    };
    cluster
        .wait_until(|cluster| why(cluster).as_deref() == Some("ImagePullBackOff"))
        .await;
    let job = cluster.object("jobs", "default", "g-pull").unwrap();
    assert!(
        job["status"]["conditions"].is_null(),
        "such a job has no condition before its deadline: {job}"
    );
}

/// The recorded events of a watch: their types, and the status of the job in each.
#[tokio::test]
async fn a_watch_of_jobs_sees_what_was_recorded() {
    let cluster = start().await;
    cluster.pods("g-", Script::runs_forever());
    let all = recorded("job-statuses.json");
    for (name, created, code) in [
        ("g-ok", "apply-job-created.json", Some(0)),
        ("g-fail", "g-fail.json", Some(1)),
        ("g-susp", "g-susp.json", Some(0)),
        ("g-stop", "g-stop.json", None),
    ] {
        let query = format!("fieldSelector=metadata.name%3D{name}");
        let mut watch = Watch::of(&cluster, "/apis/batch/v1/namespaces/default/jobs", &query).await;
        replay(&cluster, created).await;
        for (index, wanted) in all[name].as_array().unwrap().iter().enumerate() {
            let event = watch.next().await.unwrap();
            let found = plain(&event["object"]["status"]);
            assert_eq!(event["type"], wanted["type"], "event {index} of {name}");
            assert_eq!(found, plain(&wanted["status"]), "event {index} of {name}");
            if name == "g-susp" && index == 1 {
                replay(&cluster, "resume-job.json").await;
            }
            if event["object"]["status"]["ready"] == 1
                && event["object"]["metadata"]["deletionTimestamp"].is_null()
            {
                let pod = pod_of(&cluster, name).unwrap()["metadata"]["name"]
                    .as_str()
                    .unwrap()
                    .to_owned();
                match code {
                    Some(code) => assert!(cluster.finish_pod(&pod, code)),
                    None => replay(&cluster, "delete-job-foreground.json").await,
                }
            }
        }
    }
}
