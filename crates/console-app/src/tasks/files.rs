//! The beginnings of a task version's files, for an engine that looks at them before anything runs.

use std::time::Duration;

use console_db::entity::resource;
use futures_util::StreamExt;
use task_interface::{FILE_BEGINNING_BYTES, FileBeginning};

use crate::{App, AppError};
use console_model::TaskId;

/// More files than these are not looked at.
const MAX_FILES: usize = 16;
/// A storage that does not answer holds up nobody who saves a config.
const PATIENCE: Duration = Duration::from_secs(5);

/// The beginnings of what is attached to a version; without those that cannot be read now.
pub(super) async fn beginnings(app: &App, task: &TaskId) -> Result<Vec<FileBeginning>, AppError> {
    let attached = console_db::resources::of_task(app.db().reader(), task).await?;
    let read = attached
        .into_iter()
        .take(MAX_FILES)
        .map(|row| beginning(app, row));
    let read = tokio::time::timeout(PATIENCE, futures_util::future::join_all(read)).await;
    Ok(read.unwrap_or_default().into_iter().flatten().collect())
}

async fn beginning(app: &App, row: resource::Model) -> Option<FileBeginning> {
    let key = app.store().key_of_uri(&row.uri?).ok()?;
    let range = 0..FILE_BEGINNING_BYTES as u64;
    let (_, mut chunks) = app.store().get(&key, Some(range)).await.ok()?;
    let mut bytes = Vec::new();
    while let Some(chunk) = chunks.next().await {
        bytes.extend_from_slice(&chunk.ok()?);
    }
    bytes.truncate(FILE_BEGINNING_BYTES);
    Some(FileBeginning::new(row.name?, bytes))
}
