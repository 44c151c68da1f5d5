//! Runs as clients see them.

use chrono::{DateTime, Utc};
use console_app::instances as cases;
use console_model::InstanceStatus;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::extract::given;
use crate::operator::tasks::TaskType;
use crate::words::{ActorKind, LogLevel, RunStatus, RunStopCause};

/// A run of a paired task version.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Instance {
    pub(super) id: String,
    pub(super) task_id: String,
    pub(super) task_name: Option<String>,
    pub(super) task_version: Option<String>,
    #[schema(value_type = Option<TaskType>)]
    pub(super) task_type: Option<&'static str>,
    pub(super) pairing_id: String,
    pub(super) project_id: Option<String>,
    pub(super) project_name: Option<String>,
    /// Whether the run was asked for here.
    pub(super) initiator: bool,
    pub(super) engine: Option<String>,
    /// From 1; a start again is a new attempt.
    pub(super) attempt: i32,
    /// The state of this half.
    #[schema(value_type = RunStatus)]
    pub(super) status: &'static str,
    #[schema(value_type = Option<RunStopCause>)]
    pub(super) stop_cause: Option<&'static str>,
    pub(super) stop_reason: Option<String>,
    /// From 0 to 1.
    pub(super) progress: Option<f64>,
    pub(super) progress_text: Option<String>,
    pub(super) comment: Option<String>,
    /// What the engine said.
    pub(super) message: Option<Value>,
    /// Why it failed.
    pub(super) error: Option<Value>,
    pub(super) partner: PartnerHalf,
    pub(super) created_at: DateTime<Utc>,
    pub(super) modified_at: DateTime<Utc>,
    pub(super) started_at: Option<DateTime<Utc>>,
    pub(super) ended_at: Option<DateTime<Utc>>,
    pub(super) generation: i64,
}

/// What the partner said last of its half.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PartnerHalf {
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) instance_id: Option<String>,
    #[schema(value_type = Option<RunStatus>)]
    pub(super) status: Option<&'static str>,
    pub(super) detail: Option<String>,
    pub(super) seen_at: Option<DateTime<Utc>>,
    /// When it was found to have deleted its half.
    pub(super) gone_at: Option<DateTime<Utc>>,
}

impl From<cases::PartnerHalf> for PartnerHalf {
    fn from(half: cases::PartnerHalf) -> Self {
        let cases::PartnerHalf {
            id,
            name,
            instance_id,
            status,
            detail,
            seen_at,
            gone_at,
        } = half;
        let status = status.map(InstanceStatus::word);
        Self {
            id: id.map(Into::into),
            name,
            instance_id,
            status,
            detail,
            seen_at,
            gone_at,
        }
    }
}

impl From<cases::Instance> for Instance {
    fn from(instance: cases::Instance) -> Self {
        let cases::Instance {
            id,
            task_id,
            task_name,
            task_version,
            task_type,
            pairing_id,
            project_id,
            project_name,
            initiator,
            engine,
            attempt,
            status,
            stop_cause,
            stop_reason,
            progress,
            progress_text,
            comment,
            message,
            error,
            partner,
            created_at,
            modified_at,
            started_at,
            ended_at,
            generation,
        } = instance;
        Self {
            id: id.into(),
            task_id: task_id.into(),
            task_name,
            task_version,
            task_type: task_type.map(console_model::TaskType::word),
            pairing_id: pairing_id.into(),
            project_id: project_id.map(Into::into),
            project_name,
            initiator,
            engine,
            attempt,
            status: status.word(),
            stop_cause: stop_cause.map(console_model::StopCause::word),
            stop_reason,
            progress,
            progress_text,
            comment,
            message,
            error,
            partner: partner.into(),
            created_at,
            modified_at,
            started_at,
            ended_at,
            generation,
        }
    }
}

/// A run to begin.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewInstance {
    pub(super) comment: Option<String>,
}

/// What changes; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InstanceChange {
    /// Null removes it.
    #[serde(default, deserialize_with = "given")]
    pub(super) comment: Option<Option<String>>,
}

/// Which runs.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct InstanceQuery {
    /// The most rows.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub(super) limit: Option<u64>,
    /// The `next_cursor` of the part before.
    pub(super) cursor: Option<String>,
    /// Of one project.
    pub(super) project: Option<String>,
    /// Of one task version.
    pub(super) task: Option<String>,
    /// In one of these states, separated by commas.
    pub(super) status: Option<String>,
}

/// Which attempt.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct AttemptQuery {
    /// The present one by default.
    pub(super) attempt: Option<i32>,
}

/// Which lines.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogQuery {
    /// The present one by default.
    pub(super) attempt: Option<i32>,
    /// The number of the first line, from 0.
    #[param(minimum = 0, default = 0)]
    pub(super) from: Option<i64>,
    /// The most lines.
    #[param(minimum = 1, maximum = 5000, default = 1000)]
    pub(super) limit: Option<usize>,
}

/// A change in the history of a run.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Event {
    pub(super) at: DateTime<Utc>,
    pub(super) attempt: i32,
    #[schema(value_type = ActorKind)]
    pub(super) actor_kind: String,
    /// The user's or the partner's id.
    pub(super) actor: Option<String>,
    #[schema(value_type = Option<RunStatus>)]
    pub(super) from: Option<&'static str>,
    #[schema(value_type = RunStatus)]
    pub(super) to: &'static str,
    pub(super) reason: Option<String>,
    pub(super) request_id: Option<String>,
}

/// A part of a log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Log {
    /// The number of the first line.
    pub(super) first_line: i64,
    pub(super) lines: Vec<LogLine>,
    /// What to ask the next part `from`.
    pub(super) next_line: i64,
}

/// A log line.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LogLine {
    pub(super) at: DateTime<Utc>,
    #[schema(value_type = LogLevel)]
    pub(super) level: &'static str,
    /// Which part of the job said it.
    pub(super) role: String,
    pub(super) text: String,
}

/// A curve.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Metric {
    pub(super) name: String,
    pub(super) points: Vec<MetricPoint>,
}

/// A point of a curve.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MetricPoint {
    pub(super) step: i64,
    pub(super) value: f64,
    pub(super) at: DateTime<Utc>,
}

/// A result.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunResult {
    pub(super) name: String,
    pub(super) value: Value,
    pub(super) at: DateTime<Utc>,
}
