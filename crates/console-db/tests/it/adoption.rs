//! Databases that the original console made, and an empty one: the migrations keep every row.

use chrono::Utc;
use console_db::{DbBackend, Page, instances, pairings, projects, resources, tasks, users};
use console_model::{InstanceStatus, LinkStatus, Role};
use sea_orm_migration::MigratorTrait as _;
use serde_json::{Value, json};

use crate::rows::{id, project, user};
use crate::support::{Fixture, Kind, MINUTE, run_empty};

/// The rows as the original writes them: JSON columns hold a JSON string whose text is JSON, the text `null`, or NULL.
const ROWS: [(&str, &str); 12] = [
    (
        "project (id, gmt_create, gmt_modified, owner_id, name, comment, config, status, peer_url, peer_id, peer_config)",
        r#"'p1', '2023-04-05 06:07:08', '2023-04-05 06:07:09', '-1', NULL, NULL, '"{\"a\": \"😀\"}"', 1, 'http://b', 'x', 'null'"#,
    ),
    (
        "project (id, owner_id, name, config, peer_url, peer_config)",
        r#"'p2', 'u1', '😀 ''quoted''', NULL, '', '{"a": [1]}'"#,
    ),
    (
        "project (id, gmt_modified, owner_id, name, status, config, peer_url, peer_id)",
        r#"'p3', '2024-01-01 00:00:00', 'u1', '', 2, '"no json"', 'http://b', 'y'"#,
    ),
    (
        "task_intra (id, gmt_create, project_id, name, version, owner_id, type, token, task_root, config, meta)",
        r#"'t1', '2023-04-05 06:07:08', 'p1', 'join', '20230405140708', 'u1', 1, 'TokEN ', TRUE, '"{\"b\": \"c\\nd\"}"', 'null'"#,
    ),
    (
        "task_intra (id, project_id, name, version, owner_id, type, task_root)",
        "'t2', 'p1', 'join', '20230405140709', 'u1', 0, FALSE",
    ),
    (
        "task_inter (id, task_intra_id, task_peer_id, status)",
        "'r1', 't1', 'z', 1",
    ),
    ("task_inter (id, task_intra_id)", "'r2', 'gone'"),
    (
        "task_instance (id, gmt_create, task_intra_id, task_inter_id, task_peer_id, instance_peer_id, gmt_start, status, message, error)",
        r#"'i1', '2023-04-05 06:07:08', 't1', 'r1', 'z', 'w', '2023-04-05 06:08:00', 3, '"{\"progress\": 1}"', 'null'"#,
    ),
    (
        "task_instance (id, task_intra_id, task_inter_id, task_peer_id)",
        "'i2', 'gone', 'gone', 'gone'",
    ),
    (
        "resource (id, owner_id, task_intra_id, name, uri, config)",
        r#"'o1', 'u1', 't1', '', 'http://minio:9000/alifl/a b.csv', '"{}"'"#,
    ),
    (
        "user (id, gmt_create, gmt_login, name, password, role, token, token_valid, info)",
        r#"'u1', '2023-04-05 06:07:08', '2023-04-05 06:07:08', '', 'pbkdf2:sha256:260000$s$h', 9, 'signed', TRUE, '{"mail": null}'"#,
    ),
    ("project_user_rel (project_id, user_id)", "'p1', 'u1'"),
];

async fn insert(t: &Fixture) {
    let mysql = t.backend() == DbBackend::MySql;
    for (table, values) in ROWS {
        // `user` is a reserved word, and MySQL reads a backslash as the start of an escape.
        let (name, columns) = table.split_once(' ').unwrap();
        let sql = if mysql {
            format!(
                "INSERT INTO `{name}` {columns} VALUES ({})",
                values.replace('\\', "\\\\")
            )
        } else {
            format!("INSERT INTO \"{name}\" {columns} VALUES ({values})")
        };
        t.run(&sql).await;
    }
}

