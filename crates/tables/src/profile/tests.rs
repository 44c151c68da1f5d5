use std::io::{self, Cursor};

use super::*;
use crate::{Dialect, Fault, Limit};

fn table(bytes: Vec<u8>) -> Table {
    let dialect = Dialect {
        goes_on_after_malformed: true,
        ..Dialect::default()
    };
    Table::new(Box::new(Cursor::new(bytes)), &dialect, Limit::default()).unwrap()
}

fn profile(text: &str) -> Profile {
    let mut table = table(text.as_bytes().to_vec());
    of(&mut table, &Markers::usual(), |_| ControlFlow::Continue(())).unwrap()
}

fn column(values: impl IntoIterator<Item = impl ToString>) -> ColumnProfile {
    let lines: Vec<_> = values.into_iter().map(|value| value.to_string()).collect();
    // A second column, so that a line without a value is no empty one.
    let text = lines.iter().map(|line| format!("{line};.\n")).collect::<String>();
    profile(&format!("x;y\n{text}")).columns.swap_remove(0)
}

const fn exact(value: u64) -> Count {
    Count {
        value,
        is_estimate: false,
    }
}

#[test]
fn kinds_of_columns_are_told_and_their_ends() {
    for (values, kind, ends, unlike) in [
        (
            &["1", "-20", "3.0", "NA"][..],
            Kind::Integer,
            Some(("-20", "3")),
            0,
        ),
        (&["1", "2.5", "7 %"], Kind::Decimal, Some(("0.07", "2.5")), 0),
        (&["yes", "NO", "yes"], Kind::Boolean, None, 0),
        (
            &["2024-03-01", "2023年12月31日"],
            Kind::Date,
            Some(("2023-12-31", "2024-03-01")),
            0,
        ),
        // One day can only be read with the month first, so all are.
        (
            &["02/01/2024", "01/31/2024"],
            Kind::Date,
            Some(("2024-01-31", "2024-02-01")),
            0,
        ),
        (&["007", "012"], Kind::Text, Some(("007", "012")), 0),
        (&["b", "a", "1"], Kind::Text, Some(("1", "b")), 0),
        (&["", "-", "null"], Kind::Empty, None, 0),
    ] {
        let found = column(values);
        let ends = ends.map(|(smallest, largest)| (smallest.to_owned(), largest.to_owned()));
        assert_eq!((found.kind, found.unlike), (kind, unlike), "{values:?}");
        assert_eq!(found.smallest.zip(found.largest), ends, "{values:?}");
    }
    let few_words = column(
        (0..95)
            .map(|number| number.to_string())
            .chain((0..5).map(|_| "word".to_owned())),
    );
    assert_eq!((few_words.kind, few_words.unlike), (Kind::Integer, 5));
    let more_words = column(
        (0..94)
            .map(|number| number.to_string())
            .chain((0..6).map(|_| "word".to_owned())),
    );
    assert_eq!((more_words.kind, more_words.unlike), (Kind::Text, 0));
}

#[test]
fn few_numbers_are_described_exactly() {
    let found = column(["2", "4", "4", "4", "5", "5", "7", "9", ""]);
    assert_eq!((found.missing, found.distinct), (1, exact(5)));
    let numbers = found.numbers.unwrap();
    assert!(!numbers.are_estimates);
    assert!((numbers.mean - 5.0).abs() < 1e-12);
    assert!((numbers.deviation - (32.0f64 / 7.0).sqrt()).abs() < 1e-12);
    let quantiles: Vec<_> = numbers.quantiles.iter().map(|quantile| quantile.value).collect();
    assert_eq!(quantiles, [2.0, 2.0, 4.0, 4.0, 5.0, 9.0, 9.0]);
    assert_eq!(numbers.histogram.len(), 20);
    let counted: Vec<_> = numbers.histogram.iter().filter(|bar| bar.count > 0).collect();
    let spans = counted.iter().all(|bar| bar.from < bar.to);
    let counts: Vec<_> = counted.iter().map(|bar| bar.count).collect();
    assert!(spans && counts == [1, 3, 2, 1, 1], "{counted:?}");
    let frequent: Vec<_> = found
        .frequent
        .iter()
        .map(|one| (one.value.as_str(), one.count))
        .collect();
    assert_eq!(
        (frequent, found.frequent_are_estimates),
        (vec![("4", 3), ("5", 2)], false)
    );
}

#[test]
fn numbers_that_are_all_the_same_or_very_far_apart_have_a_histogram() {
    let same = column(["3"; 50]).numbers.unwrap();
    assert_eq!(
        (same.deviation, same.histogram.len(), same.histogram[0].count),
        (0.0, 1, 50)
    );
    let far = column(["-1e308", "1e308"]);
    let bars = far.numbers.unwrap().histogram;
    assert_eq!(bars.iter().map(|bar| bar.count).sum::<u64>(), 2);
}

/// What becomes of many values in a table of very many columns, where few values are counted exactly.
fn in_a_wide_table(values: impl Iterator<Item = u64>) -> ColumnProfile {
    let mut column = Column::new("x", MOST_COLUMNS, None);
    for value in values {
        column.take(&value.to_string(), &Markers::usual());
    }
    column.finish()
}

