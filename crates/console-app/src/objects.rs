//! Files of the operators in the object store.

use std::collections::HashMap;
use std::io;
use std::ops::Range;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use console_db::changes::note_object;
use console_db::{pending_outputs, resources as resource_rows, retry};
use console_model::{ChangeType, ErrorKind};
use console_storage::{ByteStream, ObjectInfo, ObjectKey, ObjectName, PutMode, PutOptions, StorageError};
use futures_util::{Stream, StreamExt};

use crate::instances::outputs;
use crate::rights::{self, Action};
use crate::{App, AppError, Operator};

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
}

/// A file of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The file.
    pub object: Object,
    /// How many task versions use it.
    pub uses: u64,
}

/// How a file is uploaded.
#[derive(Debug, Clone, Copy, Default)]
pub struct Upload {
    /// Whether a file of that name may be replaced.
    pub replace: bool,
    /// The digest that the bytes must have.
    pub sha256: Option<[u8; 32]>,
}

/// A task version that a file is attached to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// The task version.
    pub task_id: String,
    /// Name of the task.
    pub task_name: Option<String>,
    /// Its version.
    pub task_version: Option<String>,
}

/// Files by name, from behind `after`, with how often each is used; the flag tells whether more follow.
///
/// # Errors
/// When the object store does not answer.
pub async fn list(
    app: &App,
    operator: &Operator,
    after: Option<&ObjectName>,
    limit: usize,
) -> Result<(Vec<Listed>, bool), AppError> {
    rights::require(operator, Action::Read)?;
    let after = after.map(ObjectKey::user);
    let page = app.store().list_user(after.as_ref(), limit).await?;
    let names: Vec<&str> = page.objects.iter().map(|info| info.key.as_str()).collect();
    let pending = pending_outputs::among(app.db().reader(), &names).await?;
    let mut uses: HashMap<String, u64> = HashMap::new();
    for used in resource_rows::used_uris(app.db().reader(), &names).await? {
        if let Ok(key) = app.store().key_of_uri(&used.uri) {
            *uses.entry(key.as_str().to_owned()).or_default() += used.uses.unsigned_abs();
        }
    }
    let listed = |info: ObjectInfo| Listed {
        uses: uses.get(info.key.as_str()).copied().unwrap_or(0),
        object: view(app, info),
    };
    let seen = page
        .objects
        .iter()
        .filter(|info| !pending.iter().any(|name| name == info.key.as_str()));
    Ok((seen.cloned().map(listed).collect(), page.more))
}

/// One file and the task versions that use it.
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
    let info = app.store().head(&ObjectKey::user(name)).await?;
    Ok((view(app, info), usages(app, name).await?))
}

/// Uploads a file with constant memory.
///
/// # Errors
/// `object_exists` unless replacing was asked for; `empty_object`, `object_too_large`, `checksum_mismatch`,
/// `upload_broken`. Nothing is visible of a file that did not arrive whole.
pub async fn upload<S>(
    app: &App,
    operator: &Operator,
    name: &ObjectName,
    bytes: S,
    upload: Upload,
) -> Result<Object, AppError>
where
    S: Stream<Item = io::Result<Bytes>>,
{
    rights::require(
        operator,
        if upload.replace {
            Action::DeleteObject
        } else {
            Action::WriteObject
        },
    )?;
    let mode = if upload.replace {
        PutMode::Replace
    } else {
        PutMode::CreateNew
    };
    let mut options = PutOptions::new(mode).limit(app.settings().upload_limit_bytes);
    options.sha256 = upload.sha256;
    let mut bytes = Box::pin(bytes.filter(|chunk| {
        let empty = chunk.as_ref().is_ok_and(Bytes::is_empty);
        async move { !empty }
    }))
    .peekable();
    if std::pin::Pin::new(&mut bytes).peek().await.is_none() {
        let detail = "The file is empty. Choose one with content.";
        return Err(AppError::new(ErrorKind::Invalid, "empty_object", detail));
    }
    if pending_outputs::find(app.db().reader(), name.as_str())
        .await?
        .is_some()
    {
        let detail = "A run writes a file of this name. Choose another name.";
        return Err(AppError::conflict("object_exists", detail));
    }
    match app.store().put(&ObjectKey::user(name), bytes, options).await {
        Ok(info) => {
            tell(
                app,
                name.as_str(),
                if upload.replace {
                    ChangeType::Updated
                } else {
                    ChangeType::Created
                },
            )
            .await;
            Ok(view(app, info))
        }
        Err(error @ StorageError::Input(_)) => {
            tracing::info!(
                object.name = name.as_str(),
                error = &error as &dyn std::error::Error,
                "upload broke off"
            );
            Err(AppError::new(
                ErrorKind::Invalid,
                "upload_broken",
                "The upload broke off. Upload the file again.",
            ))
        }
        Err(error) => Err(error.into()),
    }
}

