//! A table, read row by row.

use std::io::Read;

use csv::{ErrorKind, Position, ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, UTF_8};
use task_interface::{Text, Warning};

use crate::decode::{self, Decoded};
use crate::dialect::{self, Dialect, delimiter_byte};
use crate::error::{Fault, TableError, read_error, shown};
use crate::names::{clean_name, warning_of_names};
use crate::number::Decimal;
use crate::quotes::{Limit, Lines, Quotes};
use crate::unpack::Packing;
use crate::words::{both, zh};

/// Bytes of an input, to be read on a thread that may block.
pub type Input = Box<dyn Read + Send>;

/// A CSV table, read row by row. A byte order mark is skipped, empty lines too, and spaces around the names of columns.
pub struct Table {
    reader: csv::Reader<Input>,
    /// The columns' names: from the header, or their numbers from 1.
    pub names: Vec<String>,
    /// Between two fields.
    pub delimiter: u8,
    /// The text encoding.
    pub encoding: &'static Encoding,
    /// How the file is compressed.
    pub packing: Option<Packing>,
    /// How the numbers are written, where the config or the beginning of the table says so.
    pub decimal: Option<Decimal>,
    /// What was found out about the file, for our operator.
    pub form: Text,
    /// What our operator should know of the header.
    pub warning: Option<Warning>,
    /// The header, to notice where it comes again.
    header: Option<StringRecord>,
    lines: Lines,
    /// A row with this character held bytes that do not fit the encoding.
    replaced: Option<char>,
}

impl Table {
    /// Reads the beginning and finds out what the dialect leaves open.
    ///
    /// # Errors
    /// The input is no table that can be read.
    pub fn new(input: Input, dialect: &Dialect, limit: Limit) -> Result<Self, TableError> {
        let Decoded {
            text,
            head,
            encoding,
            packing,
            separator,
        } = decode::decode(input, dialect)?;
        let delimiter = match delimiter_byte(&dialect.delimiter)
            .map_err(|reason| TableError::new(Fault::Setting, reason))?
        {
            Some(delimiter) => delimiter,
            None => separator.unwrap_or_else(|| dialect::detect_delimiter(&head)),
        };
        let decimal = dialect
            .decimal
            .or_else(|| dialect::detect_decimal(&head, delimiter, dialect.has_header));
        let first_line = 1 + u64::from(separator.is_some());
        let quotes = Quotes::new(text, delimiter, limit, first_line);
        let lines = quotes.lines();
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(dialect.has_header)
            .buffer_capacity(1 << 16)
            .from_reader(Box::new(quotes) as Input);
        let first = match reader.headers() {
            Ok(first) => first.clone(),
            Err(error) => return Err(csv_error(error, lines.next())),
        };
        if dialect.has_header {
            lines.next();
        }
        if first.is_empty() {
            return Err(TableError::new(
                Fault::Empty,
                both("the input is empty", "输入表为空"),
            ));
        }
        let names = if dialect.has_header {
            first.iter().map(clean_name).collect()
        } else {
            (1..=first.len()).map(|number| number.to_string()).collect()
        };
        Ok(Self {
            reader,
            names,
            delimiter,
            encoding,
            packing,
            decimal,
            form: form(encoding, packing, delimiter),
            warning: dialect.has_header.then(|| warning_of_names(&first)).flatten(),
            header: dialect.has_header.then_some(first),
            lines,
            replaced: (dialect.goes_on_after_malformed && encoding != UTF_8).then_some(decode::REPLACEMENT),
        })
    }

    /// Where a column is.
    ///
    /// # Errors
    /// No column has the name, or two have it.
    pub fn column(&self, name: &str) -> Result<usize, TableError> {
        let wanted = clean_name(name);
        let mut places = (0..self.names.len()).filter(|place| self.names[*place] == wanted);
        match (places.next(), places.next()) {
            (Some(place), None) => Ok(place),
            (Some(_), Some(_)) => {
                let name = shown(name);
                let story = both(
                    format!("the first line of the input: two columns are named `{name}`"),
                    format!("输入表首行有两列都名为 `{name}`"),
                );
                Err(TableError::new(Fault::ColumnTwice, story).of_column(name))
            }
            (None, _) => {
                let (name, names) = (shown(name), self.shown_names());
                let story = both(
                    format!(
                        "the first line of the input: no column is named `{name}`; there are: {names}; {}",
                        self.form
                    ),
                    format!(
                        "输入表首行没有名为 `{name}` 的列；现有的列：{names}；{}",
                        zh(&self.form)
                    ),
                );
                Err(TableError::new(Fault::ColumnMissing, story).of_column(name))
            }
        }
    }

