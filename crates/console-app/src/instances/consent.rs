//! Consent: what a partner asks to be run here runs when an operator here has said yes to exactly that.
//!
//! A run that a partner asks for is [`AwaitingConsent`](InstanceStatus::AwaitingConsent) until somebody answers. An answer
//! names the digest of what was shown: the task version, its config, its engine and the contents of the attached files.
//! When any of it changes before the engine has begun, the answer does not hold any more. An answer can hold for every
//! run of the task version; [`settle`] then gives it in the operator's place.

use chrono::{DateTime, TimeDelta, Utc};
use console_db::consents::{self as rows, Answer};
use console_db::entity::{task_instance, task_intra};
use console_db::{consents, instances, resources, retry, tasks, utc};
use console_model::{
    ConsentDecision, ConsentScope, ErrorCode, InstanceEvent, InstanceId, InstanceStatus, RunReason,
    RunReasonCode, StopCause, TaskId, TaskType,
};
use console_storage::StorageError;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use task_interface::Text;

use super::change::{Actor, Applied, Change, apply};
use super::{Instance, get};
use crate::projects::meant;
use crate::reconcile::Pass;
use crate::rights::{self, Action};
use crate::{App, AppError, Blocker, Fault, Operator, objects};

/// The longest reason of a refusal, in characters.
const REASON: usize = 512;
/// Most runs that one pass settles.
const BATCH_SIZE: u64 = 100;

/// What a partner asks to be run here.
#[derive(Debug, Clone, PartialEq)]
pub struct ConsentRequest {
    /// The run, as it stands.
    pub instance: Instance,
    /// Since when it waits; none when it does not wait (any more).
    pub since: Option<DateTime<Utc>>,
    /// When the request ends by itself, if nobody answers.
    pub expires_at: Option<DateTime<Utc>>,
    /// Exactly what would run.
    pub content: Content,
    /// The digest of it, which an answer has to name.
    pub digest: String,
    /// What keeps the operator from accepting it, as it stands.
    pub cannot_accept: Option<Blocker>,
}

/// Exactly what would run; the digest is over all of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Content {
    /// The task version.
    pub task_id: TaskId,
    /// Name of the task.
    pub task_name: String,
    /// Its version.
    pub task_version: String,
    /// What it does, as the number in the database.
    #[serde(serialize_with = "as_number")]
    pub task_type: TaskType,
    /// The engine.
    pub engine: String,
    /// Our private config.
    pub config: Value,
    /// The attached files.
    pub files: Vec<ContentFile>,
}

/// An attached file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContentFile {
    /// Its name in the task.
    pub name: String,
    /// Where it lies.
    pub uri: String,
    /// What the operator noted about it.
    pub config: Value,
    /// Another text for other content; none when the file is not there.
    pub tag: Option<String>,
    /// Its size in bytes.
    pub size: Option<u64>,
}

fn as_number<S: serde::Serializer>(task_type: &TaskType, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i16(task_type.number())
}

/// What an operator answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Yes, to what has this digest.
    Accept {
        /// Of what was shown.
        digest: String,
        /// For this attempt, or for every run of the task version.
        scope: ConsentScope,
    },
    /// No. The run is stopped, and the partner reads why.
    Refuse {
        /// In words that the partner reads; may be empty.
        reason: String,
    },
}

/// What a partner asks to be run here.
///
/// # Errors
/// `not_found`; when the database or the object store does not answer.
pub async fn request(app: &App, operator: &Operator, id: &InstanceId) -> Result<ConsentRequest, AppError> {
    rights::require(operator, Action::Read)?;
    let row = super::find(app, id).await?;
    let waits = row.status == InstanceStatus::AwaitingConsent;
    let since = waits.then(|| utc(row.gmt_modified));
    let content = content(app, &row).await?;
    let cannot_accept = match waits {
        true => Blocker::of(
            super::refuse_start(app, &row)
                .await
                .and_then(|()| rights::require(operator, Action::Run)),
        )?,
        false => None,
    };
    Ok(ConsentRequest {
        cannot_accept,
        instance: get(app, operator, id).await?,
        since,
        expires_at: since.map(|since| since + expiry(app)),
        digest: digest(&content)?,
        content,
    })
}

