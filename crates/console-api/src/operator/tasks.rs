//! `/tasks` and `/projects/{id}/tasks`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use console_app::tasks as cases;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::auth::{Signed, SignedQuery};
use crate::error::ApiError;
use crate::extract::{Body, IfMatch, NoBody, Query, given, if_match, path, tagged};
use crate::idempotency::{IdempotencyKey, Made, once};
use crate::page::{ArchiveQuery, Listing};
use crate::words::Link;

/// One version of this side's half of a piece of work.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Task {
    id: String,
    project_id: String,
    name: String,
    version: String,
    /// Whether it is the first version.
    root: bool,
    #[schema(value_type = TaskType)]
    task_type: &'static str,
    token: Option<String>,
    comment: Option<String>,
    /// Private; null in lists.
    config: Option<Value>,
    /// Public: the partner may read it; null in lists.
    meta: Option<Value>,
    /// In lists of versions: the keys of config and meta whose values differ from those of the version before; null where that is not known.
    changed_keys: Option<Vec<String>>,
    /// Null means the console's default.
    engine: Option<String>,
    owner_id: Option<String>,
    pairing: Option<PairingState>,
    created_at: DateTime<Utc>,
    modified_at: DateTime<Utc>,
    /// When this version was put away.
    archived_at: Option<DateTime<Utc>>,
    generation: i64,
    /// Why the partner cannot be asked to pair it; null when it can.
    cannot_pair: Option<Blocker>,
    /// Why it cannot be run; null when it can. In lists the engine is not asked what it thinks of the config.
    cannot_run: Option<Blocker>,
    /// What the engine finds wrong with the config; only in answers to creating, changing and copying.
    problems: Vec<ConfigProblem>,
}

/// Why something cannot be done as things are, whoever wants it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Blocker {
    /// The `code` that the attempt would be refused with.
    code: &'static str,
    /// What to do about it.
    detail: String,
}

impl From<cases::Blocker> for Blocker {
    fn from(blocker: cases::Blocker) -> Self {
        let cases::Blocker { code, detail } = blocker;
        Self { code, detail }
    }
}

/// How far a version is paired.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PairingState {
    id: String,
    #[schema(value_type = Link)]
    status: &'static str,
    /// Why it could not be paired; it can be asked for again.
    error: Option<String>,
}

/// One thing that is wrong with a task.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConfigProblem {
    /// A JSON Pointer into the task.
    pointer: String,
    detail: String,
}

/// A task: its first and its newest version.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TaskSummary {
    root: Task,
    /// Null when the first version is the only one.
    newest: Option<Task>,
    versions: u64,
}

/// What the engine finds wrong with a config.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Validation {
    valid: bool,
    problems: Vec<ConfigProblem>,
}

impl From<console_app::FieldProblem> for ConfigProblem {
    fn from(problem: console_app::FieldProblem) -> Self {
        let console_app::FieldProblem { pointer, detail } = problem;
        Self { pointer, detail }
    }
}

impl From<cases::PairingState> for PairingState {
    fn from(state: cases::PairingState) -> Self {
        let cases::PairingState { id, status, error } = state;
        Self {
            id: id.into(),
            status: status.word(),
            error,
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
            cannot_pair,
            cannot_run,
            problems,
        } = task;
        Self {
            id: id.into(),
            project_id: project_id.into(),
            name,
            version,
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
    name: String,
    task_type: TaskType,
    /// The word that the operators of both sides agreed on; it can be given later.
    token: Option<String>,
    comment: Option<String>,
    /// Private.
    config: Option<Map<String, Value>>,
    /// Public: the partner may read it.
    meta: Option<Map<String, Value>>,
    engine: Option<String>,
}

/// What changes; what is left out stays. Name, type, token and engine belong to the first version.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TaskChange {
    name: Option<String>,
    task_type: Option<TaskType>,
    /// Null removes it.
    #[serde(default, deserialize_with = "given")]
    token: Option<Option<String>>,
    /// Null removes it.
    #[serde(default, deserialize_with = "given")]
    comment: Option<Option<String>>,
    /// Replaces the whole; null empties it.
    #[serde(default, deserialize_with = "given")]
    config: Option<Option<Map<String, Value>>>,
    /// Replaces the whole; null empties it.
    #[serde(default, deserialize_with = "given")]
    meta: Option<Option<Map<String, Value>>>,
    /// Null means the console's default.
    #[serde(default, deserialize_with = "given")]
    engine: Option<Option<String>>,
}

/// The tasks of a project.
#[utoipa::path(get, path = "/api/v1/projects/{id}/tasks", tag = "tasks", params(("id" = String, Path), ArchiveQuery),
    responses((status = 200, body = Listing<TaskSummary>)))]
pub(crate) async fn list(
    request: HttpRequest,
    signed: SignedQuery,
    query: Query<ArchiveQuery>,
) -> Result<HttpResponse, ApiError> {
    let project = path(&request, "id", "project")?;
    let (archived, page) = query.0.page()?;
    let found = cases::list(&signed.app, &signed.operator, &project, archived, &page).await?;
    let listing: Listing<TaskSummary> =
        Listing::new(found, &page, |task| (task.root.created_at, task.root.id.as_str()));
    Ok(HttpResponse::Ok().json(listing))
}

