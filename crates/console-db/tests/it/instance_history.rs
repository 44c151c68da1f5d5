//! What the history of a run tells of both halves.

use console_db::entity::instance_event;
use console_db::instances::{self, Heard, Told};
use console_db::{Page, partners, users};
use console_model::{HistorySide, InstanceId, InstanceStatus as Status, Role};

use crate::rows::{change, id, instance, partner, user};
use crate::support::Fixture;

on_each!(partners_word who_did_it when_ours_began);

async fn partners_word(t: Fixture) {
    let db = t.db.writer();
    let i1: InstanceId = id("i1");
    instances::insert(&t.db, instance("i1", Status::Running, 0))
        .await
        .unwrap();
    instances::note_partner(&t.db, &i1, None).await.unwrap();
    let row = instances::find(db, &i1).await.unwrap().unwrap();
    assert!(row.partner_seen_at.is_some() && row.partner_status.is_none() && row.partner_detail.is_none());
    instances::note_partner(&t.db, &i1, Some(Status::Starting))
        .await
        .unwrap();
    let failure = Told {
        detail: Some("no such column"),
        detail_zh: Some("没有该列"),
        failure_code: Some("column_missing"),
        retryable: Some(false),
    };
    let hear = async |seq: i64, status: Status| {
        let told = match status {
            Status::Failed => failure,
            _ => Told::default(),
        };
        instances::hear_partner(&t.db, &i1, seq, 1, status, &told)
            .await
            .unwrap()
    };
    assert_eq!(hear(2, Status::Running).await, Heard::News);
    assert_eq!(hear(2, Status::Running).await, Heard::Known);
    assert_eq!(hear(1, Status::Starting).await, Heard::Known);
    assert_eq!(hear(3, Status::Failed).await, Heard::News);
    let row = instances::find(db, &i1).await.unwrap().unwrap();
    assert_eq!(
        (row.partner_status, row.partner_seq, row.partner_attempt),
        (Some(4), 3, 1)
    );
    assert_eq!(
        (row.partner_detail.as_deref(), row.partner_detail_zh.as_deref()),
        (failure.detail, failure.detail_zh)
    );
    assert_eq!(
        (row.partner_failure_code.as_deref(), row.partner_retryable),
        (failure.failure_code, failure.retryable)
    );
    // An answer in passing says less than an announcement, and is no entry of the history any more.
    instances::note_partner(&t.db, &i1, Some(Status::Stopped))
        .await
        .unwrap();
    // What was said of the failure does not go with another state.
    let row = instances::find(db, &i1).await.unwrap().unwrap();
    assert_eq!((row.partner_failure_code, row.partner_retryable), (None, None));
    instances::note_gone(&t.db, &i1).await.unwrap();
    instances::note_gone(&t.db, &i1).await.unwrap();
    let events = instances::events(db, &i1, &Page::first(10)).await.unwrap();
    let theirs: Vec<_> = events
        .iter()
        .filter(|one| one.row.side == HistorySide::Partner)
        .map(|one| {
            (
                one.row.from_status,
                one.row.to_status,
                one.row.reason_detail_zh.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        theirs,
        [
            (None, 12, None),
            (Some(12), 3, None),
            (Some(3), 4, Some("没有该列")),
            (Some(5), instance_event::DELETED, None)
        ]
    );
}

async fn who_did_it(t: Fixture) {
    users::insert(&t.db, user("u1", "Anna", Role::Root, 0))
        .await
        .unwrap();
    partners::insert(&t.db, partner("a", 0)).await.unwrap();
    let made = instances::insert(&t.db, instance("i1", Status::Ready, 0))
        .await
        .unwrap();
    let mut theirs = change(Status::Ready, Status::Starting);
    (theirs.actor_kind, theirs.actor) = ("partner", Some("a".to_owned()));
    let row = instances::transition(&t.db, made, theirs).await.unwrap();
    let mut by_itself = change(Status::Starting, Status::Running);
    (by_itself.actor_kind, by_itself.actor) = ("engine", None);
    instances::transition(&t.db, row, by_itself).await.unwrap();
    let events = instances::events(t.db.reader(), &id("i1"), &Page::first(10))
        .await
        .unwrap();
    let names: Vec<_> = events
        .iter()
        .map(|one| (one.user_name.as_deref(), one.partner_name.as_deref()))
        .collect();
    assert_eq!(
        names,
        [(Some("Anna"), None), (None, Some("Partner a 😀")), (None, None)]
    );
}

async fn when_ours_began(t: Fixture) {
    let db = t.db.reader();
    let i1: InstanceId = id("i1");
    let made = instances::insert(&t.db, instance("i1", Status::Ready, 0))
        .await
        .unwrap();
    instances::hear_partner(&t.db, &i1, 1, 1, Status::Starting, &Told::default())
        .await
        .unwrap();
    assert_eq!(instances::attempt_began(db, &i1, 1).await.unwrap(), None);
    let starts = change(Status::Ready, Status::Starting);
    let at = starts.at;
    instances::transition(&t.db, made, starts).await.unwrap();
    let began = instances::attempt_began(db, &i1, 1).await.unwrap();
    assert_eq!(began, Some(console_db::naive(at)));
}
