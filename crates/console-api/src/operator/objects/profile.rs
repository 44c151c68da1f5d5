//! `/objects/{name}/profile`

use actix_web::{HttpRequest, HttpResponse};
use console_app::objects as cases;
use console_app::objects::table_profile as found;
use serde::Serialize;
use utoipa::ToSchema;

use super::table::ReadingQuery;
use crate::auth::SignedQuery;
use crate::error::ApiError;
use crate::extract::Query;

/// How far it is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ProfileState {
    /// It waits, or is being made; ask again.
    Waiting,
    /// It is there.
    Made,
    /// The file is no table that can be read to its end.
    Failed,
}

/// What is in the table of a file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TableProfile {
    state: ProfileState,
    /// The file's size in bytes.
    size: u64,
    /// How many of them have been read.
    bytes_read: u64,
    /// Rows so far.
    rows_read: u64,
    /// What was found; null until it is made.
    found: Option<FoundTable>,
    /// Why nothing was found.
    failure: Option<String>,
    /// The same in simplified Chinese.
    failure_zh: Option<String>,
}

impl From<cases::TableProfile> for TableProfile {
    fn from(profile: cases::TableProfile) -> Self {
        let cases::TableProfile {
            state,
            size,
            bytes_read,
            rows_read,
            found,
            failure,
        } = profile;
        let (failure, failure_zh) = failure.map(|text| (text.en, text.zh)).unzip();
        Self {
            state: match state {
                cases::ProfileState::Waiting => ProfileState::Waiting,
                cases::ProfileState::Made => ProfileState::Made,
                cases::ProfileState::Failed => ProfileState::Failed,
            },
            size,
            bytes_read,
            rows_read,
            found: found.map(FoundTable::from),
            failure,
            failure_zh: failure_zh.flatten(),
        }
    }
}

/// What was found in a table, and how it was read.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundTable {
    /// The text encoding, such as `UTF-8`.
    encoding: String,
    /// The character between two fields.
    delimiter: String,
    /// Whether the first line names the columns.
    has_header: bool,
    /// How the file is compressed.
    compression: Option<String>,
    /// Rows that could be read; a header is none.
    rows: u64,
    /// Rows that could not.
    unreadable: u64,
    /// The first of them.
    first_unreadable: Vec<UnreadableRow>,
    /// In their order; the first ones when there are very many.
    columns: Vec<ColumnProfile>,
    /// Columns that were not looked at, because there are so many.
    columns_left_out: usize,
}

impl From<cases::FoundTable> for FoundTable {
    fn from(table: cases::FoundTable) -> Self {
        let cases::FoundTable {
            encoding,
            delimiter,
            has_header,
            compression,
            profile,
        } = table;
        let found::Profile {
            rows,
            unreadable,
            first_unreadable,
            columns,
            columns_left_out,
        } = profile;
        Self {
            encoding,
            delimiter: delimiter.to_string(),
            has_header,
            compression,
            rows,
            unreadable,
            first_unreadable: first_unreadable.into_iter().map(UnreadableRow::from).collect(),
            columns: columns.into_iter().map(ColumnProfile::from).collect(),
            columns_left_out,
        }
    }
}

/// A row that cannot be read.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnreadableRow {
    /// The line on which it begins, from 1.
    line: u64,
    /// The kind of the fault, as a word.
    code: String,
    /// Why.
    reason: String,
    /// The same in simplified Chinese.
    reason_zh: Option<String>,
}

impl From<found::Unreadable> for UnreadableRow {
    fn from(row: found::Unreadable) -> Self {
        let found::Unreadable { line, code, reason } = row;
        Self {
            line,
            code,
            reason: reason.en,
            reason_zh: reason.zh,
        }
    }
}

/// What most values of a column are.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ColumnKind {
    /// No row has a value.
    Empty,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Decimal,
    /// Words such as `yes` and `no`.
    Boolean,
    /// Days, with or without a time.
    Date,
    /// Everything else.
    Text,
}

impl From<found::Kind> for ColumnKind {
    fn from(kind: found::Kind) -> Self {
        match kind {
            found::Kind::Empty => Self::Empty,
            found::Kind::Integer => Self::Integer,
            found::Kind::Decimal => Self::Decimal,
            found::Kind::Boolean => Self::Boolean,
            found::Kind::Date => Self::Date,
            found::Kind::Text => Self::Text,
        }
    }
}

