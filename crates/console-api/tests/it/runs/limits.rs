//! What one partner may take, and runs that do not get on.

use console_app::projects::{self as project_cases, NewProject};
use console_app::reached_limits::{Limit, Reached, Subject};
use console_app::{overview, partners};
use console_db::Page;
use console_peer::address::PartnerAddress;
use console_peer::client::{CallOptions, Partner, Speaks};
use std::time::Duration;

use super::*;
use crate::peer::console::reader;

#[actix_web::test]
async fn a_partner_has_so_many_projects_and_runs_and_is_told_the_limit() {
    let host = Console::start_with("host", Puppet).await;
    let peer = Console::start_tuned("peer", None, Puppet, |settings| {
        settings.federation.max_projects_per_partner = 1;
        settings.federation.max_live_runs_per_partner = 1;
    })
    .await;
    let pair = paired(host, peer, json!({"do": "wait"}), json!({"do": "wait"})).await;
    let new = NewProject {
        name: "one too many".to_owned(),
        partner_id: pair.peer_at_host.clone(),
        comment: None,
        config: None,
    };
    let made = project_cases::create(&pair.host.app, &root(), new).await.unwrap();
    until("the second project is refused", async || {
        let project = project_cases::get(&pair.host.app, &root(), &made.id)
            .await
            .unwrap();
        let refused = project.outstanding?.last_error?;
        refused.contains("at most 1 projects").then_some(())
    })
    .await;

    let first = pair.run().await;
    reaches_of(&pair.host, &first, InstanceStatus::Running).await;
    // The second waits, and its message says what for.
    let second = pair.run().await;
    until("the limit is told", async || {
        let partner = partners::get(&pair.host.app, &root(), &pair.peer_at_host)
            .await
            .unwrap();
        partner
            .last_error
            .filter(|error| error.contains("at most 1 runs"))
    })
    .await;
    instances::stop(&pair.host.app, &root(), &first).await.unwrap();
    reaches_of(&pair.host, &second, InstanceStatus::Running).await;
    pair.stop().await;
}

/// What stays when something has ended is bounded as well, and makes room when it is deleted.
#[actix_web::test]
async fn ended_runs_and_versions_of_a_partner_are_bounded() {
    let host = Console::start_with("host", Puppet).await;
    let peer = Console::start_tuned("peer", None, Puppet, |settings| {
        settings.federation.max_ended_runs_per_partner = 1;
        settings.federation.max_versions_per_partner = 1;
    })
    .await;
    let pair = paired(host, peer, json!({"do": "wait"}), json!({"do": "wait"})).await;
    let at_peer = pair.host_at_peer.clone();
    let first = pair.run().await;
    reaches_of(&pair.host, &first, InstanceStatus::Running).await;
    instances::stop(&pair.host.app, &root(), &first).await.unwrap();
    let theirs = reaches(&pair.peer, InstanceStatus::Stopped).await;
    reaches_of(&pair.host, &first, InstanceStatus::Stopped).await;
    let second = pair.run().await;
    let reached = until("the limit of runs is told", async || {
        told(&pair.peer, &at_peer, Limit::PartnerEndedRuns).await
    })
    .await;
    assert_eq!((reached.figure, reached.most), (1, 1));
    instances::delete(&pair.peer.app, &root(), &theirs.id)
        .await
        .unwrap();
    reaches_of(&pair.host, &second, InstanceStatus::Running).await;

    for _ in 0..2 {
        let (app, operator) = (&pair.host.app, root());
        let version = tasks::new_version(app, &operator, &pair.host_task).await;
        let version = version.unwrap().id;
        console_app::pairings::ask(app, &operator, &version)
            .await
            .unwrap();
    }
    let reached = until("the limit of versions is told", async || {
        told(&pair.peer, &at_peer, Limit::PartnerVersions).await
    })
    .await;
    assert_eq!((reached.figure, reached.most), (1, 1));
    pair.stop().await;
}

/// What a console tells its operators of a limit, on the overview and with the partner, or that it tells nothing.
async fn told(console: &Console, partner: &PartnerId, limit: Limit) -> Option<Reached> {
    console.app.wake().limits.notify_one();
    let of = |all: Vec<Reached>| all.into_iter().find(|reached| reached.limit == limit);
    let overview = overview::get(&console.app, &root()).await.unwrap();
    let partner = partners::get(&console.app, &root(), partner).await.unwrap();
    let (first, second) = (of(overview.attention.limits), of(partner.reached_limits));
    // The two are asked for one after the other.
    first.filter(|first| Some(first) == second.as_ref())
}

