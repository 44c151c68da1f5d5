//! Unsigned calls that name a token which nobody here has: whoever guesses tokens is slowed down, by its address.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Wrong tokens of one address ...
const MOST: u32 = 10;
/// ... within this time.
const WITHIN: Duration = Duration::from_secs(60);
/// Addresses that are remembered; beyond that all others are counted as one.
const ADDRESSES: usize = 10_000;

/// The wrong tokens of the last minutes, by address.
#[derive(Debug, Default)]
pub(crate) struct Guesses(Mutex<HashMap<String, (Instant, u32)>>);

impl Guesses {
    /// Whether an address has guessed too often.
    pub(super) fn are_too_many(&self, address: &str) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = if all.contains_key(address) || all.len() < ADDRESSES {
            address
        } else {
            ""
        };
        all.get(key)
            .is_some_and(|(since, count)| since.elapsed() < WITHIN && *count >= MOST)
    }

    /// Counts a wrong token.
    pub(super) fn note(&self, address: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= ADDRESSES {
            all.retain(|_, (since, _)| since.elapsed() < WITHIN);
        }
        let key = if all.contains_key(address) || all.len() < ADDRESSES {
            address
        } else {
            ""
        };
        let (since, count) = all.entry(key.to_owned()).or_insert((Instant::now(), 0));
        if since.elapsed() >= WITHIN {
            (*since, *count) = (Instant::now(), 0);
        }
        *count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_guesses_so_often_and_others_are_not_kept_waiting() {
        let guesses = Guesses::default();
        for _ in 0..MOST {
            assert!(!guesses.are_too_many("192.0.2.1"));
            guesses.note("192.0.2.1");
        }
        assert!(guesses.are_too_many("192.0.2.1"));
        assert!(!guesses.are_too_many("192.0.2.2"));
    }

    #[test]
    fn many_addresses_do_not_fill_the_memory() {
        let guesses = Guesses::default();
        for number in 0..ADDRESSES + 50 {
            guesses.note(&number.to_string());
        }
        let known = guesses.0.lock().unwrap_or_else(PoisonError::into_inner).len();
        assert_eq!(known, ADDRESSES + 1, "the last ones are counted together");
        assert!(guesses.are_too_many("one more"));
    }
}
