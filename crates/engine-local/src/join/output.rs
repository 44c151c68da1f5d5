//! The last pass: the matching rows, in the order of the digests of their ids, as an object.
//!
//! That order has nothing to do with the keys of one run: the same tables give the same output every time, and what is
//! learnt from it is the same as well.

use std::io;

use bytes::Bytes;
use futures_util::stream;
use sha2::{Digest as _, Sha256};
use task_interface::{ByteStream, EngineError, TaskContext};
use tokio::sync::mpsc;

use super::rows::RowStore;
use crate::mark;
use crate::records::{Matches, Record, RecordFile, Sorted, Sorter};
use crate::words::both;
use crate::work::{Crew, disk_error};

const CHUNK: usize = 1 << 18;
const QUEUED_CHUNKS: usize = 4;

/// What was written.
pub(super) struct Written {
    pub(super) uri: String,
    pub(super) rows: u64,
}

/// The offsets of the matching rows, in the order of their ids' digests.
fn in_order(crew: &Crew, store: &RowStore, mut matches: Matches) -> Result<Sorted, EngineError> {
    let mut sorter = Sorter::new(&crew.work_dir, crew.spill_bytes, 0);
    while let Some(row) = matches.next().map_err(disk_error)? {
        crew.check()?;
        let key = store.id(row).map_err(disk_error)?;
        sorter.push(Record { key, row }).map_err(disk_error)?;
    }
    sorter.finish().map_err(disk_error)
}

/// Writes the header and the matching rows, and marks them as the join's.
pub(super) async fn write(
    context: &TaskContext,
    crew: &Crew,
    name: &str,
    join: &str,
    (store, matches): (RowStore, Matches),
) -> Result<Written, EngineError> {
    let (sender, receiver) = mpsc::channel(QUEUED_CHUNKS);
    let mut marks = mark::of_output(join, &store.id_names);
    marks.extend(
        store
            .source_name
            .as_deref()
            .map(|name| mark::of_source_line(join, name)),
    );
    let copy = crew.blocking(move |crew| {
        let sorted = in_order(crew, &store, matches);
        copy_rows(crew, &store, sorted, &sender)
    });
    let (written, copied) = tokio::join!(context.objects.write(name, chunks(receiver)), copy);
    // When the rows cannot be read, the object cannot be written either: the first is the reason.
    let (copied, uri) = (copied?, written?);
    let (rows, sha256) = copied.ok_or_else(|| {
        let text = both("the output was not written in full", "输出没有完整写入");
        EngineError::retryable(text).with_code("output_unfinished")
    })?;
    for mark in &marks {
        context.objects.mark(&sha256, mark).await?;
    }
    Ok(Written { uri, rows })
}

/// Gives the number of rows and the digest of the output, or nothing when nobody takes them any more.
fn copy_rows(
    crew: &Crew,
    store: &RowStore,
    mut sorted: Result<Sorted, EngineError>,
    sender: &mpsc::Sender<io::Result<Bytes>>,
) -> Result<Option<(u64, String)>, EngineError> {
    let mut chunk = store.header.clone();
    let mut hash = Sha256::new();
    let mut rows = 0;
    loop {
        let next = match &mut sorted {
            Ok(sorted) => crew.check().and_then(|()| sorted.next().map_err(disk_error)),
            Err(error) => Err(error.clone()),
        };
        let copied = next.and_then(|record| match record {
            Some(record) => store
                .read(record.row, &mut chunk)
                .map(|()| true)
                .map_err(disk_error),
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
            hash.update(&full);
            if sender.blocking_send(Ok(full)).is_err() {
                return Ok(None);
            }
        }
        if !more {
            return Ok(Some((rows, hex::encode(hash.finalize()))));
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
