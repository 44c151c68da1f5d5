//! Runs that end by themselves, well or not.

use kubernetes_stand_in::{Options, Script as PodScript};
use serde_json::json;
use task_interface::conformance::{CaseSide, EngineCase, Fault, Script};
use task_interface::{EngineError, TaskKind};

use crate::support::{Bench, failed, failure, join, train};

#[tokio::test(flavor = "multi_thread")]
async fn a_join_goes_through_both_sides() {
    let bench = Bench::new().await;
    let outcome = bench.run(&join(), Script::default()).await;
    for side in [&outcome.initiator, &outcome.partner] {
        assert!(side.succeeded(), "{:?}", side.ended);
    }
    bench.is_left_clean().await;
    let made = bench
        .cluster
        .requests()
        .into_iter()
        .filter(|request| request.status == 201);
    let jobs = made.filter(|request| request.body["kind"] == "Job").count();
    assert_eq!(jobs, 2, "each side makes one Job, once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_training_ends_with_its_workers() {
    let bench = Bench::new().await;
    for role in ["leads-ps", "leads-scheduler", "follows-ps", "follows-scheduler"] {
        bench.cluster.pods(role, PodScript::runs_forever());
    }
    let outcome = bench.run(&train(), Script::default()).await;
    for side in [&outcome.initiator, &outcome.partner] {
        assert!(side.succeeded(), "{:?}", side.ended);
    }
    bench.is_left_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_worker_that_fails_ends_the_training() {
    let bench = Bench::new().await;
    bench.cluster.pods("leads", PodScript::runs_forever());
    bench.cluster.pods("follows", PodScript::runs_forever());
    bench
        .cluster
        .pods("follows-worker-1", PodScript::new().wait_ms(100).exit(3));
    let outcome = bench.run(&train(), Script::default()).await;
    let failure = failure(&outcome.partner);
    assert_eq!(failure.valid_code(), Some("container_failed"));
    assert_eq!(failure.params["exit_code"], 3);
    assert_eq!(failure.params["role"], "worker");
    assert!(failure.retryable);
    assert!(!failure.message.en.contains("follows"), "{}", failure.message);
    assert_eq!(outcome.initiator.ended, Err(EngineError::Cancelled));
    bench.is_left_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_cluster_does_to_pods_is_told() {
    for (script, code, retryable) in [
        (PodScript::oom_killed(), "out_of_memory", false),
        (PodScript::evicted(), "pod_evicted", true),
        (PodScript::fails(137), "container_failed", true),
    ] {
        let bench = Bench::new().await;
        bench.cluster.pods("join-client", PodScript::runs_forever());
        bench.cluster.pods("join-server", script);
        let outcome = bench.run(&join(), Script::default()).await;
        let failure = failure(&outcome.initiator);
        assert_eq!((failure.valid_code(), failure.retryable), (Some(code), retryable));
        bench.is_left_clean().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_takes_too_long_is_ended_by_the_cluster() {
    let bench = Bench::with(Options::default(), |cluster| cluster.run_within_s = 1).await;
    bench.cluster.pods("join", PodScript::runs_forever());
    let outcome = bench.run(&join(), Script::default()).await;
    assert_eq!(failure(failed(&outcome)).valid_code(), Some("deadline_exceeded"));
    bench.is_left_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_leaves_nothing_behind() {
    let bench = Bench::new().await;
    bench
        .cluster
        .pods("leads", PodScript::runs_forever().on_stop_wait_ms(300));
    bench.cluster.pods("follows", PodScript::runs_forever());
    let fault = Fault::StopAtProgress {
        words: "all pods run",
    };
    let script = Script {
        initiator: Some(fault),
        ..Script::default()
    };
    let outcome = bench.run(&train(), script).await;
    assert_eq!(outcome.initiator.ended, Err(EngineError::Cancelled));
    assert_eq!(outcome.partner.ended, Err(EngineError::Cancelled));
    bench.is_left_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pods_that_share_their_work_are_no_error() {
    let bench = Bench::new().await;
    let redis = json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "redis"},
        "spec": {"selector": {"app": "redis"}, "ports": [{"port": 6379}]},
    });
    let config = |name: &str| {
        json!({
            "job_type": "feature-inc", "job_name": name, "docker_image": "registry.example/sample:1",
            "input_path": "/data/in", "output_path": "/data/out", "split_num": 4, "worker_num": 3,
            "left_key": "a", "right_key": "b", "aux_table": "c",
        })
    };
    let case = EngineCase::new(
        TaskKind::Sample,
        CaseSide::new(config("more")),
        CaseSide::new(config("most")),
        json!({}),
    );
    let outcome = bench.run(&case, Script::default()).await;
    let failure = failure(failed(&outcome));
    assert_eq!(failure.valid_code(), Some("service_missing"));
    bench.is_left_clean().await;
    bench.cluster.put(redis);
    let outcome = bench.run(&case, Script::default()).await;
    assert!(outcome.initiator.succeeded(), "{:?}", outcome.initiator.ended);
    bench.is_left_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_roles_of_a_generic_job_end_together() {
    let bench = Bench::new().await;
    let config = json!({
        "job_type": "generic", "docker_image": "registry.example/any:1",
        "roles": [
            {"name": "worker", "replicas": 3, "core": 1, "memory": 64, "port": 7000, "command": ["work"]},
            {"name": "ps", "core": 1, "memory": 64, "serves": true},
        ],
    });
    bench
        .cluster
        .pods("efls-instance-initiator-1-ps", PodScript::runs_forever());
    bench
        .cluster
        .pods("efls-instance-partner-1-ps", PodScript::runs_forever());
    let side = || CaseSide::new(config.clone());
    let case = EngineCase::new(TaskKind::Train, side(), side(), json!({}));
    let outcome = bench.run(&case, Script::default()).await;
    for side in [&outcome.initiator, &outcome.partner] {
        assert!(side.succeeded(), "{:?}", side.ended);
    }
    bench.is_left_clean().await;
}
