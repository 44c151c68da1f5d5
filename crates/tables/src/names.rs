//! Names of columns without what cannot be seen in them.

use csv::StringRecord;
use task_interface::{Text, Warning};

use super::dialect::Dialect;
use super::error::{TableError, shown};
use super::number::{self, Number};
use super::quotes::Limit;
use super::table::{Input, Table};

/// Byte order marks, spaces without width, soft hyphens, marks for the direction of text, and control characters.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    ) || (character.is_control() && !character.is_whitespace())
}

/// A name as one sees it: without invisible characters and spaces around it, and with ordinary spaces within.
#[must_use]
pub fn clean_name(name: &str) -> String {
    let seen = name.chars().filter(|character| !is_invisible(*character));
    let plain: String = seen
        .map(|character| if character.is_whitespace() { ' ' } else { character })
        .collect();
    plain.trim().to_owned()
}

/// What our operator should know of a header whose names held what cannot be seen; spaces around names go without a word.
#[must_use]
pub fn warning_of_names(header: &StringRecord) -> Option<Warning> {
    const NAMES: usize = 10;
    let differs = |name: &&str| clean_name(name) != name.trim();
    let cleaned: Vec<_> = header
        .iter()
        .filter(differs)
        .map(|name| shown(&clean_name(name)))
        .collect();
    if cleaned.is_empty() {
        return None;
    }
    let more = if cleaned.len() > NAMES { ", …" } else { "" };
    let names = cleaned[..cleaned.len().min(NAMES)].join("`, `");
    let text = Text::new(format!(
        "The names of these columns hold characters that cannot be seen, such as a no-break space; they are read without \
         them: `{names}`{more}."
    ));
    let text = text.with_zh(format!(
        "以下列名含有不可见字符（例如不间断空格），读取时已去除：`{names}`{more}。"
    ));
    Some(Warning::new("column_name_cleaned", text))
}

/// Whether a first line looks as if it named the columns. Names are no numbers, but for some, such as years.
pub fn looks_like_header<'a>(fields: impl Iterator<Item = &'a str>) -> bool {
    let fields: Vec<&str> = fields.map(str::trim).filter(|field| !field.is_empty()).collect();
    let is_number = |field: &&&str| !matches!(number::parse(field, None), Number::IsNot);
    let numbers = fields.iter().filter(is_number).count();
    !fields.is_empty() && numbers * 2 <= fields.len()
}

/// Whether the first line of a table, of which the beginning is given, [looks like a header](looks_like_header).
///
/// # Errors
/// The input is no table that can be read. What is wrong with its first line is not told here.
pub fn names_columns(beginning: Input, dialect: &Dialect) -> Result<bool, TableError> {
    let plain = Dialect {
        has_header: false,
        ..dialect.clone()
    };
    let mut table = Table::new(beginning, &plain, Limit::default())?;
    let mut first = StringRecord::new();
    Ok(matches!(table.read(&mut first), Ok(true)) && looks_like_header(first.iter()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_one_sees() {
        for (name, clean) in [
            ("\u{feff}id", "id"),
            ("i\u{200b}d\u{2060}", "id"),
            ("\u{a0}net\u{a0}income ", "net income"),
            ("客户\u{3000}号", "客户 号"),
            ("\u{202a}x\u{202c}\0", "x"),
            // A joiner within a word changes how it is written.
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ] {
            assert_eq!(clean_name(name), clean);
        }
        let header = |names: &[&str]| warning_of_names(&StringRecord::from(names.to_vec()));
        assert_eq!(header(&["id", " x ", "\u{a0}y"]), None);
        let warning = header(&["id", "a\u{a0}b"]).unwrap();
        assert!(warning.text.en.ends_with("them: `a b`."), "{}", warning.text.en);
        assert!(warning.text.zh.unwrap().contains("`a b`"));
    }
}
