//! Removing what attempts that are over have left on a cluster.

use task_interface::{AttemptState, Attempts, EngineError};

use crate::cluster::{Cluster, Trouble};
use crate::render::{MANAGED_BY, owner};
use crate::run::{Remains, remove};
use crate::settings::ClusterConfig;

/// Looks at all that the engine has made on a cluster. What another console made there stays: this one does not know it.
pub(crate) async fn tidy(name: &str, config: &ClusterConfig, attempts: &Attempts) -> Result<(), EngineError> {
    let error = |trouble: Trouble| trouble.into_error(name);
    let cluster = Cluster::open(name, config).await.map_err(error)?;
    let (key, value) = MANAGED_BY;
    for found in cluster.owners(&format!("{key}={value}")).await.map_err(error)? {
        let facts = found.data.unwrap_or_default();
        let attempt = facts.get(owner::ATTEMPT).and_then(|attempt| attempt.parse().ok());
        let (Some(instance), Some(attempt), Some(owner)) =
            (facts.get(owner::INSTANCE), attempt, found.metadata.name)
        else {
            continue;
        };
        if found.metadata.deletion_timestamp.is_some()
            || attempts.state(instance, attempt).await? != AttemptState::Over
        {
            continue;
        }
        tracing::info!(
            instance.id = instance,
            instance.attempt = attempt,
            cluster = name,
            "removes what a run has left"
        );
        let cluster = cluster.clone();
        remove(&Remains { cluster, owner }).await.map_err(error)?;
    }
    Ok(())
}
