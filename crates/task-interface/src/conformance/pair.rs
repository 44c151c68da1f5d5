//! One run of two sides.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::task::{JoinError, JoinHandle};
use tokio_util::sync::CancellationToken;

use super::host::{Console, TestHost};
use super::outcome::{PairOutcome, SideOutcome};
use super::wire::Wire;
use super::worker::Worker;
use super::{BLOCKED_AT_MOST, CaseSide, EngineCase, STOP_WITHIN};
use crate::{Engine, EngineError, InstanceInfo, Side, TaskContext, TaskInfo};

/// How long the kit listens for reports after the end of a job.
const LISTEN: Duration = Duration::from_millis(50);
/// A job that has not ended so long after a stop is given up.
const GIVEN_UP: Duration = Duration::from_secs(4);

/// What goes wrong on one side. Calls of the engine to its host count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The console dies at a call, and comes back after a while.
    Restart {
        /// The call that is not answered any more.
        at_call: u64,
        /// How long it is away.
        away: Duration,
    },
    /// The operator stops the job at a call.
    Stop {
        /// The call that it happens at.
        at_call: u64,
    },
    /// The operator stops the job when it reports progress with a text that contains these words.
    StopAtProgress {
        /// Part of the text.
        words: &'static str,
    },
    /// Storage, database and channel fail from a call on.
    StorageFails {
        /// The first call that fails.
        from_call: u64,
    },
    /// The side never starts. The other one is stopped after the given time.
    Absent {
        /// How long the other side is let alone.
        wait: Duration,
    },
    /// The side starts late.
    Late {
        /// How much later.
        by: Duration,
    },
}

/// What happens in a run besides the job itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Script {
    /// What goes wrong at the initiator's.
    pub initiator: Option<Fault>,
    /// What goes wrong at the partner's.
    pub partner: Option<Fault>,
    /// How long each message takes.
    pub delay: Duration,
}

impl Script {
    /// A fault on the side of a name, `initiator` or `partner`.
    pub(super) fn on(side: &str, fault: Fault) -> Self {
        let mut script = Self::default();
        match side {
            "initiator" => script.initiator = Some(fault),
            _ => script.partner = Some(fault),
        }
        script
    }
}

struct Seat {
    side: Side,
    console: Arc<Console>,
    case: Arc<CaseSide>,
    task: TaskInfo,
    time_limit: Duration,
    worker: Worker,
}

impl Seat {
    fn context(&self, cancelled: CancellationToken) -> TaskContext {
        let id = format!("instance-{:?}", self.side).to_lowercase();
        let instance = InstanceInfo::new(id, 1, self.side);
        let host = Arc::new(TestHost::new(Arc::clone(&self.console)));
        TaskContext::new(
            instance,
            self.task.clone(),
            self.case.resources.clone(),
            cancelled,
            host,
        )
    }

    /// What took longer than it may. A stop waits for whatever blocks the runtime, so that alone is told then.
    fn delays(&self) -> Vec<String> {
        let blocked = self.worker.longest_block();
        let delays = match blocked > BLOCKED_AT_MOST {
            true => vec![format!(
                "the runtime was blocked for {blocked:?}, more than {BLOCKED_AT_MOST:?}: long computations and waits \
                 belong on threads of their own (spawn_blocking)"
            )],
            false => self.console.delays(),
        };
        let side = self.side;
        delays
            .into_iter()
            .map(|text| format!("{side:?}: {text}"))
            .collect()
    }
}

/// How a task of a case looks to the engine.
pub(super) fn task_of(case: &EngineCase, side: Side, config: Value) -> TaskInfo {
    let seat = &case.sides[side as usize];
    let id = format!("task-{side:?}").to_lowercase();
    TaskInfo::new(id, "conformance", "20240101000000", case.kind)
        .with_config(config)
        .with_meta(seat.meta.clone())
}

