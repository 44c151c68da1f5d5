//! A partner's calls about tasks.

use chrono::Utc;
use console_db::entity::{project, task_inter, task_intra};
use console_db::{
    Tx, instances, naive, pairings as rows, projects as project_rows, retry, tasks as task_rows,
};
use console_model::{InstanceStatus, LinkStatus, PairingId, PartnerId, TaskVersion};
use console_peer::base::{BaseError, RspCode, TaskMetaAnswer, TaskPair, TaskPairAnswer};
use console_peer::refusal::{Reason, SharedSettings};
use console_peer::{Vocabulary, Word};

use super::caller::Caller;
use super::command::once;
use super::{PeerRefusal, projects as shared, shared_settings};
use crate::pairings::fit::{Half, Theirs};
use crate::projects::meant;
use crate::reached_limits::{Limit, Refusal};
use crate::{App, pairings, tasks};

/// Pairs a task version: our root takes over the asker's version; for a further version we make one from our newest that is paired.
/// The same call again gets the same answer.
///
/// # Errors
/// 403 when no root here has the token; 409 when several have, when the root is paired with something else, or when the
/// version exists here; 400, rsp 9, when the two halves do not fit. Each with its [`Reason`]. Settings that differ are
/// kept, so that our operators see them as well.
pub async fn pair(
    app: &App,
    caller: &Caller,
    id: &PairingId,
    body: &TaskPair,
) -> Result<TaskPairAnswer, PeerRefusal> {
    let partner = caller.partner_id();
    let paired = once(app, caller, async |tx| {
        if let Some((row, task)) = rows::find_of_partner(tx, &partner, id).await? {
            let task = repeated(tx, &row, task, body).await?;
            return answer(app, caller, &row, &task);
        }
        caller.refuse_unconfirmed()?;
        shared::bounded(body.meta.as_ref())?;
        let root = root(tx, caller, &partner, body).await?;
        project_rows::lock(tx, &root.project_id).await?;
        let (row, task) = if body.task_root {
            pair_root(app, tx, id, root, body).await?
        } else {
            pair_version(app, tx, caller, id, &root, body).await?
        };
        tracing::info!(pairing.id = %row.id, task.id = %task.id, partner.id = %partner, "task paired by a partner");
        answer(app, caller, &row, &task)
    })
    .await;
    if let Err(refusal) = &paired
        && refusal.reason() == Some(Reason::SettingsDiffer)
    {
        keep_settings(app, caller, body, &refusal.answer().message).await?;
    }
    paired
}

/// Keeps the settings of a partner whose root does not fit ours by them: our operators see both sides' and can take theirs.
async fn keep_settings(
    app: &App,
    caller: &Caller,
    body: &TaskPair,
    message: &str,
) -> Result<(), PeerRefusal> {
    if !body.task_root {
        return Ok(());
    }
    retry(async || {
        let tx = app.db().begin().await?;
        let root = root(&tx, caller, &caller.partner_id(), body).await?;
        let known = rows::find_of_task(&tx, &root.id).await?;
        // Our own question is under way, or the two are paired by now.
        if known
            .as_ref()
            .is_some_and(|row| row.status != LinkStatus::Draft || row.error.is_none())
        {
            return Ok(());
        }
        let is_new = known.is_none();
        let row = known.unwrap_or_else(|| pairings::asked_by_partner(&root));
        let row = task_inter::Model {
            error: Some(format!("The partner asked to pair, but {message}.")),
            error_code: Some(Reason::SettingsDiffer.word().to_owned()),
            ..with_meta(row, body)
        };
        if is_new {
            rows::insert(&tx, row).await?;
        } else {
            rows::save(&tx, row).await?;
        }
        tx.commit().await?;
        Ok(())
    })
    .await
}

/// A call that was done already. When both sides asked at the same time, ours may have been answered before theirs came:
/// both end with the later version.
async fn repeated(
    tx: &Tx,
    row: &task_inter::Model,
    task: task_intra::Model,
    body: &TaskPair,
) -> Result<task_intra::Model, PeerRefusal> {
    let same = task.token.as_deref() == Some(body.token.as_str())
        && task.task_root == body.task_root
        && (body.task_root || task.version == body.version.as_str());
    if !same {
        return Err(PeerRefusal::conflict("another task came under the same id"));
    }
    if row.initiated_here && task.task_root && task.version.as_str() < body.version.as_str() {
        refuse_used_version(tx, &task).await?;
        return carry(tx, task, &body.version).await;
    }
    Ok(task)
}

