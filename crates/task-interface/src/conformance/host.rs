//! The test host: one side's console, in a folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures_util::{FutureExt, StreamExt};
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::sync::Notify;
use tokio_util::io::ReaderStream;
use tokio_util::sync::CancellationToken;

use super::pair::Fault;
use super::wire::Wire;
use super::{CaseSide, Content};
use crate::host::{Host, HostError, Report, Space};
use crate::{ByteStream, Bytes, MAX_MARKS};

const SCHEME: &str = "test:";

/// The URI of an object in a test host.
pub(super) fn uri_of(name: &str) -> String {
    format!("{SCHEME}{name}")
}

/// When the engine called nothing.
#[derive(Debug, Default)]
struct Silence {
    /// The call that ended last, and when.
    since: Option<(u64, Instant)>,
    longest: (u64, Duration),
}

/// A call of the engine, until it is answered.
struct Call<'a> {
    silence: &'a Mutex<Silence>,
    number: u64,
}

impl<'a> Call<'a> {
    fn begin(silence: &'a Mutex<Silence>, number: u64) -> Self {
        let mut known = lock(silence);
        if let Some((after, since)) = known.since.take()
            && since.elapsed() > known.longest.1
        {
            known.longest = (after, since.elapsed());
        }
        drop(known);
        Self { silence, number }
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        lock(self.silence).since = Some((self.number, Instant::now()));
    }
}

/// What of a console outlives its death, and the switches for its faults.
pub(super) struct Console {
    folder: PathBuf,
    pub(super) sends: Arc<Wire>,
    pub(super) receives: Arc<Wire>,
    delay: Duration,
    reports: Mutex<Vec<Report>>,
    handle: Mutex<Option<Value>>,
    violations: Mutex<Vec<String>>,
    delays: Mutex<Vec<String>>,
    silence: Mutex<Silence>,
    calls: AtomicU64,
    life: AtomicU64,
    ended: AtomicBool,
    fault: Mutex<Option<Fault>>,
    /// Marks by content.
    marks: Mutex<BTreeSet<(String, String)>>,
    /// Names of the objects that the case put there.
    given: BTreeSet<String>,
    /// The stop of this side.
    pub(super) stop: CancellationToken,
    /// The console is to die now.
    pub(super) tripped: Notify,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Console {
    pub(super) fn new(
        folder: PathBuf,
        side: &CaseSide,
        (sends, receives): (Arc<Wire>, Arc<Wire>),
        delay: Duration,
        fault: Option<Fault>,
    ) -> std::io::Result<Self> {
        for space in [Space::Objects, Space::Scratch] {
            std::fs::create_dir_all(folder.join(folder_of(space)))?;
        }
        for (name, content) in &side.objects {
            let path = folder.join(folder_of(Space::Objects)).join(name);
            match content {
                Content::Bytes(bytes) => std::fs::write(path, bytes)?,
                Content::File(from) => std::fs::copy(from, path).map(drop)?,
            }
        }
        Ok(Self {
            folder,
            sends,
            receives,
            delay,
            reports: Mutex::default(),
            handle: Mutex::default(),
            violations: Mutex::default(),
            delays: Mutex::default(),
            silence: Mutex::default(),
            calls: AtomicU64::new(0),
            life: AtomicU64::new(0),
            ended: AtomicBool::new(false),
            fault: Mutex::new(fault),
            marks: Mutex::new(side.marks.iter().cloned().collect()),
            given: side.objects.iter().map(|(name, _)| name.clone()).collect(),
            stop: CancellationToken::new(),
            tripped: Notify::new(),
        })
    }

    pub(super) fn marks(&self) -> Vec<(String, String)> {
        lock(&self.marks).iter().cloned().collect()
    }

    pub(super) fn handle(&self) -> Option<Value> {
        lock(&self.handle).clone()
    }

    pub(super) fn calls(&self) -> u64 {
        self.calls.load(Ordering::SeqCst)
    }

    pub(super) fn reports(&self) -> Vec<Report> {
        lock(&self.reports).clone()
    }

    pub(super) fn violations(&self) -> Vec<String> {
        lock(&self.violations).clone()
    }

    pub(super) fn violation(&self, text: String) {
        lock(&self.violations).push(text);
    }

    pub(super) fn delays(&self) -> Vec<String> {
        lock(&self.delays).clone()
    }

    pub(super) fn delay(&self, text: String) {
        lock(&self.delays).push(text);
    }

    pub(super) fn longest_silence(&self) -> (u64, Duration) {
        lock(&self.silence).longest
    }

    pub(super) fn objects(&self) -> PathBuf {
        self.folder.join(folder_of(Space::Objects))
    }

    pub(super) fn fault(&self) -> Option<Fault> {
        *lock(&self.fault)
    }

    /// The job has ended: nothing may be reported any more.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::SeqCst);
    }

