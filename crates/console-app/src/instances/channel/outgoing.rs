use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use rand::RngExt;
use tokio::sync::Notify;

use console_model::{InstanceId, PartnerId};
use console_peer::ext::ChannelAnswer;
use console_peer::stream::Item;
use task_interface::{EngineError, Text};

use super::super::held_up::{self, Reason};
use super::super::remote::{self, Unsent};
use super::super::watch;
use super::{Link, Links};
use crate::App;

/// So many bytes wait for the other console at most; one message always may.
const WINDOW_BYTES: usize = 8 << 20;
const FIRST_WAIT: Duration = Duration::from_millis(20);
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// What lasts until waits are so long is told to operators: some 2.5 s.
const NOTED_AFTER: Duration = Duration::from_millis(1200);

/// The messages of one attempt that the other console has not stored yet.
#[derive(Default)]
pub struct Outgoing {
    queue: Mutex<Queue>,
    /// The queue got shorter.
    room: Notify,
    /// The queue got longer.
    work: Notify,
}

#[derive(Default)]
struct Queue {
    /// Waiting messages in order, with their numbers.
    waiting: VecDeque<(u64, Bytes)>,
    bytes: usize,
    /// The other console has every message below.
    stored_there: u64,
    /// Our engine waits until the other console has stored every message below.
    wanted: u64,
}

impl Queue {
    /// The first waiting message that has not been said yet, when everything below a number was.
    fn unsaid(&self, from: u64) -> Option<(u64, Bytes)> {
        let (first, _) = self.waiting.front()?;
        let place = usize::try_from(from.saturating_sub(*first)).ok()?;
        self.waiting.get(place).cloned()
    }
}

impl Outgoing {
    /// Takes a message; waits while too much is under way. A number that the other console is known to have is dropped.
    pub async fn push(&self, number: u64, message: Bytes) {
        loop {
            let room = self.room.notified();
            tokio::pin!(room);
            room.as_mut().enable();
            {
                let mut queue = self.lock();
                if number < queue.stored_there {
                    return;
                }
                if queue.waiting.is_empty() || queue.bytes + message.len() <= WINDOW_BYTES {
                    queue.bytes += message.len();
                    queue.waiting.push_back((number, message));
                    break;
                }
            }
            room.await;
        }
        self.work.notify_one();
    }

    /// Waits until the other console has stored everything.
    pub async fn flush(&self) {
        loop {
            let room = self.room.notified();
            tokio::pin!(room);
            room.as_mut().enable();
            {
                let mut queue = self.lock();
                let Some((last, _)) = queue.waiting.back() else {
                    return;
                };
                queue.wanted = last + 1;
            }
            self.work.notify_one();
            room.await;
        }
    }

