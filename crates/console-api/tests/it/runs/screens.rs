//! What a page of a run, of a project, of a task or of the files asks for.

use chrono::{TimeDelta, Utc};
use console_app::tasks;
use console_model::{InstanceId, InstanceStatus, Role};
use reqwest::Method;
use serde_json::{Value, json};

use super::{Pair, consoles, reaches};
use crate::client::Client;
use crate::events::touch;
use crate::peer::console::{root, until};

async fn get(client: &Client<'_>, path: &str) -> Value {
    let answer = client.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.body
}

async fn ran(lines: usize) -> (Pair, InstanceId) {
    let pair = consoles(
        json!({"do": "chat", "lines": lines}),
        json!({"do": "chat", "lines": 1}),
    )
    .await;
    let id = pair.run().await;
    reaches(&pair.host, InstanceStatus::Succeeded).await;
    (pair, id)
}

#[actix_web::test]
async fn curves_come_thinned_and_from_a_step_on() {
    let (pair, id) = ran(100).await;
    let client = Client::new(&pair.host, "reader", Role::Default).await;
    let loss = async |query: &str| {
        let found = get(&client, &format!("/instances/{id}/metrics?{query}")).await;
        assert_eq!(found[0]["name"], "loss", "{query}");
        let points = found[0]["points"].as_array().unwrap();
        let steps: Vec<i64> = points
            .iter()
            .map(|point| point["step"].as_i64().unwrap())
            .collect();
        (steps, found[0]["total"].as_u64().unwrap())
    };
    assert_eq!(loss("").await, ((0..100).collect(), 100));
    let (steps, total) = loss("points=10").await;
    assert!(steps.len() <= 10 && steps.len() > 5 && total == 100, "{steps:?}");
    assert_eq!((steps.first(), steps.last()), (Some(&0), Some(&99)));
    assert_eq!(loss("after_step=96").await, (vec![97, 98, 99], 3));
    for nothing in ["after_step=99", "name=auc", "attempt=2"] {
        assert_eq!(
            get(&client, &format!("/instances/{id}/metrics?{nothing}")).await,
            json!([]),
            "{nothing}"
        );
    }
    for wrong in ["points=1", "points=10001"] {
        let refused = client.get(&format!("/instances/{id}/metrics?{wrong}")).await;
        assert_eq!(
            (refused.status, refused.pointers()),
            (400, vec!["points"]),
            "{wrong}"
        );
    }
    pair.stop().await;
}

#[actix_web::test]
async fn results_have_forms_and_what_has_none_is_json() {
    let (pair, id) = ran(0).await;
    let client = Client::new(&pair.host, "reader", Role::Default).await;
    let documents = [
        json!({"kind": "counts", "counts": [{"name": "rows", "count": 3}]}),
        json!({"kind": "curve", "x": {"name": "x", "min": 0.0, "max": null}, "y": {"name": "y", "min": null, "max": null},
            "points": [[0.0, 1.0]], "area": null, "reference": "diagonal"}),
        json!({"kind": "file", "object": "a.csv", "uri": "http://x/a.csv", "rows": 7}),
        json!({"kind": "scores", "part": "train", "rows": 9, "scores": [{"name": "auc", "value": 0.5}]}),
        json!({"kind": "table", "columns": ["a"], "rows": [[1], ["x"]]}),
        json!({"kind": "confusion_matrix", "classes": ["no", "yes"], "counts": [[1, 2], [3, 4]], "threshold": 0.5}),
    ];
    let db = pair.host.app.db().writer();
    for (n, document) in documents.iter().enumerate() {
        console_db::results::put(db, &id, 1, &format!("r{n}"), document)
            .await
            .unwrap();
    }
    let strange = json!({"kind": "of another engine", "x": [1]});
    console_db::results::put(db, &id, 1, "strange", &strange)
        .await
        .unwrap();
    let found = get(&client, &format!("/instances/{id}/results")).await;
    let found = found.as_array().unwrap();
    assert_eq!(found.len(), documents.len() + 1);
    for (result, document) in found.iter().zip(&documents) {
        assert_eq!(result["document"], *document);
    }
    let expected = json!({"kind": "json", "value": strange});
    assert_eq!(found.last().unwrap()["document"], expected);
    pair.stop().await;
}

