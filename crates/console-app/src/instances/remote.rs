//! The other side of an instance: calls to the partner about one run.

use bytes::Bytes;
use console_db::instances as rows;
use console_model::{InstanceId, PartnerId};
use console_peer::base::InstanceRow;
use console_peer::client::{CallOptions, Partner, PeerError};
use console_peer::ext::{ChannelAnswer, MessageDigest, Piece};

use crate::told::Told;
use crate::{App, AppError, partners};

/// The partner's row of a run, asked for outside of the outbox. `known`: the partner's id of it, where it is known.
pub(super) async fn ask(
    app: &App,
    partner: &console_db::entity::partner::Model,
    instance: &InstanceId,
    known: Option<&str>,
) -> Result<InstanceRow, PeerError> {
    let route = partners::trusted_route(partner).map_err(|error| PeerError::Protocol(error.to_string()))?;
    let options = CallOptions {
        timeout: Some(std::time::Duration::from_secs(10)),
        ..CallOptions::default()
    };
    let row = app.peer().instance_get(&route, &options, instance).await?;
    about(row, instance, known)
}

/// The row, if it is about the run that was asked for, as far as it says so.
pub(crate) fn about(
    row: InstanceRow,
    ours: &InstanceId,
    theirs: Option<&str>,
) -> Result<InstanceRow, PeerError> {
    let of_ours = row.instance_peer_id.as_ref().is_none_or(|id| id == ours);
    let of_theirs = theirs.is_none_or(|id| id == row.id.as_str());
    if of_ours && of_theirs {
        Ok(row)
    } else {
        Err(PeerError::unreadable("it is about another run"))
    }
}

/// Why an engine message was not taken.
pub(super) enum Unsent {
    /// The partner's half of the attempt is over.
    Over,
    /// The partner did not answer, or does not take it.
    Away(PeerError),
    /// Not now.
    Later(AppError),
}

impl<E: Into<AppError>> From<E> for Unsent {
    fn from(error: E) -> Self {
        Self::Later(error.into())
    }
}

/// Sends one engine message, in pieces where the way takes no request of its size. Nothing goes to a partner that is
/// suspended or no longer paired.
pub(super) async fn send_message(
    app: &App,
    instance: &InstanceId,
    position: (u32, u64),
    message: Bytes,
) -> Result<ChannelAnswer, Unsent> {
    let row = rows::find(app.db().reader(), instance)
        .await?
        .ok_or_else(|| AppError::not_found("instance"))?;
    let partner = row.partner_id.clone();
    let partner = partner.ok_or_else(|| AppError::not_found("partner"))?;
    // The address may have been corrected and the trust withdrawn since the last message, so both are looked up for each.
    let route = partners::trusted_route(&partners::find(app.db().reader(), &partner).await?)?;
    let way = Way {
        app,
        partner: &partner,
        route,
        instance,
        position,
    };
    way.send(message).await.map_err(|error| match error {
        PeerError::Refused { status: 409, .. } => Unsent::Over,
        error => Unsent::Away(error),
    })
}

/// The way of one engine message to the partner.
struct Way<'a> {
    app: &'a App,
    partner: &'a PartnerId,
    route: Partner,
    instance: &'a InstanceId,
    position: (u32, u64),
}

impl Way<'_> {
    async fn send(&self, message: Bytes) -> Result<ChannelAnswer, PeerError> {
        let sizes = self.app.jobs().channels().sizes();
        let mut size = sizes.most(self.partner);
        // More refusals than it takes to get from the largest to the smallest size.
        for _ in 0..20 {
            let (sent, refused) = if message.len() <= size {
                let (peer, options) = (self.app.peer(), CallOptions::default());
                let sent = peer.channel_send(
                    &self.route,
                    &options,
                    self.instance,
                    self.position,
                    message.clone(),
                );
                (sent.await, message.len())
            } else {
                (self.send_pieces(&message, size).await, size)
            };
            match sent {
                Err(error) if is_too_large(&error) => match sizes.refused(self.partner, refused) {
                    Some(smaller) => size = smaller,
                    None => return Err(not_even(error, refused)),
                },
                sent => {
                    if sent.is_ok() {
                        sizes.passed(self.partner, refused);
                    }
                    return sent;
                }
            }
        }
        Err(PeerError::unreadable("it takes no size that it took before"))
    }

    /// Sends a message in pieces of a size.
    async fn send_pieces(&self, message: &Bytes, size: usize) -> Result<ChannelAnswer, PeerError> {
        let mut piece = Piece {
            digest: MessageDigest::of(message),
            length: message.len(),
            offset: 0,
        };
        // A partner that asks for the same again and again is not obeyed for ever.
        for _ in 0..2 * message.len().div_ceil(size) + 2 {
            let bytes = message.slice(piece.offset..message.len().min(piece.offset + size));
            let (peer, options) = (self.app.peer(), CallOptions::default());
            let sent =
                peer.channel_send_piece(&self.route, &options, self.instance, self.position, &piece, bytes);
            let answer = sent.await.map_err(|error| match error {
                PeerError::NotSpoken => PeerError::TooLarge {
                    detail: format!(
                        "a proxy before the partner's console takes requests of {size} bytes at most, and that console is \
                         of a version that takes no messages in pieces"
                    ),
                },
                error => error,
            })?;
            let is_done = answer.next_seq != self.position.1;
            let next = usize::try_from(answer.next_byte).ok();
            match next.filter(|next| *next < message.len()) {
                Some(next) if !is_done && (answer.accepted || next != piece.offset) => piece.offset = next,
                _ => {
                    return Ok(ChannelAnswer {
                        next_seq: answer.next_seq,
                        accepted: answer.accepted,
                    });
                }
            }
        }
        Err(PeerError::unreadable(
            "it asks for the same piece again and again",
        ))
    }
}

fn is_too_large(error: &PeerError) -> bool {
    matches!(
        error,
        PeerError::TooLarge { .. } | PeerError::Refused { status: 413, .. }
    )
}

/// That no size is small enough.
fn not_even(error: PeerError, bytes: usize) -> PeerError {
    match error {
        PeerError::TooLarge { detail } => PeerError::TooLarge {
            detail: format!("{detail}; not even {bytes} bytes pass"),
        },
        other => other,
    }
}

/// Notes that the partner of a run was heard, or why it was not, for the operators. That it cannot be noted is no reason
/// to hold the run up.
pub(super) async fn note_contact(app: &App, instance: &InstanceId, error: Option<&PeerError>) {
    let noted = async {
        let Some(row) = rows::find(app.db().reader(), instance).await? else {
            return Ok(());
        };
        let Some(partner) = row.partner_id else {
            return Ok(());
        };
        let unheard = error.map(Told::from);
        let unheard = unheard.as_ref().map(Told::as_unheard);
        console_db::partners::note_contact(app.db(), &partner, unheard).await
    };
    if let Err(error) = noted.await {
        tracing::debug!(instance.id = %instance, error = &error as &dyn std::error::Error, "the contact was not noted");
    }
}
