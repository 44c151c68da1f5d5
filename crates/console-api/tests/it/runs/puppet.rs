//! An engine that does what the task's config says.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use serde_json::{Value, json};
use task_interface::{
    ChannelPosition, Description, Engine, EngineError, LogLevel, Problem, TaskContext, TaskInfo, TaskKind,
    Text, Warning,
};
use tokio::sync::watch;

/// Gates by name, each of one test.
static GATES: LazyLock<Mutex<HashMap<String, watch::Sender<bool>>>> = LazyLock::new(Mutex::default);

fn gate(name: &str) -> watch::Sender<bool> {
    let mut gates = GATES.lock().unwrap();
    gates.entry(name.to_owned()).or_default().clone()
}

/// Lets the jobs behind a gate through, now and later.
pub(super) fn open(name: &str) {
    gate(name).send_replace(true);
}

async fn pass(context: &TaskContext, name: &str) {
    if let Some(name) = context.task.config[name].as_str() {
        gate(name).subscribe().wait_for(|open| *open).await.unwrap();
    }
}

/// `do`: `talk` (three messages each way), `chat` (`lines` log lines, metric points and progress reports), `wait` (for a
/// stop), `end` (well, at once), `write` (`content` to `object`; when the gate `bad.behind` is open, then `bad.does` `fail` or a wait for a stop), `fail`, `panic`; `again`: the same for later attempts;
/// `pause_after`: how many messages are exchanged before the gate `go` is waited for; `refused`: its config has a problem; `validate`: `panic` or `hang` when its config is looked at.
///
/// `exchange`: both sides send `count` messages of up to `size` bytes to each other, each a step behind, and look at every byte; after
/// each `every` of them what was received is acknowledged. The gate `go` is behind the first one.
///
/// Besides: `say` sends `count` messages of at least `size` bytes (`quick`: without waiting for each), the last of them when the gate `last` is open; `hear` receives as many (`acknowledge`: and needs none again), the first
/// when the gate `first` is open; `warn` warns of `count` things; `linger` ends after a stop only when the gate `end` is open; `missing` reads an object
/// that is not there.
pub(crate) struct Puppet;

impl Engine for Puppet {
    fn describe(&self) -> Description {
        Description::new("local", "1", [TaskKind::Sample, TaskKind::Train])
    }

    async fn validate(&self, task: &TaskInfo) -> Vec<Problem> {
        match task.config["validate"].as_str() {
            Some("panic") => panic!("broke off on purpose"),
            Some("hang") => std::future::pending().await,
            _ => {}
        }
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
        Some("warn") => warn(context).await,
        Some("chat") => chat(context).await,
        Some("write") => write(context).await,
        Some("say") => say(context).await,
        Some("exchange") => exchange(context, from).await,
        Some("hear") => {
            pass(&context, "first").await;
            for _ in 0..context.task.config["count"].as_u64().unwrap() {
                context.peer.receive().await?;
                if context.task.config["acknowledge"] == true {
                    context.peer.acknowledge().await?;
                }
            }
            Ok(())
        }
        Some("linger") => {
            context.cancelled.cancelled().await;
            pass(&context, "end").await;
            Err(EngineError::Cancelled)
        }
        Some("missing") => context.objects.read("patients-2026.csv").await.map(|_| ()),
        Some("fail") => {
            let length = context.task.config["length"].as_u64().unwrap_or_default();
            let more = "!".repeat(usize::try_from(length).unwrap());
            let text = format!("broken on purpose{more}");
            Err(match context.task.config["code"].as_str() {
                Some(code) => with_code(text, code, context.task.config["again"] == true),
                None => EngineError::fatal(text),
            })
        }
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

/// Warns as often as the config says, the first of them twice.
async fn warn(context: TaskContext) -> Result<(), EngineError> {
    for number in 0..=context.task.config["count"].as_u64().unwrap() {
        let number = number.saturating_sub(1);
        let text = Text::new(format!("odd {number}")).with_zh(format!("异常 {number}"));
        context.reporter.warn(Warning::new("odd", text)).await?;
    }
    Ok(())
}

async fn say(context: TaskContext) -> Result<(), EngineError> {
    let count = context.task.config["count"].as_u64().unwrap();
    for number in 1..=count {
        if number == count {
            pass(&context, "last").await;
        }
        let size = context.task.config["size"].as_u64().unwrap_or_default();
        let padding = " ".repeat(usize::try_from(size).unwrap());
        context.peer.send(format!("{number}{padding}")).await?;
        if number < count && context.task.config["quick"] != true {
            context.peer.flush().await?;
        }
        context
            .reporter
            .log(LogLevel::Info, format!("said {number}"))
            .await?;
    }
    Ok(())
}

/// The message of a step: its length differs from those before it.
fn message_of(step: u64, size: u64) -> String {
    let length = usize::try_from(step * 7919 % (size + 1)).unwrap();
    format!("{step}:{}", "x".repeat(length))
}

async fn exchange(context: TaskContext, from: u64) -> Result<(), EngineError> {
    let number = |key: &str| context.task.config[key].as_u64().unwrap();
    let (count, size, every) = (number("count"), number("size"), number("every"));
    let mut received = context.peer.position().await.received;
    for step in from..count {
        context.peer.send(message_of(step, size)).await?;
        if step == 0 {
            continue;
        }
        while received < step {
            let said = context.peer.receive().await?;
            assert_eq!(said, message_of(received, size).as_bytes(), "message {received}");
            received += 1;
        }
        if step % every == 0 {
            context.peer.flush().await?;
            let handle = json!({"position": context.peer.position().await, "heard": []});
            context.reporter.handle(handle).await?;
            context.peer.acknowledge().await?;
        }
        if step == 1 {
            tokio::select! {
                () = context.cancelled.cancelled() => return Err(EngineError::Cancelled),
                () = pass(&context, "go") => {}
            }
        }
    }
    while received < count {
        let said = context.peer.receive().await?;
        assert_eq!(said, message_of(received, size).as_bytes(), "message {received}");
        received += 1;
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
    let bad = &context.task.config["bad"];
    if bad["behind"].as_str().is_none_or(|name| !*gate(name).borrow()) {
        return Ok(());
    }
    match bad["does"].as_str() {
        Some("fail") => Err(EngineError::fatal("the disk is full")),
        _ => {
            context.cancelled.cancelled().await;
            Err(EngineError::Cancelled)
        }
    }
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
            tokio::select! {
                () = context.cancelled.cancelled() => return Err(EngineError::Cancelled),
                () = pass(&context, "go") => {}
            }
        }
    }
    context.reporter.result("heard", json!({"heard": heard})).await?;
    context.reporter.progress(1.0, "done").await
}

/// A failure as an engine tells it that has words for its failures.
fn with_code(text: String, code: &str, again: bool) -> EngineError {
    let text = Text::new(text).with_zh("故意失败");
    let error = match again {
        true => EngineError::retryable(text),
        false => EngineError::fatal(text),
    };
    let story = Text::new("line 7 of patients.csv has no age").with_zh("patients.csv 第 7 行没有年龄");
    error
        .with_code(code)
        .with_private(story)
        .with_param("line", 7)
        .with_detail(json!({"column": "age"}))
}
