//! The instance state machine.
//!
//! A pure function from (state, event) to a named outcome. `console-db` persists a transition by compare-and-set on
//! the row's generation, in exactly one function.

use crate::status::numbered_words;

numbered_words! {
    /// What is true of one run on one side (`task_instance.status`). Numbers 0 to 6 are the base protocol's; ours begin
    /// at 10, of which 11 is kept for preparing.
    InstanceStatus, "instance status" {
        /// Made here, the partner does not know it yet.
        Draft = 0 "draft",
        /// Both sides know it; it may start.
        Ready = 1 "ready",
        /// Closed (adopted rows only).
        Archive = 2 "archive",
        /// The engine works on it.
        Running = 3 "running",
        /// Ended by an error; the reason is kept.
        Failed = 4 "failed",
        /// Stopped on request.
        Stopped = 5 "stopped",
        /// Finished well.
        Succeeded = 6 "succeeded",
        /// The partner asks for a start, and an operator here has not said yes yet.
        AwaitingConsent = 10 "awaiting_consent",
        /// Handed to the engine, which has not reported yet.
        Starting = 12 "starting",
        /// The engine was told to stop and has not ended yet.
        Stopping = 13 "stopping",
        /// The partner was silent for too long, or the engine's job cannot be found any more.
        Lost = 14 "lost",
    }
}

numbered_words! {
    /// Why an engine is being stopped (`task_instance.stop_cause`); decides the state after it has ended.
    StopCause, "stop cause" {
        /// An operator here asked for it.
        Operator = 0 "operator",
        /// The other side was stopped.
        PartnerStopped = 1 "partner_stopped",
        /// The other side failed.
        PartnerFailed = 2 "partner_failed",
        /// The other side was silent for too long.
        PartnerSilent = 3 "partner_silent",
    }
}

/// What happened to an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InstanceEvent {
    /// The partner knows the instance now.
    PartnerKnows,
    /// Somebody allowed to asks for a start, or for a start again as a new attempt.
    StartRequested,
    /// The partner asks for a start, or for a start again as a new attempt; an operator here is to be asked.
    ConsentAsked,
    /// An operator here said yes to what the partner asks for.
    ConsentGiven,
    /// Somebody allowed to, or the other side's end, asks for a stop.
    StopRequested(StopCause),
    /// The engine reported that it works.
    EngineStarted,
    /// The engine finished well.
    EngineSucceeded,
    /// The engine ended with an error.
    EngineFailed,
    /// The engine ended because it was told to; the cause is the one it was stopped for.
    EngineStopped(StopCause),
    /// The engine does not know the job any more.
    EngineLostJob,
}

/// The outcome of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transition {
    /// The instance is in a new state.
    To(InstanceStatus),
    /// Starts again: a new state and a new attempt number.
    NewAttempt(InstanceStatus),
    /// True already, or overtaken by what happened since: nothing changes, and that is fine.
    Unchanged,
    /// The present state forbids it.
    Refused,
}

impl StopCause {
    /// The state of an instance whose engine ended after a stop for this cause.
    #[must_use]
    pub const fn end(self) -> InstanceStatus {
        match self {
            Self::Operator | Self::PartnerStopped => InstanceStatus::Stopped,
            Self::PartnerFailed => InstanceStatus::Failed,
            Self::PartnerSilent => InstanceStatus::Lost,
        }
    }
}

