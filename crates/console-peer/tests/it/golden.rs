use std::path::PathBuf;

use serde_json::Value;

pub(crate) fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name)
}

/// The value in a golden file.
pub(crate) fn read(name: &str) -> Value {
    let path = path(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

/// Asserts that a value is the one in a golden file. `UPDATE_GOLDEN=1` writes the file instead.
pub(crate) fn assert_same(name: &str, value: &Value) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let text = serde_json::to_string_pretty(value).unwrap() + "\n";
        std::fs::write(path(name), text).unwrap();
    }
    assert_eq!(&read(name), value, "{name}");
}
