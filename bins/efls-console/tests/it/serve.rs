//! `serve`: starts, survives being killed, ends when told.

use std::time::Duration;

use console_db::ConnectionTrait as _;
use serde_json::json;
use tempfile::tempdir;

use crate::program::{
    Console, client, ended_in_one_line, errors, failed_in_one_line, failure, free_port, json, post, program,
    run, run_with, sign_in,
};

const PASSWORD: &str = "correct horse battery";

#[tokio::test]
async fn a_killed_console_has_everything_when_it_comes_back() {
    let dir = tempdir().unwrap();
    let start = || Console::start(&mut program(dir.path(), &["serve", "--port", "0"]));
    let console = start();
    let code = console.ready["setup_code"]
        .as_str()
        .expect("there is no account yet")
        .to_owned();
    let first = json!({ "code": code, "name": "ann", "password": PASSWORD });
    let (status, body) = post(&console.api("setup"), None, &first).await;
    assert_eq!(status, 201, "{body}");
    let (status, body) = post(&console.api("setup"), None, &first).await;
    assert!(
        (400..500).contains(&status),
        "a code is good for one account: {body}"
    );
    let token = sign_in(&console, "ann", PASSWORD).await.1.unwrap();
    let fingerprint = async |console: &Console| {
        let answer = client()
            .get(console.api("system"))
            .bearer_auth(&token)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        let body: serde_json::Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        body["fingerprint"].as_str().unwrap().to_owned()
    };
    let before = fingerprint(&console).await;
    let mut process = console.process;
    process.0.kill().unwrap();
    process.0.wait().unwrap();

    let console = start();
    assert!(console.ready["setup_code"].is_null());
    assert_eq!(
        fingerprint(&console).await,
        before,
        "session and identity are kept"
    );
}

#[tokio::test]
async fn sigterm_ends_within_a_bound() {
    let dir = tempdir().unwrap();
    let mut console = Console::start(&mut program(dir.path(), &["serve", "--port", "0"]));
    // A connection that is kept open, and one whose request never comes, hold nothing up.
    let kept = client();
    assert_eq!(
        kept.get(format!("{}/health", console.address()))
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap(),
        "OK"
    );
    let port = console.address().rsplit(':').next().unwrap().parse().unwrap();
    let _silent = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    // Nor does a stream that never ends by itself: it is closed.
    let mut stream = listen(&console).await;
    assert!(!stream.chunk().await.unwrap().unwrap().is_empty());
    let (status, took) = console.process.terminate();
    assert!(status.success(), "{status}");
    assert!(took < Duration::from_secs(10), "{took:?}");
    while let Some(rest) = stream.chunk().await.unwrap() {
        assert!(
            !String::from_utf8_lossy(&rest).contains("event: end"),
            "the session goes on"
        );
    }
}

/// Makes the first account, and listens to what changes.
async fn listen(console: &Console) -> reqwest::Response {
    let first = json!({ "code": console.ready["setup_code"], "name": "ann", "password": PASSWORD });
    assert_eq!(post(&console.api("setup"), None, &first).await.0, 201);
    let token = sign_in(console, "ann", PASSWORD).await.1.unwrap();
    let stream = client().get(console.api("events")).bearer_auth(token);
    stream.send().await.unwrap().error_for_status().unwrap()
}

#[tokio::test]
async fn the_variables_of_earlier_releases_keep_their_meaning() {
    let dir = tempdir().unwrap();
    let port = free_port();
    let mut command = program(dir.path(), &["serve"]);
    command
        .env("STATIC", "host")
        .env("PORT", port.to_string())
        .env("BASE-URL", "http://console.example/host");
    let console = Console::start(&mut command);
    assert_eq!(console.address(), "http://console.example/host");
    for path in ["health", "host/health"] {
        let answer = client()
            .get(format!("http://127.0.0.1:{port}/{path}"))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.text().await.unwrap(), "OK", "{path}");
    }
    let status = |path: &str| {
        let url = format!("http://127.0.0.1:{port}/{path}");
        async move { client().get(url).send().await.unwrap().status().as_u16() }
    };
    assert_eq!(status("host/api/v1/setup").await, 200);
    assert_eq!(status("api/v1/setup").await, 404);
    assert_eq!(status("host/peer/hello").await, 200);
}

