//! Removing all that an attempt has made.

use std::time::Duration;

use k8s_openapi::api::core::v1::ConfigMap;

use super::Remains;
use crate::cluster::Trouble;
use crate::render::owner;

/// How often a removal is tried in the background, and for how long to wait between two tries. What remains then is found by
/// the engine's tidying.
const TRIES: u32 = 8;
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const FLINK_WITHIN: Duration = Duration::from_secs(5);

/// Ends what goes on outside the Jobs, and removes what owns the objects. The owner says all that is needed.
pub(crate) async fn remove(remains: &Remains) -> Result<(), Trouble> {
    let Some(owner) = remains.cluster.get::<ConfigMap>(&remains.owner).await? else {
        return Ok(());
    };
    let facts = owner.data.unwrap_or_default();
    let fact = |key: &str| facts.get(key).map(String::as_str);
    if let (Some(flink), Some(job)) = (fact(owner::FLINK_CLUSTER), fact(owner::FLINK_JOB)) {
        cancel_flink(remains, flink, job).await;
    }
    if let (Some(app), Some(buckets)) = (fact(owner::FLINK_APP), fact(owner::FLINK_BUCKETS)) {
        let buckets: u32 = buckets.parse().unwrap_or_default();
        let names: Vec<_> = (0..buckets).map(|bucket| format!("{app}-{bucket}")).collect();
        remains
            .cluster
            .remove_services(&names, &format!("xfl-app={app}"))
            .await?;
    }
    remains
        .cluster
        .remove_owner(&remains.owner, owner.metadata.uid.as_deref())
        .await
}

/// The same, by and by: a stop does not wait for a cluster.
pub(crate) fn remove_in_background(remains: Remains) {
    tokio::spawn(async move {
        let mut pause = FIRST_PAUSE;
        for _ in 0..TRIES {
            match remove(&remains).await {
                Ok(()) => return,
                Err(trouble) => {
                    tracing::warn!(
                        owner = remains.owner,
                        told = trouble.told(),
                        "objects of a run are not removed yet"
                    );
                }
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    });
}

/// Cancels a job of a Flink session cluster (`PATCH /jobs/:jobid?mode=cancel` of Flink's REST API): it goes on when the pod
/// that submitted it is gone. A job that is over, or a Flink that does not answer, keeps nothing from being removed.
async fn cancel_flink(remains: &Remains, flink: &str, job: &str) {
    let of_cluster = &remains.cluster.config;
    let address = of_cluster
        .flink_rest
        .replace("{cluster}", flink)
        .replace("{namespace}", &of_cluster.namespace);
    if address.is_empty() {
        return;
    }
    let url = format!("{}/jobs/{job}?mode=cancel", address.trim_end_matches('/'));
    let asked = async {
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(FLINK_WITHIN)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        client.patch(&url).send().await
    };
    match asked.await {
        Ok(answer) => tracing::info!(
            flink.job = job,
            status = answer.status().as_u16(),
            "asked Flink to cancel a job"
        ),
        Err(error) => tracing::warn!(flink.job = job, %error, "Flink was not asked to cancel a job"),
    }
}
