use std::pin::Pin;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream};
use tokio_util::sync::CancellationToken;

use crate::host::{Host, Space, unless_cancelled};
use crate::{EngineError, Text};

/// Bytes as they come, in chunks of a size that the sender chooses.
pub type ByteStream = Pin<Box<dyn Stream<Item = std::io::Result<Bytes>> + Send>>;

/// The most marks of one content that are told.
pub const MAX_MARKS: usize = 32;

/// Reads and writes files with constant memory.
#[derive(Clone)]
pub struct Objects {
    host: Arc<dyn Host>,
    space: Space,
    cancelled: CancellationToken,
}

impl Objects {
    pub(crate) fn new(host: Arc<dyn Host>, space: Space, cancelled: CancellationToken) -> Self {
        Self {
            host,
            space,
            cancelled,
        }
    }

    /// Reads a file by name.
    ///
    /// # Errors
    /// Fatal when it is not there, retryable when storage does not answer, [`EngineError::Cancelled`] on a stop.
    pub async fn read(&self, name: &str) -> Result<ByteStream, EngineError> {
        unless_cancelled(&self.cancelled, self.host.read(self.space, name)).await
    }

    /// Reads the object behind the URI of an attached resource.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub async fn read_uri(&self, uri: &str) -> Result<ByteStream, EngineError> {
        unless_cancelled(&self.cancelled, self.host.read_uri(uri)).await
    }

    /// Reads a whole small file.
    ///
    /// # Errors
    /// As [`read`](Self::read), and fatal when it has more than `limit` bytes.
    pub async fn read_all(&self, name: &str, limit: usize) -> Result<Bytes, EngineError> {
        let mut chunks = self.read(name).await?;
        let mut whole = BytesMut::new();
        while let Some(chunk) = chunks.next().await {
            whole.extend_from_slice(&chunk.map_err(|error| {
                let text = Text::new("a file cannot be read").with_zh("文件无法读取");
                let error = EngineError::retryable(text).with_detail(format!("{name}: {error}"));
                error.with_code("file_unreadable")
            })?);
            if whole.len() > limit {
                let text = Text::new(format!("a file has more than {limit} bytes"));
                let error = EngineError::fatal(text.with_zh(format!("文件超过 {limit} 字节")));
                return Err(error.with_code("file_too_large").with_detail(name));
            }
        }
        Ok(whole.freeze())
    }

    /// Whether a file could be written under a name now, to be asked before long work.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub async fn check(&self, name: &str) -> Result<(), EngineError> {
        unless_cancelled(&self.cancelled, self.host.check(self.space, name)).await
    }

    /// Writes a file when all bytes have arrived; the same name again in the same attempt replaces it. Gives its URI.
    ///
    /// An operator's object gets a name of this run's own, which begins like the given one; the end of the URI is that name.
    /// It can be seen when both sides have ended well, and is gone when either has not.
    ///
    /// # Errors
    /// Fatal for a bad name, retryable when storage does not answer, [`EngineError::Cancelled`] on a stop.
    pub async fn write(&self, name: &str, bytes: ByteStream) -> Result<String, EngineError> {
        unless_cancelled(&self.cancelled, self.host.write(self.space, name, bytes)).await
    }

    /// Writes a whole small file.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub async fn write_all(&self, name: &str, bytes: impl Into<Bytes>) -> Result<String, EngineError> {
        let bytes = bytes.into();
        self.write(name, Box::pin(stream::once(async move { Ok(bytes) })))
            .await
    }

    /// Remembers a mark of everything that has this content, wherever it lies and under whatever name: also when an
    /// operator downloads it and uploads it again. `sha256` is lower-case hexadecimal, a mark has at most 64 characters.
    ///
    /// # Errors
    /// Retryable when the host does not answer, [`EngineError::Cancelled`] on a stop.
    pub async fn mark(&self, sha256: &str, mark: &str) -> Result<(), EngineError> {
        unless_cancelled(&self.cancelled, self.host.mark(sha256, mark)).await
    }

    /// The marks of a content, the newest first, at most [`MAX_MARKS`].
    ///
    /// # Errors
    /// As [`mark`](Self::mark).
    pub async fn marks(&self, sha256: &str) -> Result<Vec<String>, EngineError> {
        unless_cancelled(&self.cancelled, self.host.marks(sha256)).await
    }

    /// Removes a file that this attempt wrote; one that is not there is fine.
    ///
    /// # Errors
    /// Retryable when storage does not answer.
    pub async fn remove(&self, name: &str) -> Result<(), EngineError> {
        Ok(self.host.remove(self.space, name).await?)
    }
}
