//! Operators are told of what they see: every change once, with its commit, and in whatever order commits become visible.

use chrono::{TimeDelta, Utc};
use console_db::changes::{self, Position};
use console_db::entity::change_entry;
use console_db::instances::{self, Facts};
use console_db::sea_orm::TransactionTrait as _;
use console_db::{
    ConnectionTrait as _, Db, DbBackend, invitations, outbox, pairings, partners, projects, resources,
    sessions, tasks, users,
};
use console_model::{ChangeKind, ChangeType, InstanceStatus as Status, Role};

use crate::outbox::message;
use crate::rows::{
    change, cooperation, id, instance, invitation, pairing, partner, project, resource, session, task, user,
};
use crate::support::{Fixture, moment};

on_each!(
    each_change_is_told_with_its_place what_is_rolled_back_is_not_told one_commit_tells_each_thing_once
    what_nobody_sees_is_not_told a_late_commit_is_found a_reader_goes_on_where_it_was commits_at_the_same_time_are_all_found
    old_entries_go
);

/// Kind, what happened, of what, in which project, to which task.
type Told = (&'static str, &'static str, String, Option<String>, Option<String>);

fn told(entry: change_entry::Model) -> Told {
    let kind = ChangeKind::from_number(entry.kind).unwrap().word();
    let what = ChangeType::from_number(entry.what).unwrap().word();
    (kind, what, entry.subject, entry.project_id, entry.task_id)
}

struct Reader {
    db: Db,
    position: Position,
}

impl Reader {
    async fn new(t: &Fixture) -> Self {
        let position = Position::present(t.db.reader(), Utc::now()).await.unwrap();
        Self {
            db: t.db.clone(),
            position,
        }
    }

    async fn news(&mut self) -> Vec<Told> {
        let read = self.position.read_on(self.db.reader(), 1000, Utc::now()).await;
        read.unwrap().into_iter().map(told).collect()
    }

    /// There is one piece of news.
    #[track_caller]
    fn one(news: Vec<Told>, kind: &str, what: &str, of: &str, project: Option<&str>, task: Option<&str>) {
        let expected = (
            kind,
            what,
            of.to_owned(),
            project.map(str::to_owned),
            task.map(str::to_owned),
        );
        assert_eq!(news, [expected]);
    }
}

async fn each_change_is_told_with_its_place(t: Fixture) {
    let mut reader = Reader::new(&t).await;
    macro_rules! tells {
        ($work:expr => $kind:literal $what:literal $of:literal, $project:expr, $task:expr) => {
            $work.await.unwrap();
            Reader::one(reader.news().await, $kind, $what, $of, $project, $task);
        };
    }
    let db = &t.db;
    let (p1, t1) = (Some("p1"), Some("t1"));
    tells!(partners::insert(db, partner("a", 0)) => "partner" "created" "a", None, None);
    tells!(partners::note_contact(db, &id("a"), Some(partners::Unheard { text: "away", code: None })) => "partner" "updated" "a", None, None);
    tells!(invitations::insert(db, invitation("n1", 0, 9)) => "invitation" "created" "n1", None, None);
    tells!(invitations::revoke(db, &id("n1"), moment(1)) => "invitation" "updated" "n1", None, None);
    tells!(projects::insert(db, project("p1", "a", 0)) => "project" "created" "p1", p1, None);
    tells!(projects::set_peer_url(db, &id("a"), "https://x") => "project" "updated" "p1", p1, None);
    tells!(tasks::insert(db, task("t1", "p1", "join", 0, true)) => "task" "created" "t1", p1, t1);
    let row = tasks::find(db.reader(), &id("t1")).await.unwrap().unwrap();
    tells!(tasks::save(db, row) => "task" "updated" "t1", p1, t1);
    tells!(pairings::insert(db, pairing("r1", "t1")) => "pairing" "created" "r1", p1, t1);
    tells!(resources::insert(db, resource("o1", "t1", "http://x/alifl/a.csv")) => "resource" "created" "o1", p1, t1);
    tells!(resources::delete(db, &id("o1")) => "resource" "deleted" "o1", p1, t1);
    tells!(instances::insert(db, instance("i1", Status::Running, 0)) => "instance" "created" "i1", p1, t1);
    let i1 = id("i1");
    tells!(instances::set_progress(db, &i1, 1, 0.5, ("half", None)) => "instance" "updated" "i1", p1, t1);
    tells!(instances::note_partner(db, &i1, Some(Status::Running)) => "instance" "updated" "i1", p1, t1);
    let facts = Facts {
        gmt_start: Some(console_db::naive(moment(1))),
        ..Facts::default()
    };
    tells!(instances::set_facts(db, &i1, 1, facts) => "instance" "updated" "i1", p1, t1);
    let row = instances::find(db.reader(), &i1).await.unwrap().unwrap();
    let stopped = instances::transition(db, row, change(Status::Running, Status::Stopped));
    tells!(stopped => "instance" "updated" "i1", p1, t1);
    let generation = instances::find(db.reader(), &i1)
        .await
        .unwrap()
        .unwrap()
        .generation;
    tells!(instances::delete(db, &i1, generation) => "instance" "deleted" "i1", p1, t1);
    tells!(users::insert(db, user("u1", "Anna", Role::Root, 0)) => "user" "created" "u1", None, None);
    tells!(users::signed_in(db, &id("u1"), moment(3)) => "user" "updated" "u1", None, None);
    tells!(outbox::enqueue(db, message("m1", "a", "k")) => "outbox" "created" "m1", None, None);
    tells!(outbox::refused(db, &id("m1"), "no", None) => "outbox" "updated" "m1", None, None);
    tells!(outbox::retry_now(db, &id("m1")) => "outbox" "updated" "m1", None, None);
    tells!(changes::note_object(db, "ä b.csv", ChangeType::Deleted) => "object" "deleted" "ä b.csv", None, None);
    sessions::insert(db, session("s1", "u1", 99)).await.unwrap();
    assert_eq!(reader.news().await, [], "that a session begins concerns nobody");
    tells!(sessions::delete_of_user(db, &id("u1"), None) => "session" "deleted" "s1", None, None);
}

