//! What keeps somebody from doing something is told beforehand, with the code that the attempt is refused with.

use console_model::Role;
use reqwest::Method;

use super::*;
use crate::client::{Answer, Client};
use crate::events::touch;

const FORBIDDEN: &str = "forbidden";

async fn get(client: &Client<'_>, path: &str) -> Value {
    let answer = client.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.body
}

/// The codes of blockers by their names; null where nothing blocks.
fn codes<const N: usize>(of: &Value, names: [&str; N]) -> [Value; N] {
    names.map(|name| {
        let blocker = of.get(name).unwrap_or_else(|| panic!("{name} is not told: {of}"));
        blocker["code"].clone()
    })
}

async fn delete(client: &Client<'_>, path: &str) -> Answer {
    client.send(Method::DELETE, path, Value::Null).await
}

#[actix_web::test]
async fn a_run_tells_what_its_state_allows_and_what_else_is_in_the_way() {
    const NAMES: [&str; 6] = [
        "start",
        "stop",
        "stop_partner",
        "run_again",
        "copy_task",
        "delete",
    ];
    let pair = consoles(json!({"do": "wait"}), json!({"do": "wait"})).await;
    let id = pair.run().await;
    reaches(&pair.host, InstanceStatus::Running).await;
    let admin = Client::new(&pair.host, "admin", Role::Root).await;
    let reader = Client::new(&pair.host, "reader", Role::Default).await;
    let path = format!("/instances/{id}");

    let running = get(&admin, &path).await;
    let expected = json!(["cannot_start", null, "cannot_stop", null, null, "still_running"]);
    assert_eq!(json!(codes(&running["cannot"], NAMES)), expected);
    let start = admin.post(&format!("{path}/start"), Value::Null).await;
    assert_eq!(start.code(), (409, "cannot_start"));
    assert_eq!(delete(&admin, &path).await.code(), (409, "still_running"));
    // The state comes first: what nobody can do is not told as a matter of rights.
    let seen = get(&reader, &path).await;
    let expected = json!([
        "cannot_start",
        FORBIDDEN,
        "cannot_stop",
        FORBIDDEN,
        FORBIDDEN,
        "still_running"
    ]);
    assert_eq!(json!(codes(&seen["cannot"], NAMES)), expected);
    let stop = reader.post(&format!("{path}/stop"), Value::Null).await;
    assert_eq!(stop.code(), (403, FORBIDDEN));
    assert_eq!(get(&admin, "/instances").await["items"][0]["cannot"], Value::Null);

    let stopped = admin.post(&format!("{path}/stop"), Value::Null).await;
    assert_eq!(stopped.status, 200, "{}", stopped.body);
    reaches(&pair.host, InstanceStatus::Stopped).await;
    let ended = get(&admin, &path).await;
    let expected = json!([null, "cannot_stop", "cannot_stop", null, null, null]);
    assert_eq!(json!(codes(&ended["cannot"], NAMES)), expected);

    let project = ended["project_id"].as_str().unwrap();
    let closed = admin
        .post(&format!("/projects/{project}/archive"), Value::Null)
        .await;
    assert_eq!(closed.status, 200);
    let closed = get(&admin, &path).await;
    let expected = json!([
        "project_archived",
        "cannot_stop",
        "cannot_stop",
        "project_archived",
        "project_archived",
        null
    ]);
    assert_eq!(json!(codes(&closed["cannot"], NAMES)), expected);
    let start = admin.post(&format!("{path}/start"), Value::Null).await;
    assert_eq!(start.code(), (409, "project_archived"));
    let version = admin
        .post(&format!("/tasks/{}/versions", pair.host_task), Value::Null)
        .await;
    assert_eq!(version.code(), (409, "project_archived"));
    pair.stop().await;
}