#[tokio::test]
async fn the_program_says_how_its_console_does() {
    let dir = tempdir().unwrap();
    let port = free_port().to_string();
    // As a container has it: all by variables, the same for both.
    let with = |args: &[&str]| {
        let mut command = program(dir.path(), args);
        command
            .env("EFLS_SERVICE__HOST", "0.0.0.0")
            .env("PORT", &port)
            .env("STATIC", "host");
        command
    };
    let health = |args: &[&str]| run_with(with(&["health"]).args(args), "");
    failed_in_one_line(&health(&[]), &["no console answers", &port]);

    let console = Console::start(&mut with(&["serve"]));
    for args in [&["--live"][..], &[]] {
        let output = health(args);
        assert!(output.status.success(), "{args:?}: {}", errors(&output));
    }
    assert_eq!(json(&health(&["--json"])), json!({ "ready": true }));
    let url = console_db::DbUrl::sqlite(&dir.path().join("data/console.db"));
    let db = console_db::Db::connect(&console_db::DbConfig::new(url))
        .await
        .unwrap();
    db.writer()
        .execute_unprepared("ALTER TABLE metric_point DROP COLUMN value")
        .await
        .unwrap();
    db.close().await.unwrap();
    failed_in_one_line(&health(&[]), &["not ready", "migrations"]);
    assert!(health(&["--live"]).status.success(), "{}", console.address());

    let mut any_port = program(dir.path(), &["health"]);
    failed_in_one_line(&run_with(any_port.env("PORT", "0"), ""), &["service.port"]);
}

/// The way back after an upgrade, and a pod of the release before that restarts while the new ones come.
#[tokio::test]
async fn a_schema_of_a_newer_program_is_used_unless_it_says_no() {
    let dir = tempdir().unwrap();
    assert!(run(dir.path(), &["migrate"]).status.success());
    let url = console_db::DbUrl::sqlite(&dir.path().join("data/console.db"));
    let db = console_db::Db::connect(&console_db::DbConfig::new(url))
        .await
        .unwrap();
    let sql = async |sql: &str| db.writer().execute_unprepared(sql).await.unwrap();
    sql("ALTER TABLE project ADD COLUMN later varchar(8)").await;
    sql("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_newer', 1)").await;
    for at_start in ["true", "false"] {
        let mut command = program(dir.path(), &["serve", "--port", "0"]);
        command.env("EFLS_DATABASE__MIGRATE_AT_START", at_start);
        let mut console = Console::start(&mut command);
        let ready = client().get(format!("{}/health/ready", console.address())).send();
        assert_eq!(ready.await.unwrap().status(), 200);
        assert!(console.process.terminate().0.success());
    }
    sql("INSERT INTO schema_requirement (migration, least_version) VALUES ('m29990101_000001_newer', '99.1.0')").await;
    db.close().await.unwrap();
    for command in [&["serve", "--port", "0"][..], &["migrate"]] {
        let output = run(dir.path(), command);
        ended_in_one_line(&output, 5, &["needs version 99.1.0", "nothing was changed"]);
    }
    let output = run(dir.path(), &["migrate", "--json"]);
    assert_eq!(failure(&output)["code"], "unfit_schema");
}

#[test]
fn a_busy_port_and_a_bad_folder_are_told_in_one_line() {
    let dir = tempdir().unwrap();
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    failed_in_one_line(
        &run(dir.path(), &["serve", "--port", &port]),
        &[&port, "another program"],
    );

    std::fs::write(dir.path().join("data"), "a file where the folder should be").unwrap();
    failed_in_one_line(&run(dir.path(), &["serve", "--port", "0"]), &["data"]);
}
