//! The controller of jobs: makes their pods, counts them, ends them.

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use crate::delete::{Deletion, is_over};
use crate::job_pods::TRACKED;
use crate::kinds;
use crate::status::{
    age, condition, finished, index_of, index_set, note_status_owner, number, set_condition, set_number,
    written_indexes,
};
use crate::store::{Key, State, change_finalizers, is_leaving, now, owned_by, text};

/// How long the controller waits after a pod was refused.
const RETRY: Duration = Duration::from_millis(500);

/// The pods of a job, by what became of them.
#[derive(Default)]
struct Pods {
    active: Vec<(Key, Value)>,
    terminating: usize,
    /// Ended, and not counted before.
    uncounted: Vec<(Key, Value)>,
    /// Ended by a deletion of somebody else, or by themselves.
    all: Vec<(Key, Value)>,
}

impl State {
    /// One round of the controller over all jobs.
    pub(crate) fn reconcile_jobs(&mut self) {
        let jobs: Vec<_> = self
            .list("jobs", "")
            .map(|(key, job)| (key.clone(), job.clone()))
            .collect();
        for (key, job) in jobs {
            if is_leaving(&job) {
                self.release(&job);
            } else if finished(&job).is_some() {
                self.release(&job);
                self.expire(&key, &job);
            } else {
                self.reconcile_job(&key, job);
            }
        }
        self.release_orphans();
    }

    fn reconcile_job(&mut self, key: &Key, mut job: Value) {
        let pods = self.pods_of(&job);
        let suspended = job["spec"]["suspend"] == true;
        self.note_suspension(&mut job, suspended, &pods);
        if !suspended && job["status"]["startTime"].is_null() {
            job["status"]["startTime"] = now().into();
        }
        let interim = self.count(&mut job, &pods);
        let ended = self.decide(&mut job, &pods);
        if let Some(mut status) = interim {
            // What ended is first named in the status, and then in its numbers.
            if !job["status"]["conditions"].is_null() {
                status["conditions"] = job["status"]["conditions"].clone();
            }
            let mut named = job.clone();
            named["status"] = status;
            self.save_status(key, named);
        }
        if let Some(success) = ended {
            self.end(key, job, &pods, success);
            return;
        }
        if !suspended {
            let succeeded = number(&job, "succeeded");
            self.fill(key, &job, &pods, succeeded);
            let active = self.pods_of(&job).active.len();
            set_number(&mut job, "active", active as u64);
        }
        self.save_status(key, job);
    }

    /// Whether a job has met its aim or failed; says so in its conditions.
    fn decide(&self, job: &mut Value, pods: &Pods) -> Option<bool> {
        let (succeeded, failed) = (number(job, "succeeded"), number(job, "failed"));
        let wanted = job["spec"]["completions"].as_u64();
        let late = self.is_late(job);
        if condition(job, "FailureTarget").is_some() {
            Some(false)
        } else if late {
            let why = "Job was active longer than specified deadline";
            set_condition(job, "FailureTarget", "True", "DeadlineExceeded", why);
            Some(false)
        } else if failed > job["spec"]["backoffLimit"].as_u64().unwrap_or(6) {
            let why = "Job has reached the specified backoff limit";
            set_condition(job, "FailureTarget", "True", "BackoffLimitExceeded", why);
            Some(false)
        } else if wanted.is_some_and(|wanted| succeeded >= wanted)
            || (wanted.is_none() && succeeded > 0 && pods.active.is_empty())
        {
            let why = "Reached expected number of succeeded pods";
            set_condition(job, "SuccessCriteriaMet", "True", "CompletionsReached", why);
            Some(true)
        } else {
            None
        }
    }

    fn note_suspension(&mut self, job: &mut Value, suspended: bool, pods: &Pods) {
        let was = condition(job, "Suspended").map(|found| found["status"] == "True");
        if suspended && was != Some(true) {
            set_condition(job, "Suspended", "True", "JobSuspended", "Job suspended");
            job["status"]
                .as_object_mut()
                .map(|status| status.remove("startTime"));
            self.tell(job, false, "Suspended", "Job suspended");
        }
        if !suspended && was == Some(true) {
            set_condition(job, "Suspended", "False", "JobResumed", "Job resumed");
            self.tell(job, false, "Resumed", "Job resumed");
        }
        if suspended {
            self.stop_pods(pods, job);
        }
    }

