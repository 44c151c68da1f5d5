//! Server-side apply, patches and deletions.

use serde_json::{Value, json};

use crate::support::{apply, ask, delete, get, job, path_of, start};

fn map(data: &Value) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": data})
}

#[tokio::test]
async fn what_a_manager_drops_goes_and_what_others_own_stays() {
    let cluster = start().await;
    assert_eq!(
        apply(&cluster, &map(&json!({"a": "1", "b": "2"}))).await.status,
        201
    );
    let theirs = map(&json!({"c": "3"}));
    let path = format!("{}?fieldManager=other", path_of(&theirs));
    assert_eq!(
        ask(&cluster, "PATCH", &path, "application/apply-patch+yaml", &theirs)
            .await
            .status,
        200
    );
    let answer = apply(&cluster, &map(&json!({"a": "1"}))).await;
    assert_eq!(
        (answer.status, &answer.body["data"]),
        (200, &json!({"a": "1", "c": "3"}))
    );
    let managers: Vec<_> = answer.body["metadata"]["managedFields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["manager"])
        .collect();
    assert_eq!(managers, ["efls-console", "other"]);
}

#[tokio::test]
async fn a_conflict_is_won_by_force() {
    let cluster = start().await;
    apply(&cluster, &map(&json!({"a": "1"}))).await;
    let theirs = map(&json!({"a": "2"}));
    let path = path_of(&theirs);
    let softly = format!("{path}?fieldManager=other");
    let soft = ask(
        &cluster,
        "PATCH",
        &softly,
        "application/apply-patch+yaml",
        &theirs,
    );
    assert_eq!(soft.await.status, 409);
    let path = format!("{path}?fieldManager=other&force=true");
    let hard = ask(&cluster, "PATCH", &path, "application/apply-patch+yaml", &theirs).await;
    assert_eq!((hard.status, &hard.body["data"]["a"]), (200, &json!("2")));
    assert_eq!(
        hard.body["metadata"]["managedFields"].as_array().unwrap().len(),
        1,
        "nothing is left to the first"
    );
}

#[tokio::test]
async fn lists_with_keys_are_merged_item_by_item() {
    let cluster = start().await;
    let pod = |env: Value| {
        json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
            "spec": {"containers": [{"name": "main", "image": "x:1", "env": env}]},
        })
    };
    apply(
        &cluster,
        &pod(json!([{"name": "A", "value": "1"}, {"name": "B", "value": "2"}])),
    )
    .await;
    let answer = apply(&cluster, &pod(json!([{"name": "B", "value": "3"}]))).await;
    assert_eq!(
        answer.body["spec"]["containers"][0]["env"],
        json!([{"name": "B", "value": "3"}])
    );
}

#[tokio::test]
async fn patches_and_replacements_by_version() {
    let cluster = start().await;
    apply(&cluster, &map(&json!({"a": "1"}))).await;
    let path = "/api/v1/namespaces/default/configmaps/m";
    let patch = json!({"data": {"a": null, "b": "2"}});
    let answer = ask(&cluster, "PATCH", path, "application/merge-patch+json", &patch).await;
    assert_eq!((answer.status, &answer.body["data"]), (200, &json!({"b": "2"})));
    let mut stale = answer.body.clone();
    stale["metadata"]["resourceVersion"] = "1".into();
    assert_eq!(
        ask(&cluster, "PUT", path, "application/json", &stale)
            .await
            .status,
        409
    );
    assert_eq!(
        ask(&cluster, "PUT", path, "application/json", &answer.body)
            .await
            .status,
        200
    );
    let unknown = ask(&cluster, "PATCH", path, "application/json-patch+json", &json!([])).await;
    assert_eq!(unknown.status, 415);
}

#[tokio::test]
async fn one_owner_takes_all_with_it() {
    let cluster = start().await;
    let owner = apply(&cluster, &map(&json!({}))).await.body;
    let reference = json!([{
        "apiVersion": "v1", "kind": "ConfigMap", "name": "m", "uid": owner["metadata"]["uid"],
        "blockOwnerDeletion": true,
    }]);
    cluster.pods(
        "j",
        kubernetes_stand_in::Script::runs_forever().on_stop_wait_ms(50),
    );
    let mut owned = job("j", &json!({}));
    owned["metadata"]["ownerReferences"] = reference.clone();
    assert_eq!(apply(&cluster, &owned).await.status, 201);
    let running = |cluster: &kubernetes_stand_in::StandIn| {
        cluster
            .object("jobs", "default", "j")
            .is_some_and(|job| job["status"]["ready"] == 1)
    };
    cluster.wait_until(running).await;
    let answer = delete(&cluster, "/api/v1/namespaces/default/configmaps/m", "Foreground").await;
    assert_eq!(
        answer.body["metadata"]["finalizers"],
        json!(["foregroundDeletion"])
    );
    assert!(
        cluster.object("configmaps", "default", "m").is_some(),
        "the owner goes last"
    );
    cluster.wait_until(|cluster| cluster.is_empty("default")).await;
}

#[tokio::test]
async fn what_has_lost_its_owner_goes() {
    let cluster = start().await;
    let mut lost = map(&json!({}));
    lost["metadata"]["ownerReferences"] =
        json!([{"apiVersion": "v1", "kind": "Secret", "name": "s", "uid": "no-such-object"}]);
    apply(&cluster, &lost).await;
    cluster.wait_until(|cluster| cluster.is_empty("default")).await;
}

#[tokio::test]
async fn a_job_without_a_policy_leaves_its_pods() {
    let cluster = start().await;
    apply(&cluster, &job("j", &json!({}))).await;
    cluster
        .wait_until(|cluster| crate::support::has_condition(cluster, "j", "Complete"))
        .await;
    let answer = ask(
        &cluster,
        "DELETE",
        "/apis/batch/v1/namespaces/default/jobs/j",
        "",
        &Value::Null,
    )
    .await;
    assert_eq!((answer.status, &answer.body["status"]), (200, &json!("Success")));
    assert!(answer.warning.unwrap().contains("preserved by default"));
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(cluster.objects("pods", "default").len(), 1);
}

#[tokio::test]
async fn many_go_by_a_selector_and_names_are_free_again() {
    let cluster = start().await;
    let ids = [1, 2].map(|_| ());
    let mut seen = std::collections::HashSet::new();
    for () in ids {
        apply(&cluster, &job("a", &json!({}))).await;
        apply(&cluster, &job("b", &json!({}))).await;
        let all = cluster.objects("jobs", "default");
        assert!(
            all.iter().all(|job| seen.insert(job["metadata"]["uid"].clone())),
            "an id came twice"
        );
        let path = "/apis/batch/v1/namespaces/default/jobs?labelSelector=app%20in%20(a,b)";
        assert_eq!(delete(&cluster, path, "Background").await.status, 200);
        cluster.wait_until(|cluster| cluster.is_empty("default")).await;
    }
    let list = get(&cluster, "/apis/batch/v1/namespaces/default/jobs").await;
    assert_eq!(list.body["items"], json!([]));
}
