//! Deleting what operators made: contents of files, tasks, projects, partners.

use console_model::{InstanceStatus, Role};
use console_storage::{ObjectKey, ObjectName};
use reqwest::Method;
use serde_json::{Value, json};

use super::client::{Client, Reply, make_user, read};
use super::fixture::Fixture;
use crate::peer::console::{Console, until};

/// In no other file of a console.
const SECRET: &str = "secret-of-one-person-4711";

async fn put(client: &Client, path: &str, bytes: &str) -> Reply {
    read(client.request(Method::PUT, path).body(bytes.to_owned())).await
}

async fn names(root: &Client) -> Vec<String> {
    let listed = root.get("/objects").await;
    let items = listed.body["items"].as_array().unwrap().iter();
    items
        .map(|item| item["name"].as_str().unwrap().to_owned())
        .collect()
}

impl Fixture {
    async fn run(&self) -> Reply {
        let path = format!("/tasks/{}/instances", self.task);
        self.root.post(&path, json!({})).await
    }

    async fn ended(&self) {
        until("every run has ended", async || {
            let listed = self.root.get("/instances").await;
            let items = listed.body["items"].as_array().unwrap();
            let ended = |run: &Value| {
                let status = InstanceStatus::from_word(run["status"].as_str().unwrap());
                status.unwrap().is_terminal()
            };
            items.iter().all(ended).then_some(())
        })
        .await;
    }
}

#[actix_web::test]
async fn a_content_is_deleted_whatever_uses_it_and_a_tombstone_stays() {
    let fixture = Fixture::new().await;
    let root = &fixture.root;
    fixture.ended().await;
    let replaced = put(root, "/objects/data.csv?replace=true", SECRET).await;
    assert_eq!(replaced.status, 201, "{}", replaced.body);
    let version = read(root.request(Method::POST, &format!("/tasks/{}/versions", fixture.task))).await;
    let secret = replaced.text("name").to_owned();
    let attachment = json!({"name": "more", "uri": replaced.body["uri"]});
    let resources = format!("/tasks/{}/resources", version.text("id"));
    assert_eq!(root.post(&resources, attachment).await.status, 201);
    assert!(!fixture.host.files_with(SECRET.as_bytes()).is_empty());

    for name in ["data.csv", &secret] {
        assert_eq!(root.delete(&format!("/objects/{name}")).await.status, 204);
        let gone = root.get(&format!("/objects/{name}")).await;
        assert_eq!(gone.code(), (404, "object_deleted"));
        let again = root.delete(&format!("/objects/{name}")).await;
        assert_eq!(again.code(), (404, "object_deleted"));
    }
    assert_eq!(
        fixture.host.files_with(SECRET.as_bytes()),
        Vec::<std::path::PathBuf>::new()
    );
    assert_eq!(names(root).await, Vec::<String>::new());

    let info = root.get(&format!("/objects/{secret}/info")).await;
    let object = &info.body["object"];
    assert_eq!(
        (&object["name"], &object["size"]),
        (&json!(secret), &json!(SECRET.len()))
    );
    assert_eq!(object["sha256"].as_str().unwrap().len(), 64);
    assert!(object["deletion"]["at"].is_string() && object["deletion"]["by"].is_string());
    // A version that used it opens and tells, and cannot run any more.
    let attached = root.get(&format!("/tasks/{}/resources", fixture.task)).await;
    assert!(
        attached.body[0]["deletion"]["at"].is_string(),
        "{}",
        attached.body
    );
    let task = root.get(&format!("/tasks/{}", fixture.task)).await;
    assert_eq!(task.body["cannot_run"]["code"], "input_deleted");
    assert_eq!(fixture.run().await.code(), (409, "input_deleted"));
    let run = root.get(&fixture.path("/instances/{id}")).await;
    assert_eq!((run.status, run.text("status")), (200, "succeeded"));

    // The name of what a paired task used is not taken by another content.
    let taken = put(root, "/objects/data.csv", "other").await;
    assert_eq!(taken.code(), (409, "object_exists"));
    let other = put(root, "/objects/data.csv?replace=true", "other").await;
    assert_eq!(other.text("previous_name"), "data.csv");
    fixture.stop().await;
}

