//! Nothing new happens in a closed project, or with a partner that is no partner any more.

use console_app::partners;
use console_app::projects::{self, ProjectChange};

use super::*;

/// A pair whose only run has failed at the host, so that either side could start it again.
async fn failed() -> (Pair, InstanceId) {
    let pair = consoles(json!({"do": "fail"}), json!({"do": "wait"})).await;
    let id = pair.run().await;
    reaches(&pair.host, InstanceStatus::Failed).await;
    reaches(&pair.peer, InstanceStatus::Failed).await;
    (pair, id)
}

async fn project_of(console: &Console, task: &TaskId) -> projects::Project {
    let task = tasks::get(&console.app, &root(), task).await.unwrap();
    projects::get(&console.app, &root(), &task.project_id)
        .await
        .unwrap()
}

#[actix_web::test]
async fn an_archived_project_runs_nothing_whoever_asks() {
    let (pair, id) = failed().await;
    // Closed here before the partner hears of it: its order is on the way.
    let db = pair.host.app.db();
    let project = project_of(&pair.host, &pair.host_task).await;
    let mut row = console_db::projects::find(db.reader(), &project.id)
        .await
        .unwrap()
        .unwrap();
    row.status = LinkStatus::Archive;
    console_db::projects::save(db, row).await.unwrap();

    let (app, root) = (&pair.host.app, root());
    let started = instances::start(app, &root, &id).await.unwrap_err();
    assert_eq!(code(started), "project_archived");
    let run = instances::run(app, &root, &pair.host_task, None)
        .await
        .unwrap_err();
    assert_eq!(code(run), "project_archived");

    let there = only_run(&pair.peer).await;
    instances::start(&pair.peer.app, &root, &there.id).await.unwrap();
    until("the partner's order is refused", async || {
        let page = console_app::SeqPage {
            limit: 50,
            after: None,
        };
        let refused = Some(console_model::MessageState::Refused);
        let found = console_app::system::outbox(&pair.peer.app, &root, None, refused, &page)
            .await
            .unwrap();
        found
            .iter()
            .any(|message| message.about == there.id.as_str())
            .then_some(())
    })
    .await;
    let here = instances::get(app, &root, &id).await.unwrap();
    assert_eq!((here.status, here.attempt), (InstanceStatus::Failed, 1));
    pair.stop().await;
}

#[actix_web::test]
async fn nothing_is_queued_for_a_partner_that_is_unpaired() {
    let (pair, id) = failed().await;
    let (app, root) = (&pair.host.app, root());
    let project = project_of(&pair.host, &pair.host_task).await;
    let partner = project.partner_id.clone().unwrap();
    let pairing = tasks::get(app, &root, &pair.host_task)
        .await
        .unwrap()
        .pairing
        .unwrap();
    let next = tasks::new_version(app, &root, &pair.host_task).await.unwrap();
    partners::unpair(app, &root, &partner, "").await.unwrap();
    until("the partner heard of it", async || {
        let partner = partners::get(app, &root, &partner).await.unwrap();
        (partner.waiting_messages == 0).then_some(())
    })
    .await;

    let change = ProjectChange {
        config: Some(object(json!({"a": 1}))),
        ..ProjectChange::default()
    };
    let refused = [
        instances::run(app, &root, &pair.host_task, None)
            .await
            .map(|_| ()),
        instances::start(app, &root, &id).await.map(|_| ()),
        pairings::ask(app, &root, &next.id).await.map(|_| ()),
        pairings::refresh_meta(app, &root, &pairing.id).await.map(|_| ()),
        projects::update(app, &root, &project.id, None, change)
            .await
            .map(|_| ()),
    ];
    for refused in refused {
        assert_eq!(code(refused.unwrap_err()), "partner_not_active");
    }
    // Closing stays possible, and is told to nobody.
    projects::archive(app, &root, &project.id, None).await.unwrap();
    let partner = partners::get(app, &root, &partner).await.unwrap();
    assert_eq!(partner.waiting_messages, 0);
    pair.stop().await;
}
