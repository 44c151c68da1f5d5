//! What a record of a stream holds.

use bytes::Bytes;
use console_model::InstanceId;

use crate::ext::MAX_CHANNEL_MESSAGE;

/// The most bytes of a record before it is encrypted: the longest message and what goes with it, or many short ones.
pub const RECORD_BYTES: usize = MAX_CHANNEL_MESSAGE + (64 << 10);

/// Kind and length.
const HEAD: usize = 5;

const MESSAGE: u8 = 1;
const FLUSH: u8 = 2;
const TAKEN: u8 = 3;
const CALL: u8 = 4;

/// A place in the messages of one attempt of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The run, by the id that the sender of the messages has for it.
    pub instance: InstanceId,
    /// The attempt, from 1.
    pub attempt: u32,
    /// The number of a message, from 0.
    pub seq: u64,
}

/// One thing that is said on a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A message.
    Message(Position, Bytes),
    /// The sender waits until everything below the number is stored: store it and say so.
    Flush(Position),
    /// Everything below the number is safe at the receiver.
    Taken(Position),
    /// A message was not taken, nor what came behind it. The sender calls with the first one that is not safe, and learns
    /// from the answer how it goes on.
    Call(Position),
}

/// Why a record cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a record of the stream cannot be read")]
pub struct ItemError;

impl Item {
    /// How many bytes the item takes in a record.
    #[must_use]
    pub fn len(&self) -> usize {
        let (Self::Message(at, _) | Self::Flush(at) | Self::Taken(at) | Self::Call(at)) = self;
        let message = match self {
            Self::Message(_, message) => message.len(),
            Self::Flush(_) | Self::Taken(_) | Self::Call(_) => 0,
        };
        HEAD + 1 + at.instance.as_str().len() + 4 + 8 + message
    }

    /// An item is never empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        false
    }
}

/// Writes an item behind what a record holds already.
pub fn write(item: &Item, record: &mut Vec<u8>) {
    let (kind, at, message): (u8, &Position, &[u8]) = match item {
        Item::Message(at, message) => (MESSAGE, at, message),
        Item::Flush(at) => (FLUSH, at, &[]),
        Item::Taken(at) => (TAKEN, at, &[]),
        Item::Call(at) => (CALL, at, &[]),
    };
    let id = at.instance.as_str().as_bytes();
    record.push(kind);
    // Ids have at most 64 bytes, messages at most 1 MiB.
    let length = u32::try_from(item.len() - HEAD).unwrap_or(u32::MAX);
    record.extend_from_slice(&length.to_be_bytes());
    record.push(u8::try_from(id.len()).unwrap_or(u8::MAX));
    record.extend_from_slice(id);
    record.extend_from_slice(&at.attempt.to_be_bytes());
    record.extend_from_slice(&at.seq.to_be_bytes());
    record.extend_from_slice(message);
}

/// Reads the items of a record. Kinds that are not known are passed over: a later version has more of them.
///
/// # Errors
/// [`ItemError`] at the first thing that does not fit.
pub fn items(mut record: Bytes) -> Result<Vec<Item>, ItemError> {
    let mut found = Vec::new();
    while !record.is_empty() {
        let kind = record[0];
        let length = record.get(1..HEAD).and_then(|bytes| bytes.try_into().ok());
        let length = usize::try_from(u32::from_be_bytes(length.ok_or(ItemError)?)).map_err(|_| ItemError)?;
        if record.len() - HEAD < length {
            return Err(ItemError);
        }
        let body = record.slice(HEAD..HEAD + length);
        record = record.slice(HEAD + length..);
        if let Some(item) = item(kind, &body)? {
            found.push(item);
        }
    }
    Ok(found)
}

fn item(kind: u8, body: &Bytes) -> Result<Option<Item>, ItemError> {
    if !matches!(kind, MESSAGE..=CALL) {
        return Ok(None);
    }
    let (at, rest) = position(body)?;
    let item = match kind {
        MESSAGE if rest.len() <= MAX_CHANNEL_MESSAGE => Item::Message(at, rest),
        FLUSH if rest.is_empty() => Item::Flush(at),
        TAKEN if rest.is_empty() => Item::Taken(at),
        CALL if rest.is_empty() => Item::Call(at),
        _ => return Err(ItemError),
    };
    Ok(Some(item))
}

fn position(body: &Bytes) -> Result<(Position, Bytes), ItemError> {
    let id_length = usize::from(*body.first().ok_or(ItemError)?);
    let numbers = 1 + id_length;
    let id = body.get(1..numbers).ok_or(ItemError)?;
    let id = std::str::from_utf8(id).map_err(|_| ItemError)?;
    let part = |from: usize, to: usize| body.get(numbers + from..numbers + to).ok_or(ItemError);
    let attempt = u32::from_be_bytes(part(0, 4)?.try_into().map_err(|_| ItemError)?);
    let seq = u64::from_be_bytes(part(4, 12)?.try_into().map_err(|_| ItemError)?);
    // Both are stored as signed numbers.
    if i32::try_from(attempt).is_err() || i64::try_from(seq).is_err() {
        return Err(ItemError);
    }
    let at = Position {
        instance: InstanceId::parse(id).map_err(|_| ItemError)?,
        attempt,
        seq,
    };
    Ok((at, body.slice(numbers + 12..)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seq: u64) -> Position {
        Position {
            instance: InstanceId::parse("run").unwrap(),
            attempt: 1,
            seq,
        }
    }

    fn all() -> Vec<Item> {
        vec![
            Item::Message(at(0), Bytes::from_static(b"hello")),
            Item::Message(at(1), Bytes::new()),
            Item::Flush(at(2)),
            Item::Taken(at(2)),
            Item::Call(at(i64::MAX.cast_unsigned())),
        ]
    }

    #[test]
    fn items_are_the_same_when_they_are_read() {
        let mut record = Vec::new();
        for item in all() {
            let before = record.len();
            write(&item, &mut record);
            assert_eq!(record.len() - before, item.len());
        }
        assert_eq!(items(record.into()), Ok(all()));
        assert_eq!(items(Bytes::new()), Ok(Vec::new()));
    }

    #[test]
    fn what_a_later_version_says_is_passed_over() {
        let mut record = vec![9, 0, 0, 0, 2, 1, 2];
        write(&Item::Flush(at(3)), &mut record);
        record.extend_from_slice(&[200, 0, 0, 0, 0]);
        assert_eq!(items(record.into()), Ok(vec![Item::Flush(at(3))]));
    }

    #[test]
    fn a_record_that_ends_anywhere_else_or_names_what_cannot_be_is_refused() {
        let mut record = Vec::new();
        write(&Item::Message(at(0), Bytes::from_static(b"hello")), &mut record);
        for end in 1..record.len() {
            assert_eq!(
                items(Bytes::copy_from_slice(&record[..end])),
                Err(ItemError),
                "{end}"
            );
        }
        for wrong in [
            at(u64::MAX),
            Position {
                attempt: u32::MAX,
                ..at(0)
            },
        ] {
            let mut record = Vec::new();
            write(&Item::Flush(wrong), &mut record);
            assert_eq!(items(record.into()), Err(ItemError));
        }
        let mut long = Vec::new();
        let message = Bytes::from(vec![0; MAX_CHANNEL_MESSAGE + 1]);
        write(&Item::Message(at(0), message), &mut long);
        assert_eq!(items(long.into()), Err(ItemError));
        // An answer says nothing besides.
        assert_eq!(items(Bytes::from_static(&[4, 0, 0, 0, 0])), Err(ItemError));
    }
}
