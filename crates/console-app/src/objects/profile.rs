//! What is in the table of a file: asked for once, found out in the background, and kept for as long as the content is.
//!
//! A profile belongs to a content read in one way, so the same file under another name has it at once. The reading is done by one
//! process at a time, with constant memory; a process that is killed leaves a claim that runs out, and the next one begins anew.

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use chrono::Utc;
use console_db::entity::table_profile::Model;
use console_db::table_profiles as rows;
use console_model::{ChangeType, ErrorCode, ErrorKind};
use console_storage::{ByteStream, ObjectKey, ObjectName, StorageError};
use futures_util::TryStreamExt as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tables::profile::{Profile, ProfileError};
use tables::{Dialect, Fault, Input, Limit, Markers, Packing, Table, names_columns};
use task_interface::{PreviewSettings, Text};
use tokio_util::io::{StreamReader, SyncIoBridge};

use super::preview::beginning;
use super::{Object, readable, tag, tell};
use crate::reconcile::Pass;
use crate::{App, AppError, Operator};

pub use console_db::table_profiles::ProfileState;

/// Profiles that may wait at a time.
const MAX_WAITING: u64 = 100;
/// Profiles of one content, each read in another way.
const MAX_OF_CONTENT: u64 = 8;
/// A process that reads a table renews its claim every [`PROGRESS_EVERY`].
const LEASE: Duration = Duration::from_secs(30);
const PROGRESS_EVERY: Duration = Duration::from_secs(1);
/// A reading that broke off as often is given up.
const MAX_ATTEMPTS: i32 = 5;

/// What is known of a file's table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableProfile {
    /// How far it is.
    pub state: ProfileState,
    /// The file's size in bytes.
    pub size: u64,
    /// How many of them have been read.
    pub bytes_read: u64,
    /// Rows so far.
    pub rows_read: u64,
    /// What was found.
    pub found: Option<FoundTable>,
    /// Why nothing was.
    pub failure: Option<Text>,
}

/// What was found in a table, and how it was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoundTable {
    /// The text encoding, such as `UTF-8`.
    pub encoding: String,
    /// The character between two fields.
    pub delimiter: char,
    /// Whether the first line names the columns.
    pub has_header: bool,
    /// How the file is compressed.
    pub compression: Option<String>,
    /// What is in it.
    pub profile: Profile,
}

/// What is in the table of a file. The first question has it found out; it is there when the state says so.
///
/// # Errors
/// As [`readable`]; `too_many_profiles` when very many wait already.
pub async fn profile(
    app: &App,
    operator: &Operator,
    name: &ObjectName,
    settings: PreviewSettings,
) -> Result<TableProfile, AppError> {
    let object = readable(app, operator, name).await?;
    let (content, settings) = (
        content_of(object.sha256.as_deref(), &object.tag),
        as_json(&settings),
    );
    let id = hex::encode(Sha256::digest(format!("{content} {settings}")));
    if let Some(row) = rows::find(app.db().reader(), &id).await? {
        return view(row);
    }
    if rows::count_waiting(app.db().reader()).await? >= MAX_WAITING {
        let detail = "Very many tables wait to be looked at. Try again later.";
        return Err(
            AppError::new(ErrorKind::TooMany, ErrorCode::TooManyProfiles, detail)
                .zh("等待分析的表过多，请稍后再试。"),
        );
    }
    let new = rows::NewProfile {
        id: &id,
        content: &content,
        object_name: &object.name,
        settings,
        size: object.size,
    };
    rows::insert(app.db().writer(), new).await?;
    rows::keep_newest(app.db().writer(), &content, MAX_OF_CONTENT).await?;
    app.wake().profiles.notify_one();
    Ok(waiting(&object))
}

fn waiting(object: &Object) -> TableProfile {
    TableProfile {
        state: ProfileState::Waiting,
        size: object.size,
        bytes_read: 0,
        rows_read: 0,
        found: None,
        failure: None,
    }
}

fn view(row: Model) -> Result<TableProfile, AppError> {
    let found = row.found.map(serde_json::from_value).transpose();
    let failure = row.failure.map(|en| match row.failure_zh {
        Some(zh) => Text::new(en).with_zh(zh),
        None => Text::new(en),
    });
    Ok(TableProfile {
        state: row.state,
        size: row.size.unsigned_abs(),
        bytes_read: row.bytes_read.unsigned_abs(),
        rows_read: row.rows_read.unsigned_abs(),
        found: found.map_err(AppError::internal)?,
        failure,
    })
}

/// Which content a file has.
fn content_of(sha256: Option<&str>, tag: &str) -> String {
    sha256.map_or_else(
        || format!("tag {}", hex::encode(Sha256::digest(tag))),
        str::to_owned,
    )
}

fn as_json(settings: &PreviewSettings) -> Value {
    let PreviewSettings {
        delimiter,
        encoding,
        has_header,
        missing,
    } = settings;
    json!({"delimiter": delimiter, "encoding": encoding, "has_header": has_header, "missing": missing})
}

/// How a table is read, as it is stored with its profile.
#[derive(Debug, Default, Deserialize)]
struct Settings {
    delimiter: Option<String>,
    encoding: Option<String>,
    has_header: Option<bool>,
    missing: Option<Vec<String>>,
}

