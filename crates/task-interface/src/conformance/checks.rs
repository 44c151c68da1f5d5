//! The checks that run jobs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use super::outcome::{PairOutcome, SideOutcome};
use super::pair::{Fault, Script, run_pair};
use super::{EngineCase, Failures, Passed};
use crate::host::Report;
use crate::{Engine, EngineError, ReportedStatus};

/// How long a side is left without its partner.
const ALONE: Duration = Duration::from_millis(1500);
/// How long a dead console is away.
const AWAY: Duration = Duration::from_millis(100);
/// How long each message takes on a slow channel.
const SLOW: Duration = Duration::from_millis(10);
/// An engine that calls nothing for so long is stopped at the beginning of that time as well.
const LONG_SILENCE: Duration = Duration::from_millis(250);
/// At how many moments a job is stopped on each side, and its storage fails.
const MOMENTS: u64 = 3;

/// Runs an engine and writes down what it does wrong. A check of several runs ends with the first one that goes wrong:
/// the others would say the same.
pub(super) struct Kit<E> {
    pub(super) make: Arc<dyn Fn() -> E + Send + Sync>,
    pub(super) failures: Vec<String>,
    runs: usize,
}

impl<E: Engine> Kit<E> {
    pub(super) fn new(make: impl Fn() -> E + Send + Sync + 'static) -> Self {
        Self {
            make: Arc::new(make),
            failures: Vec::new(),
            runs: 0,
        }
    }

    pub(super) fn finish(self) -> Result<Passed, Failures> {
        if self.failures.is_empty() {
            Ok(Passed { runs: self.runs })
        } else {
            Err(Failures(self.failures))
        }
    }

    pub(super) fn require(&mut self, good: bool, failure: impl FnOnce() -> String) {
        if !good {
            self.failures.push(failure());
        }
    }

    pub(super) async fn case(&mut self, case: &EngineCase) {
        self.validation(case).await;
        let Some(plain) = self.run(case, "plain run", Script::default()).await else {
            return;
        };
        if !self.ended_well(case, "plain run", &plain) {
            // The other checks compare with this run.
            return;
        }
        if !plain.delays.is_empty() {
            // It would be as slow in all the others.
            return;
        }
        let can_attach = (self.make)().describe().capabilities.attach;
        for (name, side) in plain.sides() {
            let handles = side
                .reports
                .iter()
                .any(|report| matches!(report, Report::Handle(_)));
            self.require(can_attach || !handles, || {
                format!(
                    "plain run: the {name} reported a handle, but describe does not have the capability attach"
                )
            });
            let running = side.statuses().any(|status| status == ReportedStatus::Running);
            self.require(running, || {
                format!("plain run: the {name} never reported that it runs")
            });
        }
        if !(self.make)().describe().capabilities.own_transport {
            self.alone(case).await;
        }
        self.stops(case, &plain).await;
        self.stops_in_silence(case, &plain).await;
        self.slowness(case, &plain).await;
        self.restarts(case, &plain).await;
        self.broken_storage(case, &plain).await;
    }

    /// Runs both sides; a second time when something took too long. A busy machine is not busy at the same moment twice.
    async fn run(&mut self, case: &EngineCase, what: &str, script: Script) -> Option<PairOutcome> {
        let before = self.failures.len();
        let mut outcome = self.run_once(case, what, script).await?;
        if !outcome.delays.is_empty() && self.failures.len() == before {
            outcome = self.run_once(case, what, script).await?;
            let texts = outcome.delays.iter().map(|text| format!("{what}: {text}"));
            self.failures.extend(texts);
        }
        Some(outcome)
    }

    async fn run_once(&mut self, case: &EngineCase, what: &str, script: Script) -> Option<PairOutcome> {
        self.runs += 1;
        match run_pair(&self.make, case, script).await {
            Ok(outcome) => {
                let texts = outcome.violations.iter().map(|text| format!("{what}: {text}"));
                self.failures.extend(texts);
                Some(outcome)
            }
            Err(error) => {
                self.failures
                    .push(format!("{what}: the test's own folder does not work: {error}"));
                None
            }
        }
    }

    fn ended_well(&mut self, case: &EngineCase, what: &str, outcome: &PairOutcome) -> bool {
        let before = self.failures.len();
        for (name, side) in outcome.sides() {
            self.require(side.succeeded(), || {
                format!(
                    "{what}: the {name} did not end well: {:?}, {:?}",
                    side.ended,
                    side.statuses().last()
                )
            });
        }
        if self.failures.len() == before
            && let Err(reason) = (case.check)(outcome)
        {
            self.failures
                .push(format!("{what}: the case's own check failed: {reason}"));
        }
        self.failures.len() == before
    }

    async fn alone(&mut self, case: &EngineCase) {
        let before = self.failures.len();
        let absent = Fault::Absent { wait: ALONE };
        for (name, other) in [("initiator", "partner"), ("partner", "initiator")] {
            let script = Script::on(other, absent);
            if self.failures.len() > before {
                return;
            }
            let what = format!("{name} alone");
            let Some(outcome) = self.run(case, &what, script).await else {
                return;
            };
            let side = if name == "initiator" {
                &outcome.initiator
            } else {
                &outcome.partner
            };
            self.require(!side.succeeded(), || {
                format!("{what}: it reports success, though nobody was on the other side")
            });
            self.require(side.ended != Ok(()), || {
                format!("{what}: its future says that all went well")
            });
        }
    }

