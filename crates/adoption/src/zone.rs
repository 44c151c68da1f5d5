//! The original stores local times without their zone. They become UTC in the database itself, by an expression that knows the
//! zone's offsets of all the years in question.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Why a text is no time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no time zone; give a name such as Asia/Shanghai, or an offset such as +08:00")]
pub struct ZoneError(String);

/// A time zone: a name of the IANA database, or a fixed offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Zone {
    /// A name, such as `Asia/Shanghai`.
    Named(Tz),
    /// An offset, such as `+08:00`.
    Fixed(FixedOffset),
}

impl Zone {
    /// The zone of this machine; UTC when it cannot be told.
    #[must_use]
    pub fn of_machine() -> Self {
        let name = iana_time_zone::get_timezone().unwrap_or_default();
        name.parse().unwrap_or(Self::Named(Tz::UTC))
    }

    fn offset_at(self, moment: NaiveDateTime) -> i32 {
        match self {
            Self::Named(zone) => zone.offset_from_utc_datetime(&moment).fix().local_minus_utc(),
            Self::Fixed(offset) => offset.local_minus_utc(),
        }
    }

    /// The changes of the offset between two moments.
    pub(crate) fn shifts(self, from: NaiveDateTime, until: NaiveDateTime) -> Shifts {
        const STEP: TimeDelta = TimeDelta::hours(6);
        // A local time is at most a day away from the moment that it means.
        let (mut at, until) = (from - TimeDelta::days(2), until + TimeDelta::days(2));
        let first = self.offset_at(at);
        let (mut shifts, mut offset) = (Vec::new(), first);
        while at < until {
            let next = at + STEP;
            let after = self.offset_at(next);
            if after != offset {
                shifts.push(Shift {
                    at: self.change_between(at, next),
                    before: offset,
                    after,
                });
                offset = after;
            }
            at = next;
        }
        Shifts { first, shifts }
    }

    /// The second from which the offset is another one, known to lie between two moments.
    fn change_between(self, mut before: NaiveDateTime, mut after: NaiveDateTime) -> NaiveDateTime {
        let old = self.offset_at(before);
        while after - before > TimeDelta::seconds(1) {
            let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
            if self.offset_at(middle) == old {
                before = middle;
            } else {
                after = middle;
            }
        }
        after
    }
}

impl FromStr for Zone {
    type Err = ZoneError;
    fn from_str(text: &str) -> Result<Self, ZoneError> {
        if let Ok(zone) = text.parse::<Tz>() {
            return Ok(Self::Named(zone));
        }
        // An offset as it stands at the end of a time.
        DateTime::parse_from_rfc3339(&format!("2000-01-01T00:00:00{text}"))
            .map(|time| Self::Fixed(*time.offset()))
            .map_err(|_| ZoneError(text.to_owned()))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(zone) => f.write_str(zone.name()),
            Self::Fixed(offset) => offset.fmt(f),
        }
    }
}

impl TryFrom<String> for Zone {
    type Error = ZoneError;
    fn try_from(text: String) -> Result<Self, ZoneError> {
        text.parse()
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.to_string()
    }
}

/// One change of the offset, in seconds east of Greenwich.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shift {
    at: NaiveDateTime,
    before: i32,
    after: i32,
}

/// The offsets of a zone over some years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shifts {
    first: i32,
    shifts: Vec<Shift>,
}

impl Shifts {
    /// The SQL expression of a column's local time in UTC. NULL and dates before the year 1000 (the server's zero date) become
    /// NULL. Of two moments that one local time means it is the earlier; a time that a clock skipped is moved on.
    pub(crate) fn utc(&self, column: &str) -> String {
        use std::fmt::Write as _;
        let mut offset = String::from("CASE");
        for shift in &self.shifts {
            let later = shift.before.max(shift.after);
            let until = shift.at + TimeDelta::seconds(i64::from(later));
            let _ = write!(offset, " WHEN {column} < '{until}' THEN {}", shift.before);
        }
        let last = self.shifts.last().map_or(self.first, |shift| shift.after);
        let offset = if self.shifts.is_empty() {
            last.to_string()
        } else {
            format!("{offset} ELSE {last} END")
        };
        format!(
            "(CASE WHEN {column} < '1000-01-02' THEN NULL ELSE {column} - INTERVAL ({offset}) SECOND END)"
        )
    }

    /// The SQL condition that a column's local time means two moments, or none; none when the zone has no such times.
    pub(crate) fn uncertain(&self, column: &str) -> Option<String> {
        let ranges = self.shifts.iter().map(|shift| {
            let local = |offset: i32| shift.at + TimeDelta::seconds(i64::from(offset));
            let (from, until) = (
                local(shift.before.min(shift.after)),
                local(shift.before.max(shift.after)),
            );
            format!("({column} >= '{from}' AND {column} < '{until}')")
        });
        let ranges: Vec<String> = ranges.collect();
        (!ranges.is_empty()).then(|| format!("({})", ranges.join(" OR ")))
    }
}

/// The years within which times are believed.
pub(crate) fn believed(
    from: Option<NaiveDateTime>,
    until: Option<NaiveDateTime>,
) -> (NaiveDateTime, NaiveDateTime) {
    let year = |year| {
        Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0)
            .single()
            .map(|at| at.naive_utc())
    };
    let (least, most) = (year(1950).unwrap_or_default(), year(2100).unwrap_or_default());
    let from = from.unwrap_or(most).clamp(least, most);
    (from, until.unwrap_or(from).clamp(from, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap()
    }

    #[test]
    fn names_and_offsets_are_read_and_written() {
        for text in ["Asia/Shanghai", "UTC", "+08:00", "-03:30"] {
            assert_eq!(text.parse::<Zone>().unwrap().to_string(), text);
        }
        for text in ["", "Mars", "+8", "08:00 ", "'; DROP"] {
            assert!(text.parse::<Zone>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_zone_without_summer_time_is_one_number() {
        let zone: Zone = "Asia/Shanghai".parse().unwrap();
        let shifts = zone.shifts(time("2020-01-01 00:00:00"), time("2026-01-01 00:00:00"));
        assert!(
            shifts.utc("t").contains("INTERVAL (28800) SECOND"),
            "{}",
            shifts.utc("t")
        );
        assert_eq!(shifts.uncertain("t"), None);
    }

    #[test]
    fn summer_time_changes_at_its_second() {
        let zone: Zone = "America/New_York".parse().unwrap();
        let shifts = zone.shifts(time("2023-01-01 00:00:00"), time("2023-12-31 00:00:00"));
        let found: Vec<_> = shifts.shifts.iter().map(|s| (s.at, s.before, s.after)).collect();
        assert_eq!(
            found,
            [
                (time("2023-03-12 07:00:00"), -18000, -14400),
                (time("2023-11-05 06:00:00"), -14400, -18000)
            ]
        );
        let uncertain = shifts.uncertain("t").unwrap();
        assert!(
            uncertain.contains("t >= '2023-11-05 01:00:00' AND t < '2023-11-05 02:00:00'"),
            "{uncertain}"
        );
        assert!(
            uncertain.contains("t >= '2023-03-12 02:00:00' AND t < '2023-03-12 03:00:00'"),
            "{uncertain}"
        );
    }
}
