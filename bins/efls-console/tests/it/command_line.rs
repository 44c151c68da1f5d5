//! `config`, `openapi`, `migrate`, `user` and `partner`.

use console_db::ConnectionTrait as _;
use serde_json::{Value, json};
use tempfile::tempdir;

use crate::program::{
    Console, client, ended_in_one_line, errors, failed_in_one_line, failure, json, program, run, run_with,
    sign_in, wait_until,
};

const PASSWORD: &str = "correct horse battery";

#[test]
fn a_wrong_configuration_is_reported_whole() {
    let dir = tempdir().unwrap();
    for args in [&["config", "check", "--json"][..], &["serve"], &["migrate"]] {
        let mut command = program(dir.path(), args);
        command
            .env("PORT", "seventy")
            .env("EFLS_LOG__FORMAT", "xml")
            .env("EFLS_NO__SUCH", "1");
        let output = run_with(&mut command, "");
        assert_eq!(output.status.code(), Some(3), "{args:?}: {}", errors(&output));
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &errors(&output);
        for key in ["service.port", "log.format", "no.such"] {
            assert!(said.contains(key), "{key} is not in {said}");
        }
    }
    assert!(run(dir.path(), &["config", "check"]).status.success());
}

#[test]
fn programs_are_told_of_failures_as_json() {
    let dir = tempdir().unwrap();
    let wrong = run(dir.path(), &["partner", "nonsense", "--json"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert_eq!(failure(&wrong)["code"], "wrong_command_line");

    let mut migrate = program(dir.path(), &["migrate", "--json"]);
    let wrong = run_with(migrate.env("PORT", "seventy"), "");
    assert_eq!(wrong.status.code(), Some(3));
    let told = failure(&wrong);
    assert_eq!(told["code"], "wrong_configuration");
    assert_eq!(told["problems"][0]["key"], "service.port");

    let create = ["user", "create", "bob", "--json"];
    let short = run_with(&mut program(dir.path(), &create), "short\n");
    assert_eq!(short.status.code(), Some(1));
    let told = failure(&short);
    assert_eq!(told["code"], "invalid_input");
    assert!(
        told["detail"].as_str().unwrap().starts_with("password: "),
        "{told}"
    );

    let help = run(dir.path(), &["--help", "--json"]);
    assert!(help.status.success());
    assert!(String::from_utf8_lossy(&help.stdout).contains("Exit codes:"));
}

/// A database of the original, as far as it tells: its tables with rows, and none of ours.
fn original_database(dir: &std::path::Path) -> std::path::PathBuf {
    let path = dir.join("original.db");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let url = console_db::DbUrl::sqlite(&path);
        let db = console_db::Db::connect(&console_db::DbConfig::new(url))
            .await
            .unwrap();
        for table in ["project", "task_intra", "task_inter", "task_instance", "user"] {
            let sql = format!("CREATE TABLE \"{table}\" (id varchar(64) PRIMARY KEY)");
            db.writer().execute_unprepared(&sql).await.unwrap();
        }
        db.close().await.unwrap();
    });
    path
}

#[test]
fn a_database_of_the_original_is_refused_and_left_as_it_is() {
    let dir = tempdir().unwrap();
    let path = original_database(dir.path());
    let before = std::fs::read(&path).unwrap();
    for args in [
        &["serve"][..],
        &["migrate"],
        &["user", "create", "anna", "--role", "root"],
    ] {
        let mut command = program(dir.path(), args);
        command
            .env("EFLS_DATABASE__URL", format!("sqlite:{}", path.display()))
            .env("EFLS_PASSWORD", PASSWORD);
        let output = run_with(&mut command, "");
        ended_in_one_line(&output, 4, &["original", "EFLS_DATABASE__URL"]);
        assert_eq!(std::fs::read(&path).unwrap(), before, "{args:?}");
    }
}

