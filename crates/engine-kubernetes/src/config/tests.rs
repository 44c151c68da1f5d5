use std::collections::BTreeMap;

use serde_json::json;

use super::*;
use crate::plan::Pods;
use crate::render::Renderer;
use crate::settings::{IngressConfig, VolumeConfig};

/// What the original's configs look like: values are texts.
fn join(is_server: &str) -> Value {
    json!({
        "job_name": "credit-join", "docker_image": "registry.example/efls/sample:1.0", "docker_secret": "pull",
        "input_path": "oss://bucket/in", "output_path": "oss://bucket/out", "bucket_num": "16",
        "hash_col_name": "id", "sort_col_name": "ts", "is_server": is_server, "flink_claster": "flink-a",
        "ingress_ip": "192.0.2.9", "port": "443", "host": "server.example",
        "run_mode": "k8s", "batch_size": "2048", "file_part_size": "1024", "wait_s": "600",
    })
}

fn train() -> Value {
    json!({
        "appid": "credit", "peer_appid": "shop", "docker_image": "registry.example/efls/train:1.0",
        "docker_secret": "pull", "code_dir": "/data/code", "script": "train.py",
        "train_config": {"epochs": 2}, "zk_addr": "zfs://zk:2181/efls", "peer_addr": "peer.example:443",
        "target_hostname": "peer.example", "cert_file_path": "/data/certs/ca.pem", "federal_role": "leader",
        "worker": {"instance_num": "2", "core": "4", "memory": "500"}, "ps": {"core": 2, "memory": 1024},
    })
}

fn settings() -> KubernetesConfig {
    let cluster = ClusterConfig {
        images: vec!["registry.example/efls/".into()],
        pull_secrets: vec!["pull".into()],
        volumes: vec![VolumeConfig {
            name: "nas-pv-storage".into(),
            claim: "nas-pvc".into(),
            mount_path: "/data".into(),
            read_only: false,
        }],
        ingress: IngressConfig {
            domain: "workers.example".into(),
            ..IngressConfig::default()
        },
        ..ClusterConfig::default()
    };
    KubernetesConfig {
        clusters: BTreeMap::from([("main".to_owned(), cluster)]),
        default_cluster: String::new(),
    }
}

fn task(kind: TaskKind, config: &Value) -> TaskInfo {
    TaskInfo::new("task", "name", "1", kind).with_config(config.clone())
}

fn run() -> InstanceInfo {
    InstanceInfo::new("0123456789abcdef0123456789abcdef", 1, Side::Initiator)
}

fn planned(kind: TaskKind, config: &Value) -> Plan {
    let planned = plan(&settings(), &task(kind, config), &run()).unwrap();
    assert_eq!(planned.unread, Vec::<String>::new());
    planned.plan
}

fn objects(kind: TaskKind, config: &Value) -> Vec<Value> {
    let (settings, task) = (settings(), task(kind, config));
    let run = run();
    let renderer = Renderer {
        cluster: &settings.clusters["main"],
        instance: &run,
        task: &task,
    };
    let objects = renderer.objects(&planned(kind, config), "uid");
    let jobs = objects.jobs.iter().map(|job| serde_json::to_value(job).unwrap());
    let services = objects
        .services
        .iter()
        .map(|service| serde_json::to_value(service).unwrap());
    let ingress = objects
        .ingress
        .iter()
        .map(|ingress| serde_json::to_value(ingress).unwrap());
    jobs.chain(services).chain(ingress).collect()
}

fn named<'a>(objects: &'a [Value], name: &str) -> &'a Value {
    let found = objects.iter().find(|object| object["metadata"]["name"] == name);
    found.unwrap_or_else(|| panic!("no object {name}"))
}

/// The codes of the problems, each with its place.
fn problems(kind: TaskKind, config: &Value) -> Vec<(String, String)> {
    let found = validate(&settings(), &task(kind, config));
    let told = found
        .into_iter()
        .map(|problem| (problem.pointer, problem.code.unwrap()));
    told.collect()
}

fn with(mut config: Value, key: &str, value: Value) -> Value {
    config[key] = value;
    config
}

