//! Answers get lost after the partner has done the work.

use console_app::partners::{self, NewBasePartner, invitations};
use console_app::{projects, tasks};
use console_db::Page;
use console_model::{LinkStatus, PartnerTrust};
use serde_json::json;

use super::base_console::BaseConsole;
use super::console::{Console, root, until};
use super::pairing::{confirm, paired, project, task, theirs};
use super::proxy::LossyProxy;

#[actix_web::test]
async fn between_our_consoles_everything_is_done_once() {
    let proxy = LossyProxy::start().await;
    let host = Console::start_behind("host", Some(&proxy.url)).await;
    proxy.lead_to(host.at);
    let peer = Console::start("peer").await;

    let invited = invitations::invite(&host.app, &root(), None).await.unwrap();
    proxy.lose(2);
    let at_peer = invitations::accept(&peer.app, &root(), &invited.code, None, None)
        .await
        .unwrap();
    until("they are paired", async || {
        let partner = partners::get(&peer.app, &root(), &at_peer.id).await.unwrap();
        (partner.trust == PartnerTrust::Paired).then_some(())
    })
    .await;
    assert_eq!(proxy.lost(), 2);
    confirm(&peer, &at_peer.id).await;
    let at_host = partners::list(&host.app, &root(), &Page::first(1)).await.unwrap();
    confirm(&host, &at_host[0].id).await;

    // The peer makes the project, so its calls are the ones that go through the proxy.
    proxy.lose(2);
    let made = project(&peer, &at_peer.id, "joint").await;
    assert_eq!(proxy.lost(), 4);
    let ours = task(&peer, &made.id, "join", json!({})).await;
    task(&host, &theirs(&made), "join", json!({})).await;
    proxy.lose(2);
    assert_eq!(paired(&peer, &ours.id).await.status, LinkStatus::Ready);
    assert_eq!(proxy.lost(), 6);
    let next = tasks::new_version(&peer.app, &root(), &ours.id).await.unwrap();
    proxy.lose(2);
    assert_eq!(paired(&peer, &next.id).await.status, LinkStatus::Ready);
    assert_eq!(proxy.lost(), 8);

    let count = |table: &str, counts: &[(&'static str, u64)]| {
        counts
            .iter()
            .find(|(name, _)| *name == table)
            .map(|(_, count)| *count)
    };
    for console in [&host, &peer] {
        let counts = console.counts().await;
        assert_eq!(count("partner", &counts), Some(1));
        assert_eq!(count("project", &counts), Some(1));
        assert_eq!(count("task_intra", &counts), Some(2));
        assert_eq!(count("task_inter", &counts), Some(2));
    }
    host.stop().await;
    peer.stop().await;
}

#[actix_web::test]
async fn with_a_base_console_what_was_done_is_adopted() {
    let base = BaseConsole::start().await;
    let proxy = LossyProxy::start().await;
    proxy.lead_to(base.at);
    let console = Console::start("ours").await;
    let new = NewBasePartner {
        name: "base".to_owned(),
        address: proxy.url.clone(),
        comment: None,
        accept_unsigned: true,
    };
    let partner = partners::add_base(&console.app, &root(), new).await.unwrap();

    proxy.lose(1);
    let made = project(&console, &partner.id, "joint").await;
    assert_eq!(proxy.lost(), 1);
    {
        let known = base.known.lock().unwrap();
        assert_eq!(known.projects.get(made.id.as_str()), made.peer_id.as_ref());
        assert_eq!(known.projects.len(), 1);
        assert!(
            known.config.is_string(),
            "a base console reads nothing but text: {}",
            known.config
        );
    }

    let ours = task(&console, &made.id, "join", json!({})).await;
    proxy.lose(1);
    let pairing = paired(&console, &ours.id).await;
    assert_eq!((pairing.status, pairing.error), (LinkStatus::Ready, None));
    assert_eq!(pairing.peer_meta, Some(json!({"rows": 7})));
    assert_eq!(proxy.lost(), 2);

    // The id of a further version cannot be asked for: another version takes its place. The answer to the question whether
    // it is there is lost as well, so the partner refuses the repeat of what it has done.
    let next = tasks::new_version(&console.app, &root(), &ours.id).await.unwrap();
    proxy.lose(2);
    let lost = paired(&console, &next.id).await;
    assert_eq!(proxy.lost(), 4);
    assert_eq!(lost.status, LinkStatus::Draft);
    assert!(lost.error.unwrap().contains("was made in its place"));
    let replacement = until("the replacement is paired", async || {
        let newest = tasks::list(
            &console.app,
            &root(),
            &made.id,
            true,
            &console_db::Page::first(10),
        )
        .await
        .unwrap();
        let newest = newest.into_iter().next().unwrap().newest.unwrap();
        newest
            .pairing
            .as_ref()
            .is_some_and(|pairing| pairing.status == LinkStatus::Ready)
            .then_some(newest)
    })
    .await;
    assert!(replacement.version > next.version);
    base.stop().await;
    console.stop().await;
}

#[actix_web::test]
async fn work_for_a_partner_that_is_down_waits_and_is_delivered() {
    let (host, peer) = (Console::start("host").await, Console::start("peer").await);
    let (peer_id, _) = super::pairing::pair(&host, &peer).await;
    // Nobody listens there.
    let wrong = partners::PartnerChange {
        address: Some("http://127.0.0.1:9".to_owned()),
        ..Default::default()
    };
    let row = partners::get(&host.app, &root(), &peer_id).await.unwrap();
    let address = row.address.clone();
    partners::update(&host.app, &root(), &peer_id, Some(row.generation), wrong)
        .await
        .unwrap();
    let new = projects::NewProject {
        name: "later".to_owned(),
        partner_id: peer_id.clone(),
        comment: None,
        config: None,
    };
    let made = projects::create(&host.app, &root(), new).await.unwrap();
    let waiting = until("the failure is visible", async || {
        let partner = partners::get(&host.app, &root(), &peer_id).await.unwrap();
        partner.last_error.is_some().then_some(partner)
    })
    .await;
    assert_eq!(waiting.waiting_messages, 1);
    assert_eq!(
        projects::get(&host.app, &root(), &made.id).await.unwrap().status,
        LinkStatus::Draft
    );

    let back = partners::PartnerChange {
        address: Some(address),
        ..Default::default()
    };
    let row = partners::get(&host.app, &root(), &peer_id).await.unwrap();
    partners::update(&host.app, &root(), &peer_id, Some(row.generation), back)
        .await
        .unwrap();
    until("it is delivered", async || {
        let project = projects::get(&host.app, &root(), &made.id).await.unwrap();
        (project.status == LinkStatus::Ready).then_some(())
    })
    .await;
    host.stop().await;
    peer.stop().await;
}
