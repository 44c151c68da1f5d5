//! Rights, versions and what is installed.

use kubernetes_stand_in::{Options, Rule, StandIn};
use serde_json::{Value, json};

use crate::support::{ask, ask_as, get, job, path_of, start};

#[tokio::test]
async fn rights_are_what_the_rules_say() {
    let cluster = start().await;
    let token = cluster.token_with(&[
        Rule::new("batch", "jobs", &["get", "list", "patch"]),
        Rule::new("", "pods/log", &["get"]),
    ]);
    let jobs = "/apis/batch/v1/namespaces/default/jobs";
    assert_eq!(
        ask_as(&cluster, &token, "GET", jobs, "", &Value::Null)
            .await
            .status,
        200
    );
    let watch = ask_as(
        &cluster,
        &token,
        "GET",
        &format!("{jobs}?watch=1"),
        "",
        &Value::Null,
    )
    .await;
    assert_eq!(watch.status, 403);
    let path = format!("{}?fieldManager=m", path_of(&job("j", &json!({}))));
    let applied = ask_as(
        &cluster,
        &token,
        "PATCH",
        &path,
        "application/apply-patch+yaml",
        &job("j", &json!({})),
    )
    .await;
    assert_eq!(applied.status, 403, "making by apply needs the right to create");
    let pods = ask_as(
        &cluster,
        &token,
        "GET",
        "/api/v1/namespaces/default/pods",
        "",
        &Value::Null,
    )
    .await;
    let wanted = "pods is forbidden: User \"user-1\" cannot list resource \"pods\" in API group \"\" in the namespace \
                  \"default\"";
    assert_eq!(pods.body["message"], wanted);
}

#[tokio::test]
async fn a_review_answers_by_the_same_rules() {
    let cluster = start().await;
    let token = cluster.token_with(&[Rule::new("", "pods/log", &["get"])]);
    let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    for (verb, resource, subresource, allowed) in [
        ("get", "pods", "log", true),
        ("get", "pods", "", false),
        ("delete", "pods", "log", false),
    ] {
        let review = json!({
            "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": {
                "namespace": "default", "verb": verb, "resource": resource, "subresource": subresource,
            }},
        });
        let answer = ask_as(&cluster, &token, "POST", path, "application/json", &review).await;
        assert_eq!(
            (answer.status, &answer.body["status"]["allowed"]),
            (201, &json!(allowed)),
            "{verb} {resource}"
        );
    }
    let misspelt = json!({
        "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttribute": {"verb": "get"}},
    });
    let strict = format!("{path}?fieldValidation=Strict");
    assert_eq!(
        ask(&cluster, "POST", &strict, "application/json", &misspelt)
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn what_is_installed_is_discovered() {
    let bare = start().await;
    let full = StandIn::start(Options {
        jobset: true,
        kueue: true,
        ..Options::default()
    })
    .await;
    let groups = async |cluster: &StandIn| {
        let answer = get(cluster, "/apis").await;
        let groups = answer.body["groups"].as_array().unwrap().clone();
        groups
            .iter()
            .map(|group| group["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        groups(&bare).await,
        ["batch", "networking.k8s.io", "authorization.k8s.io"]
    );
    assert!(groups(&full).await.contains(&"jobset.x-k8s.io".into()));
    assert_eq!(get(&bare, "/apis/jobset.x-k8s.io/v1alpha2").await.status, 404);
    let kinds = get(&full, "/apis/jobset.x-k8s.io/v1alpha2").await.body;
    assert_eq!(kinds["resources"][0]["name"], "jobsets");
    assert_eq!(get(&bare, "/version").await.body["minor"], "36");
}
