//! Further versions of a task.

use chrono::Utc;
use console_db::entity::task_intra;
use console_db::{Tx, naive, projects as project_rows, resources, tasks as rows};
use console_model::{ProjectId, TaskId, TaskVersion};

use super::{Task, shown};
use crate::{App, AppError, Operator};

/// Makes a version from the newest one of a task, which any of its versions may name: config, meta, remark and resources
/// are copied.
///
/// # Errors
/// `not_found`, `project_archived`.
pub async fn new_version(app: &App, operator: &Operator, id: &TaskId) -> Result<Task, AppError> {
    let tx = app.db().begin().await?;
    let named = super::find_to_change(&tx, operator, id).await?;
    let project = named.project_id.clone();
    project_rows::lock(&tx, &project).await?;
    let newest = newest(&tx, &project, &named.name).await?;
    let version = free_version(&tx, &project, &named.name).await?;
    let row = copy_version(&tx, &newest, &version, operator.id.as_str(), None).await?;
    tx.commit().await?;
    let problems = super::problems(app, &row).await?;
    Ok(Task {
        problems,
        ..shown(app, operator, row).await?
    })
}

/// The newest version of a task.
pub(crate) async fn newest(tx: &Tx, project: &ProjectId, name: &str) -> Result<task_intra::Model, AppError> {
    rows::newest(tx, project, name)
        .await?
        .ok_or_else(|| AppError::not_found("task"))
}

/// The version of this moment; when it is taken, the next second that is free.
pub(crate) async fn free_version(tx: &Tx, project: &ProjectId, name: &str) -> Result<TaskVersion, AppError> {
    let mut version = TaskVersion::at(Utc::now());
    while rows::find_version(tx, project, name, &version).await?.is_some() {
        version = version.next();
    }
    Ok(version)
}

/// Copies a version with its resources under another version. `number`: what the partner calls it in short.
pub(crate) async fn copy_version(
    tx: &Tx,
    from: &task_intra::Model,
    version: &TaskVersion,
    owner: &str,
    number: Option<u32>,
) -> Result<task_intra::Model, AppError> {
    let next = rows::next_number(tx, &from.project_id, &from.name).await?;
    let now = naive(Utc::now());
    let row = task_intra::Model {
        id: TaskId::generate(),
        gmt_create: now,
        gmt_modified: now,
        version: version.to_string(),
        version_number: agreed_number(next, number),
        owner_id: owner.to_owned(),
        task_root: false,
        generation: 1,
        ..from.clone()
    };
    rows::insert(tx, row.clone()).await?;
    resources::copy(tx, &from.id, &row.id).await?;
    Ok(row)
}

/// Our number of a version, so that both sides call it the same where that is possible: the partner's, unless we are past it
/// or it is far ahead.
fn agreed_number(next: i32, theirs: Option<u32>) -> i32 {
    const AHEAD: i32 = 1000;
    theirs
        .and_then(|number| i32::try_from(number).ok())
        .filter(|number| (next..=next.saturating_add(AHEAD)).contains(number))
        .unwrap_or(next)
}

#[cfg(test)]
mod tests {
    use super::agreed_number;

    #[test]
    fn both_sides_call_a_version_the_same_where_they_can() {
        assert_eq!(agreed_number(2, None), 2);
        assert_eq!(agreed_number(2, Some(4)), 4);
        assert_eq!(agreed_number(5, Some(4)), 5);
        assert_eq!(agreed_number(2, Some(u32::MAX)), 2);
    }
}
