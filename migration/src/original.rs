//! Recognises a database of the original console.

use sea_orm_migration::MigratorTrait as _;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection};

use crate::Migrator;

/// Tables of the original that no other program is likely to have together.
const TABLES: [&str; 5] = ["project", "task_intra", "task_inter", "task_instance", "user"];

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
