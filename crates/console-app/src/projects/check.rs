//! Whether the partner knows a project.

use chrono::{DateTime, Utc};
use console_model::{LinkStatus, ProjectId};
use console_peer::client::{CallOptions, PeerError};

use super::row::{find, partner_of};
use crate::rights::{self, Action};
use crate::told::Told;
use crate::{App, AppError, Operator, partners};

/// What the check of a project's connection found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectCheck {
    /// When.
    pub at: DateTime<Utc>,
    /// Whether the partner knows the project.
    pub connected: bool,
    /// What is wrong, and what to do.
    pub detail: Option<String>,
}

/// Asks the partner now whether it knows the project.
///
/// # Errors
/// `not_found`; `no_partner`; `partner_not_active`.
pub async fn check(app: &App, operator: &Operator, id: &ProjectId) -> Result<ProjectCheck, AppError> {
    rights::require(operator, Action::Read)?;
    let row = find(app.db().reader(), id).await?;
    let partner = partner_of(&row)?;
    let partner = partners::find(app.db().reader(), &partner).await?;
    let options = CallOptions {
        request_id: Some(operator.request_id.clone()),
        timeout: Some(std::time::Duration::from_secs(10)),
        ..CallOptions::default()
    };
    let answer = app
        .peer()
        .project_check(&partners::trusted_route(&partner)?, &options, id)
        .await
        .and_then(|answer| match row.peer_id.as_deref() {
            Some(known) if known != answer.project_id.as_str() => {
                Err(PeerError::unreadable("it is about another project"))
            }
            _ => Ok(answer),
        });
    let detail = match &answer {
        Ok(_) => None,
        Err(PeerError::Refused { status: 404, .. }) if row.status == LinkStatus::Draft => Some(
            "The partner has not been told of the project yet; the message waits in the outbox.".to_owned(),
        ),
        Err(PeerError::Refused { status: 404, .. }) => {
            Some("The partner does not know the project (any more).".to_owned())
        }
        Err(error) => Some(error.of_question()),
    };
    let reached = matches!(answer, Ok(_) | Err(PeerError::Refused { .. }));
    let unheard = answer.as_ref().err().filter(|_| !reached).map(Told::of_question);
    let unheard = unheard.as_ref().map(Told::as_unheard);
    console_db::partners::note_contact(app.db(), &partner.id, unheard).await?;
    Ok(ProjectCheck {
        at: Utc::now(),
        connected: answer.is_ok(),
        detail,
    })
}
