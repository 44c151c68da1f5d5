//! Runs: changes of status, reports, claims, deletion.

use console_db::instances::{self, Facts, StateChange};
use console_db::sea_orm::ActiveValue::Set;
use console_db::{Constraint, DbError, Page, channel_positions, metrics, naive, results};
use console_model::{InstanceId, InstanceStatus as Status, StopCause};
use serde_json::{Value, json};

use crate::rows::{change, cooperation, id, instance};
use crate::support::{Fixture, MINUTE, moment};

on_each!(transitions no_other_way new_attempts finders links reports outlived claims deletion);

async fn transitions(t: Fixture) {
    let db = t.db.writer();
    let i1: InstanceId = id("i1");
    let made = instances::insert(&t.db, instance("i1", Status::Ready, 0))
        .await
        .unwrap();
    assert_eq!(instances::find(db, &i1).await.unwrap().as_ref(), Some(&made));
    let start = change(Status::Ready, Status::Running);
    let started = instances::transition(&t.db, made.clone(), start).await.unwrap();
    assert_eq!((started.status_seq, started.generation), (1, 2));
    assert_eq!(started.gmt_start, Some(naive(moment(60))));
    let late = instances::transition(&t.db, made, change(Status::Ready, Status::Stopped)).await;
    assert!(matches!(late, Err(DbError::Stale)), "{late:?}");
    let stop = StateChange {
        stop_cause: Some(StopCause::PartnerFailed),
        reason: Some(console_model::RunReason::said("r".repeat(3000))),
        ..change(Status::Running, Status::Stopping)
    };
    let stopping = instances::transition(&t.db, started, stop).await.unwrap();
    let fail = StateChange {
        error: Some(json!({"kind": "partner", "text": "😀"})),
        ..change(Status::Stopping, Status::Failed)
    };
    let failed = instances::transition(&t.db, stopping, fail).await.unwrap();
    let stored = instances::find(db, &i1).await.unwrap().unwrap();
    assert_eq!(stored, failed, "what is given is what is stored");
    assert_eq!(failed.stop_cause, Some(StopCause::PartnerFailed.number()));
    assert_eq!(failed.stop_reason.as_ref().unwrap().len(), 1024);
    assert!(failed.gmt_error.is_some() && failed.gmt_end.is_some() && failed.error.is_some());

    let events = instances::events(db, &i1, &Page::first(10)).await.unwrap();
    let steps: Vec<_> = events
        .iter()
        .map(|one| (one.row.from_status, one.row.to_status))
        .collect();
    assert_eq!(steps, [(None, 1), (Some(1), 3), (Some(3), 13), (Some(13), 4)]);
    assert_eq!(events[0].row.request_id.as_deref(), Some("q1"));
    let rest = instances::events(db, &i1, &Page::after(1, events[1].row.id))
        .await
        .unwrap();
    assert_eq!(rest, events[2..3]);

    instances::set_comment(&t.db, &failed, Some("seen"))
        .await
        .unwrap();
    let late = instances::set_comment(&t.db, &failed, None).await;
    assert!(matches!(late, Err(DbError::Stale)), "{late:?}");
    let row = instances::find(db, &i1).await.unwrap().unwrap();
    assert_eq!(
        (row.comment.as_deref(), row.status, row.generation),
        (Some("seen"), Status::Failed, 5)
    );
}

/// The general way to change a row leaves the columns alone that have a writer of their own.
async fn no_other_way(t: Fixture) {
    let db = t.db.writer();
    let made = instances::insert(&t.db, instance("i1", Status::Ready, 0))
        .await
        .unwrap();
    let changes = console_db::entity::task_instance::ActiveModel {
        status: Set(Status::Running),
        attempt: Set(7),
        status_seq: Set(7),
        comment: Set(Some("c".to_owned())),
        ..Default::default()
    };
    let generation = console_db::update_where_generation(&t.db, "i1", 1, changes.clone())
        .await
        .unwrap();
    let row = instances::find(db, &id("i1")).await.unwrap().unwrap();
    assert_eq!((row.generation, row.comment.as_deref()), (generation, Some("c")));
    assert_eq!((row.status, row.attempt, row.status_seq), (made.status, 1, 0));
    let late = console_db::update_where_generation(&t.db, "i1", 1, changes).await;
    assert!(matches!(late, Err(DbError::Stale)), "{late:?}");
}

