//! A fresh database for each test, on each of the three.

use std::io::Write as _;
use std::sync::Once;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use console_db::sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, DbBackend, Statement};
use console_db::{Db, DbConfig, DbUrl, SqliteSync};
use url::Url;

/// Runs async functions that take a [`Fixture`] as one test for each database.
macro_rules! on_each {
    ($($name:ident)+) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn sqlite() {
                $crate::support::run($crate::support::Kind::Sqlite, super::$name).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn mysql() {
                $crate::support::run($crate::support::Kind::MySql, super::$name).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn postgres() {
                $crate::support::run($crate::support::Kind::Postgres, super::$name).await;
            }
        }
    )+};
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    MySql,
    Postgres,
}

impl Kind {
    /// The address of the server; `None` leaves the test out.
    pub(crate) fn server(self) -> Option<Url> {
        static MYSQL: Once = Once::new();
        static POSTGRES: Once = Once::new();
        let (variable, told) = match self {
            Self::Sqlite => return None,
            Self::MySql => ("EFLS_TEST_MYSQL_URL", &MYSQL),
            Self::Postgres => ("EFLS_TEST_POSTGRES_URL", &POSTGRES),
        };
        if let Some(text) = std::env::var(variable).ok().filter(|text| !text.is_empty()) {
            return Some(Url::parse(&text).unwrap());
        }
        assert_ne!(
            std::env::var("EFLS_TEST_REQUIRE_ALL").as_deref(),
            Ok("1"),
            "{variable} is not set, and nothing may be left out"
        );
        told.call_once(|| {
            // Past the test runner, which keeps what a good test prints.
            let line = format!("left out: {self:?}, since {variable} is not set\n");
            std::io::stderr().write_all(line.as_bytes()).unwrap();
        });
        None
    }
}

/// An open, empty database.
#[derive(Debug, Clone)]
pub(crate) struct Fixture {
    pub(crate) db: Db,
    pub(crate) config: DbConfig,
}

impl Fixture {
    /// The same database, opened as another process would.
    pub(crate) async fn again(&self) -> Db {
        Db::connect(&self.config).await.unwrap()
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.db.backend()
    }

    /// Runs one statement as it stands.
    pub(crate) async fn run(&self, sql: &str) {
        let statement = Statement::from_string(self.backend(), sql);
        if let Err(error) = self.db.writer().execute_raw(statement).await {
            panic!("{error}: {sql}");
        }
    }

    /// The whole number that a query gives.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let statement = Statement::from_string(self.backend(), sql);
        let row = self.db.reader().query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }
}

/// Runs a test on a database with the schema.
pub(crate) async fn run<F>(kind: Kind, test: impl FnOnce(Fixture) -> F + Send + 'static)
where
    F: Future<Output = ()> + Send,
{
    run_empty(kind, async move |fixture: Fixture| {
        migration::apply(fixture.db.writer()).await.unwrap();
        test(fixture).await;
    })
    .await;
}

/// Runs a test on an empty database, which is dropped afterwards.
pub(crate) async fn run_empty<F>(kind: Kind, test: impl FnOnce(Fixture) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let folder = tempfile::tempdir().unwrap();
    let name = format!("efls_{}", console_model::MessageId::generate());
    let server = kind.server();
    let url = match (kind, &server) {
        (Kind::Sqlite, _) => DbUrl::sqlite(&folder.path().join("console.db")),
        (_, None) => return,
        (_, Some(server)) => {
            let admin = admin(server).await;
            admin
                .execute_unprepared(&format!("CREATE DATABASE {name}"))
                .await
                .unwrap();
            admin.close().await.unwrap();
            let mut url = server.clone();
            url.set_path(&name);
            DbUrl::parse(url.as_str()).unwrap()
        }
    };
    let mut config = DbConfig::new(url);
    config.sqlite_sync = SqliteSync::Off;
    let db = Db::connect(&config).await.unwrap();
    let fixture = Fixture {
        db: db.clone(),
        config,
    };
    // As a task, so that a failure does not keep the database from being dropped.
    let outcome = tokio::spawn(test(fixture)).await;
    db.close().await.unwrap();
    if let Some(server) = server {
        let force = if kind == Kind::Postgres {
            " WITH (FORCE)"
        } else {
            ""
        };
        let admin = admin(&server).await;
        admin
            .execute_unprepared(&format!("DROP DATABASE {name}{force}"))
            .await
            .unwrap();
        admin.close().await.unwrap();
    }
    if let Err(error) = outcome {
        std::panic::resume_unwind(error.into_panic());
    }
}

async fn admin(server: &Url) -> DatabaseConnection {
    Database::connect(server.as_str()).await.unwrap()
}

/// A moment in a fixed hour, so many seconds in, with microseconds that must survive.
pub(crate) fn moment(seconds: i64) -> DateTime<Utc> {
    let base = DateTime::from_timestamp_micros(1_767_225_600_123_456).unwrap();
    base + TimeDelta::seconds(seconds)
}

pub(crate) const MINUTE: Duration = Duration::from_secs(60);