/// A number of values.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ValueCount {
    value: u64,
    /// Whether it may be off, by some 2 %.
    is_estimate: bool,
}

impl From<found::Count> for ValueCount {
    fn from(count: found::Count) -> Self {
        let found::Count { value, is_estimate } = count;
        Self { value, is_estimate }
    }
}

/// What is in a column.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ColumnProfile {
    /// Its name; without a header its number.
    name: String,
    /// What at least 95 % of its values are.
    kind: ColumnKind,
    /// Rows without a value.
    missing: u64,
    /// Values that are not of the kind.
    unlike: u64,
    /// Different values.
    distinct: ValueCount,
    /// Rows whose value another row before them has; null where values repeat as a rule, so that the column is no id.
    duplicates: Option<ValueCount>,
    /// The smallest value of the kind; dates as `2024-01-31` or `2024-01-31T08:00:00`.
    smallest: Option<String>,
    /// The largest value of the kind.
    largest: Option<String>,
    /// For columns of numbers.
    numbers: Option<NumberProfile>,
    /// The most frequent values, the most frequent first.
    frequent: Vec<FrequentValue>,
    /// Whether their counts may be too low.
    frequent_are_estimates: bool,
}

impl From<found::ColumnProfile> for ColumnProfile {
    fn from(column: found::ColumnProfile) -> Self {
        let found::ColumnProfile {
            name,
            kind,
            missing,
            unlike,
            distinct,
            duplicates,
            smallest,
            largest,
            numbers,
            frequent,
            frequent_are_estimates,
        } = column;
        Self {
            name,
            kind: kind.into(),
            missing,
            unlike,
            distinct: distinct.into(),
            duplicates: duplicates.map(ValueCount::from),
            smallest,
            largest,
            numbers: numbers.map(NumberProfile::from),
            frequent: frequent.into_iter().map(FrequentValue::from).collect(),
            frequent_are_estimates,
        }
    }
}

/// What the numbers of a column are like.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NumberProfile {
    mean: f64,
    /// The standard deviation of a sample; 0 for one value.
    deviation: f64,
    /// At 1, 5, 25, 50, 75, 95 and 99 %.
    quantiles: Vec<Quantile>,
    /// Bars of the same width from the smallest to the largest.
    histogram: Vec<HistogramBar>,
    /// Whether quantiles and histogram may be off; their ranks then are by less than 1 %.
    are_estimates: bool,
}

impl From<found::Numbers> for NumberProfile {
    fn from(numbers: found::Numbers) -> Self {
        let found::Numbers {
            mean,
            deviation,
            quantiles,
            histogram,
            are_estimates,
        } = numbers;
        let quantile = |found::Quantile { rank, value }| Quantile { rank, value };
        let bar = |found::Bar { from, to, count }| HistogramBar { from, to, count };
        Self {
            mean,
            deviation,
            quantiles: quantiles.into_iter().map(quantile).collect(),
            histogram: histogram.into_iter().map(bar).collect(),
            are_estimates,
        }
    }
}

/// A value, and the share of values that are not greater.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Quantile {
    /// From 0 to 1.
    rank: f64,
    value: f64,
}

/// A bar of a histogram.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HistogramBar {
    /// Where it begins; this value belongs to it.
    from: f64,
    /// Where it ends; this value belongs to the next bar, but for the last one.
    to: f64,
    count: u64,
}

/// A frequent value.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FrequentValue {
    /// Its text, cut off where it is long.
    value: String,
    count: u64,
}

impl From<found::Frequent> for FrequentValue {
    fn from(frequent: found::Frequent) -> Self {
        let found::Frequent { value, count } = frequent;
        Self { value, count }
    }
}

/// What is in the table of a file, column by column. It is found out in the background at the first question, and kept for as
/// long as the content: ask again while the state is `waiting`.
#[utoipa::path(get, path = "/api/v1/objects/{name}/profile", tag = "objects",
    params(("name" = String, Path), ReadingQuery),
    responses((status = 200, body = TableProfile)))]
pub(crate) async fn profile(
    request: HttpRequest,
    signed: SignedQuery,
    query: Query<ReadingQuery>,
) -> Result<HttpResponse, ApiError> {
    let settings = query.0.settings()?;
    let found = cases::profile(&signed.app, &signed.operator, &super::name(&request)?, settings).await?;
    Ok(HttpResponse::Ok().json(TableProfile::from(found)))
}
