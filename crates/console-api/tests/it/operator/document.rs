//! The description of the API: it is true, it is committed, and what it lists is guarded.

use std::path::Path;

use console_model::{InstanceId, InstanceStatus, LinkStatus, PairingId, ProjectId, Role, TaskId};
use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::client::{Answer, Client};
use crate::peer::console::Console;

/// What anybody may call.
const OPEN: [&str; 4] = ["GET /setup", "POST /setup", "POST /session", "POST /registration"];

/// What everybody who is signed in may call although it is no `GET`: one's own session, and questions that change
/// nothing.
const HARMLESS: [&str; 4] = [
    "DELETE /session",
    "POST /partners/{id}/check",
    "POST /projects/{id}/check",
    "POST /tasks/{id}/validate",
];

/// What administrators alone may read.
const READ_BY_ADMINS: [&str; 2] = ["GET /invitations", "GET /system/refused-calls"];

fn document() -> Value {
    serde_json::to_value(console_api::openapi()).unwrap()
}

#[test]
fn the_committed_description_is_the_present_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let present = console_api::openapi().to_pretty_json().unwrap() + "\n";
    if std::env::var_os("EFLS_WRITE_OPENAPI").is_some() {
        std::fs::write(&path, &present).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap();
    assert!(
        committed == present,
        "the API has changed: run this test with EFLS_WRITE_OPENAPI=1 and commit docs/openapi.json"
    );
}

#[test]
fn the_description_is_well_formed() {
    let document = document();
    let schema: Value = serde_json::from_str(include_str!("openapi-3.1.schema.json")).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let problems: Vec<_> = validator
        .iter_errors(&document)
        .map(|error| format!("{}: {error:.200}", error.instance_path()))
        .collect();
    assert_eq!(problems, Vec::<String>::new());
    for_each_operation(&document, |method, path, operation| {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let description = response["description"].as_str().unwrap_or_default();
            assert!(!description.is_empty(), "{method} {path} {status}");
        }
    });
    let mut ids = Vec::new();
    for_each_operation(&document, |_, _, operation| {
        ids.push(operation["operationId"].clone())
    });
    let count = ids.len();
    ids.sort_by_key(ToString::to_string);
    ids.dedup();
    assert!(
        count > 50 && ids.len() == count,
        "operation ids are unique: {ids:?}"
    );
    let text = document.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(document["components"]["schemas"][name].is_object(), "{name}");
    }
}

fn for_each_operation<'a>(document: &'a Value, mut each: impl FnMut(Method, &'a str, &'a Value)) {
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap();
        for (method, operation) in item.as_object().unwrap() {
            let Ok(method) = Method::from_bytes(method.to_uppercase().as_bytes()) else {
                continue;
            };
            each(method, path, operation);
        }
    }
}

/// The smallest value that a schema allows.
fn smallest(document: &Value, schema: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        return smallest(document, document.pointer(name.trim_start_matches('#')).unwrap());
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    for choice in ["allOf", "oneOf", "anyOf"] {
        let other = |one: &&Value| one["type"] != "null";
        if let Some(one) = schema[choice].as_array().and_then(|all| all.iter().find(other)) {
            return smallest(document, one);
        }
    }
    let kind = schema["type"]
        .as_str()
        .or(schema["type"][0].as_str())
        .unwrap_or("object");
    match kind {
        "string" => json!("x"),
        "integer" | "number" => json!(1),
        "boolean" => json!(true),
        "array" => json!([]),
        _ => {
            let required = schema["required"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str);
            let member = |name: &str| (name.to_owned(), smallest(document, &schema["properties"][name]));
            Value::Object(required.map(member).collect::<Map<_, _>>())
        }
    }
}

/// One row of everything, so that a refusal is not for want of it.
struct Rows {
    user: String,
    partner: String,
    project: String,
    task: String,
    resource: String,
    invitation: String,
    message: String,
    pairing: String,
    instance: String,
}

