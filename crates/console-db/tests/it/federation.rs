//! What partners sent: commands and nonces.

use console_db::received_commands::{self, Received};
use console_db::{DbError, nonces};
use console_model::PartnerId;
use serde_json::{Value, json};

use crate::rows::id;
use crate::support::{Fixture, moment};

on_each!(commands the_newest_commands_of_each_partner_are_kept nonces_are_taken_once);

async fn commands(t: Fixture) {
    let db = t.db.writer();
    let (a, b): (PartnerId, PartnerId) = (id("a"), id("b"));
    let answer = json!({"code": 0, "data": {"id": "x", "none": null}});
    assert_eq!(
        received_commands::lookup(db, &a, "c1", "d1").await.unwrap(),
        Received::New
    );
    received_commands::insert(db, &a, "c1", "d1", answer.clone())
        .await
        .unwrap();
    let known = received_commands::lookup(db, &a, "c1", "d1").await.unwrap();
    assert_eq!(known, Received::Same(answer));
    assert_eq!(
        received_commands::lookup(db, &a, "c1", "d2").await.unwrap(),
        Received::Different
    );
    assert_eq!(
        received_commands::lookup(db, &b, "c1", "d1").await.unwrap(),
        Received::New
    );
    received_commands::insert(db, &b, "c1", "d1", Value::Null)
        .await
        .unwrap();
    let known = received_commands::lookup(db, &b, "c1", "d1").await.unwrap();
    assert_eq!(known, Received::Same(Value::Null));
    let twice = received_commands::insert(db, &a, "c1", "d1", json!(0)).await;
    assert!(matches!(twice, Err(DbError::Conflict(_))), "{twice:?}");
    let later = chrono::Utc::now() + chrono::TimeDelta::minutes(1);
    assert_eq!(received_commands::purge(db, moment(0), 10).await.unwrap(), 0);
    assert_eq!(received_commands::purge(db, later, 10).await.unwrap(), 2);
    assert_eq!(
        received_commands::lookup(db, &a, "c1", "d1").await.unwrap(),
        Received::New
    );
}

async fn the_newest_commands_of_each_partner_are_kept(t: Fixture) {
    let db = t.db.writer();
    let (busy, quiet): (PartnerId, PartnerId) = (id("a"), id("b"));
    for number in 0..12 {
        let command = format!("c{number:02}");
        received_commands::insert(db, &busy, &command, "d", json!(number))
            .await
            .unwrap();
        // The order is that of the times, which have microseconds.
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    received_commands::insert(db, &quiet, "c", "d", json!(0))
        .await
        .unwrap();
    let mut gone = 0;
    loop {
        let now = received_commands::keep_newest(db, 5, 3).await.unwrap();
        let Some((partner, now)) = now.into_iter().next() else {
            break;
        };
        assert_eq!(partner, busy.as_str());
        assert!((1..=3).contains(&now), "{now}");
        gone += now;
    }
    assert_eq!(gone, 7);
    let is_known = async |partner: &PartnerId, command: &str| {
        let found = received_commands::lookup(db, partner, command, "d")
            .await
            .unwrap();
        found != Received::New
    };
    assert!(!is_known(&busy, "c06").await);
    assert!(is_known(&busy, "c07").await);
    assert!(is_known(&quiet, "c").await);
}

async fn nonces_are_taken_once(t: Fixture) {
    let db = t.db.writer();
    let remember = async |key: &str, nonce: &str, ends: i64| {
        nonces::remember(db, key, nonce, moment(ends)).await.unwrap()
    };
    assert_eq!(remember("k1", "n", 10).await, nonces::Nonce::Fresh);
    assert_eq!(remember("k1", "n", 10).await, nonces::Nonce::Seen);
    assert_eq!(remember("k2", "n", 20).await, nonces::Nonce::Fresh);
    assert_eq!(remember("k1", "N", 20).await, nonces::Nonce::Fresh);
    let tx = t.db.begin().await.unwrap();
    let seen = nonces::remember(&tx, "k1", "n", moment(99)).await.unwrap();
    assert_eq!(seen, nonces::Nonce::Seen);
    let fresh = nonces::remember(&tx, "k1", "m", moment(99)).await.unwrap();
    assert_eq!(fresh, nonces::Nonce::Fresh, "a known nonce ends no transaction");
    tx.commit().await.unwrap();
    assert_eq!(remember("k1", "m", 20).await, nonces::Nonce::Seen);
    assert_eq!(nonces::purge(db, moment(10), 100).await.unwrap(), 1);
    assert_eq!(remember("k1", "n", 10).await, nonces::Nonce::Fresh);
    assert_eq!(remember("k2", "n", 10).await, nonces::Nonce::Seen);
}
