use std::io;
use std::ops::Range;
use std::pin::{Pin, pin};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use chrono::{DateTime, Utc};
use futures_util::{Stream, StreamExt, stream};

use crate::config::{StorageConfig, StorageKind};
use crate::error::StorageError;
use crate::intake::Intake;
use crate::key::{KeyPrefix, ObjectKey};
use crate::local::LocalFolder;
use crate::remote::RemoteBucket;
use crate::uri::UriForm;

/// Content on its way out, in chunks of at most some hundred KiB. Reading slowly holds the store back.
pub type ByteStream = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// What is known of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectInfo {
    /// Where it lies.
    pub key: ObjectKey,
    /// Size of the whole object, in bytes.
    pub size: u64,
    /// The S3 server's entity tag, where it told one.
    pub etag: Option<String>,
    /// Digest of the content; known only to the put that wrote it.
    pub sha256: Option<[u8; 32]>,
    /// When it was written. After a put to S3 by our clock, else by the store's.
    pub modified: Option<DateTime<Utc>>,
}

/// What a put does with an object that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutMode {
    /// Refuse with [`StorageError::AlreadyExists`]. Of several at once exactly one wins. An S3 server that does not
    /// know conditional writes (`If-None-Match: *`) is only asked beforehand, so there two at the same moment may both
    /// win.
    CreateNew,
    /// Put the new object in its place, at once and as a whole.
    Replace,
}

/// What a finished put in a local folder survives. S3 decides for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// A power cut.
    Power,
    /// A killed process. Much faster for small objects.
    Process,
}

/// How to put an object.
#[derive(Debug, Clone)]
pub struct PutOptions {
    /// What to do with an object that is there already.
    pub mode: PutMode,
    /// What the object survives.
    pub durability: Durability,
    /// The most bytes accepted.
    pub limit: Option<u64>,
    /// Digest that the content must have.
    pub sha256: Option<[u8; 32]>,
}

impl PutOptions {
    /// Without limit or digest; survives a power cut.
    #[must_use]
    pub const fn new(mode: PutMode) -> Self {
        Self {
            mode,
            durability: Durability::Power,
            limit: None,
            sha256: None,
        }
    }

    /// With the most bytes accepted.
    #[must_use]
    pub const fn limit(mut self, bytes: u64) -> Self {
        self.limit = Some(bytes);
        self
    }

    /// With the digest that the content must have.
    #[must_use]
    pub const fn sha256(mut self, digest: [u8; 32]) -> Self {
        self.sha256 = Some(digest);
        self
    }

    /// With another durability.
    #[must_use]
    pub const fn durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }
}

/// Part of a list, in the order of the keys' bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListPage {
    /// The objects.
    pub objects: Vec<ObjectInfo>,
    /// Whether more follow the last of them.
    pub more: bool,
}

#[derive(Debug)]
enum Backend {
    Local(LocalFolder),
    S3(RemoteBucket),
}

/// The object store. Clones share one connection pool.
#[derive(Debug, Clone)]
pub struct ObjectStore {
    backend: Arc<Backend>,
    uris: Arc<UriForm>,
}

/// Calls the same method of whichever back end there is.
macro_rules! on_backend {
    ($self:ident, $backend:ident => $call:expr) => {
        match &*$self.backend {
            Backend::Local($backend) => $call.await,
            Backend::S3($backend) => $call.await,
        }
    };
}

impl ObjectStore {
    /// Opens the store: makes the folder or bucket if needed, and removes files that interrupted puts left.
    ///
    /// An S3 server that does not answer now is no error, only a warning in the log: [`ObjectStore::check`] tells.
    ///
    /// # Errors
    /// [`StorageError`] when the folder cannot be used, or the S3 server refuses us.
    pub async fn open(config: &StorageConfig) -> Result<Self, StorageError> {
        let backend = match config.kind {
            StorageKind::Local => {
                Backend::Local(LocalFolder::open(config.local.dir.clone(), &config.bucket).await?)
            }
            StorageKind::S3 => Backend::S3(RemoteBucket::open(&config.s3, &config.bucket).await?),
        };
        let uris = UriForm {
            endpoint: config.uri_endpoint(),
            bucket: config.bucket.clone(),
        };
        Ok(Self {
            backend: Arc::new(backend),
            uris: Arc::new(uris),
        })
    }

