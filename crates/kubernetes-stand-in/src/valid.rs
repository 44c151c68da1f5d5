//! What is wrong with an object beyond its schema, and what of it must stay as it is.

use serde_json::{Value, json};

use crate::answer::{Cause, Refusal};
use crate::kinds::Kind;
use crate::store::text;

/// Refuses names, labels and combinations that the server does.
pub(crate) fn check(kind: &Kind, object: &Value) -> Result<(), Refusal> {
    let name = text(object, "/metadata/name");
    let mut causes = Vec::new();
    let longest = if kind.name == "Service" { 63 } else { 253 };
    if !is_subdomain(name) || name.len() > longest || (kind.name == "Service" && !starts_with_letter(name)) {
        let rule = match kind.name {
            "Service" => {
                "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an \
                 alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex \
                 used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
            }
            _ => {
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and \
                 must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is \
                 '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
            }
        };
        causes.push(Cause::value("metadata.name", &json!(name), rule));
    }
    labels(&object["metadata"]["labels"], "metadata.labels", &mut causes);
    match kind.name {
        "Job" => job(object, &mut causes),
        "Pod" => pod(&object["spec"], "spec", &mut causes),
        "Service" => service(&object["spec"], &mut causes),
        _ => {}
    }
    if causes.is_empty() {
        Ok(())
    } else {
        Err(Refusal::invalid(kind, name, &causes))
    }
}

fn is_subdomain(name: &str) -> bool {
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.split('.').all(|label| {
        label.starts_with(edge) && label.ends_with(edge) && label.chars().all(|c| edge(c) || c == '-')
    })
}

fn starts_with_letter(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.contains('.')
}

fn labels(labels: &Value, field: &str, causes: &mut Vec<Cause>) {
    for (key, value) in labels.as_object().into_iter().flatten() {
        let written = value.as_str().unwrap_or_default();
        let edge = |c: char| c.is_ascii_alphanumeric();
        let fits = written.is_empty()
            || (written.starts_with(edge)
                && written.ends_with(edge)
                && written.chars().all(|c| edge(c) || "-_.".contains(c)));
        if written.len() > 63 {
            causes.push(Cause::value(field, value, "must be no more than 63 bytes"));
        }
        if !fits {
            let rule = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', \
                        and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or \
                        '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
            causes.push(Cause::value(field, value, rule));
        }
        let own = key.rsplit('/').next().unwrap_or_default();
        if own.is_empty() || own.len() > 63 {
            causes.push(Cause::value(
                field,
                &json!(key),
                "name part must be no more than 63 bytes",
            ));
        }
    }
}

fn job(object: &Value, causes: &mut Vec<Cause>) {
    let spec = &object["spec"];
    labels(
        &spec["template"]["metadata"]["labels"],
        "spec.template.labels",
        causes,
    );
    for field in [
        "parallelism",
        "completions",
        "backoffLimit",
        "activeDeadlineSeconds",
        "ttlSecondsAfterFinished",
    ] {
        if spec[field].as_i64().is_some_and(|number| number < 0) {
            let why = "must be greater than or equal to 0";
            causes.push(Cause::value(&format!("spec.{field}"), &spec[field], why));
        }
    }
    if spec["completionMode"] == "Indexed" {
        match spec["completions"].as_i64() {
            None => causes.push(Cause::required(
                "spec.completions",
                "when completion mode is Indexed",
            )),
            Some(count) => {
                let last = format!("{}-{}", text(object, "/metadata/name"), count - 1);
                if last.len() > 63 {
                    let why = format!(
                        "will not able to create pod with invalid DNS label, because completionMode is Indexed: {last}"
                    );
                    causes.push(Cause::value("metadata.name", &object["metadata"]["name"], &why));
                }
            }
        }
    }
    let pods = &spec["template"]["spec"];
    if !["Never", "OnFailure"].contains(&text(pods, "/restartPolicy")) {
        causes.push(Cause {
            reason: "FieldValueNotSupported",
            message: format!(
                "Unsupported value: {}: supported values: \"OnFailure\", \"Never\"",
                pods["restartPolicy"]
            ),
            field: "spec.template.spec.restartPolicy".into(),
        });
    }
    pod(pods, "spec.template.spec", causes);
}

fn pod(spec: &Value, at: &str, causes: &mut Vec<Cause>) {
    let list = |name: &str| spec[name].as_array().cloned().unwrap_or_default();
    if list("containers").is_empty() {
        causes.push(Cause::required(&format!("{at}.containers"), ""));
    }
    let volumes: Vec<_> = list("volumes")
        .iter()
        .map(|volume| volume["name"].clone())
        .collect();
    let mut known: Vec<Value> = Vec::new();
    for kind in ["initContainers", "containers"] {
        for (index, container) in list(kind).iter().enumerate() {
            let at = format!("{at}.{kind}[{index}]");
            let name = text(container, "/name");
            if name.len() > 63 {
                let why = "must be no more than 63 characters";
                causes.push(Cause::value(&format!("{at}.name"), &container["name"], why));
            } else if !is_subdomain(name) || name.contains('.') {
                let why =
                    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'";
                causes.push(Cause::value(&format!("{at}.name"), &container["name"], why));
            }
            if known.contains(&container["name"]) {
                causes.push(Cause {
                    reason: "FieldValueDuplicate",
                    message: format!("Duplicate value: {}", container["name"]),
                    field: format!("{at}.name"),
                });
            }
            known.push(container["name"].clone());
            if text(container, "/image").is_empty() {
                causes.push(Cause::required(&format!("{at}.image"), ""));
            }
            let mounts = container["volumeMounts"].as_array().cloned().unwrap_or_default();
            for (index, mount) in mounts.iter().enumerate() {
                if !volumes.contains(&mount["name"]) {
                    causes.push(Cause {
                        reason: "FieldValueNotFound",
                        message: format!("Not found: {}", mount["name"]),
                        field: format!("{at}.volumeMounts[{index}].name"),
                    });
                }
            }
        }
    }
}

fn service(spec: &Value, causes: &mut Vec<Cause>) {
    if spec["ports"].as_array().is_none_or(Vec::is_empty) && spec["clusterIP"] != "None" {
        causes.push(Cause::required("spec.ports", ""));
    }
}

/// Refuses a change of what must stay.
pub(crate) fn check_change(kind: &Kind, old: &Value, new: &Value) -> Result<(), Refusal> {
    let fields: &[&str] = match kind.name {
        "Job" => &["template", "completions", "selector", "completionMode"],
        "Service" => &["clusterIP"],
        "PersistentVolumeClaim" => &["storageClassName", "volumeName"],
        _ => &[],
    };
    let mut causes = Vec::new();
    for field in fields {
        let indexed_resize = *field == "completions" && new["spec"]["completionMode"] == "Indexed";
        if old["spec"][*field] != new["spec"][*field] && !indexed_resize {
            causes.push(Cause::value(
                &format!("spec.{field}"),
                &new["spec"][*field],
                "field is immutable",
            ));
        }
    }
    if old["immutable"] == true && old["data"] != new["data"] {
        let message = "Forbidden: field is immutable when `immutable` is set".into();
        causes.push(Cause {
            reason: "FieldValueForbidden",
            message,
            field: "data".into(),
        });
    }
    let name = text(new, "/metadata/name");
    if causes.is_empty() {
        Ok(())
    } else {
        Err(Refusal::invalid(kind, name, &causes))
    }
}
