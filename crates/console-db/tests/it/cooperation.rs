//! Partners, invitations, projects, pairings, attached objects.

use console_db::entity::partner as partner_row;
use console_db::{
    Constraint, Cursor, DbError, Page, instances, invitations, naive, pairings, partners, projects,
    resources, tasks,
};
use console_model::{InstanceId, InstanceStatus as Status, InvitationId, PartnerId, PartnerTrust};
use serde_json::{Value, json};

use crate::rows::{cooperation, id, instance, invitation, pairing, partner, project, resource, task};
use crate::support::{Fixture, moment};

on_each!(known_partners invitations_are_used_once shared_projects shared_pairings attached_objects object_uses);

async fn known_partners(t: Fixture) {
    let db = t.db.writer();
    for (name, at) in [("a", 0), ("b", 1), ("c", 1)] {
        partners::insert(&t.db, partner(name, at)).await.unwrap();
    }
    let a: PartnerId = id("a");
    assert_eq!(partners::find(db, &a).await.unwrap(), Some(partner("a", 0)));
    let found = partners::find_by_fingerprint(db, "fingerprint of b")
        .await
        .unwrap();
    assert_eq!(found, Some(partner("b", 1)));
    assert_eq!(partners::find_by_fingerprint(db, "other").await.unwrap(), None);
    let again = partner_row::Model {
        id: id("d"),
        ..partner("a", 2)
    };
    let taken = partners::insert(&t.db, again).await;
    assert!(
        matches!(taken, Err(DbError::Conflict(Constraint::PartnerFingerprint))),
        "{taken:?}"
    );
    for name in ["e", "f"] {
        let base = partner_row::Model {
            fingerprint: None,
            capabilities: Some(Value::Null),
            trust: PartnerTrust::Base,
            ..partner(name, 3)
        };
        partners::insert(&t.db, base).await.unwrap();
    }
    let base = partners::with_trust(db, PartnerTrust::Base).await.unwrap();
    assert_eq!(base.len(), 2, "NULL is not unique");
    assert_eq!(
        partners::with_trust(db, PartnerTrust::Paired).await.unwrap()[0].id,
        "a"
    );
    let page = partners::list(db, &Page::first(10)).await.unwrap();
    let order: Vec<&str> = page.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(order, ["f", "e", "c", "b", "a"]);

    let mut row = partner("a", 0);
    row.comment = Some("ours".to_owned());
    row.capabilities = None;
    let row = partners::save(&t.db, row).await.unwrap();
    assert_eq!(partners::find(db, &a).await.unwrap(), Some(row.clone()));
    assert!(matches!(
        partners::save(&t.db, partner("a", 0)).await,
        Err(DbError::Stale)
    ));
    partners::note_contact(
        &t.db,
        &id("a"),
        Some(partners::Unheard {
            text: &"é".repeat(2000),
            code: Some("unreachable"),
        }),
    )
    .await
    .unwrap();
    let noted = partners::find(db, &a).await.unwrap().unwrap();
    assert_eq!(noted.last_error.unwrap().chars().count(), 1024);
    assert_eq!((noted.last_seen_at, noted.generation), (None, row.generation));
    partners::note_contact(&t.db, &id("a"), None).await.unwrap();
    let noted = partners::find(db, &a).await.unwrap().unwrap();
    assert!(noted.last_error.is_none() && noted.last_seen_at.is_some());
}

