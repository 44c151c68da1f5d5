//! Messages of engines over one long-lived connection: whatever happens to it, none is lost, doubled or changed.

use std::time::Duration;

use console_app::partners;
use console_peer::signing::{ContentDigest, Signing, sign};
use console_peer::stream::{EphemeralKey, Item, Position};
use console_storage::KeyPrefix;

use super::*;
use crate::peer::proxy::Streaming;

fn quick(settings: &mut Settings) {
    settings.federation.stream_retry_first = Duration::from_millis(10);
    settings.federation.stream_retry_most = Duration::from_millis(20);
}

/// Both sides say so many messages of up to so many bytes.
fn exchange(count: u64, size: u64, go: &str) -> Value {
    json!({"do": "exchange", "count": count, "size": size, "every": 50, "go": go})
}

/// Messages that crossed the streams: said by a console, heard by it.
fn crossed(console: &Console) -> (u64, u64) {
    let traffic = console.app.jobs().channels().traffic();
    (traffic.said.read().0, traffic.heard.read().0)
}

/// How many streams are up: opened by a console, opened by its partners.
fn up(console: &Console) -> (usize, usize) {
    let channels = console.app.jobs().channels();
    (channels.opened(), channels.heard())
}

async fn both_up(pair: &Pair) {
    until("a stream is up each way", async || {
        (up(&pair.host) == (1, 1) && up(&pair.peer) == (1, 1)).then_some(())
    })
    .await;
}

async fn succeeded(pair: &Pair) {
    for console in [&pair.host, &pair.peer] {
        let run = reaches(console, InstanceStatus::Succeeded).await;
        assert_eq!(run.held_up, None);
    }
}

async fn stored(console: &Console, id: &InstanceId) -> Vec<String> {
    let folder = KeyPrefix::channels(id);
    let page = console.app.store().list(&folder, None, 1000).await.unwrap();
    page.objects
        .into_iter()
        .map(|object| object.key.to_string())
        .collect()
}

#[actix_web::test]
async fn messages_cross_a_stream_each_way_and_are_stored_together() {
    let does = exchange(400, 3000, "both streams are up");
    let pair = consoles(does.clone(), does).await;
    let id = pair.run().await;
    reaches(&pair.host, InstanceStatus::Running).await;
    both_up(&pair).await;
    puppet::open("both streams are up");
    succeeded(&pair).await;
    let (host, peer) = (crossed(&pair.host), crossed(&pair.peer));
    assert!(host.0 >= 395 && peer.0 >= 395, "{host:?} {peer:?}");
    assert_eq!((host.0, host.1), (peer.1, peer.0));
    until("nothing is left", async || {
        stored(&pair.host, &id).await.is_empty().then_some(())
    })
    .await;
    pair.stop().await;
}

#[actix_web::test]
async fn a_stream_that_is_cut_at_any_byte_loses_and_doubles_nothing() {
    let does = exchange(3000, 300, "cut at last");
    let (pair, to_host, to_peer) = consoles_behind_tuned(does.clone(), does, quick).await;
    // From within the head of the request on: 1, 2, 3, 5, 8 … bytes.
    to_host.stream(Streaming::CutAfter(1));
    to_peer.stream(Streaming::CutAfter(1));
    puppet::open("cut at last");
    pair.run().await;
    succeeded(&pair).await;
    for proxy in [&to_host, &to_peer] {
        let (asked, ended) = proxy.streamed();
        assert!(asked >= 20 && ended >= 20, "{asked} asked, {ended} ended");
    }
    assert!(
        crossed(&pair.host).0 > 100,
        "some got through: {:?}",
        crossed(&pair.host)
    );
    pair.stop().await;
}

#[actix_web::test]
async fn where_no_stream_comes_up_messages_go_by_calls() {
    for how in [Streaming::NoUpgrade, Streaming::Buffer] {
        let does = exchange(60, 3000, "no stream");
        let (pair, to_host, to_peer) = consoles_behind_tuned(does.clone(), does, |_| {}).await;
        to_host.stream(how);
        to_peer.stream(how);
        puppet::open("no stream");
        pair.run().await;
        succeeded(&pair).await;
        for (console, proxy) in [(&pair.host, &to_host), (&pair.peer, &to_peer)] {
            assert_eq!(crossed(console), (0, 0), "{how:?}");
            // It is not tried again for each message.
            assert_eq!(proxy.streamed().0, 1, "{how:?}");
        }
        pair.stop().await;
    }
}

