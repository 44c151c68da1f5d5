//! The row of a project: how it is read, and what it means.

use console_db::entity::project;
use console_db::{ConnectionTrait, Constraint, DbError, outbox as messages, projects as rows, utc};
use console_model::{LinkStatus, MessageState, PartnerId, ProjectId, UserId};
use serde_json::Value;

use super::{NOBODY, Outstanding, Project};
use crate::{App, AppError, partners};

/// The row, or `not_found`.
pub(crate) async fn find(db: &impl ConnectionTrait, id: &ProjectId) -> Result<project::Model, AppError> {
    rows::find(db, id)
        .await?
        .ok_or_else(|| AppError::not_found("project"))
}

/// The partner of a project. Adopted projects may have none yet.
pub(crate) fn partner_of(row: &project::Model) -> Result<PartnerId, AppError> {
    let id = row.partner_id.as_deref().ok_or_else(|| {
        AppError::conflict(
            "no_partner",
            "No partner is assigned to this project. Add the partner first.",
        )
    })?;
    PartnerId::parse(id).map_err(AppError::internal)
}

/// Refuses what is not done in a closed project.
pub(crate) fn refuse_archived(row: &project::Model) -> Result<(), AppError> {
    if row.status == LinkStatus::Archive.number() {
        return Err(AppError::conflict(
            "project_archived",
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
    refuse_archived(row)?;
    let id = partner_of(row)?;
    partners::refuse_inactive(&partners::find(db, &id).await?)?;
    Ok(id)
}

/// What a taken name means.
pub(super) fn named(error: DbError) -> AppError {
    match error {
        DbError::Conflict(Constraint::Name) => {
            AppError::conflict("name_taken", "Another project has this name. Choose another one.")
        }
        other => other.into(),
    }
}

/// The project as operators see it.
pub(super) async fn shown(app: &App, row: project::Model) -> Result<Project, AppError> {
    let db = app.db().reader();
    let mut outstanding = None;
    let partner = match row.partner_id.as_deref() {
        Some(id) => {
            let id = PartnerId::parse(id).map_err(AppError::internal)?;
            if let Some(message) = messages::outstanding(db, &id, &row.id).await? {
                outstanding = Some(Outstanding {
                    state: MessageState::from_number(message.state).map_err(AppError::internal)?,
                    since: utc(message.gmt_create),
                    last_error: message.last_error,
                });
            }
            console_db::partners::find(app.db().reader(), &id)
                .await?
                .map(|partner| partner.name)
        }
        None => None,
    };
    Ok(Project {
        outstanding,
        ..view(row, partner)?
    })
}

/// The project as operators see it.
pub(super) fn view(row: project::Model, partner_name: Option<String>) -> Result<Project, AppError> {
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
        id: ProjectId::parse(&id).map_err(AppError::internal)?,
        name,
        comment,
        owner_id: UserId::parse(&owner_id).ok().filter(|id| id.as_str() != NOBODY),
        status: LinkStatus::from_number(status).map_err(AppError::internal)?,
        partner_id: partner_id
            .map(|id| PartnerId::parse(&id))
            .transpose()
            .map_err(AppError::internal)?,
        partner_name,
        peer_id,
        config: config.map(meant),
        peer_config: peer_config.map(meant),
        peer_config_at: peer_config_at.map(utc),
        archived_at: archived_at.map(utc),
        created_at: utc(gmt_create),
        modified_at: utc(gmt_modified),
        generation,
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
