//! A partner engine's messages to ours.

use std::sync::Arc;

use bytes::Bytes;
use console_db::entity::task_instance;
use console_model::{ErrorKind, InstanceId, InstanceStatus};
use console_peer::base::BaseError;
use console_peer::ext::{ChannelAnswer, MAX_CHANNEL_MESSAGE, MIN_CHANNEL_PIECE, Piece, PieceAnswer};

use super::PeerRefusal;
use super::caller::Caller;
use super::instances::{shared, unknown};
use crate::instances::channel::{Incoming, Stored, StoredPiece};
use crate::instances::held_up::{self, Reason};
use crate::reached_limits::{Limit, Refusal};
use crate::{App, AppError};

/// Messages that are kept for a run that no engine works on yet, in bytes: what engines begin with. A partner may have many such
/// runs; what does not fit it sends again when the engine has begun.
const WAITING_BYTES: u64 = 64 << 10;

/// Where a message goes.
pub(super) enum Place {
    /// Our half has ended well and needs nothing more.
    Nowhere,
    /// To an attempt that is under way or about to be.
    Stream(Box<task_instance::Model>, Arc<Incoming>),
}

/// Finds the attempt that a message is for.
pub(super) async fn place(
    app: &App,
    caller: &Caller,
    theirs: &InstanceId,
    attempt: u32,
) -> Result<Place, PeerRefusal> {
    if !caller.signed {
        return Err(PeerRefusal::forbidden("the channel needs signed calls"));
    }
    let row = shared(app.db().reader(), caller, theirs, unknown).await?;
    let ours = row.attempt.unsigned_abs();
    if attempt > ours {
        return Err(PeerRefusal::not_found("this attempt has not begun here yet"));
    }
    let status = row.status;
    if attempt == ours && status == InstanceStatus::Succeeded {
        return Ok(Place::Nowhere);
    }
    if attempt < ours || status.is_terminal() {
        return Err(PeerRefusal::conflict("this attempt is over here"));
    }
    let incoming = app.jobs().channels().incoming(&row.id, attempt);
    Ok(Place::Stream(Box::new(row), incoming))
}

/// The most bytes that are kept for a run. One that waits for its turn or for a yes holds next to nothing.
pub(super) fn limit_of(app: &App, row: &task_instance::Model) -> u64 {
    match row.engine_lease_owner {
        Some(_) => app.settings().runs.channel_limit_bytes,
        None => WAITING_BYTES,
    }
}

/// Notes on the run whether our own store has room for what the partner sends.
async fn noted<T>(
    app: &App,
    row: &task_instance::Model,
    stored: Result<T, AppError>,
) -> Result<T, PeerRefusal> {
    let attempt = row.attempt.unsigned_abs();
    match &stored {
        Err(error) if error.kind() == ErrorKind::Full => {
            held_up::note(app, &row.id, attempt, Reason::StoreFull, None).await;
        }
        Ok(_) if row.held_up_code.as_deref() == Some(Reason::StoreFull.word()) => {
            held_up::clear(app, &row.id, attempt, Some(Reason::StoreFull)).await;
        }
        Ok(_) | Err(_) => {}
    }
    Ok(stored?)
}

/// Tells our operators that a run's engine is behind. That a run waits for its turn is no matter of this limit.
async fn note_full(app: &App, caller: &Caller, row: &task_instance::Model, held: u64) {
    if row.engine_lease_owner.is_some() {
        let refusal = Refusal {
            limit: Limit::PartnerChannelBytes,
            figure: held,
            most: limit_of(app, row),
        };
        refusal.note(app, caller.partner_id().as_str()).await;
    }
}

fn refuse_too_long(length: usize) -> Result<(), PeerRefusal> {
    if length <= MAX_CHANNEL_MESSAGE {
        return Ok(());
    }
    let limit = MAX_CHANNEL_MESSAGE;
    let told = format!("incorrect params, a channel message has at most {limit} bytes");
    Err(PeerRefusal::Answer(BaseError {
        status: 413,
        ..BaseError::invalid(told)
    }))
}

/// `POST /peer/channel/<theirs>/<attempt>/<seq>`: stores one message of an attempt that is under way or about to be.
///
/// # Errors
/// 404 for an instance that is not shared with the caller, or an attempt that we do not have yet; 409 for one that is
/// over, unless our half ended well: then it has all that it needs, and whatever is said again is taken; 413 for more
/// than an engine reads.
pub async fn receive(
    app: &App,
    caller: &Caller,
    theirs: &InstanceId,
    attempt: u32,
    seq: u64,
    message: Bytes,
) -> Result<ChannelAnswer, PeerRefusal> {
    refuse_too_long(message.len())?;
    let Place::Stream(row, incoming) = place(app, caller, theirs, attempt).await? else {
        return Ok(ChannelAnswer {
            next_seq: seq.saturating_add(1),
            accepted: true,
        });
    };
    let stored = incoming.store(app, seq, message, limit_of(app, &row)).await;
    let (next_seq, accepted) = match noted(app, &row, stored).await? {
        Stored::Yes { next } => (next, true),
        Stored::Gap { next } => (next, false),
        Stored::Full { next, held } => {
            note_full(app, caller, &row, held).await;
            (next, false)
        }
    };
    Ok(ChannelAnswer { next_seq, accepted })
}

/// `POST /peer/channel/<theirs>/<attempt>/<seq>/<digest>/<length>/<offset>`: stores a piece of such a message.
///
/// # Errors
/// As [`receive`]; 400 for a piece that lies outside of its message, or is too short.
pub async fn receive_piece(
    app: &App,
    caller: &Caller,
    theirs: &InstanceId,
    position: (u32, u64),
    piece: &Piece,
    bytes: Bytes,
) -> Result<PieceAnswer, PeerRefusal> {
    let (attempt, seq) = position;
    refuse_too_long(piece.length)?;
    let end = piece.offset.checked_add(bytes.len());
    let is_last = end == Some(piece.length);
    if end.is_none_or(|end| end > piece.length)
        || bytes.is_empty()
        || (bytes.len() < MIN_CHANNEL_PIECE && !is_last)
    {
        let told = format!(
            "incorrect params, a piece lies in its message and has at least {MIN_CHANNEL_PIECE} bytes but at the end"
        );
        return Err(BaseError::invalid(told).into());
    }
    let whole = |next_seq, accepted| PieceAnswer {
        next_seq,
        next_byte: 0,
        accepted,
    };
    let Place::Stream(row, incoming) = place(app, caller, theirs, attempt).await? else {
        return Ok(whole(seq.saturating_add(1), true));
    };
    let offset = piece.offset;
    let stored = incoming
        .store_piece(app, seq, piece, bytes, limit_of(app, &row))
        .await;
    Ok(match noted(app, &row, stored).await? {
        StoredPiece::Message(Stored::Yes { next }) => whole(next, true),
        StoredPiece::Message(Stored::Gap { next }) => whole(next, false),
        StoredPiece::Message(Stored::Full { next, held }) => {
            note_full(app, caller, &row, held).await;
            whole(next, false)
        }
        StoredPiece::UpTo(next_byte) => PieceAnswer {
            next_seq: seq,
            next_byte: next_byte as u64,
            accepted: next_byte > offset,
        },
        StoredPiece::Damaged => {
            let told = "incorrect params, the pieces make another message than they say";
            return Err(BaseError::invalid(told).into());
        }
    })
}
