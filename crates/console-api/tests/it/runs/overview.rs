//! What an operator is told first.

use console_app::settings::StartOnPartnerRequest;

use super::*;
use crate::peer::pairing::{confirm, pair_unconfirmed};

async fn overview(client: &Client<'_>) -> Value {
    let answer = client.get("/overview").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

fn count(value: &Value) -> usize {
    value.as_array().unwrap().len()
}

#[actix_web::test]
async fn a_new_console_is_led_to_its_first_run() {
    let asks = |settings: &mut console_app::Settings| {
        settings.federation.start_on_partner_request = StartOnPartnerRequest::Ask;
    };
    let host = Console::start_with("host", Puppet).await;
    let peer = Console::start_tuned("peer", None, Puppet, asks).await;
    let admin = Client::new(&host, "anna", Role::Root).await;
    let reader = Client::new(&host, "rita", Role::Default).await;
    let other = Client::new(&peer, "petra", Role::Root).await;
    let nothing = json!({"partner": null, "confirmed": false, "project": null, "task": null, "paired": false, "run": false});
    assert_eq!(overview(&admin).await["first_steps"], nothing);

    let (peer_at_host, host_at_peer) = pair_unconfirmed(&host, &peer).await;
    let seen = overview(&admin).await;
    assert_eq!(seen["first_steps"]["partner"], peer_at_host.as_str());
    assert_eq!(seen["first_steps"]["confirmed"], false);
    assert_eq!(seen["attention"]["partners"][0]["id"], peer_at_host.as_str());
    // Who may not decide is not asked to.
    assert_eq!(count(&overview(&reader).await["attention"]["partners"]), 0);
    confirm(&host, &peer_at_host).await;
    confirm(&peer, &host_at_peer).await;

    let shared = project(&host, &peer_at_host, "joint").await;
    let seen = overview(&other).await;
    assert_eq!(seen["attention"]["projects"][0]["id"], theirs(&shared).as_str());
    assert_eq!(seen["first_steps"]["project"], Value::Null);
    let seen = overview(&admin).await;
    assert_eq!(count(&seen["attention"]["partners"]), 0);
    assert_eq!(seen["first_steps"]["project"], shared.id.as_str());

    let ours = task(&host, &shared.id, json!({"do": "end"})).await;
    task(&peer, &theirs(&shared), json!({"do": "end"})).await;
    let steps = overview(&admin).await["first_steps"].clone();
    assert_eq!(
        (&steps["task"], &steps["paired"]),
        (&json!(ours.as_str()), &json!(false))
    );
    crate::peer::pairing::paired(&host, &ours).await;
    assert_eq!(overview(&admin).await["first_steps"]["paired"], true);

    // It waits for the partner's consent, which is no reason to be unseen.
    let run = instances::run(&host.app, &root(), &ours, None).await.unwrap();
    let seen = overview(&admin).await;
    assert_eq!(seen["first_steps"]["run"], true);
    assert_eq!(seen["running"][0]["id"], run.id.as_str());
    let asked = until("the partner is asked", async || {
        let runs = overview(&other).await["attention"]["runs"].clone();
        (count(&runs) == 1).then_some(runs)
    })
    .await;
    let answer = other
        .post(
            &format!("/instances/{}/consent", asked[0]["id"].as_str().unwrap()),
            json!({"decision": "refuse", "reason": "not today"}),
        )
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    reaches(&host, InstanceStatus::Stopped).await;
    let seen = overview(&admin).await;
    assert_eq!(seen["first_steps"], Value::Null);
    assert_eq!((count(&seen["running"]), count(&seen["recent"])), (0, 1));
    host.stop().await;
    peer.stop().await;
}