/// Answers a partner's request.
///
/// # Errors
/// `not_found`; `not_awaiting_consent`; `consent_outdated` when what would run is not what was shown; `invalid_input` for too
/// long a reason; `project_archived`, `partner_not_active`, `fingerprint_not_confirmed`.
pub async fn decide(
    app: &App,
    operator: &Operator,
    id: &InstanceId,
    decision: Decision,
) -> Result<Instance, AppError> {
    rights::require(operator, Action::Run)?;
    let row = super::find(app, id).await?;
    let (answer, change) = match decision {
        Decision::Accept { digest: shown, scope } => {
            super::refuse_start(app, &row).await?;
            if digest(&content(app, &row).await?)? != shown {
                return Err(AppError::conflict(
                    ErrorCode::ConsentOutdated,
                    "What would run has changed since it was shown. Look at it again.",
                ));
            }
            accepted(&row, Some(operator), shown, scope)?
        }
        Decision::Refuse { reason } => refused(&row, operator, reason.trim())?,
    };
    settle_one(app, id, row.attempt, answer, &change).await?;
    get(app, operator, id).await
}

fn accepted(
    row: &task_instance::Model,
    operator: Option<&Operator>,
    digest: String,
    scope: ConsentScope,
) -> Result<(Answer, Change), AppError> {
    let answer = Answer {
        digest: Some(digest),
        ..answer(row, operator, scope, ConsentDecision::Accepted)?
    };
    let actor = operator.map_or_else(Actor::console, Actor::operator);
    let change = Change::new(InstanceEvent::ConsentGiven, actor);
    Ok((
        answer,
        match operator {
            Some(_) => change,
            None => change.because(RunReasonCode::StandingConsent),
        },
    ))
}

fn refused(
    row: &task_instance::Model,
    operator: &Operator,
    reason: &str,
) -> Result<(Answer, Change), AppError> {
    let length = reason.chars().count();
    if length > REASON {
        return Err(AppError::field("/reason", Fault::too_long(REASON, length)));
    }
    let answer = Answer {
        reason: (!reason.is_empty()).then(|| reason.to_owned()),
        ..answer(
            row,
            Some(operator),
            ConsentScope::Attempt,
            ConsentDecision::Refused,
        )?
    };
    let told = match &answer.reason {
        Some(reason) => {
            Text::new(format!("The request was refused: {reason}")).with_zh(format!("请求被拒绝：{reason}"))
        }
        None => Text::new("The request was refused.").with_zh("请求被拒绝。"),
    };
    let event = InstanceEvent::StopRequested(StopCause::Operator);
    let change = Change::new(event, Actor::operator(operator));
    let reason = RunReason::with(RunReasonCode::ConsentRefused, answer.reason.clone());
    Ok((answer, change.because(reason).telling(told)))
}

fn answer(
    row: &task_instance::Model,
    operator: Option<&Operator>,
    scope: ConsentScope,
    decision: ConsentDecision,
) -> Result<Answer, AppError> {
    Ok(Answer {
        instance: row.id.clone(),
        attempt: row.attempt,
        task: row.task_intra_id.clone(),
        scope,
        decision,
        digest: None,
        reason: None,
        user: operator.map(|operator| operator.id.clone()),
    })
}

/// Keeps the answer and does what follows from it, in one transaction.
async fn settle_one(
    app: &App,
    id: &InstanceId,
    attempt: i32,
    answer: Answer,
    change: &Change,
) -> Result<(), AppError> {
    retry(async || -> Result<(), AppError> {
        let tx = app.db().begin().await?;
        let row = instances::find(&tx, id).await?;
        let row = row.ok_or_else(|| AppError::not_found("instance"))?;
        if row.status != InstanceStatus::AwaitingConsent || row.attempt != attempt {
            return Err(AppError::conflict(
                ErrorCode::NotAwaitingConsent,
                "Nobody waits for an answer about this run (any more).",
            ));
        }
        rows::insert(&tx, answer.clone()).await?;
        if !matches!(apply(&tx, row, change).await?, Applied::Changed(_)) {
            return Err(AppError::stale());
        }
        tx.commit().await?;
        Ok(())
    })
    .await?;
    app.wake().runs.notify_one();
    app.wake().outbox.notify_one();
    Ok(())
}

