//! Two consoles become partners and share a project, a task and a further version of it.

use console_app::partners::{self, Partner, invitations};
use console_app::projects::{self, NewProject, Project, ProjectChange};
use console_app::tasks::{self, NewTask, Task};
use console_app::{AppError, pairings};
use console_db::Page;
use console_model::{LinkStatus, PartnerId, PartnerTrust, ProjectId, TaskId, TaskType};
use serde_json::{Map, Value, json};

use super::console::{Console, reader, root, until};

/// Pairs two consoles by invitation, and both compare the fingerprints. Gives what each calls the other.
pub(crate) async fn pair(host: &Console, peer: &Console) -> (PartnerId, PartnerId) {
    let (peer_at_host, host_at_peer) = pair_unconfirmed(host, peer).await;
    confirm(host, &peer_at_host).await;
    confirm(peer, &host_at_peer).await;
    (peer_at_host, host_at_peer)
}

/// Notes that the operators have compared the partner's fingerprint.
pub(crate) async fn confirm(console: &Console, partner: &PartnerId) {
    let row = partners::get(&console.app, &root(), partner).await.unwrap();
    let fingerprint = row.fingerprint.unwrap();
    partners::confirm_fingerprint(&console.app, &root(), partner, &fingerprint.to_string())
        .await
        .unwrap();
}

/// As [`pair`]; nobody compares anything.
pub(crate) async fn pair_unconfirmed(host: &Console, peer: &Console) -> (PartnerId, PartnerId) {
    let invited = invitations::invite(&host.app, &root(), None).await.unwrap();
    let theirs = invitations::accept(&peer.app, &root(), &invited.code, None, None)
        .await
        .unwrap();
    until("the invitation is taken up", async || {
        let partner = partners::get(&peer.app, &root(), &theirs.id).await.unwrap();
        (partner.trust == PartnerTrust::Paired).then_some(())
    })
    .await;
    let ours = only_partner(host).await;
    (ours.id, theirs.id)
}

async fn only_partner(console: &Console) -> Partner {
    let mut found = partners::list(&console.app, &root(), &Page::first(10))
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

pub(crate) fn object(value: Value) -> Option<Map<String, Value>> {
    value.as_object().cloned()
}

pub(crate) async fn project(console: &Console, partner: &PartnerId, name: &str) -> Project {
    let new = NewProject {
        name: name.to_owned(),
        partner_id: partner.clone(),
        comment: None,
        config: object(json!({"namespace": "a"})),
    };
    let made = projects::create(&console.app, &root(), new).await.unwrap();
    assert_eq!(made.status, LinkStatus::Draft);
    until("the partner knows the project", async || {
        let project = projects::get(&console.app, &root(), &made.id).await.unwrap();
        (project.status == LinkStatus::Ready).then_some(project)
    })
    .await
}

pub(crate) async fn task(console: &Console, project: &ProjectId, name: &str, meta: Value) -> Task {
    let new = NewTask {
        project_id: project.clone(),
        name: name.to_owned(),
        task_type: TaskType::Sample,
        token: Some("tok".to_owned()),
        comment: None,
        config: object(json!({"private": true})),
        meta: object(meta),
        engine: None,
    };
    tasks::create(&console.app, &root(), new).await.unwrap()
}

/// Asks to pair a version, and waits for the partner's answer.
pub(crate) async fn paired(console: &Console, task: &TaskId) -> pairings::Pairing {
    let asked = pairings::ask(&console.app, &root(), task).await.unwrap();
    until("the partner answers", async || {
        let pairing = pairings::get(&console.app, &root(), &asked.id).await.unwrap();
        (pairing.status == LinkStatus::Ready || pairing.error.is_some()).then_some(pairing)
    })
    .await
}

/// The partner's project on the other console, by its peer id.
pub(crate) fn theirs(project: &Project) -> ProjectId {
    ProjectId::parse(project.peer_id.as_deref().unwrap()).unwrap()
}

fn code(error: AppError) -> &'static str {
    error.code().word()
}

