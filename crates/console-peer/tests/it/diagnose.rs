use chrono::{TimeDelta, Utc};
use console_peer::address::{AddressPolicy, PartnerAddress};
use console_peer::client::{CheckOutcome, CheckStep, Checked, Partner, Speaks};
use serde_json::json;

use crate::golden;
use crate::server::{Behaviour, Server, client, client_with, our_key, partner_key};

use CheckOutcome::{Failed, Passed, Skipped, Warned};
use Checked::{Clock, Console, Http, Name, Signature, Tcp, Tls};

fn outcomes(steps: &[CheckStep]) -> Vec<(Checked, CheckOutcome)> {
    for step in steps {
        let needs_advice = matches!(step.outcome, Failed | Warned);
        assert_eq!(step.advice.is_some(), needs_advice, "{step:?}");
    }
    steps.iter().map(|step| (step.checked, step.outcome)).collect()
}

fn last(steps: &[CheckStep]) -> (Checked, CheckOutcome) {
    *outcomes(steps).last().unwrap()
}

/// A console of ours whose clock is off, and that answers the probe in some way.
async fn console(clock_offset: TimeDelta, probe: Behaviour) -> Server {
    Server::start(move |seen| {
        if seen.target != "/peer/hello" {
            return probe.clone();
        }
        let mut hello = golden::read("hello.json");
        hello["public_key"] = json!(partner_key().public_key());
        hello["fingerprint"] = json!(partner_key().fingerprint());
        hello["server_time"] = json!(Utc::now() + clock_offset);
        Behaviour::data(&hello)
    })
    .await
}

fn unknown_project() -> Behaviour {
    Behaviour::error(404, 5, "project object init failed")
}

#[tokio::test]
async fn a_good_way_passes_every_step() {
    let server = console(TimeDelta::zero(), unknown_project()).await;
    let steps = client()
        .diagnose(&server.paired(partner_key().fingerprint()))
        .await;
    let expected = [
        (Name, Passed),
        (Tcp, Passed),
        (Tls, Skipped),
        (Http, Passed),
        (Console, Passed),
        (Signature, Passed),
        (Clock, Passed),
    ];
    assert_eq!(outcomes(&steps), expected);
}

#[tokio::test]
async fn a_base_console_is_recognised() {
    let server = Server::start(|seen| {
        if seen.target == "/peer/hello" {
            Behaviour::html(404)
        } else {
            unknown_project()
        }
    })
    .await;
    let steps = client().diagnose(&server.base()).await;
    assert_eq!(
        outcomes(&steps)[4..],
        [(Console, Passed), (Signature, Skipped), (Clock, Skipped)]
    );
    let steps = client()
        .diagnose(&server.paired(partner_key().fingerprint()))
        .await;
    assert_eq!(last(&steps), (Signature, Failed));
}

#[tokio::test]
async fn the_failing_hop_is_named() {
    let to = |text: &str| Partner {
        address: PartnerAddress::parse(text).unwrap(),
        speaks: Speaks::Base,
    };
    let steps = client().diagnose(&to("http://no-such-host.invalid")).await;
    assert_eq!(outcomes(&steps), [(Name, Failed)]);

    let server = console(TimeDelta::zero(), unknown_project()).await;
    let strict = client_with(|config| config.policy = AddressPolicy::default());
    assert_eq!(outcomes(&strict.diagnose(&server.base()).await), [(Name, Failed)]);
    assert!(server.seen().is_empty());

    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = listener.local_addr().unwrap();
    drop(listener);
    let steps = client().diagnose(&to(&format!("http://{closed}"))).await;
    assert_eq!(outcomes(&steps), [(Name, Passed), (Tcp, Failed)]);

    let steps = client().diagnose(&to(&format!("https://{}", server.at))).await;
    assert_eq!(last(&steps), (Tls, Failed));

    let dropping = Server::always(Behaviour::Drop).await;
    assert_eq!(last(&client().diagnose(&dropping.base()).await), (Http, Failed));
    let web_server = Server::always(Behaviour::html(404)).await;
    assert_eq!(
        last(&client().diagnose(&web_server.base()).await),
        (Console, Failed)
    );
}

#[tokio::test]
async fn keys_and_signatures_are_looked_at() {
    let refusing = console(TimeDelta::zero(), Behaviour::error(401, 16, "bad signature")).await;
    let steps = client()
        .diagnose(&refusing.paired(partner_key().fingerprint()))
        .await;
    assert_eq!(last(&steps), (Signature, Failed));
    let other_key = console(TimeDelta::zero(), unknown_project()).await;
    let steps = client()
        .diagnose(&other_key.paired(our_key().fingerprint()))
        .await;
    assert_eq!(last(&steps), (Signature, Failed));
    let closed = console(TimeDelta::zero(), Behaviour::error(403, 7, "not opted in")).await;
    let steps = client().diagnose(&closed.base()).await;
    assert_eq!(
        outcomes(&steps)[4..],
        [(Console, Passed), (Signature, Warned), (Clock, Passed)]
    );
}

#[tokio::test]
async fn a_wrong_clock_is_seen() {
    for (offset_s, expected) in [
        (0, Passed),
        (100, Warned),
        (-100, Warned),
        (-400, Failed),
        (400, Failed),
    ] {
        let server = console(TimeDelta::seconds(offset_s), unknown_project()).await;
        let steps = client()
            .diagnose(&server.paired(partner_key().fingerprint()))
            .await;
        assert_eq!(last(&steps), (Clock, expected), "{offset_s}");
    }
}
