//! Databases for tests that need more than one process on one: SQLite always, the servers when their addresses are given
//! (`tools/with-databases.sh` starts throw-away ones).

use console_db::DbUrl;
use console_db::sea_orm::{ConnectionTrait as _, Database};
use console_model::MessageId;
use url::Url;

/// Runs a test on a fresh database of each kind.
pub(crate) async fn on_each(test: impl AsyncFn(DbUrl)) {
    let folder = tempfile::tempdir().unwrap();
    test(DbUrl::sqlite(&folder.path().join("console.db"))).await;
    for variable in ["EFLS_TEST_MYSQL_URL", "EFLS_TEST_POSTGRES_URL"] {
        match std::env::var(variable).ok().filter(|text| !text.is_empty()) {
            Some(server) => on_server(&Url::parse(&server).unwrap(), &test).await,
            None => assert_ne!(
                std::env::var("EFLS_TEST_REQUIRE_ALL").as_deref(),
                Ok("1"),
                "{variable} is not set, and nothing may be left out"
            ),
        }
    }
}

async fn on_server(server: &Url, test: &impl AsyncFn(DbUrl)) {
    let name = format!("efls_{}", MessageId::generate());
    let admin = Database::connect(server.as_str()).await.unwrap();
    let run = async |sql: String| admin.execute_unprepared(&sql).await.unwrap();
    run(format!("CREATE DATABASE {name}")).await;
    let mut url = server.clone();
    url.set_path(&name);
    test(DbUrl::parse(url.as_str()).unwrap()).await;
    let force = if server.scheme() == "postgres" {
        " WITH (FORCE)"
    } else {
        ""
    };
    run(format!("DROP DATABASE {name}{force}")).await;
    admin.clone().close().await.unwrap();
}
