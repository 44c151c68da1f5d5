//! Which rows and columns take part: rows without a label, the split by the label, and ids that a join marked.

use serde_json::{Value, json};
use task_interface::conformance::{CaseSide, PairOutcome, SideOutcome};
use task_interface::{Document, EngineError, TaskKind};

use crate::support::{join_side, private_reason, reasons, run, text, train_side};

/// A labelled table and the partner's; every seventh row has no label, and few have a 1.
fn tables() -> (Vec<String>, Vec<String>) {
    let label = |row: usize| match row {
        row if row % 7 == 3 => "NA",
        row if row % 16 == 5 => "1",
        _ => "0",
    };
    let ours = (0..160).map(|row| format!("{},{},{}", label(row), (row * 7) % 11, (row * 3) % 17));
    let theirs = (0..160).map(|row| format!("{},{}", (row * 5) % 13, row % 3));
    (ours.collect(), theirs.collect())
}

fn table(header: &str, rows: &[String]) -> String {
    format!("{header}\n{}\n", rows.join("\n"))
}

async fn train(ours: &[String], theirs: &[String], more: Value) -> PairOutcome {
    let mut config = json!({"label": "y", "epochs": 4});
    for (key, value) in more.as_object().unwrap() {
        config[key] = value.clone();
    }
    run(
        TaskKind::Train,
        train_side(&table("y,a,b", ours), config),
        train_side(&table("c,d", theirs), json!({"epochs": 4})),
    )
    .await
}

fn rows(side: &SideOutcome) -> [u64; 3] {
    let training = side.result("training").unwrap();
    ["train_rows", "validation_rows", "left_out_rows"].map(|name| training[name].as_u64().unwrap())
}

/// Everything of a half of the model but how many rows were left out.
fn model(side: &SideOutcome) -> Value {
    let mut model: Value = serde_json::from_str(&text(side, "model.json")).unwrap();
    model["left_out_rows"] = Value::Null;
    model
}