#[actix_web::test]
async fn a_deletion_that_broke_off_is_finished() {
    let console = Console::start("host").await;
    let root = Client::new(&console, "root", Role::Root).await;
    assert_eq!(put(&root, "/objects/a.csv", SECRET).await.status, 201);
    let db = console.app.db();
    let row = console_db::stored_files::find(db.reader(), "a.csv")
        .await
        .unwrap()
        .unwrap();
    let user = make_user(&console, "somebody", Role::Default).await;
    // As if the process had been killed between the tombstone and the bytes.
    console_db::stored_files::note_deletion(db.writer(), row.id, &user, "00")
        .await
        .unwrap();
    assert_eq!(root.get("/objects/a.csv").await.code(), (404, "object_deleted"));
    assert_eq!(names(&root).await, Vec::<String>::new());
    console.app.wake().outputs.notify_one();
    until("the bytes are gone", async || {
        console.files_with(SECRET.as_bytes()).is_empty().then_some(())
    })
    .await;
    // The name is free again.
    assert_eq!(put(&root, "/objects/a.csv", "new").await.status, 201);
    assert_eq!(names(&root).await, ["a.csv"]);
    console.stop().await;
}

#[actix_web::test]
async fn what_a_paired_task_uses_is_never_replaced() {
    let fixture = Fixture::new().await;
    let root = &fixture.root;
    let draft = read(root.request(Method::POST, &format!("/tasks/{}/versions", fixture.task))).await;
    let resources = format!("/tasks/{}/resources", draft.text("id"));
    assert_eq!(
        put(root, "/objects/data.csv", "new").await.code(),
        (409, "object_exists")
    );
    let new = put(root, "/objects/data.csv?replace=true", "new").await;
    assert_eq!(
        (new.text("name"), new.text("previous_name")),
        ("data-v2.csv", "data.csv")
    );
    assert_eq!(root.get("/objects/data.csv").await.bytes, b"id,x\n1,2\n");
    // What is not paired goes on with the new one.
    let attached = root.get(&resources).await;
    assert_eq!(attached.body[0]["uri"], new.body["uri"]);
    let of_paired = root.get(&format!("/tasks/{}/resources", fixture.task)).await;
    assert!(of_paired.body[0]["uri"].as_str().unwrap().ends_with("/data.csv"));
    // The new one is not paired, so it is replaced as before.
    let again = put(root, "/objects/data-v2.csv?replace=true", "newer").await;
    assert_eq!(
        (again.text("name"), &again.body["previous_name"]),
        ("data-v2.csv", &Value::Null)
    );
    let third = put(root, "/objects/data.csv?replace=true", "third").await;
    assert_eq!(third.text("name"), "data-v3.csv");
    let store = fixture.host.app.store();
    let key = ObjectKey::user(&ObjectName::parse("data-v2.csv").unwrap());
    assert_eq!(store.get_bytes(&key, 100).await.unwrap(), "newer");
    fixture.stop().await;
}

#[actix_web::test]
async fn somebody_deletes_and_replaces_own_files_only() {
    let console = Console::start("host").await;
    let root = Client::new(&console, "root", Role::Root).await;
    let user = make_user(&console, "somebody", Role::Default).await;
    let may_add = json!({"permissions": {"add_task": true, "run": false}});
    let changed = read(
        root.request(Method::PATCH, &format!("/users/{user}"))
            .json(&may_add),
    )
    .await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    let somebody = Client::signed_in(&console, "somebody").await;
    assert_eq!(put(&root, "/objects/a", "x").await.status, 201);
    assert_eq!(put(&somebody, "/objects/b", "x").await.status, 201);
    for refused in [
        put(&somebody, "/objects/a?replace=true", "y").await,
        somebody.delete("/objects/a").await,
    ] {
        assert_eq!(refused.code(), (403, "forbidden"));
    }
    assert_eq!(put(&somebody, "/objects/b?replace=true", "y").await.status, 201);
    assert_eq!(put(&somebody, "/objects/c?replace=true", "y").await.status, 201);
    assert_eq!(somebody.delete("/objects/b").await.status, 204);
    assert_eq!(root.delete("/objects/c").await.status, 204);
    console.stop().await;
}

