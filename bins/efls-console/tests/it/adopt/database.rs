//! A database of the original, for one test.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Once;

use console_db::sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection};

use super::statement;

const SCHEMA: &str = include_str!("../../../../../crates/console-db/tests/it/original-schema.sql");
const ROWS: &str = include_str!("original-rows.sql");

/// A database of the original.
pub(super) struct Original {
    server: String,
    name: String,
    db: DatabaseConnection,
}

/// A fresh database of the original with rows of every kind; none where there is no server, and the test is left out.
pub(super) async fn original() -> Option<Original> {
    static TOLD: Once = Once::new();
    let variable = "EFLS_TEST_MYSQL_URL";
    let Some(server) = std::env::var(variable).ok().filter(|text| !text.is_empty()) else {
        assert_ne!(
            std::env::var("EFLS_TEST_REQUIRE_ALL").as_deref(),
            Ok("1"),
            "{variable} is not set, and nothing may be left out"
        );
        TOLD.call_once(|| {
            let line = format!("left out: adoption, since {variable} is not set\n");
            std::io::stderr().write_all(line.as_bytes()).unwrap();
        });
        return None;
    };
    let name = format!("efls_{}", console_model::MessageId::generate());
    let admin = Database::connect(&server).await.unwrap();
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name} CHARACTER SET utf8mb4"))
        .await
        .unwrap();
    admin.close().await.unwrap();
    let mut url = url::Url::parse(&server).unwrap();
    url.set_path(&name);
    // One connection, in the mode in which the rows are written; the server's own may be another one.
    let mut options = ConnectOptions::new(url.as_str());
    options.max_connections(1);
    let db = Database::connect(options).await.unwrap();
    db.execute_unprepared("SET SESSION sql_mode = ''").await.unwrap();
    let original = Original { server, name, db };
    for statement in SCHEMA.split(";\n").chain(ROWS.split(";\n")) {
        if !statement.trim().is_empty() {
            original.run(statement).await;
        }
    }
    Some(original)
}

impl Original {
    /// Its address, with the password.
    pub(super) fn url(&self) -> String {
        let mut url = url::Url::parse(&self.server).unwrap();
        url.set_path(&self.name);
        url.into()
    }

    pub(super) async fn run(&self, sql: &str) {
        if let Err(error) = self.db.execute_unprepared(sql).await {
            panic!("{error}: {sql}");
        }
    }

    /// The text that a query gives.
    pub(super) async fn text(&self, sql: &str) -> Option<String> {
        let row = self.db.query_one_raw(statement(sql)).await.unwrap();
        row.unwrap_or_else(|| panic!("no row: {sql}"))
            .try_get_by_index(0)
            .unwrap()
    }

    /// The number that a query gives.
    pub(super) async fn number(&self, sql: &str) -> i64 {
        let sql = format!("SELECT CAST(({sql}) AS SIGNED)");
        let row = self.db.query_one_raw(statement(&sql)).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }

    /// A checksum of every table.
    pub(super) async fn contents(&self) -> BTreeMap<String, i64> {
        let tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()";
        let mut contents = BTreeMap::new();
        for row in self.db.query_all_raw(statement(tables)).await.unwrap() {
            let table: String = row.try_get_by_index(0).unwrap();
            let sum = self
                .db
                .query_one_raw(statement(&format!("CHECKSUM TABLE `{table}`")))
                .await
                .unwrap();
            contents.insert(table, sum.unwrap().try_get_by_index(1).unwrap());
        }
        contents
    }

    pub(super) async fn drop(self) {
        self.db.close().await.unwrap();
        let admin = Database::connect(&self.server).await.unwrap();
        admin
            .execute_unprepared(&format!("DROP DATABASE {}", self.name))
            .await
            .unwrap();
        admin.close().await.unwrap();
    }
}