async fn claim(t: &Fixture, owner: &str) {
    let lease = std::time::Duration::from_secs(60);
    let everybody = instances::LeftOut::default();
    let claimed = instances::claim_engines(
        &t.db,
        owner,
        Status::WITH_ENGINE,
        chrono::Utc::now(),
        lease,
        1,
        &everybody,
    );
    assert_eq!(claimed.await.unwrap().len(), 1);
}

async fn new_attempts(t: Fixture) {
    let db = t.db.writer();
    let i1: InstanceId = id("i1");
    let row = instances::insert(&t.db, instance("i1", Status::Running, 0))
        .await
        .unwrap();
    instances::set_progress(&t.db, &i1, 1, 0.5, ("half", None))
        .await
        .unwrap();
    claim(&t, "one").await;
    let handle = json!({"pid": 7});
    assert!(instances::set_handle(db, &i1, 1, "one", &handle).await.unwrap());
    let other = instances::set_handle(db, &i1, 1, "other", &json!(0)).await;
    assert!(!other.unwrap(), "who has lost its claim is not heard");
    let stored = instances::find(db, &i1).await.unwrap().unwrap();
    assert_eq!(stored.engine_handle, Some(handle));
    let fail = StateChange {
        error: Some(Value::Null),
        ..change(Status::Running, Status::Failed)
    };
    let row = instances::transition(&t.db, row, fail).await.unwrap();
    let again = StateChange {
        attempt: 2,
        ..change(Status::Failed, Status::Starting)
    };
    instances::transition(&t.db, row, again).await.unwrap();
    let row = instances::find(db, &i1).await.unwrap().unwrap();
    assert_eq!(
        (row.attempt, row.status_seq, row.status),
        (2, 2, Status::Starting)
    );
    assert!(row.error.is_none() && row.gmt_error.is_none() && row.gmt_end.is_none());
    assert!(row.progress.is_none() && row.progress_text.is_none() && row.engine_handle.is_none());
    instances::set_progress(&t.db, &i1, 1, 0.9, ("late", None))
        .await
        .unwrap();
    let late = instances::set_handle(db, &i1, 1, "one", &json!(0)).await;
    assert!(!late.unwrap());
    let same = instances::find(db, &i1).await.unwrap().unwrap();
    assert_eq!(same, row, "a report of the attempt before is not heard");
}

async fn finders(t: Fixture) {
    let db = t.db.writer();
    let mut theirs = instance("i1", Status::Ready, 2);
    theirs.instance_peer_id = Some("x".to_owned());
    theirs.initiator = false;
    instances::insert(&t.db, theirs.clone()).await.unwrap();
    theirs.id = id("i2");
    let taken = instances::insert(&t.db, theirs.clone()).await;
    assert!(
        matches!(taken, Err(DbError::Conflict(Constraint::InstancePeer))),
        "{taken:?}"
    );
    theirs.partner_id = Some(id("b"));
    theirs.at = moment(1);
    theirs.status = Status::Running;
    instances::insert(&t.db, theirs).await.unwrap();
    let found = instances::find_of_partner(db, &id("a"), "x")
        .await
        .unwrap()
        .unwrap();
    assert!(found.id == "i1" && !found.initiator);
    assert_eq!(instances::find_of_partner(db, &id("c"), "x").await.unwrap(), None);
    assert_eq!(instances::find_by_peer_id(db, "x").await.unwrap().len(), 2);
    let mut knowing = instances::partners_knowing(db, &id("x")).await.unwrap();
    knowing.sort();
    assert_eq!(knowing, ["a", "b"]);
    assert!(instances::any_of_pairing(db, &id("r1")).await.unwrap());
    assert!(!instances::any_of_pairing(db, &id("r2")).await.unwrap());
    let states = [Status::Ready, Status::Running];
    let due = async |at: i64, limit: u64| -> Vec<InstanceId> {
        let found = instances::due(db, &states, moment(at), limit).await.unwrap();
        found.into_iter().map(|row| row.id).collect()
    };
    assert_eq!(due(0, 10).await.len(), 2, "nobody was asked yet");
    instances::watch_at(db, &[id("i1")], moment(20)).await.unwrap();
    instances::watch_at(db, &[id("i2")], moment(10)).await.unwrap();
    assert_eq!(due(9, 10).await, Vec::<InstanceId>::new());
    assert_eq!(due(10, 10).await, ["i2"]);
    assert_eq!(
        due(20, 10).await,
        ["i2", "i1"],
        "the one that waits longest first"
    );
    assert_eq!(due(20, 1).await, ["i2"]);
    instances::watch_by(db, &id("a"), &states, moment(15))
        .await
        .unwrap();
    instances::watch_by(db, &id("b"), &states, moment(15))
        .await
        .unwrap();
    assert_eq!(due(15, 10).await.len(), 2);
    assert_eq!(due(14, 10).await, ["i2"], "what is due before stays so");
    assert!(instances::due(db, &[], moment(20), 10).await.unwrap().is_empty());
}

