//! Log lines of a run: chunks of JSON lines in the object store, and an index row per chunk in the database.
//!
//! A chunk is written once and never changed, so any process may read it, at any time: a page, the whole as text, or as
//! it grows. Readers hold one chunk in memory, and read the next one when they are asked for more.

mod follow;
mod keep;
mod read;

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use console_db::log_chunks::{self, NewChunk};
use console_model::InstanceId;
use console_storage::{Durability, ObjectKey, PutMode, PutOptions};
use serde::{Deserialize, Serialize};
use task_interface::{LogLevel, Text};

use crate::{App, AppError};

/// A chunk is written when it has so many bytes, or when its first line is [`CHUNK_AGE`] old.
const CHUNK_BYTES: usize = 128 << 10;
/// How long a line may wait in memory.
pub(super) const CHUNK_AGE: Duration = Duration::from_millis(500);
/// A longer line is cut.
const LINE_BYTES: usize = 16 << 10;

pub use follow::{Follower, LogFrame, follow};
pub(crate) use keep::sweep;
pub use read::{ExpiredLines, LogFilter, LogLine, LogPage, LogQuery, LogText, Start, download, page};

/// A line as it is stored.
#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    at: DateTime<Utc>,
    level: LogLevel,
    role: String,
    text: String,
    /// The same in simplified Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zh: Option<String>,
}

/// Collects the lines of one attempt and writes them in chunks.
pub(super) struct LogWriter {
    instance: InstanceId,
    attempt: i32,
    next_chunk: i32,
    next_line: i64,
    written: u64,
    dropped: u64,
    buffer: Vec<u8>,
    lines: i32,
    first_at: Option<DateTime<Utc>>,
    last_at: DateTime<Utc>,
}

impl LogWriter {
    /// Goes on behind what an earlier process wrote.
    pub(super) async fn open(app: &App, instance: &InstanceId, attempt: i32) -> Result<Self, AppError> {
        let last = log_chunks::last(app.db().reader(), instance, attempt).await?;
        let written = log_chunks::total_bytes(app.db().reader(), instance, attempt).await?;
        let (next_chunk, next_line) = match last {
            Some(chunk) => (chunk.chunk_no + 1, chunk.first_line + i64::from(chunk.line_count)),
            // Perhaps all that there was is too old already.
            None => log_chunks::expired(app.db().reader(), instance, attempt)
                .await?
                .map_or((0, 0), |gone| (gone.chunk_no + 1, gone.lines)),
        };
        Ok(Self {
            instance: instance.clone(),
            attempt,
            next_chunk,
            next_line,
            written,
            dropped: 0,
            buffer: Vec::new(),
            lines: 0,
            first_at: None,
            last_at: Utc::now(),
        })
    }

    /// Takes a line. Tells whether the chunk is full.
    pub(super) fn push(&mut self, limit: u64, level: LogLevel, role: &str, text: &Text) -> bool {
        if self.written + self.buffer.len() as u64 >= limit {
            self.dropped += 1;
            return false;
        }
        let at = Utc::now();
        let one_line = |text: &str| cut(text, LINE_BYTES).replace(['\n', '\r'], " ");
        let line = Stored {
            at,
            level,
            role: cut(role, 64).to_owned(),
            text: one_line(&text.en),
            zh: text.zh.as_deref().map(one_line),
        };
        if serde_json::to_writer(&mut self.buffer, &line).is_ok() {
            self.buffer.push(b'\n');
            self.lines += 1;
            self.first_at.get_or_insert(at);
            self.last_at = at;
        }
        self.buffer.len() >= CHUNK_BYTES
    }

    /// Whether a line waits.
    pub(super) const fn is_any(&self) -> bool {
        self.first_at.is_some()
    }

    /// Whether a line has waited long enough.
    pub(super) fn is_due(&self) -> bool {
        self.first_at
            .is_some_and(|at| (Utc::now() - at).to_std().is_ok_and(|age| age >= CHUNK_AGE))
    }

    /// Says at the end how many lines were dropped.
    pub(super) fn close(&mut self) {
        if self.dropped > 0 {
            let dropped = std::mem::take(&mut self.dropped);
            let text = Text::new(format!("{dropped} lines over the limit were dropped"));
            let text = text.with_zh(format!("超出上限的 {dropped} 行已略去"));
            self.push(u64::MAX, LogLevel::Warn, "console", &text);
        }
    }

    /// Writes what waits.
    pub(super) async fn flush(&mut self, app: &App) -> Result<(), AppError> {
        let Some(first_at) = self.first_at else {
            return Ok(());
        };
        let key = ObjectKey::log_chunk(&self.instance, self.attempt, i64::from(self.next_chunk));
        // Kept until all is done: a flush that fails is tried again with the same chunk number.
        let bytes = Bytes::copy_from_slice(&self.buffer);
        let options = PutOptions::new(PutMode::Replace).durability(Durability::Process);
        app.store().put_bytes(&key, bytes.clone(), options).await?;
        let tx = app.db().begin().await?;
        let chunk = NewChunk {
            instance_id: self.instance.clone(),
            attempt: self.attempt,
            chunk_no: self.next_chunk,
            first_line: self.next_line,
            line_count: self.lines,
            byte_count: i32::try_from(bytes.len()).unwrap_or(i32::MAX),
            object_key: key.as_str().to_owned(),
            first_at,
            last_at: self.last_at,
        };
        log_chunks::insert(&tx, chunk).await?;
        tx.commit().await?;
        // Of very many runs most are silent for long, and then hold nothing.
        self.buffer = Vec::new();
        self.written += bytes.len() as u64;
        self.next_line += i64::from(self.lines);
        self.next_chunk += 1;
        self.lines = 0;
        self.first_at = None;
        Ok(())
    }
}

fn cut(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_at_a_character() {
        assert_eq!(cut("aä", 2), "a");
        assert_eq!(cut("aä", 3), "aä");
        assert_eq!(cut("", 3), "");
    }
}
