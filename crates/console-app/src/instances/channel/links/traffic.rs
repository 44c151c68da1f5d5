//! How much has crossed the streams of this process, for monitoring.

use std::sync::atomic::{AtomicU64, Ordering};

use console_peer::stream::Item;

/// Messages of one direction.
#[derive(Debug, Default)]
pub struct Counts {
    messages: AtomicU64,
    bytes: AtomicU64,
}

impl Counts {
    /// Counts the messages among items.
    pub fn count(&self, items: &[Item]) {
        let (mut messages, mut bytes) = (0, 0);
        for item in items {
            if let Item::Message(_, message) = item {
                messages += 1;
                bytes += message.len() as u64;
            }
        }
        self.messages.fetch_add(messages, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Messages, and their bytes.
    #[must_use]
    pub fn read(&self) -> (u64, u64) {
        (
            self.messages.load(Ordering::Relaxed),
            self.bytes.load(Ordering::Relaxed),
        )
    }
}

/// Messages of both directions.
#[derive(Debug, Default)]
pub struct Traffic {
    /// Those that were said on the streams that this process opened.
    pub said: Counts,
    /// Those that were heard on the streams that partners opened.
    pub heard: Counts,
}
