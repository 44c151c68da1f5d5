//! Runs whose engines work on a cluster, whatever becomes of the consoles meanwhile.

use std::collections::BTreeMap;

use console_app::Settings;
use console_app::instances;
use engine_kubernetes::{ClusterConfig, KubernetesConfig, KubernetesEngine};
use kubernetes_stand_in::{Fault, Options, Script, StandIn};
use serde_json::Value;

use super::*;

/// A cluster that both sides use.
pub(crate) struct Cluster {
    pub(crate) cluster: StandIn,
    kubeconfig: tempfile::TempDir,
}

impl Cluster {
    pub(crate) async fn start() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let cluster = StandIn::start(Options::default()).await;
        let kubeconfig = tempfile::tempdir().unwrap();
        std::fs::write(kubeconfig.path().join("config"), cluster.kubeconfig()).unwrap();
        Self { cluster, kubeconfig }
    }

    pub(crate) fn engine(&self) -> KubernetesEngine {
        let cluster = ClusterConfig {
            kubeconfig: self.kubeconfig.path().join("config"),
            images: vec!["registry.example/".to_owned()],
            ..ClusterConfig::default()
        };
        KubernetesEngine::new(KubernetesConfig {
            clusters: BTreeMap::from([("main".to_owned(), cluster)]),
            default_cluster: String::new(),
        })
    }

    async fn is_clean(&self) {
        self.cluster
            .wait_until(|cluster| cluster.is_empty("default"))
            .await;
        assert_eq!(self.cluster.refused(), Vec::<String>::new());
    }

    /// How often a Job was made.
    fn made(&self, job: &str) -> usize {
        let requests = self.cluster.requests().into_iter();
        let of_job = |body: &Value| body["kind"] == "Job" && body["metadata"]["name"] == job;
        let made = requests.filter(|request| request.status == 201 && of_job(&request.body));
        made.count()
    }

    async fn consoles(&self) -> Pair {
        let host = Console::start_tuned("host", None, self.engine(), on_clusters).await;
        let peer = Console::start_tuned("peer", None, self.engine(), on_clusters).await;
        paired(host, peer, join("true"), join("false")).await
    }
}

pub(crate) fn on_clusters(settings: &mut Settings) {
    KubernetesEngine::NAME.clone_into(&mut settings.default_engine);
}

pub(crate) fn join(is_server: &str) -> Value {
    json!({
        "job_name": "join", "docker_image": "registry.example/sample:1", "input_path": "/in", "output_path": "/out",
        "hash_col_name": "id", "sort_col_name": "ts", "is_server": is_server, "flink_claster": "flink",
        "ingress_ip": "192.0.2.9", "port": "443", "host": "server.example",
    })
}

#[actix_web::test]
async fn both_halves_of_a_join_run_on_their_cluster() {
    let cluster = Cluster::start().await;
    let server = Script::new()
        .log("Flink at http://10.0.0.7:8081")
        .log("submitted with JobID 0af3c2")
        .wait_ms(300)
        .exit(0);
    cluster.cluster.pods("join-server", server);
    let pair = cluster.consoles().await;
    pair.run().await;
    let ours = reaches(&pair.host, InstanceStatus::Succeeded).await;
    reaches(&pair.peer, InstanceStatus::Succeeded).await;
    let message = serde_json::to_value(&ours.message).unwrap();
    assert_eq!(
        message["job_log_link"],
        "http://10.0.0.7:8081/#/job/0af3c2/overview"
    );
    let log = log(&pair.host, &ours.id, 1).await;
    assert!(
        log.lines
            .iter()
            .any(|line| line.text == "submitted with JobID 0af3c2")
    );
    cluster.is_clean().await;
    pair.stop().await;
}

