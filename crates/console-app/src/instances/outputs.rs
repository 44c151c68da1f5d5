//! Who wrote an object: a run may replace what its own task version wrote, and nothing else.
//!
//! Beside each object that an engine writes lies a note in the console's own area of the store. It names the task version
//! and the content that the version left there, so that what an operator or another program put in its place since is
//! seen to be somebody else's.

use bytes::Bytes;
use console_model::TaskId;
use console_storage::{ObjectInfo, ObjectKey, ObjectName, PutMode, PutOptions, StorageError};
use serde::{Deserialize, Serialize};
use task_interface::host::HostError;

use super::host::storage;
use crate::App;
use crate::objects::tag;

/// The most bytes of a note.
const NOTE_BYTES: u64 = 4096;

/// What lies beside an object that a run wrote.
#[derive(Serialize, Deserialize)]
struct Note {
    task: String,
    /// The content's tag; none from the moment before the object is written until it is there.
    tag: Option<String>,
}

/// How an object of a name may be written by a run of a task version.
///
/// # Errors
/// [`HostError::Invalid`] when somebody else's object is there. The partner may read it, so it names nothing.
pub(super) async fn mode(app: &App, task: &TaskId, name: &ObjectName) -> Result<PutMode, HostError> {
    let there = match app.store().head(&ObjectKey::user(name)).await {
        Ok(there) => there,
        Err(StorageError::NotFound { .. }) => return Ok(PutMode::CreateNew),
        Err(error) => return Err(storage(error)),
    };
    let note = match app.store().get_bytes(&ObjectKey::note(name), NOTE_BYTES).await {
        Ok(note) => serde_json::from_slice::<Note>(&note).ok(),
        Err(StorageError::NotFound { .. }) => None,
        Err(error) => return Err(storage(error)),
    };
    let ours = note.is_some_and(|note| {
        note.task == task.as_str() && note.tag.is_none_or(|written| written == tag(&there))
    });
    if ours { Ok(PutMode::Replace) } else { Err(taken()) }
}

pub(super) fn taken() -> HostError {
    HostError::Invalid("an object of that name is there already, and this task did not write it".to_owned())
}

/// Notes, before an object is written, whose it will be.
pub(super) async fn announce(app: &App, task: &TaskId, name: &ObjectName) -> Result<(), HostError> {
    note(app, task, name, None).await
}

/// Notes what was written.
pub(super) async fn written(
    app: &App,
    task: &TaskId,
    name: &ObjectName,
    info: &ObjectInfo,
) -> Result<(), HostError> {
    note(app, task, name, Some(tag(info))).await
}

async fn note(app: &App, task: &TaskId, name: &ObjectName, tag: Option<String>) -> Result<(), HostError> {
    let note = Note {
        task: task.to_string(),
        tag,
    };
    let text = serde_json::to_vec(&note).map_err(|error| HostError::Invalid(error.to_string()))?;
    let (key, options) = (ObjectKey::note(name), PutOptions::new(PutMode::Replace));
    let put = app.store().put_bytes(&key, Bytes::from(text), options);
    put.await.map(drop).map_err(storage)
}

/// Forgets who wrote an object: it is, or will be, an operator's.
pub(crate) async fn forget(app: &App, name: &ObjectName) -> Result<(), StorageError> {
    app.store().delete(&ObjectKey::note(name)).await
}
