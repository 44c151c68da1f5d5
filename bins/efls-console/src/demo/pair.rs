//! Partners and their project.

use std::time::Duration;

use serde_json::{Value, json};

use super::api::{Console, text};

const PROJECT: &str = "Demo";
const BOUND: Duration = Duration::from_secs(60);

/// Two paired consoles and their project.
pub(super) struct Link {
    pub(super) host: Console,
    pub(super) peer: Console,
    /// The host's id of the project.
    pub(super) host_project: String,
    /// The peer's id of the project.
    pub(super) peer_project: String,
}

/// Pairs the consoles by an invitation of the host, and compares the fingerprints.
pub(super) async fn partners(host: &Console, peer: &Console) -> anyhow::Result<()> {
    if partner(peer).await?.is_none() {
        let invited = host
            .post("invitations", &json!({ "comment": "for the demo's peer" }))
            .await?;
        peer.post("invitations/accept", &json!({ "code": text(&invited, "code")? }))
            .await?;
    }
    let (theirs, ours) = (paired(host).await?, paired(peer).await?);
    confirm(host, &theirs, text(&ours, "our_fingerprint")?).await?;
    confirm(peer, &ours, text(&theirs, "our_fingerprint")?).await?;
    moved(host, peer).await?;
    moved(peer, host).await
}

async fn partner(console: &Console) -> anyhow::Result<Option<Value>> {
    console
        .find("partners", |partner| {
            partner["trust"] == "paired" || partner["trust"] == "pending"
        })
        .await
}

async fn paired(console: &Console) -> anyhow::Result<Value> {
    let look = async || {
        Ok(partner(console)
            .await?
            .filter(|partner| partner["trust"] == "paired"))
    };
    console.wait_for("the pairing", BOUND, look).await
}

/// What two people do by telephone.
async fn confirm(console: &Console, partner: &Value, fingerprint: &str) -> anyhow::Result<()> {
    if partner["fingerprint_confirmed_at"].is_null() {
        let path = format!("partners/{}/confirm", text(partner, "id")?);
        console
            .post(&path, &json!({ "fingerprint": fingerprint }))
            .await?;
    }
    Ok(())
}

/// Follows a partner that has another port than at the last run.
async fn moved(console: &Console, other: &Console) -> anyhow::Result<()> {
    let partner = paired(console).await?;
    if text(&partner, "address")? != other.address {
        let path = format!("partners/{}", text(&partner, "id")?);
        console
            .patch(&path, &partner, &json!({ "address": other.address }))
            .await?;
    }
    Ok(())
}

/// The project of both: made by the host, taken by the peer. The ids here and there.
pub(super) async fn project(host: &Console, peer: &Console) -> anyhow::Result<(String, String)> {
    let ours = async || host.find("projects", |project| project["name"] == PROJECT).await;
    if ours().await?.is_none() {
        let partner = paired(host).await?;
        let new =
            json!({ "name": PROJECT, "partner_id": partner["id"], "comment": "made by `efls-console demo`" });
        host.post("projects", &new).await?;
    }
    let ready = async || Ok(ours().await?.filter(|project| project["status"] == "ready"));
    let project = host.wait_for("the project's creation", BOUND, ready).await?;
    let id = text(&project, "id")?.to_owned();
    let theirs = async || peer.find("projects", |project| project["peer_id"] == *id).await;
    let there = peer.wait_for("the project's arrival", BOUND, theirs).await?;
    let there_id = text(&there, "id")?.to_owned();
    if there["name"].is_null() {
        peer.patch(
            &format!("projects/{there_id}"),
            &there,
            &json!({ "name": PROJECT }),
        )
        .await?;
    }
    Ok((id, there_id))
}
