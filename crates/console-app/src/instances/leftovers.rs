//! What runs leave in the object store: private files and channel messages of attempts that are over. A job removes them at
//! its end; what a kill at that moment left, or a message that came at that moment, is removed here.

use console_db::instances as rows;
use console_model::InstanceId;
use console_storage::KeyPrefix;

use crate::reconcile::Pass;
use crate::{App, AppError};

/// One pass over all that is there.
///
/// # Errors
/// When the object store or the database does not answer.
pub async fn tidy(app: App) -> Result<Pass, AppError> {
    for all in [KeyPrefix::all_channels(), KeyPrefix::all_scratches()] {
        let mut behind = None;
        while let Some(object) = app.store().list(&all, behind.as_ref(), 1).await?.objects.pop() {
            let Some((prefix, instance, attempt)) = KeyPrefix::of_attempt(&object.key) else {
                behind = Some(object.key);
                continue;
            };
            if is_over(&app, &instance, attempt).await? {
                tracing::info!(instance.id = %instance, instance.attempt = attempt, "removed what an attempt had left");
                app.store().delete_prefix(&prefix).await?;
            }
            behind = Some(prefix.behind());
        }
    }
    Ok(Pass::Idle)
}

async fn is_over(app: &App, instance: &InstanceId, attempt: i32) -> Result<bool, AppError> {
    let Some(row) = rows::find(app.db().reader(), instance).await? else {
        return Ok(true);
    };
    Ok(attempt < row.attempt || (row.status.is_terminal() && app.jobs().get(instance).is_none()))
}
