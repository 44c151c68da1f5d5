//! Messages that come in pieces, because the way between the consoles takes no large requests.
//!
//! Each piece is stored as it comes, so that it does not matter which process of this console gets the next one, or
//! whether one is killed meanwhile. The last one makes the message whole.

use bytes::{Bytes, BytesMut};
use console_peer::ext::{MessageDigest, Piece};
use console_storage::{KeyPrefix, ObjectKey, StorageError};

use super::incoming::{Incoming, Stored, as_kept};
use super::state::State;
use crate::{App, AppError};

/// So many objects are listed at a time.
const AT_ONCE: usize = 100;

/// What became of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredPiece {
    /// Nothing came of it but what would have come of the whole message; or that is whole now.
    Message(Stored),
    /// The message is stored up to a byte, which is where the next piece has to begin.
    UpTo(usize),
    /// What the pieces make has another digest than they say. They are gone.
    Damaged,
}

impl Incoming {
    /// Stores a piece of message number `number`, under the conditions of [`Incoming::store`].
    ///
    /// # Errors
    /// When the object store or the database does not answer.
    pub async fn store_piece(
        &self,
        app: &App,
        number: u64,
        piece: &Piece,
        bytes: Bytes,
        limit: u64,
    ) -> Result<StoredPiece, AppError> {
        let mut guard = self.state.lock().await;
        let state = self.loaded(app, &mut guard).await?;
        if let Some(stored) = self
            .untaken(app, state, number, piece.length as u64, limit)
            .await?
        {
            return Ok(StoredPiece::Message(stored));
        }
        let known = self.known_pieces(app, number, &piece.digest).await?;
        let mut up_to: usize = known.iter().map(|(_, size)| size).sum();
        if up_to < piece.length {
            if piece.offset != up_to {
                // Another process of this console may have made the message whole, and removed its pieces.
                self.refresh(app, state).await?;
                if number < state.next {
                    return Ok(StoredPiece::Message(Stored::Yes { next: state.next }));
                }
                return Ok(StoredPiece::UpTo(up_to));
            }
            if up_to == 0 {
                self.forget_pieces(app, number).await?;
            }
            up_to += bytes.len();
            let key = self.piece_key(number, &piece.digest, piece.offset)?;
            app.store().put_bytes(&key, bytes, as_kept()).await?;
        }
        if up_to < piece.length {
            return Ok(StoredPiece::UpTo(up_to));
        }
        self.make_whole(app, state, number, piece).await
    }

    /// Removes the pieces of other contents under a number: a sender that began anew made another one, and one that means
    /// ill must not fill the store.
    async fn forget_pieces(&self, app: &App, number: u64) -> Result<(), AppError> {
        let whole = self.key(number);
        let folder = KeyPrefix::channel(&self.instance, self.attempt.cast_signed());
        let own = format!("{}-", whole.as_str());
        loop {
            let found = app.store().list(&folder, Some(&whole), AT_ONCE).await?.objects;
            let mut others = found.iter().map(|object| &object.key);
            let others = others.by_ref().take_while(|key| key.as_str().starts_with(&own));
            let mut any = false;
            for key in others {
                app.store().delete(key).await?;
                any = true;
            }
            if !any {
                return Ok(());
            }
        }
    }

    /// Puts the pieces together.
    async fn make_whole(
        &self,
        app: &App,
        state: &mut State,
        number: u64,
        piece: &Piece,
    ) -> Result<StoredPiece, AppError> {
        let pieces = self.known_pieces(app, number, &piece.digest).await?;
        let mut message = BytesMut::with_capacity(piece.length);
        for (key, size) in &pieces {
            let bytes = app.store().get_bytes(key, *size as u64).await?;
            message.extend_from_slice(&bytes);
        }
        let message = message.freeze();
        let is_whole = message.len() == piece.length && MessageDigest::of(&message) == piece.digest;
        if is_whole {
            self.put(app, state, number, message).await?;
        }
        for (key, _) in &pieces {
            app.store().delete(key).await?;
        }
        Ok(match is_whole {
            true => StoredPiece::Message(Stored::Yes { next: number + 1 }),
            false => StoredPiece::Damaged,
        })
    }

    /// The pieces of a message that are stored, from its first byte on and without a gap, with their sizes.
    async fn known_pieces(
        &self,
        app: &App,
        number: u64,
        digest: &MessageDigest,
    ) -> Result<Vec<(ObjectKey, usize)>, AppError> {
        let (mut pieces, mut offset) = (Vec::new(), 0);
        loop {
            let key = self.piece_key(number, digest, offset)?;
            match app.store().head(&key).await {
                Ok(info) => {
                    let size = usize::try_from(info.size).map_err(AppError::internal)?;
                    offset += size;
                    pieces.push((key, size));
                }
                Err(StorageError::NotFound { .. }) => return Ok(pieces),
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn piece_key(&self, number: u64, digest: &MessageDigest, offset: usize) -> Result<ObjectKey, AppError> {
        let (attempt, number) = (self.attempt.cast_signed(), number.cast_signed());
        ObjectKey::channel_piece(&self.instance, attempt, number, digest.as_str(), offset)
            .map_err(AppError::internal)
    }
}
