//! Ends of a pairing that cross other calls.

use console_app::partners::{self, Partner, PartnerChange, invitations};
use console_model::{PartnerId, PartnerTrust};

use super::console::{Console, root, until};
use super::pairing::pair;
use super::proxy::LossyProxy;

async fn partner(console: &Console, id: &PartnerId) -> Partner {
    partners::get(&console.app, &root(), id).await.unwrap()
}

async fn trusted(console: &Console, id: &PartnerId, trust: PartnerTrust) {
    until("the partner is as trusted as that", async || {
        (partner(console, id).await.trust == trust).then_some(())
    })
    .await;
}

#[actix_web::test]
async fn the_news_of_an_end_does_not_end_the_next_pairing() {
    let (host, peer) = (Console::start("host").await, Console::start("peer").await);
    let (at_host, at_peer) = pair(&host, &peer).await;
    // Both end it, and neither hears of the other: nobody listens there.
    for (console, id) in [(&host, &at_host), (&peer, &at_peer)] {
        let wrong = PartnerChange {
            address: Some("http://127.0.0.1:9".to_owned()),
            ..PartnerChange::default()
        };
        let generation = partner(console, id).await.generation;
        partners::update(&console.app, &root(), id, Some(generation), wrong)
            .await
            .unwrap();
        partners::unpair(&console.app, &root(), id, "test").await.unwrap();
    }
    let invited = invitations::invite(&host.app, &root(), None).await.unwrap();
    invitations::accept(&peer.app, &root(), &invited.code, None, None)
        .await
        .unwrap();
    trusted(&peer, &at_peer, PartnerTrust::Paired).await;
    for (console, id) in [(&host, &at_host), (&peer, &at_peer)] {
        until("nothing waits any more", async || {
            (partner(console, id).await.waiting_messages == 0).then_some(())
        })
        .await;
    }
    assert_eq!(partner(&host, &at_host).await.trust, PartnerTrust::Paired);
    assert_eq!(partner(&peer, &at_peer).await.trust, PartnerTrust::Paired);
    host.stop().await;
    peer.stop().await;
}

#[actix_web::test]
async fn who_took_us_in_without_our_knowledge_hears_that_it_is_over() {
    let proxy = LossyProxy::start().await;
    let host = Console::start_behind("host", Some(&proxy.url)).await;
    proxy.lead_to(host.at);
    let peer = Console::start("peer").await;
    let invited = invitations::invite(&host.app, &root(), None).await.unwrap();
    proxy.lose(usize::MAX);
    let at_peer = invitations::accept(&peer.app, &root(), &invited.code, None, None)
        .await
        .unwrap();
    let at_host = until("the host has taken the peer in", async || {
        let found = partners::list(&host.app, &root(), &console_db::Page::first(10)).await;
        found.unwrap().into_iter().next()
    })
    .await;
    assert_eq!(at_host.trust, PartnerTrust::Paired);
    assert_eq!(partner(&peer, &at_peer.id).await.trust, PartnerTrust::Pending);
    partners::unpair(&peer.app, &root(), &at_peer.id, "test")
        .await
        .unwrap();
    proxy.lose(0);
    trusted(&host, &at_host.id, PartnerTrust::Unpaired).await;
    host.stop().await;
    peer.stop().await;
}
