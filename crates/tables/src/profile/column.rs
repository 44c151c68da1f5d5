//! One column, while its values go by.

use chrono::NaiveDateTime;
use datasketches::frequencies::{ErrorType, FrequentItemsSketch};

use super::distinct::Distinct;
use super::numbers::Moments;
use super::{ColumnProfile, Count, Frequent, Kind, dates};
use crate::markers::Markers;
use crate::number::{Decimal, Number, parse};

/// Values that are counted for the most frequent ones; up to three quarters of it exactly.
const COUNTED: usize = 256;
const MOST_FREQUENT: usize = 10;
/// Longer values are cut off.
const CHARACTERS: usize = 100;
/// So many of a hundred values are of a column's kind.
const OF_A_KIND: u64 = 95;
/// So many of a hundred values of an id differ, and there are at least so many.
const OF_IDS: u64 = 90;
const FEWEST_IDS: u64 = 10;

/// The smallest and the largest of what went by.
struct Range<T> {
    count: u64,
    ends: Option<(T, T)>,
}

impl<T: Ord + Clone> Range<T> {
    const NONE: Self = Self { count: 0, ends: None };

    fn take(&mut self, value: T) {
        self.count += 1;
        match &mut self.ends {
            None => self.ends = Some((value.clone(), value)),
            Some((smallest, _)) if value < *smallest => *smallest = value,
            Some((_, largest)) if value > *largest => *largest = value,
            Some(_) => {}
        }
    }
}

pub(super) struct Column {
    name: String,
    decimal: Option<Decimal>,
    missing: u64,
    values: u64,
    integers: u64,
    decimals: u64,
    booleans: u64,
    day_first: Range<NaiveDateTime>,
    month_first: Range<NaiveDateTime>,
    moments: Moments,
    texts: Option<(String, String)>,
    distinct: Distinct,
    frequent: Option<FrequentItemsSketch<String>>,
}

impl Column {
    pub(super) fn new(name: &str, columns: usize, decimal: Option<Decimal>) -> Self {
        Self {
            name: name.to_owned(),
            decimal,
            missing: 0,
            values: 0,
            integers: 0,
            decimals: 0,
            booleans: 0,
            day_first: Range::NONE,
            month_first: Range::NONE,
            moments: Moments::default(),
            texts: None,
            distinct: Distinct::new(columns),
            frequent: FrequentItemsSketch::new(COUNTED).ok(),
        }
    }

    /// Takes a field, trimmed.
    pub(super) fn take(&mut self, text: &str, missing: &Markers) {
        if missing.is_missing(text) {
            self.missing += 1;
            return;
        }
        self.values += 1;
        self.distinct.take(text);
        let short = shortened(text);
        if let Some(frequent) = &mut self.frequent {
            frequent.update_ref(short);
        }
        match &mut self.texts {
            None => self.texts = Some((short.to_owned(), short.to_owned())),
            Some((smallest, _)) if short < smallest.as_str() => short.clone_into(smallest),
            Some((_, largest)) if short > largest.as_str() => short.clone_into(largest),
            Some(_) => {}
        }
        self.classify(text);
    }

    fn classify(&mut self, text: &str) {
        if let Some(date) = dates::parse(text) {
            if let Some(date) = date.day_first {
                self.day_first.take(date);
            }
            if let Some(date) = date.month_first {
                self.month_first.take(date);
            }
        } else if is_boolean(text) {
            self.booleans += 1;
        } else if !is_code(text)
            && let Number::Is(value) = parse(text, self.decimal)
        {
            let is_whole = value.fract() == 0.0 && !text.ends_with('%');
            *(if is_whole {
                &mut self.integers
            } else {
                &mut self.decimals
            }) += 1;
            self.moments.take(value);
        }
    }

    /// The kind, and how many values are of it.
    fn kind(&self) -> (Kind, u64) {
        let numbers = self.integers + self.decimals;
        let dates = self.day_first.count.max(self.month_first.count);
        let is_most = |count: u64| count * 100 >= self.values * OF_A_KIND;
        match () {
            () if self.values == 0 => (Kind::Empty, 0),
            () if is_most(numbers) && self.decimals == 0 => (Kind::Integer, numbers),
            () if is_most(numbers) => (Kind::Decimal, numbers),
            () if is_most(dates) => (Kind::Date, dates),
            () if is_most(self.booleans) => (Kind::Boolean, self.booleans),
            () => (Kind::Text, self.values),
        }
    }

    fn range(&self, kind: Kind) -> Option<(String, String)> {
        match kind {
            Kind::Empty | Kind::Boolean => None,
            Kind::Integer | Kind::Decimal => {
                let (smallest, largest) = (self.moments.smallest, self.moments.largest);
                Some((smallest.to_string(), largest.to_string()))
            }
            Kind::Date => {
                let dates = if self.month_first.count > self.day_first.count {
                    &self.month_first
                } else {
                    &self.day_first
                };
                let (smallest, largest) = dates.ends?;
                Some((dates::shown(smallest), dates::shown(largest)))
            }
            Kind::Text => self.texts.clone(),
        }
    }

    /// Rows that repeat a value, where the column looks like one of ids.
    fn duplicates(&self, kind: Kind, distinct: Count) -> Option<Count> {
        let differ = distinct.value * 100 >= self.values * OF_IDS;
        let is_id = matches!(kind, Kind::Integer | Kind::Text) && differ && self.values >= FEWEST_IDS;
        is_id.then(|| Count {
            value: self.values - distinct.value,
            is_estimate: distinct.is_estimate,
        })
    }

    fn most_frequent(&self) -> (Vec<Frequent>, bool) {
        let Some(sketch) = &self.frequent else {
            return (Vec::new(), false);
        };
        let rows = sketch.frequent_items(ErrorType::NoFalsePositives);
        let mut found: Vec<_> = rows
            .into_iter()
            .filter(|row| row.lower_bound() > 1)
            .map(|row| Frequent {
                value: row.item().clone(),
                count: row.lower_bound(),
            })
            .collect();
        found.sort_by(|one, other| other.count.cmp(&one.count).then(one.value.cmp(&other.value)));
        found.truncate(MOST_FREQUENT);
        (found, sketch.maximum_error() > 0)
    }

    pub(super) fn finish(self) -> ColumnProfile {
        let (kind, of_kind) = self.kind();
        let distinct = self.distinct.finish(self.values);
        let (smallest, largest) = self.range(kind).unzip();
        let (frequent, frequent_are_estimates) = self.most_frequent();
        let is_numeric = matches!(kind, Kind::Integer | Kind::Decimal);
        ColumnProfile {
            kind,
            missing: self.missing,
            unlike: self.values - of_kind,
            distinct,
            duplicates: self.duplicates(kind, distinct),
            smallest,
            largest,
            numbers: is_numeric.then(|| self.moments.finish()).flatten(),
            frequent,
            frequent_are_estimates,
            name: self.name,
        }
    }
}

/// Digits with zeros in front, which mean something.
fn is_code(text: &str) -> bool {
    text.len() > 1 && text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_boolean(text: &str) -> bool {
    const WORDS: [&str; 8] = ["true", "false", "yes", "no", "t", "f", "y", "n"];
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)) || matches!(text, "是" | "否")
}

fn shortened(text: &str) -> &str {
    text.char_indices()
        .nth(CHARACTERS)
        .map_or(text, |(end, _)| &text[..end])
}
