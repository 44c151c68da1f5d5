//! The scheduler and the kubelet: each pod goes through its script.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::time::Instant;

use crate::Inner;
use crate::delete::is_over;
use crate::script::{End, Script, Start, Step};
use crate::status::note_status_owner;
use crate::store::{Key, State, is_leaving, now, text};

const NO_ROOM: &str = "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes \
                       are available: 1 Preemption is not helpful for scheduling.";

/// So many lines of a pod are kept, as a node keeps so many bytes.
const MAX_LINES: usize = 20_000;
/// A process that writes faster waits.
const MAX_LINES_PER_LOOK: usize = 500;

/// A line that a container wrote.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Its place among all lines of the pod.
    pub(crate) number: usize,
    pub(crate) container: String,
    pub(crate) at: chrono::DateTime<chrono::Utc>,
    pub(crate) text: String,
}

/// What becomes of one pod.
#[derive(Debug, Default)]
pub(crate) struct Run {
    pub(crate) lines: VecDeque<Line>,
    /// Whether its containers started.
    pub(crate) started: bool,
    /// Whether its containers ended.
    pub(crate) ended: bool,
    /// The exit code that a test asks for.
    pub(crate) finish: Option<i32>,
}

/// Why a wait ended before its time.
enum Interrupt {
    Stopped,
    Finished(i32),
    Gone,
}

/// Starts a run for each pod that has none.
pub(crate) fn start_new(inner: &Arc<Inner>, state: &mut State) {
    let new: Vec<_> = state
        .list("pods", "")
        .filter(|(_, pod)| !is_over(pod) && !state.runs.contains_key(text(pod, "/metadata/uid")))
        .map(|(key, pod)| (key.clone(), text(pod, "/metadata/uid").to_owned()))
        .collect();
    for (key, uid) in new {
        let rule = state
            .scripts
            .iter()
            .rev()
            .find(|(prefix, _)| key.2.starts_with(prefix));
        let script = rule.map_or_else(Script::succeeds, |(_, script)| script.clone());
        state.runs.insert(uid.clone(), Run::default());
        tokio::spawn(
            Pod {
                inner: inner.clone(),
                key,
                uid,
                script,
            }
            .live(),
        );
    }
}

struct Pod {
    inner: Arc<Inner>,
    key: Key,
    uid: String,
    script: Script,
}

impl Pod {
    async fn live(self) {
        if self.schedule().await.is_none() {
            return;
        }
        let end = match self.script.start {
            Start::NoImage => self.lack_image().await,
            _ => self.run().await,
        };
        match end {
            Ok(end) => self.end(end),
            Err(Interrupt::Finished(code)) => self.end(End::Exit(code)),
            Err(Interrupt::Stopped) => {
                tokio::time::sleep(self.script.stop_wait).await;
                self.end(End::Exit(143));
            }
            Err(Interrupt::Gone) => {
                self.inner.lock().runs.entry(self.uid.clone()).or_default().ended = true;
            }
        }
    }

    /// Finds a node; none when the pod went before.
    async fn schedule(&self) -> Option<()> {
        if self.script.start == Start::Unschedulable {
            self.change(|pod| {
                pod["status"]["conditions"] = json!([{
                    "type": "PodScheduled", "observedGeneration": 1, "status": "False", "lastProbeTime": null,
                    "lastTransitionTime": now(), "reason": "Unschedulable", "message": NO_ROOM,
                }]);
            })?;
            self.tell(true, "FailedScheduling", NO_ROOM);
            let mut changes = self.inner.changed.subscribe();
            loop {
                if self.interrupt(false).is_some() {
                    return None;
                }
                if self.inner.lock().room {
                    break;
                }
                changes.changed().await.ok()?;
            }
        }
        self.change(|pod| {
            pod["spec"]["nodeName"] = "fake-0".into();
            pod["status"]["conditions"] = json!([time_condition("PodScheduled", "True")]);
        })?;
        self.tell(
            false,
            "Scheduled",
            &format!("Successfully assigned {}/{} to fake-0", self.key.1, self.key.2),
        );
        Some(())
    }

