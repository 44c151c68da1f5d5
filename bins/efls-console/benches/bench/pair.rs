//! Two consoles that are partners, and tasks that both of them have.

use std::time::Duration;

use anyhow::ensure;
use reqwest::Method;
use serde_json::{Value, json};

use crate::console::{Console, Place, answer, text};

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
        let (host, peer) = tokio::try_join!(Console::start_signed_in(host), Console::start_signed_in(peer))?;
        let invited = host.post("invitations", &json!({})).await?;
        peer.post("invitations/accept", &json!({ "code": text(&invited, "code")? }))
            .await?;
        let is_paired = |partner: &Value| partner["trust"] == "paired";
        let partner = host.wait_for("partners", is_paired).await?;
        peer.wait_for("partners", is_paired).await?;
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
        let [host_table, peer_table] = tables;
        let peer = half(&self.peer, &self.peer_project, name, peer_table).await?;
        let host = half(&self.host, &self.host_project, name, host_table).await?;
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

async fn half(console: &Console, project: &str, name: &str, table: Vec<u8>) -> anyhow::Result<String> {
    let put = console
        .request(Method::PUT, &format!("objects/{name}.csv"))
        .body(table);
    let stored = answer(put).await?;
    let new = json!({
        "name": name,
        "task_type": "sample",
        "token": name,
        "config": { "input": "table", "id_columns": ["id"] },
    });
    let task = console.post(&format!("projects/{project}/tasks"), &new).await?;
    let id = text(&task, "id")?;
    let resource = json!({ "name": "table", "uri": text(&stored, "uri")? });
    console.post(&format!("tasks/{id}/resources"), &resource).await?;
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
