//! The first rows of a table, read as a run reads it.

use std::io::Cursor;

use csv::StringRecord;
use tables::{Fault, TableError, looks_like_header};
use task_interface::{PREVIEW_BYTES, Preview, PreviewOf, PreviewSettings, Text, Warning};

use crate::config::usual_missing;
use crate::input::{
    Decimal, Dialect, Habits, Limit, Markers, Number, Packing, SOURCE_LINE, Table, clean_name, parse_number,
    warning_of_names,
};
use crate::mark::Marks;

/// So many columns are shown, so many characters of a field, and so many bytes in all.
const COLUMNS: usize = 2000;
const CHARACTERS: usize = 200;
const BYTES: usize = 1 << 18;
/// So many columns are warned of.
const MOST_WARNINGS: usize = 5;

/// Reads the beginning of a table; an error says why it is none.
pub(crate) fn of(wanted: &PreviewOf, limit: Limit) -> Result<Preview, Text> {
    let is_cut = wanted.bytes.len() >= PREVIEW_BYTES;
    let told = |error: TableError| error.story;
    let PreviewSettings {
        delimiter,
        encoding,
        has_header,
        missing,
    } = &wanted.settings;
    let auto = Dialect::default();
    let dialect = Dialect {
        has_header: false,
        delimiter: delimiter.clone().unwrap_or(auto.delimiter),
        encoding: encoding.clone().unwrap_or(auto.encoding),
        ..Dialect::default()
    };
    let input = Cursor::new(wanted.bytes.clone());
    let mut table = Table::new(Box::new(input), &dialect, limit).map_err(told)?;
    let (mut lines, problem) = lines(&mut table, wanted.rows + 1, is_cut);
    if lines.is_empty() {
        let cut_off = Text::new("the first line is longer than what is looked at")
            .with_zh("第一行超出了预览读取的范围");
        return Err(problem.unwrap_or(cut_off));
    }
    let column_count = table.names.len();
    let looks_like_header = looks_like_header(lines[0].iter().map(String::as_str));
    let has_header = has_header.unwrap_or(looks_like_header);
    let mut warnings = Vec::new();
    let columns: Vec<String> = if has_header {
        let header = lines.remove(0);
        warnings.extend(warning_of_names(&StringRecord::from(header.clone())));
        header.iter().map(|name| clean_name(name)).collect()
    } else {
        lines.truncate(wanted.rows);
        table.names.into_iter().take(COLUMNS).collect()
    };
    let marks = Marks::of(wanted.marks.clone());
    let internal = columns
        .iter()
        .enumerate()
        .filter(|(_, name)| *name == SOURCE_LINE || marks.is_source_line(name))
        .map(|(place, _)| place)
        .collect();
    let markers = Markers::new(missing.clone().unwrap_or_else(usual_missing));
    let missing = missing_in(&lines, &markers);
    warnings.extend(of_numbers(&columns, &lines, &markers, table.decimal));
    Ok(Preview {
        missing,
        encoding: table.encoding.name().to_owned(),
        delimiter: char::from(table.delimiter),
        has_header,
        looks_like_header,
        compression: table.packing.map(Packing::name).map(str::to_owned),
        columns,
        internal,
        rows: lines,
        column_count,
        problem: warnings
            .into_iter()
            .map(|warning| warning.text)
            .chain(problem)
            .reduce(together),
    })
}

/// Two texts as one.
fn together(one: Text, other: Text) -> Text {
    let en = format!("{} {}", one.en, other.en);
    let zh = one.zh.as_deref().unwrap_or(&one.en).to_owned() + other.zh.as_deref().unwrap_or(&other.en);
    Text::new(en).with_zh(zh)
}

/// What is to be said of columns whose numbers may mean something else than they are read as.
fn of_numbers(
    columns: &[String],
    lines: &[Vec<String>],
    markers: &Markers,
    decimal: Option<Decimal>,
) -> Vec<Warning> {
    let of_column = |(place, name): (usize, &String)| {
        let mut habits = Habits::default();
        for field in lines
            .iter()
            .filter_map(|line| line.get(place))
            .map(|field| field.trim())
        {
            if !markers.is_missing(field)
                && let Number::Is(value) = parse_number(field, decimal)
            {
                habits.take(field, value);
            }
        }
        habits.warnings(name, decimal)
    };
    columns
        .iter()
        .enumerate()
        .flat_map(of_column)
        .take(MOST_WARNINGS)
        .collect()
}

