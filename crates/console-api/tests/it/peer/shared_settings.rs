//! Settings that both sides must agree on: exchanged when a task is paired, shown side by side, and checked before a run.

use console_app::pairings::{self, Pairing};
use console_app::tasks::{self, NewTask, Task};
use console_app::{AppError, instances};
use console_db::Page;
use console_model::{InstanceStatus, LinkStatus, ProjectId, TaskId, TaskType};
use serde_json::{Value, json};
use task_interface::{Description, Engine, EngineError, TaskContext, TaskKind};

use super::console::{Console, reader, root, until};
use super::pairing::{object, pair, paired, project, theirs};

/// An engine whose `epochs` must be equal, of whose `label` exactly one side has one, and whose `result` is said from each
/// side's point of view.
struct Agreeing {
    default_epochs: u32,
}

impl Engine for Agreeing {
    fn describe(&self) -> Description {
        let mut description = Description::new("local", "1", [TaskKind::Train]);
        let mirrored = json!({"mirrored": {"only_me": "only_partner", "only_partner": "only_me"}});
        if let Some(train) = description.types.get_mut(&TaskKind::Train) {
            train.config_schema = json!({"type": "object", "properties": {
                "epochs": {"type": "integer", "default": self.default_epochs, "x-shared": true},
                "label": {"type": "string", "x-shared": "one_side"},
                "result": {"type": "string", "default": "both", "x-shared": mirrored},
                "columns": {"type": "array"},
            }});
        }
        description
    }

    async fn task_run(&self, _: TaskContext) -> Result<(), EngineError> {
        Ok(())
    }
}

const USUAL: Agreeing = Agreeing { default_epochs: 20 };

async fn consoles() -> (Console, Console, ProjectId, ProjectId) {
    let host = Console::start_with("host", USUAL).await;
    let peer = Console::start_with("peer", USUAL).await;
    let (peer_id, _) = pair(&host, &peer).await;
    let made = project(&host, &peer_id, "joint").await;
    let there = theirs(&made);
    (host, peer, made.id, there)
}

async fn train(console: &Console, project: &ProjectId, config: Value) -> TaskId {
    let new = NewTask {
        project_id: project.clone(),
        name: "train".to_owned(),
        task_type: TaskType::Train,
        token: Some("tok".to_owned()),
        comment: None,
        config: object(config),
        meta: None,
        engine: None,
    };
    tasks::create(&console.app, &root(), new).await.unwrap().id
}

async fn look(console: &Console, id: &TaskId) -> Task {
    tasks::get(&console.app, &root(), id).await.unwrap()
}

async fn pairing_of(console: &Console, task: &TaskId) -> Pairing {
    let id = look(console, task).await.pairing.unwrap().id;
    pairings::get(&console.app, &root(), &id).await.unwrap()
}

/// Key, ours, theirs of what differs.
fn differing(pairing: &Pairing) -> Vec<(&str, &Value, &Value)> {
    let settings = pairing.shared_settings.as_deref().unwrap();
    settings
        .iter()
        .filter(|setting| !setting.agrees)
        .map(|setting| (setting.key.as_str(), &setting.ours, &setting.theirs))
        .collect()
}

fn code<T>(done: Result<T, AppError>) -> Option<&'static str> {
    done.err().map(|error| error.code().word())
}

#[actix_web::test]
async fn settings_that_differ_are_seen_by_both_and_taken_by_one() {
    let (host, peer, here, there) = consoles().await;
    let ours = train(&host, &here, json!({"epochs": 20, "columns": ["private"]})).await;
    let half = train(
        &peer,
        &there,
        json!({"epochs": 30, "label": "ill", "result": "only_me"}),
    )
    .await;
    let refused = paired(&host, &ours).await;
    assert_eq!(refused.status, LinkStatus::Draft);
    assert_eq!(refused.error_code.as_deref(), Some("settings_differ"));
    let expected = [
        ("epochs", &json!(20), &json!(30)),
        ("result", &json!("both"), &json!("only_me")),
    ];
    assert_eq!(differing(&refused), expected);
    let agreed = refused.shared_settings.as_deref().unwrap();
    assert!(
        agreed
            .iter()
            .any(|setting| setting.key == "label" && setting.agrees),
        "{agreed:?}"
    );
    // The column's name stays here, and the partner's there.
    assert!(host.files_with(b"\"ill\"").is_empty());
    assert!(peer.files_with(b"\"private\"").is_empty());

    let seen = pairing_of(&peer, &half).await;
    assert!(!seen.initiated_here);
    assert_eq!(seen.error_code.as_deref(), Some("settings_differ"));
    assert_eq!(differing(&seen).len(), 2);

    let taken = pairings::take_settings(&host.app, &reader(), &refused.id).await;
    assert_eq!(code(taken), Some("forbidden"));
    let taken = pairings::take_settings(&host.app, &root(), &refused.id)
        .await
        .unwrap();
    assert_eq!(differing(&taken), []);
    let config = look(&host, &ours).await.config;
    let expected = json!({"epochs": 30, "result": "only_partner", "columns": ["private"]});
    assert_eq!(config, Some(expected));
    let again = paired(&host, &ours).await;
    assert_eq!((again.status, again.error_code), (LinkStatus::Ready, None));
    let there = pairing_of(&peer, &half).await;
    assert_eq!((there.status, there.error_code), (LinkStatus::Ready, None));
    let late = pairings::take_settings(&host.app, &root(), &refused.id).await;
    assert_eq!(code(late), Some("task_paired"));
    host.stop().await;
    peer.stop().await;
}

