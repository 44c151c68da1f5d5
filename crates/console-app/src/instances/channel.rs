//! The peer channel: byte messages between the engines of one instance, carried by the two consoles.
//!
//! The sender keeps what the other console has not stored yet in memory, up to a window, and slows its engine down
//! beyond that ([`Outgoing`]). The receiver stores every message as an object, numbered from 0 per attempt, before it
//! answers ([`Incoming`]), and keeps it until its engine has acknowledged it. So neither a lost answer nor a killed
//! console loses, repeats or reorders a message: a number that is stored already is answered again, a number ahead of
//! the next one is refused with the number that is wanted.

mod batch;
mod incoming;
mod links;
mod outgoing;
mod pieces;
mod sizes;
mod state;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use console_model::InstanceId;

pub(super) use incoming::Reading;
pub use incoming::{Incoming, Stored, Taken};
pub use links::{Counts, Traffic};
pub(super) use links::{Link, Links};
pub use outgoing::Outgoing;
pub use pieces::StoredPiece;
pub(super) use sizes::Sizes;

/// Incoming messages by instance and attempt, and when they were last touched.
type Heard = Arc<Mutex<HashMap<String, usize>>>;

/// The most streams of one partner to this process: one from each of its processes, and some that broke unnoticed.
pub const MAX_HEARD: usize = 8;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One more stream of a partner, until dropped.
pub struct CountedStream {
    heard: Heard,
    partner: String,
}

impl Drop for CountedStream {
    fn drop(&mut self) {
        let mut all = lock(&self.heard);
        if let Some(count) = all.get_mut(&self.partner) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.partner);
            }
        }
    }
}

type Streams = HashMap<(InstanceId, u32), (Arc<Incoming>, Instant)>;

/// The incoming streams that this process has touched, and what the ways to partners take.
#[derive(Default)]
pub struct Channels {
    streams: Mutex<Streams>,
    sizes: Sizes,
    links: Links,
    traffic: Traffic,
    heard: Heard,
}

impl Channels {
    /// The incoming stream of an attempt.
    #[must_use]
    pub fn incoming(&self, instance: &InstanceId, attempt: u32) -> Arc<Incoming> {
        let mut all = self.lock();
        let fresh = || (Arc::new(Incoming::new(instance.clone(), attempt)), Instant::now());
        let (stream, touched) = all.entry((instance.clone(), attempt)).or_insert_with(fresh);
        *touched = Instant::now();
        Arc::clone(stream)
    }

    /// The sizes of requests that pass to partners.
    pub(super) const fn sizes(&self) -> &Sizes {
        &self.sizes
    }

    /// The streams to partners.
    pub(super) const fn links(&self) -> &Links {
        &self.links
    }

    /// What has crossed the streams.
    #[must_use]
    pub const fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// Counts a stream that a partner opened until the result is dropped; none when it has too many.
    #[must_use]
    pub fn count_heard(&self, partner: &str) -> Option<CountedStream> {
        let mut all = lock(&self.heard);
        let count = all.entry(partner.to_owned()).or_default();
        if *count >= MAX_HEARD {
            return None;
        }
        *count += 1;
        Some(CountedStream {
            heard: Arc::clone(&self.heard),
            partner: partner.to_owned(),
        })
    }

    /// How many streams to partners are up.
    #[must_use]
    pub fn opened(&self) -> usize {
        self.links.open()
    }

    /// How many streams of partners there are.
    #[must_use]
    pub fn heard(&self) -> usize {
        lock(&self.heard).values().sum()
    }

    /// Forgets an attempt that has ended.
    pub fn forget(&self, instance: &InstanceId, attempt: u32) {
        self.lock().remove(&(instance.clone(), attempt));
    }

    /// Forgets the streams that no job here reads and no message has come for in a while: those of runs that another
    /// process looks after or that have ended. They are read from what is stored when they are needed again.
    pub fn forget_idle(&self, idle: Duration) {
        self.lock()
            .retain(|_, (stream, touched)| Arc::strong_count(stream) > 1 || touched.elapsed() < idle);
    }

    fn lock(&self) -> MutexGuard<'_, Streams> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