async fn links(t: Fixture) {
    cooperation(&t.db).await;
    let db = t.db.writer();
    let mut theirs = instance("i1", Status::Ready, 2);
    theirs.instance_peer_id = Some("x".to_owned());
    instances::insert(&t.db, theirs).await.unwrap();
    let row = instances::insert(&t.db, instance("i3", Status::Draft, 3))
        .await
        .unwrap();
    let conflict = instances::link(&t.db, row.clone(), &id("x")).await;
    assert!(
        matches!(conflict, Err(DbError::Conflict(Constraint::InstancePeer))),
        "{conflict:?}"
    );
    let linked = instances::link(&t.db, row.clone(), &id("y")).await.unwrap();
    let stored = instances::find(db, &id("i3")).await.unwrap().unwrap();
    assert_eq!(stored.instance_peer_id.as_deref(), Some("y"));
    assert_eq!(stored, linked);
    let late = instances::link(&t.db, row, &id("z")).await;
    assert!(matches!(late, Err(DbError::Stale)), "{late:?}");
    let listed = instances::find_listed(db, &id("i3")).await.unwrap().unwrap();
    assert_eq!(listed.row, stored);
    assert_eq!(
        (listed.task_name.as_deref(), listed.task_type),
        (Some("join"), Some(1))
    );
    assert_eq!(listed.project_name.as_deref(), Some("Project p1"));
    assert_eq!(instances::find_listed(db, &id("none")).await.unwrap(), None);
}

async fn reports(t: Fixture) {
    let db = t.db.writer();
    let i1: InstanceId = id("i1");
    let made = instances::insert(&t.db, instance("i1", Status::Running, 0))
        .await
        .unwrap();
    instances::set_progress(&t.db, &i1, 1, 1.5, (&"ü".repeat(600), None))
        .await
        .unwrap();
    claim(&t, "one").await;
    instances::set_handle(db, &i1, 1, "one", &json!(["pod", 1]))
        .await
        .unwrap();
    instances::set_facts(&t.db, &i1, 1, Facts::default())
        .await
        .unwrap();
    let facts = Facts {
        message: Some(json!("text")),
        gmt_start: Some(naive(moment(1))),
        ..Facts::default()
    };
    instances::set_facts(&t.db, &i1, 1, facts).await.unwrap();
    let facts = Facts {
        error: Some(json!({"a": 1})),
        gmt_error: Some(naive(moment(2))),
        ..Facts::default()
    };
    instances::set_facts(&t.db, &i1, 1, facts).await.unwrap();
    instances::note_gone(&t.db, &i1).await.unwrap();
    let row = instances::find(db, &i1).await.unwrap().unwrap();
    assert_eq!(row.progress, Some(1.0));
    assert_eq!(row.progress_text.as_ref().unwrap().chars().count(), 512);
    assert_eq!(
        (row.message.as_ref(), row.error.as_ref()),
        (Some(&json!("text")), Some(&json!({"a": 1})))
    );
    assert_eq!(row.engine_handle, Some(json!(["pod", 1])));
    assert_eq!(
        (row.gmt_start, row.gmt_error),
        (Some(naive(moment(1))), Some(naive(moment(2))))
    );
    assert_eq!(
        row.generation, made.generation,
        "a report disturbs nobody who changes the row"
    );
    assert!(row.gone_at.is_some());
    instances::note_gone(&t.db, &i1).await.unwrap();
    let same = instances::find(db, &i1).await.unwrap().unwrap();
    assert_eq!(same.gone_at, row.gone_at, "the first time counts");
    instances::set_progress(&t.db, &i1, 1, f64::NAN, ("", None))
        .await
        .unwrap();
    assert_eq!(instances::find(db, &i1).await.unwrap().unwrap().progress, None);
}

