//! Databases to measure on: files of SQLite, or databases of a server that are dropped in the end.

use std::path::PathBuf;

use anyhow::{Context, bail};
use console_db::sea_orm::{ConnectionTrait, Database};
use console_db::{Db, DbBackend, DbConfig, DbUrl, SqliteSync};
use url::Url;

/// Where databases are made.
pub(crate) struct Databases {
    /// `sqlite`, `mysql` or `postgres`.
    pub(crate) kind: String,
    folder: PathBuf,
    server: Option<Url>,
    made: Vec<String>,
}

impl Databases {
    /// A kind, and the server's address, which SQLite needs none of.
    pub(crate) fn new(kind: &str, folder: PathBuf) -> anyhow::Result<Self> {
        let variable = match kind {
            "sqlite" => None,
            "mysql" => Some("EFLS_TEST_MYSQL_URL"),
            "postgres" => Some("EFLS_TEST_POSTGRES_URL"),
            other => bail!("{other:?} is no kind of database; there are sqlite, mysql and postgres"),
        };
        let server = variable.map(|variable| {
            let url = std::env::var(variable).with_context(|| {
                format!("{variable} is not set: no server is installed; see tools/with-databases.sh")
            })?;
            anyhow::Ok(Url::parse(&url)?)
        });
        Ok(Self {
            kind: kind.to_owned(),
            folder,
            server: server.transpose()?,
            made: Vec::new(),
        })
    }

    /// A new database with the schema: its address, and opened without care for a loss of power.
    pub(crate) async fn make(&mut self, name: &str) -> anyhow::Result<(String, Db)> {
        let address = match &self.server {
            None => format!("sqlite:{}", self.folder.join(format!("{name}.db")).display()),
            Some(server) => {
                let name = format!("efls_bench_{}_{name}", std::process::id());
                self.run(&format!("CREATE DATABASE {name}")).await?;
                let mut url = server.clone();
                url.set_path(&name);
                self.made.push(name);
                url.to_string()
            }
        };
        let mut config = DbConfig::new(DbUrl::parse(&address)?);
        config.sqlite_sync = SqliteSync::Off;
        let db = Db::connect(&config).await?;
        if db.backend() == DbBackend::Sqlite {
            // 256 MiB, or the indexes of a million rows are written to the disk over and over.
            db.writer()
                .execute_unprepared("PRAGMA cache_size = -262144")
                .await?;
        }
        migration::apply(db.writer()).await?;
        Ok((address, db))
    }

    /// Opens a database as a console does.
    pub(crate) async fn open(address: &str) -> anyhow::Result<Db> {
        Ok(Db::connect(&DbConfig::new(DbUrl::parse(address)?)).await?)
    }

    /// Drops what was made on a server.
    pub(crate) async fn drop_all(&mut self) -> anyhow::Result<()> {
        for name in std::mem::take(&mut self.made) {
            self.run(&format!("DROP DATABASE {name}")).await?;
        }
        Ok(())
    }

    async fn run(&self, sql: &str) -> anyhow::Result<()> {
        if let Some(server) = &self.server {
            let admin = Database::connect(server.as_str()).await?;
            admin.execute_unprepared(sql).await?;
            admin.close().await?;
        }
        Ok(())
    }
}
