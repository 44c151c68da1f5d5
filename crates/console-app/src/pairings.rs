//! Pairings: the link between our task version and the partner's.
//!
//! Sole writer of `task_inter.status`, together with `delivery::task` (the partner's answer) and
//! [`crate::federation::tasks`] (what the partner asks for).

pub(crate) mod fit;
mod settings;
pub(crate) mod shared;

use chrono::{DateTime, Utc};
use console_db::entity::{partner, project, task_inter, task_intra};
use console_db::{Tx, naive, pairings as rows, tasks as task_rows, utc};
use console_model::{ErrorCode, LinkStatus, PairingId, TaskId, TaskVersion};
use console_peer::client::{CallOptions, PeerError};
use console_peer::refusal::SharedSettings;
use serde_json::Value;

use crate::outbox::task::PairTask;
use crate::outbox::{self, Message};
use crate::projects::meant;
use crate::rights::{self, Action};
use crate::{App, AppError, Operator, partners, projects, tasks};
use fit::Half;
pub(crate) use settings::refuse_pairing_that_differs;
pub use settings::take_settings;
pub use shared::ComparedSetting;

/// The code of a pairing whose answer was lost.
const ANSWER_LOST: &str = "answer_lost";
/// The code of a pairing that the partner refused without a reason that we know.
pub(crate) const REFUSED: &str = "refused";

/// A pairing as operators see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairing {
    /// Our id of it.
    pub id: PairingId,
    /// Our task version.
    pub task_id: TaskId,
    /// The partner's id of it.
    pub peer_id: Option<String>,
    /// How far both sides know it.
    pub status: LinkStatus,
    /// Why it could not be paired. It can be asked for again.
    pub error: Option<String>,
    /// The same as a word for programs.
    pub error_code: Option<String>,
    /// The settings that both sides must agree on, side by side, those that differ first; none where the partner did not
    /// tell its own.
    pub shared_settings: Option<Vec<ComparedSetting>>,
    /// Whether we asked.
    pub initiated_here: bool,
    /// What the partner says of its half in public.
    pub peer_meta: Option<Value>,
    /// When it said so.
    pub peer_meta_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
    /// Counts the changes.
    pub generation: i64,
}

/// Asks the partner to pair a task version. The pairing is *draft* until the partner has answered. One that was refused
/// can be asked for again.
///
/// # Errors
/// `not_found`; `project_not_ready`, `project_archived`, `partner_not_active`, `token_missing`, `root_not_paired`, `task_paired`,
/// `pairing_asked`.
pub async fn ask(app: &App, operator: &Operator, id: &TaskId) -> Result<Pairing, AppError> {
    let tx = app.db().begin().await?;
    let task = tasks::find_to_change(&tx, operator, id).await?;
    let project = projects::find(&tx, &task.project_id).await?;
    let root = root_of(&tx, &task).await?;
    let of_root = rows::find_of_task(&tx, &root.id).await?;
    let own = rows::find_of_task(&tx, id).await?;
    let partner = projects::partner_row(&tx, &project).await?;
    let around = Around {
        project: &project,
        partner: partner.as_ref(),
        root: &root,
        of_root: of_root.as_ref(),
        own: own.as_ref(),
    };
    refuse_unready(&task, &around)?;
    let row = match own {
        None => {
            let row = draft(&task);
            rows::insert(&tx, row.clone()).await?;
            row
        }
        Some(mut row) => {
            row.error = None;
            row.error_code = None;
            row.initiated_here = true;
            rows::save(&tx, row).await?
        }
    };
    queue(app, &tx, &row, &task, &root, Some(&operator.request_id)).await?;
    tx.commit().await?;
    app.wake().outbox.notify_one();
    view(app, row, &task)
}

/// What decides whether the partner can be asked to pair a task version.
pub(crate) struct Around<'a> {
    /// Its project.
    pub(crate) project: &'a project::Model,
    /// The partner of that.
    pub(crate) partner: Option<&'a partner::Model>,
    /// The first version of its task.
    pub(crate) root: &'a task_intra::Model,
    /// The pairing of that.
    pub(crate) of_root: Option<&'a task_inter::Model>,
    /// Its own pairing.
    pub(crate) own: Option<&'a task_inter::Model>,
}

