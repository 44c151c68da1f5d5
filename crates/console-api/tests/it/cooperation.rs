//! Partners, invitations, projects, tasks and pairings over the operator API.

use console_model::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::Client;
use crate::peer::console::Console;

/// A partner that nobody answers for.
async fn partner(client: &Client<'_>) -> String {
    let body = json!({"name": "base", "address": "http://127.0.0.1:9", "accept_unsigned": true});
    let made = client.post("/partners", body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.id().to_owned()
}

#[actix_web::test]
async fn partners_and_projects_refuse_what_makes_no_sense() {
    let console = Console::start("ours").await;
    let admin = Client::new(&console, "admin", Role::Root).await;
    let bad = admin
        .post(
            "/partners",
            json!({"name": " ", "address": "ftp://x", "accept_unsigned": false}),
        )
        .await;
    assert_eq!(
        (bad.status, bad.pointers()),
        (400, vec!["/name", "/address", "/accept_unsigned"])
    );
    let partner = partner(&admin).await;
    let twice = json!({"name": "b", "address": "http://127.0.0.1:9/", "accept_unsigned": true});
    assert_eq!(
        admin.post("/partners", twice).await.code(),
        (409, "address_taken")
    );
    assert!(admin.get(&format!("/partners/{partner}")).await.body["warning"].is_string());

    let code = admin
        .post("/invitations/preview", json!({"code": "efls1-abc"}))
        .await;
    assert_eq!((code.status, code.pointers()), (400, vec!["/code"]));
    let invited = admin.post("/invitations", json!({})).await;
    assert_eq!(invited.status, 201, "{}", invited.body);
    let own = admin
        .post("/invitations/accept", json!({"code": invited.body["code"]}))
        .await;
    assert_eq!(own.code(), (409, "own_invitation"));
    let id = invited.body["invitation"]["id"].as_str().unwrap().to_owned();
    let revoked = admin
        .send(Method::DELETE, &format!("/invitations/{id}"), Value::Null)
        .await;
    assert_eq!((revoked.status, &revoked.body["state"]), (200, &json!("revoked")));

    let unknown = admin
        .post("/projects", json!({"name": "p", "partner_id": "nobody"}))
        .await;
    assert_eq!((unknown.status, unknown.pointers()), (400, vec!["/partner_id"]));
    let typo = admin
        .post(
            "/projects",
            json!({"name": "p", "partner_id": partner, "confg": {}}),
        )
        .await;
    assert_eq!((typo.status, typo.pointers()), (400, vec!["/confg"]));
    let list = admin
        .post(
            "/projects",
            json!({"name": "p", "partner_id": partner, "config": [1]}),
        )
        .await;
    assert_eq!((list.status, list.pointers()), (400, vec!["/config"]));
    let made = admin
        .post(
            "/projects",
            json!({"name": "p", "partner_id": partner, "config": {"a": 1}}),
        )
        .await;
    assert_eq!((made.status, &made.body["status"]), (201, &json!("draft")));
    let again = admin
        .post("/projects", json!({"name": "p", "partner_id": partner}))
        .await;
    assert_eq!(again.code(), (409, "name_taken"));

    let path = format!("/projects/{}", made.id());
    let etag = made.etag.as_deref();
    let changed = admin
        .send_if(
            Method::PATCH,
            &path,
            json!({"config": {"b": 2}, "comment": "c"}),
            etag,
        )
        .await;
    assert_eq!((changed.status, &changed.body["config"]), (200, &json!({"b": 2})));
    let late = admin
        .send_if(Method::PATCH, &path, json!({"comment": null}), etag)
        .await;
    assert_eq!(late.code(), (412, "stale"));
    let emptied = admin
        .send_if(
            Method::PATCH,
            &path,
            json!({"comment": null}),
            changed.etag.as_deref(),
        )
        .await;
    assert_eq!((emptied.status, &emptied.body["comment"]), (200, &Value::Null));
    let owner = admin
        .send(Method::PATCH, &path, json!({"owner_id": "nobody"}))
        .await;
    assert_eq!((owner.status, owner.pointers()), (400, vec!["/owner_id"]));
    let checked = admin.post(&format!("{path}/check"), Value::Null).await;
    assert_eq!((checked.status, &checked.body["connected"]), (200, &json!(false)));
    assert_eq!(admin.get("/projects/unknown").await.code(), (404, "not_found"));
    let deleted = admin.send(Method::DELETE, &path, Value::Null).await;
    assert_eq!(deleted.code(), (409, "project_not_archived"));
    let listed = admin.get("/projects?limit=1").await;
    assert_eq!(listed.body["items"].as_array().map(Vec::len), Some(1));
    console.stop().await;
}

#[actix_web::test]
async fn tasks_refuse_what_makes_no_sense() {
    let console = Console::start("ours").await;
    let admin = Client::new(&console, "admin", Role::Root).await;
    let partner = partner(&admin).await;
    let project = admin
        .post("/projects", json!({"name": "p", "partner_id": partner}))
        .await;
    let tasks = format!("/projects/{}/tasks", project.id());

    let bad = json!({"name": "", "task_type": "sample", "engine": "none"});
    let bad = admin.post(&tasks, bad).await;
    assert_eq!((bad.status, bad.pointers()), (400, vec!["/name", "/engine"]));
    let word = admin
        .post(&tasks, json!({"name": "t", "task_type": "infer"}))
        .await;
    assert_eq!((word.status, word.pointers()), (400, vec!["/task_type"]));
    let made =
        json!({"name": "t", "task_type": "sample", "token": "Word", "config": {"a": 1}, "meta": {"m": 1}});
    let made = admin.post(&tasks, made).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(
        made.body["problems"][0]["pointer"], "/engine",
        "the console has no engine: {}",
        made.body
    );
    let name = admin
        .post(&tasks, json!({"name": "t", "task_type": "train"}))
        .await;
    assert_eq!(name.code(), (409, "name_taken"));
    let token = admin
        .post(
            &tasks,
            json!({"name": "u", "task_type": "sample", "token": "word "}),
        )
        .await;
    assert_eq!(token.code(), (409, "token_taken"));

    let path = format!("/tasks/{}", made.id());
    let changed = admin
        .send(Method::PATCH, &path, json!({"config": null, "meta": {"n": 2}}))
        .await;
    assert_eq!(
        (changed.status, &changed.body["config"], &changed.body["meta"]),
        (200, &Value::Null, &json!({"n": 2}))
    );
    assert_eq!(
        admin.post(&format!("{path}/pairing"), Value::Null).await.code(),
        (409, "project_not_ready")
    );
    let next = admin.post(&format!("{path}/versions"), Value::Null).await;
    assert_eq!(
        (next.status, &next.body["root"], &next.body["token"]),
        (201, &json!(false), &json!("Word"))
    );
    assert_eq!(next.body["meta"], json!({"n": 2}));
    let of_root = admin
        .send(
            Method::PATCH,
            &format!("/tasks/{}", next.id()),
            json!({"name": "x"}),
        )
        .await;
    assert_eq!((of_root.status, of_root.pointers()), (400, vec!["/name"]));
    // What all versions share is changed on the first one, for all of them.
    let renamed = admin
        .send(Method::PATCH, &path, json!({"name": "renamed", "token": "other"}))
        .await;
    assert_eq!(renamed.status, 200, "{}", renamed.body);
    let next = admin.get(&format!("/tasks/{}", next.id())).await;
    assert_eq!(
        (&next.body["name"], &next.body["token"]),
        (&json!("renamed"), &json!("other"))
    );
    let listed = admin.get(&tasks).await;
    assert_eq!(listed.body["items"][0]["versions"], 2);
    assert_eq!(listed.body["items"][0]["newest"]["id"], next.body["id"]);
    let validated = admin.post(&format!("{path}/validate"), Value::Null).await;
    assert_eq!(validated.body["valid"], false);

    let archived = admin
        .post(&format!("/projects/{}/archive", project.id()), Value::Null)
        .await;
    assert_eq!(
        (archived.status, &archived.body["status"]),
        (200, &json!("archive"))
    );
    let late = admin
        .post(&tasks, json!({"name": "late", "task_type": "sample"}))
        .await;
    assert_eq!(late.code(), (409, "project_archived"));
    assert_eq!(admin.get("/pairings/unknown").await.code(), (404, "not_found"));
    console.stop().await;
}

#[actix_web::test]
async fn who_may_not_is_refused_and_nothing_changes() {
    let console = Console::start("ours").await;
    let admin = Client::new(&console, "admin", Role::Root).await;
    let reader = Client::new(&console, "reader", Role::Default).await;
    let nobody = Client::nobody(&console);
    let partner = partner(&admin).await;
    let project = admin
        .post("/projects", json!({"name": "p", "partner_id": partner}))
        .await;
    let project = project.id();
    let task = admin
        .post(
            &format!("/projects/{project}/tasks"),
            json!({"name": "t", "task_type": "sample"}),
        )
        .await;
    let task = task.id();
    let before = console.counts().await;
    let refused = [
        (
            Method::POST,
            "/partners".to_owned(),
            json!({"name": "b", "address": "http://a", "accept_unsigned": true}),
        ),
        (
            Method::PATCH,
            format!("/partners/{partner}"),
            json!({"name": "x"}),
        ),
        (
            Method::POST,
            format!("/partners/{partner}/confirm"),
            json!({"fingerprint": "00"}),
        ),
        (Method::POST, format!("/partners/{partner}/suspend"), Value::Null),
        (Method::POST, format!("/partners/{partner}/resume"), Value::Null),
        (Method::POST, format!("/partners/{partner}/unpair"), json!({})),
        (Method::GET, "/invitations".to_owned(), Value::Null),
        (Method::POST, "/invitations".to_owned(), json!({})),
        (Method::DELETE, "/invitations/some".to_owned(), Value::Null),
        (
            Method::POST,
            "/invitations/preview".to_owned(),
            json!({"code": "x"}),
        ),
        (
            Method::POST,
            "/invitations/accept".to_owned(),
            json!({"code": "x"}),
        ),
        (
            Method::POST,
            "/projects".to_owned(),
            json!({"name": "q", "partner_id": partner}),
        ),
        (
            Method::PATCH,
            format!("/projects/{project}"),
            json!({"name": "x"}),
        ),
        (Method::POST, format!("/projects/{project}/archive"), Value::Null),
        (
            Method::POST,
            format!("/projects/{project}/tasks"),
            json!({"name": "u", "task_type": "sample"}),
        ),
        (Method::PATCH, format!("/tasks/{task}"), json!({"name": "x"})),
        (Method::POST, format!("/tasks/{task}/versions"), Value::Null),
        (Method::POST, format!("/tasks/{task}/pairing"), Value::Null),
    ];
    for (method, path, body) in refused {
        assert_eq!(
            nobody.send(method.clone(), &path, body.clone()).await.status,
            401,
            "{method} {path}"
        );
        let answer = reader.send(method.clone(), &path, body).await;
        assert_eq!(answer.code(), (403, "forbidden"), "{method} {path}");
    }
    assert_eq!(console.counts().await, before);
    for path in [
        "/partners",
        "/projects",
        &format!("/projects/{project}/tasks"),
        &format!("/tasks/{task}"),
    ] {
        assert_eq!(reader.get(path).await.status, 200, "{path}");
        assert_eq!(nobody.get(path).await.status, 401, "{path}");
    }
    console.stop().await;
}
