//! Tasks and their runs; the join.

use std::time::Duration;

use anyhow::{Context, bail};
use chrono::DateTime;
use serde_json::{Value, json};

use super::api::{Console, text};
use super::data::Tables;
use super::pair::Link;
use super::progress::Progress;

const PAIR_BOUND: Duration = Duration::from_secs(60);
/// Generous: own tables may be large. A run that hangs is ended by the consoles themselves.
const RUN_BOUND: Duration = Duration::from_secs(24 * 3600);
/// What both sides call the table that a task reads.
const INPUT: &str = "table";

/// One side's half of a task that is to be there.
pub(super) struct Half {
    pub(super) config: Value,
    /// URI of the table.
    pub(super) input: String,
}

/// A task that both sides agree on.
pub(super) struct Wanted<'a> {
    /// `sample` or `train`.
    pub(super) task_type: &'static str,
    pub(super) name: String,
    pub(super) token: String,
    pub(super) meta: Value,
    pub(super) halves: [Half; 2],
    pub(super) link: &'a Link,
}

/// Both sides' runs of a task, which ended well.
pub(super) struct Ran {
    pub(super) host: Value,
    pub(super) peer: Value,
}

/// What the join found.
pub(super) struct Joined {
    pub(super) host_rows: u64,
    pub(super) peer_rows: u64,
    pub(super) intersection: u64,
    pub(super) seconds: f64,
    /// URIs of the joined tables.
    pub(super) outputs: [String; 2],
}

/// Config of an input that [`Wanted::run`] attaches.
pub(super) fn input() -> Value {
    json!(INPUT)
}

/// Joins the tables unless that is done already.
pub(super) async fn join(
    link: &Link,
    tables: &Tables,
    uris: [String; 2],
    progress: &Progress,
) -> anyhow::Result<Joined> {
    let config = json!({ "input": input(), "id_columns": [tables.id] });
    let wanted = Wanted {
        task_type: "sample",
        name: format!("join-{}", tables.key),
        token: format!("demo-join-{}", tables.key),
        meta: json!({ "what": "private intersection by id" }),
        halves: uris.map(|input| Half {
            config: config.clone(),
            input,
        }),
        link,
    };
    let ran = wanted.run(progress).await?;
    let host = result(&link.host, &ran.host, "join").await?;
    let peer = result(&link.peer, &ran.peer, "join").await?;
    let number = |document: &Value, name: &str| {
        let counts = document["counts"].as_array();
        let count = counts.and_then(|counts| counts.iter().find(|count| count["name"] == name));
        count
            .and_then(|count| count["count"].as_u64())
            .with_context(|| format!("the join reports no {name}"))
    };
    let output = async |console: &Console, run: &Value| {
        let path = format!("instances/{}/results", text(run, "id")?);
        // Files can be seen when both sides have said that they ended well.
        let shown = async || {
            console
                .find(&path, |result| {
                    result["name"] == "output" && result["pending"] == false
                })
                .await
        };
        let file = console.wait_for("the joined table", PAIR_BOUND, shown).await?;
        anyhow::Ok(text(&file["document"], "uri")?.to_owned())
    };
    Ok(Joined {
        host_rows: number(&host, "own_rows")?,
        peer_rows: number(&peer, "own_rows")?,
        intersection: number(&host, "intersection")?,
        seconds: seconds(&ran.host),
        outputs: [
            output(&link.host, &ran.host).await?,
            output(&link.peer, &ran.peer).await?,
        ],
    })
}

/// What one result of a run says.
pub(super) async fn result(console: &Console, run: &Value, name: &str) -> anyhow::Result<Value> {
    let results = format!("instances/{}/results", text(run, "id")?);
    let found = console.find(&results, |result| result["name"] == name).await?;
    let found = found.with_context(|| format!("the {}'s run has no result {name:?}", console.side))?;
    Ok(found["document"].clone())
}

/// How long the last attempt of a run took.
pub(super) fn seconds(run: &Value) -> f64 {
    let at = |key: &str| {
        run[key]
            .as_str()
            .and_then(|text| DateTime::parse_from_rfc3339(text).ok())
    };
    match (at("started_at"), at("ended_at")) {
        (Some(from), Some(to)) => (to - from).as_seconds_f64(),
        _ => 0.0,
    }
}