#[actix_web::test]
async fn the_side_that_was_asked_may_take_the_settings_and_ask_itself() {
    let (host, peer, here, there) = consoles().await;
    let ours = train(&host, &here, json!({"epochs": 20, "label": "y"})).await;
    let half = train(&peer, &there, json!({"epochs": 30})).await;
    assert_eq!(
        paired(&host, &ours).await.error_code.as_deref(),
        Some("settings_differ")
    );
    let seen = pairing_of(&peer, &half).await;
    pairings::take_settings(&peer.app, &root(), &seen.id)
        .await
        .unwrap();
    assert_eq!(paired(&peer, &half).await.status, LinkStatus::Ready);
    assert_eq!(pairing_of(&host, &ours).await.status, LinkStatus::Ready);
    host.stop().await;
    peer.stop().await;
}

#[actix_web::test]
async fn what_cannot_be_taken_stays_refused() {
    let (host, peer, here, there) = consoles().await;
    let ours = train(&host, &here, json!({"label": "y"})).await;
    train(&peer, &there, json!({"label": "z"})).await;
    let refused = paired(&host, &ours).await;
    assert_eq!(differing(&refused), [("label", &json!(true), &json!(true))]);
    let taken = pairings::take_settings(&host.app, &root(), &refused.id)
        .await
        .unwrap();
    assert_eq!(differing(&taken).len(), 1);
    let setting = &taken.shared_settings.unwrap()[0];
    assert!(!setting.can_take);
    assert_eq!(
        paired(&host, &ours).await.error_code.as_deref(),
        Some("settings_differ")
    );
    host.stop().await;
    peer.stop().await;
}

#[actix_web::test]
async fn a_further_version_takes_over_what_both_must_agree_on() {
    let (host, peer, here, there) = consoles().await;
    let ours = train(&host, &here, json!({"epochs": 20})).await;
    let half = train(
        &peer,
        &there,
        json!({"epochs": 20, "label": "ill", "columns": ["a"]}),
    )
    .await;
    assert_eq!(paired(&host, &ours).await.status, LinkStatus::Ready);
    let next = tasks::new_version(&host.app, &root(), &ours).await.unwrap();
    let change = tasks::TaskChange {
        config: Some(object(json!({"epochs": 99}))),
        ..tasks::TaskChange::default()
    };
    tasks::update(&host.app, &root(), &next.id, Some(next.generation), change)
        .await
        .unwrap();
    assert_eq!(paired(&host, &next.id).await.status, LinkStatus::Ready);
    let versions = tasks::versions(&peer.app, &root(), &half, true, &Page::first(2))
        .await
        .unwrap();
    let copied = look(&peer, &versions[0].id).await;
    let expected = json!({"epochs": 99, "label": "ill", "columns": ["a"]});
    assert_eq!(copied.config, Some(expected));
    assert_eq!(look(&peer, &half).await.config.unwrap()["epochs"], 20);
    host.stop().await;
    peer.stop().await;
}

#[actix_web::test]
async fn a_run_of_halves_that_differ_by_now_does_not_begin() {
    let (host, peer, here, there) = consoles().await;
    let ours = train(&host, &here, json!({"label": "y"})).await;
    let half = train(&peer, &there, json!({})).await;
    assert_eq!(paired(&host, &ours).await.status, LinkStatus::Ready);
    // The engine here gets another default by an upgrade.
    let host = host.kill().await.start(Agreeing { default_epochs: 21 }).await;
    let blocked = look(&host, &ours).await.cannot_run.unwrap();
    assert_eq!(blocked.code.word(), "settings_differ");
    let run = instances::run(&host.app, &root(), &ours, None).await;
    assert_eq!(code(run), Some("settings_differ"));

    // The partner knows only what it was told before, and is refused with the settings of now.
    let run = instances::run(&peer.app, &root(), &half, None).await.unwrap();
    let ended = until("the run is refused", async || {
        let run = instances::get(&peer.app, &root(), &run.id).await.unwrap();
        run.status.is_terminal().then_some(run)
    })
    .await;
    assert_eq!(ended.status, InstanceStatus::Failed);
    let reason = ended.stop_reason.unwrap();
    assert!(reason.contains("epochs"), "{reason}");
    let seen = pairing_of(&peer, &half).await;
    assert_eq!(differing(&seen), [("epochs", &json!(20), &json!(21))]);
    host.stop().await;
    peer.stop().await;
}