    /// Puts the pods that ended into the job's numbers, each once: the finalizer says whether it was. Gives the
    /// status that names them before they are in the numbers, if there are any.
    fn count(&mut self, job: &mut Value, pods: &Pods) -> Option<Value> {
        let before = job["status"].clone();
        let mut named = json!({});
        let (mut succeeded, mut failed) = (number(job, "succeeded"), number(job, "failed"));
        let mut indexes = index_set(text(job, "/status/completedIndexes"));
        for (key, pod) in &pods.uncounted {
            let list = if pod["status"]["phase"] == "Succeeded" {
                "succeeded"
            } else {
                "failed"
            };
            let mut uids = named[list].as_array().cloned().unwrap_or_default();
            uids.push(pod["metadata"]["uid"].clone());
            named[list] = uids.into();
            if list == "succeeded" {
                succeeded += 1;
                indexes.extend(index_of(pod));
            } else if job["spec"]["suspend"] != true {
                failed += 1;
            }
            let mut pod = pod.clone();
            change_finalizers(&mut pod, |all| all.retain(|name| name != TRACKED));
            self.save(key.clone(), pod);
        }
        if job["spec"]["completionMode"] == "Indexed" {
            indexes.sort_unstable();
            indexes.dedup();
            succeeded = indexes.len() as u64;
            job["status"]["completedIndexes"] = written_indexes(&indexes).into();
        }
        let ready = pods
            .active
            .iter()
            .filter(|(_, pod)| pod["status"]["phase"] == "Running")
            .count();
        set_number(job, "active", pods.active.len() as u64);
        let status = &mut job["status"];
        status["ready"] = ready.into();
        status["terminating"] = pods.terminating.into();
        let mut interim = status.clone();
        interim["uncountedTerminatedPods"] = named.clone();
        for name in ["succeeded", "failed", "completedIndexes"] {
            if before[name].is_null() {
                interim.as_object_mut().map(|status| status.remove(name));
            } else {
                interim[name] = before[name].clone();
            }
        }
        status["uncountedTerminatedPods"] = json!({});
        set_number(job, "succeeded", succeeded);
        set_number(job, "failed", failed);
        (named != json!({})).then_some(interim)
    }

    /// Ends a job that met its aim or failed: first says so, then waits for its pods, then says that it is over.
    fn end(&mut self, key: &Key, mut job: Value, pods: &Pods, success: bool) {
        self.stop_pods(pods, &job);
        let (last, reason, message) = {
            let aim = condition(
                &job,
                if success {
                    "SuccessCriteriaMet"
                } else {
                    "FailureTarget"
                },
            );
            let part = |name: &str| aim.map(|found| text(found, name).to_owned()).unwrap_or_default();
            (
                if success { "Complete" } else { "Failed" },
                part("/reason"),
                part("/message"),
            )
        };
        if !pods.active.is_empty() || pods.terminating > 0 {
            self.save_status(key, job);
            return;
        }
        let aim = if success {
            "SuccessCriteriaMet"
        } else {
            "FailureTarget"
        };
        if self
            .objects
            .get(key)
            .is_some_and(|live| condition(live, aim).is_none())
        {
            self.save_status(key, job.clone());
        }
        set_condition(&mut job, last, "True", &reason, &message);
        if success {
            job["status"]["completionTime"] = now().into();
            self.tell(&job, false, "Completed", "Job completed");
        } else {
            self.tell(&job, true, &reason, &message);
        }
        self.save_status(key, job);
    }

    fn stop_pods(&mut self, pods: &Pods, job: &Value) {
        for (key, _) in &pods.active {
            let _ = self.delete(kinds::named("pods"), key, &Deletion::by("Background"));
            self.tell(job, false, "SuccessfulDelete", &format!("Deleted pod: {}", key.2));
        }
    }

