//! What the cluster holds, and every change of it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Instant;

use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::access::Users;
use crate::kinds::{self, Extra, Kind};
use crate::pods::Run;
use crate::script::Script;
use crate::{Fault, Options, Request};

/// Where an object is: plural, namespace, name.
pub(crate) type Key = (&'static str, String, String);

/// One change, as watches tell it.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) version: u64,
    pub(crate) plural: &'static str,
    pub(crate) before: Option<Value>,
    pub(crate) after: Option<Value>,
}

/// All that the stand-in knows.
pub(crate) struct State {
    pub(crate) options: Options,
    pub(crate) version: u64,
    /// Changes up to this version are forgotten.
    pub(crate) floor: u64,
    pub(crate) objects: BTreeMap<Key, Value>,
    pub(crate) history: Vec<Change>,
    pub(crate) runs: HashMap<String, Run>,
    pub(crate) scripts: Vec<(String, Script)>,
    pub(crate) quotas: HashMap<String, String>,
    pub(crate) refusals: Vec<(String, String)>,
    pub(crate) room: bool,
    pub(crate) users: Users,
    pub(crate) fault: Fault,
    /// Counts the cuts of all watches.
    pub(crate) cuts: u64,
    pub(crate) expiries: u64,
    pub(crate) requests: Vec<Request>,
    pub(crate) refused: Vec<String>,
    /// When the last pod of a job was refused, by the job's id.
    pub(crate) failed_creates: HashMap<String, Instant>,
    pub(crate) given: HashSet<Key>,
    changed: watch::Sender<u64>,
    counter: u64,
}

impl State {
    pub(crate) fn new(options: Options, changed: watch::Sender<u64>) -> Self {
        let mut state = Self {
            version: 540,
            floor: 539,
            objects: BTreeMap::new(),
            history: Vec::new(),
            runs: HashMap::new(),
            scripts: Vec::new(),
            quotas: HashMap::new(),
            refusals: Vec::new(),
            room: false,
            users: Users::default(),
            fault: Fault::None,
            cuts: 0,
            expiries: 0,
            requests: Vec::new(),
            refused: Vec::new(),
            failed_creates: HashMap::new(),
            given: HashSet::new(),
            changed,
            counter: 0,
            options,
        };
        for namespace in state.options.namespaces.clone() {
            let object = json!({
                "apiVersion": "v1", "kind": "Namespace", "metadata": new_metadata("", &namespace),
                "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"},
            });
            state.save(("namespaces", String::new(), namespace), object);
        }
        state
    }

    pub(crate) fn has(&self, extra: Extra) -> bool {
        match extra {
            Extra::JobSet => self.options.jobset,
            Extra::Kueue => self.options.kueue,
            Extra::Gateway => self.options.gateway,
        }
    }

    /// Wakes all who wait for something to change.
    pub(crate) fn touch(&self) {
        self.changed.send_modify(|count| *count += 1);
    }

    /// Puts an object in its place under a new version.
    pub(crate) fn save(&mut self, key: Key, mut object: Value) -> Value {
        self.version += 1;
        object["metadata"]["resourceVersion"] = self.version.to_string().into();
        let plural = key.0;
        let before = self.objects.insert(key, object.clone());
        self.history.push(Change {
            version: self.version,
            plural,
            before,
            after: Some(object.clone()),
        });
        self.touch();
        object
    }

    /// Takes an object away. Its last state has a version of its own.
    pub(crate) fn remove(&mut self, key: &Key) -> Option<Value> {
        let mut before = self.objects.remove(key)?;
        self.version += 1;
        let last = before.clone();
        before["metadata"]["resourceVersion"] = self.version.to_string().into();
        self.history.push(Change {
            version: self.version,
            plural: key.0,
            before: Some(before),
            after: None,
        });
        self.given.remove(key);
        self.touch();
        Some(last)
    }

    /// Forgets all changes: who watches from an older version is too late.
    pub(crate) fn forget(&mut self) {
        self.version += 1;
        self.floor = self.version;
        self.history.clear();
        self.expiries += 1;
        self.touch();
    }

    /// The objects of a kind, in all namespaces when it is empty.
    pub(crate) fn list(&self, plural: &str, namespace: &str) -> impl Iterator<Item = (&Key, &Value)> {
        let wanted = move |key: &Key| key.0 == plural && (namespace.is_empty() || key.1 == namespace);
        self.objects.iter().filter(move |(key, _)| wanted(key))
    }

    /// A suffix that no other object has.
    pub(crate) fn suffix(&mut self) -> String {
        const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
        self.counter += 1;
        let mut rest = self.counter.wrapping_mul(7_919_333) % 14_348_907;
        let mut found = String::new();
        for _ in 0..5 {
            found.push(char::from(LETTERS[usize::try_from(rest % 27).unwrap_or(0)]));
            rest /= 27;
        }
        found
    }

    /// Tells of something that happened to an object.
    pub(crate) fn tell(&mut self, about: &Value, warning: bool, reason: &str, message: &str) {
        let controller = about["kind"] == "Job";
        let same = |event: &Value| {
            event["involvedObject"]["uid"] == about["metadata"]["uid"]
                && event["reason"] == reason
                && event["message"] == message
        };
        let namespace = text(about, "/metadata/namespace").to_owned();
        let known = self
            .list("events", &namespace)
            .find(|(_, event)| same(event))
            .map(|(key, event)| (key.clone(), event.clone()));
        if let Some((key, mut event)) = known {
            event["count"] = (event["count"].as_u64().unwrap_or(1) + 1).into();
            event["lastTimestamp"] = now().into();
            self.save(key, event);
            return;
        }
        self.counter += 1;
        let name = format!(
            "{}.{:016x}",
            text(about, "/metadata/name"),
            0x18eb_7196_0e34_3801_u64 + self.counter
        );
        let source = if controller {
            json!({"component": "job-controller"})
        } else {
            json!({})
        };
        let involved = json!({
            "kind": about["kind"], "namespace": namespace, "name": about["metadata"]["name"],
            "uid": about["metadata"]["uid"], "apiVersion": about["apiVersion"],
            "resourceVersion": about["metadata"]["resourceVersion"],
        });
        let mut event = json!({
            "kind": "Event", "apiVersion": "v1", "metadata": new_metadata(&namespace, &name),
            "involvedObject": involved, "reason": reason, "message": message, "source": source,
            "firstTimestamp": now(), "lastTimestamp": now(), "count": 1,
            "type": if warning { "Warning" } else { "Normal" }, "eventTime": null,
            "reportingComponent": if controller { "job-controller" } else { "kubelet" }, "reportingInstance": "",
        });
        if !controller && reason.contains("chedul") {
            event["reportingComponent"] = "default-scheduler".into();
        }
        self.save(("events", namespace, name), event);
    }
}