#[test]
fn the_configuration_is_shown_without_secrets() {
    let dir = tempdir().unwrap();
    let mut command = program(dir.path(), &["config", "show", "--json"]);
    let output = run_with(command.env("ENV", "default_local").env("STATIC", "host"), "");
    let shown = json(&output);
    let settings = shown["settings"].as_array().unwrap();
    let find = |key: &str| settings.iter().find(|entry| entry["key"] == key).unwrap();
    assert_eq!(find("service.base_path")["value"], "/host");
    assert_eq!(find("service.base_path")["source"], "environment variable STATIC");
    let text = shown.to_string();
    assert!(!text.contains("Ali-fl") && !text.contains("aliflminio"), "{text}");
}

#[test]
fn a_wrong_command_line_ends_with_two() {
    let dir = tempdir().unwrap();
    assert_eq!(run(dir.path(), &["sevre"]).status.code(), Some(2));
    let help = run(dir.path(), &["--help"]);
    assert!(String::from_utf8_lossy(&help.stdout).contains("Exit codes:"));
}

#[test]
fn the_api_is_described() {
    let dir = tempdir().unwrap();
    let document = json(&run(dir.path(), &["openapi"]));
    assert!(
        document["openapi"].as_str().unwrap().starts_with("3.1"),
        "{}",
        document["openapi"]
    );
    assert!(document["paths"]["/api/v1/session"]["post"].is_object());
}

#[cfg(unix)]
#[test]
fn a_reader_who_has_seen_enough_is_no_error_and_a_full_disk_is() {
    let dir = tempdir().unwrap();
    for args in [&["openapi"][..], &["config", "show"]] {
        let mut command = program(dir.path(), args);
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = command
            .stdout(writer)
            .stderr(std::process::Stdio::piped())
            .output()
            .unwrap();
        assert!(output.status.success(), "{args:?}: {}", errors(&output));
        assert_eq!(errors(&output), "");
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = program(dir.path(), args);
        let output = command
            .stdout(full)
            .stderr(std::process::Stdio::piped())
            .output()
            .unwrap();
        failed_in_one_line(&output, &["output cannot be written"]);
    }
}

#[test]
fn commands_beside_a_console_make_no_other_one() {
    let dir = tempdir().unwrap();
    for args in [
        &["partner", "invite"][..],
        &["partner", "list"],
        &["user", "reset-password", "ann"],
    ] {
        let refused = run_with(&mut program(dir.path(), args), "correct horse\n");
        failed_in_one_line(&refused, &["there is no database", "ENV"]);
        assert!(
            errors(&refused).contains("database sqlite:data/console.db"),
            "{}",
            errors(&refused)
        );
        assert!(!dir.path().join("data").exists(), "{args:?}");
    }
}

#[test]
fn a_schema_that_must_not_be_changed_at_start_is_changed_by_migrate() {
    let dir = tempdir().unwrap();
    let serve = || {
        let mut command = program(dir.path(), &["serve", "--port", "0"]);
        command.env("EFLS_DATABASE__MIGRATE_AT_START", "false");
        command
    };
    failed_in_one_line(&run_with(&mut serve(), ""), &["schema", "efls-console migrate"]);
    assert!(run(dir.path(), &["migrate"]).status.success());
    assert!(
        run(dir.path(), &["migrate"]).status.success(),
        "a second time changes nothing"
    );
    Console::start(&mut serve());
}

