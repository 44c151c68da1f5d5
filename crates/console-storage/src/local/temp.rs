use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use tokio::fs::{self, File, OpenOptions};
use tokio::sync::Mutex;

use crate::error::StorageError;

/// Older files are of a process that was killed. No put lasts so long.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);

/// The folder of files that are not finished.
#[derive(Debug)]
pub(super) struct TempDir {
    path: PathBuf,
    counter: AtomicU64,
    rename_lock: Arc<Mutex<()>>,
}

/// A file that is removed unless it was renamed.
#[derive(Debug)]
pub(super) struct TempFile {
    path: Option<PathBuf>,
    rename_lock: Arc<Mutex<()>>,
}

impl TempDir {
    /// Makes the folder and removes what killed processes left in it.
    pub(super) async fn open(path: PathBuf) -> Result<Self, StorageError> {
        let explain = |error| StorageError::from_io(format!("use the folder {}", path.display()), error);
        private_folder(&path).await.map_err(explain)?;
        remove_stale(&path).await.map_err(explain)?;
        Ok(Self {
            path,
            counter: AtomicU64::new(0),
            rename_lock: Arc::default(),
        })
    }

    /// A new empty file, open for writing.
    pub(super) async fn file(&self) -> Result<(TempFile, File), StorageError> {
        let path = self.fresh_path();
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        // What users store is for this console alone to read.
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.open(&path).await;
        let file =
            file.map_err(|error| StorageError::from_io(format!("write in {}", self.path.display()), error))?;
        Ok((
            TempFile {
                path: Some(path),
                rename_lock: Arc::clone(&self.rename_lock),
            },
            file,
        ))
    }

    /// A path that nothing has yet: several processes may share the folder, and process numbers come again.
    pub(super) fn fresh_path(&self) -> PathBuf {
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let count = self.counter.fetch_add(1, Ordering::Relaxed);
        self.path
            .join(format!("{}-{}-{count}", std::process::id(), now.as_nanos()))
    }
}

/// Makes a folder and all above it; what is made is for this user alone.
pub(super) async fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    builder.mode(0o700);
    builder.create(path).await
}

async fn remove_stale(folder: &Path) -> io::Result<()> {
    let mut entries = fs::read_dir(folder).await?;
    while let Some(entry) = entries.next_entry().await? {
        let Ok(metadata) = entry.metadata().await else {
            continue;
        };
        let age = metadata
            .modified()
            .ok()
            .and_then(|time| time.elapsed().ok())
            .unwrap_or_default();
        if age < STALE {
            continue;
        }
        let path = entry.path();
        let removed = if metadata.is_dir() {
            fs::remove_dir_all(&path).await
        } else {
            fs::remove_file(&path).await
        };
        match removed {
            Ok(()) => tracing::info!(storage.path = %path.display(), "removed a stale temporary file"),
            Err(error) => {
                tracing::warn!(storage.path = %path.display(), %error, "cannot remove a stale file")
            }
        }
    }
    Ok(())
}

impl TempFile {
    pub(super) fn path(&self) -> &Path {
        self.path.as_deref().unwrap_or(Path::new(""))
    }

    /// Renames unless the target exists. Holds against other puts of this process only.
    pub(super) async fn rename_new(&self, target: &Path) -> io::Result<()> {
        let _guard = self.rename_lock.lock().await;
        if fs::try_exists(target).await? {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        fs::rename(self.path(), target).await
    }

    /// Removes the name without blocking; it may be gone by a rename.
    pub(super) async fn remove(mut self) {
        if let Some(path) = self.path.take() {
            let _ = fs::remove_file(path).await;
        }
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        if let Some(path) = self.path.take() {
            // A put that failed or was dropped; one quick call, and nobody left to tell.
            let _ = std::fs::remove_file(path);
        }
    }
}