#[actix_web::test]
async fn the_history_tells_of_both_halves_and_of_who_did_it_by_name() {
    let pair = consoles(json!({"do": "wait"}), json!({"do": "wait"})).await;
    let id = pair.run().await;
    reaches(&pair.host, InstanceStatus::Running).await;
    reaches(&pair.peer, InstanceStatus::Running).await;
    let admin = Client::new(&pair.host, "ann", Role::Admin).await;
    assert_eq!(
        admin
            .post(&format!("/instances/{id}/stop"), Value::Null)
            .await
            .status,
        200
    );
    let at_peer = reaches(&pair.peer, InstanceStatus::Stopped).await;
    let entries = until("the partner's end is known", async || {
        let found = get(&admin, &format!("/instances/{id}/events")).await;
        let entries = found.as_array().unwrap().clone();
        let ended = |entry: &Value| entry["side"] == "partner" && entry["to"] == "stopped";
        entries.iter().any(ended).then_some(entries)
    })
    .await;
    let stop = entries
        .iter()
        .find(|entry| entry["side"] == "ours" && entry["to"] == "stopping")
        .unwrap();
    assert_eq!(
        (&stop["actor_kind"], &stop["actor_name"]),
        (&json!("operator"), &json!("ann"))
    );
    let theirs: Vec<_> = entries
        .iter()
        .filter(|entry| entry["side"] == "partner")
        .collect();
    for pair in theirs.windows(2) {
        assert_eq!(pair[0]["to"], pair[1]["from"], "one after the other: {theirs:?}");
    }
    for entry in &theirs {
        assert_eq!(
            (&entry["actor_kind"], &entry["actor_name"]),
            (&json!("partner"), &json!("peer"))
        );
    }

    console_app::instances::delete(&pair.peer.app, &root(), &at_peer.id)
        .await
        .unwrap();
    until("the deletion is an entry", async || {
        let found = get(&admin, &format!("/instances/{id}/events")).await;
        let last = found.as_array().unwrap().last().unwrap().clone();
        (last["side"] == "partner" && last["to"] == "deleted").then_some(())
    })
    .await;
    pair.stop().await;
}

#[actix_web::test]
async fn runs_are_found_by_task_and_time_and_projects_tell_of_their_last() {
    let (pair, id) = ran(0).await;
    let client = Client::new(&pair.host, "reader", Role::Default).await;
    let run = get(&client, &format!("/instances/{id}")).await;
    let root_id = run["task_root_id"].as_str().unwrap();
    assert_eq!(root_id, pair.host_task.as_str());
    let at = |seconds: i64| {
        let at = Utc::now() + TimeDelta::seconds(seconds);
        at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
    };
    let (past, future) = (at(-3600), at(3600));
    for (query, found) in [
        (format!("task_root={root_id}"), 1),
        (format!("task_root={root_id}&status=succeeded,failed"), 1),
        (format!("task_root={root_id}&status=failed"), 0),
        ("task_root=another".to_owned(), 0),
        (format!("created_after={past}&created_before={future}"), 1),
        (format!("created_after={future}"), 0),
        (format!("created_before={past}"), 0),
        (format!("created_after={past}&task={root_id}&limit=1"), 1),
    ] {
        let list = get(&client, &format!("/instances?{query}")).await;
        assert_eq!(list["items"].as_array().unwrap().len(), found, "{query}");
    }
    let refused = client.get("/instances?created_after=yesterday").await;
    assert_eq!((refused.status, refused.pointers()), (400, vec!["created_after"]));

    // A further version runs under the same root.
    let version = tasks::new_version(&pair.host.app, &root(), &pair.host_task)
        .await
        .unwrap();
    assert_ne!(version.id, pair.host_task);
    let projects = get(&client, "/projects").await;
    let project = &projects["items"][0];
    assert_eq!(
        (&project["tasks"], &project["last_run"]["id"]),
        (&json!(1), &json!(id.as_str()))
    );
    assert_eq!(project["last_run"]["status"], "succeeded");
    assert!(project["last_run"]["created_at"].is_string() && project["last_run"]["ended_at"].is_string());
    let one = get(&client, &format!("/projects/{}", project["id"].as_str().unwrap())).await;
    assert_eq!(
        (&one["tasks"], &one["last_run"]),
        (&project["tasks"], &project["last_run"])
    );
    pair.stop().await;
}