/// Ended here at moment 60, while the partner's half said this last.
async fn ended(t: &Fixture, name: &str, partner: Option<Status>) {
    let db = &t.db;
    let row = instances::insert(db, instance(name, Status::Running, 0))
        .await
        .unwrap();
    instances::transition(db, row, change(Status::Running, Status::Succeeded))
        .await
        .unwrap();
    instances::note_partner(db, &id(name), partner).await.unwrap();
}

async fn outlived(t: Fixture) {
    let db = t.db.writer();
    for (name, partner) in [
        ("draft", Some(Status::Draft)),
        ("ready", Some(Status::Ready)),
        ("running", Some(Status::Running)),
        ("ended", Some(Status::Succeeded)),
        ("unknown", None),
        ("gone", Some(Status::Running)),
    ] {
        ended(&t, name, partner).await;
    }
    instances::note_gone(&t.db, &id("gone")).await.unwrap();
    instances::insert(&t.db, instance("runs", Status::Running, 0))
        .await
        .unwrap();
    instances::note_partner(&t.db, &id("runs"), Some(Status::Running))
        .await
        .unwrap();
    let found = instances::outlived(db, moment(60), moment(60), 10).await.unwrap();
    let mut names: Vec<_> = found.into_iter().map(|row| row.id).collect();
    names.sort();
    assert_eq!(names, ["draft", "ready", "running"]);
    assert_eq!(
        instances::outlived(db, moment(60), moment(60), 2)
            .await
            .unwrap()
            .len(),
        2
    );
    assert!(
        instances::outlived(db, moment(61), moment(61), 10)
            .await
            .unwrap()
            .is_empty()
    );
}

async fn claims(t: Fixture) {
    let db = t.db.writer();
    for (name, status, at) in [
        ("b", Status::Running, 0),
        ("a", Status::Starting, 1),
        ("c", Status::Ready, 2),
    ] {
        instances::insert(&t.db, instance(name, status, at))
            .await
            .unwrap();
    }
    let claim = async |owner: &str, at: i64, limit: usize| {
        let states = Status::WITH_ENGINE;
        let won = instances::claim_engines(
            &t.db,
            owner,
            states,
            moment(at),
            MINUTE,
            limit,
            &instances::LeftOut::default(),
        )
        .await;
        won.unwrap().into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(claim("w1", 0, 1).await, ["b"], "oldest first");
    assert_eq!(claim("w2", 0, 9).await, ["a"]);
    assert!(claim("w1", 59, 9).await.is_empty());
    let both = [id("a"), id("b")];
    let held = instances::renew_engines(db, &both, "w1", moment(59), MINUTE).await;
    assert_eq!(held.unwrap(), ["b"]);
    assert!(
        instances::renew_engines(db, &[], "w1", moment(59), MINUTE)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(claim("w3", 60, 9).await, ["a"], "ran out");
    instances::release_engine(db, &id("b"), "w2").await.unwrap();
    assert!(claim("w3", 61, 9).await.is_empty());
    instances::release_engine(db, &id("b"), "w1").await.unwrap();
    assert_eq!(claim("w3", 61, 9).await, ["b"]);
    assert_eq!(instances::release_engines_of(db, "w3").await.unwrap(), 2);
    assert_eq!(claim("w1", 61, 9).await, ["b", "a"]);
}

async fn deletion(t: Fixture) {
    let i1: InstanceId = id("i1");
    let tx = t.db.begin().await.unwrap();
    for name in ["i1", "i2"] {
        instances::insert(&tx, instance(name, Status::Failed, 0))
            .await
            .unwrap();
        results::put(&tx, &id(name), 1, "model", &json!(1)).await.unwrap();
        channel_positions::acknowledge(&tx, &id(name), 1, 4)
            .await
            .unwrap();
    }
    let late = instances::delete(&tx, &i1, 7).await;
    assert!(matches!(late, Err(DbError::Stale)), "{late:?}");
    instances::delete(&tx, &i1, 1).await.unwrap();
    tx.commit().await.unwrap();
    let db = t.db.reader();
    assert_eq!(instances::find(db, &i1).await.unwrap(), None);
    assert!(
        instances::events(db, &i1, &Page::first(1))
            .await
            .unwrap()
            .is_empty()
    );
    assert!(results::list(db, &i1, 1).await.unwrap().is_empty());
    assert!(metrics::counts(db, &i1, 1, None).await.unwrap().is_empty());
    assert_eq!(channel_positions::acknowledged(db, &i1, 1).await.unwrap(), 0);
    assert_eq!(
        results::list(db, &id("i2"), 1).await.unwrap().len(),
        1,
        "the other's stay"
    );
}
