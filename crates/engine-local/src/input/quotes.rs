//! Watches a table while it is read: quotes that are never closed, because the CSV parser takes all that follows one for the
//! field's content; and fields and rows that are so large that nobody means them, before they are held in memory.

use std::io::{self, Read};

use super::Input;

/// A quote was opened and not closed before the input ended.
#[derive(Debug, thiserror::Error)]
#[error("the quote that opens on line {line} of the input is never closed")]
pub(super) struct Unclosed {
    line: u64,
}

/// A field or a row is larger than is allowed.
#[derive(Debug, thiserror::Error)]
#[error(
    "line {line} of the input has a {part} of more than {limit_bytes} bytes; is `delimiter` right, or a quote never closed? The \
     administrator sets the limit with `engines.local.max_{part}_kib`"
)]
pub(super) struct TooLarge {
    line: u64,
    part: &'static str,
    limit_bytes: u64,
}

/// How large the parts of a table may be, in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) field_bytes: u64,
    pub(crate) row_bytes: u64,
}

impl Default for Limit {
    /// 1 MiB for a field, 8 MiB for a row.
    fn default() -> Self {
        Self {
            field_bytes: 1 << 20,
            row_bytes: 8 << 20,
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
    /// Bytes of a byte order mark that may still come.
    mark: &'static [u8],
}

impl Quotes {
    pub(super) fn new(input: Input, delimiter: u8, limit: Limit) -> Self {
        Self {
            input,
            delimiter,
            place: Place::FieldStart,
            line: 1,
            opened: 0,
            limit,
            row_line: 1,
            row_bytes: 0,
            field_bytes: 0,
            too_large: None,
            mark: b"\xef\xbb\xbf",
        }
    }

    fn take(&mut self, byte: u8) {
        if let Some((first, rest)) = self.mark.split_first() {
            if byte == *first {
                self.mark = rest;
                return;
            }
            self.mark = &[];
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
        if count == 0 && !buffer.is_empty() && self.place == Place::Quoted {
            return Err(io::Error::other(Unclosed { line: self.opened }));
        }
        Ok(count)
    }
}
