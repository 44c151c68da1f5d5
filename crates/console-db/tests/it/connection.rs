//! Opening, what a session is set to, and what errors mean.

use std::time::{Duration, Instant};

use console_db::sea_orm::{AccessMode, ConnectionTrait, QueryResult, Statement, TransactionTrait};
use console_db::{Constraint, Db, DbBackend, DbConfig, DbError, DbUrl, projects, settings, unfit_tables};
use serde_json::json;

use crate::rows::project;
use crate::support::{Fixture, Kind, run};

on_each!(
    sessions_are_set_up missing_tables_are_told errors_have_a_kind broken_connections_fail_no_transaction
    a_server_that_only_reads_is_unavailable
);

async fn text(db: &impl ConnectionTrait, sql: &str) -> String {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index::<String>(0)
        .or_else(|_| row.try_get_by_index::<i64>(0).map(|number| number.to_string()))
        .or_else(|_| row.try_get_by_index::<i32>(0).map(|number| number.to_string()))
        .unwrap()
}

async fn sessions_are_set_up(t: Fixture) {
    let (reader, writer) = (t.db.reader(), t.db.writer());
    match t.backend() {
        DbBackend::Sqlite => {
            assert_eq!(text(writer, "PRAGMA journal_mode").await, "wal");
            assert_eq!(text(writer, "PRAGMA foreign_keys").await, "1");
            assert_eq!(text(reader, "PRAGMA foreign_keys").await, "1");
            assert_eq!(text(writer, "PRAGMA synchronous").await, "0");
            assert_eq!(text(reader, "PRAGMA busy_timeout").await, "10000");
            let refused = settings::put(reader, "fact", &json!(1)).await;
            assert!(refused.is_err(), "a reader wrote");
            let careful = DbConfig::new(t.config.url.clone());
            let careful = Db::connect(&careful).await.unwrap();
            assert_eq!(text(careful.writer(), "PRAGMA synchronous").await, "2");
        }
        DbBackend::MySql => {
            assert_eq!(text(writer, "SELECT @@session.time_zone").await, "+00:00");
            // MySQL and MariaDB give the variable different names.
            let isolation = "SHOW SESSION VARIABLES WHERE Variable_name IN \
                             ('tx_isolation', 'transaction_isolation')";
            let statement = Statement::from_string(DbBackend::MySql, isolation);
            let row = writer.query_one_raw(statement).await.unwrap().unwrap();
            assert_eq!(row.try_get_by_index::<String>(1).unwrap(), "READ-COMMITTED");
            let mode = text(writer, "SELECT @@session.sql_mode").await;
            assert!(mode.contains("STRICT_TRANS_TABLES"), "{mode}");
            assert_eq!(
                text(writer, "SELECT @@session.character_set_client").await,
                "utf8mb4"
            );
        }
        _ => {
            let isolation = text(writer, "SHOW transaction_isolation").await;
            assert_eq!(isolation, "read committed");
            assert_eq!(text(writer, "SHOW TimeZone").await, "UTC");
            let plain = "SELECT CASE WHEN '\\\\' = E'\\\\\\\\' THEN 'plain' ELSE 'escaped' END";
            assert_eq!(text(writer, plain).await, "plain");
        }
    }
}

