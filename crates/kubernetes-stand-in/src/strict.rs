//! Holds objects against their schemas, and says what is wrong in the words of the server.

use serde_json::Value;

use crate::answer::{Cause, Refusal};
use crate::kinds::Kind;
use crate::schema::{self, Node, Trouble};
use crate::store::{Key, State, text};
use crate::write::Manner;

const QUANTITY: &str = "^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$";

fn cannot_handle(kind: &Kind, why: &str) -> Refusal {
    let (name, version) = (kind.name, kind.version);
    Refusal::bad_request(format!(
        "{name} in version \"{version}\" cannot be handled as a {name}: {why}"
    ))
}

impl State {
    /// The schemas of a kind; a kind without one is a failure.
    pub(crate) fn nodes(&mut self, kind: &'static Kind, object: &Value) -> Result<Vec<Node>, Refusal> {
        let nodes = schema::of_kind(&kind.api_version(), kind.name);
        if nodes.is_empty() {
            self.refused
                .push(format!("{}: no schema is known", kind.qualified()));
            return Err(Refusal::internal(format!(
                "no schema is known for {}",
                kind.qualified()
            )));
        }
        let said = [("apiVersion", kind.api_version()), ("kind", kind.name.to_owned())];
        for (field, wanted) in said {
            if object[field] != wanted {
                let message = format!(
                    "the object has {field} {} and not \"{wanted}\", as its address says",
                    object[field]
                );
                self.refused.push(message.clone());
                return Err(Refusal::bad_request(message));
            }
        }
        Ok(nodes)
    }

    /// What a posted object lacks by its schema. Unknown fields are dropped unless the client wants strictness.
    pub(crate) fn check_posted(
        &mut self,
        kind: &Kind,
        nodes: &[Node],
        object: &mut Value,
        manner: &Manner,
    ) -> Result<Vec<String>, Refusal> {
        let found = schema::troubles(nodes, object);
        self.note(kind, &found);
        let mut unknown = Vec::new();
        let mut causes = Vec::new();
        for trouble in &found {
            match trouble {
                Trouble::Unknown(path) => {
                    unknown.push(format!("unknown field \"{}\"", schema::by_index(path)));
                    schema::take(object, path);
                }
                Trouble::Missing(path) => causes.push(Cause::required(&schema::by_index(path), "")),
                Trouble::NotOneOf { at, value, known } => causes.push(Cause {
                    reason: "FieldValueNotSupported",
                    message: format!("Unsupported value: {value}: supported values: {known:?}"),
                    field: schema::by_index(at),
                }),
                Trouble::Wrong { at, wanted, got } => {
                    let path = schema::by_index(at);
                    return Err(cannot_handle(
                        kind,
                        &format!("json: cannot unmarshal {got} into Go struct field {path} of type {wanted}"),
                    ));
                }
                Trouble::Quantity => {
                    return Err(cannot_handle(
                        kind,
                        &format!("quantities must match the regular expression '{QUANTITY}'"),
                    ));
                }
            }
        }
        if !unknown.is_empty() && manner.validation == "Strict" {
            let message = format!("strict decoding error: {}", unknown.join(", "));
            return Err(cannot_handle(kind, &message));
        }
        if !causes.is_empty() {
            return Err(Refusal::invalid(kind, text(object, "/metadata/name"), &causes));
        }
        Ok(if manner.validation == "Ignore" {
            Vec::new()
        } else {
            unknown
        })
    }

    /// What an applied patch lacks by its schema.
    pub(crate) fn check_applied(
        &mut self,
        kind: &Kind,
        key: &Key,
        nodes: &[Node],
        patch: &Value,
    ) -> Result<(), Refusal> {
        let found = schema::troubles(nodes, patch);
        self.note(kind, &found);
        let subject = format!(
            "({}/{}; {}, Kind={})",
            key.1,
            key.2,
            kind.api_version(),
            kind.name
        );
        let untyped = |path: &[schema::Step], why: &str| {
            let path = schema::by_key(path);
            Refusal::internal(format!(
                "failed to create typed patch object {subject}: {path}: {why}"
            ))
        };
        let mut causes = Vec::new();
        for trouble in &found {
            match trouble {
                Trouble::Unknown(path) => return Err(untyped(path, "field not declared in schema")),
                Trouble::Wrong { at, wanted, got } => {
                    return Err(untyped(at, &format!("expected {wanted}, got {got}")));
                }
                Trouble::Quantity => {
                    let full = format!("{}, Kind={}", kind.api_version(), kind.name);
                    return Err(Refusal::internal(format!(
                        "failed to convert new object {subject} to proper version: unable to convert unstructured \
                         object to {full}: quantities must match the regular expression '{QUANTITY}'"
                    )));
                }
                Trouble::NotOneOf { at, value, known } => causes.push(Cause {
                    reason: "FieldValueNotSupported",
                    message: format!("Unsupported value: {value}: supported values: {known:?}"),
                    field: schema::by_index(at),
                }),
                Trouble::Missing(path) => causes.push(Cause::required(&schema::by_index(path), "")),
            }
        }
        if causes.is_empty() {
            Ok(())
        } else {
            Err(Refusal::invalid(kind, &key.2, &causes))
        }
    }

    /// Remembers for the tests what failed its schema, whatever the answer is.
    fn note(&mut self, kind: &Kind, found: &[Trouble]) {
        self.refused.extend(
            found
                .iter()
                .map(|trouble| format!("{}: {trouble:?}", kind.qualified())),
        );
    }
}