#[actix_web::test]
async fn a_reached_limit_is_told_until_it_is_over_also_after_a_restart() {
    let one_project = |settings: &mut console_app::Settings| settings.federation.max_projects_per_partner = 1;
    let host = Console::start_with("host", Puppet).await;
    let peer = Console::start_tuned("peer", None, Puppet, one_project).await;
    let mut pair = paired(host, peer, json!({"do": "wait"}), json!({"do": "wait"})).await;
    let at_peer = pair.host_at_peer.clone();
    let of_projects = Limit::PartnerProjects;
    assert_eq!(told(&pair.peer, &at_peer, of_projects).await, None);
    let new = NewProject {
        name: "one too many".to_owned(),
        partner_id: pair.peer_at_host.clone(),
        comment: None,
        config: None,
    };
    let second = project_cases::create(&pair.host.app, &root(), new).await.unwrap();
    let reached = until("the limit is told", async || {
        told(&pair.peer, &at_peer, of_projects).await
    })
    .await;
    assert_eq!((reached.figure, reached.most), (1, 1));
    assert_eq!(
        reached.subject,
        Subject::Partner(at_peer.clone(), "host".to_owned())
    );
    let readers = overview::get(&pair.peer.app, &reader()).await;
    assert_eq!(
        readers.unwrap().attention.limits,
        [],
        "who cannot change it is not told"
    );

    pair.peer = pair.peer.kill().await.start_tuned(Puppet, one_project).await;
    let after = told(&pair.peer, &at_peer, of_projects).await.unwrap();
    assert_eq!(after.since, reached.since);

    // The first project makes room for the second. When that is closed as well, it still counts: nobody has accepted it.
    for project in [&pair.project, &second.id] {
        until("the project is known there", async || {
            let row = project_cases::get(&pair.host.app, &root(), project)
                .await
                .unwrap();
            (row.status == LinkStatus::Ready).then_some(())
        })
        .await;
        project_cases::archive(&pair.host.app, &root(), project, None)
            .await
            .unwrap();
    }
    let mine = project_cases::list(&pair.peer.app, &root(), true, &Page::first(9))
        .await
        .unwrap();
    let first_made = mine.iter().map(|row| row.created_at).min().unwrap();
    let unaccepted = until("it is closed at the peer", async || {
        let all = project_cases::list(&pair.peer.app, &root(), true, &Page::first(9))
            .await
            .unwrap();
        // The newest comes first.
        all.into_iter()
            .next()
            .filter(|row| row.status == LinkStatus::Archive && row.created_at > first_made)
    })
    .await;
    assert!(told(&pair.peer, &at_peer, of_projects).await.is_some());
    project_cases::delete(&pair.peer.app, &root(), &unaccepted.id)
        .await
        .unwrap();
    until("nothing is told any more", async || {
        told(&pair.peer, &at_peer, of_projects)
            .await
            .is_none()
            .then_some(())
    })
    .await;
    pair.stop().await;
}

#[actix_web::test]
async fn an_administrator_who_sets_another_limit_ends_the_notice() {
    let host = Console::start_with("host", Puppet).await;
    let peer = Console::start_tuned("peer", None, Puppet, |settings| {
        settings.federation.max_live_runs_per_partner = 1;
    })
    .await;
    let mut pair = paired(host, peer, json!({"do": "wait"}), json!({"do": "wait"})).await;
    let at_peer = pair.host_at_peer.clone();
    pair.run().await;
    reaches(&pair.peer, InstanceStatus::Running).await;
    pair.run().await;
    until("the limit is told", async || {
        told(&pair.peer, &at_peer, Limit::PartnerRuns).await
    })
    .await;
    pair.peer = pair.peer.kill().await.start(Puppet).await;
    until("nothing is told any more", async || {
        told(&pair.peer, &at_peer, Limit::PartnerRuns)
            .await
            .is_none()
            .then_some(())
    })
    .await;
    pair.stop().await;
}

#[actix_web::test]
async fn runs_that_wait_for_a_place_are_told() {
    let host = Console::start_with("host", Puppet).await;
    let peer = Console::start_tuned("peer", None, Puppet, |settings| settings.runs.max_per_partner = 1).await;
    let pair = paired(host, peer, json!({"do": "wait"}), json!({"do": "wait"})).await;
    let at_peer = pair.host_at_peer.clone();
    let first = pair.run().await;
    reaches(&pair.peer, InstanceStatus::Running).await;
    pair.run().await;
    let reached = until("the limit is told", async || {
        told(&pair.peer, &at_peer, Limit::PartnerPlaces).await
    })
    .await;
    assert_eq!((reached.figure, reached.most), (1, 1));
    assert_eq!(reached.limit.setting(), Some("runs.max_per_partner"));
    instances::stop(&pair.host.app, &root(), &first).await.unwrap();
    until("nothing is told any more", async || {
        told(&pair.peer, &at_peer, Limit::PartnerPlaces)
            .await
            .is_none()
            .then_some(())
    })
    .await;
    pair.stop().await;
}