/// Opens a file, all of it or a range of bytes.
///
/// # Errors
/// `not_found`; `invalid_range` when the range does not lie in the file.
pub async fn download(
    app: &App,
    operator: &Operator,
    name: &ObjectName,
    range: Option<Range<u64>>,
) -> Result<(ObjectInfo, ByteStream), AppError> {
    rights::require(operator, Action::Read)?;
    outputs::refuse_pending(app, name.as_str()).await?;
    app.store()
        .get(&ObjectKey::user(name), range)
        .await
        .map_err(|error| match error {
            StorageError::InvalidRange { size } => {
                let detail = format!("The file has {size} bytes; the range lies outside.");
                AppError::new(ErrorKind::Invalid, "invalid_range", detail)
            }
            error => error.into(),
        })
}

/// Deletes a file that no task version uses.
///
/// # Errors
/// `not_found`; `object_in_use` with the task versions.
pub async fn delete(app: &App, operator: &Operator, name: &ObjectName) -> Result<(), AppError> {
    rights::require(operator, Action::DeleteObject)?;
    let key = ObjectKey::user(name);
    outputs::refuse_pending(app, name.as_str()).await?;
    app.store().head(&key).await?;
    let used = usages(app, name).await?;
    if let Some(first) = used.first() {
        let task = first.task_name.as_deref().unwrap_or(&first.task_id);
        let more = match used.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        let detail = format!("The file is attached to the task {task}{more}. Detach it there first.");
        return Err(AppError::conflict("object_in_use", detail));
    }
    app.store().delete(&key).await?;
    tell(app, name.as_str(), ChangeType::Deleted).await;
    Ok(())
}

/// Tells operators of a file that was written or removed. What is done is done, so nobody is told of a failure.
pub(crate) async fn tell(app: &App, name: &str, what: ChangeType) {
    if let Err(error) = retry(async || note_object(app.db(), name, what).await).await {
        let error: &dyn std::error::Error = &error;
        tracing::warn!(object.name = name, error, "operators are not told of a file");
    }
}

/// The part of a URI before the bucket is not reliable, so the end of it is looked for, then resolved.
async fn usages(app: &App, name: &ObjectName) -> Result<Vec<Usage>, AppError> {
    let key = ObjectKey::user(name);
    let found = resource_rows::with_tail_of(app.db().reader(), key.as_str()).await?;
    let same = |uri: &str| app.store().key_of_uri(uri).is_ok_and(|other| other == key);
    let used = found
        .into_iter()
        .filter(|used| used.uri.as_deref().is_some_and(same));
    Ok(used
        .map(|used| Usage {
            task_id: used.task_id,
            task_name: used.task_name,
            task_version: used.task_version,
        })
        .collect())
}

/// Another text for other content: the store's own, or made of size and time.
pub(crate) fn tag(info: &ObjectInfo) -> String {
    let micros = info.modified.map_or(0, |at| at.timestamp_micros());
    let made = || format!("{:x}-{micros:x}", info.size);
    info.etag
        .as_deref()
        .map_or_else(made, |tag| tag.trim_matches('"').to_owned())
}

fn view(app: &App, info: ObjectInfo) -> Object {
    Object {
        tag: tag(&info),
        name: info.key.as_str().to_owned(),
        uri: app.store().uri_of(&info.key),
        size: info.size,
        modified_at: info.modified,
    }
}
