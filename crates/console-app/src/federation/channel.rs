//! A partner engine's messages to ours.

use bytes::Bytes;
use console_model::{ErrorKind, InstanceId, InstanceStatus};
use console_peer::base::BaseError;
use console_peer::ext::{ChannelAnswer, MAX_CHANNEL_MESSAGE};

use super::PeerRefusal;
use super::caller::Caller;
use super::instances::{shared, unknown};
use crate::instances::channel::Stored;
use crate::instances::held_up::{self, Reason};
use crate::reached_limits::{Limit, Refusal};
use crate::{App, AppError};

/// Messages that are kept for a run that no engine works on yet, in bytes: what engines begin with.
const WAITING_BYTES: u64 = 1 << 20;

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
    if !caller.signed {
        return Err(PeerRefusal::forbidden("the channel needs signed calls"));
    }
    if message.len() > MAX_CHANNEL_MESSAGE {
        let limit = MAX_CHANNEL_MESSAGE;
        let told = format!("incorrect params, a channel message has at most {limit} bytes");
        return Err(PeerRefusal::Answer(BaseError {
            status: 413,
            ..BaseError::invalid(told)
        }));
    }
    let row = shared(app.db().reader(), caller, theirs, unknown).await?;
    let ours = row.attempt.unsigned_abs();
    if attempt > ours {
        return Err(PeerRefusal::not_found("this attempt has not begun here yet"));
    }
    let status = row.status;
    if attempt == ours && status == InstanceStatus::Succeeded {
        return Ok(ChannelAnswer {
            next_seq: seq.saturating_add(1),
            accepted: true,
        });
    }
    if attempt < ours || status.is_terminal() {
        return Err(PeerRefusal::conflict("this attempt is over here"));
    }
    let id = InstanceId::parse(&row.id).map_err(AppError::internal)?;
    let incoming = app.jobs().channels().incoming(&id, attempt);
    // A run that waits for its turn or for a yes holds next to nothing.
    let limit = match row.engine_lease_owner {
        Some(_) => app.settings().runs.channel_limit_bytes,
        None => WAITING_BYTES,
    };
    let stored = match incoming.store(app, seq, message, limit).await {
        Ok(stored) => stored,
        Err(error) => {
            if error.kind() == ErrorKind::Full {
                held_up::note(app, &id, attempt, Reason::StoreFull, None).await;
            }
            return Err(error.into());
        }
    };
    if row.held_up_code.as_deref() == Some(Reason::StoreFull.word()) {
        held_up::clear(app, &id, attempt, Some(Reason::StoreFull)).await;
    }
    Ok(match stored {
        Stored::Yes { next } => ChannelAnswer {
            next_seq: next,
            accepted: true,
        },
        Stored::Gap { next } => ChannelAnswer {
            next_seq: next,
            accepted: false,
        },
        Stored::Full { next, held } => {
            // That a run waits for its turn is no matter of this limit.
            if row.engine_lease_owner.is_some() {
                let (limit, figure, most) = (Limit::PartnerChannelBytes, held, limit);
                let refusal = Refusal { limit, figure, most };
                refusal.note(app, caller.partner_id().as_str()).await;
            }
            ChannelAnswer {
                next_seq: next,
                accepted: false,
            }
        }
    })
}
