//! What is going on, for the person who watches: one line that changes on a terminal, else a line for each step.

use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Where progress is shown. It goes to the error output when the result is for a program.
pub(super) struct Progress {
    live: bool,
    to_stderr: bool,
    begun: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    step: String,
    shown: String,
    shown_at: Option<Instant>,
}

/// Where every line stays, one is written at most so often.
const LINE_EVERY: Duration = Duration::from_secs(2);

impl Progress {
    pub(super) fn new(json: bool) -> Self {
        let live = if json {
            std::io::stderr().is_terminal()
        } else {
            std::io::stdout().is_terminal()
        };
        Self {
            live,
            to_stderr: json,
            begun: Instant::now(),
            state: Mutex::default(),
        }
    }

    /// Begins a step.
    pub(super) fn say(&self, step: &str) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        step.clone_into(&mut state.step);
        state.shown.clear();
        state.shown_at = None;
        self.line(&self.stamped(step), true);
    }

    /// Says how far the present step is.
    pub(super) fn at(&self, detail: &str) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let due = self.live || state.shown_at.is_none_or(|at| at.elapsed() >= LINE_EVERY);
        if due && detail != state.shown {
            detail.clone_into(&mut state.shown);
            state.shown_at = Some(Instant::now());
            self.line(&self.stamped(&format!("{}: {detail}", state.step)), true);
        }
    }

    /// Ends a step with its outcome, which stays on the screen.
    pub(super) fn done(&self, outcome: &str) {
        self.line(&self.stamped(outcome), false);
    }

    /// Removes the line that changes.
    pub(super) fn clear(&self) {
        if self.live {
            self.write("\r\x1b[2K");
        }
    }

    fn stamped(&self, text: &str) -> String {
        format!("[{:5.1} s] {text}", self.begun.elapsed().as_secs_f64())
    }

    fn line(&self, text: &str, passing: bool) {
        match (self.live, passing) {
            (true, true) => self.write(&format!("\r\x1b[2K{text}")),
            (true, false) => self.write(&format!("\r\x1b[2K{text}\n")),
            (false, _) => self.write(&format!("{text}\n")),
        }
    }

    fn write(&self, text: &str) {
        // Nobody can be told that telling does not work.
        let _ = if self.to_stderr {
            std::io::stderr().write_all(text.as_bytes())
        } else {
            std::io::stdout()
                .write_all(text.as_bytes())
                .and_then(|()| std::io::stdout().flush())
        };
    }
}
