use std::io;

use console_model::ErrorKind;

use crate::key::KeyError;

/// The cause below a [`StorageError`].
pub(crate) type Cause = Box<dyn std::error::Error + Send + Sync>;

/// What can go wrong with an object.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// There is no such object.
    #[error("there is no object {key:?}")]
    NotFound {
        /// The key that was asked for.
        key: String,
    },
    /// There is one already, and replacing it was not asked for.
    #[error("there is already an object {key:?}")]
    AlreadyExists {
        /// The key that is taken.
        key: String,
    },
    /// More bytes than allowed.
    #[error("the object is larger than the limit of {limit} bytes")]
    TooLarge {
        /// The most, in bytes.
        limit: u64,
    },
    /// The bytes are not those that the caller announced.
    #[error("the content has the SHA-256 {found}, not the expected {expected}")]
    ChecksumMismatch {
        /// Hexadecimal digest that was announced.
        expected: String,
        /// Hexadecimal digest of what arrived.
        found: String,
    },
    /// The byte range is empty or starts behind the end.
    #[error("the byte range does not lie in the object of {size} bytes")]
    InvalidRange {
        /// Size of the whole object, in bytes.
        size: u64,
    },
    /// A text is no key.
    #[error(transparent)]
    InvalidKey(#[from] KeyError),
    /// A text is no URI of an object here.
    #[error("{uri:?} is not the URI of an object here: {problem}")]
    InvalidUri {
        /// What was given.
        uri: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The bytes to store stopped coming: the sender failed, not the store.
    #[error("the content could not be read to its end")]
    Input(#[source] io::Error),
    /// No room left.
    #[error("no space is left to {what}")]
    Full {
        /// What was being done.
        what: String,
        /// The answer of the file system.
        #[source]
        source: Cause,
    },
    /// The file system or the S3 server refuses us: permissions, keys or signature.
    #[error("not permitted to {what}")]
    Denied {
        /// What was being done.
        what: String,
        /// The answer.
        #[source]
        source: Cause,
    },
    /// The bucket does not exist and may not, or cannot, be made by us.
    #[error("the bucket {bucket:?} does not exist: create it, or set storage.s3.create_bucket")]
    NoBucket {
        /// Name of the bucket.
        bucket: String,
    },
    /// The store does not answer, or says that it cannot now.
    #[error("the object store cannot {what} at present")]
    Unavailable {
        /// What was being done.
        what: String,
        /// The failure underneath.
        #[source]
        source: Cause,
    },
    /// The store answered what we do not understand, or refuses for good.
    #[error("the object store failed to {what}")]
    Failed {
        /// What was being done.
        what: String,
        /// The failure underneath.
        #[source]
        source: Cause,
    },
}

impl StorageError {
    /// Whether the same call may succeed later without anybody changing anything.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        self.kind().is_retryable()
    }

    /// What the error means to whoever asked.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound { .. } => ErrorKind::NotFound,
            Self::AlreadyExists { .. } => ErrorKind::Conflict,
            Self::TooLarge { .. } => ErrorKind::TooLarge,
            Self::ChecksumMismatch { .. } => ErrorKind::Unprocessable,
            Self::InvalidRange { .. } | Self::InvalidKey(_) | Self::InvalidUri { .. } | Self::Input(_) => {
                ErrorKind::Invalid
            }
            Self::Unavailable { .. } => ErrorKind::Unavailable,
            Self::Full { .. } | Self::Denied { .. } | Self::NoBucket { .. } | Self::Failed { .. } => {
                ErrorKind::Internal
            }
        }
    }

    /// A failure of the file system, said in its own words where they are clear.
    pub(crate) fn from_io(what: impl Into<String>, error: io::Error) -> Self {
        let (what, kind) = (what.into(), error.kind());
        let source = Box::new(error);
        match kind {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::Denied { what, source }
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { what, source },
            io::ErrorKind::NotADirectory
            | io::ErrorKind::IsADirectory
            | io::ErrorKind::InvalidFilename
            | io::ErrorKind::FileTooLarge
            | io::ErrorKind::Unsupported => Self::Failed { what, source },
            // Too many open files, a network file system that is away: these pass.
            _ => Self::Unavailable { what, source },
        }
    }
}
