//! Work that takes the processor or the disk for long, kept away from the async runtime.

use std::path::PathBuf;
use std::sync::Arc;

use rayon::ThreadPool;
use task_interface::EngineError;
use tokio_util::sync::CancellationToken;

use crate::input::Limit;
use crate::progress::Meter;
use crate::words::both;

/// Where a job computes, and how it is told to stop.
#[derive(Clone)]
pub(crate) struct Crew {
    pub(crate) pool: Arc<ThreadPool>,
    /// Cancelled when the job is to stop or its future was dropped.
    pub(crate) stop: CancellationToken,
    pub(crate) meter: Meter,
    pub(crate) work_dir: PathBuf,
    pub(crate) spill_bytes: usize,
    /// Bytes received between two checkpoints.
    pub(crate) checkpoint_bytes: usize,
    /// Ids of one message of a join, as we would have it.
    pub(crate) batch_ids: u32,
    /// Ids of one side of a join.
    pub(crate) max_join_ids: u64,
    /// What the columns of a training may take.
    pub(crate) train_memory_bytes: usize,
    /// How large a field and a row of a table may be.
    pub(crate) limit: Limit,
}

impl Crew {
    /// Runs `work` on a thread that may block. `work` must ask [`check`](Self::check) several times a second; the
    /// answer to a stop does not wait for it.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, EngineError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let crew = self.clone();
        let work = tokio::task::spawn_blocking(move || work(&crew));
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(EngineError::Cancelled),
            done = work => done.unwrap_or_else(|_| Err(bug())),
        }
    }

    /// Fails when the job is to stop.
    pub(crate) fn check(&self) -> Result<(), EngineError> {
        if self.stop.is_cancelled() {
            return Err(EngineError::Cancelled);
        }
        Ok(())
    }
}

/// An error of the machine's own disk.
pub(crate) fn disk_error(error: std::io::Error) -> EngineError {
    let text = both("the engine's work folder does not work", "引擎的工作目录无法使用");
    EngineError::retryable(text)
        .with_code("work_folder")
        .with_detail(error.to_string())
}

/// What cannot happen has happened.
pub(crate) fn bug() -> EngineError {
    let text = both(
        "the engine met a bug of its own; see its log",
        "引擎自身出错，请查看其日志",
    );
    EngineError::fatal(text).with_code("bug")
}

/// A checkpoint that cannot be what was written.
pub(crate) fn damaged_checkpoint() -> EngineError {
    EngineError::fatal(both("the checkpoint is damaged", "检查点已损坏")).with_code("checkpoint_damaged")
}
