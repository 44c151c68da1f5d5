//! Objects: a local folder, or S3. One interface, [`ObjectStore`], that streams both ways in constant memory.
//!
//! Users' files lie at the top level of one bucket, where the original console keeps them too; what the console
//! itself stores (log chunks, channel messages, engines' scratch files) lies under the reserved prefix `.efls/`, which
//! no user name and no URI can reach. Every key is made by [`ObjectKey`].
//!
//! What holds on both back ends:
//! - a put that fails, or whose future is dropped, leaves nothing visible;
//! - [`PutMode::CreateNew`] has exactly one winner (see [`PutMode`] for old S3 servers);
//! - a reader sees one version of an object from its first byte to its last;
//! - lists come in the order of the keys' bytes.

mod config;
mod error;
mod intake;
mod key;
mod local;
mod remote;
mod store;
mod uri;

pub use config::{ConfigProblem, LocalConfig, S3Config, Secret, StorageConfig, StorageKind};
pub use error::StorageError;
pub use key::{KeyError, KeyPrefix, ObjectKey, ObjectName};
pub use store::{ByteStream, Durability, ListPage, ObjectInfo, ObjectStore, PutMode, PutOptions};
