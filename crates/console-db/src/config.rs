use std::fmt;
use std::path::Path;
use std::time::Duration;

use sea_orm::DbBackend;
use url::Url;

/// Why a text is not the address of a database. Says nothing of the text, which holds a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "not the address of a database: {0}; use sqlite:PATH, mysql://USER:PASSWORD@HOST:PORT/NAME or postgres://…"
)]
pub struct DbUrlError(&'static str);

/// Where the database is: `sqlite:PATH`, `mysql://…` (MariaDB too) or `postgres://…`.
///
/// Prints without its password.
#[derive(Clone, PartialEq, Eq)]
pub struct DbUrl(Address);

#[derive(Clone, PartialEq, Eq)]
enum Address {
    Sqlite(String),
    Server(DbBackend, Url),
}

impl DbUrl {
    /// Checks and takes over a text.
    ///
    /// # Errors
    /// [`DbUrlError`] when the scheme is none of the three, or the rest cannot be understood.
    pub fn parse(text: &str) -> Result<Self, DbUrlError> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.contains('?') || path.contains(":memory:") {
                return Err(DbUrlError("sqlite needs the path of a file, and nothing more"));
            }
            return Ok(Self(Address::Sqlite(path.to_owned())));
        }
        let url = Url::parse(text).map_err(|_| DbUrlError("it cannot be parsed"))?;
        let backend = match url.scheme() {
            "mysql" | "mariadb" => DbBackend::MySql,
            "postgres" | "postgresql" => DbBackend::Postgres,
            _ => return Err(DbUrlError("its scheme is unknown")),
        };
        if url.path().trim_matches('/').is_empty() {
            return Err(DbUrlError("the name of the database is missing"));
        }
        Ok(Self(Address::Server(backend, url)))
    }

    /// A file of SQLite.
    #[must_use]
    pub fn sqlite(path: &Path) -> Self {
        Self(Address::Sqlite(path.to_string_lossy().into_owned()))
    }

    /// A server, from its parts, which may hold any characters.
    ///
    /// # Errors
    /// [`DbUrlError`] when `backend` is SQLite or a part cannot be part of an address.
    pub fn server(
        backend: DbBackend,
        host: &str,
        port: u16,
        user: &str,
        password: &str,
        database: &str,
    ) -> Result<Self, DbUrlError> {
        let scheme = match backend {
            DbBackend::MySql => "mysql",
            DbBackend::Postgres => "postgres",
            _ => return Err(DbUrlError("no server is known for this kind of database")),
        };
        let mut url =
            Url::parse(&format!("{scheme}://host/")).map_err(|_| DbUrlError("it cannot be parsed"))?;
        let refused = DbUrlError("host, user or password cannot be part of an address");
        url.set_host(Some(host)).map_err(|_| refused.clone())?;
        url.set_port(Some(port)).map_err(|()| refused.clone())?;
        url.set_username(user).map_err(|()| refused.clone())?;
        url.set_password((!password.is_empty()).then_some(password))
            .map_err(|()| refused)?;
        url.set_path(database);
        Ok(Self(Address::Server(backend, url)))
    }

    /// Which of the three it is.
    #[must_use]
    pub const fn backend(&self) -> DbBackend {
        match &self.0 {
            Address::Sqlite(_) => DbBackend::Sqlite,
            Address::Server(backend, _) => *backend,
        }
    }

    /// The path of the file, for SQLite.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<&Path> {
        match &self.0 {
            Address::Sqlite(path) => Some(Path::new(path)),
            Address::Server(..) => None,
        }
    }

    /// With the password; for the driver alone.
    pub(crate) fn expose(&self) -> String {
        match &self.0 {
            Address::Sqlite(path) => format!("sqlite:{path}"),
            Address::Server(DbBackend::MySql, url) => url.as_str().replacen("mariadb://", "mysql://", 1),
            Address::Server(_, url) => url.as_str().to_owned(),
        }
    }

    /// A text of the driver, without address and password.
    pub(crate) fn scrub(&self, text: &str) -> String {
        let Address::Server(_, url) = &self.0 else {
            return text.to_owned();
        };
        let text = text.replace(url.as_str(), &self.to_string());
        match url.password() {
            Some(password) if !password.is_empty() => text.replace(password, "***"),
            _ => text,
        }
    }
}

