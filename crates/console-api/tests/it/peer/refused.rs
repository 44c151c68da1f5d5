//! Callers that are not who they say, or ask for what is not theirs: refused, and nothing changes.

use chrono::Utc;
use console_app::pairings::Pairing;
use console_model::{MessageId, ProjectId};
use console_peer::identity::{Fingerprint, IdentityKey};
use console_peer::signing::{ContentDigest, Signing, fresh_nonce, sign};
use serde_json::{Value, json};

use super::console::{Console, root};
use super::pairing::{confirm, pair, paired, project, task, theirs};

/// A request that a test signs by hand.
struct Forged<'a> {
    method: &'a str,
    path: &'a str,
    body: &'a str,
    audience: Fingerprint,
    nonce: String,
    age_seconds: i64,
    command: Option<MessageId>,
}

impl<'a> Forged<'a> {
    fn new(method: &'a str, path: &'a str, body: &'a str, audience: Fingerprint) -> Self {
        Self {
            method,
            path,
            body,
            audience,
            nonce: fresh_nonce(),
            age_seconds: 0,
            command: None,
        }
    }

    fn headers(&self, key: &IdentityKey) -> Vec<(String, String)> {
        let signing = Signing {
            method: self.method,
            path: self.path,
            query: None,
            digest: ContentDigest::of(self.body.as_bytes()),
            audience: self.audience,
            command_id: self.command.as_ref().map(MessageId::as_str),
            created: Utc::now().timestamp() - self.age_seconds,
            nonce: &self.nonce,
        };
        let headers = sign(key, &signing).unwrap();
        headers
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    async fn send(&self, to: &Console, headers: &[(String, String)]) -> (u16, Value) {
        self.send_as(to, self.method, self.path, self.body, headers).await
    }

    async fn send_as(
        &self,
        to: &Console,
        method: &str,
        path: &str,
        body: &str,
        headers: &[(String, String)],
    ) -> (u16, Value) {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = reqwest::Client::new().request(method, format!("{}{path}", to.url));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let answer = request.body(body.to_owned()).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }
}

fn codes(answer: &(u16, Value)) -> (u16, Option<i64>) {
    (answer.0, answer.1["rsp_code"].as_i64())
}

#[actix_web::test]
async fn a_signature_has_to_hold_in_every_part() {
    let (host, peer) = (Console::start("host").await, Console::start("peer").await);
    pair(&host, &peer).await;
    let key = peer.app.identity();
    let audience = host.app.identity().fingerprint();
    let before = host.counts().await;
    let refused_before = host
        .app
        .refused_peer_calls()
        .load(std::sync::atomic::Ordering::Relaxed);
    let id = ProjectId::generate();
    let body = json!({"peer_id": id, "peer_url": peer.url, "peer_config": null}).to_string();
    let forged = || Forged::new("POST", "/project/peer", &body, audience);

    let unsigned = forged().send(&host, &[]).await;
    assert_eq!(codes(&unsigned), (403, Some(7)), "{unsigned:?}");
    let other_body = body.replace("null", "\"{}\"");
    let honest = forged();
    let headers = honest.headers(key);
    let tampered = honest
        .send_as(&host, "POST", "/project/peer", &other_body, &headers)
        .await;
    assert_eq!(codes(&tampered), (401, Some(16)), "{tampered:?}");
    let moved = honest
        .send_as(&host, "PUT", &format!("/project/peer/{id}"), &body, &headers)
        .await;
    assert_eq!(codes(&moved), (401, Some(16)), "{moved:?}");
    let stranger = IdentityKey::generate();
    let unknown = forged().send(&host, &forged().headers(&stranger)).await;
    assert_eq!(codes(&unknown), (401, Some(16)), "{unknown:?}");
    assert_eq!(unknown, moved, "who is a partner is not told");
    let old = Forged {
        age_seconds: 3600,
        ..forged()
    };
    let late = old.send(&host, &old.headers(key)).await;
    assert_eq!(codes(&late), (401, Some(16)), "{late:?}");
    let misled = Forged {
        audience: stranger.fingerprint(),
        ..forged()
    };
    let elsewhere = misled.send(&host, &misled.headers(key)).await;
    assert_eq!(codes(&elsewhere), (401, Some(16)), "{elsewhere:?}");
    assert_eq!(host.counts().await, before);
    let refused = host
        .app
        .refused_peer_calls()
        .load(std::sync::atomic::Ordering::Relaxed)
        - refused_before;
    assert_eq!(refused, 6);

    // Who has not the key of a partner gets nothing in its name, whatever it names: neither an answer of its own nor its room
    // for large bodies.
    let large = "x".repeat(17 << 10);
    let large = || Forged::new("POST", "/project/peer", &large, audience);
    let named = |key: &IdentityKey| {
        let mut headers = large().headers(&stranger);
        for (_, value) in &mut headers {
            *value = value.replace(
                &stranger.fingerprint().to_string(),
                &key.fingerprint().to_string(),
            );
        }
        headers
    };
    let in_its_name = large().send(&host, &named(key)).await;
    assert_eq!(codes(&in_its_name), (413, Some(3)), "{in_its_name:?}");
    let by_a_stranger = large().send(&host, &named(&stranger)).await;
    assert_eq!(by_a_stranger, in_its_name);
    let by_the_partner = large().send(&host, &large().headers(key)).await;
    assert_eq!(codes(&by_the_partner), (400, Some(3)), "{by_the_partner:?}");

    // The same request, taken from the wire: once it is good, a second time it is not.
    let headers = honest.headers(key);
    assert_eq!(codes(&honest.send(&host, &headers).await), (200, Some(0)));
    let after = host.counts().await;
    assert_eq!(codes(&honest.send(&host, &headers).await), (401, Some(16)));
    assert_eq!(host.counts().await, after);
    host.stop().await;
    peer.stop().await;
}

#[actix_web::test]
async fn a_command_is_done_once_and_other_content_is_a_conflict() {
    let (host, peer) = (Console::start("host").await, Console::start("peer").await);
    pair(&host, &peer).await;
    let audience = host.app.identity().fingerprint();
    let command = MessageId::generate();
    let send = async |id: &str| {
        let body = json!({"peer_id": id, "peer_url": "", "peer_config": null}).to_string();
        let call = Forged {
            command: Some(command.clone()),
            ..Forged::new("POST", "/project/peer", &body, audience)
        };
        call.send(&host, &call.headers(peer.app.identity())).await
    };
    let first = send("one").await;
    assert_eq!(codes(&first), (200, Some(0)));
    assert_eq!(send("one").await, first);
    assert_eq!(codes(&send("two").await), (409, Some(6)));
    assert_eq!(host.counts().await[1], ("project", 1));
    host.stop().await;
    peer.stop().await;
}

#[actix_web::test]
async fn a_config_does_not_grow_without_end() {
    let (host, peer) = (Console::start("host").await, Console::start("peer").await);
    pair(&host, &peer).await;
    let audience = host.app.identity().fingerprint();
    let id = ProjectId::generate();
    let send = async |method: &str, path: &str, key: &str, size: usize| {
        let config = json!({ key: "x".repeat(size) }).to_string();
        let body = json!({"peer_id": id, "peer_url": "", "peer_config": config}).to_string();
        let call = Forged::new(method, path, &body, audience);
        codes(&call.send(&host, &call.headers(peer.app.identity())).await)
    };
    let path = format!("/project/peer/{id}");
    assert_eq!(send("POST", "/project/peer", "a", 2 << 20).await, (400, Some(3)));
    assert_eq!(send("POST", "/project/peer", "a", 40_000).await, (200, Some(0)));
    assert_eq!(send("PUT", &path, "b", 40_000).await, (400, Some(3)));
    assert_eq!(send("PUT", &path, "b", 20_000).await, (200, Some(0)));
    host.stop().await;
    peer.stop().await;
}

#[actix_web::test]
async fn a_partner_speaks_only_about_what_it_shares() {
    let (host, peer, third) = (
        Console::start("host").await,
        Console::start("peer").await,
        Console::start("third").await,
    );
    let (peer_id, _) = pair(&host, &peer).await;
    let made = project(&host, &peer_id, "joint").await;
    let ours = task(&host, &made.id, "join", json!({"rows": 1})).await;
    task(&peer, &theirs(&made), "join", json!({})).await;
    let pairing = paired(&host, &ours.id).await;
    // The third console is a partner of the host as well.
    let invited = console_app::partners::invitations::invite(&host.app, &root(), None)
        .await
        .unwrap();
    let accepted =
        console_app::partners::invitations::accept(&third.app, &root(), &invited.code, None, None).await;
    let accepted = accepted.unwrap();
    super::console::until("the third is paired", async || {
        let partner = console_app::partners::get(&third.app, &root(), &accepted.id)
            .await
            .unwrap();
        (partner.trust == console_model::PartnerTrust::Paired).then_some(())
    })
    .await;
    let partners = console_app::partners::list(&host.app, &root(), &console_db::Page::first(9)).await;
    for partner in partners.unwrap() {
        confirm(&host, &partner.id).await;
    }

    let before = host.counts().await;
    let audience = host.app.identity().fingerprint();
    let project_path = format!("/project/peer/{}", made.peer_id.as_deref().unwrap());
    let task_path = format!("/task/peer/{}", pairing.peer_id.as_deref().unwrap());
    let run = json!({"task_peer_id": pairing.id}).to_string();
    let root_again = json!({"token": "tok", "version": ours.version, "task_root": true}).to_string();
    let in_project =
        json!({"token": "tok", "version": "2", "task_root": false, "project_peer_id": made.peer_id})
            .to_string();
    let cases = [
        ("GET", project_path.as_str(), "", 404),
        ("PUT", project_path.as_str(), "{\"peer_config\": \"{}\"}", 404),
        ("GET", task_path.as_str(), "", 404),
        ("POST", "/task/peer/new", root_again.as_str(), 403),
        ("POST", "/task/peer/new", in_project.as_str(), 404),
        ("POST", "/task_instance/peer/new", run.as_str(), 404),
        ("GET", "/task_instance/peer/new", "", 404),
    ];
    for (method, path, body, expected) in cases {
        let call = Forged::new(method, path, body, audience);
        let foreign = call.send(&host, &call.headers(third.app.identity())).await;
        assert_eq!(foreign.0, expected, "{method} {path} {foreign:?}");
        let unsigned = call.send(&host, &[]).await;
        assert_eq!(unsigned.0, 403, "{method} {path} {unsigned:?}");
    }
    assert_eq!(host.counts().await, before);
    // What is shared is answered, and the private half is not.
    let call = Forged::new("GET", &task_path, "", audience);
    let (status, answer) = call.send(&host, &call.headers(peer.app.identity())).await;
    assert_eq!(
        (status, &answer["data"]),
        (200, &json!({"task_meta": {"rows": 1}}))
    );
    for console in [host, peer, third] {
        console.stop().await;
    }
}

/// Two consoles with a task that is paired, and the host's pairing of it.
async fn with_a_paired_task() -> (Console, Console, Pairing) {
    let (host, peer) = (Console::start("host").await, Console::start("peer").await);
    let (peer_id, _) = pair(&host, &peer).await;
    let made = project(&host, &peer_id, "joint").await;
    let ours = task(&host, &made.id, "join", json!({})).await;
    task(&peer, &theirs(&made), "join", json!({})).await;
    let pairing = paired(&host, &ours.id).await;
    (host, peer, pairing)
}

#[actix_web::test]
async fn an_attempt_far_from_ours_and_a_message_over_the_limit_are_refused() {
    let (host, peer, pairing) = with_a_paired_task().await;
    let audience = host.app.identity().fingerprint();
    let send = async |method, path: &str, body: &str| {
        let call = Forged::new(method, path, body, audience);
        call.send(&host, &call.headers(peer.app.identity())).await
    };
    let run = |attempt: u32| json!({"task_peer_id": pairing.id, "attempt": attempt}).to_string();
    let far = i32::MAX.unsigned_abs();
    let created = send("POST", "/task_instance/peer/run", &run(far)).await;
    assert_eq!(codes(&created), (400, Some(3)), "{created:?}");
    let created = send("POST", "/task_instance/peer/run", &run(1)).await;
    assert_eq!(codes(&created), (200, Some(0)), "{created:?}");
    for status in [3, 5] {
        let command = json!({"status": status, "attempt": far}).to_string();
        let commanded = send("PUT", "/task_instance/peer/run", &command).await;
        assert_eq!(codes(&commanded), (400, Some(3)), "{commanded:?}");
    }
    let report = json!({"seq": 1, "attempt": far, "status": "running", "detail": null}).to_string();
    let reported = send("PUT", "/peer/instances/run/status", &report).await;
    assert_eq!(codes(&reported), (400, Some(3)), "{reported:?}");
    let long = "x".repeat(console_peer::ext::MAX_CHANNEL_MESSAGE + 1);
    let sent = send("POST", "/peer/channel/run/1/0", &long).await;
    assert_eq!(codes(&sent), (413, Some(3)), "{sent:?}");
    host.stop().await;
    peer.stop().await;
}

#[actix_web::test]
async fn commands_about_runs_are_done_once_and_other_content_is_a_conflict() {
    let (host, peer, pairing) = with_a_paired_task().await;
    let audience = host.app.identity().fingerprint();
    let send = async |id: &MessageId, method, path: &str, body: &Value| {
        let body = body.to_string();
        let call = Forged {
            command: Some(id.clone()),
            ..Forged::new(method, path, &body, audience)
        };
        call.send(&host, &call.headers(peer.app.identity())).await
    };
    let create = json!({"task_peer_id": pairing.id, "attempt": 1});
    let report = |word: &str| json!({"seq": 1, "attempt": 1, "status": word, "detail": null});
    for (method, path, body, other) in [
        (
            "POST",
            "/task_instance/peer/run",
            create.clone(),
            json!({"task_peer_id": pairing.id, "attempt": 2}),
        ),
        (
            "PUT",
            "/task_instance/peer/run",
            json!({"status": 5, "attempt": 1}),
            json!({"status": 3, "attempt": 1}),
        ),
        (
            "PUT",
            "/peer/instances/run/status",
            report("running"),
            report("failed"),
        ),
    ] {
        let id = MessageId::generate();
        let first = send(&id, method, path, &body).await;
        assert_eq!(codes(&first).0, 200, "{path} {first:?}");
        assert_eq!(send(&id, method, path, &body).await, first, "{path}");
        let reused = send(&id, method, path, &other).await;
        assert_eq!(reused.0, 409, "{path} {reused:?}");
    }
    host.stop().await;
    peer.stop().await;
}

#[actix_web::test]
async fn bad_input_is_answered_in_the_form_of_the_protocol() {
    let console = Console::start("ours").await;
    let client = reqwest::Client::new();
    let too_large = "x".repeat(5 << 20);
    let deep = "[".repeat(10_000);
    let large = "[".repeat(17 << 10);
    let cases: [(&str, &str, &str, u16); 9] = [
        ("POST", "/project/peer", "{", 400),
        ("POST", "/project/peer", "[]", 400),
        ("POST", "/project/peer", &deep, 400),
        // More than a small body is not even read of somebody whom nobody knows.
        ("POST", "/project/peer", &large, 413),
        ("POST", "/project/peer", &too_large, 413),
        ("PATCH", "/project/peer", "", 405),
        ("DELETE", "/peer/hello", "", 405),
        ("POST", "/peer/pairing", "{\"invitation_id\": 1}", 400),
        ("PUT", "/peer/instances/x/status", "{}", 401),
    ];
    for (method, path, body, expected) in cases {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let sent = client
            .request(method.clone(), format!("{}{path}", console.url))
            .body(body.to_owned())
            .send();
        let answer = sent.await.unwrap();
        assert_eq!(answer.status().as_u16(), expected, "{method} {path}");
        let answer: Value = answer.json().await.unwrap();
        assert!(
            answer["message"].is_string() && answer["rsp_code"].is_i64(),
            "{answer}"
        );
    }
    let hello: Value = client
        .get(format!("{}/peer/hello", console.url))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(hello["data"]["name"], "ours");
    assert_eq!(
        hello["data"]["fingerprint"],
        console.app.identity().fingerprint().to_string()
    );
    console.stop().await;
}

/// Anybody can make a key. What it signs must not cost a row before an invitation is named.
#[actix_web::test]
async fn a_made_up_key_without_an_invitation_leaves_nothing() {
    use console_db::entity::nonce;
    use console_db::sea_orm::{EntityTrait, PaginatorTrait};

    let (console, stranger) = (Console::start("ours").await, Console::start("stranger").await);
    let invited = console_app::partners::invitations::invite(&console.app, &root(), None)
        .await
        .unwrap();
    let nonces = async || {
        nonce::Entity::find()
            .count(console.app.db().reader())
            .await
            .unwrap()
    };
    let before = nonces().await;
    for id in ["11111111111111111111111111111111", invited.invitation.id.as_str()] {
        let body = json!({
            "invitation_id": id,
            "proof": "0".repeat(64),
            "name": "stranger",
            "address": "http://127.0.0.1:9",
            "public_key": stranger.app.identity().public_key(),
        });
        let body = body.to_string();
        let call = Forged::new(
            "POST",
            "/peer/pairing",
            &body,
            console.app.identity().fingerprint(),
        );
        let refused = call.send(&console, &call.headers(stranger.app.identity())).await;
        assert_eq!(refused.0, 403, "{refused:?}");
    }
    assert_eq!(nonces().await, before);
    console.stop().await;
    stranger.stop().await;
}

/// Whoever was a partner still has its key. What it signs must not cost a row any more.
#[actix_web::test]
async fn who_is_no_partner_any_more_leaves_nothing() {
    use console_db::entity::nonce;
    use console_db::sea_orm::{EntityTrait, PaginatorTrait};

    let (host, peer) = (Console::start("host").await, Console::start("peer").await);
    let (at_host, _) = pair(&host, &peer).await;
    console_app::partners::unpair(&host.app, &root(), &at_host, "test")
        .await
        .unwrap();
    let nonces = async || nonce::Entity::find().count(host.app.db().reader()).await.unwrap();
    // The news of the end may still be on its way here, signed by the peer.
    let theirs = peer.app.clone();
    peer.stop().await;
    let before = nonces().await;
    let call = Forged::new("GET", "/project/peer/x", "", host.app.identity().fingerprint());
    let refused = call.send(&host, &call.headers(theirs.identity())).await;
    assert_eq!(codes(&refused), (403, Some(7)), "{refused:?}");
    assert_eq!(nonces().await, before);
    host.stop().await;
}
