//! JSON columns whose text this console cannot read: their value becomes a JSON string that holds the text.

use console_db::sea_orm::{DatabaseConnection, Statement, StreamTrait};
use console_db::{ConnectionTrait, DbBackend, DbErr};
use futures_util::TryStreamExt;

use crate::sql::{self, Tables};

/// The JSON columns of each table, the bulk last.
const COLUMNS: [(&str, &[&str]); 5] = [
    ("user", &["info"]),
    ("project", &["config", "peer_config"]),
    ("task_intra", &["config", "meta"]),
    ("resource", &["config"]),
    ("task_instance", &["message", "error"]),
];

/// One value that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable {
    pub(crate) table: &'static str,
    pub(crate) column: &'static str,
    pub(crate) id: String,
}

/// Every value that cannot be read. What servers call valid is not always so: half of a surrogate pair, a number beyond every
/// float, a raw control character.
pub(crate) async fn unreadable(db: &DatabaseConnection, tables: Tables) -> Result<Vec<Unreadable>, DbErr> {
    let mut found = Vec::new();
    for (table, columns) in COLUMNS {
        let values: Vec<String> = columns
            .iter()
            .map(|column| format!("CAST(o.{column} AS CHAR)"))
            .collect();
        let any: Vec<String> = columns
            .iter()
            .map(|column| format!("o.{column} IS NOT NULL"))
            .collect();
        let query = format!(
            "SELECT o.id, {} FROM {} o WHERE {}",
            values.join(", "),
            tables.name(table),
            any.join(" OR ")
        );
        let mut rows = db
            .stream_raw(Statement::from_string(DbBackend::MySql, query))
            .await?;
        while let Some(row) = rows.try_next().await? {
            for (index, column) in columns.iter().copied().enumerate() {
                let text: Option<String> = row.try_get_by_index(index + 1)?;
                let readable =
                    text.is_none_or(|text| serde_json::from_str::<serde_json::Value>(&text).is_ok());
                if !readable {
                    let id = row.try_get_by_index(0)?;
                    found.push(Unreadable { table, column, id });
                }
            }
        }
    }
    Ok(found)
}

/// Writes such a value as a JSON string into the copy of its row.
pub(crate) async fn quote(db: &impl ConnectionTrait, value: &Unreadable, copy: &str) -> Result<(), DbErr> {
    let Unreadable { table, column, id } = value;
    let update = format!(
        "UPDATE {copy} n, {} o SET n.{column} = JSON_QUOTE(CAST(o.{column} AS CHAR)) WHERE o.id = ? AND n.id = o.id",
        Tables::KEPT.name(table)
    );
    sql::run(db, &update, vec![id.as_str().into()]).await?;
    Ok(())
}
