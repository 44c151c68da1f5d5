//! The frame of background work; [`crate::background`] has the list of it.
//!
//! A reconciler takes no input: it wakes on a timer or a signal, reads the database, does the next idempotent thing, and
//! reports how it went. Killing the process at any line and starting it again ends in the same place.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use tokio_util::task::AbortOnDropHandle;

use crate::{App, AppError};

/// How much a pass did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// There was nothing to do, or all of it is done.
    Idle,
    /// There may be more at once.
    More,
}

/// How one reconciler is doing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// When it was started.
    pub begun: Option<DateTime<Utc>>,
    /// When its last pass ended.
    pub last_pass: Option<DateTime<Utc>>,
    /// Passes since the start of the process.
    pub passes: u64,
    /// Why the last pass failed, if it did.
    pub last_error: Option<String>,
    /// Whether the last pass broke off by a panic, which is a fault of the program.
    pub is_broken: bool,
    /// How long it waits for a signal between two passes.
    pub every: Duration,
}

/// A pass waits for partners that do not answer; with many runs there it takes minutes.
const PASS_MAY_TAKE: Duration = Duration::from_secs(600);

impl Status {
    /// Whether a pass should have ended by now.
    #[must_use]
    pub fn is_overdue(&self) -> bool {
        let late = self.every + PASS_MAY_TAKE;
        self.last_pass
            .or(self.begun)
            .is_some_and(|at| (Utc::now() - at).to_std().is_ok_and(|since| since > late))
    }
}

/// How all reconcilers are doing, by name.
#[derive(Debug, Default)]
pub struct Statuses(Mutex<BTreeMap<&'static str, Status>>);

impl Statuses {
    /// A copy for a reader.
    #[must_use]
    pub fn all(&self) -> BTreeMap<&'static str, Status> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn begin(&self, name: &'static str, every: Duration) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let status = all.entry(name).or_default();
        status.begun = Some(Utc::now());
        status.every = every;
    }

    fn record(&self, name: &'static str, every: Duration, result: &Result<Pass, AppError>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let status = all.entry(name).or_default();
        status.last_pass = Some(Utc::now());
        status.passes += 1;
        status.last_error = result.as_ref().err().map(ToString::to_string);
        status.is_broken = false;
        status.every = every;
    }

    fn record_break(&self, name: &'static str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let status = all.entry(name).or_default();
        status.last_pass = Some(Utc::now());
        status.passes += 1;
        status.last_error = Some("It broke off; the console's log has the place.".to_owned());
        status.is_broken = true;
    }
}

/// The first wait after a pass that broke off; it doubles each time ...
const BREAK_FIRST: Duration = Duration::from_secs(1);
/// ... up to this.
const BREAK_MOST: Duration = Duration::from_secs(60);

/// Makes one pass after the other until [`App::shutdown`] is cancelled: on a signal, after a time at the latest, or at once when
/// there may be more to do.
pub(crate) async fn run<P, F>(
    app: App,
    name: &'static str,
    every: Duration,
    wake: fn(&App) -> &Notify,
    pass: P,
) where
    P: Fn(App) -> F,
    F: Future<Output = Result<Pass, AppError>> + Send + 'static,
{
    app.statuses().begin(name, every);
    let shutdown = app.shutdown().clone();
    let mut pause = BREAK_FIRST;
    loop {
        // A task of its own, so that a panic ends one pass and not the reconciler.
        let mut running = AbortOnDropHandle::new(tokio::spawn(pass(app.clone())));
        let done = tokio::select! {
            () = shutdown.cancelled() => return,
            done = &mut running => done,
        };
        let result = match done {
            Ok(result) => result,
            Err(error) => {
                tracing::error!(reconciler = name, %error, "a pass broke off");
                app.statuses().record_break(name);
                tokio::select! {
                    () = shutdown.cancelled() => return,
                    () = tokio::time::sleep(pause) => {}
                }
                pause = (2 * pause).min(BREAK_MOST);
                continue;
            }
        };
        pause = BREAK_FIRST;
        app.statuses().record(name, every, &result);
        if let Err(error) = &result {
            let error: &dyn std::error::Error = error;
            tracing::warn!(reconciler = name, error, "a pass failed");
        }
        if matches!(result, Ok(Pass::More)) {
            continue;
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = wake(&app).notified() => {}
            () = tokio::time::sleep(every) => {}
        }
    }
}
