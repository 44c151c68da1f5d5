//! How far an adoption is, in the database itself.

use console_db::sea_orm::{DatabaseTransaction, TransactionTrait};
use console_db::{Db, DbErr};
use migration::{ADOPTION_TABLE, Origin};
use serde_json::Value as Json;

use crate::sql::{self, TABLES, Tables};
use crate::{AdoptError, Choices, Report};

/// The columns that a table of the original has at least. `project_user_rel`, which nothing uses, may be missing.
const COLUMNS: [(&str, &str); 6] = [
    (
        "user",
        "id gmt_create gmt_modified gmt_login name password role token token_valid comment info",
    ),
    (
        "project",
        "id gmt_create gmt_modified owner_id name comment config status peer_url peer_id peer_config",
    ),
    (
        "task_intra",
        "id gmt_create gmt_modified project_id name version owner_id type token task_root comment config meta",
    ),
    (
        "task_inter",
        "id gmt_create gmt_modified task_intra_id task_peer_id status comment",
    ),
    (
        "resource",
        "id gmt_create gmt_modified owner_id task_intra_id name uri comment config",
    ),
    (
        "task_instance",
        "id gmt_create gmt_modified task_intra_id task_inter_id task_peer_id instance_peer_id gmt_start gmt_error status \
         comment message error",
    ),
];
/// Names of locks hold on the whole server, which may have several such databases.
const LOCK: &str = "CONCAT('efls_adoption_', MD5(DATABASE()))";
/// Statements that change the schema wait so long for whoever uses a table.
const WAIT_SECONDS: u32 = 20;

/// Keeps other processes from adopting the same database; the server releases it when this process ends.
pub(crate) struct Lock(DatabaseTransaction);

pub(crate) async fn lock(db: &Db) -> Result<Lock, AdoptError> {
    if db.backend() != console_db::DbBackend::MySql {
        return Err(AdoptError::NotOriginal(
            "the original runs on MySQL and MariaDB only".to_owned(),
        ));
    }
    let connection = db.writer().begin().await?;
    // The server may take a moment to notice that a killed process is gone.
    match sql::count(&connection, &format!("SELECT COALESCE(GET_LOCK({LOCK}, 30), 0)")).await? {
        1 => Ok(Lock(connection)),
        _ => Err(AdoptError::Busy),
    }
}

impl Lock {
    pub(crate) async fn release(self) -> Result<(), DbErr> {
        sql::run(&self.0, &format!("DO RELEASE_LOCK({LOCK})"), Vec::new()).await?;
        self.0.commit().await
    }
}

async fn has_table(db: &Db, table: &str) -> Result<bool, DbErr> {
    let query =
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?";
    Ok(!sql::texts(db.reader(), query, vec![table.into()])
        .await?
        .is_empty())
}

pub(crate) async fn refuse_missing_columns(db: &Db, origin: Origin) -> Result<(), AdoptError> {
    let tables = Tables::of(origin);
    for (table, columns) in COLUMNS {
        let name = tables.name(table).replace('`', "");
        let query = "SELECT LOWER(column_name) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?";
        let found = sql::texts(db.reader(), query, vec![name.as_str().into()]).await?;
        let missing: Vec<&str> = columns
            .split(' ')
            .filter(|column| !found.iter().any(|known| known == column))
            .collect();
        if !missing.is_empty() {
            let detail = format!("the table {name} lacks {}", missing.join(", "));
            return Err(AdoptError::NotOriginal(detail));
        }
    }
    Ok(())
}

/// When the adoption of this database finished; none when it was never adopted.
pub(crate) async fn finished_at(db: &Db) -> Result<Option<String>, DbErr> {
    if !has_table(db, ADOPTION_TABLE).await? {
        return Ok(None);
    }
    let query = format!(
        "SELECT DATE_FORMAT(finished_at, '%Y-%m-%d %H:%i') FROM {ADOPTION_TABLE} WHERE finished_at IS NOT NULL"
    );
    Ok(sql::texts(db.reader(), &query, Vec::new()).await?.pop())
}

