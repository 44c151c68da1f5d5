//! Signing in and out.

use console_app::session;
use console_db::entity;
use console_db::sea_orm::ActiveValue::Set;
use console_db::sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use console_model::Role;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use super::client::{Client, PASSWORD, Reply, make_user, read};
use crate::peer::console::Console;

async fn sign_in(client: &Client, name: &str, password: &str) -> Reply {
    client
        .post("/session", json!({"name": name, "password": password}))
        .await
}

/// `name=value` of the cookie that an answer sets.
fn cookie(reply: &Reply) -> String {
    reply.header("set-cookie").split(';').next().unwrap().to_owned()
}

#[actix_web::test]
async fn a_browser_signs_in_and_out() {
    let console = Console::start_below("host", "/host").await;
    let client = Client::anonymous(&console);
    make_user(&console, "anna", Role::Admin).await;
    let signed = sign_in(&client, "anna", PASSWORD).await;
    assert_eq!(signed.status, 201, "{}", signed.body);
    assert_eq!(signed.header("cache-control"), "no-store");
    let set = signed.header("set-cookie");
    assert!(set.starts_with("efls_session_"), "{set}");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/host/", "Expires="] {
        assert!(set.contains(part), "{part} in {set}");
    }
    assert!(!set.contains("Secure"), "{set}");

    let cookie = cookie(&signed);
    let with = |method, path| client.request(method, path).header("cookie", &cookie);
    let me = read(with(Method::GET, "/session")).await;
    assert_eq!(
        (me.status, me.text("name"), me.text("role")),
        (200, "anna", "admin")
    );
    let out = read(with(Method::DELETE, "/session")).await;
    assert_eq!(out.status, 204);
    assert!(
        out.header("set-cookie").contains("1970"),
        "{}",
        out.header("set-cookie")
    );
    assert_eq!(read(with(Method::GET, "/session")).await.status, 401);

    // Another console's cookie of the same host has another name, so neither removes the other's.
    let other = Console::start("peer").await;
    make_user(&other, "anna", Role::Admin).await;
    let there = sign_in(&Client::anonymous(&other), "anna", PASSWORD).await;
    let name = |reply: &Reply| self::cookie(reply).split('=').next().unwrap().to_owned();
    assert_ne!(name(&there), name(&signed));
    other.stop().await;
    console.stop().await;
}

#[actix_web::test]
async fn a_page_of_another_origin_changes_nothing() {
    let console = Console::start("host").await;
    let client = Client::anonymous(&console);
    make_user(&console, "anna", Role::Root).await;
    let cookie = cookie(&sign_in(&client, "anna", PASSWORD).await);
    let own = console.url.clone();
    let create = |name: &str, headers: &[(&str, &str)]| {
        let body = json!({"name": name, "password": PASSWORD, "role": "default"});
        let request = client
            .request(Method::POST, "/users")
            .header("cookie", &cookie)
            .json(&body);
        headers
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, *value))
    };
    let refused: [&[(&str, &str)]; 4] = [
        &[("origin", "http://evil.test")],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site"), ("origin", "http://127.0.0.1:1")],
    ];
    for headers in refused {
        let reply = read(create("x", headers)).await;
        reply.assert_problem(&format!("{headers:?}"));
        assert_eq!(reply.code(), (403, "other_origin"), "{headers:?}");
    }
    let accepted: [&[(&str, &str)]; 3] = [
        &[("origin", &own)],
        &[
            ("sec-fetch-site", "same-origin"),
            ("origin", "https://in.front.test"),
        ],
        &[],
    ];
    for (number, headers) in accepted.into_iter().enumerate() {
        let reply = read(create(&format!("user {number}"), headers)).await;
        assert_eq!(reply.status, 201, "{headers:?}: {}", reply.body);
    }
    let read_only = client.request(Method::GET, "/session").header("cookie", &cookie);
    assert_eq!(
        read(read_only.header("origin", "http://evil.test")).await.status,
        200
    );
    console.stop().await;
}

#[actix_web::test]
async fn nobody_can_tell_whether_an_account_exists() {
    let console = Console::start("host").await;
    let client = Client::anonymous(&console);
    let root = Client::new(&console, "root", Role::Root).await;
    let id = make_user(&console, "anna", Role::Default).await;
    make_user(&console, "bert", Role::Default).await;
    assert_eq!(
        root.patch(&format!("/users/{id}"), json!({"disabled": true}))
            .await
            .status,
        200
    );
    let mut answers = Vec::new();
    for (name, password) in [
        ("anna", PASSWORD),
        ("bert", "a wrong password"),
        ("nobody", "a wrong password"),
    ] {
        let mut reply = sign_in(&client, name, password).await;
        reply.assert_problem(name);
        reply.body.as_object_mut().unwrap().remove("request_id");
        answers.push((reply.status, reply.body));
    }
    assert_eq!(answers[0].0, 401);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    console.stop().await;
}

