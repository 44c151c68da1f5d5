//! Who owns which fields, in the metadata of objects.

use serde_json::{Value, json};

use crate::answer::Refusal;
use crate::fields::{self, Fields, Operation};
use crate::kinds::Kind;
use crate::store::{now, text};
use crate::write::Manner;

pub(crate) fn entry(manager: &str, operation: Operation, kind: &Kind, owned: &Fields) -> Value {
    json!({
        "manager": manager, "operation": format!("{operation:?}"), "apiVersion": kind.api_version(), "time": now(),
        "fieldsType": "FieldsV1", "fieldsV1": fields::to_tree(owned),
    })
}

fn is_own(entry: &Value, manager: &str) -> bool {
    entry["manager"] == manager && entry["operation"] == "Apply"
}

pub(crate) fn owned_by_others(object: &Value, manager: &str) -> Fields {
    let entries = object["metadata"]["managedFields"]
        .as_array()
        .into_iter()
        .flatten();
    entries
        .filter(|entry| !is_own(entry, manager))
        .flat_map(|entry| fields::from_tree(&entry["fieldsV1"]))
        .collect()
}

/// Refuses what another manager set to something else, or takes it over by force. Gives what the manager owned before.
pub(crate) fn settle_ownership(
    kind: &Kind,
    live: &Value,
    object: &mut Value,
    patch: &Value,
    wanted: &Fields,
    manner: &Manner,
) -> Result<Fields, Refusal> {
    let mut entries = live["metadata"]["managedFields"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let mut conflicts = Vec::new();
    for entry in entries.iter_mut().filter(|entry| !is_own(entry, &manner.manager)) {
        let mut theirs = fields::from_tree(&entry["fieldsV1"]);
        let differs = |path: &&fields::Path| {
            path.last().is_some_and(|last| last != ".")
                && wanted.contains(*path)
                && !same_value(fields::get(live, path), fields::get(patch, path))
        };
        let lost: Vec<_> = theirs.iter().filter(differs).cloned().collect();
        for path in lost {
            conflicts.push((text(entry, "/manager").to_owned(), fields::written(&path)));
            theirs.remove(&path);
        }
        entry["fieldsV1"] = fields::to_tree(&theirs);
    }
    if !conflicts.is_empty() && !manner.force {
        return Err(conflict(&conflicts));
    }
    entries.retain(|entry| entry["fieldsV1"] != json!({}));
    let own = entries.iter().position(|entry| is_own(entry, &manner.manager));
    let mut before = Fields::new();
    match own {
        None => entries.push(entry(&manner.manager, Operation::Apply, kind, wanted)),
        Some(index) => {
            before = fields::from_tree(&entries[index]["fieldsV1"]);
            let same = before == *wanted
                && wanted
                    .iter()
                    .all(|path| same_value(fields::get(live, path), fields::get(patch, path)));
            if !same {
                entries[index] = entry(&manner.manager, Operation::Apply, kind, wanted);
            }
        }
    }
    object["metadata"]["managedFields"] = entries.into();
    Ok(before)
}

/// An empty map is not kept, so it is the same as none.
fn same_value(live: Option<&Value>, patch: Option<&Value>) -> bool {
    let filled = |value: &&Value| !value.as_object().is_some_and(serde_json::Map::is_empty);
    live.filter(filled) == patch.filter(filled)
}

fn conflict(conflicts: &[(String, String)]) -> Refusal {
    let causes: Vec<_> = conflicts
        .iter()
        .map(|(manager, field)| {
            json!({"reason": "FieldManagerConflict", "message": format!("conflict with \"{manager}\""), "field": field})
        })
        .collect();
    let said = match conflicts {
        [(manager, field)] => format!("Apply failed with 1 conflict: conflict with \"{manager}\": {field}"),
        many => {
            let lines: Vec<_> = many
                .iter()
                .map(|(manager, field)| format!("conflict with \"{manager}\": {field}"))
                .collect();
            format!("Apply failed with {} conflicts: {}", many.len(), lines.join(", "))
        }
    };
    Refusal::new(409, "Conflict", said).with(json!({"causes": causes}))
}
