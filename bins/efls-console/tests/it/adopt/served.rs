//! A console on an adopted database.

use std::path::Path;

use serde_json::{Value, json};

use super::database::Original;
use super::{PROJECT, RUN, TASK, command};
use crate::program::{Console, client, post, sign_in};

/// A console runs on the database: accounts, everything that was there, and what a partner asks about it.
pub(super) async fn serves(dir: &Path, original: &Original) {
    let serve = || Console::start(&mut command(dir, original, &["serve", "--port", "0"]));
    let console = serve();
    assert!(console.ready["setup_code"].is_null(), "there are accounts");
    let token = sign_in(&console, "anna", "old password")
        .await
        .1
        .expect("the old password holds");
    assert_eq!(sign_in(&console, "anna", "a-signed-token").await.1, None);
    let hash = "SELECT password FROM user WHERE name = 'anna'";
    assert!(original.text(hash).await.unwrap().starts_with("$argon2id$"));
    let get = async |path: &str| {
        let answer = client()
            .get(console.api(path))
            .bearer_auth(&token)
            .send()
            .await
            .unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        assert_eq!(status, 200, "{path}: {text}");
        serde_json::from_str::<Value>(&text).unwrap()
    };
    assert_eq!(
        get("projects?archived=true").await["items"]
            .as_array()
            .unwrap()
            .len(),
        5
    );
    assert_eq!(get("users").await["items"].as_array().unwrap().len(), 3);
    let project = get(&format!("projects/{PROJECT}")).await;
    assert_eq!(project["partner_name"], "Lake Clinic");
    assert_eq!(project["config"], json!({"a": "😀"}));
    let half = get("projects/b0000000000000000000000000000005").await;
    assert_eq!(half["config"], json!("{\"n\": 1e999}"), "kept as text");
    let tasks = get(&format!("projects/{PROJECT}/tasks")).await;
    assert_eq!(tasks["items"].as_array().unwrap().len(), 2, "{tasks}");
    for task in ["1", "2", "3"] {
        get(&format!("tasks/d000000000000000000000000000000{task}")).await;
    }
    let resources = get(&format!("tasks/{TASK}/resources")).await;
    assert_eq!(resources.as_array().unwrap().len(), 2, "{resources}");
    assert_eq!(get("instances").await["items"].as_array().unwrap().len(), 9);
    for run in 0..9 {
        get(&format!("instances/9000000000000000000000000000000{run}")).await;
    }
    let lost = get(&format!("instances/{RUN}")).await;
    assert_eq!(
        (&lost["status"], &lost["comment"]),
        (&json!("lost"), &json!("mine"))
    );
    assert_eq!(lost["message"], json!({"job_log_link": "http://flink/x"}));
    asked_by_its_partner(&console).await;
    given_to_another_partner(&console, &token).await;
}

async fn asked_by_its_partner(console: &Console) {
    let address = console.address();
    let get = async |path: &str| {
        let answer = client().get(format!("{address}/{path}")).send().await.unwrap();
        let status = answer.status().as_u16();
        (
            status,
            serde_json::from_str::<Value>(&answer.text().await.unwrap()).unwrap(),
        )
    };
    let (status, body) = get("project/peer/c0000000000000000000000000000001").await;
    assert_eq!(
        (status, &body["data"]["project_id"]),
        (200, &json!(PROJECT)),
        "{body}"
    );
    let config = json!({"peer_config": "{\"c\": 2}"});
    let put = client()
        .put(format!("{address}/project/peer/c0000000000000000000000000000001"))
        .json(&config);
    assert_eq!(put.send().await.unwrap().status(), 200);
    let (status, body) = get("task/peer/f0000000000000000000000000000001").await;
    assert_eq!(status, 200, "{body}");
    let (status, body) = get("task_instance/peer/80000000000000000000000000000003").await;
    assert_eq!(status, 200, "{body}");
    let stop = json!({"status": 5});
    let put = client()
        .put(format!(
            "{address}/task_instance/peer/80000000000000000000000000000001"
        ))
        .json(&stop);
    assert_eq!(put.send().await.unwrap().status(), 200);
    let (status, body) = get("project/peer/unknown").await;
    assert_eq!(status, 404, "{body}");
}

/// The partner moves to another console: its project goes to another partner here, with its runs.
async fn given_to_another_partner(console: &Console, token: &str) {
    let new =
        json!({"name": "Lake Clinic, new", "address": "http://192.0.2.77:5001", "accept_unsigned": true});
    let (status, partner) = post(&console.api("partners"), Some(token), &new).await;
    assert_eq!(status, 201, "{partner}");
    let assign = async |project: &str, body: &Value| {
        let url = console.api(&format!("projects/{project}/partner"));
        let answer = client()
            .put(url)
            .bearer_auth(token)
            .json(body)
            .send()
            .await
            .unwrap();
        let status = answer.status().as_u16();
        (
            status,
            serde_json::from_str::<Value>(&answer.text().await.unwrap()).unwrap(),
        )
    };
    let (status, body) = assign(PROJECT, &json!({"partner_id": "nobody"})).await;
    assert_eq!((status, &body["code"]), (400, &json!("invalid_input")), "{body}");
    for project in [PROJECT, "b0000000000000000000000000000003"] {
        let (status, body) = assign(project, &json!({"partner_id": partner["id"]})).await;
        assert_eq!(
            (status, &body["partner_name"]),
            (200, &json!("Lake Clinic, new")),
            "{body}"
        );
    }
    let run = client()
        .get(console.api(&format!("instances/{RUN}")))
        .bearer_auth(token);
    let run: Value = serde_json::from_str(&run.send().await.unwrap().text().await.unwrap()).unwrap();
    assert_eq!(run["partner"]["id"], partner["id"]);
}
