//! One run's part of a stream.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use console_model::InstanceId;
use console_peer::stream::{Item, Position};
use tokio::sync::Notify;

use super::{Link, Runs};

/// What the partner has said about one attempt of a run.
#[derive(Debug, Default)]
pub(in crate::instances) struct Answers {
    said: Mutex<Said>,
    news: Notify,
}

#[derive(Debug, Default, Clone, Copy)]
struct Said {
    /// Every message below is safe there.
    next: u64,
    /// It did not take a message.
    call: bool,
}

impl Answers {
    /// The number below which every message is safe, and whether a message was not taken.
    pub(in crate::instances) fn read(&self) -> (u64, bool) {
        let said = *self.lock();
        (said.next, said.call)
    }

    /// Waits for the next answer.
    pub(in crate::instances) async fn news(&self) {
        self.news.notified().await;
    }

    fn lock(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A run uses a stream, until dropped.
pub(in crate::instances) struct Using<'a> {
    link: &'a Link,
    key: (InstanceId, u32),
    pub(in crate::instances) answers: Arc<Answers>,
}

impl Drop for Using<'_> {
    fn drop(&mut self) {
        self.link.lock().remove(&self.key);
    }
}

impl Using<'_> {
    /// A place in the messages of the run.
    pub(in crate::instances) fn at(&self, seq: u64) -> Position {
        Position {
            instance: self.key.0.clone(),
            attempt: self.key.1,
            seq,
        }
    }

    /// Says something. False: the stream is broken.
    pub(in crate::instances) async fn say(&self, item: Item) -> bool {
        tokio::select! {
            sent = self.link.items.send(item) => sent.is_ok(),
            () = self.link.closed.cancelled() => false,
        }
    }

    /// Waits until the stream is broken.
    pub(in crate::instances) async fn closed(&self) {
        self.link.closed.cancelled().await;
    }
}

impl Link {
    /// One attempt of a run begins to use the stream.
    pub(in crate::instances) fn used_by(&self, instance: &InstanceId, attempt: u32) -> Using<'_> {
        let answers = Arc::<Answers>::default();
        let key = (instance.clone(), attempt);
        self.lock().insert(key.clone(), Arc::clone(&answers));
        Using {
            link: self,
            key,
            answers,
        }
    }

    /// Whether any run uses the stream.
    pub(super) fn is_used(&self) -> bool {
        !self.lock().is_empty()
    }

    /// The partner answered. What it says of runs that do not use the stream any more is late.
    pub(super) fn answered(&self, at: Position, call: bool) {
        let Some(answers) = self.lock().get(&(at.instance, at.attempt)).cloned() else {
            return;
        };
        {
            let mut said = answers.lock();
            if !call {
                said.next = said.next.max(at.seq);
            }
            said.call |= call;
        }
        answers.news.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, std::collections::HashMap<(InstanceId, u32), Arc<Answers>>> {
        let runs: &Runs = &self.runs;
        runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