/// One pass: makes the profile that has waited longest.
///
/// # Errors
/// When the database does not answer. A file that is no table is no error.
pub(crate) async fn make_next(app: App) -> Result<Pass, AppError> {
    let (db, owner) = (app.db().writer(), &app.settings().node_id);
    let Some(row) = rows::claim(db, owner, Utc::now(), LEASE).await? else {
        return Ok(Pass::Idle);
    };
    let made = match make(&app, &row).await? {
        Made::Found(found) => {
            let found = serde_json::to_value(found).map_err(AppError::internal)?;
            rows::note_made(db, &row.id, owner, found).await
        }
        Made::No(why) => rows::note_failed(db, &row.id, owner, (&why.en, why.zh.as_deref())).await,
        // It was deleted, or the claim runs out and another pass begins anew.
        Made::Stopped => Ok(()),
    };
    made?;
    tell(&app, &row.object_name, ChangeType::Updated).await;
    Ok(Pass::More)
}

/// How the making of a profile ended.
enum Made {
    Found(FoundTable),
    No(Text),
    Stopped,
}

async fn make(app: &App, row: &Model) -> Result<Made, AppError> {
    if row.attempts > MAX_ATTEMPTS {
        let en = "the table could not be read to its end, although it was begun several times";
        return Ok(Made::No(Text::new(en).with_zh("多次读取均未能读完该表")));
    }
    let gone = || Made::No(Text::new("the file has changed or is gone").with_zh("文件已变更或不存在"));
    let settings: Settings = serde_json::from_value(row.settings.clone()).unwrap_or_default();
    let key = ObjectKey::parse(&row.object_name).map_err(AppError::internal)?;
    let (info, whole) = match app.store().get(&key, None).await {
        Ok(opened) => opened,
        Err(StorageError::NotFound { .. }) => return Ok(gone()),
        Err(error) => return Err(error.into()),
    };
    let known = console_db::stored_files::find(app.db().reader(), &row.object_name).await?;
    let digest = known.and_then(|known| known.sha256);
    if content_of(digest.as_deref(), &tag(&info)) != row.content {
        return Ok(gone());
    }
    let reading = Reading {
        whole,
        beginning: beginning(app, &key, info.size).await?,
        settings,
        counts: Arc::default(),
    };
    follow(app, row, reading).await
}

/// How far a reading has come, and whether it is to go on.
#[derive(Default)]
struct Counts {
    bytes: AtomicU64,
    rows: AtomicU64,
    stop: AtomicBool,
}

struct Reading {
    whole: ByteStream,
    /// It tells whether the first line names the columns.
    beginning: Vec<u8>,
    settings: Settings,
    counts: Arc<Counts>,
}

impl Reading {
    /// Reads all of it, on a thread that may block.
    fn read(self) -> Result<FoundTable, ProfileError> {
        let Self {
            whole,
            beginning,
            settings,
            counts,
        } = self;
        let mut dialect = Dialect {
            goes_on_after_malformed: true,
            ..Dialect::default()
        };
        if let Some(delimiter) = settings.delimiter {
            dialect.delimiter = delimiter;
        }
        if let Some(encoding) = settings.encoding {
            dialect.encoding = encoding;
        }
        dialect.has_header = match settings.has_header {
            Some(has_header) => has_header,
            None => names_columns(Box::new(io::Cursor::new(beginning)), &dialect)?,
        };
        let markers = settings.missing.map_or_else(Markers::usual, Markers::new);
        let counted = Arc::clone(&counts);
        let bytes = whole.map_err(io::Error::other).inspect_ok(move |chunk| {
            counted.bytes.fetch_add(chunk.len() as u64, Ordering::Relaxed);
        });
        let input: Input = Box::new(SyncIoBridge::new(StreamReader::new(bytes)));
        let mut table = Table::new(input, &dialect, Limit::default())?;
        let profile = tables::profile::of(&mut table, &markers, |rows| {
            counts.rows.store(rows, Ordering::Relaxed);
            match counts.stop.load(Ordering::Relaxed) {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        })?;
        Ok(FoundTable {
            encoding: table.encoding.name().to_owned(),
            delimiter: char::from(table.delimiter),
            has_header: dialect.has_header,
            compression: table.packing.map(Packing::name).map(str::to_owned),
            profile,
        })
    }
}

/// Stops a reading when nobody follows it any more.
struct StopWhenDropped(Arc<Counts>);

impl Drop for StopWhenDropped {
    fn drop(&mut self) {
        self.0.stop.store(true, Ordering::Relaxed);
    }
}

/// Reads a table, and notes how far it is.
async fn follow(app: &App, row: &Model, reading: Reading) -> Result<Made, AppError> {
    let (db, owner) = (app.db().writer(), &app.settings().node_id);
    let counts = Arc::clone(&reading.counts);
    let _stop = StopWhenDropped(Arc::clone(&counts));
    let mut read = tokio::task::spawn_blocking(move || reading.read());
    loop {
        if let Ok(done) = tokio::time::timeout(PROGRESS_EVERY, &mut read).await {
            return match done.map_err(AppError::internal)? {
                Ok(found) => Ok(Made::Found(found)),
                Err(ProfileError::Stopped) => Ok(Made::Stopped),
                // The store broke off: the claim runs out, and it is tried again.
                Err(ProfileError::Table(error)) if error.fault == Fault::Unreadable => {
                    let detail = "The file could not be read to its end; it is tried again.";
                    Err(AppError::unavailable(detail, error))
                }
                Err(ProfileError::Table(error)) => Ok(Made::No(error.story)),
            };
        }
        let progress = rows::Progress {
            bytes: counts.bytes.load(Ordering::Relaxed),
            rows: counts.rows.load(Ordering::Relaxed),
        };
        if !rows::note_progress(db, &row.id, owner, progress, (Utc::now(), LEASE)).await? {
            return Ok(Made::Stopped);
        }
    }
}
