//! Copies the runs, of which there may be millions: into a table without indexes, which are made at once when it is full.

use std::collections::BTreeMap;

use console_db::sea_orm::TransactionTrait;
use console_db::{ConnectionTrait, Db, DbErr};
use console_model::InstanceStatus;

use crate::Choices;
use crate::fill::{MADE, insert, same, times};
use crate::findings::is_repeated;
use crate::json_columns::{self, Unreadable};
use crate::sql::{self, Tables};
use crate::zone::Shifts;

const COPY: &str = "`adopting_task_instance`";
const EMPTY: &str = "`adopting_task_instance_empty`";
/// The runs that name the same run of the partner as a newer one.
const REPEATED: &str = "`adopting_repeated`";

/// Why a run that the original had running is lost.
const LOST: &str = "It was running when this console took the database over from the original console. Its output up to then \
                    is kept. Its job may still run on the cluster, where nobody here watches it.";

/// What the survey found of the runs; asking a million rows again costs seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    /// All can be taken.
    pub(crate) all_usable: bool,
    /// Some name the same run of the partner.
    pub(crate) any_repeated: bool,
}

pub(crate) async fn fill(
    db: &Db,
    shifts: &Shifts,
    unreadable: &[Unreadable],
    choices: &Choices,
    known: Known,
) -> Result<(), DbErr> {
    let conn = db.writer();
    let run = async |statement: &str| sql::run(conn, statement, Vec::new()).await;
    run(&format!("DROP TABLE IF EXISTS {COPY}, {EMPTY}, {REPEATED}")).await?;
    run(&format!("CREATE TABLE {COPY} LIKE task_instance")).await?;
    let indexes = indexes(conn).await?;
    let list = |what: &dyn Fn(&Index) -> String| indexes.iter().map(what).collect::<Vec<_>>().join(", ");
    run(&format!(
        "ALTER TABLE {COPY} {}",
        list(&|index| format!("DROP INDEX `{}`", index.name))
    ))
    .await?;
    let kept = Tables::KEPT.name("task_instance");
    run(&format!(
        "CREATE TABLE {REPEATED} (id varchar(64) NOT NULL PRIMARY KEY) CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
    ))
    .await?;
    if known.any_repeated {
        run(&format!(
            "INSERT INTO {REPEATED} SELECT o.id FROM {kept} o WHERE {}",
            is_repeated(&kept)
        ))
        .await?;
    }
    sql::run(
        conn,
        &copy(&kept, shifts, known.all_usable),
        vec![choices.default_engine.as_str().into()],
    )
    .await?;
    for value in unreadable {
        json_columns::quote(conn, value, COPY).await?;
    }
    run(&format!("ALTER TABLE {COPY} {}", list(&Index::added))).await?;
    run(&format!(
        "RENAME TABLE task_instance TO {EMPTY}, {COPY} TO task_instance"
    ))
    .await?;
    run(&format!("DROP TABLE {EMPTY}, {REPEATED}")).await?;
    note_lost(db, &kept).await
}

