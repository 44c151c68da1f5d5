//! A partner engine's messages to ours.

use bytes::Bytes;
use console_db::instances as rows;
use console_model::InstanceId;
use console_peer::ext::ChannelAnswer;

use super::PeerRefusal;
use super::caller::Caller;
use crate::instances::change::status_of;
use crate::instances::channel::Stored;
use crate::{App, AppError};

/// `POST /peer/channel/<theirs>/<attempt>/<seq>`: stores one message of an attempt that is under way or about to be.
///
/// # Errors
/// 404 for an instance that is not shared with the caller, or an attempt that we do not have yet; 409 for one that is
/// over.
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
    let unknown = || PeerRefusal::not_found("there is no such instance");
    let row = rows::find_of_partner(app.db().reader(), &caller.partner_id(), theirs.as_str())
        .await?
        .ok_or_else(unknown)?;
    let ours = row.attempt.unsigned_abs();
    if attempt > ours {
        return Err(PeerRefusal::not_found("this attempt has not begun here yet"));
    }
    let over = attempt < ours || status_of(&row)?.is_terminal();
    if over {
        return Err(PeerRefusal::conflict("this attempt is over here"));
    }
    let id = InstanceId::parse(&row.id).map_err(AppError::internal)?;
    let stored = app
        .jobs()
        .channels()
        .incoming(&id, attempt)
        .store(app, seq, message)
        .await?;
    Ok(match stored {
        Stored::Yes { next } => ChannelAnswer {
            next_seq: next,
            accepted: true,
        },
        Stored::Gap { next } | Stored::Full { next } => ChannelAnswer {
            next_seq: next,
            accepted: false,
        },
    })
}
