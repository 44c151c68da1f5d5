//! What is seen of an attempt's objects, and what follows from it.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::{ContainerStatus, Event, Pod};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::runtime::watcher;

use crate::plan::Plan;
use crate::reasons::{Failed, Hold};

/// The objects of a kind, kept up to date by a watch.
#[derive(Debug)]
struct Known<K> {
    by_name: BTreeMap<String, K>,
    /// The names that a new list has had so far.
    listed: BTreeSet<String>,
    /// Whether a whole list has been seen.
    complete: bool,
}

impl<K> Default for Known<K> {
    fn default() -> Self {
        Self {
            by_name: BTreeMap::new(),
            listed: BTreeSet::new(),
            complete: false,
        }
    }
}

impl<K> Known<K> {
    fn take(&mut self, event: watcher::Event<K>, metadata: impl Fn(&K) -> &ObjectMeta, keep_deleted: bool) {
        let name_of = |object: &K| metadata(object).name.clone().unwrap_or_default();
        match event {
            watcher::Event::Init => self.listed.clear(),
            watcher::Event::InitApply(object) => {
                self.listed.insert(name_of(&object));
                self.by_name.insert(name_of(&object), object);
            }
            watcher::Event::Apply(object) => {
                self.by_name.insert(name_of(&object), object);
            }
            watcher::Event::InitDone => {
                if !keep_deleted {
                    let listed = std::mem::take(&mut self.listed);
                    self.by_name.retain(|name, _| listed.contains(name));
                }
                self.complete = true;
            }
            watcher::Event::Delete(object) => {
                if keep_deleted {
                    // Its last state says why it ended.
                    self.by_name.insert(name_of(&object), object);
                } else {
                    self.by_name.remove(&name_of(&object));
                }
            }
        }
    }
}

/// Something that was seen.
pub(crate) enum Seen {
    Job(Box<watcher::Event<Job>>),
    Pod(Box<watcher::Event<Pod>>),
    Event(Box<watcher::Event<Event>>),
}

/// All that is known.
#[derive(Debug, Default)]
pub(crate) struct View {
    /// The names of the attempt's Jobs, with which those of their pods begin.
    names: Vec<String>,
    jobs: Known<Job>,
    pods: Known<Pod>,
    /// The newest warning of an object, by its kind and name: reason and message.
    warnings: BTreeMap<(String, String), (String, String)>,
    /// Jobs that have been complete: the cluster removes them after a while.
    completed: BTreeSet<String>,
}

/// How an attempt stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It waits for something.
    Waits(Hold),
    /// So many of so many pods run.
    Runs(u32, u32),
    Succeeded,
    Failed(Failed),
    /// A Job is not there, though nobody here removed it.
    Gone(String),
}

impl View {
    /// Nothing is known yet of what a plan makes.
    pub(crate) fn of(plan: &Plan) -> Self {
        Self {
            names: plan.members.iter().map(|member| member.name.clone()).collect(),
            ..Self::default()
        }
    }

    pub(crate) fn take(&mut self, seen: Seen) {
        match seen {
            Seen::Job(event) => {
                self.jobs.take(*event, |job| &job.metadata, false);
                let complete = self
                    .jobs
                    .by_name
                    .iter()
                    .filter(|(_, job)| condition(job, "Complete").is_some());
                self.completed.extend(complete.map(|(name, _)| name.clone()));
            }
            Seen::Pod(event) => self.pods.take(*event, |pod| &pod.metadata, true),
            Seen::Event(event) => self.take_warning(*event),
        }
    }

    fn take_warning(&mut self, event: watcher::Event<Event>) {
        let (watcher::Event::Apply(event) | watcher::Event::InitApply(event)) = event else {
            return;
        };
        let about = event.involved_object;
        let (Some(kind), Some(name)) = (about.kind, about.name) else {
            return;
        };
        // The namespace may be full of others' events.
        if !self.names.iter().any(|own| name.starts_with(own.as_str())) {
            return;
        }
        let told = (
            event.reason.unwrap_or_default(),
            event.message.unwrap_or_default(),
        );
        self.warnings.insert((kind, name), told);
    }

