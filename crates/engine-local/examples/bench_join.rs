//! How long a join takes beside the group operations that it cannot do without.
//!
//! `cargo run --release -p engine-local --example bench_join -- [IDS] [--pure]`
//!
//! Measures, in one run and on all cores: the pure time of the group operations of both sides (for each side, hash and
//! blind `IDS` ids, and decompress and blind `IDS` points), with the same functions that the engine uses; then, unless
//! `--pure` is given, a whole join of `IDS` with `IDS` ids, half of them common, by two engines in this process. Prints one
//! JSON object with the times in seconds, their ratio and the process's peak memory.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark ends where it finds something unexpected"
)]

use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use engine_local::group::{BlindingKey, Key, SLICE, digest_id};
use engine_local::{LocalEngine, LocalEngineConfig};
use rayon::prelude::*;
use serde_json::json;
use task_interface::conformance::{CaseSide, EngineCase, Script, run_pair};
use task_interface::{Document, TaskKind};

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let count = arguments
        .iter()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(1_000_000);
    let (pure, pure_cpu) = pure_seconds(count);
    let mut report = json!({"ids": count, "pure_seconds": pure, "pure_cpu_seconds": pure_cpu});
    if !arguments.iter().any(|argument| argument == "--pure") {
        let before = cpu_seconds();
        let (seconds, peak) = join(count).await;
        report["join_seconds"] = json!(seconds);
        report["join_cpu_seconds"] = json!(cpu_seconds() - before);
        report["ratio"] = json!(seconds / pure);
        report["peak_memory_mib_of_both_sides"] = json!(peak);
    }
    println!("{report}");
}

fn pure_seconds(count: u64) -> (f64, f64) {
    let (ours, theirs) = (BlindingKey::from_seed(&[1; 32]), BlindingKey::from_seed(&[2; 32]));
    let id = |id: u64| digest_id([format!("id-{id:012}").as_str()].into_iter());
    let digests: Vec<Key> = (0..count).into_par_iter().map(id).collect();
    let (begun, before) = (Instant::now(), cpu_seconds());
    for (blinds, blinds_again) in [(&ours, &theirs), (&theirs, &ours)] {
        digests.par_chunks(SLICE).for_each(|slice| {
            let points = blinds.blind_digests(slice);
            std::hint::black_box(blinds_again.blind_points(&points).unwrap());
        });
    }
    (begun.elapsed().as_secs_f64(), cpu_seconds() - before)
}

async fn join(count: u64) -> (f64, u64) {
    let folder = tempfile::tempdir().unwrap();
    let side = |name: &str, from: u64| {
        let path = folder.path().join(name);
        write_ids(&path, from, count);
        CaseSide::new(json!({"input": "rows.csv", "id_columns": ["id"]})).object_file("rows.csv", path)
    };
    let sides = (side("left.csv", 0), side("right.csv", count / 2));
    let case = EngineCase::new(TaskKind::Sample, sides.0, sides.1, json!(null))
        .time_limit(Duration::from_secs(86_400));
    let make: Arc<dyn Fn() -> LocalEngine + Send + Sync> =
        Arc::new(|| LocalEngine::new(LocalEngineConfig::default()).unwrap());
    let outcome = run_pair(&make, &case, Script::default()).await.unwrap();
    let Some(Document::Counts(counts)) = outcome.initiator.document("join") else {
        panic!("no result");
    };
    assert_eq!(counts.get("intersection"), Some(count - count / 2));
    (outcome.duration.as_secs_f64(), peak_memory_mib())
}

fn write_ids(path: &Path, from: u64, count: u64) {
    let mut file = BufWriter::new(std::fs::File::create(path).unwrap());
    writeln!(file, "id,value").unwrap();
    for id in from..from + count {
        writeln!(file, "id-{id:012},{}", id % 1000).unwrap();
    }
    file.flush().unwrap();
}

/// The most memory that this process had at a time, as Linux tells it; 0 elsewhere.
fn peak_memory_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|text| text.split_whitespace().next()?.parse::<u64>().ok())
        .map_or(0, |kib| kib / 1024)
}

/// How long this process's threads have computed, as Linux tells it; 0 elsewhere.
fn cpu_seconds() -> f64 {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the name in brackets, which may hold anything; the 14th and 15th field of all.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks = fields
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS_PER_SECOND
}