/// Why the partner cannot be asked to pair a task version.
pub(crate) fn refuse_unready(task: &task_intra::Model, around: &Around<'_>) -> Result<(), AppError> {
    let Around {
        project,
        partner,
        root,
        of_root,
        own,
    } = around;
    let refused = |code, detail: &str| Err(AppError::conflict(code, detail));
    if let Some(own) = own {
        if own.status != LinkStatus::Draft {
            return refused(ErrorCode::TaskPaired, "The task version is paired already.");
        }
        if own.error.is_none() {
            let detail = "The partner was asked already; the message waits in the outbox until it answers.";
            return refused(ErrorCode::PairingAsked, detail);
        }
    }
    projects::refuse_closed_to(project, *partner)?;
    if let Some(partner) = partner {
        crate::partners::refuse_unconfirmed(partner)?;
    }
    if project.peer_id.is_none() {
        let detail = "The partner does not know the project yet. Wait until it has answered.";
        return refused(ErrorCode::ProjectNotReady, detail);
    }
    if root.token.is_none() {
        let detail = "The task has no token. Agree on a word with the partner's operators and set it on the first \
                      version.";
        return refused(ErrorCode::TokenMissing, detail);
    }
    let root_is_paired = of_root.is_some_and(|row| row.status == LinkStatus::Ready);
    if !task.task_root && !root_is_paired {
        return refused(
            ErrorCode::RootNotPaired,
            "Pair the first version of the task first.",
        );
    }
    Ok(())
}

async fn root_of(tx: &Tx, task: &task_intra::Model) -> Result<task_intra::Model, AppError> {
    if task.task_root {
        return Ok(task.clone());
    }
    let root = task_rows::find_root(tx, &task.project_id, &task.name).await?;
    root.ok_or_else(|| AppError::conflict(ErrorCode::RootMissing, "The first version of the task is gone."))
}

fn draft(task: &task_intra::Model) -> task_inter::Model {
    let now = naive(Utc::now());
    task_inter::Model {
        id: PairingId::generate(),
        gmt_create: now,
        gmt_modified: now,
        task_intra_id: task.id.clone(),
        task_peer_id: None,
        status: LinkStatus::Draft,
        comment: None,
        generation: 1,
        peer_meta: None,
        peer_meta_at: None,
        error: None,
        error_code: None,
        peer_settings: None,
        initiated_here: true,
    }
}

/// A pairing that the partner asked for and that could not be made.
pub(crate) fn asked_by_partner(task: &task_intra::Model) -> task_inter::Model {
    task_inter::Model {
        initiated_here: false,
        ..draft(task)
    }
}

/// A pairing that both sides know, made by the partner's call.
pub(crate) fn linked(task: &task_intra::Model, peer: &PairingId) -> task_inter::Model {
    task_inter::Model {
        task_peer_id: Some(peer.to_string()),
        status: LinkStatus::Ready,
        initiated_here: false,
        ..draft(task)
    }
}

async fn queue(
    app: &App,
    tx: &Tx,
    row: &task_inter::Model,
    task: &task_intra::Model,
    root: &task_intra::Model,
    request_id: Option<&str>,
) -> Result<(), AppError> {
    let project = projects::find(tx, &task.project_id).await?;
    let message = Message::PairTask(PairTask {
        pairing_id: row.id.clone(),
        task_id: task.id.clone(),
        project_id: project.id.clone(),
        token: root.token.clone().unwrap_or_default(),
        version: task.version.clone(),
        version_number: u32::try_from(task.version_number).ok(),
        root: task.task_root,
        task_type: task.r#type,
        meta: task.meta.clone().map(meant),
        shared_settings: Half::of(app, task)?
            .shared_settings(app.engines())
            .map(|settings| settings.to_value()),
    });
    outbox::enqueue(
        tx,
        &projects::partner_of(&project)?,
        root.id.as_str(),
        &message,
        request_id,
    )
    .await?;
    Ok(())
}

/// Puts a new version in the place of one that a base partner has under an id that cannot be learnt any more, and asks
/// for that. Tells which.
pub(crate) async fn replace_lost(
    app: &App,
    tx: &Tx,
    mut row: task_inter::Model,
    task: task_intra::Model,
    request_id: Option<&str>,
) -> Result<TaskVersion, AppError> {
    let root = root_of(tx, &task).await?;
    let version = tasks::free_version(tx, &task.project_id, &task.name).await?;
    let copy = tasks::copy_version(tx, &task, &version, &task.owner_id, None).await?;
    let pairing = draft(&copy);
    rows::insert(tx, pairing.clone()).await?;
    queue(app, tx, &pairing, &copy, &root, request_id).await?;
    row.error = Some(format!(
        "The partner has this version, but its answer was lost and cannot be asked for again. Version {version} was \
         made in its place."
    ));
    row.error_code = Some(ANSWER_LOST.to_owned());
    rows::save(tx, row).await?;
    Ok(version)
}

