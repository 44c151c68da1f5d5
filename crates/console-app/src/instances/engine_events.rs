//! What an engine reports of a run's beginning and end, turned into events of the state machine.

use console_db::entity::task_instance;
use console_db::instances as rows;
use console_db::retry;
use console_model::{InstanceEvent, InstanceId, InstanceStatus, RunReason, RunReasonCode, StopCause};
use console_peer::ext::FailureReport;
use serde_json::json;
use task_interface::{EngineError, Failure, ReportedStatus, Text};

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
        let silent = || Text::new("the other side was silent for too long").with_zh("另一方过久没有响应");
        Change {
            reason: stop_reason_of(row),
            told: (cause == Some(StopCause::PartnerSilent)).then(silent),
            ..change
        }
    };
    Ok(match result {
        Ok(()) => match said {
            None | Some(ReportedStatus::Running | ReportedStatus::Succeeded) => {
                event(InstanceEvent::EngineSucceeded)
            }
            Some(ReportedStatus::Failed) => {
                let text = Text::new("the engine reported a failure").with_zh("引擎报告运行失败");
                let error = EngineError::fatal(text).with_code("reported");
                failed(&match row.error.clone() {
                    Some(facts) => error.with_detail(facts),
                    None => error,
                })
            }
            Some(ReportedStatus::Stopped) => stopped(),
        },
        Err(EngineError::Cancelled) if stopping => stopped(),
        Err(EngineError::Cancelled) => {
            let text = Text::new("the engine stopped by itself").with_zh("引擎自行停止");
            failed(&EngineError::retryable(text).with_code("stopped_by_itself"))
        }
        Err(error @ EngineError::Failed(_)) => failed(error),
        Err(error @ EngineError::LostJob { .. }) => event(InstanceEvent::EngineLostJob)
            .because(RunReason::said(error.to_string()))
            .telling(Text::new("the engine's job cannot be found any more").with_zh("引擎的作业已找不到")),
    })
}

/// A failure: its message and code are for both sides, everything else for this one.
fn failed(error: &EngineError) -> Change {
    let change = Change::new(InstanceEvent::EngineFailed, Actor::engine());
    let Some(failure) = error.failure() else {
        return change;
    };
    let story = story_of(failure);
    let facts = json!({
        "message": story.en,
        "message_zh": story.zh,
        "code": failure.valid_code(),
        "params": failure.params,
        "retryable": failure.retryable,
        "detail": failure.detail,
    });
    Change {
        error: Some(facts),
        failure: Some(FailureReport {
            retryable: failure.retryable,
            code: failure.valid_code().map(str::to_owned),
        }),
        ..change
            .because(RunReason::said(story.en).in_chinese(story.zh))
            .telling(failure.message.clone())
    }
}

/// What our operators read of a failure. Facts are added where no whole story was told.
fn story_of(failure: &Failure) -> Text {
    let text = failure.for_our_operators();
    let Some(detail) = failure.detail.as_ref().filter(|_| failure.private.is_none()) else {
        return text.clone();
    };
    let facts = in_words(detail);
    let story = Text::new(format!("{} {facts}", text.en));
    match &text.zh {
        Some(zh) => story.with_zh(format!("{zh} {facts}")),
        None => story,
    }
}

/// Why a row's engine is stopped.
fn stop_reason_of(row: &task_instance::Model) -> Option<RunReason> {
    let code = row.stop_reason_code.as_deref().and_then(RunReasonCode::from_word);
    match code {
        Some(code) => {
            let reason = RunReason::with(code, row.stop_reason_detail.clone());
            Some(reason.in_chinese(row.stop_reason_detail_zh.clone()))
        }
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
