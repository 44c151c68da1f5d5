//! A cluster with settings for the engine, and runs on it.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;

use engine_kubernetes::{ClusterConfig, IngressConfig, KubernetesConfig, KubernetesEngine, VolumeConfig};
use kubernetes_stand_in::{Options, StandIn};
use serde_json::{Value, json};
use task_interface::conformance::{CaseSide, EngineCase, PairOutcome, Script, SideOutcome, run_pair};
use task_interface::host::Report;
use task_interface::{EngineError, Failure, TaskKind};
use tempfile::NamedTempFile;

/// A cluster and the settings that lead to it.
pub(crate) struct Bench {
    pub(crate) cluster: StandIn,
    pub(crate) config: KubernetesConfig,
    _kubeconfig: NamedTempFile,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        Self::with(Options::default(), |_| {}).await
    }

    pub(crate) async fn with(options: Options, change: impl Fn(&mut ClusterConfig)) -> Self {
        // A second call finds what the first one installed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let cluster = StandIn::start(options).await;
        let kubeconfig = cluster.kubeconfig();
        Self::of(cluster, &kubeconfig, change)
    }

    pub(crate) fn of(cluster: StandIn, kubeconfig: &str, change: impl Fn(&mut ClusterConfig)) -> Self {
        let mut file = NamedTempFile::new().expect("a temporary file can be made");
        file.write_all(kubeconfig.as_bytes()).expect("it can be written");
        let mut of_cluster = ClusterConfig {
            kubeconfig: file.path().to_owned(),
            images: vec!["registry.example/".into()],
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
        change(&mut of_cluster);
        let config = KubernetesConfig {
            clusters: BTreeMap::from([("main".to_owned(), of_cluster)]),
            default_cluster: String::new(),
        };
        Self {
            cluster,
            config,
            _kubeconfig: file,
        }
    }

    pub(crate) fn engine(&self) -> impl Fn() -> KubernetesEngine + Send + Sync + use<> {
        let config = self.config.clone();
        move || KubernetesEngine::new(config.clone())
    }

    /// Runs both sides of a task on this cluster.
    pub(crate) async fn run(&self, case: &EngineCase, script: Script) -> PairOutcome {
        let make: Arc<dyn Fn() -> KubernetesEngine + Send + Sync> = Arc::new(self.engine());
        let outcome = run_pair(&make, case, script).await;
        let outcome = outcome.expect("the folder of the test works");
        assert_eq!(outcome.violations, Vec::<String>::new());
        outcome
    }

    /// Waits until the cluster has nothing of a run any more, and checks that every object was as it must be.
    pub(crate) async fn is_left_clean(&self) {
        self.cluster
            .wait_until(|cluster| cluster.is_empty("default"))
            .await;
        assert_eq!(self.cluster.refused(), Vec::<String>::new());
    }
}

/// A join, whose two halves have names of their own.
pub(crate) fn join() -> EngineCase {
    EngineCase::new(
        TaskKind::Sample,
        CaseSide::new(join_config("true")),
        CaseSide::new(join_config("false")),
        json!({"job_name": "Not A Name"}),
    )
    .metrics_vary()
}

pub(crate) fn join_config(is_server: &str) -> Value {
    json!({
        "job_name": "join", "docker_image": "registry.example/sample:1", "input_path": "/in", "output_path": "/out",
        "hash_col_name": "id", "sort_col_name": "ts", "is_server": is_server, "flink_claster": "flink",
        "ingress_ip": "192.0.2.9", "port": "443", "host": "server.example", "bucket_num": "2",
    })
}

/// A training, whose two halves are applications of their own.
pub(crate) fn train() -> EngineCase {
    EngineCase::new(
        TaskKind::Train,
        CaseSide::new(train_config("leads", "leader")),
        CaseSide::new(train_config("follows", "follower")),
        json!({"appid": 7, "worker": 1}),
    )
}

pub(crate) fn train_config(appid: &str, role: &str) -> Value {
    json!({
        "appid": appid, "docker_image": "registry.example/train:1", "code_dir": "/data/code", "script": "train.py",
        "zk_addr": "zfs://zk:2181/efls", "peer_addr": "peer.example:443", "target_hostname": "peer.example",
        "cert_file_path": "/data/ca.pem", "federal_role": role,
        "worker": {"instance_num": 2, "core": 1, "memory": 500}, "ps": {"core": 1, "memory": 500},
    })
}

/// The side that failed by itself; the other one was stopped.
pub(crate) fn failed(outcome: &PairOutcome) -> &SideOutcome {
    match outcome.initiator.ended {
        Err(EngineError::Cancelled) => &outcome.partner,
        _ => &outcome.initiator,
    }
}

/// What went wrong on a side.
pub(crate) fn failure(side: &SideOutcome) -> &Failure {
    match &side.ended {
        Err(EngineError::Failed(failure)) => failure,
        other => panic!("ended with {other:?}"),
    }
}

/// The log lines of a side: role and text.
pub(crate) fn log(side: &SideOutcome) -> Vec<(String, String)> {
    let lines = side.reports.iter().filter_map(|report| match report {
        Report::Log { role, text, .. } => Some((role.clone(), text.en.clone())),
        _ => None,
    });
    lines.collect()
}

/// What stood beside the bar of a side, one after the other.
pub(crate) fn progress(side: &SideOutcome) -> Vec<String> {
    let texts = side.reports.iter().filter_map(|report| match report {
        Report::Progress { text, .. } => Some(text.en.clone()),
        _ => None,
    });
    texts.collect()
}