async fn what_is_rolled_back_is_not_told(t: Fixture) {
    cooperation(&t.db).await;
    let mut reader = Reader::new(&t).await;
    let tx = t.db.begin().await.unwrap();
    users::insert(&tx, user("u1", "Anna", Role::Root, 0))
        .await
        .unwrap();
    assert_eq!(reader.news().await, []);
    drop(tx);
    let refused = partners::save(&t.db, partner("gone", 0)).await;
    assert!(refused.is_err());
    assert!(
        partners::insert(&t.db, partner("a", 0)).await.is_err(),
        "it is there"
    );
    let missed = instances::set_progress(&t.db, &id("none"), 1, 0.5, ("", None)).await;
    missed.unwrap();
    assert_eq!(reader.news().await, []);
    users::insert(&t.db, user("u1", "Anna", Role::Root, 0))
        .await
        .unwrap();
    Reader::one(reader.news().await, "user", "created", "u1", None, None);
}

async fn one_commit_tells_each_thing_once(t: Fixture) {
    cooperation(&t.db).await;
    let mut reader = Reader::new(&t).await;
    let tx = t.db.begin().await.unwrap();
    let row = instances::insert(&tx, instance("i1", Status::Ready, 0))
        .await
        .unwrap();
    instances::transition(&tx, row, change(Status::Ready, Status::Starting))
        .await
        .unwrap();
    outbox::enqueue(&tx, message("m1", "a", "k")).await.unwrap();
    outbox::delivered(&tx, &id("m1")).await.unwrap();
    resources::insert(&tx, resource("o1", "t1", "http://x/alifl/a.csv"))
        .await
        .unwrap();
    resources::delete(&tx, &id("o1")).await.unwrap();
    tx.commit().await.unwrap();
    let mut news: Vec<_> = reader
        .news()
        .await
        .into_iter()
        .map(|one| (one.0, one.1))
        .collect();
    news.sort_unstable();
    assert_eq!(
        news,
        [
            ("instance", "created"),
            ("outbox", "created"),
            ("resource", "deleted")
        ]
    );
}

async fn what_nobody_sees_is_not_told(t: Fixture) {
    cooperation(&t.db).await;
    instances::insert(&t.db, instance("i1", Status::Starting, 0))
        .await
        .unwrap();
    outbox::enqueue(&t.db, message("m1", "a", "k")).await.unwrap();
    let mut reader = Reader::new(&t).await;
    let lease = crate::support::MINUTE;
    let everybody = instances::LeftOut::default();
    let claimed = instances::claim_engines(&t.db, "w", &[Status::Starting], Utc::now(), lease, 9, &everybody);
    assert_eq!(claimed.await.unwrap().len(), 1);
    let leased = outbox::lease_due(&t.db, "w", crate::outbox::soon(), lease, outbox::Room::of(9)).await;
    assert_eq!(leased.unwrap().len(), 1);
    let handle = serde_json::json!(1);
    let stored = instances::set_handle(t.db.writer(), &id("i1"), 1, "w", &handle).await;
    assert!(stored.unwrap());
    assert_eq!(reader.news().await, []);
}

/// An entry whose number is drawn, and whose commit is still to come.
async fn undecided(t: &Fixture, subject: &str) -> console_db::sea_orm::DatabaseTransaction {
    let tx = t.db.writer().begin().await.unwrap();
    tx.execute_unprepared(&format!(
        "INSERT INTO change_entry (at, kind, what, subject) VALUES ('2026-01-01 00:00:00', 7, 0, '{subject}')"
    ))
    .await
    .unwrap();
    tx
}

