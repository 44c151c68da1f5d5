#![doc = include_str!("../README.md")]

mod access;
mod answer;
mod asked;
mod defaults;
mod delete;
mod fields;
mod job_pods;
mod jobs;
mod jobsets;
mod kinds;
mod logs;
mod options;
mod ownership;
mod pods;
mod schema;
mod script;
mod select;
mod server;
mod status;
mod store;
mod strict;
mod valid;
mod watch;
mod write;

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use crate::access::Rule;
pub use crate::options::{Fault, Options, Request};
pub use crate::script::Script;

use crate::delete::Deletion;
use crate::store::{Key, State, key_in, text};
use crate::write::Manner;

/// What the server's tasks share.
pub(crate) struct Inner {
    state: Mutex<State>,
    pub(crate) changed: tokio::sync::watch::Sender<u64>,
}

impl Inner {
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .expect("no task of the stand-in ends while it holds the state")
    }
}

/// A cluster. It ends when it is dropped.
pub struct StandIn {
    inner: Arc<Inner>,
    url: String,
    token: String,
    tasks: Vec<JoinHandle<()>>,
}

impl StandIn {
    /// Starts a cluster on a free port of the loopback address.
    ///
    /// # Panics
    ///
    /// When no port is free.
    pub async fn start(options: Options) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let url = format!(
            "http://{}",
            listener.local_addr().expect("a listener has an address")
        );
        let (changed, _) = tokio::sync::watch::channel(0);
        let mut state = State::new(options, changed.clone());
        let token = format!("stand-in-{}", store::new_uid());
        state.users.add(&token, None);
        let inner = Arc::new(Inner {
            state: Mutex::new(state),
            changed,
        });
        let tasks = vec![
            tokio::spawn(accept(inner.clone(), listener)),
            tokio::spawn(control(inner.clone())),
        ];
        Self {
            inner,
            url,
            token,
            tasks,
        }
    }

    /// The address of the server, such as `http://127.0.0.1:41234`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The token of a user who may do all.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// A token of a new user who may do only what the rules say.
    pub fn token_with(&self, rules: &[Rule]) -> String {
        let token = format!("limited-{}", store::new_uid());
        self.inner.lock().users.add(&token, Some(rules.to_vec()));
        token
    }

    /// A kubeconfig, as YAML (which JSON is), with the one context `stand-in` and the namespace `default`.
    pub fn kubeconfig(&self) -> String {
        self.kubeconfig_of(&self.token)
    }

    /// The same for another token.
    pub fn kubeconfig_of(&self, token: &str) -> String {
        let name = "stand-in";
        json!({
            "apiVersion": "v1", "kind": "Config", "current-context": name,
            "clusters": [{"name": name, "cluster": {"server": self.url}}],
            "users": [{"name": name, "user": {"token": token}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name, "namespace": "default"}}],
        })
        .to_string()
    }

    /// Says what pods do whose names begin so, those that are made from now on.
    pub fn pods(&self, prefix: &str, script: Script) {
        self.inner.lock().scripts.push((prefix.into(), script));
    }

    /// Ends a running pod with an exit code. False when there is no such pod that still runs.
    pub fn finish_pod(&self, name: &str, code: i32) -> bool {
        let mut state = self.inner.lock();
        let found = state.list("pods", "").find(|(key, _)| key.2 == name);
        let uid = found
            .map(|(_, pod)| text(pod, "/metadata/uid").to_owned())
            .unwrap_or_default();
        let Some(run) = state.runs.get_mut(&uid).filter(|run| !run.ended) else {
            return false;
        };
        run.finish = Some(code);
        state.touch();
        true
    }

    /// From now on the nodes have room for what was unschedulable.
    pub fn start_unschedulable(&self) {
        let mut state = self.inner.lock();
        state.room = true;
        state.touch();
    }

    /// From now on a quota refuses all new pods of a namespace.
    pub fn quota(&self, namespace: &str, message: &str) {
        self.inner.lock().quotas.insert(namespace.into(), message.into());
    }

    /// The quota is gone.
    pub fn no_quota(&self, namespace: &str) {
        let mut state = self.inner.lock();
        state.quotas.remove(namespace);
        state.failed_creates.clear();
        state.touch();
    }

    /// From now on an admission webhook refuses new objects of a kind, by its plural, with a message such as
    /// `webhook "policy.example" denied the request: no label`.
    pub fn refuse(&self, plural: &str, message: &str) {
        self.inner.lock().refusals.push((plural.into(), message.into()));
    }

    /// No webhook refuses anything.
    pub fn refuse_nothing(&self) {
        let mut state = self.inner.lock();
        state.refusals.clear();
        state.failed_creates.clear();
        state.touch();
    }

    /// Breaks the server, or mends it with [`Fault::None`]. Watches that are open go on, see [`StandIn::cut_watches`].
    pub fn fault(&self, fault: Fault) {
        self.inner.lock().fault = fault;
    }

    /// Ends the connections of all watches and of all logs that are followed.
    pub fn cut_watches(&self) {
        let mut state = self.inner.lock();
        state.cuts += 1;
        state.touch();
    }

    /// Forgets the history: watches end with an error 410, and cannot go on from where they were.
    pub fn expire_watches(&self) {
        self.inner.lock().forget();
    }

    /// Deletes a namespace and waits until it is gone.
    ///
    /// # Panics
    ///
    /// When there is none, or it stays for ten seconds.
    pub async fn delete_namespace(&self, name: &str) {
        let key = key_in("namespaces", "", name);
        let deleted = self
            .inner
            .lock()
            .delete(kinds::named("namespaces"), &key, &Deletion::by("Background"));
        deleted.unwrap_or_else(|refusal| panic!("{}", refusal.message));
        self.wait_until(|cluster| !cluster.inner.lock().objects.contains_key(&key))
            .await;
    }

    /// Lets a JobSet start that waits in a queue, as Kueue does when there is quota.
    ///
    /// # Panics
    ///
    /// When there is no such JobSet.
    pub fn admit(&self, namespace: &str, name: &str) {
        let mut state = self.inner.lock();
        let key = key_in("jobsets", namespace, name);
        let mut set = state
            .objects
            .get(&key)
            .cloned()
            .unwrap_or_else(|| panic!("no JobSet {name}"));
        set["spec"]["suspend"] = false.into();
        state.save(key, set);
    }

    /// The objects of a kind, by its plural, in a namespace.
    pub fn objects(&self, plural: &str, namespace: &str) -> Vec<Value> {
        self.inner
            .lock()
            .list(plural, namespace)
            .map(|(_, object)| object.clone())
            .collect()
    }

    /// An object by its plural, namespace and name.
    pub fn object(&self, plural: &str, namespace: &str, name: &str) -> Option<Value> {
        self.inner
            .lock()
            .objects
            .get(&key_in(plural, namespace, name))
            .cloned()
    }

    /// Makes an object as an administrator does, in the namespace that it names or in `default`.
    ///
    /// # Panics
    ///
    /// When the server refuses it.
    pub fn put(&self, object: Value) -> Value {
        let kind = kinds::of(&object).unwrap_or_else(|| panic!("no such kind is known: {object}"));
        let named = text(&object, "/metadata/namespace");
        let namespace = match (kind.namespaced, named) {
            (false, _) => "",
            (true, "") => "default",
            (true, named) => named,
        };
        let manner = Manner {
            manager: "administrator".into(),
            validation: "Strict".into(),
            ..Manner::default()
        };
        let mut state = self.inner.lock();
        let status = object["status"].clone();
        let made = state.create(kind, namespace, object.clone(), &manner);
        let mut made = made
            .unwrap_or_else(|refusal| panic!("{}", refusal.message))
            .object;
        let key: Key = store::key_of(kind, &made);
        if !status.is_null() {
            made["status"] = status;
            made = state.save(key.clone(), made);
        }
        state.given.insert(key);
        made
    }

    /// Whether a namespace has nothing in it but what [`StandIn::put`] made, and events.
    pub fn is_empty(&self, namespace: &str) -> bool {
        let state = self.inner.lock();
        !state
            .objects
            .keys()
            .any(|key| key.1 == namespace && key.0 != "events" && !state.given.contains(key))
    }

    /// All requests that were answered, in the order of their answers.
    pub fn requests(&self) -> Vec<Request> {
        self.inner.lock().requests.clone()
    }

    /// What failed its schema, in an object that a client sent, also where the answer only warned of it.
    pub fn refused(&self) -> Vec<String> {
        self.inner.lock().refused.clone()
    }

    /// Waits until something is so.
    ///
    /// # Panics
    ///
    /// When it is not so for ten seconds.
    pub async fn wait_until(&self, is_so: impl Fn(&Self) -> bool) {
        let mut changes = self.inner.changed.subscribe();
        let wait = async {
            while !is_so(self) {
                let _ = tokio::time::timeout(Duration::from_millis(50), changes.changed()).await;
            }
        };
        let done = tokio::time::timeout(Duration::from_secs(10), wait).await;
        assert!(done.is_ok(), "the cluster did not come to it in ten seconds");
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
        // Pods and watches end with what they belong to.
        let mut state = self.inner.lock();
        state.objects.clear();
        state.cuts += 1;
        state.fault = Fault::Unreachable;
        state.touch();
    }
}

async fn accept(inner: Arc<Inner>, listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        if inner.lock().fault == Fault::Unreachable {
            continue;
        }
        let inner = inner.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| server::serve(inner.clone(), request));
            // A connection that ends early is the client's choice or a fault that was asked for.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// The controllers: after each change, and now and then for what only time changes.
async fn control(inner: Arc<Inner>) {
    let mut changes = inner.changed.subscribe();
    loop {
        {
            let mut state = inner.lock();
            state.reconcile_jobsets();
            state.reconcile_jobs();
            state.collect();
            pods::start_new(&inner, &mut state);
        }
        let tick = tokio::time::sleep(Duration::from_millis(100));
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return },
            () = tick => {}
        }
    }
}
