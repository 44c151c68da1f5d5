//! Looks at everything before anything is done.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use console_db::sea_orm::DatabaseConnection;
use console_db::{ConnectionTrait, DbErr};

use crate::findings::{by_condition, finding};
use crate::json_columns::{self, Unreadable};
use crate::report::{Finding, Kind, MAX_IDS, ProjectPlan};
use crate::sql::{self, TABLES, Tables};
use crate::task_configs::{self, Mapped};
use crate::zone::{self, Shifts};
use crate::{AdoptError, Choices, Report, Unsigned, partners};

/// What an adoption would do, and the values that it has to write as text.
pub(crate) async fn survey(
    db: &DatabaseConnection,
    tables: Tables,
    choices: &Choices,
) -> Result<(Report, Vec<Unreadable>), AdoptError> {
    let projects = partners::projects(db, tables, choices).await?;
    partners::refuse_wrong(&projects, choices)?;
    let shifts = shifts(db, tables, choices).await?;
    let mut findings = by_condition(db, tables, &shifts, &choices.bucket).await?;
    findings.extend(of_projects(&projects, choices));
    findings.extend(of_tasks(&task_configs::tasks(db, tables, choices).await?));
    let unreadable = json_columns::unreadable(db, tables).await?;
    findings.extend(of_json(&unreadable));
    findings.extend(no_root(db, tables).await?);
    findings.sort_by_key(|finding| finding.kind);
    let (mut rows, mut taken) = (BTreeMap::new(), BTreeMap::new());
    for table in TABLES {
        let Some(found) = count_if_there(db, tables, table).await? else {
            continue;
        };
        let left_out = findings
            .iter()
            .filter(|finding| finding.table == table && finding.kind == Kind::LeftOut);
        let left_out: u64 = left_out.map(|finding| finding.count).sum();
        rows.insert(table.to_owned(), found);
        taken.insert(table.to_owned(), found - left_out);
    }
    let report = Report {
        finished: false,
        time_zone: choices.zone.to_string(),
        rows,
        taken,
        partners: partners::partners(&projects, choices),
        projects,
        findings,
    };
    Ok((report, unreadable))
}

/// Refuses choices that name nothing, before anything is written.
pub(crate) async fn refuse_wrong_choices(
    db: &impl ConnectionTrait,
    tables: Tables,
    choices: &Choices,
) -> Result<(), AdoptError> {
    partners::refuse_wrong(&partners::projects(db, tables, choices).await?, choices)
}

