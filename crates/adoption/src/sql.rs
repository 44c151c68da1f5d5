//! Statements for MySQL and MariaDB, as text: the rows here have no entities, and most are never read into this process.

use console_db::sea_orm::{QueryResult, Statement, Value};
use console_db::{ConnectionTrait, DbBackend, DbErr};
use migration::Origin;

/// The tables of the original, those that others point to first.
pub(crate) const TABLES: [&str; 7] = [
    "user",
    "project",
    "project_user_rel",
    "task_intra",
    "task_inter",
    "resource",
    "task_instance",
];

/// How the original's tables are called: as it made them, or as they are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tables(&'static str);

impl Tables {
    pub(crate) const UNTOUCHED: Self = Self("");
    pub(crate) const KEPT: Self = Self(migration::KEPT_PREFIX);

    pub(crate) fn of(origin: Origin) -> Self {
        match origin {
            Origin::Unfinished => Self::KEPT,
            Origin::Original | Origin::Ours => Self::UNTOUCHED,
        }
    }

    pub(crate) fn name(self, table: &str) -> String {
        format!("`{}{table}`", self.0)
    }
}

fn statement(sql: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::MySql, sql, values)
}

/// Runs a statement; gives the number of rows that it changed.
pub(crate) async fn run(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<u64, DbErr> {
    if values.is_empty() {
        // Statements that change the schema cannot be prepared on every server.
        return Ok(db.execute_unprepared(sql).await?.rows_affected());
    }
    Ok(db.execute_raw(statement(sql, values)).await?.rows_affected())
}

/// The rows of a query.
pub(crate) async fn rows(
    db: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<QueryResult>, DbErr> {
    db.query_all_raw(statement(sql, values)).await
}

/// The first column of the first row, which is a count.
pub(crate) async fn count(db: &impl ConnectionTrait, sql: &str) -> Result<u64, DbErr> {
    let row = db.query_one_raw(statement(sql, Vec::new())).await?;
    let found: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(found.unsigned_abs())
}

/// The first column of each row, as text.
pub(crate) async fn texts(
    db: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<String>, DbErr> {
    let found = rows(db, sql, values).await?;
    found.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// The condition that this console can use a column's text as an id ([`console_model::ProjectId::parse`]): printable ASCII here,
/// since the original makes hexadecimal ids only.
pub(crate) fn is_id(column: &str) -> String {
    // Most ids satisfy the first, cheap half. `$` also stands before a last line end, so the length is compared.
    format!(
        "(CHAR_LENGTH({column}) = 32 AND {column} REGEXP '^[0-9a-z]{{32}}$' OR ({column} REGEXP '^[!-~]{{1,64}}$' AND \
         {column} NOT REGEXP '[/?#[:space:]]' AND LOCATE(CHAR(92), {column}) = 0 AND {column} NOT IN ('.', '..')))"
    )
}

/// The condition that a row can be taken over: its ids can be used.
pub(crate) fn is_usable(table: &str, row: &str) -> String {
    let columns: &[&str] = match table {
        "task_intra" => &["id", "project_id"],
        "task_inter" | "resource" => &["id", "task_intra_id"],
        "task_instance" => &["id", "task_intra_id", "task_inter_id"],
        "project_user_rel" => &[],
        _ => &["id"],
    };
    let mut conditions: Vec<String> = columns
        .iter()
        .map(|column| is_id(&format!("{row}.{column}")))
        .collect();
    if table == "task_intra" {
        conditions.push(format!("{row}.type IN (0, 1)"));
    }
    if conditions.is_empty() {
        "TRUE".to_owned()
    } else {
        conditions.join(" AND ")
    }
}

/// A JSON column's value, or as a JSON string what is no JSON.
pub(crate) fn json(column: &str) -> String {
    format!(
        "CASE WHEN {column} IS NULL OR JSON_VALID({column}) THEN {column} ELSE JSON_QUOTE(CAST({column} AS CHAR)) END"
    )
}
