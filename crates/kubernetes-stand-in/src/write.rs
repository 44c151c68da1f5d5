//! Creating, applying, patching and replacing objects.

use serde_json::{Value, json};

use crate::answer::{Cause, Refusal};
use crate::fields::{self, Operation};
use crate::kinds::Kind;
use crate::ownership::{entry, owned_by_others, settle_ownership};
use crate::store::{Key, State, is_leaving, new_uid, now, text};
use crate::{defaults, valid};

/// How to write, from the query.
#[derive(Debug, Clone, Default)]
pub(crate) struct Manner {
    pub(crate) manager: String,
    pub(crate) force: bool,
    pub(crate) dry_run: bool,
    /// `Strict`, `Warn` or `Ignore`.
    pub(crate) validation: String,
}

/// What was written: whether it is new, and what the answer warns of.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) object: Value,
    pub(crate) new: bool,
    pub(crate) warnings: Vec<String>,
}

impl State {
    /// `POST`: makes an object.
    pub(crate) fn create(
        &mut self,
        kind: &'static Kind,
        namespace: &str,
        mut object: Value,
        manner: &Manner,
    ) -> Result<Written, Refusal> {
        self.need_namespace(kind, namespace)?;
        let nodes = self.nodes(kind, &object)?;
        let warnings = self.check_posted(kind, &nodes, &mut object, manner)?;
        if kind.namespaced {
            object["metadata"]["namespace"] = namespace.into();
        }
        if text(&object, "/metadata/name").is_empty() {
            let prefix = text(&object, "/metadata/generateName").to_owned();
            if prefix.is_empty() {
                let cause = Cause::required("metadata.name", "name or generateName is required");
                return Err(Refusal::invalid(kind, "", &[cause]));
            }
            object["metadata"]["name"] = format!("{prefix}{}", self.suffix()).into();
        }
        let key = (
            kind.plural,
            namespace.to_owned(),
            text(&object, "/metadata/name").to_owned(),
        );
        if self.objects.contains_key(&key) {
            return Err(Refusal::exists(kind, &key.2));
        }
        defaults::fill(&mut object);
        let owned = fields::of(&object, nodes[0], Operation::Update);
        let manager = if manner.manager.is_empty() {
            "unknown"
        } else {
            &manner.manager
        };
        let entry = entry(manager, Operation::Update, kind, &owned);
        let object = self.make(kind, key, object, entry, manner)?;
        Ok(Written {
            object,
            new: true,
            warnings,
        })
    }

    /// `PATCH` with `application/apply-patch+yaml`.
    pub(crate) fn apply(
        &mut self,
        kind: &'static Kind,
        key: Key,
        mut patch: Value,
        manner: &Manner,
    ) -> Result<Written, Refusal> {
        if manner.manager.is_empty() {
            return Err(Refusal::bad_request(
                "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch",
            ));
        }
        self.need_namespace(kind, &key.1)?;
        let nodes = self.nodes(kind, &patch)?;
        self.check_applied(kind, &key, &nodes, &patch)?;
        patch["metadata"]["name"] = key.2.clone().into();
        let node = nodes[0];
        let wanted = fields::of(&patch, node, Operation::Apply);
        let Some(live) = self.objects.get(&key).cloned() else {
            let mut object = patch;
            if kind.namespaced {
                object["metadata"]["namespace"] = key.1.clone().into();
            }
            defaults::fill(&mut object);
            let entry = entry(&manner.manager, Operation::Apply, kind, &wanted);
            let object = self.make(kind, key, object, entry, manner)?;
            return Ok(Written {
                object,
                new: true,
                warnings: Vec::new(),
            });
        };
        check_identity(kind, &key, &live, &patch)?;
        let mut object = live.clone();
        let before = settle_ownership(kind, &live, &mut object, &patch, &wanted, manner)?;
        let others = owned_by_others(&object, &manner.manager);
        for path in before.difference(&wanted).filter(|path| !others.contains(*path)) {
            fields::remove(&mut object, path);
        }
        let fields_only = without_identity(&patch);
        fields::merge(&mut object, &fields_only, Some(node));
        defaults::fill(&mut object);
        let object = self.change(kind, key, &live, object, manner)?;
        Ok(Written {
            object,
            new: false,
            warnings: Vec::new(),
        })
    }

    /// `PATCH` with a merge patch, and a strategic one for the kinds that have schemas with list keys.
    pub(crate) fn patch(
        &mut self,
        kind: &'static Kind,
        key: Key,
        patch: &Value,
        strategic: bool,
        manner: &Manner,
    ) -> Result<Written, Refusal> {
        let live = self
            .objects
            .get(&key)
            .cloned()
            .ok_or_else(|| Refusal::not_found(kind, &key.2))?;
        let mut object = live.clone();
        if strategic {
            let nodes = self.nodes(kind, &live)?;
            fields::merge(&mut object, patch, Some(nodes[0]));
        } else {
            merge_json(&mut object, patch);
        }
        self.replace(kind, key, object, manner)
    }