impl Wanted<'_> {
    /// Makes, pairs and runs the task, each as far as it is not done, and waits until both sides have ended well.
    pub(super) async fn run(&self, progress: &Progress) -> anyhow::Result<Ran> {
        let [host_half, peer_half] = &self.halves;
        let (host, peer) = (&self.link.host, &self.link.peer);
        let peer_task = self.half(peer, &self.link.peer_project, peer_half).await?;
        let host_task = self.half(host, &self.link.host_project, host_half).await?;
        let host_task = text(&host_task, "id")?;
        pair(host, host_task).await?;
        let host_run = start(host, host_task).await?;
        let (host_id, peer_task) = (text(&host_run, "id")?, text(&peer_task, "id")?);
        let runs = format!("instances?task={peer_task}");
        let arrived = async || {
            peer.find(&runs, |run| run["partner"]["instance_id"] == *host_id)
                .await
        };
        let peer_run = peer.wait_for("the run's arrival", PAIR_BOUND, arrived).await?;
        let (there, here) = tokio::try_join!(
            ended(peer, &peer_run, None),
            ended(host, &host_run, Some(progress))
        )?;
        // A side that was stopped was so because the other failed: that one knows why.
        for bad in [&["failed"][..], &["failed", "lost", "stopped"]] {
            for (console, run) in [(host, &here), (peer, &there)] {
                let status = text(run, "status")?;
                if bad.contains(&status) {
                    bail!("{status} on the {}'s side: {}", console.side, why(run));
                }
            }
        }
        Ok(Ran {
            host: here,
            peer: there,
        })
    }

    /// This side's half with its table, made unless it is there.
    async fn half(&self, console: &Console, project: &str, half: &Half) -> anyhow::Result<Value> {
        let list = format!("projects/{project}/tasks");
        let there = console
            .find(&list, |task| task["root"]["name"] == *self.name)
            .await?;
        let task = match there {
            Some(task) => task["root"].clone(),
            None => {
                let new = json!({
                    "name": self.name,
                    "task_type": self.task_type,
                    "token": self.token,
                    "config": half.config,
                    "meta": self.meta,
                });
                console.post(&list, &new).await?
            }
        };
        let resources = format!("tasks/{}/resources", text(&task, "id")?);
        if console
            .find(&resources, |resource| resource["name"] == INPUT)
            .await?
            .is_none()
        {
            console
                .post(&resources, &json!({ "name": INPUT, "uri": half.input }))
                .await?;
        }
        Ok(task)
    }
}

/// Asks the partner to pair, unless it has, and waits for the answer.
async fn pair(console: &Console, task: &str) -> anyhow::Result<()> {
    let path = format!("tasks/{task}");
    let state = console.get(&path).await?;
    let asked = |task: &Value| task["pairing"].is_object() && task["pairing"]["error"].is_null();
    if !asked(&state) {
        console.post(&format!("{path}/pairing"), &json!({})).await?;
    }
    let answered = async || {
        let task = console.get(&path).await?;
        if let Some(error) = task["pairing"]["error"].as_str() {
            bail!("the tasks cannot be paired: {error}");
        }
        Ok(Some(task).filter(|task| task["pairing"]["status"] == "ready"))
    };
    console
        .wait_for("the pairing of the task", PAIR_BOUND, answered)
        .await
        .map(drop)
}

/// The newest run of a task: a new one, or one that went well or still goes, or another attempt of one that did not.
async fn start(console: &Console, task: &str) -> anyhow::Result<Value> {
    let newest = console.find(&format!("instances?task={task}"), |_| true).await?;
    let Some(run) = newest else {
        return console.post(&format!("tasks/{task}/instances"), &json!({})).await;
    };
    match text(&run, "status")? {
        "failed" | "stopped" | "lost" => {
            console
                .post(&format!("instances/{}/start", text(&run, "id")?), &json!({}))
                .await
        }
        _ => Ok(run),
    }
}

/// Waits until a run has ended, well or not.
async fn ended(console: &Console, run: &Value, progress: Option<&Progress>) -> anyhow::Result<Value> {
    let path = format!("instances/{}", text(run, "id")?);
    let look = async || {
        let run = console.get(&path).await?;
        if let (Some(progress), Some(share)) = (progress, run["progress"].as_f64()) {
            let curves = curves(&console.get(&format!("{path}/metrics")).await?);
            let doing = run["progress_text"]
                .as_str()
                .unwrap_or_default()
                .trim_start_matches(": ");
            progress.at(&format!(
                "{:3.0} %, {}",
                share * 100.0,
                curves.as_deref().unwrap_or(doing)
            ));
        }
        if text(&run, "status")? == "awaiting_consent" {
            accept(console, &path).await?;
        }
        let ended = matches!(text(&run, "status")?, "succeeded" | "failed" | "stopped" | "lost");
        Ok(Some(run).filter(|_| ended))
    };
    console.wait_for("the end of the run", RUN_BOUND, look).await
}

/// Says yes to what the other side asks to be run here, as an operator would who has looked at it.
async fn accept(console: &Console, path: &str) -> anyhow::Result<()> {
    let path = format!("{path}/consent");
    let asked = console.get(&path).await?;
    let answer = json!({ "decision": "accept", "digest": text(&asked, "digest")? });
    console.post(&path, &answer).await.map(drop)
}

/// The newest points of the curves that tell how good a model is.
fn curves(metrics: &Value) -> Option<String> {
    let last = |name: &str| {
        let series = metrics.as_array()?.iter().find(|series| series["name"] == name)?;
        let point = series["points"].as_array()?.last()?;
        Some((point["step"].as_i64()?, point["value"].as_f64()?))
    };
    let ((epoch, loss), (_, auc)) = (last("validation/log_loss")?, last("validation/auc")?);
    Some(format!("epoch {epoch}: log loss {loss:.4}, AUC {auc:.4}"))
}

fn why(run: &Value) -> String {
    // What our own side tells of its failure names columns and lines; what both sides may read does not.
    let reasons = [
        &run["failure"],
        &run["error"],
        &run["stop_reason"],
        &run["partner"]["detail"],
        &run["message"],
    ];
    let said = reasons.into_iter().find(|reason| !reason.is_null());
    match said {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other["message"]
            .as_str()
            .map_or_else(|| other.to_string(), ToOwned::to_owned),
        None => "no reason was given".to_owned(),
    }
}
