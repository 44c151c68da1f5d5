use std::io;

use bytes::Bytes;
use futures_util::Stream;
use http::HeaderMap;
use s3::Bucket;
use s3::error::S3Error;
use s3::serde_types::Part;

use super::failure::explain;
use super::{CONTENT_TYPE, MAX_PARTS, PART};
use crate::error::StorageError;
use crate::intake::{Intake, Received};
use crate::key::ObjectKey;

/// A multipart upload, aborted unless it was completed: parts that stay behind are invisible, but cost room. Those of
/// a killed process are for the server's own clean-up (MinIO's after a day; on Amazon a lifecycle rule).
pub(super) struct Upload {
    bucket: Box<Bucket>,
    key: ObjectKey,
    id: String,
    parts: Vec<Part>,
    open: bool,
}

impl Upload {
    pub(super) async fn start(bucket: &Bucket, key: &ObjectKey) -> Result<Self, StorageError> {
        let started = bucket
            .initiate_multipart_upload(key.as_str(), CONTENT_TYPE)
            .await
            .map_err(|error| explain(format!("write {key}"), error))?;
        let bucket = Box::new(bucket.clone());
        Ok(Self {
            bucket,
            key: key.clone(),
            id: started.upload_id,
            parts: Vec::new(),
            open: true,
        })
    }

    /// Sends one part after the other, so that at most one is held besides its copy in the request.
    pub(super) async fn send_all<S>(
        &mut self,
        first: Vec<u8>,
        mut intake: Intake<'_, S>,
    ) -> Result<Received, StorageError>
    where
        S: Stream<Item = io::Result<Bytes>>,
    {
        let mut part = first;
        for number in 1..=MAX_PARTS {
            let last = part.len() < PART;
            if !part.is_empty() {
                let sent = self
                    .bucket
                    .put_multipart_chunk(part, self.key.as_str(), number, &self.id, CONTENT_TYPE)
                    .await
                    .map_err(|error| explain(format!("write {}", self.key), error))?;
                self.parts.push(sent);
            }
            if last {
                return intake.finish();
            }
            part = intake.part(PART).await?;
        }
        Err(StorageError::TooLarge {
            limit: u64::from(MAX_PARTS) * PART as u64,
        })
    }

    /// Makes the object visible. The headers may hold a condition.
    pub(super) async fn complete(&self, headers: Option<HeaderMap>) -> Result<(), S3Error> {
        let bucket = self.bucket.with_extra_headers(headers.unwrap_or_default())?;
        bucket
            .complete_multipart_upload(self.key.as_str(), &self.id, self.parts.clone())
            .await?;
        Ok(())
    }

    /// Aborts after a failure. The failure is what is told; a failed abort leaves only invisible parts.
    pub(super) async fn end<T>(mut self, outcome: &Result<T, StorageError>) {
        if outcome.is_err() {
            abort(&self.bucket, &self.key, &self.id).await;
        }
        self.open = false;
    }
}

impl Drop for Upload {
    /// For a put whose future was dropped, because the uploading client went away for example.
    fn drop(&mut self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        if self.open {
            let (bucket, key, id) = (
                self.bucket.clone(),
                self.key.clone(),
                std::mem::take(&mut self.id),
            );
            runtime.spawn(async move { abort(&bucket, &key, &id).await });
        }
    }
}

async fn abort(bucket: &Bucket, key: &ObjectKey, id: &str) {
    if let Err(error) = bucket.abort_upload(key.as_str(), id).await {
        tracing::warn!(storage.key = %key, %error, "cannot abort an upload; its parts stay on the server");
    }
}
