//! What the real engine says of tables before anything runs: in the checks of a config, and as a preview.

use console_app::tasks::{self, NewTask};
use console_model::{PartnerId, Role, TaskType};
use engine_local::{LocalEngine, LocalEngineConfig};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::peer::console::{Console, root};
use crate::peer::pairing::{object, pair, project};

pub(crate) fn engine() -> LocalEngine {
    LocalEngine::new(LocalEngineConfig::default()).unwrap()
}

pub(crate) async fn upload(client: &Client<'_>, name: &str, bytes: &[u8]) -> Answer {
    let request = client.request(Method::PUT, &format!("/objects/{name}"));
    Answer::to(request.body(bytes.to_vec())).await
}

/// Makes a task with a table attached as `rows`, and gives what is wrong with its config, at which setting.
async fn problems(
    client: &Client<'_>,
    partner: &PartnerId,
    config: Value,
    table: &[u8],
) -> Vec<(String, String)> {
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let console = client.console;
    let new = NewTask {
        project_id: project(console, partner, &format!("p{number}")).await.id,
        name: "task".to_owned(),
        task_type: if config.get("id_columns").is_some() {
            TaskType::Sample
        } else {
            TaskType::Train
        },
        token: None,
        comment: None,
        config: object(config),
        meta: None,
        engine: None,
    };
    let task = tasks::create(&console.app, &root(), new).await.unwrap().id;
    let stored = upload(client, &format!("table-{number}.csv"), table).await;
    assert_eq!(stored.status, 201, "{}", stored.body);
    let attachment = json!({"name": "rows", "uri": stored.body["uri"]});
    let attached = client.post(&format!("/tasks/{task}/resources"), attachment).await;
    assert_eq!(attached.status, 201, "{}", attached.body);
    let found = client.post(&format!("/tasks/{task}/validate"), Value::Null).await;
    assert_eq!(found.status, 200, "{}", found.body);
    let found = found.body["problems"].as_array().unwrap().iter();
    found
        .map(|problem| ["pointer", "detail"].map(|key| problem[key].as_str().unwrap().to_owned()))
        .map(|[pointer, detail]| (pointer, detail))
        .collect()
}

#[actix_web::test]
async fn what_is_wrong_with_an_attached_table_is_told_at_the_setting() {
    let host = Console::start_with("host", engine()).await;
    let peer = Console::start_with("peer", engine()).await;
    let (partner, _) = pair(&host, &peer).await;
    let client = Client::new(&host, "ann", Role::Root).await;
    let join = || json!({"input": "rows", "id_columns": ["id"]});
    let train = || json!({"input": "rows", "label": "y"});
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0";
    let three = b"id,y\n1,a\n2,b\n3,c\n";
    for (config, table, pointer, words) in [
        (join(), &png[..], "/config/input", "PNG"),
        (join(), b"key,x\n1,2\n", "/config/id_columns", "`id`"),
        (train(), three, "/config/label", "more than two values"),
    ] {
        let found = problems(&client, &partner, config, table).await;
        assert!(
            found.len() == 1 && found[0].0 == pointer && found[0].1.contains(words),
            "{found:?}"
        );
    }
    for (config, table) in [
        (join(), &b"id;x\n1;2\n"[..]),
        (train(), b"id,y\n1,a\n2,b\n3,NA\n"),
    ] {
        assert_eq!(problems(&client, &partner, config, table).await, []);
    }
    host.stop().await;
    peer.stop().await;
}

#[actix_web::test]
async fn the_first_rows_of_a_table_can_be_looked_at() {
    let console = Console::start_with("host", engine()).await;
    let client = Client::new(&console, "ann", Role::Root).await;
    let lines: String = (0..50).map(|row| format!("{row};Zoë\n")).collect();
    assert_eq!(
        upload(&client, "t.csv", format!("id;name\n{lines}").as_bytes())
            .await
            .status,
        201
    );
    let found = client.get("/objects/t.csv/table?rows=2").await;
    assert_eq!(
        (found.status, found.body),
        (
            200,
            json!({"encoding": "UTF-8", "delimiter": ";", "has_header": true, "looks_like_header": true, "compression": null,
                "columns": ["id", "name"], "column_count": 2, "internal": [], "rows": [["0", "Zoë"], ["1", "Zoë"]], "missing": [],
                "problem": null, "problem_zh": null})
        )
    );
    // What the operator says in place of what is found.
    let asked = "/objects/t.csv/table?rows=1&delimiter=%7C&encoding=windows-1252&has_header=false&missing=id%3Bname%0Ax";
    let said = client.get(asked).await.body;
    assert_eq!(
        (&said["delimiter"], &said["encoding"], &said["has_header"]),
        (&json!("|"), &json!("windows-1252"), &json!(false))
    );
    assert_eq!(
        (&said["columns"], &said["rows"], &said["missing"]),
        (&json!(["1"]), &json!([["id;name"]]), &json!([[0, 0]]))
    );
    let wrong = client.get("/objects/t.csv/table?delimiter=nonsense").await;
    assert_eq!(wrong.code(), (422, "not_a_table"));
    assert!(
        wrong.body["detail_zh"].as_str().unwrap().contains("ASCII"),
        "{}",
        wrong.body
    );
    let long = "x".repeat(65);
    let refused = client.get(&format!("/objects/t.csv/table?encoding={long}")).await;
    assert_eq!(refused.status, 400, "{}", refused.body);
    let usual = client.get("/objects/t.csv/table").await;
    assert_eq!(usual.body["rows"].as_array().unwrap().len(), 20);
    for (name, bytes) in [("a.png", &b"\x89PNG\r\n"[..]), ("blank.csv", b"\n\n")] {
        assert_eq!(upload(&client, name, bytes).await.status, 201);
        let refused = client.get(&format!("/objects/{name}/table")).await;
        assert_eq!(refused.code(), (422, "not_a_table"), "{name}");
    }
    assert_eq!(client.get("/objects/none.csv/table").await.status, 404);
    for rows in ["0", "101"] {
        let refused = client.get(&format!("/objects/t.csv/table?rows={rows}")).await;
        assert_eq!(refused.status, 400, "{}", refused.body);
    }
    assert_eq!(
        Client::nobody(&console).get("/objects/t.csv/table").await.status,
        401
    );
    console.stop().await;
    let without = Console::start("bare").await;
    let client = Client::new(&without, "ann", Role::Root).await;
    assert_eq!(upload(&client, "t.csv", b"id\n1\n").await.status, 201);
    assert_eq!(
        client.get("/objects/t.csv/table").await.code(),
        (404, "no_preview")
    );
    without.stop().await;
}