/// One pass: gives answers that hold for every run of a version, and ends requests that nobody answered for too long.
///
/// # Errors
/// When the database or the object store does not answer.
pub async fn settle(app: App) -> Result<Pass, AppError> {
    for row in consents::awaiting_with_standing(app.db().reader(), BATCH_SIZE).await? {
        give_standing(&app, &row).await?;
    }
    let before = Utc::now() - expiry(&app);
    let expired = consents::awaiting_since(app.db().reader(), before, BATCH_SIZE).await?;
    let more = expired.len() as u64 == BATCH_SIZE;
    for row in expired {
        let told = Text::new("Nobody answered the request in time.").with_zh("请求无人及时处理。");
        let change = Change::new(
            InstanceEvent::StopRequested(StopCause::Operator),
            Actor::console(),
        );
        let change = change
            .because(RunReasonCode::ConsentExpired)
            .telling(told)
            .of_attempt(row.attempt);
        super::change::apply_to(&app, &row.id, &change).await?;
    }
    Ok(if more { Pass::More } else { Pass::Idle })
}

async fn give_standing(app: &App, row: &task_instance::Model) -> Result<(), AppError> {
    let task = row.task_intra_id.clone();
    let standing = consents::standing(app.db().reader(), &task).await?;
    let Some(agreed) = standing.and_then(|row| row.digest) else {
        return Ok(());
    };
    let unchanged = digest(&content(app, row).await?)? == agreed;
    if !unchanged || super::refuse_start(app, row).await.is_err() {
        return Ok(());
    }
    let (answer, change) = accepted(row, None, agreed, ConsentScope::Attempt)?;
    match settle_one(app, &row.id, row.attempt, answer, &change).await {
        // An operator was faster.
        Err(error) if error.code() == ErrorCode::NotAwaitingConsent => Ok(()),
        done => done,
    }
}

fn expiry(app: &App) -> TimeDelta {
    TimeDelta::from_std(app.settings().federation.consent_expiry).unwrap_or(TimeDelta::MAX)
}

/// Whether what is about to run is what an operator said yes to; a run that nobody had to be asked about has no answer.
///
/// # Errors
/// When the database or the object store does not answer.
pub(super) async fn still_holds(app: &App, row: &task_instance::Model) -> Result<bool, AppError> {
    let answer = consents::of_attempt(app.db().reader(), &row.id, row.attempt).await?;
    Ok(match answer.and_then(|answer| answer.digest) {
        Some(agreed) => digest(&content(app, row).await?)? == agreed,
        None => true,
    })
}

/// Exactly what would run.
async fn content(app: &App, row: &task_instance::Model) -> Result<Content, AppError> {
    let task = tasks::find(app.db().reader(), &row.task_intra_id)
        .await?
        .ok_or_else(|| AppError::not_found("task"))?;
    let mut files = Vec::new();
    for resource in resources::of_task(app.db().reader(), &row.task_intra_id).await? {
        let uri = resource.uri.unwrap_or_default();
        let info = match app.store().key_of_uri(&uri) {
            Ok(key) => match app.store().head(&key).await {
                Ok(info) => Some(info),
                Err(StorageError::NotFound { .. }) => None,
                Err(error) => return Err(error.into()),
            },
            // Not in our store: an engine that reads it says what it thinks of it.
            Err(_) => None,
        };
        files.push(ContentFile {
            name: resource.name.unwrap_or_default(),
            uri,
            config: resource.config.map_or(Value::Null, meant),
            tag: info.as_ref().map(objects::tag),
            size: info.map(|info| info.size),
        });
    }
    files.sort_by(|a, b| (&a.name, &a.uri).cmp(&(&b.name, &b.uri)));
    of_task(app, row, task, files)
}

fn of_task(
    app: &App,
    row: &task_instance::Model,
    task: task_intra::Model,
    files: Vec<ContentFile>,
) -> Result<Content, AppError> {
    let engine = row.engine.clone();
    Ok(Content {
        task_type: task.r#type,
        engine: engine.unwrap_or_else(|| app.settings().default_engine.clone()),
        config: task.config.map_or(Value::Null, meant),
        task_id: task.id,
        task_name: task.name,
        task_version: task.version,
        files,
    })
}

fn digest(content: &Content) -> Result<String, AppError> {
    // Members come in the order of the type, and those of JSON objects sorted.
    let text = serde_json::to_vec(content).map_err(AppError::internal)?;
    Ok(hex::encode(Sha256::digest(text)))
}
