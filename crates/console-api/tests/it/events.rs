//! `/events`: what changes is told at once, to those who may see it, and nothing is missed.

mod replicas;

use std::time::Duration;

use console_app::changes::{self, Frame as Told};
use console_app::{objects, session, users};
use console_db::changes::note_object;
use console_model::{ChangeType, Role};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::client::{Client, PASSWORD};
use crate::peer::console::{Console, root};
use crate::sse::{Frame, Stream};

pub(crate) async fn listen(client: &Client<'_>, last_id: Option<&str>) -> Stream {
    let mut stream = Stream::open(client.request(Method::GET, "/events"), last_id).await;
    // From the first sign on, everything is told.
    while stream.last_id.is_none() {
        assert_eq!(stream.soon().await, None);
    }
    stream
}

pub(crate) fn change(kind: &str, id: &str, change: &str) -> Frame {
    Frame {
        event: "change".to_owned(),
        data: json!({ "kind": kind, "id": id, "change": change, "project_id": null, "task_id": null }),
    }
}

fn bare(event: &str) -> Frame {
    Frame {
        event: event.to_owned(),
        data: json!({}),
    }
}

/// Stores a file, which everybody may see.
pub(crate) async fn touch(console: &Console, name: &str) {
    let name = console_app::ObjectName::parse(name).unwrap();
    let bytes = futures_util::stream::iter([Ok(bytes::Bytes::from_static(b"x"))]);
    objects::upload(&console.app, &root(), &name, bytes, objects::Upload::default())
        .await
        .unwrap();
}

