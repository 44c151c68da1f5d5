//! Tables that hold what one does not see or does not expect, and what is said of them.

use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use task_interface::TaskKind;
use task_interface::conformance::{CaseSide, PairOutcome, SideOutcome};

use crate::support::{count, private_reason, reasons, run, train_side};

const ROWS: usize = 60;

fn rows(header: &str, line: impl Fn(usize) -> String) -> String {
    let lines = (0..ROWS).map(|row| line(row) + "\n");
    lines.fold(format!("{header}\n"), |text, line| text + &line)
}

fn plain(row: usize) -> String {
    format!("C{row:04},{}", row % 5)
}

async fn join(host: Vec<u8>) -> PairOutcome {
    let side = |table: Vec<u8>| {
        CaseSide::new(json!({"input": "rows.csv", "id_columns": ["id"]})).object("rows.csv", table)
    };
    run(
        TaskKind::Sample,
        side(host),
        side(rows("id,z", plain).into_bytes()),
    )
    .await
}

async fn train(table: &str, more: Value) -> PairOutcome {
    let mut config = json!({"label": "y", "epochs": 2});
    for (key, value) in more.as_object().unwrap() {
        config[key] = value.clone();
    }
    let partner = train_side(&rows("z", |row| (row % 5).to_string()), json!({"epochs": 2}));
    run(TaskKind::Train, train_side(table, config), partner).await
}

fn codes(side: &SideOutcome) -> Vec<String> {
    let codes = side.warnings().into_iter().map(|warning| warning.code.clone());
    // Small tables, and tables of no join, are what these tests train on.
    codes
        .filter(|code| !["few_of_a_class", "rows_not_checked"].contains(&code.as_str()))
        .collect()
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(plain).unwrap();
    packed.finish().unwrap()
}

fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_line_of_excel_is_understood() {
    let table = |end: &str| {
        let text = rows("id;y;x", |row| format!("C{row:04};{};{},5", row % 2, row % 9));
        text.replace('\n', end)
    };
    for (name, bytes) in [
        ("plain", format!("sep=;\n{}", table("\n")).into_bytes()),
        (
            "line ends of Windows",
            format!("sep=;\r\n{}", table("\r\n")).into_bytes(),
        ),
        ("quoted", format!("\"sep=;\"\n{}", table("\n")).into_bytes()),
        (
            "byte order mark",
            format!("\u{feff}sep=;\r\n{}", table("\r\n")).into_bytes(),
        ),
        (
            "byte order mark twice",
            format!("\u{feff}\u{feff}sep=;\n{}", table("\n")).into_bytes(),
        ),
        ("UTF-16", utf16(&format!("sep=;\r\n{}", table("\r\n")))),
        ("gzip", gzip(format!("SEP=;\n{}", table("\n")).as_bytes())),
    ] {
        let outcome = join(bytes).await;
        assert!(
            outcome.initiator.succeeded(),
            "{name}: {:?}",
            outcome.initiator.ended
        );
        assert_eq!(count(&outcome.initiator, "intersection"), Some(60), "{name}");
    }
    // The lines that are named are still those of the file.
    let bad = format!("sep=;\n{}", table("\n").replacen("C0002;0;", "C0002;0;9;", 1));
    let outcome = join(bad.into_bytes()).await;
    let story = private_reason(&outcome.initiator);
    assert!(story.starts_with("line 5 of the input has 4 fields"), "{story}");
    assert_eq!(
        reasons(&outcome)[0],
        "the input has a row with too many or too few fields"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_other_kinds_are_named() {
    let text = rows("id,y", |row| format!("C{row:04},{}", row % 2));
    let utf32 = |first: Option<char>, big: bool| -> Vec<u8> {
        let units = first.into_iter().chain(text.chars()).map(u32::from);
        let bytes = units.map(|unit| {
            if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        });
        bytes.flatten().collect()
    };
    for (bytes, words) in [
        (utf32(Some('\u{feff}'), false), "UTF-32"),
        (utf32(Some('\u{feff}'), true), "UTF-32"),
        (utf32(None, false), "UTF-32"),
        (utf32(None, true), "UTF-32"),
        (gzip(&gzip(text.as_bytes())), "compressed twice"),
        (
            zstd::encode_all(&gzip(text.as_bytes())[..], 1).unwrap(),
            "compressed twice",
        ),
        (
            b"<!DOCTYPE html><html><body>Please sign in</body></html>".to_vec(),
            "an HTML page",
        ),
        (
            utf16("<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table>"),
            "an HTML page",
        ),
        (gzip(b"<?xml version=\"1.0\"?><Workbook/>"), "an XML document"),
        (b"{\"error\": \"not found\"}".to_vec(), "a JSON document"),
        (b"[\n {\"id\": 1, \"y\": 0}\n]".to_vec(), "a JSON document"),
    ] {
        let outcome = join(bytes).await;
        let story = private_reason(&outcome.initiator);
        assert!(story.contains(words), "{words}: {story}");
        let failure = outcome.initiator.ended.as_ref().unwrap_err().failure().unwrap();
        assert!(failure.private.as_ref().unwrap().zh.is_some() && !failure.retryable);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_seen_in_names_is_taken_away_and_said() {
    for (header, is_said) in [
        ("\u{feff}\u{feff}\"id\",y,x", false),
        ("\u{a0}id\u{a0},y,x", false),
        ("id\u{200b},y,x", true),
        ("\u{2060}i\u{ad}d,y,x", true),
        ("id,y,net\u{a0}income", true),
    ] {
        let outcome =
            join(rows(header, |row| format!("C{row:04},{},{}", row % 2, row % 9)).into_bytes()).await;
        assert_eq!(count(&outcome.initiator, "intersection"), Some(60), "{header:?}");
        let expected: &[&str] = if is_said { &["column_name_cleaned"] } else { &[] };
        assert_eq!(codes(&outcome.initiator), expected, "{header:?}");
    }
    let table = rows("y\u{200b},net\u{a0}income,x", |row| {
        format!("{},{},{}", row % 2, row % 9, row % 7)
    });
    // As it was copied from the file, or as one sees it.
    for name in ["net\u{a0}income", "net income"] {
        let outcome = train(&table, json!({"exclude": [name]})).await;
        let weights = outcome.initiator.result("weights").unwrap();
        assert_eq!(weights["rows"].as_array().unwrap().len(), 1, "{name:?}");
        assert_eq!(weights["rows"][0][0], "x");
        assert_eq!(codes(&outcome.initiator), ["column_name_cleaned"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_that_may_mean_something_else_come_with_a_warning() {
    let rate = |row: usize| format!("{}{}", 1 + row % 9, if row.is_multiple_of(4) { "" } else { "%" });
    let amount = |row: usize| {
        if row.is_multiple_of(3) {
            "700".to_owned()
        } else {
            format!("{}.{:03}", 1 + row % 9, row % 7)
        }
    };
    let phone = |row: usize| {
        // Two people have two entries each.
        let person = if row < 4 { row / 2 * 2 } else { row };
        (13_800_000_000 + person * 7).to_string()
    };
    for (name, column, more, expected) in [
        (
            "rate",
            &rate as &dyn Fn(usize) -> String,
            json!({}),
            &["column_mixes_percent"][..],
        ),
        ("amount", &amount, json!({}), &["column_decimals_or_thousands"]),
        ("amount", &amount, json!({"decimal": "."}), &[]),
        ("amount", &amount, json!({"decimal": ","}), &[]),
        ("phone", &phone, json!({}), &["column_like_ids"]),
        ("phone", &phone, json!({"features": ["phone"]}), &[]),
        ("even", &|row| format!("{}%", row % 9), json!({}), &[]),
        (
            "income",
            &|row| (1_000_000 + row % 9 * 5000).to_string(),
            json!({}),
            &[],
        ),
    ] {
        let table = rows(&format!("y,{name}"), |row| format!("{},{}", row % 2, column(row)));
        let outcome = train(&table, more.clone()).await;
        assert!(
            outcome.initiator.succeeded(),
            "{name}: {:?}",
            outcome.initiator.ended
        );
        assert_eq!(codes(&outcome.initiator), expected, "{name}, {more}");
        for warning in outcome.initiator.warnings() {
            assert!(warning.text.zh.is_some(), "{}", warning.code);
        }
        assert!(
            codes(&outcome.partner).is_empty(),
            "the partner is told nothing of {name}"
        );
    }
}

/// Joins the two tables of a case by rules for the ids; null leaves them to the engine.
async fn join_case(case: &str, rules: &Value) -> PairOutcome {
    let side = |name: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
        let mut config = json!({"input": "rows.csv", "id_columns": ["id"]});
        if !rules.is_null() {
            config["id_normalization"] = rules.clone();
        }
        CaseSide::new(config).object("rows.csv", std::fs::read(folder.join(case).join(name)).unwrap())
    };
    run(TaskKind::Sample, side("host.csv"), side("peer.csv")).await
}

/// Ids that look alike and are not the same, as two sides had them.
#[tokio::test(flavor = "multi_thread")]
async fn ids_of_which_none_is_in_common_come_with_the_reason_and_the_setting_mends_it() {
    for (case, poor, words, mended) in [
        ("ids-blank-case-width", json!([]), "white space", json!(null)),
        (
            "leading-zeros",
            json!(null),
            "zeros in front",
            json!(["leading_zeros"]),
        ),
        ("float-ids", json!(null), "`123.0`", json!(["whole_numbers"])),
    ] {
        let outcome = join_case(case, &poor).await;
        let warnings = outcome.initiator.warnings();
        let said = warnings
            .iter()
            .find(|warning| warning.code == "nothing_in_common");
        assert!(said.unwrap().text.en.contains(words), "{case}: {said:?}");
        let outcome = join_case(case, &mended).await;
        assert_eq!(count(&outcome.initiator, "intersection"), Some(60), "{case}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_transactions_says_how_many_rows_fell_away() {
    let outcome = join_case("repeated-transactions", &json!(null)).await;
    let warnings = outcome.initiator.warnings();
    let said = warnings
        .iter()
        .find(|warning| warning.code == "duplicate_ids")
        .unwrap();
    assert!(said.text.en.contains("40 of 60 rows (66 %)"), "{}", said.text.en);
}
