//! Bad input: a clear refusal in the one shape, never a failure of ours.

use console_model::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::peer::console::Console;

/// Every refusal has this shape.
fn is_problem(answer: &Answer, what: &str) {
    assert_eq!(
        answer.header("content-type"),
        "application/problem+json",
        "{what}"
    );
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    assert!(
        answer.header("content-security-policy").contains("default-src"),
        "{what}"
    );
    let body = &answer.body;
    assert_eq!(body["status"], answer.status, "{what}");
    assert_eq!(body["request_id"], answer.header("x-request-id"), "{what}");
    for member in ["type", "title", "detail", "code"] {
        assert!(
            body[member].as_str().is_some_and(|text| !text.is_empty()),
            "{what}: {body}"
        );
    }
}

#[actix_web::test]
async fn every_bad_request_is_told_what_is_wrong() {
    let console = Console::start("ours").await;
    let root = Client::new(&console, "root", Role::Root).await;
    let json = "application/json";
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    let large = format!("{{\"name\": \"{}\"}}", "x".repeat(2 << 20));
    let good = r#""name": "a", "password": "a long password""#;
    let table: &[(Method, &str, &str, &str, u16, &str, &str)] = &[
        (
            Method::POST,
            "/users",
            json,
            "{\"name\":",
            400,
            "malformed_json",
            "",
        ),
        (Method::POST, "/users", json, "", 400, "malformed_json", ""),
        (Method::POST, "/users", json, "\u{1}", 400, "malformed_json", ""),
        (Method::POST, "/users", json, "[]", 400, "invalid_input", ""),
        (
            Method::POST,
            "/users",
            json,
            &format!("{{{good}}}"),
            400,
            "invalid_input",
            "/role",
        ),
        (
            Method::POST,
            "/users",
            json,
            &format!("{{{good}, \"rule\": 1}}"),
            400,
            "invalid_input",
            "/rule",
        ),
        (
            Method::POST,
            "/users",
            json,
            &format!("{{{good}, \"role\": 7}}"),
            400,
            "invalid_input",
            "/role",
        ),
        (
            Method::POST,
            "/users",
            json,
            &format!("{{{good}, \"role\": \"king\"}}"),
            400,
            "invalid_input",
            "/role",
        ),
        (
            Method::POST,
            "/users",
            json,
            r#"{"name": "a", "password": 5, "role": "default"}"#,
            400,
            "invalid_input",
            "/password",
        ),
        (
            Method::POST,
            "/users",
            json,
            r#"{"name": "a\u0000", "password": "p", "role": "default"}"#,
            400,
            "nul_character",
            "",
        ),
        (
            Method::POST,
            "/users",
            json,
            r#"{"name": "a", "password": "p", "role": "default"}"#,
            400,
            "invalid_input",
            "/password",
        ),
        (Method::POST, "/users", json, &deep, 400, "json_too_deep", ""),
        (Method::POST, "/users", json, &large, 413, "body_too_large", ""),
        (Method::POST, "/users", "text/plain", "{}", 415, "not_json", ""),
        (Method::POST, "/users", "", "{}", 415, "not_json", ""),
        (
            Method::GET,
            "/users?limit=0",
            "",
            "",
            400,
            "invalid_input",
            "limit",
        ),
        (
            Method::GET,
            "/users?limit=201",
            "",
            "",
            400,
            "invalid_input",
            "limit",
        ),
        (
            Method::GET,
            "/users?limit=-1",
            "",
            "",
            400,
            "invalid_input",
            "limit",
        ),
        (Method::GET, "/users?limt=1", "", "", 400, "invalid_input", "limt"),
        (
            Method::GET,
            "/users?cursor=nonsense",
            "",
            "",
            400,
            "bad_cursor",
            "",
        ),
        (
            Method::GET,
            "/system/outbox?state=lost",
            "",
            "",
            400,
            "invalid_input",
            "state",
        ),
        (
            Method::GET,
            "/system/outbox?cursor=%00",
            "",
            "",
            400,
            "nul_character",
            "",
        ),
        (Method::GET, "/users/unknown", "", "", 404, "not_found", ""),
        (Method::GET, "/users/not%20an%20id", "", "", 404, "not_found", ""),
        (Method::GET, "/users/%ff", "", "", 404, "not_found", ""),
        (Method::GET, "/userz", "", "", 404, "no_route", ""),
        (Method::PUT, "/users", json, "{}", 405, "method_not_allowed", ""),
        (
            Method::PUT,
            "/objects/a?replace=maybe",
            "",
            "x",
            400,
            "invalid_input",
            "replace",
        ),
        (
            Method::POST,
            "/system/outbox/unknown/retry",
            "",
            "",
            404,
            "not_found",
            "",
        ),
        (Method::DELETE, "/resources/unknown", "", "", 404, "not_found", ""),
        (
            Method::GET,
            "/tasks/unknown/resources",
            "",
            "",
            404,
            "not_found",
            "",
        ),
    ];
    for (method, path, kind, body, status, code, pointer) in table {
        let mut request = root.request(method.clone(), path).body((*body).to_owned());
        if !kind.is_empty() {
            request = request.header("content-type", *kind);
        }
        let answer = Answer::to(request).await;
        let what = format!("{method} {path} {}", body.chars().take(60).collect::<String>());
        assert_eq!(answer.code(), (*status, *code), "{what}: {}", answer.body);
        is_problem(&answer, &what);
        let pointers = answer.pointers();
        if pointer.is_empty() {
            assert!(pointers.is_empty() || pointers == [""], "{what}: {pointers:?}");
        } else {
            assert_eq!(pointers, [*pointer], "{what}");
        }
    }
    let method = root.send(Method::PUT, "/users", json!({})).await;
    assert_eq!(method.header("allow"), "GET, HEAD, POST");
    let stale = root
        .send_if(Method::PATCH, "/users/x", json!({}), Some("W/\"1\""))
        .await;
    assert_eq!(stale.code(), (400, "bad_if_match"));
    assert_eq!(
        root.get("/users").await.body["items"].as_array().map(Vec::len),
        Some(1),
        "nothing was made"
    );
    console.stop().await;
}