/// One pairing.
///
/// # Errors
/// `not_found`.
pub async fn get(app: &App, operator: &Operator, id: &PairingId) -> Result<Pairing, AppError> {
    rights::require(operator, Action::Read)?;
    let row = find(app, id).await?;
    let task = task_of(app, &row).await?;
    view(app, row, &task)
}

async fn task_of(app: &App, row: &task_inter::Model) -> Result<task_intra::Model, AppError> {
    tasks::find(app.db().reader(), &row.task_intra_id).await
}

/// Asks the partner now for its public meta, and keeps it. What was kept stays when the partner cannot be asked.
///
/// # Errors
/// `not_found`; `not_paired`, `partner_not_active`; `partner_error` with what the partner or the way to it says.
pub async fn refresh_meta(app: &App, operator: &Operator, id: &PairingId) -> Result<Pairing, AppError> {
    rights::require(operator, Action::Read)?;
    let row = find(app, id).await?;
    let db = app.db().reader();
    let task = task_of(app, &row).await?;
    let project = projects::find(db, &task.project_id).await?;
    let action = Action::ChangeTask {
        owner: &task.owner_id,
        project_owner: &project.owner_id,
    };
    rights::require(operator, action)?;
    if row.status != LinkStatus::Ready {
        return Err(AppError::conflict(
            ErrorCode::NotPaired,
            "The task version is not paired yet.",
        ));
    }
    let partner = partners::find(db, &projects::partner_of(&project)?).await?;
    let options = CallOptions {
        request_id: Some(operator.request_id.clone()),
        timeout: Some(std::time::Duration::from_secs(10)),
        ..CallOptions::default()
    };
    let answer = app
        .peer()
        .task_meta(&partners::trusted_route(&partner)?, &options, id)
        .await
        .map_err(asked)?;
    let tx = app.db().begin().await?;
    let row = rows::find(&tx, id)
        .await?
        .ok_or_else(|| AppError::not_found("pairing"))?;
    let told = task_inter::Model {
        peer_meta: answer.task_meta,
        peer_meta_at: Some(naive(Utc::now())),
        ..row
    };
    let row = rows::save(&tx, told).await?;
    tx.commit().await?;
    view(app, row, &task)
}

fn asked(error: PeerError) -> AppError {
    let detail = match &error {
        PeerError::Refused { status: 404, .. } => {
            "The partner does not know this pairing (any more).".to_owned()
        }
        other => format!("The partner's meta could not be had: {}.", other.of_question()),
    };
    if error.is_retryable() {
        AppError::unavailable(detail, error)
    } else {
        AppError::conflict(ErrorCode::PartnerError, detail)
    }
}

async fn find(app: &App, id: &PairingId) -> Result<task_inter::Model, AppError> {
    rows::find(app.db().reader(), id)
        .await?
        .ok_or_else(|| AppError::not_found("pairing"))
}

/// The partner's shared settings, as it told them last.
pub(crate) fn peer_settings(row: &task_inter::Model) -> Option<SharedSettings> {
    row.peer_settings.clone().and_then(SharedSettings::read)
}

fn view(app: &App, row: task_inter::Model, task: &task_intra::Model) -> Result<Pairing, AppError> {
    let theirs = peer_settings(&row);
    let shared_settings = theirs
        .map(|theirs| Ok::<_, AppError>(Half::of(app, task)?.compare(app.engines(), &theirs)))
        .transpose()?;
    let task_inter::Model {
        id,
        gmt_create,
        gmt_modified,
        task_intra_id,
        task_peer_id,
        status,
        comment: _,
        generation,
        peer_meta,
        peer_meta_at,
        error,
        error_code,
        peer_settings: _,
        initiated_here,
    } = row;
    Ok(Pairing {
        id: id.clone(),
        task_id: task_intra_id.clone(),
        peer_id: task_peer_id,
        status,
        error,
        error_code,
        shared_settings,
        initiated_here,
        peer_meta: peer_meta.map(meant),
        peer_meta_at: peer_meta_at.map(utc),
        created_at: utc(gmt_create),
        modified_at: utc(gmt_modified),
        generation,
    })
}
