//! The schema of the console's database, as migrations that only ever expand it.
//!
//! The base migration creates the tables of the original console and tolerates those that exist, so that a database of
//! it is adopted in place. Every later migration adds nullable columns, columns with a default, tables and indexes.
//! Each step looks whether it is done already: MySQL commits every change of the schema by itself, so a killed
//! migration is simply run again.
//!
//! A program may meet a schema that is newer than itself ([`standing`]). Whatever a program of the minor release before cannot overlook
//! is therefore no addition: a column that it must fill, a column that goes, a new meaning or a new value of a column that
//! it reads. Such a migration comes a release after the program learned to do without, and says so in [`REQUIREMENT_TABLE`].
//!
//! No foreign keys are declared: the original has none, and its databases hold rows that point to deleted ones.
//!
//! An adoption of a database of the original (crate `adoption`) runs all migrations on empty tables and copies the rows afterwards: what
//! a migration computes for rows that exist, the adoption has to compute as well.
//!
//! Migrations name tables and columns as text and never import entities, which change after the migration is written.

mod m20260101_000001_base;
mod m20260101_000002_console;
mod m20260101_000003_partner_ends;
mod m20260102_000003_changes;
mod m20260102_000004_log_retention;
mod m20260102_000005_both_sides;
mod m20260102_000006_list_columns;
mod m20261126_000101_outputs;
mod m20261126_000102_warnings;
mod m20261126_000301_consent;
mod m20261126_000401_engine_claims;
mod m20261126_000601_due;
mod m20261126_000801_stored_files;
mod m20261126_000802_archived_tasks;
mod m20261126_001201_shared_settings;
mod m20261126_001202_numbers;
mod m20261126_001203_partner_stop;
mod m20261126_001204_reason_codes;
mod m20261127_000101_failures;
mod m20261127_000201_reached_limits;
mod m20261127_000202_announced_address;
mod m20261127_000203_file_owners;
mod m20261127_000501_schema_requirement;
mod m20261127_000601_message_error_codes;
mod m20261127_000701_partner_runs_index;
mod m20261127_000801_partner_error_code;
mod m20261127_000901_table_profiles;
mod original;
mod schema;
mod standing;

pub use original::{ADOPTION_TABLE, KEPT_PREFIX, Origin, is_original, origin};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{
    DatabaseConnection, DbBackend, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
pub use standing::{REQUIREMENT_TABLE, Standing, standing};

/// All migrations, oldest first.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20260101_000001_base::Migration),
            Box::new(m20260101_000002_console::Migration),
            Box::new(m20260101_000003_partner_ends::Migration),
            Box::new(m20260102_000003_changes::Migration),
            Box::new(m20260102_000004_log_retention::Migration),
            Box::new(m20260102_000005_both_sides::Migration),
            Box::new(m20260102_000006_list_columns::Migration),
            Box::new(m20261126_000301_consent::Migration),
            Box::new(m20261126_000101_outputs::Migration),
            Box::new(m20261126_000401_engine_claims::Migration),
            Box::new(m20261126_000801_stored_files::Migration),
            Box::new(m20261126_000802_archived_tasks::Migration),
            Box::new(m20261126_000102_warnings::Migration),
            Box::new(m20261126_000601_due::Migration),
            Box::new(m20261126_001201_shared_settings::Migration),
            Box::new(m20261126_001202_numbers::Migration),
            Box::new(m20261126_001203_partner_stop::Migration),
            Box::new(m20261126_001204_reason_codes::Migration),
            Box::new(m20261127_000101_failures::Migration),
            Box::new(m20261127_000201_reached_limits::Migration),
            Box::new(m20261127_000202_announced_address::Migration),
            Box::new(m20261127_000203_file_owners::Migration),
            Box::new(m20261127_000501_schema_requirement::Migration),
            Box::new(m20261127_000601_message_error_codes::Migration),
            Box::new(m20261127_000701_partner_runs_index::Migration),
            Box::new(m20261127_000801_partner_error_code::Migration),
            Box::new(m20261127_000901_table_profiles::Migration),
        ]
    }
}

