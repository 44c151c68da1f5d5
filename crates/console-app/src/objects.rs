//! Files of the operators in the object store.
//!
//! A row in `stored_file` tells whose a file is, its digest and, when its content was deleted, since when: the row stays.
//! What a paired task version uses is never replaced: other content goes under a name of its own.

mod deletion;
mod preview;
pub(crate) mod profile;
pub(crate) mod quota;
mod upload;
mod usage;

use std::collections::HashMap;
use std::ops::Range;

use chrono::{DateTime, Utc};
use console_db::changes::note_object;
use console_db::entity::stored_file;
use console_db::{pending_outputs, resources as resource_rows, retry, stored_files, utc};
use console_model::{ChangeType, ErrorCode, ErrorKind};
use console_storage::{ByteStream, ObjectInfo, ObjectKey, ObjectName, StorageError};

use crate::instances::outputs;
use crate::rights::{self, Action};
use crate::{App, AppError, Blocker, Operator};

pub use deletion::delete;
pub(crate) use deletion::{erase_deleted, note_deletions, refuse_deleted, refuse_deleted_inputs};
pub use preview::preview;
pub use profile::{FoundTable, ProfileState, TableProfile, profile};
pub use tables::profile as table_profile;
pub use task_interface::{Preview, PreviewSettings};
pub use upload::{Upload, upload};
pub use usage::Usage;

/// A file as operators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its name; not a path.
    pub name: String,
    /// What a resource refers to it by.
    pub uri: String,
    /// Size in bytes.
    pub size: u64,
    /// When it was last written.
    pub modified_at: Option<DateTime<Utc>>,
    /// Another one for other content: the store's own, or made of size and time.
    pub tag: String,
    /// Lower-case hexadecimal SHA-256 of the content, where it is known.
    pub sha256: Option<String>,
    /// Who uploaded it, or owns the task that wrote it, where that is known.
    pub owner_id: Option<String>,
    /// The file of which it is a new version.
    pub previous_name: Option<String>,
    /// That its content was deleted; everything else is as it was then.
    pub deletion: Option<Deletion>,
    /// Why the operator can neither replace nor delete it; none when they can. A run that reads it keeps it from being deleted
    /// all the same.
    pub cannot_change: Option<Blocker>,
}

/// A file of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The file.
    pub object: Object,
    /// How many task versions use it.
    pub uses: u64,
}

/// When and by whom the content of a file was deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// When.
    pub at: DateTime<Utc>,
    /// Who asked for it.
    pub by: Option<String>,
}

/// Files by name, from behind `after`, with how often each is used, and behind what the list goes on, if it does. Of
/// `limit` objects that are looked at, some may be no files yet or no more.
///
/// # Errors
/// When the object store does not answer.
pub async fn list(
    app: &App,
    operator: &Operator,
    after: Option<&ObjectKey>,
    limit: usize,
) -> Result<(Vec<Listed>, Option<ObjectKey>), AppError> {
    rights::require(operator, Action::Read)?;
    let page = app.store().list_user(after, limit).await?;
    let names: Vec<&str> = page.objects.iter().map(|info| info.key.as_str()).collect();
    let pending = pending_outputs::among(app.db().reader(), &names).await?;
    let known = stored_files::among(app.db().reader(), &names).await?;
    let mut known: HashMap<String, _> = known.into_iter().map(|row| (row.name.clone(), row)).collect();
    let mut uses: HashMap<String, u64> = HashMap::new();
    for used in resource_rows::used_uris(app.db().reader(), &names).await? {
        if let Ok(key) = app.store().key_of_uri(&used.uri) {
            *uses.entry(key.as_str().to_owned()).or_default() += used.uses.unsigned_abs();
        }
    }
    let visible = page.objects.iter().filter(|info| {
        let name = info.key.as_str();
        let is_deleted = known.get(name).is_some_and(|row| row.deleted_at.is_some());
        !is_deleted && !pending.iter().any(|pending| pending == name)
    });
    let visible: Vec<ObjectInfo> = visible.cloned().collect();
    let listed = visible.into_iter().map(|info| Listed {
        uses: uses.get(info.key.as_str()).copied().unwrap_or(0),
        object: view(app, operator, &info, known.remove(info.key.as_str())),
    });
    let last = page.objects.last().map(|info| info.key.clone());
    Ok((listed.collect(), last.filter(|_| page.more)))
}

