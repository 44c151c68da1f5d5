//! Messages of a partner's engines that come over one long-lived connection.
//!
//! A message is given to our engine as soon as it is here, and stored with those that come behind it: at once when the
//! sender waits for that, when no engine here reads, or when there is much; otherwise after a moment. The sender keeps it
//! until it hears that it is stored, so a kill at any moment loses and doubles nothing.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use bytes::Bytes;
use console_model::{InstanceId, PartnerTrust};
use console_peer::stream::{Item, Keys, Position, RECORD_BYTES, RECORD_OVERHEAD, items, write};
use futures_util::{FutureExt as _, Stream, StreamExt as _};

use super::PeerRefusal;
use super::caller::{Caller, seen};
use super::channel::{Place, limit_of, place};
use crate::instances::channel::{CountedStream, Taken};
use crate::{App, AppError, partners};

/// So much of a run is stored at once.
const MUCH: usize = 1 << 20;
/// So much is read before what is to be stored is stored.
const AT_ONCE: usize = 4 << 20;
/// What nobody waits for is stored after so long.
const MOMENT: Duration = Duration::from_millis(500);
/// How long it is believed where a run's messages go ...
const BELIEVED: Duration = Duration::from_secs(1);
/// ... and that they go nowhere.
const DOUBTED: Duration = Duration::from_millis(100);
/// How often trust is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A stream on which nothing comes for so long is closed: its other end says something every 20 s.
const SILENT: Duration = Duration::from_secs(90);
/// The most runs of which messages come at a time.
const MAX_RUNS: usize = 1000;

/// A stream that a partner opened.
pub struct Receiving {
    app: App,
    caller: Caller,
    keys: Keys,
    runs: HashMap<(InstanceId, u32), Run>,
    answers: Vec<Item>,
    _counted: CountedStream,
}

/// Where the messages of one attempt go.
struct Run {
    place: Option<Place>,
    looked: Instant,
    used: Instant,
    /// Messages that the sender has not heard of, and since when.
    unanswered: Option<Instant>,
    /// They are to be stored now.
    now: bool,
}

/// The stream is closed, because of the partner or of us. The partner opens another one or calls.
#[derive(Debug, thiserror::Error)]
pub enum Closed {
    /// What came was not what a partner says.
    #[error("the partner broke the protocol of the stream: {0}")]
    Protocol(String),
    /// It is not trusted any more.
    #[error("the partner is not paired any more, or suspended")]
    Trust,
    /// Our own trouble.
    #[error(transparent)]
    App(#[from] AppError),
}

/// What comes on a stream.
#[derive(Debug)]
pub enum Heard {
    /// A record.
    Record(Bytes),
    /// A sign of life.
    Life,
}

impl Receiving {
    /// Begins to receive on a stream that a partner opened. Gives the first message to it as well.
    ///
    /// # Errors
    /// 403 for a caller that does not sign, 400 for a key that is none, 429 when the partner has too many streams, 503 when
    /// the process is about to end.
    pub fn open(app: &App, caller: Caller, key: &str) -> Result<(Self, Bytes), PeerRefusal> {
        use console_peer::base::BaseError;
        if !caller.signed {
            return Err(PeerRefusal::forbidden("the channel needs signed calls"));
        }
        caller.refuse_unconfirmed()?;
        if !app.settings().federation.channel_stream {
            return Err(PeerRefusal::not_found("this console takes no streams"));
        }
        if app.is_draining() {
            return Err(PeerRefusal::try_again("this process is about to end"));
        }
        let wrong =
            |error: console_peer::stream::KeyError| BaseError::invalid(format!("incorrect params, {error}"));
        let key = key.parse().map_err(wrong)?;
        let opener = caller.partner.fingerprint.as_deref().unwrap_or_default();
        let opener = opener.parse().map_err(AppError::internal)?;
        let counted = app.jobs().channels().count_heard(caller.partner.id.as_str());
        let counted = counted.ok_or_else(|| PeerRefusal::too_many("there are too many streams already"))?;
        let (keys, hello) = console_peer::stream::answer(app.identity(), opener, key).map_err(wrong)?;
        let receiving = Self {
            app: app.clone(),
            caller,
            keys,
            runs: HashMap::new(),
            answers: Vec::new(),
            _counted: counted,
        };
        Ok((receiving, Bytes::copy_from_slice(&hello)))
    }

    /// Receives until the stream ends. `send` gives a record to the partner; false: it is gone.
    ///
    /// # Errors
    /// [`Closed`]: why this side ends it.
    pub async fn run(
        mut self,
        mut heard: impl Stream<Item = Heard> + Unpin,
        mut send: impl AsyncFnMut(Bytes) -> bool,
    ) -> Result<(), Closed> {
        let mut life = Instant::now();
        let mut look = tokio::time::interval(LOOK_EVERY);
        loop {
            let due = self.due();
            tokio::select! {
                next = heard.next() => {
                    let Some(next) = next else { return Ok(()) };
                    life = Instant::now();
                    let mut read = self.take(next).await?;
                    // What is here already is stored together with it.
                    while read < AT_ONCE && let Some(Some(next)) = heard.next().now_or_never() {
                        read += self.take(next).await?;
                    }
                }
                () = tokio::time::sleep_until(due.into()) => {}
                _ = look.tick() => {
                    if self.app.is_draining() || life.elapsed() > SILENT {
                        return Ok(());
                    }
                    self.look(life.elapsed() < LOOK_EVERY).await?;
                }
                () = self.app.shutdown().cancelled() => return Ok(()),
            }
            self.settle().await?;
            for record in self.records()? {
                if !send(record).await {
                    return Ok(());
                }
            }
        }
    }

