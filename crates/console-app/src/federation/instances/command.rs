//! What a partner's start or stop means for our half.

use console_db::entity::task_instance;
use console_model::{InstanceEvent, InstanceStatus, RunReasonCode, StopCause};
use console_peer::base::{BaseStatus, InstanceUpdate, StatusCommand};

use super::super::PeerRefusal;
use super::super::caller::Caller;
use super::attempt_near;
use crate::App;
use crate::instances::change::{Actor, Change};
use crate::settings::StartOnPartnerRequest;

/// What is to be done.
pub(super) enum Wanted {
    /// It is so already, or overtaken.
    Nothing,
    /// This.
    Change(Change),
    /// This first, and the command again when it has come to its end.
    After(Change),
}

/// The state of a base partner's half: it changes its own before it tells us. Others announce theirs.
pub(super) fn told(caller: &Caller, command: StatusCommand) -> Option<InstanceStatus> {
    match command {
        StatusCommand::Run if !caller.signed => Some(InstanceStatus::Running),
        StatusCommand::Stop if !caller.signed => Some(InstanceStatus::Stopped),
        StatusCommand::Run | StatusCommand::Stop | StatusCommand::Other(_) => None,
    }
}

/// What a command wants of our half as it is now.
pub(super) fn wanted(
    app: &App,
    caller: &Caller,
    row: &task_instance::Model,
    status: InstanceStatus,
    request: &InstanceUpdate,
) -> Result<Wanted, PeerRefusal> {
    let attempt = attempt_near(row.attempt, request.attempt)?;
    match request.status {
        StatusCommand::Run => start(app, caller, row, status, attempt),
        StatusCommand::Stop if attempt.is_some_and(|attempt| attempt < row.attempt) => Ok(Wanted::Nothing),
        StatusCommand::Stop => Ok(Wanted::Change(stop(caller, RunReasonCode::PartnerStopped))),
        StatusCommand::Other(_) => Ok(Wanted::Nothing),
    }
}

fn start(
    app: &App,
    caller: &Caller,
    row: &task_instance::Model,
    status: InstanceStatus,
    attempt: Option<i32>,
) -> Result<Wanted, PeerRefusal> {
    if let Some(attempt) = attempt {
        if attempt < row.attempt {
            // It would run alone: whoever asks starts again, and then counts on from ours.
            return Err(PeerRefusal::conflict("a later attempt is known here"));
        }
        if attempt == row.attempt && (status.is_terminal() || status == InstanceStatus::Stopping) {
            return Ok(Wanted::Nothing);
        }
        let overtaken = status.has_engine() || status == InstanceStatus::AwaitingConsent;
        if attempt > row.attempt && overtaken {
            return Ok(Wanted::After(stop(caller, RunReasonCode::PartnerAnew)));
        }
    }
    if was_stopped_here(row, status) {
        return if caller.signed {
            Err(PeerRefusal::precondition(
                "an operator here stopped this run; only they can start it again",
            ))
        } else {
            Ok(Wanted::Nothing)
        };
    }
    let Some(event) = start_event(app) else {
        return Ok(Wanted::Nothing);
    };
    let actor = Actor::partner(caller.partner.id.as_str(), &caller.request_id);
    Ok(Wanted::Change(Change {
        attempt,
        ..Change::new(event, actor)
    }))
}

/// What a partner's request for a start is here.
pub(super) fn start_event(app: &App) -> Option<InstanceEvent> {
    match app.settings().federation.start_on_partner_request {
        StartOnPartnerRequest::Ask => Some(InstanceEvent::ConsentAsked),
        StartOnPartnerRequest::Always => Some(InstanceEvent::StartRequested),
        StartOnPartnerRequest::Never => None,
    }
}

/// Whether an operator here stopped the run, or refused it: the partner alone never starts it again.
fn was_stopped_here(row: &task_instance::Model, status: InstanceStatus) -> bool {
    status == InstanceStatus::Stopped && row.stop_cause == Some(StopCause::Operator.number())
}

fn stop(caller: &Caller, why: RunReasonCode) -> Change {
    let actor = Actor::partner(caller.partner.id.as_str(), &caller.request_id);
    Change::new(InstanceEvent::StopRequested(StopCause::PartnerStopped), actor).because(why)
}

/// What a command that our state forbids is answered: a base partner gets the state, as from one of its own kind.
pub(super) fn refused(caller: &Caller, status: InstanceStatus) -> Result<BaseStatus, PeerRefusal> {
    if caller.signed {
        let ended = format!("this half is {status} and cannot be started again");
        return Err(PeerRefusal::precondition(ended));
    }
    Ok(status.into())
}

/// The state after a command.
pub(super) fn answer(after: InstanceStatus, request: &InstanceUpdate) -> BaseStatus {
    match after {
        // The original answers 5 to a stop that it accepted; the end is announced when it is there.
        InstanceStatus::Stopping if request.status == StatusCommand::Stop => {
            BaseStatus::TerminatedOrSucceeded
        }
        after => after.into(),
    }
}
