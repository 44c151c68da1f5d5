//! Deleting the content of files.
//!
//! The row that says so is there before the bytes go, so what was begun is done, after a failure by [`erase_deleted`]. It
//! stays as a tombstone with name, digest, size and date; task versions and runs that used the file go on to tell of it.

use console_db::entity::{stored_file, task_intra};
use console_db::{instances, resources as resource_rows, stored_files, table_profiles, utc};
use console_model::{ChangeType, ErrorCode, ErrorKind, InstanceStatus, TaskId};
use console_storage::{ObjectInfo, ObjectKey, ObjectName, StorageError};
use futures_util::TryStreamExt as _;
use sha2::{Digest as _, Sha256};

use super::{Usage, deletion_of, tell, usage};
use crate::instances::outputs;
use crate::resources::Resource;
use crate::rights::{self, Action};
use crate::{App, AppError, Operator};

/// Most contents that one pass deletes.
const BATCH_SIZE: u64 = 100;

/// Deletes the content of a file, whatever uses it; what would read it afterwards is refused. What is known of it stays.
///
/// # Errors
/// `not_found`, `object_deleted`; `forbidden` for the file of somebody else; `object_in_use` while a run may read it.
pub async fn delete(app: &App, operator: &Operator, name: &ObjectName) -> Result<(), AppError> {
    rights::require(operator, Action::WriteObject)?;
    outputs::refuse_pending(app, name.as_str()).await?;
    let known = stored_files::find(app.db().reader(), name.as_str()).await?;
    refuse(known.as_ref())?;
    let info = app.store().head(&ObjectKey::user(name)).await?;
    let owner = known.as_ref().and_then(|row| row.owner_id.as_deref());
    rights::require(operator, Action::DeleteObject { owner })?;
    refuse_read(app, &usage::of(app, name).await?).await?;
    let row = note(app, operator, known, info).await?;
    erase(app, &row).await
}

/// Refuses while a run of a task version that uses the file may read it.
async fn refuse_read(app: &App, usages: &[Usage]) -> Result<(), AppError> {
    let tasks: Vec<&TaskId> = usages.iter().map(|usage| &usage.task_id).collect();
    let runs = instances::of_tasks(app.db().reader(), &tasks, InstanceStatus::WITH_ENGINE, 1).await?;
    let Some(run) = runs.first() else {
        return Ok(());
    };
    let task = usages.iter().find(|usage| usage.task_id == run.task_intra_id);
    let task = task
        .and_then(|usage| usage.task_name.as_deref())
        .unwrap_or("a task");
    Err(AppError::conflict(
        ErrorCode::ObjectInUse,
        format!("A run of {task} reads the file. Stop the run, or wait until it has ended."),
    )
    .zh(format!(
        "{task} 的运行正在读取此文件。请停止该运行，或等待其结束。"
    )))
}

/// Writes the tombstone. A file of which nothing is known is read once, for its digest.
async fn note(
    app: &App,
    operator: &Operator,
    known: Option<stored_file::Model>,
    info: ObjectInfo,
) -> Result<stored_file::Model, AppError> {
    let known_digest = known.as_ref().and_then(|row| row.sha256.clone());
    let digest = match known_digest {
        Some(digest) => digest,
        None => digest_of(app, &info.key).await?,
    };
    let tx = app.db().begin().await?;
    let row = match known {
        Some(row) => row,
        None => {
            let new = stored_files::NewFile {
                name: info.key.as_str(),
                sha256: None,
                size: info.size,
                owner: None,
                previous_name: None,
            };
            stored_files::insert(&tx, new).await?
        }
    };
    stored_files::note_deletion(&tx, row.id, &operator.id, &digest).await?;
    tx.commit().await?;
    tracing::info!(object.name = row.name, operator.id = %operator.id, "the content of a file is deleted");
    Ok(row)
}

async fn digest_of(app: &App, key: &ObjectKey) -> Result<String, AppError> {
    let (_, mut chunks) = app.store().get(key, None).await?;
    let mut hasher = Sha256::new();
    let broken = |error| AppError::unavailable("The file cannot be read now. Try again in a moment.", error);
    while let Some(chunk) = chunks.try_next().await.map_err(broken)? {
        hasher.update(&chunk);
    }
    Ok(hex::encode(hasher.finalize()))
}