#[tokio::test]
async fn a_refused_sign_in_to_a_server_does_not_show_the_password() {
    for kind in [Kind::MySql, Kind::Postgres] {
        let Some(mut server) = kind.server() else { continue };
        server.set_password(Some("dont-show-me")).unwrap();
        let url = DbUrl::parse(server.as_str()).unwrap();
        let error = Db::connect(&DbConfig::new(url)).await.unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(!text.contains("dont-show-me"), "{text}");
        assert!(text.contains(":***@"), "{text}");
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_is_said_plainly() {
    let folder = tempfile::tempdir().unwrap();
    let url = DbUrl::sqlite(&folder.path().join("no folder").join("console.db"));
    let error = Db::connect(&DbConfig::new(url)).await.unwrap_err();
    assert!(error.is_retryable() && !error.is_contention());
    assert!(error.to_string().contains("cannot open sqlite:"), "{error}");

    // Nobody listens where a port was just given back.
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let url = DbUrl::server(DbBackend::Postgres, "127.0.0.1", port, "u", "dont-show-me", "n").unwrap();
    let mut config = DbConfig::new(url);
    config.connect_timeout = Duration::from_secs(2);
    config.acquire_timeout = config.connect_timeout;
    let begun = Instant::now();
    let error = Db::connect(&config).await.unwrap_err();
    assert!(error.is_retryable());
    assert!(!format!("{error} {error:?}").contains("dont-show-me"), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(10));
}

async fn missing_tables_are_told(t: Fixture) {
    assert!(unfit_tables(t.db.reader()).await.unwrap().is_empty());
    t.run("DROP TABLE setting").await;
    t.run("ALTER TABLE nonce RENAME COLUMN expires_at TO other").await;
    assert_eq!(unfit_tables(t.db.reader()).await.unwrap(), ["nonce", "setting"]);
    let error = settings::get(t.db.reader(), "fact").await.unwrap_err();
    assert!(
        matches!(error, DbError::Internal(_)) && !error.is_retryable(),
        "{error:?}"
    );
}

async fn errors_have_a_kind(t: Fixture) {
    projects::insert(&t.db, project("p1", "a", 0)).await.unwrap();
    let mut same = project("p1", "b", 0);
    same.name = None;
    let taken = projects::insert(&t.db, same).await.unwrap_err();
    assert!(
        matches!(taken, DbError::Conflict(Constraint::Other(_))),
        "{taken:?}"
    );
    assert!(!taken.is_retryable());
    let mut long = project("p2", "a", 0);
    long.name = Some(format!("secret{}", "x".repeat(300)));
    if let Err(error) = projects::insert(&t.db, long).await {
        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    }
}

fn number_in(row: &QueryResult) -> i64 {
    row.try_get_by_index::<i64>(0)
        .or_else(|_| row.try_get_by_index::<i32>(0).map(Into::into))
        .unwrap()
}

/// What the clients of a server that is restarted see of it: all their connections break, also those just used.
async fn broken_connections_fail_no_transaction(t: Fixture) {
    const CONNECTIONS: usize = 8;
    let others = match t.backend() {
        DbBackend::Sqlite => return,
        DbBackend::MySql => {
            "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()"
        }
        _ => {
            "SELECT pid AS id FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        }
    };
    let server = t.again().await;
    for round in 0..3 {
        let mut open = Vec::new();
        for _ in 0..CONNECTIONS {
            open.push(t.db.begin().await.unwrap());
        }
        let killer = server.begin().await.unwrap();
        let found = Statement::from_string(t.backend(), others);
        let found = killer.query_all_raw(found).await.unwrap();
        for tx in open {
            tx.commit().await.unwrap();
        }
        let found: Vec<_> = found.iter().map(|row| number_in(row).to_string()).collect();
        assert!(found.len() >= CONNECTIONS, "{}", found.len());
        for id in &found {
            let kill = match t.backend() {
                DbBackend::MySql => format!("KILL {id}"),
                _ => format!("SELECT pg_terminate_backend({id})"),
            };
            killer.execute_unprepared(&kill).await.unwrap();
        }
        drop(killer);
        // A server ends them in its own time; one that is about to end is not one that broke while nobody used it.
        let left = format!(
            "SELECT id FROM ({others}) AS other WHERE id IN ({})",
            found.join(", ")
        );
        loop {
            let look = server.begin().await.unwrap();
            let left = Statement::from_string(t.backend(), left.as_str());
            if look.query_all_raw(left).await.unwrap().is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let tx = t.db.begin().await.unwrap();
        let number = json!(round);
        settings::put(&tx, "round", &number).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            settings::get(server.reader(), "round").await.unwrap(),
            Some(number)
        );
    }
}

/// As a replica does after a failover.
async fn a_server_that_only_reads_is_unavailable(t: Fixture) {
    if t.backend() == DbBackend::Sqlite {
        return;
    }
    let begun = t.db.writer().begin_with_config(None, Some(AccessMode::ReadOnly));
    let tx = begun.await.unwrap();
    let refused = tx.execute_unprepared("DELETE FROM setting").await.unwrap_err();
    let error = DbError::from(refused);
    assert!(error.is_retryable() && !error.is_contention(), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_for_a_connection_has_an_end() {
    run(Kind::Sqlite, async |t: Fixture| {
        let mut config = t.config.clone();
        config.acquire_timeout = Duration::from_millis(20);
        let db = Db::connect(&config).await.unwrap();
        let _tx = db.begin().await.unwrap();
        let error = db.begin().await.unwrap_err();
        assert!(error.is_retryable() && !error.is_contention(), "{error:?}");
    })
    .await;
}
