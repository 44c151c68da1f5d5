//! The jobs of this process. Nothing here is needed after a restart: it is derived from the database again.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use console_db::instances::LeftOut;
use console_model::{InstanceId, PartnerId};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::channel::Channels;
use super::watch::Silent;

/// A job that this process runs.
#[derive(Debug, Clone)]
pub struct Job {
    /// The attempt it belongs to.
    pub attempt: i32,
    /// The partner that asked for the run; none when it was begun here.
    pub asked_by: Option<PartnerId>,
    /// Tells the engine to stop.
    pub stop: CancellationToken,
    /// Drops the job without a word, because another process has it or the process ends.
    pub abandon: CancellationToken,
    /// When this process last held the claim for certain.
    held: watch::Sender<Instant>,
}

impl Job {
    /// The claim was held at a moment.
    pub(super) fn renewed(&self, at: Instant) {
        self.held.send_replace(at);
    }

    /// How long ago this process last held the claim for certain.
    pub(super) fn held_since(&self) -> Duration {
        self.held.borrow().elapsed()
    }

    /// Waits until the claim may be another process's, because it was not renewed for as long as it lasts.
    pub(super) async fn claim_ran_out(&self, lease: Duration) {
        let mut held = self.held.subscribe();
        loop {
            let until = *held.borrow_and_update() + lease;
            if tokio::time::timeout_at(until.into(), held.changed())
                .await
                .is_err()
            {
                return;
            }
        }
    }
}

type Deliveries = Arc<Mutex<HashMap<PartnerId, usize>>>;

/// The jobs of this process, and what belongs to them.
pub struct Jobs {
    started: DateTime<Utc>,
    at_most: usize,
    running: Mutex<HashMap<InstanceId, Job>>,
    deliveries: Deliveries,
    channels: Channels,
    silent: Silent,
    /// Runs that their partner did not know when it was asked last.
    missed: Mutex<HashSet<InstanceId>>,
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
            missed: Mutex::default(),
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

    /// What may be claimed now: whose runs must wait, so that some places stay for others, and how many of the rest can be
    /// claimed together before that has to be asked again.
    pub(crate) fn room(&self, max_for_partners: usize, max_per_partner: usize) -> (LeftOut, usize) {
        let running = self.lock();
        let mut by_partner: HashMap<&PartnerId, usize> = HashMap::new();
        for partner in running.values().filter_map(|job| job.asked_by.as_ref()) {
            *by_partner.entry(partner).or_default() += 1;
        }
        let for_partners = max_for_partners.saturating_sub(by_partner.values().sum());
        let mut per_partner = max_per_partner;
        let mut full = Vec::new();
        for (partner, jobs) in by_partner {
            match max_per_partner.saturating_sub(jobs) {
                0 => full.push(partner.clone()),
                left => per_partner = per_partner.min(left),
            }
        }
        let free = self.at_most.saturating_sub(running.len());
        let left_out = LeftOut {
            all: for_partners == 0,
            partners: full,
        };
        let together = match left_out.all {
            true => free,
            false => free.min(for_partners).min(per_partner),
        };
        (left_out, together)
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

    /// Takes a job in that was claimed at a moment, unless the instance has one here.
    pub(super) fn insert(
        &self,
        id: &InstanceId,
        attempt: i32,
        asked_by: Option<PartnerId>,
        claimed: Instant,
    ) -> Option<Job> {
        let mut running = self.lock();
        if running.contains_key(id) {
            return None;
        }
        let job = Job {
            attempt,
            asked_by,
            stop: CancellationToken::new(),
            abandon: CancellationToken::new(),
            held: watch::Sender::new(claimed),
        };
        running.insert(id.clone(), job.clone());
        Some(job)
    }

    pub(super) fn remove(&self, id: &InstanceId) {
        self.lock().remove(id);
        self.found(id);
    }

    /// Notes that a partner does not know a run. Tells whether it is the first time in a row.
    pub(super) fn missed(&self, id: &InstanceId) -> bool {
        self.lock_missed().insert(id.clone())
    }

    /// Notes that a partner knows a run.
    pub(super) fn found(&self, id: &InstanceId) {
        self.lock_missed().remove(id);
    }

    fn lock_missed(&self) -> MutexGuard<'_, HashSet<InstanceId>> {
        self.missed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many deliveries are under way to each partner.
    pub(crate) fn deliveries(&self) -> HashMap<PartnerId, usize> {
        lock(&self.deliveries).clone()
    }

    /// Counts a delivery to a partner until the result is dropped.
    pub(crate) fn count_delivery(&self, partner: &PartnerId) -> Counted {
        *lock(&self.deliveries).entry(partner.clone()).or_default() += 1;
        Counted {
            deliveries: Arc::clone(&self.deliveries),
            partner: partner.clone(),
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
    partner: PartnerId,
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

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_claim_runs_out_when_it_is_not_renewed() {
        let (jobs, lease) = (Jobs::new(1), Duration::from_secs(30));
        let long_ago = Instant::now().checked_sub(2 * lease).unwrap();
        let job = jobs.insert(&InstanceId::generate(), 1, None, long_ago).unwrap();
        assert_eq!(job.claim_ran_out(lease).now_or_never(), Some(()));
        job.renewed(Instant::now());
        assert_eq!(job.claim_ran_out(lease).now_or_never(), None);
    }

    #[test]
    fn places_stay_for_others() {
        let jobs = Jobs::new(8);
        let begin = |asked_by: Option<&str>| {
            jobs.insert(
                &InstanceId::generate(),
                1,
                asked_by.map(|id| PartnerId::parse(id).unwrap()),
                Instant::now(),
            );
        };
        begin(None);
        assert_eq!(jobs.room(3, 2), (LeftOut::default(), 2));
        begin(Some("a"));
        assert_eq!(jobs.room(3, 2), (LeftOut::default(), 1));
        begin(Some("a"));
        let full = LeftOut {
            all: false,
            partners: vec![PartnerId::parse("a").unwrap()],
        };
        assert_eq!(jobs.room(3, 2), (full, 1));
        begin(Some("b"));
        let (left_out, together) = jobs.room(3, 2);
        assert!(left_out.all);
        assert_eq!(together, 4, "all places are for runs begun here");
    }

    #[test]
    fn only_the_first_miss_in_a_row_is_forgiven() {
        let (jobs, id) = (Jobs::new(1), InstanceId::generate());
        assert!(jobs.missed(&id));
        assert!(!jobs.missed(&id));
        jobs.found(&id);
        assert!(jobs.missed(&id));
    }
}