/// What an engine finds on its clusters is for administrators.
#[actix_web::test]
async fn an_administrator_is_told_what_the_engine_finds() {
    let cluster = Cluster::start().await;
    let console = Console::start_tuned("host", None, cluster.engine(), on_clusters).await;
    let admin = Client::new(&console, "admin", Role::Admin).await;
    let found = admin.post("/engines/kubernetes/check", json!(null)).await;
    assert_eq!(found.status, 200, "{}", found.body);
    assert_eq!(
        (&found.body[0]["subject"], &found.body[0]["health"]),
        (&json!("main"), &json!("good"))
    );
    assert!(found.body[0]["text_zh"].is_string());
    cluster.cluster.fault(Fault::Unreachable);
    let found = admin.post("/engines/kubernetes/check", json!(null)).await;
    assert_eq!(found.body[0]["health"], "bad");
    let nothing = admin.post("/engines/nobody/check", json!(null)).await;
    assert_eq!(
        (nothing.status, &nothing.body["code"]),
        (404, &json!("not_found"))
    );
    let user = Client::new(&console, "user", Role::Default).await;
    assert_eq!(
        user.post("/engines/kubernetes/check", json!(null)).await.status,
        403
    );
    console.stop().await;
}

/// A console that is killed while its pods work finds them again, and starts nothing twice.
#[actix_web::test]
async fn a_killed_console_takes_its_job_up_again() {
    let cluster = Cluster::start().await;
    cluster.cluster.pods("join", Script::runs_forever());
    let mut pair = cluster.consoles().await;
    pair.run().await;
    reaches(&pair.host, InstanceStatus::Running).await;
    reaches(&pair.peer, InstanceStatus::Running).await;
    pair.host = pair
        .host
        .kill()
        .await
        .start_tuned(cluster.engine(), on_clusters)
        .await;
    for pod in cluster.cluster.objects("pods", "default") {
        assert!(
            cluster
                .cluster
                .finish_pod(pod["metadata"]["name"].as_str().unwrap(), 0)
        );
    }
    reaches(&pair.host, InstanceStatus::Succeeded).await;
    reaches(&pair.peer, InstanceStatus::Succeeded).await;
    assert_eq!((cluster.made("join-server"), cluster.made("join-client")), (1, 1));
    cluster.is_clean().await;
    pair.stop().await;
}

/// A job that ended while nobody looked is known to have ended.
#[actix_web::test]
async fn what_ends_while_the_console_is_away_is_not_missed() {
    let cluster = Cluster::start().await;
    cluster.cluster.pods("join", Script::runs_forever());
    let mut pair = cluster.consoles().await;
    pair.run().await;
    reaches(&pair.host, InstanceStatus::Running).await;
    reaches(&pair.peer, InstanceStatus::Running).await;
    let killed = pair.host.kill().await;
    for pod in cluster.cluster.objects("pods", "default") {
        cluster
            .cluster
            .finish_pod(pod["metadata"]["name"].as_str().unwrap(), 3);
    }
    reaches(&pair.peer, InstanceStatus::Failed).await;
    pair.host = killed.start_tuned(cluster.engine(), on_clusters).await;
    let ours = reaches(&pair.host, InstanceStatus::Failed).await;
    assert_eq!((ours.attempt, cluster.made("join-server")), (1, 1));
    cluster.is_clean().await;
    pair.stop().await;
}

/// A cluster that is away when a run is stopped keeps neither the stop nor the clean-up from happening.
#[actix_web::test]
async fn a_stop_without_the_cluster_is_made_good_later() {
    let cluster = Cluster::start().await;
    cluster.cluster.pods("join", Script::runs_forever());
    let mut pair = cluster.consoles().await;
    let id = pair.run().await;
    reaches(&pair.host, InstanceStatus::Running).await;
    reaches(&pair.peer, InstanceStatus::Running).await;
    cluster.cluster.fault(Fault::Unreachable);
    instances::stop(&pair.host.app, &root(), &id).await.unwrap();
    reaches(&pair.host, InstanceStatus::Stopped).await;
    reaches(&pair.peer, InstanceStatus::Stopped).await;
    // What the process would still have tried ends with it.
    pair.host = pair
        .host
        .kill()
        .await
        .start_tuned(cluster.engine(), on_clusters)
        .await;
    assert!(!cluster.cluster.is_empty("default"));
    cluster.cluster.fault(Fault::None);
    pair.host.app.wake().engines.notify_one();
    pair.peer.app.wake().engines.notify_one();
    cluster.is_clean().await;
    // And the run can be started again, under the same names.
    cluster.cluster.pods("join", Script::succeeds());
    instances::start(&pair.host.app, &root(), &id).await.unwrap();
    let ended = reaches(&pair.host, InstanceStatus::Succeeded).await;
    assert_eq!((ended.attempt, cluster.made("join-server")), (2, 2));
    cluster.is_clean().await;
    pair.stop().await;
}