    /// A script with a fault at each of some moments of a share of a run, on either side.
    fn moments(
        plain: &PairOutcome,
        (count, share): (u64, f64),
        fault: impl Fn(u64) -> Fault,
    ) -> Vec<(String, Script)> {
        let mut scripts = Vec::new();
        for (name, side) in plain.sides() {
            let last = (side.calls as f64 * share) as u64;
            let calls: BTreeSet<_> = (0..count).map(|moment| 1 + last * moment / count).collect();
            for call in calls {
                let script = Script::on(name, fault(call));
                scripts.push((format!("the {name}, at call {call} of {}", side.calls), script));
            }
        }
        scripts
    }

    async fn stops(&mut self, case: &EngineCase, plain: &PairOutcome) {
        let before = self.failures.len();
        for (at, script) in Self::moments(plain, (MOMENTS, 0.5), |at_call| Fault::Stop { at_call }) {
            if self.failures.len() > before {
                return;
            }
            let what = format!("stop of {at}");
            let Some(outcome) = self.run(case, &what, script).await else {
                return;
            };
            let (stopped, other) = match script.initiator {
                Some(_) => (&outcome.initiator, &outcome.partner),
                None => (&outcome.partner, &outcome.initiator),
            };
            self.require(stopped.ended == Err(EngineError::Cancelled), || {
                format!(
                    "{what}: it did not end as cancelled, but with {:?}",
                    stopped.ended
                )
            });
            self.other_ended(&what, other);
        }
    }

    /// Stops each side at the beginning of the longest time for which it calls nothing: an engine that does not look at the
    /// token meanwhile obeys at its end.
    async fn stops_in_silence(&mut self, case: &EngineCase, plain: &PairOutcome) {
        for (name, side) in plain.sides() {
            let (at_call, silent) = side.longest_silence;
            if silent < LONG_SILENCE {
                continue;
            }
            let script = Script::on(name, Fault::Stop { at_call });
            let what =
                format!("stop of the {name}, after call {at_call}, where it calls nothing for {silent:?}");
            if self.run(case, &what, script).await.is_none() {
                return;
            }
        }
    }

    /// A side whose partner has ended without success was stopped. It may have had all that it needs before.
    fn other_ended(&mut self, what: &str, other: &SideOutcome) {
        self.require(
            matches!(other.ended, Ok(()) | Err(EngineError::Cancelled)),
            || {
                format!(
                    "{what}: the other side did not end as cancelled, but with {:?}",
                    other.ended
                )
            },
        );
    }

    async fn slowness(&mut self, case: &EngineCase, plain: &PairOutcome) {
        let before = self.failures.len();
        let late = Fault::Late { by: ALONE };
        let scripts = [
            (
                "a slow channel",
                Script {
                    delay: SLOW,
                    ..Script::default()
                },
            ),
            ("a late partner", Script::on("partner", late)),
            ("a late initiator", Script::on("initiator", late)),
        ];
        for (what, script) in scripts {
            if self.failures.len() > before {
                return;
            }
            let Some(outcome) = self.run(case, what, script).await else {
                return;
            };
            if self.ended_well(case, what, &outcome) {
                self.same(case, what, plain, &outcome);
            }
        }
    }

    async fn restarts(&mut self, case: &EngineCase, plain: &PairOutcome) {
        let before = self.failures.len();
        for (at, script) in Self::moments(plain, (case.restarts, 1.0), |at_call| Fault::Restart {
            at_call,
            away: AWAY,
        }) {
            if self.failures.len() > before {
                return;
            }
            let what = format!("restart of {at}");
            let Some(outcome) = self.run(case, &what, script).await else {
                return;
            };
            if self.ended_well(case, &what, &outcome) {
                self.same(case, &what, plain, &outcome);
            }
        }
    }

    fn same(&mut self, case: &EngineCase, what: &str, plain: &PairOutcome, outcome: &PairOutcome) {
        for ((name, expected), (_, side)) in plain.sides().into_iter().zip(outcome.sides()) {
            let (before, after) = (expected.results(), side.results());
            for result in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
                let (was, is) = (before.get(result), after.get(result));
                self.require(was == is, || {
                    format!("{what}: the {name}'s result {result} is {is:?}, was {was:?}")
                });
            }
            let (before, after) = (expected.metrics(), side.metrics());
            let curves = |points: &BTreeMap<(&str, i64), f64>| -> BTreeSet<String> {
                points.keys().map(|(curve, _)| (*curve).to_owned()).collect()
            };
            let equal = match case.fixed_metrics {
                true => before == after,
                false => curves(&before) == curves(&after),
            };
            self.require(equal, || format!("{what}: the {name}'s metrics differ"));
            let names = expected.object_names();
            self.require(names == side.object_names(), || {
                format!("{what}: the {name} wrote other objects")
            });
            if case.fixed_objects {
                for object in names {
                    self.require(expected.object(&object) == side.object(&object), || {
                        format!("{what}: the {name}'s object {object} has other bytes")
                    });
                }
            }
        }
    }

    async fn broken_storage(&mut self, case: &EngineCase, plain: &PairOutcome) {
        let before = self.failures.len();
        for (at, script) in Self::moments(plain, (MOMENTS, 1.0), |from_call| Fault::StorageFails {
            from_call,
        }) {
            if self.failures.len() > before {
                return;
            }
            let what = format!("failing storage of {at}");
            let Some(outcome) = self.run(case, &what, script).await else {
                return;
            };
            let (broken, other) = match script.initiator {
                Some(_) => (&outcome.initiator, &outcome.partner),
                None => (&outcome.partner, &outcome.initiator),
            };
            self.require(matches!(broken.ended, Err(EngineError::Failed { .. })), || {
                format!(
                    "{what}: the side whose storage fails ended with {:?} instead of an error",
                    broken.ended
                )
            });
            self.other_ended(&what, other);
        }
    }
}
