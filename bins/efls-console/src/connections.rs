//! How many connections are taken at a time: never so many that no file can be opened any more.

/// Files that are kept for everything but connections: the database, objects, calls to partners.
const OTHER_FILES: u64 = 256;

/// Raises this process's limit of open files as far as the system lets it. Gives the limit that holds.
pub(crate) fn raise_file_limit() -> u64 {
    rlimit::increase_nofile_limit(u64::MAX).unwrap_or_else(|error| {
        tracing::warn!(%error, "the limit of open files cannot be raised");
        // What most systems begin with.
        1024
    })
}

/// Connections that each worker takes: what is wanted in all, as far as the limit of open files allows.
pub(crate) fn per_worker(wanted: usize, workers: usize, file_limit: u64) -> usize {
    let room = file_limit.saturating_sub(OTHER_FILES).max(file_limit / 2);
    let all = wanted.min(usize::try_from(room).unwrap_or(usize::MAX));
    (all / workers.max(1)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_left_for_everything_else() {
        assert_eq!(per_worker(1000, 2, 1 << 20), 500);
        assert_eq!(per_worker(1000, 2, 1024), 384);
        assert_eq!(per_worker(1000, 2, 256), 64);
        assert_eq!(per_worker(1, 4, 1024), 1);
    }
}
