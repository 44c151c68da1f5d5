//! The console's database: rows, scoped finders, transactions, compare-and-set, outbox. SQLite, MySQL/MariaDB and
//! PostgreSQL.
//!
//! - [`Db`] is the open database. [`Db::reader`] serves queries, [`Db::begin`] a transaction that writes.
//! - What operators see is written through a [`Writer`], so that they are told of it ([`changes`]).
//! - [`entity`] holds the rows.

pub mod changes;
pub mod channel_positions;
mod columns;
mod config;
pub mod consents;
pub mod content_marks;
mod db;
pub mod entity;
mod error;
pub mod idempotency_keys;
pub mod identity_keys;
pub mod instances;
pub mod invitations;
pub mod leases;
pub mod log_chunks;
pub mod metrics;
pub mod nonces;
pub mod outbox;
mod page;
pub mod pairings;
pub mod partners;
pub mod pending_outputs;
pub mod projects;
pub mod reached_limits;
pub mod received_commands;
pub mod resources;
pub mod results;
mod schema;
pub mod sessions;
pub mod settings;
pub mod sign_in_failures;
pub mod stored_files;
pub mod table_profiles;
pub mod tasks;
mod time;
mod tx;
pub mod users;
pub mod warnings;
mod write;

pub use config::{DbConfig, DbUrl, DbUrlError, SqliteSync};
pub use db::{Db, Pool};
pub use error::{Constraint, Contention, DbError, DbResult, retry};
pub use page::{Cursor, Page};
pub use schema::{table_sizes, unfit_tables};
pub use sea_orm::{self, ConnectionTrait, DbBackend, DbErr};
pub use time::{naive, utc};
pub use tx::{Tx, Unit, Writer};
pub use write::{Generation, update_where_generation};