async fn check(t: &Fixture) {
    let db = t.db.reader();
    let seconds = |text: &str| chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap();
    let p1 = projects::find(db, &id("p1")).await.unwrap().unwrap();
    assert_eq!(p1.config, Some(json!(r#"{"a": "😀"}"#)), "still a string");
    assert_eq!(p1.peer_config.unwrap_or(Value::Null), Value::Null);
    assert_eq!(
        (p1.name, p1.owner_id.as_str(), p1.status),
        (None, "-1", LinkStatus::Ready)
    );
    assert_eq!(
        (p1.gmt_create, p1.gmt_modified),
        (seconds("2023-04-05 06:07:08"), seconds("2023-04-05 06:07:09"))
    );
    assert_eq!((p1.generation, p1.partner_id, p1.archived_at), (1, None, None));
    let p2 = projects::find(db, &id("p2")).await.unwrap().unwrap();
    assert_eq!(
        (p2.name.as_deref(), p2.config, p2.status),
        (Some("😀 'quoted'"), None, LinkStatus::Draft)
    );
    assert_eq!(p2.peer_config, Some(json!({"a": [1]})));
    assert_eq!(
        (p2.gmt_create, p2.gmt_modified),
        (seconds("1970-01-01 00:00:00"), seconds("1970-01-01 00:00:00"))
    );
    let p3 = projects::find(db, &id("p3")).await.unwrap().unwrap();
    assert_eq!(
        (p3.name.as_deref(), p3.config),
        (Some(""), Some(json!("no json")))
    );
    assert_eq!(p3.gmt_create, seconds("2024-01-01 00:00:00"));

    let t1 = tasks::find(db, &id("t1")).await.unwrap().unwrap();
    assert_eq!(t1.config, Some(json!(r#"{"b": "c\nd"}"#)));
    assert_eq!(
        (t1.token_folded.as_deref(), t1.task_root, t1.engine),
        (Some("token"), true, None)
    );
    let t2 = tasks::find(db, &id("t2")).await.unwrap().unwrap();
    assert_eq!((t2.token_folded, t2.task_root, t2.generation), (None, false, 1));
    let r2 = pairings::find(db, &id("r2")).await.unwrap().unwrap();
    assert_eq!(
        (r2.status, r2.generation, r2.initiated_here),
        (LinkStatus::Draft, 1, true)
    );
    let i1 = instances::find(db, &id("i1")).await.unwrap().unwrap();
    assert_eq!(
        (i1.project_id.clone(), i1.status, i1.attempt, i1.initiator),
        (Some(id("p1")), InstanceStatus::Running, 1, true)
    );
    assert_eq!((i1.partner_seq, i1.partner_attempt, i1.generation), (0, 0, 1));
    assert_eq!(i1.message, Some(json!(r#"{"progress": 1}"#)));
    assert_eq!(i1.task_root_id, Some(id("t1")));
    let i2 = instances::find(db, &id("i2")).await.unwrap().unwrap();
    assert_eq!(
        (i2.project_id, i2.task_root_id, i2.status),
        (None, None, InstanceStatus::Draft)
    );
    let listed = instances::list(db, &instances::InstanceFilter::default(), &Page::first(9))
        .await
        .unwrap();
    assert_eq!(listed.len(), 2);
    let o1 = resources::find(db, &id("o1")).await.unwrap().unwrap();
    assert_eq!((o1.name.as_deref(), o1.config), (Some(""), Some(json!("{}"))));
    assert_eq!(o1.uri_tail.as_deref(), Some("a b.csv"));
    let u1 = users::find_by_name(db, "").await.unwrap().unwrap();
    assert_eq!(
        (u1.role, u1.info, u1.generation),
        (Role::Unknown(9), Some(json!({"mail": null})), 1)
    );
    assert_eq!(t.number("SELECT COUNT(*) FROM project_user_rel").await, 1);
}

/// What the original's own tables would not have allowed.
async fn newly_allowed(t: &Fixture) {
    let db = t.db.writer();
    for name in ["Anna", "anna"] {
        users::insert(&t.db, user(name, name, Role::Default, 1))
            .await
            .unwrap();
        assert_eq!(
            users::find(db, &id(name)).await.unwrap(),
            Some(user(name, name, Role::Default, 1))
        );
    }
    let mut theirs = project("p9", "b", 1);
    theirs.peer_id = Some("x".to_owned());
    projects::insert(&t.db, theirs.clone()).await.unwrap();
    assert_eq!(projects::find(db, &id("p9")).await.unwrap(), Some(theirs));
}

async fn apply_twice(t: &Fixture) {
    assert!(!migration::pending(t.db.writer()).await.unwrap().is_empty());
    migration::apply(t.db.writer()).await.unwrap();
    check(t).await;
    assert!(migration::pending(t.db.writer()).await.unwrap().is_empty());
    migration::apply(t.db.writer()).await.unwrap();
    check(t).await;
    newly_allowed(t).await;
}

async fn from_base(t: Fixture) {
    migration::Migrator::up(t.db.writer(), Some(1)).await.unwrap();
    insert(&t).await;
    apply_twice(&t).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_survive_on_sqlite() {
    run_empty(Kind::Sqlite, from_base).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_survive_on_mysql() {
    run_empty(Kind::MySql, from_base).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_survive_on_postgres() {
    run_empty(Kind::Postgres, from_base).await;
}

async fn from_original(t: Fixture) {
    for statement in include_str!("original-schema.sql").split(";\n") {
        if !statement.trim().is_empty() {
            t.run(statement).await;
        }
    }
    insert(&t).await;
    // Whatever is not asked to adopt it refuses it, and leaves it as it was.
    let tables = t.number(TABLES).await;
    assert!(migration::is_original(t.db.writer()).await.unwrap());
    let refused = migration::apply(t.db.writer()).await.unwrap_err();
    assert!(matches!(refused, migration::ApplyError::Original), "{refused}");
    assert!(!migration::pending(t.db.writer()).await.unwrap().is_empty());
    assert_eq!(t.number(TABLES).await, tables);
    // An earlier release left the migrations' own table behind when it only looked.
    t.run("CREATE TABLE seaql_migrations (version varchar(255) PRIMARY KEY, applied_at bigint NOT NULL)")
        .await;
    assert!(migration::is_original(t.db.writer()).await.unwrap());

    migration::apply_to_any(t.db.writer()).await.unwrap();
    assert!(!migration::is_original(t.db.writer()).await.unwrap());
    check(&t).await;
    nobody_claims_its_runs(&t).await;
    newly_allowed(&t).await;
}

const TABLES: &str = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()";

/// No engine of ours has the runs of the original, so nothing here starts, polls or ends them.
async fn nobody_claims_its_runs(t: &Fixture) {
    t.run("UPDATE task_instance SET status = 12 WHERE id = 'i2'")
        .await;
    let everybody = instances::LeftOut::default();
    let claimed = instances::claim_engines(
        &t.db,
        "console",
        InstanceStatus::WITH_ENGINE,
        Utc::now(),
        MINUTE,
        10,
        &everybody,
    );
    assert_eq!(claimed.await.unwrap(), []);
    let running = [InstanceStatus::Running, InstanceStatus::Starting];
    assert_eq!(
        instances::due(t.db.reader(), &running, Utc::now(), 10)
            .await
            .unwrap(),
        []
    );
    t.run("UPDATE task_instance SET status = 0 WHERE id = 'i2'").await;
}

/// A first migration that was killed on MySQL is not taken for the original.
async fn killed_at_first(t: Fixture) {
    t.run("CREATE TABLE seaql_migrations (version varchar(255) PRIMARY KEY, applied_at bigint NOT NULL)")
        .await;
    for statement in include_str!("original-schema.sql").split(";\n") {
        if !statement.trim().is_empty() {
            t.run(statement).await;
        }
    }
    assert!(!migration::is_original(t.db.writer()).await.unwrap());
    migration::apply(t.db.writer()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_migration_that_was_killed_is_continued() {
    run_empty(Kind::MySql, killed_at_first).await;
}

/// The original knows no other database.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_the_original_is_adopted() {
    run_empty(Kind::MySql, from_original).await;
}

/// A migration that was killed: everything it did not come to is done by the next.
async fn killed_half_way(t: Fixture) {
    migration::Migrator::up(t.db.writer(), Some(1)).await.unwrap();
    insert(&t).await;
    t.run("ALTER TABLE project ADD COLUMN partner_id varchar(64) NULL")
        .await;
    t.run("CREATE INDEX ix_project_created ON project (gmt_create, id)")
        .await;
    t.run("CREATE TABLE lease (name varchar(128) PRIMARY KEY, owner varchar(64) NOT NULL, expires_at timestamp NOT NULL)")
        .await;
    apply_twice(&t).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_migration_is_continued_on_sqlite() {
    run_empty(Kind::Sqlite, killed_half_way).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_migration_is_continued_on_mysql() {
    run_empty(Kind::MySql, killed_half_way).await;
}
