//! A partner that says nothing.

use std::time::Duration;

use console_app::instances::HeldUpReason;
use console_app::partners;

use super::*;

const LOST_AFTER: Duration = Duration::from_secs(3);

#[actix_web::test]
async fn silence_is_counted_from_the_beginning_of_an_attempt() {
    let host = Console::start_tuned("host", None, Puppet, |settings| {
        settings.federation.lost_after = LOST_AFTER;
    })
    .await;
    let peer = Console::start_with("peer", Puppet).await;
    let does = json!({"do": "wait", "again": "wait"});
    let pair = paired(host, peer, does.clone(), does).await;
    let id = pair.run().await;
    reaches(&pair.host, InstanceStatus::Running).await;
    reaches(&pair.peer, InstanceStatus::Running).await;
    instances::stop(&pair.host.app, &root(), &id).await.unwrap();
    for console in [&pair.host, &pair.peer] {
        reaches(console, InstanceStatus::Stopped).await;
    }
    let Pair { host, peer, .. } = pair;
    peer.kill().await;
    until("nobody has spoken for long", async || {
        let seen = only_run(&host).await.partner.seen_at.unwrap();
        let silent = (chrono::Utc::now() - seen).to_std().unwrap_or_default();
        (silent > LOST_AFTER).then_some(())
    })
    .await;
    instances::start(&host.app, &root(), &id).await.unwrap();
    reaches(&host, InstanceStatus::Lost).await;
    let history = instances::history(&host.app, &root(), &id).await.unwrap();
    let at = |status| {
        let entry = history
            .iter()
            .find(|entry| entry.attempt == 2 && entry.to == HistoryState::Is(status));
        entry.unwrap().at
    };
    let waited = at(InstanceStatus::Stopping) - at(InstanceStatus::Starting);
    assert!(waited.to_std().unwrap() >= LOST_AFTER, "{waited}");
    host.stop().await;
}

#[actix_web::test]
async fn operators_see_that_the_partner_of_a_run_does_not_answer_and_that_it_does_again() {
    let says = json!({"do": "say", "count": 2, "last": "the partner is away"});
    let hears = json!({"do": "hear", "count": 2, "first": "the partner is back"});
    let mut pair = consoles(says, hears).await;
    pair.run().await;
    faults::said(&pair.host, 1).await;
    let host = &pair.host;
    let error = async || {
        let partner = partners::get(&host.app, &root(), &pair.peer_at_host).await;
        let partner = partner.unwrap();
        partner.last_error.zip(partner.last_error_zh)
    };
    assert_eq!(error().await, None);
    let killed = pair.peer.kill().await;
    puppet::open("the partner is away");
    let (said, zh) = until("the partner does not answer", &error).await;
    assert_eq!(zh, "无法连接到对方的控制台");
    assert!(said.contains("cannot be reached"), "{said}");

    pair.peer = killed.start(Puppet).await;
    until("it answers again", async || error().await.is_none().then_some(())).await;
    puppet::open("the partner is back");
    reaches(&pair.host, InstanceStatus::Succeeded).await;
    pair.stop().await;
}

async fn held_up(console: &Console) -> Option<HeldUpReason> {
    only_run(console).await.held_up.map(|held_up| held_up.reason)
}

async fn is_held_up_by(console: &Console, reason: HeldUpReason) {
    until(&format!("the run is held up by {reason:?}"), async || {
        (held_up(console).await == Some(reason)).then_some(())
    })
    .await;
}

#[actix_web::test]
async fn a_proxy_that_takes_no_message_however_small_is_named_on_the_run() {
    let says = json!({"do": "say", "count": 1, "size": 20_000});
    let (pair, _, to_peer) = consoles_behind(says, json!({"do": "hear", "count": 1})).await;
    to_peer.limit(2000);
    pair.run().await;
    is_held_up_by(&pair.host, HeldUpReason::MessageTooLarge).await;
    let run = only_run(&pair.host).await;
    let detail = run.held_up.unwrap().detail.unwrap();
    assert!(
        detail.contains("413") && detail.contains("not even 4096 bytes"),
        "{detail}"
    );
    to_peer.limit(usize::MAX);
    let run = reaches(&pair.host, InstanceStatus::Succeeded).await;
    assert_eq!(run.held_up, None);
    pair.stop().await;
}

#[actix_web::test]
async fn a_partner_that_cannot_be_reached_is_named_on_the_run_until_it_can() {
    let says = json!({"do": "say", "count": 2, "last": "the way is cut"});
    let (pair, _, to_peer) = consoles_behind(
        says,
        json!({"do": "hear", "count": 2, "first": "the way is open"}),
    )
    .await;
    pair.run().await;
    faults::said(&pair.host, 1).await;
    to_peer.cut(true);
    puppet::open("the way is cut");
    is_held_up_by(&pair.host, HeldUpReason::PartnerUnreachable).await;
    to_peer.cut(false);
    until("the run goes on", async || {
        held_up(&pair.host).await.is_none().then_some(())
    })
    .await;
    puppet::open("the way is open");
    reaches(&pair.host, InstanceStatus::Succeeded).await;
    pair.stop().await;
}

/// Runs of the host that the partner is never asked about, before the one that it does not know.
#[actix_web::test]
async fn every_run_is_looked_at_however_many_there_are() {
    let pair = consoles(json!({"do": "wait"}), json!({"do": "wait"})).await;
    let id = pair.run().await;
    reaches(&pair.host, InstanceStatus::Running).await;
    let db = pair.host.app.db();
    let first = console_db::instances::find(db.reader(), &id)
        .await
        .unwrap()
        .unwrap();
    let copy = async |number: usize, peer_id: Option<String>| {
        let copy = console_db::entity::task_instance::Model {
            id: format!("copy-{number}").parse().unwrap(),
            instance_peer_id: peer_id,
            // Another process looks after it.
            engine_lease_owner: Some("elsewhere".to_owned()),
            engine_lease_until: Some(first.gmt_create + chrono::TimeDelta::hours(1)),
            gmt_create: first.gmt_create - chrono::TimeDelta::hours(1),
            partner_seen_at: None,
            watch_at: None,
            ..first.clone()
        };
        let copy = console_db::sea_orm::IntoActiveModel::into_active_model(copy);
        let copy = console_db::sea_orm::ActiveModelTrait::reset_all(copy);
        console_db::sea_orm::ActiveModelTrait::insert(copy, db.writer())
            .await
            .unwrap();
    };
    for number in 0..280 {
        copy(number, None).await;
    }
    copy(280, Some("unknown-there".to_owned())).await;
    let last = InstanceId::parse("copy-280").unwrap();
    until("the last one is asked about", async || {
        let row = console_db::instances::find(db.reader(), &last)
            .await
            .unwrap()
            .unwrap();
        (row.stop_reason.as_deref() == Some("The partner deleted its half of the run.")).then_some(())
    })
    .await;
    pair.stop().await;
}
