//! Messages of engines through two consoles, beside an echo over the same kind of connection; and a training whose halves
//! wait for each other at every step.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, ensure};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use reqwest::header::{CONNECTION, UPGRADE};
use serde_json::{Value, json};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use crate::console::{Place, text};
use crate::pair::{Half, Pair, Task};
use crate::report::Row;
use crate::sample::median;
use crate::say;
use crate::wire::{BACK, KEEP, ROLE, TELL};

const ROUNDS: u64 = 10_000;
const POUR: u64 = 4_000;
const BYTES: u64 = 64 << 10;
const TURNS: usize = 3;
const MOST_RATIO: f64 = 3.0;
const LEAST_SHARE: f64 = 0.6;
const MOST_CPU_MS: f64 = 0.2;
const TRAINING_RATIO: f64 = 1.5;
const TRAINING_ROWS: u64 = 100_000;
const COLUMNS: u64 = 20;

pub(crate) async fn measure(folder: &Path) -> anyhow::Result<Vec<Row>> {
    let places = ["wire-host", "wire-peer"].map(|name| Place {
        name: name.to_owned(),
        dir: folder.join(name),
        database: format!("sqlite:{}", folder.join(name).with_extension("db").display()),
    });
    let pair = Pair::start_playing(&places[0], &places[1]).await?;
    let mut rows = messages(&pair).await?;
    rows.push(training(&pair).await?);
    pair.stop().await?;
    Ok(rows)
}

/// What one turn measured.
#[derive(Debug)]
struct Turn {
    p50_us: f64,
    p99_us: f64,
    cpu_ms: f64,
    mib_per_second: f64,
}

async fn messages(pair: &Pair) -> anyhow::Result<Vec<Row>> {
    let leads = json!({ "rounds": ROUNDS, "pour": POUR, "bytes": BYTES });
    let half = |config: Value| Half::new("sample", config).engine("wire");
    let task = pair.task("wire", [half(leads), half(json!({}))]).await?;
    let (mut ours, mut echoes) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        echoes.push(echo().await?);
        ours.push(turn(pair, &task).await?);
        for (who, turn) in [("echo", echoes.last()), ("engines", ours.last())] {
            say(&format!("{who}: {turn:?}"));
        }
    }
    let of = |turns: &[Turn], what: fn(&Turn) -> f64| median(turns.iter().map(what));
    let ratio =
        |what: fn(&Turn) -> f64| median(ours.iter().zip(&echoes).map(|(our, echo)| what(our) / what(echo)));
    let (there, rate) = (ratio(|turn| turn.p50_us), ratio(|turn| turn.mib_per_second));
    let cpu = of(&ours, |turn| turn.cpu_ms);
    Ok(vec![
        Row::new(
            "message of 64 bytes there and back, engine to engine",
            of(&ours, |turn| turn.p50_us),
            "us",
        )
        .percentiles(
            of(&ours, |turn| turn.p50_us) / 1e3,
            of(&ours, |turn| turn.p99_us) / 1e3,
        )
        .limit("echo over a WebSocket", of(&echoes, |turn| turn.p50_us), there)
        .goal(format!("<= {MOST_RATIO} times"), there <= MOST_RATIO),
        Row::new(
            "messages of 64 KiB one way, engine to engine",
            of(&ours, |turn| turn.mib_per_second),
            "MiB/s",
        )
        .limit(
            "over a WebSocket alone",
            of(&echoes, |turn| turn.mib_per_second),
            rate,
        )
        .goal(format!(">= {LEAST_SHARE}"), rate >= LEAST_SHARE),
        Row::new("processor time of a message, both consoles", cpu, "ms")
            .limit(
                "of an echo, both ends",
                of(&echoes, |turn| turn.cpu_ms),
                ratio(|turn| turn.cpu_ms),
            )
            .goal(format!("<= {MOST_CPU_MS} ms"), cpu <= MOST_CPU_MS),
    ])
}

async fn turn(pair: &Pair, task: &Task) -> anyhow::Result<Turn> {
    let run = pair
        .host
        .post(&format!("tasks/{}/instances", task.host), &json!({}))
        .await?;
    let ended = pair.ended(task, text(&run, "id")?).await?;
    let host = result(&pair.host, &ended.host).await?;
    let peer = result(&pair.peer, &ended.peer).await?;
    let figure = |from: &Value, key: &str| found(from, key).with_context(|| format!("{from} lacks {key}"));
    Ok(Turn {
        p50_us: figure(&host, "p50_us")?,
        p99_us: figure(&host, "p99_us")?,
        cpu_ms: (figure(&host, "cpu")? + figure(&peer, "cpu")?) * 1e3 / (2 * ROUNDS) as f64,
        mib_per_second: mib() / figure(&host, "poured_seconds")?,
    })
}

fn mib() -> f64 {
    (POUR * BYTES) as f64 / f64::from(1 << 20)
}

async fn result(console: &crate::console::Console, run: &Value) -> anyhow::Result<Value> {
    console
        .get(&format!("instances/{}/results", text(run, "id")?))
        .await
}

/// A number by its key, wherever it is.
fn found(value: &Value, key: &str) -> Option<f64> {
    match value {
        Value::Object(members) => members
            .get(key)
            .and_then(Value::as_f64)
            .or_else(|| members.values().find_map(|value| found(value, key))),
        Value::Array(values) => values.iter().find_map(|value| found(value, key)),
        _ => None,
    }
}

