//! `diagnose`: what it tells, and what it never does.

use console_db::sea_orm::{DbBackend, Statement};
use console_db::{ConnectionTrait as _, Db, DbConfig, DbUrl};
use serde_json::{Value, json};
use tempfile::tempdir;

use crate::program::{Console, errors, free_port, json, post, program, run_with, sign_in};

const PASSWORD: &str = "correct horse battery";

/// Every text of the columns that hold secrets: of keys, accounts, sessions, invitations and settings of tasks.
async fn secrets_of(db: &Db) -> Vec<String> {
    let columns =
        "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'";
    let query = async |sql: String| {
        let statement = Statement::from_string(DbBackend::Sqlite, sql);
        db.reader().query_all_raw(statement).await.unwrap()
    };
    let mut found = Vec::new();
    for row in query(columns.to_owned()).await {
        let (table, column): (String, String) =
            (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
        let all = ["identity_key", "session", "invitation", "user"].contains(&table.as_str());
        let named = [
            "config", "secret", "digest", "token", "password", "meta", "payload",
        ];
        if !all && !named.iter().any(|name| column.contains(name)) {
            continue;
        }
        let sql =
            format!("SELECT CAST(\"{column}\" AS TEXT) FROM \"{table}\" WHERE \"{column}\" IS NOT NULL");
        for row in query(sql).await {
            let text: String = row.try_get_by_index(0).unwrap();
            // Shorter ones are numbers and single words.
            if text.len() >= 8 && text != "null" {
                found.push(text);
            }
        }
    }
    found
}

#[tokio::test]
async fn a_bundle_tells_how_it_goes_and_no_secret() {
    let dir = tempdir().unwrap();
    let port = free_port().to_string();
    let metrics = format!("127.0.0.1:{}", free_port());
    let with = |args: &[&str]| {
        let mut command = program(dir.path(), args);
        command
            .env("PORT", &port)
            .env("EFLS_METRICS__LISTEN", &metrics)
            .env("EFLS_FEDERATION__ALLOW_LOOPBACK", "true")
            .env(
                "EFLS_FEDERATION__PROXY_URL",
                "http://efls:proxy-secret@127.0.0.1:1",
            )
            .env("EFLS_FEDERATION__NO_PROXY", "127.0.0.1")
            .env("EFLS_STORAGE__S3__SECRET_KEY", "store-secret")
            .env("EFLS_PASSWORD", PASSWORD);
        command
    };
    let console = Console::start(&mut with(&["serve"]));
    let first =
        json!({ "code": console.ready["setup_code"], "name": "ann-of-accounts", "password": PASSWORD });
    assert_eq!(post(&console.api("setup"), None, &first).await.0, 201);
    let token = sign_in(&console, "ann-of-accounts", PASSWORD).await.1.unwrap();
    let made = async |path: &str, body: Value| {
        let (status, answer) = post(&console.api(path), Some(&token), &body).await;
        assert_eq!(status, 201, "{path}: {answer}");
        answer
    };
    made("invitations", json!({})).await;
    let nobody = format!("http://127.0.0.1:{}", free_port());
    let partner = json!({ "name": "Hilltop", "address": nobody, "accept_unsigned": true });
    let partner = made("partners", partner).await;
    let project =
        json!({ "name": "common", "partner_id": partner["id"], "config": { "budget": "a-private-budget" } });
    let project = made("projects", project).await;
    let task = json!({
        "name": "join", "task_type": "sample", "token": "a-private-token",
        "config": { "input": "input", "id_columns": ["private_column"] },
    });
    made(
        &format!("projects/{}/tasks", project["id"].as_str().unwrap()),
        task,
    )
    .await;

    let output = run_with(&mut with(&["diagnose"]), "");
    assert!(output.status.success(), "{}", errors(&output));
    let bundle = json(&output);
    assert_eq!(bundle["program"]["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(bundle["problems"], json!([]));
    assert_eq!(bundle["ready"]["status"], 200, "{}", bundle["ready"]);
    let database = &bundle["database"];
    assert_eq!(database["rows"]["project"], 1, "{database}");
    assert_eq!(database["schema"], json!({ "pending": [], "unknown": [] }));
    assert_eq!(database["partners"][0]["trust"], "base");
    assert_eq!(database["messages"][0]["partner_id"], partner["id"]);
    let told = bundle["metrics"].as_array().unwrap();
    assert!(
        told.iter()
            .any(|line| line.as_str().unwrap().starts_with("efls_ready{"))
    );

    let text = String::from_utf8(output.stdout).unwrap();
    let url = DbUrl::sqlite(&dir.path().join("data/console.db"));
    let db = Db::connect(&DbConfig::new(url)).await.unwrap();
    let mut secrets = secrets_of(&db).await;
    db.close().await.unwrap();
    assert!(
        secrets.iter().any(|secret| secret.contains("private_column")),
        "{secrets:?}"
    );
    assert!(secrets.len() > 10, "{secrets:?}");
    secrets.extend(
        [
            PASSWORD,
            "proxy-secret",
            "store-secret",
            "a-private-budget",
            "a-private-token",
            &token,
        ]
        .map(str::to_owned),
    );
    // Everybody is at this address here, the partner included, whose address is told.
    secrets.retain(|secret| secret != "127.0.0.1");
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret} is in {text}");
    }
}

#[test]
fn a_console_that_cannot_work_is_diagnosed_as_well() {
    let dir = tempdir().unwrap();
    let file = dir.path().join("bundle.json");
    let mut command = program(dir.path(), &["diagnose", "--output", file.to_str().unwrap()]);
    let nowhere = format!("postgres://efls:base-secret@127.0.0.1:{}/efls", free_port());
    let output = run_with(command.env("EFLS_DATABASE__URL", nowhere), "");
    assert!(output.status.success(), "{}", errors(&output));
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!text.contains("base-secret"), "{text}");
    let bundle: Value = serde_json::from_str(&text).unwrap();
    for part in ["database", "ready"] {
        assert!(bundle[part]["error"].is_string(), "{part}: {bundle}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0);
    }

    let mut wrong = program(dir.path(), &["diagnose"]);
    let output = run_with(wrong.env("EFLS_SERVICE__WORKERS", "0"), "");
    let bundle = json(&output);
    assert_eq!(bundle["problems"][0]["key"], "service.workers", "{bundle}");
    assert!(bundle["database"].is_null());
}
