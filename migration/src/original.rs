//! Recognises a database of the original console.

use sea_orm_migration::MigratorTrait as _;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection};

use crate::Migrator;

/// Tables of the original that no other program is likely to have together.
const TABLES: [&str; 5] = ["project", "task_intra", "task_inter", "task_instance", "user"];

/// Holds one row from the beginning of an adoption on; `finished_at` is NULL until it is complete.
pub const ADOPTION_TABLE: &str = "adoption";

/// An adoption keeps the original's tables under names that begin so.
pub const KEPT_PREFIX: &str = "original_";

/// Who made a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// This console, or an adoption that is complete, or nobody yet.
    Ours,
    /// The original console, and no migration of ours was ever recorded on it.
    Original,
    /// The original console, and an adoption was begun and is not complete.
    Unfinished,
}

/// Who made a database. Reads only.
///
/// # Errors
/// Any error of the database.
pub async fn origin(db: &DatabaseConnection) -> Result<Origin, DbErr> {
    if is_unfinished(db).await? {
        return Ok(Origin::Unfinished);
    }
    Ok(if is_original(db).await? {
        Origin::Original
    } else {
        Origin::Ours
    })
}

/// Whether the original's tables were set aside and no adoption has finished since.
async fn is_unfinished(db: &DatabaseConnection) -> Result<bool, DbErr> {
    let schema = SchemaManager::new(db);
    if !schema.has_table(ADOPTION_TABLE).await?
        || !schema.has_table(format!("{KEPT_PREFIX}task_instance")).await?
    {
        return Ok(false);
    }
    let finished = Query::select()
        .expr(Expr::val(1))
        .from(Alias::new(ADOPTION_TABLE))
        .and_where(Expr::col(Alias::new("finished_at")).is_not_null())
        .take();
    Ok(db.query_one(&finished).await?.is_none())
}

/// Whether the original console made this database and no migration of ours was ever recorded on it. Reads only.
///
/// On MySQL a first migration that was killed leaves our own table, empty, and some of these tables without a row; a
/// database of the original has at least an account.
///
/// # Errors
/// Any error of the database.
pub async fn is_original(db: &DatabaseConnection) -> Result<bool, DbErr> {
    let schema = SchemaManager::new(db);
    for table in TABLES {
        if !schema.has_table(table).await? {
            return Ok(false);
        }
    }
    let ours = Migrator::migration_table_name().to_string();
    if !schema.has_table(&ours).await? {
        return Ok(true);
    }
    Ok(!has_rows(db, &ours).await? && (has_rows(db, "user").await? || has_rows(db, "project").await?))
}

async fn has_rows(db: &DatabaseConnection, table: &str) -> Result<bool, DbErr> {
    let query = Query::select()
        .expr(Expr::val(1))
        .from(Alias::new(table))
        .limit(1)
        .take();
    Ok(db.query_one(&query).await?.is_some())
}
