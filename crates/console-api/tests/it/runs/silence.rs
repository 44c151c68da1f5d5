//! A partner that says nothing.

use std::time::Duration;

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
            .find(|entry| entry.attempt == 2 && entry.to == status);
        entry.unwrap().at
    };
    let waited = at(InstanceStatus::Stopping) - at(InstanceStatus::Starting);
    assert!(waited.to_std().unwrap() >= LOST_AFTER, "{waited}");
    host.stop().await;
}
