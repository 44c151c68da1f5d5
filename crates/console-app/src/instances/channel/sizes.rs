//! How large requests to a partner may be: a proxy on the way may take less than the consoles do.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use console_model::PartnerId;
use console_peer::ext::{MAX_CHANNEL_MESSAGE, MIN_CHANNEL_PIECE};

/// After this time a larger request is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(600);

/// The sizes that pass to partners, as far as this process has met a limit.
#[derive(Debug, Default)]
pub(in crate::instances) struct Sizes(Mutex<HashMap<PartnerId, Passing>>);

#[derive(Debug, Clone, Copy)]
struct Passing {
    /// Requests of so many bytes pass, or are tried next.
    bytes: usize,
    /// When a larger one was refused last.
    refused: Instant,
}

impl Sizes {
    /// The most bytes of the next request.
    pub(in crate::instances) fn most(&self, partner: &PartnerId) -> usize {
        self.most_at(partner, Instant::now())
    }

    /// Notes that a request of so many bytes was too large. Gives the size to try next; none when no smaller one is worth
    /// a try.
    pub(in crate::instances) fn refused(&self, partner: &PartnerId, bytes: usize) -> Option<usize> {
        self.refused_at(partner, bytes, Instant::now())
    }

    /// Notes that a request of so many bytes passed.
    pub(in crate::instances) fn passed(&self, partner: &PartnerId, bytes: usize) {
        let mut all = self.lock();
        if let Some(known) = all.get_mut(partner) {
            known.bytes = known.bytes.max(bytes);
            if known.bytes >= MAX_CHANNEL_MESSAGE {
                all.remove(partner);
            }
        }
    }

    fn most_at(&self, partner: &PartnerId, now: Instant) -> usize {
        match self.lock().get(partner) {
            None => MAX_CHANNEL_MESSAGE,
            Some(known) if now.duration_since(known.refused) >= TRY_AGAIN => {
                (2 * known.bytes).min(MAX_CHANNEL_MESSAGE)
            }
            Some(known) => known.bytes,
        }
    }

    fn refused_at(&self, partner: &PartnerId, bytes: usize, now: Instant) -> Option<usize> {
        if bytes <= MIN_CHANNEL_PIECE {
            return None;
        }
        let next = (bytes / 2)
            .next_power_of_two()
            .min(bytes - 1)
            .max(MIN_CHANNEL_PIECE);
        let passing = Passing {
            bytes: next,
            refused: now,
        };
        self.lock().insert(partner.clone(), passing);
        Some(next)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PartnerId, Passing>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What passes at last, and how often something was refused before.
    fn found(sizes: &Sizes, partner: &PartnerId, limit: usize, now: Instant) -> (usize, usize) {
        let mut refusals = 0;
        loop {
            let bytes = sizes.most_at(partner, now);
            if bytes <= limit {
                sizes.passed(partner, bytes);
                return (bytes, refusals);
            }
            sizes.refused_at(partner, bytes, now).unwrap();
            refusals += 1;
        }
    }

    #[test]
    fn what_passes_is_found_remembered_and_tried_again_later() {
        let (sizes, partner, now) = (Sizes::default(), PartnerId::generate(), Instant::now());
        assert_eq!(found(&sizes, &partner, 100_000, now), (64 << 10, 4));
        assert_eq!(found(&sizes, &partner, 100_000, now), (64 << 10, 0));
        assert_eq!(sizes.most_at(&PartnerId::generate(), now), MAX_CHANNEL_MESSAGE);
        // After a while one larger request is tried, and no further one when it is refused.
        let later = now + TRY_AGAIN;
        assert_eq!(found(&sizes, &partner, 100_000, later), (64 << 10, 1));
        assert_eq!(found(&sizes, &partner, 100_000, later), (64 << 10, 0));
        // The limit was raised: the size grows to the whole again.
        let last = later + TRY_AGAIN;
        for size in [
            128 << 10,
            256 << 10,
            512 << 10,
            MAX_CHANNEL_MESSAGE,
            MAX_CHANNEL_MESSAGE,
        ] {
            assert_eq!(found(&sizes, &partner, usize::MAX, last), (size, 0));
        }
    }

    #[test]
    fn there_is_a_smallest_size() {
        let (sizes, partner, now) = (Sizes::default(), PartnerId::generate(), Instant::now());
        assert_eq!(sizes.refused_at(&partner, 5000, now), Some(4096));
        assert_eq!(sizes.refused_at(&partner, 4096, now), None);
        assert_eq!(sizes.refused_at(&partner, 100, now), None);
    }
}
