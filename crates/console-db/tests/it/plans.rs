//! Lists cost the same on the first page and on page 50,000: each is served by an index, in its order.

use std::sync::Mutex;

use console_db::sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, Statement,
};
use console_db::{
    Cursor, Page, instances, log_chunks, metrics, naive, outbox, partners, projects, resources, sessions,
    stored_files, tasks, users,
};
use console_model::{InstanceStatus as Status, MessageState};

use crate::rows::{cooperation, id};
use crate::support::{Fixture, Kind, moment, run};

/// A connection that notes how SQLite answers each query.
struct Explained<'a> {
    db: &'a DatabaseConnection,
    steps: Mutex<Vec<String>>,
}

impl Explained<'_> {
    async fn explain(&self, query: &Statement) -> Result<(), DbErr> {
        let mut explain = query.clone();
        explain.sql = format!("EXPLAIN QUERY PLAN {}", query.sql);
        for row in self.db.query_all_raw(explain).await? {
            let step: String = row.try_get("", "detail")?;
            self.steps.lock().unwrap().push(step);
        }
        Ok(())
    }

    /// The steps since the last look; none of them reads a whole table.
    #[track_caller]
    fn steps(&self) -> Vec<String> {
        let steps = std::mem::take(&mut *self.steps.lock().unwrap());
        assert!(!steps.is_empty());
        for step in &steps {
            let whole = step.starts_with("SCAN") && !step.contains("USING") && !step.contains("of_");
            assert!(!whole, "{steps:#?}");
        }
        steps
    }

    /// The steps since the last look; rows come in order, too.
    #[track_caller]
    fn in_order(&self, index: &str) {
        let steps = self.steps();
        assert!(
            steps.iter().all(|step| !step.contains("TEMP B-TREE")),
            "{steps:#?}"
        );
        assert!(
            steps.iter().any(|step| step.contains(&format!("INDEX {index}"))),
            "{steps:#?}"
        );
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Explained<'_> {
    fn get_database_backend(&self) -> DbBackend {
        self.db.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.explain(&statement).await?;
        self.db.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.db.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, query: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.explain(&query).await?;
        self.db.query_one_raw(query).await
    }

    async fn query_all_raw(&self, query: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.explain(&query).await?;
        self.db.query_all_raw(query).await
    }
}

