//! Watches.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::StreamExt;
use kubernetes_stand_in::StandIn;
use serde_json::{Value, json};

use crate::support::{apply, client, delete, get, start};

/// The events of a watch, as they come.
pub(crate) struct Watch {
    response: std::pin::Pin<Box<dyn futures_util::Stream<Item = reqwest::Result<bytes::Bytes>>>>,
    rest: String,
    events: VecDeque<Value>,
}

impl Watch {
    async fn open(cluster: &StandIn, query: &str) -> Self {
        Self::of(cluster, "/api/v1/namespaces/default/configmaps", query).await
    }

    pub(crate) async fn of(cluster: &StandIn, collection: &str, query: &str) -> Self {
        let url = format!("{}{collection}?watch=1&{query}", cluster.url());
        let response = client()
            .get(url)
            .bearer_auth(cluster.token())
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200);
        Self {
            response: Box::pin(response.bytes_stream()),
            rest: String::new(),
            events: VecDeque::new(),
        }
    }

    /// The next event, none at the end.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        while self.events.is_empty() {
            let bytes = tokio::time::timeout(Duration::from_secs(5), self.response.next())
                .await
                .expect("no event")?;
            self.rest.push_str(std::str::from_utf8(&bytes.ok()?).unwrap());
            while let Some((line, rest)) = self.rest.split_once('\n') {
                self.events.push_back(serde_json::from_str(line).unwrap());
                self.rest = rest.to_owned();
            }
        }
        self.events.pop_front()
    }

    async fn kind_and_name(&mut self) -> (String, String) {
        let event = self.next().await.expect("the watch has ended");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&event["type"]), text(&event["object"]["metadata"]["name"]))
    }
}

fn map(name: &str, team: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "labels": {"team": team}}})
}

async fn version(cluster: &StandIn) -> String {
    let list = get(cluster, "/api/v1/namespaces/default/configmaps").await;
    list.body["metadata"]["resourceVersion"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_watch_tells_what_happens_after_a_version() {
    let cluster = start().await;
    apply(&cluster, &map("old", "a")).await;
    let mut watch = Watch::open(&cluster, &format!("resourceVersion={}", version(&cluster).await)).await;
    apply(&cluster, &map("new", "a")).await;
    apply(&cluster, &map("new", "b")).await;
    delete(
        &cluster,
        "/api/v1/namespaces/default/configmaps/new",
        "Background",
    )
    .await;
    for kind in ["ADDED", "MODIFIED", "DELETED"] {
        assert_eq!(watch.kind_and_name().await, (kind.into(), "new".into()));
    }
}

#[tokio::test]
async fn a_selector_lets_objects_come_and_go() {
    let cluster = start().await;
    apply(&cluster, &map("x", "a")).await;
    let mut watch = Watch::open(&cluster, "labelSelector=team%3Da").await;
    assert_eq!(watch.kind_and_name().await, ("ADDED".into(), "x".into()));
    apply(&cluster, &map("y", "b")).await;
    apply(&cluster, &map("x", "b")).await;
    assert_eq!(watch.kind_and_name().await, ("DELETED".into(), "x".into()));
    apply(&cluster, &map("y", "a")).await;
    assert_eq!(watch.kind_and_name().await, ("ADDED".into(), "y".into()));
}

#[tokio::test]
async fn bookmarks_and_the_end_by_time() {
    let cluster = start().await;
    let mut watch = Watch::open(&cluster, "allowWatchBookmarks=true&timeoutSeconds=1").await;
    let event = watch.next().await.unwrap();
    assert_eq!(event["type"], "BOOKMARK");
    assert_eq!(
        event["object"]["metadata"]["resourceVersion"],
        version(&cluster).await
    );
    assert!(watch.next().await.is_none());
    let mut streamed = Watch::open(&cluster, "sendInitialEvents=true&allowWatchBookmarks=true").await;
    let end = streamed.next().await.unwrap();
    assert_eq!(
        end["object"]["metadata"]["annotations"]["k8s.io/initial-events-end"],
        "true"
    );
}

#[tokio::test]
async fn an_expired_watch_says_so_and_old_versions_are_too_old() {
    let cluster = start().await;
    let before = version(&cluster).await;
    let mut watch = Watch::open(&cluster, &format!("resourceVersion={before}")).await;
    cluster.expire_watches();
    let event = watch.next().await.unwrap();
    assert_eq!(
        (&event["type"], &event["object"]["code"]),
        (&json!("ERROR"), &json!(410))
    );
    assert!(watch.next().await.is_none());
    let mut late = Watch::open(&cluster, &format!("resourceVersion={before}")).await;
    assert_eq!(late.next().await.unwrap()["object"]["reason"], "Expired");
}

#[tokio::test]
async fn a_cut_watch_ends_without_a_word() {
    let cluster = start().await;
    let mut watch = Watch::open(&cluster, &format!("resourceVersion={}", version(&cluster).await)).await;
    cluster.cut_watches();
    assert!(watch.next().await.is_none());
}
