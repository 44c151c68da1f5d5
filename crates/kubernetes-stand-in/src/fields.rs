//! Which manager set which fields: what server-side apply decides by.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::schema::Node;

/// The path to a field, in the words of `FieldsV1`: `f:spec`, `k:{"name":"x"}`, `.`.
pub(crate) type Path = Vec<String>;

/// What a manager sets.
pub(crate) type Fields = BTreeSet<Path>;

const OF_THE_SERVER: [&str; 10] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "name",
    "namespace",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// Who wrote: an `Apply` owns what it names, an `Update` also the maps and lists that it made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Apply,
    Update,
}

/// The fields that an object has.
pub(crate) fn of(object: &Value, node: Node, operation: Operation) -> Fields {
    let mut found = Fields::new();
    for (name, value) in object.as_object().into_iter().flatten() {
        if ["apiVersion", "kind", "status"].contains(&name.as_str()) {
            continue;
        }
        let mut value = value.clone();
        if name == "metadata"
            && let Some(metadata) = value.as_object_mut()
        {
            metadata.retain(|key, _| !OF_THE_SERVER.contains(&key.as_str()));
            if metadata.is_empty() {
                continue;
            }
        }
        collect(
            &value,
            node.field(name),
            &mut vec![format!("f:{name}")],
            operation,
            &mut found,
        );
    }
    found
}

fn collect(value: &Value, node: Option<Node>, path: &mut Path, operation: Operation, found: &mut Fields) {
    match (value, node) {
        (Value::Object(fields), Some(node)) if !node.is_atomic() && !fields.is_empty() => {
            mark(path, operation, found);
            for (name, value) in fields {
                path.push(format!("f:{name}"));
                collect(value, node.field(name), path, operation, found);
                path.pop();
            }
        }
        (Value::Array(items), Some(node)) if node.keys().is_some() && !items.is_empty() => {
            mark(path, operation, found);
            let keys = node.keys().unwrap_or_default();
            for item in items {
                path.push(format!("k:{}", key_of(&keys, item)));
                found.insert(below(path, "."));
                for (name, value) in item.as_object().into_iter().flatten() {
                    path.push(format!("f:{name}"));
                    collect(
                        value,
                        node.item().and_then(|item| item.field(name)),
                        path,
                        operation,
                        found,
                    );
                    path.pop();
                }
                path.pop();
            }
        }
        (Value::Array(items), Some(node)) if node.is_set() && !items.is_empty() => {
            mark(path, operation, found);
            found.extend(items.iter().map(|item| below(path, &format!("v:{item}"))));
        }
        _ => {
            found.insert(path.clone());
        }
    }
}

/// An update owns the map or list itself too, but for what every object has.
fn mark(path: &Path, operation: Operation, found: &mut Fields) {
    let always = ["f:metadata", "f:spec", "f:template", "f:containers"];
    if operation == Operation::Update && !path.last().is_some_and(|last| always.contains(&last.as_str())) {
        found.insert(below(path, "."));
    }
}

fn below(path: &Path, last: &str) -> Path {
    path.iter().cloned().chain([last.to_owned()]).collect()
}

/// The keys of an item as JSON, with the protocol that a port has when it names none.
pub(crate) fn key_of(keys: &[&str], item: &Value) -> Value {
    let value = |key: &str| match item.get(key) {
        None if key == "protocol" => "TCP".into(),
        found => found.cloned().unwrap_or_default(),
    };
    keys.iter()
        .map(|key| ((*key).to_owned(), value(key)))
        .collect::<Map<_, _>>()
        .into()
}

/// As `FieldsV1`.
pub(crate) fn to_tree(fields: &Fields) -> Value {
    let mut tree = json!({});
    for path in fields {
        let mut at = &mut tree;
        for step in path {
            at = &mut at[step.as_str()];
            if at.is_null() {
                *at = json!({});
            }
        }
    }
    tree
}

