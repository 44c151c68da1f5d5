//! The other side of an instance: calls to the partner about one run.

use bytes::Bytes;
use console_db::instances as rows;
use console_model::{InstanceId, PartnerId};
use console_peer::Word;
use console_peer::base::{
    BaseStatus, InstanceCreate, InstanceCreateAnswer, InstanceRow, InstanceUpdate, StatusCommand,
};
use console_peer::client::{CallOptions, Partner, PeerError, Speaks};
use console_peer::ext::{ChannelAnswer, InstanceReport};
use console_peer::recovery::{Command, Recovery, after};
use console_peer::refusal::SharedSettings;

use crate::outbox::instance::{CreateInstance, InstanceStatusChange, UpdateInstance, Wish};
use crate::outbox::{Delivery, DeliveryError, Verdict};
use crate::{App, AppError, partners};

/// One call about one run, for the outbox.
pub(crate) struct Remote<'a> {
    app: &'a App,
    route: Partner,
    options: CallOptions,
    instance: &'a InstanceId,
    /// Whether the message was tried before.
    again: bool,
}

impl<'a> Remote<'a> {
    /// The call that delivers a message.
    pub(crate) fn of(delivery: &Delivery<'a>, instance: &'a InstanceId) -> Result<Self, DeliveryError> {
        let options = CallOptions::command(
            delivery.message_id.clone(),
            delivery.request_id.map(str::to_owned),
        );
        Ok(Self {
            app: delivery.app,
            route: partners::route(delivery.partner)?,
            options,
            instance,
            again: delivery.tries > 0,
        })
    }

    /// What an answer without success means.
    pub(crate) const fn verdict(&self, error: &PeerError) -> Verdict {
        Verdict::of(self.route.speaks, error)
    }

    /// Asks for the run; gives the partner's answer, above all its id of the run. When a base partner's answer was lost, its row tells.
    pub(crate) async fn create(
        &self,
        body: &CreateInstance,
        shared_settings: Option<SharedSettings>,
    ) -> Result<InstanceCreateAnswer, PeerError> {
        let of_row = |row: InstanceRow| InstanceCreateAnswer {
            task_instance_id: row.id,
            awaiting_consent: false,
        };
        let request = InstanceCreate {
            task_peer_id: body.task_peer_id.clone(),
            attempt: Some(body.attempt),
            shared_settings,
        };
        // A request that ran out of time may wait there still, and a base partner that has two at a time does both.
        if self.again && self.route.speaks == Speaks::Base {
            match self.get().await {
                Ok(row) => return Ok(of_row(row)),
                Err(error) if error.is_retryable() => return Err(error),
                Err(_) => {}
            }
        }
        let peer = self.app.peer();
        match peer
            .instance_create(&self.route, &self.options, self.instance, &request)
            .await
        {
            Ok(answer) => Ok(answer),
            Err(error) => match after(Command::InstanceCreate, self.route.speaks, &error) {
                Recovery::AskInstance => match self.get().await {
                    Ok(row) => Ok(of_row(row)),
                    // The row may not be there yet, since a base partner answers before it commits: ask again later.
                    Err(PeerError::Refused { .. }) if error.is_retryable() => Err(error),
                    Err(failed) if failed.is_retryable() => Err(failed),
                    Err(_) => Err(error),
                },
                _ => Err(error),
            },
        }
    }

    /// Asks to start or stop the partner's half; gives its state after.
    pub(crate) async fn update(&self, body: &UpdateInstance) -> Result<BaseStatus, PeerError> {
        let status = match body.wish {
            Wish::Start => StatusCommand::Run,
            Wish::Stop => StatusCommand::Stop,
        };
        let request = InstanceUpdate {
            status,
            attempt: Some(body.attempt),
        };
        let answer = self
            .app
            .peer()
            .instance_update(&self.route, &self.options, self.instance, &request)
            .await?;
        Ok(answer.status)
    }

    /// Announces the state of our half.
    pub(crate) async fn announce(&self, body: &InstanceStatusChange) -> Result<(), PeerError> {
        let InstanceStatusChange {
            instance_id: _,
            seq,
            attempt,
            status,
            detail,
        } = body;
        let report = InstanceReport {
            seq: *seq,
            attempt: *attempt,
            status: status.map_or_else(|| Word::Other(super::DELETED.to_owned()), Word::Known),
            detail: detail.clone(),
        };
        self.app
            .peer()
            .instance_status(&self.route, &self.options, self.instance, &report)
            .await?;
        Ok(())
    }

    /// The partner's row.
    pub(crate) async fn get(&self) -> Result<InstanceRow, PeerError> {
        let options = CallOptions {
            command_id: None,
            ..self.options.clone()
        };
        let row = self
            .app
            .peer()
            .instance_get(&self.route, &options, self.instance)
            .await?;
        about(row, self.instance, None)
    }
}

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
fn about(row: InstanceRow, ours: &InstanceId, theirs: Option<&str>) -> Result<InstanceRow, PeerError> {
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
