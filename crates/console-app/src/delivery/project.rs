//! Delivers messages about projects.

use console_db::projects as rows;
use console_model::{LinkStatus, ProjectId};
use console_peer::base::{ConfigText, ProjectCreate, ProjectUpdate};
use console_peer::client::CallOptions;
use console_peer::recovery::{Command, Recovery, after};

use super::{Delivery, DeliveryError, Verdict};
use crate::outbox::project::{CreateProject, UpdateProject};
use crate::partners;

/// Tells the partner of a new project and takes over its id.
pub(super) async fn deliver_create(
    delivery: &Delivery<'_>,
    body: &CreateProject,
) -> Result<(), DeliveryError> {
    let route = partners::route(delivery.partner)?;
    let peer = delivery.app.peer();
    let request = ProjectCreate {
        peer_id: body.project_id.clone(),
        peer_url: delivery.app.settings().base_url.clone(),
        peer_config: ConfigText::from(body.config.clone()),
    };
    match peer.project_create(&route, &options(delivery), &request).await {
        Ok(answer) => linked(delivery, &body.project_id, &answer.project_id).await,
        Err(error) => match after(Command::ProjectCreate, route.speaks, &error) {
            Recovery::AskProject => {
                // A base partner answers before it commits, and refuses the repeat of what it has done: only its own
                // word tells what happened.
                match peer
                    .project_check(&route, &options(delivery), &body.project_id)
                    .await
                {
                    Ok(answer) => linked(delivery, &body.project_id, &answer.project_id).await,
                    Err(_) => Err(DeliveryError::Retry((&error).into())),
                }
            }
            Recovery::GiveUp => Err(DeliveryError::Refused((&error).into())),
            _ => Err(DeliveryError::Retry((&error).into())),
        },
    }
}

async fn linked(delivery: &Delivery<'_>, ours: &ProjectId, theirs: &ProjectId) -> Result<(), DeliveryError> {
    let tx = delivery.app.db().begin().await?;
    if let Some(mut row) = rows::find(&tx, ours).await? {
        match row.peer_id.as_deref() {
            Some(known) if known == theirs.as_str() => return Ok(()),
            Some(known) => {
                let reason = format!("the partner answers {theirs}, after {known} before");
                return Err(DeliveryError::Refused(reason.into()));
            }
            None => {
                row.peer_id = Some(theirs.to_string());
                if row.status == LinkStatus::Draft {
                    row.status = LinkStatus::Ready;
                }
                rows::save(&tx, row).await?;
            }
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Tells the partner of our config. Between our consoles it replaces, a base partner merges it.
pub(super) async fn deliver_update(
    delivery: &Delivery<'_>,
    body: &UpdateProject,
) -> Result<(), DeliveryError> {
    let route = partners::route(delivery.partner)?;
    let request = ProjectUpdate {
        peer_config: ConfigText::from(body.config.clone()),
        replace: Some(true),
        archived: body.archived.then_some(true),
    };
    let answer = delivery
        .app
        .peer()
        .project_update(&route, &options(delivery), &body.project_id, &request)
        .await;
    answer
        .map(|_| ())
        .map_err(|error| Verdict::of(route.speaks, &error).as_error(&error))
}

fn options(delivery: &Delivery<'_>) -> CallOptions {
    CallOptions::command(
        delivery.message_id.clone(),
        delivery.request_id.map(str::to_owned),
    )
}