async fn a_late_commit_is_found(t: Fixture) {
    if t.backend() == DbBackend::Sqlite {
        // It has one writer at a time, so commits become visible in the order of their numbers.
        return;
    }
    let (before, now) = (&t.db, Utc::now());
    changes::note_object(before, "first", ChangeType::Created)
        .await
        .unwrap();
    let mut early = Reader::new(&t).await;
    let (late, failed) = (undecided(&t, "late").await, undecided(&t, "failed").await);
    // Begins to read while the two are undecided and a later one is not.
    changes::note_object(&t.db, "higher", ChangeType::Created)
        .await
        .unwrap();
    let mut fresh = Reader::new(&t).await;
    let names = |news: Vec<Told>| news.into_iter().map(|one| one.2).collect::<Vec<_>>();
    assert_eq!(names(early.news().await), ["higher"]);
    assert_eq!(names(fresh.news().await), [""; 0]);
    let told = early.position.cursor();
    late.commit().await.unwrap();
    failed.rollback().await.unwrap();
    changes::note_object(&t.db, "last", ChangeType::Created)
        .await
        .unwrap();
    assert_eq!(names(early.news().await), ["late", "last"]);
    assert_eq!(names(fresh.news().await), ["late", "last"]);
    // Another process goes on from what a client was told, and leaves out nothing.
    let resumed = Position::resume(t.db.reader(), &told, now).await.unwrap();
    let mut resumed = resumed.expect("it is kept");
    let read = resumed.read_on(t.db.reader(), 10, now).await.unwrap();
    assert_eq!(
        names(read.into_iter().map(self::told).collect()),
        ["late", "last"]
    );
    // The hole of the one that failed is forgotten in the end.
    assert!(resumed.cursor().contains('.'), "{}", resumed.cursor());
    let later = now + TimeDelta::minutes(2);
    resumed.read_on(t.db.reader(), 10, later).await.unwrap();
    assert!(!resumed.cursor().contains('.'), "{}", resumed.cursor());
}

async fn a_reader_goes_on_where_it_was(t: Fixture) {
    let now = Utc::now();
    let resume = async |cursor: &str| Position::resume(t.db.reader(), cursor, now).await.unwrap();
    assert!(resume("0").await.is_some(), "nothing has happened yet");
    assert!(resume("5").await.is_none(), "it is of another database");
    for n in 0..5 {
        let name = format!("o{n}");
        changes::note_object(&t.db, &name, ChangeType::Created)
            .await
            .unwrap();
    }
    let mut position = Position::present(t.db.reader(), now).await.unwrap();
    assert_eq!(position.read_on(t.db.reader(), 10, now).await.unwrap(), []);
    let here = position.cursor();
    changes::note_object(&t.db, "o5", ChangeType::Created)
        .await
        .unwrap();
    let mut position = resume(&here).await.expect("it is kept");
    let read = position.read_on(t.db.reader(), 10, now).await.unwrap();
    assert_eq!(read.len(), 1);
    assert_eq!(resume("no cursor").await, None);
}

async fn commits_at_the_same_time_are_all_found(t: Fixture) {
    let mut reader = Reader::new(&t).await;
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let t = t.clone();
            tokio::spawn(async move {
                let db = t.again().await;
                for n in 0..25 {
                    let name = format!("{writer}-{n}");
                    console_db::retry(async || changes::note_object(&db, &name, ChangeType::Updated).await)
                        .await
                        .unwrap();
                }
                db.close().await.unwrap();
            })
        })
        .collect();
    let mut seen = Vec::new();
    // Reads all the time while they write, and once more when they have.
    while writers.iter().any(|writer| !writer.is_finished()) {
        seen.extend(reader.news().await.into_iter().map(|one| one.2));
        tokio::task::yield_now().await;
    }
    for writer in writers {
        writer.await.unwrap();
    }
    seen.extend(reader.news().await.into_iter().map(|one| one.2));
    let mut names = seen.clone();
    names.sort_unstable();
    names.dedup();
    assert_eq!((names.len(), seen.len()), (200, 200), "each once");
}

async fn old_entries_go(t: Fixture) {
    let now = Utc::now();
    let start = Position::present(t.db.reader(), now).await.unwrap().cursor();
    for n in 0..5 {
        changes::note_object(&t.db, &format!("o{n}"), ChangeType::Created)
            .await
            .unwrap();
    }
    let (db, later) = (t.db.writer(), Utc::now() + TimeDelta::seconds(1));
    assert_eq!(
        changes::purge(db, now - TimeDelta::hours(1), 10).await.unwrap(),
        0
    );
    assert_eq!(changes::purge(db, later, 3).await.unwrap(), 3);
    assert_eq!(changes::purge(db, later, 3).await.unwrap(), 1, "the newest stays");
    assert_eq!(changes::purge(db, later, 3).await.unwrap(), 0);
    let resumed = Position::resume(t.db.reader(), &start, now).await.unwrap();
    assert_eq!(resumed, None, "what came after it is gone");
    let end = Position::present(t.db.reader(), now).await.unwrap().cursor();
    assert!(
        Position::resume(t.db.reader(), &end, now)
            .await
            .unwrap()
            .is_some()
    );
}
