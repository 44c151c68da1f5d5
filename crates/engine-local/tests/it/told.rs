//! What the partner is told of a failure.

use std::path::Path;

use serde_json::{Value, json};
use task_interface::{EngineError, TaskKind};

use crate::support::{join_side, run, train_side};

/// The sentence of a failure reaches the partner, so it is one of ours, in both languages: never the text of another error, which
/// may hold what a file holds.
#[test]
fn no_failure_has_the_words_of_another_error() {
    let mut looked_at = 0;
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            // Tests make errors of any kind.
            let source = source
                .split("#[cfg(test)]\nmod tests {")
                .next()
                .unwrap_or_default();
            for made in ["EngineError::fatal(", "EngineError::retryable("] {
                for (at, _) in source.match_indices(made) {
                    let sentence = source[at + made.len()..].trim_start();
                    let is_ours = ["both(", "text)", "Text::new(en).with_zh("]
                        .iter()
                        .any(|begin| sentence.starts_with(begin));
                    let line = source[..at].lines().count();
                    assert!(
                        is_ours,
                        "{}:{line}: {}",
                        path.display(),
                        &sentence[..sentence.len().min(60)]
                    );
                    looked_at += 1;
                }
            }
        }
    }
    assert!(looked_at > 10, "only {looked_at} failures were found");
}

/// A table of 400 rows whose ids, values and column names are marked; row 321 is the given one.
fn marked(row_321: &[u8]) -> Vec<u8> {
    let mut table = b"id,marklabel,markcol\n".to_vec();
    for row in 1..=400 {
        match row {
            321 => table.extend_from_slice(row_321),
            row => table.extend(format!("MARK-{row},{},{}", row % 2, row % 9).bytes()),
        }
        table.push(b'\n');
    }
    table
}

const GOOD: &[u8] = b"MARK-321,1,3";

/// What is told to the partner of a run, whose first side has a table that is wrong.
async fn told_of(code: &str, kind: TaskKind, table: Vec<u8>, more: Value) -> [String; 2] {
    let (own, other) = match kind {
        TaskKind::Sample => (join_side("", more), join_side("id\nMARK-7\n", json!({}))),
        _ => {
            let theirs = train_side("", json!({"features": ["markcol"]}));
            let mut config = json!({"label": "marklabel", "features": ["markcol"]});
            config
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            (train_side("", config), theirs.object("rows.csv", marked(GOOD)))
        }
    };
    let outcome = run(kind, own.object("rows.csv", table), other).await;
    let Err(EngineError::Failed(failure)) = outcome.initiator.ended else {
        panic!("{code}: no failure");
    };
    assert_eq!(failure.code.as_deref(), Some(code), "{failure:?}");
    [failure.message.en, failure.message.zh.unwrap()]
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_table_is_told_to_the_partner_whatever_is_wrong_with_it() {
    let (join, train) = (TaskKind::Sample, TaskKind::Train);
    let large = [b"MARK-321,1,".to_vec(), vec![b'm'; 20 << 20]].concat();
    let one_row = b"id,marklabel,markcol\nMARK-1,1,2\n".to_vec();
    let cases = [
        (
            "value_not_a_number",
            train,
            marked(b"MARK-321,1,markvalue"),
            json!({}),
        ),
        ("label_missing", train, marked(b"MARK-321,,3"), json!({})),
        ("label_values", train, marked(b"MARK-321,markvalue,3"), json!({})),
        (
            "column_missing",
            train,
            marked(GOOD),
            json!({"features": ["markmissing"]}),
        ),
        (
            "input_row_length",
            train,
            marked(b"MARK-321,1,3,markvalue"),
            json!({}),
        ),
        ("input_quote", train, marked(b"MARK-321,1,\"markvalue"), json!({})),
        (
            "input_encoding",
            train,
            marked(b"MARK-321,1,mark\xff"),
            json!({"encoding": "utf-8"}),
        ),
        ("row_count", train, one_row, json!({})),
        ("input_empty", join, Vec::new(), json!({})),
        (
            "input_not_a_table",
            join,
            b"PK\x03\x04markvalue".to_vec(),
            json!({}),
        ),
        (
            "column_twice",
            join,
            b"id,markcol,id\nMARK-1,1,2\n".to_vec(),
            json!({}),
        ),
        (
            "input_duplicate_ids",
            join,
            marked(b"MARK-320,1,3"),
            json!({"duplicates": "refuse"}),
        ),
        ("input_too_large", join, marked(&large), json!({})),
    ];
    for (code, kind, table, config) in cases {
        for told in told_of(code, kind, table, config).await {
            let is_of_table =
                told.to_lowercase().contains("mark") || told.contains(|c: char| c.is_ascii_digit());
            assert!(!is_of_table, "{code}: {told}");
        }
    }
}
