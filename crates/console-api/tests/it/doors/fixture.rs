//! A console that has one of everything.

use console_app::instances;
use console_model::{InstanceStatus, Role, TaskId};
use reqwest::Method;
use serde_json::json;
use task_interface::{Description, Engine, EngineError, TaskContext, TaskKind};

use super::client::{Client, make_user, read};
use crate::peer::console::{Console, root, until};
use crate::peer::pairing::{pair, paired, project, task, theirs};

/// Ends well at once.
struct Done;

impl Engine for Done {
    fn describe(&self) -> Description {
        Description::new("local", "1", [TaskKind::Sample, TaskKind::Train])
    }

    async fn task_run(&self, _: TaskContext) -> Result<(), EngineError> {
        Ok(())
    }
}

/// A console with one of everything, and the partner that it shares it with.
pub(super) struct Fixture {
    pub(super) host: Console,
    peer: Console,
    pub(super) root: Client,
    ids: Vec<(&'static str, String)>,
    pub(super) task: TaskId,
}

impl Fixture {
    pub(super) async fn new() -> Self {
        let (host, peer) = (
            Console::start_with("host", Done).await,
            Console::start_with("peer", Done).await,
        );
        let root_client = Client::new(&host, "root", Role::Root).await;
        let user = make_user(&host, "somebody", Role::Default).await;
        let (partner, _) = pair(&host, &peer).await;
        let shared = project(&host, &partner, "joint").await;
        let host_task = task(&host, &shared.id, "join", json!({})).await.id;
        task(&peer, &theirs(&shared), "join", json!({})).await;
        let resource = attach(&root_client, &host_task).await;
        let pairing = paired(&host, &host_task).await;
        assert_eq!(pairing.error, None);
        let instance = instances::run(&host.app, &root(), &host_task, None)
            .await
            .unwrap();
        let message = until("the run is told", async || {
            let outbox = root_client.get("/system/outbox").await;
            let known = outbox.body["items"].as_array().unwrap();
            let run = known
                .iter()
                .find(|message| message["kind"] == "create_instance")?;
            (run["state"] == "delivered").then(|| run["id"].as_str().unwrap().to_owned())
        });
        let message = message.await;
        // What the partner tells of the run is in the tables that tests compare.
        until("the partner has told how its half ended", async || {
            let run = instances::get(&host.app, &root(), &instance.id).await.unwrap();
            (run.partner.status == Some(InstanceStatus::Succeeded)).then_some(())
        })
        .await;
        let invitations = root_client.get("/invitations").await;
        let invitation = invitations.body["items"][0]["id"].as_str().unwrap().to_owned();
        let engine = host.app.engines().iter().next().unwrap().description.name.clone();
        let ids = vec![
            ("/users/", user.to_string()),
            ("/invitations/", invitation),
            ("/partners/", partner.to_string()),
            ("/projects/", shared.id.to_string()),
            ("/tasks/", host_task.to_string()),
            ("/pairings/", pairing.id.to_string()),
            ("/resources/", resource),
            ("/instances/", instance.id.to_string()),
            ("/objects/", "data.csv".to_owned()),
            ("/system/outbox/", message),
            ("/engines/", engine),
        ];
        Self {
            host,
            peer,
            root: root_client,
            ids,
            task: host_task,
        }
    }

    /// The path with the id of what is there.
    pub(super) fn path(&self, path: &str) -> String {
        if !path.contains('{') {
            return path.to_owned();
        }
        let id = self.ids.iter().find(|(prefix, _)| path.starts_with(prefix));
        with_id(
            path,
            &id.unwrap_or_else(|| panic!("there is nothing for {path}")).1,
        )
    }

    /// The console and its root, when its partner is gone.
    pub(super) async fn without_peer(self) -> (Console, Client) {
        self.peer.stop().await;
        (self.host, self.root)
    }

    pub(super) async fn stop(self) {
        self.host.stop().await;
        self.peer.stop().await;
    }
}

/// The path with an id.
pub(super) fn with_id(path: &str, id: &str) -> String {
    path.replace("{id}", id).replace("{name}", id)
}

async fn attach(root: &Client, task: &TaskId) -> String {
    let upload = root.request(Method::PUT, "/objects/data.csv").body("id,x\n1,2\n");
    let object = read(upload).await;
    assert_eq!(object.status, 201, "{}", object.body);
    let attachment = json!({"name": "data", "uri": object.text("uri")});
    let made = root.post(&format!("/tasks/{task}/resources"), attachment).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.text("id").to_owned()
}
