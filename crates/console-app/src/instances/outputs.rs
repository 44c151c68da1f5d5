//! Who wrote an object: a run may replace what its own task version wrote, and nothing else.
//!
//! For each run that wrote an object a note lies in the console's own area of the store. It names the task version and the
//! content that the run left there, so that what an operator or another program put in its place since is seen to be
//! somebody else's. Each run has a note of its own, since runs of one version may write at the same time: whoever wrote
//! last has noted what is there, whichever note was written last.

use bytes::Bytes;
use console_model::{InstanceId, TaskId};
use console_storage::{KeyPrefix, ObjectKey, ObjectName, PutMode, PutOptions, StorageError};
use serde::{Deserialize, Serialize};
use task_interface::ByteStream;
use task_interface::host::HostError;

use super::host::storage;
use crate::App;
use crate::objects::tag;

/// The most bytes of a note.
const NOTE_BYTES: u64 = 4096;
/// The most notes of one object that are looked at; those that are out of date are removed with every write.
const NOTES: usize = 1000;

/// What a run notes of an object that it writes.
#[derive(Serialize, Deserialize)]
struct Note {
    task: String,
    /// The content's tag; none from the moment before the object is written until it is there.
    tag: Option<String>,
}

/// A run that writes an object.
pub(super) struct Output<'a> {
    pub(super) app: &'a App,
    pub(super) instance: &'a InstanceId,
    pub(super) task: &'a TaskId,
    pub(super) name: ObjectName,
}

impl Output<'_> {
    /// How the object may be written.
    ///
    /// # Errors
    /// [`HostError::Invalid`] when somebody else's object is there. The partner may read it, so it names nothing.
    pub(super) async fn mode(&self) -> Result<PutMode, HostError> {
        let mut there = self.there().await?;
        while let Some(found) = &there {
            let ours = |note: &Note| {
                note.task == self.task.as_str() && note.tag.as_ref().is_none_or(|written| written == found)
            };
            if self.notes().await?.iter().any(|(_, note)| ours(note)) {
                return Ok(PutMode::Replace);
            }
            let now = self.there().await?;
            if now == there {
                return Err(taken());
            }
            // Written while the notes were read, so they may tell of what came later.
            there = now;
        }
        Ok(PutMode::CreateNew)
    }

    /// Writes the object. Gives its URI.
    ///
    /// # Errors
    /// As [`Output::mode`], and when the store does not answer.
    pub(super) async fn write(&self, bytes: ByteStream) -> Result<String, HostError> {
        let key = ObjectKey::user(&self.name);
        let options = PutOptions::new(self.mode().await?);
        self.note(None).await?;
        match self.app.store().put(&key, bytes, options).await {
            Ok(_) => self.written().await?,
            Err(StorageError::AlreadyExists { .. }) => {
                let note = ObjectKey::note(&self.name, self.instance);
                self.app.store().delete(&note).await.map_err(storage)?;
                // Another run of the same version was first, meanwhile: as good as if it had replaced ours at once.
                self.mode().await?;
            }
            Err(error) => return Err(storage(error)),
        }
        Ok(self.app.store().uri_of(&key))
    }

    /// Notes what is there now, and removes the notes of what is not.
    async fn written(&self) -> Result<(), HostError> {
        let Some(there) = self.there().await? else {
            return Ok(());
        };
        self.note(Some(there.clone())).await?;
        let notes = self.notes().await?;
        if self.there().await?.as_ref() != Some(&there) {
            // Another run wrote meanwhile, and removes them.
            return Ok(());
        }
        for (key, note) in notes {
            if note.tag.is_some_and(|written| written != there) {
                self.app.store().delete(&key).await.map_err(storage)?;
            }
        }
        Ok(())
    }

    /// The tag of the object that is there.
    async fn there(&self) -> Result<Option<String>, HostError> {
        match self.app.store().head(&ObjectKey::user(&self.name)).await {
            Ok(there) => Ok(Some(tag(&there))),
            Err(StorageError::NotFound { .. }) => Ok(None),
            Err(error) => Err(storage(error)),
        }
    }

    async fn notes(&self) -> Result<Vec<(ObjectKey, Note)>, HostError> {
        let store = self.app.store();
        let listed = store.list(&KeyPrefix::notes(&self.name), None, NOTES).await;
        let mut notes = Vec::new();
        for object in listed.map_err(storage)?.objects {
            match store.get_bytes(&object.key, NOTE_BYTES).await {
                Ok(text) => notes.extend(serde_json::from_slice(&text).ok().map(|note| (object.key, note))),
                // Removed by another run since.
                Err(StorageError::NotFound { .. }) => {}
                Err(error) => return Err(storage(error)),
            }
        }
        Ok(notes)
    }

    async fn note(&self, tag: Option<String>) -> Result<(), HostError> {
        let note = Note {
            task: self.task.to_string(),
            tag,
        };
        let text = serde_json::to_vec(&note).map_err(|error| HostError::Invalid(error.to_string()))?;
        let key = ObjectKey::note(&self.name, self.instance);
        let put = self
            .app
            .store()
            .put_bytes(&key, Bytes::from(text), PutOptions::new(PutMode::Replace));
        put.await.map(drop).map_err(storage)
    }
}

fn taken() -> HostError {
    HostError::Invalid("an object of that name is there already, and this task did not write it".to_owned())
}

/// Forgets who wrote an object: it is, or will be, an operator's.
pub(crate) async fn forget(app: &App, name: &ObjectName) -> Result<(), StorageError> {
    app.store().delete_prefix(&KeyPrefix::notes(name)).await
}
