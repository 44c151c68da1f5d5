//! What the partner is told of a failure.

use std::path::Path;

/// The sentence of a failure reaches the partner, so it is one of ours, in both languages: never the text of another error, which
/// may hold what a file holds.
#[test]
fn no_failure_has_the_words_of_another_error() {
    let mut looked_at = 0;
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            // Tests make errors of any kind.
            let source = source
                .split("#[cfg(test)]\nmod tests {")
                .next()
                .unwrap_or_default();
            for made in ["EngineError::fatal(", "EngineError::retryable("] {
                for (at, _) in source.match_indices(made) {
                    let sentence = source[at + made.len()..].trim_start();
                    let is_ours = ["both(", "text)", "Text::new(en).with_zh("]
                        .iter()
                        .any(|begin| sentence.starts_with(begin));
                    let line = source[..at].lines().count();
                    assert!(
                        is_ours,
                        "{}:{line}: {}",
                        path.display(),
                        &sentence[..sentence.len().min(60)]
                    );
                    looked_at += 1;
                }
            }
        }
    }
    assert!(looked_at > 10, "only {looked_at} failures were found");
}
