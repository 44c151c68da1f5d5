use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use engine_local::{LocalEngine, LocalEngineConfig};
use serde_json::json;
use task_interface::TaskKind;
use task_interface::conformance::{self, EngineCase, Fault, PairOutcome, Script, SideOutcome, run_pair};

use crate::support::{count, engine, join_side, text, tight_engine, train_side};

/// Ids 1–90 with an empty and two repeated ones, against 41–160.
fn join_case() -> EngineCase {
    let mut left = "id,age\n,1\n".to_owned();
    for id in 1..=90 {
        writeln!(left, "{id},{}", id * 2).unwrap();
    }
    left.push_str("50,99\n50,98\n");
    let mut right = "income,id\n".to_owned();
    for id in (41..=160).rev() {
        writeln!(right, "{},{id}", id * 3).unwrap();
    }
    EngineCase::new(
        TaskKind::Sample,
        join_side(&left, json!({})),
        join_side(&right, json!({"output": "out.csv"})),
        json!({"input": "rows.csv", "id_columns": [], "delimiter": ","}),
    )
    .objects_vary()
    .check(check_join)
}

fn check_join(outcome: &PairOutcome) -> Result<(), String> {
    let left = text(&outcome.initiator, "joined.csv");
    let right = text(&outcome.partner, "out.csv");
    let left: Vec<_> = left.lines().collect();
    let right: Vec<_> = right.lines().collect();
    let mut ids = Vec::new();
    for (one, other) in left.iter().zip(&right).skip(1) {
        let (id, age) = one.split_once(',').ok_or("a row without a comma")?;
        let number: u32 = id.parse().map_err(|_| "an id that is no number")?;
        if age != (number * 2).to_string() || *other != format!("{},{number}", number * 3) {
            return Err(format!("rows do not belong together: {one} and {other}"));
        }
        ids.push(number);
    }
    ids.sort_unstable();
    if ids != (41..=90).collect::<Vec<_>>() || left.len() != right.len() {
        return Err(format!("a wrong intersection: {ids:?}"));
    }
    let counts = [
        "own_rows",
        "own_ids",
        "peer_rows",
        "intersection",
        "duplicates",
        "empty",
    ]
    .map(|name| count(&outcome.initiator, name));
    if counts != [93, 90, 120, 50, 2, 1].map(Some) {
        return Err(format!("wrong counts: {counts:?}"));
    }
    Ok(())
}

fn train_case(noise_sigma: f64) -> EngineCase {
    let (mut left, mut right) = ("y,a\n".to_owned(), "b,c\n".to_owned());
    for row in 0..60 {
        let (a, b) = ((row * 7) % 11, (row * 5) % 13);
        writeln!(left, "{},{a}", u8::from(a + b > 10)).unwrap();
        writeln!(right, "{b},{}", row % 3).unwrap();
    }
    let terms = json!({"epochs": 3, "batch_size": 20, "noise_sigma": noise_sigma});
    let mut with_label = terms.clone();
    with_label["label"] = json!("y");
    EngineCase::new(
        TaskKind::Train,
        train_side(&right, terms),
        train_side(&left, with_label),
        json!({"input": "rows.csv", "epochs": 0}),
    )
    .check(|outcome| {
        let (ours, theirs) = (outcome.initiator.metrics(), outcome.partner.metrics());
        if ours.len() != 18 || theirs.len() != 18 {
            return Err(format!(
                "{} and {} metric points instead of 18",
                ours.len(),
                theirs.len()
            ));
        }
        outcome
            .partner
            .result("evaluation")
            .map(drop)
            .ok_or("no evaluation".to_owned())
    })
}

/// The label's side leaves rows out and splits by the label; after a restart both sides still know which rows take part.
fn parts_case() -> EngineCase {
    let (mut left, mut right) = ("y,a\n".to_owned(), "b,c\n".to_owned());
    for row in 0..60 {
        let (a, b) = ((row * 7) % 11, (row * 5) % 13);
        let label = match row % 6 {
            0 => "",
            _ if a + b > 10 => "1",
            _ => "0",
        };
        writeln!(left, "{label},{a}").unwrap();
        writeln!(right, "{b},{}", row % 3).unwrap();
    }
    let terms = json!({"epochs": 3, "batch_size": 20});
    let mut decides = terms.clone();
    decides["label"] = json!("y");
    decides["unlabelled_rows"] = json!("leave_out");
    decides["split"] = json!("stratified");
    EngineCase::new(
        TaskKind::Train,
        train_side(&right, terms),
        train_side(&left, decides),
        json!({"input": "rows.csv", "epochs": 0}),
    )
    .check(|outcome| {
        let rows = |side: &SideOutcome| {
            let training = side.result("training").cloned().unwrap_or_default();
            ["train_rows", "validation_rows", "left_out_rows"].map(|name| training[name].as_u64())
        };
        let (ours, theirs) = (rows(&outcome.initiator), rows(&outcome.partner));
        if ours != theirs || ours[2] != Some(10) || ours[0].zip(ours[1]).map(|(a, b)| a + b) != Some(50) {
            return Err(format!("rows of the two sides: {ours:?} and {theirs:?}"));
        }
        Ok(())
    })
}

async fn passes(make: impl Fn() -> LocalEngine + Send + Sync + 'static, cases: &[EngineCase]) {
    let passed = conformance::run(make, cases)
        .await
        .unwrap_or_else(|failures| panic!("{failures}"));
    assert!(passed.runs >= 50, "{passed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_conforms() {
    passes(
        || engine(LocalEngineConfig::default()),
        &[join_case(), train_case(0.0), parts_case()],
    )
    .await;
}

/// The same with checkpoints after each message, small batches and everything spilled, killed at many moments.
#[tokio::test(flavor = "multi_thread")]
async fn the_engine_conforms_when_everything_is_tight() {
    let cases = [(join_case(), 40), (train_case(0.0), 40), (parts_case(), 15)]
        .map(|(case, restarts)| case.restarts(restarts).time_limit(Duration::from_secs(90)));
    passes(tight_engine, &cases).await;
}

/// With noise no two runs are equal; but within a run, what is sent again is what was sent before.
#[tokio::test(flavor = "multi_thread")]
async fn noise_repeats_after_a_restart() {
    let make: Arc<dyn Fn() -> LocalEngine + Send + Sync> = Arc::new(tight_engine);
    for at_call in (4..64).step_by(9) {
        let fault = Some(Fault::Restart {
            at_call,
            away: Duration::from_millis(20),
        });
        for (initiator, partner) in [(fault, None), (None, fault)] {
            let script = Script {
                initiator,
                partner,
                ..Script::default()
            };
            let outcome = run_pair(&make, &train_case(0.3), script).await.unwrap();
            assert_eq!(outcome.violations, Vec::<String>::new());
            assert!(
                outcome.initiator.succeeded() && outcome.partner.succeeded(),
                "{script:?}"
            );
        }
    }
}