/// One file and the task versions that use it; also one whose content was deleted.
///
/// # Errors
/// `not_found`.
pub async fn get(
    app: &App,
    operator: &Operator,
    name: &ObjectName,
) -> Result<(Object, Vec<Usage>), AppError> {
    rights::require(operator, Action::Read)?;
    outputs::refuse_pending(app, name.as_str()).await?;
    let known = stored_files::find(app.db().reader(), name.as_str()).await?;
    let object = match known {
        Some(row) if row.deleted_at.is_some() => tombstone(app, operator, row)?,
        known => view(
            app,
            operator,
            &app.store().head(&ObjectKey::user(name)).await?,
            known,
        ),
    };
    Ok((object, usage::of(app, name).await?))
}

/// A file that can be read.
///
/// # Errors
/// `not_found`, `object_deleted`.
pub async fn readable(app: &App, operator: &Operator, name: &ObjectName) -> Result<Object, AppError> {
    rights::require(operator, Action::Read)?;
    outputs::refuse_pending(app, name.as_str()).await?;
    let known = stored_files::find(app.db().reader(), name.as_str()).await?;
    deletion::refuse(known.as_ref())?;
    let info = app.store().head(&ObjectKey::user(name)).await?;
    Ok(view(app, operator, &info, known))
}

/// Opens a file, all of it or a range of bytes.
///
/// # Errors
/// `not_found`, `object_deleted`; `invalid_range` when the range does not lie in the file.
pub async fn download(
    app: &App,
    operator: &Operator,
    name: &ObjectName,
    range: Option<Range<u64>>,
) -> Result<(ObjectInfo, ByteStream), AppError> {
    rights::require(operator, Action::Read)?;
    outputs::refuse_pending(app, name.as_str()).await?;
    refuse_deleted(app, name.as_str()).await?;
    app.store()
        .get(&ObjectKey::user(name), range)
        .await
        .map_err(|error| match error {
            StorageError::InvalidRange { size } => {
                let detail = format!("The file has {size} bytes; the range lies outside.");
                AppError::new(ErrorKind::Invalid, ErrorCode::InvalidRange, detail)
            }
            error => error.into(),
        })
}

/// Tells operators of a file that was written or removed. What is done is done, so nobody is told of a failure.
pub(crate) async fn tell(app: &App, name: &str, what: ChangeType) {
    if let Err(error) = retry(async || note_object(app.db(), name, what).await).await {
        let error: &dyn std::error::Error = &error;
        tracing::warn!(object.name = name, error, "operators are not told of a file");
    }
}

/// Another text for other content: the store's own, or made of size and time.
pub(crate) fn tag(info: &ObjectInfo) -> String {
    let micros = info.modified.map_or(0, |at| at.timestamp_micros());
    let made = || format!("{:x}-{micros:x}", info.size);
    info.etag
        .as_deref()
        .map_or_else(made, |tag| tag.trim_matches('"').to_owned())
}

fn view(app: &App, operator: &Operator, info: &ObjectInfo, known: Option<stored_file::Model>) -> Object {
    let cannot_change = cannot_change(operator, known.as_ref());
    let (sha256, owner_id, previous_name) = known.map_or((None, None, None), |row| {
        (row.sha256, row.owner_id, row.previous_name)
    });
    Object {
        tag: tag(info),
        name: info.key.as_str().to_owned(),
        uri: app.store().uri_of(&info.key),
        size: info.size,
        modified_at: info.modified,
        sha256,
        owner_id,
        previous_name,
        deletion: None,
        cannot_change,
    }
}

fn cannot_change(operator: &Operator, known: Option<&stored_file::Model>) -> Option<Blocker> {
    let owner = known.and_then(|row| row.owner_id.as_deref());
    Blocker::of_rights(operator, Action::DeleteObject { owner })
}

/// What stays of a file whose content was deleted.
fn tombstone(app: &App, operator: &Operator, row: stored_file::Model) -> Result<Object, AppError> {
    let key = ObjectKey::parse(&row.name).map_err(AppError::internal)?;
    Ok(Object {
        tag: String::new(),
        uri: app.store().uri_of(&key),
        size: row.size.unsigned_abs(),
        modified_at: Some(utc(row.gmt_create)),
        deletion: deletion_of(&row),
        cannot_change: cannot_change(operator, Some(&row)),
        name: row.name,
        sha256: row.sha256,
        owner_id: row.owner_id,
        previous_name: row.previous_name,
    })
}

fn deletion_of(row: &stored_file::Model) -> Option<Deletion> {
    row.deleted_at.map(|at| Deletion {
        at: utc(at),
        by: row.deleted_by.clone(),
    })
}
