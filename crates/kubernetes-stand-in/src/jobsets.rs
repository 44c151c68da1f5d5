//! The controller of JobSets, and what Kueue does to them.

use serde_json::{Value, json};

use crate::delete::Deletion;
use crate::kinds;
use crate::status::{condition, set_condition};
use crate::store::{Key, State, is_leaving, owned_by, text};
use crate::write::Manner;

const QUEUE: &str = "kueue.x-k8s.io/queue-name";

impl State {
    /// One round of the controller over all JobSets.
    pub(crate) fn reconcile_jobsets(&mut self) {
        let sets: Vec<_> = self
            .list("jobsets", "")
            .map(|(key, set)| (key.clone(), set.clone()))
            .collect();
        for (key, set) in sets {
            let over = ["Completed", "Failed"]
                .iter()
                .any(|name| condition(&set, name).is_some());
            if !is_leaving(&set) && !over {
                self.reconcile_jobset(&key, set);
            }
        }
    }

    fn reconcile_jobset(&mut self, key: &Key, mut set: Value) {
        let queued = self.options.kueue && !set["metadata"]["labels"][QUEUE].is_null();
        if queued && condition(&set, "Suspended").is_none() {
            // Kueue's webhook suspends what is queued at once, whatever it said.
            set["spec"]["suspend"] = true.into();
            set_condition(
                &mut set,
                "Suspended",
                "True",
                "SuspendedJobs",
                "jobset is suspended",
            );
            self.save(key.clone(), set);
            return;
        }
        let suspended = set["spec"]["suspend"] == true;
        let jobs = self.jobs_of(key, &set, suspended);
        for (job_key, job) in &jobs {
            if job["spec"]["suspend"] != suspended {
                let mut job = job.clone();
                job["spec"]["suspend"] = suspended.into();
                self.save(job_key.clone(), job);
            }
        }
        let mut changed = set.clone();
        let (status, reason, message) = if suspended {
            ("True", "SuspendedJobs", "jobset is suspended")
        } else {
            ("False", "ResumeJobs", "jobset is resumed")
        };
        if suspended || condition(&set, "Suspended").is_some() {
            set_condition(&mut changed, "Suspended", status, reason, message);
        }
        let done =
            |job: &Value, name: &str| condition(job, name).is_some_and(|found| found["status"] == "True");
        let deciding: Vec<_> = jobs.iter().filter(|(_, job)| decides(&set, job)).collect();
        let any = set["spec"]["successPolicy"]["operator"] == "Any";
        let succeeded = if any {
            deciding.iter().any(|(_, job)| done(job, "Complete"))
        } else {
            !deciding.is_empty() && deciding.iter().all(|(_, job)| done(job, "Complete"))
        };
        if jobs.iter().any(|(_, job)| done(job, "Failed")) {
            let why = "jobset failed due to one or more job failures";
            set_condition(&mut changed, "Failed", "True", "FailedJobs", why);
            changed["status"]["terminalState"] = "Failed".into();
        } else if succeeded {
            let why = "jobset completed successfully";
            set_condition(&mut changed, "Completed", "True", "AllJobsCompleted", why);
            changed["status"]["terminalState"] = "Completed".into();
        }
        if !changed["status"]["terminalState"].is_null() {
            for (key, _) in jobs
                .iter()
                .filter(|(_, job)| !done(job, "Complete") && !done(job, "Failed"))
            {
                let _ = self.delete(kinds::named("jobs"), key, &Deletion::by("Foreground"));
            }
        }
        if changed["status"] != set["status"] {
            self.save(key.clone(), changed);
        }
    }

    /// The jobs of a JobSet, made when they are not there.
    fn jobs_of(&mut self, key: &Key, set: &Value, suspended: bool) -> Vec<(Key, Value)> {
        for replicated in set["spec"]["replicatedJobs"].as_array().into_iter().flatten() {
            for index in 0..replicated["replicas"].as_u64().unwrap_or(1) {
                let role = text(replicated, "/name");
                let name = format!("{}-{role}-{index}", key.2);
                if self.objects.contains_key(&("jobs", key.1.clone(), name.clone())) {
                    continue;
                }
                let job = job_of(set, replicated, &name, index, suspended);
                let manner = Manner {
                    manager: "jobset-controller".into(),
                    ..Manner::default()
                };
                if let Err(why) = self.create(kinds::named("jobs"), &key.1, job, &manner) {
                    self.tell(set, true, "JobCreationFailed", &why.message);
                    return Vec::new();
                }
            }
        }
        let uid = text(set, "/metadata/uid");
        let own = self
            .list("jobs", &key.1)
            .filter(|(_, job)| owned_by(job, uid) && !is_leaving(job));
        own.map(|(key, job)| (key.clone(), job.clone())).collect()
    }
}

fn job_of(set: &Value, replicated: &Value, name: &str, index: u64, suspended: bool) -> Value {
    let set_name = text(set, "/metadata/name");
    let mut labels = json!({
        "jobset.sigs.k8s.io/jobset-name": set_name, "jobset.sigs.k8s.io/replicatedjob-name": replicated["name"],
        "jobset.sigs.k8s.io/job-index": index.to_string(), "jobset.sigs.k8s.io/restart-attempt": "0",
    });
    let mut spec = replicated["template"]["spec"].clone();
    let pod_labels = spec["template"]["metadata"]["labels"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    for (key, value) in labels.as_object().cloned().unwrap_or_default() {
        spec["template"]["metadata"]["labels"][key] = value;
    }
    for (key, value) in pod_labels {
        spec["template"]["metadata"]["labels"][key] = value;
    }
    for (key, value) in replicated["template"]["metadata"]["labels"]
        .as_object()
        .into_iter()
        .flatten()
    {
        labels[key] = value.clone();
    }
    if spec["template"]["spec"]["subdomain"].is_null() {
        spec["template"]["spec"]["subdomain"] = set_name.into();
    }
    spec["suspend"] = suspended.into();
    if spec["completions"].is_null() {
        spec["completions"] = spec["parallelism"].clone();
    }
    json!({
        "apiVersion": "batch/v1", "kind": "Job", "spec": spec,
        "metadata": {
            "name": name, "labels": labels,
            "ownerReferences": [{
                "apiVersion": "jobset.x-k8s.io/v1alpha2", "kind": "JobSet", "name": set_name,
                "uid": set["metadata"]["uid"], "controller": true, "blockOwnerDeletion": true,
            }],
        },
    })
}

/// Whether a job's success is needed for the JobSet's: all are, or those that the policy names.
fn decides(set: &Value, job: &Value) -> bool {
    let role = &job["metadata"]["labels"]["jobset.sigs.k8s.io/replicatedjob-name"];
    let targets = set["spec"]["successPolicy"]["targetReplicatedJobs"].as_array();
    targets.is_none_or(|targets| targets.is_empty() || targets.contains(role))
}