/// From `FieldsV1`.
pub(crate) fn from_tree(tree: &Value) -> Fields {
    fn walk(tree: &Value, path: &mut Path, found: &mut Fields) {
        for (step, below) in tree.as_object().into_iter().flatten() {
            path.push(step.clone());
            if below.as_object().is_none_or(Map::is_empty) {
                found.insert(path.clone());
            }
            walk(below, path, found);
            path.pop();
        }
    }
    let mut found = Fields::new();
    walk(tree, &mut Path::new(), &mut found);
    found
}

/// The value at a path.
pub(crate) fn get<'a>(object: &'a Value, path: &[String]) -> Option<&'a Value> {
    let Some((step, rest)) = path.split_first() else {
        return Some(object);
    };
    let next = match step.split_once(':') {
        Some(("f", name)) => object.get(name),
        Some((how, key)) => find(object, how, key).and_then(|index| object.get(index)),
        None => return Some(object),
    };
    get(next?, rest)
}

/// Takes the value at a path out of an object.
pub(crate) fn remove(object: &mut Value, path: &[String]) {
    let Some((step, rest)) = path.split_first() else {
        return;
    };
    let last = rest.is_empty() || rest == ["."];
    match step.split_once(':') {
        Some(("f", name)) if last && object.is_object() => {
            object.as_object_mut().map(|fields| fields.remove(name));
        }
        Some(("f", name)) => object
            .get_mut(name)
            .into_iter()
            .for_each(|part| remove(part, rest)),
        Some((how, key)) => {
            let index = find(object, how, key);
            let Some((index, items)) = index.zip(object.as_array_mut()) else {
                return;
            };
            if last {
                items.remove(index);
            } else {
                remove(&mut items[index], rest);
            }
        }
        None => {}
    }
}

fn find(list: &Value, how: &str, key: &str) -> Option<usize> {
    let key: Value = serde_json::from_str(key).ok()?;
    list.as_array()?
        .iter()
        .position(|item| match (how, key.as_object()) {
            ("k", Some(keys)) => {
                let names: Vec<_> = keys.keys().map(String::as_str).collect();
                key_of(&names, item) == key
            }
            _ => *item == key,
        })
}

/// As messages write a path: `.spec.containers[name="x"].image`.
pub(crate) fn written(path: &[String]) -> String {
    let step = |step: &String| match step.split_once(':') {
        Some(("k", keys)) => {
            let keys: Map<String, Value> = serde_json::from_str(keys).unwrap_or_default();
            let parts: Vec<_> = keys.iter().map(|(key, value)| format!("{key}={value}")).collect();
            format!("[{}]", parts.join(","))
        }
        Some((_, name)) => format!(".{name}"),
        None => String::new(),
    };
    path.iter().map(step).collect()
}

/// Puts a patch into an object: fields one by one, lists with keys item by item.
pub(crate) fn merge(object: &mut Value, patch: &Value, node: Option<Node>) {
    match (patch, node) {
        (Value::Object(fields), Some(node)) if !node.is_atomic() => {
            if !object.is_object() {
                *object = json!({});
            }
            for (name, value) in fields {
                if value.is_null() {
                    object.as_object_mut().map(|fields| fields.remove(name));
                } else {
                    merge(&mut object[name.as_str()], value, node.field(name));
                }
            }
        }
        (Value::Array(items), Some(node))
            if (node.keys().is_some() || node.is_set()) && object.is_array() =>
        {
            let keys = node.keys().unwrap_or_default();
            for item in items {
                let Some(there) = object.as_array_mut() else {
                    return;
                };
                let same = |found: &Value| {
                    if node.is_set() {
                        found == item
                    } else {
                        key_of(&keys, found) == key_of(&keys, item)
                    }
                };
                match there.iter_mut().find(|found| same(found)) {
                    Some(found) => merge(found, item, node.item()),
                    None => there.push(item.clone()),
                }
            }
        }
        _ => *object = patch.clone(),
    }
}
