use std::path::PathBuf;
use std::sync::Arc;

use rayon::{ThreadPool, ThreadPoolBuilder};
use serde_json::{Value, json};
use task_interface::{
    CallBack, Capabilities, Description, Engine, EngineError, FileBeginning, LogLevel, MAX_MESSAGE_BYTES,
    MainFigure, Preview, PreviewOf, Problem, ReportedStatus, TaskContext, TaskInfo, TaskKind, Text,
    TypeDescription,
};

use crate::config::{self, SampleConfig, TrainConfig};
use crate::input::{Limit, private_text};
use crate::progress::{self, Meter};
use crate::work::Crew;
use crate::{join, preview, train};

/// How the engine uses its machine.
#[derive(Debug, Clone)]
pub struct LocalEngineConfig {
    /// Folders below which `file:` inputs may be. None: only attached resources can be inputs.
    pub data_dirs: Vec<PathBuf>,
    /// Where temporary files go. They have no names there, and vanish with the job or the process.
    pub work_dir: PathBuf,
    /// Threads that compute, shared by all jobs. 0: as many as there are cores.
    pub threads: usize,
    /// Bytes of ids that one sort of a job keeps in memory; what is beyond goes to `work_dir`. A job has up to two
    /// sorts at a time.
    pub spill_bytes: usize,
    /// Bytes that a job receives between two checkpoints. A console holds the other side back when more than 64 MiB are
    /// not acknowledged, so keep it well below.
    pub checkpoint_bytes: usize,
    /// Ids in one message of a join, at most [`LocalEngineConfig::MAX_BATCH_IDS`]. Two sides use the smaller of their
    /// numbers.
    pub batch_ids: u32,
    /// Distinct ids of one side of a join. A join with more is refused when both sides tell their numbers, before anything
    /// is exchanged.
    pub max_join_ids: u64,
    /// Bytes of memory that the columns of one training may take. A training that needs more is refused.
    pub train_memory_bytes: usize,
    /// Bytes that one field of a table may have.
    pub max_field_bytes: u64,
    /// Bytes that one row of a table may have.
    pub max_row_bytes: u64,
}

impl LocalEngineConfig {
    /// As many ids as fit into one message.
    pub const MAX_BATCH_IDS: u32 = ((MAX_MESSAGE_BYTES - 1) / 32) as u32;

    fn limit(&self) -> Limit {
        Limit {
            field_bytes: self.max_field_bytes,
            row_bytes: self.max_row_bytes,
            section: Some("engines.local"),
        }
    }
}

impl Default for LocalEngineConfig {
    /// No data folders, the system's folder for temporary files, all cores, 64 MiB of ids, a checkpoint every
    /// 8 MiB, 16384 ids a message, 500 million ids a side, 2 GiB for a training, 1 MiB for a field, 8 MiB for a row.
    fn default() -> Self {
        let limit = Limit::default();
        Self {
            data_dirs: Vec::new(),
            work_dir: std::env::temp_dir(),
            threads: 0,
            spill_bytes: 64 << 20,
            checkpoint_bytes: 8 << 20,
            batch_ids: 1 << 14,
            max_join_ids: 500_000_000,
            train_memory_bytes: 2 << 30,
            max_field_bytes: limit.field_bytes,
            max_row_bytes: limit.row_bytes,
        }
    }
}

