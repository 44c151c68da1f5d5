//! The exchange of blinded points: sending, receiving and blinding go on at the same time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use rayon::prelude::*;
use task_interface::{EngineError, TaskContext};
use tokio::sync::mpsc;

use super::State;
use super::journal::{self, Journal, Whose};
use super::schedule::{AHEAD, Item, Plan};
use crate::group::{BlindingKey, CUT, Key, SLICE, cut};
use crate::handshake::strange_message;
use crate::records::{Matches, Record, RecordFile, Sorter};
use crate::work::{Crew, disk_error};

const POINTS: u8 = 1;
const RETURN: u8 = 2;
/// Messages before the first batch: terms and counts.
const BEFORE: u64 = 2;

/// Batches that wait to be returned at most. By the schedule they are fewer as long as both sides have points to send; a side
/// that sends points and takes none back is read no further.
const UNRETURNED: usize = 4 * AHEAD as usize;

type Returned = (u64, Bytes);

/// Exchanges all points. Gives the matching rows, or nothing when the other side alone is to know them.
pub(super) async fn run(
    context: &TaskContext,
    crew: &Crew,
    state: &mut State,
    plan: Plan,
    own: RecordFile,
    key: Arc<BlindingKey>,
) -> Result<Option<Matches>, EngineError> {
    let sent = context.peer.position().await.sent;
    let skip = usize::try_from(sent.saturating_sub(BEFORE)).map_err(|_| strange_message())?;
    let next_return = plan
        .items()
        .take(skip)
        .filter(|item| matches!(item, Item::Return(_)))
        .count() as u64;
    let (returns, to_send) = Returns::from(next_return, returned_bytes(plan.cut));
    let sorter = |ids| {
        let expected = if plan.learns { ids } else { 0 };
        Arc::new(Mutex::new(Sorter::new(
            &crew.work_dir,
            crew.spill_bytes,
            expected,
        )))
    };
    let mut receiver = Receiver {
        context,
        crew: crew.clone(),
        plan,
        key,
        own: own.clone(),
        returns,
        theirs: sorter(plan.peer_ids),
        ours: sorter(plan.own_ids),
        taken: 0,
        backs: 0,
        journal: Journal::default(),
    };
    let receiving = async {
        for part in 0..state.journal_parts {
            for (whose, keys) in journal::entries(context, part).await? {
                receiver.keep(whose, keys).await?;
            }
        }
        receiver.receive_all(state).await
    };
    tokio::try_join!(send_all(context, crew, plan, own, skip, to_send), receiving)?;
    if !plan.learns {
        return Ok(None);
    }
    let (ours, theirs) = (receiver.ours, receiver.theirs);
    let matches = crew.blocking(move |_| {
        let ours = lock(&ours).finish().map_err(disk_error)?;
        Ok(Matches::new(ours, lock(&theirs).finish().map_err(disk_error)?))
    });
    Ok(Some(matches.await?))
}

fn lock(sorter: &Mutex<Sorter>) -> MutexGuard<'_, Sorter> {
    sorter.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn send_all(
    context: &TaskContext,
    crew: &Crew,
    plan: Plan,
    own: RecordFile,
    skip: usize,
    mut returns: mpsc::Receiver<Returned>,
) -> Result<(), EngineError> {
    for item in plan.items().skip(skip) {
        let message = match item {
            Item::Points(batch) => {
                let (from, to) = plan.range(batch, plan.own_ids);
                let own = own.clone();
                let records = crew
                    .blocking(move |_| own.read(from, to).map_err(disk_error))
                    .await?;
                pack(POINTS, 32, records.iter().map(|record| &record.key))
            }
            Item::Return(batch) => match returns.recv().await {
                Some((number, message)) if number == batch => message,
                _ => return Err(strange_message()),
            },
        };
        context.peer.send(message).await?;
    }
    Ok(())
}

fn pack<'a>(tag: u8, length: usize, keys: impl ExactSizeIterator<Item = &'a Key>) -> Bytes {
    let mut message = Vec::with_capacity(1 + length * keys.len());
    message.push(tag);
    for key in keys {
        message.extend_from_slice(&key[..length]);
    }
    message.into()
}

/// How many bytes of a point come back.
const fn returned_bytes(cut: bool) -> usize {
    if cut { CUT } else { 32 }
}

