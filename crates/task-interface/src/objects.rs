use std::pin::Pin;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream};
use tokio_util::sync::CancellationToken;

use crate::EngineError;
use crate::host::{Host, Space, unless_cancelled};

/// Bytes as they come, in chunks of a size that the sender chooses.
pub type ByteStream = Pin<Box<dyn Stream<Item = std::io::Result<Bytes>> + Send>>;

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
            whole.extend_from_slice(
                &chunk.map_err(|error| EngineError::retryable(format!("reading {name}: {error}")))?,
            );
            if whole.len() > limit {
                return Err(EngineError::fatal(format!("{name} has more than {limit} bytes")));
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

    /// Writes a file; an earlier one of that name is replaced only when all bytes have arrived. Gives its URI.
    ///
    /// An object of an operator or of another task is never replaced; what an earlier run of the same task version
    /// wrote is.
    ///
    /// # Errors
    /// Fatal for a bad name or one that is taken, retryable when storage does not answer, [`EngineError::Cancelled`] on a stop.
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

    /// Removes a file that [`write`](Self::write) might replace; one that is not there is fine.
    ///
    /// # Errors
    /// Fatal when it belongs to somebody else, retryable when storage does not answer.
    pub async fn remove(&self, name: &str) -> Result<(), EngineError> {
        Ok(self.host.remove(self.space, name).await?)
    }
}
