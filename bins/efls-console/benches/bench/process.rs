//! How soon a console answers, and how much memory it takes.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::ensure;

use crate::console::{Console, PROGRAM, Place};
use crate::report::{Row, grouped};
use crate::sample::{median, millis};

const STARTS: usize = 7;
/// A console that has just started is looked at after this time.
const SETTLED: Duration = Duration::from_secs(10);
const START_MS: f64 = 300.0;
const IDLE_MIB: f64 = 40.0;

/// From the start of the process to the first answer, beside a start of the program that does nothing.
pub(crate) async fn start(place: &Place, rows: u64) -> anyhow::Result<Row> {
    let (mut starts, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let console = Console::start(place).await?;
        starts.push(millis(console.started_in));
        console.stop().await?;
        let begun = Instant::now();
        let status = Command::new(PROGRAM)
            .arg("--version")
            .stdout(Stdio::null())
            .status()?;
        ensure!(status.success(), "the program cannot tell its version");
        bare.push(millis(begun.elapsed()));
    }
    let ratio = median(starts.iter().zip(&bare).map(|(start, bare)| start / bare));
    let start = median(starts);
    Ok(Row::new(
        format!("start to first /health, {} rows", grouped(rows)),
        start,
        "ms",
    )
    .limit("--version", median(bare), ratio)
    .goal(format!("<= {START_MS:.0} ms"), start <= START_MS))
}

/// What a console that nobody uses holds in memory.
pub(crate) async fn idle_memory(place: &Place) -> anyhow::Result<Option<Row>> {
    let console = Console::start(place).await?;
    tokio::time::sleep(SETTLED).await;
    let idle = console.memory("VmRSS");
    console.stop().await?;
    Ok(idle.map(|idle| {
        Row::new("memory when idle", idle, "MiB").goal(format!("<= {IDLE_MIB:.0} MiB"), idle <= IDLE_MIB)
    }))
}

/// What a console held in memory at most under everything that was measured on it, and what it still holds.
pub(crate) fn loaded_memory(what: &str, console: &Console) -> Vec<Row> {
    let figures = [("at most", "VmHWM"), ("afterwards", "VmRSS")];
    let rows = figures.into_iter().filter_map(|(when, figure)| {
        let held = console.memory(figure)?;
        Some(Row::new(format!("memory under {what}, {when}"), held, "MiB"))
    });
    rows.collect()
}
