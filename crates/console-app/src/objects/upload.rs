//! Uploads.

use std::io;
use std::pin::pin;

use bytes::Bytes;
use console_db::entity::stored_file;
use console_db::{pending_outputs, resources as resource_rows, retry, stored_files, table_profiles};
use console_model::{ChangeType, ErrorCode, ErrorKind, FieldCode, is_unseen};
use console_storage::{ObjectInfo, ObjectKey, ObjectName, PutMode, PutOptions, StorageError};
use futures_util::{Stream, StreamExt};

use super::{Object, Usage, quota, tell, usage, view};
use crate::rights::{self, Action};
use crate::{App, AppError, Fault, Operator};

/// More versions of one file than these are not counted.
const MAX_VERSIONS: u32 = 10_000;

/// How a file is uploaded.
#[derive(Debug, Clone, Copy, Default)]
pub struct Upload {
    /// Whether a file of that name may be replaced.
    pub replace: bool,
    /// The digest that the bytes must have.
    pub sha256: Option<[u8; 32]>,
}

/// Where an upload goes.
struct Target {
    name: ObjectName,
    mode: PutMode,
    /// Bytes of the user's own files that it replaces.
    freed: u64,
    /// The file of which it is a new version.
    previous: Option<ObjectName>,
    /// The task versions that are not paired and go on with the new version.
    drafts: Vec<Usage>,
}

/// Uploads a file with constant memory. One that a paired task version uses is not replaced: the upload becomes a new
/// version of it, under a name of its own that the answer tells, and the task versions that are not paired go on with
/// that.
///
/// # Errors
/// `object_exists` unless replacing was asked for; `forbidden` to replace the file of somebody else; `empty_object`,
/// `object_too_large`, `user_files_full`, `too_many_uploads`, `checksum_mismatch`, `upload_broken`. Nothing is visible of a file that did not arrive whole.
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
    rights::require(operator, Action::WriteObject)?;
    if let Some(unseen) = name.as_str().chars().find(|character| is_unseen(*character)) {
        let fault = Fault::new(
            FieldCode::HiddenCharacter,
            format!("the name has a character that is not seen: {unseen:?}"),
        );
        return Err(AppError::field("name", fault));
    }
    let under_way = quota::begin(app, operator).await?;
    let mut bytes = pin!(
        bytes
            .filter(|chunk| {
                let empty = chunk.as_ref().is_ok_and(Bytes::is_empty);
                async move { !empty }
            })
            .peekable()
    );
    if bytes.as_mut().peek().await.is_none() {
        let detail = "The file is empty. Choose one with content.";
        return Err(AppError::new(ErrorKind::Invalid, ErrorCode::EmptyObject, detail));
    }
    let target = target(app, operator, name, upload.replace).await?;
    let (of_file, of_user) = (
        app.settings().upload_limit_bytes,
        quota::room(app, operator, target.freed).await?,
    );
    let mut options = PutOptions::new(target.mode).limit(of_file.min(of_user));
    options.sha256 = upload.sha256;
    let key = ObjectKey::user(&target.name);
    // What the user uploads beside it takes of the same room.
    let bytes = bytes.map(|chunk| match chunk {
        Ok(chunk) if under_way.count(chunk.len()) > of_user => Err(io::ErrorKind::QuotaExceeded.into()),
        chunk => chunk,
    });
    match app.store().put(&key, bytes, options).await {
        Ok(info) => stored(app, operator, target, info).await,
        Err(StorageError::Input(error)) if error.kind() == io::ErrorKind::QuotaExceeded => {
            Err(quota::full(app, operator).await?)
        }
        Err(error @ StorageError::Input(_)) => {
            tracing::info!(
                object.name = name.as_str(),
                error = &error as &dyn std::error::Error,
                "upload broke off"
            );
            Err(AppError::new(
                ErrorKind::Invalid,
                ErrorCode::UploadBroken,
                "The upload broke off. Upload the file again.",
            ))
        }
        Err(StorageError::TooLarge { .. }) if of_user < of_file => Err(quota::full(app, operator).await?),
        Err(error) => Err(error.into()),
    }
}

