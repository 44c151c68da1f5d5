//! Task versions and their lists.

use console_db::entity::task_inter;
use console_db::{Constraint, Cursor, DbError, Page, pairings, projects, tasks};
use console_model::{PartnerId, ProjectId};

use crate::rows::{cooperation, id, pairing, project, task};
use crate::support::Fixture;

on_each!(versions lists tokens);

async fn versions(t: Fixture) {
    cooperation(&t.db).await;
    let db = t.db.writer();
    let p1: ProjectId = id("p1");
    let root = task("t1", "p1", "join", 0, true);
    let newer = task("t2", "p1", "join", 7, false);
    tasks::insert(&t.db, newer.clone()).await.unwrap();
    assert_eq!(tasks::find(db, &id("t1")).await.unwrap(), Some(root.clone()));
    assert_eq!(
        tasks::find_root(db, &p1, "join").await.unwrap(),
        Some(root.clone())
    );
    assert_eq!(tasks::find_root(db, &p1, "Join").await.unwrap(), None);
    let version = console_model::TaskVersion::parse(&newer.version).unwrap();
    assert_eq!(
        tasks::find_version(db, &p1, "join", &version).await.unwrap(),
        Some(newer.clone())
    );
    assert_eq!(tasks::newest(db, &p1, "join").await.unwrap(), Some(newer.clone()));
    assert_eq!(tasks::newest(db, &id("p2"), "join").await.unwrap(), None);
    assert_eq!(
        tasks::all_versions(db, &p1, "join").await.unwrap(),
        [root, newer.clone()]
    );
    let taken = tasks::insert(&t.db, task("t3", "p1", "join", 7, false)).await;
    assert!(
        matches!(taken, Err(DbError::Conflict(Constraint::TaskVersion))),
        "{taken:?}"
    );
    let mut changed = newer.clone();
    changed.meta = changed.config.take();
    changed.engine = None;
    let changed = tasks::save(&t.db, changed).await.unwrap();
    assert_eq!(tasks::find(db, &id("t2")).await.unwrap(), Some(changed));
    assert!(matches!(tasks::save(&t.db, newer).await, Err(DbError::Stale)));

    let listed = tasks::versions(db, &p1, "join", true, &Page::first(1))
        .await
        .unwrap();
    assert_eq!(listed[0].row.id, "t2");
    assert_eq!(listed[0].pairing, None);
    let cursor = Cursor {
        at: listed[0].row.gmt_create,
        id: "t2".to_owned(),
    };
    let rest = tasks::versions(db, &p1, "join", true, &Page::after(5, cursor))
        .await
        .unwrap();
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0].pairing, Some(listed_pairing("r1", "t1")));
}

/// A list leaves out what may be large.
fn listed_pairing(pairing_id: &str, task: &str) -> task_inter::Model {
    task_inter::Model {
        peer_meta: None,
        peer_settings: None,
        ..pairing(pairing_id, task)
    }
}

async fn lists(t: Fixture) {
    cooperation(&t.db).await;
    let db = t.db.writer();
    let p1: ProjectId = id("p1");
    assert!(
        tasks::list_roots(db, &id("none"), false, &Page::first(5))
            .await
            .unwrap()
            .is_empty()
    );
    tasks::insert(&t.db, task("t2", "p1", "join", 7, false))
        .await
        .unwrap();
    tasks::insert(&t.db, task("t3", "p1", "join", 9, false))
        .await
        .unwrap();
    tasks::insert(&t.db, task("t4", "p1", "train 😀", 0, true))
        .await
        .unwrap();
    tasks::insert(&t.db, task("t5", "p1", "Join", 5, true))
        .await
        .unwrap();
    tasks::insert(&t.db, task("t6", "p2", "join", 99, true))
        .await
        .unwrap();
    pairings::insert(&t.db, pairing("r3", "t3")).await.unwrap();

    let list = tasks::list_roots(db, &p1, false, &Page::first(10)).await.unwrap();
    let order: Vec<&str> = list.iter().map(|one| one.root.id.as_str()).collect();
    assert_eq!(order, ["t5", "t4", "t1"]);
    let join = &list[2];
    assert_eq!(join.versions, 3);
    assert!(
        list.iter()
            .all(|one| (&one.root.config, &one.root.meta) == (&None, &None))
    );
    assert_eq!(join.newest.as_ref().unwrap().id, "t3");
    assert_eq!(join.newest_pairing, Some(listed_pairing("r3", "t3")));
    assert_eq!(join.root_pairing, Some(listed_pairing("r1", "t1")));
    let alone = &list[1];
    assert_eq!((alone.versions, alone.root_pairing.as_ref()), (1, None));
    assert_eq!(alone.newest.as_ref(), Some(&alone.root));
    let cursor = Cursor {
        at: list[1].root.gmt_create,
        id: "t4".to_owned(),
    };
    let rest = tasks::list_roots(db, &p1, false, &Page::after(10, cursor))
        .await
        .unwrap();
    assert_eq!(rest, list[2..], "of one moment, behind the cursor");
}

async fn tokens(t: Fixture) {
    cooperation(&t.db).await;
    let db = t.db.writer();
    let (a, b): (PartnerId, PartnerId) = (id("a"), id("b"));
    projects::insert(&t.db, project("p2", "b", 0)).await.unwrap();
    let mut other = task("t2", "p2", "join", 0, true);
    tasks::insert(&t.db, other.clone()).await.unwrap();
    for (name, token) in [("case", "token join"), ("space", "Token join ")] {
        other.id = id(name);
        other.name = name.to_owned();
        other.project_id = id("p1");
        other.token = Some(token.to_owned());
        other.token_folded = Some(console_model::fold(token));
        tasks::insert(&t.db, other.clone()).await.unwrap();
    }
    let found = tasks::roots_with_token(db, &a, "Token join").await.unwrap();
    assert_eq!(
        found,
        [(task("t1", "p1", "join", 0, true), project("p1", "a", 0))],
        "exactly"
    );
    let found = tasks::roots_with_token(db, &b, "Token join").await.unwrap();
    assert_eq!(found[0].0.id, "t2");
    assert!(
        tasks::roots_with_token(db, &id("c"), "Token join")
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        tasks::roots_with_folded_token(db, "token join")
            .await
            .unwrap()
            .len(),
        4
    );
    let mut with = tasks::partners_with_token(db, "Token join").await.unwrap();
    with.sort();
    assert_eq!(with, ["a", "b"]);
}
