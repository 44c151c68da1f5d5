//! Finds quotes that are never closed: the CSV parser takes all that follows one for the field's content.

use std::io::{self, Read};

use super::Input;

/// A quote was opened and not closed before the input ended.
#[derive(Debug, thiserror::Error)]
#[error("the quote that opens on line {line} of the input is never closed")]
pub(super) struct Unclosed {
    line: u64,
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
    /// Bytes of a byte order mark that may still come.
    mark: &'static [u8],
}

impl Quotes {
    pub(super) fn new(input: Input, delimiter: u8) -> Self {
        Self {
            input,
            delimiter,
            place: Place::FieldStart,
            line: 1,
            opened: 0,
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
    }
}

impl Read for Quotes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        for byte in &buffer[..count] {
            self.take(*byte);
        }
        if count == 0 && !buffer.is_empty() && self.place == Place::Quoted {
            return Err(io::Error::other(Unclosed { line: self.opened }));
        }
        Ok(count)
    }
}
