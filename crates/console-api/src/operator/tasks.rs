//! `/tasks` and `/projects/{id}/tasks`

mod wire;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use console_app::tasks as cases;

use crate::auth::{Signed, SignedQuery};
use crate::error::ApiError;
use crate::extract::{Body, IfMatch, NoBody, Query, if_match, path, tagged};
use crate::idempotency::{IdempotencyKey, Made, once};
use crate::page::{ArchiveQuery, Listing};
use wire::{Archiving, NewTask, Task, TaskChange, TaskSummary, Validation};

pub(crate) use wire::TaskType;

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
    once(&request, &signed, &body.bytes, async || {
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
    once(&request, &signed, &[], async || {
        let task = cases::new_version(&signed.app, &signed.operator, &id).await?;
        Ok(Made {
            generation: Some(task.generation),
            value: Task::from(task),
        })
    })
    .await
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
