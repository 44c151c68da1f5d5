//! Watches a table while it is read: on which line each row begins, which the parser itself does not count where lines are empty
//! or end in a carriage return; quotes that are never closed, because the CSV parser takes all that follows one for the
//! field's content; and fields and rows that are so large that nobody means them, before they are held in memory.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use task_interface::Text;

use super::table::Input;
use crate::words::both;

/// A quote was opened and not closed before the input ended.
#[derive(Debug, thiserror::Error)]
#[error("the quote that opens on line {line} of the input is never closed")]
pub(super) struct Unclosed {
    line: u64,
}

impl Unclosed {
    pub(super) fn in_words(&self) -> Text {
        both(
            self.to_string(),
            format!("输入表第 {} 行的引号没有闭合", self.line),
        )
    }
}

/// A field or a row is larger than is allowed.
#[derive(Debug, thiserror::Error)]
#[error(
    "line {line} of the input has a {part} of more than {limit_bytes} bytes; is `delimiter` right, or a quote never closed?{}",
    self.setting()
)]
pub(super) struct TooLarge {
    line: u64,
    part: &'static str,
    limit_bytes: u64,
    section: Option<&'static str>,
}

impl TooLarge {
    fn setting(&self) -> String {
        let part = self.part;
        self.section.map_or_else(String::new, |section| {
            format!(" The administrator sets the limit with `{section}.max_{part}_kib`")
        })
    }

    pub(super) fn in_words(&self) -> Text {
        let Self {
            line,
            part,
            limit_bytes,
            section,
        } = self;
        let setting = section.map_or_else(String::new, |section| {
            format!("。上限由管理员通过 `{section}.max_{part}_kib` 设置")
        });
        let part_zh = if *part == "row" { "一行" } else { "一个字段" };
        let zh = format!(
            "输入表第 {line} 行有{part_zh}超过 {limit_bytes} 字节；请检查 `delimiter` 是否正确、引号是否闭合{setting}"
        );
        both(self.to_string(), zh)
    }
}

/// The lines on which rows begin that were read and not parsed yet. The parser skips empty lines, and so does this.
#[derive(Clone, Default)]
pub(super) struct Lines(Arc<Mutex<VecDeque<u64>>>);

