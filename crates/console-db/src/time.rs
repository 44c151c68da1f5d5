use chrono::{DateTime, NaiveDateTime, SubsecRound as _, TimeDelta, Utc};
use std::time::Duration;

/// A moment as it is stored: UTC, without zone, in whole microseconds, which all three databases keep.
#[must_use]
pub fn naive(moment: DateTime<Utc>) -> NaiveDateTime {
    moment.naive_utc().trunc_subsecs(6)
}

/// A stored moment.
#[must_use]
pub const fn utc(stored: NaiveDateTime) -> DateTime<Utc> {
    stored.and_utc()
}

/// This moment, as it is stored.
pub(crate) fn now() -> NaiveDateTime {
    naive(Utc::now())
}

/// A moment from now on, as it is stored; the end of time when that is too far.
pub(crate) fn after(moment: DateTime<Utc>, wait: Duration) -> NaiveDateTime {
    let wait = TimeDelta::from_std(wait).unwrap_or(TimeDelta::days(36_500));
    naive(moment + wait)
}

/// A text cut to what its column holds, in characters, without the character that PostgreSQL cannot store.
pub(crate) fn fit(text: &str, characters: usize) -> String {
    text.chars().filter(|c| *c != '\0').take(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_survive_storing_and_texts_are_cut_at_characters() {
        let moment = DateTime::from_timestamp_nanos(1_700_000_000_123_456_789);
        assert_eq!(
            utc(naive(moment)).timestamp_nanos_opt(),
            Some(1_700_000_000_123_456_000)
        );
        assert_eq!(fit("a\0😀b", 2), "a😀");
    }
}
