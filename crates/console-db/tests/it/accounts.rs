//! Users, sessions, lock-out, settings, keys of requests and of this console, leases.

use std::time::Duration;

use console_db::entity::{idempotency_key, identity_key};
use console_db::sign_in_failures::{self, LockOut};
use console_db::{
    Constraint, Cursor, DbError, Page, idempotency_keys, identity_keys, leases, naive, sessions, settings,
    users,
};
use console_model::{Role, UserId};
use serde_json::{Value, json};

use crate::rows::{id, session, user};
use crate::support::{Fixture, MINUTE, moment};

on_each!(people sign_in lock_out facts leases_run_out answers_to_keys own_keys);

async fn people(t: Fixture) {
    let db = t.db.writer();
    assert!(!users::any(db).await.unwrap());
    let root = user("u1", "Anna", Role::Root, 0);
    users::insert(&t.db, root.clone()).await.unwrap();
    users::insert(&t.db, user("u2", "", Role::Unknown(7), 1))
        .await
        .unwrap();
    users::insert(&t.db, user("u3", "anna", Role::Root, 1))
        .await
        .unwrap();
    assert!(users::any(db).await.unwrap());
    assert_eq!(users::find(db, &id("u1")).await.unwrap().as_ref(), Some(&root));
    assert_eq!(users::find(db, &id("nobody")).await.unwrap(), None);
    assert_eq!(users::find_by_name(db, "anna").await.unwrap().unwrap().id, "u3");
    assert_eq!(
        users::find_by_name(db, "").await.unwrap().unwrap().role,
        Role::Unknown(7)
    );
    assert_eq!(users::find_by_name(db, "ANNA").await.unwrap(), None);
    let taken = users::insert(&t.db, user("u4", "Anna", Role::Default, 2)).await;
    assert!(
        matches!(taken, Err(DbError::Conflict(Constraint::Name))),
        "{taken:?}"
    );

    let page = users::list(db, &Page::first(2)).await.unwrap();
    let seen: Vec<&str> = page.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(seen, ["u3", "u2"], "of one moment, the greater id comes first");
    let cursor = Cursor {
        at: page[1].gmt_create,
        id: "u2".to_owned(),
    };
    let rest = users::list(db, &Page::after(2, cursor)).await.unwrap();
    assert_eq!(rest, std::slice::from_ref(&root));

    assert_eq!(users::count_active_roots(db).await.unwrap(), 2);
    let mut disabled = users::find(db, &id("u3")).await.unwrap().unwrap();
    disabled.disabled_at = Some(naive(moment(5)));
    let saved = users::save(&t.db, disabled.clone()).await.unwrap();
    assert_eq!(saved.generation, 2);
    assert_eq!(users::find(db, &id("u3")).await.unwrap(), Some(saved));
    assert!(matches!(users::save(&t.db, disabled).await, Err(DbError::Stale)));
    assert_eq!(users::count_active_roots(db).await.unwrap(), 1);

    users::replace_hash(&t.db, &root, "new").await.unwrap();
    assert!(matches!(
        users::replace_hash(&t.db, &root, "late").await,
        Err(DbError::Stale)
    ));
    users::signed_in(&t.db, &id("u1"), moment(9)).await.unwrap();
    let after = users::find(db, &id("u1")).await.unwrap().unwrap();
    assert_eq!((after.password.as_str(), after.generation), ("new", 2));
    assert_eq!(after.gmt_login, Some(naive(moment(9))), "to the microsecond");
}

