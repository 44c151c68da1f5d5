//! Puts a console together from its configuration.

use anyhow::{Context, bail};
use console_app::{App, Parts, Settings};
use console_db::Db;
use console_storage::ObjectStore;
use migration::ApplyError;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::out::private_folder;

/// The database is one of the original console. Running on it would mean to look after jobs that run elsewhere.
#[derive(Debug)]
pub(crate) enum OriginalDatabase {
    /// Nothing was ever done to it.
    Untouched(String),
    /// Its adoption was begun and is not complete.
    Unfinished(String),
}

impl std::fmt::Display for OriginalDatabase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Untouched(place) => write!(
                f,
                "{place} is a database of the original efls-console; nothing was changed. Stop the original and take the \
                 database over (`efls-console adopt --dry-run` says what that does), or give this console another database \
                 (EFLS_DATABASE__URL)"
            ),
            Self::Unfinished(place) => write!(
                f,
                "the adoption of {place} was begun and is not complete; run `efls-console adopt` again"
            ),
        }
    }
}

impl std::error::Error for OriginalDatabase {}

/// The schema is one that this program cannot work with, and that no migration of it can mend.
#[derive(Debug)]
pub(crate) struct UnfitSchema {
    place: String,
    error: ApplyError,
}

impl std::fmt::Display for UnfitSchema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { place, error } = self;
        write!(
            f,
            "{place} cannot be used: {error}; nothing was changed. Start the newer program again, or go back to a copy of the \
             database that was made before the upgrade"
        )
    }
}

impl std::error::Error for UnfitSchema {}

/// The database, with a schema that is up to date.
///
/// # Errors
/// When it cannot be opened, has an old schema that must not be changed at start, or one that is too new.
pub(crate) async fn database(config: &Config) -> anyhow::Result<Db> {
    let settings = config.database()?;
    if let Some(folder) = settings.url.sqlite_path().and_then(|path| path.parent()) {
        private_folder(folder)
            .with_context(|| format!("the folder {} of the database cannot be made", folder.display()))?;
    }
    let place = settings.url.to_string();
    let db = Db::connect(&settings)
        .await
        .with_context(|| format!("the database {place} cannot be opened"))?;
    match migration::origin(db.writer()).await? {
        migration::Origin::Ours => {}
        migration::Origin::Original => bail!(OriginalDatabase::Untouched(place)),
        migration::Origin::Unfinished => bail!(OriginalDatabase::Unfinished(place)),
    }
    let at_start = config.database.migrate_at_start;
    let standing = if at_start {
        migration::apply(db.writer()).await
    } else {
        migration::standing(db.writer()).await
    };
    let standing = match standing {
        Ok(standing) => standing,
        Err(error @ (ApplyError::TooNew(_) | ApplyError::Foreign { .. })) => {
            bail!(UnfitSchema { place, error })
        }
        Err(error) => {
            return Err(error).with_context(|| format!("the schema of {place} cannot be updated"));
        }
    };
    if !at_start && !standing.pending.is_empty() {
        bail!(
            "the schema of {place} is old ({} migrations are missing); run `efls-console migrate`",
            standing.pending.len()
        );
    }
    if let Some(newest) = standing.unknown.last() {
        tracing::info!(
            database.migration = %newest,
            "the schema is of a newer program; this one can work with it"
        );
    }
    Ok(db)
}

/// The database of a console that is there already, with its schema as it is. Nothing is made: who forgot to say which
/// console he means must not get a new one.
///
/// # Errors
/// When there is none, or its schema is old.
pub(crate) async fn existing_database(config: &Config) -> anyhow::Result<Db> {
    let settings = config.database()?;
    if let Some(path) = settings.url.sqlite_path().filter(|path| !path.exists()) {
        bail!(
            "there is no database {}; is the right console meant (ENV, EFLS_DATABASE__URL)? `efls-console serve` makes \
             a new one",
            path.display()
        );
    }
    let mut config = config.clone();
    config.database.migrate_at_start = false;
    database(&config).await
}

/// The whole console, with nothing running yet.
///
/// # Errors
/// When a part of it cannot be opened.
pub(crate) async fn open(config: &Config, port: u16, shutdown: CancellationToken) -> anyhow::Result<App> {
    let db = database(config).await?;
    open_on(db, config, config.settings(port), shutdown).await
}

/// The whole console on a database that is open already.
///
/// # Errors
/// When a part of it cannot be opened.
pub(crate) async fn open_on(
    db: Db,
    config: &Config,
    settings: Settings,
    shutdown: CancellationToken,
) -> anyhow::Result<App> {
    let store = ObjectStore::open(&config.storage())
        .await
        .context("the object store cannot be opened")?;
    let peer = config
        .client()
        .context("a file of federation.extra_ca_files cannot be read")?;
    let parts = Parts {
        db,
        store,
        peer,
        engines: config.engines.open()?,
        settings,
    };
    App::open(parts, shutdown)
        .await
        .context("the console cannot be opened")
}