    /// Sends what waits, in order, for as long as the job lives. Runs until dropped, or until the other console says that
    /// it misses what it had taken: that is lost, and the attempt with it.
    pub async fn pump(
        &self,
        app: &App,
        instance: &InstanceId,
        attempt: u32,
        partner: Option<&PartnerId>,
    ) -> EngineError {
        let mut wait = FIRST_WAIT;
        let (mut away, mut by_call) = (false, false);
        // What a process before this one noted may not be true any more.
        let mut held: Option<Reason> = None;
        held_up::clear(app, instance, attempt, None).await;
        loop {
            let head = self.lock().waiting.front().cloned();
            let Some((number, message)) = head else {
                self.work.notified().await;
                continue;
            };
            // Only a call tells why something is not taken, and that it is again.
            let streams = !std::mem::take(&mut by_call) && held.is_none() && !away;
            if streams && let Some(link) = partner.and_then(|partner| Links::get(app, partner)) {
                if self.stream(&link, instance, attempt).await {
                    wait = FIRST_WAIT;
                }
                by_call = true;
                continue;
            }
            let size = message.len();
            match remote::send_message(app, instance, (attempt, number), message).await {
                Ok(ChannelAnswer {
                    next_seq,
                    accepted: false,
                }) if next_seq < number => {
                    let text = Text::new(
                        "the other console lost messages that it had taken, as after a power cut; start the run again",
                    );
                    let text = text.with_zh("另一方控制台丢失了已接收的消息（例如因断电），请重新启动运行");
                    return EngineError::retryable(text).with_code("messages_lost");
                }
                Ok(ChannelAnswer { next_seq, accepted }) => {
                    if std::mem::take(&mut away) {
                        remote::note_contact(app, instance, None).await;
                    }
                    let moved = self.stored_below(next_seq);
                    if accepted || moved {
                        if held.take().is_some() {
                            held_up::clear(app, instance, attempt, None).await;
                        }
                        wait = FIRST_WAIT;
                        continue;
                    }
                    tracing::trace!(channel.number = number, "the other side's engine is behind");
                    if wait == LONGEST_WAIT && held != Some(Reason::PartnerBehind) {
                        held_up::note(app, instance, attempt, Reason::PartnerBehind, None).await;
                        held = Some(Reason::PartnerBehind);
                    }
                }
                Err(Unsent::Over) => {
                    tracing::debug!(channel.number = number, "the other side's half is over");
                    // How it ended decides how ours ends; the announcement of it may be late or lost.
                    if let Err(error) = watch::look_now(app, instance).await {
                        tracing::debug!(
                            error = &error as &dyn std::error::Error,
                            "the partner was not asked"
                        );
                    }
                }
                Err(Unsent::Away(error)) => {
                    tracing::debug!(channel.number = number, error = %error, "the partner does not answer");
                    let reason = Reason::of(&error);
                    // What passes within a second is not worth an operator's attention; what asks for one is.
                    let is_lasting = matches!(reason, Reason::MessageTooLarge | Reason::PartnerStoreFull);
                    if (is_lasting || wait >= NOTED_AFTER) && held != Some(reason) {
                        let detail = format!("{error} (a message of {size} bytes)");
                        held_up::note(app, instance, attempt, reason, Some(&detail)).await;
                        held = Some(reason);
                    }
                    // What passes within seconds is not worth an operator's attention.
                    if wait == LONGEST_WAIT && !away {
                        remote::note_contact(app, instance, Some(&error)).await;
                        away = true;
                    }
                }
                Err(Unsent::Later(error)) => {
                    tracing::debug!(channel.number = number, error = %error, "a channel message waits");
                }
            }
            let jitter = rand::rng().random_range(0.5..=1.0);
            tokio::time::sleep(wait.mul_f64(jitter)).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    /// Sends what waits over a stream, for as long as that lasts and the partner takes it. Tells whether anything was stored
    /// there.
    async fn stream(&self, link: &Link, instance: &InstanceId, attempt: u32) -> bool {
        let using = link.used_by(instance, attempt);
        let (mut said, mut asked, mut stored) = (0, 0, false);
        loop {
            let (next, call) = using.answers.read();
            stored |= self.stored_below(next);
            if call {
                return stored;
            }
            let (unsaid, wanted) = {
                let queue = self.lock();
                let wanted = queue.wanted.min(said);
                let wanted = Some(wanted).filter(|wanted| *wanted > asked.max(queue.stored_there));
                (queue.unsaid(said), wanted)
            };
            let item = match (unsaid, wanted) {
                (Some((number, message)), _) => {
                    said = number + 1;
                    Item::Message(using.at(number), message)
                }
                (None, Some(wanted)) => {
                    asked = wanted;
                    Item::Flush(using.at(wanted))
                }
                (None, None) => {
                    tokio::select! {
                        () = self.work.notified() => continue,
                        () = using.answers.news() => continue,
                        () = using.closed() => return stored,
                    }
                }
            };
            if !using.say(item).await {
                return stored;
            }
        }
    }

    /// Drops what the other console has. Tells whether that was anything.
    fn stored_below(&self, next: u64) -> bool {
        let mut queue = self.lock();
        queue.stored_there = queue.stored_there.max(next);
        let before = queue.waiting.len();
        while queue.waiting.front().is_some_and(|(number, _)| *number < next) {
            if let Some((_, message)) = queue.waiting.pop_front() {
                queue.bytes -= message.len();
            }
        }
        let moved = queue.waiting.len() < before;
        drop(queue);
        if moved {
            self.room.notify_waiters();
        }
        moved
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
