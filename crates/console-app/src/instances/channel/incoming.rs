use std::cmp::Ordering;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering as Memory};
use std::time::Duration;

use bytes::Bytes;
use console_db::channel_positions;
use console_model::InstanceId;
use console_storage::{Durability, ObjectKey, PutMode, PutOptions, StorageError};
use tokio::sync::{Mutex, Notify};

use super::state::{Kept, State};
use crate::{App, AppError};

/// While a message is waited for, what is stored is looked at, since another process of this console may have taken it in: of
/// two processes, each takes in half of the messages. First after this time, then after twice the time before.
const FIRST_LOOK: Duration = Duration::from_millis(10);
/// The longest time between two looks.
const LAST_LOOK: Duration = Duration::from_secs(1);
/// So much may have come by a stream and not be stored yet; the sender says the rest again.
pub(super) const PENDING_BYTES: usize = 16 << 20;

/// How messages are stored: a killed process must not lose them.
pub(super) fn as_kept() -> PutOptions {
    PutOptions::new(PutMode::Replace).durability(Durability::Process)
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// It is stored, now or already.
    Yes {
        /// The number that is wanted next.
        next: u64,
    },
    /// Another number is wanted first.
    Gap {
        /// The number that is wanted next.
        next: u64,
    },
    /// Our engine is behind; send it again in a moment.
    Full {
        /// The number that is wanted next.
        next: u64,
        /// The bytes that wait for our engine.
        held: u64,
    },
}

/// The messages that have come for one attempt.
pub struct Incoming {
    pub(super) instance: InstanceId,
    pub(super) attempt: u32,
    pub(super) state: Mutex<Option<State>>,
    /// Held while messages are stored together.
    pub(super) settling: Mutex<()>,
    arrived: Notify,
    /// How many jobs of this process read here: one, or none.
    readers: AtomicUsize,
}

/// A job of this process that reads the messages of an attempt.
pub(in crate::instances) struct Reading(Arc<Incoming>);

impl Reading {
    /// The messages.
    pub(in crate::instances) fn messages(&self) -> &Incoming {
        &self.0
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.readers.fetch_sub(1, Memory::Relaxed);
    }
}

/// What became of a message that came by a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is here, now or already.
    Yes {
        /// What is here and not stored yet, in bytes.
        pending: usize,
    },
    /// Another number is wanted first, or our engine is behind.
    No {
        /// The number that is wanted next.
        next: u64,
    },
}

impl Incoming {
    pub(super) fn new(instance: InstanceId, attempt: u32) -> Self {
        Self {
            instance,
            attempt,
            state: Mutex::new(None),
            settling: Mutex::default(),
            arrived: Notify::new(),
            readers: AtomicUsize::new(0),
        }
    }

    /// A job of this process begins to read.
    pub(in crate::instances) fn reading(self: Arc<Self>) -> Reading {
        self.readers.fetch_add(1, Memory::Relaxed);
        Reading(self)
    }

    /// Whether a job of this process reads: then messages may be stored later than they are given to it.
    #[must_use]
    pub fn is_read_here(&self) -> bool {
        self.readers.load(Memory::Relaxed) > 0
    }

    /// Takes in message number `number` that came by a stream, under the conditions of [`store`](Self::store), and gives
    /// it to our engine. It is not stored yet: the sender keeps it until it hears of that.
    ///
    /// # Errors
    /// When the object store or the database does not answer.
    pub async fn take(&self, app: &App, number: u64, message: Bytes, limit: u64) -> Result<Taken, AppError> {
        let mut guard = self.state.lock().await;
        let state = self.loaded(app, &mut guard).await?;
        let size = message.len() as u64;
        if number > state.arrived() || state.is_full(size, limit) {
            self.refresh(app, state).await?;
        }
        let is_full = state.is_full(size, limit) || state.pending_cost() + message.len() > PENDING_BYTES;
        if number == state.arrived() && !is_full {
            state.pend(message);
            self.arrived.notify_waiters();
        } else if number >= state.arrived() {
            return Ok(Taken::No { next: state.next });
        }
        let pending = state.pending_cost();
        Ok(Taken::Yes { pending })
    }

    /// Stores message number `number` from the partner, unless more than `limit` bytes would wait for our engine. One
    /// message may always wait.
    ///
    /// # Errors
    /// When the object store or the database does not answer.
    pub async fn store(
        &self,
        app: &App,
        number: u64,
        message: Bytes,
        limit: u64,
    ) -> Result<Stored, AppError> {
        let mut guard = self.state.lock().await;
        let state = self.loaded(app, &mut guard).await?;
        if let Some(stored) = self
            .untaken(app, state, number, message.len() as u64, limit)
            .await?
        {
            return Ok(stored);
        }
        self.put(app, state, number, message).await?;
        Ok(Stored::Yes { next: number + 1 })
    }