#[actix_web::test]
async fn two_consoles_pair_and_share_a_task_in_two_versions() {
    let (host, peer) = (Console::start("host").await, Console::start("peer").await);
    let (peer_id, host_id) = pair(&host, &peer).await;
    let at_host = partners::get(&host.app, &root(), &peer_id).await.unwrap();
    let at_peer = partners::get(&peer.app, &root(), &host_id).await.unwrap();
    assert_eq!((at_host.name.as_str(), at_peer.name.as_str()), ("peer", "host"));
    assert_eq!(at_host.fingerprint, Some(at_peer.our_fingerprint));
    assert_eq!(at_peer.fingerprint, Some(at_host.our_fingerprint));
    assert_eq!(at_peer.protocol_level, Some(1));

    let made = project(&host, &peer_id, "joint").await;
    let there = theirs(&made);
    let taken = projects::get(&peer.app, &root(), &there).await.unwrap();
    assert_eq!((taken.name.clone(), taken.owner_id.clone()), (None, None));
    assert_eq!(taken.peer_config, Some(json!({"namespace": "a"})));
    let take = ProjectChange {
        name: Some("joint".to_owned()),
        ..ProjectChange::default()
    };
    let taken = projects::update(&peer.app, &root(), &there, Some(taken.generation), take)
        .await
        .unwrap();
    assert_eq!(taken.owner_id.map(String::from), Some("root-user".to_owned()));

    // A key that is removed here is gone there.
    let change = ProjectChange {
        config: Some(object(json!({"other": 1}))),
        ..ProjectChange::default()
    };
    projects::update(&host.app, &root(), &made.id, Some(made.generation), change)
        .await
        .unwrap();
    until("the config arrives", async || {
        let project = projects::get(&peer.app, &root(), &there).await.unwrap();
        (project.peer_config == Some(json!({"other": 1}))).then_some(())
    })
    .await;

    let ours = task(&host, &made.id, "join at host", json!({"rows": 1})).await;
    let half = task(&peer, &there, "join at peer", json!({"rows": 2})).await;
    let pairing = paired(&host, &ours.id).await;
    assert_eq!((pairing.status, pairing.error.clone()), (LinkStatus::Ready, None));
    assert_eq!(pairing.peer_meta, Some(json!({"rows": 2})));
    let half = tasks::get(&peer.app, &root(), &half.id).await.unwrap();
    assert_eq!(half.version, ours.version);
    assert_eq!(
        half.pairing.as_ref().map(|pairing| pairing.status),
        Some(LinkStatus::Ready)
    );

    let next = tasks::new_version(&host.app, &root(), &ours.id).await.unwrap();
    assert_ne!(next.version, ours.version);
    assert_eq!(paired(&host, &next.id).await.status, LinkStatus::Ready);
    let versions = tasks::versions(&peer.app, &root(), &half.id, true, &Page::first(10))
        .await
        .unwrap();
    let numbers: Vec<&str> = versions.iter().map(|task| task.version.as_str()).collect();
    assert_eq!(numbers, [next.version.as_str(), ours.version.as_str()]);
    let copied = tasks::get(&peer.app, &root(), &versions[0].id).await.unwrap();
    assert_eq!(copied.config, Some(json!({"private": true})));

    let again = pairings::ask(&host.app, &root(), &next.id).await;
    assert_eq!(again.map_err(code), Err("task_paired"));
    let archived = projects::get(&host.app, &root(), &made.id).await.unwrap();
    projects::archive(&host.app, &root(), &made.id, Some(archived.generation))
        .await
        .unwrap();
    until("both sides close the project", async || {
        let project = projects::get(&peer.app, &root(), &there).await.unwrap();
        (project.status == LinkStatus::Archive).then_some(())
    })
    .await;
    host.stop().await;
    peer.stop().await;
}

