//! The messages between the engines, when a console is killed, an answer is lost or a disk forgets.

use console_peer::signing::{ContentDigest, Signing, sign};
use console_storage::{KeyPrefix, ObjectKey, ObjectStore, PutMode, PutOptions};

use super::*;

pub(super) async fn said(console: &Console, count: usize) {
    until("the engine has spoken", async || {
        let run = only_run(console).await;
        let log = log(console, &run.id, 0).await;
        (log.lines.len() >= count).then_some(())
    })
    .await;
}

#[actix_web::test]
async fn a_last_message_is_taken_again_when_the_other_half_has_succeeded() {
    let says = json!({"do": "say", "count": 1, "last": "heard"});
    let (mut pair, _, to_peer) = consoles_behind(says, json!({"do": "hear", "count": 1})).await;
    pair.run().await;
    reaches(&pair.host, InstanceStatus::Running).await;
    reaches(&pair.peer, InstanceStatus::Running).await;
    to_peer.lose(usize::MAX);
    puppet::open("heard");
    reaches(&pair.peer, InstanceStatus::Succeeded).await;
    assert_eq!(only_run(&pair.host).await.status, InstanceStatus::Running);
    // The moment at which one half has ended and the other has not heard that its message arrived.
    pair.host = pair.host.kill().await.start(Puppet).await;
    to_peer.lose(0);
    reaches(&pair.host, InstanceStatus::Succeeded).await;
    pair.stop().await;
}

#[actix_web::test]
async fn a_message_for_a_half_that_was_stopped_ends_the_run() {
    let says = json!({"do": "say", "count": 1, "last": "stopped there"});
    let (pair, to_host, _) = consoles_behind(says, json!({"do": "wait"})).await;
    pair.run().await;
    reaches(&pair.host, InstanceStatus::Running).await;
    let at_peer = reaches(&pair.peer, InstanceStatus::Running).await;
    // Nothing that the peer says arrives.
    to_host.cut(true);
    instances::stop(&pair.peer.app, &root(), &at_peer.id)
        .await
        .unwrap();
    reaches(&pair.peer, InstanceStatus::Stopped).await;
    puppet::open("stopped there");
    let run = reaches(&pair.host, InstanceStatus::Stopped).await;
    assert_eq!(run.stop_cause, Some(StopCause::PartnerStopped));
    pair.stop().await;
}

#[actix_web::test]
async fn messages_that_a_power_cut_took_end_the_run() {
    let says = json!({"do": "say", "count": 2, "last": "power is back"});
    let hears = json!({"do": "hear", "count": 2, "first": "never"});
    let mut pair = consoles(says, hears).await;
    pair.run().await;
    said(&pair.host, 1).await;
    let at_peer = only_run(&pair.peer).await.id;
    let killed = pair.peer.kill().await;
    let lost = KeyPrefix::channels(&at_peer);
    killed.store().await.delete_prefix(&lost).await.unwrap();
    pair.peer = killed.start(Puppet).await;
    puppet::open("power is back");
    let run = reaches(&pair.host, InstanceStatus::Failed).await;
    assert!(
        run.error.unwrap()["message"]
            .as_str()
            .unwrap()
            .contains("power cut")
    );
    reaches(&pair.peer, InstanceStatus::Failed).await;
    pair.stop().await;
}

/// The nonce of such a call is not remembered: its number tells the repeat.
#[actix_web::test]
async fn a_recorded_call_with_a_message_changes_nothing_when_it_is_sent_again() {
    let does = json!({"do": "wait"});
    let pair = consoles(does.clone(), does).await;
    let id = pair.run().await;
    let at_peer = reaches(&pair.peer, InstanceStatus::Running).await.id;
    let path = format!("/peer/channel/{id}/1/0");
    let headers = sign(
        pair.host.app.identity(),
        &Signing {
            method: "POST",
            path: &path,
            query: None,
            digest: ContentDigest::of(b"hello"),
            audience: pair.peer.app.identity().fingerprint(),
            command_id: None,
            created: chrono::Utc::now().timestamp(),
            nonce: "recorded-on-the-way",
        },
    )
    .unwrap();
    for _ in 0..2 {
        let mut call = reqwest::Client::new().post(format!("{}{path}", pair.peer.url));
        for (name, value) in headers.iter() {
            call = call.header(name, value);
        }
        let answer: Value = call.body("hello").send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["data"], json!({"accepted": true, "next_seq": 1}));
    }
    let channel = KeyPrefix::channels(&at_peer);
    let stored = pair.peer.app.store().list(&channel, None, 10);
    assert_eq!(stored.await.unwrap().objects.len(), 1);
    // What was changed on the way is refused as everywhere.
    let mut call = reqwest::Client::new().post(format!("{}{path}", pair.peer.url));
    for (name, value) in headers.iter() {
        call = call.header(name, value);
    }
    let changed = call.body("hallo").send().await.unwrap();
    assert_eq!(changed.status().as_u16(), 401);
    pair.stop().await;
}

