//! The peer channel between two test hosts.
//!
//! Like between two consoles, a message is first under way and then stored on the other side. What is under way when the
//! sender dies is lost; what is stored stays until it is acknowledged.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::host::HostError;
use crate::{Bytes, MAX_MESSAGE_BYTES};

/// Unacknowledged bytes beyond which a sender waits, as with a console.
const WINDOW: usize = 64 << 20;
/// Messages that may be under way.
const UNDER_WAY: usize = 8;

#[derive(Default)]
struct State {
    /// A hash of each message ever sent, to notice other bytes under an old number.
    hashes: Vec<u64>,
    under_way: VecDeque<Bytes>,
    stored: VecDeque<Bytes>,
    /// The number of the first stored message.
    acknowledged: u64,
    bytes: usize,
    receiver_is_down: bool,
    violations: Vec<String>,
    /// The last message that was sent.
    last: Option<Bytes>,
}

impl State {
    fn delivered(&self) -> u64 {
        self.acknowledged + self.stored.len() as u64
    }

    fn sent(&self) -> u64 {
        self.delivered() + self.under_way.len() as u64
    }

    /// Moves messages to the other side until `left` are under way. Nothing moves to a console that is down.
    fn deliver(&mut self, left: usize) {
        while self.under_way.len() > left && !self.receiver_is_down {
            self.stored.extend(self.under_way.pop_front());
        }
    }
}

/// One direction of the channel.
#[derive(Default)]
pub(super) struct Wire {
    state: Mutex<State>,
    changed: Notify,
}

impl Wire {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `ready` gives something.
    async fn when<T>(&self, mut ready: impl FnMut(&mut State) -> Option<T>) -> T {
        loop {
            let changed = self.changed.notified();
            if let Some(done) = ready(&mut self.lock()) {
                self.changed.notify_waiters();
                return done;
            }
            changed.await;
        }
    }

    pub(super) async fn send(&self, number: u64, message: Bytes) -> Result<(), HostError> {
        if message.len() > MAX_MESSAGE_BYTES {
            return Err(HostError::Invalid("the message is too long".to_owned()));
        }
        let hash = hash(&message);
        self.when(|state| {
            if let Some(before) = usize::try_from(number)
                .ok()
                .and_then(|place| state.hashes.get(place))
                && *before != hash
            {
                let text = format!("message {number} was sent a second time with other bytes");
                state.violations.push(text.clone());
                return Some(Err(HostError::Invalid(text)));
            }
            if number < state.sent() {
                return Some(Ok(()));
            }
            if number > state.sent() {
                let text = format!("message {number} was sent before message {}", state.sent());
                state.violations.push(text.clone());
                return Some(Err(HostError::Invalid(text)));
            }
            if state.bytes + message.len() > WINDOW {
                return None;
            }
            if state.hashes.len() as u64 == number {
                state.hashes.push(hash);
            }
            state.bytes += message.len();
            state.under_way.push_back(message.clone());
            state.last = Some(message.clone());
            state.deliver(UNDER_WAY);
            Some(Ok(()))
        })
        .await
    }

    pub(super) async fn flush(&self) {
        self.when(|state| {
            state.deliver(0);
            state.under_way.is_empty().then_some(())
        })
        .await;
    }

    pub(super) async fn receive(&self, number: u64, delay: Duration) -> Result<Bytes, HostError> {
        let message = self
            .when(|state| {
                let Some(place) = number.checked_sub(state.acknowledged) else {
                    let text = format!("message {number} was asked for after it had been acknowledged");
                    state.violations.push(text.clone());
                    return Some(Err(HostError::Invalid(text)));
                };
                state.deliver(0);
                let place = usize::try_from(place).ok()?;
                state.stored.get(place).cloned().map(Ok)
            })
            .await?;
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        Ok(message)
    }

    pub(super) fn acknowledge(&self, number: u64) -> Result<(), HostError> {
        let mut state = self.lock();
        if number > state.delivered() {
            let text = format!("message {number} was acknowledged before it was sent");
            state.violations.push(text.clone());
            return Err(HostError::Invalid(text));
        }
        while state.acknowledged < number {
            let gone = state.stored.pop_front().map_or(0, |message| message.len());
            state.bytes -= gone;
            state.acknowledged += 1;
        }
        drop(state);
        self.changed.notify_waiters();
        Ok(())
    }

    /// The sender's console died: what was under way is lost.
    pub(super) fn sender_died(&self) {
        let mut state = self.lock();
        let lost: usize = state.under_way.drain(..).map(|message| message.len()).sum();
        state.bytes -= lost;
        // Nobody has seen the lost ones, so other bytes may take their place.
        let delivered = usize::try_from(state.delivered()).unwrap_or(usize::MAX);
        state.hashes.truncate(delivered);
    }

    /// The receiver's console goes or comes.
    pub(super) fn receiver_is_down(&self, down: bool) {
        self.lock().receiver_is_down = down;
        self.changed.notify_waiters();
    }

    pub(super) fn last(&self) -> Option<Bytes> {
        self.lock().last.clone()
    }

    pub(super) fn violations(&self) -> Vec<String> {
        self.lock().violations.clone()
    }
}

fn hash(message: &Bytes) -> u64 {
    let mut hasher = DefaultHasher::new();
    message.hash(&mut hasher);
    hasher.finish()
}