#[actix_web::test]
async fn a_refused_pairing_says_why_and_can_be_asked_again() {
    let (host, peer) = (Console::start("host").await, Console::start("peer").await);
    let (peer_id, _) = pair(&host, &peer).await;
    let made = project(&host, &peer_id, "joint").await;
    let ours = task(&host, &made.id, "join", json!({})).await;
    let refused = paired(&host, &ours.id).await;
    assert_eq!(refused.status, LinkStatus::Draft);
    assert!(refused.error.unwrap().contains("no task with this token"));

    let new = NewTask {
        project_id: theirs(&made),
        name: "other type".to_owned(),
        task_type: TaskType::Train,
        token: Some("tok".to_owned()),
        comment: None,
        config: None,
        meta: None,
        engine: None,
    };
    let half = tasks::create(&peer.app, &root(), new).await.unwrap();
    let refused = paired(&host, &ours.id).await;
    assert!(refused.error.unwrap().contains("type"));
    let change = tasks::TaskChange {
        task_type: Some(TaskType::Sample),
        ..tasks::TaskChange::default()
    };
    tasks::update(&peer.app, &root(), &half.id, Some(half.generation), change)
        .await
        .unwrap();
    assert_eq!(paired(&host, &ours.id).await.status, LinkStatus::Ready);
    host.stop().await;
    peer.stop().await;
}

#[actix_web::test]
async fn both_sides_may_ask_at_the_same_time() {
    let (host, peer) = (Console::start("host").await, Console::start("peer").await);
    let (peer_id, _) = pair(&host, &peer).await;
    let made = project(&host, &peer_id, "joint").await;
    let ours = task(&host, &made.id, "join", json!({})).await;
    let half = task(&peer, &theirs(&made), "join", json!({})).await;
    let somebody = root();
    let (one, other) = tokio::join!(
        pairings::ask(&host.app, &somebody, &ours.id),
        pairings::ask(&peer.app, &somebody, &half.id)
    );
    // The one's question may have come before the other could ask, which is an answer as well.
    assert!(one.is_ok() || other.is_ok());
    until("both carry the same version", async || {
        let ours = tasks::get(&host.app, &root(), &ours.id).await.unwrap();
        let half = tasks::get(&peer.app, &root(), &half.id).await.unwrap();
        let ready = |task: &Task| {
            task.pairing
                .as_ref()
                .is_some_and(|pairing| pairing.status == LinkStatus::Ready)
        };
        (ready(&ours) && ready(&half) && ours.version == half.version).then_some(())
    })
    .await;
    for console in [&host, &peer] {
        assert_eq!(console.counts().await[3], ("task_inter", 1));
    }
    host.stop().await;
    peer.stop().await;
}

