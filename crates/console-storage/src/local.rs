//! Objects as files in a folder: `<dir>/<bucket>/…` for what is there, `<dir>/.tmp/` for what is on its way.

mod list;
mod path;
mod temp;

use std::io::{self, ErrorKind, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::Bytes;
use futures_util::Stream;
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};
use tokio_util::io::ReaderStream;

use crate::error::StorageError;
use crate::intake::Intake;
use crate::key::ObjectKey;
use crate::store::{ByteStream, Durability, ListPage, ObjectInfo, PutMode, PutOptions};
use temp::{TempDir, TempFile, private_folder};

/// Bytes read at once.
const CHUNK: usize = 128 * 1024;
/// How often a put makes its folder anew when deletions remove it in between.
const PUBLISH_ATTEMPTS: usize = 16;

#[derive(Debug)]
pub(crate) struct LocalFolder {
    root: PathBuf,
    temp: TempDir,
}

impl LocalFolder {
    pub(crate) async fn open(dir: PathBuf, bucket: &str) -> Result<Self, StorageError> {
        let root = dir.join(bucket);
        private_folder(&root)
            .await
            .map_err(|error| StorageError::from_io(format!("make the folder {}", root.display()), error))?;
        let temp = TempDir::open(dir.join(".tmp")).await?;
        let folder = Self { root, temp };
        folder.check().await?;
        Ok(folder)
    }

    pub(crate) async fn check(&self) -> Result<(), StorageError> {
        let explain = |error| StorageError::from_io(format!("use the folder {}", self.root.display()), error);
        fs::metadata(&self.root).await.map_err(explain)?;
        let (probe, mut file) = self.temp.file().await?;
        file.write_all(b"probe").await.map_err(explain)?;
        file.flush().await.map_err(explain)?;
        drop(probe);
        Ok(())
    }

    pub(crate) async fn put<S>(
        &self,
        key: &ObjectKey,
        mut intake: Intake<'_, S>,
        options: &PutOptions,
    ) -> Result<ObjectInfo, StorageError>
    where
        S: Stream<Item = io::Result<Bytes>>,
    {
        let explain = |error| StorageError::from_io(format!("write {key}"), error);
        let target = path::file_of(&self.root, key.as_str());
        if options.mode == PutMode::CreateNew && fs::try_exists(&target).await.map_err(explain)? {
            return Err(StorageError::AlreadyExists { key: key.to_string() });
        }
        let (temp, mut file) = self.temp.file().await?;
        while let Some(chunk) = intake.next().await? {
            file.write_all(&chunk).await.map_err(explain)?;
        }
        file.flush().await.map_err(explain)?;
        let received = intake.finish()?;
        if options.durability == Durability::Power {
            file.sync_all().await.map_err(explain)?;
        }
        let modified = file
            .metadata()
            .await
            .and_then(|metadata| metadata.modified())
            .ok();
        drop(file);
        publish(temp, &target, options.mode)
            .await
            .map_err(|error| match error.kind() {
                ErrorKind::AlreadyExists => StorageError::AlreadyExists { key: key.to_string() },
                _ => explain(error),
            })?;
        if options.durability == Durability::Power {
            sync_folders(&self.root, &target).await.map_err(explain)?;
        }
        Ok(ObjectInfo {
            sha256: Some(received.sha256),
            ..info_of(key.clone(), received.size, modified)
        })
    }

    pub(crate) async fn get(
        &self,
        key: &ObjectKey,
        range: Option<Range<u64>>,
    ) -> Result<(ObjectInfo, ByteStream), StorageError> {
        let explain = |error| read_error(key, error);
        let mut file = File::open(path::file_of(&self.root, key.as_str()))
            .await
            .map_err(explain)?;
        let metadata = file.metadata().await.map_err(explain)?;
        let size = metadata.len();
        let range = match range {
            Some(range) if range.is_empty() || range.start >= size => {
                return Err(StorageError::InvalidRange { size });
            }
            Some(range) => range.start..range.end.min(size),
            None => 0..size,
        };
        if range.start > 0 {
            file.seek(SeekFrom::Start(range.start)).await.map_err(explain)?;
        }
        let content = ReaderStream::with_capacity(file.take(range.end - range.start), CHUNK);
        Ok((
            info_of(key.clone(), size, metadata.modified().ok()),
            Box::pin(content),
        ))
    }

