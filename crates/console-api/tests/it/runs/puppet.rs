//! An engine that does what the task's config says.

use std::sync::LazyLock;

use serde_json::{Value, json};
use task_interface::{
    ChannelPosition, Description, Engine, EngineError, LogLevel, Problem, TaskContext, TaskInfo, TaskKind,
};
use tokio::sync::watch;

/// Lets jobs that pause go on.
static GO: LazyLock<watch::Sender<bool>> = LazyLock::new(|| watch::Sender::new(false));

/// Every job that pauses, now and later, goes on.
pub(super) fn go_on() {
    GO.send_replace(true);
}

/// `do`: `talk` (three messages each way), `chat` (`lines` log lines, metric points and progress reports), `wait` (for a
/// stop), `end` (well, at once), `write` (`content` to `object`), `fail`, `panic`; `again`: the same for later attempts;
/// `pause_after`: how many messages are exchanged before [`go_on`] is waited for; `refused`: its config has a problem.
pub(crate) struct Puppet;

impl Engine for Puppet {
    fn describe(&self) -> Description {
        Description::new("local", "1", [TaskKind::Sample, TaskKind::Train])
    }

    async fn validate(&self, task: &TaskInfo) -> Vec<Problem> {
        match task.config["refused"].as_bool() {
            Some(true) => vec![Problem::at("/refused", "refused on purpose")],
            _ => Vec::new(),
        }
    }

    async fn task_run(&self, context: TaskContext) -> Result<(), EngineError> {
        perform(context, 0, Vec::new()).await
    }

    async fn task_attach(&self, context: TaskContext, handle: Value) -> Result<(), EngineError> {
        let position: ChannelPosition = serde_json::from_value(handle["position"].clone()).unwrap();
        context.peer.resume(position).await;
        let heard = handle["heard"].as_array().unwrap().clone();
        perform(context, position.sent, heard).await
    }
}

async fn perform(context: TaskContext, from: u64, heard: Vec<Value>) -> Result<(), EngineError> {
    context.reporter.running().await?;
    let again = if context.instance.attempt > 1 {
        context.task.config.get("again")
    } else {
        None
    };
    match again.unwrap_or(&context.task.config["do"]).as_str() {
        Some("talk") => talk(context, from, heard).await,
        Some("end") => Ok(()),
        Some("chat") => chat(context).await,
        Some("write") => write(context).await,
        Some("fail") => Err(EngineError::fatal("broken on purpose")),
        Some("panic") => panic!("on purpose"),
        _ => {
            context.cancelled.cancelled().await;
            Err(EngineError::Cancelled)
        }
    }
}

/// Says much, a thousand times a second at most.
async fn chat(context: TaskContext) -> Result<(), EngineError> {
    let reporter = &context.reporter;
    let lines = context.task.config["lines"].as_i64().unwrap();
    let levels = [LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error];
    for (line, level) in (0..lines).zip(levels.into_iter().cycle()) {
        let role = if line % 3 == 0 { "worker" } else { "engine" };
        reporter.log_of(role, level, format!("line {line}")).await?;
        reporter.metric("loss", line, 1.0 / (line + 1) as f64).await?;
        reporter.progress(line as f64 / lines as f64, "chatting").await?;
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    Ok(())
}

async fn write(context: TaskContext) -> Result<(), EngineError> {
    let word = |key: &str| context.task.config[key].as_str().unwrap().to_owned();
    context.objects.check(&word("object")).await?;
    context
        .objects
        .write_all(&word("object"), word("content"))
        .await?;
    Ok(())
}

async fn talk(context: TaskContext, from: u64, mut heard: Vec<Value>) -> Result<(), EngineError> {
    for step in from..3 {
        context
            .reporter
            .log(LogLevel::Info, format!("line {step}"))
            .await?;
        context.peer.send(format!("hello {step}")).await?;
        let said = context.peer.receive().await?;
        heard.push(json!(String::from_utf8_lossy(&said)));
        context
            .reporter
            .metric("loss", i64::try_from(step).unwrap(), 1.0)
            .await?;
        context.peer.flush().await?;
        let handle = json!({"position": context.peer.position().await, "heard": heard});
        context.reporter.handle(handle).await?;
        context.peer.acknowledge().await?;
        if context.task.config["pause_after"].as_u64() == Some(step + 1) {
            let mut go = GO.subscribe();
            tokio::select! {
                () = context.cancelled.cancelled() => return Err(EngineError::Cancelled),
                go = go.wait_for(|go| *go) => { go.unwrap(); }
            }
        }
    }
    context.reporter.result("heard", json!({"heard": heard})).await?;
    context.reporter.progress(1.0, "done").await
}
