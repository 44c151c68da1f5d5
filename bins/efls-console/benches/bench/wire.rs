//! An engine that only exchanges messages, and the same exchange with a bare echo: what the way of messages costs.

use std::net::TcpListener;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use actix_ws::AggregatedMessage;
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::json;
use task_interface::{Capabilities, Description, Engine, EngineError, TaskContext, TaskKind};

/// Says which of the programs in this one is meant.
pub(crate) const ROLE: &str = "BENCH_ROLE";
/// The longest message of all.
const LONGEST: usize = 2 << 20;
/// Messages go to and fro for so long before anything is measured: until the connections are up.
const WARM: Duration = Duration::from_secs(3);

/// What a message is for, as its first byte.
pub(crate) const BACK: u8 = b'e';
pub(crate) const KEEP: u8 = b'p';
pub(crate) const TELL: u8 = b'd';
const END: u8 = b'x';

/// The program that this one plays for the benchmark, if it does.
pub(crate) fn played() -> Option<ExitCode> {
    match std::env::var(ROLE).ok()?.as_str() {
        "console" => Some(
            efls_console::Program::new()
                .engine("wire", |_: Settings| Ok::<_, EngineError>(Wire))
                .run(),
        ),
        "echo" => Some(match actix_web::rt::System::new().block_on(echo()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{error}");
                ExitCode::FAILURE
            }
        }),
        _ => None,
    }
}

/// A WebSocket that answers as the engine does. Its port is the first line of its output.
async fn echo() -> std::io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    println!("{}", listener.local_addr()?.port());
    HttpServer::new(|| App::new().route("/", web::get().to(answer)))
        .workers(2)
        .listen(listener)?
        .run()
        .await
}

async fn answer(request: HttpRequest, body: web::Payload) -> actix_web::Result<HttpResponse> {
    let (answer, mut session, messages) = actix_ws::handle(&request, body)?;
    let mut messages = messages.max_frame_size(LONGEST).aggregate_continuations();
    actix_web::rt::spawn(async move {
        while let Some(Ok(message)) = messages.next().await {
            let AggregatedMessage::Binary(bytes) = message else {
                continue;
            };
            if bytes.first() != Some(&KEEP) && session.binary(bytes).await.is_err() {
                return;
            }
        }
    });
    Ok(answer)
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Settings {}

/// The engine. The half whose config has `rounds` leads: that many messages of 64 bytes to and fro, then `pour` messages of
/// `bytes` bytes one way.
struct Wire;

impl Engine for Wire {
    fn describe(&self) -> Description {
        Description::new("wire", "1", [TaskKind::Sample])
            .with_capabilities(Capabilities::default().with_peer_channel())
    }

    async fn task_run(&self, context: TaskContext) -> Result<(), EngineError> {
        context.reporter.running().await?;
        let number = |key: &str| context.task.config[key].as_u64();
        match number("rounds") {
            Some(rounds) => {
                let pour = (number("pour").unwrap_or(0), number("bytes").unwrap_or(0));
                lead(&context, rounds, pour).await
            }
            None => follow(&context).await,
        }
    }
}

async fn lead(context: &TaskContext, rounds: u64, (pour, bytes): (u64, u64)) -> Result<(), EngineError> {
    let peer = &context.peer;
    let small = vec![BACK; 64];
    let warm = Instant::now();
    while warm.elapsed() < WARM {
        peer.send(small.clone()).await?;
        peer.receive().await?;
    }
    peer.acknowledge().await?;
    peer.send(vec![TELL]).await?;
    peer.receive().await?;
    let (begun, before) = (Instant::now(), cpu_seconds());
    let mut times = Vec::new();
    for _ in 0..rounds {
        let sent = Instant::now();
        peer.send(small.clone()).await?;
        peer.receive().await?;
        times.push(sent.elapsed().as_secs_f64() * 1e6);
    }
    let (bounced, cpu) = (begun.elapsed().as_secs_f64(), cpu_seconds() - before);
    peer.send(vec![TELL]).await?;
    peer.receive().await?;
    peer.acknowledge().await?;
    let large = bytes::Bytes::from(vec![KEEP; usize::try_from(bytes).unwrap_or(0)]);
    let begun = Instant::now();
    for _ in 0..pour {
        peer.send(large.clone()).await?;
    }
    peer.send(vec![TELL]).await?;
    peer.receive().await?;
    let poured = begun.elapsed().as_secs_f64();
    peer.send(vec![END]).await?;
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get(times.len() * share / 100).copied();
    let told = json!({ "p50_us": at(50), "p99_us": at(99), "seconds": bounced, "cpu": cpu, "poured_seconds": poured });
    context.reporter.result("wire", told).await
}

async fn follow(context: &TaskContext) -> Result<(), EngineError> {
    let peer = &context.peer;
    let (mut marks, mut kept) = (Vec::new(), 0);
    loop {
        let message = peer.receive().await?;
        match message.first() {
            Some(&KEEP) => {
                kept += message.len();
                if kept >= 8 << 20 {
                    kept = 0;
                    peer.acknowledge().await?;
                }
                continue;
            }
            Some(&END) => break,
            Some(&TELL) => marks.push(cpu_seconds()),
            _ => {}
        }
        peer.send(message).await?;
    }
    let cpu = marks
        .get(1)
        .zip(marks.first())
        .map(|(after, before)| after - before);
    context.reporter.result("wire", json!({ "cpu": cpu })).await
}

/// How long this process's threads have computed; 0 where the system does not tell it.
fn cpu_seconds() -> f64 {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the name in brackets; the 14th and 15th field of all.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks = fields
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS_PER_SECOND
}
