//! What people call versions and runs, who started a run, and the figure that lists show of it.

use task_interface::{Counts, Description, Engine, EngineError, MainFigure, TaskContext, TaskKind};

use super::*;

/// Joins nothing, and says how much it found.
struct Finder;

impl Engine for Finder {
    fn describe(&self) -> Description {
        let mut description = Description::new("local", "1", [TaskKind::Sample]);
        if let Some(sample) = description.types.get_mut(&TaskKind::Sample) {
            sample.main_figure = Some(MainFigure::new("join", "intersection"));
        }
        description
    }

    async fn task_run(&self, context: TaskContext) -> Result<(), EngineError> {
        context.reporter.running().await?;
        let counts = Counts::new([("own_rows", 93), ("intersection", 50)]);
        context.reporter.result("join", counts).await?;
        context
            .reporter
            .result("other", Counts::new([("intersection", 7)]))
            .await
    }
}

#[actix_web::test]
async fn versions_and_runs_have_short_numbers_on_both_sides() {
    let host = Console::start_with("host", Finder).await;
    let peer = Console::start_with("peer", Finder).await;
    let pair = paired(host, peer, json!({}), json!({})).await;
    let anna = Client::new(&pair.host, "anna", Role::Root).await;
    let petra = Client::new(&pair.peer, "petra", Role::Root).await;
    // A draft here that the partner never hears of.
    tasks::new_version(&pair.host.app, &root(), &pair.host_task)
        .await
        .unwrap();
    let next = tasks::new_version(&pair.host.app, &root(), &pair.host_task)
        .await
        .unwrap();
    assert_eq!(next.version_number, Some(3));
    crate::peer::pairing::paired(&pair.host, &next.id).await;

    for (version, number) in [(&next.id, 1), (&pair.host_task, 2)] {
        let path = format!("/tasks/{version}/instances");
        assert_eq!(anna.post(&path, json!({})).await.status, 201);
        until("the run has ended", async || {
            let runs = anna.get("/instances?status=succeeded").await.body;
            (runs["items"].as_array().unwrap().len() == number).then_some(())
        })
        .await;
    }
    let runs = anna.get("/instances").await.body["items"].clone();
    let seen = |run: &Value| {
        (
            run["number"].as_u64().unwrap(),
            run["task_version_number"].as_u64().unwrap(),
        )
    };
    assert_eq!((seen(&runs[0]), seen(&runs[1])), ((2, 1), (1, 3)));
    assert_eq!(runs[0]["started_by"]["name"], "anna");
    assert_eq!(
        runs[0]["main_figure"],
        json!({"name": "intersection", "value": 50.0})
    );
    let theirs = petra.get("/instances").await.body["items"].clone();
    assert_eq!((seen(&theirs[0]), seen(&theirs[1])), ((2, 1), (1, 3)));
    assert_eq!(theirs[0]["started_by"], Value::Null);
    pair.stop().await;
}
