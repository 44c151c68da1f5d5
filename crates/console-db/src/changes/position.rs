use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ConnectionTrait;

use super::{after, among, first, newest};
use crate::entity::change_entry::Model;
use crate::error::DbResult;
use crate::time::naive;

/// A number that is missing for so long belongs to a commit that failed.
const HOLES_FOR: TimeDelta = TimeDelta::seconds(60);
/// So many holes are remembered at most; a server that counts in larger steps has many.
const HOLES_MOST: i64 = 1000;
/// A position in words holds so many holes at most.
const HOLES_TOLD: usize = 50;
/// So many of the newest entries can have holes between them that are still open.
const RECENT: u64 = 500;

/// How far somebody has read: everything up to a number, but for some holes that may still be filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    high: i64,
    /// Missing numbers, and since when.
    holes: BTreeMap<i64, DateTime<Utc>>,
}

impl Position {
    /// Behind everything that there is, but before what is being committed at this moment.
    ///
    /// # Errors
    /// Any error of the database.
    pub async fn present(conn: &impl ConnectionTrait, now: DateTime<Utc>) -> DbResult<Self> {
        let recent = newest(conn, RECENT).await?;
        let mut position = Self {
            high: recent.first().map_or(0, |(id, _)| id - 1),
            holes: BTreeMap::new(),
        };
        for (id, at) in recent {
            position.take(id, now);
            if at < naive(now - HOLES_FOR) {
                position.holes.clear();
            }
        }
        Ok(position)
    }

    /// Where somebody was who was told [`cursor`](Self::cursor); `None` when what came after it is not kept any more, or
    /// when it is none of ours.
    ///
    /// # Errors
    /// Any error of the database.
    pub async fn resume(
        conn: &impl ConnectionTrait,
        cursor: &str,
        now: DateTime<Utc>,
    ) -> DbResult<Option<Self>> {
        let Some(position) = Self::parse(cursor, now) else {
            return Ok(None);
        };
        let next = position.holes.keys().next().copied();
        let next = next.unwrap_or(position.high + 1);
        let oldest = first(conn, 1).await?.pop().map_or(1, |(id, _)| id);
        let newest = newest(conn, 1).await?.pop().map_or(0, |(id, _)| id);
        let kept = oldest <= next && position.high <= newest;
        Ok(kept.then_some(position))
    }

    fn parse(cursor: &str, now: DateTime<Utc>) -> Option<Self> {
        let digits = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
        let number = |text: &str| Some(text).filter(digits)?.parse::<i64>().ok();
        let mut numbers = cursor.split('.').map(number);
        let high = numbers.next()??;
        let holes = numbers.map(|hole| hole.filter(|hole| (1..high).contains(hole)));
        let holes: Option<BTreeMap<i64, DateTime<Utc>>> = holes.map(|hole| Some((hole?, now))).collect();
        let holes = holes.filter(|holes| holes.len() <= HOLES_TOLD)?;
        Some(Self { high, holes })
    }

    /// The position in words. With too many holes it is the one before the first of them, from where some is read twice.
    #[must_use]
    pub fn cursor(&self) -> String {
        if self.holes.len() > HOLES_TOLD {
            let first = self.holes.keys().next().copied().unwrap_or(self.high + 1);
            return (first - 1).to_string();
        }
        let holes = self.holes.keys().map(|hole| format!(".{hole}"));
        format!("{}{}", self.high, holes.collect::<String>())
    }

    /// Goes behind an entry. Tells whether it was still ahead.
    pub fn take(&mut self, id: i64, now: DateTime<Utc>) -> bool {
        if id <= self.high {
            return self.holes.remove(&id).is_some();
        }
        let missed = (self.high + 1).max(id - HOLES_MOST)..id;
        self.holes.extend(missed.map(|hole| (hole, now)));
        self.high = id;
        true
    }

    /// Reads on, and goes behind what was read: at most `limit` entries, and those that fill holes.
    ///
    /// # Errors
    /// Any error of the database.
    pub async fn read_on(
        &mut self,
        conn: &impl ConnectionTrait,
        limit: u64,
        now: DateTime<Utc>,
    ) -> DbResult<Vec<Model>> {
        let holes: Vec<i64> = self.holes.keys().copied().collect();
        let mut found = among(conn, &holes).await?;
        found.extend(after(conn, self.high, limit).await?);
        found.retain(|entry| self.take(entry.id, now));
        self.holes.retain(|_, since| now - *since < HOLES_FOR);
        while self.holes.len() as i64 > HOLES_MOST {
            self.holes.pop_first();
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(high: i64) -> Position {
        Position {
            high,
            holes: BTreeMap::new(),
        }
    }

    #[test]
    fn what_was_missed_is_taken_once_when_it_comes() {
        let now = Utc::now();
        let mut position = at(10);
        assert!(position.take(11, now) && position.take(14, now));
        assert_eq!(position.cursor(), "14.12.13");
        assert!(!position.take(14, now) && !position.take(3, now));
        assert!(position.take(12, now) && !position.take(12, now));
        assert_eq!(position.cursor(), "14.13");
        assert_eq!(Position::parse("14.13", now), Some(position));
    }

    #[test]
    fn many_holes_are_bounded_and_told_by_going_back() {
        let now = Utc::now();
        let mut position = at(0);
        position.take(1_000_000, now);
        assert_eq!(position.holes.len() as i64, HOLES_MOST);
        assert_eq!(position.cursor(), "998999");
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for text in [
            "",
            "x",
            "-1",
            "+1",
            "1.",
            "5.5",
            "5.0",
            "5.9",
            "1 ",
            "99999999999999999999",
            "5.x",
        ] {
            assert_eq!(Position::parse(text, Utc::now()), None, "{text:?}");
        }
        let long = (1..=51).fold("100".to_owned(), |text, hole| format!("{text}.{hole}"));
        assert_eq!(Position::parse(&long, Utc::now()), None);
    }
}
