//! The jobs of this process. Nothing here is needed after a restart: it is derived from the database again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use console_model::InstanceId;
use tokio_util::sync::CancellationToken;

use super::channel::Channels;
use super::watch::Silent;

/// A job that this process runs.
#[derive(Debug, Clone)]
pub struct Job {
    /// The attempt it belongs to.
    pub attempt: i32,
    /// Tells the engine to stop.
    pub stop: CancellationToken,
    /// Drops the job without a word, because another process has it or the process ends.
    pub abandon: CancellationToken,
}

type Deliveries = Arc<Mutex<HashMap<String, usize>>>;

/// The jobs of this process, and what belongs to them.
pub struct Jobs {
    started: DateTime<Utc>,
    at_most: usize,
    running: Mutex<HashMap<InstanceId, Job>>,
    deliveries: Deliveries,
    channels: Channels,
    silent: Silent,
}

impl Jobs {
    /// No job yet; at most so many at a time.
    #[must_use]
    pub fn new(at_most: usize) -> Self {
        Self {
            started: Utc::now(),
            at_most,
            running: Mutex::default(),
            deliveries: Arc::default(),
            channels: Channels::default(),
            silent: Silent::default(),
        }
    }

    /// When this process began.
    #[must_use]
    pub const fn started(&self) -> DateTime<Utc> {
        self.started
    }

    /// The message streams of the jobs.
    #[must_use]
    pub const fn channels(&self) -> &Channels {
        &self.channels
    }

    /// The partners that did not answer.
    pub(super) const fn silent(&self) -> &Silent {
        &self.silent
    }

    /// How many more jobs may start now.
    #[must_use]
    pub fn free(&self) -> usize {
        self.at_most.saturating_sub(self.lock().len())
    }

    /// The job of an instance, if this process runs it.
    #[must_use]
    pub fn get(&self, id: &InstanceId) -> Option<Job> {
        self.lock().get(id).cloned()
    }

    /// All jobs of this process.
    #[must_use]
    pub fn all(&self) -> Vec<(InstanceId, Job)> {
        self.lock()
            .iter()
            .map(|(id, job)| (id.clone(), job.clone()))
            .collect()
    }

    /// Takes a job in, unless the instance has one here.
    pub(super) fn insert(&self, id: &InstanceId, attempt: i32) -> Option<Job> {
        let mut running = self.lock();
        if running.contains_key(id) {
            return None;
        }
        let job = Job {
            attempt,
            stop: CancellationToken::new(),
            abandon: CancellationToken::new(),
        };
        running.insert(id.clone(), job.clone());
        Some(job)
    }

    pub(super) fn remove(&self, id: &InstanceId) {
        self.lock().remove(id);
    }

    /// How many deliveries are under way to each partner.
    pub(crate) fn deliveries(&self) -> HashMap<String, usize> {
        lock(&self.deliveries).clone()
    }

    /// Counts a delivery to a partner until the result is dropped.
    pub(crate) fn count_delivery(&self, partner: &str) -> Counted {
        *lock(&self.deliveries).entry(partner.to_owned()).or_default() += 1;
        Counted {
            deliveries: Arc::clone(&self.deliveries),
            partner: partner.to_owned(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<InstanceId, Job>> {
        lock(&self.running)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One more delivery to a partner, until dropped.
pub(crate) struct Counted {
    deliveries: Deliveries,
    partner: String,
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut deliveries = lock(&self.deliveries);
        if let Some(count) = deliveries.get_mut(&self.partner) {
            *count -= 1;
            if *count == 0 {
                deliveries.remove(&self.partner);
            }
        }
    }
}
