//! How much one user may store, and upload at a time.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use console_db::stored_files;
use console_model::{ErrorCode, ErrorKind, UserId};

use crate::reached_limits::{Limit, Refusal};
use crate::{App, AppError, Operator};

/// Uploads of one user that may be under way at a time.
const UPLOADS: usize = 8;

/// The uploads that are under way in this process, by user.
#[derive(Debug, Default)]
pub(crate) struct Uploads(Mutex<HashMap<UserId, UnderWay>>);

/// What one user uploads at a time.
#[derive(Debug, Default)]
struct UnderWay {
    uploads: usize,
    /// Bytes that came since there was no upload.
    came: u64,
    /// Those of them that belong to uploads which have not ended, so that the sum of the user's files does not have them yet.
    unfinished: u64,
}

/// One upload that is under way.
pub(super) struct Upload<'a> {
    all: &'a Uploads,
    user: UserId,
    /// Of what came before it began, what was in the user's files then.
    stored_before: u64,
    bytes: AtomicU64,
}

impl Uploads {
    /// Begins an upload; none when too many are under way.
    fn begin(&self, user: &UserId) -> Option<Upload<'_>> {
        let mut all = self.lock();
        let under_way = all.entry(user.clone()).or_default();
        if under_way.uploads >= UPLOADS {
            return None;
        }
        under_way.uploads += 1;
        Some(Upload {
            all: self,
            user: user.clone(),
            stored_before: under_way.came - under_way.unfinished,
            bytes: AtomicU64::new(0),
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UserId, UnderWay>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Upload<'_> {
    /// Counts bytes that came. Gives how many the user's uploads have brought that were not in the user's files when this
    /// one began: its own, and those of the others that go on beside it.
    pub(super) fn count(&self, bytes: usize) -> u64 {
        let bytes = bytes as u64;
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        let mut all = self.all.lock();
        let under_way = all.entry(self.user.clone()).or_default();
        under_way.came += bytes;
        under_way.unfinished += bytes;
        under_way.came - self.stored_before
    }
}

/// Begins an upload.
///
/// # Errors
/// `too_many_uploads`.
pub(super) async fn begin<'a>(app: &'a App, operator: &Operator) -> Result<Upload<'a>, AppError> {
    if let Some(upload) = app.uploads().begin(&operator.id) {
        return Ok(upload);
    }
    let refusal = Refusal {
        limit: Limit::UserUploads,
        figure: UPLOADS as u64,
        most: UPLOADS as u64,
    };
    refusal.note(app, operator.id.as_str()).await;
    let detail = format!("You upload {UPLOADS} files already. Wait until one of them is done.");
    Err(AppError::new(
        ErrorKind::TooMany,
        ErrorCode::TooManyUploads,
        detail,
    ))
}

impl Drop for Upload<'_> {
    fn drop(&mut self) {
        let mut all = self.all.lock();
        if let Some(under_way) = all.get_mut(&self.user) {
            under_way.uploads -= 1;
            under_way.unfinished -= self.bytes.load(Ordering::Relaxed);
            if under_way.uploads == 0 {
                all.remove(&self.user);
            }
        }
    }
}

/// Bytes that a user may store besides what is there: their uploads, and what runs of their tasks wrote. `freed` are those
/// of their own that the upload replaces.
///
/// # Errors
/// `user_files_full` when there is no room at all.
pub(super) async fn room(app: &App, operator: &Operator, freed: u64) -> Result<u64, AppError> {
    let limit = app.settings().user_files_limit_bytes;
    let stored = stored_files::bytes_of(app.db().reader(), &operator.id).await?;
    let stored = stored.saturating_sub(freed);
    match limit.saturating_sub(stored) {
        0 => Err(full(app, operator).await?),
        room => Ok(room),
    }
}

/// That a user's files have as many bytes as they may have, and notes it.
pub(super) async fn full(app: &App, operator: &Operator) -> Result<AppError, AppError> {
    let limit = app.settings().user_files_limit_bytes;
    let stored = stored_files::bytes_of(app.db().reader(), &operator.id).await?;
    let refusal = Refusal {
        limit: Limit::UserFiles,
        figure: stored,
        most: limit,
    };
    refusal.note(app, operator.id.as_str()).await;
    let detail = format!(
        "Your files may have {} MiB together, outputs of runs included. Delete some that you do not need any more.",
        limit >> 20
    );
    Ok(AppError::new(
        ErrorKind::TooLarge,
        ErrorCode::UserFilesFull,
        detail,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_uploads_so_many_files_at_a_time() {
        let (all, ann, bob) = (Uploads::default(), UserId::generate(), UserId::generate());
        let mut held: Vec<_> = (0..UPLOADS).map(|_| all.begin(&ann)).collect();
        assert!(held.iter().all(Option::is_some));
        assert!(all.begin(&ann).is_none());
        assert!(all.begin(&bob).is_some(), "another user does not wait");
        held.pop();
        assert!(all.begin(&ann).is_some());
    }

    #[test]
    fn uploads_beside_each_other_share_what_is_left() {
        let (all, ann) = (Uploads::default(), UserId::generate());
        let first = all.begin(&ann).unwrap();
        assert_eq!(first.count(100), 100);
        let second = all.begin(&ann).unwrap();
        assert_eq!(second.count(10), 110, "those of the first are in no file yet");
        drop(first);
        assert_eq!(second.count(1), 111, "they were not when the second began");
        let third = all.begin(&ann).unwrap();
        assert_eq!(third.count(5), 16, "now they are");
        drop((second, third));
        assert_eq!(all.begin(&ann).unwrap().count(7), 7);
    }
}
