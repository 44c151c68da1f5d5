//! The console itself: health, and facts for operators.

use console_db::ConnectionTrait;
use reqwest::Method;
use serde_json::json;

use super::client::{Client, read};
use super::fixture::Fixture;
use crate::peer::console::Console;

#[actix_web::test]
async fn health_is_told_with_and_without_the_base_path() {
    let console = Console::start_below("host", "/host").await;
    let below = Client::anonymous(&console);
    let bare = format!("http://{}", console.at);
    for url in [format!("{bare}/health"), format!("{bare}/host/health")] {
        let answer = reqwest::get(&url).await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), answer.text().await.unwrap().as_str()),
            (200, "OK"),
            "{url}"
        );
    }
    let ready = read(below.raw(Method::GET, "/health/ready")).await;
    let parts =
        json!({"database": "ok", "migrations": "ok", "storage": "ok", "background": "ok", "process": "ok"});
    assert_eq!(
        (ready.status, &ready.body),
        (200, &json!({"ready": true, "parts": parts}))
    );

    console
        .app
        .db()
        .writer()
        .execute_unprepared("ALTER TABLE metric_point DROP COLUMN value")
        .await
        .unwrap();
    let behind = read(below.raw(Method::GET, "/health/ready")).await;
    let parts = json!({"database": "ok", "migrations": "failing", "storage": "ok", "background": "ok", "process": "ok"});
    assert_eq!(
        (behind.status, &behind.body),
        (503, &json!({"ready": false, "parts": parts}))
    );

    // Everything else is below the base path only.
    let outside = reqwest::get(format!("{bare}/api/v1/setup")).await.unwrap();
    assert_eq!(outside.status().as_u16(), 404);
    assert_eq!(outside.headers()["content-type"], "application/problem+json");
    assert_eq!(below.get("/setup").await.status, 200);
    console.stop().await;
}

#[actix_web::test]
async fn operators_see_how_the_console_does() {
    let fixture = Fixture::new().await;
    let root = &fixture.root;
    let system = root.get("/system").await;
    assert_eq!(
        (system.text("name"), system.text("version")),
        ("host", env!("CARGO_PKG_VERSION"))
    );
    assert_eq!(
        system.text("fingerprint"),
        fixture.host.app.identity().fingerprint().grouped()
    );
    assert!(
        system.body["reconcilers"]["outbox"]["passes"].as_u64().unwrap() > 0,
        "{}",
        system.body
    );
    let engines = root.get("/engines").await;
    assert_eq!(
        (
            engines.body[0]["name"].as_str(),
            engines.body[0]["default"].as_bool()
        ),
        (Some("local"), Some(true))
    );
    assert_eq!(
        engines.body[0]["types"]["sample"]["config_schema"]["type"],
        "object"
    );

    let waiting = root.get("/system/outbox?state=waiting").await;
    let waiting = waiting.body["items"].as_array().unwrap();
    assert!(
        waiting.iter().all(|message| message["state"] == "waiting"),
        "{waiting:?}"
    );
    let done = root.get("/system/outbox?state=delivered&limit=1").await;
    let message = done.body["items"][0]["id"].as_str().unwrap().to_owned();
    let next = root
        .get(&format!(
            "/system/outbox?limit=1&cursor={}",
            done.text("next_cursor")
        ))
        .await;
    assert_ne!(next.body["items"][0]["id"], message.as_str());
    for action in ["retry", "give-up"] {
        let path = format!("/system/outbox/{message}/{action}");
        assert_eq!(
            read(root.request(Method::POST, &path)).await.code(),
            (409, "already_delivered")
        );
    }
    assert_eq!(
        root.get("/system/outbox?state=nonsense").await.pointers(),
        ["state"]
    );
    fixture.stop().await;
}