    /// `PUT`.
    pub(crate) fn replace(
        &mut self,
        kind: &'static Kind,
        key: Key,
        mut object: Value,
        manner: &Manner,
    ) -> Result<Written, Refusal> {
        let live = self
            .objects
            .get(&key)
            .cloned()
            .ok_or_else(|| Refusal::not_found(kind, &key.2))?;
        let nodes = self.nodes(kind, &object)?;
        let warnings = self.check_posted(kind, &nodes, &mut object, manner)?;
        check_identity(kind, &key, &live, &object)?;
        for field in [
            "uid",
            "creationTimestamp",
            "generation",
            "managedFields",
            "deletionTimestamp",
        ] {
            let kept = live["metadata"][field].clone();
            if kept.is_null() {
                object["metadata"]
                    .as_object_mut()
                    .map(|metadata| metadata.remove(field));
            } else {
                object["metadata"][field] = kept;
            }
        }
        object["status"] = live["status"].clone();
        if object["status"].is_null() {
            object.as_object_mut().map(|fields| fields.remove("status"));
        }
        defaults::fill(&mut object);
        let object = self.change(kind, key, &live, object, manner)?;
        Ok(Written {
            object,
            new: false,
            warnings,
        })
    }

    /// Makes a checked object with its first owner of fields.
    pub(crate) fn make(
        &mut self,
        kind: &'static Kind,
        key: Key,
        mut object: Value,
        entry: Value,
        manner: &Manner,
    ) -> Result<Value, Refusal> {
        let subject = text(&object, "/metadata/name").to_owned();
        if let Some((_, why)) = self.refusals.iter().find(|(plural, _)| plural == kind.plural) {
            return Err(Refusal::new(403, "Forbidden", format!("admission {why}")));
        }
        if kind.name == "Pod"
            && let Some(why) = self.quotas.get(&key.1)
        {
            return Err(Refusal::forbidden(
                kind,
                &subject,
                &format!("exceeded quota: {why}"),
            ));
        }
        let metadata = &mut object["metadata"];
        metadata["uid"] = new_uid().into();
        metadata["creationTimestamp"] = now().into();
        metadata["managedFields"] = json!([entry]);
        if has_generation(kind) {
            metadata["generation"] = 1.into();
        }
        for field in ["resourceVersion", "deletionTimestamp"] {
            metadata.as_object_mut().map(|metadata| metadata.remove(field));
        }
        defaults::identify(&mut object);
        valid::check(kind, &object)?;
        if manner.dry_run {
            return Ok(object);
        }
        Ok(self.save(key, object))
    }

    /// Saves what differs from what was there.
    fn change(
        &mut self,
        kind: &'static Kind,
        key: Key,
        live: &Value,
        mut object: Value,
        manner: &Manner,
    ) -> Result<Value, Refusal> {
        valid::check(kind, &object)?;
        valid::check_change(kind, live, &object)?;
        if object == *live {
            return Ok(object);
        }
        if has_generation(kind) && object["spec"] != live["spec"] {
            let generation = live["metadata"]["generation"].as_u64().unwrap_or(1) + 1;
            object["metadata"]["generation"] = generation.into();
        }
        if manner.dry_run {
            return Ok(object);
        }
        Ok(self.save(key, object))
    }

    /// A namespace must be there and stay.
    fn need_namespace(&self, kind: &'static Kind, namespace: &str) -> Result<(), Refusal> {
        if !kind.namespaced {
            return Ok(());
        }
        let namespaces = crate::kinds::named("namespaces");
        let found = self
            .objects
            .get(&("namespaces", String::new(), namespace.to_owned()));
        let found = found.ok_or_else(|| Refusal::not_found(namespaces, namespace))?;
        if is_leaving(found) {
            let why = format!(
                "unable to create new content in namespace {namespace} because it is being terminated"
            );
            return Err(Refusal::forbidden(kind, "", &why));
        }
        Ok(())
    }
}

fn has_generation(kind: &Kind) -> bool {
    ![
        "ConfigMap",
        "Secret",
        "Service",
        "ServiceAccount",
        "Event",
        "Namespace",
        "Node",
    ]
    .contains(&kind.name)
}

/// A patch may name the object that it is for: by its uid, by its version.
fn check_identity(kind: &Kind, key: &Key, live: &Value, patch: &Value) -> Result<(), Refusal> {
    for (field, written) in [("uid", "UID"), ("resourceVersion", "ResourceVersion")] {
        let asked = text(patch, &format!("/metadata/{field}"));
        let there = text(live, &format!("/metadata/{field}"));
        if !asked.is_empty() && asked != there {
            let why = if field == "uid" {
                format!(
                    "Precondition failed: {written} in precondition: {asked}, UID in object meta: {there}"
                )
            } else {
                "the object has been modified; please apply your changes to the latest version and try again"
                    .into()
            };
            return Err(Refusal::precondition(kind, &key.2, &why));
        }
    }
    Ok(())
}

fn without_identity(patch: &Value) -> Value {
    let mut fields = patch.clone();
    for name in [
        "uid",
        "resourceVersion",
        "creationTimestamp",
        "managedFields",
        "generation",
    ] {
        fields["metadata"]
            .as_object_mut()
            .map(|metadata| metadata.remove(name));
    }
    fields
}

fn merge_json(object: &mut Value, patch: &Value) {
    let Value::Object(fields) = patch else {
        *object = patch.clone();
        return;
    };
    if !object.is_object() {
        *object = json!({});
    }
    for (name, value) in fields {
        if value.is_null() {
            object.as_object_mut().map(|object| object.remove(name));
        } else {
            merge_json(&mut object[name.as_str()], value);
        }
    }
}
