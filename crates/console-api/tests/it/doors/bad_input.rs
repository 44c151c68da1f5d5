//! Everything that a client can get wrong, on every operation where it can: a clear answer, and nothing changes.

use reqwest::Method;
use serde_json::{Value, json};

use super::client::{Client, read};
use super::fixture::{Fixture, with_id};
use super::operations::{self, Operation};

/// More than the limit of a JSON body.
const TOO_MUCH: usize = (2 << 20) + 1;

async fn with_json(client: &Client, operation: &Operation, path: &str, body: &Value) -> super::client::Reply {
    let request = client.request(operation.method.clone(), path).json(body);
    let reply = read(request).await;
    reply.assert_problem(&operation.name());
    reply
}

#[actix_web::test]
async fn a_wrong_body_is_named_and_changes_nothing() {
    let fixture = Fixture::new().await;
    let before = fixture.host.counts().await;
    let mut asked = 0;
    for operation in operations::all() {
        let Some(body) = operation.body() else { continue };
        let (name, path, client) = (operation.name(), fixture.path(&operation.path), &fixture.root);
        asked += 1;

        let mut unknown = body.clone();
        unknown.insert("tpyo".to_owned(), json!(1));
        let reply = with_json(client, &operation, &path, &unknown.into()).await;
        assert_eq!(reply.code(), (400, "invalid_input"), "{name}: {}", reply.body);
        assert_eq!(reply.pointers(), ["/tpyo"], "{name}");

        for field in operation.required() {
            let mut lacking = body.clone();
            lacking.remove(&field);
            let reply = with_json(client, &operation, &path, &lacking.into()).await;
            assert_eq!(reply.code(), (400, "invalid_input"), "{name}: {}", reply.body);
            assert_eq!(reply.pointers(), [format!("/{field}")], "{name}");
        }
        for field in operation.fields() {
            let mut wrong = body.clone();
            wrong.insert(field.clone(), json!(7.5));
            let reply = with_json(client, &operation, &path, &wrong.into()).await;
            assert_eq!(reply.code(), (400, "invalid_input"), "{name}: {}", reply.body);
            assert_eq!(reply.pointers(), [format!("/{field}")], "{name}");
        }
        let reply = with_json(client, &operation, &path, &json!([])).await;
        assert_eq!(reply.status, 400, "{name}: {}", reply.body);
    }
    assert!(asked > 15, "{asked}");
    assert_eq!(fixture.host.counts().await, before);
    fixture.stop().await;
}

/// The lengths of texts that the description tells are those that hold.
#[actix_web::test]
async fn a_text_that_is_too_long_is_named_and_changes_nothing() {
    let fixture = Fixture::new().await;
    let before = fixture.host.counts().await;
    let mut asked = 0;
    for operation in operations::all() {
        let Some(body) = operation.body() else { continue };
        let (name, path, client) = (operation.name(), fixture.path(&operation.path), &fixture.root);
        for (field, most) in operation.longest() {
            let mut long = body.clone();
            long.insert(field.clone(), "x".repeat(most + 1).into());
            let reply = with_json(client, &operation, &path, &long.into()).await;
            // That nothing at all can be changed is said first.
            if ["setup_done", "task_paired"].contains(&reply.code().1) {
                continue;
            }
            asked += 1;
            assert_eq!(
                reply.code(),
                (400, "invalid_input"),
                "{name} {field}: {}",
                reply.body
            );
            let pointer = format!("/{field}");
            assert!(
                reply.pointers().contains(&pointer.as_str()),
                "{name} {field}: {}",
                reply.body
            );
        }
    }
    assert!(asked >= 25, "{asked}");
    assert_eq!(fixture.host.counts().await, before);
    fixture.stop().await;
}

#[actix_web::test]
async fn what_is_no_json_is_refused() {
    let fixture = Fixture::new().await;
    let before = fixture.host.counts().await;
    for operation in operations::all() {
        let Some(body) = operation.body() else { continue };
        let (name, path) = (operation.name(), fixture.path(&operation.path));
        let typed = |kind: &'static str, content: String| {
            let request = fixture.root.request(operation.method.clone(), &path);
            read(request.header("content-type", kind).body(content))
        };
        let good = Value::Object(body).to_string();
        let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
        let much = format!("\"{}\"", "x".repeat(TOO_MUCH));
        let cases = [
            ("text/plain", good.clone(), (415, "not_json")),
            (
                "application/x-www-form-urlencoded",
                good.clone(),
                (415, "not_json"),
            ),
            (
                "application/json",
                good[..good.len() - 1].to_owned(),
                (400, "malformed_json"),
            ),
            ("application/json", format!("{good} x"), (400, "malformed_json")),
            ("application/json", String::new(), (400, "malformed_json")),
            ("application/json", deep, (400, "json_too_deep")),
            ("application/json", much, (413, "body_too_large")),
        ];
        for (kind, content, expected) in cases {
            let start: String = content.chars().take(40).collect();
            let reply = typed(kind, content).await;
            reply.assert_problem(&name);
            assert_eq!(reply.code(), expected, "{name} with {kind} {start}");
        }
    }
    assert_eq!(fixture.host.counts().await, before);
    fixture.stop().await;
}

