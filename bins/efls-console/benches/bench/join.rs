//! A large join through two consoles, beside the group operations that it cannot do without, on the same cores.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use crate::console::{Place, text};
use crate::pair::Pair;
use crate::report::{Row, grouped};

const RATIO: f64 = 1.5;
const MIB: f64 = 400.0;

/// Joins `ids` ids with as many, half of them common: by two engines alone, and by two consoles.
pub(crate) async fn measure(folder: &Path, ids: u64) -> anyhow::Result<Vec<Row>> {
    let engines = engine_bench(ids, false).await?;
    let places = ["host", "peer"].map(|name| Place {
        name: name.to_owned(),
        dir: folder.join(name),
        database: format!("sqlite:{}", folder.join(name).with_extension("db").display()),
    });
    let pair = Pair::start(&places[0], &places[1]).await?;
    let task = pair.join("large", [table(0, ids), table(ids / 2, ids)]).await?;
    let begun = Instant::now();
    let run = pair
        .host
        .post(&format!("tasks/{}/instances", task.host), &json!({}))
        .await?;
    let ended = pair.ended(&task, text(&run, "id")?).await?;
    let seconds = begun.elapsed().as_secs_f64();
    for (console, run) in [(&pair.host, &ended.host), (&pair.peer, &ended.peer)] {
        let results = console
            .get(&format!("instances/{}/results", text(run, "id")?))
            .await?;
        let found = results
            .as_array()
            .into_iter()
            .flatten()
            .find(|result| result["name"] == "join");
        let common = found.map(|result| &result["value"]["intersection"]);
        ensure!(common == Some(&json!(ids - ids / 2)), "the join found {results}");
    }
    let memory = [("host's", &pair.host), ("peer's", &pair.peer)]
        .map(|(whose, console)| (whose, console.memory("VmHWM")));
    pair.stop().await?;
    // Measured before and after what is compared to them, since the machine is shared.
    let pure = f64::midpoint(figure(&engines, "pure_seconds")?, pure(ids).await?);
    let count = grouped(ids);
    let name = |who: &str| format!("join of {count} with {count} ids, {who}");
    let mut rows = vec![
        Row::new(name("two consoles"), seconds, "s")
            .limit("group operations alone", pure, seconds / pure)
            .goal(format!("<= {RATIO} times"), seconds / pure <= RATIO),
        Row::new(name("two engines alone"), figure(&engines, "join_seconds")?, "s").limit(
            "group operations alone",
            figure(&engines, "pure_seconds")?,
            figure(&engines, "ratio")?,
        ),
    ];
    rows.extend(memory.into_iter().filter_map(|(whose, mib)| {
        let mib = mib?;
        Some(
            Row::new(format!("the {whose} memory at most"), mib, "MiB")
                .goal(format!("<= {MIB} MiB"), mib <= MIB),
        )
    }));
    Ok(rows)
}

async fn pure(ids: u64) -> anyhow::Result<f64> {
    figure(&engine_bench(ids, true).await?, "pure_seconds")
}

/// What the engine's own benchmark reports.
async fn engine_bench(ids: u64, pure_alone: bool) -> anyhow::Result<Value> {
    let mut command = Command::new(env!("CARGO"));
    command.args([
        "run",
        "--locked",
        "--quiet",
        "--release",
        "-p",
        "engine-local",
        "--example",
        "bench_join",
    ]);
    command.args(["--", &ids.to_string()]);
    if pure_alone {
        command.arg("--pure");
    }
    let output = tokio::task::spawn_blocking(move || command.output()).await??;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the engine's benchmark failed: {said}");
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn figure(report: &Value, key: &str) -> anyhow::Result<f64> {
    report[key]
        .as_f64()
        .with_context(|| format!("{report} lacks {key:?}"))
}

fn table(from: u64, count: u64) -> Vec<u8> {
    let mut table = "id,value\n".to_owned();
    for id in from..from + count {
        // Writing to a text cannot fail.
        let _ = writeln!(table, "id-{id:012},{}", id % 1000);
    }
    table.into_bytes()
}
