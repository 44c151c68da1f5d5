//! What a partner's shared settings mean for its calls about tasks and runs.

use console_db::entity::task_intra;
use console_peer::base::{BaseError, RspCode};
use console_peer::refusal::{Reason, Refusal, SharedSettings};
use serde_json::Value;

use super::PeerRefusal;
use crate::App;
use crate::pairings::fit::{Half, Misfit, settings_differ};

/// The answer to a partner whose half does not fit ours; with our settings when these are the reason.
pub(super) fn refusal(app: &App, ours: &Half, misfit: Misfit) -> PeerRefusal {
    let Misfit { reason, message } = misfit;
    let settings = (reason == Reason::SettingsDiffer).then(|| ours.shared_settings(app.engines()));
    let refusal = Refusal {
        reason: reason.into(),
        shared_settings: settings.flatten(),
    };
    BaseError::new(RspCode::FailedPrecondition, message)
        .with_refusal(refusal)
        .into()
}

/// Refuses a run of halves whose shared settings differ: since they were paired, an engine may have got another default.
pub(super) fn refuse_differing(
    app: &App,
    task: &task_intra::Model,
    theirs: Option<&SharedSettings>,
) -> Result<(), PeerRefusal> {
    let Some(theirs) = theirs else { return Ok(()) };
    let half = Half::of(app, task)?;
    let differing = half.differing(app.engines(), theirs);
    if differing.is_empty() {
        return Ok(());
    }
    let misfit = Misfit {
        reason: Reason::SettingsDiffer,
        message: settings_differ(&differing),
    };
    Err(refusal(app, &half, misfit))
}

/// The config of a task with the partner's shared settings; as it is where they agree.
pub(super) fn taken_over(
    app: &App,
    task: &task_intra::Model,
    theirs: &SharedSettings,
) -> Result<Option<Value>, PeerRefusal> {
    let half = Half::of(app, task)?;
    if half.differing(app.engines(), theirs).is_empty() {
        return Ok(task.config.clone());
    }
    Ok(Some(half.take(app.engines(), theirs).into()))
}
