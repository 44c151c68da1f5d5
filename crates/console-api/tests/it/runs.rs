//! Runs between two real consoles, with an engine whose behaviour the task's config says.

mod blockers;
mod closed;
pub(crate) mod cluster;
mod commands;
mod consent;
mod faults;
mod limits;
pub(crate) mod logs;
mod many;
mod numbers;
mod outputs;
mod overview;
mod pieces;
pub(crate) mod puppet;
mod screens;
mod silence;
mod streams;
mod told;
mod trust;

use console_app::instances::{
    self, HistoryState, Instance, InstanceQuery, LogPage, LogQuery, MetricQuery, Start,
};
use console_app::tasks::{self, NewTask};
use console_app::{AppError, Settings, pairings};
use console_model::{
    HistorySide, InstanceId, InstanceStatus, LinkStatus, PartnerId, ProjectId, Role, StopCause, TaskId,
    TaskType,
};
use serde_json::{Value, json};
use task_interface::{Document, Json};

use crate::client::Client;
use crate::events::listen;
use crate::peer::console::{Console, root, until};
use crate::peer::pairing::{object, pair, project, theirs};
use crate::peer::proxy::LossyProxy;
use puppet::Puppet;

/// Two consoles with a paired task each.
struct Pair {
    host: Console,
    peer: Console,
    host_task: TaskId,
    peer_task: TaskId,
    /// What each calls the other.
    peer_at_host: PartnerId,
    host_at_peer: PartnerId,
    /// The project, as the host knows it.
    project: ProjectId,
}

async fn task(console: &Console, project: &ProjectId, config: Value) -> TaskId {
    let new = NewTask {
        project_id: project.clone(),
        name: "join".to_owned(),
        task_type: TaskType::Sample,
        token: Some("tok".to_owned()),
        comment: None,
        config: object(config),
        meta: None,
        engine: None,
    };
    tasks::create(&console.app, &root(), new).await.unwrap().id
}

async fn consoles(host_does: Value, peer_does: Value) -> Pair {
    let host = Console::start_with("host", Puppet).await;
    let peer = Console::start_with("peer", Puppet).await;
    paired(host, peer, host_does, peer_does).await
}

/// As [`consoles`]; the calls to either go through a proxy, and every message of an engine is a call.
async fn consoles_behind(host_does: Value, peer_does: Value) -> (Pair, LossyProxy, LossyProxy) {
    consoles_behind_tuned(host_does, peer_does, |settings| {
        settings.federation.channel_stream = false;
    })
    .await
}

async fn consoles_behind_tuned(
    host_does: Value,
    peer_does: Value,
    tune: impl Fn(&mut Settings),
) -> (Pair, LossyProxy, LossyProxy) {
    let (to_host, to_peer) = (LossyProxy::start().await, LossyProxy::start().await);
    let host = Console::start_tuned("host", Some(&to_host.url), Puppet, &tune).await;
    let peer = Console::start_tuned("peer", Some(&to_peer.url), Puppet, &tune).await;
    to_host.lead_to(host.at);
    to_peer.lead_to(peer.at);
    (paired(host, peer, host_does, peer_does).await, to_host, to_peer)
}

async fn paired(host: Console, peer: Console, host_does: Value, peer_does: Value) -> Pair {
    let (peer_at_host, host_at_peer) = pair(&host, &peer).await;
    let shared = project(&host, &peer_at_host, "joint").await;
    let host_task = task(&host, &shared.id, host_does).await;
    let peer_task = task(&peer, &theirs(&shared), peer_does).await;
    let asked = pairings::ask(&host.app, &root(), &host_task).await.unwrap();
    until("the tasks are paired", async || {
        let pairing = pairings::get(&host.app, &root(), &asked.id).await.unwrap();
        assert_eq!(pairing.error, None);
        (pairing.status == LinkStatus::Ready).then_some(())
    })
    .await;
    Pair {
        host,
        peer,
        host_task,
        peer_task,
        peer_at_host,
        host_at_peer,
        project: shared.id,
    }
}

impl Pair {
    async fn run(&self) -> InstanceId {
        instances::run(&self.host.app, &root(), &self.host_task, None)
            .await
            .unwrap()
            .id
    }

    async fn stop(self) {
        self.host.stop().await;
        self.peer.stop().await;
    }
}

/// The only run of a console, once there is one.
async fn only_run(console: &Console) -> Instance {
    until("the run is there", async || {
        let query = InstanceQuery {
            limit: 10,
            ..InstanceQuery::default()
        };
        let mut found = instances::list(&console.app, &root(), query).await.unwrap();
        assert!(found.len() <= 1, "a run was made twice");
        found.pop()
    })
    .await
}

