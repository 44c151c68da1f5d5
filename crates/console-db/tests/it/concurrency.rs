//! Several at the same time: one winner, nothing twice, nothing half.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use console_db::{
    ConnectionTrait as _, Db, DbBackend, DbError, DbResult, Page, instances, invitations, naive, nonces,
    outbox, retry, settings, users,
};
use console_model::{InstanceStatus as Status, InvitationId, MessageId, Role, UserId};
use serde_json::json;
use tokio::sync::{Barrier, Mutex};

use crate::outbox::{message, soon};
use crate::rows::{change, id, instance, invitation, user};
use crate::support::{Fixture, MINUTE, moment};

on_each!(
    one_change_wins one_guest_enters one_nonce_is_fresh workers_share_the_outbox drops_leave_nothing
    readers_see_what_is_committed contention_is_repeated other_errors_are_not processes_wait_for_each_other
    two_may_migrate
);

/// Runs `work` eight times at the same moment, as eight tasks.
async fn race<T, F>(t: &Fixture, work: impl Fn(Db, usize) -> F) -> Vec<DbResult<T>>
where
    T: Send + 'static,
    F: Future<Output = DbResult<T>> + Send + 'static,
{
    let start = Arc::new(Barrier::new(8));
    let racers: Vec<_> = (0..8)
        .map(|n| {
            let (start, work) = (start.clone(), work(t.db.clone(), n));
            tokio::spawn(async move {
                start.wait().await;
                work.await
            })
        })
        .collect();
    let mut outcomes = Vec::new();
    for racer in racers {
        outcomes.push(racer.await.unwrap());
    }
    outcomes
}

fn one_won<T: std::fmt::Debug>(outcomes: &[DbResult<T>]) {
    assert_eq!(
        outcomes.iter().filter(|one| one.is_ok()).count(),
        1,
        "{outcomes:?}"
    );
    let lost = |one: &DbResult<T>| matches!(one, Ok(_) | Err(DbError::Stale));
    assert!(outcomes.iter().all(lost), "{outcomes:?}");
}

async fn one_change_wins(t: Fixture) {
    let row = instances::insert(&t.db, instance("i1", Status::Ready, 0))
        .await
        .unwrap();
    let outcomes = race(&t, |db, _| {
        let row = row.clone();
        async move {
            retry(async || {
                let tx = db.begin().await?;
                let to = change(Status::Ready, Status::Starting);
                instances::transition(&tx, row.clone(), to).await?;
                tx.commit().await
            })
            .await
        }
    })
    .await;
    one_won(&outcomes);
    let events = instances::events(t.db.reader(), &id("i1"), &Page::first(10))
        .await
        .unwrap();
    assert_eq!(events.len(), 2, "the losers wrote no history");
}

async fn one_guest_enters(t: Fixture) {
    invitations::insert(&t.db, invitation("i1", 0, 100))
        .await
        .unwrap();
    let invited: InvitationId = id("i1");
    let outcomes = race(&t, |db, n| {
        let invited = invited.clone();
        async move {
            retry(async || {
                let tx = db.begin().await?;
                invitations::mark_used(&tx, &invited, &id(&format!("a{n}")), moment(1)).await?;
                tx.commit().await?;
                Ok::<_, DbError>(n)
            })
            .await
        }
    })
    .await;
    one_won(&outcomes);
    let winner = outcomes.into_iter().find_map(Result::ok).unwrap();
    let row = invitations::find(t.db.reader(), &invited).await.unwrap().unwrap();
    assert_eq!(row.partner_id, Some(id(&format!("a{winner}"))));
}

