use std::cmp::Ordering;
use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use console_db::channel_positions;
use console_model::InstanceId;
use console_storage::{Durability, ObjectKey, PutMode, PutOptions, StorageError};
use tokio::sync::{Mutex, Notify};

use crate::{App, AppError};

/// While a message is waited for, what is stored is looked at this often: another process of this console may have taken
/// it in.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// What a message costs besides its bytes, so that any number of empty ones is not free.
const MESSAGE_COST: usize = 256;
/// So many bytes of messages that are stored and that our engine has not been given yet stay in memory as well.
const AT_HAND_BYTES: usize = 4 << 20;

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
    arrived: Notify,
}

#[derive(Default)]
pub(super) struct State {
    /// Every message below is stored or was acknowledged.
    pub(super) next: u64,
    /// Every message below was acknowledged and is gone.
    acknowledged: u64,
    /// Sizes of the messages from `acknowledged` to `next`.
    sizes: VecDeque<u64>,
    at_hand: AtHand,
}

/// The last messages that this process stored, so that an engine that waits for one need not read it back.
#[derive(Default)]
struct AtHand {
    messages: VecDeque<(u64, Bytes)>,
    bytes: usize,
}

impl AtHand {
    /// Keeps a message, as far as there is room: an engine that is behind reads it back.
    fn keep(&mut self, number: u64, message: Bytes) {
        let cost = message.len() + MESSAGE_COST;
        if self.bytes + cost <= AT_HAND_BYTES {
            self.bytes += cost;
            self.messages.push_back((number, message));
        }
    }

    /// Gives a message, if it is here, and forgets those before it. An engine that asks for it once more reads it back.
    fn take(&mut self, number: u64) -> Option<Bytes> {
        while let Some((first, message)) = self.messages.pop_front_if(|(first, _)| *first <= number) {
            self.bytes -= message.len() + MESSAGE_COST;
            if first == number {
                return Some(message);
            }
        }
        None
    }
}

impl State {
    /// The bytes that wait for our engine.
    fn held(&self) -> u64 {
        self.sizes.iter().sum::<u64>() + (self.sizes.len() * MESSAGE_COST) as u64
    }

    /// Whether so many bytes more are too many. One message is always taken.
    fn is_full(&self, size: u64, limit: u64) -> bool {
        !self.sizes.is_empty() && self.held() + size > limit
    }
}

impl Incoming {
    pub(super) fn new(instance: InstanceId, attempt: u32) -> Self {
        Self {
            instance,
            attempt,
            state: Mutex::new(None),
            arrived: Notify::new(),
        }
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
        state.next += 1;
        state.sizes.push_back(size);
        state.at_hand.keep(number, message);
        self.arrived.notify_waiters();
        Ok(())
    }

    /// Waits for message number `number`.
    ///
    /// # Errors
    /// When it was acknowledged before, or the object store or the database does not answer.
    pub async fn receive(&self, app: &App, number: u64) -> Result<Bytes, AppError> {
        loop {
            let arrived = self.arrived.notified();
            tokio::pin!(arrived);
            arrived.as_mut().enable();
            {
                let mut guard = self.state.lock().await;
                let state = self.loaded(app, &mut guard).await?;
                if let Some(message) = state.at_hand.take(number) {
                    return Ok(message);
                }
                if number < state.next {
                    break;
                }
            }
            if tokio::time::timeout(LOOK_AGAIN, arrived).await.is_err() {
                let mut guard = self.state.lock().await;
                let state = self.loaded(app, &mut guard).await?;
                self.refresh(app, state).await?;
            }
        }
        Ok(app
            .store()
            .get_bytes(&self.key(number), task_interface::MAX_MESSAGE_BYTES as u64)
            .await?)
    }

    /// Forgets every message below `number`.
    ///
    /// # Errors
    /// When the object store or the database does not answer.
    pub async fn acknowledge(&self, app: &App, number: u64) -> Result<(), AppError> {
        let mut guard = self.state.lock().await;
        let state = self.loaded(app, &mut guard).await?;
        let number = number.min(state.next);
        if number <= state.acknowledged {
            return Ok(());
        }
        let tx = app.db().begin().await?;
        channel_positions::acknowledge(&tx, &self.instance, self.attempt, number).await?;
        tx.commit().await?;
        for old in state.acknowledged..number {
            app.store().delete(&self.key(old)).await?;
            state.sizes.pop_front();
            state.acknowledged = old + 1;
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
        while state.acknowledged < acknowledged && state.sizes.pop_front().is_some() {
            state.acknowledged += 1;
        }
        state.acknowledged = state.acknowledged.max(acknowledged);
        state.next = state.next.max(acknowledged);
        loop {
            match app.store().head(&self.key(state.next)).await {
                Ok(info) => state.sizes.push_back(info.size),
                Err(StorageError::NotFound { .. }) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
            state.next += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(bytes: usize) -> Bytes {
        Bytes::from(vec![0; bytes])
    }

    #[test]
    fn what_is_at_hand_is_given_once_and_what_was_passed_over_is_forgotten() {
        let mut at_hand = AtHand::default();
        for number in 3..8 {
            at_hand.keep(number, message(10));
        }
        assert_eq!(at_hand.take(2), None, "it was stored by another process");
        assert_eq!(at_hand.take(4), Some(message(10)));
        assert_eq!(at_hand.take(4), None);
        assert_eq!(at_hand.take(3), None);
        assert_eq!(
            (at_hand.messages.len(), at_hand.bytes),
            (3, 3 * (10 + MESSAGE_COST))
        );
        assert_eq!(at_hand.take(20), None);
        assert_eq!((at_hand.messages.len(), at_hand.bytes), (0, 0));
    }

    #[test]
    fn empty_messages_fill_the_store_as_well() {
        let mut state = State {
            next: 0,
            acknowledged: 0,
            sizes: VecDeque::new(),
            at_hand: AtHand::default(),
        };
        while !state.is_full(0, 1 << 20) {
            state.sizes.push_back(0);
            assert!(state.sizes.len() <= (1 << 20) / MESSAGE_COST + 1);
        }
    }

    #[test]
    fn messages_at_hand_are_bounded_and_go_on_when_there_is_room_again() {
        let mut at_hand = AtHand::default();
        for number in 0..10 {
            at_hand.keep(number, message(1 << 20));
        }
        assert_eq!(at_hand.messages.len(), 3);
        assert_eq!(at_hand.take(7), None, "it is read back");
        assert_eq!(at_hand.bytes, 0);
        at_hand.keep(10, message(1));
        assert_eq!(at_hand.take(10), Some(message(1)));
        for number in 11..100_000 {
            at_hand.keep(number, message(0));
        }
        assert_eq!(at_hand.messages.len(), AT_HAND_BYTES / MESSAGE_COST);
    }
}
