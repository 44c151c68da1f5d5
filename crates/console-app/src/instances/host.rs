//! The console's side of a job: what an engine's context does.

mod reports;

use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use console_db::instances as rows;
use console_db::{content_marks, metrics};
use console_model::InstanceId;
use console_storage::{
    Durability, KeyError, KeyPrefix, ObjectKey, ObjectName, PutMode, PutOptions, StorageError,
};
use task_interface::host::{Host, HostError, Report, Space};
use task_interface::{ByteStream, MAX_MARKS, ReportedStatus, Text};
use tokio::sync::{Mutex, Notify, watch};

use super::channel::{Outgoing, Reading};
use super::logs::{CHUNK_AGE, LogWriter};
use super::outputs::{Output, own_name};
use crate::{App, AppError};

/// Operators are told of progress, metrics and results of a run at most so often.
const TELL_EVERY: Duration = Duration::from_secs(1);

/// What stands behind the context of one job.
pub(super) struct ConsoleHost {
    app: App,
    instance: InstanceId,
    attempt: i32,
    incoming: Reading,
    pub(super) outgoing: Outgoing,
    waiting: Mutex<Waiting>,
    /// What the engine said by call-back about its end.
    said: Mutex<Option<ReportedStatus>>,
    /// When the engine last sent, got or reported something.
    active: watch::Sender<Instant>,
    /// Something was reported that may wait for a moment.
    reported: Notify,
}

/// Reports that may wait for a moment.
struct Waiting {
    log: LogWriter,
    metrics: Vec<metrics::NewPoint>,
    progress: Option<(f64, Text)>,
    /// Whether there is something new that operators have not been told of.
    untold: bool,
    told: Instant,
}

impl Waiting {
    /// Whether something waits.
    fn is_any(&self) -> bool {
        self.is_news() || self.log.is_any()
    }

    fn is_news(&self) -> bool {
        self.untold || self.progress.is_some() || !self.metrics.is_empty()
    }
}

impl ConsoleHost {
    pub(super) async fn open(app: &App, instance: &InstanceId, attempt: i32) -> Result<Self, AppError> {
        let log = LogWriter::open(app, instance, attempt).await?;
        Ok(Self {
            app: app.clone(),
            instance: instance.clone(),
            attempt,
            incoming: app
                .jobs()
                .channels()
                .incoming(instance, attempt.unsigned_abs())
                .reading(),
            outgoing: Outgoing::default(),
            waiting: Mutex::new(Waiting {
                log,
                metrics: Vec::new(),
                progress: None,
                untold: false,
                told: Instant::now(),
            }),
            said: Mutex::new(None),
            active: watch::Sender::new(Instant::now()),
            reported: Notify::new(),
        })
    }

    /// What the engine said by call-back about its end.
    pub(super) async fn said(&self) -> Option<ReportedStatus> {
        *self.said.lock().await
    }

    /// Waits until the engine has exchanged and reported nothing for a time.
    pub(super) async fn idle_for(&self, limit: Duration) {
        let mut active = self.active.subscribe();
        loop {
            let until = *active.borrow_and_update() + limit;
            if tokio::time::timeout_at(until.into(), active.changed())
                .await
                .is_err()
            {
                return;
            }
        }
    }

    fn is_active(&self) {
        self.active.send_replace(Instant::now());
    }

    /// Writes what has waited long enough, for as long as the job lives. Runs until dropped.
    pub(super) async fn keep_flushing(&self) -> ! {
        loop {
            // Most of very many runs have nothing to say at most times.
            self.reported.notified().await;
            tokio::time::sleep(CHUNK_AGE).await;
            let mut waiting = self.waiting.lock().await;
            if let Err(error) = self.flush_waiting(&mut waiting, false).await {
                tracing::warn!(instance.id = %self.instance, error = &error as &dyn std::error::Error, "reports wait");
            }
            if waiting.is_any() {
                self.reported.notify_one();
            }
        }
    }

    /// Writes everything, at the end of a job.
    pub(super) async fn close(&self) -> Result<(), AppError> {
        let mut waiting = self.waiting.lock().await;
        waiting.log.close();
        self.flush_waiting(&mut waiting, true).await
    }

    async fn flush_waiting(&self, waiting: &mut Waiting, all: bool) -> Result<(), AppError> {
        let tell = all || waiting.told.elapsed() >= TELL_EVERY;
        if tell && waiting.is_news() {
            let tx = self.app.db().begin().await?;
            metrics::insert(&tx, &self.instance, self.attempt, &waiting.metrics).await?;
            if let Some((fraction, text)) = &waiting.progress {
                rows::set_progress(
                    &tx,
                    &self.instance,
                    self.attempt,
                    *fraction,
                    (&text.en, text.zh.as_deref()),
                )
                .await?;
            }
            rows::note_growth(&tx, &self.instance);
            tx.commit().await?;
            waiting.metrics.clear();
            waiting.progress = None;
            waiting.untold = false;
            waiting.told = Instant::now();
        }
        if all || waiting.log.is_due() {
            waiting.log.flush(&self.app).await?;
        }
        Ok(())
    }

