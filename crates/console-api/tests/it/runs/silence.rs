//! A partner that says nothing.

use std::time::Duration;

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
        partner.unwrap().last_error
    };
    assert_eq!(error().await, None);
    let killed = pair.peer.kill().await;
    puppet::open("the partner is away");
    let said = until("the partner does not answer", &error).await;
    assert!(said.contains("cannot be reached"), "{said}");

    pair.peer = killed.start(Puppet).await;
    until("it answers again", async || error().await.is_none().then_some(())).await;
    puppet::open("the partner is back");
    reaches(&pair.host, InstanceStatus::Succeeded).await;
    pair.stop().await;
}