/// The offsets of the zone over all the times of the database.
pub(crate) async fn shifts(
    db: &impl ConnectionTrait,
    tables: Tables,
    choices: &Choices,
) -> Result<Shifts, DbErr> {
    let columns = [
        ("user", "gmt_create"),
        ("user", "gmt_modified"),
        ("user", "gmt_login"),
        ("project", "gmt_create"),
        ("project", "gmt_modified"),
        ("task_intra", "gmt_create"),
        ("task_intra", "gmt_modified"),
        ("task_inter", "gmt_create"),
        ("task_inter", "gmt_modified"),
        ("resource", "gmt_create"),
        ("resource", "gmt_modified"),
        ("task_instance", "gmt_create"),
        ("task_instance", "gmt_modified"),
        ("task_instance", "gmt_start"),
        ("task_instance", "gmt_error"),
    ];
    let (mut least, mut most): (Option<NaiveDateTime>, Option<NaiveDateTime>) = (None, None);
    for (table, column) in columns {
        let real = format!("CASE WHEN {column} >= '1000-01-02' THEN {column} END");
        let query = format!("SELECT MIN({real}), MAX({real}) FROM {}", tables.name(table));
        for row in sql::rows(db, &query, Vec::new()).await? {
            let (from, until): (Option<NaiveDateTime>, Option<NaiveDateTime>) =
                (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            least = [least, from].into_iter().flatten().min();
            most = [most, until].into_iter().flatten().max();
        }
    }
    let (from, until) = zone::believed(least, most);
    Ok(choices.zone.shifts(from, until))
}

async fn count_if_there(
    db: &impl ConnectionTrait,
    tables: Tables,
    table: &str,
) -> Result<Option<u64>, DbErr> {
    let name = tables.name(table);
    let there =
        "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ";
    if sql::count(db, &format!("{there}'{}'", name.replace('`', ""))).await? == 0 {
        return Ok(None);
    }
    Ok(Some(
        sql::count(db, &format!("SELECT COUNT(*) FROM {name}")).await?,
    ))
}

/// A finding of some ids; none when there are none.
fn of_ids(code: &str, kind: Kind, table: &str, mut ids: Vec<String>, detail: &str) -> Option<Finding> {
    let count = ids.len() as u64;
    ids.truncate(MAX_IDS);
    (count > 0).then(|| finding(code, kind, table, count, ids, detail))
}

fn of_projects(projects: &[ProjectPlan], choices: &Choices) -> Vec<Finding> {
    let ids = |without: bool| {
        projects
            .iter()
            .filter(move |project| project.partner.is_none() == without)
    };
    let ids = |without| ids(without).map(|project| project.id.clone()).collect();
    let unsigned = match choices.unsigned {
        Unsigned::Accept => {
            "calls in the name of its partner are not signed and are answered, as the original did: whoever can reach this \
             console may speak in that name. Suspend the partner, or pair anew by invitation when it runs this console, too, and \
             assign the project to it"
        }
        Unsigned::Suspend => {
            "its partner is suspended: nothing is exchanged until an administrator resumes it"
        }
    };
    let without = "the address of its partner cannot be used: the project has no partner until one is assigned (`efls-console \
                   partner assign`)";
    [
        of_ids("no_partner", Kind::Attention, "project", ids(true), without),
        of_ids(
            "unsigned_partner",
            Kind::Attention,
            "project",
            ids(false),
            unsigned,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn of_tasks(tasks: &[Mapped]) -> Vec<Finding> {
    let (mut mapped, mut unmapped, mut other) = (Vec::new(), Vec::new(), Vec::new());
    for task in tasks {
        match task {
            Mapped::Cluster {
                id, unmapped: None, ..
            } => mapped.push(id.clone()),
            Mapped::Cluster {
                id,
                unmapped: Some(_),
                ..
            } => unmapped.push(id.clone()),
            Mapped::Other { id } => other.push(id.clone()),
        }
    }
    [
        of_ids(
            "kubeconfig",
            Kind::Attention,
            "task_intra",
            unmapped,
            "its config names a kubeconfig file (k8s_config) that no cluster was given for (--cluster FILE=NAME): it cannot be \
             started until its config names a cluster",
        ),
        of_ids(
            "no_job",
            Kind::Attention,
            "task_intra",
            other,
            "its config names no image: it belongs to the default engine, with its config as it was",
        ),
        of_ids(
            "cluster_job",
            Kind::Changed,
            "task_intra",
            mapped,
            "its config is one of the original's jobs on a cluster: it belongs to the Kubernetes engine",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn of_json(values: &[Unreadable]) -> Vec<Finding> {
    let mut columns: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for value in values {
        columns
            .entry((value.table, value.column))
            .or_default()
            .push(value.id.clone());
    }
    columns
        .into_iter()
        .filter_map(|((table, column), ids)| {
            let detail = format!("its {column} is no JSON: kept as text");
            of_ids("unreadable_json", Kind::Changed, table, ids, &detail)
        })
        .collect()
}

async fn no_root(db: &impl ConnectionTrait, tables: Tables) -> Result<Option<Finding>, DbErr> {
    let query = format!("SELECT COUNT(*) FROM {} o WHERE o.role = 0", tables.name("user"));
    let detail = "no account has the role root: make one with `efls-console user create NAME --role root`";
    let none = sql::count(db, &query).await? == 0;
    Ok(none.then(|| finding("no_root", Kind::Attention, "user", 0, Vec::new(), detail)))
}
