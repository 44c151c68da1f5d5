//! What pods write.

use kubernetes_stand_in::Script as PodScript;
use task_interface::conformance::Script;
use task_interface::host::Report;

use crate::support::{Bench, join, log, train};

#[tokio::test(flavor = "multi_thread")]
async fn lines_arrive_by_role_and_without_secrets() {
    let bench = Bench::new().await;
    let server = PodScript::new()
        .log("Flink at http://10.0.0.7:8081")
        .log("submitted with JobID 0af3c2")
        .log("-----BEGIN RSA PRIVATE KEY-----")
        .log("SECRET")
        .log("-----END RSA PRIVATE KEY-----")
        .wait_ms(200)
        .log("the last line")
        .exit(0);
    bench.cluster.pods("join-server", server);
    let outcome = bench.run(&join(), Script::default()).await;
    assert!(outcome.initiator.succeeded(), "{:?}", outcome.initiator.ended);
    let lines = log(&outcome.initiator);
    let texts: Vec<_> = lines.iter().map(|(_, text)| text.as_str()).collect();
    let expected = [
        "Flink at http://10.0.0.7:8081",
        "submitted with JobID 0af3c2",
        "[hidden]",
        "the last line",
    ];
    assert_eq!(texts, expected);
    assert!(lines.iter().all(|(role, _)| role == "job-submit"), "{lines:?}");
    let link = outcome.initiator.reports.iter().find_map(|report| match report {
        Report::CallBack(call_back) => call_back.message.as_ref()?.get("job_log_link"),
        _ => None,
    });
    assert_eq!(link.unwrap(), "http://10.0.0.7:8081/#/job/0af3c2/overview");
    bench.is_left_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_an_image_writes_are_its_log() {
    let bench = Bench::new().await;
    let worker = PodScript::new()
        .log_of("log", "epoch 1")
        .wait_ms(300)
        .log_of("log", "epoch 2")
        .wait_ms(100)
        .exit(0);
    bench.cluster.pods("leads-worker-1", worker);
    let outcome = bench.run(&train(), Script::default()).await;
    assert!(outcome.initiator.succeeded(), "{:?}", outcome.initiator.ended);
    let expected = [("worker-1", "epoch 1"), ("worker-1", "epoch 2")];
    let expected: Vec<_> = expected
        .map(|(role, text)| (role.to_owned(), text.to_owned()))
        .to_vec();
    assert_eq!(log(&outcome.initiator), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_breaks_off_goes_on_where_it_was() {
    let bench = Bench::new().await;
    let mut script = PodScript::new();
    for number in 0..20 {
        script = script.log(&format!("line {number}")).wait_ms(50);
    }
    bench.cluster.pods("join-server", script.exit(0));
    let case = join();
    let run = bench.run(&case, Script::default());
    let cut = async {
        for _ in 0..3 {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            bench.cluster.cut_watches();
        }
    };
    let (outcome, ()) = tokio::join!(run, cut);
    assert!(outcome.initiator.succeeded(), "{:?}", outcome.initiator.ended);
    let lines: Vec<_> = log(&outcome.initiator)
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    let expected: Vec<_> = (0..20).map(|number| format!("line {number}")).collect();
    assert_eq!(lines, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_of_a_pod_that_ends_at_once_are_kept() {
    let bench = Bench::new().await;
    bench
        .cluster
        .pods("join-client", PodScript::new().wait_ms(2000).exit(0));
    bench
        .cluster
        .pods("join-server", PodScript::new().log("no such table").exit(1));
    let outcome = bench.run(&join(), Script::default()).await;
    let lines: Vec<_> = log(&outcome.initiator)
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    assert_eq!(lines, ["no such table"], "{:?}", outcome.initiator.ended);
    bench.is_left_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pod_that_never_stops_writing_hides_no_other_and_keeps_no_run_from_its_end() {
    // The training has four pods: each may have 20 lines.
    let bench = Bench::with(kubernetes_stand_in::Options::default(), |cluster| {
        cluster.max_log_lines = 4 * 20;
    })
    .await;
    let chatter = PodScript::process(["sh", "-c", "while :; do echo chatter; done"]);
    bench.cluster.pods("leads-ps", chatter);
    let worker = PodScript::new()
        .wait_ms(1000)
        .log("the words of a worker")
        .wait_ms(100)
        .exit(0);
    bench.cluster.pods("leads-worker-1", worker);
    let outcome = bench.run(&train(), Script::default()).await;
    assert!(outcome.initiator.succeeded(), "{:?}", outcome.initiator.ended);
    let lines = log(&outcome.initiator);
    let of = |words: &str| lines.iter().filter(|(_, text)| text == words).count();
    assert_eq!(of("the words of a worker"), 1);
    assert_eq!(of("chatter"), 20);
    let cut = |text: &str| text.starts_with("The log is cut here");
    assert_eq!(lines.iter().filter(|(_, text)| cut(text)).count(), 1);
    bench.is_left_clean().await;
}
