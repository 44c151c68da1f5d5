mod generic;
mod train;

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
