//! What runs leave where their engines work, such as on a cluster: each engine is asked to remove what belongs to attempts that
//! are over.

use std::sync::Arc;

use async_trait::async_trait;
use console_db::instances as rows;
use console_model::InstanceId;
use task_interface::host::{HostError, KnownAttempts};
use task_interface::{AttemptState, Attempts};

use crate::reconcile::Pass;
use crate::{App, AppError};

/// One pass over all engines.
///
/// # Errors
/// Never: an engine that cannot do it is named in the log, and asked again at the next pass.
pub async fn tidy(app: App) -> Result<Pass, AppError> {
    let attempts = Attempts::new(Arc::new(Known(app.clone())));
    for registered in app.engines().iter() {
        if let Err(error) = registered.engine.tidy(attempts.clone()).await {
            let engine = &registered.description.name;
            tracing::warn!(engine, %error, "an engine did not remove what runs have left");
        }
    }
    Ok(Pass::Idle)
}

/// What the database says of attempts.
struct Known(App);

#[async_trait]
impl KnownAttempts for Known {
    async fn state(&self, instance: &str, attempt: u32) -> Result<AttemptState, HostError> {
        let Ok(id) = InstanceId::parse(instance) else {
            return Ok(AttemptState::Unknown);
        };
        let row = rows::find(self.0.db().reader(), &id).await;
        let row = row.map_err(|error| HostError::Unavailable(error.to_string()))?;
        let Some(row) = row else {
            return Ok(AttemptState::Unknown);
        };
        let newest = row.attempt.unsigned_abs();
        let is_over = row.status.is_terminal() && self.0.jobs().get(&id).is_none();
        Ok(match attempt {
            older if older < newest => AttemptState::Over,
            same if same == newest && is_over => AttemptState::Over,
            same if same == newest => AttemptState::Live,
            _ => AttemptState::Unknown,
        })
    }
}
