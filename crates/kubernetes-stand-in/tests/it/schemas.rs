//! Every object is held against its schema, in the oldest and in the newest version.

use kubernetes_stand_in::{Options, StandIn};
use serde_json::{Value, json};

use crate::support::{apply, ask, job, start};

#[tokio::test]
async fn a_misspelt_field_fails_in_every_kind() {
    let cluster = StandIn::start(Options {
        jobset: true,
        kueue: true,
        gateway: true,
        ..Options::default()
    })
    .await;
    let kinds = [
        ("v1", "ConfigMap", json!({"dat": {"a": "b"}})),
        ("v1", "Secret", json!({"stringdata": {"a": "b"}})),
        (
            "v1",
            "Service",
            json!({"spec": {"ports": [{"port": 80, "targetport": 1}]}}),
        ),
        ("networking.k8s.io/v1", "Ingress", json!({"spec": {"rule": []}})),
        ("batch/v1", "Job", job("x", &json!({"backofLimit": 0}))),
        (
            "v1",
            "Pod",
            json!({"spec": {"containers": [{"name": "a", "image": "b", "envs": []}]}}),
        ),
    ];
    for (version, kind, fields) in kinds {
        let mut object = fields;
        object["apiVersion"] = version.into();
        object["kind"] = kind.into();
        object["metadata"]["name"] = "x".into();
        let answer = apply(&cluster, &object).await;
        assert_eq!(answer.status, 500, "{kind}: {}", answer.body);
        assert!(
            answer.body["message"]
                .as_str()
                .unwrap()
                .contains("field not declared in schema"),
            "{}",
            answer.body
        );
    }
    assert_eq!(cluster.refused().len(), 6);
    assert!(cluster.is_empty("default"));
}

#[tokio::test]
async fn fields_of_one_version_alone_fail() {
    let cluster = start().await;
    let newer = job("x", &json!({"scheduling": {}}));
    assert_eq!(
        apply(&cluster, &newer).await.status,
        500,
        "a cluster of version 1.30 does not know the field"
    );
    assert_eq!(apply(&cluster, &job("y", &json!({}))).await.status, 201);
}

#[tokio::test]
async fn a_custom_resource_has_a_schema_too() {
    let cluster = StandIn::start(Options {
        jobset: true,
        ..Options::default()
    })
    .await;
    let template = job("x", &json!({}))["spec"].clone();
    let mut set = json!({
        "apiVersion": "jobset.x-k8s.io/v1alpha2", "kind": "JobSet", "metadata": {"name": "s"},
        "spec": {"replicatedJobs": [{"name": "worker", "replicas": 1, "template": {"spec": template}}]},
    });
    set["spec"]["replicatedJobs"][0]["template"]["spec"]["template"]["spec"]["containers"][0]["imag"] =
        "x".into();
    assert_eq!(apply(&cluster, &set).await.status, 500);
    set["spec"]["replicatedJobs"][0]["template"]["spec"] = template;
    assert_eq!(apply(&cluster, &set).await.status, 201);
    let without = start().await;
    assert_eq!(
        apply(&without, &set).await.status,
        404,
        "JobSet is not installed there"
    );
}

#[tokio::test]
async fn wrong_types_and_missing_fields_are_named() {
    let cluster = start().await;
    let wrong = job("x", &json!({"parallelism": "two"}));
    let answer = apply(&cluster, &wrong).await;
    assert_eq!(answer.status, 500);
    assert!(
        answer.body["message"]
            .as_str()
            .unwrap()
            .contains(".spec.parallelism"),
        "{}",
        answer.body
    );
    let posted = ask(
        &cluster,
        "POST",
        "/apis/batch/v1/namespaces/default/jobs",
        "application/json",
        &wrong,
    )
    .await;
    assert_eq!(posted.status, 400);
    let mut bare = job("x", &json!({}));
    bare["spec"].as_object_mut().unwrap().remove("template");
    let answer = apply(&cluster, &bare).await;
    assert_eq!(
        (answer.status, &answer.body["details"]["causes"][0]["field"]),
        (422, &json!("spec.template"))
    );
    let mut always = job("x", &json!({}));
    always["spec"]["template"]["spec"]["restartPolicy"] = "Always".into();
    let answer = apply(&cluster, &always).await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.body["details"]["causes"][0]["field"],
        "spec.template.spec.restartPolicy"
    );
}