#[actix_web::test]
async fn a_message_that_another_process_of_the_console_took_in_is_read() {
    // The partner calls a process that runs no engines.
    let door = Console::start_tuned("host", None, Puppet, |settings| settings.runs.at_most = 0).await;
    let worker = door.replica("host worker", Puppet).await;
    let peer = Console::start_with("peer", Puppet).await;
    let does = json!({"do": "talk"});
    let pair = paired(door, peer, does.clone(), does).await;
    pair.run().await;
    for console in [&worker, &pair.peer] {
        reaches(console, InstanceStatus::Succeeded).await;
    }
    worker.stop().await;
    pair.stop().await;
}

#[actix_web::test]
async fn what_a_kill_at_the_end_of_a_run_left_is_removed_at_the_next_start() {
    let does = json!({"do": "say", "count": 0});
    let mut pair = consoles(does.clone(), does).await;
    let id = pair.run().await;
    reaches(&pair.host, InstanceStatus::Succeeded).await;
    let running = json!({"do": "wait"});
    let other = consoles(running.clone(), running).await;
    let live = other.run().await;
    reaches(&other.host, InstanceStatus::Running).await;
    let left = async |store: &ObjectStore, id: &InstanceId| {
        let mut found = 0;
        for prefix in [KeyPrefix::channels(id), KeyPrefix::scratches(id)] {
            found += store.list(&prefix, None, 10).await.unwrap().objects.len();
        }
        found
    };
    let leave = async |store: &ObjectStore, id: &InstanceId| {
        let scratch = ObjectKey::scratch(id, 1, "state").unwrap();
        for key in [
            ObjectKey::channel(id, 1, 0),
            ObjectKey::channel(id, 1, 1),
            scratch,
        ] {
            let put = store.put_bytes(&key, "x".into(), PutOptions::new(PutMode::Replace));
            put.await.unwrap();
        }
    };
    let killed = pair.host.kill().await;
    leave(&killed.store().await, &id).await;
    leave(other.host.app.store(), &live).await;
    pair.host = killed.start(Puppet).await;
    other.host.app.wake().leftovers.notify_one();
    until("what was left is gone", async || {
        (left(pair.host.app.store(), &id).await == 0).then_some(())
    })
    .await;
    let passes = |app: &console_app::App| {
        app.statuses()
            .all()
            .get("leftovers")
            .map_or(0, |status| status.passes)
    };
    until("the other console has looked as well", async || {
        (passes(&other.host.app) >= 2).then_some(())
    })
    .await;
    assert_eq!(left(other.host.app.store(), &live).await, 3);
    pair.stop().await;
    other.stop().await;
}

/// Another process need not wait until the claims of one that has ended run out.
#[actix_web::test]
async fn a_console_that_ends_hands_its_runs_over() {
    let pair = consoles(json!({"do": "wait"}), json!({"do": "wait"})).await;
    let id = pair.run().await;
    reaches(&pair.host, InstanceStatus::Running).await;
    let other = pair.host.replica("other", Puppet).await;
    pair.host.stop().await;
    let row = console_db::instances::find(other.app.db().reader(), &id)
        .await
        .unwrap()
        .unwrap();
    let owner = row.engine_lease_owner.as_deref();
    assert_ne!(owner, Some("host"), "it is claimed by a process that has ended");
    until("the other process has the run", async || {
        other.app.jobs().get(&id)
    })
    .await;
    other.stop().await;
    pair.peer.stop().await;
}

/// An engine that breaks off or does not come back when it looks at a config costs that answer, and no claim.
#[actix_web::test]
async fn an_engine_that_breaks_off_at_a_config_is_told_and_the_next_run_goes_on() {
    for (how, words) in [("panic", "broke off"), ("hang", "did not say within")] {
        let pair = consoles(json!({"do": "end"}), json!({"do": "end", "validate": how})).await;
        let task = tasks::validate(&pair.peer.app, &root(), &pair.peer_task)
            .await
            .unwrap();
        assert!(task[0].fault.detail.contains(words), "{task:?}");
        for _ in 0..2 {
            let id = pair.run().await;
            until("the run ends", async || {
                let run = instances::get(&pair.host.app, &root(), &id).await.unwrap();
                run.status.is_terminal().then_some(())
            })
            .await;
        }
        until("no place is taken any more", async || {
            pair.peer.app.jobs().all().is_empty().then_some(())
        })
        .await;
        pair.stop().await;
    }
}