#[test]
fn many_values_are_estimated_and_it_is_said() {
    // In an order that is none, and each value twice.
    let found = in_a_wide_table((0..40_000).map(|place| place * 7919 % 20_000));
    assert!(found.distinct.is_estimate);
    assert!(
        found.distinct.value.abs_diff(20_000) < 1_300,
        "{:?}",
        found.distinct
    );
    assert_eq!(found.duplicates, None);
    let numbers = found.numbers.as_ref().unwrap();
    assert!(numbers.are_estimates && (numbers.mean - 9999.5).abs() < 1e-6);
    assert_eq!(
        (found.smallest.as_deref(), found.largest.as_deref()),
        (Some("0"), Some("19999"))
    );
    for Quantile { rank, value } in &numbers.quantiles {
        assert!((value / 20_000.0 - rank).abs() < 0.02, "{value} at {rank}");
    }
    assert_eq!(numbers.histogram.iter().map(|bar| bar.count).sum::<u64>(), 40_000);
    assert!(
        numbers
            .histogram
            .iter()
            .all(|bar| bar.count.abs_diff(2_000) < 800)
    );
    assert!(found.frequent_are_estimates);
    let constant = in_a_wide_table((0..40_000).map(|_| 1));
    assert_eq!(
        (constant.distinct, constant.frequent[0].count),
        (exact(1), 40_000)
    );
    let ids = in_a_wide_table(0..40_000);
    assert!(
        ids.duplicates
            .is_some_and(|duplicates| duplicates.is_estimate && duplicates.value < 2_600)
    );
}

#[test]
fn ids_that_stand_twice_are_counted() {
    let twice = column(
        (0..100)
            .map(|number| format!("C{number}"))
            .chain(["C7".to_owned(), "C8".to_owned()]),
    );
    assert_eq!((twice.distinct, twice.duplicates), (exact(100), Some(exact(2))));
    let once = column((0..100).map(|number| format!("C{number}")));
    assert_eq!(once.duplicates, Some(exact(0)));
    let no_ids = column((0..100).map(|number| number % 7));
    assert_eq!(no_ids.duplicates, None);
}

/// Rows in GB18030 with a byte order mark, semicolons, line breaks of Windows and of quoted fields.
fn chinese(rows: usize, broken: &[usize]) -> (Vec<u8>, Vec<u64>) {
    let (mut bytes, mut lines, mut line) = (Vec::new(), Vec::new(), 2);
    let mut push = |text: &str| bytes.extend(encoding_rs::GB18030.encode(text).0.iter());
    push("\u{feff}客户号;城市;金额\r\n");
    for row in 0..rows {
        if broken.contains(&row) {
            lines.push(line);
            push(&format!("{row};少一个字段\r\n"));
            line += 1;
        } else {
            push(&format!("{row};\"上海市\r\n第{row}区\";{row}.5\r\n"));
            line += 2;
        }
    }
    (bytes, lines)
}

#[test]
fn lines_that_cannot_be_read_are_counted_and_named_and_nothing_is_set_by_hand() {
    let (mut bytes, lines) = chinese(10_000, &[17, 4_000, 9_999]);
    // And one whose bytes are no text, at the end.
    let last = 2 + 3 + 2 * 9_997;
    bytes.extend(b"10000;\xff\xff;1.5\r\n10001;x;2.5\r\n");
    let mut table = table(bytes);
    assert_eq!((table.encoding.name(), table.delimiter), ("gb18030", b';'));
    let found = of(&mut table, &Markers::usual(), |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(table.names, ["客户号", "城市", "金额"]);
    let named: Vec<_> = found
        .first_unreadable
        .iter()
        .map(|one| (one.line, one.code.as_str()))
        .collect();
    let mut expected: Vec<_> = lines.into_iter().map(|line| (line, "row_length")).collect();
    expected.push((last, "encoding"));
    assert_eq!((found.rows, found.unreadable, named), (9_998, 4, expected));
    assert!(found.first_unreadable.iter().all(|one| one.reason.zh.is_some()));
    let kinds: Vec<_> = found.columns.iter().map(|column| column.kind).collect();
    assert_eq!(kinds, [Kind::Integer, Kind::Text, Kind::Decimal]);
    assert_eq!(found.columns[0].duplicates, Some(exact(0)));
}

#[test]
fn only_the_first_lines_that_cannot_be_read_are_named() {
    let found = profile(&format!("a,b\n1,2\n{}3,4\n", "lonely\n".repeat(50)));
    assert_eq!(
        (found.rows, found.unreadable, found.first_unreadable.len()),
        (2, 50, MOST_UNREADABLE)
    );
    let bad_text = table([&b"a,b\n"[..], &b"1,2\n".repeat(20_000), b"1,\xff\n3,4\n"].concat());
    let found = of(
        &mut { bad_text },
        &Markers::usual(),
        |_| ControlFlow::Continue(()),
    )
    .unwrap();
    assert_eq!((found.rows, found.first_unreadable[0].line), (20_001, 20_002));
}

#[test]
fn what_ends_the_reading_is_an_error_and_so_is_a_stop() {
    let mut unclosed = table(b"a,b\n1,\"2\n3,4\n".to_vec());
    match of(&mut unclosed, &Markers::usual(), |_| ControlFlow::Continue(())) {
        Err(ProfileError::Table(error)) => assert_eq!(error.fault, Fault::Quote),
        other => panic!("{other:?}"),
    }
    let mut endless = Table::new(
        Box::new(io::Read::chain(&b"a,b\n"[..], Endless)),
        &Dialect::default(),
        Limit::default(),
    )
    .unwrap();
    let stopped = of(&mut endless, &Markers::usual(), |rows| {
        if rows < 10_000 {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    });
    assert_eq!(stopped, Err(ProfileError::Stopped));
}

/// Rows without end.
struct Endless;

impl io::Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = buffer.len() / 4 * 4;
        for row in buffer[..count].chunks_mut(4) {
            row.copy_from_slice(b"1,2\n");
        }
        if count == 0 {
            return Err(io::Error::other("the buffer has no room for a row"));
        }
        Ok(count)
    }
}

#[test]
fn a_profile_is_kept_as_json_and_comes_back_the_same() {
    let found = profile("id,x\n1,a\n2,b\nlonely\n");
    let json = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Profile>(&json).unwrap(), found);
}
