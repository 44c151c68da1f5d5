//! A run, its history and its results as operators see them.

use chrono::{DateTime, Utc};
use console_db::instances::{self as rows, Listed};
use console_db::{entity, utc};
use console_model::{
    HistorySide, InstanceId, InstanceStatus, PairingId, PartnerId, ProjectId, StopCause, TaskId, TaskType,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use task_interface::Document;

use super::Blockers;
use super::held_up::HeldUp;
use crate::AppError;
use crate::projects::meant;

/// A run as operators see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// Our id of it.
    pub id: InstanceId,
    /// The task version.
    pub task_id: TaskId,
    /// The first version of the task.
    pub task_root_id: Option<TaskId>,
    /// Name of the task; none when it is gone.
    pub task_name: Option<String>,
    /// Version of the task.
    pub task_version: Option<String>,
    /// The same in short, from 1.
    pub task_version_number: Option<u32>,
    /// Counts the runs of the task, from 1; none when it is not known.
    pub number: Option<u32>,
    /// What the task does.
    pub task_type: Option<TaskType>,
    /// The pairing.
    pub pairing_id: PairingId,
    /// The project.
    pub project_id: Option<ProjectId>,
    /// Name of the project; none when nobody here took it.
    pub project_name: Option<String>,
    /// Whether the run was asked for here.
    pub initiator: bool,
    /// Who asked for it here; none for a run that the partner asked for, or that is older than this column.
    pub started_by: Option<Starter>,
    /// What lists show of the results.
    pub main_figure: Option<Figure>,
    /// The engine of our half.
    pub engine: Option<String>,
    /// The present attempt, from 1.
    pub attempt: i32,
    /// The state of our half.
    pub status: InstanceStatus,
    /// Why it was stopped.
    pub stop_cause: Option<StopCause>,
    /// Why it was stopped, in words.
    pub stop_reason: Option<String>,
    /// The same as a word for programs.
    pub stop_reason_code: Option<String>,
    /// What goes with the word.
    pub stop_reason_detail: Option<String>,
    /// The same in simplified Chinese.
    pub stop_reason_detail_zh: Option<String>,
    /// From 0 to 1.
    pub progress: Option<f64>,
    /// What the engine does now.
    pub progress_text: Option<String>,
    /// The same in simplified Chinese.
    pub progress_text_zh: Option<String>,
    /// How many warnings the present attempt has.
    pub warnings: u32,
    /// What holds it up now.
    pub held_up: Option<HeldUp>,
    /// A remark.
    pub comment: Option<String>,
    /// What the engine said.
    pub message: Option<Value>,
    /// Why it failed.
    pub error: Option<Value>,
    /// The same in parts, where the engine or the console said it so.
    pub failure: Option<RunFailure>,
    /// The other half.
    pub partner: PartnerHalf,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
    /// When the engine began with the present attempt.
    pub started_at: Option<DateTime<Utc>>,
    /// When the present attempt ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Counts the changes.
    pub generation: i64,
    /// What keeps the operator from working with it. Lists do not hold it.
    pub cannot: Option<Blockers>,
}

/// What the partner said last of its half.
#[derive(Debug, Clone, PartialEq)]
pub struct PartnerHalf {
    /// The partner.
    pub id: Option<PartnerId>,
    /// Its name.
    pub name: Option<String>,
    /// Its id of the run.
    pub instance_id: Option<String>,
    /// The state of its half.
    pub status: Option<InstanceStatus>,
    /// What it said about it.
    pub detail: Option<String>,
    /// The same in simplified Chinese.
    pub detail_zh: Option<String>,
    /// Of a failure: why, as a word of its engine or console.
    pub failure_code: Option<String>,
    /// Of a failure: whether another attempt may succeed; none when it does not say.
    pub retryable: Option<bool>,
    /// When it was heard.
    pub seen_at: Option<DateTime<Utc>>,
    /// When it was found to have deleted its half.
    pub gone_at: Option<DateTime<Utc>>,
}

/// Why our half failed, in parts.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct RunFailure {
    /// In words.
    pub message: String,
    /// The same in simplified Chinese.
    #[serde(default)]
    pub message_zh: Option<String>,
    /// As a word for programs.
    #[serde(default)]
    pub code: Option<String>,
    /// Names and numbers that go with it.
    #[serde(default)]
    pub params: Map<String, Value>,
    /// Whether another attempt may succeed.
    pub retryable: bool,
}

/// The user who asked for a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Starter {
    /// Their id.
    pub id: String,
    /// Their name; none for an account that is gone, and for commands beside the console.
    pub name: Option<String>,
}

/// A number of the results with its name, a word for programs.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: f64,
}