    async fn lack_image(&self) -> Result<End, Interrupt> {
        let image = self
            .pod()
            .map(|pod| text(&pod, "/spec/containers/0/image").to_owned())
            .unwrap_or_default();
        self.tell(false, "Pulling", &format!("Pulling image \"{image}\""));
        let failed =
            format!("Failed to pull image \"{image}\": rpc error: code = NotFound: {image}: not found");
        self.waiting("ErrImagePull", &failed);
        self.tell(true, "Failed", &failed);
        self.tell(true, "Failed", "Error: ErrImagePull");
        self.wait(Duration::from_millis(100)).await?;
        let back_off = format!("Back-off pulling image \"{image}\"");
        self.waiting("ImagePullBackOff", &back_off);
        self.tell(false, "BackOff", &back_off);
        self.tell(true, "Failed", "Error: ImagePullBackOff");
        self.wait(Duration::from_secs(u64::from(u32::MAX))).await?;
        Ok(End::Exit(1))
    }

    fn waiting(&self, reason: &str, message: &str) {
        let state = json!({"waiting": {"reason": reason, "message": message}});
        self.change(|pod| set_status(pod, "Pending", &state, false));
    }

    async fn run(&self) -> Result<End, Interrupt> {
        let running = json!({"running": {"startedAt": now()}});
        self.change(|pod| set_status(pod, "Running", &running, true))
            .ok_or(Interrupt::Gone)?;
        {
            let mut state = self.inner.lock();
            state.runs.entry(self.uid.clone()).or_default().started = true;
            state.touch();
        }
        for step in &self.script.steps {
            match step {
                Step::Log(container, line) => self.log(container.as_deref(), line),
                Step::Wait(time) => self.wait(*time).await?,
                Step::Process(arguments) => return self.process(arguments).await,
                Step::End(end) => return Ok(*end),
            }
        }
        Ok(End::Exit(0))
    }

    fn log(&self, container: Option<&str>, line: &str) {
        let first = self
            .pod()
            .map(|pod| text(&pod, "/spec/containers/0/name").to_owned())
            .unwrap_or_default();
        let container = container.map_or(first, String::from);
        let mut state = self.inner.lock();
        if let Some(run) = state.runs.get_mut(&self.uid) {
            let number = run.lines.back().map_or(0, |last| last.number + 1);
            if run.lines.len() == MAX_LINES {
                run.lines.pop_front();
            }
            run.lines.push_back(Line {
                number,
                container,
                at: chrono::Utc::now(),
                text: line.into(),
            });
        }
        state.touch();
    }

