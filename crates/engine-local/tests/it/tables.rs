//! Tables as people have them, joined and trained on.

use std::path::Path;
use std::sync::Arc;

use engine_local::{LocalEngine, LocalEngineConfig};

use serde_json::{Value, json};
use task_interface::conformance::{CaseSide, EngineCase, PairOutcome, Script, SideOutcome, run_pair};
use task_interface::{Bytes, TaskKind};

use crate::support::{count, engine, private_reason, reasons, run, text, train_side};

fn file(case: &str, name: &str) -> Bytes {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(case)
        .join(name);
    std::fs::read(path).unwrap().into()
}

async fn join(case: &str) -> PairOutcome {
    let side = |name| {
        CaseSide::new(json!({"input": "rows.csv", "id_columns": ["id"]})).object("rows.csv", file(case, name))
    };
    run(TaskKind::Sample, side("host.csv"), side("peer.csv")).await
}

/// Joins the two tables of a case and trains on what came out.
async fn join_and_train(case: &str, mut more: Value) -> PairOutcome {
    let joined = join(case).await;
    assert!(
        joined.initiator.succeeded() && joined.partner.succeeded(),
        "{case}"
    );
    assert!(count(&joined.initiator, "intersection") >= Some(50), "{case}");
    more["label"] = json!("y");
    run(
        TaskKind::Train,
        train_side(&text(&joined.initiator, "joined.csv"), more),
        train_side(&text(&joined.partner, "joined.csv"), json!({})),
    )
    .await
}

fn training(side: &SideOutcome) -> Value {
    side.result("training").unwrap().clone()
}

fn features(side: &SideOutcome) -> Vec<String> {
    let table = side.result("weights").unwrap();
    let rows = table["rows"].as_array().unwrap();
    rows.iter()
        .map(|row| row[0].as_str().unwrap().to_owned())
        .collect()
}

fn left_out(side: &SideOutcome) -> Vec<(String, String)> {
    let training = training(side);
    let ignored = training["ignored_columns"].as_array().unwrap();
    let text = |entry: &Value, key: &str| entry[key].as_str().unwrap().to_owned();
    ignored
        .iter()
        .map(|entry| (text(entry, "column"), text(entry, "code")))
        .collect()
}

fn warned(side: &SideOutcome, words: &str) -> bool {
    side.warnings()
        .iter()
        .any(|warning| warning.text.en.contains(words))
}

