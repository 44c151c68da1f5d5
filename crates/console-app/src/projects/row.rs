//! The row of a project: how it is read, and what it means.

use std::collections::HashMap;

use console_db::entity::{partner, project};
use console_db::{ConnectionTrait, Constraint, DbError, outbox as messages, projects as rows, utc};
use console_model::{ErrorCode, InstanceId, LinkStatus, PartnerId, ProjectId, UserId};
use serde_json::Value;

use super::{LastRun, NOBODY, Outstanding, Project};
use crate::{App, AppError, partners};

/// The row, or `not_found`.
pub(crate) async fn find(db: &impl ConnectionTrait, id: &ProjectId) -> Result<project::Model, AppError> {
    rows::find(db, id)
        .await?
        .ok_or_else(|| AppError::not_found("project"))
}

/// The partner of a project. Adopted projects may have none yet.
pub(crate) fn partner_of(row: &project::Model) -> Result<PartnerId, AppError> {
    row.partner_id.clone().ok_or_else(|| {
        AppError::conflict(
            ErrorCode::NoPartner,
            "No partner is assigned to this project. Add the partner first.",
        )
    })
}

/// Refuses what is not done in a closed project.
pub(crate) fn refuse_archived(row: &project::Model) -> Result<(), AppError> {
    if row.status == LinkStatus::Archive {
        return Err(AppError::conflict(
            ErrorCode::ProjectArchived,
            "The project is closed: nothing new happens in it.",
        ));
    }
    Ok(())
}

/// Refuses what both sides would have to do, where that cannot be: the project is closed, or its partner cannot be told.
/// Gives the partner.
pub(crate) async fn refuse_closed(
    db: &impl ConnectionTrait,
    row: &project::Model,
) -> Result<PartnerId, AppError> {
    refuse_closed_to(row, partner_row(db, row).await?.as_ref())?;
    partner_of(row)
}

/// As [`refuse_closed`], with the partner's row at hand.
pub(crate) fn refuse_closed_to(
    row: &project::Model,
    partner: Option<&partner::Model>,
) -> Result<(), AppError> {
    refuse_archived(row)?;
    partner_of(row)?;
    match partner {
        Some(partner) => partners::refuse_inactive(partner),
        None => Err(AppError::not_found("partner")),
    }
}

/// The row of a project's partner, if it has one.
pub(crate) async fn partner_row(
    db: &impl ConnectionTrait,
    row: &project::Model,
) -> Result<Option<partner::Model>, AppError> {
    match &row.partner_id {
        Some(id) => Ok(console_db::partners::find(db, id).await?),
        None => Ok(None),
    }
}

/// What a taken name means.
pub(super) fn named(error: DbError) -> AppError {
    match error {
        DbError::Conflict(Constraint::Name) => AppError::conflict(
            ErrorCode::NameTaken,
            "Another project has this name. Choose another one.",
        ),
        other => other.into(),
    }
}

/// The project as operators see it, with what the partner has not been told.
pub(super) async fn shown(app: &App, id: &ProjectId) -> Result<Project, AppError> {
    let db = app.db().reader();
    let found = rows::find_listed(db, id)
        .await?
        .ok_or_else(|| AppError::not_found("project"))?;
    let mut outstanding = None;
    if let Some(partner) = &found.row.partner_id
        && let Some(message) = messages::outstanding(db, partner, id.as_str()).await?
    {
        outstanding = Some(Outstanding {
            state: message.state,
            since: utc(message.gmt_create),
            last_error_zh: message.last_error_code.as_deref().and_then(crate::told::chinese),
            last_error: message.last_error,
        });
    }

    let runs: Vec<&InstanceId> = found.last_run.iter().collect();
    let mut runs = last_runs(db, &runs).await?;
    Ok(Project {
        outstanding,
        ..view(found, &mut runs)?
    })
}

/// Runs in few words, by their ids.
pub(super) async fn last_runs(
    db: &impl ConnectionTrait,
    ids: &[&InstanceId],
) -> Result<HashMap<InstanceId, LastRun>, AppError> {
    let found = console_db::instances::briefs(db, ids).await?;
    let last = |run: console_db::instances::Brief| {
        let last = LastRun {
            id: run.id.clone(),
            status: run.status,
            created_at: utc(run.gmt_create),
            ended_at: run.gmt_end.map(utc),
        };
        (run.id, last)
    };
    Ok(found.into_iter().map(last).collect())
}

/// The project as operators see it; its last run is taken from those that were read.
pub(super) fn view(
    listed: rows::Listed,
    runs: &mut HashMap<InstanceId, LastRun>,
) -> Result<Project, AppError> {
    let rows::Listed {
        row,
        partner_name,
        tasks,
        last_run,
    } = listed;
    let project::Model {
        id,
        gmt_create,
        gmt_modified,
        owner_id,
        name,
        comment,
        config,
        status,
        peer_url: _,
        peer_id,
        peer_config,
        partner_id,
        generation,
        peer_config_at,
        archived_at,
    } = row;
    Ok(Project {
        id: id.clone(),
        name,
        comment,
        owner_id: UserId::parse(&owner_id).ok().filter(|id| id.as_str() != NOBODY),
        status,
        partner_id,
        partner_name,
        peer_id,
        config: config.map(meant),
        peer_config: peer_config.map(meant),
        peer_config_at: peer_config_at.map(utc),
        archived_at: archived_at.map(utc),
        created_at: utc(gmt_create),
        modified_at: utc(gmt_modified),
        generation,
        tasks: tasks.unsigned_abs(),
        last_run: last_run.and_then(|id| runs.remove(&id)),
        outstanding: None,
    })
}

/// What a stored JSON column means: rows of the original hold JSON text inside a JSON string.
pub(crate) fn meant(stored: Value) -> Value {
    match stored {
        Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        other => other,
    }
}
