use std::io;
use std::pin::Pin;

use bytes::{Buf, Bytes};
use futures_util::{Stream, StreamExt};
use sha2::{Digest, Sha256};

use crate::error::StorageError;
use crate::store::PutOptions;

/// Incoming content: counted, hashed, and cut off where the limit is passed.
pub(crate) struct Intake<'a, S> {
    stream: Pin<&'a mut S>,
    limit: u64,
    expected: Option<[u8; 32]>,
    size: u64,
    hasher: Sha256,
    /// What the last chunk had too much for a part.
    rest: Bytes,
}

/// What came in.
pub(crate) struct Received {
    pub(crate) size: u64,
    pub(crate) sha256: [u8; 32],
}

impl<'a, S: Stream<Item = io::Result<Bytes>>> Intake<'a, S> {
    pub(crate) fn new(stream: Pin<&'a mut S>, options: &PutOptions) -> Self {
        Self {
            stream,
            limit: options.limit.unwrap_or(u64::MAX),
            expected: options.sha256,
            size: 0,
            hasher: Sha256::new(),
            rest: Bytes::new(),
        }
    }

    /// The next chunk, never empty; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, StorageError> {
        if self.rest.has_remaining() {
            return Ok(Some(std::mem::take(&mut self.rest)));
        }
        while let Some(chunk) = self.stream.next().await {
            let chunk = chunk.map_err(StorageError::Input)?;
            if chunk.is_empty() {
                continue;
            }
            self.size += chunk.len() as u64;
            if self.size > self.limit {
                return Err(StorageError::TooLarge { limit: self.limit });
            }
            self.hasher.update(&chunk);
            return Ok(Some(chunk));
        }
        Ok(None)
    }

    /// Exactly `size` bytes, fewer only at the end.
    pub(crate) async fn part(&mut self, size: usize) -> Result<Vec<u8>, StorageError> {
        let mut part = Vec::new();
        while part.len() < size {
            let Some(mut chunk) = self.next().await? else {
                break;
            };
            let wanted = chunk.len().min(size - part.len());
            part.extend_from_slice(&chunk.split_to(wanted));
            self.rest = chunk;
        }
        Ok(part)
    }

    /// Size and digest, after the end.
    pub(crate) fn finish(self) -> Result<Received, StorageError> {
        let sha256: [u8; 32] = self.hasher.finalize().into();
        match self.expected {
            Some(expected) if expected != sha256 => Err(StorageError::ChecksumMismatch {
                expected: hex::encode(expected),
                found: hex::encode(sha256),
            }),
            _ => Ok(Received {
                size: self.size,
                sha256,
            }),
        }
    }
}