    /// The console dies: calls of what it left behind are refused from now on.
    pub(super) fn die(&self) {
        self.life.fetch_add(1, Ordering::SeqCst);
        self.sends.sender_died();
        self.receives.receiver_is_down(true);
    }

    /// The console starts again, and nothing goes wrong any more.
    pub(super) fn come_back(&self) {
        *lock(&self.fault) = None;
        // Two calls may have sprung the fault at once.
        let _ = self.tripped.notified().now_or_never();
        self.receives.receiver_is_down(false);
    }
}

fn folder_of(space: Space) -> &'static str {
    match space {
        Space::Objects => "objects",
        Space::Scratch => "scratch",
    }
}

/// The host of one life of a console.
pub(super) struct TestHost {
    console: Arc<Console>,
    life: u64,
}

impl TestHost {
    pub(super) fn new(console: Arc<Console>) -> Self {
        let life = console.life.load(Ordering::SeqCst);
        Self { console, life }
    }

    fn is_dead(&self) -> bool {
        self.console.life.load(Ordering::SeqCst) != self.life
    }

    /// Counts a call, and springs the fault that is set for it.
    async fn enter(&self, reports: bool) -> Result<Call<'_>, HostError> {
        if self.is_dead() {
            return Err(HostError::Cancelled);
        }
        if self.console.ended.load(Ordering::SeqCst) {
            if reports {
                self.console
                    .violation("something was reported after the end of the job".to_owned());
            }
            return Err(HostError::Cancelled);
        }
        let number = self.console.calls.fetch_add(1, Ordering::SeqCst) + 1;
        let call = Call::begin(&self.console.silence, number);
        match self.console.fault() {
            Some(Fault::Restart { at_call, .. }) if number >= at_call => {
                self.console.tripped.notify_one();
                std::future::pending().await
            }
            Some(Fault::Stop { at_call }) if number == at_call => {
                self.console.stop.cancel();
                Ok(call)
            }
            Some(Fault::StorageFails { from_call }) if number >= from_call => {
                Err(HostError::Unavailable("the storage does not answer".to_owned()))
            }
            _ => Ok(call),
        }
    }

    fn path(&self, space: Space, name: &str) -> Result<PathBuf, HostError> {
        if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\']) || name.len() > 255 {
            return Err(HostError::Invalid(format!(
                "{name:?} cannot be the name of an object"
            )));
        }
        Ok(self.console.folder.join(folder_of(space)).join(name))
    }

    /// What the case put there is the operator's.
    fn refuse_taken(&self, space: Space, name: &str) -> Result<(), HostError> {
        self.path(space, name)?;
        if space == Space::Objects && self.console.given.contains(name) {
            return Err(HostError::Invalid(
                "an object of that name is there already, and this task did not write it".to_owned(),
            ));
        }
        Ok(())
    }
}

fn unavailable(error: std::io::Error) -> HostError {
    HostError::Unavailable(error.to_string())
}