/// Where the upload of a name goes.
async fn target(
    app: &App,
    operator: &Operator,
    name: &ObjectName,
    replace: bool,
) -> Result<Target, AppError> {
    let db = app.db().reader();
    let exists = |detail: &str| AppError::conflict(ErrorCode::ObjectExists, detail);
    if pending_outputs::find(db, name.as_str()).await?.is_some() {
        return Err(exists("A run writes a file of this name. Choose another name."));
    }
    let known = stored_files::find(db, name.as_str()).await?;
    let is_deleted = known.as_ref().is_some_and(|row| row.deleted_at.is_some());
    let is_there = match app.store().head(&ObjectKey::user(name)).await {
        Ok(_) => true,
        Err(StorageError::NotFound { .. }) => false,
        Err(error) => return Err(error.into()),
    };
    let usages = usage::of(app, name).await?;
    let (paired, drafts): (Vec<Usage>, Vec<Usage>) = usages.into_iter().partition(|usage| usage.is_paired);
    let new = Target {
        name: name.clone(),
        mode: PutMode::CreateNew,
        freed: 0,
        previous: None,
        drafts: Vec::new(),
    };
    if paired.is_empty() && !is_there {
        return Ok(new);
    }
    if !replace {
        return Err(match is_deleted {
            true => exists(
                "A paired task uses a file of this name, whose content was deleted. Choose another name, or upload it \
                 as a new version.",
            ),
            false => exists("An object of this name exists already. Choose another name, or replace it."),
        });
    }
    let owner = known.as_ref().and_then(|row| row.owner_id.as_deref());
    rights::require(operator, Action::DeleteObject { owner })?;
    if paired.is_empty() && !is_deleted {
        let is_own = |row: &&stored_file::Model| row.owner_id.as_deref() == Some(operator.id.as_str());
        return Ok(Target {
            mode: PutMode::Replace,
            freed: known
                .as_ref()
                .filter(is_own)
                .map_or(0, |row| row.size.unsigned_abs()),
            ..new
        });
    }
    Ok(Target {
        name: next_version(app, name).await?,
        previous: Some(name.clone()),
        drafts,
        ..new
    })
}

/// The first free name of the form `<stem>-v<number><extension>`.
async fn next_version(app: &App, name: &ObjectName) -> Result<ObjectName, AppError> {
    let (stem, extension) = name.stem_and_extension();
    let counted = stem
        .rsplit_once("-v")
        .filter(|(stem, _)| !stem.is_empty())
        .and_then(|(stem, number)| Some((stem, number.parse::<u32>().ok()?)));
    let (stem, number) = counted.unwrap_or((stem, 1));
    for number in number.saturating_add(1)..=MAX_VERSIONS {
        let suffix = format!("-v{number}{extension}");
        let room = ObjectName::MAX_BYTES.saturating_sub(suffix.len());
        let stem = &stem[..stem.floor_char_boundary(room)];
        let candidate =
            ObjectName::parse(&format!("{stem}{suffix}")).map_err(|error| AppError::field("name", error))?;
        let known = stored_files::find(app.db().reader(), candidate.as_str()).await?;
        let head = app.store().head(&ObjectKey::user(&candidate)).await;
        match head {
            Err(StorageError::NotFound { .. }) if known.is_none() => return Ok(candidate),
            Ok(_) | Err(StorageError::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(AppError::conflict(
        ErrorCode::ObjectExists,
        "The file has too many versions. Choose another name.",
    ))
}

/// Notes what is known of a file that was just stored, and tells operators of it.
async fn stored(
    app: &App,
    operator: &Operator,
    target: Target,
    info: ObjectInfo,
) -> Result<Object, AppError> {
    let known = retry(async || -> Result<_, AppError> {
        let tx = app.db().begin().await?;
        let row = stored_files::insert(
            &tx,
            stored_files::NewFile {
                name: target.name.as_str(),
                sha256: info.sha256.map(hex::encode),
                size: info.size,
                owner: Some(operator.id.as_str()),
                previous_name: target.previous.as_ref().map(ObjectName::as_str),
            },
        )
        .await?;
        stored_files::note_replaced(&tx, &row, &operator.id).await?;
        table_profiles::delete(&tx, None, &row.name).await?;
        if let Some(previous) = &target.previous {
            let (from, to) = (ObjectKey::user(previous), app.store().uri_of(&info.key));
            for draft in &target.drafts {
                for mut row in resource_rows::of_task(&tx, &draft.task_id).await? {
                    let uri = row.uri.as_deref().unwrap_or_default();
                    if app.store().key_of_uri(uri).is_ok_and(|key| key == from) {
                        row.uri = Some(to.clone());
                        resource_rows::save(&tx, row).await?;
                    }
                }
            }
        }
        tx.commit().await?;
        Ok(row)
    })
    .await?;
    let what = match target.mode {
        PutMode::Replace => ChangeType::Updated,
        PutMode::CreateNew => ChangeType::Created,
    };
    tell(app, target.name.as_str(), what).await;
    Ok(view(app, operator, &info, Some(known)))
}
