//! What a partner asks for runs here when an operator here has said yes to exactly that.

use console_app::ObjectName;
use console_app::instances::consent::{self, Decision};
use console_app::objects::{self, Upload};
use console_app::resources::{self, Attachment};
use console_app::settings::StartOnPartnerRequest;
use console_app::tasks::TaskChange;
use console_db::Page;
use console_model::{ConsentScope, ErrorCode};
use console_storage::{ObjectKey, PutMode, PutOptions};
use futures_util::stream;

use super::*;
use crate::peer::console::reader;
use crate::peer::pairing::{confirm, pair_unconfirmed};

fn asks(settings: &mut console_app::Settings) {
    settings.federation.start_on_partner_request = StartOnPartnerRequest::Ask;
}

/// Two consoles that ask before they run anything at the other's word.
async fn asking(host_does: Value, peer_does: Value) -> Pair {
    let host = Console::start_tuned("host", None, Puppet, asks).await;
    let peer = Console::start_tuned("peer", None, Puppet, asks).await;
    paired(host, peer, host_does, peer_does).await
}

/// The digest of what would run, as it is shown.
async fn shown(console: &Console, id: &InstanceId) -> String {
    let asked = consent::request(&console.app, &root(), id).await.unwrap();
    assert!(asked.since.is_some() && asked.expires_at > asked.since);
    asked.digest
}

async fn accept(
    console: &Console,
    id: &InstanceId,
    digest: String,
    scope: ConsentScope,
) -> Result<Instance, AppError> {
    consent::decide(&console.app, &root(), id, Decision::Accept { digest, scope }).await
}

async fn refuse(console: &Console, id: &InstanceId, reason: &str) {
    let reason = reason.to_owned();
    consent::decide(&console.app, &root(), id, Decision::Refuse { reason })
        .await
        .unwrap();
}

/// The run on a console that belongs to one of the host.
async fn half_of(pair: &Pair, id: &InstanceId) -> Instance {
    until("the partner knows the run", async || {
        let ours = instances::get(&pair.host.app, &root(), id).await.unwrap();
        let theirs = InstanceId::parse(&ours.partner.instance_id?).unwrap();
        instances::get(&pair.peer.app, &root(), &theirs).await.ok()
    })
    .await
}

async fn reaches_of(console: &Console, id: &InstanceId, status: InstanceStatus) -> Instance {
    until(&format!("the run is {status}"), async || {
        let run = instances::get(&console.app, &root(), id).await.unwrap();
        (run.status == status).then_some(run)
    })
    .await
}

#[actix_web::test]
async fn a_run_waits_for_a_yes_to_exactly_what_was_shown() {
    let pair = asking(json!({"do": "talk"}), json!({"do": "talk"})).await;
    let id = pair.run().await;
    let there = reaches(&pair.peer, InstanceStatus::AwaitingConsent).await;
    let here = until("the host knows that its partner is asked", async || {
        let run = instances::get(&pair.host.app, &root(), &id).await.unwrap();
        (run.partner.status == Some(InstanceStatus::AwaitingConsent)).then_some(run)
    })
    .await;
    assert_eq!(here.status, InstanceStatus::Ready, "our half waits as well");
    let asked = consent::request(&pair.peer.app, &root(), &there.id)
        .await
        .unwrap();
    assert_eq!(asked.content.config, json!({"do": "talk"}));
    assert_eq!(asked.cannot_accept, None);
    let by_reader = consent::request(&pair.peer.app, &reader(), &there.id)
        .await
        .unwrap();
    assert_eq!(by_reader.cannot_accept.unwrap().code, ErrorCode::Forbidden);

    let started = instances::start(&pair.peer.app, &root(), &there.id).await;
    assert_eq!(code(started.unwrap_err()), "awaiting_consent");
    let wrong = accept(&pair.peer, &there.id, "0".repeat(64), ConsentScope::Attempt).await;
    assert_eq!(code(wrong.unwrap_err()), "consent_outdated");
    assert_eq!(log(&pair.peer, &there.id, 0).await.lines.len(), 0);

    accept(&pair.peer, &there.id, asked.digest.clone(), ConsentScope::Attempt)
        .await
        .unwrap();
    for console in [&pair.host, &pair.peer] {
        assert_eq!(reaches(console, InstanceStatus::Succeeded).await.attempt, 1);
    }
    let again = accept(&pair.peer, &there.id, asked.digest, ConsentScope::Attempt).await;
    assert_eq!(code(again.unwrap_err()), "not_awaiting_consent");
    pair.stop().await;
}

