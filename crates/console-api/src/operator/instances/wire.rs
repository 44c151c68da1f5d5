//! Runs as clients see them.

mod history;
mod metrics;

use chrono::{DateTime, Utc};
use console_app::instances as cases;
use console_model::InstanceStatus;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::blocker::Blocker;
use crate::extract::given;
use crate::limits;
use crate::operator::tasks::TaskType;
use crate::words::{HeldUpReason, RunStatus, RunStopCause};

pub(super) use history::Event;
pub(super) use metrics::{Metric, MetricQuery};

/// A run of a paired task version.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Instance {
    pub(super) id: String,
    pub(super) task_id: String,
    /// The first version of the task, for lists of all of its runs.
    pub(super) task_root_id: Option<String>,
    pub(super) task_name: Option<String>,
    pub(super) task_version: Option<String>,
    /// The same in short, from 1.
    pub(super) task_version_number: Option<u32>,
    /// Counts the runs of the task, from 1.
    pub(super) number: Option<u32>,
    #[schema(value_type = Option<TaskType>)]
    pub(super) task_type: Option<&'static str>,
    pub(super) pairing_id: String,
    pub(super) project_id: Option<String>,
    pub(super) project_name: Option<String>,
    /// Whether the run was asked for here.
    pub(super) initiator: bool,
    /// Who asked for it here; null for a run that the partner asked for.
    pub(super) started_by: Option<Starter>,
    /// What lists show of the results: a figure that the engine names.
    pub(super) main_figure: Option<Figure>,
    pub(super) engine: Option<String>,
    /// From 1; a start again is a new attempt.
    pub(super) attempt: i32,
    /// The state of this half.
    #[schema(value_type = RunStatus)]
    pub(super) status: &'static str,
    #[schema(value_type = Option<RunStopCause>)]
    pub(super) stop_cause: Option<&'static str>,
    pub(super) stop_reason: Option<String>,
    /// The same as a word for programs.
    pub(super) stop_reason_code: Option<String>,
    /// What goes with the word.
    pub(super) stop_reason_detail: Option<String>,
    /// The same in simplified Chinese, where the engine or the partner said it so.
    pub(super) stop_reason_detail_zh: Option<String>,
    /// From 0 to 1.
    pub(super) progress: Option<f64>,
    pub(super) progress_text: Option<String>,
    /// The same in simplified Chinese.
    pub(super) progress_text_zh: Option<String>,
    /// How many warnings the present attempt has; a run may succeed with warnings.
    pub(super) warnings: u32,
    /// What holds it up now; null when it goes on.
    pub(super) held_up: Option<HeldUp>,
    pub(super) comment: Option<String>,
    /// What the engine said.
    pub(super) message: Option<Value>,
    /// Why it failed, with everything that the engine said.
    pub(super) error: Option<Value>,
    /// Why it failed, in parts; null for what the engine said in another form.
    pub(super) failure: Option<Failure>,
    pub(super) partner: PartnerHalf,
    pub(super) created_at: DateTime<Utc>,
    pub(super) modified_at: DateTime<Utc>,
    pub(super) started_at: Option<DateTime<Utc>>,
    pub(super) ended_at: Option<DateTime<Utc>>,
    pub(super) generation: i64,
    /// What keeps the caller from working with it; null in lists.
    pub(super) cannot: Option<RunBlockers>,
}

/// What keeps the caller from working with a run in each of the ways; null where nothing does.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunBlockers {
    /// From starting it, or starting it again.
    start: Option<Blocker>,
    /// From stopping it: there is nothing to stop, or it is being stopped.
    stop: Option<Blocker>,
    /// From stopping the partner's half after this one has ended.
    stop_partner: Option<Blocker>,
    /// From running its task version once more. The engine is not asked what it thinks of the config.
    run_again: Option<Blocker>,
    /// From making a further version of its task.
    copy_task: Option<Blocker>,
    /// From deleting it.
    delete: Option<Blocker>,
}

impl From<cases::Blockers> for RunBlockers {
    fn from(blockers: cases::Blockers) -> Self {
        let cases::Blockers {
            start,
            stop,
            stop_partner,
            run_again,
            copy_task,
            delete,
        } = blockers;
        Self {
            start: start.map(Into::into),
            stop: stop.map(Into::into),
            stop_partner: stop_partner.map(Into::into),
            run_again: run_again.map(Into::into),
            copy_task: copy_task.map(Into::into),
            delete: delete.map(Into::into),
        }
    }
}