/// Ends a process when it is dropped.
struct Playing(Child);

impl Drop for Playing {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The same exchange with a process that does nothing else.
async fn echo() -> anyhow::Result<Turn> {
    let mut child = Command::new(std::env::current_exe()?);
    let child = child.env(ROLE, "echo").stdout(Stdio::piped()).spawn()?;
    let mut playing = Playing(child);
    let output = playing.0.stdout.take().context("it has no output")?;
    let mut port = String::new();
    BufReader::new(output).read_line(&mut port)?;
    let asked = reqwest::Client::builder()
        .no_proxy()
        .http1_only()
        .tcp_nodelay(true)
        .build()?;
    let answer = asked
        .get(format!("http://127.0.0.1:{}/", port.trim()))
        .header(CONNECTION, "Upgrade")
        .header(UPGRADE, "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .send()
        .await?;
    ensure!(answer.status() == 101, "no echo: {}", answer.status());
    let mut socket = WebSocketStream::from_raw_socket(answer.upgrade().await?, Role::Client, None).await;
    let small = Bytes::from(vec![BACK; 64]);
    let cpu = || Some(own_cpu()? + cpu_of(playing.0.id())?);
    let (mut times, before) = (Vec::new(), cpu());
    for _ in 0..ROUNDS {
        let sent = Instant::now();
        socket.send(Message::Binary(small.clone())).await?;
        socket.next().await.context("the echo ended")??;
        times.push(sent.elapsed().as_secs_f64() * 1e6);
    }
    let spent = cpu()
        .zip(before)
        .map_or(f64::NAN, |(after, before)| after - before);
    let large = Bytes::from(vec![KEEP; usize::try_from(BYTES)?]);
    let begun = Instant::now();
    for _ in 0..POUR {
        socket.feed(Message::Binary(large.clone())).await?;
    }
    socket.send(Message::Binary(Bytes::from_static(&[TELL]))).await?;
    socket.next().await.context("the echo ended")??;
    let poured = begun.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    Ok(Turn {
        p50_us: times[times.len() / 2],
        p99_us: times[times.len() * 99 / 100],
        cpu_ms: spent * 1e3 / (2 * ROUNDS) as f64,
        mib_per_second: mib() / poured,
    })
}

fn own_cpu() -> Option<f64> {
    cpu_of(std::process::id())
}

fn cpu_of(process: u32) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let mut fields = stat.rsplit(')').next()?.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<f64>().ok();
    Some((next()? + next()?) / 100.0)
}

/// A training through the consoles, beside two engines in one process.
async fn training(pair: &Pair) -> anyhow::Result<Row> {
    let [host, peer] = tables();
    let config = |label: bool| {
        let mut config = json!({ "input": "table", "epochs": 30, "batch_size": 1024 });
        if label {
            config["label"] = json!("y");
        }
        config
    };
    let halves = [
        Half::new("train", config(true)).table(host),
        Half::new("train", config(false)).table(peer),
    ];
    let task = pair.task("training", halves).await?;
    let begun = Instant::now();
    let run = pair
        .host
        .post(&format!("tasks/{}/instances", task.host), &json!({}))
        .await?;
    pair.ended(&task, text(&run, "id")?).await?;
    let took = begun.elapsed().as_secs_f64();
    say(&format!("training through the consoles: {took:.1} s"));
    let alone = alone().await?;
    let ratio = took / alone;
    let what = format!("training of {TRAINING_ROWS} rows, {COLUMNS} + {COLUMNS} columns, 30 epochs");
    Ok(Row::new(what, took, "s")
        .limit("two engines alone", alone, ratio)
        .goal(format!("<= {TRAINING_RATIO} times"), ratio <= TRAINING_RATIO))
}

async fn alone() -> anyhow::Result<f64> {
    let mut command = Command::new(env!("CARGO"));
    command.args([
        "run",
        "--locked",
        "--quiet",
        "--release",
        "-p",
        "engine-local",
        "--example",
        "bench_train",
    ]);
    command.args(["--", &TRAINING_ROWS.to_string(), &COLUMNS.to_string()]);
    let output = tokio::task::spawn_blocking(move || command.output()).await??;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the engine's benchmark failed: {said}");
    let report: Value = serde_json::from_slice(&output.stdout)?;
    report["seconds"].as_f64().context("it tells no time")
}

/// The same tables as the engine's own benchmark: what is learnt does not matter, how much is computed does.
fn tables() -> [Vec<u8>; 2] {
    [0, 1].map(|side| {
        let label = if side == 0 { "y," } else { "" };
        let mut table = label.to_owned();
        let names: Vec<String> = (0..COLUMNS).map(|column| format!("x{column}")).collect();
        // Writing to a text cannot fail.
        let _ = writeln!(table, "{}", names.join(","));
        for row in 0..TRAINING_ROWS {
            if side == 0 {
                let _ = write!(table, "{},", row * 7919 % 97 % 2);
            }
            let values: Vec<String> = (0..COLUMNS)
                .map(|column| (row * (side + 2) * (column + 3) * 104_729 % 1009).to_string())
                .collect();
            let _ = writeln!(table, "{}", values.join(","));
        }
        table.into_bytes()
    })
}