#[actix_web::test]
async fn a_refusal_ends_both_halves_with_its_reason_and_the_partner_alone_starts_nothing() {
    let pair = asking(json!({"do": "talk"}), json!({"do": "talk"})).await;
    let id = pair.run().await;
    let there = reaches(&pair.peer, InstanceStatus::AwaitingConsent).await;
    refuse(&pair.peer, &there.id, "not this week").await;
    assert_eq!(reaches(&pair.peer, InstanceStatus::Stopped).await.attempt, 1);
    let here = reaches(&pair.host, InstanceStatus::Stopped).await;
    assert!(here.stop_reason.unwrap().contains("not this week"));

    instances::start(&pair.host.app, &root(), &id).await.unwrap();
    let here = reaches(&pair.host, InstanceStatus::Failed).await;
    let error = here.error.unwrap().to_string();
    assert!(error.contains("only they can start it again"), "{error}");
    let there = only_run(&pair.peer).await;
    assert_eq!((there.status, there.attempt), (InstanceStatus::Stopped, 1));
    pair.stop().await;
}

#[actix_web::test]
async fn a_run_that_was_stopped_here_is_started_again_only_from_here() {
    // Whatever the setting says.
    let pair = consoles(json!({"do": "wait"}), json!({"do": "wait"})).await;
    let id = pair.run().await;
    reaches(&pair.host, InstanceStatus::Running).await;
    let there = reaches(&pair.peer, InstanceStatus::Running).await;
    instances::stop(&pair.peer.app, &root(), &there.id).await.unwrap();
    reaches(&pair.host, InstanceStatus::Stopped).await;
    reaches(&pair.peer, InstanceStatus::Stopped).await;
    instances::start(&pair.host.app, &root(), &id).await.unwrap();
    reaches(&pair.host, InstanceStatus::Failed).await;
    let there = until("the peer knows how that ended", async || {
        let run = only_run(&pair.peer).await;
        (run.partner.status == Some(InstanceStatus::Failed)).then_some(run)
    })
    .await;
    assert_eq!((there.status, there.attempt), (InstanceStatus::Stopped, 1));

    instances::start(&pair.peer.app, &root(), &there.id)
        .await
        .unwrap();
    for console in [&pair.host, &pair.peer] {
        reaches(console, InstanceStatus::Running).await;
    }
    pair.stop().await;
}

async fn upload(console: &Console, content: &'static str) {
    let bytes = stream::iter([Ok(bytes::Bytes::from_static(content.as_bytes()))]);
    let how = Upload {
        replace: true,
        sha256: None,
    };
    let name = ObjectName::parse("rows.csv").unwrap();
    objects::upload(&console.app, &root(), &name, bytes, how)
        .await
        .unwrap();
}

/// As somebody may who has the object store at hand; the console itself replaces nothing that is paired.
async fn overwrite(console: &Console, content: &'static str) {
    let key = ObjectKey::user(&ObjectName::parse("rows.csv").unwrap());
    let options = PutOptions::new(PutMode::Replace);
    let bytes = bytes::Bytes::from_static(content.as_bytes());
    console.app.store().put_bytes(&key, bytes, options).await.unwrap();
}

