//! Very many live runs: what they cost at rest, and that none of them is forgotten. A measurement of some minutes:
//!
//! `cargo test -p console-api --test it -- --ignored --nocapture many_live_runs`
//!
//! `EFLS_LIVE_RUNS` says how many; `EFLS_PLACES`, how many of them may have an engine at a time: the others wait for a place.

use std::collections::HashSet;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use actix_web::{HttpResponse, HttpServer, web};
use chrono::Utc;
use console_app::partners::{self, PartnerChange};
use console_db::instances::{NewInstance, count_with_status};
use console_db::outbox::waiting_by_partner;

use super::*;

/// For how long the console is watched at rest.
const AT_REST: Duration = Duration::from_secs(60);
/// After so much silence the runs are lost.
const LOST_AFTER: Duration = Duration::from_secs(60);

/// The runs that the partner was asked about.
type Asked = Arc<Mutex<HashSet<String>>>;

/// A partner that has every run, running; it costs next to nothing.
fn partner(asked: &Asked) -> (String, actix_web::dev::ServerHandle) {
    let done = |data: Value| json!({"data": data, "http_code": 200, "message": null, "rsp_code": 0});
    let asked = web::Data::from(Arc::clone(asked));
    let app = move || {
        let row = move |asked: web::Data<Mutex<HashSet<String>>>, id: web::Path<String>| async move {
            let id = id.into_inner();
            let row = json!({
                "id": format!("there-{id}"), "task_intra_id": "t", "task_inter_id": "p", "task_peer_id": "p",
                "instance_peer_id": id, "task_intra_name": "join", "status": 3, "gmt_create": 1.0, "gmt_modified": 1.0,
                "gmt_start": 1.0, "gmt_error": null, "comment": null, "message": null, "error": null, "attempt": 1,
            });
            asked.lock().unwrap().insert(id);
            HttpResponse::Ok().json(done(row))
        };
        let report = move |body: web::Json<Value>| async move {
            HttpResponse::Ok().json(done(json!({"seq": body["seq"]})))
        };
        actix_web::App::new()
            .app_data(asked.clone())
            .route("/task_instance/peer/{id}", web::get().to(row))
            .route("/peer/instances/{id}/status", web::put().to(report))
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = HttpServer::new(app)
        .workers(1)
        .disable_signals()
        .listen(listener)
        .unwrap()
        .run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    (url, handle)
}

/// Processor time that this process has taken.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let ticks: u64 = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|ticks| ticks.parse::<u64>().unwrap())
        .sum();
    Duration::from_millis(ticks * 10)
}

/// A line of `/proc/self/status` in MiB.
fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() >> 10
}

/// Waits for a condition, however long it takes; tells how long that was.
async fn when(what: &str, mut condition: impl AsyncFnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !condition().await {
        assert!(
            begun.elapsed() < Duration::from_secs(1800),
            "it never happened: {what}"
        );
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    println!("{what}: {:.1?}", begun.elapsed());
    begun.elapsed()
}

async fn add_runs(pair: &Pair, pairing: &console_model::PairingId, runs: usize) {
    let tx = pair.host.app.db().begin().await.unwrap();
    for _ in 0..runs {
        let id = InstanceId::generate();
        let new = NewInstance {
            task_id: pair.host_task.clone(),
            task_root_id: None,
            pairing_id: pairing.clone(),
            task_peer_id: "there".to_owned(),
            instance_peer_id: Some(format!("there-{id}")),
            project_id: pair.project.clone(),
            partner_id: Some(pair.peer_at_host.clone()),
            status: InstanceStatus::Starting,
            attempt: 1,
            initiator: true,
            engine: Some("local".to_owned()),
            comment: None,
            actor_kind: "operator",
            actor: None,
            request_id: None,
            at: Utc::now(),
            id,
        };
        console_db::instances::insert(&tx, new).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[actix_web::test]
#[ignore = "a measurement of some minutes"]
async fn many_live_runs() {
    let number = |name, or| std::env::var(name).map_or(or, |text| text.parse().unwrap());
    let runs: usize = number("EFLS_LIVE_RUNS", 10_000);
    let running = number("EFLS_PLACES", 32).min(runs);
    let host = Console::start_tuned("host", None, Puppet, |settings| {
        settings.runs.at_most = running;
        settings.federation.poll_every = Duration::from_secs(5);
        settings.federation.lost_after = LOST_AFTER;
        settings.federation.retry_most = Duration::from_secs(60);
    })
    .await;
    let peer = Console::start_with("peer", Puppet).await;
    let pair = paired(host, peer, json!({"do": "wait"}), json!({"do": "wait"})).await;
    let pairing = tasks::get(&pair.host.app, &root(), &pair.host_task)
        .await
        .unwrap()
        .pairing
        .unwrap()
        .id;
    let asked = Asked::default();
    let (url, server) = partner(&asked);
    let there = PartnerChange {
        address: Some(url),
        ..PartnerChange::default()
    };
    partners::update(&pair.host.app, &root(), &pair.peer_at_host, None, there)
        .await
        .unwrap();
    let Pair { host, peer, .. } = &pair;
    peer.app.shutdown().cancel();
    println!("memory before: {} MiB", memory("VmRSS"));

    add_runs(&pair, &pairing, runs).await;
    let db = host.app.db().reader();
    let with = async |status: InstanceStatus| count_with_status(db, &[status]).await.unwrap();
    when("all places are taken", async || {
        with(InstanceStatus::Running).await == running as u64
    })
    .await;
    when("the partner was told", async || {
        waiting_by_partner(db).await.unwrap().is_empty()
    })
    .await;

    let (processor, polled) = (processor_time(), asked.lock().unwrap().len());
    tokio::time::sleep(AT_REST).await;
    let share = (processor_time() - processor).as_secs_f64() / AT_REST.as_secs_f64();
    let polled = asked.lock().unwrap().len() - polled;
    println!(
        "at rest: {:.1} % of a core, {polled} runs polled in {AT_REST:?}",
        100.0 * share
    );
    println!(
        "memory at rest: {} MiB, at most {} MiB",
        memory("VmRSS"),
        memory("VmHWM")
    );
    when("each was polled", async || asked.lock().unwrap().len() == runs).await;
    let live = with(InstanceStatus::Running).await + with(InstanceStatus::Starting).await;
    assert_eq!(live, runs as u64);

    server.stop(false).await;
    let lost = when("all are lost", async || {
        with(InstanceStatus::Lost).await == runs as u64
    })
    .await;
    assert!(
        lost >= LOST_AFTER - Duration::from_secs(5),
        "none was lost too early"
    );
    println!(
        "memory afterwards: {} MiB, at most {} MiB",
        memory("VmRSS"),
        memory("VmHWM")
    );
    assert_eq!(host.app.jobs().all().len(), 0);
    pair.host.stop().await;
}