impl fmt::Display for DbUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Address::Sqlite(path) => write!(f, "sqlite:{path}"),
            Address::Server(_, url) => {
                let mut url = url.clone();
                if url.password().is_some() && url.set_password(Some("***")).is_err() {
                    return f.write_str("(address hidden)");
                }
                // Drivers take secrets as query parameters as well.
                url.set_query(None);
                f.write_str(url.as_str())
            }
        }
    }
}

impl fmt::Debug for DbUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DbUrl({self})")
    }
}

impl std::str::FromStr for DbUrl {
    type Err = DbUrlError;
    fn from_str(text: &str) -> Result<Self, DbUrlError> {
        Self::parse(text)
    }
}

/// How carefully SQLite waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SqliteSync {
    /// Every commit is on the disk when it returns.
    Full,
    /// A loss of power may undo the last commits, never corrupt.
    Normal,
    /// For throw-away data.
    Off,
}

/// How the database is reached.
#[derive(Debug, Clone)]
pub struct DbConfig {
    /// Where it is.
    pub url: DbUrl,
    /// Most connections at a time: of the pool, or the readers of SQLite, which has one writer besides. At least 1.
    pub max_connections: u32,
    /// Connections that are kept open when idle.
    pub min_connections: u32,
    /// How long to wait for a connection to be made.
    pub connect_timeout: Duration,
    /// How long to wait for a free connection of the pool.
    pub acquire_timeout: Duration,
    /// After how long an idle connection is closed.
    pub idle_timeout: Duration,
    /// How long SQLite waits for another process that writes.
    pub busy_timeout: Duration,
    /// How carefully SQLite waits for the disk.
    pub sqlite_sync: SqliteSync,
}

impl DbConfig {
    /// The defaults: few connections, bounded waits.
    #[must_use]
    pub const fn new(url: DbUrl) -> Self {
        Self {
            max_connections: match url.backend() {
                DbBackend::Sqlite => 4,
                _ => 16,
            },
            url,
            min_connections: 1,
            connect_timeout: Duration::from_secs(10),
            acquire_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(300),
            busy_timeout: Duration::from_secs(10),
            sqlite_sync: SqliteSync::Full,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_printed() {
        let url = DbUrl::server(DbBackend::MySql, "db", 3306, "efls", "p@ss/wo:rd", "efls").unwrap();
        assert_eq!(url.to_string(), "mysql://efls:***@db:3306/efls");
        assert!(
            !format!("{:?}", DbConfig::new(url.clone())).contains("ss"),
            "{url:?}"
        );
        assert_eq!(DbUrl::parse(&url.expose()), Ok(url.clone()));
        assert!(
            !url.scrub(&format!("cannot reach {}", url.expose()))
                .contains("wo")
        );
    }

    #[test]
    fn addresses_are_understood_or_refused() {
        let sqlite = DbUrl::parse("sqlite:///data/a b.db").unwrap();
        assert_eq!(sqlite.sqlite_path(), Some(Path::new("/data/a b.db")));
        assert_eq!(DbUrl::parse("sqlite:a.db").unwrap().to_string(), "sqlite:a.db");
        assert_eq!(
            DbUrl::parse("mariadb://u@h/n").unwrap().backend(),
            DbBackend::MySql
        );
        for bad in [
            "",
            "sqlite:",
            "sqlite::memory:",
            "mysql://h",
            "oracle://h/n",
            "hello",
        ] {
            assert!(DbUrl::parse(bad).is_err(), "{bad}");
        }
    }
}