#[actix_web::test]
async fn a_stream_that_a_proxy_closes_when_it_is_idle_is_kept_by_pings() {
    let does = exchange(100, 300, "idle for long");
    let tune = |settings: &mut Settings| settings.federation.stream_ping = Duration::from_millis(100);
    let (pair, to_host, to_peer) = consoles_behind_tuned(does.clone(), does, tune).await;
    let idle = Duration::from_millis(600);
    to_host.stream(Streaming::CloseIdle(idle));
    to_peer.stream(Streaming::CloseIdle(idle));
    pair.run().await;
    both_up(&pair).await;
    tokio::time::sleep(3 * idle).await;
    puppet::open("idle for long");
    succeeded(&pair).await;
    assert_eq!((to_host.streamed().0, to_peer.streamed().0), (1, 1));
    pair.stop().await;
}

#[actix_web::test]
async fn a_stream_that_was_closed_while_it_was_idle_is_opened_again() {
    let does = exchange(100, 300, "closed while idle");
    let (pair, to_host, to_peer) = consoles_behind_tuned(does.clone(), does, quick).await;
    let idle = Duration::from_millis(200);
    to_host.stream(Streaming::CloseIdle(idle));
    to_peer.stream(Streaming::CloseIdle(idle));
    pair.run().await;
    until("both were closed", async || {
        (to_host.streamed().1 > 0 && to_peer.streamed().1 > 0).then_some(())
    })
    .await;
    puppet::open("closed while idle");
    succeeded(&pair).await;
    pair.stop().await;
}

#[actix_web::test]
async fn a_partner_that_takes_no_streams_is_sent_calls() {
    let does = exchange(60, 300, "an older partner");
    let host = Console::start_with("host", Puppet).await;
    let old = |settings: &mut Settings| settings.federation.channel_stream = false;
    let peer = Console::start_tuned("peer", None, Puppet, old).await;
    let pair = paired(host, peer, does.clone(), does).await;
    let seen = partners::get(&pair.host.app, &root(), &pair.peer_at_host)
        .await
        .unwrap();
    assert!(!seen.capabilities.contains(&"channel-stream".to_owned()));
    puppet::open("an older partner");
    pair.run().await;
    succeeded(&pair).await;
    assert_eq!((crossed(&pair.host), crossed(&pair.peer)), ((0, 0), (0, 0)));
    pair.stop().await;
}

#[actix_web::test]
async fn a_console_that_is_killed_while_messages_cross_goes_on_where_both_agree() {
    let does = exchange(300, 3000, "killed in the middle");
    let host = Console::start_tuned("host", None, Puppet, quick).await;
    let peer = Console::start_tuned("peer", None, Puppet, quick).await;
    let mut pair = paired(host, peer, does.clone(), does).await;
    pair.run().await;
    both_up(&pair).await;
    // What was said last has been given to an engine, and is not stored yet.
    pair.peer = pair.peer.kill().await.start_tuned(Puppet, quick).await;
    puppet::open("killed in the middle");
    until("they are at it", async || {
        (crossed(&pair.peer).1 > 20).then_some(())
    })
    .await;
    pair.host = pair.host.kill().await.start_tuned(Puppet, quick).await;
    succeeded(&pair).await;
    pair.stop().await;
}

#[actix_web::test]
async fn an_engine_that_is_behind_slows_the_other_down_and_loses_nothing() {
    let count = 40;
    let says = json!({"do": "say", "count": count, "size": 200_000, "quick": true});
    let hears = json!({"do": "hear", "count": count, "first": "behind", "acknowledge": true});
    let small = |settings: &mut Settings| {
        quick(settings);
        settings.runs.channel_limit_bytes = 2 << 20;
    };
    let host = Console::start_tuned("host", None, Puppet, small).await;
    let peer = Console::start_tuned("peer", None, Puppet, small).await;
    let pair = paired(host, peer, says, hears).await;
    pair.run().await;
    until("the host hears that the peer is behind", async || {
        only_run(&pair.host).await.held_up.map(|_| ())
    })
    .await;
    puppet::open("behind");
    succeeded(&pair).await;
    pair.stop().await;
}

#[actix_web::test]
async fn the_stream_of_a_partner_that_is_suspended_is_closed() {
    let does = exchange(100, 300, "suspended");
    let pair = consoles(does.clone(), does).await;
    pair.run().await;
    both_up(&pair).await;
    partners::suspend(&pair.peer.app, &root(), &pair.host_at_peer)
        .await
        .unwrap();
    until("it is closed both ways", async || {
        (up(&pair.peer) == (0, 0)).then_some(())
    })
    .await;
    let before = crossed(&pair.peer);
    puppet::open("suspended");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(crossed(&pair.peer), before, "nothing is taken or said");
    partners::resume(&pair.peer.app, &root(), &pair.host_at_peer)
        .await
        .unwrap();
    for console in [&pair.host, &pair.peer] {
        reaches(console, InstanceStatus::Succeeded).await;
    }
    pair.stop().await;
}