impl Lines {
    /// The line of the next row of the parser.
    pub(super) fn next(&self) -> Option<u64> {
        self.waiting().pop_front()
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How large the parts of a table may be, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// The most bytes of a field.
    pub field_bytes: u64,
    /// The most bytes of a row.
    pub row_bytes: u64,
    /// The section of the settings with `max_field_kib` and `max_row_kib`, if these are settings.
    pub section: Option<&'static str>,
}

impl Default for Limit {
    /// 1 MiB for a field, 8 MiB for a row.
    fn default() -> Self {
        Self {
            field_bytes: 1 << 20,
            row_bytes: 8 << 20,
            section: None,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    FieldStart,
    Unquoted,
    Quoted,
    /// Behind a quote inside of quotes: the end of the field, or the first half of a doubled quote.
    QuoteInQuotes,
}

/// Passes an input on, and fails at its end when a quote is open. It follows the parser's rules: a quote opens at the
/// beginning of a field only.
pub(super) struct Quotes {
    input: Input,
    delimiter: u8,
    place: Place,
    line: u64,
    opened: u64,
    limit: Limit,
    /// The line on which the row began, and the bytes of row and field so far.
    row_line: u64,
    row_bytes: u64,
    field_bytes: u64,
    too_large: Option<TooLarge>,
    after_carriage_return: bool,
    lines: Lines,
    /// Bytes of a byte order mark that may still come.
    mark: &'static [u8],
}

impl Quotes {
    /// `line` is that on which the input begins, from 1.
    pub(super) fn new(input: Input, delimiter: u8, limit: Limit, line: u64) -> Self {
        Self {
            input,
            delimiter,
            place: Place::FieldStart,
            line,
            opened: 0,
            limit,
            row_line: line,
            row_bytes: 0,
            field_bytes: 0,
            too_large: None,
            after_carriage_return: false,
            lines: Lines::default(),
            mark: b"\xef\xbb\xbf",
        }
    }

    /// Where the rows begin, as far as they were read.
    pub(super) fn lines(&self) -> Lines {
        self.lines.clone()
    }

    fn take(&mut self, byte: u8) {
        if let Some((first, rest)) = self.mark.split_first() {
            if byte == *first {
                self.mark = rest;
                return;
            }
            self.mark = &[];
        }
        if std::mem::replace(&mut self.after_carriage_return, byte == b'\r') && byte != b'\n' {
            self.line += 1;
            if self.row_bytes == 0 {
                self.row_line = self.line;
            }
        }
        let ends = byte == self.delimiter || matches!(byte, b'\r' | b'\n');
        self.place = match (self.place, byte) {
            (Place::FieldStart, b'"') => {
                self.opened = self.line;
                Place::Quoted
            }
            (Place::Quoted, b'"') => Place::QuoteInQuotes,
            (Place::QuoteInQuotes, b'"') | (Place::Quoted, _) => Place::Quoted,
            _ if ends => Place::FieldStart,
            _ => Place::Unquoted,
        };
        if byte == b'\n' {
            self.line += 1;
        }
        self.measure(byte);
    }

    fn measure(&mut self, byte: u8) {
        self.row_bytes += 1;
        self.field_bytes += 1;
        if self.field_bytes > self.limit.field_bytes {
            self.note_too_large("field", self.limit.field_bytes);
        } else if self.row_bytes > self.limit.row_bytes {
            self.note_too_large("row", self.limit.row_bytes);
        }
        if self.place == Place::FieldStart {
            self.field_bytes = 0;
            if byte != self.delimiter {
                if self.row_bytes > 1 {
                    self.lines.waiting().push_back(self.row_line);
                }
                (self.row_bytes, self.row_line) = (0, self.line);
            }
        }
    }

    fn note_too_large(&mut self, part: &'static str, limit_bytes: u64) {
        let line = self.row_line;
        self.too_large.get_or_insert(TooLarge {
            line,
            part,
            limit_bytes,
            section: self.limit.section,
        });
    }
}

impl Read for Quotes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        for byte in &buffer[..count] {
            self.take(*byte);
        }
        // Before the reader holds more of it than one buffer.
        if let Some(error) = self.too_large.take() {
            return Err(io::Error::other(error));
        }
        if count == 0 && !buffer.is_empty() {
            if self.place == Place::Quoted {
                return Err(io::Error::other(Unclosed { line: self.opened }));
            }
            if std::mem::take(&mut self.row_bytes) > 0 {
                self.lines.waiting().push_back(self.row_line);
            }
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use csv::{ReaderBuilder, StringRecord};
    use proptest::prelude::*;

    use super::*;

    /// The line of each row that the parser finds; nothing when a quote is never closed.
    fn lines(text: &str) -> Option<Vec<u64>> {
        let input = Box::new(io::Cursor::new(text.to_owned()));
        let quotes = Quotes::new(input, b',', Limit::default(), 1);
        let lines = quotes.lines();
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(quotes);
        let (mut row, mut found) = (StringRecord::new(), Vec::new());
        while reader.read_record(&mut row).ok()? {
            found.push(lines.next().expect("a line for each row"));
        }
        assert_eq!(lines.next(), None, "{text:?}");
        Some(found)
    }

    #[test]
    fn each_row_has_its_line() {
        for (text, expected) in [
            ("a\nb\n", &[1, 2][..]),
            ("\n\na\n\nb", &[3, 5]),
            ("a\r\n\r\nb\r\n", &[1, 3]),
            ("a\rb\r\rc", &[1, 2, 4]),
            ("\"a\nb\",1\n\n\"c\r\nd\"\ne\n", &[1, 4, 6]),
            ("\u{feff}a\nb", &[1, 2]),
            ("", &[]),
            ("\n\n", &[]),
        ] {
            assert_eq!(lines(text).as_deref(), Some(expected), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_puts_lines_and_rows_out_of_step(text in "[a, \"\n\r]{0,40}") {
            lines(&text);
        }

        #[test]
        fn lines_are_those_that_an_editor_counts(rows in prop::collection::vec("[a,]{0,3}", 0..12), ending in "\n|\r\n|\r") {
            let filled = (1..).zip(&rows).filter(|(_, row)| !row.is_empty()).map(|(line, _)| line);
            prop_assert_eq!(lines(&rows.join(&ending)), Some(filled.collect()));
        }
    }
}
