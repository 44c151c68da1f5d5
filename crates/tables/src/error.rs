//! What is wrong with a table: its kind for programs, and the whole story for the table's owner.

use std::io;

use task_interface::Text;

use crate::decode::Malformed;
use crate::quotes::{TooLarge, Unclosed};
use crate::unpack::Damage;
use crate::words::both;

/// The kind of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A setting of the [`Dialect`](crate::Dialect) is none.
    Setting,
    /// There is not one line.
    Empty,
    /// The input is something else than a table.
    NotATable,
    /// Bytes do not fit the text encoding.
    Encoding,
    /// A quote is never closed.
    Quote,
    /// A compressed input ends in the middle.
    CutOff,
    /// A row has too many or too few fields.
    RowLength,
    /// A field or a row is beyond the [`Limit`](crate::Limit).
    TooLarge,
    /// No column has the name.
    ColumnMissing,
    /// Two columns have the name.
    ColumnTwice,
    /// The input could not be read; its content says nothing about why. Another time it may be.
    Unreadable,
}

impl Fault {
    /// A word for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Setting => "setting",
            Self::Empty => "empty",
            Self::NotATable => "not_a_table",
            Self::Encoding => "encoding",
            Self::Quote => "quote",
            Self::CutOff => "cut_off",
            Self::RowLength => "row_length",
            Self::TooLarge => "too_large",
            Self::ColumnMissing => "column_missing",
            Self::ColumnTwice => "column_twice",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Something is wrong with a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{story}")]
pub struct TableError {
    /// Its kind.
    pub fault: Fault,
    /// For the table's owner alone: it may hold lines, names of columns and values.
    pub story: Text,
    /// The line that it is about.
    pub line: Option<u64>,
    /// The column that it is about, as it can be shown.
    pub column: Option<String>,
    /// What the system said; for [`Fault::Unreadable`].
    pub detail: Option<String>,
    /// Whether the rows behind it can still be read.
    pub is_of_one_row: bool,
}

impl TableError {
    pub(crate) fn new(fault: Fault, story: Text) -> Self {
        Self {
            fault,
            story,
            line: None,
            column: None,
            detail: None,
            is_of_one_row: false,
        }
    }

    pub(crate) fn on_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    pub(crate) fn of_one_row(mut self) -> Self {
        self.is_of_one_row = true;
        self
    }

    pub(crate) fn of_column(mut self, column: String) -> Self {
        self.column = Some(column);
        self
    }
}

/// An error while bytes were read: one of the file's content, or one of the storage.
#[must_use]
pub fn read_error(error: &io::Error) -> TableError {
    let content = error.get_ref().and_then(|inner| {
        if let Some(unclosed) = inner.downcast_ref::<Unclosed>() {
            return Some((Fault::Quote, unclosed.in_words()));
        }
        if let Some(too_large) = inner.downcast_ref::<TooLarge>() {
            return Some((Fault::TooLarge, too_large.in_words()));
        }
        if let Some(malformed) = inner.downcast_ref::<Malformed>() {
            return Some((Fault::Encoding, malformed.in_words()));
        }
        let damage = inner.downcast_ref::<Damage>()?;
        let fault = match damage {
            Damage::CutOff(_) => Fault::CutOff,
            Damage::Broken { .. } => Fault::NotATable,
        };
        Some((fault, damage.in_words()))
    });
    let Some((fault, story)) = content else {
        let story = both("the input cannot be read", "输入无法读取");
        let mut unreadable = TableError::new(Fault::Unreadable, story);
        unreadable.detail = Some(error.to_string());
        return unreadable;
    };
    TableError::new(fault, story)
}

/// A value as it is shown to its owner: on one line and not too long.
#[must_use]
pub fn shown(value: &str) -> String {
    const CHARACTERS: usize = 60;
    let mut text: String = value
        .chars()
        .take(CHARACTERS)
        .flat_map(char::escape_debug)
        .collect();
    if value.chars().nth(CHARACTERS).is_some() {
        text.push('…');
    }
    text
}
