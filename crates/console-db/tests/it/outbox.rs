//! Messages to partners: order, leases, ends.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use console_db::outbox::{self, NewMessage, OutboxFilter};
use console_db::{Constraint, Db, DbError, Page, partners};
use console_model::{MessageId, MessageState, PartnerTrust};
use serde_json::json;

use crate::rows::{id, partner};
use crate::support::{Fixture, MINUTE, moment};

on_each!(first_of_each_queue everybody_gets_a_share leases_run_out retries operators_lists give_ups purges attempts_are_kept);

pub(crate) fn message(name: &str, partner: &str, ordering_key: &str) -> NewMessage {
    NewMessage {
        id: id(name),
        partner_id: id(partner),
        kind: "create_instance".to_owned(),
        ordering_key: ordering_key.to_owned(),
        payload: json!({"CreateInstance": {"instance": "😀", "none": null}}),
        request_id: Some("q1".to_owned()),
    }
}

/// A moment after anything that was queued so far.
pub(crate) fn soon() -> DateTime<Utc> {
    Utc::now() + TimeDelta::seconds(1)
}

async fn queue(db: &Db, messages: &[(&str, &str, &str)]) {
    for (name, partner, key) in messages {
        outbox::enqueue(db, message(name, partner, key)).await.unwrap();
    }
}

async fn lease(db: &Db, owner: &str, at: DateTime<Utc>) -> Vec<MessageId> {
    let leased = outbox::lease_due(db, owner, at, MINUTE, outbox::Room::of(10))
        .await
        .unwrap();
    leased.into_iter().map(|message| message.id).collect()
}

async fn first_of_each_queue(t: Fixture) {
    let db = t.db.writer();
    partners::insert(&t.db, partner("a", 0)).await.unwrap();
    let mut away = partner("s", 0);
    away.trust = PartnerTrust::Suspended;
    partners::insert(&t.db, away.clone()).await.unwrap();
    let mut numbers = Vec::new();
    for (name, key) in [("m1", "k1"), ("m2", "k1"), ("m3", "k2")] {
        numbers.push(outbox::enqueue(&t.db, message(name, "a", key)).await.unwrap());
    }
    assert!(
        numbers[0] > 0 && numbers[0] < numbers[1] && numbers[1] < numbers[2],
        "{numbers:?}"
    );
    queue(&t.db, &[("m4", "b", "k1"), ("m5", "s", "k1")]).await;
    let taken = outbox::enqueue(&t.db, message("m1", "b", "k9")).await;
    assert!(
        matches!(taken, Err(DbError::Conflict(Constraint::MessageId))),
        "{taken:?}"
    );

    assert!(
        lease(&t.db, "w1", moment(0)).await.is_empty(),
        "nothing is due before it was queued"
    );
    let at = soon();
    let leased = outbox::lease_due(&t.db, "w1", at, MINUTE, outbox::Room::of(10))
        .await
        .unwrap();
    let ids: Vec<&str> = leased.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(
        ids,
        ["m1", "m3", "m4"],
        "the first of each queue, none for a suspended partner"
    );
    assert_eq!(leased[0].payload, message("m1", "a", "k1").payload);
    assert_eq!(
        (leased[0].seq, leased[0].lease_owner.as_deref()),
        (numbers[0], Some("w1"))
    );
    assert_eq!(
        outbox::find(db, &id("m1")).await.unwrap().as_ref(),
        Some(&leased[0])
    );
    assert!(
        lease(&t.db, "w2", at).await.is_empty(),
        "held, and the second waits for the first"
    );

    outbox::delivered(&t.db, &id("m1")).await.unwrap();
    assert_eq!(lease(&t.db, "w2", at).await, ["m2"]);
    outbox::refused(&t.db, &id("m2"), "no", None).await.unwrap();
    let refused = outbox::find(db, &id("m2")).await.unwrap().unwrap();
    assert_eq!(refused.state, MessageState::Refused);
    assert_eq!(
        (refused.last_error.as_deref(), refused.lease_owner),
        (Some("no"), None)
    );
    outbox::delivered(&t.db, &id("m2")).await.unwrap();
    let still = outbox::find(db, &id("m2")).await.unwrap().unwrap();
    assert_eq!(
        still.state,
        MessageState::Refused,
        "what does not wait does not change"
    );
    assert_eq!(
        outbox::outstanding(db, &id("a"), "k1").await.unwrap().unwrap().id,
        "m2"
    );
    assert_eq!(outbox::outstanding(db, &id("a"), "none").await.unwrap(), None);

    away.trust = PartnerTrust::Paired;
    partners::save(&t.db, away).await.unwrap();
    assert_eq!(lease(&t.db, "w2", at).await, ["m5"]);
}

