//! A large join through two consoles, beside the group operations that it cannot do without, on the same cores.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use crate::console::{Console, Place, text};
use crate::pair::{Ended, Pair};
use crate::report::{Row, grouped};

const RATIO: f64 = 1.5;
const MIB: f64 = 400.0;

/// Joins `ids` ids with as many, half of them common: by two engines alone, and by two consoles.
pub(crate) async fn measure(folder: &Path, ids: u64) -> anyhow::Result<Vec<Row>> {
    let engines = engine_bench(ids, false).await?;
    let (consoles, memory) = by_consoles(folder, ids).await?;
    // Measured before and after what is compared to them, since the machine is shared.
    let again = engine_bench(ids, true).await?;
    let (before, after) = (Took::read(&engines, "pure")?, Took::read(&again, "pure")?);
    let pure = Took {
        seconds: f64::midpoint(before.seconds, after.seconds),
        cpu: f64::midpoint(before.cpu, after.cpu),
    };
    let engines = Took::read(&engines, "join")?;
    let met = consoles.seconds / pure.seconds <= RATIO;
    let [by_clock, by_cpu] = consoles.rows("two consoles", ids, &pure);
    let mut rows = vec![by_clock.goal(format!("<= {RATIO} times"), met), by_cpu];
    rows.extend(engines.rows("two engines alone", ids, &before));
    rows.extend(memory.into_iter().filter_map(|(whose, mib)| {
        let mib = mib?;
        let what = format!("the {whose} memory at most");
        Some(Row::new(what, mib, "MiB").goal(format!("<= {MIB} MiB"), mib <= MIB))
    }));
    Ok(rows)
}

/// How long something took, by the clock and of the processor.
struct Took {
    seconds: f64,
    cpu: f64,
}

impl Took {
    /// From the report of the engine's benchmark.
    fn read(report: &Value, what: &str) -> anyhow::Result<Self> {
        let figure = |key: String| {
            report[&key]
                .as_f64()
                .with_context(|| format!("{report} lacks {key:?}"))
        };
        Ok(Self {
            seconds: figure(format!("{what}_seconds"))?,
            cpu: figure(format!("{what}_cpu_seconds"))?,
        })
    }

    fn rows(&self, who: &str, ids: u64, pure: &Self) -> [Row; 2] {
        let count = grouped(ids);
        let limit = "group operations alone";
        [
            Row::new(
                format!("join of {count} with {count} ids, {who}"),
                self.seconds,
                "s",
            )
            .limit(limit, pure.seconds, self.seconds / pure.seconds),
            Row::new(format!("processor time of {who}"), self.cpu, "s").limit(
                limit,
                pure.cpu,
                self.cpu / pure.cpu,
            ),
        ]
    }
}

/// The join by two consoles, and what each of them held in memory at most.
async fn by_consoles(folder: &Path, ids: u64) -> anyhow::Result<(Took, [(&'static str, Option<f64>); 2])> {
    let places = ["host", "peer"].map(|name| Place {
        name: name.to_owned(),
        dir: folder.join(name),
        database: format!("sqlite:{}", folder.join(name).with_extension("db").display()),
    });
    let pair = Pair::start(&places[0], &places[1]).await?;
    let task = pair.join("large", [table(0, ids), table(ids / 2, ids)]).await?;
    let (begun, before) = (Instant::now(), cpu_seconds(&pair));
    let run = pair
        .host
        .post(&format!("tasks/{}/instances", task.host), &json!({}))
        .await?;
    let ended = pair.ended(&task, text(&run, "id")?).await?;
    let took = Took {
        seconds: begun.elapsed().as_secs_f64(),
        cpu: cpu_seconds(&pair) - before,
    };
    check(&pair, &ended, ids - ids / 2).await?;
    let memory = [("host's", &pair.host), ("peer's", &pair.peer)];
    let memory = memory.map(|(whose, console)| (whose, console.memory("VmHWM")));
    pair.stop().await?;
    Ok((took, memory))
}

/// Both halves must have found exactly the common ids.
async fn check(pair: &Pair, ended: &Ended, common: u64) -> anyhow::Result<()> {
    for (console, run) in [(&pair.host, &ended.host), (&pair.peer, &ended.peer)] {
        let results = console
            .get(&format!("instances/{}/results", text(run, "id")?))
            .await?;
        let mut found = results
            .as_array()
            .into_iter()
            .flatten()
            .filter(|result| result["name"] == "join");
        let expected = json!({ "name": "intersection", "count": common });
        let counts = found
            .next()
            .and_then(|result| result["document"]["counts"].as_array());
        ensure!(
            counts.is_some_and(|counts| counts.contains(&expected)),
            "the join found {results}"
        );
    }
    Ok(())
}

/// How long both consoles have computed; 0 where the system does not tell it.
fn cpu_seconds(pair: &Pair) -> f64 {
    [&pair.host, &pair.peer]
        .into_iter()
        .filter_map(Console::cpu_seconds)
        .sum()
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

fn table(from: u64, count: u64) -> Vec<u8> {
    let mut table = "id,value\n".to_owned();
    for id in from..from + count {
        // Writing to a text cannot fail.
        let _ = writeln!(table, "id-{id:012},{}", id % 1000);
    }
    table.into_bytes()
}
