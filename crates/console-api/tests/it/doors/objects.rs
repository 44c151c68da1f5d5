//! Files.

use actix_web::web::Bytes;
use console_app::objects::{self, Upload};
use console_model::{ErrorCode, Role};
use console_storage::ObjectName;
use futures_util::stream;
use reqwest::{Body, Method};
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::Notify;

use super::client::{Client, Reply, read};
use super::fixture::Fixture;
use crate::peer::console::{Console, root};

async fn put(client: &Client, path: &str, content: &'static [u8]) -> Reply {
    read(
        client
            .request(Method::PUT, &format!("/objects/{path}"))
            .body(content),
    )
    .await
}

#[actix_web::test]
async fn a_file_goes_up_and_comes_down_again() {
    let console = Console::start("host").await;
    let root = Client::new(&console, "root", Role::Root).await;
    let made = put(&root, "a%20b.csv", b"0123456789").await;
    assert_eq!(
        (made.status, made.text("name")),
        (201, "a b.csv"),
        "{}",
        made.body
    );
    assert_eq!(
        (made.body["size"].as_u64(), made.text("uri").rsplit('/').nth(1)),
        (Some(10), Some("alifl"))
    );

    let taken = put(&root, "a%20b.csv", b"other").await;
    taken.assert_problem("taken");
    assert_eq!(taken.code(), (409, "object_exists"));
    let whole = root.get("/objects/a%20b.csv").await;
    assert_eq!((whole.status, whole.bytes.as_slice()), (200, &b"0123456789"[..]));
    assert_eq!(whole.header("content-type"), "application/octet-stream");
    assert_eq!(whole.header("x-content-type-options"), "nosniff");
    assert!(
        whole.header("content-disposition").starts_with("attachment; "),
        "{whole:?}"
    );
    let etag = whole.header("etag").to_owned();

    let ranged = |range: &'static str| {
        read(
            root.request(Method::GET, "/objects/a%20b.csv")
                .header("range", range),
        )
    };
    let part = ranged("bytes=2-4").await;
    assert_eq!((part.status, part.bytes.as_slice()), (206, &b"234"[..]));
    assert_eq!(
        (part.header("content-range"), part.header("content-length")),
        ("bytes 2-4/10", "3")
    );
    assert_eq!(ranged("bytes=-2").await.bytes, b"89");
    let outside = ranged("bytes=10-").await;
    outside.assert_problem("range");
    assert_eq!(outside.code(), (416, "invalid_range"));
    assert_eq!(outside.header("content-range"), "bytes */10");
    let head = read(root.request(Method::HEAD, "/objects/a%20b.csv")).await;
    assert_eq!(
        (head.status, head.header("content-length"), head.bytes.len()),
        (200, "10", 0)
    );

    assert_eq!(put(&root, "a%20b.csv?replace=true", b"abc").await.status, 201);
    let resumed = root
        .request(Method::GET, "/objects/a%20b.csv")
        .header("range", "bytes=1-")
        .header("if-range", etag);
    let resumed = read(resumed).await;
    assert_eq!(
        (resumed.status, resumed.bytes.as_slice()),
        (200, &b"abc"[..]),
        "it has changed meanwhile"
    );
    assert_eq!(root.delete("/objects/a%20b.csv").await.status, 204);
    for gone in [
        root.get("/objects/a%20b.csv").await,
        root.delete("/objects/a%20b.csv").await,
    ] {
        gone.assert_problem("gone");
        assert_eq!(gone.code(), (404, "object_deleted"));
    }
    console.stop().await;
}

#[actix_web::test]
async fn what_did_not_arrive_whole_is_not_there() {
    let console = Console::start("host").await;
    let root = Client::new(&console, "root", Role::Root).await;
    let empty = put(&root, "empty", b"").await;
    empty.assert_problem("empty");
    assert_eq!(empty.code(), (400, "empty_object"));
    let with = |digest: String| {
        read(
            root.request(Method::PUT, "/objects/sum")
                .header("x-content-sha256", digest)
                .body("content"),
        )
    };
    let wrong = with("0".repeat(64)).await;
    wrong.assert_problem("digest");
    assert_eq!(wrong.code(), (422, "checksum_mismatch"));
    assert_eq!(with("xyz".to_owned()).await.status, 400);
    let chunks = stream::iter([Ok(&b"begins"[..]), Err(std::io::Error::other("breaks off"))]);
    let broken = root
        .request(Method::PUT, "/objects/broken")
        .body(Body::wrap_stream(chunks));
    assert!(broken.send().await.is_err());
    let listed = root.get("/objects").await;
    assert_eq!(listed.body, json!({"items": [], "next_cursor": null}));
    assert_eq!(with(hex::encode(Sha256::digest("content"))).await.status, 201);
    console.stop().await;
}

