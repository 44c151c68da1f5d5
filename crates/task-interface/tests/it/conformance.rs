use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use task_interface::conformance::{self, CaseSide, EngineCase};
use task_interface::{
    Bytes, CallBack, Description, Engine, EngineError, Problem, ReportedStatus, TaskContext, TaskInfo,
    TaskKind,
};

/// What is wrong with an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    Nothing,
    IgnoresStop,
    StopsWithAnError,
    LosesResultAfterRestart,
    ForgetsItsSecretAfterRestart,
    AcknowledgesWithoutCheckpoint,
    SucceedsWithoutPartner,
    ValidatesNothing,
    PointsNowhere,
    RefusesEverything,
    NeverSaysItRuns,
    CallsBackFailure,
    TalksAfterTheEnd,
    SwallowsErrors,
    BadName,
    BadSchema,
    StrictSchema,
    WrongResult,
    BlocksTheRuntime,
    BlocksTheRuntimeInATask,
    ObeysAStopLate,
    ReportsAHandleWithoutAttach,
    MeasuresItsTime,
}

/// Exchanges the numbers of both configs, each with a secret of its own that must outlive a restart.
struct Adder(Flaw);

/// How long a round of a slow engine takes.
const ROUND: Duration = Duration::from_millis(1500);

static SECRETS: AtomicU64 = AtomicU64::new(1);

impl Adder {
    async fn add(&self, context: &TaskContext, attached: bool) -> Result<(), EngineError> {
        let (flaw, begun) = (self.0, Instant::now());
        if flaw != Flaw::NeverSaysItRuns {
            context.reporter.running().await?;
        }
        let secret = if attached && flaw != Flaw::ForgetsItsSecretAfterRestart {
            String::from_utf8_lossy(&context.scratch.read_all("secret", 100).await?).into_owned()
        } else {
            let secret = SECRETS.fetch_add(1, Ordering::SeqCst).to_string();
            context.scratch.write_all("secret", secret.clone()).await?;
            context.reporter.handle(json!({})).await?;
            secret
        };
        self.round().await;
        let ours = context.task.config["number"]
            .as_i64()
            .ok_or_else(|| EngineError::fatal("no number"))?;
        context.peer.send(Bytes::from(format!("{secret} {ours}"))).await?;
        if flaw == Flaw::SucceedsWithoutPartner {
            return context.reporter.result("sum", json!(7)).await;
        }
        let theirs = context.peer.receive().await?;
        if flaw == Flaw::AcknowledgesWithoutCheckpoint {
            context.peer.acknowledge().await?;
        }
        let theirs: i64 = String::from_utf8_lossy(&theirs)
            .split_once(' ')
            .and_then(|(_, number)| number.parse().ok())
            .ok_or_else(|| EngineError::fatal("not a number"))?;
        let sum = if flaw == Flaw::WrongResult {
            0
        } else {
            ours + theirs
        };
        if !(attached && flaw == Flaw::LosesResultAfterRestart) {
            context.reporter.result("sum", json!(sum)).await?;
        }
        if flaw == Flaw::MeasuresItsTime {
            let nanoseconds = begun.elapsed().as_nanos() as f64;
            context.reporter.metric("duration", 1, nanoseconds).await?;
        }
        if flaw == Flaw::CallsBackFailure {
            let status = Some(ReportedStatus::Failed);
            context
                .reporter
                .call_back(CallBack {
                    status,
                    ..CallBack::default()
                })
                .await?;
        }
        if flaw == Flaw::TalksAfterTheEnd {
            let reporter = context.reporter.clone();
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(10)).await;
                let _ = reporter.progress(1.0, "still here").await;
            });
        }
        context.peer.flush().await
    }
}

impl Adder {
    /// What an engine computes between two messages.
    async fn round(&self) {
        let compute = || std::thread::sleep(ROUND);
        match self.0 {
            Flaw::BlocksTheRuntime => compute(),
            Flaw::BlocksTheRuntimeInATask => drop(tokio::spawn(async move { compute() }).await),
            Flaw::ObeysAStopLate => drop(tokio::task::spawn_blocking(compute).await),
            _ => {}
        }
    }
}

impl Engine for Adder {
    fn describe(&self) -> Description {
        let name = if self.0 == Flaw::BadName {
            "My Engine"
        } else {
            "adder"
        };
        let mut description = Description::new(name, "1", [TaskKind::Train]);
        description.capabilities.attach = self.0 != Flaw::ReportsAHandleWithoutAttach;
        let minimum = if self.0 == Flaw::StrictSchema { 100 } else { 0 };
        let schema = match self.0 {
            Flaw::BadSchema => json!({"type": "object", "properties": 5}),
            _ => json!({"type": "object", "properties": {"number": {"type": "integer", "minimum": minimum}}}),
        };
        for of_type in description.types.values_mut() {
            of_type.config_schema = schema.clone();
        }
        description
    }

    async fn validate(&self, task: &TaskInfo) -> Vec<Problem> {
        match self.0 {
            Flaw::ValidatesNothing => Vec::new(),
            Flaw::RefusesEverything => vec![Problem::at("", "no")],
            Flaw::PointsNowhere if !task.config["number"].is_i64() => vec![Problem::at("/nowhere", "wrong")],
            _ if !task.config["number"].is_i64() => vec![Problem::at("/number", "must be a whole number")],
            _ => Vec::new(),
        }
    }