impl InstanceStatus {
    /// States in which nothing runs any more.
    pub const TERMINAL: &'static [Self] = &[
        Self::Archive,
        Self::Failed,
        Self::Stopped,
        Self::Succeeded,
        Self::Lost,
    ];
    /// States that a reconciler has work with: the engine has it or should have it.
    pub const WITH_ENGINE: &'static [Self] = &[Self::Running, Self::Starting, Self::Stopping];
    /// States that a stop request changes.
    pub const STOPPABLE: &'static [Self] = &[
        Self::Draft,
        Self::Ready,
        Self::AwaitingConsent,
        Self::Running,
        Self::Starting,
    ];
    /// States that a start request changes, or that a partner's request turns into one that awaits consent.
    pub const STARTABLE: &'static [Self] = &[Self::Ready, Self::Failed, Self::Stopped, Self::Lost];
    /// States in which the row may be deleted.
    pub const DELETABLE: &'static [Self] = Self::TERMINAL;

    /// Whether nothing runs any more.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        Self::TERMINAL.contains(&self)
    }

    /// Whether the engine has it or should have it.
    #[must_use]
    pub fn has_engine(self) -> bool {
        Self::WITH_ENGINE.contains(&self)
    }

    /// Whether a stop request changes it.
    #[must_use]
    pub fn is_stoppable(self) -> bool {
        Self::STOPPABLE.contains(&self)
    }

    /// Whether a start request changes it.
    #[must_use]
    pub fn is_startable(self) -> bool {
        Self::STARTABLE.contains(&self)
    }

    /// Whether the row may be deleted.
    #[must_use]
    pub fn is_deletable(self) -> bool {
        Self::DELETABLE.contains(&self)
    }

    /// What an event does in this state.
    #[must_use]
    pub const fn on(self, event: InstanceEvent) -> Transition {
        use InstanceEvent as E;
        use Transition::{NewAttempt, Refused, To, Unchanged};
        match self {
            Self::Draft => match event {
                E::PartnerKnows => To(Self::Ready),
                E::StopRequested(cause) => To(cause.end()),
                E::StartRequested | E::ConsentAsked => Refused,
                E::ConsentGiven
                | E::EngineStarted
                | E::EngineSucceeded
                | E::EngineFailed
                | E::EngineStopped(_)
                | E::EngineLostJob => Unchanged,
            },
            Self::Ready => match event {
                E::StartRequested => To(Self::Starting),
                E::ConsentAsked => To(Self::AwaitingConsent),
                E::StopRequested(cause) => To(cause.end()),
                E::ConsentGiven
                | E::PartnerKnows
                | E::EngineStarted
                | E::EngineSucceeded
                | E::EngineFailed
                | E::EngineStopped(_)
                | E::EngineLostJob => Unchanged,
            },
            Self::AwaitingConsent => match event {
                E::ConsentGiven => To(Self::Starting),
                E::StopRequested(cause) => To(cause.end()),
                E::StartRequested => Refused,
                E::ConsentAsked
                | E::PartnerKnows
                | E::EngineStarted
                | E::EngineSucceeded
                | E::EngineFailed
                | E::EngineStopped(_)
                | E::EngineLostJob => Unchanged,
            },
            Self::Starting => match event {
                E::EngineStarted => To(Self::Running),
                E::EngineSucceeded => To(Self::Succeeded),
                E::EngineFailed => To(Self::Failed),
                E::EngineStopped(cause) => To(cause.end()),
                E::EngineLostJob => To(Self::Lost),
                E::StopRequested(_) => To(Self::Stopping),
                E::PartnerKnows | E::StartRequested | E::ConsentAsked | E::ConsentGiven => Unchanged,
            },
            Self::Running => match event {
                E::EngineSucceeded => To(Self::Succeeded),
                E::EngineFailed => To(Self::Failed),
                E::EngineStopped(cause) => To(cause.end()),
                E::EngineLostJob => To(Self::Lost),
                E::StopRequested(_) => To(Self::Stopping),
                E::PartnerKnows
                | E::StartRequested
                | E::ConsentAsked
                | E::ConsentGiven
                | E::EngineStarted => Unchanged,
            },
            Self::Stopping => match event {
                E::EngineSucceeded => To(Self::Succeeded),
                E::EngineFailed => To(Self::Failed),
                E::EngineStopped(cause) => To(cause.end()),
                E::EngineLostJob => To(Self::Lost),
                E::PartnerKnows | E::ConsentGiven | E::StopRequested(_) | E::EngineStarted => Unchanged,
                E::StartRequested | E::ConsentAsked => Refused,
            },
            Self::Failed | Self::Stopped | Self::Lost => match event {
                E::StartRequested => NewAttempt(Self::Starting),
                E::ConsentAsked => NewAttempt(Self::AwaitingConsent),
                E::PartnerKnows
                | E::ConsentGiven
                | E::StopRequested(_)
                | E::EngineStarted
                | E::EngineSucceeded
                | E::EngineFailed
                | E::EngineStopped(_)
                | E::EngineLostJob => Unchanged,
            },
            Self::Succeeded | Self::Archive => match event {
                E::StartRequested | E::ConsentAsked => Refused,
                E::PartnerKnows
                | E::ConsentGiven
                | E::StopRequested(_)
                | E::EngineStarted
                | E::EngineSucceeded
                | E::EngineFailed
                | E::EngineStopped(_)
                | E::EngineLostJob => Unchanged,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events() -> Vec<InstanceEvent> {
        let mut all = vec![
            InstanceEvent::PartnerKnows,
            InstanceEvent::StartRequested,
            InstanceEvent::ConsentAsked,
            InstanceEvent::ConsentGiven,
            InstanceEvent::EngineStarted,
            InstanceEvent::EngineSucceeded,
            InstanceEvent::EngineFailed,
            InstanceEvent::EngineLostJob,
        ];
        for cause in StopCause::ALL {
            all.push(InstanceEvent::StopRequested(*cause));
            all.push(InstanceEvent::EngineStopped(*cause));
        }
        all
    }

    /// Checks every pair against the named sets and the rules in words, not against a copy of the code.
    #[test]
    fn every_state_and_event_keeps_the_rules() {
        for &state in InstanceStatus::ALL {
            for event in events() {
                let outcome = state.on(event);
                let context = format!("{state} on {event:?} gave {outcome:?}");
                match event {
                    InstanceEvent::StartRequested | InstanceEvent::ConsentAsked => match outcome {
                        Transition::To(next) | Transition::NewAttempt(next) => {
                            assert!(state.is_startable(), "{context}");
                            let expected = match event {
                                InstanceEvent::ConsentAsked => InstanceStatus::AwaitingConsent,
                                _ => InstanceStatus::Starting,
                            };
                            assert_eq!(next, expected, "{context}");
                            let again = state.is_terminal();
                            assert_eq!(matches!(outcome, Transition::NewAttempt(_)), again, "{context}");
                        }
                        Transition::Unchanged | Transition::Refused => {
                            assert!(!state.is_startable(), "{context}")
                        }
                    },
                    InstanceEvent::ConsentGiven => {
                        let expected = match state {
                            InstanceStatus::AwaitingConsent => Transition::To(InstanceStatus::Starting),
                            _ => Transition::Unchanged,
                        };
                        assert_eq!(outcome, expected, "{context}");
                    }
                    InstanceEvent::StopRequested(cause) => {
                        let expected = match (state.is_stoppable(), state.has_engine()) {
                            (true, true) => Transition::To(InstanceStatus::Stopping),
                            (true, false) => Transition::To(cause.end()),
                            (false, _) => Transition::Unchanged,
                        };
                        assert_eq!(outcome, expected, "{context}");
                    }
                    InstanceEvent::PartnerKnows => {
                        let expected = match state {
                            InstanceStatus::Draft => Transition::To(InstanceStatus::Ready),
                            _ => Transition::Unchanged,
                        };
                        assert_eq!(outcome, expected, "{context}");
                    }
                    InstanceEvent::EngineStarted => {
                        let expected = match state {
                            InstanceStatus::Starting => Transition::To(InstanceStatus::Running),
                            _ => Transition::Unchanged,
                        };
                        assert_eq!(outcome, expected, "{context}");
                    }
                    InstanceEvent::EngineSucceeded
                    | InstanceEvent::EngineFailed
                    | InstanceEvent::EngineStopped(_)
                    | InstanceEvent::EngineLostJob => match outcome {
                        Transition::To(next) => {
                            assert!(state.has_engine() && next.is_terminal(), "{context}");
                        }
                        Transition::Unchanged => assert!(!state.has_engine(), "{context}"),
                        Transition::NewAttempt(_) | Transition::Refused => panic!("{context}"),
                    },
                }
            }
        }
    }

    #[test]
    fn succeeded_stopped_failed_and_lost_are_four_different_ends() {
        let ends = [
            InstanceStatus::Running.on(InstanceEvent::EngineSucceeded),
            InstanceStatus::Stopping.on(InstanceEvent::EngineStopped(StopCause::Operator)),
            InstanceStatus::Running.on(InstanceEvent::EngineFailed),
            InstanceStatus::Running.on(InstanceEvent::EngineLostJob),
        ];
        let expected = [
            InstanceStatus::Succeeded,
            InstanceStatus::Stopped,
            InstanceStatus::Failed,
            InstanceStatus::Lost,
        ];
        assert_eq!(ends.to_vec(), expected.map(Transition::To).to_vec());
    }

    #[test]
    fn numbers_and_words_survive_a_round_trip() {
        for &state in InstanceStatus::ALL {
            assert_eq!(InstanceStatus::from_number(state.number()), Ok(state));
            assert_eq!(InstanceStatus::from_word(state.word()), Ok(state));
            assert_eq!(
                serde_json::to_value(state).unwrap(),
                serde_json::Value::from(state.word())
            );
        }
        assert!(InstanceStatus::from_number(99).is_err());
    }
}