#[actix_web::test]
async fn a_task_tells_who_may_change_it_and_what_its_state_forbids() {
    const NAMES: [&str; 5] = [
        "cannot_change",
        "cannot_copy",
        "cannot_remove",
        "cannot_pair",
        "cannot_run",
    ];
    let pair = consoles(json!({"do": "end"}), json!({"do": "end"})).await;
    let admin = Client::new(&pair.host, "admin", Role::Root).await;
    let reader = Client::new(&pair.host, "reader", Role::Default).await;
    let paired = format!("/tasks/{}", pair.host_task);
    assert_eq!(
        json!(codes(&get(&admin, &paired).await, NAMES)),
        json!(["task_paired", null, null, "task_paired", null])
    );
    assert_eq!(
        json!(codes(&get(&reader, &paired).await, NAMES)),
        json!(["task_paired", FORBIDDEN, FORBIDDEN, "task_paired", FORBIDDEN])
    );
    let change = json!({"comment": "new"});
    let refused = admin.send(Method::PATCH, &paired, change.clone()).await;
    assert_eq!(refused.code(), (409, "task_paired"));

    let version = admin.post(&format!("{paired}/versions"), Value::Null).await;
    let version = format!("/tasks/{}", version.id());
    assert_eq!(
        json!(codes(&get(&admin, &version).await, NAMES)),
        json!([null, null, null, null, "not_paired"])
    );
    assert_eq!(
        json!(codes(&get(&reader, &version).await, NAMES)),
        json!([FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, "not_paired"])
    );
    let refused = reader.send(Method::PATCH, &version, change.clone()).await;
    assert_eq!(refused.code(), (403, FORBIDDEN));

    let away = admin
        .post(&format!("{version}/archive"), json!({"archived": true}))
        .await;
    assert_eq!(away.status, 200, "{}", away.body);
    let expected = json!([
        "task_archived",
        "task_archived",
        null,
        "task_archived",
        "task_archived"
    ]);
    assert_eq!(json!(codes(&get(&admin, &version).await, NAMES)), expected);
    let refused = admin.send(Method::PATCH, &version, change).await;
    assert_eq!(refused.code(), (409, "task_archived"));
    pair.stop().await;
}

#[actix_web::test]
async fn files_accounts_and_partners_tell_as_well() {
    let pair = consoles(json!({"do": "end"}), json!({"do": "end"})).await;
    let root = Client::new(&pair.host, "admin", Role::Root).await;
    let admin = Client::new(&pair.host, "second", Role::Admin).await;
    let reader = Client::new(&pair.host, "reader", Role::Default).await;
    touch(&pair.host, "table.csv").await;
    for (client, expected) in [(&root, Value::Null), (&reader, json!(FORBIDDEN))] {
        let info = get(client, "/objects/table.csv/info").await;
        let of_one = codes(&info["object"], ["cannot_change"]);
        let list = get(client, "/objects").await;
        let in_list = codes(&list["items"][0], ["cannot_change"]);
        assert_eq!((of_one, in_list), ([expected.clone()], [expected]));
    }
    assert_eq!(
        delete(&reader, "/objects/table.csv").await.code(),
        (403, FORBIDDEN)
    );

    let accounts = ["cannot_change", "cannot_change_access"];
    let users = get(&root, "/users").await["items"].as_array().unwrap().clone();
    let id = |name: &str| {
        let user = users.iter().find(|user| user["name"] == name).unwrap();
        format!("/users/{}", user["id"].as_str().unwrap())
    };
    let seen = async |client, name| json!(codes(&get(client, &id(name)).await, accounts));
    assert_eq!(seen(&root, "admin").await, json!([null, "last_root"]));
    assert_eq!(seen(&root, "second").await, json!([null, null]));
    assert_eq!(seen(&admin, "second").await, json!([FORBIDDEN, FORBIDDEN]));
    assert_eq!(seen(&admin, "reader").await, json!([null, null]));
    assert_eq!(
        get(&admin, &id("reader")).await["rights"],
        json!([]),
        "an account without permissions"
    );
    let last = root
        .send(Method::PATCH, &id("admin"), json!({"role": "default"}))
        .await;
    assert_eq!(last.code(), (409, "last_root"));
    let me = get(&admin, "/session").await;
    assert_eq!(me["grantable_roles"], json!(["default"]));

    let trust = ["suspend", "resume", "unpair", "delete"];
    let partner = get(&root, "/partners").await["items"][0].clone();
    assert_eq!(
        json!(codes(&partner["cannot"], trust)),
        json!([null, "already_paired", null, "partner_paired"])
    );
    let path = format!("/partners/{}", partner["id"].as_str().unwrap());
    assert_eq!(delete(&root, &path).await.code(), (409, "partner_paired"));
    let suspended = root.post(&format!("{path}/suspend"), Value::Null).await.body;
    assert_eq!(
        json!(codes(&suspended["cannot"], trust)),
        json!(["partner_not_active", null, null, "partner_paired"])
    );
    assert_eq!(
        json!(codes(&get(&reader, &path).await["cannot"], trust)),
        json!(["partner_not_active", FORBIDDEN, FORBIDDEN, "partner_paired"])
    );
    pair.stop().await;
}
