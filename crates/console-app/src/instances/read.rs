//! What operators see of runs. Reading never calls the partner.

use chrono::{DateTime, Utc};
use console_db::instances::{self as rows, InstanceFilter, Listed};
use console_db::{
    Cursor, Page, entity, pending_outputs, results as documents, stored_files, utc, warnings as warning_rows,
};
use console_model::{InstanceId, InstanceStatus, ProjectId, TaskId};
use task_interface::{Document, Text, Warning};

use super::Blockers;
use super::view::{HistoryEntry, Instance, RunResult, entry, view};
use crate::rights::{self, Action};
use crate::{App, AppError, Operator};

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
    let found = find(app, id).await?;
    let cannot = Blockers::of(app, operator, &found.row).await?;
    Ok(Instance {
        cannot: Some(cannot),
        ..view(found)?
    })
}

/// One run as lists hold it: without what can be done with it.
///
/// # Errors
/// `not_found`.
pub(super) async fn brief(app: &App, operator: &Operator, id: &InstanceId) -> Result<Instance, AppError> {
    rights::require(operator, Action::Read)?;
    view(find(app, id).await?)
}

async fn find(app: &App, id: &InstanceId) -> Result<Listed, AppError> {
    let found = rows::find_listed(app.db().reader(), id).await?;
    found.ok_or_else(|| AppError::not_found("instance"))
}

/// Who did what when, and what the partner told of its half, oldest first, at most 1,000 entries.
///
/// # Errors
/// `not_found`.
pub async fn history(app: &App, operator: &Operator, id: &InstanceId) -> Result<Vec<HistoryEntry>, AppError> {
    brief(app, operator, id).await?;
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
    let run = brief(app, operator, id).await?;
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
    let run = brief(app, operator, id).await?;
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