async fn everybody_gets_a_share(t: Fixture) {
    for number in 0..20 {
        queue(&t.db, &[(&format!("a{number:02}"), "a", &format!("k{number}"))]).await;
    }
    queue(&t.db, &[("b1", "b", "k"), ("c1", "c", "k")]).await;
    let room = outbox::Room {
        total: 7,
        to_one: 3,
        under_way: [(id("b"), 1), (id("c"), 3)].into(),
    };
    let leased = outbox::lease_due(&t.db, "w1", soon(), MINUTE, room)
        .await
        .unwrap();
    let ids: Vec<&str> = leased.iter().map(|message| message.id.as_str()).collect();
    assert_eq!(
        ids,
        ["a00", "a01", "a02"],
        "four were under way, three of them to c"
    );
    let room = outbox::Room {
        total: 100,
        to_one: 5,
        under_way: [(id("a"), 3)].into(),
    };
    let leased = outbox::lease_due(&t.db, "w1", soon(), MINUTE, room)
        .await
        .unwrap();
    let ids: Vec<&str> = leased.iter().map(|message| message.id.as_str()).collect();
    assert_eq!(
        ids,
        ["a03", "a04", "b1", "c1"],
        "those behind the many of a are not kept waiting"
    );
}

async fn leases_run_out(t: Fixture) {
    queue(&t.db, &[("m1", "a", "k1"), ("m2", "a", "k2")]).await;
    let at = soon();
    assert_eq!(lease(&t.db, "w1", at).await, ["m1", "m2"]);
    assert!(lease(&t.db, "w2", at + TimeDelta::seconds(59)).await.is_empty());
    let later = at + TimeDelta::seconds(60);
    assert_eq!(lease(&t.db, "w2", later).await, ["m1", "m2"], "taken over");
    let db = t.db.writer();
    assert_eq!(
        outbox::release_all(db, "w1").await.unwrap(),
        0,
        "they are the other's now"
    );
    assert_eq!(outbox::release_all(db, "w2").await.unwrap(), 2);
    assert_eq!(lease(&t.db, "w3", at).await, ["m1", "m2"]);
    let far = at + TimeDelta::minutes(9);
    let one = outbox::lease_due(&t.db, "w1", far, MINUTE, outbox::Room::of(1))
        .await
        .unwrap();
    assert_eq!(one.len(), 1, "the limit");
}

async fn retries(t: Fixture) {
    let db = t.db.writer();
    queue(&t.db, &[("m1", "a", "k1"), ("m2", "a", "k1")]).await;
    let at = soon();
    let later = at + TimeDelta::seconds(30);
    assert_eq!(lease(&t.db, "w1", at).await, ["m1"]);
    outbox::retry_later(&t.db, &id("m1"), &"é".repeat(2000), Some("busy"), later)
        .await
        .unwrap();
    assert!(
        lease(&t.db, "w1", at).await.is_empty(),
        "the head of the line keeps its place"
    );
    let row = outbox::find(db, &id("m1")).await.unwrap().unwrap();
    assert_eq!(row.last_error.unwrap().chars().count(), 1024);
    assert_eq!(row.last_error_code.as_deref(), Some("busy"));
    assert_eq!(lease(&t.db, "w1", later).await, ["m1"]);
    outbox::retry_now(&t.db, &id("m1")).await.unwrap();
    outbox::refused(&t.db, &id("m1"), "no", None).await.unwrap();
    assert_eq!(lease(&t.db, "w2", at).await, ["m2"]);
    outbox::delivered(&t.db, &id("m2")).await.unwrap();
    outbox::retry_now(&t.db, &id("m1")).await.unwrap();
    let again = outbox::find(db, &id("m1")).await.unwrap().unwrap();
    assert_eq!((again.state, again.done_at), (MessageState::Waiting, None));
    assert_eq!(lease(&t.db, "w2", soon()).await, ["m1"]);
    assert!(matches!(
        outbox::retry_now(&t.db, &id("m2")).await,
        Err(DbError::Stale)
    ));
    assert!(matches!(
        outbox::retry_now(&t.db, &id("m9")).await,
        Err(DbError::NotFound(_))
    ));
}