/// A signed request for a stream, as the host makes it.
async fn ask(pair: &Pair, nonce: &str, key: &str, upgrade: bool) -> reqwest::Response {
    let query = format!("key={key}");
    let headers = sign(
        pair.host.app.identity(),
        &Signing {
            method: "GET",
            path: "/peer/stream",
            query: Some(&query),
            digest: ContentDigest::of(b""),
            audience: pair.peer.app.identity().fingerprint(),
            command_id: None,
            created: chrono::Utc::now().timestamp(),
            nonce,
        },
    )
    .unwrap();
    let mut call = reqwest::Client::new().get(format!("{}/peer/stream?{query}", pair.peer.url));
    for (name, value) in headers.iter() {
        call = call.header(name, value);
    }
    if upgrade {
        call = call
            .header("connection", "Upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    }
    call.send().await.unwrap()
}

#[actix_web::test]
async fn only_a_partner_opens_a_stream_once_for_each_call() {
    let does = json!({"do": "wait"});
    let pair = consoles(does.clone(), does).await;
    let key = || EphemeralKey::generate().unwrap().public().to_string();
    let status =
        async |nonce: &str, key: &str, upgrade| ask(&pair, nonce, key, upgrade).await.status().as_u16();
    let url = format!("{}/peer/stream?key={}", pair.peer.url, key());
    let unsigned = reqwest::get(url).await.unwrap().status().as_u16();
    assert_eq!(unsigned, 401);
    assert_eq!(status("no-upgrade-asked", &key(), false).await, 400);
    assert_eq!(status("key-is-no-key", "AAAA", true).await, 400);
    let (first, again) = (key(), "recorded-on-the-way");
    assert_eq!(status(again, &first, true).await, 101);
    assert_eq!(status(again, &first, true).await, 401);
    let mut open = Vec::new();
    for number in 0..20 {
        let answer = ask(&pair, &format!("one-of-many-{number}"), &key(), true).await;
        open.push((answer.status().as_u16(), answer.upgrade().await));
    }
    let taken = open.iter().filter(|(status, _)| *status == 101).count();
    assert!(
        open.iter().all(|(status, _)| matches!(status, 101 | 429)),
        "a limit"
    );
    assert!((6..=8).contains(&taken), "{taken} at a time");
    drop(open);
    until("they are gone", async || (up(&pair.peer).1 == 0).then_some(())).await;
    pair.stop().await;
}

/// A console that speaks to the peer as the host would.
#[actix_web::test]
async fn a_stream_speaks_only_of_what_is_shared_with_its_partner() {
    let does = json!({"do": "wait"});
    let pair = consoles(does.clone(), does).await;
    let id = pair.run().await;
    reaches(&pair.peer, InstanceStatus::Running).await;
    let to_peer = console_peer::client::Partner {
        address: console_peer::address::PartnerAddress::parse(&pair.peer.url).unwrap(),
        speaks: console_peer::client::Speaks::Paired {
            receiver: pair.peer.app.identity().fingerprint(),
        },
    };
    let key = pair.peer.app.identity().public_key();
    let (mut saying, mut hearing) = pair.host.app.peer().stream_open(&to_peer, &key).await.unwrap();
    let at = |instance: &InstanceId, attempt, seq| Position {
        instance: instance.clone(),
        attempt,
        seq,
    };
    let unknown = InstanceId::generate();
    let message = |at: Position| Item::Message(at, "hello".into());
    saying
        .say([
            message(at(&unknown, 1, 0)),
            message(at(&id, 2, 0)),
            message(at(&id, 1, 5)),
            message(at(&id, 1, 0)),
            Item::Flush(at(&id, 1, 1)),
        ])
        .await
        .unwrap();
    let mut heard = Vec::new();
    while heard.len() < 4 {
        heard.extend(hearing.hear().await.unwrap());
    }
    let calls = [at(&unknown, 1, 0), at(&id, 2, 0), at(&id, 1, 0)].map(Item::Call);
    assert_eq!(heard[..3], calls);
    assert_eq!(heard[3], Item::Taken(at(&id, 1, 1)));
    let other = pair.host.app.identity().public_key();
    let wrong = pair.host.app.peer().stream_open(&to_peer, &other).await;
    assert!(wrong.is_err(), "another console answers there");
    pair.stop().await;
}
