//! `/projects`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use console_app::projects as cases;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::auth::{Signed, SignedQuery};
use crate::error::ApiError;
use crate::extract::{Body, IfMatch, NoBody, Query, given, id, if_match, path, tagged};
use crate::idempotency::{IdempotencyKey, Made, once};
use crate::page::{ArchiveQuery, Listing};
use crate::words::{Link, OutboxState, RunStatus};

/// A project: a cooperation with one partner.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Project {
    id: String,
    /// Null until somebody takes a project that the partner made.
    name: Option<String>,
    comment: Option<String>,
    /// Null until somebody takes it.
    owner_id: Option<String>,
    /// `draft` until the partner knows it.
    #[schema(value_type = Link)]
    status: &'static str,
    partner_id: Option<String>,
    partner_name: Option<String>,
    /// The partner's id of it.
    peer_id: Option<String>,
    /// This side's config, which the partner sees; null in lists.
    config: Option<Value>,
    /// The partner's config; null in lists.
    peer_config: Option<Value>,
    peer_config_at: Option<DateTime<Utc>>,
    archived_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    modified_at: DateTime<Utc>,
    generation: i64,
    /// How many tasks it has.
    tasks: u64,
    /// The newest run of any of its tasks.
    last_run: Option<LastRun>,
    /// What the partner has not been told yet, or did not accept; null in lists.
    outstanding: Option<Outstanding>,
}

/// The newest run of a project.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LastRun {
    id: String,
    #[schema(value_type = RunStatus)]
    status: &'static str,
    created_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
}

impl From<cases::LastRun> for LastRun {
    fn from(run: cases::LastRun) -> Self {
        let cases::LastRun {
            id,
            status,
            created_at,
            ended_at,
        } = run;
        Self {
            id: id.into(),
            status: status.word(),
            created_at,
            ended_at,
        }
    }
}

/// A message about a project that the partner does not have.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Outstanding {
    /// `waiting` or `refused`.
    #[schema(value_type = OutboxState)]
    state: &'static str,
    since: DateTime<Utc>,
    last_error: Option<String>,
    /// The same in simplified Chinese; null where they are the partner's own words.
    last_error_zh: Option<&'static str>,
}

impl From<cases::Outstanding> for Outstanding {
    fn from(outstanding: cases::Outstanding) -> Self {
        let cases::Outstanding {
            state,
            since,
            last_error,
            last_error_zh,
        } = outstanding;
        Self {
            state: state.word(),
            since,
            last_error,
            last_error_zh,
        }
    }
}

impl From<cases::Project> for Project {
    fn from(project: cases::Project) -> Self {
        let cases::Project {
            id,
            name,
            comment,
            owner_id,
            status,
            partner_id,
            partner_name,
            peer_id,
            config,
            peer_config,
            peer_config_at,
            archived_at,
            created_at,
            modified_at,
            generation,
            tasks,
            last_run,
            outstanding,
        } = project;
        Self {
            id: id.into(),
            name,
            comment,
            owner_id: owner_id.map(Into::into),
            status: status.word(),
            partner_id: partner_id.map(Into::into),
            partner_name,
            peer_id,
            config,
            peer_config,
            peer_config_at,
            archived_at,
            created_at,
            modified_at,
            generation,
            tasks,
            last_run: last_run.map(Into::into),
            outstanding: outstanding.map(Into::into),
        }
    }
}

/// What is needed for a project.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewProject {
    /// Unique.
    name: String,
    partner_id: String,
    comment: Option<String>,
    /// An object that the partner sees.
    config: Option<Map<String, Value>>,
}

/// What changes; what is left out stays. A name or an owner takes a project that the partner made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProjectChange {
    name: Option<String>,
    /// Null removes it.
    #[serde(default, deserialize_with = "given")]
    comment: Option<Option<String>>,
    /// Replaces the whole; null empties it. A base partner merges it over what it has.
    #[serde(default, deserialize_with = "given")]
    config: Option<Option<Map<String, Value>>>,
    /// Root or an admin.
    owner_id: Option<String>,
}

/// The partner that a project belongs to from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Assignment {
    partner_id: String,
}

/// What the check of a project's connection found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProjectCheck {
    at: DateTime<Utc>,
    /// Whether the partner knows the project.
    connected: bool,
    /// What is wrong.
    detail: Option<String>,
}

impl From<cases::ProjectCheck> for ProjectCheck {
    fn from(check: cases::ProjectCheck) -> Self {
        let cases::ProjectCheck {
            at,
            connected,
            detail,
        } = check;
        Self {
            at,
            connected,
            detail,
        }
    }
}

/// Projects.
#[utoipa::path(get, path = "/api/v1/projects", tag = "projects", params(ArchiveQuery),
    responses((status = 200, body = Listing<Project>)))]