#[actix_web::test]
async fn tasks_are_put_away_and_deleted_with_their_runs() {
    let fixture = Fixture::new().await;
    let root = &fixture.root;
    fixture.ended().await;
    let (task, project) = (format!("/tasks/{}", fixture.task), fixture.path("/projects/{id}"));
    let version = read(root.request(Method::POST, &format!("{task}/versions"))).await;
    let version = format!("/tasks/{}", version.text("id"));
    let count = async |path: String| root.get(&path).await.body["items"].as_array().unwrap().len();

    // One version alone.
    assert_eq!(
        root.post(&format!("{version}/archive"), json!({"archived": true}))
            .await
            .status,
        200
    );
    assert_eq!(count(format!("{task}/versions")).await, 1);
    assert_eq!(count(format!("{task}/versions?archived=true")).await, 2);
    let change = read(
        root.request(Method::PATCH, &version)
            .json(&json!({"comment": "x"})),
    )
    .await;
    assert_eq!(change.code(), (409, "task_archived"));
    assert_eq!(root.delete(&version).await.status, 204);
    assert_eq!(root.get(&version).await.status, 404);

    // The whole task.
    let away = root
        .post(&format!("{task}/archive"), json!({"archived": true}))
        .await;
    assert!(away.body["archived_at"].is_string());
    assert_eq!(away.body["cannot_run"]["code"], "task_archived");
    assert_eq!(count(format!("{project}/tasks")).await, 0);
    assert_eq!(count(format!("{project}/tasks?archived=true")).await, 1);
    assert_eq!(fixture.run().await.code(), (409, "task_archived"));
    let back = root
        .post(&format!("{task}/archive"), json!({"archived": false}))
        .await;
    assert!(back.body["archived_at"].is_null());
    let again = fixture.run().await;
    assert_eq!(again.status, 201, "{}", again.body);
    fixture.ended().await;

    assert_eq!(count("/instances".to_owned()).await, 2);
    assert_eq!(root.delete(&task).await.status, 204);
    assert_eq!(root.get(&task).await.status, 404);
    assert_eq!(count("/instances".to_owned()).await, 0);
    assert_eq!(count(format!("{project}/tasks?archived=true")).await, 0);
    // The files stay.
    assert_eq!(root.get("/objects/data.csv").await.status, 200);
    fixture.stop().await;
}

#[actix_web::test]
async fn a_partner_that_is_gone_is_deleted_with_its_projects() {
    let fixture = Fixture::new().await;
    let root = &fixture.root;
    fixture.ended().await;
    let (partner, project) = (fixture.path("/partners/{id}"), fixture.path("/projects/{id}"));
    assert_eq!(root.delete(&project).await.code(), (409, "project_not_archived"));
    assert_eq!(root.delete(&partner).await.code(), (409, "partner_paired"));
    // Nothing that is told from now on reaches it.
    let host = fixture.without_peer().await;
    let root = &host.1;
    assert_eq!(
        read(root.request(Method::POST, &format!("{project}/archive")))
            .await
            .status,
        200
    );
    assert_eq!(
        root.post(&format!("{partner}/unpair"), json!({})).await.status,
        200
    );
    assert_eq!(root.delete(&partner).await.code(), (409, "partner_has_projects"));
    assert_eq!(root.get("/projects").await.body["items"], json!([]));
    assert_eq!(
        root.get("/projects?archived=true").await.body["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(root.delete(&project).await.status, 204);
    assert_eq!(root.delete(&partner).await.status, 204);
    for path in [
        "/projects?archived=true",
        "/partners",
        "/instances",
        "/system/outbox",
    ] {
        assert_eq!(root.get(path).await.body["items"], json!([]), "{path}");
    }
    host.0.stop().await;
}

#[actix_web::test]
async fn lists_hold_no_configs() {
    let fixture = Fixture::new().await;
    let root = &fixture.root;
    let project = fixture.path("/projects/{id}");
    let large = json!({"text": "x".repeat(60_000)});
    let changed = read(
        root.request(Method::PATCH, &project)
            .json(&json!({"config": large})),
    )
    .await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    let version = read(root.request(Method::POST, &format!("/tasks/{}/versions", fixture.task))).await;
    let version = format!("/tasks/{}", version.text("id"));
    let change = json!({"config": large, "meta": large});
    assert_eq!(
        read(root.request(Method::PATCH, &version).json(&change))
            .await
            .status,
        200
    );
    for path in [
        "/projects".to_owned(),
        format!("{project}/tasks"),
        format!("/tasks/{}/versions", fixture.task),
    ] {
        let listed = root.get(&path).await;
        assert_eq!(listed.status, 200);
        assert!(
            listed.bytes.len() < 10_000,
            "{path}: {} bytes",
            listed.bytes.len()
        );
    }
    let versions = root.get(&format!("/tasks/{}/versions", fixture.task)).await;
    assert_eq!(
        versions.body["items"][0]["changed_keys"],
        json!(["private", "text"])
    );
    assert_eq!(root.get(&version).await.body["config"], large);
    fixture.stop().await;
}
