//! What one side wants and the other half does, when messages are late, lost, refused or given up.

use console_app::{partners, system};
use console_db::Page;
use console_model::MessageState;

use super::*;

/// Until the partner has answered a message that waits.
async fn answered(console: &Console, partner: &PartnerId, words: &str) {
    until(&format!("the answer is {words}"), async || {
        let row = partners::get(&console.app, &root(), partner).await.unwrap();
        row.last_error.filter(|error| error.contains(words)).map(|_| ())
    })
    .await;
}

/// Gives the messages of some kind up that wait, as an operator can. Tells how many there were.
async fn give_up(console: &Console, kinds: &[&str]) -> usize {
    let (state, page) = (Some(MessageState::Waiting), Page::first(100));
    let waiting = system::outbox(&console.app, &root(), None, state, &page).await;
    let mut given_up = 0;
    for message in waiting.unwrap() {
        if kinds.contains(&message.kind.as_str()) {
            // One that was under way when it was listed may have arrived by now.
            let done = system::give_up(&console.app, &root(), &message.id).await;
            given_up += usize::from(done.is_ok());
        }
    }
    given_up
}

const ALL: &[&str] = &["create_instance", "update_instance", "instance_status"];

async fn both_run(pair: &Pair) -> InstanceId {
    reaches(&pair.host, InstanceStatus::Running).await;
    reaches(&pair.peer, InstanceStatus::Running).await.id
}

#[actix_web::test]
async fn a_start_waits_until_the_other_half_has_stopped() {
    let lingers = json!({"do": "linger", "end": "slow to stop", "again": "talk"});
    let pair = consoles(json!({"do": "wait", "again": "talk"}), lingers).await;
    let id = pair.run().await;
    both_run(&pair).await;
    instances::stop(&pair.host.app, &root(), &id).await.unwrap();
    reaches(&pair.host, InstanceStatus::Stopped).await;
    reaches(&pair.peer, InstanceStatus::Stopping).await;
    instances::start(&pair.host.app, &root(), &id).await.unwrap();
    answered(&pair.host, &pair.peer_at_host, "still stopping").await;
    puppet::open("slow to stop");
    for console in [&pair.host, &pair.peer] {
        assert_eq!(reaches(console, InstanceStatus::Succeeded).await.attempt, 2);
    }
    pair.stop().await;
}

#[actix_web::test]
async fn a_stop_reaches_a_partner_that_had_suspended_us() {
    let pair = consoles(json!({"do": "wait"}), json!({"do": "wait"})).await;
    let id = pair.run().await;
    both_run(&pair).await;
    partners::suspend(&pair.peer.app, &root(), &pair.host_at_peer)
        .await
        .unwrap();
    instances::stop(&pair.host.app, &root(), &id).await.unwrap();
    answered(&pair.host, &pair.peer_at_host, "suspended").await;
    assert_eq!(only_run(&pair.peer).await.status, InstanceStatus::Running);
    partners::resume(&pair.peer.app, &root(), &pair.host_at_peer)
        .await
        .unwrap();
    reaches(&pair.peer, InstanceStatus::Stopped).await;
    pair.stop().await;
}

#[actix_web::test]
async fn a_stop_waits_for_a_partner_that_does_not_know_the_run_yet() {
    let (pair, _, to_peer) = consoles_behind(json!({"do": "wait"}), json!({"do": "wait"})).await;
    to_peer.lose(usize::MAX);
    let id = pair.run().await;
    let at_peer = reaches(&pair.peer, InstanceStatus::Running).await.id;
    instances::stop(&pair.peer.app, &root(), &at_peer).await.unwrap();
    reaches(&pair.peer, InstanceStatus::Stopped).await;
    answered(&pair.peer, &pair.host_at_peer, "not known to both sides yet").await;
    let run = instances::get(&pair.host.app, &root(), &id).await.unwrap();
    assert_eq!(run.status, InstanceStatus::Draft);
    to_peer.lose(0);
    let run = reaches(&pair.host, InstanceStatus::Stopped).await;
    assert_eq!(run.stop_cause, Some(StopCause::PartnerStopped));
    pair.stop().await;
}

#[actix_web::test]
async fn a_long_reason_arrives_shortened() {
    let fails = json!({"do": "fail", "length": 1100});
    let pair = consoles(json!({"do": "wait"}), fails).await;
    pair.run().await;
    reaches(&pair.host, InstanceStatus::Failed).await;
    let detail = until("the reason arrives", async || {
        only_run(&pair.host).await.partner.detail
    })
    .await;
    assert_eq!(detail.chars().count(), 1024);
    assert!(detail.starts_with("broken on purpose!"), "{detail}");
    pair.stop().await;
}