/// The name of the lock that keeps two consoles from migrating one database at the same time, and its number on
/// PostgreSQL, whose advisory locks have no names.
const LOCK_NAME: &str = "efls_console_migration";
const LOCK_NUMBER: i64 = 0x6566_6c73;

/// Why the schema was not brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The database is one of the original console, which was not taken over. Nothing was changed.
    #[error("this is a database of the original efls-console, which this program has not taken over")]
    Original,
    /// The adoption of a database of the original console was begun and is not complete. Nothing was changed.
    #[error("the adoption of this database was begun and is not complete")]
    Unfinished,
    /// The schema was changed so that this program cannot work with it any more. Holds the least version that can. Nothing was
    /// changed.
    #[error("its schema needs version {0} or a newer one; this is {this}", this = env!("CARGO_PKG_VERSION"))]
    TooNew(String),
    /// The schema lacks migrations that this program has, and has some that it does not know, so neither is an earlier
    /// release of the other. Nothing was changed.
    #[error(
        "its schema is of another program: it lacks {missing} and has {unknown}, which is not known here"
    )]
    Foreign {
        /// A migration that is missing.
        missing: String,
        /// A migration that is not known.
        unknown: String,
    },
    /// The database refused, or another process held the lock for more than a minute.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Applies what is missing, one process at a time. Everything or nothing on SQLite and PostgreSQL; on MySQL an
/// interrupted run is continued by the next. Tells how schema and program stood to each other before.
///
/// `db` must accept writes, and on MySQL be a pool of at least two connections.
///
/// # Errors
/// [`ApplyError::Original`] and [`ApplyError::Unfinished`] for a database of the original console; those of [`standing`]; any
/// error of the database.
pub async fn apply(db: &DatabaseConnection) -> Result<Standing, ApplyError> {
    match origin(db).await? {
        Origin::Ours => apply_to_any(db).await,
        Origin::Original => Err(ApplyError::Original),
        Origin::Unfinished => Err(ApplyError::Unfinished),
    }
}

/// As [`apply`], and takes a database of the original console over in place. For adoption alone: a console that runs on
/// such a database afterwards looks after its running jobs.
///
/// # Errors
/// Those of [`standing`]; any error of the database; another process that holds the lock for more than a minute.
pub async fn apply_to_any(db: &DatabaseConnection) -> Result<Standing, ApplyError> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    let lock = db.begin_with_options(options).await?;
    let before = match lock.get_database_backend() {
        DbBackend::MySql => {
            let sql = format!("SELECT GET_LOCK('{LOCK_NAME}', 60) AS got");
            let row = lock.query_one_raw(statement(DbBackend::MySql, sql)).await?;
            let got: Option<i64> = row.map(|row| row.try_get("", "got")).transpose()?.flatten();
            if got != Some(1) {
                return Err(DbErr::Migration("another process is migrating".to_owned()).into());
            }
            let outcome = up(db).await;
            let sql = format!("DO RELEASE_LOCK('{LOCK_NAME}')");
            lock.execute_raw(statement(DbBackend::MySql, sql)).await?;
            outcome?
        }
        backend => {
            if backend == DbBackend::Postgres {
                let sql = format!("SELECT pg_advisory_xact_lock({LOCK_NUMBER})");
                lock.execute_raw(statement(backend, sql)).await?;
            }
            up(&lock).await?
        }
    };
    lock.commit().await?;
    Ok(before)
}

/// Applies what is missing. A schema that has all of it is left alone: the migrator takes what it does not know for a fault.
async fn up<'c>(db: impl IntoSchemaManagerConnection<'c> + Copy) -> Result<Standing, ApplyError> {
    let before = standing(db).await?;
    if !before.pending.is_empty() {
        Migrator::up(db, None).await?;
    }
    Ok(before)
}

/// The names of migrations that are not applied yet. Changes nothing.
///
/// # Errors
/// Those of [`standing`].
pub async fn pending(db: &DatabaseConnection) -> Result<Vec<String>, ApplyError> {
    Ok(standing(db).await?.pending)
}

fn statement(backend: DbBackend, sql: String) -> sea_orm_migration::sea_orm::Statement {
    sea_orm_migration::sea_orm::Statement::from_string(backend, sql)
}
