use std::future::Future;

use serde_json::Value;

use crate::{
    Attempts, Description, EngineError, FileBeginning, Finding, Preview, PreviewOf, Problem, TaskContext,
    TaskInfo, Text,
};

/// An engine: what really runs a job.
///
/// One value serves every job of a console, several at a time. The future that a `task_…` method returns is the job:
/// it resolves when the job has ended. `Ok(())` means it finished well, unless a call-back said otherwise.
pub trait Engine: Send + Sync + 'static {
    /// Who this engine is, which task types it runs and what their configs look like.
    fn describe(&self) -> Description;

    /// Problems of a task's config, found before anything runs. No problem means the engine would accept it.
    fn validate(&self, _task: &TaskInfo) -> impl Future<Output = Vec<Problem>> + Send {
        async { Vec::new() }
    }

    /// Problems that show in the beginnings of the attached files, at most [`FILE_BEGINNING_BYTES`](crate::FILE_BEGINNING_BYTES)
    /// of each, found when a config in which [`validate`](Self::validate) finds no problem is saved. Files that cannot be read
    /// just then are missing. By default none.
    fn validate_files(
        &self,
        _task: &TaskInfo,
        _files: &[FileBeginning],
    ) -> impl Future<Output = Vec<Problem>> + Send {
        async { Vec::new() }
    }

    /// The first rows of a table, as the engine would read it, for a form that offers columns and settings. Nothing, which is
    /// the default, when the engine reads no tables; an error says to our operator why the file is none.
    fn preview(&self, _of: PreviewOf) -> impl Future<Output = Option<Result<Preview, Text>>> + Send {
        async { None }
    }

    /// What the engine finds where it works: whether a cluster can be reached, which rights or programs are missing. Asked for at the
    /// start of a console and when an operator looks; given up after 20 s. By default nothing.
    fn check(&self) -> impl Future<Output = Vec<Finding>> + Send {
        async { Vec::new() }
    }

    /// Runs a job from its beginning to its end.
    fn task_run(&self, context: TaskContext) -> impl Future<Output = Result<(), EngineError>> + Send;

    /// Runs a job again after it was stopped, failed or got lost; `context.instance.attempt` is 2 or more. Files of the
    /// earlier attempt are not visible. By default the same as [`task_run`](Self::task_run).
    fn task_start(&self, context: TaskContext) -> impl Future<Output = Result<(), EngineError>> + Send {
        self.task_run(context)
    }

    /// Called once when a job is to stop, right after its [`TaskContext::cancelled`] token was cancelled. Needed only by
    /// an engine whose job lives outside this process. By default nothing: the token is enough.
    fn task_stop(&self, _context: TaskContext) -> impl Future<Output = Result<(), EngineError>> + Send {
        async { Ok(()) }
    }

    /// Takes up a job again after the console restarted, from the newest handle that the job reported with
    /// [`Reporter::handle`](crate::Reporter::handle). A job that never reported a handle is given to
    /// [`task_run`](Self::task_run) or [`task_start`](Self::task_start) again, with the same attempt number.
    /// By default the job is run from its beginning.
    fn task_attach(
        &self,
        context: TaskContext,
        _handle: Value,
    ) -> impl Future<Output = Result<(), EngineError>> + Send {
        self.task_run(context)
    }

    /// Removes what jobs that are over have left outside this process, because the console or the engine died before it was
    /// removed. Called after the start and every minute; what it does must be harmless when it is done twice, or by two
    /// processes at once. By default nothing: only engines whose jobs live outside this process need it.
    fn tidy(&self, _attempts: Attempts) -> impl Future<Output = Result<(), EngineError>> + Send {
        async { Ok(()) }
    }
}
