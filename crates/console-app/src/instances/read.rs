//! What operators see of runs. Reading never calls the partner.

use chrono::{DateTime, Utc};
use console_db::instances::{self as rows, InstanceFilter, Listed};
use console_db::{
    Cursor, Page, entity, pending_outputs, results as documents, stored_files, utc, warnings as warning_rows,
};
use console_model::{
    HistorySide, InstanceId, InstanceStatus, PairingId, PartnerId, ProjectId, StopCause, TaskId, TaskType,
};
use serde_json::Value;
use task_interface::{Document, Text, Warning};

use super::held_up::HeldUp;
use crate::projects::meant;
use crate::rights::{self, Action};
use crate::{App, AppError, Operator};

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
    /// When it was heard.
    pub seen_at: Option<DateTime<Utc>>,
    /// When it was found to have deleted its half.
    pub gone_at: Option<DateTime<Utc>>,
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

/// Which runs a list shows.
#[derive(Debug, Clone, Default)]
pub struct InstanceQuery {
    /// Of one project.
    pub project: Option<ProjectId>,
    /// Of one task version.
    pub task: Option<TaskId>,
    /// Of all versions of a task, named by the first.
    pub task_root: Option<TaskId>,
    /// Made at this moment or later.
    pub created_from: Option<DateTime<Utc>>,
    /// Made before this moment.
    pub created_before: Option<DateTime<Utc>>,
    /// In one of these states; empty for any.
    pub statuses: Vec<InstanceStatus>,
    /// With warnings only.
    pub with_warnings: bool,
    /// The most rows.
    pub limit: u64,
    /// Behind this row.
    pub after: Option<Cursor>,
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

/// Runs, newest first. Any page costs the same.
///
/// # Errors
/// When the database does not answer.
pub async fn list(app: &App, operator: &Operator, query: InstanceQuery) -> Result<Vec<Instance>, AppError> {
    rights::require(operator, Action::Read)?;
    let InstanceQuery {
        project,
        task,
        task_root,
        created_from,
        created_before,
        statuses,
        with_warnings,
        limit,
        after,
    } = query;
    let filter = InstanceFilter {
        project,
        task,
        task_root,
        pairing: None,
        statuses,
        created_from,
        created_before,
        with_warnings,
    };
    let found = rows::list(app.db().reader(), &filter, &Page { limit, after }).await?;
    found.into_iter().map(view).collect()
}

/// One run.
///
/// # Errors
/// `not_found`.
pub async fn get(app: &App, operator: &Operator, id: &InstanceId) -> Result<Instance, AppError> {
    rights::require(operator, Action::Read)?;
    let found = rows::find_listed(app.db().reader(), id).await?;
    view(found.ok_or_else(|| AppError::not_found("instance"))?)
}

/// Who did what when, and what the partner told of its half, oldest first, at most 1,000 entries.
///
/// # Errors
/// `not_found`.
pub async fn history(app: &App, operator: &Operator, id: &InstanceId) -> Result<Vec<HistoryEntry>, AppError> {
    get(app, operator, id).await?;
    let entries = rows::events(app.db().reader(), id, &Page::first(1000)).await?;
    entries.into_iter().map(entry).collect()
}

/// The results of an attempt (the present one by default).
///
/// # Errors
/// `not_found`.
pub async fn results(
    app: &App,
    operator: &Operator,
    id: &InstanceId,
    attempt: Option<i32>,
) -> Result<Vec<RunResult>, AppError> {
    let run = get(app, operator, id).await?;
    let found = documents::list(app.db().reader(), id, attempt.unwrap_or(run.attempt)).await?;
    let result = |row: entity::instance_result::Model| RunResult {
        name: row.name,
        document: Document::read(row.value),
        pending: false,
        deleted: false,
        at: utc(row.at),
    };
    let mut results: Vec<_> = found.into_iter().map(result).collect();
    let files: Vec<&str> = results.iter().filter_map(RunResult::object).collect();
    let pending = pending_outputs::among(app.db().reader(), &files).await?;
    let known = stored_files::among(app.db().reader(), &files).await?;
    for result in &mut results {
        let is_deleted = |object: &str| {
            known
                .iter()
                .any(|row| row.name == object && row.deleted_at.is_some())
        };
        result.deleted = result.object().is_some_and(is_deleted);
        result.pending = result
            .object()
            .is_some_and(|object| pending.iter().any(|name| name == object));
    }
    Ok(results)
}

/// The warnings of an attempt, in the order in which they came. They are ours alone: the partner is not told of them.
///
/// # Errors
/// `not_found`.
pub async fn warnings(
    app: &App,
    operator: &Operator,
    id: &InstanceId,
    attempt: Option<i32>,
) -> Result<Vec<Warning>, AppError> {
    let run = get(app, operator, id).await?;
    let found = warning_rows::list(app.db().reader(), id, attempt.unwrap_or(run.attempt)).await?;
    let warning = |row: entity::instance_warning::Model| {
        let text = match row.zh {
            Some(zh) => Text::new(row.en).with_zh(zh),
            None => Text::new(row.en),
        };
        Warning::new(row.code, text)
    };
    Ok(found.into_iter().map(warning).collect())
}

impl RunResult {
    /// The object that the result is about.
    fn object(&self) -> Option<&str> {
        match &self.document {
            Document::File(file) => Some(&file.object),
            _ => None,
        }
    }
}

fn entry(listed: rows::ListedEvent) -> Result<HistoryEntry, AppError> {
    let rows::ListedEvent {
        row,
        user_name,
        partner_name,
    } = listed;
    let status = |number| InstanceStatus::from_number(number).map_err(AppError::internal);
    Ok(HistoryEntry {
        side: HistorySide::from_number(row.side).map_err(AppError::internal)?,
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
        request_id: row.request_id,
    })
}

fn view(listed: Listed) -> Result<Instance, AppError> {
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
    let status = |number| InstanceStatus::from_number(number).map_err(AppError::internal);
    let held_up = HeldUp::of(&row);
    Ok(Instance {
        held_up,
        id: InstanceId::parse(&row.id).map_err(AppError::internal)?,
        task_id: TaskId::parse(&row.task_intra_id).map_err(AppError::internal)?,
        task_root_id: row.task_root_id.as_deref().and_then(|id| TaskId::parse(id).ok()),
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
        pairing_id: PairingId::parse(&row.task_inter_id).map_err(AppError::internal)?,
        project_id: row.project_id.as_deref().and_then(|id| ProjectId::parse(id).ok()),
        project_name,
        initiator: row.initiator,
        engine: row.engine,
        attempt: row.attempt,
        status: status(row.status)?,
        stop_cause: row
            .stop_cause
            .and_then(|number| StopCause::from_number(number).ok()),
        stop_reason: row.stop_reason,
        stop_reason_code: row.stop_reason_code,
        stop_reason_detail: row.stop_reason_detail,
        progress: row.progress,
        progress_text: row.progress_text,
        progress_text_zh: row.progress_text_zh,
        warnings: row.warnings.unsigned_abs(),
        comment: row.comment,
        message: row.message.map(meant),
        error: row.error.map(meant),
        partner: PartnerHalf {
            id: row.partner_id.as_deref().and_then(|id| PartnerId::parse(id).ok()),
            name: partner_name,
            instance_id: row.instance_peer_id,
            status: row
                .partner_status
                .and_then(|number| InstanceStatus::from_number(number).ok()),
            detail: row.partner_detail,
            seen_at: row.partner_seen_at.map(utc),
            gone_at: row.gone_at.map(utc),
        },
        created_at: utc(row.gmt_create),
        modified_at: utc(row.gmt_modified),
        started_at: row.gmt_start.map(utc),
        ended_at: row.gmt_end.map(utc),
        generation: row.generation,
    })
}
