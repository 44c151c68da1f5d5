//! The server of the database is restarted while operators work.
//!
//! Every other test on that server would suffer, so this one runs alone: `EFLS_TEST_RESTART=1` with the programs that
//! `tools/with-databases.sh` names.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use console_db::ConnectionTrait as _;
use console_db::sea_orm::Database;
use serde_json::json;
use tempfile::tempdir;
use tokio::task::JoinHandle;

use crate::program::{Console, client, free_port, post, program, sign_in};

const PASSWORD: &str = "correct horse battery";
const OPERATORS: usize = 4;

/// Reads and writes without a pause, until told. Gives how many requests were answered, and what failed.
fn operator(
    place: usize,
    api: String,
    token: String,
    partner: String,
    stop: Arc<AtomicBool>,
) -> JoinHandle<(usize, Vec<String>)> {
    tokio::spawn(async move {
        let (client, mut good, mut failed) = (client(), 0, Vec::new());
        for made in 0.. {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let request = if made % 10 == 0 && made < 200 {
                let name = format!("project {place} {made}");
                client
                    .post(format!("{api}/projects"))
                    .json(&json!({ "name": name, "partner_id": partner }))
            } else {
                client.get(format!("{api}/overview"))
            };
            let answer = request.bearer_auth(&token).send().await;
            let answer = answer.unwrap_or_else(|error| panic!("no answer: {error:?}"));
            let status = answer.status().as_u16();
            let body = answer.text().await.unwrap();
            match status {
                200 | 201 => good += 1,
                // The only failure that tells a caller to try again.
                503 => failed.push(body),
                _ => panic!("{status}: {body}"),
            }
        }
        (good, failed)
    })
}

async fn restarted(server: &str, restart: &str) {
    let name = format!("efls_restart_{}", free_port());
    let admin = Database::connect(server).await.unwrap();
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    admin.close().await.unwrap();
    let (place, _) = server.rsplit_once('/').unwrap();
    let dir = tempdir().unwrap();
    let metrics = format!("127.0.0.1:{}", free_port());
    let mut command = program(dir.path(), &["serve", "--port", "0"]);
    command
        .env("EFLS_DATABASE__URL", format!("{place}/{name}"))
        .env("EFLS_METRICS__LISTEN", &metrics)
        .env("EFLS_FEDERATION__ALLOW_LOOPBACK", "true");
    let console = Console::start(&mut command);
    let first = json!({ "code": console.ready["setup_code"], "name": "ann", "password": PASSWORD });
    assert_eq!(post(&console.api("setup"), None, &first).await.0, 201);
    let token = sign_in(&console, "ann", PASSWORD).await.1.unwrap();
    let nobody = format!("http://127.0.0.1:{}", free_port());
    let partner = json!({ "name": "Hilltop", "address": nobody, "accept_unsigned": true });
    let (_, partner) = post(&console.api("partners"), Some(&token), &partner).await;
    let partner = partner["id"].as_str().unwrap().to_owned();

    let stop = Arc::new(AtomicBool::new(false));
    let api = format!("{}/api/v1", console.address());
    let work: Vec<_> = (0..OPERATORS)
        .map(|place| {
            operator(
                place,
                api.clone(),
                token.clone(),
                partner.clone(),
                Arc::clone(&stop),
            )
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let restart = restart.to_owned();
    let status = tokio::task::spawn_blocking(move || Command::new(restart).status().unwrap());
    assert!(status.await.unwrap().success());
    // Background work recovers without a hand, and says so.
    let mut told = String::new();
    for _ in 0..600 {
        let ready = client()
            .get(format!("{}/health/ready", console.address()))
            .send()
            .await
            .unwrap();
        told = client()
            .get(format!("http://{metrics}/metrics"))
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        let failing = |line: &str| line.starts_with("efls_reconciler_failing{") && line.ends_with(" 1.0");
        if ready.status() == 200 && told.contains("efls_outbox_messages{") && !told.lines().any(failing) {
            break;
        }
        told.clear();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(!told.is_empty(), "the console did not recover");
    tokio::time::sleep(Duration::from_millis(500)).await;
    stop.store(true, Ordering::Relaxed);
    for work in work {
        let (good, failed) = work.await.unwrap();
        assert!(good > 10, "{good} requests");
        assert!(
            failed.len() <= 1,
            "more than what was in flight failed: {failed:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_what_is_in_flight_fails_when_the_database_restarts() {
    if std::env::var("EFLS_TEST_RESTART").as_deref() != Ok("1") {
        return;
    }
    for database in ["MYSQL", "POSTGRES"] {
        let variable = |what: &str| std::env::var(format!("EFLS_TEST_{database}_{what}")).ok();
        match (variable("URL"), variable("RESTART")) {
            (Some(server), Some(restart)) => restarted(&server, &restart).await,
            _ => assert_ne!(
                std::env::var("EFLS_TEST_REQUIRE_ALL").as_deref(),
                Ok("1"),
                "no server of {database} to restart, and nothing may be left out"
            ),
        }
    }
}