async fn sign_in(t: Fixture) {
    let db = t.db.writer();
    users::insert(&t.db, user("u1", "Anna", Role::Root, 0))
        .await
        .unwrap();
    users::insert(&t.db, user("u2", "Ben", Role::Default, 0))
        .await
        .unwrap();
    for (name, who, ends) in [
        ("s1", "u1", 100),
        ("s2", "u1", 200),
        ("s3", "u1", 300),
        ("s4", "u2", 100),
    ] {
        sessions::insert(&t.db, session(name, who, ends)).await.unwrap();
    }
    let found = sessions::find(db, "s1", moment(99)).await.unwrap().unwrap();
    assert_eq!(found.session, session("s1", "u1", 100));
    assert_eq!(found.user, user("u1", "Anna", Role::Root, 0));
    assert_eq!(
        sessions::find(db, "s1", moment(100)).await.unwrap(),
        None,
        "expired"
    );
    assert_eq!(sessions::find(db, "other", moment(0)).await.unwrap(), None);

    sessions::touch(db, "s1", moment(99), moment(400)).await.unwrap();
    let touched = sessions::find(db, "s1", moment(399))
        .await
        .unwrap()
        .unwrap()
        .session;
    assert_eq!(touched.last_used_at, naive(moment(99)));

    let mut ben = users::find(db, &id("u2")).await.unwrap().unwrap();
    ben.disabled_at = Some(naive(moment(0)));
    users::save(&t.db, ben).await.unwrap();
    assert_eq!(
        sessions::find(db, "s4", moment(1)).await.unwrap(),
        None,
        "disabled"
    );

    let anna: UserId = id("u1");
    assert_eq!(
        sessions::delete_of_user(&t.db, &anna, Some("s1")).await.unwrap(),
        2
    );
    assert!(sessions::find(db, "s1", moment(1)).await.unwrap().is_some());
    sessions::delete(&t.db, "s1").await.unwrap();
    sessions::delete(&t.db, "s1").await.unwrap();
    assert_eq!(sessions::find(db, "s1", moment(1)).await.unwrap(), None);
    assert_eq!(sessions::delete_of_user(&t.db, &anna, None).await.unwrap(), 0);

    for (n, ends) in [10, 20, 30, 999].into_iter().enumerate() {
        sessions::insert(&t.db, session(&format!("old{n}"), "u1", ends))
            .await
            .unwrap();
    }
    assert_eq!(sessions::purge(db, moment(50), 2).await.unwrap(), 2, "a batch");
    assert_eq!(sessions::purge(db, moment(50), 2).await.unwrap(), 1, "the rest");
    assert!(sessions::find(db, "old3", moment(500)).await.unwrap().is_some());
}

async fn lock_out(t: Fixture) {
    let limits = LockOut {
        failures: 3,
        window: MINUTE,
        lock: Duration::from_secs(600),
    };
    let (anna, address) = (
        sign_in_failures::account("Anna"),
        sign_in_failures::address("::1"),
    );
    assert!(sign_in_failures::account(&"ä".repeat(500)).chars().count() <= 192);
    let record = async |key: &str, at: i64| {
        let tx = t.db.begin().await.unwrap();
        let row = sign_in_failures::record(&tx, key, moment(at), limits)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        row
    };
    let keys = [anna.clone(), address.clone()];
    let locked = async |at: i64| {
        sign_in_failures::locked_until(t.db.reader(), &keys, moment(at))
            .await
            .unwrap()
    };
    assert_eq!(record(&anna, 0).await.failures, 1);
    assert_eq!(record(&anna, 1).await.failures, 2);
    assert_eq!(locked(1).await, None);
    let third = record(&anna, 2).await;
    assert_eq!(
        (third.failures, third.locked_until),
        (3, Some(naive(moment(602))))
    );
    assert_eq!(locked(3).await, Some(moment(602)));
    assert_eq!(locked(602).await, None, "the lock runs out");

    assert_eq!(record(&address, 0).await.failures, 1);
    assert_eq!(
        record(&address, 61).await.failures,
        1,
        "the window is over: counted anew"
    );

    sign_in_failures::clear(t.db.writer(), &keys).await.unwrap();
    assert_eq!(locked(3).await, None);
    assert_eq!(record(&anna, 3).await.failures, 1);
    assert_eq!(
        sign_in_failures::purge(t.db.writer(), moment(2), 9)
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        sign_in_failures::purge(t.db.writer(), moment(3), 9)
            .await
            .unwrap(),
        1
    );
}

async fn facts(t: Fixture) {
    let db = t.db.writer();
    assert_eq!(settings::get(db, "node").await.unwrap(), None);
    for value in [
        json!({"a": "😀 \\ ' \" \n"}),
        json!("text"),
        json!(1.5),
        json!([]),
        Value::Null,
    ] {
        settings::put(db, "node", &value).await.unwrap();
        assert_eq!(settings::get(db, "node").await.unwrap(), Some(value));
    }
    assert_eq!(
        settings::get_or_put(db, "code", &json!(1)).await.unwrap(),
        json!(1)
    );
    assert_eq!(
        settings::get_or_put(db, "code", &json!(2)).await.unwrap(),
        json!(1)
    );
    let tx = t.db.begin().await.unwrap();
    assert_eq!(
        settings::get_or_put(&tx, "code", &json!(3)).await.unwrap(),
        json!(1)
    );
    settings::put(&tx, "after", &json!(true)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        settings::get(db, "after").await.unwrap(),
        Some(json!(true)),
        "a taken key ends no transaction"
    );
    assert!(settings::delete(db, "code").await.unwrap());
    assert!(!settings::delete(db, "code").await.unwrap());
}

