//! How many connections are taken at a time: never so many that no file can be opened any more.

/// Files that are kept for everything else: the database, objects, calls to partners, spare connections and the handles by
/// which they are closed.
const OTHER_FILES: u64 = 320;

/// Raises this process's limit of open files as far as the system lets it. Gives the limit that holds.
pub(crate) fn raise_file_limit() -> u64 {
    rlimit::increase_nofile_limit(u64::MAX).unwrap_or_else(|error| {
        tracing::warn!(%error, "the limit of open files cannot be raised");
        // What most systems begin with.
        1024
    })
}

/// Connections that are taken in all: what is wanted, as far as the limit of open files allows.
pub(crate) fn allowed(wanted: usize, file_limit: u64) -> usize {
    let room = file_limit.saturating_sub(OTHER_FILES).max(file_limit / 2);
    wanted.min(usize::try_from(room).unwrap_or(usize::MAX))
}

/// Connections that each worker takes, the spare ones among them. They are dealt out in turn, so each has room for more
/// than its share.
pub(crate) fn per_worker(allowed: usize, workers: usize) -> usize {
    (allowed / workers.max(1)) + 2 * console_api::connections::SPARE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_left_for_everything_else() {
        assert_eq!(allowed(1000, 1 << 20), 1000);
        assert_eq!(allowed(1000, 1024), 704);
        assert_eq!(allowed(1000, 256), 128);
    }
}