#[actix_web::test]
async fn an_invitation_is_used_once_and_suspension_counts() {
    let (host, peer, third) = (
        Console::start("host").await,
        Console::start("peer").await,
        Console::start("third").await,
    );
    let invited = invitations::invite(&host.app, &root(), None).await.unwrap();
    assert_eq!(
        invitations::invite(&host.app, &reader(), None)
            .await
            .map(|_| ())
            .map_err(code),
        Err("forbidden")
    );
    let preview = invitations::preview(&peer.app, &root(), &invited.code)
        .await
        .unwrap();
    assert_eq!((preview.name.as_str(), preview.expired), ("host", false));
    assert_eq!(peer.counts().await[0], ("partner", 0));
    let own = invitations::preview(&host.app, &root(), &invited.code).await;
    assert_eq!(own.map(|_| ()).map_err(code), Err("own_invitation"));

    let at_peer = invitations::accept(&peer.app, &root(), &invited.code, None, None)
        .await
        .unwrap();
    until("the first console is paired", async || {
        let partner = partners::get(&peer.app, &root(), &at_peer.id).await.unwrap();
        (partner.trust == PartnerTrust::Paired).then_some(())
    })
    .await;
    let late = invitations::accept(&third.app, &root(), &invited.code, None, None)
        .await
        .unwrap();
    let refused = until("the second console hears a reason", async || {
        partners::get(&third.app, &root(), &late.id)
            .await
            .unwrap()
            .last_error
    })
    .await;
    assert!(refused.contains("used by another console"), "{refused}");
    assert_eq!(host.counts().await[0], ("partner", 1));

    let at_host = only_partner(&host).await;
    partners::suspend(&host.app, &root(), &at_host.id).await.unwrap();
    let checked = partners::check::check(&peer.app, &root(), &at_peer.id)
        .await
        .unwrap();
    assert_eq!(checked.verdict, partners::check::Verdict::Faulty);
    partners::resume(&host.app, &root(), &at_host.id).await.unwrap();
    let checked = partners::check::check(&peer.app, &root(), &at_peer.id)
        .await
        .unwrap();
    assert_eq!(
        checked.verdict,
        partners::check::Verdict::Good,
        "{:?}",
        checked.steps
    );
    partners::unpair(&peer.app, &root(), &at_peer.id, "test")
        .await
        .unwrap();
    let gone = until("the other side hears of the end", async || {
        let partner = partners::get(&host.app, &root(), &at_host.id).await.unwrap();
        (partner.trust == PartnerTrust::Unpaired).then_some(partner)
    })
    .await;
    let own_words = (gone.last_error.as_deref(), gone.last_error_zh);
    assert_eq!(own_words, (Some("test"), None));
    for console in [host, peer, third] {
        console.stop().await;
    }
}

#[actix_web::test]
async fn below_a_base_path_signatures_hold_and_double_slashes_pass() {
    let (host, peer) = (
        Console::start_below("host", "/host").await,
        Console::start_below("peer", "/peer-console").await,
    );
    let (peer_id, _) = pair(&host, &peer).await;
    let made = project(&host, &peer_id, "joint").await;
    assert!(made.peer_id.is_some());
    let get = async |path: &str| {
        reqwest::get(format!("{}{path}", peer.url))
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(get("/peer/hello").await, 200);
    assert_eq!(
        get("//project/peer/x").await,
        403,
        "a known path, an unknown caller"
    );
    assert_eq!(
        reqwest::get(format!("http://{}/project/peer/x", peer.at))
            .await
            .unwrap()
            .status()
            .as_u16(),
        404
    );
    host.stop().await;
    peer.stop().await;
}

#[actix_web::test]
async fn partners_of_one_name_are_told_apart_and_names_are_cleaned() {
    let host = Console::start("host").await;
    let mut others = Vec::new();
    for name in ["Acme", "\u{202e}ＡＣＭＥ\u{200b}", "\u{200b} \u{7}"] {
        let other = Console::start(name).await;
        let invited = invitations::invite(&host.app, &root(), None).await.unwrap();
        invitations::accept(&other.app, &root(), &invited.code, Some("The host"), None)
            .await
            .unwrap();
        others.push(other);
        let count = others.len();
        until("the invitation is taken up", async || {
            let found = partners::list(&host.app, &root(), &Page::first(10))
                .await
                .unwrap();
            (found.len() == count).then_some(())
        })
        .await;
    }
    let found = partners::list(&host.app, &root(), &Page::first(10))
        .await
        .unwrap();
    let names: Vec<&str> = found.iter().rev().map(|partner| partner.name.as_str()).collect();
    assert_eq!(names[..2], ["Acme", "ＡＣＭＥ (2)"]);
    assert!(names[2].starts_with("http://127.0.0.1"), "{}", names[2]);

    let rename = async |name: &str| {
        let change = partners::PartnerChange {
            name: Some(name.to_owned()),
            ..partners::PartnerChange::default()
        };
        partners::update(&host.app, &root(), &found[0].id, None, change).await
    };
    assert_eq!(rename("acme").await.map_err(code).unwrap_err(), "name_taken");
    assert_eq!(rename("Third").await.unwrap().name, "Third");
    assert_eq!(rename("THIRD").await.unwrap().name, "THIRD");
    host.stop().await;
    for other in others {
        other.stop().await;
    }
}
