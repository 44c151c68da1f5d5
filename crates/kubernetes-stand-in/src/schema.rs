//! The published schemas, cut to the kinds in use by `schemas/cut.py`, and what an object lacks by them.

use std::sync::OnceLock;

use serde_json::{Map, Value};

/// A schema, with the definitions that it refers to.
#[derive(Clone, Copy)]
pub(crate) struct Node {
    schema: &'static Value,
    definitions: &'static Value,
    name: &'static str,
}

/// A step from an object to one of its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Field(String),
    /// The item's index, and its key when the list has one: `[name="worker"]`.
    Item(usize, Option<String>),
}

/// What is wrong with an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    Unknown(Vec<Step>),
    Missing(Vec<Step>),
    Wrong {
        at: Vec<Step>,
        wanted: String,
        got: &'static str,
    },
    NotOneOf {
        at: Vec<Step>,
        value: String,
        known: Vec<String>,
    },
    Quantity,
}

struct Published {
    versions: Vec<Value>,
    custom: Value,
}

fn published() -> &'static Published {
    static ALL: OnceLock<Published> = OnceLock::new();
    ALL.get_or_init(|| {
        let read = |text| serde_json::from_str(text).expect("a schema file is JSON");
        Published {
            versions: vec![
                read(include_str!("../schemas/v1.37.json")),
                read(include_str!("../schemas/v1.30.json")),
            ],
            custom: read(include_str!("../schemas/custom.json")),
        }
    })
}

/// The schemas of a kind: of the newest version that is known, then of the oldest that objects are for. None for a kind
/// that none is published for.
pub(crate) fn of_kind(api_version: &str, kind: &str) -> Vec<Node> {
    let all = published();
    let key = format!("{api_version}/{kind}");
    if let Some(schema) = all.custom.get(&key) {
        return vec![Node {
            schema,
            definitions: &all.versions[0]["definitions"],
            name: "",
        }];
    }
    let found = all.versions.iter().filter_map(|version| {
        let name = version["kinds"][&key].as_str()?;
        Some(
            Node {
                schema: &Value::Null,
                definitions: &version["definitions"],
                name,
            }
            .resolved(),
        )
    });
    found.collect()
}

/// What is wrong with an object in any of the versions.
pub(crate) fn troubles(nodes: &[Node], object: &Value) -> Vec<Trouble> {
    let mut found = Vec::new();
    for node in nodes {
        let mut said = Vec::new();
        node.check(object, &mut Vec::new(), &mut said);
        said.retain(|trouble| !found.contains(trouble));
        found.append(&mut said);
    }
    found
}

impl Node {
    fn resolved(mut self) -> Self {
        if !self.name.is_empty() {
            self.schema = &self.definitions[self.name];
            assert!(!self.schema.is_null(), "the schemas lack {}", self.name);
        }
        self
    }

    fn to(self, schema: &'static Value) -> Self {
        let name = schema["$ref"].as_str().unwrap_or_default();
        Node { schema, name, ..self }.resolved()
    }

    /// The schema of a field of an object or of a value of a map.
    pub(crate) fn field(self, name: &str) -> Option<Self> {
        let found = self.schema["properties"]
            .get(name)
            .or_else(|| self.schema.get("additionalProperties"))?;
        Some(self.to(found))
    }

    pub(crate) fn item(self) -> Option<Self> {
        self.schema.get("items").map(|items| self.to(items))
    }

    /// Whether keys are free to choose.
    pub(crate) fn is_map(self) -> bool {
        self.schema.get("additionalProperties").is_some()
    }

    /// Whether it is owned as a whole.
    pub(crate) fn is_atomic(self) -> bool {
        self.schema["x-kubernetes-map-type"] == "atomic"
            || !(self.is_map() || self.schema.get("properties").is_some())
    }

    pub(crate) fn is_set(self) -> bool {
        self.schema["x-kubernetes-list-type"] == "set"
    }

