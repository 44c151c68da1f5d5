//! What the exchange has received and worked on, kept in the attempt's scratch files, so that the messages themselves
//! need not be kept.

use bytes::Bytes;
use task_interface::{EngineError, TaskContext};

use super::State;
use crate::group::Key;
use crate::work::damaged_checkpoint;

/// The most bytes of one stored part.
const PART_BYTES: usize = 1 << 30;

/// Whose points an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// The other side's points, blinded by both.
    Theirs = 1,
    /// Our points, blinded by both.
    Ours = 2,
}

/// The part of the journal that is not stored yet.
#[derive(Default)]
pub(super) struct Journal {
    part: Vec<u8>,
}

impl Journal {
    pub(super) fn push(&mut self, whose: Whose, keys: &[Key]) {
        self.part.push(whose as u8);
        self.part.extend_from_slice(&(keys.len() as u32).to_le_bytes());
        self.part.extend_from_slice(keys.as_flattened());
    }

    pub(super) fn is_due(&self, checkpoint_bytes: usize) -> bool {
        !self.part.is_empty() && self.part.len() >= checkpoint_bytes
    }

    /// Stores everything up to now. No message may be half worked on.
    pub(super) async fn checkpoint(
        &mut self,
        context: &TaskContext,
        state: &mut State,
    ) -> Result<(), EngineError> {
        state.position = context.peer.position().await;
        context.peer.flush().await?;
        let part = Bytes::from(std::mem::take(&mut self.part));
        context
            .scratch
            .write_all(&name(state.journal_parts), part)
            .await?;
        state.journal_parts += 1;
        state.save(context).await
    }
}

fn name(part: u32) -> String {
    format!("join-journal-{part}")
}

/// The entries of one stored part.
pub(super) async fn entries(context: &TaskContext, part: u32) -> Result<Vec<(Whose, Vec<Key>)>, EngineError> {
    let bytes = context.scratch.read_all(&name(part), PART_BYTES).await?;
    let (mut entries, mut rest) = (Vec::new(), &bytes[..]);
    while let Some((whose, keys, after)) = entry(rest) {
        entries.push((whose?, keys));
        rest = after;
    }
    if rest.is_empty() {
        Ok(entries)
    } else {
        Err(damaged_checkpoint())
    }
}

type Entry<'a> = (Result<Whose, EngineError>, Vec<Key>, &'a [u8]);

/// The first entry, if all of it is there, and what comes after it.
fn entry(bytes: &[u8]) -> Option<Entry<'_>> {
    let (head, rest) = bytes.split_at_checked(5)?;
    let whose = match head[0] {
        1 => Ok(Whose::Theirs),
        2 => Ok(Whose::Ours),
        _ => Err(damaged_checkpoint()),
    };
    let count = u32::from_le_bytes([head[1], head[2], head[3], head[4]]) as usize;
    let (keys, rest) = rest.split_at_checked(count.checked_mul(32)?)?;
    Some((whose, keys.as_chunks().0.to_vec(), rest))
}
