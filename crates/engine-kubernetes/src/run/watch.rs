//! Watching an attempt to its end.

use std::collections::{BTreeMap, HashSet};
use std::pin::Pin;
use std::time::Duration;

use futures_util::stream::{BoxStream, select_all};
use futures_util::{Stream, StreamExt as _};
use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::{Event, Pod};
use kube::Api;
use kube::api::ListParams;
use kube::runtime::{WatchStreamExt as _, watcher};
use task_interface::{CallBack, EngineError, LogLevel, Text};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::Run;
use crate::cluster::{Trouble, answer};
use crate::logs::{self, FlinkLog, Line, Redactor, Source};
use crate::names;
use crate::reasons::{Failed, Hold, HoldKind};
use crate::render::{ATTEMPT, INSTANCE, LOG_CONTAINER, MANAGED_BY};
use crate::view::{Seen, Verdict, View, containers, label};
use crate::words::both;

/// The console gives a run up in which nothing happens; this says that it is looked after.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// How long the end of logs is waited for after a job's end.
const LOGS_WITHIN: Duration = Duration::from_secs(5);
/// How often the places in the logs are stored, at most.
const PLACES_EVERY: Duration = Duration::from_secs(10);
/// Lines that wait to be stored.
const LINES: usize = 256;

/// What goes on beside the watch.
struct Beside {
    lines: mpsc::Receiver<Line>,
    sender: mpsc::Sender<Line>,
    followers: JoinSet<()>,
    followed: HashSet<String>,
    /// By container: a key may reach over lines.
    redactors: BTreeMap<String, Redactor>,
    /// By pod.
    roles: BTreeMap<String, String>,
    /// Lines that were taken from each container.
    taken: BTreeMap<String, u64>,
    /// Lines that are taken from each container at most: its share, so that one that never stops writing hides no other.
    max_lines: u64,
    flink: FlinkLog,
    places_stored: Instant,
    places_changed: bool,
}

/// Since when a run is held up, and what is said of it.
#[derive(Default)]
struct HeldUp {
    since: Option<(HoldKind, Instant)>,
    not_running_since: Option<Instant>,
    told: Option<Text>,
    /// The same for our own operators, with names.
    story: Option<Text>,
}