#[actix_web::test]
async fn a_stop_that_was_never_announced_is_found() {
    let (pair, to_host, _) = consoles_behind(json!({"do": "wait"}), json!({"do": "wait"})).await;
    pair.run().await;
    let at_peer = both_run(&pair).await;
    to_host.cut(true);
    instances::stop(&pair.peer.app, &root(), &at_peer).await.unwrap();
    reaches(&pair.peer, InstanceStatus::Stopped).await;
    assert!(give_up(&pair.peer, ALL).await > 0);
    to_host.cut(false);
    let run = reaches(&pair.host, InstanceStatus::Stopped).await;
    assert_eq!(run.stop_cause, Some(StopCause::PartnerStopped));
    pair.stop().await;
}

#[actix_web::test]
async fn a_run_that_the_partner_never_heard_of_is_told_again_with_the_next_start() {
    let does = json!({"do": "talk"});
    let (pair, _, to_peer) = consoles_behind(does.clone(), does).await;
    to_peer.cut(true);
    let id = pair.run().await;
    assert_eq!(give_up(&pair.host, ALL).await, 1);
    instances::stop(&pair.host.app, &root(), &id).await.unwrap();
    give_up(&pair.host, ALL).await;
    instances::start(&pair.host.app, &root(), &id).await.unwrap();
    to_peer.cut(false);
    for console in [&pair.host, &pair.peer] {
        assert_eq!(reaches(console, InstanceStatus::Succeeded).await.attempt, 2);
    }
    pair.stop().await;
}

#[actix_web::test]
async fn a_run_waits_for_a_pairing_whose_answer_was_lost() {
    let (host, peer) = (
        Console::start_with("host", Puppet).await,
        LossyProxy::start().await,
    );
    let to_peer = peer;
    let peer = Console::start_tuned("peer", Some(&to_peer.url), Puppet, |_| {}).await;
    to_peer.lead_to(peer.at);
    let (peer_at_host, host_at_peer) = pair(&host, &peer).await;
    let shared = project(&host, &peer_at_host, "joint").await;
    let host_task = task(&host, &shared.id, json!({"do": "talk"})).await;
    let peer_task = task(&peer, &theirs(&shared), json!({"do": "talk"})).await;
    to_peer.lose(usize::MAX);
    pairings::ask(&host.app, &root(), &host_task).await.unwrap();
    until("the peer has paired its half", async || {
        let task = tasks::get(&peer.app, &root(), &peer_task).await.unwrap();
        task.pairing
            .filter(|pairing| pairing.status == LinkStatus::Ready)
            .map(|_| ())
    })
    .await;
    instances::run(&peer.app, &root(), &peer_task, None)
        .await
        .unwrap();
    answered(&peer, &host_at_peer, "the pairing is not complete").await;
    to_peer.lose(0);
    for console in [&host, &peer] {
        reaches(console, InstanceStatus::Succeeded).await;
    }
    host.stop().await;
    peer.stop().await;
}

#[actix_web::test]
async fn both_sides_count_the_same_attempts() {
    let does = json!({"do": "wait", "again": "wait"});
    let (pair, _, to_peer) = consoles_behind(does.clone(), does).await;
    let id = pair.run().await;
    let at_peer = both_run(&pair).await;
    let stop = async || {
        instances::stop(&pair.host.app, &root(), &id).await.unwrap();
        reaches(&pair.host, InstanceStatus::Stopped).await;
    };
    stop().await;
    reaches(&pair.peer, InstanceStatus::Stopped).await;
    until("everything was told", async || {
        let partner = partners::get(&pair.host.app, &root(), &pair.peer_at_host).await;
        (partner.unwrap().waiting_messages == 0).then_some(())
    })
    .await;
    // The partner hears how an attempt went, and not that it should have taken part.
    to_peer.cut(true);
    instances::start(&pair.host.app, &root(), &id).await.unwrap();
    stop().await;
    assert_eq!(give_up(&pair.host, &["update_instance"]).await, 2);
    to_peer.cut(false);
    until("the partner hears of it", async || {
        let partner = partners::get(&pair.host.app, &root(), &pair.peer_at_host).await;
        (partner.unwrap().waiting_messages == 0).then_some(())
    })
    .await;
    instances::start(&pair.host.app, &root(), &id).await.unwrap();
    for console in [&pair.host, &pair.peer] {
        assert_eq!(reaches(console, InstanceStatus::Running).await.attempt, 3);
    }
    assert_eq!(only_run(&pair.peer).await.id, at_peer);
    pair.stop().await;
}
