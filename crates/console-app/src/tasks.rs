//! Tasks: our half of a piece of work, one row per version.
//!
//! The first version is the *root*; the versions of one task share its name and token. A version can be changed until it
//! is paired, or while the partner's answer is out; afterwards a new version is made from the newest one.
//!
//! An engine's doubts about a config do not keep a task from being stored, since a half is often written before its data
//! are there: they come with the answer ([`Task::problems`]) and are asked for again before a run, where they count.

mod edit;
mod files;
mod removal;
mod versions;
mod view;

use chrono::{DateTime, Utc};
use console_db::ConnectionTrait;
use console_db::entity::{project, task_intra};
use console_db::{Page, tasks as rows};
use console_model::{ErrorCode, LinkStatus, PairingId, ProjectId, TaskId, TaskType, UserId};
use serde_json::{Map, Value};
use task_interface::TaskInfo;

use crate::pairings::fit::kind_of;
use crate::projects::{self, meant};
use crate::rights::{self, Action};
use crate::{App, AppError, Blocker, Fault, FieldProblem, Operator};

pub(crate) use edit::refuse_paired;
pub use edit::{create, update};
pub(crate) use removal::delete_of_project;
pub use removal::{archive, delete};
pub use versions::new_version;
pub(crate) use versions::{copy_version, free_version};
use view::{Around, shown, summary, view};
pub(crate) use view::{blockers, number_of};

/// A task version as operators see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// The project.
    pub project_id: ProjectId,
    /// The name that all versions share.
    pub name: String,
    /// The version.
    pub version: String,
    /// The same in short, from 1; none when it is not known.
    pub version_number: Option<u32>,
    /// Whether it is the first one.
    pub root: bool,
    /// What it does.
    pub task_type: TaskType,
    /// The word that the operators of both sides agreed on.
    pub token: Option<String>,
    /// A remark.
    pub comment: Option<String>,
    /// Private. Lists do not hold it.
    pub config: Option<Value>,
    /// Public: the partner may read it. Lists do not hold it.
    pub meta: Option<Value>,
    /// In lists of versions: the keys of config and meta whose values differ from those of the version before; none where
    /// that is not known.
    pub changed_keys: Option<Vec<String>>,
    /// The engine that runs it; none means the console's default.
    pub engine: Option<String>,
    /// Who owns it.
    pub owner_id: Option<UserId>,
    /// How far it is paired.
    pub pairing: Option<PairingState>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
    /// When this version was put away.
    pub archived_at: Option<DateTime<Utc>>,
    /// Counts the changes.
    pub generation: i64,
    /// Why it cannot be changed; none when it can.
    pub cannot_change: Option<Blocker>,
    /// Why no further version can be made of its task; none when one can.
    pub cannot_copy: Option<Blocker>,
    /// Why it can be neither archived nor deleted; none when it can. What keeps it from being deleted alone, a run that has
    /// not ended, is found when it is tried.
    pub cannot_remove: Option<Blocker>,
    /// Why the partner cannot be asked to pair it; none when it can.
    pub cannot_pair: Option<Blocker>,
    /// Why it cannot be run; none when it can. In lists the engine is not asked what it thinks of the config.
    pub cannot_run: Option<Blocker>,
    /// What the engine finds wrong with the config. Only the answers to creating, changing and copying hold it.
    pub problems: Vec<FieldProblem>,
}

/// How far a task version is paired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairingState {
    /// Its id.
    pub id: PairingId,
    /// How far.
    pub status: LinkStatus,
    /// Why it could not be paired.
    pub error: Option<String>,
    /// The same as a word for programs.
    pub error_code: Option<String>,
}

/// A root with the newest version of its task.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskSummary {
    /// The first version.
    pub root: Task,
    /// The newest version, when it is another one.
    pub newest: Option<Task>,
    /// How many versions there are.
    pub versions: u64,
}

/// What is needed for a task.
#[derive(Debug, Clone)]
pub struct NewTask {
    /// The project.
    pub project_id: ProjectId,
    /// Unique among the project's tasks.
    pub name: String,
    /// What it does.
    pub task_type: TaskType,
    /// The word that the operators of both sides agreed on; it can be given later.
    pub token: Option<String>,
    /// A remark.
    pub comment: Option<String>,
    /// Private.
    pub config: Option<Map<String, Value>>,
    /// Public: the partner may read it.
    pub meta: Option<Map<String, Value>>,
    /// The engine that runs it; none means the console's default.
    pub engine: Option<String>,
}

