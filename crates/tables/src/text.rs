//! What the first characters of a text say: that it is no table, or how Excel is to read it.

use task_interface::Text;

use crate::words::both;

/// What a text is that is no table, by how it begins.
pub(super) fn kind(text: &str) -> Option<Text> {
    let text =
        text.trim_start_matches(|character: char| character.is_whitespace() || character == '\u{feff}');
    let start: String = text.chars().take(64).collect();
    let start = start.to_ascii_lowercase();
    let is_element = |name: &str| {
        let rest = start.strip_prefix('<').and_then(|rest| rest.strip_prefix(name));
        rest.is_some_and(|rest| rest.starts_with(|next: char| next == '>' || next.is_whitespace()))
    };
    // A header such as `<DATE>` is one of a table.
    if start.starts_with("<!--")
        || ["!doctype", "html", "head", "meta", "body", "table"]
            .into_iter()
            .any(is_element)
    {
        return Some(both("an HTML page", " HTML 网页"));
    }
    if is_element("?xml") {
        return Some(both("an XML document", " XML 文档"));
    }
    let mut signs = start.chars().filter(|character| !character.is_whitespace());
    match (signs.next(), signs.next()) {
        (Some('{'), Some('"' | '}')) | (Some('['), Some('{' | '[' | '"')) => {
            Some(both("a JSON document", " JSON 文档"))
        }
        _ => None,
    }
}

/// The delimiter that Excel's line `sep=;` names at the beginning of a table, and the bytes of that line with its end.
pub(super) fn excel_separator(text: &str) -> Option<(u8, usize)> {
    let line = text.split(['\r', '\n']).next()?;
    let inner = line.trim_matches(' ');
    let inner = inner
        .strip_prefix('"')
        .and_then(|inner| inner.strip_suffix('"'))
        .unwrap_or(inner);
    let (word, marks) = inner.split_at_checked(4)?;
    let separator = *marks.as_bytes().first()?;
    let is_separator = separator.is_ascii() && !separator.is_ascii_alphanumeric() && separator != b'"';
    // A table program may have filled the line up to the width of the table.
    if !word.eq_ignore_ascii_case("sep=") || !is_separator || marks.bytes().any(|byte| byte != separator) {
        return None;
    }
    let rest = &text[line.len()..];
    let end = if rest.starts_with("\r\n") {
        2
    } else {
        rest.len().min(1)
    };
    Some((separator, line.len() + end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_excel_is_known() {
        for (text, found) in [
            ("sep=;\r\nid;x\n", Some((b';', 7))),
            ("SEP=,\nid,x\n", Some((b',', 6))),
            ("sep=\t\rid\tx\r", Some((b'\t', 6))),
            ("\"sep=;\"\nid;x\n", Some((b';', 8))),
            ("sep=;;;\nid;x;y;z\n", Some((b';', 8))),
            ("sep=|", Some((b'|', 5))),
            ("sep=\nid\n", None),
            ("sep=a\nid\n", None),
            ("sep=,x\n1,2\n", None),
            ("id;x\nsep=;\n", None),
            ("分隔=;\nid;x\n", None),
            ("", None),
        ] {
            assert_eq!(excel_separator(text), found, "{text:?}");
        }
    }

    #[test]
    fn documents_are_told_from_tables() {
        for (text, word) in [
            ("<!DOCTYPE html>\n<html>", Some("HTML")),
            ("\n  <table border=1><tr>", Some("HTML")),
            ("<!-- saved from url -->", Some("HTML")),
            ("\u{feff}<?xml version=\"1.0\"?><Workbook>", Some("XML")),
            ("{\"rows\": []}", Some("JSON")),
            ("[\n  {\"id\": 1}]", Some("JSON")),
            ("[[1, 2], [3, 4]]", Some("JSON")),
            ("<DATE>\t<CLOSE>\n20240101\t1\n", None),
            ("<tableau>,x\n1,2\n", None),
            ("[id],[x]\n1,2\n", None),
            ("{id},x\n1,2\n", None),
            ("id,x\n1,2\n", None),
        ] {
            let kind = kind(text).map(|kind| kind.en).unwrap_or_default();
            assert!(
                kind.contains(word.unwrap_or_default()) && kind.is_empty() == word.is_none(),
                "{text}: {kind}"
            );
        }
    }
}