    pub(crate) async fn head(&self, key: &ObjectKey) -> Result<ObjectInfo, StorageError> {
        let metadata = fs::metadata(path::file_of(&self.root, key.as_str()))
            .await
            .map_err(|error| read_error(key, error))?;
        Ok(info_of(key.clone(), metadata.len(), metadata.modified().ok()))
    }

    pub(crate) async fn delete(&self, key: &ObjectKey) -> Result<(), StorageError> {
        let file = path::file_of(&self.root, key.as_str());
        match fs::remove_file(&file).await {
            Err(error) if !is_absent(&error) => Err(StorageError::from_io(format!("delete {key}"), error)),
            _ => {
                self.remove_empty_parents(&file).await;
                Ok(())
            }
        }
    }

    pub(crate) async fn list(
        &self,
        prefix: &str,
        start_after: Option<&ObjectKey>,
        limit: usize,
    ) -> Result<ListPage, StorageError> {
        let walk = list::Walk {
            users_only: prefix.is_empty(),
            start_after: start_after.map(ToString::to_string),
            wanted: limit + 1,
        };
        let (folder, prefix) = (path::folder_of(&self.root, prefix), prefix.to_owned());
        let what = format!("list the folder {}", folder.display());
        tokio::task::spawn_blocking(move || list::page(&walk, &folder, &prefix))
            .await
            .map_err(io::Error::other)
            .flatten()
            .map_err(|error| StorageError::from_io(what, error))
    }

    pub(crate) async fn delete_prefix(&self, prefix: &str) -> Result<(), StorageError> {
        let folder = path::folder_of(&self.root, prefix);
        // Moved away first: everything is gone at once, and a put in between makes a new folder.
        let away = self.temp.fresh_path();
        let gone = match fs::rename(&folder, &away).await {
            Ok(()) => fs::remove_dir_all(&away).await,
            Err(error) => Err(error),
        };
        match gone {
            Err(error) if !is_absent(&error) => Err(StorageError::from_io(format!("delete {prefix}"), error)),
            _ => {
                self.remove_empty_parents(&folder).await;
                Ok(())
            }
        }
    }

    /// Folders that have become empty; a file system removes no other.
    async fn remove_empty_parents(&self, path: &Path) {
        let parents = path.ancestors().skip(1).take_while(|folder| *folder != self.root);
        for folder in parents {
            if fs::remove_dir(folder).await.is_err() {
                return;
            }
        }
    }
}

/// Makes a finished file visible under its final name, as a whole.
async fn publish(temp: TempFile, target: &Path, mode: PutMode) -> io::Result<()> {
    let mut attempt = 1;
    loop {
        if let Some(folder) = target.parent() {
            private_folder(folder).await?;
        }
        let done = match mode {
            PutMode::Replace => fs::rename(temp.path(), target).await,
            PutMode::CreateNew => match fs::hard_link(temp.path(), target).await {
                // File systems without hard links; Linux calls that "not permitted".
                Err(error)
                    if matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::PermissionDenied) =>
                {
                    temp.rename_new(target).await
                }
                done => done,
            },
        };
        match done {
            // A deletion removed the folder while it was empty.
            Err(error) if error.kind() == ErrorKind::NotFound && attempt < PUBLISH_ATTEMPTS => attempt += 1,
            Ok(()) => {
                temp.remove().await;
                return Ok(());
            }
            Err(error) => return Err(error),
        }
    }
}

/// On Unix a new name survives a power cut once its folder, and that folder's name, are written too; elsewhere folders
/// cannot be opened.
async fn sync_folders(root: &Path, target: &Path) -> io::Result<()> {
    if cfg!(unix) {
        for folder in target
            .ancestors()
            .skip(1)
            .take_while(|folder| folder.starts_with(root))
        {
            match File::open(folder).await {
                // The object was deleted meanwhile, and its folder with it.
                Err(error) if is_absent(&error) => {}
                opened => opened?.sync_all().await?,
            }
        }
    }
    Ok(())
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound)
}

fn read_error(key: &ObjectKey, error: io::Error) -> StorageError {
    if is_absent(&error) {
        StorageError::NotFound { key: key.to_string() }
    } else {
        StorageError::from_io(format!("read {key}"), error)
    }
}

fn info_of(key: ObjectKey, size: u64, modified: Option<SystemTime>) -> ObjectInfo {
    ObjectInfo {
        key,
        size,
        etag: None,
        sha256: None,
        modified: modified.map(Into::into),
    }
}
