//! The layers of this crate, as `docs/ARCHITECTURE.md` draws them: a module names none of a layer above its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// From the top. Modules of one layer may know each other.
const LAYERS: &[&[&str]] = &[
    &["background"],
    &[
        "delivery",
        "diagnosis",
        "federation",
        "monitoring",
        "overview",
        "setup",
        "sweep",
    ],
    &[
        "changes",
        "instances",
        "objects",
        "pairings",
        "partners",
        "projects",
        "resources",
        "session",
        "system",
        "tasks",
        "users",
    ],
    &[
        "blocker",
        "engines",
        "idempotency",
        "identity",
        "input",
        "organization",
        "outbox",
        "reconcile",
        "reached_limits",
        "refused_calls",
        "refused_requests",
        "rights",
    ],
    &["error", "fault", "operator", "settings", "told"],
];

/// What every module is handed; it holds a part of most of them, and knows none of their functions.
const HANDED_TO_ALL: &str = "app";

#[test]
fn a_module_names_none_of_a_layer_above_its_own() {
    let depth_of: BTreeMap<&str, usize> = LAYERS
        .iter()
        .enumerate()
        .flat_map(|(depth, modules)| modules.iter().map(move |module| (*module, depth)))
        .collect();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let named = modules(&source);
    let known: BTreeSet<&str> = named.keys().map(String::as_str).collect();
    let placed: BTreeSet<&str> = depth_of.keys().copied().collect();
    assert_eq!(known, placed, "every module has its layer");
    let mut upwards = Vec::new();
    for (module, names) in &named {
        let above = |name: &&String| depth_of.get(name.as_str()) < depth_of.get(module.as_str());
        let known = names.iter().filter(|name| depth_of.contains_key(name.as_str()));
        upwards.extend(known.filter(above).map(|name| format!("{module} names {name}")));
    }
    assert!(upwards.is_empty(), "{upwards:#?}");
}

#[test]
fn names_are_found_in_every_form() {
    let text = "use crate::{App, tasks::{self, files}, users};\n/// [`crate::background`]\nlet x = crate::outbox::enqueue();";
    let found: Vec<String> = roots(text, "crate::").collect();
    assert_eq!(found, ["App", "tasks", "users", "outbox"]);
}

/// The modules of the crate with what each of them, and what lies below it, names of the crate.
fn modules(source: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut folders = vec![source.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let inside = path.strip_prefix(source).unwrap().with_extension("");
            let module = inside.iter().next().unwrap().to_str().unwrap().to_owned();
            if ["lib", "layers", HANDED_TO_ALL].contains(&module.as_str()) {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let names = found.entry(module.clone()).or_default();
            names.extend(roots(&text, "crate::"));
            if inside.components().count() == 1 {
                names.extend(roots(&text, "super::"));
            }
            names.remove(&module);
        }
    }
    found
}

/// The first names of the paths that begin with a prefix, one or many in braces. Comments do not count.
fn roots(text: &str, prefix: &str) -> impl Iterator<Item = String> {
    let code: String = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    let mut found = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            None => found.push(name_at(rest)),
            Some(list) => {
                let mut depth = 0_usize;
                let mut begins = true;
                for (at, sign) in list.char_indices() {
                    match sign {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => begins = true,
                        sign if begins && !sign.is_whitespace() => {
                            found.push(name_at(&list[at..]));
                            begins = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    found.into_iter().filter(|name| !name.is_empty())
}

fn name_at(text: &str) -> String {
    let is_part = |sign: &char| sign.is_alphanumeric() || *sign == '_';
    text.chars().take_while(is_part).collect()
}
