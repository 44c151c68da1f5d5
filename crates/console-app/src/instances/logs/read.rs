use std::collections::VecDeque;

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use console_db::entity::log_chunk;
use console_db::{log_chunks, utc};
use console_model::InstanceId;
use console_storage::{ObjectKey, StorageError};
use task_interface::LogLevel;

use super::{CHUNK_BYTES, LINE_BYTES, Stored};
use crate::instances::read::brief;
use crate::{App, AppError, Operator};

/// So many chunks are looked through for one page.
const CHUNKS: usize = 64;
/// So many rows of chunks are read at once.
const ROWS: u64 = 16;

/// One log line of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct LogLine {
    /// Its number in the attempt, from 0.
    pub line: i64,
    /// When it was said.
    pub at: DateTime<Utc>,
    /// How much it matters.
    pub level: LogLevel,
    /// Which part of the job said it.
    pub role: String,
    /// The line.
    pub text: String,
    /// The same in simplified Chinese.
    pub zh: Option<String>,
}

/// Which lines.
#[derive(Debug, Clone, Default)]
pub struct LogQuery {
    /// The attempt; the present one by default.
    pub attempt: Option<i32>,
    /// Where to begin.
    pub start: Start,
    /// Only lines before the one of this number.
    pub before: Option<i64>,
    /// Which of these.
    pub filter: LogFilter,
}

/// What a line must be like.
#[derive(Debug, Clone, Default)]
pub struct LogFilter {
    /// Of one of these levels; of any when it is empty.
    pub levels: Vec<LogLevel>,
    /// Of one part of the job.
    pub role: Option<String>,
    /// It has this text, whatever the case of its letters.
    pub contains: Option<String>,
}

impl LogFilter {
    fn takes_all(&self) -> bool {
        self.levels.is_empty() && self.role.is_none() && self.contains.is_none()
    }

    fn takes(&self, line: &Stored) -> bool {
        let level = self.levels.is_empty() || self.levels.contains(&line.level);
        let role = self.role.as_ref().is_none_or(|role| *role == line.role);
        let holds = |text: &str, wanted: &str| text.to_lowercase().contains(wanted);
        let text = |wanted: &String| {
            holds(&line.text, wanted) || line.zh.as_deref().is_some_and(|zh| holds(zh, wanted))
        };
        level && role && self.contains.as_ref().is_none_or(text)
    }
}

/// Where to begin in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// At the line of a number.
    Line(i64),
    /// So many lines before the end, or before [`LogQuery::before`], of those that are wanted. They are looked for in 64
    /// chunks, 8 MiB.
    Tail(usize),
}

impl Default for Start {
    fn default() -> Self {
        Self::Line(0)
    }
}

/// A part of a run's log.
#[derive(Debug, Clone, PartialEq)]
pub struct LogPage {
    /// The number of the first line.
    pub first_line: i64,
    /// The lines.
    pub lines: Vec<LogLine>,
    /// The number of the next line to ask for. It moves on without a line when none that was looked at is wanted.
    pub next_line: i64,
    /// Whether there is more behind it by now.
    pub more: bool,
    /// The beginning of the log, if it was deleted.
    pub expired: Option<ExpiredLines>,
}

/// Lines that were deleted because they were too old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpiredLines {
    /// The number of the first line that may still be there.
    pub before: i64,
    /// When they were deleted.
    pub at: DateTime<Utc>,
}

/// Reads a log from a line on, as far as it is there.
pub(super) struct Reader {
    app: App,
    instance: InstanceId,
    pub(super) attempt: i32,
    filter: LogFilter,
    /// Lines from this number on are not wanted.
    before: i64,
    /// The next line to look at, unless lines are loaded.
    next: i64,
    rows: VecDeque<log_chunk::Model>,
    /// The wanted lines of the present chunk.
    loaded: VecDeque<LogLine>,
    pub(super) expired: Option<ExpiredLines>,
}

impl Reader {
    pub(super) async fn open(
        app: &App,
        operator: &Operator,
        instance: &InstanceId,
        query: LogQuery,
    ) -> Result<Self, AppError> {
        let run = brief(app, operator, instance).await?;
        let LogQuery {
            attempt,
            start,
            before,
            mut filter,
        } = query;
        filter.contains = filter.contains.map(|text| text.to_lowercase());
        let attempt = attempt.unwrap_or(run.attempt);
        let expired = log_chunks::expired(app.db().reader(), instance, attempt).await?;
        let expired = expired.map(|gone| ExpiredLines {
            before: gone.lines,
            at: utc(gone.at),
        });
        let mut reader = Self {
            app: app.clone(),
            instance: instance.clone(),
            attempt,
            filter,
            before: before.unwrap_or(i64::MAX),
            next: 0,
            rows: VecDeque::new(),
            loaded: VecDeque::new(),
            expired,
        };
        let wanted = match start {
            Start::Line(line) => line,
            Start::Tail(lines) => reader.tail(lines).await?,
        };
        reader.next = wanted.max(expired.map_or(0, |gone| gone.before));
        Ok(reader)
    }

