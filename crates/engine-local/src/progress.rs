//! Progress of a job, counted where the work is done and reported from one place.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use task_interface::{EngineError, LogLevel, TaskContext, Text};
use tokio::time::MissedTickBehavior;

const EVERY: Duration = Duration::from_millis(500);

/// What a job does now, in English and in simplified Chinese.
#[derive(Clone, Copy, Default)]
pub(crate) struct Words(&'static str, &'static str);

pub(crate) const READING: Words = Words("reading the input", "读取输入");
pub(crate) const BLINDING: Words = Words("blinding own ids", "盲化我方 ID");
pub(crate) const EXCHANGING: Words = Words("exchanging blinded ids", "交换盲化后的 ID");
pub(crate) const WRITING: Words = Words("writing the joined rows", "写入求交结果");
pub(crate) const TRAINING: Words = Words("training", "训练");
pub(crate) const DONE: Words = Words("done", "已完成");
const BEGINNING: Words = Words("beginning", "开始");

impl From<Words> for Text {
    fn from(Words(en, zh): Words) -> Self {
        Self::new(en).with_zh(zh)
    }
}

#[derive(Clone, Copy, Default)]
struct Phase {
    words: Words,
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
    pub(crate) fn begin(&self, words: Words, from: f64, to: f64, total: u64) {
        let mut phase = self.0.phase.lock().unwrap_or_else(PoisonError::into_inner);
        *phase = Phase {
            words,
            from,
            to,
            total,
        };
        self.0.done.store(0, Ordering::Relaxed);
    }

    pub(crate) fn add(&self, count: u64) {
        self.0.done.fetch_add(count, Ordering::Relaxed);
    }

    fn now(&self) -> (f64, Text) {
        let phase = *self.0.phase.lock().unwrap_or_else(PoisonError::into_inner);
        let done = self.0.done.load(Ordering::Relaxed);
        let Phase {
            words: Words(en, zh),
            from,
            to,
            total,
        } = phase;
        match (total, done) {
            (0, 0) => return (from, phase.words.into()),
            (0, _) => {
                let text = Text::new(format!("{en}: {done} so far"));
                return (from, text.with_zh(format!("{zh}：已处理 {done}")));
            }
            _ => {}
        }
        let share = (done as f64 / total as f64).min(1.0);
        let text = Text::new(format!("{en}: {done} of {total}")).with_zh(format!("{zh}：{done} / {total}"));
        (from + (to - from) * share, text)
    }
}

/// Begins a phase and says so in the log.
pub(crate) async fn begin(
    context: &TaskContext,
    meter: &Meter,
    words: Words,
    range: (f64, f64),
    total: u64,
) -> Result<(), EngineError> {
    meter.begin(words, range.0, range.1, total);
    context.reporter.log(LogLevel::Info, words).await
}

/// Runs `work` and reports meanwhile, twice a second, what the meter shows, whenever it shows something new.
pub(crate) async fn reporting<T>(
    context: &TaskContext,
    meter: &Meter,
    work: impl Future<Output = Result<T, EngineError>>,
) -> Result<T, EngineError> {
    meter.begin(BEGINNING, 0.0, 0.0, 0);
    let report = async {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut last = Text::new("");
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