async fn operators_lists(t: Fixture) {
    let db = t.db.writer();
    partners::insert(&t.db, partner("a", 0)).await.unwrap();
    queue(&t.db, &[("m1", "a", "k1"), ("m2", "b", "k1"), ("m3", "a", "k2")]).await;
    outbox::delivered(&t.db, &id("m1")).await.unwrap();
    let ids = async |filter: OutboxFilter, page: outbox::SeqPage| {
        let list = outbox::list(db, &filter, &page).await.unwrap();
        list.into_iter()
            .map(|one| (one.row.id, one.partner_name))
            .collect::<Vec<_>>()
    };
    let all = ids(OutboxFilter::default(), Page::first(10)).await;
    let a = Some("Partner a 😀".to_owned());
    let expected = [("m3", a.clone()), ("m2", None), ("m1", a)];
    assert_eq!(all, expected.map(|(text, name)| (id(text), name)));
    let of_a = |state| OutboxFilter {
        partner: Some(id("a")),
        state,
    };
    assert_eq!(ids(of_a(None), Page::first(10)).await.len(), 2);
    assert_eq!(
        ids(of_a(Some(MessageState::Waiting)), Page::first(10)).await[0].0,
        "m3"
    );
    let newest = outbox::find(db, &id("m3")).await.unwrap().unwrap();
    assert_eq!(
        ids(OutboxFilter::default(), Page::after(1, newest.seq)).await[0].0,
        "m2"
    );
    assert_eq!(outbox::waiting(db).await.unwrap(), 2);
    let waiting = outbox::waiting_by_partner(db).await.unwrap();
    let counts: Vec<_> = waiting
        .iter()
        .map(|one| (one.partner_id.as_str(), one.messages))
        .collect();
    assert_eq!(counts, [("a", 1), ("b", 1)]);
    assert_eq!(waiting[0].oldest, newest.gmt_create);
}

async fn give_ups(t: Fixture) {
    let db = t.db.writer();
    queue(
        &t.db,
        &[
            ("m1", "a", "k1"),
            ("m2", "a", "k1"),
            ("m3", "a", "k2"),
            ("m4", "b", "k1"),
        ],
    )
    .await;
    outbox::give_up(&t.db, &id("m1")).await.unwrap();
    assert!(matches!(
        outbox::give_up(&t.db, &id("m1")).await,
        Err(DbError::Stale)
    ));
    assert!(matches!(
        outbox::give_up(&t.db, &id("m9")).await,
        Err(DbError::NotFound(_))
    ));
    assert_eq!(lease(&t.db, "w", soon()).await, ["m2", "m3", "m4"]);
    outbox::give_up_all(&t.db, &id("a"), "unpaired").await.unwrap();
    let row = outbox::find(db, &id("m2")).await.unwrap().unwrap();
    assert_eq!(
        (row.state, row.last_error.as_deref()),
        (MessageState::GivenUp, Some("unpaired"))
    );
    assert_eq!(outbox::waiting(db).await.unwrap(), 1);
}

async fn purges(t: Fixture) {
    let db = t.db.writer();
    queue(
        &t.db,
        &[
            ("m1", "a", "k1"),
            ("m2", "a", "k2"),
            ("m3", "a", "k3"),
            ("m4", "a", "k4"),
        ],
    )
    .await;
    for done in [id("m1"), id("m2")] {
        outbox::record_attempt(db, &done, moment(0), MINUTE, "delivered", None)
            .await
            .unwrap();
        outbox::delivered(&t.db, &done).await.unwrap();
    }
    outbox::refused(&t.db, &id("m3"), "no", None).await.unwrap();
    assert_eq!(
        outbox::purge_done(db, moment(0), 10).await.unwrap(),
        0,
        "not old enough"
    );
    assert_eq!(outbox::purge_done(db, soon(), 1).await.unwrap(), 1);
    assert_eq!(outbox::purge_done(db, soon(), 10).await.unwrap(), 1);
    assert_eq!(outbox::purge_done(db, soon(), 10).await.unwrap(), 0);
    assert!(outbox::attempts(db, &id("m1"), 10).await.unwrap().is_empty());
    assert!(
        outbox::find(db, &id("m3")).await.unwrap().is_some(),
        "what was refused stays"
    );
    assert!(
        outbox::find(db, &id("m4")).await.unwrap().is_some(),
        "what waits stays"
    );
}

async fn attempts_are_kept(t: Fixture) {
    queue(&t.db, &[("m1", "a", "k1"), ("m2", "a", "k1")]).await;
    let tx = t.db.begin().await.unwrap();
    outbox::record_attempt(&tx, &id("m2"), moment(0), MINUTE, "late", Some("timed out"))
        .await
        .unwrap();
    for n in 0..103_u64 {
        let took = Duration::from_millis(n);
        outbox::record_attempt(&tx, &id("m1"), moment(0), took, "unreachable", None)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    let db = t.db.reader();
    let kept = outbox::attempts(db, &id("m1"), 1000).await.unwrap();
    assert_eq!(
        (kept.len(), kept[0].duration_ms, kept[99].duration_ms),
        (100, 102, 3),
        "the newest"
    );
    assert_eq!(outbox::find(db, &id("m1")).await.unwrap().unwrap().attempts, 103);
    let other = outbox::attempts(db, &id("m2"), 10).await.unwrap();
    assert_eq!(other[0].error.as_deref(), Some("timed out"));
}
