//! A rolling update: both processes of a console are replaced while operators and a partner work with it.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::tempdir;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::program::{Console, client, errors, free_port, post, program, run, sign_in};

/// What stands before the processes: it asks each for its health, and leads connections to those that are ready.
struct Balancer {
    ready: Vec<(String, Arc<AtomicBool>)>,
    tasks: Vec<JoinHandle<()>>,
}

impl Balancer {
    /// At a port, before processes at others that need not run yet.
    async fn start(port: u16, behind: &[u16]) -> Self {
        let ready: Vec<_> = behind
            .iter()
            .map(|port| (format!("127.0.0.1:{port}"), Arc::new(AtomicBool::new(false))))
            .collect();
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let mut tasks = Vec::new();
        for (address, ready) in ready.clone() {
            tasks.push(tokio::spawn(async move {
                loop {
                    let answer = client()
                        .get(format!("http://{address}/health/ready"))
                        .send()
                        .await;
                    ready.store(
                        answer.is_ok_and(|answer| answer.status() == 200),
                        Ordering::Relaxed,
                    );
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }));
        }
        let behind = ready.clone();
        tasks.push(tokio::spawn(async move {
            let next = Arc::new(AtomicUsize::new(0));
            loop {
                let (taken, _) = listener.accept().await.unwrap();
                let (behind, next) = (behind.clone(), Arc::clone(&next));
                tokio::spawn(lead(taken, behind, next));
            }
        }));
        Self { ready, tasks }
    }

    async fn until(&self, place: usize, wanted: bool) {
        for _ in 0..600 {
            if self.ready[place].1.load(Ordering::Relaxed) == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("process {place} is not {wanted} for the proxy");
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn lead(mut taken: TcpStream, behind: Vec<(String, Arc<AtomicBool>)>, next: Arc<AtomicUsize>) {
    for _ in 0..behind.len() {
        let (address, ready) = &behind[next.fetch_add(1, Ordering::Relaxed) % behind.len()];
        if !ready.load(Ordering::Relaxed) {
            continue;
        }
        if let Ok(mut there) = TcpStream::connect(address).await {
            // An end of either side is what its client or server wanted.
            let _ = tokio::io::copy_bidirectional(&mut taken, &mut there).await;
            return;
        }
    }
}

/// `serve` on what a demo has left of one side.
fn serve(demo: &Path, side: &str, port: u16, address: u16) -> Command {
    let dir = demo.join(side);
    let at = |name: &str| dir.join(name).display().to_string();
    let mut command = program(&dir, &["serve", "--port", &port.to_string()]);
    command
        .env("EFLS_CONFIG_DIR", at("config"))
        .env("EFLS_SERVICE__NAME", side)
        .env("EFLS_SERVICE__BASE_URL", format!("http://127.0.0.1:{address}"))
        .env("EFLS_SERVICE__DRAIN_SECONDS", "2")
        .env("EFLS_DATABASE__URL", format!("sqlite:{}", at("console.db")))
        .env("EFLS_STORAGE__LOCAL__DIR", at("objects"))
        .env("EFLS_ENGINES__LOCAL__WORK_DIR", at(&format!("work-{port}")))
        .env("EFLS_FEDERATION__ALLOW_LOOPBACK", "true")
        .env("EFLS_FEDERATION__START_ON_PARTNER_REQUEST", "always")
        .env("EFLS_RUNS__LEASE_SECONDS", "5");
    command
}

/// One side, signed in.
#[derive(Clone)]
struct Side {
    address: String,
    token: String,
}

impl Side {
    async fn sign_in(console: &Console, port: u16, password: &Value) -> Self {
        let (status, token) = sign_in(console, "admin", password.as_str().unwrap()).await;
        assert_eq!(status, 201);
        Self {
            address: format!("http://127.0.0.1:{port}/api/v1"),
            token: token.unwrap(),
        }
    }

    async fn get(&self, path: &str) -> Value {
        let request = client()
            .get(format!("{}/{path}", self.address))
            .bearer_auth(&self.token);
        let answer = request.send().await.unwrap().error_for_status().unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let (status, answer) = post(&format!("{}/{path}", self.address), Some(&self.token), body).await;
        assert!(status < 300, "{path}: {status} {answer}");
        answer
    }

    async fn until(&self, path: &str, holds: impl Fn(&Value) -> bool) -> Value {
        let mut last = Value::Null;
        for _ in 0..1200 {
            last = self.get(path).await;
            if holds(&last) {
                return last;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{path} stays {last}");
    }

    /// The project, and a further task like the demo's training but much longer.
    async fn long_training(&self) -> (String, String) {
        let projects = self.get("projects").await;
        let project = projects["items"][0]["id"].as_str().unwrap().to_owned();
        let tasks = self.get(&format!("projects/{project}/tasks")).await;
        let tasks = tasks["items"].as_array().unwrap();
        let root = tasks.iter().map(|task| &task["root"]);
        let like = root.clone().find(|root| root["task_type"] == "train").unwrap();
        let like = self.get(&format!("tasks/{}", like["id"].as_str().unwrap())).await;
        let mut config = like["config"].clone();
        config["epochs"] = json!(3000);
        let new = json!({
            "name": "long", "task_type": "train", "token": "long", "config": config, "meta": like["meta"],
        });
        let task = self.post(&format!("projects/{project}/tasks"), &new).await;
        let task = task["id"].as_str().unwrap().to_owned();
        let resources = self
            .get(&format!("tasks/{}/resources", like["id"].as_str().unwrap()))
            .await;
        for resource in resources["items"].as_array().unwrap() {
            let same = json!({ "name": resource["name"], "uri": resource["uri"] });
            self.post(&format!("tasks/{task}/resources"), &same).await;
        }
        (project, task)
    }
}

/// Operators who read and write without a pause, until told. Gives how many requests they made.
fn operators(side: Side, partner: String, stop: Arc<AtomicBool>) -> JoinHandle<usize> {
    tokio::spawn(async move {
        let client = client();
        let mut made = 0;
        while !stop.load(Ordering::Relaxed) {
            let get = |path: &str| client.get(format!("{}/{path}", side.address));
            let request = match made % 8 {
                0 if made < 400 => client
                    .post(format!("{}/projects", side.address))
                    .json(&json!({ "name": format!("project {made}"), "partner_id": partner })),
                place if place % 2 == 0 => get("overview"),
                _ => get("instances"),
            };
            let answer = request.bearer_auth(&side.token).send().await;
            let answer = answer.unwrap_or_else(|error| panic!("request {made} failed: {error:?}"));
            let status = answer.status();
            let body = answer
                .text()
                .await
                .unwrap_or_else(|error| panic!("answer {made} broke off: {error:?}"));
            assert!(status.is_success(), "request {made}: {status} {body}");
            made += 1;
        }
        made
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_are_replaced_without_a_failed_request() {
    let dir = tempdir().unwrap();
    let (front, peer_port) = (free_port(), free_port());
    let (host_arg, peer_arg) = (front.to_string(), peer_port.to_string());
    let demo = run(
        dir.path(),
        &[
            "demo",
            "--once",
            "--json",
            "--host-port",
            &host_arg,
            "--peer-port",
            &peer_arg,
        ],
    );
    assert!(demo.status.success(), "{}", errors(&demo));
    let data = dir.path().join("demo-data");
    let passwords = std::fs::read_to_string(data.join("passwords.json")).unwrap();
    let passwords: Value = serde_json::from_str(&passwords).unwrap();

    let ports: Vec<u16> = std::iter::repeat_with(free_port).take(4).collect();
    let balancer = Balancer::start(front, &ports).await;
    let start = |place: usize| Console::start(&mut serve(&data, "host", ports[place], front));
    let mut processes = vec![start(0), start(1)];
    let metrics = format!("127.0.0.1:{}", free_port());
    let mut command = serve(&data, "peer", peer_port, peer_port);
    let partner = Console::start(command.env("EFLS_METRICS__LISTEN", &metrics));
    balancer.until(0, true).await;
    balancer.until(1, true).await;

    let host = Side::sign_in(&processes[0], front, &passwords["host"]).await;
    let peer = Side::sign_in(&partner, peer_port, &passwords["peer"]).await;
    peer.long_training().await;
    let (_, task) = host.long_training().await;
    host.post(&format!("tasks/{task}/pairing"), &json!({})).await;
    host.until(&format!("tasks/{task}"), |task| {
        task["pairing"]["status"] == "ready"
    })
    .await;
    let run = host.post(&format!("tasks/{task}/instances"), &json!({})).await;
    let run = format!("instances/{}", run["id"].as_str().unwrap());
    let far = |at: f64| move |run: &Value| run["status"] == "running" && run["progress"].as_f64() > Some(at);
    host.until(&run, far(0.0)).await;

    let stop = Arc::new(AtomicBool::new(false));
    let partners = host.get("partners").await;
    let partner_id = partners["items"][0]["id"].as_str().unwrap().to_owned();
    let work: Vec<_> = (0..3)
        .map(|_| operators(host.clone(), partner_id.clone(), Arc::clone(&stop)))
        .collect();
    for place in [2, 3] {
        processes.push(start(place));
        balancer.until(place, true).await;
        let mut old = processes.remove(0);
        let before = host.get(&run).await;
        assert_eq!(before["status"], "running", "{before}");
        let (status, _) = tokio::task::spawn_blocking(move || old.process.terminate())
            .await
            .unwrap();
        assert!(status.success(), "{status}");
        balancer.until(place - 2, false).await;
    }
    let ended = |run: &Value| !matches!(run["status"].as_str(), Some("starting" | "running" | "stopping"));
    let here = host.until(&run, ended).await;
    stop.store(true, Ordering::Relaxed);
    let mut made = 0;
    for work in work {
        made += work.await.expect("no request fails");
    }
    assert!(made > 50, "{made} requests");
    assert_eq!(here["status"], "succeeded", "{here}");
    let theirs = peer
        .until("instances?limit=1", |runs| ended(&runs["items"][0]))
        .await;
    assert_eq!(theirs["items"][0]["status"], "succeeded", "{theirs}");
    // The partner's own calls came through as well.
    let told = client()
        .get(format!("http://{metrics}/metrics"))
        .send()
        .await
        .unwrap();
    let told = told.text().await.unwrap();
    let calls = told
        .lines()
        .filter(|line| line.starts_with("efls_peer_call_duration_seconds_count"));
    let failed: Vec<_> = calls
        .clone()
        .filter(|line| line.contains("outcome=\"unreachable") || line.contains("outcome=\"unknown"))
        .collect();
    assert!(calls.count() > 0 && failed.is_empty(), "{failed:?}");
}
