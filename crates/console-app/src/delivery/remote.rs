//! The other side of a run: the calls that deliver messages about it.

use console_model::InstanceId;
use console_peer::Word;
use console_peer::base::{
    BaseStatus, InstanceCreate, InstanceCreateAnswer, InstanceRow, InstanceUpdate, StatusCommand,
};
use console_peer::client::{CallOptions, Partner, PeerError, Speaks};
use console_peer::ext::InstanceReport;
use console_peer::recovery::{Command, Recovery, after};
use console_peer::refusal::SharedSettings;

use super::{Delivery, DeliveryError, Verdict};
use crate::instances::DELETED;
use crate::instances::remote::about;
use crate::outbox::instance::{CreateInstance, InstanceStatusChange, UpdateInstance, Wish};
use crate::{App, partners};

/// One call about one run.
pub(super) struct Remote<'a> {
    app: &'a App,
    route: Partner,
    options: CallOptions,
    instance: &'a InstanceId,
    /// Whether the message was tried before.
    again: bool,
}

impl<'a> Remote<'a> {
    /// The call that delivers a message.
    pub(super) fn of(delivery: &Delivery<'a>, instance: &'a InstanceId) -> Result<Self, DeliveryError> {
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
    pub(super) const fn verdict(&self, error: &PeerError) -> Verdict {
        Verdict::of(self.route.speaks, error)
    }

    /// Asks for the run; gives the partner's answer, above all its id of the run. When a base partner's answer was lost, its row tells.
    pub(super) async fn create(
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
    pub(super) async fn update(&self, body: &UpdateInstance) -> Result<BaseStatus, PeerError> {
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
    pub(super) async fn announce(&self, body: &InstanceStatusChange) -> Result<(), PeerError> {
        let InstanceStatusChange {
            instance_id: _,
            seq,
            attempt,
            status,
            detail,
            detail_zh,
            failure,
        } = body;
        let report = InstanceReport {
            seq: *seq,
            attempt: *attempt,
            status: status.map_or_else(|| Word::Other(DELETED.to_owned()), Word::Known),
            detail: detail.clone(),
            detail_zh: detail_zh.clone(),
            failure: failure.clone(),
        };
        self.app
            .peer()
            .instance_status(&self.route, &self.options, self.instance, &report)
            .await?;
        Ok(())
    }

    /// The partner's row.
    pub(super) async fn get(&self) -> Result<InstanceRow, PeerError> {
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