/// Makes a task. What the engine finds wrong with the config is in `problems`; it counts when the task is to run.
#[utoipa::path(post, path = "/api/v1/projects/{id}/tasks", tag = "tasks", params(("id" = String, Path), IdempotencyKey),
    request_body = NewTask, responses((status = 201, body = Task)))]
pub(crate) async fn create(
    request: HttpRequest,
    signed: Signed,
    body: Body<NewTask>,
) -> Result<HttpResponse, ApiError> {
    let project_id = path(&request, "id", "project")?;
    once(&request, &signed, &body.json, async || {
        let NewTask {
            name,
            task_type,
            token,
            comment,
            config,
            meta,
            engine,
        } = body.value;
        let task_type = task_type.into();
        let new = cases::NewTask {
            project_id,
            name,
            task_type,
            token,
            comment,
            config,
            meta,
            engine,
        };
        let task = cases::create(&signed.app, &signed.operator, new).await?;
        Ok(Made {
            generation: Some(task.generation),
            value: Task::from(task),
        })
    })
    .await
}

fn answer(task: cases::Task) -> HttpResponse {
    tagged(StatusCode::OK, task.generation, &Task::from(task))
}

/// One version.
#[utoipa::path(get, path = "/api/v1/tasks/{id}", tag = "tasks", params(("id" = String, Path)),
    responses((status = 200, body = Task)))]
pub(crate) async fn get(request: HttpRequest, signed: Signed) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "task")?;
    Ok(answer(cases::get(&signed.app, &signed.operator, &id).await?))
}

/// Changes a version that is not paired.
#[utoipa::path(patch, path = "/api/v1/tasks/{id}", tag = "tasks", params(("id" = String, Path), IfMatch),
    request_body = TaskChange, responses((status = 200, body = Task)))]
pub(crate) async fn update(
    request: HttpRequest,
    signed: Signed,
    body: Body<TaskChange>,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "task")?;
    let TaskChange {
        name,
        task_type,
        token,
        comment,
        config,
        meta,
        engine,
    } = body.value;
    let task_type = task_type.map(Into::into);
    let change = cases::TaskChange {
        name,
        task_type,
        token,
        comment,
        config,
        meta,
        engine,
    };
    Ok(answer(
        cases::update(&signed.app, &signed.operator, &id, if_match(&request)?, change).await?,
    ))
}

/// The versions of a task, which any of them may name.
#[utoipa::path(get, path = "/api/v1/tasks/{id}/versions", tag = "tasks", params(("id" = String, Path), ArchiveQuery),
    responses((status = 200, body = Listing<Task>)))]
pub(crate) async fn versions(
    request: HttpRequest,
    signed: SignedQuery,
    query: Query<ArchiveQuery>,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "task")?;
    let (archived, page) = query.0.page()?;
    let found = cases::versions(&signed.app, &signed.operator, &id, archived, &page).await?;
    let listing: Listing<Task> = Listing::new(found, &page, |task| (task.created_at, task.id.as_str()));
    Ok(HttpResponse::Ok().json(listing))
}

/// Makes a version from the newest one: config, meta, remark and resources are copied.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/versions", tag = "tasks", params(("id" = String, Path), IdempotencyKey),
    responses((status = 201, body = Task)))]
pub(crate) async fn new_version(
    request: HttpRequest,
    signed: Signed,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "task")?;
    once(&request, &signed, &serde_json::Value::Null, async || {
        let task = cases::new_version(&signed.app, &signed.operator, &id).await?;
        Ok(Made {
            generation: Some(task.generation),
            value: Task::from(task),
        })
    })
    .await
}

/// Whether to put away or to take out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Archiving {
    archived: bool,
}

/// Puts a version away, or with the first one the whole task; or takes it out again. Lists leave out what was put away, and
/// nothing new is done with it; its runs go on.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/archive", tag = "tasks", params(("id" = String, Path), IfMatch),
    request_body = Archiving, responses((status = 200, body = Task)))]
pub(crate) async fn archive(
    request: HttpRequest,
    signed: Signed,
    body: Body<Archiving>,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "task")?;
    let Archiving { archived } = body.value;
    Ok(answer(
        cases::archive(&signed.app, &signed.operator, &id, if_match(&request)?, archived).await?,
    ))
}

/// Deletes a version, or with the first one the whole task, with the runs that have ended. Attached files stay.
#[utoipa::path(delete, path = "/api/v1/tasks/{id}", tag = "tasks", params(("id" = String, Path)),
    responses((status = 204)))]
pub(crate) async fn delete(
    request: HttpRequest,
    signed: Signed,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "task")?;
    cases::delete(&signed.app, &signed.operator, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Asks the engine what is wrong with a version's config.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/validate", tag = "tasks", params(("id" = String, Path)),
    responses((status = 200, body = Validation)))]
pub(crate) async fn validate(
    request: HttpRequest,
    signed: Signed,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "task")?;
    let problems = cases::validate(&signed.app, &signed.operator, &id).await?;
    Ok(HttpResponse::Ok().json(Validation::from(problems)))
}