    /// What becomes of a message of so many bytes that is not the one that is wanted, or for which there is no room.
    pub(super) async fn untaken(
        &self,
        app: &App,
        state: &mut State,
        number: u64,
        size: u64,
        limit: u64,
    ) -> Result<Option<Stored>, AppError> {
        self.settle_held(app, state).await?;
        if number > state.next || state.is_full(size, limit) {
            // Another process of this console may have stored what is missed, or forgotten what is kept.
            self.refresh(app, state).await?;
        }
        let next = state.next;
        Ok(match number.cmp(&next) {
            Ordering::Less => Some(Stored::Yes { next }),
            Ordering::Greater => Some(Stored::Gap { next }),
            Ordering::Equal if state.is_full(size, limit) => {
                let held = state.held();
                Some(Stored::Full { next, held })
            }
            Ordering::Equal => None,
        })
    }

    /// Stores the message that is wanted next.
    pub(super) async fn put(
        &self,
        app: &App,
        state: &mut State,
        number: u64,
        message: Bytes,
    ) -> Result<(), AppError> {
        let size = message.len() as u64;
        // A killed process must not lose it, a power cut may: then both engines start again.
        app.store()
            .put_bytes(&self.key(number), message.clone(), as_kept())
            .await?;
        state.kept.push_back(Kept {
            first: number,
            batch: None,
            bytes: size,
        });
        state.pend(message);
        state.safe_below(number + 1);
        self.arrived.notify_waiters();
        Ok(())
    }

    /// Waits for message number `number`.
    ///
    /// # Errors
    /// When it was acknowledged before, or the object store or the database does not answer.
    pub async fn receive(&self, app: &App, number: u64) -> Result<Bytes, AppError> {
        let mut wait = FIRST_LOOK;
        let kept = loop {
            let arrived = self.arrived.notified();
            tokio::pin!(arrived);
            arrived.as_mut().enable();
            {
                let mut guard = self.state.lock().await;
                let state = self.loaded(app, &mut guard).await?;
                let at_hand = state.at_hand.take(number);
                if let Some(message) = at_hand.or_else(|| state.pended(number)) {
                    state.given = number + 1;
                    return Ok(message);
                }
                if number < state.next {
                    state.given = number + 1;
                    let has = |kept: &&Kept| kept.first <= number && number < kept.end();
                    break state.kept.iter().find(has).copied();
                }
            }
            if tokio::time::timeout(wait, arrived).await.is_err() {
                wait = (wait * 2).min(LAST_LOOK);
                let mut guard = self.state.lock().await;
                let state = self.loaded(app, &mut guard).await?;
                self.refresh(app, state).await?;
            }
        };
        let acknowledged = Kept {
            first: number,
            batch: None,
            bytes: 0,
        };
        self.read_back(app, number, &kept.unwrap_or(acknowledged)).await
    }

    /// Forgets every message below `number`.
    ///
    /// # Errors
    /// When the object store or the database does not answer.
    pub async fn acknowledge(&self, app: &App, number: u64) -> Result<(), AppError> {
        let mut guard = self.state.lock().await;
        let state = self.loaded(app, &mut guard).await?;
        let number = number.min(state.arrived());
        if number <= state.acknowledged {
            return Ok(());
        }
        let tx = app.db().begin().await?;
        channel_positions::acknowledge(&tx, &self.instance, self.attempt, number).await?;
        tx.commit().await?;
        state.acknowledged = number;
        state.safe_below(number);
        while let Some(old) = state.kept.front().filter(|kept| kept.end() <= number) {
            app.store().delete(&self.key_of(old)).await?;
            state.kept.pop_front();
        }
        Ok(())
    }

    pub(super) fn key(&self, number: u64) -> ObjectKey {
        ObjectKey::channel(&self.instance, self.attempt.cast_signed(), number.cast_signed())
    }

    /// What this process knows of the stream; after a restart read from what is stored.
    pub(super) async fn loaded<'a>(
        &self,
        app: &App,
        state: &'a mut Option<State>,
    ) -> Result<&'a mut State, AppError> {
        if state.is_none() {
            let mut found = State::default();
            self.refresh(app, &mut found).await?;
            *state = Some(found);
        }
        state
            .as_mut()
            .ok_or_else(|| AppError::internal("the stream was not loaded"))
    }

    /// Takes in what was acknowledged and stored since the state was read.
    pub(super) async fn refresh(&self, app: &App, state: &mut State) -> Result<(), AppError> {
        let acknowledged =
            channel_positions::acknowledged(app.db().reader(), &self.instance, self.attempt).await?;
        state.acknowledged = state.acknowledged.max(acknowledged);
        while state
            .kept
            .pop_front_if(|kept| kept.end() <= acknowledged)
            .is_some()
        {}
        state.safe_below(acknowledged);
        loop {
            let found = match app.store().head(&self.key(state.next)).await {
                Ok(info) => Some(Kept {
                    first: state.next,
                    batch: None,
                    bytes: info.size,
                }),
                Err(StorageError::NotFound { .. }) => self.batch_with(app, state.next).await?,
                Err(error) => return Err(error.into()),
            };
            let Some(kept) = found else {
                return Ok(());
            };
            state.kept.push_back(kept);
            state.safe_below(kept.end());
        }
    }
}