    /// The line that is so many wanted lines before the end of what is wanted.
    async fn tail(&self, mut lines: usize) -> Result<i64, AppError> {
        let db = self.app.db().reader();
        // The chunk with the line that is not wanted any more may have some that are.
        let last = log_chunks::from_line(db, &self.instance, self.attempt, self.before, 1).await?;
        let mut before = last.first().map(|row| row.chunk_no + 1);
        let mut first = 0;
        for _ in 0..CHUNKS as u64 / ROWS {
            let rows = log_chunks::before(db, &self.instance, self.attempt, before, ROWS).await?;
            for row in rows {
                before = Some(row.chunk_no);
                let mut found = VecDeque::new();
                let count = if self.filter.takes_all() {
                    i64::from(row.line_count).min(self.before - row.first_line)
                } else {
                    found = self.load(&row, row.first_line).await?;
                    i64::try_from(found.len()).unwrap_or(0)
                };
                let count = usize::try_from(count).unwrap_or(0);
                if count >= lines {
                    let skip = count - lines;
                    let at = |skip: usize| i64::try_from(skip).unwrap_or(0) + row.first_line;
                    return Ok(found.get(skip).map_or_else(|| at(skip), |line| line.line));
                }
                lines -= count;
                first = row.first_line;
            }
        }
        Ok(first)
    }

    /// The wanted lines of a chunk from a line on. There are none when it was deleted meanwhile.
    async fn load(&self, row: &log_chunk::Model, from: i64) -> Result<VecDeque<LogLine>, AppError> {
        let key = ObjectKey::log_chunk(&self.instance, self.attempt, i64::from(row.chunk_no));
        let bytes = match self
            .app
            .store()
            .get_bytes(&key, 4 * (CHUNK_BYTES + LINE_BYTES) as u64)
            .await
        {
            Ok(bytes) => bytes,
            Err(StorageError::NotFound { .. }) => Bytes::new(),
            Err(error) => return Err(error.into()),
        };
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        // A writer that was not sure writes a chunk again, with more lines; its row says how many hold.
        let lines = lines.take(usize::try_from(row.line_count).unwrap_or(0));
        let mut found = VecDeque::new();
        for (line, json) in (row.first_line..).zip(lines).skip_while(|(line, _)| *line < from) {
            let stored: Stored = serde_json::from_slice(json).map_err(AppError::internal)?;
            if line < self.before && self.filter.takes(&stored) {
                let Stored {
                    at,
                    level,
                    role,
                    text,
                    zh,
                } = stored;
                found.push_back(LogLine {
                    line,
                    at,
                    level,
                    role,
                    text,
                    zh,
                });
            }
        }
        Ok(found)
    }

    /// Goes to the next chunk, if there is one with lines that may be wanted.
    async fn turn(&mut self) -> Result<bool, AppError> {
        if self.next >= self.before {
            return Ok(false);
        }
        if self.rows.is_empty() {
            let (db, instance) = (self.app.db().reader(), &self.instance);
            self.rows = log_chunks::from_line(db, instance, self.attempt, self.next, ROWS)
                .await?
                .into();
        }
        let Some(row) = self.rows.pop_front() else {
            return Ok(false);
        };
        self.loaded = self.load(&row, self.next).await?;
        let end = row.first_line + i64::from(row.line_count);
        self.next = self.next.max(end.min(self.before));
        Ok(true)
    }

    /// The next lines, at most `most`, from at most `chunks` further chunks.
    pub(super) async fn read(&mut self, most: usize, mut chunks: usize) -> Result<LogPage, AppError> {
        let mut lines = Vec::new();
        let from = self.place();
        let mut more = true;
        while lines.len() < most {
            if let Some(line) = self.loaded.pop_front() {
                lines.push(line);
                continue;
            }
            if chunks == 0 {
                break;
            }
            chunks -= 1;
            more = self.turn().await?;
            if !more {
                break;
            }
        }
        Ok(LogPage {
            first_line: lines.first().map_or(from, |line: &LogLine| line.line),
            lines,
            next_line: self.place(),
            more: more && self.place() < self.before,
            expired: self.expired,
        })
    }

    /// The number of the next line to look at.
    pub(super) fn place(&self) -> i64 {
        self.loaded.front().map_or(self.next, |line| line.line)
    }
}

/// Lines of a log, at most `limit`.
///
/// # Errors
/// `not_found`.
pub async fn page(
    app: &App,
    operator: &Operator,
    id: &InstanceId,
    query: LogQuery,
    limit: usize,
) -> Result<LogPage, AppError> {
    let mut reader = Reader::open(app, operator, id, query).await?;
    reader.read(limit, CHUNKS).await
}

/// A log as text, a piece at a time.
pub struct LogText {
    reader: Reader,
    ended: bool,
}

/// The log as text, as far as it is there.
///
/// # Errors
/// `not_found`.
pub async fn download(
    app: &App,
    operator: &Operator,
    id: &InstanceId,
    query: LogQuery,
) -> Result<LogText, AppError> {
    Ok(LogText {
        reader: Reader::open(app, operator, id, query).await?,
        ended: false,
    })
}

impl LogText {
    /// The attempt that it is the log of.
    #[must_use]
    pub fn attempt(&self) -> i32 {
        self.reader.attempt
    }

    /// The next piece; none at the end.
    ///
    /// # Errors
    /// When the database or the object store does not answer.
    pub async fn next(&mut self) -> Result<Option<Bytes>, AppError> {
        while !self.ended {
            let page = self.reader.read(usize::MAX, 1).await?;
            self.ended = !page.more;
            let text: String = page.lines.iter().map(text).collect();
            if !text.is_empty() {
                return Ok(Some(Bytes::from(text)));
            }
        }
        Ok(None)
    }
}

fn text(line: &LogLine) -> String {
    let LogLine {
        line: _,
        at,
        level,
        role,
        text,
        zh: _,
    } = line;
    let at = at.to_rfc3339_opts(SecondsFormat::Millis, true);
    format!("{at} {:5} {role}: {text}\n", level.word().to_uppercase())
}
