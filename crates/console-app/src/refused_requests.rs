//! How many requests were refused for want of room or time: too large, too slow, too many. Counted for the start of the
//! process, and told in the log now and then.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The statuses that are counted.
const COUNTED: [u16; 4] = [408, 413, 429, 503];
/// Refusals of one status are told in the log at most this often.
const SAY_EVERY: Duration = Duration::from_secs(60);

/// The refused requests of this process, by their status.
#[derive(Debug, Default)]
pub struct RefusedRequests(Mutex<BTreeMap<u16, Count>>);

#[derive(Debug, Default)]
struct Count {
    all: u64,
    said: Option<(Instant, u64)>,
}

impl RefusedRequests {
    /// Counts an answer, if it is such a refusal.
    pub fn note(&self, status: u16) {
        if !COUNTED.contains(&status) {
            return;
        }
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(status).or_default();
        count.all += 1;
        let (at, before) = count.said.unzip();
        if at.is_none_or(|at| at.elapsed() >= SAY_EVERY) {
            let since = count.all - before.unwrap_or_default();
            count.said = Some((Instant::now(), count.all));
            tracing::warn!(http.status = status, since, all = count.all, "requests refused");
        }
    }

    /// How many there were of each status since the start of the process.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<u16, u64> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts
            .iter()
            .map(|(status, count)| (*status, count.all))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_counted_by_their_status() {
        let refused = RefusedRequests::default();
        for status in [200, 413, 429, 413, 404, 500] {
            refused.note(status);
        }
        assert_eq!(refused.counts(), BTreeMap::from([(413, 2), (429, 1)]));
    }
}
