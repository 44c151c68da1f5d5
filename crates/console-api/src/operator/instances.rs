//! `/instances` and `/tasks/{id}/instances`

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
use wire::{
    AttemptQuery, Event, Instance, InstanceChange, InstanceQuery, Log, LogLine, LogQuery, Metric,
    MetricPoint, NewInstance, RunResult,
};

/// Runs a paired task version; both halves start as soon as the partner knows of it.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/instances", tag = "instances", params(("id" = String, Path), IdempotencyKey),
    request_body = NewInstance, responses((status = 201, body = Instance)))]
pub(crate) async fn run(
    request: HttpRequest,
    signed: Signed,
    body: Body<NewInstance>,
) -> Result<HttpResponse, ApiError> {
    let task = path(&request, "id", "task")?;
    once(&request, &signed, &body.digest, async || {
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
        status,
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
        statuses: statuses.map_err(|error| AppError::field("status", error.to_string()))?,
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

/// Who did what when, oldest first.
#[utoipa::path(get, path = "/api/v1/instances/{id}/events", tag = "instances", params(("id" = String, Path)),
    responses((status = 200, body = Vec<Event>)))]
pub(crate) async fn events(request: HttpRequest, signed: Signed) -> Result<HttpResponse, ApiError> {
    let found = cases::history(&signed.app, &signed.operator, &path(&request, "id", "instance")?).await?;
    let events = found.into_iter().map(|entry| {
        let cases::HistoryEntry {
            at,
            attempt,
            actor_kind,
            actor,
            from,
            to,
            reason,
            request_id,
        } = entry;
        let (from, to) = (from.map(InstanceStatus::word), to.word());
        Event {
            at,
            attempt,
            actor_kind,
            actor,
            from,
            to,
            reason,
            request_id,
        }
    });
    Ok(HttpResponse::Ok().json(events.collect::<Vec<_>>()))
}

/// The log of an attempt, from a line on.
#[utoipa::path(get, path = "/api/v1/instances/{id}/logs", tag = "instances",
    params(("id" = String, Path), LogQuery), responses((status = 200, body = Log)))]
pub(crate) async fn logs(
    request: HttpRequest,
    signed: SignedQuery,
    query: Query<LogQuery>,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "instance")?;
    let LogQuery { attempt, from, limit } = query.0;
    let limit = limit.unwrap_or(1000);
    if !(1..=5000).contains(&limit) {
        return Err(AppError::field("limit", format!("must be from 1 to 5000, not {limit}")).into());
    }
    let page = cases::logs(
        &signed.app,
        &signed.operator,
        &id,
        attempt,
        from.unwrap_or(0),
        limit,
    )
    .await?;
    let cases::LogPage {
        first_line,
        lines,
        next_line,
    } = page;
    let lines = lines.into_iter().map(|line| {
        let cases::LogLine {
            at,
            level,
            role,
            text,
        } = line;
        LogLine {
            at,
            level: level.word(),
            role,
            text,
        }
    });
    Ok(HttpResponse::Ok().json(Log {
        first_line,
        lines: lines.collect(),
        next_line,
    }))
}

/// The curves of an attempt.
#[utoipa::path(get, path = "/api/v1/instances/{id}/metrics", tag = "instances",
    params(("id" = String, Path), AttemptQuery), responses((status = 200, body = Vec<Metric>)))]
pub(crate) async fn metrics(
    request: HttpRequest,
    signed: SignedQuery,
    query: Query<AttemptQuery>,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "instance")?;
    let series = cases::metrics(&signed.app, &signed.operator, &id, query.0.attempt).await?;
    let point = |point: cases::MetricPoint| {
        let cases::MetricPoint { step, value, at } = point;
        MetricPoint { step, value, at }
    };
    let metrics = series.into_iter().map(|series| {
        let cases::MetricSeries { name, points } = series;
        Metric {
            name,
            points: points.into_iter().map(point).collect(),
        }
    });
    Ok(HttpResponse::Ok().json(metrics.collect::<Vec<_>>()))
}

/// The results of an attempt.
#[utoipa::path(get, path = "/api/v1/instances/{id}/results", tag = "instances",
    params(("id" = String, Path), AttemptQuery), responses((status = 200, body = Vec<RunResult>)))]
pub(crate) async fn results(
    request: HttpRequest,
    signed: SignedQuery,
    query: Query<AttemptQuery>,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "instance")?;
    let found = cases::results(&signed.app, &signed.operator, &id, query.0.attempt).await?;
    let results = found.into_iter().map(|result| {
        let cases::RunResult { name, value, at } = result;
        RunResult { name, value, at }
    });
    Ok(HttpResponse::Ok().json(results.collect::<Vec<_>>()))
}