    fn key(&self, space: Space, name: &str) -> Result<ObjectKey, HostError> {
        match space {
            Space::Objects => Ok(ObjectKey::user(&object_name(name)?)),
            Space::Scratch => ObjectKey::scratch(&self.instance, self.attempt, name).map_err(invalid),
        }
    }

    async fn write_scratch(&self, name: &str, bytes: ByteStream) -> Result<String, HostError> {
        let key = self.key(Space::Scratch, name)?;
        let options = PutOptions::new(PutMode::Replace).durability(Durability::Process);
        self.app
            .store()
            .put(&key, bytes, options)
            .await
            .map_err(storage)?;
        Ok(self.app.store().uri_of(&key))
    }

    fn output(&self, name: &str) -> Result<Output<'_>, HostError> {
        Ok(Output {
            app: &self.app,
            instance: &self.instance,
            attempt: self.attempt,
            name: own_name(name, &self.instance, self.attempt)?,
        })
    }

    async fn open_object(&self, key: &ObjectKey) -> Result<ByteStream, HostError> {
        let (_, bytes) = self.app.store().get(key, None).await.map_err(storage)?;
        Ok(bytes)
    }
}

/// Removes the private files and the channel messages of an attempt.
pub(super) async fn clean_up(app: &App, instance: &InstanceId, attempt: i32) -> Result<(), AppError> {
    app.store()
        .delete_prefix(&KeyPrefix::scratch(instance, attempt))
        .await?;
    app.store()
        .delete_prefix(&KeyPrefix::channel(instance, attempt))
        .await?;
    app.jobs().channels().forget(instance, attempt.unsigned_abs());
    Ok(())
}

fn object_name(name: &str) -> Result<ObjectName, HostError> {
    ObjectName::parse(name).map_err(invalid)
}

pub(super) fn invalid(error: KeyError) -> HostError {
    HostError::Invalid(error.to_string())
}

pub(super) fn storage(error: StorageError) -> HostError {
    match error {
        StorageError::NotFound { key } => HostError::NotFound(key),
        error if error.is_retryable() => HostError::Unavailable(error.to_string()),
        error => HostError::Invalid(error.to_string()),
    }
}

pub(super) fn unavailable(error: impl Into<AppError>) -> HostError {
    let error = error.into();
    tracing::warn!(error = &error as &dyn std::error::Error, "a job's report failed");
    HostError::Unavailable(error.to_string())
}

#[async_trait]
impl Host for ConsoleHost {
    async fn report(&self, report: Report) -> Result<(), HostError> {
        self.is_active();
        let taken = self.take(report).await.map_err(unavailable);
        self.reported.notify_one();
        taken
    }

    async fn read(&self, space: Space, name: &str) -> Result<ByteStream, HostError> {
        self.open_object(&self.key(space, name)?).await
    }

    async fn read_uri(&self, uri: &str) -> Result<ByteStream, HostError> {
        let key = self.app.store().key_of_uri(uri).map_err(storage)?;
        self.open_object(&key).await
    }

    async fn check(&self, space: Space, name: &str) -> Result<(), HostError> {
        match space {
            Space::Objects => self.output(name)?.mode().await.map(drop),
            Space::Scratch => self.key(space, name).map(drop),
        }
    }

    async fn write(&self, space: Space, name: &str, bytes: ByteStream) -> Result<String, HostError> {
        match space {
            Space::Objects => self.output(name)?.write(bytes).await,
            Space::Scratch => self.write_scratch(name, bytes).await,
        }
    }

    async fn remove(&self, space: Space, name: &str) -> Result<(), HostError> {
        match space {
            Space::Objects => self.output(name)?.remove().await,
            Space::Scratch => {
                let key = self.key(space, name)?;
                self.app.store().delete(&key).await.map_err(storage)
            }
        }
    }

    async fn mark(&self, sha256: &str, mark: &str) -> Result<(), HostError> {
        content_marks::insert(self.app.db().writer(), sha256, mark)
            .await
            .map_err(unavailable)
    }

    async fn marks(&self, sha256: &str) -> Result<Vec<String>, HostError> {
        content_marks::of_content(self.app.db().reader(), sha256, MAX_MARKS as u64)
            .await
            .map_err(unavailable)
    }

    async fn send(&self, number: u64, message: Bytes) -> Result<(), HostError> {
        self.is_active();
        self.outgoing.push(number, message).await;
        Ok(())
    }

    async fn flush(&self) -> Result<(), HostError> {
        self.outgoing.flush().await;
        Ok(())
    }

    async fn receive(&self, number: u64) -> Result<Bytes, HostError> {
        let message = self.incoming.messages().receive(&self.app, number).await;
        self.is_active();
        message.map_err(unavailable)
    }

    async fn acknowledge(&self, number: u64) -> Result<(), HostError> {
        self.incoming
            .messages()
            .acknowledge(&self.app, number)
            .await
            .map_err(unavailable)
    }
}
