//! A page of keys out of a folder tree, in key order, in memory that depends on the page's size only.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::path::{Place, Step};
use crate::key::{KeyPrefix, ObjectKey};
use crate::store::{ListPage, ObjectInfo};

/// What is looked for.
pub(super) struct Walk {
    /// Whether what lies in the console's own area is left out.
    pub(super) users_only: bool,
    pub(super) start_after: Option<String>,
    /// One more than the page holds, to see whether more follow.
    pub(super) wanted: usize,
}

impl Walk {
    /// Whether no key with a prefix can be among those that are looked for, given what was found.
    fn leaves_out(&self, prefix: &str, found: &BTreeSet<(String, PathBuf)>) -> bool {
        let start = self.start_after.as_deref().unwrap_or_default();
        let is_before = start > prefix && !start.starts_with(prefix);
        let last = found.last().filter(|_| found.len() >= self.wanted);
        is_before || last.is_some_and(|(last, _)| last.as_str() < prefix)
    }
}

/// The first keys behind the start, with what is known of them.
pub(super) fn page(walk: &Walk, folder: &Path, prefix: &str) -> io::Result<ListPage> {
    let mut found = BTreeSet::new();
    visit(walk, folder, &Place::at(prefix), &mut found)?;
    let more = found.len() == walk.wanted;
    if more {
        found.pop_last();
    }
    let objects = found
        .into_iter()
        .filter_map(|(key, path)| {
            // Deleted since it was seen, or not a key of ours.
            let (key, metadata) = (ObjectKey::parse(&key).ok()?, fs::metadata(path).ok()?);
            let modified = metadata.modified().ok().map(Into::into);
            Some(ObjectInfo {
                key,
                size: metadata.len(),
                etag: None,
                sha256: None,
                modified,
            })
        })
        .collect();
    Ok(ListPage { objects, more })
}

fn visit(
    walk: &Walk,
    folder: &Path,
    place: &Place,
    found: &mut BTreeSet<(String, PathBuf)>,
) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let Some(step) = entry.file_name().to_str().and_then(|name| place.step(name)) else {
            continue;
        };
        match step {
            Step::Continued(next) => visit(walk, &entry.path(), &next, found)?,
            Step::Folder(next) if walk.users_only && next.is(&KeyPrefix::own_area()) => {}
            Step::Folder(next) if walk.leaves_out(next.prefix(), found) => {}
            Step::Folder(next) => visit(walk, &entry.path(), &next, found)?,
            Step::File(key) if walk.start_after.as_ref().is_none_or(|start| key > *start) => {
                found.insert((key, entry.path()));
                if found.len() > walk.wanted {
                    found.pop_last();
                }
            }
            Step::File(_) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(start_after: Option<&str>) -> Walk {
        Walk {
            users_only: true,
            start_after: start_after.map(str::to_owned),
            wanted: 2,
        }
    }

    #[test]
    fn folders_without_a_key_of_the_page_are_left_out() {
        let none = BTreeSet::new();
        assert!(!walk(None).leaves_out("b/", &none));
        assert!(walk(Some("c")).leaves_out("b/", &none), "all its keys are before");
        assert!(!walk(Some("b/1")).leaves_out("b/", &none), "some may be behind");
        assert!(!walk(Some("a")).leaves_out("b/", &none));
        let full: BTreeSet<_> = ["a", "a/9"].map(|key| (key.to_owned(), PathBuf::new())).into();
        assert!(
            walk(None).leaves_out("b/", &full),
            "the page is full of keys before"
        );
        assert!(!walk(None).leaves_out("a/", &full));
    }
}