#[tokio::test]
async fn accounts_are_made_on_the_machine() {
    let dir = tempdir().unwrap();
    let create = ["user", "create", "ann", "--role", "admin", "--json"];
    let made = run_with(&mut program(dir.path(), &create), &format!("{PASSWORD}\n"));
    assert_eq!(json(&made)["name"], "ann", "{}", errors(&made));
    assert!(!String::from_utf8_lossy(&made.stdout).contains(PASSWORD));
    let again = run_with(&mut program(dir.path(), &create), &format!("{PASSWORD}\n"));
    assert_eq!(failure(&again)["code"], "name_taken");
    failed_in_one_line(
        &run_with(&mut program(dir.path(), &["user", "create", "bob"]), "short\n"),
        &["password: "],
    );
    failed_in_one_line(
        &run(dir.path(), &["user", "create", "bob"]),
        &["password", "standard input"],
    );

    let console = Console::start(&mut program(dir.path(), &["serve", "--port", "0"]));
    assert_eq!(console.ready["setup_code"], Value::Null, "there is an account");
    assert_eq!(sign_in(&console, "ann", PASSWORD).await.0, 201);
    // Beside a running console.
    let mut reset = program(dir.path(), &["user", "reset-password", "ann"]);
    assert!(
        run_with(reset.env("EFLS_PASSWORD", "another horse"), "")
            .status
            .success()
    );
    assert_eq!(sign_in(&console, "ann", PASSWORD).await.0, 401);
    assert_eq!(sign_in(&console, "ann", "another horse").await.0, 201);
}

#[tokio::test]
async fn partners_are_paired_from_the_command_line() {
    let (host_dir, peer_dir) = (tempdir().unwrap(), tempdir().unwrap());
    let start = |dir: &std::path::Path| {
        let mut command = program(dir, &["serve", "--port", "0"]);
        Console::start(
            command
                .env("EFLS_FEDERATION__ALLOW_LOOPBACK", "true")
                .env("EFLS_SERVICE__NAME", "one of two"),
        )
    };
    let (host, peer) = (start(host_dir.path()), start(peer_dir.path()));
    // Neither is told where the running console is.
    let at = |dir: &std::path::Path, args: &[&str]| {
        let mut command = program(dir, args);
        command.env("EFLS_FEDERATION__ALLOW_LOOPBACK", "true");
        command
    };
    let invited = run_with(&mut at(host_dir.path(), &["partner", "invite", "--json"]), "");
    assert_eq!(json(&invited)["address"], host.address());
    let code = json(&invited)["code"].as_str().unwrap().to_owned();
    let accept = ["partner", "accept", "-", "--name", "the host", "--json"];
    let accepted = run_with(&mut at(peer_dir.path(), &accept), &code);
    assert_eq!(json(&accepted)["name"], "the host", "{}", errors(&accepted));

    let create = ["user", "create", "ann", "--role", "root"];
    let made = run_with(&mut program(peer_dir.path(), &create), &format!("{PASSWORD}\n"));
    assert!(made.status.success(), "{}", errors(&made));
    let token = sign_in(&peer, "ann", PASSWORD).await.1.unwrap();
    let mut trust = json!(null);
    for _ in 0..300 {
        let answer = client()
            .get(peer.api("partners"))
            .bearer_auth(&token)
            .send()
            .await
            .unwrap();
        let partners: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        trust = partners["items"][0]["trust"].clone();
        if trust == "paired" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(trust, "paired");
    wait_until("the code's use", || {
        let refused = run_with(&mut at(peer_dir.path(), &accept), "efls1-nonsense");
        refused.status.code() == Some(1)
    });

    let ours = json(&invited)["our_fingerprint"].as_str().unwrap().to_owned();
    let confirm = |fingerprint: &str| {
        let args = ["partner", "confirm", "the host", fingerprint, "--json"];
        run_with(&mut at(peer_dir.path(), &args), "")
    };
    assert_eq!(failure(&confirm(&"0".repeat(64)))["code"], "fingerprint_differs");
    let confirmed = confirm(&ours);
    assert!(
        json(&confirmed)["fingerprint_confirmed_at"].is_string(),
        "{}",
        errors(&confirmed)
    );
    let listed = json(&run_with(
        &mut at(peer_dir.path(), &["partner", "list", "--json"]),
        "",
    ));
    assert_eq!(listed["partners"][0]["fingerprint"], ours.as_str());
}