/// The user who asked for a run.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Starter {
    id: String,
    /// Null for an account that is gone, and for commands beside the console.
    name: Option<String>,
}

/// A number of the results.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Figure {
    /// A word for programs.
    name: String,
    value: f64,
}

/// What holds a run up.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeldUp {
    #[schema(value_type = HeldUpReason)]
    reason: &'static str,
    /// More about it.
    detail: Option<String>,
    since: DateTime<Utc>,
}

impl From<cases::HeldUp> for HeldUp {
    fn from(held_up: cases::HeldUp) -> Self {
        let cases::HeldUp {
            reason,
            detail,
            since,
        } = held_up;
        Self {
            reason: reason.word(),
            detail,
            since,
        }
    }
}

/// Why a half failed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Failure {
    /// What happened and what to do, for operators of this side.
    message: String,
    /// The same in simplified Chinese.
    message_zh: Option<String>,
    /// A word of the engine or the console for programs.
    code: Option<String>,
    /// Names and numbers that go with it.
    #[schema(value_type = Object)]
    params: Map<String, Value>,
    /// Whether another attempt may succeed.
    retryable: bool,
}

impl From<cases::RunFailure> for Failure {
    fn from(failure: cases::RunFailure) -> Self {
        let cases::RunFailure {
            message,
            message_zh,
            code,
            params,
            retryable,
        } = failure;
        Self {
            message,
            message_zh,
            code,
            params,
            retryable,
        }
    }
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
    /// The same in simplified Chinese, if it said that.
    pub(super) detail_zh: Option<String>,
    /// Of a failure: why, as a word of its engine or console.
    pub(super) failure_code: Option<String>,
    /// Of a failure: whether another attempt may succeed; null when it does not say.
    pub(super) retryable: Option<bool>,
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
            detail_zh,
            failure_code,
            retryable,
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
            detail_zh,
            failure_code,
            retryable,
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
            task_root_id,
            task_name,
            task_version,
            task_version_number,
            number,
            task_type,
            pairing_id,
            project_id,
            project_name,
            initiator,
            started_by,
            main_figure,
            engine,
            attempt,
            status,
            stop_cause,
            stop_reason,
            stop_reason_code,
            stop_reason_detail,
            stop_reason_detail_zh,
            progress,
            progress_text,
            progress_text_zh,
            warnings,
            held_up,
            comment,
            message,
            error,
            failure,
            partner,
            created_at,
            modified_at,
            started_at,
            ended_at,
            generation,
            cannot,
        } = instance;
        Self {
            id: id.into(),
            task_id: task_id.into(),
            task_root_id: task_root_id.map(Into::into),
            task_name,
            task_version,
            task_version_number,
            number,
            task_type: task_type.map(console_model::TaskType::word),
            pairing_id: pairing_id.into(),
            project_id: project_id.map(Into::into),
            project_name,
            initiator,
            started_by: started_by.map(|cases::Starter { id, name }| Starter { id, name }),
            main_figure: main_figure.map(|cases::Figure { name, value }| Figure { name, value }),
            engine,
            attempt,
            status: status.word(),
            stop_cause: stop_cause.map(console_model::StopCause::word),
            stop_reason,
            stop_reason_code,
            stop_reason_detail,
            stop_reason_detail_zh,
            progress,
            progress_text,
            progress_text_zh,
            warnings,
            held_up: held_up.map(HeldUp::from),
            comment,
            message,
            error,
            failure: failure.map(Failure::from),
            partner: partner.into(),
            created_at,
            modified_at,
            started_at,
            ended_at,
            generation,
            cannot: cannot.map(RunBlockers::from),
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
    #[param(schema_with = limits::list_rows, required = false)]
    pub(super) limit: Option<u64>,
    /// The `next_cursor` of the part before.
    #[param(schema_with = limits::cursor, required = false)]
    pub(super) cursor: Option<String>,
    /// Of one project.
    pub(super) project: Option<String>,
    /// Of one task version.
    pub(super) task: Option<String>,
    /// Of all versions of a task, named by the first.
    pub(super) task_root: Option<String>,
    /// Made at this moment or later.
    pub(super) created_after: Option<DateTime<Utc>>,
    /// Made before this moment.
    pub(super) created_before: Option<DateTime<Utc>>,
    /// In one of these states, separated by commas.
    pub(super) status: Option<String>,
    /// With warnings only.
    #[serde(default)]
    pub(super) warnings: bool,
}

/// Which attempt.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct AttemptQuery {
    /// The present one by default.
    pub(super) attempt: Option<i32>,
}