/// At most so many lines, and what is wrong behind them. Where the beginning of a file ends, nothing is wrong with the file.
fn lines(table: &mut Table, most: usize, is_cut: bool) -> (Vec<Vec<String>>, Option<Text>) {
    let (mut row, mut found, mut bytes) = (StringRecord::new(), Vec::new(), 0);
    while found.len() < most && bytes < BYTES {
        match table.read(&mut row) {
            Ok(true) => {}
            Ok(false) => {
                // The last line of a beginning may be half of one.
                if is_cut {
                    found.pop();
                }
                return (found, None);
            }
            Err(error) => {
                let ends_here =
                    is_cut && [Fault::CutOff, Fault::Quote, Fault::RowLength].contains(&error.fault);
                let problem = (!ends_here).then_some(error.story);
                return (found, problem);
            }
        }
        let line: Vec<String> = row.iter().take(COLUMNS).map(shortened).collect();
        bytes += line.iter().map(String::len).sum::<usize>();
        found.push(line);
    }
    (found, None)
}

/// Where the fields are that stand for a missing value.
fn missing_in(lines: &[Vec<String>], markers: &Markers) -> Vec<(usize, usize)> {
    let cells = lines.iter().enumerate().flat_map(|(row, line)| {
        let of_row = line.iter().enumerate();
        of_row.map(move |(column, field)| ((row, column), field))
    });
    cells
        .filter(|(_, field)| markers.is_missing(field.trim()))
        .map(|(place, _)| place)
        .collect()
}

