//! What changes, told to those who look at it: each of them listens to a stream of [`Frame`]s.
//!
//! The changes are rows that their transactions leave ([`console_db::changes`]), so a listener hears of what any process
//! of the console does, and goes on after a restart, or at another process, where it was. Each process reads the rows
//! once for all of its listeners (`tail`): at once after a commit of its own, and every `LOOK_EVERY` for those of
//! others. It hands them on through one ring of bounded size; a listener that falls behind by more is told to fetch
//! everything anew.

mod listener;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use console_db::changes::Position;
use console_db::entity::change_entry;
use console_model::{ChangeKind, ChangeType, ErrorCode, ErrorKind};
use tokio::sync::{Mutex, broadcast};

use crate::reached_limits::{Limit, Refusal};
use crate::reconcile::Pass;
use crate::{App, AppError, Operator};

pub use listener::{Frame, Listener, listen};

/// How soon the commits of other processes are seen.
pub(crate) const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long changes are kept for listeners who come back.
pub(crate) const KEPT: TimeDelta = TimeDelta::hours(1);
/// A listener may be so many changes behind.
const RING: usize = 1024;
/// So many entries are read at a time.
const PAGE: u64 = 500;
/// So many may listen to one process.
const LISTENERS: usize = 1000;
/// So many of them may be of one user.
const LISTENERS_PER_USER: usize = 32;

/// Something that operators see has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is.
    pub kind: ChangeKind,
    /// Its id, or an object's name.
    pub id: String,
    /// What happened to it.
    pub what: ChangeType,
    /// The project that it belongs to.
    pub project_id: Option<String>,
    /// The task version that it belongs to.
    pub task_id: Option<String>,
}

/// A change with its number.
#[derive(Debug, Clone)]
struct Numbered {
    number: i64,
    change: Change,
}

/// The changes on their way to the listeners of this process.
pub(crate) struct Feed {
    ring: broadcast::Sender<Numbered>,
    /// How many listen of each user.
    users: Users,
    /// How far the entries are read; none while nobody listens.
    read: Mutex<Option<Position>>,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            ring: broadcast::Sender::new(RING),
            users: Arc::default(),
            read: Mutex::default(),
        }
    }
}

type Users = Arc<std::sync::Mutex<HashMap<String, usize>>>;

/// A user's place among the listeners, until dropped.
struct Place {
    users: Users,
    user: String,
}

impl Place {
    /// A place for one more listener of a user; none when there are too many.
    fn take(Feed { users, .. }: &Feed, operator: &Operator) -> Option<Self> {
        let user = operator.id.to_string();
        let mut counts = users.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(user.clone()).or_default();
        if *count >= LISTENERS_PER_USER {
            return None;
        }
        *count += 1;
        Some(Self {
            users: Arc::clone(users),
            user,
        })
    }

    /// As [`take`](Self::take), or why not.
    async fn take_or_note(app: &App, operator: &Operator) -> Result<Self, AppError> {
        if let Some(place) = Self::take(app.feed(), operator) {
            return Ok(place);
        }
        let refusal = Refusal {
            limit: Limit::UserStreams,
            figure: LISTENERS_PER_USER as u64,
            most: LISTENERS_PER_USER as u64,
        };
        refusal.note(app, operator.id.as_str()).await;
        let detail = format!(
            "You have {LISTENERS_PER_USER} pages or scripts open that listen for changes. Close one that is not needed."
        );
        Err(AppError::new(
            ErrorKind::TooMany,
            ErrorCode::TooManyListeners,
            detail,
        ))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.user);
            }
        }
    }
}

impl Feed {
    /// Everything that is read from now on, and how far the entries were read before.
    async fn join(&self, app: &App) -> Result<(broadcast::Receiver<Numbered>, Position), AppError> {
        if self.ring.receiver_count() >= LISTENERS {
            let detail = format!("More than {LISTENERS} listen already. Close a page that is not needed.");
            return Err(AppError::new(
                ErrorKind::Unavailable,
                ErrorCode::TooManyListeners,
                detail,
            ));
        }
        let mut read = self.read.lock().await;
        // Whoever goes on reading finds a receiver, and does not stop for want of one.
        let receiver = self.ring.subscribe();
        let position = match &*read {
            Some(position) => position.clone(),
            None => read.insert(present(app).await?).clone(),
        };
        Ok((receiver, position))
    }
}

async fn present(app: &App) -> Result<Position, AppError> {
    Ok(Position::present(app.db().reader(), Utc::now()).await?)
}

/// One pass of the reconciler that reads what has changed and hands it on.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn tail(app: App) -> Result<Pass, AppError> {
    let feed = app.feed();
    let mut read = feed.read.lock().await;
    if feed.ring.receiver_count() == 0 {
        *read = None;
        return Ok(Pass::Idle);
    }
    let Some(position) = &mut *read else {
        return Ok(Pass::Idle);
    };
    let found = position.read_on(app.db().reader(), PAGE, Utc::now()).await?;
    let full = found.len() as u64 >= PAGE;
    for numbered in found.into_iter().filter_map(numbered) {
        // The last listener may have gone meanwhile.
        let _ = feed.ring.send(numbered);
    }
    Ok(if full { Pass::More } else { Pass::Idle })
}

/// An entry as it is handed on; none for kinds that only a newer release knows.
fn numbered(entry: change_entry::Model) -> Option<Numbered> {
    let change_entry::Model {
        id,
        at: _,
        kind,
        what,
        subject,
        project_id,
        task_id,
    } = entry;
    let change = Change {
        kind: ChangeKind::from_number(kind).ok()?,
        id: subject,
        what: ChangeType::from_number(what).ok()?,
        project_id,
        task_id,
    };
    Some(Numbered { number: id, change })
}
