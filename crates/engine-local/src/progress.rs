//! Progress of a job, counted where the work is done and reported from one place.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use task_interface::{EngineError, LogLevel, TaskContext};
use tokio::time::MissedTickBehavior;

const EVERY: Duration = Duration::from_millis(500);

#[derive(Clone, Copy, Default)]
struct Phase {
    text: &'static str,
    from: f64,
    to: f64,
    total: u64,
}

#[derive(Default)]
struct Counts {
    done: AtomicU64,
    phase: Mutex<Phase>,
}

/// Counts what is done in the present phase of a job.
#[derive(Clone, Default)]
pub(crate) struct Meter(Arc<Counts>);

impl Meter {
    /// Begins a phase that takes the job from one fraction of its way to another by doing `total` things (0: unknown).
    pub(crate) fn begin(&self, text: &'static str, from: f64, to: f64, total: u64) {
        let mut phase = self.0.phase.lock().unwrap_or_else(PoisonError::into_inner);
        *phase = Phase {
            text,
            from,
            to,
            total,
        };
        self.0.done.store(0, Ordering::Relaxed);
    }

    pub(crate) fn add(&self, count: u64) {
        self.0.done.fetch_add(count, Ordering::Relaxed);
    }

    fn now(&self) -> (f64, String) {
        let phase = *self.0.phase.lock().unwrap_or_else(PoisonError::into_inner);
        let done = self.0.done.load(Ordering::Relaxed);
        let Phase {
            text,
            from,
            to,
            total,
        } = phase;
        match (total, done) {
            (0, 0) => return (from, text.to_owned()),
            (0, _) => return (from, format!("{text}: {done} so far")),
            _ => {}
        }
        let share = (done as f64 / total as f64).min(1.0);
        (from + (to - from) * share, format!("{text}: {done} of {total}"))
    }
}

/// Begins a phase and says so in the log.
pub(crate) async fn begin(
    context: &TaskContext,
    meter: &Meter,
    text: &'static str,
    range: (f64, f64),
    total: u64,
) -> Result<(), EngineError> {
    meter.begin(text, range.0, range.1, total);
    context.reporter.log(LogLevel::Info, text).await
}

/// Runs `work` and reports meanwhile, twice a second, what the meter shows, whenever it shows something new.
pub(crate) async fn reporting<T>(
    context: &TaskContext,
    meter: &Meter,
    work: impl Future<Output = Result<T, EngineError>>,
) -> Result<T, EngineError> {
    meter.begin("beginning", 0.0, 0.0, 0);
    let report = async {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut last = String::new();
        loop {
            ticks.tick().await;
            let (fraction, text) = meter.now();
            if text != last {
                if let Err(error) = context.reporter.progress(fraction, text.clone()).await {
                    return error;
                }
                last = text;
            }
        }
    };
    tokio::select! {
        done = work => done,
        error = report => Err(error),
    }
}