async fn leases_run_out(t: Fixture) {
    let db = t.db.writer();
    assert!(
        leases::acquire(db, "sweep", "one", moment(0), MINUTE)
            .await
            .unwrap()
    );
    assert!(
        !leases::acquire(db, "sweep", "two", moment(59), MINUTE)
            .await
            .unwrap()
    );
    assert!(
        leases::acquire(db, "other", "two", moment(0), MINUTE)
            .await
            .unwrap()
    );
    assert!(
        leases::renew(db, "sweep", "one", moment(59), MINUTE)
            .await
            .unwrap()
    );
    assert!(
        !leases::renew(db, "sweep", "two", moment(59), MINUTE)
            .await
            .unwrap()
    );
    assert!(
        !leases::renew(db, "sweep", "one", moment(119), MINUTE)
            .await
            .unwrap(),
        "too late"
    );
    assert!(
        leases::acquire(db, "sweep", "two", moment(119), MINUTE)
            .await
            .unwrap()
    );
    leases::release(db, "sweep", "one").await.unwrap();
    assert!(
        !leases::acquire(db, "sweep", "one", moment(120), MINUTE)
            .await
            .unwrap(),
        "not the owner's any more"
    );
    leases::release(db, "sweep", "two").await.unwrap();
    assert!(
        leases::acquire(db, "sweep", "one", moment(120), MINUTE)
            .await
            .unwrap()
    );
    assert!(
        leases::acquire(db, "sweep", "one", moment(121), MINUTE)
            .await
            .unwrap(),
        "one's own already"
    );
}

async fn answers_to_keys(t: Fixture) {
    let db = t.db.writer();
    let claim = |id: &str, at: i64| idempotency_key::Model {
        id: id.to_owned(),
        user_id: "u1".to_owned(),
        request_digest: format!("digest at {at}"),
        status: 0,
        response: None,
        gmt_create: naive(moment(at)),
    };
    let find = async |id: &str| idempotency_keys::find(db, id).await.unwrap();
    let (first, late) = (claim("k1", 0), claim("k1", 9));
    assert_eq!(find("k1").await, None);
    assert!(idempotency_keys::insert(db, first.clone()).await.unwrap());
    assert!(!idempotency_keys::insert(db, late.clone()).await.unwrap());
    assert_eq!(find("k1").await, Some(first.clone()), "the first claim holds");

    assert!(idempotency_keys::take_over(db, &first, &late).await.unwrap());
    assert!(
        !idempotency_keys::take_over(db, &first, &late).await.unwrap(),
        "by one only"
    );
    assert_eq!(find("k1").await, Some(late.clone()));
    idempotency_keys::complete(db, &first, 500, json!(0))
        .await
        .unwrap();
    idempotency_keys::release(db, &first).await.unwrap();
    assert_eq!(
        find("k1").await,
        Some(late.clone()),
        "who lost the claim changes nothing"
    );
    let response = json!({"id": 1, "none": null});
    idempotency_keys::complete(db, &late, 201, response.clone())
        .await
        .unwrap();
    let answered = find("k1").await.unwrap();
    assert_eq!((answered.status, answered.response), (201, Some(response)));

    assert!(idempotency_keys::insert(db, claim("k2", 20)).await.unwrap());
    idempotency_keys::release(db, &claim("k2", 20)).await.unwrap();
    assert!(
        idempotency_keys::insert(db, claim("k2", 21)).await.unwrap(),
        "free again"
    );
    assert_eq!(idempotency_keys::purge(db, moment(20), 10).await.unwrap(), 1);
    assert!(find("k1").await.is_none() && find("k2").await.is_some());
}

async fn own_keys(t: Fixture) {
    let db = t.db.writer();
    let key = |id: &str, at: i64| identity_key::Model {
        id: id.to_owned(),
        gmt_create: naive(moment(at)),
        secret: "secret".to_owned(),
        public_key: "public".to_owned(),
        fingerprint: format!("fingerprint of {id}"),
        retired_at: None,
    };
    assert_eq!(identity_keys::current(db).await.unwrap(), None);
    identity_keys::insert(db, key("old", 0)).await.unwrap();
    identity_keys::insert(db, key("new", 1)).await.unwrap();
    assert_eq!(identity_keys::current(db).await.unwrap(), Some(key("new", 1)));
    identity_keys::retire(db, "new").await.unwrap();
    assert_eq!(identity_keys::current(db).await.unwrap(), Some(key("old", 0)));
    let all = identity_keys::list(db).await.unwrap();
    assert_eq!(all.len(), 2);
    assert!(all[0].id == "new" && all[0].retired_at.is_some());
    let taken = identity_keys::insert(
        db,
        identity_key::Model {
            id: "third".to_owned(),
            ..key("old", 2)
        },
    )
    .await;
    assert!(matches!(taken, Err(DbError::Conflict(_))), "{taken:?}");
}