/// The choices that an adoption was begun with whose tables are set aside already.
pub(crate) async fn stored(db: &Db, origin: Origin) -> Result<Option<Choices>, DbErr> {
    if origin != Origin::Unfinished {
        return Ok(None);
    }
    let query = format!("SELECT choices FROM {ADOPTION_TABLE}");
    let text = sql::texts(db.reader(), &query, Vec::new())
        .await?
        .pop()
        .unwrap_or_default();
    serde_json::from_str(&text).map(Some).map_err(|error| {
        DbErr::Custom(format!(
            "the choices in the table {ADOPTION_TABLE} cannot be read: {error}"
        ))
    })
}

/// Notes that the adoption begins. Gives the choices that hold.
pub(crate) async fn begin(db: &Db, origin: Origin, choices: &Choices) -> Result<Choices, DbErr> {
    if let Some(stored) = stored(db, origin).await? {
        tracing::info!("going on with an adoption that was begun before, with the choices made then");
        return Ok(stored);
    }
    let table = format!(
        "CREATE TABLE IF NOT EXISTS {ADOPTION_TABLE} (id int NOT NULL PRIMARY KEY, begun_at datetime(6) NOT NULL, \
         finished_at datetime(6) NULL, choices longtext NOT NULL, report longtext NULL) \
         ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
    );
    sql::run(db.writer(), &table, Vec::new()).await?;
    let row =
        format!("REPLACE INTO {ADOPTION_TABLE} (id, begun_at, choices) VALUES (1, UTC_TIMESTAMP(6), ?)");
    let text = serde_json::to_string(choices).map_err(|error| DbErr::Custom(error.to_string()))?;
    sql::run(db.writer(), &row, vec![text.into()]).await?;
    Ok(choices.clone())
}

/// Renames the original's tables, all of them or none.
pub(crate) async fn set_aside(db: &Db) -> Result<(), AdoptError> {
    let mut renames = Vec::new();
    for table in TABLES {
        if has_table(db, table).await? {
            renames.push(format!("`{table}` TO {}", Tables::KEPT.name(table)));
        }
    }
    let connection = db.writer().begin().await?;
    sql::run(
        &connection,
        &format!("SET SESSION lock_wait_timeout = {WAIT_SECONDS}"),
        Vec::new(),
    )
    .await?;
    let renamed = sql::run(
        &connection,
        &format!("RENAME TABLE {}", renames.join(", ")),
        Vec::new(),
    )
    .await;
    sql::run(&connection, "SET SESSION lock_wait_timeout = DEFAULT", Vec::new()).await?;
    connection.commit().await?;
    match renamed {
        Ok(_) => Ok(()),
        Err(error) if is_lock_timeout(&error) => Err(AdoptError::InUse),
        Err(error) => Err(error.into()),
    }
}

fn is_lock_timeout(error: &DbErr) -> bool {
    use console_db::sea_orm::{RuntimeErr, sqlx};
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return false;
    };
    match error.as_ref() {
        sqlx::Error::Database(error) => error
            .try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()
            .is_some_and(|error| error.number() == 1205),
        _ => false,
    }
}

/// Notes that the adoption is complete, with its report: the console may use the database from now on.
pub(crate) async fn finish(db: &Db, choices: &Choices, report: &Report) -> Result<(), DbErr> {
    let row = format!(
        "UPDATE {ADOPTION_TABLE} SET finished_at = UTC_TIMESTAMP(6), choices = ?, report = ? WHERE id = 1"
    );
    let json =
        |value: Result<Json, serde_json::Error>| value.map_err(|error| DbErr::Custom(error.to_string()));
    let (choices, report) = (
        json(serde_json::to_value(choices))?,
        json(serde_json::to_value(report))?,
    );
    sql::run(
        db.writer(),
        &row,
        vec![choices.to_string().into(), report.to_string().into()],
    )
    .await?;
    Ok(())
}
