//! What is looked for in the original's rows by a condition in SQL.

use console_db::{ConnectionTrait, DbErr};

use crate::report::{Finding, Kind, MAX_IDS};
use crate::sql::{self, Tables};
use crate::zone::Shifts;

/// Several runs name the same run of the partner.
pub(crate) const REPEATED_RUN: &str = "same_partner_run";

/// One thing that is looked for; the row is called `o` in its condition.
struct Question {
    code: &'static str,
    kind: Kind,
    table: &'static str,
    condition: String,
    detail: &'static str,
}

fn ask(
    code: &'static str,
    kind: Kind,
    table: &'static str,
    condition: impl Into<String>,
    detail: &'static str,
) -> Question {
    let condition = condition.into();
    Question {
        code,
        kind,
        table,
        condition,
        detail,
    }
}

/// Everything that is found by a condition.
pub(crate) async fn by_condition(
    db: &impl ConnectionTrait,
    tables: Tables,
    shifts: &Shifts,
    bucket: &str,
) -> Result<Vec<Finding>, DbErr> {
    let mut questions = unusable();
    questions.extend(orphans(tables));
    questions.extend(states(tables));
    questions.extend(people(tables));
    questions.extend(tasks_and_resources(tables, bucket));
    questions.extend(times(shifts));
    let mut findings = Vec::new();
    for question in questions {
        findings.extend(answer(db, tables, question).await?);
    }
    Ok(findings)
}

async fn answer(
    db: &impl ConnectionTrait,
    tables: Tables,
    question: Question,
) -> Result<Option<Finding>, DbErr> {
    let Question {
        code,
        kind,
        table,
        condition,
        detail,
    } = question;
    let from = format!("FROM {} o WHERE {condition}", tables.name(table));
    let ids = sql::texts(
        db,
        &format!("SELECT o.id {from} ORDER BY o.id LIMIT {MAX_IDS}"),
        Vec::new(),
    )
    .await?;
    if ids.is_empty() {
        return Ok(None);
    }
    let count = match ids.len() {
        MAX_IDS => sql::count(db, &format!("SELECT COUNT(*) {from}")).await?,
        all => all as u64,
    };
    Ok(Some(finding(code, kind, table, count, ids, detail)))
}

/// Puts a finding together.
pub(crate) fn finding(
    code: &str,
    kind: Kind,
    table: &str,
    count: u64,
    ids: Vec<String>,
    detail: &str,
) -> Finding {
    Finding {
        code: code.to_owned(),
        kind,
        table: table.to_owned(),
        count,
        ids,
        detail: detail.to_owned(),
    }
}

fn unusable() -> Vec<Question> {
    let detail = "an id that no address can hold, or in tasks a type that is neither 0 nor 1";
    let tables = [
        "user",
        "project",
        "task_intra",
        "task_inter",
        "resource",
        "task_instance",
    ];
    let of = |table| {
        let condition = format!("NOT ({})", sql::is_usable(table, "o"));
        ask("unusable", Kind::LeftOut, table, condition, detail)
    };
    tables.into_iter().map(of).collect()
}

fn missing(tables: Tables, table: &str, column: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM {} x WHERE x.id = o.{column})",
        tables.name(table)
    )
}

fn orphans(tables: Tables) -> Vec<Question> {
    let gone = |table: &'static str, parent: &str, column: &str, detail| {
        ask(
            "orphan",
            Kind::Attention,
            table,
            missing(tables, parent, column),
            detail,
        )
    };
    vec![
        gone(
            "task_intra",
            "project",
            "project_id",
            "the project was deleted; the task is kept and not shown",
        ),
        gone(
            "task_inter",
            "task_intra",
            "task_intra_id",
            "the task was deleted; the pairing is kept and nothing uses it",
        ),
        gone(
            "resource",
            "task_intra",
            "task_intra_id",
            "the task was deleted; the resource is kept and nothing uses it",
        ),
        ask(
            "orphan",
            Kind::Attention,
            "task_instance",
            format!(
                "({} OR {})",
                missing(tables, "task_intra", "task_intra_id"),
                missing(tables, "task_inter", "task_inter_id")
            ),
            "the task or its pairing was deleted; the run can be read and deleted, not started",
        ),
    ]
}

fn states(tables: Tables) -> Vec<Question> {
    let runs = tables.name("task_instance");
    let told = "status 0: the partner had not been told when the original stopped, and is not told by this console; ask again \
                or delete it";
    let closed = "a status that the original does not know: taken as closed";
    vec![
        ask(
            "not_told",
            Kind::Attention,
            "project",
            "COALESCE(o.status, 0) = 0",
            told,
        ),
        ask(
            "not_told",
            Kind::Attention,
            "task_inter",
            "COALESCE(o.status, 0) = 0",
            told,
        ),
        ask(
            "not_told",
            Kind::Attention,
            "task_instance",
            "COALESCE(o.status, 0) = 0",
            told,
        ),
        ask(
            "unknown_status",
            Kind::Changed,
            "project",
            "o.status NOT BETWEEN 0 AND 2",
            closed,
        ),
        ask(
            "unknown_status",
            Kind::Changed,
            "task_inter",
            "o.status NOT BETWEEN 0 AND 2",
            closed,
        ),
        ask(
            "unknown_status",
            Kind::Changed,
            "task_instance",
            "o.status NOT BETWEEN 0 AND 6",
            "a status that the original does not know: taken as lost",
        ),
        ask(
            "running",
            Kind::Changed,
            "task_instance",
            "o.status = 3",
            "was running: becomes lost with its output kept. Its job may still run on the cluster, where nobody watches it: look \
             there before it is started again",
        ),
        ask(
            REPEATED_RUN,
            Kind::Changed,
            "task_instance",
            is_repeated(&runs),
            "several runs name the same run of the partner: the newest keeps the name, the others are left without",
        ),
    ]
}

