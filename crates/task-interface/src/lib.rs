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
//! `examples/line-counter/engine.rs` counts the lines of an attached file on each side and tells both sides the sum. The
//! [guide] leads through it.
//!
#![doc = "```"]
#![doc = include_str!("../examples/line-counter/engine.rs")]
#![doc = "```"]
//!
//! # What an engine must keep to
//!
//! - **A stop is obeyed within one second.** [`TaskContext::cancelled`] is cancelled when the operator stops the job, when
//!   the other side ended without success, and when the console shuts a lost run down. The methods of [`PeerChannel`] and
//!   [`Objects`] return [`EngineError::Cancelled`] by themselves then; every other wait and every long computation has to
//!   look at the token. A stopped job ends with [`EngineError::Cancelled`].
//! - **A restart of the console changes nothing.** Without a handle the job is run again from its beginning, with the same
//!   attempt number. With a handle ([`Reporter::handle`]) it is given to [`Engine::task_attach`]. What is sent after a
//!   restart must be, number by number, what was sent before it; [`PeerChannel`] says how checkpoints work. So whatever is
//!   random must be drawn once, stored in [`TaskContext::scratch`], and announced by a handle before it is used.
//! - **Nothing blocks the runtime.** Computations of more than a few milliseconds belong on threads of their own
//!   (`tokio::task::spawn_blocking`). A job's future may be dropped at any await point.
//! - **Errors are for people of both sides.** The message and the code of a [`Failure`] reach the partner: no data, no names
//!   from the private config. What our own operators may know besides goes into its other parts and into log lines.
//! - **Nothing is left outside.** A job whose work lives outside this process removes it at its end. What a kill left is removed
//!   by [`Engine::tidy`], which the console calls now and then.
//! - **The end is common.** A job whose last message was not flushed may leave the other side waiting for ever. An engine
//!   whose two sides should succeed together ends with a handshake: send, [flush](PeerChannel::flush), receive.
//!
//! The feature `conformance` has a test kit that checks all this: `task_interface::conformance`.

// Its code is compiled by the tests of the example, which compare it.
#[cfg(all(doc, not(doctest)))]
#[doc = include_str!("../GUIDE.md")]
pub mod guide {}

mod attempts;
mod channel;
#[cfg(feature = "conformance")]
pub mod conformance;
mod context;
mod describe;
mod document;
mod engine;
mod error;
mod findings;
pub mod host;
mod objects;
mod preview;
mod report;
mod text;

pub use attempts::{AttemptState, Attempts};
pub use channel::{ChannelPosition, MAX_MESSAGE_BYTES, PeerChannel};
pub use context::{
    FILE_BEGINNING_BYTES, FileBeginning, InstanceInfo, ResourceInfo, Side, TaskContext, TaskInfo,
};
pub use describe::{Capabilities, Description, MainFigure, Problem, TaskKind, TypeDescription};
pub use document::{
    Axis, ConfusionMatrix, Count, Counts, Curve, Document, File, Json, Reference, Score, Scores, Table,
};
pub use engine::Engine;
pub use error::{EngineError, Failure};
pub use findings::{Finding, Health};
pub use objects::{ByteStream, MAX_MARKS, Objects};
pub use preview::{PREVIEW_BYTES, Preview, PreviewOf, PreviewSettings};
pub use report::{CallBack, LogLevel, MAX_RESULT_BYTES, ReportedStatus, Reporter};
pub use text::{MAX_WARNING_CHARACTERS, MAX_WARNINGS, Text, Warning, is_code};

pub use bytes::Bytes;
pub use tokio_util::sync::CancellationToken;
