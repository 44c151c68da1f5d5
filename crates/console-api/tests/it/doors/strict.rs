//! What is not described is refused, and what is described holds: parameters, bodies and headers of every operation.

use console_app::partners::invitations;
use console_model::Role;
use console_peer::invitation::Invitation;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::{Client, Reply, read};
use super::fixture::Fixture;
use super::operations;
use crate::peer::console::{Console, root, until};

#[actix_web::test]
async fn unknown_parameters_and_bodies_are_refused_everywhere() {
    let fixture = Fixture::new().await;
    for operation in operations::all() {
        let (name, path) = (operation.name(), fixture.path(&operation.path));
        let asked = operation.request(&fixture.root, &format!("{path}?tpyo=1"));
        let refused = read(asked).await;
        refused.assert_problem(&name);
        assert_eq!(
            (refused.code(), refused.pointers()),
            ((400, "invalid_input"), vec!["tpyo"]),
            "{name}"
        );
        if operation.method == Method::GET || operation.takes_a_body() {
            continue;
        }
        let bare = |body: &'static str| read(operation.request(&fixture.root, &path).body(body));
        assert_eq!(bare("no json").await.code(), (400, "malformed_json"), "{name}");
        assert_eq!(bare("{\"tpyo\": 1}").await.pointers(), ["/tpyo"], "{name}");
    }
    fixture.stop().await;
}

#[actix_web::test]
async fn described_headers_are_honoured() {
    let fixture = Fixture::new().await;
    let (mut compared, mut once) = (0, 0);
    for operation in operations::all() {
        let (name, path) = (operation.name(), fixture.path(&operation.path));
        let request = operation.request(&fixture.root, &path);
        if operation.headers.iter().any(|header| header == "If-Match") {
            compared += 1;
            let late = read(request.header("if-match", "\"999999\"")).await;
            assert_eq!(late.code(), (412, "stale"), "{name}");
        } else if operation.headers.iter().any(|header| header == "Idempotency-Key") {
            once += 1;
            let long = read(request.header("idempotency-key", "x".repeat(129))).await;
            assert_eq!(long.code(), (400, "bad_idempotency_key"), "{name}");
        } else if operation.method == Method::GET && operation.tagged {
            let row = read(request).await;
            assert_eq!(
                row.header("etag"),
                format!("\"{}\"", row.body["generation"]),
                "{name}"
            );
        }
    }
    assert!(
        compared >= 6 && once >= 10,
        "{compared} compare, {once} are done once"
    );
    fixture.stop().await;
}

