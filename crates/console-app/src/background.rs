//! The background work of a process: every reconciler, with what wakes it.

use std::time::Duration;

use tokio::task::JoinSet;

use crate::reconcile::run;
use crate::{App, changes, delivery, instances, objects, partners, reached_limits, sweep};

/// The background work of one process. Ends when [`App::shutdown`] is cancelled.
pub struct Background(JoinSet<()>);

impl Background {
    /// Starts all reconcilers.
    #[must_use]
    pub fn start(app: &App) -> Self {
        let mut set = JoinSet::new();
        let second = Duration::from_secs(1);
        set.spawn(run(
            app.clone(),
            "outbox",
            second,
            |app| &app.wake().outbox,
            delivery::deliver_due,
        ));
        set.spawn(run(
            app.clone(),
            "runs",
            second,
            |app| &app.wake().runs,
            instances::drive::drive,
        ));
        set.spawn(run(
            app.clone(),
            "partners",
            second,
            |app| &app.wake().watch,
            instances::watch::watch_partners,
        ));
        set.spawn(run(
            app.clone(),
            "contacts",
            partners::contact::LOOK_EVERY,
            |app| &app.wake().contacts,
            partners::contact::keep,
        ));
        set.spawn(run(
            app.clone(),
            "consents",
            30 * second,
            |app| &app.wake().consents,
            instances::consent::settle,
        ));
        set.spawn(run(
            app.clone(),
            "outputs",
            5 * second,
            |app| &app.wake().outputs,
            instances::outputs::settle,
        ));
        set.spawn(run(
            app.clone(),
            "limits",
            5 * second,
            |app| &app.wake().limits,
            reached_limits::settle,
        ));
        set.spawn(run(
            app.clone(),
            "sweep",
            60 * second,
            |app| &app.wake().sweep,
            sweep::sweep,
        ));
        set.spawn(run(
            app.clone(),
            "changes",
            changes::LOOK_EVERY,
            |app| app.db().changed(),
            changes::tail,
        ));
        set.spawn(run(
            app.clone(),
            "leftovers",
            3600 * second,
            |app| &app.wake().leftovers,
            instances::leftovers::tidy,
        ));
        set.spawn(run(
            app.clone(),
            "engines",
            60 * second,
            |app| &app.wake().engines,
            instances::remains::tidy,
        ));
        set.spawn(run(
            app.clone(),
            "profiles",
            10 * second,
            |app| &app.wake().profiles,
            objects::profile::make_next,
        ));
        Self(set)
    }

    /// Waits until all of it has ended.
    pub async fn ended(mut self) {
        while let Some(ended) = self.0.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a reconciler ended abnormally");
            }
        }
    }
}
