//! The first account, and accounts that one makes for oneself.

use console_app::{organization, setup};
use serde_json::json;

use super::client::{Client, PASSWORD};
use crate::peer::console::Console;

#[actix_web::test]
async fn the_first_account_is_made_once_with_the_code() {
    let console = Console::start("host").await;
    let client = Client::anonymous(&console);
    assert_eq!(
        client.get("/setup").await.body,
        json!({"needed": true, "signed_in": false, "organization": "host", "user": null})
    );
    let lost = setup::code_if_needed(&console.app).await.unwrap().unwrap();
    let code = setup::code_if_needed(&console.app).await.unwrap().unwrap();
    assert_ne!(lost, code);
    let with = |code: &str, name: &str| json!({"code": code, "name": name, "password": PASSWORD});
    for wrong in ["", "AAAA", &lost] {
        let reply = client.post("/setup", with(wrong, "anna")).await;
        reply.assert_problem(wrong);
        assert_eq!(reply.code(), (403, "wrong_setup_code"));
    }
    let weak = json!({"code": code, "name": "anna", "password": "short"});
    assert_eq!(client.post("/setup", weak).await.pointers(), ["/password"]);

    // Of two at the same moment one makes it.
    let lower = code.to_lowercase();
    let (one, two) = tokio::join!(
        client.post("/setup", with(&code, "anna")),
        client.post("/setup", with(&lower, "bert"))
    );
    let mut codes = [one.code(), two.code()];
    codes.sort_unstable();
    assert_eq!(codes, [(201, ""), (409, "setup_done")]);
    let made = if one.status == 201 { one } else { two };
    assert_eq!(made.text("role"), "root");

    assert_eq!(
        client.get("/setup").await.body,
        json!({"needed": false, "signed_in": false, "organization": "host", "user": null})
    );
    assert_eq!(
        client.post("/setup", with(&code, "carl")).await.code(),
        (409, "setup_done")
    );
    assert_eq!(setup::code_if_needed(&console.app).await.unwrap(), None);
    let root = Client::signed_in(&console, made.text("name")).await;
    let status = root.get("/setup").await.body;
    assert_eq!(status["signed_in"], true);
    assert_eq!(status["user"], root.get("/session").await.body);
    assert_eq!(
        root.get("/users").await.body["items"].as_array().unwrap().len(),
        1
    );
    console.stop().await;
}

#[actix_web::test]
async fn nobody_registers_unless_it_is_allowed() {
    let console = Console::start("host").await;
    let client = Client::anonymous(&console);
    let reply = client
        .post("/registration", json!({"name": "anna", "password": PASSWORD}))
        .await;
    reply.assert_problem("registration");
    assert_eq!(reply.code(), (403, "forbidden"));
    assert_eq!(
        client.get("/setup").await.body,
        json!({"needed": true, "signed_in": false, "organization": "host", "user": null})
    );
    console.stop().await;
}

#[actix_web::test]
async fn the_organisation_is_named_at_the_first_start_and_renamed_later() {
    let console = Console::start("host").await;
    let client = Client::anonymous(&console);
    let code = setup::code_if_needed(&console.app).await.unwrap().unwrap();
    let with = |organization: &str| json!({"code": code, "organization": organization, "name": "anna", "password": PASSWORD});
    let odd = client.post("/setup", with("Two\nlines")).await;
    assert_eq!(odd.pointers(), ["/organization"]);
    assert_eq!(client.post("/setup", with(" Lakeside Clinic ")).await.status, 201);
    let root = Client::signed_in(&console, "anna").await;
    assert_eq!(root.get("/system").await.text("name"), "Lakeside Clinic");
    let hello = async || {
        let said = reqwest::get(format!("{}/peer/hello", console.url)).await.unwrap();
        let said: serde_json::Value = said.json().await.unwrap();
        said["data"]["name"].as_str().unwrap().to_owned()
    };
    assert_eq!(hello().await, "Lakeside Clinic");

    let long = "x".repeat(organization::MAX_NAME + 1);
    for wrong in ["", "  ", &long] {
        let reply = root.patch("/system", json!({"name": wrong})).await;
        assert_eq!(reply.pointers(), ["/name"], "{wrong:?}");
    }
    let renamed = root.patch("/system", json!({"name": "湖畔医院"})).await;
    assert_eq!((renamed.status, renamed.text("name")), (200, "湖畔医院"));
    assert_eq!(hello().await, "湖畔医院");
    console.stop().await;
}