#[actix_web::test]
async fn guesses_lock_an_account_out_even_all_at_once() {
    let console = Console::start("host").await;
    let client = Client::anonymous(&console);
    make_user(&console, "anna", Role::Default).await;
    make_user(&console, "bert", Role::Default).await;
    let guesses = (0..24).map(|number| {
        let client = client.clone();
        async move { sign_in(&client, "anna", &format!("guess number {number}")).await }
    });
    let replies = join_all(guesses).await;
    let compared = replies
        .iter()
        .filter(|reply| reply.code() == (401, "sign_in_refused"))
        .count();
    let locked = replies
        .iter()
        .filter(|reply| reply.code() == (429, "locked_out"))
        .count();
    // Ten failures lock; one more may have been under way, since two are compared at a time.
    assert!((10..=11).contains(&compared), "{compared} of {}", replies.len());
    assert_eq!(compared + locked, replies.len());
    let right = sign_in(&client, "anna", PASSWORD).await;
    right.assert_problem("locked out");
    assert_eq!(right.code(), (429, "locked_out"));
    let wait: u64 = right.header("retry-after").parse().unwrap();
    assert!(
        (880..=900).contains(&wait),
        "it is locked for 15 minutes, not for {wait} s"
    );
    assert_eq!(sign_in(&client, "bert", PASSWORD).await.status, 201);
    // A new password, given on the machine, opens the account again.
    let new = "given on the machine";
    console_app::users::reset_on_machine(&console.app, "anna", new.to_owned())
        .await
        .unwrap();
    assert_eq!(sign_in(&client, "anna", new).await.status, 201);
    console.stop().await;
}

#[actix_web::test]
async fn the_old_password_is_guessed_as_little_as_at_the_door() {
    let console = Console::start("host").await;
    let id = make_user(&console, "anna", Role::Default).await;
    let at_the_screen = Client::signed_in(&console, "anna").await;
    let guess = async |number: u32| {
        let old = format!("guess number {number}");
        let body = json!({"old_password": old, "new_password": "another long one"});
        at_the_screen
            .post(&format!("/users/{id}/password"), body)
            .await
            .code()
            .0
    };
    for number in 0..10 {
        assert_eq!(guess(number).await, 422);
    }
    assert_eq!(guess(10).await, 429);
    console.stop().await;
}

#[actix_web::test]
async fn a_session_ends_when_what_it_rests_on_changes() {
    let console = Console::start("host").await;
    let root = Client::new(&console, "root", Role::Root).await;
    let id = make_user(&console, "anna", Role::Admin).await;
    let path = format!("/users/{id}");
    let works = async |client: &Client| client.get("/session").await.status == 200;

    let (one, two) = (
        Client::signed_in(&console, "anna").await,
        Client::signed_in(&console, "anna").await,
    );
    let wrong = json!({"old_password": "not the old one", "new_password": "another long one"});
    let reply = one.post(&format!("{path}/password"), wrong).await;
    assert_eq!(
        (reply.code(), reply.pointers()),
        ((422, "wrong_password"), vec!["/old_password"])
    );
    let change = json!({"old_password": PASSWORD, "new_password": "another long one"});
    assert_eq!(one.post(&format!("{path}/password"), change).await.status, 204);
    assert!(
        works(&one).await && !works(&two).await,
        "the session that asked stays"
    );
    let reset = json!({"new_password": PASSWORD});
    assert_eq!(root.post(&format!("{path}/password"), reset).await.status, 204);
    assert!(!works(&one).await);

    let one = Client::signed_in(&console, "anna").await;
    assert_eq!(root.patch(&path, json!({"role": "default"})).await.status, 200);
    assert!(!works(&one).await);
    let one = Client::signed_in(&console, "anna").await;
    assert_eq!(root.patch(&path, json!({"disabled": true})).await.status, 200);
    assert!(!works(&one).await);
    assert_eq!(root.patch(&path, json!({"disabled": false})).await.status, 200);
    assert!(!works(&one).await, "an ended session does not come back");
    assert!(works(&Client::signed_in(&console, "anna").await).await);
    console.stop().await;
}

