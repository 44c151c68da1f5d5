use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine_local::{LocalEngine, LocalEngineConfig};
use serde_json::{Value, json};
use task_interface::conformance::{CaseSide, EngineCase, PairOutcome, Script, SideOutcome, run_pair};
use task_interface::{Document, EngineError, TaskKind};

/// Where the sample data of the repository are.
pub(crate) fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples/data")
        .join(name)
}

/// An engine with everything so small that spilling, batches and checkpoints happen with little data.
pub(crate) fn tight_engine() -> LocalEngine {
    engine(LocalEngineConfig {
        spill_bytes: 0,
        checkpoint_bytes: 1,
        batch_ids: 16,
        threads: 2,
        ..LocalEngineConfig::default()
    })
}

pub(crate) fn engine(config: LocalEngineConfig) -> LocalEngine {
    LocalEngine::new(config).unwrap()
}

/// Runs two sides once with the usual engine.
pub(crate) async fn run(kind: TaskKind, initiator: CaseSide, partner: CaseSide) -> PairOutcome {
    let case = EngineCase::new(kind, initiator, partner, json!(null));
    run_case(&case, Script::default()).await
}

pub(crate) async fn run_case(case: &EngineCase, script: Script) -> PairOutcome {
    let make: Arc<dyn Fn() -> LocalEngine + Send + Sync> = Arc::new(|| engine(LocalEngineConfig::default()));
    let outcome = run_pair(&make, case, script).await.unwrap();
    assert_eq!(outcome.violations, Vec::<String>::new());
    outcome
}

/// A side of a join with its table in `rows.csv` and more config.
pub(crate) fn join_side(rows: &str, more: Value) -> CaseSide {
    let config = json!({"input": "rows.csv", "id_columns": ["id"], "source_lines": false});
    side(config, more).object("rows.csv", rows.to_owned())
}

/// A side of a training with its table in `rows.csv` and more config.
pub(crate) fn train_side(rows: &str, more: Value) -> CaseSide {
    side(json!({"input": "rows.csv"}), more).object("rows.csv", rows.to_owned())
}

fn side(mut config: Value, more: Value) -> CaseSide {
    for (key, value) in more.as_object().unwrap() {
        config[key] = value.clone();
    }
    CaseSide::new(config)
}

/// A number of a join's result.
pub(crate) fn count(side: &SideOutcome, name: &str) -> Option<u64> {
    match side.document("join") {
        Some(Document::Counts(counts)) => counts.get(name),
        other => panic!("{other:?}"),
    }
}

/// The text of the one object whose name ends in a way.
pub(crate) fn text(side: &SideOutcome, ending: &str) -> String {
    let names = side.object_names();
    let mut found = names.iter().filter(|name| name.ends_with(ending));
    let (Some(name), None) = (found.next(), found.next()) else {
        panic!("no object, or several, with {ending}: {names:?}");
    };
    String::from_utf8(side.object(name).unwrap().to_vec()).unwrap()
}

/// Why a side failed.
pub(crate) fn reason(side: &SideOutcome) -> String {
    match &side.ended {
        Err(EngineError::Failed(failure)) => failure.message.en.clone(),
        other => panic!("no failure but {other:?}"),
    }
}

/// What our own operator is told of a failure.
pub(crate) fn private_reason(side: &SideOutcome) -> String {
    match &side.ended {
        Err(EngineError::Failed(failure)) => failure.private.clone().unwrap().en,
        other => panic!("no failure but {other:?}"),
    }
}

/// Why a run failed: on one side at least, and the other was at most stopped because of that.
pub(crate) fn reasons(outcome: &PairOutcome) -> Vec<String> {
    let sides = [&outcome.initiator, &outcome.partner];
    assert!(sides.iter().all(|side| !side.succeeded()));
    let failed = sides
        .into_iter()
        .filter(|side| side.ended != Err(EngineError::Cancelled));
    let reasons: Vec<_> = failed.map(reason).collect();
    assert!(!reasons.is_empty());
    reasons
}
