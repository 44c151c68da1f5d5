//! What is in a table, found out in one pass and with constant memory.
//!
//! Counts of rows and of missing values, the smallest and the largest value, mean and deviation are exact. What would need all
//! values at once is exact while the values are few and an estimate beyond, and says which.

mod column;
mod dates;
mod distinct;
mod numbers;

use std::ops::ControlFlow;

use csv::StringRecord;
use serde::{Deserialize, Serialize};
use task_interface::Text;

use crate::error::TableError;
use crate::markers::Markers;
use crate::table::Table;
use column::Column;

/// So many columns are looked at; of those behind them only the number is told.
pub const MOST_COLUMNS: usize = 1000;
/// So many of the lines that cannot be read are named.
pub const MOST_UNREADABLE: usize = 20;
/// Rows between two looks at whether to stop.
const ROWS: u64 = 4096;

/// What is in a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Rows that could be read; a header is none.
    pub rows: u64,
    /// Rows that could not.
    pub unreadable: u64,
    /// The first of them.
    pub first_unreadable: Vec<Unreadable>,
    /// The columns, in their order.
    pub columns: Vec<ColumnProfile>,
    /// Columns beyond [`MOST_COLUMNS`].
    pub columns_left_out: usize,
}

/// A row that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreadable {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// [`Fault::code`](crate::Fault::code).
    pub code: String,
    /// Why, for the table's owner.
    pub reason: Text,
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// No row has a value.
    Empty,
    /// Whole numbers, `1.0` among them.
    Integer,
    /// Numbers.
    Decimal,
    /// Words such as `yes` and `no`.
    Boolean,
    /// Days, with or without a time.
    Date,
    /// Everything else; digits with zeros in front too, because they are codes.
    Text,
}

/// A number of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// How many.
    pub value: u64,
    /// Whether it may be off, by some 2 %.
    pub is_estimate: bool,
}

/// What is in a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnProfile {
    /// Its name; without a header its number.
    pub name: String,
    /// What at least 95 % of its values are.
    pub kind: Kind,
    /// Rows without a value.
    pub missing: u64,
    /// Values that are not of the kind.
    pub unlike: u64,
    /// Different values.
    pub distinct: Count,
    /// Rows whose value another row before them has, where most values differ, as ids do.
    pub duplicates: Option<Count>,
    /// The smallest value of the kind; dates as `2024-01-31` or `2024-01-31T08:00:00`.
    pub smallest: Option<String>,
    /// The largest value of the kind.
    pub largest: Option<String>,
    /// For columns of numbers.
    pub numbers: Option<Numbers>,
    /// The most frequent values, the most frequent first; none where no value is more frequent than others.
    pub frequent: Vec<Frequent>,
    /// Whether their counts may be too low.
    pub frequent_are_estimates: bool,
}

/// What the numbers of a column are like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Numbers {
    /// The mean.
    pub mean: f64,
    /// The standard deviation of a sample; 0 for one value.
    pub deviation: f64,
    /// At 1, 5, 25, 50, 75, 95 and 99 %.
    pub quantiles: Vec<Quantile>,
    /// How many values lie where; bars of the same width from the smallest to the largest.
    pub histogram: Vec<Bar>,
    /// Whether quantiles and histogram may be off; their ranks then are by less than 1 %.
    pub are_estimates: bool,
}

/// A value, and the share of values that are not greater.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quantile {
    /// From 0 to 1.
    pub rank: f64,
    /// The value.
    pub value: f64,
}

/// A bar of a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bar {
    /// Where it begins; this value belongs to it.
    pub from: f64,
    /// Where it ends; this value belongs to the next, but for the last bar.
    pub to: f64,
    /// How many values it has.
    pub count: u64,
}

/// A frequent value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frequent {
    /// Its text, cut off where it is long.
    pub value: String,
    /// How often it is there.
    pub count: u64,
}

/// Why there is no profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// Whoever watched it wanted no more.
    #[error("the profile was stopped")]
    Stopped,
    /// Reading ended before the table did.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// Reads a table to its end. `watch` is told the number of rows now and then, and may stop it.
///
/// # Errors
/// It was stopped, or something is wrong with more than single rows.
pub fn of(
    table: &mut Table,
    missing: &Markers,
    mut watch: impl FnMut(u64) -> ControlFlow<()>,
) -> Result<Profile, ProfileError> {
    let looked_at = table.names.len().min(MOST_COLUMNS);
    let mut columns: Vec<_> = table.names[..looked_at]
        .iter()
        .map(|name| Column::new(name, looked_at, table.decimal))
        .collect();
    let mut row = StringRecord::new();
    let (mut rows, mut unreadable, mut first_unreadable) = (0, 0, Vec::new());
    loop {
        if (rows + unreadable) % ROWS == 0 && watch(rows).is_break() {
            return Err(ProfileError::Stopped);
        }
        match table.read(&mut row) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) if error.is_of_one_row => {
                unreadable += 1;
                if first_unreadable.len() < MOST_UNREADABLE {
                    first_unreadable.push(named(error));
                }
                continue;
            }
            Err(error) => return Err(error.into()),
        }
        rows += 1;
        for (column, field) in columns.iter_mut().zip(&row) {
            column.take(field.trim(), missing);
        }
    }
    Ok(Profile {
        rows,
        unreadable,
        first_unreadable,
        columns: columns.into_iter().map(Column::finish).collect(),
        columns_left_out: table.names.len() - looked_at,
    })
}

fn named(error: TableError) -> Unreadable {
    Unreadable {
        line: error.line.unwrap_or(0),
        code: error.fault.code().to_owned(),
        reason: error.story,
    }
}

#[cfg(test)]
mod tests;
