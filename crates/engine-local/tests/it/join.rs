use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use engine_local::{LocalEngine, LocalEngineConfig};
use proptest::prelude::*;
use serde_json::json;
use task_interface::conformance::{CaseSide, EngineCase, Fault, Script, run_pair};
use task_interface::{Document, EngineError, TaskKind};

use crate::support::{count, engine, join_side, private_reason, reason, reasons, run, sample, text};

const LEFT: &str = "id,x\n1,a\n2,b\n3,c\n";
const RIGHT: &str = "id,y\n3,p\n4,q\n2,r\n";

fn ids(output: &str) -> Vec<&str> {
    output
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_data_have_their_true_intersection() {
    let side = |name: &str| {
        let input = "rows.csv";
        CaseSide::new(json!({"input": input, "id_columns": ["id"], "source_lines": false}))
            .object_file(input, sample(name))
    };
    let outcome = run(TaskKind::Sample, side("host.csv"), side("peer.csv")).await;
    let counts = ["own_rows", "peer_rows", "intersection"].map(|name| count(&outcome.initiator, name));
    assert_eq!(counts, [Some(539), Some(529), Some(499)]);
    let Some(Document::File(output)) = outcome.initiator.document("output") else {
        panic!("no output");
    };
    assert_eq!(
        (output.object.as_str(), output.rows),
        ("conformance-task-ini-joined.csv", Some(499))
    );
    let host = text(&outcome.initiator, "joined.csv");
    let peer = text(&outcome.partner, "joined.csv");
    assert_eq!(ids(&host), ids(&peer));
    let of_file = |name| {
        let table = std::fs::read_to_string(sample(name)).unwrap();
        table
            .lines()
            .skip(1)
            .map(|line| line.split(',').next().unwrap().to_owned())
            .collect::<BTreeSet<_>>()
    };
    let common: BTreeSet<_> = of_file("host.csv")
        .intersection(&of_file("peer.csv"))
        .cloned()
        .collect();
    assert_eq!(
        ids(&host).into_iter().map(str::to_owned).collect::<BTreeSet<_>>(),
        common
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_side_alone_may_learn_the_result() {
    let me = join_side(LEFT, json!({"result": "only_me"}));
    let partner = join_side(RIGHT, json!({"result": "only_partner"}));
    let outcome = run(TaskKind::Sample, me, partner).await;
    assert_eq!(count(&outcome.initiator, "intersection"), Some(2));
    assert_eq!(count(&outcome.partner, "intersection"), None);
    assert_eq!(outcome.partner.document("output"), None);
    assert_eq!(outcome.partner.object_names(), ["rows.csv"]);
    let mut found = text(&outcome.initiator, "joined.csv")
        .lines()
        .map(str::to_owned)
        .collect::<Vec<_>>();
    found.sort();
    assert_eq!(found, ["2,b", "3,c", "id,x"]);
}

/// The side that does not learn the result gets the same last words whatever the result is.
#[tokio::test(flavor = "multi_thread")]
async fn the_size_of_a_result_is_told_to_nobody_who_does_not_learn_it() {
    for swapped in [false, true] {
        let mut said = BTreeSet::new();
        for theirs in ["id,y\n3,p\n4,q\n2,r\n", "id,y\n7,p\n8,q\n9,r\n"] {
            let learner = join_side(LEFT, json!({"result": "only_me"}));
            let other = join_side(theirs, json!({"result": "only_partner"}));
            let outcome = if swapped {
                run(TaskKind::Sample, other, learner).await
            } else {
                run(TaskKind::Sample, learner, other).await
            };
            let learner = if swapped {
                outcome.partner
            } else {
                outcome.initiator
            };
            assert!(count(&learner, "intersection").is_some());
            said.insert(learner.last_message.unwrap());
        }
        assert_eq!(said.len(), 1, "{said:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_of_the_operator_is_not_replaced() {
    let left = join_side(LEFT, json!({"output": "rows.csv"}));
    let outcome = run(TaskKind::Sample, left, join_side(RIGHT, json!({}))).await;
    assert_eq!(reason(&outcome.initiator), "the output cannot be written");
    let story = private_reason(&outcome.initiator);
    assert!(story.contains("rows.csv"), "{story}");
    assert_eq!(text(&outcome.initiator, "rows.csv"), LEFT);
    assert_eq!(outcome.partner.ended, Err(EngineError::Cancelled));
}

#[tokio::test(flavor = "multi_thread")]
async fn disagreements_are_told() {
    for (ours, theirs, words) in [
        (
            json!({"result": "only_me"}),
            json!({"result": "only_me"}),
            "both sides want to be the only one",
        ),
        (
            json!({"result": "only_partner"}),
            json!({"result": "only_partner"}),
            "only the other learns",
        ),
        (json!({"result": "only_me"}), json!({}), "`both` on one side only"),
        (
            json!({"id_columns": ["id", "x"]}),
            json!({}),
            "number of id_columns",
        ),
    ] {
        let outcome = run(TaskKind::Sample, join_side(LEFT, ours), join_side(RIGHT, theirs)).await;
        for reason in reasons(&outcome) {
            assert!(reason.contains(words), "{reason}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_inputs_are_told_without_their_data() {
    for (rows, config, words) in [
        (
            "id,x\n1,a\n2\n",
            json!({}),
            "a row with too many or too few fields",
        ),
        ("nope,x\n1,a\n", json!({}), "the input lacks a column"),
        ("", json!({}), "the input is empty"),
        (
            "id,x\n1,a\n2,\"b\n3,c\n",
            json!({}),
            "a quote that is never closed",
        ),
        (LEFT, json!({"input": "other"}), "no attached resource"),
        (LEFT, json!({"input": "file:../etc/passwd"}), "cannot be opened"),
    ] {
        let outcome = run(
            TaskKind::Sample,
            join_side(rows, config),
            join_side(RIGHT, json!({})),
        )
        .await;
        let reasons = reasons(&outcome);
        assert!(reasons[0].contains(words), "{reasons:?}");
        assert_eq!(outcome.partner.ended, Err(EngineError::Cancelled));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn composite_ids_chosen_columns_and_other_dialects_work() {
    let left = "\u{feff}a;b;x\n1;2;\"p;q\"\n12;;r\n;;s\n";
    let left = join_side(
        left,
        json!({"id_columns": ["a", "b"], "columns": ["x", "a"], "delimiter": ";"}),
    );
    let right = join_side(
        "1,12\n2,\n",
        json!({"id_columns": ["1", "2"], "has_header": false}),
    );
    let outcome = run(TaskKind::Sample, left, right).await;
    assert_eq!(count(&outcome.initiator, "empty"), Some(1));
    assert_eq!(count(&outcome.initiator, "intersection"), Some(0));
    assert_eq!(text(&outcome.initiator, "joined.csv"), "x;a\n");

    let left = join_side(
        "a;x\n1;\"p;q\"\n",
        json!({"id_columns": ["a"], "delimiter": ";", "columns": ["x"]}),
    );
    let right = join_side("z,1\n", json!({"id_columns": ["2"], "has_header": false}));
    let outcome = run(TaskKind::Sample, left, right).await;
    assert_eq!(text(&outcome.initiator, "joined.csv"), "x\n\"p;q\"\n");
    assert_eq!(text(&outcome.partner, "joined.csv"), "z,1\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_input_may_be_a_file_below_a_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rows.csv"), LEFT).unwrap();
    let data_dirs = vec![folder.path().to_owned()];
    let make: Arc<dyn Fn() -> LocalEngine + Send + Sync> = Arc::new(move || {
        engine(LocalEngineConfig {
            data_dirs: data_dirs.clone(),
            ..LocalEngineConfig::default()
        })
    });
    let left = CaseSide::new(json!({"input": "file:rows.csv", "id_columns": ["id"], "source_lines": false}));
    let case = EngineCase::new(TaskKind::Sample, left, join_side(RIGHT, json!({})), json!(null));
    let outcome = run_pair(&make, &case, Script::default()).await.unwrap();
    assert_eq!(count(&outcome.initiator, "intersection"), Some(2));
}

fn numbered(ids: std::ops::Range<u32>) -> String {
    let lines: String = ids.map(|id| format!("{id},{id}\n")).collect();
    format!("id,x\n{lines}")
}

fn maker(config: LocalEngineConfig) -> Arc<dyn Fn() -> LocalEngine + Send + Sync> {
    Arc::new(move || engine(config.clone()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_join_of_more_ids_than_are_granted_is_refused_before_it_begins() {
    let make = maker(LocalEngineConfig {
        max_join_ids: 2,
        ..LocalEngineConfig::default()
    });
    let right = join_side("id,y\n3,p\n4,q\n", json!({}));
    let case = EngineCase::new(TaskKind::Sample, join_side(LEFT, json!({})), right, json!(null));
    let outcome = run_pair(&make, &case, Script::default()).await.unwrap();
    for reason in reasons(&outcome) {
        assert!(
            reason.contains("more than 2 ids") && reason.contains("max_join_ids"),
            "{reason}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_join_that_spills_and_restarts_is_the_same() {
    let make = maker(LocalEngineConfig {
        spill_bytes: 0,
        batch_ids: 300,
        checkpoint_bytes: 20_000,
        ..LocalEngineConfig::default()
    });
    let left = join_side(&numbered(0..4000), json!({}));
    let case = EngineCase::new(
        TaskKind::Sample,
        left,
        join_side(&numbered(2500..5000), json!({})),
        json!(null),
    );
    for at_call in [u64::MAX, 40, 70] {
        let fault = Some(Fault::Restart {
            at_call,
            away: Duration::from_millis(50),
        });
        let outcome = run_pair(
            &make,
            &case,
            Script {
                initiator: fault,
                ..Script::default()
            },
        )
        .await
        .unwrap();
        assert_eq!(outcome.violations, Vec::<String>::new());
        assert!(
            at_call == u64::MAX || outcome.initiator.calls > at_call,
            "the fault was not reached"
        );
        assert_eq!(count(&outcome.initiator, "intersection"), Some(1500));
        let outputs = [&outcome.initiator, &outcome.partner].map(|side| text(side, "joined.csv"));
        assert_eq!(outputs[0], outputs[1]);
        assert_eq!(ids(&outputs[0]).iter().collect::<BTreeSet<_>>().len(), 1500);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_is_obeyed_while_ids_are_blinded() {
    let left = join_side(&numbered(0..100_000), json!({}));
    let case = EngineCase::new(TaskKind::Sample, left, join_side(RIGHT, json!({})), json!(null));
    let stop = Some(Fault::StopAtProgress {
        words: "blinding own ids",
    });
    let script = Script {
        initiator: stop,
        ..Script::default()
    };
    let outcome = run_pair(&maker(LocalEngineConfig::default()), &case, script)
        .await
        .unwrap();
    assert_eq!(outcome.initiator.ended, Err(EngineError::Cancelled));
    assert_eq!(outcome.violations, Vec::<String>::new());
}

fn table() -> impl Strategy<Value = Vec<Option<u8>>> {
    prop::collection::vec(prop::option::weighted(0.9, 0u8..30), 0..40)
}

fn csv(rows: &[Option<u8>]) -> String {
    let line = |(number, id): (usize, &Option<u8>)| match id {
        Some(id) => format!("{id},{number}\n"),
        None => format!(" ,{number}\n"),
    };
    let lines: String = rows.iter().enumerate().map(line).collect();
    format!("id,row\n{lines}")
}

/// Each id's first row.
fn first_rows(rows: &[Option<u8>]) -> BTreeMap<u8, usize> {
    let mut first = BTreeMap::new();
    for (number, id) in rows.iter().enumerate() {
        if let Some(id) = id {
            first.entry(*id).or_insert(number);
        }
    }
    first
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_two_tables_join_as_they_should(left in table(), right in table()) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let outcome = runtime.block_on(run(
            TaskKind::Sample,
            join_side(&csv(&left), json!({})),
            join_side(&csv(&right), json!({})),
        ));
        let (first, second) = (first_rows(&left), first_rows(&right));
        let common: BTreeSet<_> = first.keys().filter(|id| second.contains_key(id)).collect();
        let counted = |name| count(&outcome.initiator, name).map(|count| count as usize);
        let empty = left.iter().filter(|id| id.is_none()).count();
        prop_assert_eq!(counted("empty"), Some(empty));
        prop_assert_eq!(counted("duplicates"), Some(left.len() - empty - first.len()));
        prop_assert_eq!(counted("intersection"), Some(common.len()));
        let outputs = [(&outcome.initiator, &first), (&outcome.partner, &second)].map(|(side, rows)| {
            let output = text(side, "joined.csv");
            let expected = |line: &str| {
                let (id, row) = line.split_once(',').unwrap();
                rows[&id.parse::<u8>().unwrap()].to_string() == row
            };
            assert!(output.lines().skip(1).all(expected), "{output}");
            ids(&output).into_iter().map(str::to_owned).collect::<Vec<_>>()
        });
        prop_assert_eq!(&outputs[0], &outputs[1]);
        prop_assert_eq!(outputs[0].len(), common.len());
    }
}

/// A split by place in the table, and so a model, would otherwise be another one after every join.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_tables_give_the_same_output_every_time() {
    let left: String = (0..200).map(|id| format!("{id},a{id}\n")).collect();
    let right: String = (100..300).rev().map(|id| format!("{id},b{id}\n")).collect();
    let join = async || {
        let side = |rows: &str, name: &str| join_side(&format!("id,{name}\n{rows}"), json!({}));
        let outcome = run(TaskKind::Sample, side(&left, "x"), side(&right, "y")).await;
        [&outcome.initiator, &outcome.partner].map(|side| text(side, "joined.csv"))
    };
    let first = join().await;
    assert_eq!(ids(&first[0]), ids(&first[1]));
    assert_eq!(ids(&first[0]).len(), 100);
    assert!(!ids(&first[0]).is_sorted_by_key(|id| id.parse::<u32>().unwrap()));
    assert_eq!(join().await, first);
}