    /// Makes the pods that are missing.
    fn fill(&mut self, key: &Key, job: &Value, pods: &Pods, succeeded: u64) {
        let parallel = job["spec"]["parallelism"].as_u64().unwrap_or(1);
        let left = job["spec"]["completions"]
            .as_u64()
            .map_or(parallel, |wanted| wanted.saturating_sub(succeeded));
        let room = parallel
            .min(left)
            .saturating_sub(pods.active.len() as u64 + pods.terminating as u64);
        let uid = text(job, "/metadata/uid").to_owned();
        if room == 0
            || self
                .failed_creates
                .get(&uid)
                .is_some_and(|at| at.elapsed() < RETRY)
        {
            return;
        }
        let mut taken = index_set(text(job, "/status/completedIndexes"));
        taken.extend(pods.active.iter().filter_map(|(_, pod)| index_of(pod)));
        for _ in 0..room {
            let index = (job["spec"]["completionMode"] == "Indexed").then(|| {
                let free = (0..).find(|index| !taken.contains(index)).unwrap_or(0);
                taken.push(free);
                free
            });
            if let Err(why) = self.make_pod(key, job, index) {
                self.failed_creates.insert(uid, Instant::now());
                self.tell(job, true, "FailedCreate", &format!("Error creating: {why}"));
                return;
            }
        }
    }

    fn pods_of(&self, job: &Value) -> Pods {
        let uid = text(job, "/metadata/uid");
        let mut found = Pods::default();
        for (key, pod) in self.list("pods", text(job, "/metadata/namespace")) {
            if !owned_by(pod, uid) {
                continue;
            }
            let own = (key.clone(), pod.clone());
            let tracked = pod["metadata"]["finalizers"]
                .as_array()
                .is_some_and(|all| all.contains(&json!(TRACKED)));
            found.all.push(own.clone());
            if is_over(pod) {
                if tracked {
                    found.uncounted.push(own);
                }
            } else if is_leaving(pod) {
                let never_ran = text(pod, "/spec/nodeName").is_empty();
                if never_ran && tracked {
                    found.uncounted.push(own);
                } else {
                    found.terminating += 1;
                }
            } else {
                found.active.push(own);
            }
        }
        found
    }

    /// Pods of a job that is over or on its way out are not counted any more.
    fn release(&mut self, job: &Value) {
        for (key, mut pod) in self.pods_of(job).all {
            if !pod["metadata"]["finalizers"].is_null() && (is_over(&pod) || is_leaving(job)) {
                change_finalizers(&mut pod, |all| all.retain(|name| name != TRACKED));
                self.save(key, pod);
            }
        }
    }

    /// So do pods whose job is gone.
    fn release_orphans(&mut self) {
        let jobs: Vec<_> = self
            .list("jobs", "")
            .map(|(_, job)| job["metadata"]["uid"].clone())
            .collect();
        let lost = |pod: &Value| {
            !pod["metadata"]["finalizers"].is_null()
                && !jobs
                    .iter()
                    .filter_map(Value::as_str)
                    .any(|uid| owned_by(pod, uid))
        };
        let pods: Vec<_> = self
            .list("pods", "")
            .filter(|(_, pod)| lost(pod))
            .map(|(key, pod)| (key.clone(), pod.clone()))
            .collect();
        for (key, mut pod) in pods {
            change_finalizers(&mut pod, |all| all.retain(|name| name != TRACKED));
            self.save(key, pod);
        }
    }

    fn is_late(&self, job: &Value) -> bool {
        let limit = job["spec"]["activeDeadlineSeconds"].as_u64();
        let started = age(text(job, "/status/startTime"));
        limit
            .zip(started)
            .is_some_and(|(limit, age)| age >= Duration::from_secs(limit))
    }

    /// Removes a job that outlived its time after the end, and its pods.
    fn expire(&mut self, key: &Key, job: &Value) {
        let ended = finished(job).and_then(|end| age(text(end, "/lastTransitionTime")));
        let limit = job["spec"]["ttlSecondsAfterFinished"].as_u64();
        if limit
            .zip(ended)
            .is_some_and(|(limit, age)| age >= Duration::from_secs(limit))
        {
            let _ = self.delete(kinds::named("jobs"), key, &Deletion::by("Foreground"));
        }
    }

    fn save_status(&mut self, key: &Key, mut job: Value) {
        let Some(live) = self.objects.get(key) else { return };
        if live["status"] == job["status"] {
            return;
        }
        let owned: Map<_, _> = job["status"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| (format!("f:{name}"), json!({})))
            .collect();
        note_status_owner(&mut job, "batch/v1", "kube-controller-manager", owned);
        self.save(key.clone(), job);
    }
}