/// The condition that a run names the same run of the partner as a newer one. The names that occur twice are found in an index first:
/// mostly there are none.
pub(crate) fn is_repeated(runs: &str) -> String {
    let age = |row: &str| format!("(COALESCE({row}.gmt_create, '1970-01-01'), {row}.id)");
    format!(
        "o.instance_peer_id IN (SELECT twice.name FROM (SELECT x.instance_peer_id AS name FROM {runs} x \
         WHERE x.instance_peer_id <> '' GROUP BY x.instance_peer_id HAVING COUNT(*) > 1) twice) \
         AND EXISTS (SELECT 1 FROM {runs} x WHERE x.instance_peer_id = o.instance_peer_id AND {} > {})",
        age("x"),
        age("o")
    )
}

fn people(tables: Tables) -> Vec<Question> {
    let owner = "the owner's account is gone: an administrator can name another owner";
    vec![
        ask(
            "unknown_role",
            Kind::Attention,
            "user",
            "o.role NOT BETWEEN 0 AND 2",
            "a role that the original does not know: may sign in and has no rights until an administrator gives a role",
        ),
        ask(
            "empty_name",
            Kind::Attention,
            "user",
            "TRIM(o.name) = ''",
            "an account with an empty name: nobody can sign in with it until it is renamed",
        ),
        ask(
            "unknown_password",
            Kind::Attention,
            "user",
            "o.password NOT LIKE 'pbkdf2:sha256:%$%$%'",
            "the stored password is of no known form: nobody can sign in until a new one is given (`efls-console user \
             reset-password`)",
        ),
        ask(
            "session",
            Kind::Changed,
            "user",
            "o.token IS NOT NULL OR o.token_valid",
            "a session of the original: ended. The password stays",
        ),
        ask(
            "new_from_partner",
            Kind::Attention,
            "project",
            "o.owner_id = '-1'",
            "made by a partner and not taken by anybody here: an administrator names and takes it",
        ),
        ask(
            "owner_gone",
            Kind::Attention,
            "project",
            format!("o.owner_id <> '-1' AND {}", missing(tables, "user", "owner_id")),
            owner,
        ),
        ask(
            "owner_gone",
            Kind::Attention,
            "task_intra",
            missing(tables, "user", "owner_id"),
            owner,
        ),
    ]
}

fn tasks_and_resources(tables: Tables, bucket: &str) -> Vec<Question> {
    let tasks = tables.name("task_intra");
    let bucket = bucket.replace('\'', "''");
    vec![
        ask(
            "no_first_version",
            Kind::Attention,
            "task_intra",
            format!(
                "NOT o.task_root AND NOT EXISTS (SELECT 1 FROM {tasks} x WHERE x.project_id = o.project_id AND x.name = o.name \
                 AND x.task_root)"
            ),
            "a version whose first version was deleted: not shown in the list of tasks",
        ),
        ask(
            "same_token",
            Kind::Attention,
            "task_intra",
            format!(
                "o.task_root AND o.token <> '' AND EXISTS (SELECT 1 FROM {tasks} x WHERE x.token = o.token AND x.task_root AND \
                 x.id <> o.id)"
            ),
            "another task has the same token: a partner's request by this token may be refused; change one of them",
        ),
        ask(
            "other_bucket",
            Kind::Attention,
            "resource",
            // Whatever stands before the bucket is no longer true, and is not looked at.
            format!("COALESCE(SUBSTRING_INDEX(SUBSTRING_INDEX(o.uri, '/', 4), '/', -1), '') <> '{bucket}'"),
            "the URI does not name an object of the configured bucket (storage.bucket): given to engines as it is",
        ),
    ]
}

fn times(shifts: &Shifts) -> Vec<Question> {
    let columns: [(&'static str, &[&str]); 6] = [
        ("user", &["gmt_create", "gmt_modified", "gmt_login"]),
        ("project", &["gmt_create", "gmt_modified"]),
        ("task_intra", &["gmt_create", "gmt_modified"]),
        ("task_inter", &["gmt_create", "gmt_modified"]),
        ("resource", &["gmt_create", "gmt_modified"]),
        (
            "task_instance",
            &["gmt_create", "gmt_modified", "gmt_start", "gmt_error"],
        ),
    ];
    let mut questions = Vec::new();
    for (table, columns) in columns {
        questions.push(ask(
            "no_time",
            Kind::Changed,
            table,
            "o.gmt_create IS NULL",
            "has no time of creation: takes that of its last change, or the beginning of 1970",
        ));
        let uncertain: Option<Vec<String>> = columns
            .iter()
            .map(|column| shifts.uncertain(&format!("o.{column}")))
            .collect();
        if let Some(uncertain) = uncertain {
            questions.push(ask(
                "uncertain_time",
                Kind::Changed,
                table,
                uncertain.join(" OR "),
                "a time in an hour that the clock went through twice, or skipped: taken as the earlier, or moved on",
            ));
        }
    }
    questions
}
