use super::*;

#[test]
fn a_training_becomes_the_originals_objects() {
    let objects = objects(TaskKind::Train, &train());
    let names: Vec<_> = objects
        .iter()
        .map(|object| object["metadata"]["name"].as_str().unwrap())
        .collect();
    let expected = [
        "credit-worker-0",
        "credit-worker-1",
        "credit-ps-0",
        "credit-scheduler-0",
        "credit-service-0",
        "credit-service-1",
        "credit-ingress",
    ];
    assert_eq!(names, expected);
    let container = |name: &str| &named(&objects, name)["spec"]["template"]["spec"]["containers"][0];
    let worker = container("credit-worker-1");
    assert_eq!(worker["name"], "credit-worker-1");
    assert_eq!(worker["command"], json!(["/bin/bash"]));
    assert_eq!(worker["args"], json!(["/efl/train/start_federal_train.sh"]));
    assert_eq!(worker["ports"], json!([{"containerPort": 50051}]));
    let amounts = json!({"cpu": "4000m", "memory": "500Mi"});
    assert_eq!(
        worker["resources"],
        json!({"limits": amounts, "requests": amounts})
    );
    let amounts = json!({"cpu": "1000m", "memory": "500Mi"});
    assert_eq!(container("credit-scheduler-0")["resources"]["limits"], amounts);
    let env = |name: &str| -> BTreeMap<String, String> {
        let env = container(name)["env"].as_array().unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        env.iter()
            .map(|one| (text(&one["name"]), text(&one["value"])))
            .collect()
    };
    let of_worker = env("credit-worker-1");
    for (name, value) in [
        ("APPID", "credit"),
        ("WORKER_NUM", "2"),
        ("PS_NUM", "1"),
        ("CODE_DIR", "/data/code"),
        ("JOB_SCRIPT", "train.py"),
        ("TRAIN_CONFIG", r#"{"epochs":2}"#),
        ("MODEL_DIR", "/"),
        ("FEDERAL_ROLE", "leader"),
        ("ZK_ADDR", "zfs://zk:2181/efls"),
        ("PEER_ADDR", "peer.example:443"),
        ("EFL_PEER_CERTS_FILENAME", "/data/certs/ca.pem"),
        ("EFL_SSL_TARGET_NAME_OVERRIDE", "shop-worker-1.peer.example"),
        ("TF_CPP_MIN_LOG_LEVEL", "2"),
        ("TASK_NAME", "worker"),
        ("TASK_INDEX", "1"),
    ] {
        assert_eq!(of_worker.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert_eq!(of_worker.len(), 15);
    assert!(!env("credit-ps-0").contains_key("EFL_SSL_TARGET_NAME_OVERRIDE"));
}

#[test]
fn workers_are_reached_from_outside() {
    let objects = objects(TaskKind::Train, &train());
    let service = &named(&objects, "credit-service-1")["spec"];
    assert_eq!(service["selector"], json!({"app": "credit-worker-1"}));
    assert_eq!(service["ports"], json!([{"port": 80, "targetPort": 50051}]));
    let ingress = named(&objects, "credit-ingress");
    assert_eq!(ingress["apiVersion"], "networking.k8s.io/v1");
    let annotations = json!({
        "nginx.ingress.kubernetes.io/ssl-redirect": "true",
        "nginx.ingress.kubernetes.io/backend-protocol": "GRPC",
    });
    assert_eq!(ingress["metadata"]["annotations"], annotations);
    assert_eq!(ingress["spec"]["ingressClassName"], "nginx");
    let rule = &ingress["spec"]["rules"][1];
    assert_eq!(rule["host"], "credit-worker-1.workers.example");
    let backend = json!({"service": {"name": "credit-service-1", "port": {"number": 80}}});
    let path = json!({"path": "/", "pathType": "Prefix", "backend": backend});
    assert_eq!(rule["http"]["paths"], json!([path]));
    let tls = json!({"hosts": ["credit-worker-1.workers.example"], "secretName": "efl-trainer"});
    assert_eq!(ingress["spec"]["tls"][1], tls);
}

#[test]
fn logs_in_files_are_followed_beside_the_image() {
    let of_pod = |config: &Value| {
        let objects = objects(TaskKind::Train, config);
        named(&objects, "credit-ps-0")["spec"]["template"]["spec"].clone()
    };
    let pod = of_pod(&train());
    let sidecar = &pod["initContainers"][0];
    assert_eq!(sidecar["restartPolicy"], "Always");
    let files = [
        "/data/efl-logs/credit/ps_0/stdout",
        "/data/efl-logs/credit/ps_0/stderr",
    ];
    assert_eq!(
        sidecar["command"],
        json!(["tail", "-q", "-n", "+1", "-F", files[0], files[1]])
    );
    let without = of_pod(&with(train(), "volume_mount", json!("false")));
    assert_eq!(
        (without.get("initContainers"), without.get("volumes")),
        (None, None)
    );
}

#[test]
fn what_the_original_did_not_enforce_is_a_problem() {
    let local = with(train(), "job_type", json!("local"));
    assert_eq!(problems(TaskKind::Train, &local), []);
    for (key, value, code) in [
        ("federal_role", Value::Null, "setting_missing"),
        ("federal_role", json!("boss"), "not_a_word"),
        ("target_hostname", json!(""), "setting_missing"),
        ("zk_addr", json!("zk:2181"), "not_an_address"),
        ("appid", json!("Credit_1"), "not_a_name"),
        ("appid", json!("1credit"), "not_a_name"),
        ("appid", json!("x".repeat(60)), "not_a_name"),
        ("worker", json!({"core": 1}), "setting_missing"),
        ("worker", json!({"core": 1000, "memory": 1}), "not_in_range"),
        (
            "worker",
            json!({"instance_num": 63, "core": 1, "memory": 1}),
            "too_many_pods",
        ),
        ("docker_image", json!("evil.example/x"), "image_refused"),
        ("docker_secret", json!("other"), "secret_refused"),
        ("ingress_cert_name", json!("other"), "secret_refused"),
        ("cluster", json!("other"), "cluster_unknown"),
        ("k8s_config", json!("/root/.kube/config"), "cluster_file_refused"),
    ] {
        let config = with(train(), key, value);
        let found = problems(TaskKind::Train, &config);
        let codes: Vec<_> = found.iter().map(|(_, code)| code.as_str()).collect();
        assert!(codes.contains(&code), "{key}: {found:?}");
        for (pointer, _) in &found {
            assert!(config.pointer(pointer).is_some(), "{pointer} leads nowhere");
        }
    }
}
