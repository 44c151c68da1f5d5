//! What counts as an id, which rows stay, and what is said when next to nothing is in common.

use serde_json::{Value, json};
use task_interface::TaskKind;
use task_interface::conformance::{CaseSide, PairOutcome, SideOutcome};

use crate::support::{count, join_side, reason, reasons, run, text};

async fn join(left: &str, right: &str, settings: Value) -> PairOutcome {
    run(
        TaskKind::Sample,
        join_side(left, settings.clone()),
        join_side(right, settings),
    )
    .await
}

fn codes(side: &SideOutcome) -> Vec<&str> {
    side.warnings()
        .iter()
        .map(|warning| warning.code.as_str())
        .collect()
}

/// A table with these ids.
fn table(ids: &[&str]) -> String {
    let rows: String = ids
        .iter()
        .enumerate()
        .map(|(row, id)| format!("\"{id}\",{row}\n"))
        .collect();
    format!("id,x\n{rows}")
}

async fn told(left: &[&str], right: &[&str]) -> String {
    let outcome = join(&table(left), &table(right), json!({"id_normalization": []})).await;
    assert_eq!(count(&outcome.initiator, "intersection"), Some(0));
    assert_eq!(codes(&outcome.partner), ["nothing_in_common"]);
    let warnings = outcome.initiator.warnings();
    let [warning] = warnings.as_slice() else {
        panic!("{warnings:?}");
    };
    assert_eq!(warning.code, "nothing_in_common");
    assert!(warning.text.zh.as_ref().is_some_and(|zh| zh.contains("没有交集")));
    warning.text.en.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_in_common_comes_with_its_likely_reason() {
    for (left, right, words) in [
        (["007", "008"], ["7", "8"], "zeros in front"),
        (["7 ", "8 "], ["7", "8"], "white space"),
        (["AA", "BB"], ["aa", "bb"], "upper-case"),
        (["7.0", "8.0"], ["7", "8"], "`123.0`"),
        (["7.1E+9", "8.1E+9"], ["7100000000", "8100000000"], "`1.23E+8`"),
        (["７", "８"], ["7", "8"], "full-width"),
        (["e\u{301}", "a\u{301}"], ["é", "á"], "NFD"),
        (
            [
                "9a0364b9e99bb480dd25e1f0284c8555",
                "9a0364b9e99bb480dd25e1f0284c8556",
            ],
            ["7", "8"],
            "hash",
        ),
    ] {
        let said = told(&left, &right).await;
        assert!(
            said.contains(words) && said.contains("the partner's do not"),
            "{left:?}: {said}"
        );
    }
    let said = told(&["id", "7"], &["8", "9"]).await;
    assert!(said.contains("header stands among the rows"), "{said}");
    let said = told(&["1", "2"], &["8", "9"]).await;
    assert!(said.contains("do both sides name the same column"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn agreed_rules_make_ids_equal_that_people_take_for_equal() {
    let all = json!({"id_normalization": ["leading_zeros", "whole_numbers", "trim", "lower_case", "nfkc"]});
    let left = table(&["007", " 8", "ＡＢ", "9.0", "1.2E+3"]);
    let right = table(&["7", "8", "ab", "9", "1200"]);
    let outcome = join(&left, &right, all).await;
    assert_eq!(count(&outcome.initiator, "intersection"), Some(5));
    assert_eq!(codes(&outcome.initiator), Vec::<&str>::new());
    // The output holds what the table holds, in the same order on both sides.
    let rows = |side: &SideOutcome| {
        let written = text(side, "joined.csv");
        let rows = written
            .lines()
            .skip(1)
            .map(|line| line.rsplit(',').next().unwrap().to_owned());
        rows.collect::<Vec<_>>()
    };
    assert_eq!(rows(&outcome.initiator), rows(&outcome.partner));
    assert!(text(&outcome.initiator, "joined.csv").contains("ＡＢ"));
    // Outer white space goes unless somebody says otherwise.
    let outcome = join(&table(&["7 ", "8"]), &table(&["7", "8\u{3000}"]), json!({})).await;
    assert_eq!(count(&outcome.initiator, "intersection"), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_must_have_the_same_rules() {
    let left = join_side(&table(&["1"]), json!({"id_normalization": ["trim", "nfkc"]}));
    let right = join_side(&table(&["1"]), json!({"id_normalization": ["trim"]}));
    let outcome = run(TaskKind::Sample, left, right).await;
    let words = reasons(&outcome).concat();
    assert!(
        words.contains("`id_normalization` is ") && words.contains("nfkc, trim on"),
        "{words}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_rows_with_one_id_the_chosen_one_stays_and_it_is_said() {
    let many: String = (0..60).map(|row| format!("same,{row}\n")).collect();
    let left = format!("id,x\n{many}other,60\n");
    let right = "id,y\nsame,a\nother,b\n";
    for (rule, kept) in [("first", "same,0"), ("last", "same,59")] {
        let outcome = join(&left, right, json!({"duplicates": rule})).await;
        let written = text(&outcome.initiator, "joined.csv");
        assert!(written.lines().any(|line| line == kept), "{rule}: {written}");
        assert_eq!(count(&outcome.initiator, "duplicates"), Some(59));
        let warnings = outcome.initiator.warnings();
        let said = &warnings[0].text.en;
        assert!(
            said.contains("59 of 61 rows (96 %)") && said.contains(rule),
            "{said}"
        );
        assert_eq!(codes(&outcome.partner), Vec::<&str>::new());
    }
    let refuse = join_side(&left, json!({"duplicates": "refuse"}));
    let outcome = run(TaskKind::Sample, refuse, join_side(right, json!({}))).await;
    assert_eq!(
        reason(&outcome.initiator),
        "the input has ids that stand in more than one row"
    );
    // Who has none of them is not held up.
    let outcome = join(right, right, json!({"duplicates": "refuse"})).await;
    assert_eq!(count(&outcome.initiator, "intersection"), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_marker_for_no_value_is_nobody() {
    let left = table(&["NULL", "\\N", " none ", "", "7", "na"]);
    let right = table(&["null", "\\N", "None", "7"]);
    let outcome = join(&left, &right, json!({})).await;
    assert_eq!(count(&outcome.initiator, "intersection"), Some(1));
    assert_eq!(count(&outcome.initiator, "empty"), Some(5));
    assert_eq!(codes(&outcome.initiator), ["rows_without_id"]);
    let outcome = join(&left, &right, json!({"missing": []})).await;
    assert_eq!(count(&outcome.initiator, "empty"), Some(1));
    assert_eq!(count(&outcome.initiator, "intersection"), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn far_too_few_in_common_is_said() {
    let ids = |from: u32| -> Vec<String> { (from..from + 300).map(|id| id.to_string()).collect() };
    let (left, right) = (ids(0), ids(298));
    let side = |ids: &[String]| -> CaseSide {
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        join_side(&table(&ids), json!({}))
    };
    let outcome = run(TaskKind::Sample, side(&left), side(&right)).await;
    assert_eq!(count(&outcome.initiator, "intersection"), Some(2));
    assert_eq!(codes(&outcome.initiator), ["few_in_common"]);
    assert_eq!(codes(&outcome.partner), ["few_in_common"]);
}
