//! Further tables of the kinds that people have, made up here.

use std::fmt::Write;

use serde_json::{Value, json};
use task_interface::TaskKind;
use task_interface::conformance::{CaseSide, PairOutcome, SideOutcome};

use crate::support::{count, private_reason, reasons, run, text};

const ROWS: usize = 60;

/// A table of `ROWS` lines behind a header.
fn rows(header: &str, line: impl Fn(usize) -> String) -> String {
    (0..ROWS).fold(format!("{header}\n"), |mut text, row| {
        writeln!(text, "{}", line(row)).unwrap();
        text
    })
}

fn plain(row: usize) -> String {
    format!("C{row:04},{}", row % 5)
}

async fn join(host: Vec<u8>, peer: &str, more: Value) -> PairOutcome {
    let side = |table: Vec<u8>, own: &Value| {
        let mut config = json!({"input": "rows", "id_columns": ["id"]});
        for (key, value) in own.as_object().unwrap() {
            config[key] = value.clone();
        }
        CaseSide::new(config).object("rows", table)
    };
    let shared = match more.get("id_normalization") {
        Some(rules) => json!({"id_normalization": rules}),
        None => json!({}),
    };
    let peer = side(peer.as_bytes().to_vec(), &shared);
    run(TaskKind::Sample, side(host, &more), peer).await
}

async fn train(joined: &PairOutcome, more: Value) -> PairOutcome {
    let side = |joined: &SideOutcome, own: Value| {
        let mut config = json!({"input": "rows", "epochs": 2});
        for (key, value) in own.as_object().unwrap() {
            config[key] = value.clone();
        }
        let side = CaseSide::new(config).object("rows", text(joined, "joined.csv"));
        let marks = joined.marks.iter();
        marks.fold(side, |side, (content, mark)| side.mark(content, mark))
    };
    let host = side(&joined.initiator, more);
    run(TaskKind::Train, host, side(&joined.partner, json!({}))).await
}

fn common(outcome: &PairOutcome) -> Option<u64> {
    count(&outcome.initiator, "intersection")
}

fn features(side: &SideOutcome) -> Vec<String> {
    let table = side.result("weights").unwrap();
    let rows = table["rows"].as_array().unwrap();
    rows.iter()
        .map(|row| row[0].as_str().unwrap().to_owned())
        .collect()
}

