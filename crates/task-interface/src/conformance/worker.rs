//! Where the jobs of one side run: a runtime with a single worker, whose pulse shows when something blocks it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio_util::task::AbortOnDropHandle;

/// How often the pulse beats.
const BEAT: Duration = Duration::from_millis(10);

/// A runtime of one side, as small as a console's may be.
pub(super) struct Worker {
    /// None only while it is dropped.
    runtime: Option<Runtime>,
    longest_ms: Arc<AtomicU64>,
}

impl Worker {
    pub(super) fn new() -> std::io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("conformance")
            .enable_all()
            .build()?;
        let longest_ms = Arc::new(AtomicU64::new(0));
        runtime.spawn(beat(Arc::clone(&longest_ms)));
        Ok(Self {
            runtime: Some(runtime),
            longest_ms,
        })
    }

    /// Starts work here. It is told to end when the handle is dropped.
    pub(super) fn start<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<AbortOnDropHandle<T>> {
        let runtime = self.runtime.as_ref()?;
        Some(AbortOnDropHandle::new(runtime.spawn(work)))
    }

    /// The longest time for which nothing else could run here.
    pub(super) fn longest_block(&self) -> Duration {
        Duration::from_millis(self.longest_ms.load(Ordering::SeqCst))
    }
}

impl Drop for Worker {
    /// What still runs is left behind: a runtime may not be waited for where others run.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Notes how late it is called: for so long the worker did something else.
async fn beat(longest_ms: Arc<AtomicU64>) {
    loop {
        let begun = Instant::now();
        tokio::time::sleep(BEAT).await;
        let late = begun.elapsed().saturating_sub(BEAT);
        let late = u64::try_from(late.as_millis()).unwrap_or(u64::MAX);
        longest_ms.fetch_max(late, Ordering::SeqCst);
    }
}
