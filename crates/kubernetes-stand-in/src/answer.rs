//! What the server answers when it does not do what was asked.

use serde_json::{Map, Value, json};

use crate::kinds::Kind;

/// A refusal, which becomes a `Status`.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) code: u16,
    reason: Option<&'static str>,
    pub(crate) message: String,
    details: Option<Value>,
    pub(crate) warning: Option<String>,
}

/// What an invalid object is invalid for.
#[derive(Debug, Clone)]
pub(crate) struct Cause {
    pub(crate) reason: &'static str,
    pub(crate) message: String,
    pub(crate) field: String,
}

impl Cause {
    pub(crate) fn value(field: &str, value: &Value, why: &str) -> Self {
        Self {
            reason: "FieldValueInvalid",
            message: format!("Invalid value: {value}: {why}"),
            field: field.into(),
        }
    }

    pub(crate) fn required(field: &str, why: &str) -> Self {
        let message = if why.is_empty() {
            "Required value".into()
        } else {
            format!("Required value: {why}")
        };
        Self {
            reason: "FieldValueRequired",
            message,
            field: field.into(),
        }
    }
}

impl Refusal {
    pub(crate) fn new(code: u16, reason: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            reason: Some(reason),
            message: message.into(),
            details: None,
            warning: None,
        }
    }

    pub(crate) fn with(mut self, details: Value) -> Self {
        self.details = Some(details);
        self
    }

    /// Without a reason, as the server answers what it did not foresee.
    pub(crate) fn internal(message: String) -> Self {
        Self {
            code: 500,
            reason: None,
            message,
            details: None,
            warning: None,
        }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    pub(crate) fn no_such_path() -> Self {
        Self::new(
            404,
            "NotFound",
            "the server could not find the requested resource",
        )
        .with(json!({}))
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(401, "Unauthorized", "Unauthorized")
    }

    pub(crate) fn not_found(kind: &Kind, name: &str) -> Self {
        let message = format!("{} \"{name}\" not found", kind.resource());
        Self::new(404, "NotFound", message).with(details(name, kind.group, kind.plural))
    }

    pub(crate) fn exists(kind: &Kind, name: &str) -> Self {
        let message = format!("{} \"{name}\" already exists", kind.resource());
        Self::new(409, "AlreadyExists", message).with(details(name, kind.group, kind.plural))
    }

    pub(crate) fn forbidden(kind: &Kind, name: &str, why: &str) -> Self {
        let subject = if name.is_empty() {
            format!("{} is", kind.resource())
        } else {
            format!("{} \"{name}\" is", kind.resource())
        };
        Self::new(403, "Forbidden", format!("{subject} forbidden: {why}")).with(details(
            name,
            kind.group,
            kind.plural,
        ))
    }

    pub(crate) fn precondition(kind: &Kind, name: &str, why: &str) -> Self {
        let message = format!(
            "Operation cannot be fulfilled on {} \"{name}\": {why}",
            kind.qualified()
        );
        Self::new(409, "Conflict", message).with(details(name, kind.group, kind.name))
    }

    /// Several causes are named once each in the message, and all in the details.
    pub(crate) fn invalid(kind: &Kind, name: &str, causes: &[Cause]) -> Self {
        let mut said: Vec<String> = Vec::new();
        for cause in causes {
            let text = format!("{}: {}", cause.field, cause.message);
            if !said.contains(&text) {
                said.push(text);
            }
        }
        let list = if said.len() == 1 {
            said.remove(0)
        } else {
            format!("[{}]", said.join(", "))
        };
        let mut details = details(name, kind.group, kind.name);
        let one =
            |cause: &Cause| json!({"reason": cause.reason, "message": cause.message, "field": cause.field});
        details["causes"] = causes.iter().map(one).collect();
        Self::new(
            422,
            "Invalid",
            format!("{} \"{name}\" is invalid: {list}", kind.qualified()),
        )
        .with(details)
    }

    pub(crate) fn expired(message: String) -> Self {
        Self::new(410, "Expired", message)
    }

    /// The body.
    pub(crate) fn status(&self) -> Value {
        let mut status = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": self.message, "code": self.code,
        });
        if let Some(reason) = self.reason {
            status["reason"] = reason.into();
        }
        if let Some(details) = &self.details {
            status["details"] = details.clone();
        }
        status
    }
}

/// The details of a `Status`, without what is empty.
pub(crate) fn details(name: &str, group: &str, kind: &str) -> Value {
    let mut found = Map::new();
    for (key, value) in [("name", name), ("group", group), ("kind", kind)] {
        if !value.is_empty() {
            found.insert(key.into(), value.into());
        }
    }
    found.into()
}
