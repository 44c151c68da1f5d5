use std::io;
use std::time::Duration;

use bytes::Bytes;
use chrono::DateTime;
use futures_util::{Stream, StreamExt, stream};
use http::{HeaderMap, header};

use crate::error::StorageError;
use crate::key::ObjectKey;
use crate::store::{ByteStream, ObjectInfo};

/// What the headers of an answer tell of the object.
pub(super) fn info_of(key: &ObjectKey, headers: &HeaderMap) -> Option<ObjectInfo> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    // Of a range, the size of the whole stands behind the slash.
    let size = match text(header::CONTENT_RANGE) {
        Some(range) => range.rsplit('/').next()?,
        None => text(header::CONTENT_LENGTH)?,
    };
    Some(ObjectInfo {
        key: key.clone(),
        size: size.parse().ok()?,
        etag: text(header::ETAG).map(plain_etag),
        sha256: None,
        modified: text(header::LAST_MODIFIED)
            .and_then(|time| DateTime::parse_from_rfc2822(time).ok())
            .map(Into::into),
    })
}

/// An entity tag without its quotes.
pub(super) fn plain_etag(etag: &str) -> String {
    etag.trim_matches('"').to_owned()
}

pub(super) fn unclear_answer(key: &ObjectKey) -> StorageError {
    StorageError::Failed {
        what: format!("read {key}"),
        source: "the answer lacks a size or the range".into(),
    }
}

/// Ends a stream with an error when nothing comes for too long.
pub(super) fn patient<S>(content: S, silence: Duration) -> ByteStream
where
    S: Stream<Item = io::Result<Bytes>> + Send + 'static,
{
    Box::pin(stream::try_unfold(
        Box::pin(content),
        move |mut content| async move {
            match tokio::time::timeout(silence, content.next()).await {
                Ok(Some(chunk)) => Ok(Some((chunk?, content))),
                Ok(None) => Ok(None),
                Err(_) => Err(io::ErrorKind::TimedOut.into()),
            }
        },
    ))
}