async fn read(path: &Path, name: &str) -> Result<ByteStream, HostError> {
    match tokio::fs::File::open(path).await {
        Ok(file) => Ok(Box::pin(ReaderStream::with_capacity(file, 1 << 16))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(HostError::NotFound(name.to_owned()))
        }
        Err(error) => Err(unavailable(error)),
    }
}

#[async_trait]
impl Host for TestHost {
    async fn report(&self, report: Report) -> Result<(), HostError> {
        let _call = self.enter(true).await?;
        if let (Report::Progress { text, .. }, Some(Fault::StopAtProgress { words })) =
            (&report, self.console.fault())
            && text.en.contains(words)
        {
            self.console.stop.cancel();
        }
        if let Report::Handle(handle) = &report {
            *lock(&self.console.handle) = Some(handle.clone());
        }
        lock(&self.console.reports).push(report);
        Ok(())
    }

    async fn read(&self, space: Space, name: &str) -> Result<ByteStream, HostError> {
        let _call = self.enter(false).await?;
        read(&self.path(space, name)?, name).await
    }

    async fn read_uri(&self, uri: &str) -> Result<ByteStream, HostError> {
        let _call = self.enter(false).await?;
        let Some(name) = uri.strip_prefix(SCHEME) else {
            return Err(HostError::Invalid(format!("{uri:?} is no URI of this host")));
        };
        read(&self.path(Space::Objects, name)?, name).await
    }

    async fn check(&self, space: Space, name: &str) -> Result<(), HostError> {
        let _call = self.enter(false).await?;
        self.refuse_taken(space, name)
    }

    async fn write(&self, space: Space, name: &str, mut bytes: ByteStream) -> Result<String, HostError> {
        let _call = self.enter(false).await?;
        self.refuse_taken(space, name)?;
        let path = self.path(space, name)?;
        let call = self.console.calls();
        let half = self.console.folder.join(format!("half-{}-{call}", self.life));
        let mut file = tokio::fs::File::create(&half).await.map_err(unavailable)?;
        while let Some(chunk) = bytes.next().await {
            file.write_all(&chunk.map_err(unavailable)?)
                .await
                .map_err(unavailable)?;
        }
        file.flush().await.map_err(unavailable)?;
        if self.is_dead() {
            return Err(HostError::Cancelled);
        }
        tokio::fs::rename(&half, &path).await.map_err(unavailable)?;
        Ok(uri_of(name))
    }

    async fn remove(&self, space: Space, name: &str) -> Result<(), HostError> {
        let _call = self.enter(false).await?;
        self.refuse_taken(space, name)?;
        match tokio::fs::remove_file(self.path(space, name)?).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(unavailable(error)),
            _ => Ok(()),
        }
    }

    async fn mark(&self, sha256: &str, mark: &str) -> Result<(), HostError> {
        let _call = self.enter(false).await?;
        lock(&self.console.marks).insert((sha256.to_owned(), mark.to_owned()));
        Ok(())
    }

    async fn marks(&self, sha256: &str) -> Result<Vec<String>, HostError> {
        let _call = self.enter(false).await?;
        let marks = lock(&self.console.marks);
        let of_content = marks.iter().filter(|(content, _)| content == sha256);
        Ok(of_content.map(|(_, mark)| mark.clone()).take(MAX_MARKS).collect())
    }

    async fn send(&self, number: u64, message: Bytes) -> Result<(), HostError> {
        let _call = self.enter(false).await?;
        self.console.sends.send(number, message).await
    }

    async fn flush(&self) -> Result<(), HostError> {
        let _call = self.enter(false).await?;
        self.console.sends.flush().await;
        Ok(())
    }

    async fn receive(&self, number: u64) -> Result<Bytes, HostError> {
        let _call = self.enter(false).await?;
        self.console.receives.receive(number, self.console.delay).await
    }

    async fn acknowledge(&self, number: u64) -> Result<(), HostError> {
        let _call = self.enter(false).await?;
        self.console.receives.acknowledge(number)
    }
}
