//! The peer channel: byte messages between the engines of one instance, carried by the two consoles.
//!
//! The sender keeps what the other console has not stored yet in memory, up to a window, and slows its engine down
//! beyond that ([`Outgoing`]). The receiver stores every message as an object, numbered from 0 per attempt, before it
//! answers ([`Incoming`]), and keeps it until its engine has acknowledged it. So neither a lost answer nor a killed
//! console loses, repeats or reorders a message: a number that is stored already is answered again, a number ahead of
//! the next one is refused with the number that is wanted.

mod incoming;
mod outgoing;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use console_model::InstanceId;

pub use incoming::{Incoming, Stored};
pub use outgoing::Outgoing;

/// The incoming streams that this process has touched.
#[derive(Default)]
pub struct Channels(Mutex<HashMap<(InstanceId, u32), Arc<Incoming>>>);

impl Channels {
    /// The incoming stream of an attempt.
    #[must_use]
    pub fn incoming(&self, instance: &InstanceId, attempt: u32) -> Arc<Incoming> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (instance.clone(), attempt);
        Arc::clone(
            all.entry(key)
                .or_insert_with(|| Arc::new(Incoming::new(instance.clone(), attempt))),
        )
    }

    /// Forgets an attempt that has ended.
    pub fn forget(&self, instance: &InstanceId, attempt: u32) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&(instance.clone(), attempt));
    }
}