#[actix_web::test]
async fn a_session_runs_out() {
    let console = Console::start("host").await;
    let anna = Client::new(&console, "anna", Role::Default).await;
    assert_eq!(anna.get("/session").await.status, 200);
    let past = entity::session::ActiveModel {
        expires_at: Set(chrono::Utc::now().naive_utc() - chrono::TimeDelta::seconds(1)),
        ..Default::default()
    };
    let update = entity::session::Entity::update_many().set(past);
    update.exec(console.app.db().writer()).await.unwrap();
    assert_eq!(anna.get("/session").await.code(), (401, "not_signed_in"));
    console.stop().await;
}

#[actix_web::test]
async fn a_password_of_an_adopted_database_is_replaced_by_a_better_hash() {
    let console = Console::start("host").await;
    let client = Client::anonymous(&console);
    make_user(&console, "anna", Role::Default).await;
    // hashlib.pbkdf2_hmac("sha256", b"correct horse", b"SaltSalt", 1000).hex()
    let old = "pbkdf2:sha256:1000$SaltSalt$d1c3abaabab9367f425a05860c59631f264bb38fcba769e229dff8684f62bc3f";
    let change = entity::user::ActiveModel {
        password: Set(old.to_owned()),
        ..Default::default()
    };
    let update = entity::user::Entity::update_many()
        .set(change)
        .filter(entity::user::Column::Name.eq("anna"));
    update.exec(console.app.db().writer()).await.unwrap();
    let hash = async || {
        let found = entity::user::Entity::find().filter(entity::user::Column::Name.eq("anna"));
        found
            .one(console.app.db().reader())
            .await
            .unwrap()
            .unwrap()
            .password
    };
    assert_eq!(sign_in(&client, "anna", "wrong horse").await.status, 401);
    assert_eq!(hash().await, old);
    assert_eq!(sign_in(&client, "anna", "correct horse").await.status, 201);
    assert!(hash().await.starts_with("$argon2id$"));
    assert_eq!(sign_in(&client, "anna", "correct horse").await.status, 201);
    console.stop().await;
}

#[actix_web::test]
async fn who_changes_a_password_meanwhile_wins() {
    let console = Console::start("host").await;
    make_user(&console, "anna", Role::Default).await;
    let (app, name) = (&console.app, "anna");
    let reset = console_app::users::reset_on_machine(app, name, "another long one".to_owned());
    let (signed, changed) = tokio::join!(session::sign_in(app, name, PASSWORD, None, None, "test"), reset);
    changed.unwrap();
    if let Ok(signed) = signed {
        let still = session::resolve(app, &signed.token, "test").await.unwrap();
        assert!(still.is_none(), "a session of the old password is left");
    }
    console.stop().await;
}

async fn sign_in_with(client: &Client, password: &str, device: &str) -> Reply {
    let body = json!({"name": "anna", "password": password});
    let request = client.request(Method::POST, "/session").json(&body);
    read(request.header("cookie", device)).await
}

#[actix_web::test]
async fn who_is_known_by_a_device_is_not_kept_out_by_strangers() {
    let console = Console::start("host").await;
    let client = Client::anonymous(&console);
    make_user(&console, "anna", Role::Default).await;
    make_user(&console, "bert", Role::Default).await;
    let device_of = |reply: &Reply| {
        let cookies = reply.headers.get_all("set-cookie").iter();
        let texts = cookies.map(|cookie| cookie.to_str().unwrap());
        let found = texts
            .filter(|text| text.starts_with("efls_device_"))
            .collect::<Vec<_>>();
        let [device] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert!(
            device.contains("HttpOnly") && device.contains("Expires="),
            "{device}"
        );
        device.split(';').next().unwrap().to_owned()
    };
    let known = device_of(&sign_in(&client, "anna", PASSWORD).await);
    let of_bert = device_of(&sign_in(&client, "bert", PASSWORD).await);
    for number in 0..10 {
        let reply = sign_in(&client, "anna", &format!("guess number {number}")).await;
        assert_eq!(reply.code(), (401, "sign_in_refused"));
    }
    let (name, value) = known.split_once('=').unwrap();
    let forged = format!("{name}={}0", &value[..value.len() - 1]);
    for stranger in [&of_bert, &forged, "efls_device_=x"] {
        let reply = sign_in_with(&client, PASSWORD, stranger).await;
        assert_eq!(reply.code(), (429, "locked_out"), "{stranger}");
    }
    let signed = sign_in_with(&client, PASSWORD, &known).await;
    assert_eq!(signed.status, 201, "{}", signed.body);
    // Whoever has the device cannot guess without end either.
    for number in 0..10 {
        let reply = sign_in_with(&client, &format!("guess number {number}"), &known).await;
        assert_eq!(reply.code(), (401, "sign_in_refused"));
    }
    assert_eq!(
        sign_in_with(&client, PASSWORD, &known).await.code(),
        (429, "locked_out")
    );
    console.stop().await;
}
