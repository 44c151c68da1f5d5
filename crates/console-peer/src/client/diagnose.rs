use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use console_model::ProjectId;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{CallOptions, Hop, Partner, PeerClient, PeerError, Speaks};
use crate::address::resolve;
use crate::base::RspCode;
use crate::ext::Hello;

/// What a step of the connection check looks at, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// The name resolves to an address that may be called.
    Name,
    /// The address takes connections.
    Tcp,
    /// A secure connection comes about.
    Tls,
    /// Something answers over HTTP.
    Http,
    /// What answers is a console.
    Console,
    /// It is the console that we paired with, and it accepts our signature.
    Signature,
    /// Its clock agrees with ours.
    Clock,
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckOutcome {
    /// Good.
    Passed,
    /// Works, but somebody should look at it.
    Warned,
    /// This is the fault; later steps were not tried, or mean nothing.
    Failed,
    /// Does not apply (no TLS in an http address, no signature to a base partner).
    Skipped,
}

/// One step of the connection check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckStep {
    /// What was looked at.
    pub checked: Checked,
    /// How it went.
    pub outcome: CheckOutcome,
    /// What was found, for an operator.
    pub detail: String,
    /// What to do about it; nothing when it is good.
    pub advice: Option<&'static str>,
}

impl CheckStep {
    fn new(checked: Checked, outcome: CheckOutcome, detail: impl Into<String>) -> Self {
        Self {
            checked,
            outcome,
            detail: detail.into(),
            advice: None,
        }
    }

    const fn advise(mut self, advice: &'static str) -> Self {
        self.advice = Some(advice);
        self
    }
}

use CheckOutcome::{Failed, Passed, Skipped, Warned};

impl PeerClient {
    /// Checks the way to a partner step by step: name, connection, TLS, HTTP, console, signature, clock. Ends with the
    /// first step that fails; takes at most a few time-outs. Changes nothing on either side.
    pub async fn diagnose(&self, partner: &Partner) -> Vec<CheckStep> {
        let mut steps = Vec::new();
        if !self.check_way(partner, &mut steps).await {
            return steps;
        }
        let unsigned = Partner {
            address: partner.address.clone(),
            speaks: Speaks::Base,
        };
        let options = CallOptions {
            timeout: Some(self.config.connect_timeout * 2),
            ..CallOptions::default()
        };
        let asked = Utc::now();
        let hello = self.hello(&unsigned, &options).await;
        let answered = Utc::now();
        if !http_steps(partner, &hello, &mut steps) {
            return steps;
        }
        // Nobody has this id, so a console that lets us in answers that it does not know it.
        let probe = self
            .project_check(partner, &options, &ProjectId::generate())
            .await;
        if !console_steps(partner, &hello, &probe.map(|_| ()), &mut steps) {
            return steps;
        }
        steps.push(match &hello {
            Ok(hello) => clock_step(
                asked + (answered - asked) / 2,
                hello.server_time,
                self.config.clock_window,
            ),
            Err(_) => CheckStep::new(Checked::Clock, Skipped, "a base console does not tell its time"),
        });
        steps
    }

    async fn check_way(&self, partner: &Partner, steps: &mut Vec<CheckStep>) -> bool {
        let (host, port) = (partner.address.host(), partner.address.port());
        let patience = self.config.connect_timeout;
        let addresses = match timeout(patience, resolve(&host, port, &self.policy)).await {
            Ok(Ok(Ok(addresses))) => addresses,
            Ok(Ok(Err(refusal))) => {
                steps.push(
                    CheckStep::new(Checked::Name, Failed, refusal.to_string())
                        .advise("correct the address, or allow it by the setting that is named"),
                );
                return false;
            }
            Ok(Err(error)) => {
                steps.push(
                    CheckStep::new(Checked::Name, Failed, format!("{host} does not resolve: {error}"))
                        .advise("check the spelling of the host, and the name service of this machine"),
                );
                return false;
            }
            Err(_) => {
                steps.push(
                    CheckStep::new(Checked::Name, Failed, format!("{host} does not resolve in time"))
                        .advise("check the name service of this machine"),
                );
                return false;
            }
        };
        let found: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
        steps.push(CheckStep::new(Checked::Name, Passed, found.join(", ")));

        let mut last = String::new();
        for address in addresses {
            match timeout(patience, TcpStream::connect(address)).await {
                Ok(Ok(_)) => {
                    steps.push(CheckStep::new(Checked::Tcp, Passed, address.to_string()));
                    return true;
                }
                Ok(Err(error)) => last = format!("{address}: {error}"),
                Err(_) => last = format!("{address}: no answer in time"),
            }
        }
        steps.push(
            CheckStep::new(Checked::Tcp, Failed, last).advise(
                "check the port, the firewalls between both sides, and that the partner's console runs",
            ),
        );
        false
    }
}

