//! Copies the kept rows into this console's tables. Everything here can be done again from the beginning.

use console_db::sea_orm::{DatabaseTransaction, TransactionTrait};
use console_db::{Db, DbErr};
use console_model::{PartnerId, PartnerTrust};

use crate::findings::REPEATED_RUN;
use crate::json_columns::{self, Unreadable};
use crate::runs::Known;
use crate::sql::{self, TABLES, Tables};
use crate::zone::Shifts;
use crate::{AdoptError, Choices, Report, Unsigned, runs, survey, task_configs};

/// The table whose rows are many.
const RUNS: &str = "task_instance";

/// Fills every table, and makes the partners.
pub(crate) async fn fill(
    db: &Db,
    choices: &Choices,
    report: &Report,
    unreadable: Vec<Unreadable>,
) -> Result<(), AdoptError> {
    let shifts = survey::shifts(db.reader(), Tables::KEPT, choices).await?;
    let (of_runs, others): (Vec<Unreadable>, Vec<Unreadable>) =
        unreadable.into_iter().partition(|value| value.table == RUNS);
    let tx = db.writer().begin().await?;
    for table in TABLES
        .into_iter()
        .filter(|table| *table != RUNS && report.rows.contains_key(*table))
    {
        copy(&tx, table, &shifts).await?;
    }
    for value in &others {
        json_columns::quote(&tx, value, &format!("`{}`", value.table)).await?;
    }
    make_partners(&tx, choices, report).await?;
    let tasks = task_configs::tasks(&tx, Tables::KEPT, choices).await?;
    task_configs::write(&tx, &tasks, choices).await?;
    tx.commit().await?;
    let all_usable = report.rows.get(RUNS) == report.taken.get(RUNS);
    let any_repeated = report.findings.iter().any(|finding| finding.code == REPEATED_RUN);
    let known = Known {
        all_usable,
        any_repeated,
    };
    runs::fill(db, &shifts, &of_runs, choices, known).await?;
    check_counts(db, report).await
}

/// When a row was made, for its place among others.
pub(crate) const MADE: &str = "COALESCE(o.gmt_create, o.gmt_modified, '1970-01-01')";

/// The two times that every row has, in UTC.
pub(crate) fn times(shifts: &Shifts) -> [(&'static str, String); 2] {
    let (created, modified) = (shifts.utc("o.gmt_create"), shifts.utc("o.gmt_modified"));
    [
        (
            "gmt_create",
            format!("COALESCE({created}, {modified}, '1970-01-01')"),
        ),
        (
            "gmt_modified",
            format!("COALESCE({modified}, {created}, '1970-01-01')"),
        ),
    ]
}

/// A column that is taken as it is.
pub(crate) fn same(column: &'static str) -> (&'static str, String) {
    (column, format!("o.`{column}`"))
}

fn link_status() -> (&'static str, String) {
    // What the original does not know is closed.
    (
        "status",
        "CASE WHEN o.status IS NULL THEN 0 WHEN o.status BETWEEN 0 AND 2 THEN o.status ELSE 2 END".to_owned(),
    )
}

fn columns(table: &str, shifts: &Shifts) -> Vec<(&'static str, String)> {
    let json = |column: &'static str| (column, sql::json(&format!("o.{column}")));
    // An empty text is no name of anything, and would be the same for several rows.
    let name = |column: &'static str| (column, format!("NULLIF(o.{column}, '')"));
    let mut columns: Vec<(&'static str, String)> = times(shifts).into();
    columns.push(same("id"));
    columns.extend(match table {
        "user" => vec![
            ("gmt_login", shifts.utc("o.gmt_login")),
            same("name"),
            same("password"),
            same("role"),
            ("token", "NULL".to_owned()),
            ("token_valid", "FALSE".to_owned()),
            same("comment"),
            json("info"),
        ],
        "project" => vec![
            same("owner_id"),
            same("name"),
            same("comment"),
            json("config"),
            link_status(),
            same("peer_url"),
            name("peer_id"),
            json("peer_config"),
        ],
        "project_user_rel" => vec![same("project_id"), same("user_id")],
        "task_intra" => vec![
            same("project_id"),
            same("name"),
            same("version"),
            (
                "version_number",
                format!(
                    "ROW_NUMBER() OVER (PARTITION BY o.project_id, o.name COLLATE utf8mb4_bin ORDER BY {MADE}, o.id)"
                ),
            ),
            same("owner_id"),
            same("type"),
            same("token"),
            ("token_folded", "LOWER(RTRIM(o.token))".to_owned()),
            same("task_root"),
            same("comment"),
            json("config"),
            json("meta"),
        ],
        "task_inter" => vec![
            same("task_intra_id"),
            name("task_peer_id"),
            link_status(),
            same("comment"),
        ],
        _ => vec![
            same("owner_id"),
            same("task_intra_id"),
            same("name"),
            same("uri"),
            ("uri_tail", "SUBSTRING_INDEX(o.uri, '/', -1)".to_owned()),
            same("comment"),
            json("config"),
        ],
    });
    columns
}

/// The statement that copies a kept table; `from` may join others to its rows, which are called `o`.
pub(crate) fn insert(into: &str, columns: &[(&'static str, String)], from: &str, condition: &str) -> String {
    let names: Vec<String> = columns.iter().map(|(name, _)| format!("`{name}`")).collect();
    let values: Vec<&str> = columns.iter().map(|(_, value)| value.as_str()).collect();
    format!(
        "INSERT INTO {into} ({}) SELECT {} FROM {from} WHERE {condition}",
        names.join(", "),
        values.join(", ")
    )
}

async fn copy(tx: &DatabaseTransaction, table: &str, shifts: &Shifts) -> Result<(), DbErr> {
    let into = format!("`{table}`");
    // An earlier try may have come as far as this.
    sql::run(tx, &format!("DELETE FROM {into}"), Vec::new()).await?;
    let from = format!("{} o", Tables::KEPT.name(table));
    let copied = insert(&into, &columns(table, shifts), &from, &sql::is_usable(table, "o"));
    sql::run(tx, &copied, Vec::new()).await?;
    Ok(())
}

async fn make_partners(tx: &DatabaseTransaction, choices: &Choices, report: &Report) -> Result<(), DbErr> {
    let trust = match choices.unsigned {
        Unsigned::Accept => PartnerTrust::Base,
        Unsigned::Suspend => PartnerTrust::Suspended,
    };
    sql::run(tx, "DELETE FROM partner", Vec::new()).await?;
    for partner in &report.partners {
        let id = PartnerId::generate();
        let insert = "INSERT INTO partner (id, gmt_create, gmt_modified, name, address, trust) \
                      VALUES (?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), ?, ?, ?)";
        let (name, address) = (partner.name.as_str(), partner.address.as_str());
        let values = vec![
            id.as_str().into(),
            name.into(),
            address.into(),
            trust.number().into(),
        ];
        sql::run(tx, insert, values).await?;
        for project in &partner.projects {
            let assign = "UPDATE project SET partner_id = ?, peer_url = ? WHERE id = ?";
            sql::run(
                tx,
                assign,
                vec![id.as_str().into(), address.into(), project.as_str().into()],
            )
            .await?;
        }
    }
    Ok(())
}

async fn check_counts(db: &Db, report: &Report) -> Result<(), AdoptError> {
    for table in TABLES {
        let Some(expected) = report.taken.get(table).copied() else {
            continue;
        };
        let found = sql::count(db.reader(), &format!("SELECT COUNT(*) FROM `{table}`")).await?;
        if found != expected {
            return Err(AdoptError::Counts {
                table,
                expected,
                found,
            });
        }
    }
    Ok(())
}
