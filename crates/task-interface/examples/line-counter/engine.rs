//! A complete engine. It counts the lines of one attached file on each side and tells both sides the sum.

use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::json;
use task_interface::{
    Bytes, Counts, Description, Engine, EngineError, LogLevel, Problem, TaskContext, TaskInfo, TaskKind,
};

/// The engine named `line-counter`.
pub struct LineCounter;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    input: String,
}

impl Engine for LineCounter {
    fn describe(&self) -> Description {
        let mut description = Description::new("line-counter", "1.0.0", [TaskKind::Sample]);
        description.capabilities.peer_channel = true;
        for of_type in description.types.values_mut() {
            of_type.config_schema = json!({
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "type": "object",
                "properties": {"input": {"type": "string", "description": "The attached file"}},
                "required": ["input"],
                "additionalProperties": false,
            });
        }
        description
    }

    async fn validate(&self, task: &TaskInfo) -> Vec<Problem> {
        match Config::deserialize(&task.config) {
            Ok(_) => Vec::new(),
            Err(error) => vec![Problem::at("", error.to_string())],
        }
    }

    async fn task_run(&self, context: TaskContext) -> Result<(), EngineError> {
        context.reporter.running().await?;
        let config = Config::deserialize(&context.task.config)
            .map_err(|error| EngineError::fatal(format!("the config is not valid: {error}")))?;
        let Some(file) = context.resources.iter().find(|file| file.name == config.input) else {
            return Err(EngineError::fatal("the input is not attached"));
        };
        let ours = count_lines(&context, &file.uri).await?;

        // What is sent is a function of the input alone. So this engine can simply be run again after a restart: what
        // it sends a second time is what the other side has already.
        context.peer.send(Bytes::from(ours.to_string())).await?;
        let theirs = context.peer.receive().await?;
        let theirs: u64 = std::str::from_utf8(&theirs)
            .ok()
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| EngineError::fatal("the other side runs another engine"))?;

        context
            .reporter
            .log(LogLevel::Info, "both sides have counted")
            .await?;
        let counts = Counts::new([("ours", ours), ("sum", ours + theirs)]);
        context.reporter.result("lines", counts).await?;
        context.reporter.progress(1.0, "done").await?;
        // Our message must be on the other side before we go.
        context.peer.flush().await
    }
}

async fn count_lines(context: &TaskContext, uri: &str) -> Result<u64, EngineError> {
    let mut chunks = context.objects.read_uri(uri).await?;
    let mut lines = 0;
    // Chunk by chunk, so that memory does not grow with the file; and a stop is obeyed between two chunks.
    while let Some(chunk) = chunks.next().await {
        if context.cancelled.is_cancelled() {
            return Err(EngineError::Cancelled);
        }
        let chunk = chunk
            .map_err(|error| EngineError::retryable("reading the input").with_detail(error.to_string()))?;
        lines += chunk.iter().filter(|byte| **byte == b'\n').count() as u64;
    }
    Ok(lines)
}
