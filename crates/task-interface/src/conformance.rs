//! The conformance kit: what every engine must do, as a test.
//!
//! Enable the feature `conformance` in the engine's `[dev-dependencies]`, describe a job for each task type that the
//! engine runs, and call [`run`] in a test with a multi-threaded runtime:
//!
//! ```no_run
//! # #[derive(Clone)] struct MyEngine;
//! # impl task_interface::Engine for MyEngine {
//! #     fn describe(&self) -> task_interface::Description { task_interface::Description::new("mine", "1", []) }
//! #     async fn task_run(&self, _: task_interface::TaskContext) -> Result<(), task_interface::EngineError> { Ok(()) }
//! # }
//! use serde_json::json;
//! use task_interface::TaskKind;
//! use task_interface::conformance::{self, CaseSide, EngineCase};
//!
//! #[tokio::main]
//! async fn main() {
//!     let case = EngineCase::new(
//!         TaskKind::Sample,
//!         CaseSide::new(json!({"input": "left.csv"})).object("left.csv", "id\n1\n2\n"),
//!         CaseSide::new(json!({"input": "right.csv"})).object("right.csv", "id\n2\n3\n"),
//!         json!({"input": 5}),
//!     )
//!     .check(|outcome| match outcome.initiator.result("join") {
//!         Some(result) if result["intersection"] == 1 => Ok(()),
//!         other => Err(format!("unexpected result {other:?}")),
//!     });
//!     if let Err(failures) = conformance::run(|| MyEngine, &[case]).await {
//!         panic!("{failures}");
//!     }
//! }
//! ```
//!
//! The kit connects two values of the engine through a test host that implements all of [`crate::host::Host`] in a
//! temporary folder. It checks that
//!
//! - the description is sane, each schema is a JSON Schema that accepts the case's configs, and there is a case for each
//!   task type: no cases is a failure, not a pass;
//! - `validate` finds no problem in the good configs, and problems in the bad one whose pointers point into it;
//! - both sides report that they run, end well, give the results that the case asks for, and say nothing afterwards;
//! - a side whose partner never comes does not succeed, unless the engine has
//!   [a transport of its own](crate::Capabilities::own_transport), which the kit cannot see;
//! - a stop, at several moments and on either side, is obeyed within [`STOP_WITHIN`] and reported as
//!   [`EngineError::Cancelled`](crate::EngineError::Cancelled), and so is the stop that the console gives to the other
//!   side;
//! - a stop at the beginning of the longest computation is obeyed as soon;
//! - nothing blocks the runtime for longer than [`BLOCKED_AT_MOST`], be it the job or a task that it spawned;
//! - no handle is reported by an engine that does not say that it can [attach](crate::Capabilities::attach);
//! - a slow channel and a partner that comes late change nothing;
//! - a console that dies, at several moments and on either side, and comes back after a while changes nothing in the
//!   results, and no other bytes are sent under a number that was used before;
//! - a storage that fails ends the job with an error.

mod checks;
mod description;
mod host;
mod outcome;
mod pair;
mod wire;
mod worker;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::{Bytes, Engine, ResourceInfo, TaskKind};

pub use outcome::{PairOutcome, SideOutcome};
pub use pair::{Fault, Script, run_pair};

/// How soon a stop must be obeyed. An engine fails when it was late twice at the same moment, so that a good one does not
/// fail on a busy machine.
pub const STOP_WITHIN: Duration = Duration::from_secs(1);

/// For how long an engine may keep a thread of the runtime without awaiting. The contract says a few milliseconds; this is
/// what counts as a fault when it happens twice at the same moment.
pub const BLOCKED_AT_MOST: Duration = Duration::from_millis(250);

/// The files and the config of one side of a case.
#[derive(Debug, Clone, Default)]
pub struct CaseSide {
    config: Value,
    meta: Value,
    resources: Vec<ResourceInfo>,
    objects: Vec<(String, Content)>,
    /// Contents by their digest, and their marks.
    marks: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
enum Content {
    Bytes(Bytes),
    File(PathBuf),
}

impl CaseSide {
    /// A side with a config and no files.
    #[must_use]
    pub fn new(config: Value) -> Self {
        Self {
            config,
            meta: json!({}),
            ..Self::default()
        }
    }

