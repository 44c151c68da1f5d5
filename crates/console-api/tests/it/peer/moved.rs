//! A partner that moves to another address.

use console_app::partners::{self, Partner, PartnerChange};
use console_model::PartnerId;
use reqwest::Method;
use serde_json::json;

use super::console::{Console, root, until};
use super::pairing::pair;
use crate::client::Client;
use crate::runs::puppet::Puppet;

async fn known(console: &Console, id: &PartnerId) -> Partner {
    partners::get(&console.app, &root(), id).await.unwrap()
}

#[actix_web::test]
async fn a_new_address_is_told_and_taken_only_by_an_operator() {
    let (host, peer) = (
        Console::start_with("host", Puppet).await,
        Console::start_with("peer", Puppet).await,
    );
    let (id, _) = pair(&host, &peer).await;
    let before = peer.url.clone();
    // Somebody without a key says what he likes.
    let said = format!("{}/peer/hello?address=http%3A%2F%2Fevil.example", host.url);
    assert_eq!(reqwest::get(said).await.unwrap().status(), 200);
    assert_eq!(known(&host, &id).await.announced, None);

    let peer = peer.kill().await.start_elsewhere(Puppet).await;
    let announced = until("the new address is told", async || {
        known(&host, &id).await.announced
    })
    .await;
    assert_eq!(announced.address, peer.url);
    assert_eq!(
        known(&host, &id).await.address,
        before,
        "nothing is taken by itself"
    );

    let admin = Client::new(&host, "admin", console_model::Role::Admin).await;
    let path = format!("/partners/{id}");
    let shown = admin.get(&path).await;
    assert_eq!(shown.body["announced"]["address"], json!(peer.url));
    let change = json!({"address": announced.address});
    let taken = admin.send(Method::PATCH, &path, change).await;
    assert_eq!(taken.status, 200, "{}", taken.body);
    until("the partner is reached at its new address", async || {
        let partner = known(&host, &id).await;
        (partner.announced.is_none() && partner.last_error.is_none() && partner.address == peer.url)
            .then_some(())
    })
    .await;
    host.stop().await;
    peer.stop().await;
}

#[actix_web::test]
async fn a_partner_that_moves_back_is_news_no_more() {
    let (host, peer) = (
        Console::start_with("host", Puppet).await,
        Console::start_with("peer", Puppet).await,
    );
    let (id, _) = pair(&host, &peer).await;
    let row = partners::get(&host.app, &root(), &id).await.unwrap();
    let elsewhere = PartnerChange {
        address: Some("http://127.0.0.1:9".to_owned()),
        ..PartnerChange::default()
    };
    partners::update(&host.app, &root(), &id, None, elsewhere)
        .await
        .unwrap();
    let peer = peer.kill().await.start(Puppet).await;
    until("the other address is told", async || {
        known(&host, &id).await.announced
    })
    .await;
    let back = PartnerChange {
        address: Some(row.address),
        ..PartnerChange::default()
    };
    partners::update(&host.app, &root(), &id, None, back)
        .await
        .unwrap();
    let peer = peer.kill().await.start(Puppet).await;
    until("it is heard", async || {
        known(&host, &id).await.last_error.is_none().then_some(())
    })
    .await;
    assert_eq!(known(&host, &id).await.announced, None);
    host.stop().await;
    peer.stop().await;
}