/// The warnings by their codes, without that these small tables have few rows of a class.
fn warnings(side: &SideOutcome) -> Vec<String> {
    let all = side.warnings();
    let codes = all.iter().map(|warning| warning.code.clone());
    codes.filter(|code| code != "few_of_a_class").collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn other_encodings_and_delimiters() {
    let peer = rows("id,z", plain);
    let utf16be = |text: &str| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_be_bytes).collect()
    };
    let encoded = |encoding: &'static encoding_rs::Encoding, text: &str| encoding.encode(text).0.into_owned();
    let city = |row: usize| {
        format!(
            "C{row:04}\t{}\t{}",
            row % 2,
            ["臺北市", "高雄市", "臺中市"][row % 3]
        )
    };
    let ville = |row: usize| {
        format!(
            "C{row:04}|{}|{}",
            row % 2,
            ["Orléans", "Nîmes", "Besançon"][row % 3]
        )
    };
    for (table, more) in [
        (utf16be(&rows("id\ty\tcity", city)), json!({})),
        (
            encoded(encoding_rs::BIG5, &rows("id\ty\tcity", city)),
            json!({"encoding": "big5"}),
        ),
        (
            encoded(encoding_rs::WINDOWS_1252, &rows(" id | y | city ", ville)),
            json!({}),
        ),
    ] {
        let joined = join(table, &peer, more.clone()).await;
        assert_eq!(common(&joined), Some(60), "{more}");
        let outcome = train(&joined, json!({"label": "y"})).await;
        assert!(outcome.initiator.succeeded(), "{:?}", outcome.initiator.ended);
        let found = features(&outcome.initiator);
        assert!(
            ["city=臺北市", "city=Orléans"]
                .iter()
                .any(|name| found.contains(&(*name).to_owned())),
            "{found:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_no_tables_are_named_in_both_languages() {
    let peer = rows("id,z", plain);
    for (bytes, en, zh) in [
        (b"PAR1\x15\x04".to_vec(), "a Parquet file", "Parquet 文件"),
        (b"%PDF-1.7\n".to_vec(), "a PDF document", "PDF 文档"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1".to_vec(), "an old Excel", "旧版 Excel"),
        (vec![0; 400], "binary data", "二进制"),
        (Vec::new(), "is empty", "为空"),
    ] {
        let outcome = join(bytes, &peer, json!({})).await;
        let failure = outcome.initiator.ended.as_ref().unwrap_err().failure().unwrap();
        let story = failure.private.as_ref().unwrap();
        assert!(story.en.contains(en), "{}", story.en);
        assert!(story.zh.as_ref().unwrap().contains(zh), "{story:?}");
        assert!(failure.message.zh.is_some() && failure.valid_code().is_some());
        assert!(!failure.retryable);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_that_differ_in_form_are_hinted_at_and_can_be_brought_together() {
    let wide = |row: usize| -> String {
        let digits = (1000 + row).to_string();
        let wide = digits
            .chars()
            .map(|digit| char::from_u32(digit as u32 + 0xfee0).unwrap());
        format!("{},{}", wide.collect::<String>(), row % 2)
    };
    let scientific = |row: usize| format!("{}.0E+03,{}", row + 1, row % 2);
    let lower = |row: usize| format!("c{row:04}\u{200b},{}", row % 2);
    for (host, peer, rule) in [
        (
            rows("id,y", wide),
            rows("id,z", |row| format!("{},{row}", 1000 + row)),
            "nfkc",
        ),
        (
            rows("id,y", scientific),
            rows("id,z", |row| format!("{},{row}", (row + 1) * 1000)),
            "whole_numbers",
        ),
        (rows("id,y", lower), rows("id,z", plain), "lower_case"),
        (
            rows("id,y", |row| format!("{row},1")),
            rows("id,z", |row| format!("{row:08},1")),
            "leading_zeros",
        ),
    ] {
        let apart = join(host.clone().into_bytes(), &peer, json!({})).await;
        // Ten of a thousand ids look the same with and without zeros in front: none here.
        assert_eq!(common(&apart), Some(0), "{rule}");
        assert_eq!(warnings(&apart.initiator), ["nothing_in_common"], "{rule}");
        let rules = json!({"id_normalization": ["trim", rule]});
        let together = join(host.into_bytes(), &peer, rules).await;
        assert_eq!(common(&together), Some(60), "{rule}");
        assert!(warnings(&together.initiator).is_empty(), "{rule}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_repeated_rows_the_one_that_was_chosen_stays() {
    let host = rows("id,y,x", |row| format!("C{:04},{},{row}", row / 3, row % 2));
    for (rule, first) in [("first", 0), ("last", 2)] {
        let joined = join(
            host.clone().into_bytes(),
            &rows("id,z", plain),
            json!({"duplicates": rule}),
        )
        .await;
        assert_eq!(common(&joined), Some(20));
        assert_eq!(warnings(&joined.initiator), ["duplicate_ids"]);
        let output = text(&joined.initiator, "joined.csv");
        let row = output.lines().find(|line| line.starts_with("C0000")).unwrap();
        // The line of the file is that of the row that stays.
        assert!(row.ends_with(&format!(",{first},{}", first + 2)), "{row}");
    }
    let refused = join(
        host.into_bytes(),
        &rows("id,z", plain),
        json!({"duplicates": "refuse"}),
    )
    .await;
    assert_eq!(
        reasons(&refused),
        ["the input has ids that stand in more than one row"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn other_markers_and_mistakes_are_shown_with_the_own_line() {
    let host = rows("id,y,f", |row| match row {
        41 => "C0041,1,#VALUE!".to_owned(),
        _ => format!("C{row:04},{},{}", row % 2, row % 9),
    });
    let joined = join(host.into_bytes(), &rows("id,z", plain), json!({})).await;
    let outcome = train(&joined, json!({"label": "y"})).await;
    let story = private_reason(&outcome.initiator);
    let place = "`#VALUE!` in the row with id `C0041` (line 43 of the file that was joined)";
    assert!(story.contains(place), "{story}");
    let outcome = train(&joined, json!({"label": "y", "missing": ["#VALUE!"]})).await;
    assert_eq!(features(&outcome.initiator), ["f"]);
    // A column of which most cells say in words that there is nothing.
    let host = rows("id,y,f", |row| {
        let value = if row % 3 == 0 {
            (row % 9).to_string()
        } else {
            "未测".to_owned()
        };
        format!("C{row:04},{},{value}", row % 2)
    });
    let joined = join(host.into_bytes(), &rows("id,z", plain), json!({})).await;
    let outcome = train(&joined, json!({"label": "y", "missing": ["未测"]})).await;
    assert_eq!(features(&outcome.initiator), ["f"]);
    assert_eq!(warnings(&outcome.initiator), ["column_mostly_missing"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_in_words_and_rows_without_one() {
    let label = |row: usize| ["违约", "正常", "?"][if row % 20 == 19 { 2 } else { row % 2 }];
    let host = rows("id,y,x", |row| format!("C{row:04},{},{}", label(row), row % 9));
    let joined = join(host.into_bytes(), &rows("id,z", plain), json!({})).await;
    let refused = train(&joined, json!({"label": "y", "positive_label": "违约"})).await;
    let story = private_reason(&refused.initiator);
    assert!(
        ["21", "41", "61"]
            .iter()
            .any(|line| story.contains(&format!("(line {line} of the file"))),
        "{story}"
    );
    let more = json!({"label": "y", "positive_label": "违约", "unlabelled_rows": "leave_out"});
    let outcome = train(&joined, more).await;
    let training = outcome.initiator.result("training").unwrap();
    assert_eq!(
        [&training["label"]["0"], &training["label"]["1"]],
        ["正常", "违约"]
    );
    assert_eq!(training["left_out_rows"], 3);
    assert!(warnings(&outcome.initiator).contains(&"rows_without_label".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn indexes_ids_and_dates_of_other_names_are_left_out_with_a_word() {
    let host = rows("Unnamed: 0,id,account,opened,y,member,share", |row| {
        format!(
            "{row},C{row:04},{},2024-{:02}-{:02},{},{},{}%",
            700_000 + row * 7,
            1 + row % 12,
            1 + row % 28,
            row % 2,
            ["TRUE", "FALSE"][row % 2],
            row % 50
        )
    });
    let joined = join(host.into_bytes(), &rows("id,z", plain), json!({})).await;
    let outcome = train(&joined, json!({"label": "y"})).await;
    assert_eq!(features(&outcome.initiator), ["member", "share"]);
    let training = outcome.initiator.result("training").unwrap();
    let ignored = training["ignored_columns"].as_array().unwrap();
    let codes: Vec<_> = ignored.iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["nameless", "id", "all_different", "date"]);
    assert!(
        ignored
            .iter()
            .all(|one| one["reason_zh"].as_str().unwrap() != one["reason"].as_str().unwrap())
    );
    assert_eq!(warnings(&outcome.initiator), ["column_left_out"; 3]);
}