    /// Puts an object into the side's store and attaches it as a resource of the same name.
    #[must_use]
    pub fn object(self, name: &str, bytes: impl Into<Bytes>) -> Self {
        self.content(name, Content::Bytes(bytes.into()))
    }

    /// As [`object`](Self::object), from a file, which is copied without being held in memory.
    #[must_use]
    pub fn object_file(self, name: &str, path: impl Into<PathBuf>) -> Self {
        self.content(name, Content::File(path.into()))
    }

    /// Marks a content, as an earlier run may have done.
    #[must_use]
    pub fn mark(mut self, sha256: &str, mark: &str) -> Self {
        self.marks.push((sha256.to_owned(), mark.to_owned()));
        self
    }

    /// Sets the side's public meta; an empty object otherwise.
    #[must_use]
    pub fn meta(mut self, meta: Value) -> Self {
        self.meta = meta;
        self
    }

    fn content(mut self, name: &str, content: Content) -> Self {
        let resource = ResourceInfo::new(name, host::uri_of(name)).with_config(json!({}));
        self.resources.push(resource);
        self.objects.push((name.to_owned(), content));
        self
    }
}

type Check = Arc<dyn Fn(&PairOutcome) -> Result<(), String> + Send + Sync>;

/// A job that an engine is to run in the kit. Small: it is run some dozens of times.
#[derive(Clone)]
pub struct EngineCase {
    kind: TaskKind,
    sides: [CaseSide; 2],
    bad_config: Value,
    check: Check,
    time_limit: Duration,
    restarts: u64,
    fixed_objects: bool,
    fixed_metrics: bool,
}

impl EngineCase {
    /// A case of a task type, from the two sides and a config that the engine must refuse.
    #[must_use]
    pub fn new(kind: TaskKind, initiator: CaseSide, partner: CaseSide, bad_config: Value) -> Self {
        Self {
            kind,
            sides: [initiator, partner],
            bad_config,
            check: Arc::new(|_| Ok(())),
            time_limit: Duration::from_secs(60),
            restarts: 6,
            fixed_objects: true,
            fixed_metrics: true,
        }
    }

    /// What must be true after each run that ended well. Should look at results and objects of both sides.
    #[must_use]
    pub fn check(
        mut self,
        check: impl Fn(&PairOutcome) -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        self.check = Arc::new(check);
        self
    }

    /// How long one run may take; 60 s otherwise.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// At how many moments of a run each console is killed, spread evenly; 6 otherwise.
    #[must_use]
    pub fn restarts(mut self, count: u64) -> Self {
        self.restarts = count;
        self
    }

    /// Says that the bytes of the written objects differ from run to run (the order depends on a secret, for example), so
    /// that runs are compared by their results, metrics and names of objects alone. Let [`check`](Self::check) look into
    /// the objects then.
    #[must_use]
    pub fn objects_vary(mut self) -> Self {
        self.fixed_objects = false;
        self
    }

    /// Says that metrics differ from run to run (times and speeds, for example), so that only the names of their curves are
    /// compared.
    #[must_use]
    pub fn metrics_vary(mut self) -> Self {
        self.fixed_metrics = false;
        self
    }
}

/// What the kit has done for an engine without finding a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passed {
    /// Runs of two sides.
    pub runs: usize,
}

/// Everything that an engine does wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failures(pub Vec<String>);

impl fmt::Display for Failures {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "the engine does not conform:")?;
        for failure in &self.0 {
            writeln!(formatter, "- {failure}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failures {}

/// Runs the kit. `make` makes an engine as a console does when it starts; it is called for each side of each run, and
/// again after each restart.
///
/// # Errors
/// Everything that the engine does wrong; also when there are no cases, or a task type has none.
///
/// # Panics
/// Outside a Tokio runtime with its timer.
pub async fn run<E: Engine>(
    make: impl Fn() -> E + Send + Sync + 'static,
    cases: &[EngineCase],
) -> Result<Passed, Failures> {
    let mut kit = checks::Kit::new(make);
    kit.description(cases).await;
    for case in cases {
        kit.case(case).await;
    }
    kit.finish()
}
