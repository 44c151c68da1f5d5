//! Profiles of tables: claims, what they end in, what is deleted.

use console_db::table_profiles::{self as profiles, NewProfile, ProfileState, Progress};
use serde_json::json;

use crate::support::{Fixture, MINUTE, moment};

on_each!(claims deletion);

fn profile<'a>(id: &'a str, content: &'a str) -> NewProfile<'a> {
    NewProfile {
        id,
        content,
        object_name: "table.csv",
        settings: json!({}),
        size: 1 << 40,
    }
}

async fn claims(t: Fixture) {
    let db = t.db.writer();
    for id in ["a", "a", "b"] {
        profiles::insert(db, profile(id, "c")).await.unwrap();
    }
    assert_eq!(profiles::count_waiting(db).await.unwrap(), 2);
    let claim = async |owner: &str, at: i64| {
        let won = profiles::claim(db, owner, moment(at), MINUTE).await.unwrap();
        won.map(|row| (row.id, row.attempts))
    };
    assert_eq!(claim("w1", 0).await, Some(("a".to_owned(), 1)), "oldest first");
    assert_eq!(claim("w2", 1).await, Some(("b".to_owned(), 1)));
    assert_eq!(claim("w1", 59).await, None);
    let progress = Progress {
        bytes: 1 << 33,
        rows: 7,
    };
    let held = profiles::note_progress(db, "a", "w1", progress, (moment(59), MINUTE)).await;
    assert!(held.unwrap());
    assert_eq!(claim("w3", 61).await, Some(("b".to_owned(), 2)), "ran out");
    let late = profiles::note_progress(db, "b", "w2", progress, (moment(62), MINUTE)).await;
    assert!(!late.unwrap());
    profiles::note_made(db, "b", "w2", json!({"rows": 0}))
        .await
        .unwrap();
    profiles::note_failed(db, "b", "w3", ("no table", Some("不是表")))
        .await
        .unwrap();
    profiles::note_made(db, "a", "w1", json!({"rows": 9}))
        .await
        .unwrap();
    let made = profiles::find(db, "a").await.unwrap().unwrap();
    assert_eq!(
        (made.state, made.found, made.bytes_read, made.rows_read),
        (ProfileState::Made, Some(json!({"rows": 9})), 1 << 33, 7)
    );
    let failed = profiles::find(db, "b").await.unwrap().unwrap();
    assert_eq!(
        (failed.state, failed.found, failed.failure_zh.as_deref()),
        (ProfileState::Failed, None, Some("不是表"))
    );
    assert_eq!(claim("w1", 999).await, None);
}

async fn deletion(t: Fixture) {
    let db = t.db.writer();
    for (id, content) in [("a", "c"), ("b", "c"), ("d", "e")] {
        profiles::insert(db, profile(id, content)).await.unwrap();
    }
    profiles::keep_newest(db, "c", 1).await.unwrap();
    assert_eq!(profiles::count_waiting(db).await.unwrap(), 2);
    profiles::delete(db, Some("e"), "other.csv").await.unwrap();
    assert_eq!(profiles::count_waiting(db).await.unwrap(), 1);
    profiles::delete(db, None, "table.csv").await.unwrap();
    assert_eq!(profiles::count_waiting(db).await.unwrap(), 0);
}
