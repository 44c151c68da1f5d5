//! What keeps a run from being begun, started, stopped or deleted.
//!
//! The same rules refuse an attempt and tell operators beforehand ([`Blockers`]), so that screens offer nothing in vain.

use console_db::entity::{partner, project, task_instance, task_inter, task_intra};
use console_db::tasks;
use console_model::{ErrorCode, ErrorKind, InstanceStatus, LinkStatus, PairingId, PartnerId, PartnerTrust};

use super::change;
use crate::pairings::refuse_pairing_that_differs;
use crate::rights::Action;
use crate::{App, AppError, Blocker, Operator, projects, rights};

/// What keeps an operator from working with a run in each of the ways; none where nothing does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blockers {
    /// From starting it, or starting it again.
    pub start: Option<Blocker>,
    /// From stopping it: there is nothing to stop, or it is being stopped.
    pub stop: Option<Blocker>,
    /// From stopping the partner's half after ours has ended.
    pub stop_partner: Option<Blocker>,
    /// From running its task version once more. The engine is not asked what it thinks of the config.
    pub run_again: Option<Blocker>,
    /// From making a further version of its task.
    pub copy_task: Option<Blocker>,
    /// From deleting it.
    pub delete: Option<Blocker>,
}

impl Blockers {
    pub(super) async fn of(
        app: &App,
        operator: &Operator,
        row: &task_instance::Model,
    ) -> Result<Self, AppError> {
        let status = row.status;
        let may_run = || rights::require(operator, Action::Run);
        let of_task = crate::tasks::blockers(app, operator, &row.task_intra_id).await?;
        let start = refuse_awaiting(status).and_then(|()| refuse_start_in(status));
        let start = match start {
            Ok(()) => refuse_start(app, row).await,
            refused => refused,
        };
        let theirs = match goes_on_there(app, row).await? {
            true => Ok(()),
            false => Err(AppError::conflict(
                ErrorCode::CannotStop,
                "The partner's half has ended, or ends with ours.",
            )),
        };
        Ok(Self {
            start: Blocker::of(start.and_then(|()| may_run()))?,
            stop: Blocker::of(refuse_stop_in(status).and_then(|()| may_run()))?,
            stop_partner: Blocker::of(theirs.and_then(|()| may_run()))?,
            run_again: of_task.run,
            copy_task: of_task.copy,
            delete: Blocker::of(refuse_deletion_in(status).and_then(|()| may_run()))?,
        })
    }
}

/// Refuses to start what an operator here is to say yes to first.
pub(super) fn refuse_awaiting(status: InstanceStatus) -> Result<(), AppError> {
    match status {
        InstanceStatus::AwaitingConsent => Err(AppError::conflict(
            ErrorCode::AwaitingConsent,
            "The partner asks for this run. Look at what would run, and accept or refuse it.",
        )),
        _ => Ok(()),
    }
}

/// Refuses a start in a state that does not allow it.
pub(super) fn refuse_start_in(status: InstanceStatus) -> Result<(), AppError> {
    if status.is_startable() {
        return Ok(());
    }
    let detail = "Only a run that is ready, or was stopped, failed or lost, can be started.";
    Err(AppError::conflict(ErrorCode::CannotStart, detail))
}

/// Refuses a stop in a state in which there is nothing to stop.
pub(super) fn refuse_stop_in(status: InstanceStatus) -> Result<(), AppError> {
    if status.is_stoppable() {
        return Ok(());
    }
    let detail = match status {
        InstanceStatus::Stopping => "The run is being stopped already.",
        _ => "The run has ended already.",
    };
    Err(AppError::conflict(ErrorCode::CannotStop, detail))
}

/// Refuses to delete a run that has not ended.
pub(super) fn refuse_deletion_in(status: InstanceStatus) -> Result<(), AppError> {
    if status.is_deletable() {
        return Ok(());
    }
    let detail = "Only a run that has ended can be deleted. Stop it first.";
    Err(AppError::conflict(ErrorCode::StillRunning, detail))
}

