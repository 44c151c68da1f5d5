//! Accounts.

use std::collections::BTreeSet;

use console_db::entity::idempotency_key;
use console_db::sea_orm::ActiveValue::Set;
use console_db::sea_orm::EntityTrait;
use console_model::Role;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Digest as _;
use tokio::io::AsyncWriteExt;

use super::client::{Client, PASSWORD, Reply, make_user, read};
use crate::peer::console::{Console, until};

fn new(name: &str, role: &str) -> Value {
    json!({"name": name, "password": PASSWORD, "role": role})
}

#[actix_web::test]
async fn only_root_gives_and_takes_root_and_admin() {
    let console = Console::start("host").await;
    let root = Client::new(&console, "root", Role::Root).await;
    let admin = Client::new(&console, "admin", Role::Admin).await;
    for role in ["root", "admin"] {
        assert_eq!(
            admin.post("/users", new("x", role)).await.code(),
            (403, "forbidden")
        );
    }
    let made = admin.post("/users", new("anna", "default")).await;
    assert_eq!((made.status, made.header("etag")), (201, "\"1\""));
    assert_eq!(made.body["permissions"], json!({"add_task": true, "run": true}));
    let anna = format!("/users/{}", made.text("id"));
    assert_eq!(
        admin.patch(&anna, json!({"role": "admin"})).await.code(),
        (403, "forbidden")
    );
    let raised = root.patch(&anna, json!({"role": "admin"})).await;
    assert_eq!(
        (raised.status, raised.text("role"), raised.header("etag")),
        (200, "admin", "\"2\"")
    );
    assert_eq!(
        admin.patch(&anna, json!({"disabled": true})).await.code(),
        (403, "forbidden")
    );
    let reset = json!({"new_password": "another long one"});
    assert_eq!(
        admin.post(&format!("{anna}/password"), reset).await.code(),
        (403, "forbidden")
    );
    assert_eq!(
        root.post("/users", new("anna", "default")).await.code(),
        (409, "name_taken")
    );
    for (field, body) in [
        (
            "/name",
            json!({"name": " ", "password": PASSWORD, "role": "default"}),
        ),
        (
            "/password",
            json!({"name": "b", "password": "short", "role": "default"}),
        ),
        (
            "/role",
            json!({"name": "b", "password": PASSWORD, "role": "unknown"}),
        ),
        (
            "/comment",
            json!({"name": "b", "password": PASSWORD, "role": "default", "comment": "x".repeat(300)}),
        ),
    ] {
        let reply = root.post("/users", body).await;
        reply.assert_problem(field);
        assert_eq!((reply.status, reply.pointers()), (400, vec![field]));
    }
    console.stop().await;
}

#[actix_web::test]
async fn the_last_root_stays() {
    let console = Console::start("host").await;
    let root = Client::new(&console, "root", Role::Root).await;
    let me = format!("/users/{}", root.get("/session").await.text("id"));
    for change in [json!({"role": "admin"}), json!({"disabled": true})] {
        assert_eq!(root.patch(&me, change).await.code(), (409, "last_root"));
    }
    let second = make_user(&console, "second", Role::Root).await;
    let second = format!("/users/{second}");
    assert_eq!(root.patch(&second, json!({"disabled": true})).await.status, 200);
    assert_eq!(
        root.patch(&me, json!({"role": "admin"})).await.code(),
        (409, "last_root")
    );
    assert_eq!(root.patch(&second, json!({"disabled": false})).await.status, 200);
    assert_eq!(root.patch(&me, json!({"role": "admin"})).await.status, 200);
    console.stop().await;
}

#[actix_web::test]
async fn a_lost_race_is_told() {
    let console = Console::start("host").await;
    let root = Client::new(&console, "root", Role::Root).await;
    let anna = Client::new(&console, "anna", Role::Default).await;
    let path = format!("/users/{}", anna.get("/session").await.text("id"));
    let change = |client: &Client, etag: &str, comment: Value| {
        let request = client.request(Method::PATCH, &path).header("if-match", etag);
        read(request.json(&json!({"comment": comment})))
    };
    let etag = root.get(&path).await.header("etag").to_owned();
    let first = change(&anna, &etag, json!("phone 12")).await;
    assert_eq!((first.status, first.text("comment")), (200, "phone 12"));
    let lost = change(&root, &etag, json!("phone 13")).await;
    lost.assert_problem("stale");
    assert_eq!(lost.code(), (412, "stale"));
    assert_eq!(change(&root, "*", Value::Null).await.body["comment"], Value::Null);
    for bad in ["3", "\"x\"", "W/\"1\""] {
        assert_eq!(
            change(&root, bad, json!("x")).await.code(),
            (400, "bad_if_match"),
            "{bad}"
        );
    }
    // Left out is not the same as null.
    assert_eq!(change(&root, "*", json!("phone 14")).await.status, 200);
    let kept = root
        .patch(&path, json!({"permissions": {"add_task": true, "run": false}}))
        .await;
    assert_eq!(kept.text("comment"), "phone 14");
    assert_eq!(
        anna.get("/session").await.body["add_task"],
        true,
        "permissions count at once"
    );
    console.stop().await;
}

#[actix_web::test]
async fn a_list_is_walked_page_by_page() {
    let console = Console::start("host").await;
    let root = Client::new(&console, "root", Role::Root).await;
    for number in 0..6 {
        make_user(&console, &format!("user {number}"), Role::Default).await;
    }
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let after = cursor.map_or_else(String::new, |cursor: String| format!("&cursor={cursor}"));
        let page = root.get(&format!("/users?limit=3{after}")).await;
        let items = page.body["items"].as_array().unwrap();
        assert!(items.len() <= 3);
        seen.extend(items.iter().map(|item| item["name"].as_str().unwrap().to_owned()));
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
    }
    let newest_first = ["user 5", "user 4", "user 3", "user 2", "user 1", "user 0", "root"];
    assert_eq!(seen, newest_first);
    console.stop().await;
}