    /// The pods of a Job.
    fn pods_of<'a>(&'a self, job: &'a str) -> impl Iterator<Item = (&'a String, &'a Pod)> {
        self.pods
            .by_name
            .iter()
            .filter(move |(_, pod)| label(pod, "job-name") == Some(job))
    }

    /// Takes pods in that were asked for, not watched.
    pub(crate) fn take_pods(&mut self, pods: Vec<Pod>) {
        for pod in pods {
            self.pods
                .take(watcher::Event::Apply(pod), |pod| &pod.metadata, true);
        }
    }

    /// All pods, with the role that their labels say.
    pub(crate) fn pods(&self) -> impl Iterator<Item = (&String, &Pod)> {
        self.pods.by_name.iter()
    }

    /// How it stands, or nothing as long as too little has been seen.
    pub(crate) fn verdict(&self, plan: &Plan) -> Option<Verdict> {
        if !self.jobs.complete || !self.pods.complete {
            return None;
        }
        let mut holds = Vec::new();
        let mut gone = None;
        let (mut running, mut of) = (0, 0);
        for member in &plan.members {
            let Some(job) = self.jobs.by_name.get(&member.name) else {
                if !self.completed.contains(&member.name) {
                    gone = Some(member.name.clone());
                }
                continue;
            };
            if let Some(failed) = self.failed(job, &member.name, &member.role) {
                return Some(Verdict::Failed(failed));
            }
            of += member.pods.count();
            running += self.running(&member.name);
            holds.extend(self.hold(job, &member.name));
        }
        let mut counting = plan.members.iter().filter(|member| member.counts);
        if counting.all(|member| self.completed.contains(&member.name)) {
            return Some(Verdict::Succeeded);
        }
        if let Some(gone) = gone {
            return Some(Verdict::Gone(gone));
        }
        holds.sort_by_key(|hold| !hold.kind.is_final());
        Some(match holds.into_iter().next() {
            Some(hold) => Verdict::Waits(hold),
            None => Verdict::Runs(running, of),
        })
    }

    /// Why a Job has failed, if it has.
    fn failed(&self, job: &Job, name: &str, role: &str) -> Option<Failed> {
        let why = condition(job, "Failed")?;
        let pods: Vec<_> = self.pods_of(name).collect();
        Some(Failed::of(role, &why, &pods))
    }

    fn running(&self, job: &str) -> u32 {
        let phase = |pod: &Pod| pod.status.as_ref().and_then(|status| status.phase.clone());
        let of_job = self.pods_of(job).filter(|(_, pod)| {
            pod.metadata.deletion_timestamp.is_none() && phase(pod).as_deref() == Some("Running")
        });
        u32::try_from(of_job.count()).unwrap_or(u32::MAX)
    }

    /// What a Job waits for.
    fn hold(&self, job: &Job, name: &str) -> Option<Hold> {
        if condition(job, "Complete").is_some() {
            return None;
        }
        if job.spec.as_ref().and_then(|spec| spec.suspend) == Some(true) {
            return Some(Hold::queued(name));
        }
        let mut pods = self
            .pods_of(name)
            .filter(|(_, pod)| pod.metadata.deletion_timestamp.is_none())
            .peekable();
        if pods.peek().is_none() {
            let key = ("Job".to_owned(), name.to_owned());
            let warned = self
                .warnings
                .get(&key)
                .filter(|(reason, _)| reason == "FailedCreate");
            return Some(match warned {
                Some((_, message)) => Hold::pods_refused(name, message),
                None => Hold::no_pod_yet(name),
            });
        }
        let hold = pods.find_map(|(name, pod)| Hold::of_pod(name, pod))?;
        // A pod that starts may have told why it does not get on, such as a volume that cannot be mounted.
        let warned = self.warnings.get(&("Pod".to_owned(), hold.object.clone()));
        Some(match warned {
            Some((reason, message)) if hold.detail.is_empty() => {
                hold.because(&format!("{reason}: {message}"))
            }
            _ => hold,
        })
    }
}

/// A condition of a Job that is true: its reason and message.
fn condition(job: &Job, kind: &str) -> Option<(String, String)> {
    let mut conditions = job.status.as_ref()?.conditions.iter().flatten();
    let found = conditions.find(|condition| condition.type_ == kind && condition.status == "True")?;
    Some((
        found.reason.clone().unwrap_or_default(),
        found.message.clone().unwrap_or_default(),
    ))
}

/// A label of a pod.
pub(crate) fn label<'a>(pod: &'a Pod, key: &str) -> Option<&'a str> {
    pod.metadata.labels.as_ref()?.get(key).map(String::as_str)
}

/// The containers of a pod, those beside the main ones first.
pub(crate) fn containers(pod: &Pod) -> impl Iterator<Item = &ContainerStatus> {
    let status = pod.status.as_ref();
    let beside = status.and_then(|status| status.init_container_statuses.as_ref());
    let main = status.and_then(|status| status.container_statuses.as_ref());
    beside.into_iter().chain(main).flatten()
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::ObjectReference;
    use serde_json::{from_value, json};

    use super::*;
    use crate::plan::Member;

    fn plan() -> Plan {
        let member = Member {
            name: "join-server".to_owned(),
            counts: true,
            ..Member::default()
        };
        Plan {
            members: vec![member],
            ..Plan::default()
        }
    }

    fn listed<K>(object: K) -> [watcher::Event<K>; 3] {
        use watcher::Event::{Init, InitApply, InitDone};
        [Init, InitApply(object), InitDone]
    }

    fn warning(name: &str) -> Seen {
        let event = Event {
            involved_object: ObjectReference {
                kind: Some("Pod".to_owned()),
                name: Some(name.to_owned()),
                ..ObjectReference::default()
            },
            reason: Some("FailedMount".to_owned()),
            message: Some("no such claim".to_owned()),
            ..Event::default()
        };
        Seen::Event(Box::new(watcher::Event::Apply(event)))
    }

    #[test]
    fn a_pod_that_cannot_start_tells_why() {
        let mut view = View::of(&plan());
        let job: Job = from_value(json!({"metadata": {"name": "join-server"}})).unwrap();
        let pod: Pod = from_value(json!({
            "metadata": {"name": "join-server-x", "labels": {"job-name": "join-server"}},
            "status": {"phase": "Pending"},
        }))
        .unwrap();
        for event in listed(job) {
            view.take(Seen::Job(Box::new(event)));
        }
        assert_eq!(view.verdict(&plan()), None, "the pods have not been seen");
        for event in listed(pod) {
            view.take(Seen::Pod(Box::new(event)));
        }
        view.take(warning("somebody-else-x"));
        assert!(view.warnings.is_empty());
        view.take(warning("join-server-x"));
        let Some(Verdict::Waits(hold)) = view.verdict(&plan()) else {
            panic!("it waits")
        };
        assert_eq!(hold.detail, "FailedMount: no such claim");
    }
}
