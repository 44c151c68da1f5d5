//! `/instances/{id}/consent`

use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use console_app::instances::consent as cases;
use console_model::ConsentScope;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::answer;
use super::wire::Instance;
use crate::auth::Signed;
use crate::blocker::Blocker;
use crate::error::ApiError;
use crate::extract::{Body, path};
use crate::limits;
use crate::operator::tasks::TaskType;

/// What a partner asks to be run here.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConsentRequest {
    /// The run, as it stands.
    instance: Instance,
    /// Since when it waits for an answer; null when it does not wait.
    since: Option<DateTime<Utc>>,
    /// When the request ends by itself, if nobody answers.
    expires_at: Option<DateTime<Utc>>,
    /// Exactly what would run.
    content: ConsentContent,
    /// The digest of the content. Whoever accepts names it: what changed since is refused.
    digest: String,
    /// What keeps the caller from accepting it, as it stands; null when nothing does.
    cannot_accept: Option<Blocker>,
}

/// Exactly what would run.
#[derive(Debug, Serialize, ToSchema)]
struct ConsentContent {
    task_id: String,
    task_name: String,
    task_version: String,
    #[schema(value_type = TaskType)]
    task_type: &'static str,
    engine: String,
    /// Our private config.
    config: Value,
    files: Vec<ConsentFile>,
}

/// A file that is attached to the task version.
#[derive(Debug, Serialize, ToSchema)]
struct ConsentFile {
    name: String,
    uri: String,
    /// What was noted about it.
    config: Value,
    /// Another text for other content; null when the file is not there.
    tag: Option<String>,
    /// Size in bytes.
    size: Option<u64>,
}

impl From<cases::ConsentRequest> for ConsentRequest {
    fn from(request: cases::ConsentRequest) -> Self {
        let cases::ConsentRequest {
            instance,
            since,
            expires_at,
            content,
            digest,
            cannot_accept,
        } = request;
        Self {
            instance: instance.into(),
            since,
            expires_at,
            content: content.into(),
            digest,
            cannot_accept: cannot_accept.map(Blocker::from),
        }
    }
}

impl From<cases::Content> for ConsentContent {
    fn from(content: cases::Content) -> Self {
        let cases::Content {
            task_id,
            task_name,
            task_version,
            task_type,
            engine,
            config,
            files,
        } = content;
        let file = |file: cases::ContentFile| {
            let cases::ContentFile {
                name,
                uri,
                config,
                tag,
                size,
            } = file;
            ConsentFile {
                name,
                uri,
                config,
                tag,
                size,
            }
        };
        Self {
            task_id: task_id.into(),
            task_name,
            task_version,
            task_type: task_type.word(),
            engine,
            config,
            files: files.into_iter().map(file).collect(),
        }
    }
}

/// The most characters of a digest ...
pub(crate) const DIGEST: usize = 64;
/// ... and of a reason.
pub(crate) const REASON: usize = 512;

/// An answer to a partner's request.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsentAnswer {
    decision: Decision,
    /// Of an acceptance: the digest of what was shown.
    #[serde(default)]
    digest: String,
    /// Of an acceptance: also accept every later run of this task version, as long as nothing of the content changes.
    #[serde(default)]
    remember: bool,
    /// Of a refusal: why, in words that the partner reads.
    #[serde(default)]
    reason: String,
}

/// Yes or no: a run that is refused is stopped on both sides.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConsentDecision)]
enum Decision {
    Accept,
    Refuse,
}

/// What a partner asks to be run here, for somebody who decides on it.
#[utoipa::path(get, path = "/api/v1/instances/{id}/consent", tag = "instances", operation_id = "consent",
    params(("id" = String, Path)), responses((status = 200, body = ConsentRequest)))]
pub(crate) async fn get(request: HttpRequest, signed: Signed) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "instance")?;
    let asked = cases::request(&signed.app, &signed.operator, &id).await?;
    Ok(HttpResponse::Ok().json(ConsentRequest::from(asked)))
}

/// Accepts or refuses what a partner asks to be run here.
#[utoipa::path(post, path = "/api/v1/instances/{id}/consent", tag = "instances", operation_id = "decide",
    params(("id" = String, Path)), request_body = ConsentAnswer, responses((status = 200, body = Instance)))]
pub(crate) async fn decide(
    request: HttpRequest,
    signed: Signed,
    body: Body<ConsentAnswer>,
) -> Result<HttpResponse, ApiError> {
    limits::check_text("/digest", &body.value.digest, DIGEST)?;
    limits::check_text("/reason", &body.value.reason, REASON)?;
    let id = path(&request, "id", "instance")?;
    let ConsentAnswer {
        decision,
        digest,
        remember,
        reason,
    } = body.value;
    let decision = match decision {
        Decision::Accept if remember => cases::Decision::Accept {
            digest,
            scope: ConsentScope::TaskVersion,
        },
        Decision::Accept => cases::Decision::Accept {
            digest,
            scope: ConsentScope::Attempt,
        },
        Decision::Refuse => cases::Decision::Refuse { reason },
    };
    let run = cases::decide(&signed.app, &signed.operator, &id, decision).await?;
    Ok(answer(run))
}
