use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use console_model::{ChangeKind, ChangeType};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use tokio::sync::Notify;

use crate::changes::{Noted, append, places};
use crate::db::Db;
use crate::error::DbResult;

/// A transaction that may write. It is rolled back when it is dropped without a [`commit`](Tx::commit).
///
/// The functions of this crate that change what operators see note it here, and the commit writes what was noted, so
/// that a change and the word of it are one.
#[derive(Debug)]
pub struct Tx {
    inner: DatabaseTransaction,
    noted: Mutex<Noted>,
    changed: Arc<Notify>,
}

impl Tx {
    pub(crate) fn new(inner: DatabaseTransaction, changed: Arc<Notify>) -> Self {
        Self {
            inner,
            noted: Mutex::default(),
            changed,
        }
    }

    /// Makes everything true, and wakes who tells operators of it.
    ///
    /// # Errors
    /// [`crate::DbError::Unavailable`] when the database cannot; whether it did is not known then.
    pub async fn commit(self) -> DbResult<()> {
        let noted = self.noted.into_inner().unwrap_or_else(PoisonError::into_inner);
        let any = !noted.is_empty();
        // As late as can be: until the commit, what has a lower number may be invisible to those who read a higher one.
        append(&self.inner, noted).await?;
        self.inner.commit().await?;
        if any {
            self.changed.notify_one();
        }
        Ok(())
    }

    /// Notes that something was made or changed in this transaction.
    pub(crate) fn note(&self, kind: ChangeKind, what: ChangeType, subject: &str) {
        self.lock().add(kind, what, subject, None);
    }

    /// Notes that something is about to be deleted, while it can still be seen where it belongs.
    pub(crate) async fn note_deletion(&self, kind: ChangeKind, subjects: &[String]) -> DbResult<()> {
        let mut places = places(&self.inner, kind, subjects).await?;
        let mut noted = self.lock();
        for subject in subjects {
            let place = places.remove(subject).unwrap_or_default();
            noted.add(kind, ChangeType::Deleted, subject, Some(place));
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.inner.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.inner.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.inner.query_all_raw(statement).await
    }
}

/// Where what operators see can be changed: in a transaction, or in a database, which makes one for the single change.
pub trait Writer: Sync {
    /// The transaction to work in.
    fn unit(&self) -> impl Future<Output = DbResult<Unit<'_>>> + Send;
}

impl Writer for Tx {
    async fn unit(&self) -> DbResult<Unit<'_>> {
        Ok(Unit::Within(self))
    }
}

impl Writer for Db {
    async fn unit(&self) -> DbResult<Unit<'_>> {
        Ok(Unit::Alone(self.begin().await?))
    }
}

/// A transaction that is somebody else's or our own.
pub enum Unit<'a> {
    /// Whoever began it commits it.
    Within(&'a Tx),
    /// It holds one change alone.
    Alone(Tx),
}

impl Unit<'_> {
    pub(crate) async fn done(self) -> DbResult<()> {
        match self {
            Self::Within(_) => Ok(()),
            Self::Alone(tx) => tx.commit().await,
        }
    }
}

impl Deref for Unit<'_> {
    type Target = Tx;

    fn deref(&self) -> &Tx {
        match self {
            Self::Within(tx) => tx,
            Self::Alone(tx) => tx,
        }
    }
}
