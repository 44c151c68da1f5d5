use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{self, Executor as _};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use tokio::sync::Notify;

use crate::config::{DbConfig, SqliteSync};
use crate::error::{DbError, DbResult};
use crate::tx::Tx;

/// An open database.
///
/// On SQLite there are one connection that writes and several that can only read; on a server both are one pool.
/// Never wait for [`Db::begin`] or write through [`Db::writer`] while a transaction of the same task is open: on SQLite
/// the transaction holds the only connection that writes.
#[derive(Debug, Clone)]
pub struct Db {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    backend: DbBackend,
    /// How many connections can be broken at a time.
    most_broken: u32,
    changed: Arc<Notify>,
}

impl Db {
    /// Opens the database; a file of SQLite is made when it is missing. The schema is not touched.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Internal`], whose text never holds the password.
    pub async fn connect(config: &DbConfig) -> DbResult<Self> {
        let backend = config.url.backend();
        let connect = async |options| {
            Database::connect(options)
                .await
                .map_err(|error| DbError::connecting(&config.url, &error))
        };
        if let Some(path) = config.url.sqlite_path() {
            make_private(path);
        }
        let writer = connect(match backend {
            DbBackend::Sqlite => sqlite_writer(config),
            DbBackend::MySql => mysql(config),
            _ => postgres(config),
        })
        .await?;
        let reader = match backend {
            DbBackend::Sqlite => connect(sqlite_reader(config)).await?,
            _ => writer.clone(),
        };
        Ok(Self {
            writer,
            reader,
            backend,
            most_broken: pool_size(config),
            changed: Arc::default(),
        })
    }

    /// For queries that change nothing. On SQLite a change through it fails.
    #[must_use]
    pub const fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// For single statements that change what no operator looks at, each committed by itself, and for migrations.
    #[must_use]
    pub const fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Begins a transaction that may write. It is rolled back when it is dropped without a commit.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when no connection gets free in time.
    pub async fn begin(&self) -> DbResult<Tx> {
        let options = TransactionOptions {
            // Taking the write lock at the start, so that another process can only delay it, not break it.
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let mut begun = self.writer.begin_with_options(options).await;
        // Connections that broke while nobody used them. Nothing was done yet, so another one will do; a server that was
        // restarted has broken them all, and a broken one is not given out twice.
        for _ in 0..self.most_broken {
            match begun {
                Err(error) if self.is_broken(&error) => {
                    begun = self.writer.begin_with_options(options).await;
                }
                _ => break,
            }
        }
        Ok(Tx::new(begun?, Arc::clone(&self.changed)))
    }

    /// Whether a connection was there and did not work.
    fn is_broken(&self, error: &DbErr) -> bool {
        let had_one = self.backend != DbBackend::Sqlite && !matches!(error, DbErr::ConnectionAcquire(_));
        had_one && DbError::from(error.clone()).is_retryable()
    }

    /// Notified when this process has committed something that operators see. Wakes one.
    #[must_use]
    pub fn changed(&self) -> &Notify {
        &self.changed
    }

    /// Which of the three databases it is.
    #[must_use]
    pub const fn backend(&self) -> DbBackend {
        self.backend
    }

    /// Whether it answers.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when it does not.
    pub async fn ping(&self) -> DbResult<()> {
        self.reader.execute_unprepared("SELECT 1").await?;
        Ok(())
    }

    /// The connections of this process, now.
    #[must_use]
    pub fn pools(&self) -> Vec<Pool> {
        match self.backend {
            DbBackend::Sqlite => vec![
                Pool::of("writer", self.writer.get_sqlite_connection_pool()),
                Pool::of("reader", self.reader.get_sqlite_connection_pool()),
            ],
            DbBackend::MySql => vec![Pool::of("all", self.writer.get_mysql_connection_pool())],
            _ => vec![Pool::of("all", self.writer.get_postgres_connection_pool())],
        }
    }

    /// Closes every connection; waits for those in use.
    ///
    /// # Errors
    /// Any error of the driver.
    pub async fn close(self) -> DbResult<()> {
        self.reader.close().await?;
        // On a server both are one pool, and closing it twice does nothing.
        self.writer.close().await?;
        Ok(())
    }
}

/// Some connections of this process to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// `writer` and `reader` on SQLite, `all` on a server.
    pub name: &'static str,
    /// Those that are open.
    pub open: u32,
    /// Those of them that nobody uses.
    pub idle: u32,
    /// The most that are opened.
    pub most: u32,
}

