//! On the servers, too, a deep page of runs reads as few rows as the first: counted, since their plans are texts of
//! their own. SQLite's plans are in `plans`.

use console_db::instances::{self, InstanceFilter};
use console_db::sea_orm::{ConnectionTrait, Statement};
use console_db::{Cursor, DbBackend, Page, Tx, naive};
use console_model::InstanceStatus as Status;

use crate::rows::{cooperation, id};
use crate::support::{Fixture, Kind, moment, run};

const RUNS: i64 = 20_000;
const LIMIT: u64 = 20;

/// Writes runs by one statement, three a second. All states are as frequent, but for the one that is stopping: the
/// oldest.
async fn write_runs(t: &Fixture) {
    let at = match t.backend() {
        DbBackend::MySql => "TIMESTAMP('2026-01-01 00:00:00') + INTERVAL FLOOR(n / 3) SECOND",
        _ => "timestamp '2026-01-01 00:00:00' + (n / 3) * interval '1 second'",
    };
    let digits = (1..10).fold("SELECT 0 AS d".to_owned(), |all, d| {
        format!("{all} UNION ALL SELECT {d}")
    });
    let numbers = format!(
        "SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d AS n \
         FROM ({digits}) a, ({digits}) b, ({digits}) c, ({digits}) e, ({digits}) f"
    );
    t.run(&format!(
        "INSERT INTO task_instance (id, gmt_create, gmt_modified, task_intra_id, task_inter_id, task_peer_id, \
         project_id, partner_id, status) \
         SELECT 'i' || (100000 + n), {at}, {at}, 't1', 'r1', 'x', 'p1', 'a', CASE WHEN n = 0 THEN 13 \
         WHEN n % 4 = 0 THEN 1 WHEN n % 4 = 1 THEN 3 WHEN n % 4 = 2 THEN 4 ELSE 6 END \
         FROM ({numbers}) numbers WHERE n < {RUNS}"
    ))
    .await;
    t.run(match t.backend() {
        DbBackend::MySql => "ANALYZE TABLE task_instance",
        _ => "ANALYZE task_instance",
    })
    .await;
}

/// How many rows this transaction's session has read so far: on PostgreSQL of the runs, on MariaDB of all tables and
/// the counter itself.
async fn rows_read(tx: &Tx) -> i64 {
    let backend = tx.get_database_backend();
    let sql = match backend {
        DbBackend::MySql => "SHOW SESSION STATUS LIKE 'Handler_read%'",
        _ => {
            "SELECT 'all', (seq_tup_read + COALESCE(idx_tup_fetch, 0))::text FROM pg_stat_xact_user_tables \
             WHERE relname = 'task_instance'"
        }
    };
    let mut sum = 0;
    for row in tx
        .query_all_raw(Statement::from_string(backend, sql))
        .await
        .unwrap()
    {
        sum += row.try_get_by_index::<String>(1).unwrap().parse::<i64>().unwrap();
    }
    sum
}

fn filters() -> Vec<InstanceFilter> {
    let mut all = Vec::new();
    for statuses in [
        vec![],
        vec![Status::Failed],
        vec![Status::Stopping],
        vec![Status::Running, Status::Failed, Status::Stopping],
    ] {
        for (project, task) in [(None, None), (Some(id("p1")), None), (None, Some(id("t1")))] {
            all.push(InstanceFilter {
                project,
                task,
                statuses: statuses.clone(),
                ..InstanceFilter::default()
            });
        }
    }
    all
}

async fn deep_pages(t: Fixture) {
    cooperation(&t.db).await;
    write_runs(&t).await;
    for filter in filters() {
        for seconds in [RUNS / 3 + 1, RUNS / 6, 20] {
            let page = Page::after(
                LIMIT,
                Cursor {
                    at: naive(moment(seconds)),
                    id: "z".to_owned(),
                },
            );
            let tx = t.db.begin().await.unwrap();
            let start = rows_read(&tx).await;
            let counting = rows_read(&tx).await - start;
            let found = instances::list(&tx, &filter, &page).await.unwrap();
            let read = rows_read(&tx).await - start - 2 * counting;
            assert!(!found.is_empty(), "{filter:?}");
            // Each row has three others joined; of several states, each gives a page, which is read three times over.
            let most = i64::try_from(LIMIT).unwrap() * 4 * 4;
            assert!(read <= most, "{read} rows read at second {seconds}: {filter:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deep_pages_cost_the_same_on_mysql() {
    run(Kind::MySql, deep_pages).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deep_pages_cost_the_same_on_postgres() {
    run(Kind::Postgres, deep_pages).await;
}