#[actix_web::test]
async fn everybody_is_told_what_he_may_see_and_nothing_else() {
    let console = Console::start("ours").await;
    let admin = Client::new(&console, "admin", Role::Root).await;
    let reader = Client::new(&console, "reader", Role::Default).await;
    let mut to_admin = listen(&admin, None).await;
    let mut to_reader = listen(&reader, None).await;

    let partner = json!({ "name": "b", "address": "http://127.0.0.1:9", "accept_unsigned": true });
    let partner = admin.post("/partners", partner).await.id().to_owned();
    let project = json!({ "name": "p", "partner_id": partner });
    let project = admin.post("/projects", project).await.id().to_owned();
    let task = json!({ "name": "t", "task_type": "sample" });
    let task = admin
        .post(&format!("/projects/{project}/tasks"), task)
        .await
        .id()
        .to_owned();
    admin.post("/invitations", json!({})).await;
    touch(&console, "a.csv").await;

    let of = |id: &str, kind: &str, project: Option<&str>, task: Option<&str>| Frame {
        event: "change".to_owned(),
        data: json!({ "kind": kind, "id": id, "change": "created", "project_id": project, "task_id": task }),
    };
    let project_made = of(&project, "project", Some(&project), None);
    let task_made = of(&task, "task", Some(&project), Some(&task));
    let expected = [
        of(&partner, "partner", None, None),
        project_made,
        task_made,
        change("object", "a.csv", "created"),
    ];
    // Whether the project's message was delivered already is told as it comes, so only what is made is looked at.
    let mut made = Vec::new();
    while made.len() < expected.len() {
        let frame = to_reader.next().await.unwrap();
        let kind = frame.data["kind"].as_str().unwrap();
        assert!(!["user", "outbox", "invitation"].contains(&kind), "{frame:?}");
        if frame.data["change"] == "created" {
            made.push(frame);
        }
    }
    assert_eq!(made, expected);
    let mut kinds = Vec::new();
    while kinds.last().is_none_or(|kind| kind != "object") {
        let frame = to_admin.next().await.unwrap();
        if frame.data["change"] == "created" {
            kinds.push(frame.data["kind"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(
        kinds,
        ["partner", "project", "outbox", "task", "invitation", "object"]
    );
    console.stop().await;
}

#[actix_web::test]
async fn who_comes_back_hears_what_he_missed_and_a_strange_place_is_told() {
    let console = Console::start("ours").await;
    let reader = Client::new(&console, "reader", Role::Default).await;
    let mut stream = listen(&reader, None).await;
    touch(&console, "a").await;
    assert_eq!(stream.next().await, Some(change("object", "a", "created")));
    let place = stream.last_id.clone().unwrap();
    drop(stream);
    touch(&console, "b").await;
    touch(&console, "c").await;
    let mut stream = Stream::open(reader.request(Method::GET, "/events"), Some(&place)).await;
    for name in ["b", "c"] {
        assert_eq!(stream.next().await, Some(change("object", name, "created")));
    }
    touch(&console, "d").await;
    assert_eq!(stream.next().await, Some(change("object", "d", "created")));
    assert_ne!(stream.last_id.as_deref(), Some(place.as_str()));

    for strange in ["999999", "nonsense", ""] {
        let mut stream = Stream::open(reader.request(Method::GET, "/events"), Some(strange)).await;
        assert_eq!(stream.next().await, Some(bare("reset")), "{strange:?}");
        touch(&console, &format!("after {strange}")).await;
        let next = stream.next().await.unwrap();
        assert_eq!(next.data["id"], format!("after {strange}"));
    }
    console.stop().await;
}

/// Ends the session of `reader`; the name says how.
async fn end(console: &Console, reader: &Client<'_>, how: &str) {
    let of_reader = async || {
        let found = console_db::users::find_by_name(console.app.db().reader(), "reader").await;
        found.unwrap().unwrap().id
    };
    let change = match how {
        "sign-out" => {
            assert_eq!(
                reader.send(Method::DELETE, "/session", Value::Null).await.status,
                204
            );
            return;
        }
        "role" => users::UserChange {
            role: Some(Role::Admin),
            ..users::UserChange::default()
        },
        _ => users::UserChange {
            disabled: Some(true),
            ..users::UserChange::default()
        },
    };
    users::update(&console.app, &root(), &of_reader().await, None, change)
        .await
        .unwrap();
}

#[actix_web::test]
async fn a_stream_ends_with_its_session_and_with_no_other() {
    for how in ["sign-out", "role", "disabled"] {
        let console = Console::start("ours").await;
        let reader = Client::new(&console, "reader", Role::Default).await;
        let other = Client::new(&console, "other", Role::Default).await;
        let (mut stream, mut others) = (listen(&reader, None).await, listen(&other, None).await);
        end(&console, &reader, how).await;
        assert_eq!(stream.next().await, Some(bare("end")), "{how}");
        assert_eq!(stream.next().await, None, "{how}");
        touch(&console, "a").await;
        assert_eq!(
            others.next().await,
            Some(change("object", "a", "created")),
            "{how}"
        );
        console.stop().await;
    }
}

#[actix_web::test]
async fn a_stream_ends_when_its_session_runs_out_though_nobody_ends_it() {
    let console = Console::start("ours").await;
    let reader = Client::new(&console, "reader", Role::Default).await;
    // A session that has a moment left when the stream begins.
    let id = session::id_of(reader.token.as_deref().unwrap());
    let until = chrono::Utc::now() + chrono::TimeDelta::seconds(2);
    console_db::sessions::touch(console.app.db().writer(), id.as_str(), chrono::Utc::now(), until)
        .await
        .unwrap();
    let mut stream = listen(&reader, None).await;
    assert_eq!(stream.next().await, Some(bare("end")));
    assert!(chrono::Utc::now() >= until);
    console.stop().await;
}

#[actix_web::test]
async fn a_slow_listener_is_told_to_begin_anew_and_goes_on() {
    let console = Console::start("ours").await;
    users::create_on_machine(&console.app, crate::client::new_user("reader", Role::Default))
        .await
        .unwrap();
    let signed = session::sign_in(&console.app, "reader", PASSWORD, None, None, "test")
        .await
        .unwrap();
    let mut slow = changes::listen(&console.app, root(), &signed.token, None)
        .await
        .unwrap();
    let Some(Told::Alive(place)) = slow.next().await else {
        panic!("no greeting");
    };
    let mut quick = changes::listen(&console.app, root(), &signed.token, None)
        .await
        .unwrap();
    assert!(matches!(quick.next().await, Some(Told::Alive(_))));
    // Both listen, and then the slow one takes nothing while more happens than is kept for it.
    for listener in [&mut slow, &mut quick] {
        assert!(
            timeout(Duration::from_millis(300), listener.next())
                .await
                .is_err()
        );
    }
    let tx = console.app.db().begin().await.unwrap();
    for n in 0..3000 {
        note_object(&tx, &format!("o{n}"), ChangeType::Created)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    // Once the quick one has heard the last of it, or too much, all or too much has passed by the slow one.
    let mut heard = 0;
    while let Some(Told::Change(..)) = quick.next().await {
        heard += 1;
        if heard == 3000 {
            break;
        }
    }
    assert!(matches!(slow.next().await, Some(Told::Reset(_))));
    note_object(console.app.db(), "after", ChangeType::Created)
        .await
        .unwrap();
    assert!(matches!(slow.next().await, Some(Told::Change(_, change)) if change.id == "after"));

    // So is whoever comes back after too much has happened.
    let late = changes::listen(&console.app, root(), &signed.token, Some(&place)).await;
    let mut late = late.unwrap();
    assert_eq!(late.next().await, Some(Told::Alive(place)));
    while let Some(Told::Change(..)) = late.next().await {}
    note_object(console.app.db(), "at last", ChangeType::Created)
        .await
        .unwrap();
    assert!(matches!(late.next().await, Some(Told::Change(_, change)) if change.id == "at last"));
    console.stop().await;
}

#[actix_web::test]
async fn nobody_listens_without_a_session_and_streams_end_with_the_process() {
    let console = Console::start("ours").await;
    assert_eq!(
        Client::nobody(&console).get("/events").await.code(),
        (401, "not_signed_in")
    );
    let reader = Client::new(&console, "reader", Role::Default).await;
    let mut stream = listen(&reader, None).await;
    console.app.shutdown().cancel();
    assert_eq!(
        stream.next().await,
        None,
        "closed, and not told that the session has ended"
    );
    console.stop().await;
}

#[actix_web::test]
async fn one_user_has_so_many_streams_and_leaves_room_for_others() {
    let console = Console::start("ours").await;
    let reader = Client::new(&console, "reader", Role::Default).await;
    let mut streams = Vec::with_capacity(32);
    for _ in 0..32 {
        streams.push(listen(&reader, None).await);
    }
    assert_eq!(reader.get("/events").await.code(), (429, "too_many_listeners"));
    let other = Client::new(&console, "other", Role::Default).await;
    let _others = listen(&other, None).await;
    console.stop().await;
}