async fn invitations_are_used_once(t: Fixture) {
    let db = t.db.writer();
    partners::insert(&t.db, partner("a", 0)).await.unwrap();
    let a: PartnerId = id("a");
    for (name, at, ends) in [("i1", 0, 100), ("i2", 1, 100), ("i3", 2, 10)] {
        invitations::insert(&t.db, invitation(name, at, ends))
            .await
            .unwrap();
    }
    let i = |name: &str| id::<InvitationId>(name);
    assert_eq!(
        invitations::find(db, &i("i1")).await.unwrap(),
        Some(invitation("i1", 0, 100))
    );
    invitations::mark_used(&t.db, &i("i1"), &a, moment(5))
        .await
        .unwrap();
    let stale = |done| assert!(matches!(done, Err(DbError::Stale)), "{done:?}");
    stale(invitations::mark_used(&t.db, &i("i1"), &a, moment(5)).await);
    stale(invitations::revoke(&t.db, &i("i1"), moment(5)).await);
    invitations::revoke(&t.db, &i("i2"), moment(5)).await.unwrap();
    stale(invitations::revoke(&t.db, &i("i2"), moment(5)).await);
    stale(invitations::mark_used(&t.db, &i("i2"), &a, moment(5)).await);
    stale(invitations::mark_used(&t.db, &i("i3"), &a, moment(10)).await);
    stale(invitations::mark_used(&t.db, &i("i4"), &a, moment(5)).await);
    let list = invitations::list(db, &Page::first(10)).await.unwrap();
    let order: Vec<&str> = list.iter().map(|one| one.row.id.as_str()).collect();
    assert_eq!(order, ["i3", "i2", "i1"]);
    assert_eq!(list[2].partner_name.as_deref(), Some("Partner a 😀"));
    assert_eq!(list[2].row.used_at, Some(naive(moment(5))));
    assert_eq!(list[0].partner_name, None);
    let cursor = Cursor {
        at: list[1].row.gmt_create,
        id: "i2".to_owned(),
    };
    assert_eq!(
        invitations::list(db, &Page::after(10, cursor)).await.unwrap(),
        list[2..]
    );
}

async fn shared_projects(t: Fixture) {
    let db = t.db.writer();
    partners::insert(&t.db, partner("a", 0)).await.unwrap();
    for (name, with, at) in [("p1", "a", 0), ("p2", "a", 1), ("p3", "b", 1)] {
        projects::insert(&t.db, project(name, with, at)).await.unwrap();
    }
    let (a, b): (PartnerId, PartnerId) = (id("a"), id("b"));
    assert_eq!(
        projects::find(db, &id("p1")).await.unwrap(),
        Some(project("p1", "a", 0))
    );
    let found = projects::find_of_partner(db, &a, "peer-p1").await.unwrap();
    assert_eq!(found, Some(project("p1", "a", 0)));
    assert_eq!(projects::find_of_partner(db, &b, "peer-p1").await.unwrap(), None);

    // The same id of two partners, but not of one.
    let mut theirs = project("p4", "b", 2);
    theirs.peer_id = Some("peer-p1".to_owned());
    projects::insert(&t.db, theirs.clone()).await.unwrap();
    theirs.id = id("p5");
    theirs.name = None;
    let taken = projects::insert(&t.db, theirs.clone()).await;
    assert!(
        matches!(taken, Err(DbError::Conflict(Constraint::ProjectPeer))),
        "{taken:?}"
    );
    theirs.peer_id = None;
    projects::insert(&t.db, theirs).await.unwrap();
    let mut knowing = projects::partners_knowing(db, &id("peer-p1")).await.unwrap();
    knowing.sort();
    assert_eq!(knowing, ["a", "b"]);
    let mut named = project("p6", "a", 3);
    named.name = Some("Project p1".to_owned());
    let taken = projects::insert(&t.db, named).await;
    assert!(
        matches!(taken, Err(DbError::Conflict(Constraint::Name))),
        "{taken:?}"
    );

    let all = projects::list(db, &projects::ProjectFilter::default(), &Page::first(10))
        .await
        .unwrap();
    let order: Vec<&str> = all.iter().map(|one| one.row.id.as_str()).collect();
    assert_eq!(order, ["p5", "p4", "p3", "p2", "p1"]);
    assert_eq!(all[4].partner_name.as_deref(), Some("Partner a 😀"));
    assert_eq!(all[0].partner_name, None);
    assert!(all.iter().all(|one| (one.tasks, &one.last_run) == (0, &None)));
    let of_a = projects::ProjectFilter {
        partner: Some(a.clone()),
        ..projects::ProjectFilter::default()
    };
    assert_eq!(
        projects::list(db, &of_a, &Page::first(10)).await.unwrap(),
        all[3..]
    );

    for (name, project, at, root) in [
        ("t1", "p1", 0, true),
        ("t2", "p1", 9, false),
        ("t3", "p1", 0, true),
        ("t4", "p2", 0, true),
    ] {
        let work = if root { name } else { "t1" };
        tasks::insert(&t.db, task(name, project, work, at, root))
            .await
            .unwrap();
    }
    for (name, at) in [("i1", 5), ("i3", 9), ("i2", 9), ("i4", 7)] {
        instances::insert(&t.db, instance(name, Status::Ready, at))
            .await
            .unwrap();
    }
    let all = projects::list(db, &projects::ProjectFilter::default(), &Page::first(10))
        .await
        .unwrap();
    let told: Vec<_> = all
        .iter()
        .map(|one| (one.tasks, one.last_run.as_ref().map(InstanceId::as_str)))
        .collect();
    assert_eq!(
        told,
        [(0, None), (0, None), (0, None), (1, None), (2, Some("i3"))]
    );
    let one = projects::find_listed(db, &id("p1")).await.unwrap();
    let one = one.unwrap();
    let listed = all.last().unwrap();
    assert!(one.row.config.is_some() && listed.row.config.is_none());
    let mut brief = one.clone();
    brief.row.config = None;
    assert_eq!(&brief, listed);
    let briefs = instances::briefs(db, &[&id("i3"), &id("none")]).await.unwrap();
    assert_eq!(briefs.len(), 1);
    assert_eq!(
        (briefs[0].status, briefs[0].gmt_create),
        (Status::Ready, naive(moment(9)))
    );

    assert!(!projects::any_unanswered(db, &a).await.unwrap());
    assert!(projects::any_unanswered(db, &b).await.unwrap());
    projects::set_peer_url(&t.db, &a, "https://new.example")
        .await
        .unwrap();
    let moved = projects::find(db, &id("p1")).await.unwrap().unwrap();
    assert_eq!(moved.peer_url, "https://new.example");
    let mut other = moved.clone();
    other.config = Some(json!({"batch": 7}));
    let other = projects::save(&t.db, other).await.unwrap();
    assert_eq!(projects::find(db, &id("p1")).await.unwrap(), Some(other));
    assert!(matches!(projects::save(&t.db, moved).await, Err(DbError::Stale)));

    let tx = t.db.begin().await.unwrap();
    projects::lock(&tx, &id("p1")).await.unwrap();
    projects::lock(&tx, &id("p1")).await.unwrap();
    assert!(matches!(
        projects::lock(&tx, &id("none")).await,
        Err(DbError::NotFound(_))
    ));
    tx.commit().await.unwrap();
    assert_eq!(
        projects::find(db, &id("p1")).await.unwrap().unwrap().generation,
        2
    );
}

