use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use task_interface::conformance::{CaseSide, PairOutcome, SideOutcome};
use task_interface::{ConfusionMatrix, Curve, Document, Scores, TaskKind};

use crate::reference::{self, Column, Terms};
use crate::support::{private_reason, reasons, run, sample, text, train_side};

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1e-3)
}

fn model(side: &SideOutcome) -> Value {
    let Some(Document::File(file)) = side.document("model") else {
        panic!("no model");
    };
    let model: Value = serde_json::from_str(&text(side, &file.object)).unwrap();
    let Some(Document::Table(weights)) = side.document("weights") else {
        panic!("no weights");
    };
    let features = model["features"].as_array().unwrap();
    assert_eq!(weights.rows.len(), features.len());
    for (row, feature) in weights.rows.iter().zip(features) {
        for (column, value) in weights.columns.iter().zip(row) {
            assert_eq!(*value, feature[column]);
        }
    }
    assert_eq!(side.result("training").unwrap()["epochs"], model["epochs"]);
    model
}

fn evaluation(side: &SideOutcome) -> (Scores, Curve, ConfusionMatrix) {
    let documents = ["evaluation", "roc", "confusion"].map(|name| side.document(name));
    match documents {
        [
            Some(Document::Scores(scores)),
            Some(Document::Curve(roc)),
            Some(Document::ConfusionMatrix(confusion)),
        ] => (scores, roc, confusion),
        other => panic!("{other:?}"),
    }
}

fn weights(model: &Value) -> Vec<f64> {
    let features = model["features"].as_array().unwrap();
    features
        .iter()
        .map(|feature| feature["standardised_weight"].as_f64().unwrap())
        .collect()
}

fn columns(table: &str, names: &[&str]) -> Vec<Column> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let column = |name: &&str| {
        let place = header.iter().position(|column| column == *name).unwrap();
        rows.iter().map(|row| row[place].parse().ok()).collect()
    };
    names.iter().map(column).collect()
}