/// Why an engine cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum LocalEngineError {
    /// The work folder cannot be made.
    #[error("the local engine's work folder {path} cannot be made")]
    WorkDir {
        /// Which folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The threads cannot be started.
    #[error("the local engine's threads cannot be started")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// The engine named `local`.
pub struct LocalEngine {
    config: LocalEngineConfig,
    pool: Arc<ThreadPool>,
}

impl LocalEngine {
    /// The engine's name.
    pub const NAME: &str = "local";

    /// Makes the work folder and starts the threads.
    ///
    /// # Errors
    /// When one of the two is not possible.
    pub fn new(config: LocalEngineConfig) -> Result<Self, LocalEngineError> {
        let mut folder = std::fs::DirBuilder::new();
        folder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder
            .create(&config.work_dir)
            .map_err(|source| LocalEngineError::WorkDir {
                path: config.work_dir.clone(),
                source,
            })?;
        let pool = ThreadPoolBuilder::new()
            .num_threads(config.threads)
            .thread_name(|number| format!("local-engine-{number}"))
            .build()?;
        let pool = Arc::new(pool);
        Ok(Self { config, pool })
    }

    async fn run(&self, context: TaskContext, attached: bool) -> Result<(), EngineError> {
        // Work on other threads ends with the job, also when its future is dropped.
        let stop = context.cancelled.child_token();
        let _ends_with_the_job = stop.clone().drop_guard();
        let crew = Crew {
            pool: Arc::clone(&self.pool),
            stop,
            meter: Meter::default(),
            work_dir: self.config.work_dir.clone(),
            spill_bytes: self.config.spill_bytes,
            checkpoint_bytes: self.config.checkpoint_bytes,
            batch_ids: self.config.batch_ids.clamp(1, LocalEngineConfig::MAX_BATCH_IDS),
            max_join_ids: self.config.max_join_ids,
            train_memory_bytes: self.config.train_memory_bytes,
            limit: self.config.limit(),
        };
        if attached {
            // The job began before the console died.
            let status = Some(ReportedStatus::Running);
            context
                .reporter
                .call_back(CallBack {
                    status,
                    ..CallBack::default()
                })
                .await?;
        } else {
            context.reporter.running().await?;
        }
        let ended =
            progress::reporting(&context, &crew.meter, self.dispatch(&context, &crew, attached)).await;
        if let Err(error @ EngineError::Failed(_)) = &ended {
            let text = private_text(error);
            // The job's own error is the one to be told, whatever becomes of this line.
            let _ = context.reporter.log(LogLevel::Error, text).await;
        }
        ended
    }

    async fn dispatch(&self, context: &TaskContext, crew: &Crew, attached: bool) -> Result<(), EngineError> {
        let folders = &self.config.data_dirs;
        match context.task.kind {
            TaskKind::Sample => {
                let config = config::parse_for_run::<SampleConfig>(&context.task.config)?;
                join::run(context, crew, folders, &config, attached).await
            }
            TaskKind::Train => {
                let config = config::parse_for_run::<TrainConfig>(&context.task.config)?;
                train::run(context, crew, folders, &config, attached).await
            }
        }
    }
}

impl Engine for LocalEngine {
    fn describe(&self) -> Description {
        // No matching keys: shared settings are compared as the schema says, whatever the meta says.
        let sample = TypeDescription::new(config::schema::<SampleConfig>())
            .with_main_figure(MainFigure::new("join", "intersection"));
        let train = TypeDescription::new(config::schema::<TrainConfig>())
            .with_main_figure(MainFigure::new("evaluation", "auc").with_larger_is_better(true));
        Description::new(Self::NAME, env!("CARGO_PKG_VERSION"), [])
            .with_type(TaskKind::Sample, sample)
            .with_type(TaskKind::Train, train)
            .with_capabilities(Capabilities::default().with_attach().with_peer_channel())
    }

    async fn validate(&self, task: &TaskInfo) -> Vec<Problem> {
        let (task, folders) = (task.clone(), self.config.data_dirs.clone());
        let limit = self.config.limit();
        // It reads the beginning of a file, which may lie on a slow disk.
        tokio::task::spawn_blocking(move || config::validate(&task, &folders, limit))
            .await
            .unwrap_or_else(|_| {
                vec![Problem::at(
                    "",
                    "the config could not be checked; see the console's log",
                )]
            })
    }

    async fn validate_files(&self, task: &TaskInfo, files: &[FileBeginning]) -> Vec<Problem> {
        config::validate_files(task, files, self.config.limit())
    }

    async fn preview(&self, of: PreviewOf) -> Option<Result<Preview, Text>> {
        let limit = self.config.limit();
        tokio::task::spawn_blocking(move || preview::of(&of, limit))
            .await
            .ok()
    }

    async fn task_run(&self, context: TaskContext) -> Result<(), EngineError> {
        self.run(context, false).await
    }

    async fn task_attach(&self, context: TaskContext, handle: Value) -> Result<(), EngineError> {
        if handle["engine"] != json!(Self::NAME) {
            return Err(EngineError::LostJob {
                message: "the handle is not one of the local engine".to_owned(),
            });
        }
        self.run(context, true).await
    }
}
