//! What does not fit is refused, never cut off where it is a key.

use console_db::log_chunks::NewChunk;
use console_db::metrics::NewPoint;
use console_db::{
    DbBackend, DbError, DbResult, leases, log_chunks, metrics, nonces, outbox, projects, received_commands,
    results, settings, users,
};
use console_model::Role;
use serde_json::json;

use crate::outbox::message;
use crate::rows::{id, project, user};
use crate::support::{Fixture, MINUTE, moment};

on_each!(keys rows);

#[track_caller]
fn invalid<T: std::fmt::Debug>(done: DbResult<T>) {
    assert!(matches!(done, Err(DbError::Invalid(_))), "{done:?}");
}

async fn keys(t: Fixture) {
    let db = t.db.writer();
    let long = "ü".repeat(300);
    let fits = "ü".repeat(128);
    let i1 = id("i1");
    nonces::remember(db, &fits, &fits, moment(0)).await.unwrap();
    assert_eq!(
        nonces::remember(db, &fits, &fits, moment(0)).await.unwrap(),
        nonces::Nonce::Seen
    );
    invalid(nonces::remember(db, &long, "n", moment(0)).await);
    invalid(nonces::remember(db, "k", &long, moment(0)).await);
    invalid(nonces::remember(db, "k", "a\0b", moment(0)).await);
    invalid(settings::put(db, &long, &json!(1)).await);
    invalid(settings::get_or_put(db, &long, &json!(1)).await);
    invalid(results::put(db, &i1, 1, &long, &json!(1)).await);
    invalid(leases::acquire(db, &long, "w", moment(0), MINUTE).await);
    invalid(leases::acquire(db, "sweep", &long, moment(0), MINUTE).await);
    leases::acquire(db, "sweep", "w", moment(0), MINUTE)
        .await
        .unwrap();
    invalid(leases::acquire(db, "sweep", &long, moment(999), MINUTE).await);
    invalid(received_commands::insert(db, &id("a"), &long, "d", json!(1)).await);
    invalid(received_commands::insert(db, &id("a"), "c", &long, json!(1)).await);
    let point = NewPoint {
        name: long.clone(),
        step: 0,
        value: 0.0,
        at: moment(0),
    };
    invalid(metrics::insert(db, &i1, 1, &[point]).await);
    let mut new = message("m1", "a", "k");
    new.ordering_key = long.clone();
    invalid(outbox::enqueue(&t.db, new.clone()).await);
    new.ordering_key = "k".to_owned();
    new.kind = long.clone();
    invalid(outbox::enqueue(&t.db, new).await);
    let chunk = NewChunk {
        instance_id: i1,
        attempt: 1,
        chunk_no: 0,
        first_line: 0,
        line_count: 1,
        byte_count: 1,
        object_key: long,
        first_at: moment(0),
        last_at: moment(0),
    };
    invalid(log_chunks::insert(db, chunk).await);
}

/// Texts of operators are bounded before they come here; the servers refuse the rest, and SQLite keeps it whole.
async fn rows(t: Fixture) {
    let db = t.db.writer();
    let mut long = project("p1", "a", 0);
    long.name = Some("n".repeat(257));
    let done = projects::insert(&t.db, long.clone()).await;
    if t.backend() == DbBackend::Sqlite {
        done.unwrap();
        assert_eq!(projects::find(db, &id("p1")).await.unwrap(), Some(long));
    } else {
        invalid(done);
        assert_eq!(projects::find(db, &id("p1")).await.unwrap(), None);
        invalid(users::insert(&t.db, user("u1", &"ü".repeat(129), Role::Root, 0)).await);
    }
    users::insert(&t.db, user("u2", &"ü".repeat(128), Role::Root, 0))
        .await
        .unwrap();
}