#[tokio::test]
async fn mounts_need_their_volumes_and_services_a_letter() {
    let cluster = start().await;
    let mut mounted = job("x", &json!({}));
    let container = &mut mounted["spec"]["template"]["spec"]["containers"][0];
    container["volumeMounts"] = json!([{"name": "data", "mountPath": "/data"}]);
    assert_eq!(apply(&cluster, &mounted).await.status, 422);
    mounted["spec"]["template"]["spec"]["volumes"] =
        json!([{"name": "data", "persistentVolumeClaim": {"claimName": "nas-pvc"}}]);
    assert_eq!(apply(&cluster, &mounted).await.status, 201);
    let service = |name: &str| {
        json!({
            "apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
            "spec": {"ports": [{"port": 80, "targetPort": 50051}]},
        })
    };
    assert_eq!(apply(&cluster, &service("1-worker")).await.status, 422);
    assert_eq!(apply(&cluster, &service("worker-1")).await.status, 201);
    let made = cluster.object("services", "default", "worker-1").unwrap();
    assert!(made["spec"]["clusterIP"].as_str().unwrap().starts_with("10.96."));
}

#[tokio::test]
async fn an_indexed_job_leaves_room_for_its_indexes() {
    let cluster = start().await;
    let fits = "a".repeat(61);
    let spec = json!({"completionMode": "Indexed", "completions": 10, "parallelism": 2});
    assert_eq!(apply(&cluster, &job(&fits, &spec)).await.status, 201);
    let long = "b".repeat(62);
    let answer = apply(&cluster, &job(&long, &spec)).await;
    assert_eq!(
        (answer.status, &answer.body["details"]["causes"][0]["field"]),
        (422, &json!("metadata.name"))
    );
}

/// The stand-in's own walk over the schemas must find what a validator of JSON Schema finds.
#[tokio::test]
async fn the_schemas_are_read_as_a_validator_reads_them() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/v1.37.json");
    let text = std::fs::read_to_string(file).unwrap();
    let mut all: Value =
        serde_json::from_str(&text.replace("\"$ref\":\"", "\"$ref\":\"#/definitions/")).unwrap();
    for definition in all["definitions"].as_object_mut().unwrap().values_mut() {
        if definition.get("properties").is_some() {
            definition["additionalProperties"] = false.into();
        }
    }
    let name = all["kinds"]["batch/v1/Job"].as_str().unwrap().to_owned();
    let root = json!({"$ref": format!("#/definitions/{name}"), "definitions": all["definitions"]});
    let validator = jsonschema::validator_for(&root).unwrap();
    let good = job("x", &json!({"suspend": true, "ttlSecondsAfterFinished": 5}));
    let bad = [
        json!({"suspend": "true"}),
        json!({"template": 5}),
        json!({"completions": 1.5}),
        json!({"unknown": 1}),
        json!({"selector": {"matchLabels": {"a": 1}}}),
        json!({"podFailurePolicy": {"rules": [{"action": "A", "b": 1}]}}),
    ];
    assert!(validator.is_valid(&good));
    let cluster = start().await;
    assert_eq!(apply(&cluster, &good).await.status, 201);
    for spec in bad {
        let wrong = job("y", &spec);
        assert!(!validator.is_valid(&wrong), "{spec}");
        let answer = apply(&cluster, &wrong).await;
        assert!(answer.status >= 400, "the stand-in takes {spec}: {}", answer.body);
    }
}