#[test]
fn a_join_becomes_the_originals_job() {
    let objects = objects(TaskKind::Sample, &join("False"));
    assert_eq!(objects.len(), 1);
    let job = named(&objects, "credit-join-client");
    assert_eq!(job["metadata"]["labels"]["app"], "credit-join-client");
    assert_eq!(job["metadata"]["ownerReferences"][0]["uid"], "uid");
    let pod = &job["spec"]["template"];
    assert_eq!(pod["metadata"]["labels"]["app"], "credit-join-client");
    assert_eq!(pod["spec"]["restartPolicy"], "Never");
    assert_eq!(pod["spec"]["imagePullSecrets"], json!([{"name": "pull"}]));
    assert_eq!(pod["spec"].get("automountServiceAccountToken"), None);
    let container = &pod["spec"]["containers"][0];
    assert_eq!(container["name"], "job-submit");
    assert_eq!(container["image"], "registry.example/efls/sample:1.0");
    assert_eq!(container["imagePullPolicy"], "Always");
    let command = [
        "/opt/flink/bin/flink",
        "run",
        "--target",
        "kubernetes-session",
        "-Dkubernetes.cluster-id=flink-a",
        "--python",
        "/xfl/xfl/data/main/run_data_join.py",
        "-i",
        "oss://bucket/in",
        "-o",
        "oss://bucket/out",
        "--job_name=credit-join",
        "--bucket_num=16",
        "--hash_col_name=id",
        "--sort_col_name=ts",
        "--is_server=False",
        "--ingress_ip=192.0.2.9",
        "--port=443",
        "--host=server.example",
        "--run_mode=k8s",
        "--batch_size=2048",
        "--file_part_size=1024",
        "--wait_s=600",
        "--tls_path=/xfl/deploy/quickstart/tls.crt",
        "--jars=file:///xfl/lib/efls-flink-connectors-1.0-SNAPSHOT.jar",
    ];
    assert_eq!(container["command"], json!(command));
    assert_eq!(job["spec"]["backoffLimit"], 0);
}

#[test]
fn a_server_of_a_join_has_no_address_of_a_server() {
    let plan = planned(TaskKind::Sample, &with(join("True"), "use_psi", json!("True")));
    let member = &plan.members[0];
    assert_eq!(member.name, "credit-join-server");
    let has = |flag: &str| member.command.iter().any(|part| part.starts_with(flag));
    assert!(has("--use_psi=True") && has("--is_server=True"));
    assert!(!has("--host=") && !has("--tls_path="), "{:?}", member.command);
    let flink = plan.flink.unwrap();
    assert_eq!((flink.app.as_str(), flink.buckets), ("credit-join", 16));
    let spelt = with(join("true"), "flink_cluster", json!("flink-b"));
    let spelt = with(spelt, "flink_claster", Value::Null);
    assert_eq!(
        planned(TaskKind::Sample, &spelt).flink.unwrap().cluster,
        "flink-b"
    );
}

#[test]
fn defaults_of_a_join_are_those_of_the_originals_form() {
    let mut config = join("True");
    for key in ["bucket_num", "run_mode", "batch_size", "file_part_size", "wait_s"] {
        config[key] = json!("");
    }
    let command = planned(TaskKind::Sample, &config).members[0].command.join(" ");
    for flag in [
        "bucket_num=8",
        "run_mode=k8s",
        "batch_size=10240",
        "file_part_size=65536",
        "wait_s=18000",
    ] {
        assert!(command.contains(flag), "{flag} is not in {command}");
    }
}

#[test]
fn a_feature_increment_shares_its_work() {
    let config = json!({
        "job_type": "feature-inc", "job_name": "more", "docker_image": "registry.example/efls/sample:1.0",
        "input_path": "/data/in", "output_path": "/data/out", "split_num": "4", "worker_num": "3",
        "left_key": "a,b", "right_key": "c, d", "aux_table": ["t", "u"],
    });
    let plan = planned(TaskKind::Sample, &config);
    let member = &plan.members[0];
    assert_eq!(
        (member.name.as_str(), member.pods, member.retries),
        ("more", Pods::WorkQueue(3), 1)
    );
    let command = [
        "python",
        "-m",
        "xfl.data.main.run_wq_local_join",
        "--job_name=more-01234567-1",
        "--input_dir=/data/in",
        "--output_dir=/data/out",
        "--split_num=4",
        "--left_key=a",
        "--right_key=c",
        "--aux_table=t",
        "--left_key=b",
        "--right_key=d",
        "--aux_table=u",
    ];
    assert_eq!(member.command, command);
    assert_eq!(plan.needs_services, ["redis"]);
    let objects = objects(TaskKind::Sample, &config);
    let spec = &named(&objects, "more")["spec"];
    assert_eq!((&spec["parallelism"], spec.get("completions")), (&json!(3), None));
    let pod = &spec["template"]["spec"];
    assert_eq!(
        pod["volumes"],
        json!([{"name": "nas-pv-storage", "persistentVolumeClaim": {"claimName": "nas-pvc"}}])
    );
    assert_eq!(
        pod["containers"][0]["volumeMounts"],
        json!([{"name": "nas-pv-storage", "mountPath": "/data"}])
    );
    let uneven = with(config, "aux_table", json!("t"));
    assert_eq!(
        problems(TaskKind::Sample, &uneven),
        [("/aux_table".to_owned(), "lengths_differ".to_owned())]
    );
}

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

fn generic() -> Value {
    json!({
        "job_type": "generic", "docker_image": "registry.example/efls/any:2", "volumes": "nas-pv-storage",
        "roles": [
            {"name": "chief", "command": ["run", "a b; c"], "env": {"A": 1}, "core": 1, "memory": 64},
            {"name": "worker", "replicas": 2, "core": 1, "memory": 64, "port": 7000},
            {"name": "ps", "core": 1, "memory": 64, "serves": "true", "args": "x,y"},
        ],
    })
}