    async fn task_run(&self, context: TaskContext) -> Result<(), EngineError> {
        let done = self.add(&context, false).await;
        self.pass_on(done).await
    }

    async fn task_attach(&self, context: TaskContext, _handle: Value) -> Result<(), EngineError> {
        let done = self.add(&context, true).await;
        self.pass_on(done).await
    }
}

impl Adder {
    async fn pass_on(&self, done: Result<(), EngineError>) -> Result<(), EngineError> {
        match (done, self.0) {
            (Err(EngineError::Cancelled), Flaw::IgnoresStop) => std::future::pending().await,
            (Err(EngineError::Cancelled), Flaw::StopsWithAnError) => Err(EngineError::fatal("stopped")),
            (Err(EngineError::Failed { .. }), Flaw::SwallowsErrors) => Ok(()),
            (done, _) => done,
        }
    }
}

fn case() -> EngineCase {
    EngineCase::new(
        TaskKind::Train,
        CaseSide::new(json!({"number": 3})),
        CaseSide::new(json!({"number": 4})),
        json!({"number": "three"}),
    )
    .time_limit(Duration::from_secs(8))
    .restarts(20)
    .check(
        |outcome| match (outcome.initiator.result("sum"), outcome.partner.result("sum")) {
            (Some(one), Some(other)) if *one == json!(7) && one == other => Ok(()),
            other => Err(format!("unexpected results {other:?}")),
        },
    )
}

async fn failures(flaw: Flaw) -> Vec<String> {
    failures_in(flaw, case()).await
}

async fn failures_in(flaw: Flaw, case: EngineCase) -> Vec<String> {
    conformance::run(move || Adder(flaw), &[case])
        .await
        .err()
        .map_or_else(Vec::new, |failures| failures.0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_engine_passes() {
    assert_eq!(failures(Flaw::Nothing).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_flaw_is_found_and_named() {
    let expected = [
        (Flaw::IgnoresStop, "a stop was not obeyed"),
        (Flaw::StopsWithAnError, "did not end as cancelled"),
        (Flaw::LosesResultAfterRestart, "the case's own check failed"),
        (
            Flaw::ForgetsItsSecretAfterRestart,
            "a second time with other bytes",
        ),
        (
            Flaw::AcknowledgesWithoutCheckpoint,
            "after it had been acknowledged",
        ),
        (Flaw::SucceedsWithoutPartner, "nobody was on the other side"),
        (Flaw::ValidatesNothing, "validate finds nothing wrong"),
        (Flaw::PointsNowhere, "which is not there"),
        (Flaw::RefusesEverything, "good config"),
        (Flaw::NeverSaysItRuns, "never reported that it runs"),
        (Flaw::CallsBackFailure, "did not end well"),
        (Flaw::TalksAfterTheEnd, "after the end of the job"),
        (Flaw::SwallowsErrors, "instead of an error"),
        (Flaw::BadName, "is not a short word"),
        (Flaw::BadSchema, "is not a JSON Schema"),
        (Flaw::StrictSchema, "refuses a good config"),
        (Flaw::WrongResult, "the case's own check failed"),
    ];
    let runs = expected.map(|(flaw, words)| async move { (flaw, words, failures(flaw).await) });
    for (flaw, words, failures) in futures_util::future::join_all(runs).await {
        assert!(
            failures.iter().any(|failure| failure.contains(words)),
            "{flaw:?}: {failures:#?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_with_one_fault_fails_for_that_reason_alone() {
    let expected = [
        (Flaw::BlocksTheRuntime, "the runtime was blocked for 1."),
        (Flaw::BlocksTheRuntimeInATask, "the runtime was blocked for 1."),
        (Flaw::ObeysAStopLate, "a stop was obeyed only after 1."),
        (
            Flaw::ReportsAHandleWithoutAttach,
            "reported a handle, but describe does not have the capability attach",
        ),
    ];
    let runs = expected.map(|(flaw, words)| async move {
        let found = failures_in(flaw, case().restarts(1).time_limit(Duration::from_secs(30))).await;
        (flaw, words, found)
    });
    for (flaw, words, failures) in futures_util::future::join_all(runs).await {
        assert!(!failures.is_empty(), "{flaw:?} passed");
        for failure in &failures {
            assert!(failure.contains(words), "{flaw:?}: {failures:#?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_must_be_equal_unless_the_case_says_that_they_vary() {
    let strict = failures_in(Flaw::MeasuresItsTime, case().restarts(1)).await;
    assert!(!strict.is_empty());
    assert!(
        strict.iter().all(|failure| failure.contains("metrics differ")),
        "{strict:#?}"
    );
    let lenient = failures_in(Flaw::MeasuresItsTime, case().restarts(1).metrics_vary()).await;
    assert_eq!(lenient, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_case_is_a_failure() {
    let found = conformance::run(|| Adder(Flaw::Nothing), &[]).await.unwrap_err();
    assert!(found.0[0].contains("no case"), "{found}");
    assert!(
        found.to_string().contains("no case for the task type Train"),
        "{found}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_for_a_type_that_the_engine_lacks_is_a_failure() {
    let side = || CaseSide::new(json!({"number": 1}));
    let other = EngineCase::new(TaskKind::Sample, side(), side(), json!({}));
    let found = conformance::run(|| Adder(Flaw::Nothing), &[other, case()])
        .await
        .unwrap_err();
    assert!(found.to_string().contains("no such task type"), "{found}");
}
