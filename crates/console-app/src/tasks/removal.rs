//! Putting tasks away, and deleting them.
//!
//! The first version stands for its task: what is done to it is done to all versions. What is deleted takes the runs that
//! have ended with it. It goes run by run, so a deletion that broke off is asked for again and goes on.

use chrono::Utc;
use console_db::entity::task_intra;
use console_db::{ConnectionTrait, instances, naive, outbox as messages, tasks as rows};
use console_model::{ErrorCode, InstanceStatus, ProjectId, TaskId};

use super::{Task, change_of, find, shown};
use crate::input::check_generation;
use crate::rights;
use crate::{App, AppError, Operator, projects};

/// So many runs are looked up at a time.
const BATCH_SIZE: u64 = 100;

/// Puts a version away, or with the first one the whole task, or takes it out again. Nothing new is done with what was put
/// away, and lists leave it out; runs go on.
///
/// # Errors
/// `not_found`, `stale`.
pub async fn archive(
    app: &App,
    operator: &Operator,
    id: &TaskId,
    generation: Option<i64>,
    archived: bool,
) -> Result<Task, AppError> {
    let tx = app.db().begin().await?;
    let mut row = find(&tx, id).await?;
    let project = projects::find(&tx, &row.project_id).await?;
    rights::require(operator, change_of(&row, &project))?;
    if row.archived_at.is_some() != archived {
        check_generation(row.generation, generation)?;
        row.archived_at = archived.then(|| naive(Utc::now()));
        row = rows::save(&tx, row).await?;
    }
    tx.commit().await?;
    shown(app, operator, row).await
}

/// Deletes a version, or with the first one the whole task, with the runs that have ended. Attached files stay. The partner
/// is told of the runs; its side of the task stays.
///
/// # Errors
/// `not_found`; `task_in_use` while a run has not ended; `forbidden` to delete runs.
pub async fn delete(app: &App, operator: &Operator, id: &TaskId) -> Result<(), AppError> {
    let db = app.db().reader();
    let row = find(db, id).await?;
    let project = projects::find(db, &row.project_id).await?;
    rights::require(operator, change_of(&row, &project))?;
    let versions = if row.task_root {
        rows::all_versions(db, &row.project_id, &row.name).await?
    } else {
        vec![row]
    };
    delete_versions(app, operator, &versions).await
}

/// Deletes every task of a project.
///
/// # Errors
/// As [`delete`].
pub(crate) async fn delete_of_project(
    app: &App,
    operator: &Operator,
    project: &ProjectId,
) -> Result<(), AppError> {
    loop {
        let found = rows::of_project(app.db().reader(), project, BATCH_SIZE).await?;
        if found.is_empty() {
            return Ok(());
        }
        delete_versions(app, operator, &found).await?;
    }
}

async fn delete_versions(
    app: &App,
    operator: &Operator,
    versions: &[task_intra::Model],
) -> Result<(), AppError> {
    let ids: Vec<&TaskId> = versions.iter().map(|row| &row.id).collect();
    let db = app.db().reader();
    refuse_live(db, &ids).await?;
    loop {
        let ended = instances::of_tasks(db, &ids, InstanceStatus::TERMINAL, BATCH_SIZE).await?;
        if ended.is_empty() {
            break;
        }
        for run in ended {
            crate::instances::delete(app, operator, &run.id).await?;
        }
    }
    let tx = app.db().begin().await?;
    // A run may have begun meanwhile.
    refuse_live(&tx, &ids).await?;
    for row in versions {
        // What waits about a task is ordered by its first version.
        if row.task_root {
            messages::give_up_about(&tx, row.id.as_str(), "the task was deleted here").await?;
        }
    }
    rows::delete(&tx, &ids).await?;
    tx.commit().await?;
    Ok(())
}

/// Refuses while a run of a version has not ended.
async fn refuse_live(db: &impl ConnectionTrait, tasks: &[&TaskId]) -> Result<(), AppError> {
    let mut live = InstanceStatus::ALL.to_vec();
    live.retain(|status| !status.is_terminal());
    if instances::of_tasks(db, tasks, &live, 1).await?.is_empty() {
        return Ok(());
    }
    Err(AppError::conflict(
        ErrorCode::TaskInUse,
        "A run of the task has not ended. Stop it, or wait until it has ended.",
    ))
}
