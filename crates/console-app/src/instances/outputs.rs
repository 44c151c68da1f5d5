//! What runs write for operators.
//!
//! Every attempt writes under a name of its own, so no run can touch what another one wrote. A row in `pending_output` is
//! there before the object is: as long as it is, operators do not see the object. [`settle`] removes the row when both
//! sides have ended well, and the object with it when either has not.

use chrono::{TimeDelta, Utc};
use console_db::changes::note_object;
use console_db::entity::{pending_output, task_instance};
use console_db::{instances, pending_outputs as rows, retry, stored_files, tasks, utc};
use console_model::{ChangeType, InstanceId, InstanceStatus, TaskId};
use console_storage::{KeyError, ObjectKey, ObjectName, PutMode, PutOptions, StorageError};
use task_interface::ByteStream;
use task_interface::host::HostError;

use super::host::{invalid, storage, unavailable};
use crate::reconcile::Pass;
use crate::{App, AppError};

/// So many characters of a run's id tell its objects from those of other runs.
const ID_CHARACTERS: usize = 8;
/// Most rows that are looked at in one statement.
const BATCH_SIZE: u64 = 200;

/// An attempt of a run that writes an object.
pub(super) struct Output<'a> {
    pub(super) app: &'a App,
    pub(super) instance: &'a InstanceId,
    pub(super) attempt: i32,
    pub(super) name: ObjectName,
}

/// The name of an attempt's own that begins like the one that its engine gives.
pub(super) fn own_name(given: &str, instance: &InstanceId, attempt: i32) -> Result<ObjectName, HostError> {
    // What an engine writes is found by the last part of its URI.
    if given.contains('/') {
        return Err(invalid(KeyError::Character('/')));
    }
    let given = ObjectName::parse(given).map_err(invalid)?;
    let id: String = instance.as_str().chars().take(ID_CHARACTERS).collect();
    let suffix = match attempt {
        1 => format!("-{id}"),
        attempt => format!("-{id}-{attempt}"),
    };
    let (stem, extension) = given.stem_and_extension();
    let room = ObjectName::MAX_BYTES.saturating_sub(suffix.len() + extension.len());
    let stem = &stem[..stem.floor_char_boundary(room)];
    ObjectName::parse(&format!("{stem}{suffix}{extension}")).map_err(invalid)
}

impl Output<'_> {
    /// Whether the object may be written: the name is free, or this attempt wrote it before.
    ///
    /// # Errors
    /// [`HostError::Invalid`] when somebody else's object is there. The partner may read it, so it names nothing.
    pub(super) async fn mode(&self) -> Result<PutMode, HostError> {
        let db = self.app.db().reader();
        let pending = rows::find(db, self.name.as_str()).await.map_err(unavailable)?;
        match pending {
            Some(row) if row.instance_id == self.instance.as_str() && row.attempt == self.attempt => {
                Ok(PutMode::Replace)
            }
            Some(_) => Err(taken()),
            None => match self.app.store().head(&ObjectKey::user(&self.name)).await {
                Err(StorageError::NotFound { .. }) => Ok(PutMode::CreateNew),
                Ok(_) => Err(taken()),
                Err(error) => Err(storage(error)),
            },
        }
    }

    /// Writes the object, which nobody sees yet. Gives its URI.
    ///
    /// # Errors
    /// As [`Output::mode`], and when the store or the database does not answer.
    pub(super) async fn write(&self, bytes: ByteStream) -> Result<String, HostError> {
        self.mode().await?;
        let writer = self.app.db().writer();
        rows::insert(writer, self.name.as_str(), self.instance, self.attempt)
            .await
            .map_err(unavailable)?;
        // Whoever was first has the row.
        let mode = self.mode().await?;
        let key = ObjectKey::user(&self.name);
        self.app
            .store()
            .put(&key, bytes, PutOptions::new(mode))
            .await
            .map_err(storage)?;
        Ok(self.app.store().uri_of(&key))
    }

    /// Removes the object, if this attempt wrote it.
    ///
    /// # Errors
    /// When the store or the database does not answer.
    pub(super) async fn remove(&self) -> Result<(), HostError> {
        let db = self.app.db().reader();
        let pending = rows::find(db, self.name.as_str()).await.map_err(unavailable)?;
        match pending {
            Some(row) if row.instance_id == self.instance.as_str() && row.attempt == self.attempt => {
                discard(self.app, &row).await.map_err(unavailable)
            }
            _ => Ok(()),
        }
    }
}

fn taken() -> HostError {
    HostError::Invalid("an object of that name is there already, and this run did not write it".to_owned())
}

/// What becomes of an object that a run wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is not known yet.
    Waits,
    /// Both sides have ended well: everybody may see it.
    Published,
    /// One side has not: it goes.
    Discarded,
}