impl Run<'_> {
    /// Watches until the job has ended.
    pub(super) async fn watch(&mut self) -> Result<(), EngineError> {
        let (sender, lines) = mpsc::channel(LINES);
        let mut beside = Beside {
            lines,
            sender,
            followers: JoinSet::new(),
            followed: HashSet::new(),
            redactors: BTreeMap::new(),
            roles: BTreeMap::new(),
            taken: BTreeMap::new(),
            max_lines: (self.cluster.config.max_log_lines / self.planned.plan.pods().max(1)).max(1),
            flink: FlinkLog::default(),
            places_stored: Instant::now(),
            places_changed: false,
        };
        let mut view = View::of(&self.planned.plan);
        let ended = self.watch_with(&mut view, &mut beside).await;
        // A pod may have ended before it was seen to run.
        self.look_at_pods(&mut view).await;
        self.follow_logs(&view, &mut beside);
        self.last_lines(&mut beside).await?;
        ended
    }

    async fn watch_with(&mut self, view: &mut View, beside: &mut Beside) -> Result<(), EngineError> {
        let mut held_up = HeldUp::default();
        let mut is_running = false;
        self.say(&mut held_up.told, HoldKind::Starts.text(), None).await?;
        let mut seen = self.streams();
        let mut beat = tokio::time::interval(HEARTBEAT);
        beat.tick().await;
        // A hold runs out also when nothing happens to the objects, however much the pods write.
        let mut next_look = Instant::now() + held_up.next_look();
        loop {
            tokio::select! {
                Some(seen) = seen.next() => match seen {
                    Ok(seen) => view.take(seen),
                    Err(trouble) => {
                        let hold = Hold::new(HoldKind::Cluster, &self.cluster.name, trouble.told());
                        self.say(&mut held_up.told, hold.kind.text(), Some(hold.story())).await?;
                        continue;
                    }
                },
                Some(line) = beside.lines.recv() => {
                    self.take_line(beside, line).await?;
                    continue;
                }
                _ = beat.tick() => {
                    if let Some(text) = held_up.told.clone() {
                        self.say(&mut held_up.told, text, None).await?;
                    }
                    self.store_places(beside).await?;
                    continue;
                }
                () = tokio::time::sleep_until(next_look) => {}
            }
            next_look = Instant::now() + held_up.next_look();
            self.follow_logs(view, beside);
            let Some(verdict) = view.verdict(&self.planned.plan) else {
                continue;
            };
            let begins = match &verdict {
                Verdict::Runs(running, _) => *running > 0,
                Verdict::Succeeded => true,
                _ => false,
            };
            if begins && !is_running {
                is_running = true;
                self.context.reporter.running().await?;
            }
            match verdict {
                Verdict::Succeeded => {
                    let done = both("all pods have done their work", "所有 Pod 均已完成");
                    return self.context.reporter.progress(1.0, done).await;
                }
                Verdict::Failed(failed) => return Err(self.explained(view, failed).await.into_error()),
                Verdict::Gone(job) => return Err(self.gone(&job)),
                Verdict::Waits(hold) => self.waits(&mut held_up, hold).await?,
                // Pods begin and end one after the other; only that all of them run is news.
                Verdict::Runs(running, of) if running < of => {}
                Verdict::Runs(_, of) => {
                    held_up.since = None;
                    held_up.not_running_since = None;
                    let text = both(
                        format!("all pods run: {of}"),
                        format!("全部 {of} 个 Pod 正在运行"),
                    );
                    if held_up.told.as_ref() != Some(&text) {
                        self.say(&mut held_up.told, text, None).await?;
                    }
                }
            }
        }
    }

    /// What is seen of the attempt's objects, from now on to its end.
    fn streams(&self) -> impl Stream<Item = Result<Seen, Trouble>> + Unpin + use<> {
        let ours = watcher::Config::default().labels(&self.labels());
        let jobs = objects::<Job>(self.cluster.api(), ours.clone(), "Jobs", |event| {
            Seen::Job(Box::new(event))
        });
        let pods = objects::<Pod>(self.cluster.api(), ours, "Pods", |event| {
            Seen::Pod(Box::new(event))
        });
        let warnings = watcher::Config::default().fields("type=Warning");
        let events = objects::<Event>(self.cluster.api(), warnings, "Events", |event| {
            Seen::Event(Box::new(event))
        });
        select_all([jobs, pods, events])
    }

    /// A failed Job may be seen before its pods are: they are asked for, so that the reason is told.
    async fn explained(&self, view: &mut View, failed: Failed) -> Failed {
        if failed.is_explained() {
            return failed;
        }
        self.look_at_pods(view).await;
        match view.verdict(&self.planned.plan) {
            Some(Verdict::Failed(explained)) => explained,
            _ => failed,
        }
    }

    async fn look_at_pods(&self, view: &mut View) {
        let params = ListParams::default().labels(&self.labels());
        let pods: Api<Pod> = self.cluster.api();
        match answer("Pods", pods.list(&params)).await {
            Ok(pods) => view.take_pods(pods.items),
            Err(trouble) => tracing::warn!(told = trouble.told(), "the pods of a run cannot be looked at"),
        }
    }

    /// What all objects of the attempt are labelled with.
    fn labels(&self) -> String {
        let instance = &self.context.instance;
        let (key, value) = MANAGED_BY;
        let (run, attempt) = (names::token(&instance.id), instance.attempt);
        format!("{key}={value},{INSTANCE}={run},{ATTEMPT}={attempt}")
    }

    /// A Job is not there, though the list was whole and nobody here removed it.
    fn gone(&self, job: &str) -> EngineError {
        EngineError::LostJob {
            message: format!("the Job {job} was removed from the cluster {}", self.cluster.name),
        }
    }

    async fn waits(&self, held_up: &mut HeldUp, hold: Hold) -> Result<(), EngineError> {
        if hold.kind.is_final() {
            return Err(hold.into_error(None));
        }
        let of_cluster = &self.cluster.config;
        let now = Instant::now();
        let not_running = now - *held_up.not_running_since.get_or_insert(now);
        let since = match held_up.since {
            Some((kind, since)) if kind == hold.kind => since,
            _ => now,
        };
        held_up.since = Some((hold.kind, since));
        let (waited, most) = match hold.kind {
            HoldKind::ImagePull => (now - since, of_cluster.image_within_s),
            _ => (not_running, of_cluster.start_within_s),
        };
        if waited >= Duration::from_secs(most.into()) {
            return Err(hold.into_error(Some(most.into())));
        }
        // That pods start is no trouble, unless the cluster says so.
        let is_trouble = hold.kind != HoldKind::Starts || !hold.detail.is_empty();
        let (text, story) = (hold.kind.text(), is_trouble.then(|| hold.story()));
        if held_up.told.as_ref() == Some(&text) && held_up.story == story {
            return Ok(());
        }
        held_up.story.clone_from(&story);
        held_up.told = None;
        self.say(&mut held_up.told, text, story).await
    }

    /// Follows the logs of all containers that have begun.
    fn follow_logs(&self, view: &View, beside: &mut Beside) {
        for (name, pod) in view.pods() {
            let role = label(pod, crate::render::ROLE).unwrap_or("pod");
            for container in containers(pod) {
                let state = container.state.as_ref();
                let begun = state.is_some_and(|state| state.running.is_some() || state.terminated.is_some());
                let source = Source {
                    pod: name.clone(),
                    container: container.name.clone(),
                };
                if !begun || !beside.followed.insert(source.key()) {
                    continue;
                }
                beside
                    .roles
                    .insert(name.clone(), role_of(pod, role, &container.name));
                let since = self.handle.logs.get(&source.key()).cloned();
                let pods: Api<Pod> = self.cluster.api();
                beside.followers.spawn(logs::follow(
                    pods,
                    source,
                    since,
                    beside.max_lines,
                    beside.sender.clone(),
                ));
            }
        }
    }

    async fn take_line(&mut self, beside: &mut Beside, line: Line) -> Result<(), EngineError> {
        let key = line.source.key();
        self.handle.logs.insert(key.clone(), line.at);
        beside.places_changed = true;
        if self.planned.plan.flink.is_some() {
            self.look_for_flink(&mut beside.flink, &line.text).await?;
        }
        let role = beside.roles.get(&line.source.pod).map_or("pod", String::as_str);
        let (taken, most) = (beside.taken.entry(key.clone()).or_default(), beside.max_lines);
        *taken += 1;
        if *taken > most {
            let text = both(
                format!("The log is cut here: it has more than {most} lines."),
                format!("日志超过 {most} 行，后续内容不再保存。"),
            );
            return self.context.reporter.log_of(role, LogLevel::Warn, text).await;
        }
        let Some(text) = beside.redactors.entry(key).or_default().line(&line.text) else {
            return Ok(());
        };
        self.context.reporter.log_of(role, LogLevel::Info, text).await
    }

    /// Tells the page of the job in Flink, as the original does, and notes its id where a stop finds it.
    async fn look_for_flink(&self, flink: &mut FlinkLog, line: &str) -> Result<(), EngineError> {
        let known = flink.job.is_some();
        let link = flink.line(line);
        if !known && flink.job.is_some() {
            let owner = self.renderer().owner(&self.planned.plan, flink.job.as_deref());
            if let Err(trouble) = self.cluster.apply(&owner).await {
                tracing::warn!(
                    told = trouble.told(),
                    "the id of a Flink job is not noted; a stop will not cancel it"
                );
            }
        }
        let Some(link) = link else { return Ok(()) };
        let message = serde_json::Map::from_iter([("job_log_link".to_owned(), link.into())]);
        let call_back = CallBack {
            message: Some(message),
            ..CallBack::default()
        };
        self.context.reporter.call_back(call_back).await
    }

    async fn store_places(&self, beside: &mut Beside) -> Result<(), EngineError> {
        if beside.places_changed && beside.places_stored.elapsed() >= PLACES_EVERY {
            beside.places_changed = false;
            beside.places_stored = Instant::now();
            self.report_handle().await?;
        }
        Ok(())
    }

    /// What the pods wrote last.
    async fn last_lines(&mut self, beside: &mut Beside) -> Result<(), EngineError> {
        let until = Instant::now() + LOGS_WITHIN;
        loop {
            // The time comes first: a pod that does not stop writing would keep the run from its end.
            tokio::select! {
                biased;
                () = tokio::time::sleep_until(until) => break,
                Some(line) = beside.lines.recv() => self.take_line(beside, line).await?,
                joined = beside.followers.join_next() => if joined.is_none() { break },
            }
        }
        beside.lines.close();
        while let Ok(line) = beside.lines.try_recv() {
            self.take_line(beside, line).await?;
        }
        Ok(())
    }
}