/// The keys of a message, which must be exactly those of a batch.
fn unpack(payload: &[u8], (from, to): (u64, u64)) -> Result<Vec<Key>, EngineError> {
    let (keys, rest) = payload.as_chunks::<32>();
    if !rest.is_empty() || keys.len() as u64 != to - from {
        return Err(strange_message());
    }
    Ok(keys.to_vec())
}

/// The points that came back.
fn unpack_returned(payload: &[u8], is_cut: bool, (from, to): (u64, u64)) -> Result<Vec<Key>, EngineError> {
    if !is_cut {
        return unpack(payload, (from, to));
    }
    let (keys, rest) = payload.as_chunks::<CUT>();
    if !rest.is_empty() || keys.len() as u64 != to - from {
        return Err(strange_message());
    }
    let whole = |beginning: &[u8; CUT]| {
        let mut key = [0; 32];
        key[..CUT].copy_from_slice(beginning);
        key
    };
    Ok(keys.iter().map(whole).collect())
}

struct Receiver<'a> {
    context: &'a TaskContext,
    crew: Crew,
    plan: Plan,
    key: Arc<BlindingKey>,
    own: RecordFile,
    returns: Returns,
    theirs: Arc<Mutex<Sorter>>,
    ours: Arc<Mutex<Sorter>>,
    /// Batches of the other side's points that are blinded and kept.
    taken: u64,
    /// Batches of our points that came back and are kept.
    backs: u64,
    journal: Journal,
}

impl Receiver<'_> {
    async fn receive_all(&mut self, state: &mut State) -> Result<(), EngineError> {
        let peer = &self.context.peer;
        // Blinding one batch goes on while the next one arrives.
        let mut blinding = None;
        loop {
            let under_way = u64::from(blinding.is_some());
            let waits = self.taken + under_way < self.plan.peer_batches() || self.backs < self.plan.backs();
            if !waits && blinding.is_none() {
                return Ok(());
            }
            tokio::select! {
                blinded = settle(&mut blinding), if blinding.is_some() => {
                    self.take(Whose::Theirs, blinded?).await?;
                }
                message = peer.receive(), if waits => {
                    let message = message?;
                    if let Some(running) = self.dispatch(&message, &mut blinding).await? {
                        blinding = Some(running);
                    }
                }
            }
            if self.journal.is_due(self.crew.checkpoint_bytes) {
                if blinding.is_some() {
                    let blinded = settle(&mut blinding).await?;
                    self.take(Whose::Theirs, blinded).await?;
                }
                self.journal.checkpoint(self.context, state).await?;
            }
        }
    }

    /// Begins to work on a message. Points wait until those before them are blinded.
    async fn dispatch(
        &mut self,
        message: &Bytes,
        blinding: &mut Option<Blinding>,
    ) -> Result<Option<Blinding>, EngineError> {
        match message.first() {
            Some(&RETURN) if self.backs < self.plan.backs() => {
                let range = self.plan.range(self.backs, self.plan.own_ids);
                let keys = unpack_returned(&message[1..], self.plan.cut, range)?;
                self.take(Whose::Ours, keys).await?;
                Ok(None)
            }
            Some(&POINTS) => {
                if blinding.is_some() {
                    let blinded = settle(blinding).await?;
                    self.take(Whose::Theirs, blinded).await?;
                }
                if self.taken == self.plan.peer_batches() {
                    return Err(strange_message());
                }
                let points = unpack(&message[1..], self.plan.range(self.taken, self.plan.peer_ids))?;
                let (crew, key) = (self.crew.clone(), Arc::clone(&self.key));
                Ok(Some(Box::pin(async move {
                    crew.blocking(move |crew| blind(crew, &key, &points)).await
                })))
            }
            _ => Err(strange_message()),
        }
    }

    async fn take(&mut self, whose: Whose, keys: Vec<Key>) -> Result<(), EngineError> {
        self.journal.push(whose, &keys);
        self.keep(whose, keys).await
    }

    /// Keeps twice-blinded points for the comparison, and hands the other side's to the sender.
    async fn keep(&mut self, whose: Whose, keys: Vec<Key>) -> Result<(), EngineError> {
        match whose {
            Whose::Ours => {
                let (from, to) = self.plan.range(self.backs, self.plan.own_ids);
                let (own, sorter) = (self.own.clone(), Arc::clone(&self.ours));
                self.backs += 1;
                self.crew
                    .blocking(move |crew| {
                        let rows = own
                            .read(from, to)
                            .map_err(disk_error)?
                            .into_iter()
                            .map(|record| record.row);
                        crew.meter.add(to - from);
                        push_all(&sorter, keys.into_iter().zip(rows))
                    })
                    .await
            }
            Whose::Theirs => {
                if self.plan.teaches {
                    self.returns.put(self.taken, &keys).await;
                }
                self.taken += 1;
                if !self.plan.learns {
                    return Ok(());
                }
                let (sorter, is_cut) = (Arc::clone(&self.theirs), self.plan.cut);
                let compared = move |key| if is_cut { cut(key) } else { key };
                self.crew
                    .blocking(move |_| push_all(&sorter, keys.into_iter().map(|key| (compared(key), 0))))
                    .await
            }
        }
    }
}

