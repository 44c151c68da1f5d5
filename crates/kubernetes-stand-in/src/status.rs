//! Conditions, numbers and indexes in the status of jobs.

use std::time::{Duration, SystemTime};

use chrono::DateTime;
use serde_json::{Map, Value, json};

use crate::store::now;

/// The annotation that says which index of a job a pod has.
pub(crate) const INDEX: &str = "batch.kubernetes.io/job-completion-index";

/// Who wrote the status last, in the managed fields.
pub(crate) fn note_status_owner(object: &mut Value, version: &str, manager: &str, owned: Map<String, Value>) {
    let mut entries = object["metadata"]["managedFields"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    entries.retain(|entry| entry["subresource"] != "status");
    entries.push(json!({
        "manager": manager, "operation": "Update", "apiVersion": version, "time": now(), "fieldsType": "FieldsV1",
        "fieldsV1": {"f:status": owned}, "subresource": "status",
    }));
    object["metadata"]["managedFields"] = entries.into();
}

pub(crate) fn number(job: &Value, name: &str) -> u64 {
    job["status"][name].as_u64().unwrap_or(0)
}

/// Sets a number of a job's status; zero is left out.
pub(crate) fn set_number(job: &mut Value, name: &str, value: u64) {
    if value > 0 {
        job["status"][name] = value.into();
    } else {
        job["status"].as_object_mut().map(|status| status.remove(name));
    }
}

/// How long ago a time was, to the second as it is written; none for what is no time.
pub(crate) fn age(time: &str) -> Option<Duration> {
    let at = SystemTime::from(DateTime::parse_from_rfc3339(time).ok()?);
    SystemTime::now().duration_since(at).ok()
}

/// A condition of an object.
pub(crate) fn condition<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    object["status"]["conditions"]
        .as_array()?
        .iter()
        .find(|found| found["type"] == name)
}

pub(crate) fn finished(job: &Value) -> Option<&Value> {
    ["Complete", "Failed"]
        .iter()
        .find_map(|name| condition(job, name).filter(|found| found["status"] == "True"))
}

/// Sets a condition, anew or in its place.
pub(crate) fn set_condition(object: &mut Value, name: &str, status: &str, reason: &str, message: &str) {
    let set = json!({
        "type": name, "status": status, "lastProbeTime": now(), "lastTransitionTime": now(), "reason": reason,
        "message": message,
    });
    let mut all = object["status"]["conditions"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    match all.iter_mut().find(|found| found["type"] == name) {
        Some(found) if found["status"] == status && found["reason"] == reason => return,
        Some(found) => *found = set,
        None => all.push(set),
    }
    object["status"]["conditions"] = all.into();
}

pub(crate) fn index_of(pod: &Value) -> Option<u64> {
    pod["metadata"]["annotations"][INDEX].as_str()?.parse().ok()
}

/// From `0-2,5`.
pub(crate) fn index_set(written: &str) -> Vec<u64> {
    let mut found = Vec::new();
    for part in written.split(',').filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        found.extend(first.parse().unwrap_or(0)..=last.parse().unwrap_or(0));
    }
    found
}

/// As `0-2,5`.
pub(crate) fn written_indexes(sorted: &[u64]) -> String {
    let mut parts: Vec<(u64, u64)> = Vec::new();
    for &index in sorted {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == index => *last = index,
            _ => parts.push((index, index)),
        }
    }
    let write = |(first, last): &(u64, u64)| match last - first {
        0 => first.to_string(),
        1 => format!("{first},{last}"),
        _ => format!("{first}-{last}"),
    };
    parts.iter().map(write).collect::<Vec<_>>().join(",")
}
