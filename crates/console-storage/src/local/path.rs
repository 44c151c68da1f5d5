//! Keys as paths that hold on any file system.
//!
//! Each part of a key is written in lower-case letters, digits, `.`, `_`, `-`, and `%xx` for every other byte, so that
//! neither case folding nor Unicode normalisation can make two keys meet. A folder's name ends with `+`, so that the
//! keys `a` and `a/b` do not clash. A long part is cut into pieces, all but the last being folders that end with `~`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::key::KeyPrefix;

/// The longest piece; file systems allow 255 bytes.
const PIECE: usize = 200;
const FOLDER: char = '+';
const CONTINUED: char = '~';

/// The file of a key.
pub(super) fn file_of(root: &Path, key: &str) -> PathBuf {
    match key.rsplit_once('/') {
        Some((folders, name)) => push_part(folder_of(root, folders), name, ""),
        None => push_part(root.to_owned(), key, ""),
    }
}

/// The folder of all keys that start with the parts of `prefix`.
pub(super) fn folder_of(root: &Path, prefix: &str) -> PathBuf {
    prefix
        .split('/')
        .filter(|part| !part.is_empty())
        .fold(root.to_owned(), |path, part| push_part(path, part, "+"))
}

fn push_part(mut path: PathBuf, part: &str, ending: &str) -> PathBuf {
    let encoded = encode(part);
    let mut rest = encoded.as_str();
    while rest.len() > PIECE {
        let (piece, more) = rest.split_at(PIECE);
        path.push(format!("{piece}{CONTINUED}"));
        rest = more;
    }
    path.push(format!("{rest}{ending}"));
    path
}

fn encode(part: &str) -> String {
    let mut encoded = String::with_capacity(part.len());
    let last = part.len().saturating_sub(1);
    for (at, byte) in part.bytes().enumerate() {
        // A dot at the start hides a file on Unix, one at the end is dropped by Windows.
        let plain = matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-')
            || (byte == b'.' && at != 0 && at != last);
        if plain {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02x}");
        }
    }
    encoded
}

fn decode(encoded: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        if *first == b'%' {
            let (code, more) = more.split_at_checked(2)?;
            bytes.push(u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok()?);
            rest = more;
        } else {
            bytes.push(*first);
            rest = more;
        }
    }
    String::from_utf8(bytes).ok()
}

/// How far a walk through the folders has come.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    /// The key up to the last slash, inclusive.
    parts: String,
    /// The pieces of a long part so far, encoded.
    pieces: String,
}

/// What a directory entry is.
pub(super) enum Step {
    /// A folder of further parts.
    Folder(Place),
    /// A folder of further pieces of the same part.
    Continued(Place),
    /// A file, with its key.
    File(String),
}

impl Place {
    pub(super) fn at(prefix: &str) -> Self {
        Self {
            parts: prefix.to_owned(),
            pieces: String::new(),
        }
    }

    /// What all keys in this folder begin with.
    pub(super) fn prefix(&self) -> &str {
        &self.parts
    }

    /// Whether this is the folder of a prefix.
    pub(super) fn is(&self, prefix: &KeyPrefix) -> bool {
        self.pieces.is_empty() && self.parts == prefix.as_str()
    }

    /// The meaning of an entry here; `None` for a file that we did not write.
    pub(super) fn step(&self, name: &str) -> Option<Step> {
        let Self { parts, pieces } = self;
        if let Some(piece) = name.strip_suffix(CONTINUED) {
            return Some(Step::Continued(Self {
                parts: parts.clone(),
                pieces: format!("{pieces}{piece}"),
            }));
        }
        if let Some(piece) = name.strip_suffix(FOLDER) {
            let part = decode(&format!("{pieces}{piece}"))?;
            return Some(Step::Folder(Self::at(&format!("{parts}{part}/"))));
        }
        Some(Step::File(format!(
            "{parts}{}",
            decode(&format!("{pieces}{name}"))?
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_of(root: &Path, path: &Path) -> String {
        let names: Vec<_> = path
            .strip_prefix(root)
            .unwrap()
            .iter()
            .map(|n| n.to_str().unwrap())
            .collect();
        let mut place = Place::default();
        for name in names {
            match place.step(name).unwrap() {
                Step::Folder(next) | Step::Continued(next) => place = next,
                Step::File(key) => return key,
            }
        }
        panic!("{path:?} is a folder");
    }

    #[test]
    fn paths_lead_back_to_their_keys() {
        let root = Path::new("/root");
        for key in [
            "a",
            "A",
            "a/b",
            ".efls/log/x/1/2",
            "a.",
            "%41",
            "é/ü~+",
            &"语".repeat(170),
            "con:*?",
        ] {
            let path = file_of(root, key);
            assert_eq!(key_of(root, &path), key);
            for name in path.strip_prefix(root).unwrap() {
                let name = name.to_str().unwrap();
                assert!(
                    name.len() <= 201 && name.is_ascii() && !name.starts_with('.'),
                    "{name}"
                );
                assert_eq!(name, name.to_lowercase());
            }
        }
    }

    #[test]
    fn a_key_that_starts_another_does_not_clash() {
        let root = Path::new("/root");
        assert_ne!(file_of(root, "a"), folder_of(root, "a"));
        assert!(file_of(root, "a/b").starts_with(folder_of(root, "a/")));
        assert_ne!(file_of(root, "a+"), folder_of(root, "a"));
    }
}