#[actix_web::test]
async fn a_large_file_streams_both_ways() {
    let console = Console::start("host").await;
    let root = Client::new(&console, "root", Role::Root).await;
    let chunk = |number: u32| number.to_le_bytes().repeat(1 << 16);
    let chunks = stream::iter((0..64).map(move |number| Ok::<_, std::io::Error>(chunk(number))));
    let up = root
        .request(Method::PUT, "/objects/large")
        .body(Body::wrap_stream(chunks));
    let up = read(up).await;
    assert_eq!(
        (up.status, up.body["size"].as_u64()),
        (201, Some(16 << 20)),
        "{}",
        up.body
    );
    let down = root.get("/objects/large").await;
    assert!(down.bytes == (0..64).flat_map(chunk).collect::<Vec<u8>>());
    console.stop().await;
}

#[actix_web::test]
async fn a_name_is_not_a_path() {
    let console = Console::start("host").await;
    let root = Client::new(&console, "root", Role::Root).await;
    let long = "x".repeat(201);
    for name in [
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e",
        "a%2f..%2fb",
        "a%5cb",
        ".efls",
        "%2eefls%2flog%2fx",
        "a%00b",
        "%ff",
        &long,
    ] {
        for method in [Method::PUT, Method::GET, Method::DELETE] {
            let request = root.request(method.clone(), &format!("/objects/{name}"));
            let reply = read(if method == Method::PUT {
                request.body("x")
            } else {
                request
            })
            .await;
            reply.assert_problem(name);
            assert!(
                matches!(reply.status, 400 | 404),
                "{method} {name}: {}",
                reply.body
            );
        }
    }
    assert_eq!(root.get("/objects").await.body["items"], json!([]));
    console.stop().await;
}

#[actix_web::test]
async fn files_are_listed_by_name_page_by_page() {
    let console = Console::start("host").await;
    let root = Client::new(&console, "root", Role::Root).await;
    for name in ["c", "a", "b"] {
        assert_eq!(put(&root, name, b"x").await.status, 201);
    }
    let first = root.get("/objects?limit=2").await;
    let names = |reply: &Reply| {
        let items = reply.body["items"].as_array().unwrap().iter();
        items
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&first), ["a", "b"]);
    let second = root
        .get(&format!("/objects?limit=2&cursor={}", first.text("next_cursor")))
        .await;
    assert_eq!(
        (names(&second), second.body["next_cursor"].is_null()),
        (vec!["c".to_owned()], true)
    );
    console.stop().await;
}

#[actix_web::test]
async fn a_paired_version_keeps_its_files() {
    let fixture = Fixture::new().await;
    let root = &fixture.root;
    let info = root.get("/objects/data.csv/info").await;
    assert_eq!(info.body["used_by"][0]["task_id"], fixture.task.as_str());
    assert_eq!(info.body["used_by"][0]["is_paired"], true);
    let resources = format!("/tasks/{}/resources", fixture.task);
    let known = root.get(&resources).await;
    assert_eq!(
        (
            known.body[0]["name"].as_str(),
            known.body.as_array().unwrap().len()
        ),
        (Some("data"), 1)
    );
    let more = json!({"name": "more", "uri": info.body["object"]["uri"]});
    assert_eq!(root.post(&resources, more).await.code(), (409, "task_paired"));

    // A new version inherits them, and can have others until it is paired.
    let version = read(root.request(Method::POST, &format!("/tasks/{}/versions", fixture.task))).await;
    assert_eq!(version.status, 201, "{}", version.body);
    let resources = format!("/tasks/{}/resources", version.text("id"));
    let uri = info.body["object"]["uri"].clone();
    let attach =
        |name: &str, uri: &serde_json::Value| root.post(&resources, json!({"name": name, "uri": uri}));
    assert_eq!(attach("data", &uri).await.code(), (409, "name_taken"));
    let elsewhere = json!("http://x/alifl/missing.csv");
    assert_eq!(attach("more", &elsewhere).await.pointers(), ["/uri"]);
    let outside = json!("http://x/alifl/../secret");
    assert_eq!(attach("more", &outside).await.pointers(), ["/uri"]);
    let made = attach(" more ", &uri).await;
    assert_eq!((made.status, made.text("name")), (201, "more"), "{}", made.body);
    let resource = format!("/resources/{}", made.text("id"));
    let change = json!({"name": "other", "uri": uri, "config": {"columns": 3}});
    let changed = read(root.request(Method::PUT, &resource).json(&change)).await;
    assert_eq!(
        (changed.text("name"), &changed.body["config"]),
        ("other", &json!({"columns": 3}))
    );
    assert_eq!(root.delete(&resource).await.status, 204);
    assert_eq!(root.get(&resources).await.body.as_array().unwrap().len(), 1);
    fixture.stop().await;
}