impl Pool {
    fn of<D: sqlx::Database>(name: &'static str, pool: &sqlx::Pool<D>) -> Self {
        Self {
            name,
            open: pool.size(),
            idle: u32::try_from(pool.num_idle()).unwrap_or(u32::MAX),
            most: pool.options().get_max_connections(),
        }
    }
}

/// Makes a missing file of SQLite readable for its owner only, since it holds password hashes and the console's key;
/// SQLite gives its side files the same permissions. What cannot be made is reported when it is opened.
fn make_private(path: &std::path::Path) {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let _ = options.open(path);
}

/// A connection that nobody used for so long is tested before it is used again: a server that was restarted in between must
/// not make a request fail. Under load no connection is idle for so long, so the test costs nothing then.
const TESTED_AFTER: Duration = Duration::from_millis(100);

/// What is demanded of MySQL and MariaDB, whatever mode the server is in: what does not fit is an error, not cut off, and `||`
/// joins texts as on the other databases.
const MODE: &str = "SET SESSION sql_mode = \
    'PIPES_AS_CONCAT,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'";

/// What is demanded of PostgreSQL, whatever the server's defaults are: the isolation that the console is written for, and
/// texts in which a backslash means itself.
const DEFAULTS: &str = "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED; \
    SET standard_conforming_strings = on";

/// Two at least: a migration on MySQL holds its lock on one of them.
fn pool_size(config: &DbConfig) -> u32 {
    config.max_connections.max(2)
}

fn pooled(config: &DbConfig) -> ConnectOptions {
    let mut options = ConnectOptions::new(config.url.expose());
    options
        .max_connections(pool_size(config))
        .min_connections(config.min_connections)
        .connect_timeout(config.connect_timeout)
        .acquire_timeout(config.acquire_timeout)
        .idle_timeout(config.idle_timeout)
        .test_before_acquire_if_idle_for(TESTED_AFTER)
        // Statements carry password hashes, tokens and configs.
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    options
}

fn mysql(config: &DbConfig) -> ConnectOptions {
    let mut options = pooled(config);
    options
        .map_sqlx_mysql_opts(|options| options.charset("utf8mb4").timezone(Some("+00:00".to_owned())))
        .map_sqlx_mysql_pool_opts(|pool| {
            pool.after_connect(|connection, _| {
                Box::pin(async move {
                    connection
                        .execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
                        .await?;
                    connection.execute(MODE).await?;
                    Ok(())
                })
            })
        });
    options
}

fn postgres(config: &DbConfig) -> ConnectOptions {
    let mut options = pooled(config);
    options.map_sqlx_postgres_pool_opts(|pool| {
        pool.after_connect(|connection, _| {
            Box::pin(async move {
                connection.execute(DEFAULTS).await?;
                Ok(())
            })
        })
    });
    options
}

fn sqlite(config: &DbConfig) -> ConnectOptions {
    let mut options = ConnectOptions::new("sqlite:file".to_owned());
    options
        .acquire_timeout(config.acquire_timeout)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    options
}

fn sqlite_file(
    config: &DbConfig,
) -> impl Fn(sqlx::sqlite::SqliteConnectOptions) -> sqlx::sqlite::SqliteConnectOptions + Send + Sync + 'static
{
    let path = config
        .url
        .sqlite_path()
        .unwrap_or(std::path::Path::new(""))
        .to_owned();
    let busy_timeout = config.busy_timeout;
    move |options| {
        options
            .filename(&path)
            .foreign_keys(true)
            .busy_timeout(busy_timeout)
            .statement_cache_capacity(64)
    }
}

fn sqlite_writer(config: &DbConfig) -> ConnectOptions {
    let file = sqlite_file(config);
    let synchronous = match config.sqlite_sync {
        SqliteSync::Full => SqliteSynchronous::Full,
        SqliteSync::Normal => SqliteSynchronous::Normal,
        SqliteSync::Off => SqliteSynchronous::Off,
    };
    let mut options = sqlite(config);
    options
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .map_sqlx_sqlite_opts(move |options| {
            file(options)
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(synchronous)
        });
    options
}

fn sqlite_reader(config: &DbConfig) -> ConnectOptions {
    let file = sqlite_file(config);
    let mut options = sqlite(config);
    options
        .max_connections(config.max_connections.max(1))
        .min_connections(config.min_connections.min(config.max_connections))
        .idle_timeout(config.idle_timeout)
        .map_sqlx_sqlite_opts(move |options| file(options).read_only(true));
    options
}
