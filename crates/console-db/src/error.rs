use std::sync::Arc;
use std::time::Duration;

use sea_orm::{DbBackend, DbErr, RuntimeErr, SqlxError, SqlxMySqlError, SqlxPostgresError, SqlxSqliteError};

use crate::config::DbUrl;

/// The result of everything in this crate.
pub type DbResult<T> = Result<T, DbError>;

/// What can go wrong with the database.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DbError {
    /// The row that was named is not there, or not the asker's.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// A unique key is taken.
    #[error("conflict with another row: {0:?}")]
    Conflict(Constraint),
    /// The row changed since it was read: a lost race on its generation or lease.
    #[error("the row changed since it was read")]
    Stale,
    /// A value does not fit its column, or holds what the database cannot store.
    #[error("a value cannot be stored: {0}")]
    Invalid(String),
    /// The database cannot do it now. The same may succeed later.
    #[error("the database cannot do it now: {reason}")]
    Unavailable {
        /// Whether it was in competition with another transaction, so that repeating at once is right.
        contention: bool,
        /// What the driver said.
        reason: String,
    },
    /// A bug here, or a database in a state that should not be.
    #[error("database error")]
    Internal(#[source] Arc<dyn std::error::Error + Send + Sync>),
}

/// Which unique key is taken, as far as the databases tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constraint {
    /// `project.name` or `user.name`; an adopted database gives both keys one name.
    Name,
    /// `project (partner_id, peer_id)`.
    ProjectPeer,
    /// `task_intra (project_id, name, version)`.
    TaskVersion,
    /// `task_inter.task_intra_id`.
    PairingTask,
    /// `task_inter.task_peer_id`.
    PairingPeer,
    /// `task_instance (partner_id, instance_peer_id)`.
    InstancePeer,
    /// `partner.fingerprint`.
    PartnerFingerprint,
    /// `outbox_message.id`.
    MessageId,
    /// A primary key, or another unique key.
    Other(String),
}

impl Constraint {
    /// From the name of the key (MySQL, PostgreSQL) or the list of its columns (SQLite).
    fn from_name(name: &str) -> Self {
        // MySQL 8 puts the table before the key's name.
        match name.rsplit_once('.').map_or(name, |(_, key)| key) {
            "ix_project_name" | "ix_user_name" | "uk_name" => return Self::Name,
            "uk_project_partner_peer" => return Self::ProjectPeer,
            "uk_project_id_name_version" => return Self::TaskVersion,
            "ix_task_inter_task_intra_id" | "uk_task_intra_id" => return Self::PairingTask,
            "ix_task_inter_task_peer_id" => return Self::PairingPeer,
            "uk_task_instance_partner_peer" => return Self::InstancePeer,
            "uk_partner_fingerprint" => return Self::PartnerFingerprint,
            "uk_outbox_message_id" => return Self::MessageId,
            _ => {}
        }
        match name {
            "project.name" | "user.name" => Self::Name,
            "project.partner_id, project.peer_id" => Self::ProjectPeer,
            "task_intra.project_id, task_intra.name, task_intra.version" => Self::TaskVersion,
            "task_inter.task_intra_id" => Self::PairingTask,
            "task_inter.task_peer_id" => Self::PairingPeer,
            "task_instance.partner_id, task_instance.instance_peer_id" => Self::InstancePeer,
            "partner.fingerprint" => Self::PartnerFingerprint,
            "outbox_message.id" => Self::MessageId,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl DbError {
    /// Whether the same may succeed later without anybody changing anything.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }

    /// Whether it lost against another transaction (deadlock, busy, serialization), so that the whole transaction
    /// should be repeated at once.
    #[must_use]
    pub const fn is_contention(&self) -> bool {
        matches!(self, Self::Unavailable { contention: true, .. })
    }

    /// Wraps what is nobody's fault but ours.
    pub fn internal(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Internal(Arc::new(error))
    }

    pub(crate) fn connecting(url: &DbUrl, error: &DbErr) -> Self {
        let text = url.scrub(&error.to_string());
        Self::Unavailable {
            contention: false,
            reason: match url.backend() {
                DbBackend::Sqlite => format!("cannot open {url}: {text}"),
                _ => format!("cannot connect to {url}: {text}"),
            },
        }
    }

    fn unavailable(contention: bool, error: &dyn std::fmt::Display) -> Self {
        Self::Unavailable {
            contention,
            reason: error.to_string(),
        }
    }
}

impl From<DbErr> for DbError {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::ConnectionAcquire(_) => Self::unavailable(false, &error),
            DbErr::Conn(RuntimeErr::SqlxError(cause))
            | DbErr::Exec(RuntimeErr::SqlxError(cause))
            | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
                classify(cause).unwrap_or_else(|| Self::internal(error.clone()))
            }
            _ => Self::internal(error),
        }
    }
}