impl Rows {
    async fn make(root: &Client<'_>) -> Self {
        let user = root.get("/session").await.id().to_owned();
        let partner = json!({ "name": "b", "address": "http://127.0.0.1:9", "accept_unsigned": true });
        let partner = root.post("/partners", partner).await.id().to_owned();
        let project = root
            .post("/projects", json!({ "name": "p", "partner_id": partner }))
            .await;
        let project = project.id().to_owned();
        let task = json!({ "name": "t", "task_type": "sample" });
        let task = root
            .post(&format!("/projects/{project}/tasks"), task)
            .await
            .id()
            .to_owned();
        let object = Answer::to(root.request(Method::PUT, "/objects/rows.csv").body("id\n1\n")).await;
        let resource = json!({ "name": "input", "uri": object.body["uri"] });
        let resource = root.post(&format!("/tasks/{task}/resources"), resource).await;
        let invitation = root.post("/invitations", json!({})).await;
        let messages = root.get("/system/outbox").await;
        let (pairing, instance) = run(root.console, &project, &task, &partner).await;
        Self {
            user,
            partner,
            project,
            task,
            resource: resource.id().to_owned(),
            invitation: invitation.body["invitation"]["id"].as_str().unwrap().to_owned(),
            message: messages.body["items"][0]["id"].as_str().unwrap().to_owned(),
            pairing,
            instance,
        }
    }

    fn fill(&self, path: &str) -> String {
        let id = match path.split('/').nth(1).unwrap() {
            "users" => &self.user,
            "partners" => &self.partner,
            "projects" => &self.project,
            "tasks" => &self.task,
            "resources" => &self.resource,
            "invitations" => &self.invitation,
            "system" => &self.message,
            "pairings" => &self.pairing,
            "instances" => &self.instance,
            _ => return path.replace("{name}", "rows.csv"),
        };
        path.replace("{id}", id)
    }
}

/// A pairing and a run that a partner would have agreed to.
async fn run(console: &Console, project: &str, task: &str, partner: &str) -> (String, String) {
    let db = console.app.db();
    let (pairing, instance) = (PairingId::generate(), InstanceId::generate());
    let now = console_db::naive(chrono::Utc::now());
    let row = console_db::entity::task_inter::Model {
        id: pairing.clone(),
        gmt_create: now,
        gmt_modified: now,
        task_intra_id: task.parse().unwrap(),
        task_peer_id: Some("theirs".to_owned()),
        status: LinkStatus::Ready,
        comment: None,
        generation: 1,
        peer_meta: None,
        peer_meta_at: None,
        error: None,
        initiated_here: true,
        error_code: None,
        peer_settings: None,
    };
    console_db::pairings::insert(db, row).await.unwrap();
    let new = console_db::instances::NewInstance {
        id: instance.clone(),
        task_id: TaskId::parse(task).unwrap(),
        task_root_id: Some(TaskId::parse(task).unwrap()),
        pairing_id: pairing.clone(),
        task_peer_id: "theirs".to_owned(),
        instance_peer_id: None,
        project_id: ProjectId::parse(project).unwrap(),
        partner_id: Some(partner.parse().unwrap()),
        status: InstanceStatus::Failed,
        attempt: 1,
        initiator: true,
        engine: None,
        comment: None,
        actor_kind: "operator",
        actor: None,
        request_id: None,
        at: chrono::Utc::now(),
    };
    console_db::instances::insert(db, new).await.unwrap();
    (pairing.to_string(), instance.to_string())
}

