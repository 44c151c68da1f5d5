//! Messages that are stored together: what has come by a stream since the last time.
//!
//! Such an object holds, for each message, its length in four bytes (big-endian) and its bytes. Its key names the first
//! number and how many there are, so that nobody has to read it to know what is stored.

use std::ops::Range;

use bytes::{BufMut, Bytes, BytesMut};
use console_model::InstanceId;
use console_storage::{KeyPrefix, ObjectKey};

use super::incoming::{Incoming, PENDING_BYTES, as_kept};
use super::state::{Kept, State};
use crate::{App, AppError};

/// So many objects are listed at a time.
const AT_ONCE: usize = 1000;
/// The longest object: what may be pending, and lengths.
const LONGEST: u64 = 2 * PENDING_BYTES as u64;

/// The messages as one object.
fn packed<'a>(messages: impl IntoIterator<Item = &'a Bytes>) -> Result<Bytes, AppError> {
    let mut object = BytesMut::new();
    for message in messages {
        object.put_u32(u32::try_from(message.len()).map_err(AppError::internal)?);
        object.put_slice(message);
    }
    Ok(object.freeze())
}

/// The messages of an object.
fn unpacked(object: &Bytes) -> Result<Vec<Bytes>, AppError> {
    let broken = || AppError::internal("an object with messages of the channel is damaged");
    let (mut messages, mut at) = (Vec::new(), 0);
    while at < object.len() {
        let length = object.get(at..at + 4).and_then(|four| four.try_into().ok());
        let length = usize::try_from(u32::from_be_bytes(length.ok_or_else(broken)?)).map_err(|_| broken())?;
        let Range { start, end } = at + 4..at + 4 + length;
        if end > object.len() {
            return Err(broken());
        }
        messages.push(object.slice(start..end));
        at = end;
    }
    Ok(messages)
}

/// First number and count of a key of [`ObjectKey::channel_batch`].
fn named(key: &ObjectKey) -> Option<(u64, u64)> {
    let (_, name) = key.as_str().rsplit_once('/')?;
    let (first, count) = name.strip_prefix('b')?.split_once('-')?;
    Some((first.parse().ok()?, count.parse().ok()?))
}

fn key(instance: &InstanceId, attempt: u32, first: u64, count: u64) -> ObjectKey {
    ObjectKey::channel_batch(instance, attempt.cast_signed(), first, count)
}

impl Incoming {
    /// The key of what is stored.
    pub(super) fn key_of(&self, kept: &Kept) -> ObjectKey {
        match kept.batch {
            Some(count) => key(&self.instance, self.attempt, kept.first, count),
            None => self.key(kept.first),
        }
    }

    /// Stores what has come by a stream and is not stored yet. Gives the number that is wanted next: everything below it
    /// is safe.
    ///
    /// # Errors
    /// When the object store or the database does not answer.
    pub async fn settle(&self, app: &App) -> Result<u64, AppError> {
        // One at a time, and our engine goes on meanwhile: what it is given stays pending until it is stored.
        let _one = self.settling.lock().await;
        let (first, messages) = {
            let mut guard = self.state.lock().await;
            let state = self.loaded(app, &mut guard).await?;
            (state.next, state.pending.iter().cloned().collect::<Vec<_>>())
        };
        if messages.is_empty() {
            return Ok(first);
        }
        let kept = self.store_together(app, first, &messages).await?;
        let mut guard = self.state.lock().await;
        let state = self.loaded(app, &mut guard).await?;
        self.is_kept(app, state, kept).await?;
        Ok(state.next)
    }

    /// As [`settle`](Self::settle), for a caller that holds the state.
    pub(super) async fn settle_held(&self, app: &App, state: &mut State) -> Result<(), AppError> {
        if state.pending.is_empty() {
            return Ok(());
        }
        let messages: Vec<Bytes> = state.pending.iter().cloned().collect();
        let kept = self.store_together(app, state.next, &messages).await?;
        self.is_kept(app, state, kept).await
    }

    async fn store_together(&self, app: &App, first: u64, messages: &[Bytes]) -> Result<Kept, AppError> {
        let object = packed(messages)?;
        let kept = Kept {
            first,
            batch: Some(messages.len() as u64),
            bytes: object.len() as u64,
        };
        app.store()
            .put_bytes(&self.key_of(&kept), object, as_kept())
            .await?;
        Ok(kept)
    }

    async fn is_kept(&self, app: &App, state: &mut State, kept: Kept) -> Result<(), AppError> {
        if kept.end() <= state.next {
            // Our engine has acknowledged it meanwhile, or it was stored another way as well.
            if !state.kept.contains(&kept) {
                app.store().delete(&self.key_of(&kept)).await?;
            }
            return Ok(());
        }
        state.kept.push_back(kept);
        state.safe_below(kept.end());
        Ok(())
    }

    /// What is stored together and has a message, if any process of this console stored one.
    pub(super) async fn batch_with(&self, app: &App, number: u64) -> Result<Option<Kept>, AppError> {
        let folder = KeyPrefix::channel(&self.instance, self.attempt.cast_signed());
        let mut after = ObjectKey::before_channel_batches(&self.instance, self.attempt.cast_signed());
        loop {
            let page = app.store().list(&folder, Some(&after), AT_ONCE).await?;
            for object in &page.objects {
                if let Some((first, count)) = named(&object.key)
                    && first <= number
                    && number - first < count
                {
                    let bytes = object.size;
                    let batch = Some(count);
                    return Ok(Some(Kept { first, batch, bytes }));
                }
            }
            match page.objects.last() {
                Some(last) if page.more => after = last.key.clone(),
                _ => return Ok(None),
            }
        }
    }

    /// Reads a stored message back. What is stored behind it in the same object stays at hand.
    pub(super) async fn read_back(&self, app: &App, number: u64, kept: &Kept) -> Result<Bytes, AppError> {
        let object = app.store().get_bytes(&self.key_of(kept), LONGEST).await?;
        if kept.batch.is_none() {
            return Ok(object);
        }
        let place = usize::try_from(number - kept.first).map_err(AppError::internal)?;
        let mut messages = unpacked(&object)?.into_iter().skip(place);
        let message = messages
            .next()
            .ok_or_else(|| AppError::internal("an object has fewer messages than its key says"))?;
        let mut guard = self.state.lock().await;
        let state = self.loaded(app, &mut guard).await?;
        // Copies: otherwise one of them would keep the whole object in memory.
        let behind = messages.map(|message| Bytes::copy_from_slice(&message));
        state.at_hand.put_before(number + 1, behind);
        Ok(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_the_same_when_they_are_read_back() {
        let messages: Vec<Bytes> = [&b"one"[..], b"", b"three"].map(Bytes::from_static).to_vec();
        let object = packed(&messages).unwrap();
        assert_eq!(unpacked(&object).unwrap(), messages);
        for end in [1, 4, 5, object.len() - 1] {
            assert!(unpacked(&object.slice(..end)).is_err(), "{end}");
        }
    }

    #[test]
    fn a_key_says_what_is_in_the_object() {
        let instance = InstanceId::parse("run").unwrap();
        assert_eq!(named(&key(&instance, 2, 17, 300)), Some((17, 300)));
        assert_eq!(named(&ObjectKey::channel(&instance, 2, 17)), None);
    }
}