async fn one_nonce_is_fresh(t: Fixture) {
    let outcomes = race(&t, |db, _| async move {
        retry(async || nonces::remember(db.writer(), "key", "nonce", moment(9)).await).await
    })
    .await;
    let fresh = outcomes
        .iter()
        .filter(|one| matches!(one, Ok(nonces::Nonce::Fresh)));
    assert_eq!(fresh.count(), 1, "{outcomes:?}");
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    let outcomes = race(&t, |db, n| async move {
        retry(async || settings::get_or_put(db.writer(), "code", &json!(n)).await).await
    })
    .await;
    let stored = settings::get(t.db.reader(), "code").await.unwrap();
    assert!(outcomes.into_iter().all(|one| Some(one.unwrap()) == stored));
}

async fn workers_share_the_outbox(t: Fixture) {
    let tx = t.db.begin().await.unwrap();
    for n in 0..40 {
        let queued = message(&format!("m{n:02}"), "a", &format!("k{n}"));
        outbox::enqueue(&tx, queued).await.unwrap();
    }
    tx.commit().await.unwrap();
    let at = soon();
    let mut workers = Vec::new();
    for n in 0..4 {
        // As many processes would.
        let (db, t) = (t.again().await, t.clone());
        workers.push(tokio::spawn(async move {
            let (mut mine, owner) = (Vec::new(), format!("w{n}"));
            let left = "SELECT COUNT(*) FROM outbox_message WHERE lease_owner IS NULL";
            while t.number(left).await > 0 {
                let leased =
                    retry(async || outbox::lease_due(&db, &owner, at, MINUTE, outbox::Room::of(3)).await)
                        .await
                        .unwrap();
                assert!(leased.iter().all(|one| one.lease_owner.as_ref() == Some(&owner)));
                mine.extend(leased.into_iter().map(|one| one.id));
            }
            db.close().await.unwrap();
            mine
        }));
    }
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.unwrap());
    }
    all.sort();
    let expected: Vec<MessageId> = (0..40).map(|n| id(&format!("m{n:02}"))).collect();
    assert_eq!(all, expected, "each message once");
}

async fn drops_leave_nothing(t: Fixture) {
    let tx = t.db.begin().await.unwrap();
    users::insert(&tx, user("u1", "Anna", Role::Root, 0))
        .await
        .unwrap();
    outbox::enqueue(&tx, message("m1", "a", "k")).await.unwrap();
    drop(tx);
    let tx = t.db.begin().await.unwrap();
    assert!(!users::any(&tx).await.unwrap());
    assert_eq!(outbox::waiting(&tx).await.unwrap(), 0);
    users::insert(&tx, user("u1", "Anna", Role::Root, 0))
        .await
        .unwrap();
    let failed = users::insert(&tx, user("u1", "Ben", Role::Root, 0)).await;
    assert!(matches!(failed, Err(DbError::Conflict(_))), "{failed:?}");
    drop(tx);
    users::insert(&t.db, user("u1", "Ben", Role::Root, 0))
        .await
        .unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM outbox_message").await, 0);
}

async fn readers_see_what_is_committed(t: Fixture) {
    let tx = t.db.begin().await.unwrap();
    users::insert(&tx, user("u1", "Anna", Role::Root, 0))
        .await
        .unwrap();
    assert!(users::any(&tx).await.unwrap());
    assert!(
        !users::any(t.db.reader()).await.unwrap(),
        "neither waits nor sees it"
    );
    tx.commit().await.unwrap();
    assert!(users::any(t.db.reader()).await.unwrap());
    if t.backend() == DbBackend::Sqlite {
        let refused = t.db.reader().execute_unprepared("DELETE FROM session").await;
        assert!(refused.is_err(), "readers cannot write");
    }
    t.db.ping().await.unwrap();
}

async fn contention_is_repeated(t: Fixture) {
    for name in ["u1", "u2"] {
        users::insert(&t.db, user(name, name, Role::Root, 0))
            .await
            .unwrap();
    }
    if t.backend() == DbBackend::Sqlite {
        busy(t).await;
    } else {
        deadlock(t).await;
    }
}

