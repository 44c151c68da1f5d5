//! How a table is written: the character between fields and the form of numbers, by setting or by its first lines.

use csv::ReaderBuilder;

use task_interface::Text;

use super::number::{self, Decimal};
use crate::words::both;

/// Lines that are looked at.
const LINES: usize = 50;
const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The settings of a config that say how a table is written.
#[derive(Debug, Clone)]
pub struct Dialect {
    /// The character between two fields, or `auto`; see [`delimiter_byte`].
    pub delimiter: String,
    /// The text encoding, or `auto`; see [`named_encoding`](crate::named_encoding).
    pub encoding: String,
    /// Whether the first line names the columns.
    pub has_header: bool,
    /// How numbers are written; without it the first lines tell.
    pub decimal: Option<Decimal>,
    /// What becomes of bytes that do not fit the encoding: reading ends there, or their row is an error
    /// [of one row](crate::TableError::is_of_one_row).
    pub goes_on_after_malformed: bool,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            delimiter: "auto".to_owned(),
            encoding: "auto".to_owned(),
            has_header: true,
            decimal: None,
            goes_on_after_malformed: false,
        }
    }
}

/// The delimiter that a config names; nothing for `auto`.
///
/// # Errors
/// The setting means no delimiter.
pub fn delimiter_byte(setting: &str) -> Result<Option<u8>, Text> {
    match (setting, setting.as_bytes()) {
        ("auto", _) => Ok(None),
        ("\\t" | "tab", _) => Ok(Some(b'\t')),
        (_, [byte]) if byte.is_ascii() && !b"\"\r\n".contains(byte) => Ok(Some(*byte)),
        _ => Err(both(
            "must be `auto`, or one ASCII character that is neither a quote nor a line break; `\\t` is a tab",
            "必须是 `auto` 或一个 ASCII 字符，不能是引号或换行；`\\t` 表示制表符",
        )),
    }
}

pub(super) fn delimiter_name(delimiter: u8) -> Text {
    match delimiter {
        b'\t' => both("tabs", "制表符"),
        b' ' => both("spaces", "空格"),
        other => format!("`{}`", char::from(other)).into(),
    }
}

/// The candidate that splits the first lines into equally many fields, and into the most; a comma when none splits any.
pub(super) fn detect_delimiter(head: &str) -> u8 {
    let score = |delimiter: u8| {
        let rows = rows(head, delimiter);
        let first = rows.first().map_or(0, Vec::len);
        let is_even = rows.iter().all(|row| row.len() == first);
        (first > 1).then_some((is_even, first))
    };
    // Of equals the first one counts.
    CANDIDATES
        .iter()
        .rev()
        .filter_map(|delimiter| Some((score(*delimiter)?, *delimiter)))
        .max_by_key(|(score, _)| *score)
        .map_or(b',', |(_, delimiter)| delimiter)
}

pub(super) fn detect_decimal(head: &str, delimiter: u8, has_header: bool) -> Option<Decimal> {
    let rows = rows(head, delimiter);
    let fields = rows.iter().skip(usize::from(has_header)).flatten();
    number::detect_decimal(fields.map(String::as_str))
}

fn rows(head: &str, delimiter: u8) -> Vec<Vec<String>> {
    let reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(head.as_bytes());
    let rows = reader.into_records().take(LINES).map_while(Result::ok);
    rows.map(|row| row.iter().map(str::to_owned).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_found() {
        for (head, delimiter) in [
            ("id,x\n1,2\n", b','),
            ("id;x\n1;2,5\n", b';'),
            ("id;note\n1;a,b,c\n2;d\n", b';'),
            ("id\tx\n1\t2\n", b'\t'),
            ("id|x,y\n1|2\n", b'|'),
            ("\"a;b\",c\n1,2\n", b','),
            ("id\n1\n", b','),
            ("", b','),
        ] {
            assert_eq!(detect_delimiter(head), delimiter, "{head}");
        }
    }

    #[test]
    fn settings_are_read() {
        assert_eq!(delimiter_byte("\\t"), Ok(Some(b'\t')));
        assert_eq!(delimiter_byte("auto"), Ok(None));
        assert_eq!(delimiter_byte(";"), Ok(Some(b';')));
        for wrong in ["", "\"", "\n", "ab", "é"] {
            assert!(delimiter_byte(wrong).is_err(), "{wrong}");
        }
    }
}
