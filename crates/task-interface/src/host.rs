//! What stands behind a [`TaskContext`](crate::TaskContext): the console, or the conformance kit. Engines never see it.

use async_trait::async_trait;
use bytes::Bytes;

use crate::ByteStream;

pub use crate::report::Report;

/// Which files are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Space {
    /// The operator's objects.
    Objects,
    /// Private files of one attempt.
    Scratch,
}

/// What a host cannot do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// The job is to stop.
    #[error("stopped on request")]
    Cancelled,
    /// No such object.
    #[error("there is no object {0}")]
    NotFound(String),
    /// The call cannot be meant so (a bad name, a message over the limit).
    #[error("{0}")]
    Invalid(String),
    /// Storage or database does not answer for now.
    #[error("{0}")]
    Unavailable(String),
}

/// The console's side of a job.
#[async_trait]
pub trait Host: Send + Sync + 'static {
    /// Takes a report. Reports of one job arrive in order. Returns once the report is safe as far as its kind asks: a
    /// handle is stored durably before this returns, log lines and metrics may be buffered for a moment.
    async fn report(&self, report: Report) -> Result<(), HostError>;

    /// Reads a file by name.
    async fn read(&self, space: Space, name: &str) -> Result<ByteStream, HostError>;

    /// Reads an object by the URI of an attached resource.
    async fn read_uri(&self, uri: &str) -> Result<ByteStream, HostError>;

    /// Writes a file, replacing an earlier one of that name only when all bytes have arrived. Gives its URI.
    async fn write(&self, space: Space, name: &str, bytes: ByteStream) -> Result<String, HostError>;

    /// Removes a file; one that is not there is fine.
    async fn remove(&self, space: Space, name: &str) -> Result<(), HostError>;

    /// Takes message number `number` (from 0) for the other side. Waits while too much is under way. A number that the
    /// other side has already is dropped.
    async fn send(&self, number: u64, message: Bytes) -> Result<(), HostError>;

    /// Waits until the other side's console has stored every message that was sent.
    async fn flush(&self) -> Result<(), HostError>;

    /// Waits for message number `number` (from 0) of the other side. A message that was not acknowledged can be had
    /// again.
    async fn receive(&self, number: u64) -> Result<Bytes, HostError>;

    /// Every message below `number` may be forgotten.
    async fn acknowledge(&self, number: u64) -> Result<(), HostError>;
}
