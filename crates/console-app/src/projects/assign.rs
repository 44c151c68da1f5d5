//! A project changes its partner: after an adoption, or when the partner has moved from the original console to this one and was
//! paired anew.

use console_db::{DbError, instances, outbox as messages, partners as partner_rows, projects as rows};
use console_model::{ErrorCode, InstanceStatus, PartnerId, PartnerTrust, ProjectId};

use super::{Project, find, partner_row, shown};
use crate::input::check_generation;
use crate::partners::refuse_inactive;
use crate::rights::{self, Action};
use crate::{App, AppError, Fault, Operator};

/// Runs that one of the two sides works on, or is about to.
const LIVE: [InstanceStatus; 4] = [
    InstanceStatus::AwaitingConsent,
    InstanceStatus::Starting,
    InstanceStatus::Running,
    InstanceStatus::Stopping,
];

/// Gives a project, with its tasks and runs, to another partner, which knows them by the same ids. Only from no partner, or from
/// one that never proved who it is: what was agreed with a paired partner stays with it.
///
/// # Errors
/// `not_found`, `stale`; `invalid_input` for a partner that does not exist; `partner_not_active`; `partner_is_paired` when the
/// present partner signs its calls; `runs_live` while a run has not ended; `messages_waiting` while the present partner has not
/// been told everything; `partner_knows_id` when the new partner has a project or run of the same id already.
pub async fn assign_partner(
    app: &App,
    operator: &Operator,
    id: &ProjectId,
    generation: Option<i64>,
    partner: &PartnerId,
) -> Result<Project, AppError> {
    rights::require(operator, Action::ManagePartners)?;
    let tx = app.db().begin().await?;
    rows::lock(&tx, id).await?;
    let mut row = find(&tx, id).await?;
    check_generation(row.generation, generation)?;
    let next = partner_rows::find(&tx, partner).await?;
    let next = next.ok_or_else(|| {
        AppError::field(
            "/partner_id",
            Fault::not_there("there is no such partner").zh("没有该合作方"),
        )
    })?;
    refuse_inactive(&next)?;
    if let Some(present) = partner_row(&tx, &row).await? {
        if present.id == next.id {
            tx.commit().await?;
            return shown(app, id).await;
        }
        if present.public_key.is_some() && present.trust != PartnerTrust::Unpaired {
            return Err(AppError::conflict(
                ErrorCode::PartnerIsPaired,
                "The project's partner signs its calls. What was agreed with it cannot be given to another one.",
            ));
        }
        let waiting = messages::waiting_by_partner(&tx).await?;
        if waiting.iter().any(|waiting| waiting.partner_id == present.id) {
            return Err(AppError::conflict(
                ErrorCode::MessagesWaiting,
                "Messages to the project's partner have not been delivered. Send them or give them up first.",
            ));
        }
    }
    if instances::any_of_project(&tx, id, &LIVE).await? {
        return Err(AppError::conflict(
            ErrorCode::RunsLive,
            "A run of the project has not ended. Stop it or wait for its end.",
        ));
    }
    row.partner_id = Some(next.id.clone());
    row.peer_url.clone_from(&next.address);
    rows::save(&tx, row).await.map_err(known)?;
    instances::assign_partner(&tx, id, partner).await.map_err(known)?;
    tx.commit().await?;
    tracing::info!(project.id = %id, partner.id = %partner, operator.id = %operator.id, "a project has another partner");
    shown(app, id).await
}

fn known(error: DbError) -> AppError {
    match error {
        DbError::Conflict(_) => AppError::conflict(
            ErrorCode::PartnerKnowsId,
            "This partner has a project or a run of the same id here already.",
        ),
        other => other.into(),
    }
}