/// Runs both sides of a case once. As a console does, it stops the other side when one side ends without success.
///
/// # Errors
/// When the test's own folder does not work.
pub async fn run_pair<E: Engine>(
    make: &Arc<dyn Fn() -> E + Send + Sync>,
    case: &EngineCase,
    script: Script,
) -> std::io::Result<PairOutcome> {
    let folder = tempfile::tempdir()?;
    let wires = [Arc::new(Wire::default()), Arc::new(Wire::default())];
    let seat = |side: Side, fault| -> std::io::Result<Arc<Seat>> {
        let own = side as usize;
        let ends = (Arc::clone(&wires[own]), Arc::clone(&wires[1 - own]));
        let place = folder.path().join(format!("{side:?}").to_lowercase());
        Ok(Arc::new(Seat {
            side,
            console: Arc::new(Console::new(place, &case.sides[own], ends, script.delay, fault)?),
            case: Arc::new(case.sides[own].clone()),
            task: task_of(case, side, case.sides[own].config.clone()),
            time_limit: case.time_limit,
            worker: Worker::new()?,
        }))
    };
    let seats = [
        seat(Side::Initiator, script.initiator)?,
        seat(Side::Partner, script.partner)?,
    ];
    let begun = Instant::now();
    let [initiator, partner] = seats.each_ref().map(|seat| {
        let other = &seats[1 - seat.side as usize];
        start(Arc::clone(make), Arc::clone(seat), other.console.stop.clone())
    });
    let (initiator, partner) = (joined(initiator).await, joined(partner).await);
    let duration = begun.elapsed();
    tokio::time::sleep(LISTEN).await;
    let mut violations: Vec<_> = wires.iter().flat_map(|wire| wire.violations()).collect();
    violations.extend(seats.iter().flat_map(|seat| {
        let side = seat.side;
        seat.console
            .violations()
            .into_iter()
            .map(move |text| format!("{side:?}: {text}"))
    }));
    let outcome = |seat: &Seat, ended| SideOutcome {
        ended,
        reports: seat.console.reports(),
        calls: seat.console.calls(),
        last_message: seat.console.sends.last(),
        marks: seat.console.marks(),
        longest_silence: seat.console.longest_silence(),
        objects: seat.console.objects(),
    };
    Ok(PairOutcome {
        initiator: outcome(&seats[0], initiator),
        partner: outcome(&seats[1], partner),
        violations,
        delays: seats.iter().flat_map(|seat| seat.delays()).collect(),
        duration,
        folder,
    })
}

async fn joined(task: JoinHandle<Result<(), EngineError>>) -> Result<(), EngineError> {
    how_it_ended(task.await)
}

fn how_it_ended(ended: Result<Result<(), EngineError>, JoinError>) -> Result<(), EngineError> {
    ended.unwrap_or_else(|error| Err(EngineError::fatal(format!("the engine panicked: {error}"))))
}

fn start<E: Engine>(
    make: Arc<dyn Fn() -> E + Send + Sync>,
    seat: Arc<Seat>,
    other: CancellationToken,
) -> JoinHandle<Result<(), EngineError>> {
    tokio::spawn(async move {
        let limit = seat.time_limit;
        let ended = match tokio::time::timeout(limit, live(make, &seat)).await {
            Ok(ended) => ended,
            Err(_) => {
                seat.console
                    .violation(format!("the job did not end within {limit:?}"));
                Err(EngineError::Cancelled)
            }
        };
        seat.console.end();
        if ended.is_err() {
            other.cancel();
        }
        ended
    })
}

/// Runs the job through all lives of its console.
async fn live<E: Engine>(make: Arc<dyn Fn() -> E + Send + Sync>, seat: &Seat) -> Result<(), EngineError> {
    match seat.console.fault() {
        Some(Fault::Absent { wait }) => {
            tokio::time::sleep(wait).await;
            return Err(EngineError::Cancelled);
        }
        Some(Fault::Late { by }) => tokio::time::sleep(by).await,
        _ => {}
    }
    loop {
        let engine = Arc::new(make());
        let cancelled = seat.console.stop.child_token();
        let context = seat.context(cancelled.clone());
        let life = one_life(Arc::clone(&engine), context.clone(), seat.console.handle());
        let Some(mut job) = seat.worker.start(life) else {
            return Err(EngineError::Cancelled);
        };
        tokio::select! {
            ended = &mut job => return how_it_ended(ended),
            () = seat.console.stop.cancelled() => {}
            () = seat.console.tripped.notified() => {
                seat.console.die();
                job.abort();
                let _ = tokio::time::timeout(GIVEN_UP, job).await;
                // Nothing of a dead process goes on; what was left behind in this one is told to end.
                cancelled.cancel();
                if let Some(Fault::Restart { away, .. }) = seat.console.fault() {
                    tokio::time::sleep(away).await;
                }
                seat.console.come_back();
                continue;
            }
        }
        let stopped_at = Instant::now();
        let stop = seat.worker.start(async move { engine.task_stop(context).await });
        let ended = tokio::time::timeout(GIVEN_UP, &mut job).await;
        let took = stopped_at.elapsed();
        if let Some(stop) = stop
            && let Err(error) = how_it_ended(stop.await)
        {
            seat.console.violation(format!("task_stop failed: {error}"));
        }
        let Ok(ended) = ended else {
            seat.console
                .violation(format!("a stop was not obeyed within {GIVEN_UP:?}"));
            return Err(EngineError::Cancelled);
        };
        if took > STOP_WITHIN {
            seat.console.delay(format!(
                "a stop was obeyed only after {took:?}, not within {STOP_WITHIN:?}"
            ));
        }
        return how_it_ended(ended);
    }
}

/// The job from the start of a console to its end.
async fn one_life<E: Engine>(
    engine: Arc<E>,
    context: TaskContext,
    handle: Option<Value>,
) -> Result<(), EngineError> {
    match handle {
        Some(handle) => engine.task_attach(context, handle).await,
        None => engine.task_run(context).await,
    }
}