/// The ids on both sides of a pairing that a run needs.
pub(super) fn paired(pairing: Option<&task_inter::Model>) -> Result<(PairingId, PairingId), AppError> {
    let pairing = pairing.filter(|row| row.status == LinkStatus::Ready);
    let ids = pairing.and_then(|row| {
        let theirs = PairingId::parse(row.task_peer_id.as_deref()?).ok()?;
        Some((row.id.clone(), theirs))
    });
    ids.ok_or_else(|| {
        let detail = "This task version is not paired. Pair it first, then run it.";
        AppError::conflict(ErrorCode::NotPaired, detail)
    })
}

/// Why a task version cannot be run, as far as rows tell.
pub(crate) fn refuse_unpaired(
    project: &project::Model,
    partner: Option<&partner::Model>,
    pairing: Option<&task_inter::Model>,
) -> Result<(), AppError> {
    projects::refuse_closed_to(project, partner)?;
    if let Some(partner) = partner {
        crate::partners::refuse_unconfirmed(partner)?;
    }
    paired(pairing).map(drop)
}

/// Why a paired task version cannot be run, as far as its files, the partner's protocol and settings, and the engine tell.
pub(crate) async fn refuse_unfit(
    app: &App,
    project: &project::Model,
    task: &task_intra::Model,
    pairing: Option<&task_inter::Model>,
) -> Result<(), AppError> {
    crate::objects::refuse_deleted_inputs(app, task).await?;
    let partner = projects::partner_of(project)?;
    check_channel(app, crate::tasks::engine_of(app, task), &partner).await?;
    refuse_pairing_that_differs(app, task, pairing)?;
    check_config(app, task).await
}

/// Refuses an engine whose messages the partner's console cannot carry: it would wait for ever.
async fn check_channel(app: &App, engine: &str, partner: &PartnerId) -> Result<(), AppError> {
    let partner = crate::partners::find(app.db().reader(), partner).await?;
    let base = partner.trust == PartnerTrust::Base;
    if base && app.engines().needs_channel(engine) {
        return Err(AppError::conflict(
            ErrorCode::EngineNeedsChannel,
            format!(
                "The engine {engine:?} talks to its other half over the channel between two consoles, which the \
                 partner's console does not have. Choose another engine for the task."
            ),
        ));
    }
    Ok(())
}

/// Asks the engine whether it would take the config, before anything is written or sent.
async fn check_config(app: &App, task: &task_intra::Model) -> Result<(), AppError> {
    let problems = crate::tasks::problems(app, task).await?;
    if problems.is_empty() {
        return Ok(());
    }
    Err(AppError::fields(problems).as_kind(ErrorKind::Unprocessable, ErrorCode::ConfigRefused))
}

/// Refuses a start in a project that is closed, with a partner that nothing may be run with, or of a task whose files were
/// deleted.
pub(crate) async fn refuse_start(app: &App, row: &task_instance::Model) -> Result<(), AppError> {
    let db = app.db().reader();
    if let Some(project) = change::project_of(db, row).await? {
        projects::refuse_closed(db, &project).await?;
    }
    let task = row.task_intra_id.clone();
    if let Some(task) = tasks::find(db, &task).await? {
        refuse_archived_task(app, &task).await?;
        crate::objects::refuse_deleted_inputs(app, &task).await?;
    }
    match change::partner_of(db, row).await? {
        Some(partner) => crate::partners::refuse_unconfirmed(&partner),
        None => Ok(()),
    }
}

pub(super) async fn refuse_archived_task(app: &App, task: &task_intra::Model) -> Result<(), AppError> {
    let root = tasks::find_root(app.db().reader(), &task.project_id, &task.name).await?;
    crate::tasks::refuse_archived(task, root.as_ref())
}

/// Whether our half has ended and that of a partner with the base protocol goes on: it can be asked to stop it.
pub(super) async fn goes_on_there(app: &App, row: &task_instance::Model) -> Result<bool, AppError> {
    let theirs = row.partner_status.map(InstanceStatus::from_number);
    if !row.status.is_terminal() || !matches!(theirs, Some(Ok(InstanceStatus::Running))) {
        return Ok(false);
    }
    let partner = change::partner_of(app.db().reader(), row).await?;
    Ok(partner.is_some_and(|partner| partner.trust == PartnerTrust::Base))
}