fn warned<'a>(side: &'a SideOutcome, code: &str) -> Vec<&'a str> {
    let warnings = side.warnings().into_iter();
    warnings
        .filter(|warning| warning.code == code)
        .map(|warning| warning.text.en.as_str())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_without_a_label_are_left_out_on_both_sides_as_if_they_had_never_been_there() {
    let (ours, theirs) = tables();
    for split in ["random", "stratified"] {
        let with = json!({"unlabelled_rows": "leave_out", "split": split});
        let outcome = train(&ours, &theirs, with).await;
        assert!(outcome.initiator.succeeded() && outcome.partner.succeeded());
        assert_eq!(rows(&outcome.initiator)[2], 23);
        assert_eq!(rows(&outcome.initiator), rows(&outcome.partner));
        let told = warned(&outcome.initiator, "rows_without_label");
        assert!(told.len() == 1 && told[0].contains("23 of 160 rows"), "{told:?}");
        assert!(warned(&outcome.partner, "rows_without_label").is_empty());
        let kept: Vec<usize> = (0..160).filter(|row| row % 7 != 3).collect();
        let only = |rows: &[String]| -> Vec<String> { kept.iter().map(|row| rows[*row].clone()).collect() };
        let plain = train(&only(&ours), &only(&theirs), json!({"split": split})).await;
        assert_eq!(model(&outcome.initiator), model(&plain.initiator), "{split}");
        assert_eq!(model(&outcome.partner), model(&plain.partner), "{split}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_without_a_label_fail_the_run_unless_they_are_to_be_left_out() {
    let (ours, theirs) = tables();
    let outcome = train(&ours, &theirs, json!({})).await;
    assert_eq!(reasons(&outcome), ["the input has rows without a label"]);
    let private = private_reason(&outcome.initiator);
    assert!(private.contains("`unlabelled_rows` to `leave_out`"), "{private}");
    let none: Vec<String> = (0..160)
        .map(|row| format!("NA,{},{}", row % 11, row % 17))
        .collect();
    let outcome = train(&none, &theirs, json!({"unlabelled_rows": "leave_out"})).await;
    assert!(matches!(outcome.initiator.ended, Err(EngineError::Failed { .. })));
    assert_eq!(
        reasons(&outcome),
        ["the label must have exactly two different values"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stratified_split_gives_a_rare_class_its_share_and_repeats() {
    let (ours, theirs) = tables();
    let with = || json!({"unlabelled_rows": "leave_out", "split": "stratified", "validation_fraction": 0.2});
    let outcome = train(&ours, &theirs, with()).await;
    let ones = ours.iter().filter(|row| row.starts_with("1,")).count() as u64;
    let Some(Document::ConfusionMatrix(confusion)) = outcome.initiator.document("confusion") else {
        panic!("no confusion matrix");
    };
    let [_, of_ones] = &confusion.counts[..] else {
        panic!("{confusion:?}");
    };
    assert_eq!(of_ones.iter().sum::<u64>(), (ones as f64 * 0.2).round() as u64);
    let again = train(&ours, &theirs, with()).await;
    assert_eq!(model(&outcome.initiator), model(&again.initiator));
    assert_eq!(model(&outcome.partner), model(&again.partner));
    let random = train(&ours, &theirs, json!({"unlabelled_rows": "leave_out"})).await;
    assert_ne!(model(&outcome.partner), model(&random.partner));
}

/// A join by `key`, and a training of its outputs with what the join left on them.
async fn join_by_key_and_train(columns: Value, more: Value) -> PairOutcome {
    // Less than nine of ten numbers, and repeated texts: nothing in the values gives the ids away.
    let key = |row: usize| match row % 4 {
        0 => format!("K{row}"),
        _ => row.to_string(),
    };
    let ours: String = (0..60)
        .map(|row| format!("{},{},{}\n", key(row), row % 2, row % 7))
        .collect();
    let theirs: String = (0..60).map(|row| format!("{},{}\n", key(row), row % 5)).collect();
    let mut host = json!({"id_columns": ["key"]});
    if !columns.is_null() {
        host["columns"] = columns;
    }
    let joined = run(
        TaskKind::Sample,
        join_side(&format!("key,y,x\n{ours}"), host),
        join_side(&format!("key,z\n{theirs}"), json!({"id_columns": ["key"]})),
    )
    .await;
    let side = |joined: &SideOutcome, config: Value| -> CaseSide {
        let side = train_side(&text(joined, "joined.csv"), config);
        joined
            .marks
            .iter()
            .fold(side, |side, (content, mark)| side.mark(content, mark))
    };
    let mut config = json!({"label": "y", "epochs": 2});
    for (key, value) in more.as_object().unwrap() {
        config[key] = value.clone();
    }
    run(
        TaskKind::Train,
        side(&joined.initiator, config),
        side(&joined.partner, json!({"epochs": 2})),
    )
    .await
}

fn left_out(side: &SideOutcome) -> Vec<(String, String)> {
    let training = side.result("training").unwrap();
    let entries = training["ignored_columns"].as_array().unwrap().iter();
    entries
        .map(|entry| ["column", "code"].map(|key| entry[key].as_str().unwrap().to_owned()))
        .map(|[column, code]| (column, code))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_id_that_a_join_marked_is_left_out_whatever_it_holds() {
    let outcome = join_by_key_and_train(Value::Null, json!({})).await;
    for side in [&outcome.initiator, &outcome.partner] {
        assert!(side.succeeded(), "{:?}", side.ended);
        assert_eq!(left_out(side), [("key".to_owned(), "join_id".to_owned())]);
        let told = warned(side, "column_left_out");
        assert!(
            told.len() == 1 && told[0].contains("`key`") && told[0].contains("join"),
            "{told:?}"
        );
        assert!(warned(side, "rows_not_checked").is_empty());
    }
    let quiet = join_by_key_and_train(Value::Null, json!({"id_column": "key"})).await;
    assert_eq!(left_out(&quiet.initiator), [("key".to_owned(), "id".to_owned())]);
    assert!(warned(&quiet.initiator, "column_left_out").is_empty());
    let without = join_by_key_and_train(json!(["x", "y"]), json!({})).await;
    assert!(left_out(&without.initiator).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_id_that_a_join_marked_names_rows_and_can_be_named_as_a_feature() {
    let outcome = join_by_key_and_train(Value::Null, json!({"missing": ["0"]})).await;
    let private = private_reason(&outcome.initiator);
    assert!(private.contains("the row with id `"), "{private}");
    // Named, it is looked at, and found to hold texts among numbers.
    let named = join_by_key_and_train(Value::Null, json!({"features": ["key", "x"]})).await;
    let private = private_reason(&named.initiator);
    assert!(private.contains("column `key` has 45 numbers"), "{private}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_is_not_learnt_from_and_no_advice_leads_nowhere() {
    let label = |row: usize| u8::from(row.is_multiple_of(3));
    let ours = (0..90).map(|row| format!("{},2024-0{}-1{},{}", label(row), row % 9 + 1, row % 7, row % 5));
    let ours = table("y,visit,a", &ours.collect::<Vec<_>>());
    let theirs = table(
        "c",
        &(0..90).map(|row| format!("{}", row % 11)).collect::<Vec<_>>(),
    );
    let train = async |config: Value| {
        let (own, other) = (
            train_side(&ours, config),
            train_side(&theirs, json!({"epochs": 2})),
        );
        run(TaskKind::Train, own, other).await
    };
    let outcome = train(json!({"label": "y", "epochs": 2})).await;
    let told = warned(&outcome.initiator, "column_left_out");
    assert!(
        told.len() == 1 && told[0].contains("dates") && !told[0].contains("features"),
        "{told:?}"
    );
    let named = train(json!({"label": "y", "epochs": 2, "features": ["visit", "a"]})).await;
    let reason = private_reason(&named.initiator);
    assert!(
        reason.contains("dates") && !reason.contains("max_categories"),
        "{reason}"
    );
}
