//! Tasks as JSON.

use chrono::{DateTime, Utc};
use console_app::tasks as cases;
use console_model::FieldCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::blocker::Blocker;
use crate::extract::given;
use crate::words::{self, Link};

/// One version of this side's half of a piece of work.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Task {
    pub(super) id: String,
    pub(super) project_id: String,
    pub(super) name: String,
    pub(super) version: String,
    /// The same in short, from 1; null where it is not known.
    pub(super) version_number: Option<u32>,
    /// Whether it is the first version.
    pub(super) root: bool,
    #[schema(value_type = TaskType)]
    pub(super) task_type: &'static str,
    pub(super) token: Option<String>,
    pub(super) comment: Option<String>,
    /// Private; null in lists.
    pub(super) config: Option<Value>,
    /// Public: the partner may read it; null in lists.
    pub(super) meta: Option<Value>,
    /// In lists of versions: the keys of config and meta whose values differ from those of the version before; null where that is not known.
    pub(super) changed_keys: Option<Vec<String>>,
    /// Null means the console's default.
    pub(super) engine: Option<String>,
    pub(super) owner_id: Option<String>,
    pub(super) pairing: Option<PairingState>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) modified_at: DateTime<Utc>,
    /// When this version was put away.
    pub(super) archived_at: Option<DateTime<Utc>>,
    pub(super) generation: i64,
    /// Why it cannot be changed; null when it can.
    pub(super) cannot_change: Option<Blocker>,
    /// Why no further version can be made of its task; null when one can.
    pub(super) cannot_copy: Option<Blocker>,
    /// Why it can be neither archived nor deleted; null when it can. A run that has not ended keeps it from being deleted
    /// all the same.
    pub(super) cannot_remove: Option<Blocker>,
    /// Why the partner cannot be asked to pair it; null when it can.
    pub(super) cannot_pair: Option<Blocker>,
    /// Why it cannot be run; null when it can. In lists the engine is not asked what it thinks of the config.
    pub(super) cannot_run: Option<Blocker>,
    /// What the engine finds wrong with the config; only in answers to creating, changing and copying.
    pub(super) problems: Vec<ConfigProblem>,
}

/// How far a version is paired.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PairingState {
    id: String,
    #[schema(value_type = Link)]
    status: &'static str,
    /// Why it could not be paired; it can be asked for again.
    error: Option<String>,
    /// The same as a word for programs: the reasons of the peer protocol, `answer_lost`, or `refused` for any other.
    error_code: Option<String>,
}

/// One thing that is wrong with a task.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConfigProblem {
    /// A JSON Pointer into the task.
    pointer: String,
    #[schema(value_type = words::FieldCode)]
    code: FieldCode,
    detail: String,
    /// The same in simplified Chinese, where the detail says more than the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail_zh: Option<String>,
    /// The word of an engine for what it found, where the code is `said`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The names and numbers of what an engine found.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object, required = false)]
    params: Map<String, Value>,
}

/// A task: its first and its newest version.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TaskSummary {
    pub(super) root: Task,
    /// Null when the first version is the only one.
    pub(super) newest: Option<Task>,
    pub(super) versions: u64,
}

/// What the engine finds wrong with a config.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Validation {
    valid: bool,
    problems: Vec<ConfigProblem>,
}

impl From<console_app::FieldProblem> for ConfigProblem {
    fn from(problem: console_app::FieldProblem) -> Self {
        let console_app::FieldProblem { pointer, fault } = problem;
        let console_app::Fault {
            code,
            detail,
            detail_zh,
            reason,
            params,
            least: _,
            most: _,
        } = fault;
        Self {
            pointer,
            code,
            detail,
            detail_zh: detail_zh.map(Into::into),
            reason: reason.map(Into::into),
            params: *params,
        }
    }
}

impl From<cases::PairingState> for PairingState {
    fn from(state: cases::PairingState) -> Self {
        let cases::PairingState {
            id,
            status,
            error,
            error_code,
        } = state;
        Self {
            id: id.into(),
            status: status.word(),
            error,
            error_code,
        }
    }
}

impl From<cases::TaskSummary> for TaskSummary {
    fn from(summary: cases::TaskSummary) -> Self {
        let cases::TaskSummary {
            root,
            newest,
            versions,
        } = summary;
        Self {
            root: root.into(),
            newest: newest.map(Into::into),
            versions,
        }
    }
}

impl From<Vec<console_app::FieldProblem>> for Validation {
    fn from(problems: Vec<console_app::FieldProblem>) -> Self {
        Self {
            valid: problems.is_empty(),
            problems: problems.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<cases::Task> for Task {
    fn from(task: cases::Task) -> Self {
        let cases::Task {
            id,
            project_id,
            name,
            version,
            version_number,
            root,
            task_type,
            token,
            comment,
            config,
            meta,
            changed_keys,
            engine,
            owner_id,
            pairing,
            created_at,
            modified_at,
            archived_at,
            generation,
            cannot_change,
            cannot_copy,
            cannot_remove,
            cannot_pair,
            cannot_run,
            problems,
        } = task;
        Self {
            id: id.into(),
            project_id: project_id.into(),
            name,
            version,
            version_number,
            root,
            task_type: task_type.word(),
            token,
            comment,
            config,
            meta,
            changed_keys,
            engine,
            owner_id: owner_id.map(Into::into),
            pairing: pairing.map(Into::into),
            created_at,
            modified_at,
            archived_at,
            generation,
            cannot_change: cannot_change.map(Into::into),
            cannot_copy: cannot_copy.map(Into::into),
            cannot_remove: cannot_remove.map(Into::into),
            cannot_pair: cannot_pair.map(Into::into),
            cannot_run: cannot_run.map(Into::into),
            problems: problems.into_iter().map(Into::into).collect(),
        }
    }
}

/// `sample` joins, `train` trains.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TaskType {
    Sample,
    Train,
}

impl From<TaskType> for console_model::TaskType {
    fn from(word: TaskType) -> Self {
        match word {
            TaskType::Sample => Self::Sample,
            TaskType::Train => Self::Train,
        }
    }
}

/// What is needed for a task.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTask {
    /// Unique among the project's tasks.
    pub(super) name: String,
    pub(super) task_type: TaskType,
    /// The word that the operators of both sides agreed on; it can be given later.
    pub(super) token: Option<String>,
    pub(super) comment: Option<String>,
    /// Private.
    pub(super) config: Option<Map<String, Value>>,
    /// Public: the partner may read it.
    pub(super) meta: Option<Map<String, Value>>,
    pub(super) engine: Option<String>,
}

/// What changes; what is left out stays. Name, type, token and engine belong to the first version.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TaskChange {
    pub(super) name: Option<String>,
    pub(super) task_type: Option<TaskType>,
    /// Null removes it.
    #[serde(default, deserialize_with = "given")]
    pub(super) token: Option<Option<String>>,
    /// Null removes it.
    #[serde(default, deserialize_with = "given")]
    pub(super) comment: Option<Option<String>>,
    /// Replaces the whole; null empties it.
    #[serde(default, deserialize_with = "given")]
    pub(super) config: Option<Option<Map<String, Value>>>,
    /// Replaces the whole; null empties it.
    #[serde(default, deserialize_with = "given")]
    pub(super) meta: Option<Option<Map<String, Value>>>,
    /// Null means the console's default.
    #[serde(default, deserialize_with = "given")]
    pub(super) engine: Option<Option<String>>,
}

/// Whether to put away or to take out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Archiving {
    pub(super) archived: bool,
}