    /// When something is to be stored next.
    fn due(&self) -> Instant {
        let since = self.runs.values().filter_map(|run| run.unanswered).min();
        since.map_or_else(|| Instant::now() + SILENT, |since| since + MOMENT)
    }

    /// Whether the partner is still trusted. What has not been heard of for a while is forgotten.
    async fn look(&mut self, is_alive: bool) -> Result<(), Closed> {
        let row = partners::find(self.app.db().reader(), &self.caller.partner_id()).await?;
        if row.trust != PartnerTrust::Paired || row.public_key != self.caller.partner.public_key {
            return Err(Closed::Trust);
        }
        if is_alive && let Err(error) = seen(&self.app, &row).await {
            tracing::debug!(%error, "the contact was not noted");
        }
        self.caller.partner = row;
        self.runs
            .retain(|_, run| run.unanswered.is_some() || run.used.elapsed() < 10 * LOOK_EVERY);
        Ok(())
    }

    /// Takes what came. Gives its size.
    async fn take(&mut self, heard: Heard) -> Result<usize, Closed> {
        let Heard::Record(bytes) = heard else {
            return Ok(0);
        };
        let size = bytes.len();
        if size > RECORD_BYTES + RECORD_OVERHEAD {
            return Err(Closed::Protocol("a record is too long".to_owned()));
        }
        let protocol = |error: &dyn std::fmt::Display| Closed::Protocol(error.to_string());
        let mut record = Vec::from(bytes);
        self.keys
            .theirs
            .open(&mut record)
            .map_err(|error| protocol(&error))?;
        let all = items(Bytes::from(record)).map_err(|error| protocol(&error))?;
        self.app.jobs().channels().traffic().heard.count(&all);
        for item in all {
            match item {
                Item::Message(at, message) => self.message(at, message).await?,
                Item::Flush(at) => self.flush(&at),
                Item::Taken(_) | Item::Call(_) => {
                    return Err(Closed::Protocol("only the other side answers".to_owned()));
                }
            }
        }
        Ok(size)
    }

    fn flush(&mut self, at: &Position) {
        match self.runs.get_mut(&(at.instance.clone(), at.attempt)) {
            Some(run) => {
                run.now = true;
                run.unanswered.get_or_insert_with(Instant::now);
            }
            None => self.answers.push(Item::Call(at.clone())),
        }
    }

    async fn message(&mut self, at: Position, message: Bytes) -> Result<(), Closed> {
        let key = (at.instance.clone(), at.attempt);
        if !self.runs.contains_key(&key) && self.runs.len() >= MAX_RUNS {
            return Err(Closed::Protocol("too many runs at a time".to_owned()));
        }
        let believed = self.runs.get(&key).is_some_and(Run::is_believed);
        if !believed {
            let found = match place(&self.app, &self.caller, &at.instance, at.attempt).await {
                Ok(place) => Some(place),
                // A call is answered with the reason.
                Err(PeerRefusal::Answer(_)) => None,
                Err(PeerRefusal::App(error)) => return Err(error.into()),
                Err(other) => return Err(AppError::internal(other).into()),
            };
            let now = Instant::now();
            let run = self.runs.entry(key.clone()).or_insert_with(|| Run {
                place: None,
                looked: now,
                used: now,
                unanswered: None,
                now: false,
            });
            (run.place, run.looked) = (found, now);
        }
        let Some(run) = self.runs.get_mut(&key) else {
            return Ok(());
        };
        run.used = Instant::now();
        match &run.place {
            None => self.answers.push(Item::Call(at)),
            // Our half has ended well and needs nothing more.
            Some(Place::Nowhere) => {
                let seq = at.seq.saturating_add(1);
                self.answers.push(Item::Taken(Position { seq, ..at }));
            }
            Some(Place::Stream(row, incoming)) => {
                let limit = limit_of(&self.app, row);
                match incoming.take(&self.app, at.seq, message, limit).await? {
                    Taken::Yes { pending } => {
                        run.now |= pending >= MUCH || !incoming.is_read_here();
                        run.unanswered.get_or_insert_with(Instant::now);
                    }
                    Taken::No { next } => self.answers.push(Item::Call(Position { seq: next, ..at })),
                }
            }
        }
        Ok(())
    }

    /// Stores what is to be stored.
    async fn settle(&mut self) -> Result<(), Closed> {
        for ((instance, attempt), run) in &mut self.runs {
            let Some(since) = run.unanswered else { continue };
            if !run.now && since.elapsed() < MOMENT {
                continue;
            }
            (run.now, run.unanswered) = (false, None);
            if let Some(Place::Stream(_, incoming)) = &run.place {
                let seq = incoming.settle(&self.app).await?;
                self.answers.push(Item::Taken(Position {
                    instance: instance.clone(),
                    attempt: *attempt,
                    seq,
                }));
            }
        }
        Ok(())
    }

    /// The answers that wait, as records.
    fn records(&mut self) -> Result<Vec<Bytes>, Closed> {
        let mut records = Vec::new();
        for items in self.answers.chunks(1000) {
            let mut record = Vec::new();
            for item in items {
                write(item, &mut record);
            }
            let sealed = self.keys.ours.seal(&mut record);
            sealed.map_err(|error| AppError::internal(error.to_string()))?;
            records.push(Bytes::from(record));
        }
        self.answers.clear();
        Ok(records)
    }
}

impl Run {
    fn is_believed(&self) -> bool {
        let long = if self.place.is_some() { BELIEVED } else { DOUBTED };
        self.looked.elapsed() < long
    }
}