async fn reaches(console: &Console, status: InstanceStatus) -> Instance {
    until(
        &format!("{} is {status}", console.app.settings().console_name),
        async || {
            let run = only_run(console).await;
            let wrong_end = run.status.is_terminal() && status.is_terminal() && run.status != status;
            assert!(!wrong_end, "it ended as {}: {:?}", run.status, run.error);
            (run.status == status).then_some(run)
        },
    )
    .await
}

/// At most ten lines of the present attempt.
async fn log(console: &Console, id: &InstanceId, from: i64) -> LogPage {
    let query = LogQuery {
        start: Start::Line(from),
        ..LogQuery::default()
    };
    instances::log_page(&console.app, &root(), id, query, 10)
        .await
        .unwrap()
}

fn code(error: AppError) -> &'static str {
    error.code().word()
}

#[actix_web::test]
async fn a_run_ends_well_on_both_sides_and_leaves_its_traces() {
    let pair = consoles(json!({"do": "talk"}), json!({"do": "talk"})).await;
    let id = pair.run().await;
    for console in [&pair.host, &pair.peer] {
        let run = reaches(console, InstanceStatus::Succeeded).await;
        assert!(run.started_at.is_some() && run.ended_at.is_some());
        assert_eq!((run.attempt, run.progress), (1, Some(1.0)));
        let log = log(console, &run.id, 1).await;
        assert_eq!((log.first_line, log.next_line, log.lines.len()), (1, 3, 2));
        assert_eq!(log.lines[0].text, "line 1");
        let query = MetricQuery {
            attempt: None,
            name: None,
            after_step: None,
            points: 100,
        };
        let metrics = instances::metrics(&console.app, &root(), &run.id, &query)
            .await
            .unwrap();
        assert_eq!((metrics.len(), metrics[0].points.len()), (1, 3));
        let results = instances::results(&console.app, &root(), &run.id, None)
            .await
            .unwrap();
        let heard = json!({"heard": ["hello 0", "hello 1", "hello 2"]});
        assert_eq!(results[0].document, Document::Json(Json { value: heard }));
        until("the other half's end is known", async || {
            let run = instances::get(&console.app, &root(), &run.id).await.unwrap();
            (run.partner.status == Some(InstanceStatus::Succeeded)).then_some(())
        })
        .await;
    }
    let history = instances::history(&pair.host.app, &root(), &id).await.unwrap();
    let states = |side: HistorySide| {
        let of_side = history.iter().filter(move |entry| entry.side == side);
        of_side.map(|entry| entry.to).collect::<Vec<_>>()
    };
    use InstanceStatus::{Draft, Ready, Running, Starting, Succeeded};
    assert_eq!(
        states(HistorySide::Ours),
        [Draft, Ready, Starting, Running, Succeeded].map(HistoryState::Is)
    );
    let theirs = states(HistorySide::Partner);
    assert!(
        theirs.ends_with(&[Starting, Running, Succeeded].map(HistoryState::Is)),
        "{theirs:?}"
    );
    for entry in &history {
        let name = match entry.actor_kind.as_str() {
            "partner" => Some("peer"),
            _ => None,
        };
        assert_eq!(entry.actor_name.as_deref(), name, "{entry:?}");
    }
    assert_eq!(
        code(instances::start(&pair.host.app, &root(), &id).await.unwrap_err()),
        "cannot_start"
    );
    assert_eq!(
        code(instances::stop(&pair.host.app, &root(), &id).await.unwrap_err()),
        "cannot_stop"
    );
    pair.stop().await;
}

#[actix_web::test]
async fn listeners_hear_of_a_chatty_run_about_once_a_second() {
    let pair = consoles(
        json!({"do": "chat", "lines": 2000}),
        json!({"do": "chat", "lines": 1}),
    )
    .await;
    let reader = Client::new(&pair.host, "reader", Role::Default).await;
    let mut stream = listen(&reader, None).await;
    let begun = std::time::Instant::now();
    let id = pair.run().await;
    let mut told = 0;
    let mut with_progress = 0;
    let run = loop {
        let frame = stream.next().await.unwrap();
        if frame.data["kind"] != "instance" {
            continue;
        }
        assert_eq!(frame.data["id"], id.as_str());
        told += 1;
        let run = instances::get(&pair.host.app, &root(), &id).await.unwrap();
        if run.status.is_terminal() {
            break run;
        }
        with_progress += usize::from(run.progress.is_some_and(|progress| progress > 0.0));
    };
    assert_eq!(
        (run.status, run.progress),
        (InstanceStatus::Succeeded, Some(1999.0 / 2000.0))
    );
    assert!(with_progress >= 1, "it grows while it runs");
    // Besides the progress, some changes of either half's state.
    let most = begun.elapsed().as_secs() + 15;
    assert!(told <= most, "{told} frames, {most} at most");
    pair.stop().await;
}