/// Another process writes for longer than this one waits.
async fn busy(t: Fixture) {
    let held = t.db.begin().await.unwrap();
    users::signed_in(&held, &id("u1"), moment(1)).await.unwrap();
    let held = Mutex::new(Some(held));
    let mut config = t.config.clone();
    config.busy_timeout = Duration::from_millis(1);
    let other = Db::connect(&config).await.unwrap();
    let tries = AtomicU32::new(0);
    retry(async || {
        if tries.fetch_add(1, Ordering::SeqCst) == 2 {
            held.lock().await.take().unwrap().commit().await?;
        }
        let tx = other.begin().await?;
        users::signed_in(&tx, &id("u1"), moment(2)).await?;
        tx.commit().await
    })
    .await
    .unwrap();
    assert_eq!(tries.into_inner(), 3);
    let row = users::find(t.db.reader(), &id("u1")).await.unwrap().unwrap();
    assert_eq!(row.gmt_login, Some(naive(moment(2))));
}

/// Two transactions wait for each other; the server ends one of them.
async fn deadlock(t: Fixture) {
    async fn both(db: Db, ids: [UserId; 2], meet: Option<Arc<Barrier>>) -> DbResult<()> {
        let tx = db.begin().await?;
        users::signed_in(&tx, &ids[0], moment(1)).await?;
        if let Some(meet) = meet {
            meet.wait().await;
        }
        users::signed_in(&tx, &ids[1], moment(1)).await?;
        tx.commit().await
    }
    let meet = Arc::new(Barrier::new(2));
    let tasks = [["u1", "u2"], ["u2", "u1"]].map(|ids| {
        let (db, meet) = (t.db.clone(), meet.clone());
        tokio::spawn(async move {
            let mut tries = 0;
            let done = retry(|| {
                tries += 1;
                both(db.clone(), ids.map(id), (tries == 1).then(|| meet.clone()))
            })
            .await;
            done.map(|()| tries)
        })
    });
    let mut tries = 0;
    for task in tasks {
        tries += task.await.unwrap().unwrap();
    }
    assert!(tries > 2, "nobody was ended: {tries}");
}

async fn other_errors_are_not(_: Fixture) {
    for (error, expected) in [
        (DbError::Stale, 1),
        (
            DbError::Unavailable {
                contention: false,
                reason: String::new(),
            },
            1,
        ),
        (
            DbError::Unavailable {
                contention: true,
                reason: String::new(),
            },
            5,
        ),
    ] {
        let mut tries = 0;
        let done: DbResult<()> = retry(|| {
            tries += 1;
            std::future::ready(Err(error.clone()))
        })
        .await;
        assert!(done.is_err());
        assert_eq!(tries, expected, "{error:?}");
    }
}

async fn processes_wait_for_each_other(t: Fixture) {
    users::insert(&t.db, user("u1", "Anna", Role::Root, 0))
        .await
        .unwrap();
    let mut tasks = Vec::new();
    for _ in 0..3 {
        let other = t.again().await;
        tasks.push(tokio::spawn(async move {
            for _ in 0..10 {
                let tx = other.begin().await.unwrap();
                let row = users::find(&tx, &id("u1")).await.unwrap().unwrap();
                match users::save(&tx, row).await {
                    Ok(_) => tx.commit().await.unwrap(),
                    Err(error) => assert!(
                        matches!(error, DbError::Stale) || error.is_contention(),
                        "{error:?}"
                    ),
                }
            }
            other.close().await.unwrap();
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let row = users::find(t.db.reader(), &id("u1")).await.unwrap().unwrap();
    if t.backend() == DbBackend::Sqlite {
        assert_eq!(row.generation, 31, "each took its turn");
    } else {
        assert!(row.generation > 10);
    }
}

async fn two_may_migrate(t: Fixture) {
    let other = t.again().await;
    let task = tokio::spawn(async move {
        migration::apply(other.writer()).await.unwrap();
        other.close().await.unwrap();
    });
    migration::apply(t.db.writer()).await.unwrap();
    task.await.unwrap();
    assert!(migration::pending(t.db.writer()).await.unwrap().is_empty());
}
