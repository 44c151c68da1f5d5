//! Configs of the original's tasks become configs of the engine that runs the same images.

use console_db::{ConnectionTrait, DbErr};
use serde_json::{Map, Value};

use crate::Choices;
use crate::sql::{self, Tables};

/// The path of a kubeconfig file in the original's configs; here an administrator names clusters.
const KUBECONFIG: &str = "k8s_config";
/// The name of a cluster in ours.
const CLUSTER: &str = "cluster";

/// What becomes of a task.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mapped {
    /// It runs on a cluster.
    Cluster {
        id: String,
        config: Map<String, Value>,
        /// The path of a kubeconfig file that no cluster was named for; it stays in the config, which the engine refuses.
        unmapped: Option<String>,
    },
    /// Its config is none of the original's engines: the default engine has it, with its config as it was.
    Other { id: String },
}

/// What becomes of each task.
pub(crate) async fn tasks(
    db: &impl ConnectionTrait,
    tables: Tables,
    choices: &Choices,
) -> Result<Vec<Mapped>, DbErr> {
    let query = format!(
        "SELECT t.id, CAST(t.config AS CHAR) FROM {} t WHERE {} ORDER BY t.id",
        tables.name("task_intra"),
        sql::is_usable("task_intra", "t")
    );
    let found = sql::rows(db, &query, Vec::new()).await?;
    found
        .iter()
        .map(|row| {
            let config: Option<String> = row.try_get_by_index(1)?;
            Ok(map(row.try_get_by_index(0)?, config.as_deref(), choices))
        })
        .collect()
}

fn map(id: String, stored: Option<&str>, choices: &Choices) -> Mapped {
    let Some(mut config) = stored.and_then(object) else {
        return Mapped::Other { id };
    };
    // All three kinds of job name their image, and nothing else does.
    let image = config
        .get("docker_image")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if image.is_empty() {
        return Mapped::Other { id };
    }
    let path = match config.get(KUBECONFIG) {
        None | Some(Value::Null) => None,
        Some(Value::String(path)) => Some(path.clone()).filter(|path| !path.is_empty()),
        Some(other) => Some(other.to_string()),
    };
    let cluster = path.as_ref().and_then(|path| choices.clusters.get(path));
    let unmapped = path.clone().filter(|_| cluster.is_none());
    if unmapped.is_none() {
        config.remove(KUBECONFIG);
    }
    if let Some(cluster) = cluster {
        config.insert(CLUSTER.to_owned(), Value::String(cluster.clone()));
    }
    Mapped::Cluster { id, config, unmapped }
}

/// The object that a stored value means: itself, or the text of a JSON string.
fn object(stored: &str) -> Option<Map<String, Value>> {
    match serde_json::from_str(stored).ok()? {
        Value::Object(config) => Some(config),
        Value::String(text) => serde_json::from_str(&text).ok(),
        _ => None,
    }
}

/// Writes what became of the tasks into their copies.
pub(crate) async fn write(
    db: &impl ConnectionTrait,
    mapped: &[Mapped],
    choices: &Choices,
) -> Result<(), DbErr> {
    for task in mapped {
        if let Mapped::Cluster { id, config, .. } = task {
            let config = Value::Object(config.clone()).to_string();
            let values = vec![
                choices.cluster_engine.as_str().into(),
                config.into(),
                id.as_str().into(),
            ];
            sql::run(
                db,
                "UPDATE task_intra SET engine = ?, config = ? WHERE id = ?",
                values,
            )
            .await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;
    use crate::Unsigned;

    fn mapped(config: Option<&Value>) -> Mapped {
        let choices = Choices {
            zone: "UTC".parse().unwrap(),
            assigned: BTreeMap::new(),
            partner_names: BTreeMap::new(),
            unsigned: Unsigned::Accept,
            clusters: BTreeMap::from([("/root/.kube/a".to_owned(), "a".to_owned())]),
            cluster_engine: "kubernetes".to_owned(),
            default_engine: "local".to_owned(),
            bucket: "alifl".to_owned(),
        };
        map("t".to_owned(), config.map(Value::to_string).as_deref(), &choices)
    }

    fn cluster(config: &Value, unmapped: Option<&str>) -> Mapped {
        Mapped::Cluster {
            id: "t".to_owned(),
            config: config.as_object().unwrap().clone(),
            unmapped: unmapped.map(str::to_owned),
        }
    }

    #[test]
    fn a_config_of_the_originals_engine_names_a_cluster_instead_of_a_file() {
        let plain = json!({"docker_image": "i:1", "bucket_num": "8"});
        assert_eq!(mapped(Some(&plain)), cluster(&plain, None));
        assert_eq!(
            mapped(Some(&json!(plain.to_string()))),
            cluster(&plain, None),
            "JSON in a JSON string"
        );
        let known = json!({"docker_image": "i:1", "k8s_config": "/root/.kube/a"});
        assert_eq!(
            mapped(Some(&known)),
            cluster(&json!({"docker_image": "i:1", "cluster": "a"}), None)
        );
        let unknown = json!({"docker_image": "i:1", "k8s_config": "/b"});
        assert_eq!(mapped(Some(&unknown)), cluster(&unknown, Some("/b")));
        let empty = json!({"docker_image": "i:1", "k8s_config": ""});
        assert_eq!(
            mapped(Some(&empty)),
            cluster(&json!({"docker_image": "i:1"}), None)
        );
    }

    #[test]
    fn every_other_config_stays() {
        for other in [
            json!({}),
            json!({"docker_image": 1}),
            json!("no json"),
            json!([1]),
            Value::Null,
        ] {
            assert_eq!(
                mapped(Some(&other)),
                Mapped::Other { id: "t".to_owned() },
                "{other}"
            );
        }
        assert_eq!(mapped(None), Mapped::Other { id: "t".to_owned() });
    }
}