fn shortened(field: &str) -> String {
    match field.char_indices().nth(CHARACTERS) {
        Some((end, _)) => format!("{}…", &field[..end]),
        None => field.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preview(bytes: &[u8], rows: usize) -> Result<Preview, Text> {
        let bytes = bytes.to_vec().into();
        let settings = PreviewSettings::default();
        of(
            &PreviewOf {
                bytes,
                rows,
                settings,
                marks: Vec::new(),
            },
            Limit::default(),
        )
    }

    #[test]
    fn what_the_operator_says_holds() {
        let text = encoding_rs::GBK.encode("姓名|n\n张|无\n李|-\n").0.to_vec();
        let mut settings = PreviewSettings {
            delimiter: Some("|".to_owned()),
            encoding: Some("gbk".to_owned()),
            has_header: Some(false),
            missing: Some(vec!["无".to_owned()]),
        };
        let said = |settings: &PreviewSettings| {
            let wanted = PreviewOf {
                bytes: text.clone().into(),
                rows: 5,
                settings: settings.clone(),
                marks: Vec::new(),
            };
            of(&wanted, Limit::default())
        };
        let found = said(&settings).unwrap();
        assert_eq!(found.columns, ["1", "2"]);
        assert_eq!(found.rows, [["姓名", "n"], ["张", "无"], ["李", "-"]]);
        assert_eq!(found.missing, [(1, 1)]);
        settings.missing = None;
        settings.has_header = Some(true);
        let found = said(&settings).unwrap();
        assert_eq!(
            (found.columns, found.missing),
            (vec!["姓名".to_owned(), "n".to_owned()], vec![(1, 1)])
        );
        settings.delimiter = Some("nonsense".to_owned());
        assert!(said(&settings).unwrap_err().zh.unwrap().contains("ASCII"));
        settings.delimiter = Some(";".to_owned());
        assert_eq!(said(&settings).unwrap().columns, ["姓名|n"]);
    }

    #[test]
    fn a_table_is_shown_as_it_is_read() {
        let text = encoding_rs::GB18030
            .encode("id;城市\n1;上海市浦东新区\n2;北京市海淀区\n3;x\n")
            .0;
        for (bytes, compression) in [
            (text.to_vec(), None),
            (zstd::encode_all(&text[..], 1).unwrap(), Some("zstd")),
        ] {
            let found = preview(&bytes, 2).unwrap();
            assert_eq!((found.encoding.as_str(), found.delimiter), ("gb18030", ';'));
            assert!(found.has_header);
            assert_eq!(found.compression.as_deref(), compression);
            assert_eq!(found.columns, ["id", "城市"]);
            assert_eq!(found.rows, [["1", "上海市浦东新区"], ["2", "北京市海淀区"]]);
            assert_eq!((found.column_count, found.problem), (2, None));
        }
    }

    #[test]
    fn a_first_line_of_numbers_is_no_header() {
        for (text, has_header, columns) in [
            ("1,2.5,x\n2,3.5,y\n", false, &["1", "2", "3"][..]),
            ("7\n8\n", false, &["1"]),
            (",id,2024\n0,1,2\n", true, &["", "id", "2024"]),
            ("name\nann\n", true, &["name"]),
        ] {
            let found = preview(text.as_bytes(), 5).unwrap();
            assert_eq!(
                (found.has_header, &found.columns[..]),
                (
                    has_header,
                    &columns.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()[..]
                ),
                "{text}"
            );
            assert_eq!(found.rows.len(), if has_header { 1 } else { 2 });
        }
    }

    #[test]
    fn what_a_join_added_is_not_for_a_config() {
        let found = preview(b"id,x,efls_source_line\n1,2,7\n", 5).unwrap();
        assert_eq!(found.internal, [2]);
        let of = |marks: Vec<String>| PreviewOf {
            bytes: b"7,2,3\n8,4,5\n".to_vec().into(),
            rows: 5,
            settings: PreviewSettings {
                has_header: Some(false),
                ..PreviewSettings::default()
            },
            marks,
        };
        let mark = crate::mark::of_source_line("0123456789abcdef0123456789abcdef", "3");
        for (marks, internal) in [(vec![mark], &[2][..]), (Vec::new(), &[])] {
            assert_eq!(
                super::of(&of(marks), Limit::default()).unwrap().internal,
                internal
            );
        }
    }

    #[test]
    fn what_is_wrong_is_told_behind_the_rows_that_can_be_read() {
        let found = preview(b"id,x\n1,2\n3\n", 5).unwrap();
        assert_eq!(found.rows, [["1", "2"]]);
        assert!(found.problem.unwrap().en.contains("line 3"));
        assert!(preview(b"\x89PNG\r\n", 5).unwrap_err().en.contains("PNG"));
        assert!(preview(b"", 5).unwrap_err().en.contains("empty"));
    }

    #[test]
    fn what_may_be_meant_otherwise_is_told_in_both_languages() {
        let text =
            "sep=;\nid;net\u{a0}income;rate;amount\na;1;12%;1.234\nb;2;12;987\nc;3;5%;2.345\nd;4;6;3.456\n";
        let found = preview(text.as_bytes(), 5).unwrap();
        assert_eq!((found.delimiter, found.columns[1].as_str()), (';', "net income"));
        let problem = found.problem.unwrap();
        for (words, zh) in [
            ("`net income`", "不可见"),
            ("percent sign", "百分号"),
            ("`decimal`", "千位"),
        ] {
            assert!(problem.en.contains(words), "{}", problem.en);
            assert!(problem.zh.as_ref().unwrap().contains(zh), "{:?}", problem.zh);
        }
        assert_eq!(preview(b"id,rate\na,12%\nb,7%\n", 5).unwrap().problem, None);
    }

    #[test]
    fn the_beginning_of_a_large_file_ends_without_a_word() {
        let long = "x".repeat(300);
        let text: String = (0..2000).map(|row| format!("{row},\"{long}\"\n")).collect();
        let text = format!("id,x\n{text}");
        for end in PREVIEW_BYTES..PREVIEW_BYTES + 310 {
            let found = preview(&text.as_bytes()[end - PREVIEW_BYTES..end], 100_000);
            let found = found.unwrap();
            assert_eq!(found.problem, None, "{end}");
            assert!(found.rows.iter().all(|row| row[1].chars().count() <= 201));
        }
    }

    #[test]
    fn what_is_shown_of_any_file_has_a_bound() {
        let wide = vec!["a".repeat(250); 900].join(",");
        let bomb = zstd::encode_all(format!("{wide}\n").repeat(400).as_bytes(), 1).unwrap();
        let columns = vec!["c"; 5000].join(",");
        let found = preview(&bomb, 100).unwrap();
        let bytes: usize = found.rows.iter().flatten().map(String::len).sum();
        assert!(bytes <= BYTES + 900 * 204, "{bytes}");
        let found = preview(format!("{columns}\n{columns}\n").as_bytes(), 9).unwrap();
        assert_eq!(
            (found.columns.len(), found.rows[0].len(), found.column_count),
            (2000, 2000, 5000)
        );
    }
}