fn pages() -> [Page; 2] {
    let deep = Cursor {
        at: naive(moment(9)),
        id: "i".to_owned(),
    };
    [Page::first(50), Page::after(50, deep)]
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_of_runs_follow_an_index() {
    run(Kind::Sqlite, lists_of_runs).await;
}

async fn lists_of_runs(t: Fixture) {
    let conn = Explained {
        db: t.db.reader(),
        steps: Mutex::default(),
    };
    let project = Some(id("p1"));
    let task = Some(id("t1"));
    for page in pages() {
        for (project, task, root, one, any) in [
            (
                None,
                None,
                None,
                "ix_task_instance_status_created",
                "ix_task_instance_created",
            ),
            (
                project.clone(),
                None,
                None,
                "ix_task_instance_project_status",
                "ix_task_instance_project_created",
            ),
            (
                None,
                task.clone(),
                None,
                "ix_task_instance_task_status",
                "ix_task_instance_task_created",
            ),
            (
                None,
                None,
                task.clone(),
                "ix_task_instance_root_status",
                "ix_task_instance_root_created",
            ),
        ] {
            let mut filter = instances::InstanceFilter {
                project,
                task,
                task_root: root,
                ..Default::default()
            };
            instances::list(&conn, &filter, &page).await.unwrap();
            conn.in_order(any);
            filter.created_from = Some(moment(-99));
            filter.created_before = Some(moment(99));
            instances::list(&conn, &filter, &page).await.unwrap();
            conn.in_order(any);
            // SQLite knows no numbers of rows here, and may take the index of the state, which is in order, too.
            filter.statuses = vec![Status::Failed];
            instances::list(&conn, &filter, &page).await.unwrap();
            conn.in_order("ix_task_instance_");
            (filter.created_from, filter.created_before) = (None, None);
            instances::list(&conn, &filter, &page).await.unwrap();
            conn.in_order(one);
            filter.statuses = vec![Status::Failed, Status::Running];
            instances::list(&conn, &filter, &page).await.unwrap();
            let steps = conn.steps();
            let parts = steps
                .iter()
                .filter(|step| step.contains(&format!("INDEX {one}")))
                .count();
            assert_eq!(parts, 2, "each state from its index: {steps:#?}");
            let sorts = steps
                .iter()
                .filter(|step| step.contains("TEMP B-TREE FOR ORDER"))
                .count();
            assert_eq!(sorts, 1, "only what the parts gave is sorted: {steps:#?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_lists_follow_an_index() {
    run(Kind::Sqlite, other_lists).await;
}

async fn other_lists(t: Fixture) {
    // A list that asks again for what it found must find something.
    cooperation(&t.db).await;
    let conn = Explained {
        db: t.db.reader(),
        steps: Mutex::default(),
    };
    for page in pages() {
        projects::list(&conn, &projects::ProjectFilter::default(), &page)
            .await
            .unwrap();
        conn.in_order("ix_project_created");
        partners::list(&conn, &page).await.unwrap();
        conn.in_order("ix_partner_created");
        users::list(&conn, &page).await.unwrap();
        conn.in_order("ix_user_created");
        tasks::list_roots(&conn, &id("p1"), false, &page).await.unwrap();
        conn.steps();
    }
    let waiting = outbox::OutboxFilter {
        partner: None,
        state: Some(MessageState::Waiting),
    };
    for page in [Page::first(50), Page::after(50, 7)] {
        outbox::list(&conn, &waiting, &page).await.unwrap();
        conn.in_order("ix_outbox_message_state");
    }
    let of_one = outbox::OutboxFilter {
        partner: Some(id("a")),
        ..waiting
    };
    outbox::list(&conn, &of_one, &Page::first(50)).await.unwrap();
    conn.in_order("ix_outbox_message_partner_state");
    sessions::find(&conn, "s", moment(0)).await.unwrap();
    conn.steps();
    tasks::partners_with_token(&conn, "token").await.unwrap();
    conn.steps();
    projects::find_of_partner(&conn, &id("a"), "x").await.unwrap();
    conn.steps();
    resources::used_uris(&conn, &["a.csv", "b.csv"]).await.unwrap();
    assert!(conn.steps()[0].contains("INDEX ix_resource_uri_tail"));
    resources::with_tail_of(&conn, "a.csv").await.unwrap();
    assert!(conn.steps()[0].contains("INDEX ix_resource_uri_tail"));
    stored_files::bytes_of(&conn, &id("u1")).await.unwrap();
    assert!(conn.steps()[0].contains("COVERING INDEX ix_stored_file_owner"));
    instances::briefs(&conn, &[&id("i1"), &id("i2")]).await.unwrap();
    conn.steps();
    metrics::counts(&conn, &id("i1"), 1, Some(5)).await.unwrap();
    conn.in_order("uk_metric_point");
    instances::find_by_peer_id(&conn, "x").await.unwrap();
    conn.steps();
    log_chunks::older(&conn, moment(0), 100).await.unwrap();
    conn.in_order("ix_log_chunk_last_at");
    log_chunks::before(&conn, &id("i1"), 1, Some(9), 16)
        .await
        .unwrap();
    conn.in_order("uk_log_chunk");
    instances::due(&conn, &[Status::Running, Status::Starting], moment(0), 100)
        .await
        .unwrap();
    let steps = conn.steps();
    assert!(
        steps.iter().any(|step| step.contains("ix_task_instance_watch")),
        "{steps:#?}"
    );
    instances::outlived(&conn, moment(0), moment(0), 100)
        .await
        .unwrap();
    let steps = conn.steps();
    assert!(
        steps
            .iter()
            .any(|step| step.contains("ix_task_instance_partner_end")),
        "{steps:#?}"
    );
}
