//! One job: an engine at work on one attempt of one instance, from its start (or its attachment after a restart) to
//! its end.

use std::sync::Arc;
use std::time::Duration;

use console_db::entity::task_instance;
use console_db::{resources, tasks};
use console_model::InstanceStatus;
use serde_json::{Value, json};
use task_interface::{EngineError, InstanceInfo, Problem, ResourceInfo, Side, TaskContext, Text};
use tokio_util::sync::CancellationToken;

use super::consent;
use super::engine_events;
use super::host::{ConsoleHost, clean_up};
use super::jobs::Job;
use crate::engines::DynEngine;
use crate::projects::meant;
use crate::{App, AppError};

/// Does a job to its end. Dropping it drops the job without a word; it can be taken up again.
///
/// # Errors
/// When the database or the object store does not answer; nothing is lost then, and the job is taken up again.
pub(super) async fn run(app: &App, row: task_instance::Model, job: &Job) -> Result<(), AppError> {
    let id = row.id.clone();
    let host = Arc::new(ConsoleHost::open(app, &id, row.attempt).await?);
    let result = match prepare(app, &row, &host).await? {
        Ok((engine, context)) => work(app, &row, job, &host, engine, context).await?,
        Err(refusal) => Err(refusal),
    };
    host.close().await?;
    engine_events::ended(app, &id, row.attempt, &result, host.said().await).await?;
    app.wake().outputs.notify_one();
    clean_up(app, &id, row.attempt).await
}

type Prepared = (Arc<dyn DynEngine>, TaskContext);

/// The engine and its context, or why there can be none. The partner learns no names and nothing of the config.
async fn prepare(
    app: &App,
    row: &task_instance::Model,
    host: &Arc<ConsoleHost>,
) -> Result<Result<Prepared, EngineError>, AppError> {
    let most = app.settings().runs.max_resumes;
    if i64::from(row.engine_claims) > i64::from(most) {
        let text = Text::new(format!(
            "the run was taken up {most} times without getting on, and is given up"
        ));
        let text = text.with_zh(format!("运行已重新接续 {most} 次仍无进展，不再尝试"));
        return Ok(Err(EngineError::fatal(text).with_code("no_progress")));
    }
    let name = row.engine.as_deref().unwrap_or(&app.settings().default_engine);
    let Some(registered) = app.engines().get(name) else {
        let text = Text::new("this console does not have the engine of this half")
            .with_zh("该控制台没有此任务所用的引擎");
        let unfit = EngineError::fatal(text).with_code("engine_missing");
        return Ok(Err(unfit.with_detail(json!({ "engine": name }))));
    };
    let Some(task) = tasks::find(app.db().reader(), &row.task_intra_id).await? else {
        let text = Text::new("the task of this half was deleted").with_zh("任务已被删除");
        return Ok(Err(EngineError::fatal(text).with_code("task_deleted")));
    };
    // A job that was begun goes on: what it runs was checked when it began.
    if row.engine_handle.is_none() && !consent::still_holds(app, row).await? {
        let text = Text::new("what was agreed to has changed before it began; ask for the run again")
            .with_zh("同意的内容在开始前已改变，请重新请求运行");
        return Ok(Err(EngineError::fatal(text).with_code("consent_outdated")));
    }
    let info = match crate::tasks::info(&task) {
        Ok(info) => info,
        Err(error) => {
            let text = Text::new("the task of this half cannot be run").with_zh("任务无法运行");
            let unfit = EngineError::fatal(text).with_code("task_unfit");
            return Ok(Err(unfit.with_detail(error.to_string())));
        }
    };
    let problems = registered.engine.validate(&info).await;
    if let Some(first) = problems.first() {
        return Ok(Err(config_refused(first)));
    }
    let attached = resources::of_task(app.db().reader(), &row.task_intra_id).await?;
    let attached = attached.into_iter().map(|resource| {
        let (name, uri) = (
            resource.name.unwrap_or_default(),
            resource.uri.unwrap_or_default(),
        );
        ResourceInfo::new(name, uri).with_config(resource.config.map_or(Value::Null, meant))
    });
    let side = match row.initiator {
        true => Side::Initiator,
        false => Side::Partner,
    };
    let instance = InstanceInfo::new(row.id.as_str(), row.attempt.unsigned_abs(), side);
    let context = TaskContext::new(
        instance,
        info,
        attached.collect(),
        CancellationToken::new(),
        Arc::clone(host) as _,
    );
    Ok(Ok((Arc::clone(&registered.engine), context)))
}

