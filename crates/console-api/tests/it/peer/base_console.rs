//! A console with the base protocol: it knows no signatures, no command ids and no extensions, and refuses to repeat what
//! it has done. Its engine is a test that sets the state of a run.

mod runs;

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpResponse, HttpServer, web};
use serde_json::{Value, json};

/// What it knows.
#[derive(Default)]
pub(crate) struct Known {
    /// By the caller's id.
    pub(crate) projects: HashMap<String, String>,
    /// By the caller's id.
    pub(crate) pairings: HashMap<String, String>,
    /// The versions of its one task.
    pub(crate) versions: HashSet<String>,
    /// The last config that it was told, as it came.
    pub(crate) config: Value,
    /// By the caller's id. A run that it asked for is here when it has the answer.
    pub(crate) runs: HashMap<String, Run>,
    /// How often it was asked for a run.
    pub(crate) asked: usize,
    /// How often it was asked about runs that it does not know (yet): to read, and to start or stop.
    pub(crate) unknown: (usize, usize),
    /// The states of its runs in which it was asked to start or stop one.
    pub(crate) commands: Vec<i64>,
}

pub(crate) use runs::{FAILED, READY, RUNNING, Run, TERMINATED};

type Shared = web::Data<Arc<Mutex<Known>>>;

/// A running base console, whose one task has the token `tok`.
pub(crate) struct BaseConsole {
    pub(crate) at: SocketAddr,
    pub(crate) known: Arc<Mutex<Known>>,
    server: ServerHandle,
}

fn ok(data: Value) -> HttpResponse {
    HttpResponse::Ok().json(json!({"data": data, "http_code": 200, "message": null, "rsp_code": 0}))
}

fn refused(status: u16, code: i64) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(status).unwrap();
    HttpResponse::build(status).json(json!({"message": "no", "rsp_code": code}))
}

fn id() -> String {
    console_model::ProjectId::generate().to_string()
}

async fn create(known: Shared, body: web::Json<Value>) -> HttpResponse {
    let mut known = known.lock().unwrap();
    let theirs = body["peer_id"].as_str().unwrap().to_owned();
    if known.projects.contains_key(&theirs) {
        return refused(409, 6);
    }
    known.config = body["peer_config"].clone();
    let ours = id();
    known.projects.insert(theirs, ours.clone());
    ok(json!({"project_id": ours}))
}

async fn check(known: Shared, theirs: web::Path<String>) -> HttpResponse {
    match known.lock().unwrap().projects.get(&*theirs) {
        Some(ours) => ok(json!({"project_id": ours})),
        None => refused(404, 5),
    }
}

async fn update(known: Shared, theirs: web::Path<String>, body: web::Json<Value>) -> HttpResponse {
    let mut known = known.lock().unwrap();
    known.config = body["peer_config"].clone();
    match known.projects.get(&*theirs) {
        Some(ours) => ok(json!({"project_id": ours})),
        None => refused(404, 5),
    }
}

async fn pair(known: Shared, theirs: web::Path<String>, body: web::Json<Value>) -> HttpResponse {
    let mut known = known.lock().unwrap();
    if body["token"] != "tok" {
        return refused(403, 7);
    }
    let version = body["version"].as_str().unwrap().to_owned();
    if body["task_root"] == true {
        let ours = known
            .pairings
            .entry(theirs.into_inner())
            .or_insert_with(id)
            .clone();
        known.versions.insert(version);
        return ok(json!({"task_inter_id": ours}));
    }
    if !known.versions.insert(version) {
        return refused(500, 13);
    }
    let ours = id();
    known.pairings.insert(theirs.into_inner(), ours.clone());
    ok(json!({"task_inter_id": ours}))
}

async fn meta(known: Shared, theirs: web::Path<String>) -> HttpResponse {
    match known.lock().unwrap().pairings.get(&*theirs) {
        Some(_) => ok(json!({"task_meta": {"rows": 7}})),
        None => refused(404, 5),
    }
}

impl BaseConsole {
    pub(crate) async fn start() -> Self {
        let known = Arc::new(Mutex::new(Known::default()));
        let shared = web::Data::new(Arc::clone(&known));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .route("/project/peer", web::post().to(create))
                .route("/project/peer/{id}", web::get().to(check))
                .route("/project/peer/{id}", web::put().to(update))
                .route("/task/peer/{id}", web::post().to(pair))
                .route("/task/peer/{id}", web::get().to(meta))
                .configure(runs::routes)
        })
        .workers(1)
        .bind("127.0.0.1:0")
        .unwrap();
        let at = server.addrs()[0];
        let server = server.disable_signals().run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self {
            at,
            known,
            server: handle,
        }
    }

    pub(crate) async fn stop(self) {
        self.server.stop(false).await;
    }
}
