//! The last pass: the matching rows, in the common order, as an object.

use std::io;

use bytes::Bytes;
use futures_util::stream;
use task_interface::{ByteStream, EngineError, TaskContext};
use tokio::sync::mpsc;

use super::rows::RowStore;
use crate::records::{Matches, RecordFile};
use crate::work::{Crew, disk_error};

const CHUNK: usize = 1 << 18;
const QUEUED_CHUNKS: usize = 4;

/// What was written.
pub(super) struct Written {
    pub(super) uri: String,
    pub(super) rows: u64,
}

/// Writes the header and the matching rows.
pub(super) async fn write(
    context: &TaskContext,
    crew: &Crew,
    name: &str,
    store: RowStore,
    matches: Matches,
) -> Result<Written, EngineError> {
    let (sender, receiver) = mpsc::channel(QUEUED_CHUNKS);
    let copy = crew.blocking(move |crew| copy_rows(crew, &store, matches, &sender));
    let (written, copied) = tokio::join!(context.objects.write(name, chunks(receiver)), copy);
    // When the rows cannot be read, the object cannot be written either: the first is the reason.
    let (rows, uri) = (copied?, written?);
    let rows = rows.ok_or_else(|| EngineError::retryable("the output was not written in full"))?;
    Ok(Written { uri, rows })
}

/// Gives the number of rows, or nothing when nobody takes them any more.
fn copy_rows(
    crew: &Crew,
    store: &RowStore,
    mut matches: Matches,
    sender: &mpsc::Sender<io::Result<Bytes>>,
) -> Result<Option<u64>, EngineError> {
    let mut chunk = store.header.clone();
    let mut rows = 0;
    loop {
        let next = crew.check().and_then(|()| matches.next().map_err(disk_error));
        let copied = next.and_then(|row| match row {
            Some(offset) => store.read(offset, &mut chunk).map(|()| true).map_err(disk_error),
            None => Ok(false),
        });
        let more = match copied {
            Ok(more) => more,
            Err(error) => {
                // The object must not come into being from half of its rows.
                let _ = sender.blocking_send(Err(io::Error::other(error.to_string())));
                return Err(error);
            }
        };
        if !more || chunk.len() >= CHUNK {
            let full = Bytes::from(std::mem::take(&mut chunk));
            if sender.blocking_send(Ok(full)).is_err() {
                return Ok(None);
            }
        }
        if !more {
            return Ok(Some(rows));
        }
        rows += 1;
        crew.meter.add(1);
    }
}

fn chunks(receiver: mpsc::Receiver<io::Result<Bytes>>) -> ByteStream {
    Box::pin(stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|chunk| (chunk, receiver))
    }))
}

/// The bytes of a file of records.
pub(super) fn stream_of(crew: &Crew, file: RecordFile) -> ByteStream {
    let start = (file, 0, crew.clone());
    Box::pin(stream::unfold(start, |(file, offset, crew)| async move {
        let reader = file.clone();
        let read = crew
            .blocking(move |_| reader.bytes(offset, CHUNK).map_err(disk_error))
            .await;
        match read {
            Ok(bytes) if bytes.is_empty() => None,
            Ok(bytes) => {
                let next = offset + bytes.len() as u64;
                Some((Ok(Bytes::from(bytes)), (file, next, crew)))
            }
            Err(error) => Some((
                Err(io::Error::other(error.to_string())),
                (file, u64::MAX / 2, crew),
            )),
        }
    }))
}
