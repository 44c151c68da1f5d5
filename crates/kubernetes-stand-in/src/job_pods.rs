//! The pods that the controller makes for jobs.

use serde_json::{Value, json};

use crate::kinds;
use crate::status::INDEX;
use crate::store::{Key, State, text};
use crate::write::Manner;

/// What holds a pod until its job has counted it.
pub(crate) const TRACKED: &str = "batch.kubernetes.io/job-tracking";

impl State {
    /// Makes one pod of a job, for an index if it has one. Fails with what the server refused it for.
    pub(crate) fn make_pod(&mut self, key: &Key, job: &Value, index: Option<u64>) -> Result<(), String> {
        let prefix = index.map_or_else(|| format!("{}-", key.2), |index| format!("{}-{index}-", key.2));
        let name = format!("{prefix}{}", self.suffix());
        let template = &job["spec"]["template"];
        let mut metadata = json!({
            "name": name, "generateName": prefix, "namespace": key.1, "labels": template["metadata"]["labels"],
            "ownerReferences": [{
                "apiVersion": "batch/v1", "kind": "Job", "name": key.2, "uid": job["metadata"]["uid"],
                "controller": true, "blockOwnerDeletion": true,
            }],
            "finalizers": [TRACKED],
        });
        if !template["metadata"]["annotations"].is_null() {
            metadata["annotations"] = template["metadata"]["annotations"].clone();
        }
        let mut spec = template["spec"].clone();
        if let Some(index) = index {
            metadata["labels"][INDEX] = index.to_string().into();
            metadata["annotations"][INDEX] = index.to_string().into();
            spec["hostname"] = prefix.trim_end_matches('-').into();
            for container in spec["containers"].as_array_mut().into_iter().flatten() {
                let mut env = container["env"].as_array().cloned().unwrap_or_default();
                let pointer = format!("metadata.labels['{INDEX}']");
                env.push(json!({
                    "name": "JOB_COMPLETION_INDEX", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": pointer}},
                }));
                container["env"] = env.into();
            }
        }
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec});
        let manner = Manner {
            manager: "kube-controller-manager".into(),
            ..Manner::default()
        };
        let made = self
            .create(kinds::named("pods"), &key.1, pod, &manner)
            .map_err(|refusal| refusal.message)?;
        let made = text(&made.object, "/metadata/name").to_owned();
        self.tell(job, false, "SuccessfulCreate", &format!("Created pod: {made}"));
        Ok(())
    }
}