    async fn process(&self, arguments: &[String]) -> Result<End, Interrupt> {
        let pod = self.pod().ok_or(Interrupt::Gone)?;
        let mut command = Command::new(&arguments[0]);
        command
            .args(&arguments[1..])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for variable in pod["spec"]["containers"][0]["env"]
            .as_array()
            .into_iter()
            .flatten()
        {
            command.env(text(variable, "/name"), text(variable, "/value"));
        }
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => {
                self.log(None, &error.to_string());
                return Ok(End::Exit(127));
            }
        };
        let (sender, lines) = mpsc::sync_channel(MAX_LINES_PER_LOOK);
        let outputs: [Option<Box<dyn Read + Send>>; 2] = [
            child.stdout.take().map(|out| Box::new(out) as _),
            child.stderr.take().map(|out| Box::new(out) as _),
        ];
        for output in outputs.into_iter().flatten() {
            let sender = sender.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    let _ = sender.send(line);
                }
            });
        }
        drop(sender);
        loop {
            let now = lines.try_iter().take(MAX_LINES_PER_LOOK);
            now.for_each(|line| self.log(None, &line));
            if let Ok(Some(status)) = child.try_wait() {
                // The readers end with the process and what it left its output to.
                lines.iter().for_each(|line| self.log(None, &line));
                return Ok(End::Exit(status.code().unwrap_or(137)));
            }
            if let Err(interrupt) = self.wait(Duration::from_millis(10)).await {
                let _ = child.kill();
                let _ = child.wait();
                return Err(interrupt);
            }
        }
    }

    fn end(&self, end: End) {
        let (code, reason) = match end {
            End::Exit(0) => (0, "Completed"),
            End::Exit(code) => (code, "Error"),
            End::OutOfMemory => (137, "OOMKilled"),
            End::Evicted => (137, "Error"),
        };
        let phase = if code == 0 { "Succeeded" } else { "Failed" };
        let evicted = "The node was low on resource: memory. Threshold quantity: 100Mi, available: 88Mi. ";
        if end == End::Evicted {
            self.tell(true, "Evicted", evicted);
        }
        self.change(|pod| {
            let started = pod["status"]["containerStatuses"][0]["state"]["running"]["startedAt"].clone();
            let ended = json!({
                "terminated": {"exitCode": code, "reason": reason, "startedAt": started, "finishedAt": now()},
            });
            set_status(pod, phase, &ended, false);
            if end == End::Evicted {
                pod["status"]["reason"] = "Evicted".into();
                pod["status"]["message"] = evicted.into();
            }
            if is_leaving(pod) {
                pod["metadata"]["deletionGracePeriodSeconds"] = 0.into();
            }
        });
        let mut state = self.inner.lock();
        state.runs.entry(self.uid.clone()).or_default().ended = true;
        state.touch();
    }

    async fn wait(&self, time: Duration) -> Result<(), Interrupt> {
        let until = Instant::now() + time;
        let mut changes = self.inner.changed.subscribe();
        loop {
            if let Some(interrupt) = self.interrupt(true) {
                return Err(interrupt);
            }
            tokio::select! {
                () = tokio::time::sleep_until(until) => return Ok(()),
                changed = changes.changed() => if changed.is_err() { return Err(Interrupt::Gone) },
            }
        }
    }

    fn interrupt(&self, stoppable: bool) -> Option<Interrupt> {
        let state = self.inner.lock();
        let pod = state
            .objects
            .get(&self.key)
            .filter(|pod| pod["metadata"]["uid"] == self.uid.as_str());
        let Some(pod) = pod else {
            return Some(Interrupt::Gone);
        };
        if let Some(code) = state.runs.get(&self.uid).and_then(|run| run.finish) {
            return Some(Interrupt::Finished(code));
        }
        let stopped = is_leaving(pod);
        (stopped && (stoppable || text(pod, "/spec/nodeName").is_empty())).then_some(Interrupt::Stopped)
    }

    fn pod(&self) -> Option<Value> {
        let state = self.inner.lock();
        state
            .objects
            .get(&self.key)
            .filter(|pod| pod["metadata"]["uid"] == self.uid.as_str())
            .cloned()
    }

    fn change(&self, change: impl FnOnce(&mut Value)) -> Option<()> {
        let mut state = self.inner.lock();
        let found = state
            .objects
            .get(&self.key)
            .filter(|pod| pod["metadata"]["uid"] == self.uid.as_str());
        let mut pod = found.cloned()?;
        change(&mut pod);
        let owned: Map<_, _> = pod["status"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| (format!("f:{name}"), json!({})))
            .collect();
        note_status_owner(&mut pod, "v1", "kubelet", owned);
        state.save(self.key.clone(), pod);
        Some(())
    }

    fn tell(&self, warning: bool, reason: &str, message: &str) {
        if let Some(pod) = self.pod() {
            self.inner.lock().tell(&pod, warning, reason, message);
        }
    }
}

fn time_condition(name: &str, status: &str) -> Value {
    json!({"type": name, "status": status, "lastProbeTime": null, "lastTransitionTime": now()})
}

fn set_status(pod: &mut Value, phase: &str, container_state: &Value, ready: bool) {
    let over = ["Succeeded", "Failed"].contains(&phase);
    let status_of = |container: &Value, state: Value, ready: bool| {
        json!({
            "name": container["name"], "state": state, "lastState": {}, "ready": ready, "restartCount": 0,
            "image": container["image"], "imageID": "", "started": ready,
        })
    };
    let list = |name: &str| pod["spec"][name].as_array().cloned().unwrap_or_default();
    let containers: Vec<_> = list("containers")
        .iter()
        .map(|found| status_of(found, container_state.clone(), ready))
        .collect();
    let of_start = |container: &Value| {
        let goes_on = container["restartPolicy"] == "Always" && !over;
        let state = if goes_on {
            json!({"running": {"startedAt": now()}})
        } else {
            json!({"terminated": {"exitCode": 0, "reason": "Completed", "startedAt": now(), "finishedAt": now()}})
        };
        status_of(container, state, goes_on)
    };
    let at_start: Vec<_> = list("initContainers").iter().map(of_start).collect();
    let is = if ready { "True" } else { "False" };
    let status = &mut pod["status"];
    status["phase"] = phase.into();
    status["conditions"] = json!([
        time_condition("PodScheduled", "True"),
        time_condition("Initialized", "True"),
        time_condition("ContainersReady", is),
        time_condition("Ready", is),
    ]);
    status["hostIP"] = "127.0.0.1".into();
    status["podIP"] = "10.0.0.1".into();
    status["podIPs"] = json!([{"ip": "10.0.0.1"}]);
    if status["startTime"].is_null() {
        status["startTime"] = now().into();
    }
    status["containerStatuses"] = containers.into();
    if !at_start.is_empty() {
        status["initContainerStatuses"] = at_start.into();
    }
}