/// What changes about a task version; what is `None` stays, an inner `None` empties. Name, type, token and engine
/// belong to the root.
#[derive(Debug, Clone, Default)]
pub struct TaskChange {
    /// Unique among the project's tasks.
    pub name: Option<String>,
    /// What it does.
    pub task_type: Option<TaskType>,
    /// The word that the operators of both sides agreed on.
    pub token: Option<Option<String>>,
    /// A remark.
    pub comment: Option<Option<String>>,
    /// Private; replaces the whole.
    pub config: Option<Option<Map<String, Value>>>,
    /// Public; replaces the whole.
    pub meta: Option<Option<Map<String, Value>>>,
    /// The engine that runs it.
    pub engine: Option<Option<String>>,
}

/// The tasks of a project, newest first, with or without those that were put away.
///
/// # Errors
/// `not_found`, when there is no such project.
pub async fn list(
    app: &App,
    operator: &Operator,
    project: &ProjectId,
    archived: bool,
    page: &Page,
) -> Result<Vec<TaskSummary>, AppError> {
    rights::require(operator, Action::Read)?;
    let db = app.db().reader();
    let row = projects::find(db, project).await?;
    let found = rows::list_roots(db, project, archived, page).await?;
    let partner = projects::partner_row(db, &row).await?;
    found
        .into_iter()
        .map(|found| summary(operator, &row, partner.as_ref(), found))
        .collect()
}

/// The versions of a task, newest first, with or without those that were put away; any of them may name it.
///
/// # Errors
/// `not_found`.
pub async fn versions(
    app: &App,
    operator: &Operator,
    id: &TaskId,
    archived: bool,
    page: &Page,
) -> Result<Vec<Task>, AppError> {
    rights::require(operator, Action::Read)?;
    let db = app.db().reader();
    let task = find(db, id).await?;
    // One more, which the last one is compared with.
    let wider = Page {
        limit: page.limit.saturating_add(1),
        ..page.clone()
    };
    let found = rows::versions(db, &task.project_id, &task.name, archived, &wider).await?;
    let around = Around::of(db, operator, &task).await?;
    let changes = found
        .windows(2)
        .map(|pair| changed_keys(&pair[1].row, &pair[0].row));
    let changes: Vec<_> = changes.map(Some).chain([None]).collect();
    let listed = found
        .into_iter()
        .zip(changes)
        .take(usize::try_from(page.limit).unwrap_or(usize::MAX));
    listed
        .map(|(rows::Version { row, pairing }, changed_keys)| {
            let task = view(&around, row, pairing)?;
            Ok(Task {
                config: None,
                meta: None,
                changed_keys,
                ..task
            })
        })
        .collect()
}

/// More changed keys than these are not told.
const MAX_CHANGED_KEYS: usize = 20;

/// The keys of config and meta whose values two versions differ in.
fn changed_keys(before: &task_intra::Model, after: &task_intra::Model) -> Vec<String> {
    let members = |value: &Option<Value>| match value.clone().map(meant) {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    };
    let mut changed = Vec::new();
    for (before, after) in [(&before.config, &after.config), (&before.meta, &after.meta)] {
        let (before, after) = (members(before), members(after));
        let keys = before.keys().chain(after.keys());
        changed.extend(keys.filter(|key| before.get(*key) != after.get(*key)).cloned());
    }
    changed.sort();
    changed.dedup();
    changed.truncate(MAX_CHANGED_KEYS);
    changed
}

/// One task version.
///
/// # Errors
/// `not_found`.
pub async fn get(app: &App, operator: &Operator, id: &TaskId) -> Result<Task, AppError> {
    rights::require(operator, Action::Read)?;
    shown(app, operator, find(app.db().reader(), id).await?).await
}

/// What the engine finds wrong with a version's config. Pointers lead into the task, so they begin with `/config`.
///
/// # Errors
/// `not_found`; `engine_unknown`.
pub async fn validate(app: &App, operator: &Operator, id: &TaskId) -> Result<Vec<FieldProblem>, AppError> {
    rights::require(operator, Action::Read)?;
    problems(app, &find(app.db().reader(), id).await?).await
}