#[tokio::test(flavor = "multi_thread")]
async fn encodings_and_delimiters_are_found() {
    for case in ["gbk", "utf16-excel", "semicolon"] {
        let outcome = join_and_train(case, json!({})).await;
        assert!(
            outcome.initiator.succeeded() && outcome.partner.succeeded(),
            "{case}"
        );
        assert!(
            features(&outcome.initiator).starts_with(&["x1".to_owned(), "x2".to_owned()]),
            "{case}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_is_named_to_its_owner_alone() {
    let outcome = join("xlsx-gzip").await;
    assert_eq!(
        reasons(&outcome)[0],
        "the input is not a table in a form that can be read"
    );
    assert!(private_reason(&outcome.initiator).contains("Excel workbook (.xlsx), not a CSV table"));
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_and_row_numbers_are_not_learnt_from() {
    for (case, own, peer) in [
        ("numeric-id-learnt", vec![("id", "id")], vec![("id", "id")]),
        (
            "pandas-index",
            vec![("", "nameless"), ("id", "id")],
            vec![("id", "id")],
        ),
    ] {
        let outcome = join_and_train(case, json!({})).await;
        let expected = |list: Vec<(&str, &str)>| -> Vec<_> {
            list.into_iter()
                .map(|(column, code)| (column.to_owned(), code.to_owned()))
                .collect()
        };
        assert_eq!(left_out(&outcome.initiator), expected(own), "{case}");
        assert_eq!(left_out(&outcome.partner), expected(peer), "{case}");
        assert_eq!(features(&outcome.initiator), ["x1", "x2"]);
        // That the column of ids is left out, everybody expects.
        let is_told = warned(&outcome.initiator, "Name it in `features` to use it");
        assert_eq!(is_told, case == "pandas-index");
    }
    let named = join_and_train("numeric-id-learnt", json!({"features": ["id", "x1"]})).await;
    assert_eq!(features(&named.initiator), ["id", "x1"]);
    // Under another name, by what it holds.
    let rows: String = (0..40)
        .map(|row| format!("{},{},{}\n", 900 + row, row % 2, row % 7))
        .collect();
    let other: String = (0..40).map(|row| format!("{}\n", row % 5)).collect();
    let host = train_side(&format!("customer,y,x\n{rows}"), json!({"label": "y"}));
    let outcome = run(
        TaskKind::Train,
        host,
        train_side(&format!("z\n{other}"), json!({})),
    )
    .await;
    assert_eq!(
        left_out(&outcome.initiator),
        [("customer".to_owned(), "all_different".to_owned())]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_markers_are_missing_values() {
    let outcome = join_and_train("missing-markers", json!({"features": ["x1", "x2", "f"]})).await;
    assert!(outcome.initiator.succeeded(), "{:?}", outcome.initiator.ended);
    let outcome = join_and_train("mostly-dash", json!({})).await;
    assert_eq!(features(&outcome.initiator), ["x1", "x2", "f"]);
    assert!(warned(&outcome.initiator, "Column `f` has no value in"));
    // Without the dash as a marker it is text.
    let outcome = join_and_train("mostly-dash", json!({"missing": [], "max_categories": 2})).await;
    assert_eq!(left_out(&outcome.initiator).last().unwrap().1, "text");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_without_a_label_is_named_by_its_id_to_its_owner_alone() {
    let outcome = join_and_train("label-missing", json!({})).await;
    assert_eq!(reasons(&outcome), ["the input has rows without a label"]);
    let private = private_reason(&outcome.initiator);
    assert!(
        private.contains("id `C0005`") || private.contains("id `C0017`"),
        "{private}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_positive_class_can_be_chosen() {
    for (more, classes) in [
        (json!({}), ["bad", "good"]),
        (json!({"positive_label": "bad"}), ["good", "bad"]),
    ] {
        let outcome = join_and_train("positive-class", more).await;
        let label = &training(&outcome.initiator)["label"];
        assert_eq!([&label["0"], &label["1"]], classes);
    }
    let outcome = join_and_train("positive-class", json!({"positive_label": "ugly"})).await;
    assert!(private_reason(&outcome.initiator).contains("`ugly`"));
}

#[tokio::test(flavor = "multi_thread")]
async fn categories_become_features() {
    let outcome = join_and_train("categoricals", json!({})).await;
    let features = features(&outcome.initiator);
    assert!(
        features.contains(&"job=technician".to_owned()) && features.contains(&"marital=single".to_owned())
    );
    let encoded = training(&outcome.initiator)["encoded_columns"].clone();
    assert_eq!(
        (&encoded[0]["column"], &encoded[1]["column"]),
        (&json!("job"), &json!("marital"))
    );
    let none = join_and_train("categoricals", json!({"max_categories": 0})).await;
    assert_eq!(self::features(&none.initiator), ["x1", "x2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_read_as_people_write_them() {
    let line = |row: usize| {
        format!(
            "{};1.{:03},{};{},5%;{};{}\n",
            row % 2,
            row,
            row % 10,
            row,
            row.is_multiple_of(3),
            row % 4
        )
    };
    let rows: String = (0..40).map(line).collect();
    let other: String = (0..40).map(|row| format!("{}\n", row % 5)).collect();
    let host = train_side(&format!("y;amount;share;member;n\n{rows}"), json!({"label": "y"}));
    let outcome = run(
        TaskKind::Train,
        host,
        train_side(&format!("z\n{other}"), json!({})),
    )
    .await;
    assert_eq!(features(&outcome.initiator), ["amount", "share", "member", "n"]);
    let weights = outcome.initiator.result("weights").unwrap();
    let mean = weights["rows"][0][3].as_f64().unwrap();
    assert!((1000.0..1040.0).contains(&mean), "{mean}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_needs_more_memory_than_is_granted_is_refused_with_the_figure() {
    let make: Arc<dyn Fn() -> LocalEngine + Send + Sync> = Arc::new(|| {
        engine(LocalEngineConfig {
            train_memory_bytes: 1 << 20,
            ..LocalEngineConfig::default()
        })
    });
    // Numbers take eight bytes each, twice; a text with twenty values becomes twenty numbers.
    let numbers = |row: usize| format!("{},{},{},{}", row % 2, row % 7, row % 11, row % 13);
    let texts = |row: usize| format!("{},t{}", row % 2, row % 20);
    for (header, lines, rows, fits) in [
        ("y,a,b,c", &numbers as &dyn Fn(usize) -> String, 5_000, true),
        ("y,a,b,c", &numbers, 20_000, false),
        ("y,t", &texts, 2_000, true),
        ("y,t", &texts, 5_000, false),
    ] {
        let table: String = (0..rows).map(|row| lines(row) + "\n").collect();
        let other: String = (0..rows).map(|row| format!("{}\n", row % 5)).collect();
        let case = EngineCase::new(
            TaskKind::Train,
            train_side(&format!("{header}\n{table}"), json!({"label": "y", "epochs": 1})),
            train_side(&format!("z\n{other}"), json!({"epochs": 1})),
            json!(null),
        );
        let outcome = run_pair(&make, &case, Script::default()).await.unwrap();
        assert_eq!(outcome.initiator.succeeded(), fits, "{header}, {rows}");
        if !fits {
            let private = private_reason(&outcome.initiator);
            assert!(
                private.contains("more than 1 MiB") && private.contains("`engines.local.train_memory_mib`"),
                "{private}"
            );
            assert!(outcome.initiator.metrics().is_empty());
        }
    }
}

/// Whatever is wrong with a table, the partner is told a sentence without a number, a value or a name.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_table_is_told_to_the_partner() {
    let good: String = (0..40).map(|row| format!("{}\n", row % 5)).collect();
    let rows = |bad: &str| -> String {
        let lines: String = (0..40)
            .map(|row| format!("C{row:04},{},{}\n", row % 2, row % 7))
            .collect();
        format!("id,y,salary\n{lines}{bad}\n")
    };
    for (bad, more, owner_is_told) in [
        ("C4711,1,kg", json!({}), "id `C4711`"),
        ("C4711,,5", json!({}), "id `C4711`"),
        ("C4711,7,5", json!({}), "id `C4711`"),
        ("C4711,1", json!({}), "line 42"),
        ("C4711,1,\"5", json!({}), "line 42"),
        ("C4711,1,\"1,234\"", json!({}), "could be a number"),
        ("C4711,1,5", json!({"features": ["wage"]}), "`wage`"),
        ("C4711,1,5", json!({"features": ["id"]}), "`id`"),
        ("C4711,1,5", json!({"positive_label": "ugly"}), "`ugly`"),
        ("C4711,1,5", json!({"label": "wage"}), "`wage`"),
        ("C4711,1,5", json!({"encoding": "utf-16be"}), ""),
    ] {
        let mut config = json!({"label": "y"});
        for (key, value) in more.as_object().unwrap() {
            config[key] = value.clone();
        }
        let host = train_side(&rows(bad), config);
        let outcome = run(
            TaskKind::Train,
            host,
            train_side(&format!("z\n{good}"), json!({})),
        )
        .await;
        for told in reasons(&outcome) {
            let holds_data = told.contains(|character: char| character.is_ascii_digit() || character == '`');
            let names = ["salary", "wage", "ugly", "C4711"];
            assert!(
                !holds_data && !names.iter().any(|name| told.contains(name)),
                "{bad}: {told}"
            );
        }
        let private = private_reason(&outcome.initiator);
        assert!(private.contains(owner_is_told), "{bad}: {private}");
    }
}