    /// Stores a stream. Memory stays within two parts of 8 MiB on S3, and some hundred KiB locally.
    ///
    /// # Errors
    /// [`StorageError`]; nothing is visible then. On S3 an answer may be lost after the object was stored.
    pub async fn put<S>(
        &self,
        key: &ObjectKey,
        content: S,
        options: PutOptions,
    ) -> Result<ObjectInfo, StorageError>
    where
        S: Stream<Item = io::Result<Bytes>>,
    {
        let content = pin!(content);
        let intake = Intake::new(content, &options);
        on_backend!(self, backend => backend.put(key, intake, &options))
    }

    /// Stores bytes that are in memory.
    ///
    /// # Errors
    /// As [`ObjectStore::put`].
    pub async fn put_bytes(
        &self,
        key: &ObjectKey,
        content: Bytes,
        options: PutOptions,
    ) -> Result<ObjectInfo, StorageError> {
        self.put(key, stream::iter([Ok(content)]), options).await
    }

    /// Opens an object for reading, all of it or a range of bytes. A range may end behind the object's end, but must
    /// start in it.
    ///
    /// # Errors
    /// [`StorageError`]; `NotFound` and `InvalidRange` come here, not in the stream.
    pub async fn get(
        &self,
        key: &ObjectKey,
        range: Option<Range<u64>>,
    ) -> Result<(ObjectInfo, ByteStream), StorageError> {
        on_backend!(self, backend => backend.get(key, range))
    }

    /// Reads a whole object of at most `limit` bytes into memory.
    ///
    /// # Errors
    /// [`StorageError`], also when reading breaks off.
    pub async fn get_bytes(&self, key: &ObjectKey, limit: u64) -> Result<Bytes, StorageError> {
        let (info, mut content) = self.get(key, None).await?;
        if info.size > limit {
            return Err(StorageError::TooLarge { limit });
        }
        let mut bytes = BytesMut::with_capacity(usize::try_from(info.size).unwrap_or_default());
        while let Some(chunk) = content.next().await {
            let chunk = chunk.map_err(|error| StorageError::from_io(format!("read {key}"), error))?;
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.freeze())
    }

    /// What is known of an object, without its content.
    ///
    /// # Errors
    /// [`StorageError`], `NotFound` when there is none.
    pub async fn head(&self, key: &ObjectKey) -> Result<ObjectInfo, StorageError> {
        on_backend!(self, backend => backend.head(key))
    }

    /// Removes an object; it is no error when there is none.
    ///
    /// # Errors
    /// [`StorageError`] when it is still there.
    pub async fn delete(&self, key: &ObjectKey) -> Result<(), StorageError> {
        on_backend!(self, backend => backend.delete(key))
    }

    /// Users' objects: all but those of the console's own area, from behind `start_after`, at most `limit` (1 to 1000).
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn list_user(
        &self,
        start_after: Option<&ObjectKey>,
        limit: usize,
    ) -> Result<ListPage, StorageError> {
        on_backend!(self, backend => backend.list("", start_after, limit.clamp(1, 1000)))
    }

    /// Objects of the console's own area, from behind `start_after`, at most `limit` (1 to 1000).
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn list(
        &self,
        prefix: &KeyPrefix,
        start_after: Option<&ObjectKey>,
        limit: usize,
    ) -> Result<ListPage, StorageError> {
        on_backend!(self, backend => backend.list(prefix.as_str(), start_after, limit.clamp(1, 1000)))
    }

    /// Removes everything under a prefix; it is no error when there is nothing.
    ///
    /// # Errors
    /// [`StorageError`]; some objects may be gone by then. Call it again.
    pub async fn delete_prefix(&self, prefix: &KeyPrefix) -> Result<(), StorageError> {
        on_backend!(self, backend => backend.delete_prefix(prefix.as_str()))
    }

    /// Whether objects can be stored now; makes a missing bucket if that is configured.
    ///
    /// # Errors
    /// [`StorageError`] says what fails.
    pub async fn check(&self) -> Result<(), StorageError> {
        on_backend!(self, backend => backend.check())
    }

    /// The URI of an object, as the original console writes it: `http://<endpoint>/<bucket>/<key>`.
    #[must_use]
    pub fn uri_of(&self, key: &ObjectKey) -> String {
        self.uris.write(key)
    }

    /// The key in a URI. Scheme and endpoint are not looked at; the bucket must be ours, and the console's own area
    /// cannot be named.
    ///
    /// # Errors
    /// [`StorageError::InvalidUri`] says what is wrong.
    pub fn key_of_uri(&self, uri: &str) -> Result<ObjectKey, StorageError> {
        self.uris.read(uri)
    }
}
