//! Which task versions use a file.

use console_db::resources as rows;
use console_model::{LinkStatus, TaskId};
use console_storage::{ObjectKey, ObjectName};

use crate::{App, AppError};

/// A task version that a file is attached to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// The task version.
    pub task_id: TaskId,
    /// Name of the task.
    pub task_name: Option<String>,
    /// Its version.
    pub task_version: Option<String>,
    /// The same in short, from 1.
    pub task_version_number: Option<u32>,
    /// Whether the version is paired, so that what it uses does not change any more.
    pub is_paired: bool,
}

/// The task versions that use a file. The part of a URI before the bucket is not reliable, so the end of it is looked for,
/// then resolved.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn of(app: &App, name: &ObjectName) -> Result<Vec<Usage>, AppError> {
    let key = ObjectKey::user(name);
    let found = rows::with_tail_of(app.db().reader(), key.as_str()).await?;
    let same = |uri: &str| app.store().key_of_uri(uri).is_ok_and(|other| other == key);
    let used = found
        .into_iter()
        .filter(|used| used.uri.as_deref().is_some_and(same));
    Ok(used
        .map(|used| Usage {
            task_id: used.task_id,
            task_name: used.task_name,
            task_version: used.task_version,
            task_version_number: used.task_version_number.and_then(crate::tasks::number_of),
            is_paired: used.pairing.is_some_and(|status| status != LinkStatus::Draft),
        })
        .collect())
}