#[actix_web::test]
async fn the_files_of_a_user_have_a_limit_together() {
    let console = Console::start_tuned("host", None, crate::runs::puppet::Puppet, |settings| {
        settings.user_files_limit_bytes = 2 << 20;
    })
    .await;
    let root = Client::new(&console, "root", Role::Root).await;
    let ann = Client::new(&console, "ann", Role::Admin).await;
    let large: &'static [u8] = vec![b'x'; 1500 << 10].leak();
    assert_eq!(put(&ann, "first.csv", large).await.status, 201);
    let second = put(&ann, "second.csv", large).await;
    second.assert_problem("over the limit");
    assert_eq!(second.code(), (413, "user_files_full"));
    assert!(second.text("detail").contains("2 MiB"), "{}", second.body);
    assert_eq!(
        root.get("/objects/second.csv").await.status,
        404,
        "nothing of it stays"
    );
    assert_eq!(
        put(&root, "second.csv", large).await.status,
        201,
        "another user has room"
    );
    let replaced = put(&ann, "first.csv?replace=true", large).await;
    assert_eq!(
        replaced.status, 201,
        "what is replaced makes room: {}",
        replaced.body
    );
    assert_eq!(ann.delete("/objects/first.csv").await.status, 204);
    let again = async || {
        let reply = put(&ann, "third.csv", large).await;
        (reply.status == 201).then_some(())
    };
    crate::peer::console::until("there is room when the content is gone", again).await;
    console.stop().await;
}

#[actix_web::test]
async fn uploads_at_the_same_time_share_the_room_of_their_user() {
    let console = Console::start_tuned("host", None, crate::runs::puppet::Puppet, |settings| {
        settings.user_files_limit_bytes = 2 << 20;
    })
    .await;
    let (app, user) = (&console.app, root());
    let content = Bytes::from(vec![b'x'; 1500 << 10]);
    let (arrived, end) = (Notify::new(), Notify::new());
    // What was sent has arrived when more is wanted.
    let slow = stream::unfold(Some(content.clone()), async |content| {
        if let Some(content) = content {
            return Some((Ok(content), None));
        }
        arrived.notify_one();
        end.notified().await;
        None
    });
    let name = |text: &str| ObjectName::parse(text).unwrap();
    let (first_name, second_name) = (name("first.csv"), name("second.csv"));
    let first = objects::upload(app, &user, &first_name, slow, Upload::default());
    let second = async {
        arrived.notified().await;
        let whole = stream::iter([Ok(content.clone())]);
        let done = objects::upload(app, &user, &second_name, whole, Upload::default()).await;
        end.notify_one();
        done
    };
    let (first, second) = futures_util::join!(first, second);
    assert_eq!(second.unwrap_err().code(), ErrorCode::UserFilesFull);
    assert_eq!(first.unwrap().size, 1500 << 10);
    console.stop().await;
}

/// Tools that fill the bucket by themselves name objects with slashes.
#[actix_web::test]
async fn names_with_slashes_are_names_like_any_other() {
    let console = Console::start("host").await;
    let root = Client::new(&console, "root", Role::Root).await;
    let name = "2026/11 november/part.0/data.csv";
    let path = "2026%2F11%20november%2Fpart.0%2Fdata.csv";
    assert_eq!(put(&root, path, b"id\n1\n").await.text("name"), name);
    let list = root.get("/objects").await;
    assert_eq!(list.body["items"][0]["name"], name, "{}", list.body);
    assert_eq!(
        list.body["items"].as_array().unwrap().len(),
        1,
        "nothing of the console's own"
    );
    let info = root.get(&format!("/objects/{path}/info")).await;
    assert_eq!((info.status, &info.body["object"]["name"]), (200, &json!(name)));
    let whole = root.get(&format!("/objects/{path}")).await;
    assert_eq!((whole.status, whole.bytes.as_slice()), (200, &b"id\n1\n"[..]));
    for bad in ["a%2F%2Fb", "a%2F..%2Fb", "%2Fa", "a%2F", ".efls%2Flog%2Fx"] {
        let refused = put(&root, bad, b"x").await;
        assert_eq!(refused.code(), (400, "invalid_input"), "{bad}: {}", refused.body);
    }
    assert_eq!(root.delete(&format!("/objects/{path}")).await.status, 204);
    console.stop().await;
}
