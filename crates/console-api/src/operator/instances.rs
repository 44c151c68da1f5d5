//! `/instances` and `/tasks/{id}/instances`

pub(crate) mod consent;
pub(crate) mod logs;
pub(crate) mod results;
mod wire;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use console_app::AppError;
use console_app::instances as cases;
use console_model::InstanceStatus;

use crate::auth::{Signed, SignedQuery};
use crate::error::ApiError;
use crate::extract::{Body, IfMatch, NoBody, Query, id, if_match, path, tagged};
use crate::idempotency::{IdempotencyKey, Made, once};
use crate::page::{self, Listing};
pub(super) use wire::Instance;
use wire::{Event, InstanceChange, InstanceQuery, Metric, MetricQuery, NewInstance};

/// Runs a paired task version; both halves start as soon as the partner knows of it.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/instances", tag = "instances", params(("id" = String, Path), IdempotencyKey),
    request_body = NewInstance, responses((status = 201, body = Instance)))]
pub(crate) async fn run(
    request: HttpRequest,
    signed: Signed,
    body: Body<NewInstance>,
) -> Result<HttpResponse, ApiError> {
    let task = path(&request, "id", "task")?;
    once(&request, &signed, &body.bytes, async || {
        let run = cases::run(&signed.app, &signed.operator, &task, body.value.comment).await?;
        Ok(Made {
            generation: Some(run.generation),
            value: Instance::from(run),
        })
    })
    .await
}

/// Runs, newest first.
#[utoipa::path(get, path = "/api/v1/instances", tag = "instances", params(InstanceQuery),
    responses((status = 200, body = Listing<Instance>)))]
pub(crate) async fn list(signed: SignedQuery, query: Query<InstanceQuery>) -> Result<HttpResponse, ApiError> {
    let InstanceQuery {
        limit,
        cursor,
        project,
        task,
        task_root,
        created_after,
        created_before,
        status,
        warnings,
    } = query.0;
    let page = page::page(limit, cursor.as_deref())?;
    let words = status
        .as_deref()
        .unwrap_or_default()
        .split(',')
        .filter(|word| !word.is_empty());
    let statuses = words.map(InstanceStatus::from_word).collect::<Result<_, _>>();
    let query = cases::InstanceQuery {
        project: project.map(|text| id("project", &text)).transpose()?,
        task: task.map(|text| id("task", &text)).transpose()?,
        task_root: task_root.map(|text| id("task_root", &text)).transpose()?,
        created_from: created_after,
        created_before,
        with_warnings: warnings,
        statuses: statuses.map_err(|error| AppError::field("status", error))?,
        limit: page.limit,
        after: page.after.clone(),
    };
    let runs = cases::list(&signed.app, &signed.operator, query).await?;
    let listing: Listing<Instance> = Listing::new(runs, &page, |run| (run.created_at, run.id.as_str()));
    Ok(HttpResponse::Ok().json(listing))
}

/// One run.
#[utoipa::path(get, path = "/api/v1/instances/{id}", tag = "instances", params(("id" = String, Path)),
    responses((status = 200, body = Instance)))]
pub(crate) async fn get(request: HttpRequest, signed: Signed) -> Result<HttpResponse, ApiError> {
    let run = cases::get(&signed.app, &signed.operator, &path(&request, "id", "instance")?).await?;
    Ok(answer(run))
}

/// Changes the comment.
#[utoipa::path(patch, path = "/api/v1/instances/{id}", tag = "instances", params(("id" = String, Path), IfMatch),
    request_body = InstanceChange, responses((status = 200, body = Instance)))]
pub(crate) async fn comment(
    request: HttpRequest,
    signed: Signed,
    body: Body<InstanceChange>,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "instance")?;
    let run = cases::comment(
        &signed.app,
        &signed.operator,
        &id,
        if_match(&request)?,
        body.value.comment,
    )
    .await?;
    Ok(answer(run))
}

/// Deletes a run that has ended, with its log, metrics and results.
#[utoipa::path(delete, path = "/api/v1/instances/{id}", tag = "instances", params(("id" = String, Path)),
    responses((status = 204)))]
pub(crate) async fn delete(
    request: HttpRequest,
    signed: Signed,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    cases::delete(&signed.app, &signed.operator, &path(&request, "id", "instance")?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Starts a run that is ready, or starts it again as a new attempt.
#[utoipa::path(post, path = "/api/v1/instances/{id}/start", tag = "instances", params(("id" = String, Path)),
    responses((status = 200, body = Instance)))]
pub(crate) async fn start(request: HttpRequest, signed: Signed, _: NoBody) -> Result<HttpResponse, ApiError> {
    let run = cases::start(&signed.app, &signed.operator, &path(&request, "id", "instance")?).await?;
    Ok(answer(run))
}

/// Stops a run on both sides.
#[utoipa::path(post, path = "/api/v1/instances/{id}/stop", tag = "instances", params(("id" = String, Path)),
    responses((status = 200, body = Instance)))]
pub(crate) async fn stop(request: HttpRequest, signed: Signed, _: NoBody) -> Result<HttpResponse, ApiError> {
    let run = cases::stop(&signed.app, &signed.operator, &path(&request, "id", "instance")?).await?;
    Ok(answer(run))
}

fn answer(run: cases::Instance) -> HttpResponse {
    tagged(StatusCode::OK, run.generation, &Instance::from(run))
}

/// Who did what when, and what the partner told of its half, oldest first.
#[utoipa::path(get, path = "/api/v1/instances/{id}/events", tag = "instances", params(("id" = String, Path)),
    responses((status = 200, body = Vec<Event>)))]
pub(crate) async fn events(request: HttpRequest, signed: Signed) -> Result<HttpResponse, ApiError> {
    let found = cases::history(&signed.app, &signed.operator, &path(&request, "id", "instance")?).await?;
    let events: Vec<Event> = found.into_iter().map(Event::from).collect();
    Ok(HttpResponse::Ok().json(events))
}

/// The curves of an attempt, by name.
///
/// Of a curve with more than `points` points, the first and the last point are kept, and of each of equally many between
/// them the lowest and the highest. Who has a curve up to a step asks for what is behind it (`after_step`); a run that is
/// taken up again after a restart may report steps once more with other values, so a chart is now and then fetched anew.
#[utoipa::path(get, path = "/api/v1/instances/{id}/metrics", tag = "instances",
    params(("id" = String, Path), MetricQuery), responses((status = 200, body = Vec<Metric>)))]
pub(crate) async fn metrics(
    request: HttpRequest,
    signed: SignedQuery,
    query: Query<MetricQuery>,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "instance")?;
    let query = query.0.checked()?;
    let series = cases::metrics(&signed.app, &signed.operator, &id, &query).await?;
    let metrics: Vec<Metric> = series.into_iter().map(Metric::from).collect();
    Ok(HttpResponse::Ok().json(metrics))
}