pub(crate) async fn list(signed: SignedQuery, query: Query<ArchiveQuery>) -> Result<HttpResponse, ApiError> {
    let (archived, page) = query.0.page()?;
    let found = cases::list(&signed.app, &signed.operator, archived, &page).await?;
    let listing: Listing<Project> =
        Listing::new(found, &page, |project| (project.created_at, project.id.as_str()));
    Ok(HttpResponse::Ok().json(listing))
}

/// Makes a project and tells the partner. It is `draft` until the partner has answered.
#[utoipa::path(post, path = "/api/v1/projects", tag = "projects", params(IdempotencyKey), request_body = NewProject,
    responses((status = 201, body = Project)))]
pub(crate) async fn create(
    request: HttpRequest,
    signed: Signed,
    body: Body<NewProject>,
) -> Result<HttpResponse, ApiError> {
    once(&request, &signed, &body.bytes, async || {
        let NewProject {
            name,
            partner_id,
            comment,
            config,
        } = body.value;
        let new = cases::NewProject {
            name,
            partner_id: id("/partner_id", &partner_id)?,
            comment,
            config,
        };
        let project = cases::create(&signed.app, &signed.operator, new).await?;
        Ok(Made {
            generation: Some(project.generation),
            value: Project::from(project),
        })
    })
    .await
}

fn answer(project: cases::Project) -> HttpResponse {
    tagged(StatusCode::OK, project.generation, &Project::from(project))
}

/// One project.
#[utoipa::path(get, path = "/api/v1/projects/{id}", tag = "projects", params(("id" = String, Path)),
    responses((status = 200, body = Project)))]
pub(crate) async fn get(request: HttpRequest, signed: Signed) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "project")?;
    Ok(answer(cases::get(&signed.app, &signed.operator, &id).await?))
}

/// Changes name, remark, config or owner; takes a project that the partner made.
#[utoipa::path(patch, path = "/api/v1/projects/{id}", tag = "projects", params(("id" = String, Path), IfMatch),
    request_body = ProjectChange, responses((status = 200, body = Project)))]
pub(crate) async fn update(
    request: HttpRequest,
    signed: Signed,
    body: Body<ProjectChange>,
) -> Result<HttpResponse, ApiError> {
    let project = path(&request, "id", "project")?;
    let ProjectChange {
        name,
        comment,
        config,
        owner_id,
    } = body.value;
    let owner_id = owner_id.map(|owner| id("/owner_id", &owner)).transpose()?;
    let change = cases::ProjectChange {
        name,
        comment,
        config,
        owner_id,
    };
    Ok(answer(
        cases::update(
            &signed.app,
            &signed.operator,
            &project,
            if_match(&request)?,
            change,
        )
        .await?,
    ))
}

/// Gives a project to another partner that knows it by the same id. Only from no partner or one that does not sign: after an
/// adoption, or when the partner has moved to this console and was paired anew.
#[utoipa::path(put, path = "/api/v1/projects/{id}/partner", tag = "projects", params(("id" = String, Path), IfMatch),
    request_body = Assignment, responses((status = 200, body = Project)))]
pub(crate) async fn assign(
    request: HttpRequest,
    signed: Signed,
    body: Body<Assignment>,
) -> Result<HttpResponse, ApiError> {
    let project = path(&request, "id", "project")?;
    let partner = id("/partner_id", &body.value.partner_id)?;
    let generation = if_match(&request)?;
    Ok(answer(
        cases::assign_partner(&signed.app, &signed.operator, &project, generation, &partner).await?,
    ))
}

/// Closes a project on both sides: nothing new runs, reading stays.
#[utoipa::path(post, path = "/api/v1/projects/{id}/archive", tag = "projects", params(("id" = String, Path), IfMatch),
    responses((status = 200, body = Project)))]
pub(crate) async fn archive(
    request: HttpRequest,
    signed: Signed,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "project")?;
    Ok(answer(
        cases::archive(&signed.app, &signed.operator, &id, if_match(&request)?).await?,
    ))
}

/// Deletes a project that was closed, with its tasks and the runs that have ended.
#[utoipa::path(delete, path = "/api/v1/projects/{id}", tag = "projects", params(("id" = String, Path)),
    responses((status = 204)))]
pub(crate) async fn delete(
    request: HttpRequest,
    signed: Signed,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "project")?;
    cases::delete(&signed.app, &signed.operator, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Asks the partner now whether it knows the project.
#[utoipa::path(post, path = "/api/v1/projects/{id}/check", tag = "projects", params(("id" = String, Path)),
    responses((status = 200, body = ProjectCheck)))]
pub(crate) async fn check(request: HttpRequest, signed: Signed, _: NoBody) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "project")?;
    let found = cases::check(&signed.app, &signed.operator, &id).await?;
    Ok(HttpResponse::Ok().json(ProjectCheck::from(found)))
}
