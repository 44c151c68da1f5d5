//! Taking over the partner's shared settings, and telling when they differ.

use console_db::entity::{task_inter, task_intra};
use console_db::{pairings as rows, tasks as task_rows};
use console_model::{ErrorCode, PairingId};
use serde_json::Value;

use super::fit::{Half, settings_differ};
use super::{Pairing, peer_settings, view};
use crate::{App, AppError, Operator, tasks};

/// Writes the partner's values of all shared settings that differ into the config of our version, which is not paired
/// yet. What has no single fitting value, such as the number of columns, stays.
///
/// # Errors
/// `not_found`; `settings_unknown` when the partner has not told its settings; `task_paired`, `pairing_asked`,
/// `task_archived`, `project_archived`.
pub async fn take_settings(app: &App, operator: &Operator, id: &PairingId) -> Result<Pairing, AppError> {
    let tx = app.db().begin().await?;
    let row = rows::find(&tx, id)
        .await?
        .ok_or_else(|| AppError::not_found("pairing"))?;
    let task = row.task_intra_id.clone();
    let task = tasks::find_to_change(&tx, operator, &task).await?;
    tasks::refuse_paired(&tx, &task).await?;
    let theirs = peer_settings(&row).ok_or_else(|| {
        let detail = "The partner has not told its settings of this task yet.";
        AppError::conflict(ErrorCode::SettingsUnknown, detail)
    })?;
    let config = Half::of(app, &task)?.take(app.engines(), &theirs);
    let task = task_intra::Model {
        config: Some(Value::Object(config)),
        ..task
    };
    let task = task_rows::save(&tx, task).await?;
    tx.commit().await?;
    view(app, row, &task)
}

/// Refuses a run of two halves whose shared settings differ, as far as the partner told its own.
pub(crate) fn refuse_pairing_that_differs(
    app: &App,
    task: &task_intra::Model,
    pairing: Option<&task_inter::Model>,
) -> Result<(), AppError> {
    let Some(theirs) = pairing.and_then(peer_settings) else {
        return Ok(());
    };
    let differing = Half::of(app, task)?.differing(app.engines(), &theirs);
    if differing.is_empty() {
        return Ok(());
    }
    let detail = settings_differ(&differing);
    let detail = format!("The run would fail: {detail}. Make a new version with settings that agree.");
    Err(AppError::conflict(ErrorCode::SettingsDiffer, detail))
}