/// What the engine finds wrong with a row's config.
///
/// # Errors
/// Internal, for a row that cannot be read.
pub async fn problems(app: &App, row: &task_intra::Model) -> Result<Vec<FieldProblem>, AppError> {
    let task_type = row.r#type;
    let name = engine_of(app, row);
    let Some(registered) = app.engines().get(name) else {
        let fault = Fault::not_there(format!("there is no engine {name:?} on this console"))
            .zh(format!("本控制台没有引擎 {name:?}"));
        return Ok(vec![FieldProblem::new("/engine", fault)]);
    };
    if !registered.description.types.contains_key(&kind_of(task_type)) {
        let fault = Fault::not_allowed(format!(
            "the engine {name:?} does not run tasks of type {task_type}"
        ))
        .zh(format!("引擎 {name:?} 不支持 {task_type} 类型的任务"));
        return Ok(vec![FieldProblem::new("/engine", fault)]);
    }
    let info = info(row)?;
    let mut found = registered.engine.validate(&info).await;
    if found.is_empty() {
        let files = files::beginnings(app, &row.id).await?;
        found = registered.engine.validate_files(&info, &files).await;
    }
    Ok(found
        .into_iter()
        .map(|problem| FieldProblem::new(format!("/config{}", problem.pointer), problem))
        .collect())
}

/// What an engine is told of a task version.
///
/// # Errors
/// Internal, for a row that cannot be read.
pub fn info(row: &task_intra::Model) -> Result<TaskInfo, AppError> {
    let kind = kind_of(row.r#type);
    Ok(TaskInfo::new(row.id.as_str(), &row.name, &row.version, kind)
        .with_config(row.config.clone().map_or(Value::Null, meant))
        .with_meta(row.meta.clone().map_or(Value::Null, meant)))
}

/// The name of the engine that runs a task version.
#[must_use]
pub fn engine_of<'a>(app: &'a App, row: &'a task_intra::Model) -> &'a str {
    row.engine.as_deref().unwrap_or(&app.settings().default_engine)
}

/// The row, or `not_found`.
pub(crate) async fn find(db: &impl ConnectionTrait, id: &TaskId) -> Result<task_intra::Model, AppError> {
    rows::find(db, id)
        .await?
        .ok_or_else(|| AppError::not_found("task"))
}

/// The row, if the operator may change it.
pub(crate) async fn find_to_change(
    db: &impl ConnectionTrait,
    operator: &Operator,
    id: &TaskId,
) -> Result<task_intra::Model, AppError> {
    let row = find(db, id).await?;
    let project = projects::find(db, &row.project_id).await?;
    rights::require(operator, change_of(&row, &project))?;
    let root = rows::find_root(db, &row.project_id, &row.name).await?;
    refuse_closed(&project, &row, root.as_ref())?;
    Ok(row)
}

/// What changes a row, as rights go.
pub(crate) fn change_of<'a>(row: &'a task_intra::Model, project: &'a project::Model) -> Action<'a> {
    Action::ChangeTask {
        owner: &row.owner_id,
        project_owner: &project.owner_id,
    }
}

/// Refuses what changes a version whose project is closed, or that was put away.
fn refuse_closed(
    project: &project::Model,
    row: &task_intra::Model,
    root: Option<&task_intra::Model>,
) -> Result<(), AppError> {
    projects::refuse_archived(project)?;
    refuse_archived(row, root)
}

/// Refuses what cannot be done with a version that was put away, alone or with its task.
pub(crate) fn refuse_archived(
    row: &task_intra::Model,
    root: Option<&task_intra::Model>,
) -> Result<(), AppError> {
    let what = match root.unwrap_or(row).archived_at {
        Some(_) => "task",
        None if is_archived(row, root) => "version",
        None => return Ok(()),
    };
    Err(AppError::conflict(
        ErrorCode::TaskArchived,
        format!("The {what} is archived. Take it out of the archive first."),
    ))
}

/// Whether a version was put away, alone or with its task.
pub(crate) fn is_archived(row: &task_intra::Model, root: Option<&task_intra::Model>) -> bool {
    row.archived_at.is_some() || root.is_some_and(|root| root.archived_at.is_some())
}

/// The first version of a row's task; none when it is gone.
pub(crate) async fn root_id(
    db: &impl ConnectionTrait,
    row: &task_intra::Model,
) -> Result<Option<TaskId>, AppError> {
    if row.task_root {
        return Ok(Some(row.id.clone()));
    }
    let root = rows::find_root(db, &row.project_id, &row.name).await?;
    Ok(root.map(|root| root.id))
}
