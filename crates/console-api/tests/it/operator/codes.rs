//! The codes of errors: each is used, and the description of the API lists them all.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use console_model::{ErrorCode, FieldCode};
use serde_json::{Value, json};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}

/// The variants of an enum that the sources of the use-cases and of the API name outside of their tests.
fn used(name: &str) -> HashSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let prefix = format!("{name}::");
    let mut files = Vec::new();
    for folder in ["src", "../console-app/src"] {
        sources(&root.join(folder), &mut files);
    }
    let mut found = HashSet::new();
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let variants = text.split(&prefix).skip(1);
        let word = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric()).collect();
        found.extend(variants.map(word));
    }
    found
}

#[test]
fn every_code_is_used() {
    let codes = used("ErrorCode");
    for code in ErrorCode::ALL {
        assert!(
            codes.contains(&format!("{code:?}")),
            "no error has the code {code}"
        );
    }
    let codes = used("FieldCode");
    for code in FieldCode::ALL {
        assert!(
            codes.contains(&format!("{code:?}")),
            "no field has the code {code}"
        );
    }
}

#[test]
fn the_description_lists_every_code() {
    let document = serde_json::to_value(console_api::openapi()).unwrap();
    let schemas = &document["components"]["schemas"];
    let reference = |name: &str| json!(format!("#/components/schemas/{name}"));
    let errors: Vec<&str> = ErrorCode::ALL.iter().map(|code| code.word()).collect();
    let fields: Vec<&str> = FieldCode::ALL.iter().map(|code| code.word()).collect();
    assert_eq!(schemas["ErrorCode"]["enum"], json!(errors));
    assert_eq!(schemas["FieldCode"]["enum"], json!(fields));
    let code_of = |schema: &str| -> Value { schemas[schema]["properties"]["code"]["$ref"].clone() };
    assert_eq!(code_of("Problem"), reference("ErrorCode"));
    assert_eq!(code_of("Blocker"), reference("ErrorCode"));
    assert_eq!(code_of("ProblemPart"), reference("FieldCode"));
}