fn names(model: &Value) -> Vec<&str> {
    model["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| feature["name"].as_str().unwrap())
        .collect()
}

/// Trains the two tables in one place and compares.
fn equals_the_reference(outcome: &PairOutcome, host: &str, peer: &str, label: &str, terms: &Terms) {
    let (ours, theirs) = (model(&outcome.initiator), model(&outcome.partner));
    let mut all = columns(host, &names(&ours));
    all.extend(columns(peer, &names(&theirs)));
    let labels: Vec<f64> = columns(host, &[label])[0]
        .iter()
        .map(|label| label.unwrap())
        .collect();
    let expected = reference::train(&all, &labels, terms);
    let found: Vec<f64> = weights(&ours).into_iter().chain(weights(&theirs)).collect();
    assert_eq!(found.len(), expected.weights.len());
    for (found, expected) in found.iter().zip(&expected.weights) {
        assert!(close(*found, *expected), "{found} instead of {expected}");
    }
    assert!(close(ours["bias"].as_f64().unwrap(), expected.bias));
    assert_eq!(theirs["bias"], Value::Null);
    for side in [&outcome.initiator, &outcome.partner] {
        assert!(close(
            side.last_metric("validation/log_loss").unwrap(),
            expected.validation_log_loss
        ));
        assert!(close(
            side.last_metric("validation/auc").unwrap(),
            expected.validation_auc
        ));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn training_on_the_sample_data_is_good_and_equals_training_in_one_place() {
    let side = |name: &str| {
        CaseSide::new(json!({"input": "rows.csv", "id_columns": ["id"], "source_lines": false}))
            .object_file("rows.csv", sample(name))
    };
    let joined = run(TaskKind::Sample, side("host.csv"), side("peer.csv")).await;
    let host = text(&joined.initiator, "joined.csv");
    let peer = text(&joined.partner, "joined.csv");
    let outcome = run(
        TaskKind::Train,
        train_side(&host, json!({"label": "malignant"})),
        train_side(&peer, json!({})),
    )
    .await;
    assert!(outcome.initiator.succeeded() && outcome.partner.succeeded());
    let terms = Terms {
        epochs: 30,
        batch_size: 256,
        learning_rate: 0.1,
        l2: 1e-4,
        validation_fraction: 0.2,
        seed: 1,
    };
    equals_the_reference(&outcome, &host, &peer, "malignant", &terms);
    let (scores, roc, confusion) = evaluation(&outcome.initiator);
    assert!(scores.get("auc").unwrap() >= 0.98, "{scores:?}");
    assert_eq!(
        (roc.area, scores.part.as_deref()),
        (scores.get("auc"), Some("validation"))
    );
    assert!(roc.points.len() <= 200);
    assert_eq!(confusion.classes, ["0", "1"]);
    assert_eq!(Some(confusion.counts.iter().flatten().sum()), scores.rows);
    for name in ["evaluation", "roc", "confusion"] {
        assert_eq!(outcome.partner.document(name), None, "{name}");
    }
    assert_eq!(
        model(&outcome.initiator)["label"],
        json!({"column": "malignant", "0": "0", "1": "1"})
    );
    assert_eq!(outcome.initiator.metrics().len(), 30 * 6);
}

/// The weights for the original values predict the same as those for standardised ones.
fn original_weights_fit(outcome: &PairOutcome, tables: [&str; 2]) {
    let models = [model(&outcome.initiator), model(&outcome.partner)];
    let (mut plain, mut standardised) = (vec![0.0; 2], vec![0.0; 2]);
    for (model, table) in models.iter().zip(tables) {
        let columns = columns(table, &names(model));
        for row in 0..2 {
            plain[row] += model["offset"].as_f64().unwrap();
            standardised[row] += model["bias"].as_f64().unwrap_or(0.0);
            for (feature, column) in model["features"].as_array().unwrap().iter().zip(&columns) {
                let value = column[row].unwrap();
                plain[row] += feature["weight"].as_f64().unwrap() * value;
                let deviation = feature["standard_deviation"].as_f64().unwrap();
                if deviation > 0.0 {
                    let value = (value - feature["mean"].as_f64().unwrap()) / deviation;
                    standardised[row] += feature["standardised_weight"].as_f64().unwrap() * value;
                }
            }
        }
    }
    for (plain, standardised) in plain.iter().zip(&standardised) {
        assert!(close(*plain, *standardised), "{plain} instead of {standardised}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_values_constants_and_texts_are_handled() {
    let (mut host, mut peer) = ("y,a,flat,word\n".to_owned(), "b,c\n".to_owned());
    for row in 0..50 {
        let (a, b, c) = ((row * 7) % 11, (row * 5) % 13, (row * 3) % 7);
        let (shown_a, shown_c) = (
            if row % 9 == 3 {
                "NA".to_owned()
            } else {
                a.to_string()
            },
            c.to_string(),
        );
        host.push_str(&format!("{},{shown_a},5,w{row}\n", u8::from(a + b > 10)));
        peer.push_str(&format!("{b},{}\n", if row % 8 == 5 { "" } else { &shown_c }));
    }
    let config = |label: Option<&str>| {
        json!({"label": label, "epochs": 7, "batch_size": 16, "learning_rate": 0.3, "l2": 0.01,
            "validation_fraction": 0.3, "seed": 9})
    };
    let outcome = run(
        TaskKind::Train,
        train_side(&host, config(Some("y"))),
        train_side(&peer, config(None)),
    )
    .await;
    let terms = Terms {
        epochs: 7,
        batch_size: 16,
        learning_rate: 0.3,
        l2: 0.01,
        validation_fraction: 0.3,
        seed: 9,
    };
    equals_the_reference(&outcome, &host, &peer, "y", &terms);
    original_weights_fit(&outcome, [&host, &peer]);
    let ours = model(&outcome.initiator);
    assert_eq!(names(&ours), ["a", "flat"]);
    assert_eq!(
        (&ours["features"][1]["constant"], &ours["features"][0]["missing"]),
        (&json!(true), &json!(6))
    );
    assert_eq!(ours["features"][1]["weight"], 0.0);
    let ignored = ours["ignored_columns"].as_array().unwrap();
    assert_eq!(
        (ignored.len(), &ignored[0]["column"], &ignored[0]["code"]),
        (1, &json!("word"), &json!("text"))
    );
    let warnings = outcome.initiator.warnings();
    let said = |text: &str| text.contains("`word`") && text.contains("`w0`");
    assert!(
        warnings.iter().any(|warning| said(&warning.text.en)),
        "{warnings:?}"
    );
    assert!(warnings.iter().all(|warning| warning.text.zh.is_some()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_few_bad_values_in_a_column_of_numbers_are_told_and_not_dropped() {
    let rows = |bad: usize| -> String {
        let value = |row: usize| {
            if row < bad {
                format!("{row} kg")
            } else {
                row.to_string()
            }
        };
        (0..40)
            .map(|row| format!("{},{}\n", row % 2, value(row)))
            .collect()
    };
    let other: String = (0..40).map(|row| format!("{}\n", row % 5)).collect();
    let train = |bad| {
        run(
            TaskKind::Train,
            train_side(&format!("y,weight\n{}", rows(bad)), json!({"label": "y"})),
            train_side(&format!("z\n{other}"), json!({})),
        )
    };
    let outcome = train(2).await;
    let reasons = reasons(&outcome);
    assert_eq!(
        reasons[0],
        "a column to learn from has values that cannot be used as numbers"
    );
    let story = private_reason(&outcome.initiator);
    assert!(
        story.contains("`weight`") && story.contains("2 other values") && story.contains("`0 kg` in line 2"),
        "{story}"
    );
    // A column that is mostly text is one of text.
    assert!(train(35).await.initiator.succeeded());
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_that_are_the_same_number_are_the_same() {
    let rows: String = (0..40)
        .map(|row| format!("{},{row}\n", ["0", "1", "0.0", "1.0"][row % 4]))
        .collect();
    let other: String = (0..40).map(|row| format!("{}\n", row % 5)).collect();
    let host = train_side(&format!("y,x\n{rows}"), json!({"label": "y"}));
    let outcome = run(
        TaskKind::Train,
        host,
        train_side(&format!("z\n{other}"), json!({})),
    )
    .await;
    assert!(outcome.initiator.succeeded());
    assert_eq!(model(&outcome.initiator)["label"]["1"], "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_may_be_words_and_batches_larger_than_the_table() {
    let rows: String = (0..40)
        .map(|row| format!("{},{row}\n", if row < 20 { "no" } else { "yes" }))
        .collect();
    let features: String = (0..40).map(|row| format!("{}\n", row % 5)).collect();
    let host = train_side(
        &format!("bought,x\n{rows}"),
        json!({"label": "bought", "features": ["x"], "validation_fraction": 0.0}),
    );
    let peer = train_side(&format!("z\n{features}"), json!({"validation_fraction": 0.0}));
    let outcome = run(TaskKind::Train, host, peer).await;
    let (scores, _, confusion) = evaluation(&outcome.initiator);
    assert_eq!(confusion.classes, ["no", "yes"]);
    assert_eq!(scores.part.as_deref(), Some("train"));
    assert!(outcome.initiator.last_metric("train/auc").unwrap() > 0.9);
    assert_eq!(outcome.initiator.last_metric("validation/auc"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn noise_changes_what_is_sent_and_ends_well() {
    let rows: String = (0..40)
        .map(|row| format!("{},{row}\n", u8::from(row < 20)))
        .collect();
    let host = format!("y,x\n{rows}");
    let weights = |outcome: &PairOutcome| weights(&model(&outcome.initiator));
    let of = |sigma: f64| {
        let features: String = (0..40).map(|row| format!("{}\n", row % 5)).collect();
        run(
            TaskKind::Train,
            train_side(&host, json!({"label": "y", "features": ["x"]})),
            train_side(&format!("z\n{features}"), json!({"noise_sigma": sigma})),
        )
    };
    let (plain, noisy) = (of(0.0).await, of(0.5).await);
    assert_ne!(weights(&plain), weights(&noisy));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_trained_is_told() {
    let good = "y,x\n0,1\n1,2\n0,3\n1,4\n";
    let label = json!({"label": "y", "validation_fraction": 0.0});
    let none = json!({"validation_fraction": 0.0});
    for (host, host_config, peer, peer_config, words) in [
        (good, &none, good, &none, "neither side names a label"),
        (good, &label, good, &label, "both sides name a label"),
        (
            good,
            &json!({"label": "y", "epochs": 2, "validation_fraction": 0.0}),
            good,
            &none,
            "`epochs` is",
        ),
        (good, &label, "x\n1\n2\n", &none, "not aligned"),
        (
            "y,x\n1,1\n1,2\n",
            &label,
            good,
            &none,
            "exactly two different values",
        ),
        (
            "y,x\n0,1\n1,2\n2,3\n",
            &label,
            good,
            &none,
            "exactly two different values",
        ),
        ("y,x\n0,1\n,2\n", &label, good, &none, "rows without a label"),
        (
            good,
            &label,
            "w\n2024-01-02\n2024-01-03\n2024-02-01\n2024-03-01\n",
            &json!({"max_categories": 0, "validation_fraction": 0.0}),
            "no column to learn from",
        ),
        (
            good,
            &label,
            "w\n1\n2\n3\nd\n",
            &json!({"features": ["w"], "validation_fraction": 0.0}),
            "cannot be used as numbers",
        ),
        (
            good,
            &json!({"label": "q", "validation_fraction": 0.0}),
            good,
            &none,
            "the input lacks a column",
        ),
    ] {
        let host = train_side(host, host_config.clone());
        let outcome = run(TaskKind::Train, host, train_side(peer, peer_config.clone())).await;
        let reasons = reasons(&outcome);
        assert!(
            reasons.iter().any(|reason| reason.contains(words)),
            "{words}: {reasons:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_training_that_diverges_is_told() {
    let rows: String = (0..40)
        .map(|row| format!("{},{row}\n", u8::from(row < 20)))
        .collect();
    let config = json!({"learning_rate": 1e300, "epochs": 5, "l2": 1e10});
    let mut with_label = config.clone();
    with_label["label"] = json!("y");
    with_label["features"] = json!(["x"]);
    let table = format!("y,x\n{rows}");
    let features: String = (0..40).map(|row| format!("{}\n", row % 5)).collect();
    let host = train_side(&table, with_label);
    let outcome = run(
        TaskKind::Train,
        host,
        train_side(&format!("z\n{features}"), config),
    )
    .await;
    assert!(reasons(&outcome).iter().all(|reason| reason.contains("diverged")));
}

#[tokio::test(flavor = "multi_thread")]
async fn outputs_of_different_joins_are_not_trained_on() {
    const LABELLED: &str = "y,x\n0,1\n1,2\n0,3\n1,4\n";
    const OTHER: &str = "z\n1\n2\n4\n3\n";
    let digest = |text: &str| hex::encode(Sha256::digest(text));
    let train = async |ours: &[&str], theirs: &[&str]| {
        let label = json!({"label": "y", "validation_fraction": 0.0, "epochs": 1});
        let (mut host, mut peer) = (
            train_side(LABELLED, label),
            train_side(OTHER, json!({"validation_fraction": 0.0, "epochs": 1})),
        );
        for mark in ours {
            host = host.mark(&digest(LABELLED), mark);
        }
        for mark in theirs {
            peer = peer.mark(&digest(OTHER), mark);
        }
        run(TaskKind::Train, host, peer).await
    };
    for (ours, theirs, words) in [
        (&["a"][..], &["b"][..], "different joins"),
        (&["a"], &[], "the other is not"),
        (&[], &["a", "b"], "the other is not"),
    ] {
        let reasons = reasons(&train(ours, theirs).await);
        assert!(reasons.iter().all(|reason| reason.contains(words)), "{reasons:?}");
    }
    for (ours, theirs) in [(&["a"][..], &["a"][..]), (&["a", "b"], &["c", "b"]), (&[], &[])] {
        let outcome = train(ours, theirs).await;
        assert!(outcome.initiator.succeeded() && outcome.partner.succeeded());
    }
}