#[actix_web::test]
async fn a_request_keeps_its_id_when_it_is_one() {
    let console = Console::start("ours").await;
    let nobody = Client::nobody(&console);
    let ask =
        async |id: &str| Answer::to(nobody.request(Method::GET, "/setup").header("x-request-id", id)).await;
    assert_eq!(ask("abc-123").await.header("x-request-id"), "abc-123");
    for bad in ["", "a b", "<script>", &"x".repeat(65)] {
        let given = ask(bad).await;
        let id = given.header("x-request-id");
        assert!(id.len() == 32 && id != bad, "{bad}: {id}");
    }
    console.stop().await;
}

async fn text(url: &str) -> (u16, String) {
    let answer = reqwest::get(url).await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[actix_web::test]
async fn everything_but_health_lies_below_the_base_path() {
    let console = Console::start_below("ours", "/host").await;
    Client::new(&console, "admin", Role::Root).await;
    let root = format!("http://{}", console.at);
    for health in ["/health", "/host/health", "/health/live", "/host/health/live"] {
        assert_eq!(text(&format!("{root}{health}")).await, (200, "OK".to_owned()));
    }
    for path in ["/health/ready", "/host/health/ready"] {
        let (status, ready) = text(&format!("{root}{path}")).await;
        let ready: Value = serde_json::from_str(&ready).unwrap();
        assert_eq!(
            (status, &ready["ready"], &ready["parts"]["database"]),
            (200, &json!(true), &json!("ok")),
            "{path}: {ready}"
        );
    }
    let page = text(&format!("{root}/host/")).await;
    // The base of the web console, or in a program without it the way to the description of the API.
    assert!(page.0 == 200 && page.1.contains("href=\"/host/"), "{page:?}");
    assert_eq!(text(&format!("{root}/api/v1/setup")).await.0, 404);
    let outside = Answer::to(reqwest::Client::new().get(format!("{root}/elsewhere"))).await;
    assert_eq!(outside.code(), (404, "no_route"));
    is_problem(&outside, "outside of the operator API");
    let signed = Client::nobody(&console)
        .sign_in("admin", crate::client::PASSWORD)
        .await;
    assert!(signed.header("set-cookie").contains("; Path=/host/"));
    console.stop().await;
}
