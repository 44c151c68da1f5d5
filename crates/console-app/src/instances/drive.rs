//! The reconciler of runs: sees to it that every instance whose state says that an engine has it, has one.

use std::time::{Duration, Instant};

use chrono::Utc;
use console_db::entity::task_instance;
use console_db::instances as rows;
use console_model::{InstanceId, InstanceStatus};

use super::job;
use crate::reconcile::Pass;
use crate::{App, AppError};

/// A claim is renewed this often while it lasts.
const RENEWALS: u32 = 3;
const PAUSE: Duration = Duration::from_secs(1);
/// Runs that are claimed in one transaction, at most.
const MAX_CLAIMS: usize = 100;

/// One pass: renews the claims of this process's jobs, tells those to stop that shall stop, and starts or takes up what
/// nobody looks after.
///
/// # Errors
/// When the database does not answer.
pub async fn drive(app: App) -> Result<Pass, AppError> {
    renew(&app).await?;
    let (stopping, owner) = (InstanceStatus::Stopping, &app.settings().node_id);
    for row in rows::claimed_by(app.db().reader(), owner, stopping).await? {
        if let Some(job) = app.jobs().get(&row.id).filter(|job| job.attempt == row.attempt) {
            job.stop.cancel();
        }
    }
    fill_places(&app).await?;
    Ok(Pass::Idle)
}

/// Claims runs as long as there are places. Whose turn it is depends on who has a place already: no more are claimed together
/// than any partner may have.
async fn fill_places(app: &App) -> Result<(), AppError> {
    let (owner, runs) = (&app.settings().node_id, &app.settings().runs);
    loop {
        let (left_out, together) = app.jobs().room(runs.max_for_partners, runs.max_per_partner);
        let together = together.min(MAX_CLAIMS);
        if together == 0 {
            return Ok(());
        }
        let now = Instant::now();
        let states = InstanceStatus::WITH_ENGINE;
        let claimed = rows::claim_engines(
            app.db(),
            owner,
            states,
            Utc::now(),
            runs.lease,
            together,
            &left_out,
        )
        .await?;
        let mut taken_up = 0;
        for row in claimed {
            taken_up += usize::from(take_up(app, row, now).await?);
        }
        // What could not be taken up waits for the next pass; claiming it again would lead nowhere.
        if taken_up == 0 {
            return Ok(());
        }
    }
}

/// Renews the claims; a job whose claim another process has is dropped here.
async fn renew(app: &App) -> Result<(), AppError> {
    let (owner, lease) = (&app.settings().node_id, app.settings().runs.lease);
    let now = Instant::now();
    let mut due = app.jobs().all();
    due.retain(|(_, job)| job.held_since() >= lease / RENEWALS);
    let ids: Vec<InstanceId> = due.iter().map(|(id, _)| id.clone()).collect();
    let held = rows::renew_engines(app.db().writer(), &ids, owner, Utc::now(), lease).await?;
    for (id, job) in due {
        if held.iter().any(|held| held == id.as_str()) {
            job.renewed(now);
            continue;
        }
        // A run that has just ended holds no claim either; its job is about to go.
        let row = rows::find(app.db().reader(), &id).await?;
        let elsewhere = row
            .and_then(|row| row.engine_lease_owner)
            .is_some_and(|other| other != *owner);
        if elsewhere {
            tracing::warn!(instance.id = %id, "another process looks after this run now");
            job.abandon.cancel();
        }
    }
    Ok(())
}

/// Starts the job of a claimed run. Tells whether it was.
async fn take_up(app: &App, row: task_instance::Model, claimed: Instant) -> Result<bool, AppError> {
    let id = row.id.clone();
    let asked_by = row.partner_id.clone().filter(|_| !row.initiator);
    let Some(job) = app.jobs().insert(&id, row.attempt, asked_by, claimed) else {
        if app.jobs().get(&id).is_some_and(|job| job.attempt != row.attempt) {
            // The job of the last attempt still tidies up; its end wakes the next pass.
            rows::release_engine(app.db().writer(), &id, &app.settings().node_id).await?;
        }
        return Ok(false);
    };
    let app = app.clone();
    let lease = app.settings().runs.lease;
    tokio::spawn(async move {
        // Whatever happens in here, the place is free afterwards.
        let _place = Place {
            app: app.clone(),
            id: id.clone(),
        };
        let shutdown = app.shutdown().clone();
        tokio::select! {
            biased;
            () = shutdown.cancelled() => {}
            () = job.abandon.cancelled() => {}
            () = job.claim_ran_out(lease) => {
                tracing::warn!(instance.id = %id, "the claim of this run could not be renewed in time; it is left alone");
            }
            done = job::run(&app, row, &job) => if let Err(error) = done {
                tracing::warn!(
                    instance.id = %id, error = &error as &dyn std::error::Error,
                    "a job was interrupted and is taken up again"
                );
                drop(error);
                give_back(&app, &id).await;
            },
        }
    });
    Ok(true)
}

/// A job's place in this process, until it is dropped.
struct Place {
    app: App,
    id: InstanceId,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.app.jobs().remove(&self.id);
        self.app.wake().runs.notify_one();
    }
}

/// Lets a later pass take the job up; not at once, so that a lasting trouble is not met in a tight loop.
async fn give_back(app: &App, id: &InstanceId) {
    tokio::time::sleep(PAUSE).await;
    if let Err(error) = rows::release_engine(app.db().writer(), id, &app.settings().node_id).await {
        // The claim runs out by itself.
        tracing::warn!(instance.id = %id, error = &error as &dyn std::error::Error, "a claim was not given back");
    }
}

/// Gives back what this process has claimed, when its jobs have ended with it: the next process takes the runs up at once, and not
/// when the claims have run out.
///
/// # Errors
/// When the database does not answer; the claims run out by themselves then.
pub async fn hand_over(app: &App) -> Result<(), AppError> {
    while !app.jobs().all().is_empty() {
        app.wake().runs.notified().await;
    }
    let runs = rows::release_engines_of(app.db().writer(), &app.settings().node_id).await?;
    if runs > 0 {
        tracing::info!(runs, "handed over to the next process");
    }
    Ok(())
}

/// Gives back what the predecessor of this process had claimed.
///
/// # Errors
/// When the database does not answer.
pub async fn recover(app: &App) -> Result<(), AppError> {
    let runs = rows::release_engines_of(app.db().writer(), &app.settings().node_id).await?;
    let messages = console_db::outbox::release_all(app.db().writer(), &app.settings().node_id).await?;
    if runs + messages > 0 {
        tracing::info!(runs, messages, "took over from an earlier process");
    }
    Ok(())
}
