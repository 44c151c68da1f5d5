//! `adopt`: a database of the original on MySQL or MariaDB, taken over by the built program.

mod database;
mod killed;
mod served;

use std::path::Path;
use std::process::Command;

use console_db::sea_orm::{DbBackend, Statement};
use serde_json::{Value, json};
use tempfile::tempdir;

use crate::program::{ended_in_one_line, failure, json as printed, program, run_with};
use database::{Original, original};

const RUN: &str = "90000000000000000000000000000003";
const PROJECT: &str = "b0000000000000000000000000000001";
const TASK: &str = "d0000000000000000000000000000001";

fn command(dir: &Path, original: &Original, args: &[&str]) -> Command {
    let mut command = program(dir, args);
    command.env("EFLS_DATABASE__URL", original.url());
    command
}

/// Whatever a report says of a kind of row: its ids.
fn ids(report: &Value, code: &str, table: &str) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap();
    let found = findings
        .iter()
        .find(|finding| finding["code"] == code && finding["table"] == table)
        .unwrap_or_else(|| panic!("{code} of {table} is not in {report}"));
    let ids: Vec<String> = serde_json::from_value(found["ids"].clone()).unwrap();
    assert_eq!(found["count"], ids.len());
    ids
}

fn zone_args<'a>(args: &[&'a str], zone: &'a str) -> Vec<&'a str> {
    let mut all = args.to_vec();
    all.extend(["--time-zone", zone, "--json"]);
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_reports_every_awkward_row_and_writes_nothing() {
    let Some(original) = original().await else { return };
    let dir = tempdir().unwrap();
    let before = original.contents().await;
    let dry = run_with(
        &mut command(
            dir.path(),
            &original,
            &zone_args(&["adopt", "--dry-run"], "America/New_York"),
        ),
        "",
    );
    let report = printed(&dry);
    assert_eq!(report["finished"], false);
    let run = |number: u32| format!("9000000000000000000000000000000{number}");
    for (code, table, expected) in [
        (
            "unusable",
            "task_intra",
            vec!["d/6".to_owned(), "d0000000000000000000000000000005".to_owned()],
        ),
        (
            "orphan",
            "task_intra",
            vec!["d0000000000000000000000000000004".to_owned()],
        ),
        (
            "orphan",
            "task_inter",
            vec!["e0000000000000000000000000000002".to_owned()],
        ),
        (
            "orphan",
            "resource",
            vec!["70000000000000000000000000000003".to_owned()],
        ),
        ("orphan", "task_instance", vec![run(5), run(7), run(8)]),
        ("running", "task_instance", vec![run(3)]),
        ("unknown_status", "task_instance", vec![run(8)]),
        ("not_told", "task_instance", vec![run(0), run(7)]),
        ("same_partner_run", "task_instance", vec![run(4)]),
        ("no_time", "task_instance", vec![run(7)]),
        ("uncertain_time", "task_instance", vec![run(0)]),
        (
            "uncertain_time",
            "user",
            vec!["a0000000000000000000000000000001".to_owned()],
        ),
        (
            "unknown_role",
            "user",
            vec!["a0000000000000000000000000000002".to_owned()],
        ),
        (
            "empty_name",
            "user",
            vec!["a0000000000000000000000000000002".to_owned()],
        ),
        (
            "unknown_password",
            "user",
            vec!["a0000000000000000000000000000003".to_owned()],
        ),
        (
            "session",
            "user",
            vec!["a0000000000000000000000000000001".to_owned()],
        ),
        (
            "new_from_partner",
            "project",
            vec!["b0000000000000000000000000000002".to_owned()],
        ),
        (
            "owner_gone",
            "project",
            vec!["b0000000000000000000000000000003".to_owned()],
        ),
        (
            "owner_gone",
            "task_intra",
            vec!["d0000000000000000000000000000003".to_owned()],
        ),
        (
            "unknown_status",
            "project",
            vec!["b0000000000000000000000000000005".to_owned()],
        ),
        (
            "unreadable_json",
            "project",
            vec!["b0000000000000000000000000000005".to_owned()],
        ),
        (
            "unreadable_json",
            "resource",
            vec!["70000000000000000000000000000002".to_owned()],
        ),
        (
            "no_partner",
            "project",
            vec![
                "b0000000000000000000000000000003".to_owned(),
                "b0000000000000000000000000000004".to_owned(),
            ],
        ),
        (
            "kubeconfig",
            "task_intra",
            vec![TASK.to_owned(), "d0000000000000000000000000000002".to_owned()],
        ),
        (
            "other_bucket",
            "resource",
            vec!["70000000000000000000000000000003".to_owned()],
        ),
    ] {
        assert_eq!(ids(&report, code, table), expected, "{code} of {table}");
    }
    let text = run_with(&mut command(dir.path(), &original, &["adopt", "--dry-run"]), "");
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    for words in [
        "task_intra",
        "4 of 6",
        "Needs attention:",
        RUN,
        "Nothing was written.",
    ] {
        assert!(text.contains(words), "{words:?} is not in {text}");
    }

    let unasked = run_with(&mut command(dir.path(), &original, &["adopt"]), "yes\n");
    ended_in_one_line(&unasked, 1, &["nothing was written", "--yes"]);
    let wrong = ["adopt", "--yes", "--json", "--assign", "nothing=http://192.0.2.9"];
    let wrong = run_with(&mut command(dir.path(), &original, &wrong), "");
    assert_eq!(failure(&wrong)["code"], "wrong_choice");
    for args in [&["serve"][..], &["migrate"]] {
        let refused = run_with(&mut command(dir.path(), &original, args), "");
        ended_in_one_line(&refused, 4, &["original", "efls-console adopt"]);
    }
    assert_eq!(original.contents().await, before, "something was written");
    original.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_database_of_the_original_is_refused() {
    let dir = tempdir().unwrap();
    // SQLite, and a database of our own.
    assert!(
        run_with(&mut program(dir.path(), &["migrate"]), "")
            .status
            .success()
    );
    let refused = run_with(&mut program(dir.path(), &["adopt", "--yes", "--json"]), "");
    assert_eq!(failure(&refused)["code"], "not_original");
    let Some(original) = original().await else { return };
    original
        .run("ALTER TABLE task_instance DROP COLUMN gmt_error")
        .await;
    let before = original.contents().await;
    for args in [
        &["adopt", "--dry-run", "--json"][..],
        &["adopt", "--yes", "--json"],
    ] {
        let refused = run_with(&mut command(dir.path(), &original, args), "");
        let told = failure(&refused);
        assert_eq!(told["code"], "not_original");
        assert!(told["detail"].as_str().unwrap().contains("gmt_error"), "{told}");
    }
    assert_eq!(original.contents().await, before);
    original.drop().await;
}

/// A whole adoption under one time zone; `july` and `january` are its offsets in hours.
async fn adopted_under(zone: &str, january: i64, july: i64) {
    let Some(original) = original().await else { return };
    let dir = tempdir().unwrap();
    let args = [
        "adopt",
        "--yes",
        "--assign",
        "b0000000000000000000000000000004=http://192.0.2.9:5001",
        "--partner-name",
        "http://192.0.2.7:5001=Lake Clinic",
        "--cluster",
        "/root/.kube/a=berlin",
    ];
    let report = printed(&run_with(
        &mut command(dir.path(), &original, &zone_args(&args, zone)),
        "",
    ));
    assert_eq!(report["finished"], true, "{report}");
    assert_eq!(report["time_zone"], zone);
    let utc = |text: &str, hours: i64| {
        let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap();
        (local - chrono::TimeDelta::hours(hours)).to_string()
    };
    let of_run =
        |column: &str| format!("SELECT CAST({column} AS CHAR) FROM task_instance WHERE id = '{RUN}'");
    let text = async |query: String| {
        original
            .text(&query)
            .await
            .unwrap()
            .trim_end_matches(".000000")
            .to_owned()
    };
    assert_eq!(text(of_run("gmt_create")).await, utc("2023-07-05 06:07:08", july));
    assert_eq!(text(of_run("gmt_start")).await, utc("2023-07-05 06:08:00", july));
    let project = format!("SELECT CAST(gmt_create AS CHAR) FROM project WHERE id = '{PROJECT}'");
    assert_eq!(text(project).await, utc("2023-01-05 12:00:00", january));
    rows_are_as_they_should(&original).await;
    let again = run_with(
        &mut command(dir.path(), &original, &["adopt", "--yes", "--json"]),
        "",
    );
    let told = failure(&again);
    assert_eq!(told["code"], "not_original");
    assert!(
        told["detail"].as_str().unwrap().contains("adopted already"),
        "{told}"
    );
    served::serves(dir.path(), &original).await;
    original.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_is_adopted_from_shanghai() {
    adopted_under("Asia/Shanghai", 8, 8).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_is_adopted_from_new_york() {
    adopted_under("America/New_York", -5, -4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_is_adopted_from_a_fixed_offset() {
    adopted_under("-03:00", -3, -3).await;
}

async fn rows_are_as_they_should(original: &Original) {
    let number = async |query: &str| original.number(query).await;
    assert_eq!(
        number("SELECT COUNT(*) FROM user WHERE token IS NOT NULL OR token_valid").await,
        0
    );
    assert_eq!(
        number("SELECT COUNT(*) FROM original_user WHERE token IS NOT NULL").await,
        1
    );
    for (table, taken, kept) in [
        ("user", 3, 3),
        ("project", 5, 5),
        ("project_user_rel", 1, 1),
        ("task_intra", 4, 6),
        ("task_inter", 3, 3),
        ("resource", 3, 3),
        ("task_instance", 9, 9),
    ] {
        assert_eq!(
            number(&format!("SELECT COUNT(*) FROM `{table}`")).await,
            taken,
            "{table}"
        );
        assert_eq!(
            number(&format!("SELECT COUNT(*) FROM `original_{table}`")).await,
            kept,
            "{table}"
        );
    }
    let statuses = original
        .text("SELECT GROUP_CONCAT(status ORDER BY id) FROM task_instance")
        .await
        .unwrap();
    assert_eq!(statuses, "0,1,2,14,4,5,6,0,14");
    let numbers = "SELECT GROUP_CONCAT(run_number ORDER BY id) FROM task_instance";
    assert_eq!(original.text(numbers).await.unwrap(), "1,2,3,4,5,1,6,1,2");
    let numbers = "SELECT GROUP_CONCAT(version_number ORDER BY id) FROM task_intra";
    assert_eq!(original.text(numbers).await.unwrap(), "1,2,1,1");
    let ended = "SELECT GROUP_CONCAT(gmt_end IS NOT NULL ORDER BY id) FROM task_instance";
    assert_eq!(original.text(ended).await.unwrap(), "0,0,1,1,1,1,1,0,1");
    assert_eq!(
        number("SELECT COUNT(*) FROM instance_event WHERE from_status = 3 AND to_status = 14").await,
        1
    );
    assert_eq!(
        number("SELECT initiator FROM task_instance WHERE id LIKE '%001'").await,
        0
    );
    assert_eq!(
        number(&format!("SELECT initiator FROM task_instance WHERE id = '{RUN}'")).await,
        1
    );
    assert_eq!(
        number("SELECT COUNT(*) FROM task_instance WHERE project_id IS NULL").await,
        2
    );
    assert_eq!(
        number("SELECT COUNT(*) FROM task_instance WHERE engine = 'kubernetes'").await,
        6
    );
    // The older of two that name the same run of the partner.
    let peer = "SELECT instance_peer_id FROM task_instance WHERE id LIKE '%00";
    assert_eq!(original.text(&format!("{peer}4'")).await, None);
    assert_eq!(
        original.text(&format!("{peer}6'")).await.as_deref(),
        Some("80000000000000000000000000000004")
    );
    let config = format!("SELECT config FROM task_intra WHERE id = '{TASK}'");
    let config: Value = serde_json::from_str(&original.text(&config).await.unwrap()).unwrap();
    assert_eq!(
        config,
        json!({"docker_image": "reg/join:1", "bucket_num": "8", "cluster": "berlin"})
    );
}

fn statement(sql: &str) -> Statement {
    Statement::from_string(DbBackend::MySql, sql)
}