async fn shared_pairings(t: Fixture) {
    cooperation(&t.db).await;
    let db = t.db.writer();
    projects::insert(&t.db, project("p2", "b", 0)).await.unwrap();
    tasks::insert(&t.db, task("t2", "p2", "join", 0, true))
        .await
        .unwrap();
    pairings::insert(&t.db, pairing("r2", "t2")).await.unwrap();
    pairings::insert(&t.db, pairing("orphan", "gone")).await.unwrap();
    let (a, b): (PartnerId, PartnerId) = (id("a"), id("b"));
    assert_eq!(
        pairings::find(db, &id("r1")).await.unwrap(),
        Some(pairing("r1", "t1"))
    );
    assert_eq!(
        pairings::find_of_task(db, &id("t1")).await.unwrap(),
        Some(pairing("r1", "t1"))
    );
    let shared = pairings::find_shared(db, &a, &id("r1")).await.unwrap().unwrap();
    let whole = (
        pairing("r1", "t1"),
        task("t1", "p1", "join", 0, true),
        project("p1", "a", 0),
    );
    assert_eq!(shared, whole);
    assert_eq!(pairings::find_shared(db, &b, &id("r1")).await.unwrap(), None);
    assert_eq!(pairings::find_shared(db, &a, &id("orphan")).await.unwrap(), None);
    let theirs = pairings::find_of_partner(db, &b, &id("peer-r2"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((theirs.0.id.as_str(), theirs.1.id.as_str()), ("r2", "t2"));
    assert_eq!(
        pairings::find_of_partner(db, &a, &id("peer-r2")).await.unwrap(),
        None
    );
    assert_eq!(
        pairings::partners_knowing(db, &id("peer-r2")).await.unwrap(),
        ["b"]
    );
    assert_eq!(pairings::partners_of(db, &id("r1")).await.unwrap(), ["a"]);
    assert!(pairings::partners_of(db, &id("orphan")).await.unwrap().is_empty());

    let taken = pairings::insert(&t.db, pairing("r3", "t1")).await;
    assert!(
        matches!(taken, Err(DbError::Conflict(Constraint::PairingTask))),
        "{taken:?}"
    );
    let mut same_peer = pairing("r3", "t3");
    same_peer.task_peer_id = Some("peer-r1".to_owned());
    let taken = pairings::insert(&t.db, same_peer).await;
    assert!(
        matches!(taken, Err(DbError::Conflict(Constraint::PairingPeer))),
        "{taken:?}"
    );
    let mut row = pairing("r1", "t1");
    row.peer_meta = None;
    row.error = Some("no".to_owned());
    let row = pairings::save(&t.db, row).await.unwrap();
    assert_eq!(pairings::find(db, &id("r1")).await.unwrap(), Some(row));
    assert!(matches!(
        pairings::save(&t.db, pairing("r1", "t1")).await,
        Err(DbError::Stale)
    ));
}

async fn attached_objects(t: Fixture) {
    cooperation(&t.db).await;
    let db = t.db.writer();
    let first = resource("o1", "t1", "http://x/alifl/a.csv");
    resources::insert(&t.db, first.clone()).await.unwrap();
    let mut second = resource("o2", "t1", "http://x/alifl/b.csv");
    second.gmt_create = naive(moment(1));
    resources::insert(&t.db, second.clone()).await.unwrap();
    assert_eq!(resources::find(db, &id("o1")).await.unwrap(), Some(first.clone()));
    assert_eq!(
        resources::of_task(db, &id("t1")).await.unwrap(),
        [first.clone(), second]
    );
    let mut changed = first;
    changed.comment = Some(String::new());
    changed.config = None;
    resources::save(&t.db, changed.clone()).await.unwrap();
    assert_eq!(resources::find(db, &id("o1")).await.unwrap(), Some(changed));
    resources::copy(&t.db, &id("t1"), &id("t2")).await.unwrap();
    let copies = resources::of_task(db, &id("t2")).await.unwrap();
    assert_eq!(copies.len(), 2);
    assert!(copies.iter().all(|row| row.id != "o1" && row.id != "o2"));
    resources::delete(&t.db, &id("o1")).await.unwrap();
    resources::delete(&t.db, &id("o1")).await.unwrap();
    assert_eq!(resources::find(db, &id("o1")).await.unwrap(), None);
}

async fn object_uses(t: Fixture) {
    cooperation(&t.db).await;
    let db = t.db.writer();
    let keys = ["a%b", "axb", "a_b", "a!b", "a\\b", "deep/a_b", "A_B", "x"];
    for (n, key) in keys.iter().enumerate() {
        let task = if n == 7 { "gone" } else { "t1" };
        let row = resource(&format!("o{n}"), task, &format!("http://x/alifl/{key}"));
        resources::insert(&t.db, row).await.unwrap();
    }
    // Deep ones end so too, and SQLite disregards case: the caller looks closer.
    let wanted = |key: &str, mut found: Vec<resources::Used>| {
        found.retain(|used| used.uri.as_deref() == Some(format!("http://x/alifl/{key}").as_str()));
        assert_eq!(found.len(), 1, "{key}");
        found.remove(0)
    };
    for key in ["a%b", "a_b", "a!b", "a\\b"] {
        let found = resources::with_tail_of(db, key).await.unwrap();
        assert!(
            found
                .iter()
                .all(|used| used.uri.as_ref().unwrap().to_lowercase().ends_with(key)),
            "{found:?}"
        );
        let used = wanted(key, found);
        assert_eq!(
            (used.task_id.as_str(), used.task_name.as_deref()),
            ("t1", Some("join"))
        );
        assert!(used.task_version.is_some());
    }
    let gone = wanted("x", resources::with_tail_of(db, "x").await.unwrap());
    assert_eq!((gone.task_id.as_str(), gone.task_name), ("gone", None));
    assert!(resources::with_tail_of(db, "b").await.unwrap().is_empty());
    let mut moved = resources::find(db, &id("o0")).await.unwrap().unwrap();
    moved.uri = Some("http://x/alifl/x".to_owned());
    resources::save(&t.db, moved).await.unwrap();
    assert!(
        resources::with_tail_of(db, "a%b").await.unwrap().is_empty(),
        "it follows the URI"
    );
    let used = resources::used_uris(db, &["x", "axb", "none"]).await.unwrap();
    let mut used: Vec<_> = used.iter().map(|one| (one.uri.as_str(), one.uses)).collect();
    used.sort_unstable();
    assert_eq!(used, [("http://x/alifl/axb", 1), ("http://x/alifl/x", 2)]);
    assert!(resources::used_uris(db, &[]).await.unwrap().is_empty());
}