fn http_steps(partner: &Partner, hello: &Result<Hello, PeerError>, steps: &mut Vec<CheckStep>) -> bool {
    // The connection came about a moment ago: one that does not with https stays away in the handshake.
    let in_handshake = |hop: &Hop| *hop == Hop::Tls || (*hop == Hop::Tcp && partner.address.is_tls());
    if let Err(PeerError::Unreachable { hop, detail }) = hello
        && in_handshake(hop)
    {
        steps.push(CheckStep::new(Checked::Tls, Failed, detail).advise(
            "check that the partner serves https there, and that its certificate is valid and trusted here",
        ));
        return false;
    }
    steps.push(if partner.address.is_tls() {
        CheckStep::new(Checked::Tls, Passed, "secure connection")
    } else {
        CheckStep::new(Checked::Tls, Skipped, "an http address has no TLS")
    });
    match hello {
        Ok(_) | Err(PeerError::NotSpoken | PeerError::Refused { .. } | PeerError::Protocol(_)) => {
            steps.push(CheckStep::new(Checked::Http, Passed, "it answers"));
            true
        }
        Err(
            error @ (PeerError::Unreachable { .. }
            | PeerError::TooLarge { .. }
            | PeerError::Unknown { .. }
            | PeerError::NotAllowed(_)),
        ) => {
            steps.push(CheckStep::new(Checked::Http, Failed, error.of_question()).advise(
                "check the path of the address and what stands between both sides (proxy, load balancer)",
            ));
            false
        }
    }
}

fn console_steps(
    partner: &Partner,
    hello: &Result<Hello, PeerError>,
    probe: &Result<(), PeerError>,
    steps: &mut Vec<CheckStep>,
) -> bool {
    let code = match probe {
        Ok(()) => RspCode::NotFound,
        Err(PeerError::Refused { code, .. }) => *code,
        Err(error) => {
            steps.push(
                CheckStep::new(Checked::Console, Failed, error.of_question()).advise(
                    "what answers there is no console, or a broken one: check the address and its path",
                ),
            );
            return false;
        }
    };
    steps.push(match hello {
        Ok(hello) => {
            let detail = format!("{} (level {})", hello.name, hello.protocol_level);
            CheckStep::new(Checked::Console, Passed, detail)
        }
        Err(PeerError::NotSpoken) => CheckStep::new(
            Checked::Console,
            Passed,
            "a console that speaks the base protocol only",
        ),
        Err(error) => CheckStep::new(Checked::Console, Warned, error.of_question())
            .advise("its announcement is broken: ask the partner to update its console"),
    });
    let step = signature_step(partner, hello, code);
    let goes_on = step.outcome != Failed;
    steps.push(step);
    goes_on
}

fn signature_step(partner: &Partner, hello: &Result<Hello, PeerError>, code: RspCode) -> CheckStep {
    let step = |outcome, detail: &str| CheckStep::new(Checked::Signature, outcome, detail);
    let Speaks::Paired { receiver } = partner.speaks else {
        return match code {
            RspCode::PermissionDenied | RspCode::Unauthenticated => {
                step(Warned, "it does not accept unsigned calls from this console").advise(
                    "pair by invitation, or ask the partner's administrator to opt in to the base protocol",
                )
            }
            _ => step(Skipped, "calls to a base partner are not signed"),
        };
    };
    match hello {
        Ok(hello) if hello.fingerprint != receiver => {
            step(Failed, "another key answers than the one that was paired")
                .advise("ask the partner whether its key changed or the address moved; pair again if so")
        }
        Err(_) => step(Failed, "a paired console was expected, and no announcement came")
            .advise("check that the address still leads to the partner's console"),
        Ok(_) => match code {
            RspCode::Unauthenticated | RspCode::PermissionDenied => {
                step(Failed, "the partner does not accept our signature")
                    .advise("check on the partner's side that the pairing is active, and compare both clocks")
            }
            _ => step(Passed, "the partner accepts our signature"),
        },
    }
}

fn clock_step(ours: DateTime<Utc>, theirs: DateTime<Utc>, window: Duration) -> CheckStep {
    let offset = theirs - ours;
    let distance = offset.abs();
    let detail = format!("the partner's clock differs by {} ms", offset.num_milliseconds());
    let window = TimeDelta::from_std(window).unwrap_or(TimeDelta::MAX);
    if distance > window {
        CheckStep::new(Checked::Clock, Failed, detail)
            .advise("set both clocks by a time service: signed calls are refused at this difference")
    } else if distance > window / 10 {
        CheckStep::new(Checked::Clock, Warned, detail).advise("set both clocks by a time service")
    } else {
        CheckStep::new(Checked::Clock, Passed, detail)
    }
}