    /// The fields that tell the items of a list apart, when it is merged by them.
    pub(crate) fn keys(self) -> Option<Vec<&'static str>> {
        if self.schema["x-kubernetes-list-type"] != "map" {
            return None;
        }
        Some(
            self.schema["x-kubernetes-list-map-keys"]
                .as_array()?
                .iter()
                .filter_map(Value::as_str)
                .collect(),
        )
    }

    fn check(self, value: &Value, at: &mut Vec<Step>, said: &mut Vec<Trouble>) {
        if value.is_null() && self.allows("null") {
            return;
        }
        if self.name.ends_with(".Quantity") {
            if !is_quantity(value) {
                said.push(Trouble::Quantity);
            }
            return;
        }
        if self.schema["x-kubernetes-preserve-unknown-fields"] == true || self.name.ends_with(".FieldsV1") {
            return;
        }
        if !self.fits_type(value) {
            let wanted = self.types().join(" or ");
            said.push(Trouble::Wrong {
                at: at.clone(),
                wanted,
                got: type_of(value),
            });
            return;
        }
        if let Some(known) = self.schema["enum"].as_array()
            && !known.contains(value)
        {
            let known = known.iter().filter_map(Value::as_str).map(String::from).collect();
            said.push(Trouble::NotOneOf {
                at: at.clone(),
                value: value.to_string(),
                known,
            });
        }
        match value {
            Value::Object(fields) => self.check_fields(fields, at, said),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let key = self.keys().and_then(|keys| written_key(&keys, item));
                    at.push(Step::Item(index, key));
                    if let Some(node) = self.item() {
                        node.check(item, at, said);
                    }
                    at.pop();
                }
            }
            _ => {}
        }
    }

    fn check_fields(self, fields: &Map<String, Value>, at: &mut Vec<Step>, said: &mut Vec<Trouble>) {
        for (name, value) in fields {
            at.push(Step::Field(name.clone()));
            match self.field(name) {
                Some(node) => node.check(value, at, said),
                None if self.schema.get("properties").is_none() => {}
                None => said.push(Trouble::Unknown(at.clone())),
            }
            at.pop();
        }
        for name in self.schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            if fields.get(name).is_none_or(Value::is_null) {
                let mut path = at.clone();
                path.push(Step::Field(name.into()));
                said.push(Trouble::Missing(path));
            }
        }
    }

    fn types(self) -> Vec<&'static str> {
        let alternatives = self.schema["oneOf"].as_array().into_iter().flatten();
        let mut found = Vec::new();
        for schema in alternatives.chain([self.schema]) {
            match &schema["type"] {
                Value::String(name) => found.push(name.as_str()),
                Value::Array(names) => found.extend(names.iter().filter_map(Value::as_str)),
                _ => {}
            }
        }
        found.retain(|name| *name != "null");
        if self.schema["x-kubernetes-int-or-string"] == true {
            found.extend(["integer", "string"]);
        }
        found
    }

    fn allows(self, name: &str) -> bool {
        let types = &self.schema["type"];
        types.is_null()
            || types
                .as_array()
                .is_some_and(|types| types.iter().any(|found| found == name))
    }

    fn fits_type(self, value: &Value) -> bool {
        let types = self.types();
        types.is_empty()
            || types.iter().any(|wanted| match *wanted {
                "number" => value.is_number(),
                "integer" => value.is_i64() || value.is_u64(),
                other => other == type_of(value),
            })
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// `name="worker"`, or none when the item lacks a key.
fn written_key(keys: &[&str], item: &Value) -> Option<String> {
    let parts: Option<Vec<_>> = keys
        .iter()
        .map(|key| Some(format!("{key}={}", item.get(*key)?)))
        .collect();
    Some(parts?.join(","))
}

/// As the server itself checks: `^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$`.
fn is_quantity(value: &Value) -> bool {
    let Value::String(text) = value else {
        return value.is_number();
    };
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let suffix = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = &text[..text.len() - suffix.len()];
    let known = [
        "", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei",
    ];
    let exponent = suffix
        .strip_prefix(['e', 'E'])
        .is_some_and(|digits| digits.parse::<i32>().is_ok());
    number.parse::<f64>().is_ok() && (known.contains(&suffix) || exponent)
}

/// `.spec.containers[name="worker"].image`, as messages about a patch say it.
pub(crate) fn by_key(path: &[Step]) -> String {
    let write = |step: &Step| match step {
        Step::Field(name) => format!(".{name}"),
        Step::Item(_, Some(key)) => format!("[{key}]"),
        Step::Item(index, None) => format!("[{index}]"),
    };
    path.iter().map(write).collect()
}

/// `spec.containers[0].image`, as all other messages say it.
pub(crate) fn by_index(path: &[Step]) -> String {
    let write = |step: &Step| match step {
        Step::Field(name) => format!(".{name}"),
        Step::Item(index, _) => format!("[{index}]"),
    };
    path.iter()
        .map(write)
        .collect::<String>()
        .trim_start_matches('.')
        .into()
}

/// The value that a path leads to, taken out. Parts that are not there are passed over.
pub(crate) fn take(object: &mut Value, path: &[Step]) {
    match path {
        [Step::Field(name)] => {
            object.as_object_mut().map(|fields| fields.remove(name));
        }
        [Step::Field(name), rest @ ..] => object.get_mut(name).into_iter().for_each(|part| take(part, rest)),
        [Step::Item(index, _), rest @ ..] => object
            .get_mut(*index)
            .into_iter()
            .for_each(|part| take(part, rest)),
        [] => {}
    }
}
