//! What pods do, told beforehand.

use std::time::Duration;

/// What a pod does from its start to its end.
#[derive(Debug, Clone, Default)]
pub struct Script {
    pub(crate) start: Start,
    pub(crate) steps: Vec<Step>,
    pub(crate) stop_wait: Duration,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Start {
    #[default]
    Runs,
    Unschedulable,
    NoImage,
}

#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// A line in the log of a container, else of the first one.
    Log(Option<String>, String),
    Wait(Duration),
    /// A process of this machine, with the container's environment, whose output is the log and whose code is the end.
    Process(Vec<String>),
    End(End),
}

/// How a pod ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Exit(i32),
    OutOfMemory,
    Evicted,
}

impl Script {
    /// A pod that starts at once and has nothing to do: it succeeds.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a line to the log of the first container.
    pub fn log(self, line: &str) -> Self {
        self.step(Step::Log(None, line.into()))
    }

    /// Writes a line to the log of a container, also of an init container.
    pub fn log_of(self, container: &str, line: &str) -> Self {
        self.step(Step::Log(Some(container.into()), line.into()))
    }

    /// Goes on after so many milliseconds.
    pub fn wait_ms(self, milliseconds: u64) -> Self {
        self.step(Step::Wait(Duration::from_millis(milliseconds)))
    }

    /// Ends with an exit code.
    pub fn exit(self, code: i32) -> Self {
        self.step(Step::End(End::Exit(code)))
    }

    /// Ends as a container that used more memory than its limit.
    pub fn then_out_of_memory(self) -> Self {
        self.step(Step::End(End::OutOfMemory))
    }

    /// How many milliseconds a pod goes on after it was told to stop.
    pub fn on_stop_wait_ms(mut self, milliseconds: u64) -> Self {
        self.stop_wait = Duration::from_millis(milliseconds);
        self
    }

    /// Runs a little and succeeds.
    pub fn succeeds() -> Self {
        Self::new().wait_ms(50).exit(0)
    }

    /// Runs a little and fails with an exit code.
    pub fn fails(code: i32) -> Self {
        Self::new().wait_ms(50).exit(code)
    }

    /// Runs until it is stopped.
    pub fn runs_forever() -> Self {
        Self::new().wait_ms(u64::from(u32::MAX))
    }

    /// Runs a little and is killed for its memory.
    pub fn oom_killed() -> Self {
        Self::new().wait_ms(50).then_out_of_memory()
    }

    /// Runs a little and is evicted, as its node is short of memory.
    pub fn evicted() -> Self {
        Self::new().wait_ms(50).step(Step::End(End::Evicted))
    }

    /// No node has room for it, until [`crate::StandIn::start_unschedulable`]; then it does what follows.
    pub fn unschedulable() -> Self {
        Self {
            start: Start::Unschedulable,
            ..Self::default()
        }
    }

    /// Its image cannot be pulled.
    pub fn image_pull_error() -> Self {
        Self {
            start: Start::NoImage,
            ..Self::default()
        }
    }

    /// Runs a process of this machine with the environment of the first container. The process is killed when the pod
    /// is stopped.
    pub fn process<const N: usize>(arguments: [&str; N]) -> Self {
        Self::new().step(Step::Process(arguments.map(String::from).to_vec()))
    }

    fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}