#[actix_web::test]
async fn a_repeated_request_is_done_once() {
    let console = Console::start("host").await;
    let root = Client::new(&console, "root", Role::Root).await;
    let other = Client::new(&console, "other", Role::Root).await;
    let keyed = |client: &Client, key: &str, body: Value| {
        read(
            client
                .request(Method::POST, "/users")
                .header("idempotency-key", key)
                .json(&body),
        )
    };
    let first = keyed(&root, "k1", new("anna", "default")).await;
    let again = keyed(&root, "k1", new("anna", "default")).await;
    assert_eq!((first.status, again.status), (201, 201), "{}", again.body);
    assert_eq!(
        (&again.body, again.header("etag")),
        (&first.body, first.header("etag"))
    );
    // Nothing of a password is kept, so a guess at it cannot be tried on what is.
    let mut guess = new("anna", "default");
    guess["password"] = json!("another password");
    assert_eq!(keyed(&root, "k1", guess.clone()).await.body, first.body);
    let kept = idempotency_key::Entity::find()
        .one(console.app.db().reader())
        .await
        .unwrap()
        .unwrap();
    for body in [&new("anna", "default"), &guess] {
        let plain = hex::encode(sha2::Sha256::digest(serde_json::to_vec(body).unwrap()));
        assert_ne!(kept.request_digest, plain);
    }
    let reused = keyed(&root, "k1", new("bert", "default")).await;
    reused.assert_problem("reused");
    assert_eq!(reused.code(), (422, "idempotency_key_reused"));
    // The key is the user's own, and a request that was refused leaves it free.
    assert_eq!(keyed(&other, "k1", new("bert", "default")).await.status, 201);
    assert_eq!(
        keyed(&root, "k2", new("bert", "default")).await.code(),
        (409, "name_taken")
    );
    assert_eq!(keyed(&root, "k2", new("carl", "default")).await.status, 201);
    for bad in ["", &"x".repeat(129)] {
        assert_eq!(
            keyed(&root, bad, new("dora", "default")).await.code(),
            (400, "bad_idempotency_key")
        );
    }

    let replies: Vec<Reply> = join_all((0..8).map(|_| keyed(&root, "k3", new("emil", "default")))).await;
    let made: BTreeSet<&str> = replies
        .iter()
        .filter(|reply| reply.status == 201)
        .map(|reply| reply.text("id"))
        .collect();
    assert_eq!(made.len(), 1);
    for reply in replies.iter().filter(|reply| reply.status != 201) {
        assert_eq!(reply.code(), (409, "request_in_progress"));
    }
    let known = root.get("/users").await;
    assert_eq!(known.body["items"].as_array().unwrap().len(), 6);
    console.stop().await;
}

#[actix_web::test]
async fn a_request_is_done_to_its_end_when_the_caller_hangs_up() {
    let console = Console::start("host").await;
    let root = Client::new(&console, "root", Role::Root).await;
    let request = || {
        let request = root
            .request(Method::POST, "/users")
            .header("idempotency-key", "k1");
        request.json(&new("anna", "default"))
    };
    let built = request().build().unwrap();
    let mut text = format!("POST {} HTTP/1.1\r\nhost: {}\r\n", built.url().path(), console.at);
    let body = built.body().unwrap().as_bytes().unwrap();
    for (name, value) in built.headers() {
        text.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    text.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
    let mut connection = tokio::net::TcpStream::connect(console.at).await.unwrap();
    connection.write_all(text.as_bytes()).await.unwrap();
    connection.write_all(body).await.unwrap();
    until("the request has begun", async || {
        let claims = idempotency_key::Entity::find()
            .all(console.app.db().reader())
            .await;
        (!claims.unwrap().is_empty()).then_some(())
    })
    .await;
    drop(connection);
    let answer = until("the request has ended", async || {
        let reply = read(request()).await;
        (reply.code() != (409, "request_in_progress")).then_some(reply)
    })
    .await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    console.stop().await;
}

#[actix_web::test]
async fn a_request_whose_console_was_killed_can_be_repeated() {
    let console = Console::start("host").await;
    let root = Client::new(&console, "root", Role::Root).await;
    let send = || {
        let request = root
            .request(Method::POST, "/users")
            .header("idempotency-key", "k1");
        read(request.json(&new("anna", "default")))
    };
    // As a request leaves it whose console is killed before it is answered.
    assert_eq!(send().await.status, 201);
    let claim = idempotency_key::ActiveModel {
        status: Set(0),
        response: Set(None),
        ..Default::default()
    };
    let unanswered = idempotency_key::Entity::update_many().set(claim);
    unanswered.exec(console.app.db().writer()).await.unwrap();
    assert_eq!(send().await.code(), (409, "request_in_progress"));
    let old = idempotency_key::ActiveModel {
        gmt_create: Set(chrono::Utc::now().naive_utc() - chrono::TimeDelta::minutes(3)),
        ..Default::default()
    };
    let aged = idempotency_key::Entity::update_many().set(old);
    aged.exec(console.app.db().writer()).await.unwrap();
    assert_eq!(
        send().await.code(),
        (409, "name_taken"),
        "it is tried, and sees what the first one did"
    );
    console.stop().await;
}