/// A version has its name for good when it has had a run, or another version has come: a partner may not rename it then.
async fn refuse_used_version(tx: &Tx, task: &task_intra::Model) -> Result<(), PeerRefusal> {
    let runs = instances::of_tasks(tx, &[&task.id], InstanceStatus::ALL, 1).await?;
    let versions = task_rows::all_versions(tx, &task.project_id, &task.name).await?;
    if runs.is_empty() && versions.len() == 1 {
        return Ok(());
    }
    Err(PeerRefusal::conflict(
        "this version of the task is in use under its name",
    ))
}

async fn carry(
    tx: &Tx,
    root: task_intra::Model,
    version: &TaskVersion,
) -> Result<task_intra::Model, PeerRefusal> {
    if root.version == version.as_str() {
        return Ok(root);
    }
    refuse_known_version(tx, &root, version).await?;
    Ok(task_rows::save(
        tx,
        task_intra::Model {
            version: version.to_string(),
            ..root
        },
    )
    .await?)
}

/// Our root that is meant: the caller names its project where it can, and a base partner cannot.
async fn root(
    tx: &Tx,
    caller: &Caller,
    partner: &PartnerId,
    body: &TaskPair,
) -> Result<task_intra::Model, PeerRefusal> {
    let only = match &body.project_peer_id {
        Some(id) if caller.signed => Some(shared::shared(tx, caller, id).await?),
        _ => None,
    };
    let open = |project: &project::Model| project.status != LinkStatus::Archive;
    let mut found = Vec::new();
    for (root, project) in task_rows::roots_with_token(tx, partner, &body.token).await? {
        if only.as_ref().is_none_or(|only| only.id == project.id) {
            found.push((root, project));
        }
    }
    if found.iter().any(|(_, project)| open(project)) {
        found.retain(|(_, project)| open(project));
    } else if !found.is_empty() {
        return Err(PeerRefusal::because(
            Reason::ProjectClosed,
            "the project is closed",
        ));
    }
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (None, _) => Err(BaseError::token_unknown()
            .with_refusal(Reason::TokenUnknown)
            .into()),
        (Some((root, _)), None) if root.archived_at.is_some() => {
            Err(PeerRefusal::because(Reason::TaskArchived, "the task is archived"))
        }
        (Some((root, _)), None) => Ok(root),
        (Some(_), Some(_)) => Err(conflict(Reason::TokenAmbiguous, "several tasks have this token")),
    }
}

fn conflict(reason: Reason, message: &str) -> PeerRefusal {
    BaseError::new(RspCode::AlreadyExists, message)
        .with_refusal(reason)
        .into()
}

async fn pair_root(
    app: &App,
    tx: &Tx,
    id: &PairingId,
    root: task_intra::Model,
    body: &TaskPair,
) -> Result<(task_inter::Model, task_intra::Model), PeerRefusal> {
    check_fit(app, &root, body)?;
    let ours = rows::find_of_task(tx, &root.id).await?;
    let known = ours.is_some();
    // Our own question may be under way: then both end with the later version.
    let crossing = ours.as_ref().is_some_and(|row| row.error.is_none());
    let row = match ours {
        Some(row) if row.task_peer_id.is_some() => {
            return Err(conflict(
                Reason::PairedElsewhere,
                "the task is paired with another one",
            ));
        }
        Some(row) => task_inter::Model {
            task_peer_id: Some(id.to_string()),
            status: LinkStatus::Ready,
            error: None,
            error_code: None,
            ..row
        },
        None => pairings::linked(&root, id),
    };
    let row = with_meta(row, body);
    let row = if known {
        rows::save(tx, row).await?
    } else {
        rows::insert(tx, row.clone()).await?;
        row
    };
    let later = crossing && root.version.as_str() > body.version.as_str();
    let task = if later {
        root
    } else {
        carry(tx, root, &body.version).await?
    };
    Ok((row, task))
}

/// Why no version can be made of a task of which none is paired.
async fn unpaired_root(
    tx: &Tx,
    caller: &Caller,
    root: &task_intra::Model,
) -> Result<PeerRefusal, PeerRefusal> {
    let asked = rows::find_of_task(tx, &root.id).await?;
    let under_way = asked.is_some_and(|row| row.initiated_here && row.error.is_none());
    // The caller may have answered our question, and we have not heard it yet. A base partner takes no "try again".
    Ok(if caller.signed && under_way {
        PeerRefusal::try_again("the pairing of the first version is not complete, try again")
    } else {
        PeerRefusal::because(
            Reason::RootNotPaired,
            "the first version of this task is not paired",
        )
    })
}

