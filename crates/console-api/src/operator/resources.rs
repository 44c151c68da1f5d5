//! `/tasks/{id}/resources` and `/resources`

use actix_web::{HttpRequest, HttpResponse};
use console_app::resources as cases;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::objects::Deletion;
use crate::auth::Signed;
use crate::error::ApiError;
use crate::extract::{Body, NoBody, path};
use crate::idempotency::{IdempotencyKey, Made, once};

/// An object attached to a task version.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Resource {
    id: String,
    task_id: String,
    /// Unique in the version; the task's config names it.
    name: String,
    /// Where the bytes are.
    uri: String,
    comment: Option<String>,
    config: Option<Value>,
    /// That its content was deleted.
    deletion: Option<Deletion>,
}

impl From<cases::Resource> for Resource {
    fn from(resource: cases::Resource) -> Self {
        let cases::Resource {
            id,
            task_id,
            name,
            uri,
            comment,
            config,
            deletion,
        } = resource;
        Self {
            id: id.into(),
            task_id: task_id.into(),
            name,
            uri,
            comment,
            config,
            deletion: deletion.map(Deletion::from),
        }
    }
}

/// How an object is attached.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Attachment {
    /// Unique in the version; the task's config names it.
    name: String,
    /// The `uri` of an object.
    uri: String,
    comment: Option<String>,
    /// An object.
    config: Option<Value>,
}

impl From<Attachment> for cases::Attachment {
    fn from(attachment: Attachment) -> Self {
        let Attachment {
            name,
            uri,
            comment,
            config,
        } = attachment;
        Self {
            name,
            uri,
            comment,
            config,
        }
    }
}

/// The objects of a task version.
#[utoipa::path(get, path = "/api/v1/tasks/{id}/resources", tag = "resources", params(("id" = String, Path)),
    responses((status = 200, body = Vec<Resource>)))]
pub(crate) async fn list(request: HttpRequest, signed: Signed) -> Result<HttpResponse, ApiError> {
    let task = path(&request, "id", "task")?;
    let found = cases::list(&signed.app, &signed.operator, &task).await?;
    let found: Vec<Resource> = found.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(found))
}

/// Attaches an object to a task version that is not paired yet.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/resources", tag = "resources", params(("id" = String, Path), IdempotencyKey),
    request_body = Attachment, responses((status = 201, body = Resource)))]
pub(crate) async fn attach(
    request: HttpRequest,
    signed: Signed,
    body: Body<Attachment>,
) -> Result<HttpResponse, ApiError> {
    let task = path(&request, "id", "task")?;
    once(&request, &signed, &body.bytes, async || {
        let made = cases::attach(&signed.app, &signed.operator, &task, body.value.into()).await?;
        Ok(Made {
            generation: None,
            value: Resource::from(made),
        })
    })
    .await
}

/// Replaces how an object is attached.
#[utoipa::path(put, path = "/api/v1/resources/{id}", tag = "resources", params(("id" = String, Path)),
    request_body = Attachment, responses((status = 200, body = Resource)))]
pub(crate) async fn update(
    request: HttpRequest,
    signed: Signed,
    body: Body<Attachment>,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "resource")?;
    let changed = cases::update(&signed.app, &signed.operator, &id, body.value.into()).await?;
    Ok(HttpResponse::Ok().json(Resource::from(changed)))
}

/// Detaches an object; its bytes stay.
#[utoipa::path(delete, path = "/api/v1/resources/{id}", tag = "resources", params(("id" = String, Path)),
    responses((status = 204)))]
pub(crate) async fn detach(
    request: HttpRequest,
    signed: Signed,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "resource")?;
    cases::detach(&signed.app, &signed.operator, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