/// What a driver's error means, on all three databases; `None` when it is our bug.
fn classify(error: &SqlxError) -> Option<DbError> {
    match error {
        SqlxError::PoolTimedOut | SqlxError::PoolClosed | SqlxError::Io(_) | SqlxError::WorkerCrashed => {
            Some(DbError::unavailable(false, error))
        }
        SqlxError::Database(cause) => {
            let message = cause.message();
            if let Some(sqlite) = cause.try_downcast_ref::<SqlxSqliteError>() {
                sqlite_error(sqlx_code(sqlite), message)
            } else if let Some(mysql) = cause.try_downcast_ref::<SqlxMySqlError>() {
                mysql_error(mysql.number(), message)
            } else {
                let postgres = cause.try_downcast_ref::<SqlxPostgresError>()?;
                postgres_error(postgres.code(), postgres.constraint(), message)
            }
        }
        _ => None,
    }
}

fn sqlx_code(error: &SqlxSqliteError) -> u32 {
    use sea_orm::sqlx::error::DatabaseError as _;
    error.code().and_then(|code| code.parse().ok()).unwrap_or(0)
}

/// Extended result codes: <https://www.sqlite.org/rescode.html>; the low byte is the primary code.
fn sqlite_error(code: u32, message: &str) -> Option<DbError> {
    const UNIQUE: u32 = 2067;
    const PRIMARY_KEY: u32 = 1555;
    match code {
        UNIQUE | PRIMARY_KEY => {
            let columns = message
                .rsplit_once("failed: ")
                .map_or(message, |(_, columns)| columns);
            Some(DbError::Conflict(Constraint::from_name(columns)))
        }
        _ => match code & 0xff {
            // BUSY, LOCKED
            5 | 6 => Some(DbError::unavailable(true, &message)),
            // IOERR, FULL, CANTOPEN
            10 | 13 | 14 => Some(DbError::unavailable(false, &message)),
            // TOOBIG
            18 => Some(DbError::Invalid(message.to_owned())),
            _ => None,
        },
    }
}

/// Numbers: <https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html>.
fn mysql_error(number: u16, message: &str) -> Option<DbError> {
    match number {
        // The message names the value before the key: "Duplicate entry 'x' for key 'ix_project_name'".
        1062 | 1586 => {
            let key = message.rsplit_once("for key '").map_or("", |(_, key)| key);
            Some(DbError::Conflict(Constraint::from_name(
                key.trim_end_matches('\''),
            )))
        }
        // Lock wait time-out, deadlock (of a distributed transaction too), a lock not waited for, and MariaDB's "record has
        // changed since last read".
        1205 | 1213 | 1614 | 3572 | 1020 => Some(DbError::unavailable(true, &message)),
        // Too many connections, shutdown, killed, disk full, read-only (as a replica is after a failover), time limits, and
        // packets that did not get through.
        1021
        | 1040
        | 1053
        | 1114
        | 1129
        | 1158..=1161
        | 1203
        | 1226
        | 1290
        | 1317
        | 1792
        | 1836
        | 1927
        | 1969
        | 3024
        | 4031 => Some(DbError::unavailable(false, &message)),
        // Out of range, too long, wrong characters, invalid JSON.
        1264 | 1366 | 1406 | 3140 | 4025 => Some(DbError::Invalid(without_value(message))),
        _ => None,
    }
}

/// Codes: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn postgres_error(code: &str, constraint: Option<&str>, message: &str) -> Option<DbError> {
    match code {
        "23505" => Some(DbError::Conflict(Constraint::from_name(constraint.unwrap_or("")))),
        "40001" | "40P01" | "55P03" => Some(DbError::unavailable(true, &message)),
        // Read-only (as a standby is after a failover), and a transaction that idled for too long.
        "25006" | "25P03" => Some(DbError::unavailable(false, &message)),
        // Too long, out of range, NUL in text.
        "22001" | "22003" | "22021" | "22P05" => Some(DbError::Invalid(without_value(message))),
        // Connection, resources, operator intervention, system.
        _ if ["08", "53", "57", "58"]
            .iter()
            .any(|class| code.starts_with(class)) =>
        {
            Some(DbError::unavailable(false, &message))
        }
        _ => None,
    }
}

/// A server's message quotes the value at fault, which may be private.
fn without_value(message: &str) -> String {
    message
        .split('\'')
        .enumerate()
        .filter_map(|(i, part)| (i % 2 == 0).then_some(part))
        .collect::<Vec<_>>()
        .join("…")
}

/// Something that [`retry`] can tell apart from a final failure.
pub trait Contention {
    /// Whether repeating the whole transaction at once is right.
    fn is_contention(&self) -> bool;
}

impl Contention for DbError {
    fn is_contention(&self) -> bool {
        Self::is_contention(self)
    }
}

/// Runs a whole transaction, again when it lost against another one: up to five times, with a short growing pause.
///
/// `work` must begin, do and commit its transaction, and have no other effect.
///
/// # Errors
/// What `work` answered the last time.
pub async fn retry<T, E, F, Fut>(mut work: F) -> Result<T, E>
where
    E: Contention,
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    const PAUSES_MS: [u64; 4] = [5, 20, 80, 250];
    for pause in PAUSES_MS {
        match work().await {
            Err(error) if error.is_contention() => tokio::time::sleep(Duration::from_millis(pause)).await,
            done => return done,
        }
    }
    work().await
}