#[test]
fn a_generic_job_has_roles_that_know_each_other() {
    let plan = planned(TaskKind::Train, &generic());
    let base = "efls-0123456789abcdef0123456789abcdef-1";
    let [chief, worker, ps] = plan.members.as_slice() else {
        panic!("three roles")
    };
    assert_eq!(chief.command, ["run", "a b; c"]);
    assert_eq!(
        (worker.pods, worker.counts, ps.counts),
        (Pods::Indexed(2), true, false)
    );
    let worker_name = format!("{base}-worker");
    let addresses = format!("{worker_name}-0.{worker_name}:7000,{worker_name}-1.{worker_name}:7000");
    for member in &plan.members {
        assert!(
            member
                .env
                .contains(&("EFLS_ADDRESSES_WORKER".to_owned(), addresses.clone()))
        );
    }
    assert!(chief.env.contains(&("A".to_owned(), "1".to_owned())));
    assert_eq!(worker.subdomain.as_deref(), Some(worker_name.as_str()));
    let objects = objects(TaskKind::Train, &generic());
    let service = named(&objects, &worker_name.clone());
    assert_eq!(service["kind"], "Job");
    let spec = &service["spec"];
    assert_eq!(
        (&spec["completionMode"], &spec["completions"]),
        (&json!("Indexed"), &json!(2))
    );
    assert_eq!(spec["template"]["spec"]["automountServiceAccountToken"], false);
}

#[test]
fn a_generic_job_takes_nothing_that_is_not_allowed() {
    let role = |key: &str, value: Value| {
        let mut config = generic();
        config["roles"][1][key] = value;
        config
    };
    for (config, code) in [
        (with(generic(), "volumes", json!(["host"])), "volume_refused"),
        (with(generic(), "roles", json!([])), "not_in_range"),
        (role("name", json!("chief")), "name_twice"),
        (role("name", json!("much-too-long-a-name")), "not_a_name"),
        (role("hostPath", json!("/")), "setting_unknown"),
        (role("env", json!({"A B": "1"})), "variable_refused"),
        (role("port", json!(70000)), "not_in_range"),
        (role("host_name", json!("w")), "domain_missing"),
    ] {
        let codes: Vec<_> = problems(TaskKind::Sample, &config)
            .into_iter()
            .map(|(_, code)| code)
            .collect();
        assert!(codes.contains(&code.to_owned()), "{code} is not in {codes:?}");
    }
}

#[test]
fn the_schemas_take_what_the_engine_takes() {
    for (kind, config) in [
        (TaskKind::Sample, join("True")),
        (TaskKind::Train, train()),
        (TaskKind::Train, generic()),
        (TaskKind::Sample, generic()),
    ] {
        let schema = schema::of(kind, &["main"]);
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let mut config = config;
        // A form writes it so; the engine reads the original's way of writing as well.
        if config.get("is_server").is_some() {
            config["is_server"] = json!("true");
        }
        if let Err(error) = validator.validate(&config) {
            panic!("{kind:?}: {error}");
        }
        assert!(!validator.is_valid(&json!({})), "{kind:?}");
    }
}

#[test]
fn every_setting_of_a_schema_has_texts_in_both_languages() {
    fn walk(schema: &Value, count: &mut usize) {
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            *count += 1;
            let chinese = &property["x-i18n"]["zh"];
            for text in [
                &property["title"],
                &property["description"],
                &chinese["title"],
                &chinese["description"],
            ] {
                assert!(
                    text.as_str().is_some_and(|text| !text.is_empty()),
                    "{key}: {property}"
                );
            }
            walk(property, count);
            walk(&property["items"], count);
        }
    }
    let mut count = 0;
    for kind in [TaskKind::Sample, TaskKind::Train] {
        walk(&schema::of(kind, &[]), &mut count);
    }
    assert!(count > 60, "{count}");
}

#[test]
fn a_setting_says_for_which_kind_of_job_it_is() {
    let schema = schema::of(TaskKind::Sample, &[]);
    let of = |key: &str| &schema["properties"][key];
    assert_eq!(schema["required"], json!(["docker_image"]));
    assert_eq!(of("docker_image").get("x-when"), None);
    let join = json!({"setting": "job_type", "is_not": ["feature-inc", "generic"]});
    assert_eq!(of("bucket_num")["x-when"], join);
    assert_eq!(
        of("job_name")["x-when"],
        json!({"setting": "job_type", "is_not": ["generic"]})
    );
    assert_eq!(of("job_name")["x-shared-when"], join);
    assert_eq!(
        of("roles")["x-when"],
        json!({"setting": "job_type", "is": ["generic"]})
    );
    assert_eq!(
        (&of("roles")["x-needed"], of("cluster").get("x-needed")),
        (&json!(true), None)
    );
}