#[actix_web::test]
async fn a_task_says_why_it_cannot_be_paired_or_run_and_a_file_how_often_it_is_used() {
    let (pair, _) = ran(0).await;
    let admin = Client::new(&pair.host, "admin", Role::Root).await;
    let why = |task: &Value| {
        (
            task["cannot_pair"]["code"].clone(),
            task["cannot_run"]["code"].clone(),
        )
    };
    let task = get(&admin, &format!("/tasks/{}", pair.host_task)).await;
    assert_eq!(why(&task), (json!("task_paired"), Value::Null));
    let project = task["project_id"].as_str().unwrap().to_owned();
    let new = json!({"name": "another", "task_type": "sample", "config": {"do": "talk"}});
    let fresh = admin.post(&format!("/projects/{project}/tasks"), new).await.body;
    assert_eq!(why(&fresh), (json!("token_missing"), json!("not_paired")));
    assert!(fresh["cannot_pair"]["detail"].as_str().unwrap().contains("token"));
    let list = get(&admin, &format!("/projects/{project}/tasks")).await;
    assert_eq!(
        why(&list["items"][0]["root"]),
        (json!("token_missing"), json!("not_paired"))
    );

    // What is asked of the engine counts for one task, and the attempt is refused for the same reason.
    let version = admin
        .post(&format!("/tasks/{}/versions", pair.host_task), Value::Null)
        .await;
    let path = format!("/tasks/{}", version.id());
    assert_eq!(why(&version.body), (Value::Null, json!("not_paired")));
    let refused = admin.post(&format!("{path}/instances"), json!({})).await;
    assert_eq!(refused.code(), (409, "not_paired"));
    let archived = admin
        .post(&format!("/projects/{project}/archive"), Value::Null)
        .await;
    assert_eq!(archived.status, 200);
    let task = get(&admin, &path).await;
    assert_eq!(why(&task), (json!("project_archived"), json!("project_archived")));
    let versions = get(&admin, &format!("{path}/versions")).await;
    assert_eq!(
        why(&versions["items"][1]),
        (json!("task_paired"), json!("project_archived"))
    );
    pair.stop().await;
}

#[actix_web::test]
async fn a_list_of_files_tells_how_often_each_is_used() {
    let pair = consoles(json!({"do": "talk"}), json!({"do": "talk"})).await;
    let admin = Client::new(&pair.host, "admin", Role::Root).await;
    for name in ["used.csv", "unused.csv"] {
        touch(&pair.host, name).await;
    }
    let version = admin
        .post(&format!("/tasks/{}/versions", pair.host_task), Value::Null)
        .await;
    let uri = get(&admin, "/objects/used.csv/info").await["object"]["uri"].clone();
    for name in ["a", "b"] {
        let attached = admin
            .post(
                &format!("/tasks/{}/resources", version.id()),
                json!({"name": name, "uri": uri}),
            )
            .await;
        assert_eq!(attached.status, 201, "{}", attached.body);
    }
    let list = get(&admin, "/objects").await;
    let uses: Vec<_> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (&file["name"], &file["uses"]))
        .collect();
    assert_eq!(
        uses,
        [(&json!("unused.csv"), &json!(0)), (&json!("used.csv"), &json!(2))]
    );
    pair.stop().await;
}

#[actix_web::test]
async fn warnings_are_kept_once_in_bounds_and_told_to_our_operators_alone() {
    let pair = consoles(json!({"do": "warn", "count": 2}), json!({"do": "end"})).await;
    let id = pair.run().await;
    reaches(&pair.host, InstanceStatus::Succeeded).await;
    let client = Client::new(&pair.host, "reader", Role::Default).await;
    let odd =
        |number: u32| json!({"code": "odd", "en": format!("odd {number}"), "zh": format!("异常 {number}")});
    let kept = get(&client, &format!("/instances/{id}/warnings")).await;
    assert_eq!(kept, json!([odd(0), odd(1)]));
    assert_eq!(
        get(&client, &format!("/instances/{id}/warnings?attempt=2")).await,
        json!([])
    );
    let listed = get(&client, "/instances?warnings=true&status=succeeded").await;
    assert_eq!(listed["items"][0]["warnings"], 2);
    assert_eq!(
        get(&client, "/instances?warnings=true&status=failed").await["items"],
        json!([])
    );

    let theirs = Client::new(&pair.peer, "reader", Role::Default).await;
    let run = reaches(&pair.peer, InstanceStatus::Succeeded).await;
    assert_eq!(
        get(&theirs, &format!("/instances/{}", run.id)).await["warnings"],
        0
    );
    assert_eq!(get(&theirs, "/instances?warnings=true").await["items"], json!([]));
    pair.stop().await;

    let pair = consoles(json!({"do": "warn", "count": 150}), json!({"do": "end"})).await;
    let id = pair.run().await;
    reaches(&pair.host, InstanceStatus::Succeeded).await;
    let client = Client::new(&pair.host, "reader", Role::Default).await;
    let kept = get(&client, &format!("/instances/{id}/warnings")).await;
    assert_eq!(kept.as_array().map(Vec::len), Some(task_interface::MAX_WARNINGS));
    let deleted = client
        .send(Method::DELETE, &format!("/instances/{id}"), Value::Null)
        .await;
    assert_eq!(deleted.status, 403);
    pair.stop().await;
}
