//! Two consoles that are partners, and tasks that both of them have.

use std::time::Duration;

use anyhow::ensure;
use reqwest::Method;
use serde_json::{Value, json};

use crate::console::{Console, Place, Play, answer, text};

/// No run takes longer.
const RUN_BOUND: Duration = Duration::from_secs(3600);

/// Two paired consoles with a project.
pub(crate) struct Pair {
    pub(crate) host: Console,
    pub(crate) peer: Console,
    host_project: String,
    peer_project: String,
}

/// A task that both sides have: the ids here and there.
pub(crate) struct Task {
    pub(crate) host: String,
    pub(crate) peer: String,
}

/// Both halves of a run that has ended well.
pub(crate) struct Ended {
    pub(crate) host: Value,
    pub(crate) peer: Value,
}

impl Pair {
    /// Starts two consoles and makes them partners.
    pub(crate) async fn start(host: &Place, peer: &Place) -> anyhow::Result<Self> {
        Self::start_as(host, peer, &Play::Program).await
    }

    /// As [`start`](Self::start), with consoles that have the benchmark's own engine as well.
    pub(crate) async fn start_playing(host: &Place, peer: &Place) -> anyhow::Result<Self> {
        Self::start_as(host, peer, &Play::Own).await
    }

    async fn start_as(host: &Place, peer: &Place, play: &Play) -> anyhow::Result<Self> {
        let (host, peer) = tokio::try_join!(
            Console::start_signed_in_as(host, play),
            Console::start_signed_in_as(peer, play)
        )?;
        let invited = host.post("invitations", &json!({})).await?;
        peer.post("invitations/accept", &json!({ "code": text(&invited, "code")? }))
            .await?;
        let is_paired = |partner: &Value| partner["trust"] == "paired";
        let partner = host.wait_for("partners", is_paired).await?;
        let other = peer.wait_for("partners", is_paired).await?;
        for (console, partner) in [(&host, &partner), (&peer, &other)] {
            let seen = json!({ "fingerprint": partner["fingerprint"] });
            let path = format!("partners/{}/confirm", text(partner, "id")?);
            console.post(&path, &seen).await?;
        }
        let new = json!({ "name": "Benchmark", "partner_id": partner["id"] });
        let project = host.post("projects", &new).await?;
        let host_project = text(&project, "id")?.to_owned();
        host.wait(&format!("projects/{host_project}"), |project| {
            project["status"] == "ready"
        })
        .await?;
        let theirs = peer
            .wait_for("projects", |project| project["peer_id"] == *host_project)
            .await?;
        let peer_project = text(&theirs, "id")?.to_owned();
        Ok(Self {
            host,
            peer,
            host_project,
            peer_project,
        })
    }

    /// Makes both halves of a join of two tables, each with a column `id`, and pairs them.
    pub(crate) async fn join(&self, name: &str, tables: [Vec<u8>; 2]) -> anyhow::Result<Task> {
        let halves = tables.map(|table| {
            let config = json!({ "input": "table", "id_columns": ["id"] });
            Half::new("sample", config).table(table)
        });
        self.task(name, halves).await
    }

    /// Makes both halves of a task and pairs them.
    pub(crate) async fn task(&self, name: &str, halves: [Half; 2]) -> anyhow::Result<Task> {
        let [host_half, peer_half] = halves;
        let peer = half(&self.peer, &self.peer_project, name, peer_half).await?;
        let host = half(&self.host, &self.host_project, name, host_half).await?;
        self.host
            .post(&format!("tasks/{host}/pairing"), &json!({}))
            .await?;
        let is_ready = |task: &Value| task["pairing"]["status"] == "ready";
        self.host.wait(&format!("tasks/{host}"), is_ready).await?;
        Ok(Task { host, peer })
    }

    /// Waits until both halves of a run of the host have ended well.
    pub(crate) async fn ended(&self, task: &Task, run: &str) -> anyhow::Result<Ended> {
        let runs = format!("instances?task={}&limit=200", task.peer);
        let theirs = self
            .peer
            .wait_for(&runs, |theirs| theirs["partner"]["instance_id"] == run)
            .await?;
        let (host, peer) = tokio::try_join!(
            has_ended(&self.host, run),
            has_ended(&self.peer, text(&theirs, "id")?)
        )?;
        Ok(Ended { host, peer })
    }

    /// Ends both consoles.
    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        tokio::try_join!(self.host.stop(), self.peer.stop()).map(drop)
    }
}

/// One side's half of a task.
pub(crate) struct Half {
    task_type: &'static str,
    config: Value,
    engine: Option<&'static str>,
    table: Option<Vec<u8>>,
}

impl Half {
    pub(crate) fn new(task_type: &'static str, config: Value) -> Self {
        Self {
            task_type,
            config,
            engine: None,
            table: None,
        }
    }

    /// With another engine than the local one.
    pub(crate) fn engine(self, engine: &'static str) -> Self {
        Self {
            engine: Some(engine),
            ..self
        }
    }

    /// With a resource `table`.
    pub(crate) fn table(self, table: Vec<u8>) -> Self {
        Self {
            table: Some(table),
            ..self
        }
    }
}

async fn half(console: &Console, project: &str, name: &str, half: Half) -> anyhow::Result<String> {
    let mut new = json!({
        "name": name,
        "task_type": half.task_type,
        "token": name,
        "config": half.config,
    });
    if let Some(engine) = half.engine {
        new["engine"] = json!(engine);
    }
    let task = console.post(&format!("projects/{project}/tasks"), &new).await?;
    let id = text(&task, "id")?;
    if let Some(table) = half.table {
        let put = console
            .request(Method::PUT, &format!("objects/{name}.csv"))
            .body(table);
        let stored = answer(put).await?;
        let resource = json!({ "name": "table", "uri": text(&stored, "uri")? });
        console.post(&format!("tasks/{id}/resources"), &resource).await?;
    }
    Ok(id.to_owned())
}

async fn has_ended(console: &Console, run: &str) -> anyhow::Result<Value> {
    let ended = |run: &Value| !run["ended_at"].is_null();
    let run = console
        .wait_within(RUN_BOUND, &format!("instances/{run}"), ended)
        .await?;
    ensure!(run["status"] == "succeeded", "a run did not end well: {run}");
    Ok(run)
}