async fn pair_version(
    app: &App,
    tx: &Tx,
    caller: &Caller,
    id: &PairingId,
    root: &task_intra::Model,
    body: &TaskPair,
) -> Result<(task_inter::Model, task_intra::Model), PeerRefusal> {
    refuse_known_version(tx, root, &body.version).await?;
    // Never a draft: nobody here has offered what it holds.
    let newest = task_rows::newest_paired(tx, &root.project_id, &root.name).await?;
    let Some(newest) = newest else {
        return Err(unpaired_root(tx, caller, root).await?);
    };
    // A version that the partner asks for takes over what both sides must agree on: see docs/decisions/0028.
    let newest = match &body.shared_settings {
        Some(theirs) => task_intra::Model {
            config: shared_settings::taken_over(app, &newest, theirs)?,
            ..newest
        },
        None => newest,
    };
    check_fit(app, &newest, body)?;
    refuse_many_versions(app, tx, caller).await?;
    let task = tasks::copy_version(tx, &newest, &body.version, &root.owner_id, body.version_number).await?;
    let row = with_meta(pairings::linked(&task, id), body);
    rows::insert(tx, row.clone()).await?;
    Ok((row, task))
}

/// Refuses a version more than a partner may have had made here.
async fn refuse_many_versions(app: &App, tx: &Tx, caller: &Caller) -> Result<(), PeerRefusal> {
    let most = app.settings().federation.max_versions_per_partner;
    let figure = rows::count_versions_made_by(tx, &caller.partner.id).await?;
    if figure < most {
        return Ok(());
    }
    let limit = Limit::PartnerVersions;
    Err(PeerRefusal::over_limit(
        Refusal { limit, figure, most },
        format!("this console keeps at most {most} task versions that one partner had made"),
    ))
}

async fn refuse_known_version(
    tx: &Tx,
    root: &task_intra::Model,
    version: &TaskVersion,
) -> Result<(), PeerRefusal> {
    match task_rows::find_version(tx, &root.project_id, &root.name, version).await? {
        Some(_) => Err(conflict(
            Reason::VersionExists,
            "this version of the task exists already",
        )),
        None => Ok(()),
    }
}

fn check_fit(app: &App, task: &task_intra::Model, body: &TaskPair) -> Result<(), PeerRefusal> {
    let half = Half::of(app, task)?;
    let theirs = Theirs {
        task_type: body.task_type.as_ref(),
        meta: body.meta.as_ref(),
        shared_settings: body.shared_settings.as_ref(),
    };
    half.misfit(app.engines(), theirs)
        .map_or(Ok(()), |misfit| Err(shared_settings::refusal(app, &half, misfit)))
}

fn with_meta(row: task_inter::Model, body: &TaskPair) -> task_inter::Model {
    let peer_settings = body.shared_settings.as_ref().map(SharedSettings::to_value);
    let row = task_inter::Model {
        peer_settings: peer_settings.or(row.peer_settings),
        ..row
    };
    if body.meta.is_none() && body.task_type.is_none() {
        return row;
    }
    task_inter::Model {
        peer_meta: body.meta.clone(),
        peer_meta_at: Some(naive(Utc::now())),
        ..row
    }
}

fn answer(
    app: &App,
    caller: &Caller,
    row: &task_inter::Model,
    task: &task_intra::Model,
) -> Result<TaskPairAnswer, PeerRefusal> {
    let extended = caller.signed;
    Ok(TaskPairAnswer {
        task_inter_id: row.id.clone(),
        task_meta: task.meta.clone().map(meant).filter(|_| extended),
        task_type: Some(Word::Known(task.r#type)).filter(|_| extended),
        shared_settings: Half::of(app, task)?
            .shared_settings(app.engines())
            .filter(|_| extended),
    })
}

/// Our public meta of a paired task version.
///
/// # Errors
/// 404 when the partner shares no such pairing.
pub async fn meta(app: &App, caller: &Caller, id: &PairingId) -> Result<TaskMetaAnswer, PeerRefusal> {
    let found = rows::find_of_partner(app.db().reader(), &caller.partner_id(), id).await?;
    let (_, task) = found.ok_or_else(|| BaseError::task_unknown(id.as_str()))?;
    Ok(TaskMetaAnswer {
        task_meta: task.meta.map(meant).filter(serde_json::Value::is_object),
    })
}
