//! Messages to partners: what is told, and queueing it.
//!
//! Every message is a row first, written in the transaction that caused it ([`enqueue`]); `crate::delivery` delivers it.
//! Messages with the same partner and ordering key go one after the other; delivery is at least once, so what a message does
//! there and what its answer does here are both idempotent. A message that a partner refuses for good, or that cannot be
//! delivered, stays visible.

pub mod instance;
pub mod partner;
pub mod project;
pub mod task;

use console_db::{Tx, outbox as rows};
use console_model::{MessageId, PartnerId};
use serde::{Deserialize, Serialize};

use crate::AppError;

/// What is told to a partner. The content is fixed when the message is queued: a repeat is the same to the byte.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// Accepts its invitation.
    PairPartner(partner::PairPartner),
    /// Ends the pairing.
    Unpair(partner::Unpair),
    /// A new project.
    CreateProject(project::CreateProject),
    /// A project changed.
    UpdateProject(project::UpdateProject),
    /// Asks to pair a task version.
    PairTask(task::PairTask),
    /// A new run.
    CreateInstance(instance::CreateInstance),
    /// Start or stop a run.
    UpdateInstance(instance::UpdateInstance),
    /// The state of our half of a run.
    InstanceStatus(instance::InstanceStatusChange),
}

impl Message {
    /// The word in the `kind` column.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::PairPartner(_) => "pair_partner",
            Self::Unpair(_) => "unpair",
            Self::CreateProject(_) => "create_project",
            Self::UpdateProject(_) => "update_project",
            Self::PairTask(_) => "pair_task",
            Self::CreateInstance(_) => instance::CREATE,
            Self::UpdateInstance(_) => instance::UpdateInstance::KIND,
            Self::InstanceStatus(_) => "instance_status",
        }
    }
}

/// Queues a message in the caller's transaction. Wake [`crate::Wake::outbox`] after the commit.
///
/// # Errors
/// When the database does not answer.
pub async fn enqueue(
    tx: &Tx,
    partner: &PartnerId,
    ordering_key: &str,
    message: &Message,
    request_id: Option<&str>,
) -> Result<MessageId, AppError> {
    let id = MessageId::generate();
    let new = rows::NewMessage {
        id: id.clone(),
        partner_id: partner.clone(),
        kind: message.kind().to_owned(),
        ordering_key: ordering_key.to_owned(),
        payload: serde_json::to_value(message).map_err(AppError::internal)?,
        request_id: request_id.map(str::to_owned),
    };
    rows::enqueue(tx, new).await?;
    Ok(id)
}
