//! Every operation of the committed description, and bodies that fit its schemas.

use reqwest::{Method, RequestBuilder};
use serde_json::{Map, Value, json};

use super::client::Client;

/// One operation.
pub(super) struct Operation {
    pub(super) method: Method,
    /// With placeholders, without `/api/v1`.
    pub(super) path: String,
    /// Whether nobody has to be signed in.
    pub(super) public: bool,
    /// The schema of the JSON body, where there is one.
    schema: Option<Value>,
    /// Whether the body is a file.
    file: bool,
    /// Names of the query's parameters.
    pub(super) query: Vec<String>,
    /// Names of the headers that it reads.
    pub(super) headers: Vec<String>,
    /// Whether the answer carries the `ETag` of a row.
    pub(super) tagged: bool,
}

fn document() -> Value {
    serde_json::to_value(console_api::openapi()).unwrap()
}

/// All of them.
pub(super) fn all() -> Vec<Operation> {
    let document = document();
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap();
        for (method, operation) in methods.as_object().unwrap() {
            let content = &operation["requestBody"]["content"];
            let schema = &content["application/json"]["schema"];
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let names = |place: &str| {
                let there = parameters.clone().filter(|one| one["in"] == place);
                there
                    .map(|one| one["name"].as_str().unwrap().to_owned())
                    .collect()
            };
            all.push(Operation {
                method: method.to_uppercase().parse().unwrap(),
                path: path.to_owned(),
                public: operation["security"] == json!([{}]),
                schema: schema.is_object().then(|| resolved(&document, schema)),
                file: content["application/octet-stream"].is_object(),
                query: names("query"),
                headers: names("header"),
                tagged: operation["responses"]["200"]["headers"]["ETag"].is_object()
                    && content_is_json(operation),
            });
        }
    }
    assert!(
        all.len() > 60,
        "the description has {} operations only",
        all.len()
    );
    all
}

fn content_is_json(operation: &Value) -> bool {
    operation["responses"]["200"]["content"]["application/json"].is_object()
}

/// Replaces references by what they refer to.
fn resolved(document: &Value, schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            if let Some(reference) = schema["$ref"].as_str() {
                return resolved(
                    document,
                    document.pointer(reference.trim_start_matches('#')).unwrap(),
                );
            }
            let members = members
                .iter()
                .map(|(key, value)| (key.clone(), resolved(document, value)));
            Value::Object(members.collect())
        }
        Value::Array(items) => items.iter().map(|item| resolved(document, item)).collect(),
        other => other.clone(),
    }
}

/// The least that fits a schema.
fn least(schema: &Value) -> Value {
    if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
        return first.clone();
    }
    if let Some(first) = schema["oneOf"].as_array().and_then(|all| all.first()) {
        return least(first);
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match kind {
        Some("string") => json!("text"),
        Some("boolean") => json!(true),
        Some("integer" | "number") => json!(1),
        Some("array") => json!([]),
        _ => {
            let required = schema["required"].as_array().into_iter().flatten();
            let members = required.map(|key| {
                let key = key.as_str().unwrap();
                (key.to_owned(), least(&schema["properties"][key]))
            });
            Value::Object(members.collect())
        }
    }
}

impl Operation {
    /// For messages.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The least body that is accepted, where the body is JSON.
    pub(super) fn body(&self) -> Option<Map<String, Value>> {
        let Value::Object(mut body) = least(self.schema.as_ref()?) else {
            panic!("the body of {} is no object", self.name());
        };
        // Where any text will not do.
        for (key, text) in [
            ("fingerprint", "0".repeat(64)),
            ("uri", "http://x/alifl/data.csv".to_owned()),
        ] {
            if let Some(value) = body.get_mut(key) {
                *value = text.into();
            }
        }
        Some(body)
    }

    /// Whether a body is described.
    pub(super) fn takes_a_body(&self) -> bool {
        self.file || self.schema.is_some()
    }

    /// Fields that a body must have.
    pub(super) fn required(&self) -> Vec<String> {
        self.body().into_iter().flatten().map(|(key, _)| key).collect()
    }

    /// Fields that a body may have.
    pub(super) fn fields(&self) -> Vec<String> {
        let schema = self.schema.as_ref().unwrap();
        schema["properties"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect()
    }

    /// Texts of a body whose length is limited, and the most characters of each.
    pub(super) fn longest(&self) -> Vec<(String, usize)> {
        let Some(schema) = &self.schema else {
            return Vec::new();
        };
        let fields = schema["properties"].as_object().unwrap().iter();
        fields
            .filter_map(|(field, schema)| {
                Some((
                    field.clone(),
                    usize::try_from(schema["maxLength"].as_u64()?).ok()?,
                ))
            })
            .collect()
    }

    /// A request that is well formed.
    pub(super) fn request(&self, client: &Client, path: &str) -> RequestBuilder {
        let request = client.request(self.method.clone(), path);
        match self.body() {
            Some(body) => request.json(&body),
            None if self.file => request.body("content"),
            None => request,
        }
    }
}