#[actix_web::test]
async fn an_id_that_nothing_has_is_not_found() {
    let fixture = Fixture::new().await;
    for operation in operations::all() {
        let name = operation.name();
        if !operation.path.contains("{id}") {
            continue;
        }
        for id in [
            "0123456789abcdef0123456789abcdef",
            "..%2f..%2fetc",
            "%00",
            &"x".repeat(300),
            "%ff",
            "a%20b",
        ] {
            let reply = read(operation.request(&fixture.root, &with_id(&operation.path, id))).await;
            reply.assert_problem(&name);
            assert_eq!(reply.status, 404, "{name} with {id}: {}", reply.body);
        }
    }
    fixture.stop().await;
}

#[actix_web::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let fixture = Fixture::new().await;
    let all = operations::all();
    for operation in &all {
        let path = fixture.path(&operation.path);
        let same = all.iter().filter(|other| other.path == operation.path);
        let mut known: Vec<String> = same.map(|other| other.method.to_string()).collect();
        known.sort_unstable();
        let methods = [
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::POST,
            Method::OPTIONS,
        ];
        for method in methods
            .into_iter()
            .filter(|method| !known.contains(&method.to_string()))
        {
            let reply = read(fixture.root.request(method, &path)).await;
            reply.assert_problem(&path);
            assert_eq!(reply.code(), (405, "method_not_allowed"), "{path}");
            let allowed = reply.header("allow");
            let mut allowed: Vec<String> = allowed.split(", ").map(str::to_owned).collect();
            allowed.retain(|method| method != "HEAD");
            allowed.sort_unstable();
            assert_eq!(allowed, known, "{path}");
        }
    }
    for path in ["/nothing", "/users/a/b/c", "/../../etc/passwd", "//"] {
        let reply = fixture.root.get(path).await;
        reply.assert_problem(path);
        assert_eq!(reply.code(), (404, "no_route"), "{path}");
    }
    fixture.stop().await;
}

#[actix_web::test]
async fn a_wrong_parameter_is_named() {
    let fixture = Fixture::new().await;
    let mut lists = 0;
    for operation in operations::all()
        .into_iter()
        .filter(|operation| !operation.query.is_empty())
    {
        let (name, path) = (operation.name(), fixture.path(&operation.path));
        let ask = |query: &'static str| read(operation.request(&fixture.root, &format!("{path}?{query}")));
        let reply = ask("tpyo=1").await;
        reply.assert_problem(&name);
        assert_eq!(reply.code(), (400, "invalid_input"), "{name}");
        assert_eq!(reply.pointers(), ["tpyo"], "{name}");
        if operation.query.iter().any(|one| one == "limit") {
            lists += 1;
            for query in ["limit=0", "limit=-1", "limit=x", "limit=99999999999999999999"] {
                let reply = ask(query).await;
                reply.assert_problem(&name);
                assert_eq!(reply.pointers(), ["limit"], "{name} with {query}: {}", reply.body);
            }
        }
        if operation.query.iter().any(|one| one == "cursor") {
            for query in ["cursor=x", "cursor=%00", "cursor=", "limit=201"] {
                let reply = ask(query).await;
                reply.assert_problem(&name);
                assert_eq!(reply.status, 400, "{name} with {query}: {}", reply.body);
            }
        }
    }
    assert!(lists >= 8, "{lists}");
    fixture.stop().await;
}

/// Large bodies are read of those alone who are signed in, so that strangers cannot fill the memory.
#[actix_web::test]
async fn a_stranger_has_small_bodies_only() {
    let fixture = Fixture::new().await;
    let much = json!({"name": "x".repeat(17 << 10), "password": "y"}).to_string();
    let stranger = reqwest::Client::new();
    for (cookie, expected) in [(None, 413), (Some("efls_session_00000000=made-up"), 413)] {
        let mut request = stranger
            .post(format!("{}/api/v1/session", fixture.host.url))
            .header("content-type", "application/json")
            .body(much.clone());
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        assert_eq!(request.send().await.unwrap().status().as_u16(), expected);
    }
    fixture.stop().await;
}