impl HeldUp {
    /// After which time to look again although nothing happened.
    fn next_look(&self) -> Duration {
        match self.not_running_since {
            Some(_) => Duration::from_secs(1),
            None => HEARTBEAT,
        }
    }
}

/// What a line of a container is said to be from: the role, and its number where there are several.
fn role_of(pod: &Pod, role: &str, container: &str) -> String {
    let number = label(pod, "batch.kubernetes.io/job-completion-index");
    let app = label(pod, "app").unwrap_or_default();
    let of_name = app
        .rsplit('-')
        .next()
        .filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let of_name = of_name.filter(|_| container.starts_with(app) || container == LOG_CONTAINER);
    match number.or(of_name) {
        Some(number) => format!("{role}-{number}"),
        None => role.to_owned(),
    }
}

type Watched = Pin<Box<dyn Stream<Item = Result<Seen, Trouble>> + Send>>;

/// The objects of a kind, with the trouble that watching them has. A watch mends itself, ever more slowly.
fn objects<K>(
    api: Api<K>,
    config: watcher::Config,
    what: &'static str,
    seen: fn(watcher::Event<K>) -> Seen,
) -> Watched
where
    K: kube::Resource + Clone + serde::de::DeserializeOwned + std::fmt::Debug + Send + 'static,
{
    let watched: BoxStream<'static, _> = watcher(api, config).default_backoff().boxed();
    Box::pin(watched.map(move |event| match event {
        Ok(event) => Ok(seen(event)),
        Err(error) => Err(Trouble::of_watch(what, error)),
    }))
}
