//! The peer channel: byte messages between the engines of one instance, carried by the two consoles.
//!
//! The sender keeps what the other console has not stored yet in memory, up to a window, and slows its engine down
//! beyond that ([`Outgoing`]). The receiver stores every message as an object, numbered from 0 per attempt, before it
//! answers ([`Incoming`]), and keeps it until its engine has acknowledged it. So neither a lost answer nor a killed
//! console loses, repeats or reorders a message: a number that is stored already is answered again, a number ahead of
//! the next one is refused with the number that is wanted.

mod incoming;
mod outgoing;
mod pieces;
mod sizes;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use console_model::InstanceId;

pub use incoming::{Incoming, Stored};
pub use outgoing::Outgoing;
pub use pieces::StoredPiece;
pub(super) use sizes::Sizes;

/// Streams by instance and attempt, and when they were last touched.
type Streams = HashMap<(InstanceId, u32), (Arc<Incoming>, Instant)>;

/// The incoming streams that this process has touched, and what the ways to partners take.
#[derive(Default)]
pub struct Channels {
    streams: Mutex<Streams>,
    sizes: Sizes,
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
