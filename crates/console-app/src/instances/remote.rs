//! The other side of an instance: calls to the partner about one run.

use bytes::Bytes;
use console_db::instances as rows;
use console_model::{InstanceId, PartnerId};
use console_peer::base::InstanceRow;
use console_peer::client::{CallOptions, PeerError};
use console_peer::ext::ChannelAnswer;

use crate::{App, AppError, partners};

/// The partner's row of a run, asked for outside of the outbox. `known`: the partner's id of it, where it is known.
pub(super) async fn ask(
    app: &App,
    partner: &console_db::entity::partner::Model,
    instance: &InstanceId,
    known: Option<&str>,
) -> Result<InstanceRow, PeerError> {
    let route = partners::trusted_route(partner).map_err(|error| PeerError::Protocol(error.to_string()))?;
    let options = CallOptions {
        timeout: Some(std::time::Duration::from_secs(10)),
        ..CallOptions::default()
    };
    let row = app.peer().instance_get(&route, &options, instance).await?;
    about(row, instance, known)
}

/// The row, if it is about the run that was asked for, as far as it says so.
pub(crate) fn about(
    row: InstanceRow,
    ours: &InstanceId,
    theirs: Option<&str>,
) -> Result<InstanceRow, PeerError> {
    let of_ours = row.instance_peer_id.as_ref().is_none_or(|id| id == ours);
    let of_theirs = theirs.is_none_or(|id| id == row.id.as_str());
    if of_ours && of_theirs {
        Ok(row)
    } else {
        Err(PeerError::unreadable("it is about another run"))
    }
}

/// Why an engine message was not taken.
pub(super) enum Unsent {
    /// The partner's half of the attempt is over.
    Over,
    /// The partner did not answer, or does not take it.
    Away(PeerError),
    /// Not now.
    Later(AppError),
}

impl<E: Into<AppError>> From<E> for Unsent {
    fn from(error: E) -> Self {
        Self::Later(error.into())
    }
}

/// Sends one engine message. Nothing goes to a partner that is suspended or no longer paired.
pub(super) async fn send_message(
    app: &App,
    instance: &InstanceId,
    position: (u32, u64),
    message: Bytes,
) -> Result<ChannelAnswer, Unsent> {
    let row = rows::find(app.db().reader(), instance)
        .await?
        .ok_or_else(|| AppError::not_found("instance"))?;
    let partner = row.partner_id.as_deref().and_then(|id| PartnerId::parse(id).ok());
    let partner = partner.ok_or_else(|| AppError::not_found("partner"))?;
    // The address may have been corrected and the trust withdrawn since the last message, so both are looked up for each.
    let route = partners::trusted_route(&partners::find(app.db().reader(), &partner).await?)?;
    let sent = app
        .peer()
        .channel_send(&route, &CallOptions::default(), instance, position, message)
        .await;
    sent.map_err(|error| match error {
        PeerError::Refused { status: 409, .. } => Unsent::Over,
        error => Unsent::Away(error),
    })
}

/// Notes that the partner of a run was heard, or why it was not, for the operators. That it cannot be noted is no reason
/// to hold the run up.
pub(super) async fn note_contact(app: &App, instance: &InstanceId, error: Option<&PeerError>) {
    let noted = async {
        let Some(row) = rows::find(app.db().reader(), instance).await? else {
            return Ok(());
        };
        let Some(partner) = row.partner_id else {
            return Ok(());
        };
        let error = error.map(ToString::to_string);
        console_db::partners::note_contact(app.db(), &partner, error.as_deref()).await
    };
    if let Err(error) = noted.await {
        tracing::debug!(instance.id = %instance, error = &error as &dyn std::error::Error, "the contact was not noted");
    }
}