#[actix_web::test]
async fn a_yes_to_every_run_of_a_version_holds_as_long_as_nothing_changes() {
    let pair = asking(json!({"do": "talk"}), json!({"do": "talk"})).await;
    upload(&pair.peer, "id\n1\n").await;
    let name = ObjectName::parse("rows.csv").unwrap();
    let (object, _) = objects::get(&pair.peer.app, &root(), &name).await.unwrap();
    // The version is paired already; a resource may still be attached to its draft successor only.
    let next = tasks::new_version(&pair.peer.app, &root(), &pair.peer_task)
        .await
        .unwrap();
    let new = Attachment {
        name: "rows".to_owned(),
        uri: object.uri,
        comment: None,
        config: None,
    };
    resources::attach(&pair.peer.app, &root(), &next.id, new)
        .await
        .unwrap();
    let asked = pairings::ask(&pair.peer.app, &root(), &next.id).await.unwrap();
    until("the version is paired", async || {
        let pairing = pairings::get(&pair.peer.app, &root(), &asked.id).await.unwrap();
        (pairing.status == LinkStatus::Ready).then_some(())
    })
    .await;
    let versions = tasks::versions(&pair.host.app, &root(), &pair.host_task, true, &Page::first(10))
        .await
        .unwrap();
    let of_host = versions.iter().find(|task| task.version == next.version).unwrap();
    let run = async || {
        let run = instances::run(&pair.host.app, &root(), &of_host.id, None)
            .await
            .unwrap();
        half_of(&pair, &run.id).await.id
    };

    let first = run().await;
    reaches_of(&pair.peer, &first, InstanceStatus::AwaitingConsent).await;
    let digest = shown(&pair.peer, &first).await;
    accept(&pair.peer, &first, digest, ConsentScope::TaskVersion)
        .await
        .unwrap();
    reaches_of(&pair.peer, &first, InstanceStatus::Succeeded).await;
    let second = run().await;
    reaches_of(&pair.peer, &second, InstanceStatus::Succeeded).await;

    overwrite(&pair.peer, "id\n1\n2\n").await;
    let third = run().await;
    reaches_of(&pair.peer, &third, InstanceStatus::AwaitingConsent).await;
    let digest = shown(&pair.peer, &third).await;
    overwrite(&pair.peer, "id\n1\n2\n3\n").await;
    let late = accept(&pair.peer, &third, digest, ConsentScope::Attempt).await;
    assert_eq!(code(late.unwrap_err()), "consent_outdated");

    objects::delete(&pair.peer.app, &root(), &name).await.unwrap();
    let gone = consent::request(&pair.peer.app, &root(), &third).await.unwrap();
    assert_eq!(gone.cannot_accept.unwrap().code, ErrorCode::InputDeleted);
    pair.stop().await;
}

#[actix_web::test]
async fn a_version_that_a_partner_asks_for_is_never_made_of_a_draft() {
    let pair = consoles(json!({"do": "talk"}), json!({"do": "talk"})).await;
    let draft = tasks::new_version(&pair.peer.app, &root(), &pair.peer_task)
        .await
        .unwrap();
    let change = TaskChange {
        config: Some(object(json!({"do": "talk", "secret": "never offered"}))),
        ..TaskChange::default()
    };
    tasks::update(&pair.peer.app, &root(), &draft.id, Some(draft.generation), change)
        .await
        .unwrap();
    // Both sides number versions by the second.
    let next = until("a version with a number of its own", async || {
        let next = tasks::new_version(&pair.host.app, &root(), &pair.host_task)
            .await
            .unwrap();
        (next.version != draft.version).then_some(next)
    })
    .await;
    let asked = pairings::ask(&pair.host.app, &root(), &next.id).await.unwrap();
    until("the version is paired", async || {
        let pairing = pairings::get(&pair.host.app, &root(), &asked.id).await.unwrap();
        (pairing.status == LinkStatus::Ready).then_some(())
    })
    .await;
    let versions = tasks::versions(&pair.peer.app, &root(), &pair.peer_task, true, &Page::first(10))
        .await
        .unwrap();
    let made = versions.iter().find(|task| task.version == next.version).unwrap();
    let made = tasks::get(&pair.peer.app, &root(), &made.id).await.unwrap();
    assert_eq!(made.config, Some(json!({"do": "talk"})));
    pair.stop().await;
}

#[actix_web::test]
async fn nothing_is_paired_or_run_before_the_fingerprints_are_confirmed() {
    let host = Console::start_with("host", Puppet).await;
    let peer = Console::start_with("peer", Puppet).await;
    let (peer_at_host, host_at_peer) = pair_unconfirmed(&host, &peer).await;
    let shared = project(&host, &peer_at_host, "joint").await;
    let host_task = task(&host, &shared.id, json!({"do": "talk"})).await;
    task(&peer, &theirs(&shared), json!({"do": "talk"})).await;
    let refused = pairings::ask(&host.app, &root(), &host_task).await;
    assert_eq!(code(refused.unwrap_err()), "fingerprint_not_confirmed");

    confirm(&host, &peer_at_host).await;
    let asked = pairings::ask(&host.app, &root(), &host_task).await.unwrap();
    let error = until("the peer refuses", async || {
        pairings::get(&host.app, &root(), &asked.id).await.unwrap().error
    })
    .await;
    assert!(error.contains("have not confirmed the fingerprint"), "{error}");

    confirm(&peer, &host_at_peer).await;
    pairings::ask(&host.app, &root(), &host_task).await.unwrap();
    until("the tasks are paired", async || {
        let pairing = pairings::get(&host.app, &root(), &asked.id).await.unwrap();
        (pairing.status == LinkStatus::Ready).then_some(())
    })
    .await;
    host.stop().await;
    peer.stop().await;
}
