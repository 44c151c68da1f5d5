//! Its runs.

use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

use super::{BaseConsole, Shared, id, ok, refused};

/// Both sides know it.
pub(crate) const READY: i64 = 1;
/// Its engine has it.
pub(crate) const RUNNING: i64 = 3;
/// Its engine failed, or its job was not found any more.
pub(crate) const FAILED: i64 = 4;
/// Stopped, or finished well.
pub(crate) const TERMINATED: i64 = 5;

/// One of its runs.
pub(crate) struct Run {
    /// Its id of it.
    pub(crate) id: String,
    /// Its state.
    pub(crate) status: i64,
}

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/task_instance/peer/{id}", web::post().to(create))
        .route("/task_instance/peer/{id}", web::get().to(read))
        .route("/task_instance/peer/{id}", web::put().to(command));
}

async fn create(known: Shared, theirs: web::Path<String>, body: web::Json<Value>) -> HttpResponse {
    let mut known = known.lock().unwrap();
    known.asked += 1;
    if known.runs.contains_key(&*theirs) {
        return refused(409, 6);
    }
    if !known
        .pairings
        .values()
        .any(|pairing| body["task_peer_id"] == **pairing)
    {
        return refused(404, 5);
    }
    let run = Run {
        id: id(),
        status: RUNNING,
    };
    let answer = ok(json!({"task_instance_id": run.id}));
    known.runs.insert(theirs.into_inner(), run);
    answer
}

async fn read(known: Shared, theirs: web::Path<String>) -> HttpResponse {
    let mut known = known.lock().unwrap();
    match known.runs.get(&*theirs) {
        Some(run) => ok(json!({"id": run.id, "instance_peer_id": *theirs, "status": run.status})),
        None => {
            known.unknown.0 += 1;
            refused(404, 5)
        }
    }
}

/// It starts what is ready or terminated, and stops what runs. In every other state it does nothing and says so by its
/// state alone.
async fn command(known: Shared, theirs: web::Path<String>, body: web::Json<Value>) -> HttpResponse {
    let mut known = known.lock().unwrap();
    let Some(before) = known.runs.get(&*theirs).map(|run| run.status) else {
        known.unknown.1 += 1;
        return refused(404, 5);
    };
    known.commands.push(before);
    let after = match (body["status"].as_i64(), before) {
        (Some(RUNNING), READY | TERMINATED) => RUNNING,
        (Some(TERMINATED), RUNNING) => TERMINATED,
        _ => before,
    };
    known.runs.get_mut(&*theirs).unwrap().status = after;
    ok(json!({"status": after}))
}

impl BaseConsole {
    /// Its run of the caller's id is in a state from now on; made if it is not there.
    pub(crate) fn is(&self, theirs: &str, run: &str, status: i64) {
        let run = Run {
            id: run.to_owned(),
            status,
        };
        self.known.lock().unwrap().runs.insert(theirs.to_owned(), run);
    }

    /// The state of its run of the caller's id.
    pub(crate) fn status(&self, theirs: &str) -> Option<i64> {
        self.known.lock().unwrap().runs.get(theirs).map(|run| run.status)
    }
}