#[actix_web::test]
async fn head_tells_what_get_would() {
    let fixture = Fixture::new().await;
    for operation in operations::all() {
        // A stream has no end.
        if operation.method != Method::GET || operation.path == "/events" {
            continue;
        }
        let path = fixture.path(&operation.path);
        let get = read(fixture.root.request(Method::GET, &path)).await;
        let head = read(fixture.root.request(Method::HEAD, &path)).await;
        assert_eq!(head.status, get.status, "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
        assert!(head.bytes.is_empty(), "{path}");
    }
    for path in ["/health", "/health/live", "/health/ready"] {
        let head = read(fixture.root.raw(Method::HEAD, path)).await;
        assert_eq!((head.status, head.bytes.len()), (200, 0), "{path}");
        let post = read(fixture.root.raw(Method::POST, path)).await;
        assert_eq!((post.status, post.header("allow")), (405, "GET, HEAD"), "{path}");
    }
    fixture.stop().await;
}

async fn keyed(client: &Client, path: &str, key: &str, body: &Value) -> Reply {
    let request = client.request(Method::POST, path).header("idempotency-key", key);
    let reply = read(if body.is_null() {
        request
    } else {
        request.json(body)
    })
    .await;
    assert_eq!(reply.status, 201, "{path}: {}", reply.body);
    reply
}

#[actix_web::test]
async fn a_repeated_creation_makes_nothing_twice() {
    let fixture = Fixture::new().await;
    let root_client = &fixture.root;
    let object = root_client.get("/objects/data.csv/info").await.body["object"]["uri"].clone();
    let version = keyed(
        root_client,
        &fixture.path("/tasks/{id}/versions"),
        "a",
        &Value::Null,
    )
    .await;
    let task = format!("/tasks/{}", version.text("id"));
    for (path, body) in [
        (
            format!("{task}/resources"),
            json!({"name": "more", "uri": object}),
        ),
        (format!("{task}/pairing"), Value::Null),
    ] {
        let first = keyed(root_client, &path, "b", &body).await;
        let again = keyed(root_client, &path, "b", &body).await;
        assert_eq!(first.text("id"), again.text("id"), "{path}");
    }

    let other = Console::start("other").await;
    let code = invitations::invite(&other.app, &root(), None).await.unwrap().code;
    let body = json!({"code": code});
    let first = keyed(root_client, "/invitations/accept", "c", &body).await;
    let again = keyed(root_client, "/invitations/accept", "c", &body).await;
    assert_eq!(first.text("id"), again.text("id"));
    other.stop().await;
    fixture.stop().await;
}

#[actix_web::test]
async fn a_repeated_invitation_is_the_same_with_a_code_that_counts() {
    let (host, peer) = (Console::start("host").await, Console::start("peer").await);
    let host_root = Client::new(&host, "root", Role::Root).await;
    let first = keyed(&host_root, "/invitations", "a", &json!({"comment": "c"})).await;
    let again = keyed(&host_root, "/invitations", "a", &json!({"comment": "c"})).await;
    assert_eq!(first.body["invitation"], again.body["invitation"]);
    let stored = host_root.get("/invitations").await;
    assert_eq!(stored.body["items"].as_array().map(Vec::len), Some(1));
    let secret = |reply: &Reply| Invitation::parse(reply.text("code")).unwrap().secret.hash();
    assert_ne!(secret(&first), secret(&again));

    let peer_root = Client::new(&peer, "root", Role::Root).await;
    let accepted = keyed(
        &peer_root,
        "/invitations/accept",
        "b",
        &json!({"code": again.text("code")}),
    )
    .await;
    let partner = format!("/partners/{}", accepted.text("id"));
    until("the second code is taken", async || {
        (peer_root.get(&partner).await.text("trust") == "paired").then_some(())
    })
    .await;
    let late = host_root
        .request(Method::POST, "/invitations")
        .header("idempotency-key", "a");
    let late = read(late.json(&json!({"comment": "c"}))).await;
    assert_eq!(late.code(), (409, "invitation_over"));

    // Looking at the connection is no change of the partner: what was read before can still be changed.
    let known = peer_root.get(&partner).await;
    let checked = read(peer_root.request(Method::POST, &format!("{partner}/check"))).await;
    assert_eq!((checked.status, checked.text("verdict")), (200, "good"));
    assert!(checked.body["partner"]["clock_offset_ms"].is_i64());
    let change = peer_root
        .request(Method::PATCH, &partner)
        .header("if-match", known.header("etag"));
    assert_eq!(read(change.json(&json!({"comment": "c"}))).await.status, 200);
    host.stop().await;
    peer.stop().await;
}

#[actix_web::test]
async fn an_empty_change_of_a_run_changes_nothing() {
    let fixture = Fixture::new().await;
    let run = fixture.path("/instances/{id}");
    let commented = fixture.root.patch(&run, json!({"comment": "kept"})).await;
    assert_eq!(commented.text("comment"), "kept");
    let empty = fixture.root.patch(&run, json!({})).await;
    assert_eq!((empty.status, empty.text("comment")), (200, "kept"));
    let removed = fixture.root.patch(&run, json!({"comment": null})).await;
    assert_eq!(removed.body["comment"], Value::Null);
    fixture.stop().await;
}

#[actix_web::test]
async fn addresses_that_are_never_called_are_refused_when_they_are_given() {
    let metadata = "http://169.254.169.254";
    let console = Console::start("ours").await;
    let client = Client::new(&console, "root", Role::Root).await;
    let partner = |address: &str| json!({"name": "p", "address": address, "accept_unsigned": true});
    let added = client.post("/partners", partner(metadata)).await;
    assert_eq!((added.status, added.pointers()), (400, vec!["/address"]));
    assert!(
        added.text("detail").contains("federation.allowed_addresses"),
        "{}",
        added.body
    );
    let good = client.post("/partners", partner("http://127.0.0.1:9")).await;
    let path = format!("/partners/{}", good.text("id"));
    let moved = client.patch(&path, json!({"address": metadata})).await;
    assert_eq!((moved.status, moved.pointers()), (400, vec!["/address"]));

    let elsewhere = Console::start_behind("elsewhere", Some(metadata)).await;
    let code = invitations::invite(&elsewhere.app, &root(), None)
        .await
        .unwrap()
        .code;
    let accepted = client.post("/invitations/accept", json!({"code": code})).await;
    assert_eq!((accepted.status, accepted.pointers()), (400, vec!["/code"]));
    elsewhere.stop().await;
    console.stop().await;
}

/// Numbers that the description allows are taken, and those beside them are refused, as is a cursor that is too long.
#[actix_web::test]
async fn the_described_limits_of_parameters_are_those_of_the_server() {
    let fixture = Fixture::new().await;
    let document = serde_json::to_value(console_api::openapi()).unwrap();
    let mut seen = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let parameters = item["get"]["parameters"].as_array();
        for parameter in parameters.into_iter().flatten() {
            let (name, schema) = (parameter["name"].as_str().unwrap(), &parameter["schema"]);
            if !["limit", "tail", "points", "cursor"].contains(&name) {
                continue;
            }
            let path = fixture.path(path.strip_prefix("/api/v1").unwrap());
            let ask = async |value: String| fixture.root.get(&format!("{path}?{name}={value}")).await.status;
            if name == "cursor" {
                let most = usize::try_from(schema["maxLength"].as_u64().unwrap()).unwrap();
                assert_eq!(ask("A".repeat(most + 1)).await, 400, "{path}");
            } else {
                let (least, most) = (
                    schema["minimum"].as_u64().unwrap(),
                    schema["maximum"].as_u64().unwrap(),
                );
                for (value, status) in [(least, 200), (most, 200), (least - 1, 400), (most + 1, 400)] {
                    assert_eq!(ask(value.to_string()).await, status, "{path} {name}={value}");
                }
            }
            seen.push(name);
        }
    }
    for name in ["limit", "tail", "points", "cursor"] {
        assert!(seen.contains(&name), "{name}");
    }
    let run = fixture.path("/instances/{id}");
    for tag in ["\"-1\"", "\"+1\"", "\"\"", "1", "\"1234567890123456789\""] {
        let request = fixture.root.request(Method::PATCH, &run).header("if-match", tag);
        let refused = read(request.json(&json!({"comment": "x"}))).await;
        assert_eq!(refused.code(), (400, "bad_if_match"), "{tag}");
    }
    fixture.stop().await;
}
