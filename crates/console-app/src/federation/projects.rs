//! A partner's calls about projects.

use chrono::Utc;
use console_db::entity::project;
use console_db::{Tx, naive, projects as rows};
use console_model::{LinkStatus, ProjectId};
use console_peer::base::{BaseError, ConfigText, ProjectAnswer, ProjectCreate, ProjectUpdate, RspCode};
use serde_json::Value;

use super::PeerRefusal;
use super::caller::Caller;
use super::command::once;
use crate::projects::{CONFIG_BYTES, NOBODY};
use crate::reached_limits::{Limit, Refusal};
use crate::{App, partners};

/// Makes the project that a partner tells of. The same content again gets the same answer.
///
/// # Errors
/// 409 when another content came under the same id.
pub async fn create(app: &App, caller: &Caller, body: &ProjectCreate) -> Result<ProjectAnswer, PeerRefusal> {
    let partner = caller.partner_id();
    if caller.signed {
        partners::announced(app, &caller.partner, &body.peer_url).await?;
    }
    once(app, caller, async |tx| {
        if let Some(known) = rows::find_of_partner(tx, &partner, body.peer_id.as_str()).await? {
            // A partner that lost our answer asks again with what it sent before.
            if known.peer_config == body.peer_config.to_value() {
                return answer(&known);
            }
            return Err(BaseError::project_exists().into());
        }
        bounded(body.peer_config.to_value().as_ref())?;
        let most = app.settings().federation.max_projects_per_partner;
        let figure = rows::count_made_by(tx, &partner).await?;
        if figure >= most {
            let limit = Limit::PartnerProjects;
            return Err(PeerRefusal::over_limit(
                Refusal { limit, figure, most },
                format!(
                    "this console takes at most {most} projects of one partner; close some of them, or ask its operators to \
                     delete those that nobody has accepted"
                ),
            ));
        }
        let now = naive(Utc::now());
        let row = project::Model {
            id: ProjectId::generate(),
            gmt_create: now,
            gmt_modified: now,
            owner_id: NOBODY.to_owned(),
            name: None,
            comment: None,
            config: None,
            status: LinkStatus::Ready,
            peer_url: caller.partner.address.clone(),
            peer_id: Some(body.peer_id.to_string()),
            peer_config: body.peer_config.to_value(),
            partner_id: Some(caller.partner.id.clone()),
            generation: 1,
            peer_config_at: Some(now),
            archived_at: None,
        };
        let answer = answer(&row)?;
        rows::insert(tx, row).await?;
        tracing::info!(project.id = %answer.project_id, partner.id = %partner, "project made by a partner");
        Ok(answer)
    })
    .await
}

/// Takes over a partner's config, or that it closed the project.
///
/// # Errors
/// 404 when the partner shares no such project.
pub async fn update(
    app: &App,
    caller: &Caller,
    id: &ProjectId,
    body: &ProjectUpdate,
) -> Result<ProjectAnswer, PeerRefusal> {
    once(app, caller, async |tx| {
        let mut row = shared(tx, caller, id).await?;
        let answer = answer(&row)?;
        let before = row.clone();
        row.peer_config = match (&body.peer_config, body.replace) {
            (ConfigText::Absent, _) => row.peer_config,
            (config, Some(true)) => config.to_value(),
            (config, _) => config.merged_into(row.peer_config.as_ref()),
        };
        bounded(row.peer_config.as_ref())?;
        if body.archived == Some(true) && row.status != LinkStatus::Archive {
            row.status = LinkStatus::Archive;
            row.archived_at = Some(naive(Utc::now()));
        }
        if row != before {
            row.peer_config_at = Some(naive(Utc::now()));
            rows::save(tx, row).await?;
        }
        Ok(answer)
    })
    .await
}

/// Tells our id of a project that both sides know: the connection check.
///
/// # Errors
/// 404 when the partner shares no such project.
pub async fn check(app: &App, caller: &Caller, id: &ProjectId) -> Result<ProjectAnswer, PeerRefusal> {
    let found = rows::find_of_partner(app.db().reader(), &caller.partner_id(), id.as_str()).await?;
    answer(&found.ok_or_else(BaseError::project_unknown)?)
}

/// The project that the caller knows by its id.
pub(super) async fn shared(tx: &Tx, caller: &Caller, id: &ProjectId) -> Result<project::Model, PeerRefusal> {
    let partner = caller.partner_id();
    match rows::find_of_partner(tx, &partner, id.as_str()).await? {
        Some(row) => Ok(row),
        // It may be one of ours, whose answer we have not heard yet. A base partner takes no "try again".
        None if caller.signed && rows::any_unanswered(tx, &partner).await? => Err(BaseError::new(
            RspCode::Unavailable,
            "a project is not known to both sides yet, try again",
        )
        .into()),
        None => Err(BaseError::project_unknown().into()),
    }
}

/// Refuses too large a JSON value of a partner. What is merged again and again must not grow without end.
pub(super) fn bounded(config: Option<&Value>) -> Result<(), PeerRefusal> {
    match config.map_or(0, |config| config.to_string().len()) {
        0..=CONFIG_BYTES => Ok(()),
        size => {
            let text =
                format!("incorrect params, the config would have {size} bytes, more than {CONFIG_BYTES}");
            Err(BaseError::invalid(text).into())
        }
    }
}

fn answer(row: &project::Model) -> Result<ProjectAnswer, PeerRefusal> {
    Ok(ProjectAnswer {
        project_id: row.id.clone(),
    })
}
