//! How long a training takes by two engines in one process, without consoles.
//!
//! `cargo run --release -p engine-local --example bench_train -- [ROWS] [COLUMNS]`
//!
//! Each side has so many columns; 30 epochs in batches of 1,024. Prints one JSON object with the time in seconds.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark ends where it finds something unexpected"
)]

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use engine_local::{LocalEngine, LocalEngineConfig};
use serde_json::json;
use task_interface::TaskKind;
use task_interface::conformance::{CaseSide, EngineCase, Script, run_pair};

#[tokio::main]
async fn main() {
    let mut numbers = std::env::args()
        .skip(1)
        .filter_map(|argument| argument.parse().ok());
    let rows = numbers.next().unwrap_or(100_000);
    let columns = numbers.next().unwrap_or(20);
    let side = |side: u64| {
        let mut config = json!({"input": "rows.csv", "epochs": 30, "batch_size": 1024});
        if side == 0 {
            config["label"] = json!("y");
        }
        CaseSide::new(config).object("rows.csv", table(side, rows, columns))
    };
    let case = EngineCase::new(TaskKind::Train, side(0), side(1), json!(null))
        .time_limit(Duration::from_secs(86_400));
    let make: Arc<dyn Fn() -> LocalEngine + Send + Sync> =
        Arc::new(|| LocalEngine::new(LocalEngineConfig::default()).unwrap());
    let outcome = run_pair(&make, &case, Script::default()).await.unwrap();
    assert!(outcome.initiator.succeeded() && outcome.partner.succeeded());
    let seconds = outcome.duration.as_secs_f64();
    println!(
        "{}",
        json!({"rows": rows, "columns": columns, "seconds": seconds})
    );
}

fn table(side: u64, rows: u64, columns: u64) -> String {
    let mut table = if side == 0 { "y,".to_owned() } else { String::new() };
    let names: Vec<String> = (0..columns).map(|column| format!("x{column}")).collect();
    writeln!(table, "{}", names.join(",")).unwrap();
    for row in 0..rows {
        if side == 0 {
            write!(table, "{},", row * 7919 % 97 % 2).unwrap();
        }
        let values: Vec<String> = (0..columns)
            .map(|column| (row * (side + 2) * (column + 3) * 104_729 % 1009).to_string())
            .collect();
        writeln!(table, "{}", values.join(",")).unwrap();
    }
    table
}
