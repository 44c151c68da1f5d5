//! Every run writes files of its own, which can be seen when both sides have ended well.

use console_app::ObjectName;
use console_app::objects::{self, Upload};
use console_app::resources::{self, Attachment};
use console_db::stored_files;
use futures_util::{StreamExt, stream};

use super::*;

const OBJECT: &str = "out.csv";

fn writes(content: &str) -> Value {
    json!({"do": "write", "object": OBJECT, "content": content})
}

async fn upload(console: &Console, name: &str, content: &'static str) -> Result<(), AppError> {
    let bytes = stream::iter([Ok(bytes::Bytes::from_static(content.as_bytes()))]);
    let how = Upload {
        replace: true,
        sha256: None,
    };
    let name = ObjectName::parse(name).unwrap();
    let done = objects::upload(&console.app, &root(), &name, bytes, how).await;
    done.map(drop)
}

async fn content(console: &Console, name: &str) -> Result<String, AppError> {
    let name = ObjectName::parse(name).unwrap();
    let (_, chunks) = objects::download(&console.app, &root(), &name, None).await?;
    let chunks: Vec<_> = chunks.map(Result::unwrap).collect().await;
    Ok(String::from_utf8(chunks.concat()).unwrap())
}

async fn names(console: &Console) -> Vec<String> {
    let (listed, _) = objects::list(&console.app, &root(), None, 100).await.unwrap();
    listed.into_iter().map(|listed| listed.object.name).collect()
}

/// What the first attempt of a run calls its file.
fn own(id: &str) -> String {
    format!("out-{}.csv", &id[..8])
}

impl Pair {
    /// Runs the host's task once more; gives how that ended when both sides have.
    async fn run_again(&self) -> Instance {
        let id = self.run().await;
        self.ended(&id).await
    }

    async fn ended(&self, id: &InstanceId) -> Instance {
        until("the run ends on both sides", async || {
            let run = instances::get(&self.host.app, &root(), id).await.unwrap();
            let theirs = run.partner.status.is_some_and(InstanceStatus::is_terminal);
            (run.status.is_terminal() && theirs).then_some(run)
        })
        .await
    }
}

async fn shown(console: &Console, name: &str) -> String {
    until("the file is shown", async || content(console, name).await.ok()).await
}

#[actix_web::test]
async fn every_run_has_a_file_of_its_own_and_an_operators_file_stays() {
    let pair = consoles(writes("new"), json!({"do": "end"})).await;
    upload(&pair.host, OBJECT, "precious").await.unwrap();
    let runs = futures_util::future::join_all((0..10).map(|_| pair.run_again())).await;
    for run in &runs {
        assert_eq!(run.status, InstanceStatus::Succeeded, "{:?}", run.error);
        assert_eq!(shown(&pair.host, &own(run.id.as_str())).await, "new");
    }
    assert_eq!(names(&pair.host).await.len(), 11);
    assert_eq!(content(&pair.host, OBJECT).await.unwrap(), "precious");
    pair.stop().await;
}

#[actix_web::test]
async fn a_file_that_cannot_be_erased_keeps_no_output_from_being_shown() {
    let pair = consoles(writes("new"), json!({"do": "end"})).await;
    let db = pair.host.app.db().writer();
    // No object store has a key like this.
    let file = stored_files::NewFile {
        name: "../nowhere",
        sha256: None,
        size: 1,
        owner: None,
        previous_name: None,
    };
    let row = stored_files::insert(db, file).await.unwrap();
    stored_files::note_deletion(db, row.id, &root().id, "00")
        .await
        .unwrap();
    let run = pair.run_again().await;
    assert_eq!(shown(&pair.host, &own(run.id.as_str())).await, "new");
    pair.stop().await;
}

async fn a_failure_leaves_nothing(host_does: &str, peer_does: &str) {
    let gate = format!("the disk fills: {host_does} {peer_does}");
    let side = |does: &str| json!({"do": "write", "object": OBJECT, "content": "rows", "bad": {"behind": gate, "does": does}});
    let pair = consoles(side(host_does), side(peer_does)).await;
    let good = pair.run_again().await;
    assert_eq!(good.status, InstanceStatus::Succeeded);
    let at_peer = good.partner.instance_id.unwrap();
    for (console, id) in [(&pair.host, good.id.as_str()), (&pair.peer, &at_peer)] {
        assert_eq!(shown(console, &own(id)).await, "rows");
    }
    puppet::open(&gate);
    assert_eq!(pair.run_again().await.status, InstanceStatus::Failed);
    for (console, id) in [(&pair.host, good.id.as_str()), (&pair.peer, &at_peer)] {
        until("nothing of the failed run is left", async || {
            let left = console_db::pending_outputs::list(console.app.db().reader(), 0, 10).await;
            left.unwrap().is_empty().then_some(())
        })
        .await;
        let stored = console.app.store().list_user(None, 10).await.unwrap();
        assert_eq!(stored.objects.len(), 1);
        assert_eq!(content(console, &own(id)).await.unwrap(), "rows");
    }
    pair.stop().await;
}

#[actix_web::test]
async fn a_run_that_fails_on_either_side_leaves_nothing_and_touches_nothing_of_an_earlier_one() {
    a_failure_leaves_nothing("fail", "wait").await;
    a_failure_leaves_nothing("wait", "fail").await;
}

#[actix_web::test]
async fn a_file_is_seen_only_when_the_other_side_has_ended_well_too() {
    let waits = json!({"do": "hear", "count": 0, "first": "the other side may end"});
    let pair = consoles(writes("new"), waits).await;
    let id = pair.run().await;
    reaches(&pair.host, InstanceStatus::Succeeded).await;
    let name = own(id.as_str());
    assert_eq!(code(content(&pair.host, &name).await.unwrap_err()), "not_found");
    assert_eq!(names(&pair.host).await, [""; 0]);
    let replaced = upload(&pair.host, &name, "mine").await;
    assert_eq!(code(replaced.unwrap_err()), "object_exists");
    let new = Attachment {
        name: "rows".to_owned(),
        uri: format!("http://any/alifl/{name}"),
        comment: None,
        config: None,
    };
    let draft = tasks::new_version(&pair.host.app, &root(), &pair.host_task)
        .await
        .unwrap();
    let attached = resources::attach(&pair.host.app, &root(), &draft.id, new).await;
    assert_eq!(code(attached.unwrap_err()), "invalid_input");

    puppet::open("the other side may end");
    pair.ended(&id).await;
    assert_eq!(shown(&pair.host, &name).await, "new");
    pair.stop().await;
}
