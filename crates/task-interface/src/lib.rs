//! What an engine team implements to plug an engine into the console: the trait [`Engine`].
//!
//! An engine is what really runs a job: it joins samples of two organisations, or trains a model over both. Each
//! organisation has its own console and its own engine; both engines of a run work at the same time, and talk to each other
//! through the [`PeerChannel`] that the two consoles carry, or through a transport of their own.
//!
//! This crate depends on no other crate of the console. An engine needs it, and nothing else of ours.
//!
//! # A complete engine
//!
//! It counts the lines of one attached file on each side and tells both sides the sum. That is all of it, with its test:
//!
//! ```
//! use serde::Deserialize;
//! use serde_json::json;
//! use task_interface::conformance::{self, CaseSide, EngineCase};
//! use task_interface::{
//!     Bytes, Description, Engine, EngineError, LogLevel, Problem, TaskContext, TaskInfo, TaskKind,
//! };
//!
//! struct LineCounter;
//!
//! #[derive(Deserialize)]
//! #[serde(deny_unknown_fields)]
//! struct Config {
//!     input: String,
//! }
//!
//! impl Engine for LineCounter {
//!     fn describe(&self) -> Description {
//!         let mut description = Description::new("line-counter", "1.0.0", [TaskKind::Sample]);
//!         description.capabilities.peer_channel = true;
//!         for of_type in description.types.values_mut() {
//!             of_type.config_schema = json!({
//!                 "$schema": "https://json-schema.org/draft/2020-12/schema",
//!                 "type": "object",
//!                 "properties": {"input": {"type": "string", "description": "The attached file"}},
//!                 "required": ["input"],
//!                 "additionalProperties": false,
//!             });
//!         }
//!         description
//!     }
//!
//!     async fn validate(&self, task: &TaskInfo) -> Vec<Problem> {
//!         match Config::deserialize(&task.config) {
//!             Ok(_) => Vec::new(),
//!             Err(error) => vec![Problem::at("", error.to_string())],
//!         }
//!     }
//!
//!     async fn task_run(&self, context: TaskContext) -> Result<(), EngineError> {
//!         context.reporter.running().await?;
//!         let config = Config::deserialize(&context.task.config)
//!             .map_err(|error| EngineError::fatal(format!("the config is not valid: {error}")))?;
//!         let Some(file) = context.resources.iter().find(|file| file.name == config.input) else {
//!             return Err(EngineError::fatal("the input is not attached"));
//!         };
//!         let ours = count_lines(&context, &file.uri).await?;
//!
//!         // What is sent is a function of the input alone. So this engine can simply be run again after a restart: what
//!         // it sends a second time is what the other side has already.
//!         context.peer.send(Bytes::from(ours.to_string())).await?;
//!         let theirs = context.peer.receive().await?;
//!         let theirs: u64 = std::str::from_utf8(&theirs)
//!             .ok()
//!             .and_then(|text| text.parse().ok())
//!             .ok_or_else(|| EngineError::fatal("the other side runs another engine"))?;
//!
//!         context.reporter.log(LogLevel::Info, "both sides have counted").await?;
//!         context.reporter.result("lines", json!({"ours": ours, "sum": ours + theirs})).await?;
//!         context.reporter.progress(1.0, "done").await?;
//!         // Our message must be on the other side before we go.
//!         context.peer.flush().await
//!     }
//! }
//!
//! async fn count_lines(context: &TaskContext, uri: &str) -> Result<u64, EngineError> {
//!     use futures_util::StreamExt;
//!     let mut chunks = context.objects.read_uri(uri).await?;
//!     let mut lines = 0;
//!     // Chunk by chunk, so that memory does not grow with the file; and a stop is obeyed between two chunks.
//!     while let Some(chunk) = chunks.next().await {
//!         if context.cancelled.is_cancelled() {
//!             return Err(EngineError::Cancelled);
//!         }
//!         let chunk = chunk.map_err(|error| EngineError::retryable("reading the input").with_detail(error.to_string()))?;
//!         lines += chunk.iter().filter(|byte| **byte == b'\n').count() as u64;
//!     }
//!     Ok(lines)
//! }
//!
//! #[tokio::main]
//! async fn main() {
//!     let case = EngineCase::new(
//!         TaskKind::Sample,
//!         CaseSide::new(json!({"input": "a.txt"})).object("a.txt", "1\n2\n3\n"),
//!         CaseSide::new(json!({"input": "b.txt"})).object("b.txt", "1\n2\n"),
//!         json!({"inptu": "a.txt"}),
//!     )
//!     .check(|outcome| match (outcome.initiator.result("lines"), outcome.partner.result("lines")) {
//!         (Some(one), Some(other)) if one["sum"] == 5 && other["sum"] == 5 => Ok(()),
//!         other => Err(format!("unexpected results {other:?}")),
//!     });
//!     conformance::run(|| LineCounter, &[case]).await.unwrap_or_else(|failures| panic!("{failures}"));
//! }
//! ```
//!
//! # What an engine must keep to
//!
//! - **A stop is obeyed within two seconds.** [`TaskContext::cancelled`] is cancelled when the operator stops the job, when
//!   the other side ended without success, and when the console shuts a lost run down. The methods of [`PeerChannel`] and
//!   [`Objects`] return [`EngineError::Cancelled`] by themselves then; every other wait and every long computation has to
//!   look at the token. A stopped job ends with [`EngineError::Cancelled`].
//! - **A restart of the console changes nothing.** Without a handle the job is run again from its beginning, with the same
//!   attempt number. With a handle ([`Reporter::handle`]) it is given to [`Engine::task_attach`]. What is sent after a
//!   restart must be, number by number, what was sent before it; [`PeerChannel`] says how checkpoints work. So whatever is
//!   random must be drawn once, stored in [`TaskContext::scratch`], and announced by a handle before it is used.
//! - **Nothing blocks the runtime.** Computations of more than a few milliseconds belong on threads of their own
//!   (`tokio::task::spawn_blocking`). A job's future may be dropped at any await point.
//! - **Errors are for people of both sides.** The message of an [`EngineError`] reaches the partner: no data, no names from
//!   the private config. More for our own operator goes into its detail and into log lines.
//! - **The end is common.** A job whose last message was not flushed may leave the other side waiting for ever. An engine
//!   whose two sides should succeed together ends with a handshake: send, [flush](PeerChannel::flush), receive.
//!
//! The feature `conformance` has a test kit that checks all this: `task_interface::conformance`.

mod channel;
#[cfg(feature = "conformance")]
pub mod conformance;
mod context;
mod describe;
mod engine;
mod error;
pub mod host;
mod objects;
mod report;

pub use channel::{ChannelPosition, MAX_MESSAGE_BYTES, PeerChannel};
pub use context::{InstanceInfo, ResourceInfo, Side, TaskContext, TaskInfo};
pub use describe::{Capabilities, Description, Problem, TaskKind, TypeDescription};
pub use engine::Engine;
pub use error::EngineError;
pub use objects::{ByteStream, Objects};
pub use report::{CallBack, LogLevel, ReportedStatus, Reporter};

pub use bytes::Bytes;
pub use tokio_util::sync::CancellationToken;