#[actix_web::test]
async fn when_one_half_fails_the_other_ends_with_that_reason() {
    let pair = consoles(json!({"do": "wait"}), json!({"do": "fail"})).await;
    pair.run().await;
    let failed = reaches(&pair.peer, InstanceStatus::Failed).await;
    assert_eq!(failed.error.unwrap()["message"], "broken on purpose");
    let other = reaches(&pair.host, InstanceStatus::Failed).await;
    let reason = other.stop_reason.unwrap();
    assert!(reason.contains("broken on purpose"), "{reason}");
    pair.stop().await;
}

#[actix_web::test]
async fn an_engine_that_breaks_off_is_a_failed_run() {
    let pair = consoles(json!({"do": "panic"}), json!({"do": "wait"})).await;
    pair.run().await;
    reaches(&pair.host, InstanceStatus::Failed).await;
    reaches(&pair.peer, InstanceStatus::Failed).await;
    pair.stop().await;
}

#[actix_web::test]
async fn a_stop_ends_both_halves_and_a_start_again_is_a_new_attempt_on_both() {
    let does = json!({"do": "wait", "again": "talk"});
    let pair = consoles(does.clone(), does).await;
    let id = pair.run().await;
    reaches(&pair.host, InstanceStatus::Running).await;
    let at_peer = reaches(&pair.peer, InstanceStatus::Running).await;
    assert_eq!(
        code(instances::delete(&pair.host.app, &root(), &id).await.unwrap_err()),
        "still_running"
    );
    // Either side may stop; the side that stopped may start again.
    instances::stop(&pair.peer.app, &root(), &at_peer.id)
        .await
        .unwrap();
    reaches(&pair.peer, InstanceStatus::Stopped).await;
    reaches(&pair.host, InstanceStatus::Stopped).await;
    instances::start(&pair.peer.app, &root(), &at_peer.id)
        .await
        .unwrap();
    until("the host joins the attempt", async || {
        (only_run(&pair.host).await.attempt == 2).then_some(())
    })
    .await;
    for console in [&pair.host, &pair.peer] {
        assert_eq!(reaches(console, InstanceStatus::Succeeded).await.attempt, 2);
    }
    instances::delete(&pair.host.app, &root(), &id).await.unwrap();
    assert_eq!(
        code(instances::get(&pair.host.app, &root(), &id).await.unwrap_err()),
        "not_found"
    );
    until("the peer hears of the deletion", async || {
        only_run(&pair.peer).await.partner.gone_at
    })
    .await;
    pair.stop().await;
}

#[actix_web::test]
async fn a_killed_console_takes_its_run_up_again_and_nothing_is_said_twice() {
    let does = json!({"do": "talk", "pause_after": 1, "go": "killed"});
    let mut pair = consoles(does.clone(), does).await;
    pair.run().await;
    for round in 0..2 {
        for console in [&pair.host, &pair.peer] {
            until("the engine is in the middle", async || {
                let run = only_run(console).await;
                let log = log(console, &run.id, 0).await;
                (!log.lines.is_empty()).then_some(())
            })
            .await;
        }
        if round == 0 {
            pair.peer = pair.peer.kill().await.start(Puppet).await;
        } else {
            pair.host = pair.host.kill().await.start(Puppet).await;
        }
    }
    for console in [&pair.host, &pair.peer] {
        puppet::open("killed");
        let run = reaches(console, InstanceStatus::Succeeded).await;
        assert_eq!(run.attempt, 1);
        let results = instances::results(&console.app, &root(), &run.id, None)
            .await
            .unwrap();
        let heard = json!({"heard": ["hello 0", "hello 1", "hello 2"]});
        assert_eq!(results[0].document, Document::Json(Json { value: heard }));
    }
    pair.stop().await;
}

#[actix_web::test]
async fn a_run_for_a_partner_that_is_down_waits_and_a_draft_can_be_stopped() {
    let Pair {
        host,
        peer,
        host_task,
        ..
    } = consoles(json!({"do": "talk"}), json!({"do": "talk"})).await;
    let peer = peer.kill().await;
    let run = async || {
        instances::run(&host.app, &root(), &host_task, None)
            .await
            .unwrap()
            .id
    };
    let (id, other) = (run().await, run().await);
    let stopped = instances::stop(&host.app, &root(), &other).await.unwrap();
    assert_eq!(stopped.status, InstanceStatus::Stopped);
    let waiting = instances::get(&host.app, &root(), &id).await.unwrap();
    assert_eq!(waiting.status, InstanceStatus::Draft);
    let peer = peer.start(Puppet).await;
    until("the run that waited succeeds", async || {
        let run = instances::get(&host.app, &root(), &id).await.unwrap();
        (run.status == InstanceStatus::Succeeded).then_some(())
    })
    .await;
    until("the stopped one ends there too", async || {
        let statuses = vec![InstanceStatus::Stopped];
        let query = InstanceQuery {
            limit: 10,
            statuses,
            ..InstanceQuery::default()
        };
        instances::list(&peer.app, &root(), query).await.unwrap().pop()
    })
    .await;
    host.stop().await;
    peer.stop().await;
}
