//! Clusters that do not do what they should.

use kubernetes_stand_in::{Fault as ClusterFault, Options, Rule, Script as PodScript, StandIn};
use serde_json::{Value, json};
use task_interface::conformance::Script;
use task_interface::{Engine, EngineError, Finding, Health};

use crate::support::{Bench, failed, failure, join, log, progress};

#[tokio::test(flavor = "multi_thread")]
async fn a_shortage_is_told_and_waited_for() {
    let bench = Bench::new().await;
    bench.cluster.pods("join-server", PodScript::unschedulable());
    let case = join();
    let run = bench.run(&case, Script::default());
    let room = async {
        bench.cluster.wait_until(unschedulable).await;
        // The engine sees it as well before there is room.
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        bench.cluster.start_unschedulable();
    };
    let (outcome, ()) = tokio::join!(run, room);
    assert!(outcome.initiator.succeeded(), "{:?}", outcome.initiator.ended);
    let told = progress(&outcome.initiator);
    assert!(told.iter().any(|text| text.contains("no node")), "{told:?}");
    bench.is_left_clean().await;
}

fn unschedulable(cluster: &StandIn) -> bool {
    let pods = cluster.objects("pods", "default");
    let mut conditions = pods
        .iter()
        .flat_map(|pod| pod["status"]["conditions"].as_array().into_iter().flatten());
    conditions.any(|condition: &Value| condition["reason"] == "Unschedulable")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shortage_that_lasts_ends_the_run() {
    let bench = Bench::with(Options::default(), |cluster| cluster.start_within_s = 1).await;
    bench.cluster.pods("join-server", PodScript::unschedulable());
    bench.cluster.pods("join-client", PodScript::runs_forever());
    let outcome = bench.run(&join(), Script::default()).await;
    let failure = failure(&outcome.initiator);
    assert_eq!(
        (failure.valid_code(), failure.retryable),
        (Some("unschedulable"), true)
    );
    bench.is_left_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_that_cannot_be_pulled_ends_the_run_and_is_named_to_us_alone() {
    let bench = Bench::with(Options::default(), |cluster| cluster.image_within_s = 1).await;
    bench.cluster.pods("join-server", PodScript::image_pull_error());
    bench.cluster.pods("join-client", PodScript::runs_forever());
    let outcome = bench.run(&join(), Script::default()).await;
    let failure = failure(&outcome.initiator);
    assert_eq!(failure.valid_code(), Some("image_pull_failed"));
    assert!(
        !failure.message.en.contains("registry.example"),
        "{}",
        failure.message
    );
    assert!(
        failure
            .for_our_operators()
            .en
            .contains("registry.example/sample:1")
    );
    bench.is_left_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_is_told_and_waited_for() {
    let bench = Bench::new().await;
    bench
        .cluster
        .quota("default", "exceeded quota: team, requested: pods=1");
    let case = join();
    let run = bench.run(&case, Script::default());
    let more = async {
        bench
            .cluster
            .wait_until(|cluster| has_event(cluster, "FailedCreate"))
            .await;
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        bench.cluster.no_quota("default");
    };
    let (outcome, ()) = tokio::join!(run, more);
    assert!(outcome.initiator.succeeded(), "{:?}", outcome.initiator.ended);
    let lines = log(&outcome.initiator);
    assert!(
        lines
            .iter()
            .any(|(_, text)| text.contains("exceeded quota: team")),
        "{lines:?}"
    );
    bench.is_left_clean().await;
}

fn has_event(cluster: &StandIn, reason: &str) -> bool {
    cluster
        .objects("events", "default")
        .iter()
        .any(|event| event["reason"] == reason)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_of_admission_is_told_and_waited_for() {
    let bench = Bench::new().await;
    bench
        .cluster
        .refuse("jobs", "webhook \"policy.example\" denied the request: no label");
    let case = join();
    let run = bench.run(&case, Script::default());
    let mended = async {
        bench
            .cluster
            .wait_until(|cluster| {
                cluster
                    .requests()
                    .iter()
                    .filter(|request| request.status == 403)
                    .count()
                    > 1
            })
            .await;
        bench.cluster.refuse_nothing();
    };
    let (outcome, ()) = tokio::join!(run, mended);
    assert!(outcome.initiator.succeeded(), "{:?}", outcome.initiator.ended);
    let lines = log(&outcome.initiator);
    assert!(
        lines.iter().any(|(_, text)| text.contains("policy.example")),
        "{lines:?}"
    );
    bench.is_left_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_rights_are_named() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cluster = StandIn::start(Options::default()).await;
    let token = cluster.token_with(&[
        Rule::new("", "configmaps", &["get", "list", "create", "patch", "delete"]),
        Rule::new("", "services", &["get", "list", "create", "patch", "delete"]),
        Rule::new("batch", "jobs", &["get", "list", "watch"]),
    ]);
    let kubeconfig = cluster.kubeconfig_of(&token);
    let bench = Bench::of(cluster, &kubeconfig, |_| {});
    let outcome = bench.run(&join(), Script::default()).await;
    let failure = failure(failed(&outcome));
    assert_eq!(failure.valid_code(), Some("cluster_forbidden"));
    let told = &failure.for_our_operators().en;
    assert!(
        told.contains("create jobs.batch") && told.contains("get pods/log"),
        "{told}"
    );
    assert!(!failure.message.en.contains("jobs"), "{}", failure.message);
    bench.is_left_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_are_not_accepted_are_told() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cluster = StandIn::start(Options::default()).await;
    let kubeconfig = cluster.kubeconfig_of("nobody");
    let bench = Bench::of(cluster, &kubeconfig, |_| {});
    let outcome = bench.run(&join(), Script::default()).await;
    assert_eq!(
        failure(failed(&outcome)).valid_code(),
        Some("cluster_unauthorized")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_comes_back_is_waited_for() {
    for fault in [ClusterFault::Unreachable, ClusterFault::Errors(503)] {
        let bench = Bench::new().await;
        bench.cluster.fault(fault);
        let case = join();
        let run = bench.run(&case, Script::default());
        let back = async {
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            bench.cluster.fault(ClusterFault::None);
        };
        let (outcome, ()) = tokio::join!(run, back);
        assert!(
            outcome.initiator.succeeded(),
            "{fault:?}: {:?}",
            outcome.initiator.ended
        );
        let told = progress(&outcome.initiator);
        assert!(
            told.iter().any(|text| text.contains("does not answer")),
            "{told:?}"
        );
        bench.is_left_clean().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn watches_that_break_or_expire_lose_nothing() {
    let bench = Bench::new().await;
    bench.cluster.pods("join", PodScript::new().wait_ms(2500).exit(0));
    let case = join();
    let run = bench.run(&case, Script::default());
    let cuts = async {
        for round in 0..4 {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            match round % 2 {
                0 => bench.cluster.expire_watches(),
                _ => bench.cluster.cut_watches(),
            }
        }
    };
    let (outcome, ()) = tokio::join!(run, cuts);
    for side in [&outcome.initiator, &outcome.partner] {
        assert!(side.succeeded(), "{:?}", side.ended);
    }
    bench.is_left_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_namespace_that_is_deleted_loses_the_run() {
    let bench = Bench::new().await;
    bench.cluster.pods("join", PodScript::runs_forever());
    let case = join();
    let run = bench.run(&case, Script::default());
    let deleted = async {
        bench
            .cluster
            .wait_until(|cluster| cluster.objects("pods", "default").len() == 2)
            .await;
        bench.cluster.delete_namespace("default").await;
    };
    let (outcome, ()) = tokio::join!(run, deleted);
    let lost = [&outcome.initiator, &outcome.partner]
        .into_iter()
        .any(|side| matches!(side.ended, Err(EngineError::LostJob { .. })));
    assert!(lost, "{:?} {:?}", outcome.initiator.ended, outcome.partner.ended);
}

/// What an operator is told of a cluster, by its health and words of the text.
#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_is_described_when_it_is_asked() {
    let options = Options {
        jobset: true,
        ..Options::default()
    };
    let bench = Bench::with(options, |_| {}).await;
    let quota = json!({
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team"},
        "spec": {"hard": {"pods": "10"}}, "status": {"hard": {"pods": "10"}, "used": {"pods": "10"}},
    });
    bench.cluster.put(quota);
    let told = |findings: Vec<Finding>| -> Vec<(Health, String)> {
        assert!(
            findings
                .iter()
                .all(|finding| finding.subject == "main" && finding.text.zh.is_some())
        );
        findings
            .into_iter()
            .map(|finding| (finding.health, finding.text.en))
            .collect()
    };
    let found = told((bench.engine())().check().await);
    let expected = [
        (
            Health::Good,
            "Kubernetes 1.36 answers. Namespace default. It has Jobs, JobSet.",
        ),
        (Health::Good, "The console has all rights that it needs."),
        (Health::Doubtful, "Quota team, used of allowed: pods 10/10."),
    ];
    assert_eq!(found, expected.map(|(health, text)| (health, text.to_owned())));
    bench.cluster.fault(ClusterFault::Unreachable);
    let found = told((bench.engine())().check().await);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, Health::Bad);
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_that_are_missing_are_named_before_anything_runs() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cluster = StandIn::start(Options::default()).await;
    let token = cluster.token_with(&[Rule::new("", "pods", &["get", "list", "watch"])]);
    let kubeconfig = cluster.kubeconfig_of(&token);
    let bench = Bench::of(cluster, &kubeconfig, |_| {});
    let found = (bench.engine())().check().await;
    let missing = found
        .iter()
        .find(|finding| finding.health == Health::Bad)
        .unwrap();
    let text = &missing.text.en;
    assert!(
        text.contains("create jobs.batch") && text.contains("get pods/log"),
        "{text}"
    );
    assert!(!text.contains("watch pods"), "{text}");
}
