//! Watches and lists.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

use crate::Inner;
use crate::answer::Refusal;
use crate::kinds::Kind;
use crate::select::Selector;
use crate::store::{Change, State};

/// What a watch asks for.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) kind: &'static Kind,
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) selector: Selector,
    pub(crate) version: String,
    pub(crate) bookmarks: bool,
    pub(crate) initial_events: bool,
    pub(crate) timeout: Option<Duration>,
}

impl Wanted {
    fn matches(&self, object: &Value) -> bool {
        let place = self.namespace.is_empty() || object["metadata"]["namespace"] == self.namespace.as_str();
        let name = self.name.is_empty() || object["metadata"]["name"] == self.name.as_str();
        place && name && self.selector.matches(object)
    }
}

impl State {
    /// `GET` of a collection.
    pub(crate) fn answer_list(&self, wanted: &Wanted) -> Value {
        let kind = wanted.kind;
        let items: Vec<_> = self
            .list(kind.plural, &wanted.namespace)
            .filter(|(_, object)| wanted.matches(object))
            .map(|(_, object)| without_type(object))
            .collect();
        json!({
            "kind": format!("{}List", kind.name), "apiVersion": kind.api_version(),
            "metadata": {"resourceVersion": self.version.to_string()}, "items": items,
        })
    }
}

/// Items of a list do not say what they are.
fn without_type(object: &Value) -> Value {
    let mut object = object.clone();
    object
        .as_object_mut()
        .map(|fields| (fields.remove("kind"), fields.remove("apiVersion")));
    object
}

/// Sends a watch's events until it ends: by its time, by a cut, or when nobody listens.
pub(crate) async fn follow(inner: Arc<Inner>, wanted: Wanted, out: UnboundedSender<Bytes>) {
    let mut changes = inner.changed.subscribe();
    let until = Instant::now() + wanted.timeout.unwrap_or(Duration::from_secs(1800));
    let send = |kind: &str, object: &Value| {
        let line = format!("{}\n", json!({"type": kind, "object": object}));
        out.send(Bytes::from(line)).is_ok()
    };
    let (cuts, expiries, mut seen) = {
        let state = inner.lock();
        let start = match first_events(&state, &wanted) {
            Ok((events, version)) => {
                events.iter().for_each(|(kind, object)| {
                    send(kind, object);
                });
                version
            }
            Err(refusal) => {
                send("ERROR", &refusal.status());
                return;
            }
        };
        (state.cuts, state.expiries, start)
    };
    let mut last_bookmark = Instant::now();
    loop {
        {
            let state = inner.lock();
            if state.cuts != cuts {
                return;
            }
            if state.expiries != expiries {
                send("ERROR", &too_old(seen, state.floor).status());
                return;
            }
            let first = state.history.partition_point(|change| change.version <= seen);
            for change in &state.history[first..] {
                if let Some((kind, object)) = event(&wanted, change)
                    && !send(kind, &object)
                {
                    return;
                }
                seen = change.version;
            }
        }
        if wanted.bookmarks && last_bookmark.elapsed() > Duration::from_secs(1) && Instant::now() < until {
            send("BOOKMARK", &bookmark(wanted.kind, seen));
            last_bookmark = Instant::now();
        }
        tokio::select! {
            () = tokio::time::sleep_until(until) => {
                if wanted.bookmarks {
                    send("BOOKMARK", &bookmark(wanted.kind, seen));
                }
                return;
            }
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            () = out.closed() => return,
            changed = changes.changed() => if changed.is_err() { return },
        }
    }
}

type Events = Vec<(&'static str, Value)>;

/// What there is when a watch starts without a version, and from where it goes on.
fn first_events(state: &State, wanted: &Wanted) -> Result<(Events, u64), Refusal> {
    let all = wanted.version.is_empty() || wanted.version == "0" || wanted.initial_events;
    if all {
        let found = state
            .list(wanted.kind.plural, &wanted.namespace)
            .filter(|(_, object)| wanted.matches(object));
        let mut events: Events = found.map(|(_, object)| ("ADDED", object.clone())).collect();
        if wanted.initial_events {
            let mut end = bookmark(wanted.kind, state.version);
            end["metadata"]["annotations"] = json!({"k8s.io/initial-events-end": "true"});
            events.push(("BOOKMARK", end));
        }
        return Ok((events, state.version));
    }
    let version = wanted.version.parse().map_err(|_| {
        Refusal::bad_request(format!(
            "resourceVersion: Invalid value: \"{}\": must be a number",
            wanted.version
        ))
    })?;
    if version < state.floor {
        return Err(too_old(version, state.floor));
    }
    Ok((Vec::new(), version))
}

fn too_old(asked: u64, floor: u64) -> Refusal {
    Refusal::expired(format!("too old resource version: {asked} ({floor})"))
}

/// A change as this watch sees it: what a selector no longer matches is gone for it.
fn event(wanted: &Wanted, change: &Change) -> Option<(&'static str, Value)> {
    if change.plural != wanted.kind.plural {
        return None;
    }
    let before = change.before.as_ref().filter(|object| wanted.matches(object));
    let after = change.after.as_ref().filter(|object| wanted.matches(object));
    match (before, after) {
        (None, Some(object)) => Some(("ADDED", object.clone())),
        (Some(_), Some(object)) => Some(("MODIFIED", object.clone())),
        (Some(last), None) => {
            let mut last = last.clone();
            last["metadata"]["resourceVersion"] = change.version.to_string().into();
            Some(("DELETED", last))
        }
        (None, None) => None,
    }
}

/// An object with nothing but a version, as the server makes it from an empty one of the kind.
fn bookmark(kind: &Kind, version: u64) -> Value {
    let mut object = json!({
        "kind": kind.name, "apiVersion": kind.api_version(), "metadata": {"resourceVersion": version.to_string()},
    });
    match kind.name {
        "Job" => {
            object["spec"] = json!({"template": {"metadata": {}, "spec": {"containers": null}}});
            object["status"] = json!({});
        }
        "Pod" => {
            object["spec"] = json!({"containers": null});
            object["status"] = json!({});
        }
        _ => {}
    }
    object
}
