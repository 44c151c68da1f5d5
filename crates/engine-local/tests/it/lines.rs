//! Lines that are named to an operator are those of the file that they gave, also when a training reads what a join wrote.

use std::fmt::Write;
use std::io::Write as _;

use serde_json::{Value, json};
use task_interface::TaskKind;
use task_interface::conformance::{CaseSide, PairOutcome, SideOutcome};

use crate::support::{private_reason, reasons, run, text};

const ROWS: usize = 40;

fn partner_rows() -> String {
    (0..ROWS).fold("id,z\n".to_owned(), |mut rows, row| {
        writeln!(rows, "C{row:04},{}", row % 5).unwrap();
        rows
    })
}

async fn join(table: Vec<u8>, mut config: Value) -> PairOutcome {
    config["input"] = json!("rows.csv");
    let host = CaseSide::new(config).object("rows.csv", table);
    let peer = CaseSide::new(json!({"input": "rows.csv", "id_columns": ["id"]}));
    let outcome = run(TaskKind::Sample, host, peer.object("rows.csv", partner_rows())).await;
    assert!(outcome.initiator.succeeded(), "{:?}", outcome.initiator.ended);
    outcome
}

/// A side of a training on what a join wrote, with the marks that it left.
fn trains_on(joined: &SideOutcome, config: Value) -> CaseSide {
    let side = CaseSide::new(config).object("joined.csv", text(joined, "joined.csv"));
    let marks = joined.marks.iter();
    marks.fold(side, |side, (content, mark)| side.mark(content, mark))
}

/// Joins, trains on both outputs, and gives how the training ended.
async fn join_and_train(table: Vec<u8>, joins: Value, mut trains: Value) -> PairOutcome {
    let joined = join(table, joins).await;
    trains["input"] = json!("joined.csv");
    run(
        TaskKind::Train,
        trains_on(&joined.initiator, trains),
        trains_on(&joined.partner, json!({"input": "joined.csv"})),
    )
    .await
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(plain).unwrap();
    packed.finish().unwrap()
}

fn utf16(text: &str) -> Vec<u8> {
    let bytes = |unit: u16| unit.to_le_bytes();
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(bytes).collect()
}

/// A table whose row with the id C0030 has no label, and the line on which it stands. Notes have line breaks, some lines are
/// empty, and the header comes twice.
fn table(ending: &str) -> (String, u64) {
    let (mut text, mut line, mut bad) = (format!("{ending}id,y,x,note{ending}"), 3, 0);
    for row in (0..ROWS).rev() {
        if row == 30 {
            bad = line;
        }
        let label = if row == 30 {
            String::new()
        } else {
            (row % 2).to_string()
        };
        write!(text, "C{row:04},{label},{},", row % 7).unwrap();
        match row % 10 {
            3 => {
                write!(text, "\"two{ending}lines \"\"here\"\"\"{ending}").unwrap();
                line += 2;
            }
            6 => {
                write!(text, "n{ending}{ending}{ending}").unwrap();
                line += 3;
            }
            8 => {
                write!(text, "n{ending}id,y,x,note{ending}").unwrap();
                line += 2;
            }
            _ => {
                write!(text, "n{ending}").unwrap();
                line += 1;
            }
        }
    }
    (text, bad)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_training_names_the_line_of_the_file_that_was_joined() {
    let joins = json!({"id_columns": ["id"]});
    let (unix, line) = table("\n");
    let (windows, same) = table("\r\n");
    let (mac, as_well) = table("\r");
    assert_eq!([line, line], [same, as_well]);
    let packed = zstd::encode_all(unix.as_bytes(), 1).unwrap();
    for (what, bytes) in [
        ("plain", unix.clone().into_bytes()),
        ("with carriage returns", windows.clone().into_bytes()),
        ("with carriage returns alone", mac.into_bytes()),
        ("with a byte order mark", format!("\u{feff}{unix}").into_bytes()),
        ("gzip", gzip(windows.as_bytes())),
        ("zstd", packed),
        ("UTF-16", utf16(&windows)),
    ] {
        let outcome = join_and_train(bytes, joins.clone(), json!({"label": "y"})).await;
        assert_eq!(
            reasons(&outcome),
            ["the input has rows without a label"],
            "{what}"
        );
        let story = private_reason(&outcome.initiator);
        let place = format!("the row with id `C0030` (line {line} of the file that was joined)");
        assert!(story.contains(&place), "{what}: {story}");
        let failure = outcome.initiator.ended.as_ref().unwrap_err().failure().unwrap();
        let zh = failure.private.as_ref().unwrap().zh.as_ref().unwrap();
        assert!(zh.contains(&format!("求交前文件的第 {line} 行")), "{zh}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_known_without_a_header_and_after_a_second_join() {
    // Without a header only the join's mark says which column has them.
    let rows: String = (0..ROWS)
        .map(|row| {
            format!(
                "C{row:04},{},{}\n",
                if row == 7 { "9" } else { ["0", "1"][row % 2] },
                row % 7
            )
        })
        .collect();
    let headless = json!({"id_columns": ["1"], "has_header": false});
    let trains = json!({"label": "2", "has_header": false});
    let outcome = join_and_train(rows.into_bytes(), headless, trains).await;
    let story = private_reason(&outcome.initiator);
    assert!(
        story.contains("id `C0007` (line 8 of the file that was joined)"),
        "{story}"
    );

    let (unix, line) = table("\n");
    let first = join(unix.into_bytes(), json!({"id_columns": ["id"]})).await;
    let again = text(&first.initiator, "joined.csv").into_bytes();
    let joins = json!({"id_columns": ["id"], "columns": ["y", "id", "x"]});
    let outcome = join_and_train(again, joins, json!({"label": "y"})).await;
    let story = private_reason(&outcome.initiator);
    assert!(
        story.contains(&format!("(line {line} of the file that was joined)")),
        "{story}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_never_learnt_from() {
    let rows: String = (0..ROWS)
        .map(|row| format!("C{row:04},{},{}\n", row % 2, row % 7))
        .collect();
    let table = format!("id,y,x\n{rows}");
    let joins = json!({"id_columns": ["id"]});
    let joined = join(table.clone().into_bytes(), joins.clone()).await;
    let output = text(&joined.initiator, "joined.csv");
    assert!(output.starts_with("id,y,x,efls_source_line\n"), "{output}");
    for line in output.lines().skip(1) {
        let row: u64 = line[1..5].parse().unwrap();
        assert!(line.ends_with(&format!(",{}", row + 2)), "{line}");
    }
    let outcome = join_and_train(table.clone().into_bytes(), joins.clone(), json!({"label": "y"})).await;
    let training = outcome.initiator.result("training").unwrap();
    assert!(!training.to_string().contains("efls_source_line"), "{training}");
    let weights = outcome.initiator.result("weights").unwrap();
    assert_eq!(weights["rows"].as_array().unwrap().len(), 1, "{weights}");
    let told = format!("{:?}", outcome.initiator.warnings());
    assert!(!told.contains("efls_source_line"), "{told}");
    let named = json!({"label": "y", "features": ["x", "efls_source_line"]});
    let outcome = join_and_train(table.clone().into_bytes(), joins, named).await;
    let story = private_reason(&outcome.initiator);
    assert!(story.contains("cannot be learnt from"), "{story}");
    // Who does not want the column says so.
    let plain = join(
        table.into_bytes(),
        json!({"id_columns": ["id"], "source_lines": false}),
    )
    .await;
    assert!(text(&plain.initiator, "joined.csv").starts_with("id,y,x\n"));
}