async fn reaches_of(console: &Console, id: &InstanceId, status: InstanceStatus) -> Instance {
    until(&format!("the run is {status}"), async || {
        let run = instances::get(&console.app, &root(), id).await.unwrap();
        (run.status == status).then_some(run)
    })
    .await
}

/// What a partner sends ahead to a run that waits here, at the most some messages, takes little room.
#[actix_web::test]
async fn a_run_that_waits_for_a_yes_holds_next_to_nothing_of_the_channel() {
    let asks = |settings: &mut console_app::Settings| {
        settings.federation.start_on_partner_request = console_app::settings::StartOnPartnerRequest::Ask;
    };
    let host = Console::start_with("host", Puppet).await;
    let peer = Console::start_tuned("peer", None, Puppet, asks).await;
    let pair = paired(host, peer, json!({"do": "wait"}), json!({"do": "wait"})).await;
    let id = pair.run().await;
    reaches(&pair.peer, InstanceStatus::AwaitingConsent).await;
    let there = Partner {
        address: PartnerAddress::parse(&pair.peer.app.settings().base_url).unwrap(),
        speaks: Speaks::Paired {
            receiver: pair.peer.app.identity().fingerprint(),
        },
    };
    let send = async |number: u64| {
        let message = vec![7; 20 << 10].into();
        let (options, peer) = (CallOptions::default(), pair.host.app.peer());
        let sent = peer.channel_send(&there, &options, &id, (1, number), message);
        sent.await.unwrap()
    };
    for number in 0..3 {
        assert!(send(number).await.accepted, "{number}");
    }
    let full = send(3).await;
    assert_eq!((full.accepted, full.next_seq), (false, 3));
    pair.stop().await;
}

/// Polls of the status go on all the time; they are no life of the engines.
#[actix_web::test]
async fn a_run_whose_engines_exchange_nothing_ends_with_that_reason() {
    let host = Console::start_tuned("host", None, Puppet, |settings| {
        settings.runs.idle_timeout = Duration::from_millis(500);
    })
    .await;
    let peer = Console::start_with("peer", Puppet).await;
    let pair = paired(host, peer, json!({"do": "wait"}), json!({"do": "wait"})).await;
    pair.run().await;
    let ended = reaches(&pair.host, InstanceStatus::Failed).await;
    let error = ended.error.unwrap().to_string();
    assert!(error.contains("nothing happened for"), "{error}");
    let there = reaches(&pair.peer, InstanceStatus::Failed).await;
    assert!(there.stop_reason.unwrap().contains("nothing happened for"));
    pair.stop().await;
}

#[actix_web::test]
async fn a_run_that_is_taken_up_again_and_again_without_getting_on_is_given_up() {
    let quick = |settings: &mut console_app::Settings| settings.runs.max_resumes = 2;
    let host = Console::start_tuned("host", None, Puppet, quick).await;
    let peer = Console::start_with("peer", Puppet).await;
    let mut pair = paired(host, peer, json!({"do": "wait"}), json!({"do": "wait"})).await;
    let id = pair.run().await;
    for _ in 0..2 {
        until("the engine is at work", async || pair.host.app.jobs().get(&id)).await;
        reaches(&pair.host, InstanceStatus::Running).await;
        let killed = pair.host.kill().await;
        pair.host = killed.start_tuned(Puppet, quick).await;
    }
    let ended = reaches(&pair.host, InstanceStatus::Failed).await;
    let error = ended.error.unwrap().to_string();
    assert!(error.contains("without getting on"), "{error}");
    pair.stop().await;
}

#[actix_web::test]
async fn large_configs_are_refused_with_the_limit() {
    let pair = consoles(json!({"do": "end"}), json!({"do": "end"})).await;
    let new = NewProject {
        name: "large".to_owned(),
        partner_id: pair.peer_at_host.clone(),
        comment: None,
        config: object(json!({"x": "y".repeat(64 << 10)})),
    };
    let refused = project_cases::create(&pair.host.app, &root(), new)
        .await
        .unwrap_err();
    assert!(refused.problems()[0].fault.detail.contains("65536"), "{refused}");
    pair.stop().await;
}
