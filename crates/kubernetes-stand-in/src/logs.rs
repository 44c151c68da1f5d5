//! The logs of pods.

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;

use crate::Inner;
use crate::answer::Refusal;
use crate::kinds;
use crate::pods::Line;
use crate::store::{Key, State, text};

/// Which lines of which container.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    pub(crate) container: String,
    pub(crate) follow: bool,
    pub(crate) timestamps: bool,
    pub(crate) previous: bool,
    pub(crate) tail: Option<usize>,
    pub(crate) since: Option<DateTime<Utc>>,
    pub(crate) limit: Option<usize>,
}

/// A log as it can be answered now.
pub(crate) struct Opened {
    uid: String,
    container: String,
    /// The number of the first line that is wanted.
    first: usize,
}

impl State {
    /// Finds the log; none for a pod that has no node yet, which is an empty answer (204).
    pub(crate) fn open_log(&self, key: &Key, wanted: &Wanted) -> Result<Option<Opened>, Refusal> {
        let pod = self
            .objects
            .get(key)
            .ok_or_else(|| Refusal::not_found(kinds::named("pods"), &key.2))?;
        let container = container_of(pod, &key.2, &wanted.container)?;
        if text(pod, "/spec/nodeName").is_empty() {
            return Ok(None);
        }
        if wanted.previous {
            let message = format!(
                "previous terminated container \"{container}\" in pod \"{}\" not found",
                key.2
            );
            return Err(Refusal::bad_request(message));
        }
        let uid = text(pod, "/metadata/uid").to_owned();
        let run = self.runs.get(&uid);
        if !run.is_some_and(|run| run.started) && !crate::delete::is_over(pod) {
            let why = text(pod, "/status/containerStatuses/0/state/waiting/reason");
            let why = match why {
                "" => "ContainerCreating",
                "ImagePullBackOff" | "ErrImagePull" => "trying and failing to pull image",
                other => other,
            };
            let message = format!(
                "container \"{container}\" in pod \"{}\" is waiting to start: {why}",
                key.2
            );
            return Err(Refusal::bad_request(message));
        }
        let first = match (wanted.tail, run) {
            (Some(0), Some(run)) => run.lines.back().map_or(0, |last| last.number + 1),
            (Some(tail), Some(run)) => {
                let own = run.lines.iter().filter(|line| line.container == container);
                own.rev().take(tail).last().map_or(0, |line| line.number)
            }
            _ => 0,
        };
        Ok(Some(Opened {
            uid,
            container,
            first,
        }))
    }
}

fn container_of(pod: &Value, name: &str, wanted: &str) -> Result<String, Refusal> {
    let names = |list: &str| -> Vec<String> {
        let all = pod["spec"][list].as_array().into_iter().flatten();
        all.map(|container| text(container, "/name").to_owned()).collect()
    };
    let (main, at_start) = (names("containers"), names("initContainers"));
    if wanted.is_empty() {
        if let [only] = main.as_slice() {
            return Ok(only.clone());
        }
        let message = format!(
            "a container name must be specified for pod {name}, choose one of: [{}]",
            main.join(" ")
        );
        return Err(Refusal::bad_request(message));
    }
    if main.iter().chain(&at_start).any(|found| found == wanted) {
        return Ok(wanted.into());
    }
    Err(Refusal::bad_request(format!(
        "container {wanted} is not valid for pod {name}"
    )))
}

/// Sends the lines that are there and, when wanted, those that come, until the pod ends.
pub(crate) async fn send(inner: Arc<Inner>, opened: Opened, wanted: Wanted, out: UnboundedSender<Bytes>) {
    let mut changes = inner.changed.subscribe();
    let cuts = inner.lock().cuts;
    let (mut next, mut left) = (opened.first, wanted.limit.unwrap_or(usize::MAX));
    loop {
        let (lines, ended, cut) = {
            let state = inner.lock();
            let run = state.runs.get(&opened.uid);
            let lines: Vec<_> = run.map_or_else(Vec::new, |run| {
                let from = run.lines.partition_point(|line| line.number < next);
                let new = run.lines.range(from..);
                new.filter(|line| line.container == opened.container)
                    .cloned()
                    .collect()
            });
            (lines, run.is_none_or(|run| run.ended), state.cuts != cuts)
        };
        if cut {
            return;
        }
        next = lines.last().map_or(next, |line| line.number + 1);
        for line in lines
            .iter()
            .filter(|line| wanted.since.is_none_or(|since| line.at >= since))
        {
            let mut text = written(line, wanted.timestamps);
            text.truncate(left);
            left -= text.len();
            if out.send(Bytes::from(text)).is_err() || left == 0 {
                return;
            }
        }
        if ended || !wanted.follow {
            return;
        }
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return },
            () = out.closed() => return,
        }
    }
}

fn written(line: &Line, timestamps: bool) -> Vec<u8> {
    if timestamps {
        format!(
            "{} {}\n",
            line.at.to_rfc3339_opts(SecondsFormat::Nanos, true),
            line.text
        )
        .into_bytes()
    } else {
        format!("{}\n", line.text).into_bytes()
    }
}