/// Deletes the bytes of a file that has its tombstone.
async fn erase(app: &App, row: &stored_file::Model) -> Result<(), AppError> {
    let key = ObjectKey::parse(&row.name).map_err(AppError::internal)?;
    match app.store().delete(&key).await {
        Ok(()) | Err(StorageError::NotFound { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    // What was found in it holds values of it.
    table_profiles::delete(app.db().writer(), row.sha256.as_deref(), &row.name).await?;
    stored_files::note_erased(app.db().writer(), row.id).await?;
    tell(app, &row.name, ChangeType::Deleted).await;
    Ok(())
}

/// Deletes the bytes whose deletion was begun and broke off. One that cannot be deleted does not keep the others.
///
/// # Errors
/// When the object store or the database does not answer.
pub(crate) async fn erase_deleted(app: &App) -> Result<(), AppError> {
    let mut done = Ok(());
    for row in stored_files::to_erase(app.db().reader(), BATCH_SIZE).await? {
        if let Err(error) = erase(app, &row).await {
            tracing::warn!(
                object.name = row.name,
                error = &error as &dyn std::error::Error,
                "a file is not erased"
            );
            done = Err(error);
        }
    }
    done
}

/// Refuses a file whose content was deleted.
///
/// # Errors
/// `object_deleted`; when the database does not answer.
pub(crate) async fn refuse_deleted(app: &App, name: &str) -> Result<(), AppError> {
    refuse(stored_files::find(app.db().reader(), name).await?.as_ref())
}

/// As [`refuse_deleted`], of what is known already.
pub(super) fn refuse(known: Option<&stored_file::Model>) -> Result<(), AppError> {
    match known.and_then(|row| Some((&row.name, row.deleted_at?))) {
        Some((name, at)) => {
            let detail = format!("The content of {name} was deleted on {}.", day(at));
            Err(
                AppError::new(ErrorKind::NotFound, ErrorCode::ObjectDeleted, detail)
                    .zh(format!("{name} 的内容已于 {} 删除。", day(at))),
            )
        }
        None => Ok(()),
    }
}

/// Notes of attached objects whose content was deleted that it was.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn note_deletions(app: &App, resources: &mut [Resource]) -> Result<(), AppError> {
    let known = known_of(app, resources.iter().map(|resource| resource.uri.as_str())).await?;
    for resource in resources {
        let key = app.store().key_of_uri(&resource.uri).ok();
        let row = known
            .iter()
            .find(|row| key.as_ref().is_some_and(|key| key.as_str() == row.name));
        resource.deletion = row.and_then(deletion_of);
    }
    Ok(())
}

/// Refuses a task version that uses a file whose content was deleted.
///
/// # Errors
/// `input_deleted`; when the database does not answer.
pub(crate) async fn refuse_deleted_inputs(app: &App, task: &task_intra::Model) -> Result<(), AppError> {
    let attached = resource_rows::of_task(app.db().reader(), &task.id).await?;
    let known = known_of(app, attached.iter().filter_map(|row| row.uri.as_deref())).await?;
    let deleted = known.iter().find_map(|row| Some((&row.name, row.deleted_at?)));
    match deleted {
        Some((name, at)) => Err(AppError::conflict(
            ErrorCode::InputDeleted,
            format!(
                "The content of {name} was deleted on {}. Make a new version of the task and attach another file.",
                day(at)
            ),
        )
        .zh(format!(
            "{name} 的内容已于 {} 删除。请建立任务的新版本并附加其他文件。",
            day(at)
        ))),
        None => Ok(()),
    }
}

/// What is known of the files at some URIs.
async fn known_of(app: &App, uris: impl Iterator<Item = &str>) -> Result<Vec<stored_file::Model>, AppError> {
    let keys: Vec<ObjectKey> = uris.filter_map(|uri| app.store().key_of_uri(uri).ok()).collect();
    let names: Vec<&str> = keys.iter().map(ObjectKey::as_str).collect();
    Ok(stored_files::among(app.db().reader(), &names).await?)
}

fn day(at: chrono::NaiveDateTime) -> String {
    utc(at).format("%Y-%m-%d").to_string()
}