    /// As many of the names as one can read.
    fn shown_names(&self) -> String {
        const NAMES: usize = 50;
        let names: Vec<_> = self.names.iter().take(NAMES).map(|name| shown(name)).collect();
        let more = if self.names.len() > NAMES { ", …" } else { "" };
        format!("{}{more}", names.join(", "))
    }

    /// Where some columns are.
    ///
    /// # Errors
    /// No column has one of the names, or two have it.
    pub fn columns(&self, names: &[String]) -> Result<Vec<usize>, TableError> {
        names.iter().map(|name| self.column(name)).collect()
    }

    /// Reads the next row; `false` at the end. A line that repeats the header is skipped.
    ///
    /// # Errors
    /// The row is none, or nothing more can be read: [`TableError::is_of_one_row`] tells.
    pub fn read(&mut self, row: &mut StringRecord) -> Result<bool, TableError> {
        loop {
            let read = self.reader.read_record(row);
            let line = self.lines.next();
            let more = read.map_err(|error| csv_error(error, line))?;
            if let Some(line) = line {
                let mut position = Position::new();
                row.set_position(Some(position.set_line(line).clone()));
            }
            let repeats = self.header.as_ref().is_some_and(|header| header == row);
            if more && self.replaced.is_some_and(|sign| row.as_slice().contains(sign)) {
                return Err(self.malformed(line.unwrap_or(1)));
            }
            if !more || !repeats {
                return Ok(more);
            }
        }
    }

    fn malformed(&self, line: u64) -> TableError {
        let encoding = self.encoding.name();
        let story = both(
            format!("line {line} of the input holds bytes that are not {encoding}"),
            format!("输入表第 {line} 行含有不符合 {encoding} 的字节"),
        );
        TableError::new(Fault::Encoding, story).on_line(line).of_one_row()
    }
}

/// How a table is read, in words.
fn form(encoding: &'static Encoding, packing: Option<Packing>, delimiter: u8) -> Text {
    let packed = packing.map_or_else(String::new, |packing| format!(" ({})", packing.name()));
    let (encoded, between) = (encoding.name(), dialect::delimiter_name(delimiter));
    both(
        format!("the input is read as {encoded}{packed}, fields are separated by {between}"),
        format!("输入按 {encoded}{packed} 读取，字段分隔符为 {}", zh(&between)),
    )
}

/// The line on which a row began.
#[must_use]
pub fn line_of(row: &StringRecord) -> u64 {
    row.position().map_or(0, Position::line)
}

fn csv_error(error: csv::Error, line: Option<u64>) -> TableError {
    let line = line.unwrap_or(1);
    match error.kind() {
        ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            let story = both(
                format!(
                    "line {line} of the input has {len} fields, the first line has {expected_len}; correct the line, or set \
                     `delimiter`"
                ),
                format!(
                    "输入表第 {line} 行有 {len} 个字段，而首行有 {expected_len} 个；请修正该行，或设置 `delimiter`"
                ),
            );
            TableError::new(Fault::RowLength, story)
                .on_line(line)
                .of_one_row()
        }
        ErrorKind::Utf8 { err, .. } => {
            let field = err.field() + 1;
            let story = both(
                format!(
                    "line {line} of the input is not UTF-8 (field {field}); set `encoding` to the encoding that the file was \
                     saved in, or save it as CSV UTF-8"
                ),
                format!(
                    "输入表第 {line} 行第 {field} 个字段不是 UTF-8；请把 `encoding` 设为文件保存时的编码，或另存为 CSV UTF-8"
                ),
            );
            TableError::new(Fault::Encoding, story).on_line(line).of_one_row()
        }
        ErrorKind::Io(error) => read_error(error),
        _ => {
            let story = both(
                format!("line {line} of the input is not CSV"),
                format!("输入表第 {line} 行不是 CSV"),
            );
            TableError::new(Fault::NotATable, story)
                .on_line(line)
                .of_one_row()
        }
    }
}

#[cfg(test)]
mod tests;
