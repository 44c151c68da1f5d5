//! Runs through two consoles: how soon one is accepted, and how soon both halves have ended.

use std::time::{Duration, Instant};

use anyhow::Context;
use chrono::{DateTime, Utc};
use console_db::Db;
use console_db::instances::{self, NewInstance};
use console_db::outbox::{self, NewMessage};
use console_model::{InstanceId, InstanceStatus, MessageId, PairingId, PartnerId, ProjectId, TaskId};
use serde_json::{Value, json};

use crate::console::text;
use crate::pair::{Pair, Task};
use crate::report::Row;
use crate::sample::{Sample, median, millis};

/// Runs one after the other.
const ALONE: usize = 30;
/// Runs that are asked for at once.
const AT_ONCE: usize = 60;
const ACCEPTED_MS: f64 = 10.0;
/// Rows of each table: the join of so few is over at once, so that what is left is the consoles' work.
const TABLE_ROWS: usize = 20;

/// Measures runs. `limit` is a database of the same kind that nobody else uses.
pub(crate) async fn through(pair: &Pair, limit: &Db) -> anyhow::Result<Vec<Row>> {
    let table = || {
        let ids = (0..TABLE_ROWS).map(|id| format!("{id},1\n"));
        ["id,value\n".to_owned()]
            .into_iter()
            .chain(ids)
            .collect::<String>()
            .into_bytes()
    };
    let task = pair.join("runs", [table(), table()]).await?;
    let mut rows = one_by_one(pair, &task, limit).await?;
    rows.push(all_at_once(pair, &task).await?);
    Ok(rows)
}

async fn one_by_one(pair: &Pair, task: &Task, limit: &Db) -> anyhow::Result<Vec<Row>> {
    let (mut accepted, mut written, mut ended, mut engine) = (vec![], vec![], vec![], vec![]);
    for _ in 0..ALONE {
        let begun = Instant::now();
        let run = create(pair, task).await?;
        accepted.push(begun.elapsed());
        let halves = pair.ended(task, &run).await?;
        ended.push(millis(begun.elapsed()));
        engine.push(engine_ms(&halves.host)?);
        let begun = Instant::now();
        write_alone(limit).await?;
        written.push(begun.elapsed());
    }
    let ratio =
        |ours: &[f64], limits: &[f64]| median(ours.iter().zip(limits).map(|(our, limit)| our / limit));
    let (accepted_ms, written_ms) = (all_millis(&accepted), all_millis(&written));
    let quantiles = Sample::of(accepted, Duration::from_secs(1));
    let written_median = median(written_ms.iter().copied());
    Ok(vec![
        Row::new("run accepted", quantiles.p50_ms, "ms")
            .percentiles(quantiles.p50_ms, quantiles.p99_ms)
            .limit(
                "its rows written alone",
                written_median,
                ratio(&accepted_ms, &written_ms),
            )
            .goal(format!("<= {ACCEPTED_MS:.0} ms"), quantiles.p50_ms <= ACCEPTED_MS),
        Row::new("run until both halves ended", median(ended.iter().copied()), "ms").limit(
            "the engine's part",
            median(engine.iter().copied()),
            ratio(&ended, &engine),
        ),
    ])
}

async fn all_at_once(pair: &Pair, task: &Task) -> anyhow::Result<Row> {
    let begun = Instant::now();
    let created = futures_util::future::try_join_all((0..AT_ONCE).map(|_| timed(pair, task))).await?;
    for (run, _) in &created {
        pair.ended(task, run).await?;
    }
    let per_second = AT_ONCE as f64 / begun.elapsed().as_secs_f64();
    let accepted = Sample::of(
        created.iter().map(|(_, took)| *took).collect(),
        Duration::from_secs(1),
    );
    let what = format!("{AT_ONCE} runs asked for at once, until all ended");
    Ok(Row::new(what, per_second, "1/s").percentiles(accepted.p50_ms, accepted.p99_ms))
}

async fn timed(pair: &Pair, task: &Task) -> anyhow::Result<(String, Duration)> {
    let begun = Instant::now();
    let run = create(pair, task).await?;
    Ok((run, begun.elapsed()))
}

async fn create(pair: &Pair, task: &Task) -> anyhow::Result<String> {
    let run = pair
        .host
        .post(&format!("tasks/{}/instances", task.host), &json!({}))
        .await?;
    Ok(text(&run, "id")?.to_owned())
}

/// From the engine's start to its end.
fn engine_ms(run: &Value) -> anyhow::Result<f64> {
    let at = |key: &str| -> anyhow::Result<DateTime<Utc>> { Ok(text(run, key)?.parse()?) };
    let took = (at("ended_at")? - at("started_at")?)
        .to_std()
        .context("a run ended before it began")?;
    Ok(millis(took))
}

/// The rows of a new run and of its message, in one transaction.
async fn write_alone(db: &Db) -> anyhow::Result<()> {
    let id = InstanceId::generate();
    let partner_id = PartnerId::generate();
    let tx = db.begin().await?;
    let task_id = TaskId::generate();
    let new = NewInstance {
        id: id.clone(),
        task_root_id: Some(task_id.clone()),
        task_id,
        pairing_id: PairingId::generate(),
        task_peer_id: PairingId::generate().into(),
        instance_peer_id: None,
        project_id: ProjectId::generate(),
        partner_id: Some(partner_id.clone()),
        status: InstanceStatus::Draft,
        attempt: 1,
        initiator: true,
        engine: Some("local".to_owned()),
        comment: None,
        actor_kind: "operator",
        actor: Some(MessageId::generate().into()),
        request_id: Some(MessageId::generate().into()),
        at: Utc::now(),
    };
    instances::insert(&tx, new).await?;
    let message = NewMessage {
        id: MessageId::generate(),
        partner_id,
        kind: "create_instance".to_owned(),
        ordering_key: id.into(),
        payload: json!({ "instance_id": "", "task_peer_id": "", "attempt": 1 }),
        request_id: None,
    };
    outbox::enqueue(&tx, message).await?;
    tx.commit().await?;
    Ok(())
}

fn all_millis(times: &[Duration]) -> Vec<f64> {
    times.iter().copied().map(millis).collect()
}