/// One change in the history of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryEntry {
    /// Whose half changed.
    pub side: HistorySide,
    /// When; of the partner's half when it was heard.
    pub at: DateTime<Utc>,
    /// The attempt.
    pub attempt: i32,
    /// `operator`, `partner`, `engine` or `console`.
    pub actor_kind: String,
    /// The user's or the partner's id.
    pub actor: Option<String>,
    /// The user's or the partner's name.
    pub actor_name: Option<String>,
    /// The state before.
    pub from: Option<InstanceStatus>,
    /// The state after.
    pub to: HistoryState,
    /// Why.
    pub reason: Option<String>,
    /// The same as a word for programs.
    pub reason_code: Option<String>,
    /// What goes with the word.
    pub reason_detail: Option<String>,
    /// The same in simplified Chinese.
    pub reason_detail_zh: Option<String>,
    /// The request that caused it.
    pub request_id: Option<String>,
}

/// What a half of a run has become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryState {
    /// It has this state.
    Is(InstanceStatus),
    /// It was deleted.
    Deleted,
}

impl HistoryState {
    /// The word in APIs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Is(status) => status.word(),
            Self::Deleted => super::DELETED,
        }
    }
}

/// A result of an attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct RunResult {
    /// Unique in the attempt.
    pub name: String,
    /// What it says.
    pub document: Document,
    /// Of a file: nobody sees it yet, since the other side has not said that it ended well.
    pub pending: bool,
    /// Of a file: its content was deleted.
    pub deleted: bool,
    /// When it was reported.
    pub at: DateTime<Utc>,
}

impl RunResult {
    /// The object that the result is about.
    pub(super) fn object(&self) -> Option<&str> {
        match &self.document {
            Document::File(file) => Some(&file.object),
            _ => None,
        }
    }
}

pub(super) fn entry(listed: rows::ListedEvent) -> Result<HistoryEntry, AppError> {
    let rows::ListedEvent {
        row,
        user_name,
        partner_name,
    } = listed;
    let status = |number| InstanceStatus::from_number(number).map_err(AppError::internal);
    Ok(HistoryEntry {
        side: row.side,
        at: utc(row.at),
        attempt: row.attempt,
        actor_kind: row.actor_kind,
        actor: row.actor,
        actor_name: user_name.or(partner_name),
        from: row.from_status.map(status).transpose()?,
        to: match row.to_status {
            entity::instance_event::DELETED => HistoryState::Deleted,
            number => HistoryState::Is(status(number)?),
        },
        reason: row.reason,
        reason_code: row.reason_code,
        reason_detail: row.reason_detail,
        reason_detail_zh: row.reason_detail_zh,
        request_id: row.request_id,
    })
}

pub(super) fn view(listed: Listed) -> Result<Instance, AppError> {
    let Listed {
        row,
        task_name,
        task_version,
        task_version_number,
        task_type,
        started_by_name,
        project_name,
        partner_name,
    } = listed;
    let held_up = HeldUp::of(&row);
    let error = row.error.map(meant);
    Ok(Instance {
        held_up,
        id: row.id.clone(),
        task_id: row.task_intra_id.clone(),
        task_root_id: row.task_root_id.clone(),
        task_name,
        task_version,
        task_version_number: task_version_number.and_then(crate::tasks::number_of),
        number: crate::tasks::number_of(row.run_number),
        started_by: row.started_by.map(|id| Starter {
            id,
            name: started_by_name,
        }),
        main_figure: row
            .main_figure
            .zip(row.main_value)
            .map(|(name, value)| Figure { name, value }),
        task_type: task_type.and_then(|number| TaskType::from_number(number).ok()),
        pairing_id: row.task_inter_id.clone(),
        project_id: row.project_id.clone(),
        project_name,
        initiator: row.initiator,
        engine: row.engine,
        attempt: row.attempt,
        status: row.status,
        stop_cause: row
            .stop_cause
            .and_then(|number| StopCause::from_number(number).ok()),
        stop_reason: row.stop_reason,
        stop_reason_code: row.stop_reason_code,
        stop_reason_detail: row.stop_reason_detail,
        stop_reason_detail_zh: row.stop_reason_detail_zh,
        progress: row.progress,
        progress_text: row.progress_text,
        progress_text_zh: row.progress_text_zh,
        warnings: row.warnings.unsigned_abs(),
        comment: row.comment,
        message: row.message.map(meant),
        failure: error.clone().and_then(|error| serde_json::from_value(error).ok()),
        error,
        partner: PartnerHalf {
            id: row.partner_id.clone(),
            name: partner_name,
            instance_id: row.instance_peer_id,
            status: row
                .partner_status
                .and_then(|number| InstanceStatus::from_number(number).ok()),
            detail: row.partner_detail,
            detail_zh: row.partner_detail_zh,
            failure_code: row.partner_failure_code,
            retryable: row.partner_retryable,
            seen_at: row.partner_seen_at.map(utc),
            gone_at: row.gone_at.map(utc),
        },
        created_at: utc(row.gmt_create),
        modified_at: utc(row.gmt_modified),
        started_at: row.gmt_start.map(utc),
        ended_at: row.gmt_end.map(utc),
        generation: row.generation,
        cannot: None,
    })
}