/// The metadata of an object that the cluster itself makes.
pub(crate) fn new_metadata(namespace: &str, name: &str) -> Value {
    let mut found = json!({"name": name, "uid": new_uid(), "creationTimestamp": now()});
    if !namespace.is_empty() {
        found["namespace"] = namespace.into();
    }
    found
}

/// Where an object belongs.
pub(crate) fn key_of(kind: &'static Kind, object: &Value) -> Key {
    (
        kind.plural,
        text(object, "/metadata/namespace").into(),
        text(object, "/metadata/name").into(),
    )
}

/// The place of a job.
pub(crate) fn key_in(plural: &str, namespace: &str, name: &str) -> Key {
    (kinds::named(plural).plural, namespace.into(), name.into())
}

pub(crate) fn new_uid() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// The time as objects write it.
pub(crate) fn now() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The text at a pointer, empty when there is none.
pub(crate) fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// Whether an object is the property of another, by its id.
pub(crate) fn owned_by(object: &Value, uid: &str) -> bool {
    owners(object).any(|owner| owner["uid"] == uid)
}

pub(crate) fn owners(object: &Value) -> impl Iterator<Item = &Value> {
    object
        .pointer("/metadata/ownerReferences")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// Whether somebody asked for the deletion of an object.
pub(crate) fn is_leaving(object: &Value) -> bool {
    !object["metadata"]["deletionTimestamp"].is_null()
}

/// The finalizers of an object, changed by a function; none are left out.
pub(crate) fn change_finalizers(object: &mut Value, change: impl FnOnce(&mut Vec<Value>)) {
    let mut all = object["metadata"]["finalizers"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    change(&mut all);
    if all.is_empty() {
        object["metadata"]
            .as_object_mut()
            .map(|metadata| metadata.remove("finalizers"));
    } else {
        object["metadata"]["finalizers"] = all.into();
    }
}