/// One pass: shows the outputs of runs that ended well on both sides, and removes those of runs that did not, and what
/// operators deleted.
///
/// # Errors
/// When the object store or the database does not answer.
pub(crate) async fn settle(app: App) -> Result<Pass, AppError> {
    // What cannot be erased must not keep outputs from being shown.
    let erased = crate::objects::erase_deleted(&app).await;
    let mut behind = 0;
    loop {
        let found = rows::list(app.db().reader(), behind, BATCH_SIZE).await?;
        let Some(last) = found.last() else {
            return erased.map(|()| Pass::Idle);
        };
        behind = last.id;
        for row in found {
            let run = instances::find(app.db().reader(), &row.instance_id).await?;
            match fate(&app, &row, run.as_ref())? {
                Fate::Waits => {}
                Fate::Published => {
                    let task = run.as_ref().map(|run| run.task_intra_id.as_str());
                    publish(&app, &row.instance_id, task, &row).await?;
                }
                Fate::Discarded => discard(&app, &row).await?,
            }
        }
    }
}

fn fate(
    app: &App,
    row: &pending_output::Model,
    run: Option<&task_instance::Model>,
) -> Result<Fate, AppError> {
    let Some(run) = run.filter(|run| run.attempt == row.attempt) else {
        return Ok(Fate::Discarded);
    };
    match run.status {
        InstanceStatus::Succeeded => Ok(of_partner(app, run)),
        // What still writes ends first.
        status if status.is_terminal() && app.jobs().get(&run.id).is_none() => Ok(Fate::Discarded),
        _ => Ok(Fate::Waits),
    }
}

/// Our half has ended well. Engines end together, so the partner's word is missing for a moment only; when it does not come
/// at all, our half stands alone.
fn of_partner(app: &App, run: &task_instance::Model) -> Fate {
    let theirs = run
        .partner_status
        .and_then(|number| InstanceStatus::from_number(number).ok());
    let of_this_attempt = run.partner_attempt == 0 || run.partner_attempt == run.attempt;
    match theirs.filter(|_| of_this_attempt) {
        Some(InstanceStatus::Succeeded) => Fate::Published,
        Some(InstanceStatus::Failed | InstanceStatus::Stopped | InstanceStatus::Lost) => Fate::Discarded,
        _ if run.gone_at.is_some() || run.partner_id.is_none() => Fate::Published,
        _ => {
            let patience =
                TimeDelta::from_std(app.settings().federation.lost_after).unwrap_or(TimeDelta::MAX);
            let ended = run.gmt_end.map(utc);
            match ended.is_some_and(|ended| Utc::now() - ended > patience) {
                true => Fate::Published,
                false => Fate::Waits,
            }
        }
    }
}

async fn publish(
    app: &App,
    id: &InstanceId,
    task: Option<&str>,
    row: &pending_output::Model,
) -> Result<(), AppError> {
    let owner = match task.and_then(|task| TaskId::parse(task).ok()) {
        Some(task) => tasks::find(app.db().reader(), &task)
            .await?
            .map(|task| task.owner_id),
        None => None,
    };
    let name = ObjectName::parse(&row.name).map_err(AppError::internal)?;
    let size = match app.store().head(&ObjectKey::user(&name)).await {
        Ok(info) => Some(info.size),
        Err(StorageError::NotFound { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    retry(async || -> Result<(), AppError> {
        let tx = app.db().begin().await?;
        rows::delete(&tx, row.id).await?;
        if let Some(size) = size {
            let file = stored_files::NewFile {
                name: &row.name,
                sha256: None,
                size,
                owner: owner.as_deref(),
                previous_name: None,
            };
            stored_files::insert(&tx, file).await?;
        }
        note_object(&tx, &row.name, ChangeType::Created).await?;
        instances::note_growth(&tx, id);
        tx.commit().await?;
        Ok(())
    })
    .await
}

async fn discard(app: &App, row: &pending_output::Model) -> Result<(), AppError> {
    if let Ok(name) = ObjectName::parse(&row.name) {
        match app.store().delete(&ObjectKey::user(&name)).await {
            Ok(()) | Err(StorageError::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    rows::delete(app.db().writer(), row.id).await?;
    Ok(())
}

/// Refuses an object that a run writes and that nobody may see yet, as if it were not there.
///
/// # Errors
/// `not_found`; when the database does not answer.
pub(crate) async fn refuse_pending(app: &App, name: &str) -> Result<(), AppError> {
    match rows::find(app.db().reader(), name).await? {
        Some(_) => Err(AppError::not_found("object")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attempt_has_names_of_its_own() {
        let run = InstanceId::parse("0123456789abcdef").unwrap();
        let named = |given: &str, attempt| own_name(given, &run, attempt).map(String::from);
        assert_eq!(named("a-joined.csv", 1).unwrap(), "a-joined-01234567.csv");
        assert_eq!(named("a.tar.gz", 2).unwrap(), "a.tar-01234567-2.gz");
        assert_eq!(named("model", 1).unwrap(), "model-01234567");
        let long = named(&format!("{}.csv", "é".repeat(90)), 1).unwrap();
        assert!(
            long.ends_with("-01234567.csv") && long.len() <= ObjectName::MAX_BYTES,
            "{long}"
        );
        assert!(named("a/b", 1).is_err());
    }
}