/// Twice-blinded points of the other side on their way to the sender.
struct Returns {
    to_sender: mpsc::Sender<Returned>,
    /// The first batch that still has to be returned.
    next: u64,
    /// Bytes of each point.
    length: usize,
}

impl Returns {
    fn from(next: u64, length: usize) -> (Self, mpsc::Receiver<Returned>) {
        let (to_sender, to_send) = mpsc::channel(UNRETURNED);
        let returns = Self {
            to_sender,
            next,
            length,
        };
        (returns, to_send)
    }

    /// Hands a batch over, unless it was returned before a restart; waits while too many are not sent.
    async fn put(&self, batch: u64, keys: &[Key]) {
        if batch >= self.next {
            // The sender is gone only when it has failed, and then its error ends the job.
            let _ = self
                .to_sender
                .send((batch, pack(RETURN, self.length, keys.iter())))
                .await;
        }
    }
}

fn push_all(sorter: &Mutex<Sorter>, records: impl Iterator<Item = (Key, u64)>) -> Result<(), EngineError> {
    let mut sorter = lock(sorter);
    for (key, row) in records {
        sorter.push(Record { key, row }).map_err(disk_error)?;
    }
    Ok(())
}

type Blinding = std::pin::Pin<Box<dyn Future<Output = Result<Vec<Key>, EngineError>> + Send>>;

/// Waits for the batch that is being blinded. When dropped before the end, the batch stays under way.
async fn settle(blinding: &mut Option<Blinding>) -> Result<Vec<Key>, EngineError> {
    let Some(running) = blinding.as_mut() else {
        return std::future::pending().await;
    };
    let done = running.await;
    *blinding = None;
    done
}

fn blind(crew: &Crew, key: &BlindingKey, points: &[Key]) -> Result<Vec<Key>, EngineError> {
    crew.pool.install(|| {
        let slices = points.par_chunks(SLICE).map(|slice| {
            crew.check()?;
            let blinded = key
                .blind_points(slice)
                .map_err(|error| strange_message().with_detail(error.to_string()))?;
            crew.meter.add(slice.len() as u64);
            Ok(blinded)
        });
        slices
            .collect::<Result<Vec<_>, EngineError>>()
            .map(|slices| slices.concat())
    })
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn points_that_come_back_are_short_only_when_both_sides_can() {
        let keys = [[7; 32], [9; 32]];
        for (is_cut, bytes) in [(true, 1 + 2 * 12), (false, 1 + 2 * 32)] {
            let message = pack(RETURN, returned_bytes(is_cut), keys.iter());
            assert_eq!(message.len(), bytes);
            let read = unpack_returned(&message[1..], is_cut, (0, 2)).unwrap();
            let expected = if is_cut { keys.map(cut) } else { keys };
            assert_eq!(read, expected);
            assert!(unpack_returned(&message[1..], !is_cut, (0, 2)).is_err());
            assert!(unpack_returned(&message[1..], is_cut, (0, 3)).is_err());
        }
    }

    #[test]
    fn who_takes_nothing_back_is_not_read_on() {
        let (returns, mut to_send) = Returns::from(3, CUT);
        let put = |batch| returns.put(batch, &[[1; 32]]).now_or_never();
        assert!(
            (0..3 + UNRETURNED as u64).all(|batch| put(batch).is_some()),
            "the first three were returned before"
        );
        assert!(put(100).is_none());
        assert_eq!(to_send.try_recv().map(|(batch, _)| batch), Ok(3));
        assert!(put(101).is_some());
    }
}
