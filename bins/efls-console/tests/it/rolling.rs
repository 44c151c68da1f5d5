//! Replacing the processes of one console one by one, behind a proxy and in the middle of a run with a partner.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, HttpServer, web};
use serde_json::{Value, json};
use tempfile::tempdir;

use crate::program::{
    Console, Running, client, client_builder, errors, free_port, json as printed, post, program, run,
};

/// How often the proxy asks whether a process is ready; `service.drain_seconds` is longer.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// What does not happen within this time does not happen.
const BOUND: Duration = Duration::from_secs(180);

/// The processes behind the proxy, and which of them are ready.
#[derive(Clone)]
struct Backends {
    ports: [u16; 2],
    ready: Arc<Mutex<Vec<u16>>>,
    next: Arc<AtomicUsize>,
    to_them: reqwest::Client,
}

impl Backends {
    fn new(ports: [u16; 2]) -> Self {
        // Each request has a connection of its own, so that none is sent on one that is being closed.
        let to_them = client_builder().pool_max_idle_per_host(0).build().unwrap();
        Self {
            ports,
            ready: Arc::default(),
            next: Arc::default(),
            to_them,
        }
    }

    async fn look(self) {
        loop {
            let mut ready = Vec::new();
            for port in self.ports {
                let asked = self.to_them.get(format!("http://127.0.0.1:{port}/health/ready"));
                if asked.send().await.is_ok_and(|answer| answer.status() == 200) {
                    ready.push(port);
                }
            }
            *self.ready.lock().unwrap() = ready;
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    async fn are_ready(&self, count: usize) {
        let all = async {
            while self.ready.lock().unwrap().len() != count {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        let waited = tokio::time::timeout(BOUND, all).await;
        waited.unwrap_or_else(|_| panic!("{count} processes are not ready"));
    }
}

/// Hands a request to one of the processes that are ready. It is tried once: what fails, fails for the caller.
async fn forward(request: HttpRequest, body: web::Bytes, backends: web::Data<Backends>) -> HttpResponse {
    let turn = backends.next.fetch_add(1, Ordering::Relaxed);
    let port = {
        let ready = backends.ready.lock().unwrap();
        match ready.len() {
            0 => return HttpResponse::ServiceUnavailable().body("nobody is ready"),
            many => ready[turn % many],
        }
    };
    let url = format!("http://127.0.0.1:{port}{}", request.uri());
    let method = reqwest::Method::from_bytes(request.method().as_str().as_bytes()).unwrap();
    let mut there = backends.to_them.request(method, url).body(body.to_vec());
    for (name, value) in request.headers() {
        if !["connection", "content-length"].contains(&name.as_str()) {
            there = there.header(name.as_str(), value.as_bytes());
        }
    }
    let answer = match there.send().await {
        Ok(answer) => answer,
        Err(error) => return HttpResponse::BadGateway().body(format!("{port}: {error:?}")),
    };
    let status = actix_web::http::StatusCode::from_u16(answer.status().as_u16()).unwrap();
    let mut response = HttpResponse::build(status);
    for (name, value) in answer.headers() {
        if !["connection", "content-length", "transfer-encoding"].contains(&name.as_str()) {
            response.append_header((name.as_str(), value.as_bytes()));
        }
    }
    match answer.bytes().await {
        Ok(body) => response.body(body.to_vec()),
        Err(error) => HttpResponse::BadGateway().body(format!("{port}: {error:?}")),
    }
}

/// What one of the two consoles of the demo stores.
struct Stored {
    dir: PathBuf,
    side: &'static str,
}

impl Stored {
    /// Starts a process on it that says its console is at `base_url`.
    fn serve(&self, port: u16, base_url: &str) -> Running {
        let dir = self.dir.join("demo-data").join(self.side);
        let at = |name: &str| dir.join(name).display().to_string();
        let mut command = program(&self.dir, &["serve", "--port", &port.to_string()]);
        command
            .env("EFLS_CONFIG_DIR", at("config"))
            .env("EFLS_SERVICE__NAME", self.side)
            .env("EFLS_SERVICE__BASE_URL", base_url)
            .env("EFLS_SERVICE__DRAIN_SECONDS", "1")
            .env("EFLS_DATABASE__URL", format!("sqlite:{}", at("console.db")))
            .env("EFLS_STORAGE__LOCAL__DIR", at("objects"))
            .env("EFLS_ENGINES__LOCAL__WORK_DIR", at("work"))
            .env("EFLS_FEDERATION__ALLOW_LOOPBACK", "true")
            .env("EFLS_FEDERATION__START_ON_PARTNER_REQUEST", "always");
        Console::start(&mut command).process
    }
}

/// A console as an operator sees it, at its address.
struct Signed {
    url: String,
    token: String,
}

impl Signed {
    async fn in_at(url: &str, dir: &Path, side: &str) -> Self {
        let passwords = std::fs::read(dir.join("demo-data/passwords.json")).unwrap();
        let passwords: Value = serde_json::from_slice(&passwords).unwrap();
        let account = json!({ "name": "admin", "password": passwords[side] });
        let (status, session) = post(&format!("{url}/api/v1/session"), None, &account).await;
        assert_eq!(status, 201, "{session}");
        Self {
            url: url.to_owned(),
            token: session["token"].as_str().unwrap().to_owned(),
        }
    }

    fn api(&self, path: &str) -> String {
        format!("{}/api/v1/{path}", self.url)
    }

    async fn get(&self, path: &str) -> Value {
        let asked = client().get(self.api(path)).bearer_auth(&self.token);
        let answer = asked.send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, 200, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Waits until a run is in one of some states, and gives the run.
    async fn reaches(&self, run: &str, states: &[&str]) -> Value {
        let look = async {
            loop {
                let now = self.get(&format!("instances/{run}")).await;
                if states.contains(&now["status"].as_str().unwrap()) {
                    return now;
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        let reached = tokio::time::timeout(BOUND, look).await;
        reached.unwrap_or_else(|_| panic!("run {run} reaches none of {states:?}"))
    }
}

/// The training that the demo has left.
async fn training(console: &Signed) -> String {
    let projects = console.get("projects").await;
    let project = projects["items"][0]["id"].as_str().unwrap();
    let tasks = console.get(&format!("projects/{project}/tasks")).await;
    let mut roots = tasks["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| &task["root"]);
    let training = roots.find(|root| root["task_type"] == "train").unwrap();
    training["id"].as_str().unwrap().to_owned()
}

/// Asks the console all the time until told to end. Gives how often it asked, and what was not answered well.
async fn ask(console: &Signed, end: Arc<AtomicBool>) -> (usize, Vec<String>) {
    let (mut asked, mut bad) = (0, Vec::new());
    while !end.load(Ordering::Relaxed) {
        for path in ["system", "overview", "instances"] {
            asked += 1;
            let answer = client().get(console.api(path)).bearer_auth(&console.token);
            match answer.send().await {
                Ok(answer) if answer.status() == 200 => {}
                Ok(answer) => bad.push(format!("{path}: {} {:?}", answer.status(), answer.text().await)),
                Err(error) => bad.push(format!("{path}: {error:?}")),
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    (asked, bad)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_are_replaced_without_a_failed_request_and_the_run_goes_on() {
    let dir = tempdir().unwrap();
    let (front, peer_port) = (free_port(), free_port());
    let (host_flag, peer_flag) = (front.to_string(), peer_port.to_string());
    let demo = run(
        dir.path(),
        &[
            "demo",
            "--once",
            "--json",
            "--host-port",
            &host_flag,
            "--peer-port",
            &peer_flag,
        ],
    );
    assert!(demo.status.success(), "{}", errors(&demo));
    let report = printed(&demo);
    let (host_url, peer_url) = (
        report["host_url"].as_str().unwrap(),
        report["peer_url"].as_str().unwrap(),
    );

    let backends = Backends::new([free_port(), free_port()]);
    let data = web::Data::new(backends.clone());
    let proxy = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(data.clone())
            .app_data(web::PayloadConfig::new(64 << 20))
            .default_service(web::to(forward))
    });
    let proxy = proxy
        .workers(1)
        .disable_signals()
        .bind(("127.0.0.1", front))
        .unwrap()
        .run();
    tokio::spawn(proxy);
    tokio::spawn(backends.clone().look());
    let stored = |side| Stored {
        dir: dir.path().to_owned(),
        side,
    };
    let (host, peer) = (stored("host"), stored("peer"));
    let _peer = peer.serve(peer_port, peer_url);
    let mut replicas = backends.ports.map(|port| host.serve(port, host_url));
    backends.are_ready(2).await;

    let here = Arc::new(Signed::in_at(host_url, dir.path(), "host").await);
    let there = Signed::in_at(peer_url, dir.path(), "peer").await;
    let task = training(&here).await;
    let end = Arc::new(AtomicBool::new(false));
    let asking = tokio::spawn({
        let (here, end) = (Arc::clone(&here), Arc::clone(&end));
        async move { ask(&here, end).await }
    });
    let started = async || {
        let (status, run) = post(
            &here.api(&format!("tasks/{task}/instances")),
            Some(&here.token),
            &json!({}),
        )
        .await;
        assert_eq!(status, 201, "{run}");
        let id = run["id"].as_str().unwrap().to_owned();
        here.reaches(&id, &["running"]).await;
        id
    };
    // Whichever of them has the run: both are replaced while it goes.
    for (replica, port) in replicas.iter_mut().zip(backends.ports) {
        let run = started().await;
        let (status, _) = tokio::task::block_in_place(|| replica.terminate());
        assert!(status.success(), "{status}");
        *replica = tokio::task::block_in_place(|| host.serve(port, host_url));
        backends.are_ready(2).await;
        let ended = ["succeeded", "failed", "stopped", "lost"];
        let ours = here.reaches(&run, &ended).await;
        assert_eq!(ours["status"], "succeeded", "{ours}");
        let theirs = ours["partner"]["instance_id"].as_str().unwrap();
        let theirs = there.reaches(theirs, &ended).await;
        assert_eq!(theirs["status"], "succeeded", "{theirs}");
    }
    end.store(true, Ordering::Relaxed);
    let (asked, bad) = asking.await.unwrap();
    assert!(bad.is_empty(), "{} of {asked}: {bad:#?}", bad.len());
    assert!(asked > 100, "{asked}");
}
