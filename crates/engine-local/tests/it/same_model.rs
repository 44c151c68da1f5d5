//! The same inputs, settings and seed give the same model to the last digit, though every join has fresh keys.

use serde_json::json;
use task_interface::TaskKind;

use crate::support::{join_side, run, sample, text, train_side};

/// Both halves of the model, of one join and one training.
async fn join_and_train(host: &str, peer: &str) -> [String; 2] {
    let joined = run(
        TaskKind::Sample,
        join_side(host, json!({})),
        join_side(peer, json!({})),
    )
    .await;
    let settings = |more: serde_json::Value| {
        let mut settings = json!({"epochs": 3, "batch_size": 32, "exclude": ["id"]});
        for (key, value) in more.as_object().unwrap() {
            settings[key] = value.clone();
        }
        settings
    };
    let trained = run(
        TaskKind::Train,
        train_side(
            &text(&joined.initiator, "joined.csv"),
            settings(json!({"label": "malignant"})),
        ),
        train_side(&text(&joined.partner, "joined.csv"), settings(json!({}))),
    )
    .await;
    [&trained.initiator, &trained.partner].map(|side| text(side, ".json"))
}

/// The table with its rows from the last to the first.
fn reversed(table: &str) -> String {
    let mut lines: Vec<&str> = table.lines().collect();
    lines[1..].reverse();
    lines.join("\n") + "\n"
}

#[tokio::test]
async fn another_join_of_the_same_tables_gives_the_same_model() {
    let [host, peer] = ["host.csv", "peer.csv"].map(|name| std::fs::read_to_string(sample(name)).unwrap());
    let first = join_and_train(&host, &peer).await;
    assert!(
        first == join_and_train(&host, &peer).await,
        "another join of the same tables"
    );
    let turned = join_and_train(&reversed(&host), &peer).await;
    assert!(first == turned, "rows in another order");
}
