//! Runs that are in each other's way.

use std::sync::Arc;

use engine_kubernetes::KubernetesEngine;
use kubernetes_stand_in::{Options, Script as PodScript};
use serde_json::json;
use task_interface::conformance::{CaseSide, EngineCase, Script};
use task_interface::{Engine, TaskInfo, TaskKind};

use crate::support::{Bench, failed, failure, join, join_config, progress};

#[tokio::test(flavor = "multi_thread")]
async fn a_name_of_another_run_is_waited_for() {
    let bench = Bench::new().await;
    bench
        .cluster
        .pods("join-server", PodScript::new().wait_ms(500).exit(0));
    // Both sides say that they are the server.
    let side = || CaseSide::new(join_config("true"));
    let case = EngineCase::new(TaskKind::Sample, side(), side(), json!({}));
    let outcome = bench.run(&case, Script::default()).await;
    let (initiator, partner) = (&outcome.initiator, &outcome.partner);
    assert!(initiator.succeeded() && partner.succeeded(), "{outcome:?}");
    let told: Vec<_> = progress(initiator).into_iter().chain(progress(partner)).collect();
    let waited = told
        .iter()
        .any(|text| text.contains("another run uses the same names"));
    assert!(waited, "{told:?}");
    bench.is_left_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_of_a_stranger_is_left_alone() {
    let bench = Bench::new().await;
    let stranger = json!({
        "apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "join-server"},
        "spec": {"suspend": true, "template": {"spec": {"restartPolicy": "Never", "containers": [
            {"name": "main", "image": "registry.example/x:1"}]}}},
    });
    bench.cluster.put(stranger);
    let outcome = bench.run(&join(), Script::default()).await;
    let failure = failure(&outcome.initiator);
    assert_eq!(failure.valid_code(), Some("object_rejected"));
    let told = format!("{}", failure.message);
    assert!(!told.contains("join-server"), "{told}");
    assert!(failure.for_our_operators().en.contains("join-server"));
    let left = bench.cluster.object("jobs", "default", "join-server").unwrap();
    assert_eq!(left["spec"]["suspend"], true);
    bench.is_left_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_namespace_that_is_not_there_is_told() {
    let bench = Bench::with(Options::default(), |cluster| cluster.namespace = "nowhere".into()).await;
    let outcome = bench.run(&join(), Script::default()).await;
    assert_eq!(failure(failed(&outcome)).valid_code(), Some("namespace_missing"));
}

#[tokio::test]
async fn what_the_settings_do_not_allow_is_found_before_a_run() {
    let bench = Bench::with(Options::default(), |cluster| {
        cluster.images = vec!["registry.example/other/".into()];
    })
    .await;
    let engine: Arc<KubernetesEngine> = Arc::new((bench.engine())());
    let task = TaskInfo::new("task", "name", "1", TaskKind::Sample).with_config(join_config("true"));
    let problems = engine.validate(&task).await;
    let codes: Vec<_> = problems
        .iter()
        .filter_map(task_interface::Problem::valid_code)
        .collect();
    assert_eq!(codes, ["image_refused"]);
    assert!(bench.cluster.requests().is_empty());
}