/// That the engine does not take the config: where and why is for this side.
fn config_refused(problem: &Problem) -> EngineError {
    let (en, zh) = (&problem.message.en, problem.message.zh.as_ref());
    let story = Text::new(format!(
        "The engine refuses the setting {}: {en}",
        problem.pointer
    ));
    let story = story.with_zh(format!(
        "引擎不接受设置 {}：{}",
        problem.pointer,
        zh.unwrap_or(en)
    ));
    let text = Text::new("the engine refuses the config of this half").with_zh("引擎不接受任务的设置");
    let error = EngineError::fatal(text).with_code("config_refused");
    error
        .with_private(story)
        .with_param("pointer", problem.pointer.as_str())
        .with_param("code", problem.valid_code())
        .with_detail(json!({ "pointer": problem.pointer, "problem": en }))
}

/// That nothing happened for so long that the run is given up.
fn idle(after: Duration) -> EngineError {
    let seconds = after.as_secs();
    let text = Text::new(format!(
        "nothing happened for {seconds} s: the two engines exchanged no message and reported nothing"
    ));
    let text = text.with_zh(format!(
        "{seconds} 秒内没有任何进展：双方引擎既未交换消息，也未报告状态"
    ));
    EngineError::retryable(text).with_code("idle")
}

/// The engine at work, with everything that goes on beside it.
async fn work(
    app: &App,
    row: &task_instance::Model,
    job: &Job,
    host: &Arc<ConsoleHost>,
    engine: Arc<dyn DynEngine>,
    context: TaskContext,
) -> Result<Result<(), EngineError>, AppError> {
    if row.status == InstanceStatus::Stopping {
        // It was told to stop before this process had it: whatever still runs elsewhere is stopped, nothing is started.
        context.cancelled.cancel();
        let grace = app.settings().runs.stop_grace;
        let stopped = tokio::time::timeout(grace, engine.task_stop(context)).await;
        return Ok(stopped.unwrap_or(Ok(())).and(Err(EngineError::Cancelled)));
    }
    let mut running = Box::pin(start(row.clone(), Arc::clone(&engine), context.clone()));
    let beside = async {
        tokio::select! {
            lost = host.outgoing.pump(app, &row.id, row.attempt.unsigned_abs(), row.partner_id.as_ref()) => lost,
            never = host.keep_flushing() => never,
        }
    };
    let stop = async {
        job.stop.cancelled().await;
        context.cancelled.cancel();
        let grace = app.settings().runs.stop_grace;
        let told = tokio::time::timeout(grace, engine.task_stop(context.clone())).await;
        if let Ok(Err(error)) = told {
            tracing::warn!(instance.id = %row.id, error = %error, "the engine's stop failed");
        }
        tokio::time::sleep(grace).await;
    };
    let done = async {
        let result = (&mut running).await;
        if result.is_ok() {
            tokio::select! {
                () = host.outgoing.flush() => {}
                // What waits is for a half that has ended, or never arrives.
                () = job.stop.cancelled() => return Err(EngineError::Cancelled),
            }
        }
        result
    };
    Ok(tokio::select! {
        biased;
        result = done => result,
        () = stop => {
            tracing::warn!(instance.id = %row.id, "the engine did not stop in time and was dropped");
            Err(EngineError::Cancelled)
        }
        lost = beside => Err(lost),
        () = host.idle_for(app.settings().runs.idle_timeout) => Err(idle(app.settings().runs.idle_timeout)),
    })
}

async fn start(
    row: task_instance::Model,
    engine: Arc<dyn DynEngine>,
    context: TaskContext,
) -> Result<(), EngineError> {
    match row.engine_handle {
        Some(handle) => engine.task_attach(context, handle).await,
        None if row.attempt > 1 => engine.task_start(context).await,
        None => engine.task_run(context).await,
    }
}
