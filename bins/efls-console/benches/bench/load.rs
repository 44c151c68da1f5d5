//! Loads: requests that are sent by the load generator, and what limits them, each for a while and as often as it goes.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use argon2::Argon2;
use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use console_db::ConnectionTrait;
use console_db::sea_orm::{DatabaseConnection, Statement};
use serde_json::Value;

use crate::sample::{Sample, Samples};

/// How long and how often each load runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) rounds: usize,
    pub(crate) time: Duration,
}

/// Something that is done over and over.
pub(crate) enum Load {
    /// A request.
    Http(Request),
    /// Queries, one after the other, without anything around them.
    Queries {
        db: DatabaseConnection,
        statements: Vec<Statement>,
        at_a_time: usize,
    },
    /// The comparison of a password with its hash.
    Hash { phc: String, at_a_time: usize },
}

/// A request, and how many of it are under way at a time.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) url: String,
    pub(crate) token: Option<String>,
    /// Sent as JSON by POST; GET without it.
    pub(crate) body: Option<String>,
    pub(crate) at_a_time: usize,
}

/// The password of every account that is made here.
pub(crate) const PASSWORD: &str = "a password for the benchmark";

/// Runs loads in turns: each once in every round. Gives their samples in the same order.
pub(crate) async fn in_turns<const N: usize>(pace: Pace, loads: [&Load; N]) -> anyhow::Result<[Samples; N]> {
    let mut samples: [Samples; N] = std::array::from_fn(|_| Samples::default());
    for _ in 0..pace.rounds {
        for (load, samples) in loads.iter().zip(&mut samples) {
            samples.0.push(load.run(pace.time).await?);
        }
    }
    Ok(samples)
}

impl Load {
    async fn run(&self, time: Duration) -> anyhow::Result<Sample> {
        match self {
            Self::Http(request) => request.send(time).await,
            Self::Queries {
                db,
                statements,
                at_a_time,
            } => queries(db, statements, *at_a_time, time).await,
            Self::Hash { phc, at_a_time } => hashes(phc, *at_a_time, time).await,
        }
    }
}

impl Request {
    /// Lets the load generator send it. A request that fails, or is answered with no success, fails all.
    async fn send(&self, time: Duration) -> anyhow::Result<Sample> {
        let mut command = Command::new("oha");
        let seconds = format!("{}ms", time.as_millis());
        command
            .args([
                "--no-tui",
                "--output-format",
                "json",
                "--wait-ongoing-requests-after-deadline",
            ])
            .args([
                "--redirect",
                "0",
                "-z",
                &seconds,
                "-c",
                &self.at_a_time.to_string(),
            ]);
        if let Some(token) = &self.token {
            command.args(["-H", &format!("authorization: Bearer {token}")]);
        }
        if let Some(body) = &self.body {
            command.args(["-m", "POST", "-T", "application/json", "-d", body]);
        }
        command.arg(&self.url).stdin(Stdio::null());
        let output = tokio::task::spawn_blocking(move || command.output())
            .await?
            .context("the load generator `oha` cannot be started; tools/bench.sh installs it")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "oha failed on {}: {said}", self.url);
        self.read(&serde_json::from_slice(&output.stdout)?)
    }

    fn read(&self, report: &Value) -> anyhow::Result<Sample> {
        let answers = report["statusCodeDistribution"].as_object();
        let well =
            answers.is_some_and(|all| !all.is_empty() && all.keys().all(|status| status.starts_with('2')));
        let unanswered = report["errorDistribution"]
            .as_object()
            .is_some_and(|all| !all.is_empty());
        if !well || unanswered {
            let (answers, errors) = (&report["statusCodeDistribution"], &report["errorDistribution"]);
            bail!(
                "requests to {} failed: answers {answers}, errors {errors}",
                self.url
            );
        }
        let figure = |pointer: &str| {
            let found = report.pointer(pointer).and_then(Value::as_f64);
            found.with_context(|| format!("the report of oha lacks {pointer}"))
        };
        Ok(Sample {
            per_second: figure("/summary/requestsPerSec")?,
            p50_ms: figure("/latencyPercentiles/p50")? * 1000.0,
            p99_ms: figure("/latencyPercentiles/p99")? * 1000.0,
        })
    }
}

async fn queries(
    db: &DatabaseConnection,
    statements: &[Statement],
    at_a_time: usize,
    time: Duration,
) -> anyhow::Result<Sample> {
    let statements: Arc<[Statement]> = statements.into();
    let begun = Instant::now();
    let workers = (0..at_a_time).map(|_| {
        let (db, statements) = (db.clone(), Arc::clone(&statements));
        tokio::spawn(async move {
            let mut took = Vec::new();
            while begun.elapsed() < time {
                let one = Instant::now();
                for statement in statements.iter() {
                    db.query_all_raw(statement.clone()).await?;
                }
                took.push(one.elapsed());
            }
            anyhow::Ok(took)
        })
    });
    let mut took = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        took.extend(worker.await??);
    }
    Ok(Sample::of(took, begun.elapsed()))
}

async fn hashes(phc: &str, at_a_time: usize, time: Duration) -> anyhow::Result<Sample> {
    let begun = Instant::now();
    let workers = (0..at_a_time).map(|_| {
        let phc = phc.to_owned();
        tokio::task::spawn_blocking(move || {
            let hash = PasswordHash::new(&phc).map_err(anyhow::Error::msg)?;
            let mut took = Vec::new();
            while begun.elapsed() < time {
                let one = Instant::now();
                Argon2::default()
                    .verify_password(PASSWORD.as_bytes(), &hash)
                    .map_err(anyhow::Error::msg)?;
                took.push(one.elapsed());
            }
            anyhow::Ok(took)
        })
    });
    let mut took = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        took.extend(worker.await??);
    }
    Ok(Sample::of(took, begun.elapsed()))
}
