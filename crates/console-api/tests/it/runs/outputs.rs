//! A run replaces what its own task wrote, and nothing else.

use console_app::ObjectName;
use console_app::objects::{self, Upload};
use futures_util::{StreamExt, stream};

use super::*;

const OBJECT: &str = "out.csv";

fn writes(content: &str) -> Value {
    json!({"do": "write", "object": OBJECT, "content": content})
}

async fn upload(console: &Console, content: &'static str, replace: bool) {
    let bytes = stream::iter([Ok(bytes::Bytes::from_static(content.as_bytes()))]);
    let how = Upload {
        replace,
        sha256: None,
    };
    let name = ObjectName::parse(OBJECT).unwrap();
    objects::upload(&console.app, &root(), &name, bytes, how)
        .await
        .unwrap();
}

async fn content(console: &Console) -> String {
    let name = ObjectName::parse(OBJECT).unwrap();
    let (_, chunks) = objects::download(&console.app, &root(), &name, None)
        .await
        .unwrap();
    let chunks: Vec<_> = chunks.map(Result::unwrap).collect().await;
    String::from_utf8(chunks.concat()).unwrap()
}

impl Pair {
    /// Runs the host's task once more; gives how that ended.
    async fn run_again(&self) -> Instance {
        let id = self.run().await;
        until("the run ends", async || {
            let run = instances::get(&self.host.app, &root(), &id).await.unwrap();
            run.status.is_terminal().then_some(run)
        })
        .await
    }
}

#[track_caller]
fn assert_refused(run: &Instance) {
    assert_eq!(run.status, InstanceStatus::Failed);
    // The partner hears another reason, which names no file; this one is in the detail.
    let error = run.error.as_ref().unwrap().to_string();
    assert!(error.contains("this task did not write it"), "{error}");
}

#[actix_web::test]
async fn a_file_of_an_operator_is_never_replaced_by_a_run() {
    let pair = consoles(writes("new"), json!({"do": "end"})).await;
    upload(&pair.host, "precious", false).await;
    assert_refused(&pair.run_again().await);
    assert_eq!(content(&pair.host).await, "precious");
    pair.stop().await;
}

#[actix_web::test]
async fn a_run_replaces_what_its_own_task_wrote_until_an_operator_does() {
    let pair = consoles(writes("new"), json!({"do": "end"})).await;
    for _ in 0..2 {
        let run = pair.run_again().await;
        assert_eq!(run.status, InstanceStatus::Succeeded, "{:?}", run.error);
        assert_eq!(content(&pair.host).await, "new");
    }
    upload(&pair.host, "corrected by hand", true).await;
    assert_refused(&pair.run_again().await);
    assert_eq!(content(&pair.host).await, "corrected by hand");
    let name = ObjectName::parse(OBJECT).unwrap();
    objects::delete(&pair.host.app, &root(), &name).await.unwrap();
    assert_eq!(pair.run_again().await.status, InstanceStatus::Succeeded);
    pair.stop().await;
}

#[actix_web::test]
async fn runs_of_one_task_at_the_same_time_do_not_refuse_each_other() {
    let pair = consoles(writes("new"), json!({"do": "end"})).await;
    let runs = futures_util::future::join_all((0..30).map(|_| pair.run_again())).await;
    for run in runs {
        assert_eq!(run.status, InstanceStatus::Succeeded, "{:?}", run.error);
    }
    assert_eq!(pair.run_again().await.status, InstanceStatus::Succeeded);
    upload(&pair.host, "corrected by hand", true).await;
    assert_refused(&pair.run_again().await);
    pair.stop().await;
}

#[actix_web::test]
async fn a_version_of_a_task_does_not_replace_what_another_wrote() {
    let mut pair = consoles(writes("first"), json!({"do": "end"})).await;
    assert_eq!(pair.run_again().await.status, InstanceStatus::Succeeded);
    let next = tasks::new_version(&pair.host.app, &root(), &pair.host_task)
        .await
        .unwrap();
    let asked = pairings::ask(&pair.host.app, &root(), &next.id).await.unwrap();
    until("the version is paired", async || {
        let pairing = pairings::get(&pair.host.app, &root(), &asked.id).await.unwrap();
        assert_eq!(pairing.error, None);
        (pairing.status == LinkStatus::Ready).then_some(())
    })
    .await;
    pair.host_task = next.id;
    assert_refused(&pair.run_again().await);
    assert_eq!(content(&pair.host).await, "first");
    pair.stop().await;
}
