use chrono::{DateTime, NaiveDateTime};
use console_model::{InstanceId, PairingId, ProjectId, TaskType};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::BaseStatus;
use crate::Word;
use crate::refusal::{self, SharedSettings};

/// Answer to every call about a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectAnswer {
    /// The answerer's id of the project.
    pub project_id: ProjectId,
}

/// Answer to `POST /task/peer/<id>`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskPairAnswer {
    /// The answerer's id of the pairing.
    pub task_inter_id: PairingId,
    /// Extension: the answerer's public meta.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_meta: Option<Value>,
    /// Extension: the answerer's type of the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_type: Option<Word<TaskType>>,
    /// Extension: the answerer's settings that both sides must agree on.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "refusal::lenient"
    )]
    pub shared_settings: Option<SharedSettings>,
}

/// Answer to `GET /task/peer/<id>`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskMetaAnswer {
    /// The answerer's public meta: an object, or null when it has none.
    #[serde(default)]
    pub task_meta: Option<Value>,
}

/// Answer to `POST /task_instance/peer/<id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceCreateAnswer {
    /// The answerer's id of the instance.
    pub task_instance_id: InstanceId,
    /// Extension: the answerer's half begins only when one of its operators has said yes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub awaiting_consent: bool,
}

/// Answer to `PUT /task_instance/peer/<id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceStatusAnswer {
    /// The status of the answerer's instance after the call.
    pub status: BaseStatus,
}

/// A moment as the base protocol writes it: seconds since 1970 in UTC, as a float.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EpochSeconds(f64);

impl EpochSeconds {
    /// From seconds since 1970.
    #[must_use]
    pub const fn new(seconds: f64) -> Self {
        Self(seconds)
    }

    /// From a stored time, which is UTC. Cut to milliseconds.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds fit 53 bits for 285,000 years"
    )]
    pub fn from_utc(time: NaiveDateTime) -> Self {
        Self(time.and_utc().timestamp_millis() as f64 / 1000.0)
    }

    /// As a time in UTC; nothing when the number is none that a calendar has.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float outside of i64 saturates, and chrono refuses it"
    )]
    pub fn to_utc(self) -> Option<NaiveDateTime> {
        if !self.0.is_finite() {
            return None;
        }
        DateTime::from_timestamp_millis((self.0 * 1000.0).round() as i64).map(|time| time.naive_utc())
    }

    /// Seconds since 1970.
    #[must_use]
    pub const fn seconds(self) -> f64 {
        self.0
    }
}

/// Answer to `GET /task_instance/peer/<id>`: the answerer's row. Everything but `id` and `status` may be missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InstanceRow {
    /// Extension: which attempt of the instance the status is about, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// A remark. We answer null.
    #[serde(default, deserialize_with = "text_or_json")]
    pub comment: Option<String>,
    /// JSON text of what the engine wrote as errors. We answer null.
    #[serde(default, deserialize_with = "text_or_json")]
    pub error: Option<String>,
    /// When the row was made.
    #[serde(default)]
    pub gmt_create: Option<EpochSeconds>,
    /// When the run ended by an error.
    #[serde(default)]
    pub gmt_error: Option<EpochSeconds>,
    /// When the row was last changed.
    #[serde(default)]
    pub gmt_modified: Option<EpochSeconds>,
    /// When the run started.
    #[serde(default)]
    pub gmt_start: Option<EpochSeconds>,
    /// The answerer's id of the instance.
    pub id: InstanceId,
    /// The asker's id of the instance.
    #[serde(default)]
    pub instance_peer_id: Option<InstanceId>,
    /// JSON text of what the engine wrote. We answer null.
    #[serde(default, deserialize_with = "text_or_json")]
    pub message: Option<String>,
    /// The status.
    pub status: BaseStatus,
    /// The answerer's id of the pairing.
    #[serde(default)]
    pub task_inter_id: Option<PairingId>,
    /// The answerer's id of the task.
    #[serde(default)]
    pub task_intra_id: Option<console_model::TaskId>,
    /// The answerer's name of the task.
    #[serde(default, deserialize_with = "text_or_json")]
    pub task_intra_name: Option<String>,
    /// The pairing that the run was asked for with. On a row that the asker's call made it is the answerer's own.
    #[serde(default)]
    pub task_peer_id: Option<PairingId>,
}

// A partner's free text is not worth refusing its row for: what is not text is kept as its JSON.
fn text_or_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    })
}
