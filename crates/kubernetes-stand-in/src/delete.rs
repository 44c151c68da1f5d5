//! Deleting, and what goes with what is deleted.

use std::collections::HashSet;

use chrono::{Duration, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::answer::{Refusal, details};
use crate::kinds::{self, Kind};
use crate::store::{Key, State, change_finalizers, is_leaving, now, owned_by, owners, text};

const WARNING: &str = "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to \
                       remove them or set propagationPolicy=Orphan to suppress this warning";

/// How to delete, from the body or the query.
#[derive(Debug, Clone, Default)]
pub(crate) struct Deletion {
    pub(crate) policy: Option<String>,
    pub(crate) uid: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) grace: Option<i64>,
    pub(crate) dry_run: bool,
}

impl Deletion {
    /// With another owner, the way that the collector deletes.
    pub(crate) fn by(policy: &str) -> Self {
        Self {
            policy: Some(policy.into()),
            ..Self::default()
        }
    }

    pub(crate) fn warning(&self, kind: &Kind) -> Option<String> {
        (kind.name == "Job" && self.policy.is_none()).then(|| WARNING.into())
    }
}

impl State {
    /// `DELETE`: gives the object that is on its way, or a `Status` when it is gone.
    pub(crate) fn delete(
        &mut self,
        kind: &'static Kind,
        key: &Key,
        how: &Deletion,
    ) -> Result<Value, Refusal> {
        let mut object = self
            .objects
            .get(key)
            .cloned()
            .ok_or_else(|| Refusal::not_found(kind, &key.2))?;
        check_preconditions(kind, key, &object, how)?;
        let uid = text(&object, "/metadata/uid").to_owned();
        if how.dry_run {
            return Ok(object);
        }
        let policy = how.policy.as_deref().unwrap_or(if kind.name == "Job" {
            "Orphan"
        } else {
            "Background"
        });
        match policy {
            "Foreground" => change_finalizers(&mut object, |all| {
                if !all.contains(&json!("foregroundDeletion")) {
                    all.push("foregroundDeletion".into());
                }
            }),
            "Orphan" => self.orphan(&uid),
            _ => {}
        }
        let grace = match (kind.name, how.grace) {
            ("Pod", asked) if !text(&object, "/spec/nodeName").is_empty() && !is_over(&object) => {
                asked.unwrap_or(30)
            }
            _ => 0,
        };
        let held = !object["metadata"]["finalizers"].is_null();
        if kind.name == "Namespace" {
            return Ok(self.end_namespace(key, object));
        }
        if grace == 0 && !held {
            self.remove(key);
            let mut details = details(&key.2, kind.group, kind.plural);
            details["uid"] = uid.into();
            return Ok(json!({
                "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details,
            }));
        }
        if !is_leaving(&object) || object["metadata"]["deletionGracePeriodSeconds"].as_i64() > Some(grace) {
            let at = Utc::now() + Duration::seconds(grace);
            object["metadata"]["deletionTimestamp"] = at.to_rfc3339_opts(SecondsFormat::Secs, true).into();
            object["metadata"]["deletionGracePeriodSeconds"] = grace.into();
            if let Some(generation) = object["metadata"]["generation"].as_u64() {
                object["metadata"]["generation"] = (generation + 1).into();
            }
        }
        Ok(self.save(key.clone(), object))
    }

    /// Leaves behind what an object owns.
    fn orphan(&mut self, uid: &str) {
        let owned: Vec<_> = self
            .objects
            .iter()
            .filter(|(_, object)| owned_by(object, uid))
            .map(|(key, object)| (key.clone(), object.clone()))
            .collect();
        for (key, mut object) in owned {
            let mut left: Vec<_> = owners(&object).cloned().collect();
            left.retain(|owner| owner["uid"] != uid);
            if left.is_empty() {
                object["metadata"]
                    .as_object_mut()
                    .map(|metadata| metadata.remove("ownerReferences"));
            } else {
                object["metadata"]["ownerReferences"] = left.into();
            }
            self.save(key, object);
        }
    }

