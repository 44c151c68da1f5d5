//! What an engine reports of a run's beginning and end, turned into events of the state machine.

use console_db::entity::task_instance;
use console_db::instances as rows;
use console_db::retry;
use console_model::{InstanceEvent, InstanceId, InstanceStatus, RunReason, RunReasonCode, StopCause};
use serde_json::json;
use task_interface::{EngineError, ReportedStatus};

use super::change::{Actor, Applied, Change, apply};
use crate::{App, AppError};

/// The engine works.
pub(super) async fn started(app: &App, id: &InstanceId, attempt: i32) -> Result<(), AppError> {
    let change = Change::new(InstanceEvent::EngineStarted, Actor::engine());
    happened(app, id, attempt, |_| Ok(change.clone())).await
}

/// The engine's job has ended.
pub(super) async fn ended(
    app: &App,
    id: &InstanceId,
    attempt: i32,
    result: &Result<(), EngineError>,
    said: Option<ReportedStatus>,
) -> Result<(), AppError> {
    happened(app, id, attempt, |row| end_of(row, result, said)).await
}

/// Applies what happened, unless the attempt is over or another process looks after it by now.
async fn happened(
    app: &App,
    id: &InstanceId,
    attempt: i32,
    change: impl Fn(&task_instance::Model) -> Result<Change, AppError>,
) -> Result<(), AppError> {
    retry(async || {
        let tx = app.db().begin().await?;
        let owner = Some(app.settings().node_id.as_str());
        let ours =
            |row: &task_instance::Model| row.attempt == attempt && row.engine_lease_owner.as_deref() == owner;
        let Some(row) = rows::find(&tx, id).await?.filter(ours) else {
            return Ok(());
        };
        let change = change(&row)?;
        if let Applied::Changed(row) = apply(&tx, row, &change).await? {
            tx.commit().await?;
            tracing::info!(
                instance.id = %id, instance.attempt = attempt, instance.status = row.status.word(),
                reason = change.reason.as_ref().map(tracing::field::display),
                "instance changed"
            );
            app.wake().outbox.notify_one();
        }
        Ok(())
    })
    .await
}

fn end_of(
    row: &task_instance::Model,
    result: &Result<(), EngineError>,
    said: Option<ReportedStatus>,
) -> Result<Change, AppError> {
    let event = |event| Change::new(event, Actor::engine());
    let stopping = row.status == InstanceStatus::Stopping;
    let stopped = || {
        let cause = row
            .stop_cause
            .and_then(|number| StopCause::from_number(number).ok());
        let change = event(InstanceEvent::EngineStopped(cause.unwrap_or(StopCause::Operator)));
        let silent = "the other side was silent for too long";
        Change {
            reason: stop_reason_of(row),
            told: (cause == Some(StopCause::PartnerSilent)).then(|| silent.to_owned()),
            ..change
        }
    };
    // An engine's message is for both sides; its detail, and what the console knows besides, for this one.
    let failed = |message: &str, retryable: bool, detail: &Option<serde_json::Value>| {
        let reason = match detail {
            Some(detail) => format!("{message} {}", in_words(detail)),
            None => message.to_owned(),
        };
        let error = json!({ "message": reason, "retryable": retryable, "detail": detail });
        Change {
            error: Some(error),
            ..event(InstanceEvent::EngineFailed)
                .because(RunReason::said(reason))
                .telling(message)
        }
    };
    Ok(match result {
        Ok(()) => match said {
            None | Some(ReportedStatus::Running | ReportedStatus::Succeeded) => {
                event(InstanceEvent::EngineSucceeded)
            }
            Some(ReportedStatus::Failed) => failed("the engine reported a failure", false, &row.error),
            Some(ReportedStatus::Stopped) => stopped(),
        },
        Err(EngineError::Cancelled) if stopping => stopped(),
        Err(EngineError::Cancelled) => failed("the engine stopped by itself", true, &None),
        Err(EngineError::Failed {
            message,
            retryable,
            detail,
        }) => failed(message, *retryable, detail),
        Err(error @ EngineError::LostJob { .. }) => event(InstanceEvent::EngineLostJob)
            .because(RunReason::said(error.to_string()))
            .telling("the engine's job cannot be found any more"),
    })
}

/// Why a row's engine is stopped.
fn stop_reason_of(row: &task_instance::Model) -> Option<RunReason> {
    let code = row.stop_reason_code.as_deref().and_then(RunReasonCode::from_word);
    match code {
        Some(code) => Some(RunReason::with(code, row.stop_reason_detail.clone())),
        None => row.stop_reason.clone().map(RunReason::said),
    }
}

/// What an engine adds for the operators of this side.
fn in_words(detail: &serde_json::Value) -> String {
    match detail {
        serde_json::Value::String(text) => format!("({text})"),
        other => match other["message"].as_str() {
            Some(text) => format!("({text})"),
            None => format!("({other})"),
        },
    }
}
