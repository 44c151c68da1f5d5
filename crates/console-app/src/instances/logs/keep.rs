use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use console_db::entity::log_chunk;
use console_db::log_chunks;
use console_model::InstanceId;
use console_storage::ObjectKey;

use crate::{App, AppError};

/// So many chunks are deleted at a time.
const BATCH: u64 = 200;

/// Deletes log lines that are older than they are kept. Tells whether there may be more.
pub(crate) async fn sweep(app: &App, now: DateTime<Utc>) -> Result<bool, AppError> {
    let Some(keep) = app.settings().runs.log_keep else {
        return Ok(false);
    };
    let before = now - TimeDelta::from_std(keep).unwrap_or(TimeDelta::days(36_500));
    let old = log_chunks::older(app.db().reader(), before, BATCH).await?;
    let full = old.len() as u64 == BATCH;
    // The last old chunk of each attempt; what is before it goes with it.
    let mut last: HashMap<(InstanceId, i32), log_chunk::Model> = HashMap::new();
    for chunk in old {
        // The bytes first: a process that is killed in between deletes them once more.
        let key = ObjectKey::parse(&chunk.object_key).map_err(AppError::internal)?;
        app.store().delete(&key).await?;
        let attempt = (chunk.instance_id.clone(), chunk.attempt);
        let known = last.entry(attempt).or_insert_with(|| chunk.clone());
        if known.chunk_no < chunk.chunk_no {
            *known = chunk;
        }
    }
    for chunk in last.into_values() {
        let tx = app.db().begin().await?;
        log_chunks::expire(&tx, &chunk, now).await?;
        tx.commit().await?;
    }
    Ok(full)
}