    fn end_namespace(&mut self, key: &Key, mut object: Value) -> Value {
        object["metadata"]["deletionTimestamp"] = now().into();
        object["status"]["phase"] = "Terminating".into();
        self.empty_namespace(&key.2);
        self.save(key.clone(), object)
    }

    fn empty_namespace(&mut self, name: &str) {
        let inside: Vec<_> = self
            .objects
            .keys()
            .filter(|found| found.1 == name)
            .cloned()
            .collect();
        for key in inside {
            let kind = kinds::named(key.0);
            // What is in it stays for nothing: neither for its owner nor for its own wishes.
            let _ = self.delete(
                kind,
                &key,
                &Deletion {
                    grace: Some(0),
                    ..Deletion::by("Background")
                },
            );
        }
    }

    /// What the collector of the cluster does in the background: what has lost its owners goes, what is on its way out
    /// goes when nothing holds it.
    pub(crate) fn collect(&mut self) {
        let alive: HashSet<String> = self
            .objects
            .values()
            .map(|object| text(object, "/metadata/uid").to_owned())
            .collect();
        let all: Vec<_> = self
            .objects
            .iter()
            .map(|(key, object)| (key.clone(), object.clone()))
            .collect();
        for (key, object) in all {
            let kind = kinds::named(key.0);
            let orphaned = owners(&object).next().is_some()
                && owners(&object).all(|owner| !alive.contains(text(owner, "/uid")));
            if orphaned && !is_leaving(&object) {
                let _ = self.delete(kind, &key, &Deletion::by("Background"));
            } else if is_leaving(&object) {
                self.let_go(kind, &key, object);
            }
        }
    }

    fn let_go(&mut self, kind: &'static Kind, key: &Key, mut object: Value) {
        let finalizers = object["metadata"]["finalizers"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        if kind.name == "Namespace" {
            if self.objects.keys().any(|found| found.1 == key.2) {
                // What came meanwhile, such as the events of its last pods.
                self.empty_namespace(&key.2);
            } else {
                self.remove(key);
            }
            return;
        }
        if finalizers.is_empty() {
            let ended = self
                .runs
                .get(text(&object, "/metadata/uid"))
                .is_none_or(|run| run.ended);
            if kind.name != "Pod" || ended || object["metadata"]["deletionGracePeriodSeconds"] == 0 {
                self.remove(key);
            }
            return;
        }
        if finalizers == ["foregroundDeletion"] {
            let uid = text(&object, "/metadata/uid").to_owned();
            let below: Vec<_> = self
                .objects
                .iter()
                .filter(|(_, found)| owned_by(found, &uid))
                .map(|(key, found)| (key.clone(), is_leaving(found)))
                .collect();
            if below.is_empty() {
                change_finalizers(&mut object, Vec::clear);
                self.remove(key);
            }
            for (key, _) in below.iter().filter(|(_, leaving)| !leaving) {
                let policy = if key.0 == "pods" {
                    "Background"
                } else {
                    "Foreground"
                };
                let _ = self.delete(kinds::named(key.0), key, &Deletion::by(policy));
            }
        }
    }
}

/// Whether a pod has ended by itself.
pub(crate) fn is_over(pod: &Value) -> bool {
    ["Succeeded", "Failed"].contains(&text(pod, "/status/phase"))
}

fn check_preconditions(kind: &Kind, key: &Key, object: &Value, how: &Deletion) -> Result<(), Refusal> {
    let checks = [
        ("UID", "/metadata/uid", &how.uid),
        ("ResourceVersion", "/metadata/resourceVersion", &how.version),
    ];
    for (written, pointer, asked) in checks {
        let there = text(object, pointer);
        if let Some(asked) = asked
            && asked != there
        {
            let why = format!(
                "the {written} in the precondition ({asked}) does not match the {written} in record ({there}). The \
                 object might have been deleted and then recreated"
            );
            let mut refusal = Refusal::precondition(kind, &key.2, &why);
            refusal.warning = how.warning(kind);
            return Err(refusal);
        }
    }
    Ok(())
}