fn copy(kept: &str, shifts: &Shifts, all_usable: bool) -> String {
    let lost = InstanceStatus::Lost.number();
    let mut columns: Vec<(&'static str, String)> = times(shifts).into();
    columns.extend(["id", "task_intra_id", "task_inter_id", "task_peer_id", "comment"].map(same));
    columns.extend(["message", "error"].map(|column| (column, sql::json(&format!("o.{column}")))));
    let ended = shifts.utc("COALESCE(o.gmt_error, o.gmt_modified, o.gmt_create)");
    columns.extend([
        ("gmt_start", shifts.utc("o.gmt_start")),
        ("gmt_error", shifts.utc("o.gmt_error")),
        (
            "status",
            format!(
                "CASE WHEN o.status IS NULL THEN 0 WHEN o.status IN (0, 1, 2, 4, 5, 6) THEN o.status ELSE {lost} END"
            ),
        ),
        (
            "gmt_end",
            format!("CASE WHEN o.status = 3 THEN UTC_TIMESTAMP(6) WHEN o.status IN (0, 1) THEN NULL ELSE {ended} END"),
        ),
        (
            "instance_peer_id",
            "CASE WHEN repeated.id IS NULL THEN NULLIF(o.instance_peer_id, '') END".to_owned(),
        ),
        // On a row that a partner's call made, the original wrote its own id.
        ("initiator", "o.task_peer_id <> o.task_inter_id".to_owned()),
        ("stop_reason", format!("CASE WHEN o.status = 3 THEN '{LOST}' END")),
        // A run without a task is never started again, so it needs no engine.
        ("engine", "CASE WHEN task.id IS NOT NULL THEN COALESCE(task.engine, ?) END".to_owned()),
        ("project_id", "task.project_id".to_owned()),
        ("task_root_id", "first.root_id".to_owned()),
        ("run_number", "numbered.place".to_owned()),
        ("partner_id", "project.partner_id".to_owned()),
    ]);
    let usable = if all_usable {
        "TRUE".to_owned()
    } else {
        sql::is_usable("task_instance", "o")
    };
    // The first version of each version's task.
    let first = "(SELECT version.id, MIN(root.id) AS root_id FROM task_intra version JOIN task_intra root \
                 ON root.project_id = version.project_id AND root.name = version.name AND root.task_root = TRUE \
                 GROUP BY version.id)";
    let numbered = format!(
        "(SELECT o.id, ROW_NUMBER() OVER (PARTITION BY first.root_id ORDER BY {MADE}, o.id) AS place FROM {kept} o \
         LEFT JOIN {first} first ON first.id = o.task_intra_id WHERE {usable})"
    );
    let from = format!(
        "{kept} o LEFT JOIN task_intra task ON task.id = o.task_intra_id \
         LEFT JOIN project ON project.id = task.project_id \
         LEFT JOIN {first} first ON first.id = o.task_intra_id \
         LEFT JOIN {REPEATED} repeated ON repeated.id = o.id \
         JOIN {numbered} numbered ON numbered.id = o.id"
    );
    insert(COPY, &columns, &from, "TRUE")
}

/// Tells in the history of each run that was running what became of it.
///
/// This, and the columns `status`, `gmt_end` and `stop_reason` above, are the place to ask the cluster instead, by the names that
/// the original gave to its jobs: such a row stays running, with an engine handle that says so to `task_attach`.
async fn note_lost(db: &Db, kept: &str) -> Result<(), DbErr> {
    let tx = db.writer().begin().await?;
    sql::run(&tx, "DELETE FROM instance_event", Vec::new()).await?;
    let event = format!(
        "INSERT INTO instance_event (instance_id, attempt, at, actor_kind, from_status, to_status, reason) \
         SELECT run.id, 1, run.gmt_end, 'console', 3, {}, run.stop_reason FROM task_instance run \
         JOIN {kept} o ON o.id = run.id WHERE o.status = 3",
        InstanceStatus::Lost.number()
    );
    sql::run(&tx, &event, Vec::new()).await?;
    tx.commit().await
}

struct Index {
    name: String,
    columns: Vec<String>,
    unique: bool,
}

impl Index {
    fn added(&self) -> String {
        let kind = if self.unique { "UNIQUE INDEX" } else { "INDEX" };
        format!("ADD {kind} `{}` ({})", self.name, self.columns.join(", "))
    }
}

/// The secondary indexes of the runs, as the migrations made them.
async fn indexes(db: &impl ConnectionTrait) -> Result<Vec<Index>, DbErr> {
    let query = "SELECT index_name, column_name, CAST(non_unique AS SIGNED) FROM information_schema.statistics \
                 WHERE table_schema = DATABASE() AND table_name = 'task_instance' AND index_name <> 'PRIMARY' \
                 ORDER BY index_name, seq_in_index";
    let mut indexes: BTreeMap<String, Index> = BTreeMap::new();
    for row in sql::rows(db, query, Vec::new()).await? {
        let name: String = row.try_get_by_index(0)?;
        let column: String = row.try_get_by_index(1)?;
        let non_unique: i64 = row.try_get_by_index(2)?;
        let index = indexes.entry(name.clone()).or_insert_with(|| Index {
            name,
            columns: Vec::new(),
            unique: non_unique == 0,
        });
        index.columns.push(format!("`{column}`"));
    }
    Ok(indexes.into_values().collect())
}
