//! What stands behind a [`TaskContext`](crate::TaskContext): the console, or the conformance kit. Engines never see it.

use async_trait::async_trait;
use bytes::Bytes;
use tokio_util::sync::CancellationToken;

use crate::{AttemptState, ByteStream, EngineError};

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

    /// Whether a file could be written under a name now.
    async fn check(&self, space: Space, name: &str) -> Result<(), HostError>;

    /// Writes a file when all bytes have arrived. An object of the operator gets a name of this run's own, and can be seen
    /// when both sides have ended well; the same name again in the same attempt replaces it. Gives its URI.
    async fn write(&self, space: Space, name: &str, bytes: ByteStream) -> Result<String, HostError>;

    /// Removes a file that this attempt wrote; one that is not there is fine.
    async fn remove(&self, space: Space, name: &str) -> Result<(), HostError>;

    /// Remembers a mark of everything that has this content, wherever it lies: a lower-case hexadecimal SHA-256, and at most
    /// 64 characters. A host that cannot remember does nothing.
    async fn mark(&self, _sha256: &str, _mark: &str) -> Result<(), HostError> {
        Ok(())
    }

    /// The marks of a content, the newest first, at most [`MAX_MARKS`](crate::MAX_MARKS).
    async fn marks(&self, _sha256: &str) -> Result<Vec<String>, HostError> {
        Ok(Vec::new())
    }

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

/// What a console knows of attempts.
#[async_trait]
pub trait KnownAttempts: Send + Sync + 'static {
    /// How an attempt of a run stands.
    async fn state(&self, instance: &str, attempt: u32) -> Result<AttemptState, HostError>;
}

/// Waits for the host, but not when the job is to stop.
///
/// An error that comes with a stop is taken for the stop: a write, for instance, fails when the stop ends the stream that
/// it reads from, and the host cannot know why that ended.
pub(crate) async fn unless_cancelled<T>(
    cancelled: &CancellationToken,
    work: impl Future<Output = Result<T, HostError>>,
) -> Result<T, EngineError> {
    tokio::select! {
        biased;
        () = cancelled.cancelled() => Err(EngineError::Cancelled),
        done = work => done.map_err(|error| match cancelled.is_cancelled() {
            true => EngineError::Cancelled,
            false => error.into(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_error_that_a_stop_causes_is_the_stop() {
        let stop = CancellationToken::new();
        let failing = || async { Err::<(), _>(HostError::Unavailable("the stream broke off".to_owned())) };
        let before = unless_cancelled(&stop, failing()).await;
        assert!(before.unwrap_err().is_retryable());
        let stopped_meanwhile = async {
            stop.cancel();
            failing().await
        };
        assert_eq!(
            unless_cancelled(&stop, stopped_meanwhile).await,
            Err(EngineError::Cancelled)
        );
    }
}
