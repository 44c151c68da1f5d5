//! The history of a run as clients see it.

use chrono::{DateTime, Utc};
use console_app::instances as cases;
use console_model::InstanceStatus;
use serde::Serialize;
use utoipa::ToSchema;

use crate::words::{ActorKind, HistorySide, HistoryState, RunStatus};

/// A change in the history of a run.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Event {
    #[schema(value_type = HistorySide)]
    side: &'static str,
    /// When; of the partner's half when it was heard.
    at: DateTime<Utc>,
    attempt: i32,
    #[schema(value_type = ActorKind)]
    actor_kind: String,
    /// The user's or the partner's id.
    actor: Option<String>,
    /// The user's or the partner's name.
    actor_name: Option<String>,
    #[schema(value_type = Option<RunStatus>)]
    from: Option<&'static str>,
    #[schema(value_type = HistoryState)]
    to: &'static str,
    reason: Option<String>,
    /// The same as a word for programs; null where there is none.
    reason_code: Option<String>,
    /// What goes with the word.
    reason_detail: Option<String>,
    /// The same in simplified Chinese, where the engine or the partner said it so.
    reason_detail_zh: Option<String>,
    request_id: Option<String>,
}

impl From<cases::HistoryEntry> for Event {
    fn from(entry: cases::HistoryEntry) -> Self {
        let cases::HistoryEntry {
            side,
            at,
            attempt,
            actor_kind,
            actor,
            actor_name,
            from,
            to,
            reason,
            reason_code,
            reason_detail,
            reason_detail_zh,
            request_id,
        } = entry;
        Self {
            side: side.word(),
            at,
            attempt,
            actor_kind,
            actor,
            actor_name,
            from: from.map(InstanceStatus::word),
            to: to.word(),
            reason,
            reason_code,
            reason_detail,
            reason_detail_zh,
            request_id,
        }
    }
}
