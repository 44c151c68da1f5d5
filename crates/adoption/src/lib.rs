//! Takes a database of the original console over, in place.
//!
//! The tables of the original are renamed to `original_…` by one statement, the schema of this console is made beside them, and
//! their rows are copied, with what has to change: times to UTC, JSON that cannot be read, sessions, states. Until all of it is
//! done the database counts as unfinished ([`migration::origin`]) and a console refuses it. A copy that was interrupted is made
//! anew from the kept tables, so an adoption can be killed at any moment and started again; the kept tables are never written
//! or dropped.
//!
//! MySQL and MariaDB only: the original knows no other database.

mod choices;
mod fill;
mod findings;
mod json_columns;
mod partners;
mod report;
mod runs;
mod sql;
mod state;
mod survey;
mod task_configs;
mod zone;

use console_db::{Db, DbBackend};
use migration::{ApplyError, Origin};

pub use choices::{Choices, Unsigned};
pub use report::{Finding, Kind, PartnerPlan, ProjectPlan, Report};
pub use zone::{Zone, ZoneError};

/// Why a database was not adopted.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    /// It is none of the original. Nothing was changed.
    #[error("this is not a database of the original efls-console: {0}")]
    NotOriginal(String),
    /// A choice names something that the database does not have. Nothing was changed.
    #[error("{0}")]
    WrongChoice(String),
    /// Another process adopts it now.
    #[error("another process is adopting this database")]
    Busy,
    /// The original, or another program, holds its tables.
    #[error(
        "the tables are in use; stop the original console and everything else that uses this database, and start again"
    )]
    InUse,
    /// The copy has other numbers of rows than expected. The database stays unfinished, the original's rows are kept.
    #[error(
        "{table} has {found} rows after the copy instead of {expected}; nothing was lost, start the adoption again"
    )]
    Counts {
        /// The table.
        table: &'static str,
        /// Rows that should be there.
        expected: u64,
        /// Rows that are there.
        found: u64,
    },
    /// The database refused.
    #[error(transparent)]
    Database(#[from] console_db::DbErr),
    /// The adoption was begun by a newer program, whose schema this one cannot work with.
    #[error(transparent)]
    Schema(ApplyError),
    /// The database cannot be reached.
    #[error(transparent)]
    Unreachable(#[from] console_db::DbError),
}

/// Says what an adoption would do and what needs attention. Reads only.
///
/// # Errors
/// [`AdoptError::NotOriginal`], [`AdoptError::WrongChoice`], errors of the database.
pub async fn examine(db: &Db, choices: &Choices) -> Result<Report, AdoptError> {
    let origin = refuse_others(db).await?;
    let stored = state::stored(db, origin).await?;
    let choices = stored.as_ref().unwrap_or(choices);
    let (report, _) = survey::survey(db.reader(), sql::Tables::of(origin), choices).await?;
    Ok(report)
}

/// Adopts a database, or goes on with an adoption that was interrupted, then with the choices that it was begun with.
///
/// # Errors
/// As [`examine`]; [`AdoptError::Busy`], [`AdoptError::InUse`], [`AdoptError::Counts`].
pub async fn adopt(db: &Db, choices: &Choices) -> Result<Report, AdoptError> {
    let lock = state::lock(db).await?;
    let origin = refuse_others(db).await?;
    if origin == Origin::Original {
        survey::refuse_wrong_choices(db.reader(), sql::Tables::UNTOUCHED, choices).await?;
    }
    let choices = state::begin(db, origin, choices).await?;
    if origin == Origin::Original {
        state::set_aside(db).await?;
    }
    migration::apply_to_any(db.writer())
        .await
        .map_err(|error| match error {
            ApplyError::Database(error) => AdoptError::Database(error),
            error => AdoptError::Schema(error),
        })?;
    let (mut report, unreadable) = survey::survey(db.reader(), sql::Tables::KEPT, &choices).await?;
    fill::fill(db, &choices, &report, unreadable).await?;
    report.finished = true;
    state::finish(db, &choices, &report).await?;
    lock.release().await?;
    Ok(report)
}

async fn refuse_others(db: &Db) -> Result<Origin, AdoptError> {
    let refuse = |why: &str| Err(AdoptError::NotOriginal(why.to_owned()));
    if db.backend() != DbBackend::MySql {
        return refuse("the original runs on MySQL and MariaDB only");
    }
    match migration::origin(db.reader()).await? {
        Origin::Ours => match state::finished_at(db).await? {
            Some(at) => refuse(&format!("it was adopted already, at {at} UTC")),
            None => refuse("its tables are missing, or this console made them"),
        },
        origin => {
            state::refuse_missing_columns(db, origin).await?;
            Ok(origin)
        }
    }
}