#[actix_web::test]
async fn every_operation_refuses_who_may_not() {
    // An engine that reads tables, for the preview of one.
    let console = Console::start_with("ours", crate::tables::engine()).await;
    let root = Client::new(&console, "root", Role::Root).await;
    let rows = Rows::make(&root).await;
    let reader = Client::new(&console, "reader", Role::Default).await;
    let nobody = Client::nobody(&console);
    let stranger = Client {
        console: &console,
        token: Some("0".repeat(64)),
    };
    let before = console.counts().await;
    let document = document();
    let mut operations = Vec::new();
    for_each_operation(&document, |method, path, operation| {
        operations.push((method, path, operation))
    });
    let mut seen = Vec::new();
    for (method, path, operation) in operations {
        let name = format!("{method} {path}");
        if OPEN.contains(&name.as_str()) {
            seen.push(name);
            continue;
        }
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let body = if schema.is_null() {
            Value::Null
        } else {
            smallest(&document, schema)
        };
        let filled = rows.fill(path);
        for caller in [&nobody, &stranger] {
            let refused = caller.send(method.clone(), &filled, body.clone()).await;
            assert_eq!(refused.code(), (401, "not_signed_in"), "{name}");
        }
        let answer = reader.send(method.clone(), &filled, body.clone()).await;
        let harmless = HARMLESS.contains(&name.as_str());
        if READ_BY_ADMINS.contains(&name.as_str()) || (method != Method::GET && !harmless) {
            assert_eq!(answer.code(), (403, "forbidden"), "{name}: {}", answer.body);
        } else {
            assert!(matches!(answer.status, 200 | 204), "{name}: {}", answer.body);
        }
        if name == "DELETE /session" {
            assert_eq!(reader.get("/session").await.status, 401);
            return_reader(&reader).await;
        }
        seen.push(name);
    }
    for listed in OPEN.iter().chain(&HARMLESS).chain(&READ_BY_ADMINS) {
        assert!(
            seen.iter().any(|name| name == listed),
            "{listed} is no operation any more"
        );
    }
    assert_eq!(console.counts().await, before);
    console.stop().await;
}

/// Signs the reader in again, under the token that the client has: its row was deleted with the session.
async fn return_reader(reader: &Client<'_>) {
    use sha2::{Digest as _, Sha256};
    let token = reader.token.as_deref().unwrap();
    let db = reader.console.app.db();
    let user = console_db::users::find_by_name(db.reader(), "reader")
        .await
        .unwrap()
        .unwrap();
    let now = chrono::Utc::now();
    let row = console_db::entity::session::Model {
        id: hex::encode(Sha256::digest(token.as_bytes())),
        user_id: user.id,
        gmt_create: console_db::naive(now),
        expires_at: console_db::naive(now + chrono::TimeDelta::hours(1)),
        last_used_at: console_db::naive(now),
        address: None,
    };
    console_db::sessions::insert(db, row).await.unwrap();
}

#[actix_web::test]
async fn the_page_and_the_description_are_served() {
    let console = Console::start_below("ours", "/host").await;
    let nobody = Client::nobody(&console);
    let served = nobody.get("/openapi.json").await;
    assert_eq!(served.body["servers"][0]["url"], "/host");
    assert_eq!(served.body["paths"], document()["paths"]);
    // It follows the redirect from /api/docs.
    let page = reqwest::get(format!("{}/api/docs", console.url)).await.unwrap();
    assert_eq!(
        (page.status().as_u16(), page.url().path()),
        (200, "/host/api/docs/")
    );
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("default-src 'self'") && !policy.contains("script-src"),
        "{policy}"
    );
    let html = page.text().await.unwrap();
    for part in html.split("src=\"").chain(html.split("href=\"")).skip(1) {
        let link = part.split('"').next().unwrap();
        if link.contains(['<', '>', ' ']) {
            continue;
        }
        assert!(!link.contains("//"), "asks for nothing from elsewhere: {link}");
        let url = format!("{}/api/docs/{}", console.url, link.trim_start_matches("./"));
        assert_eq!(reqwest::get(&url).await.unwrap().status(), 200, "{link}");
    }
    assert!(
        !html.contains("<script>"),
        "the policy forbids scripts in the page"
    );
    console.stop().await;
}
