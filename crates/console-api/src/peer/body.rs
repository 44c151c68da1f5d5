//! Reading a partner's body: within a time, and within a share of memory.
//!
//! Small bodies are read from anybody. For a larger one the headers must prove a partner, which has a share of its own that
//! nobody else can take, or be unsigned where partners are that cannot sign.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::web::{Bytes, BytesMut};
use console_app::federation::proof::Sender;
use console_model::PartnerId;
use console_peer::base::{BaseError, RspCode};
use console_peer::json::MAX_BYTES;
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bodies up to this size need no share: strangers must not be able to keep ordinary calls out.
const SMALL: usize = 16 << 10;
/// The largest body of a sender that does not sign, where there are partners that cannot.
const UNSIGNED: usize = 256 << 10;
/// Senders that are looked for at a time.
const LOOKUPS: usize = 2;
/// What is given out at a time.
const UNIT: usize = 16 << 10;

/// What bodies that are being read may take.
#[derive(Clone)]
pub(crate) struct Budget {
    /// The memory of all larger bodies of partners in this process together.
    shared: Arc<Semaphore>,
    /// The part of it that one partner may take, by its id.
    of_partner: Arc<Mutex<HashMap<PartnerId, Arc<Semaphore>>>>,
    per_partner_bytes: usize,
    /// The memory of all larger bodies of senders that do not sign.
    unsigned: Arc<Semaphore>,
    /// Senders that are looked for at a time: strangers must not take every connection to the database.
    lookups: Arc<Semaphore>,
    /// A body that takes longer is given up ...
    within: Duration,
    /// ... and one of a stranger, or a small one, sooner.
    small_within: Duration,
}

impl Default for Budget {
    /// 64 MiB, of which one partner has 16 at most; 4 MiB for senders that do not sign; 30 s and 10 s.
    fn default() -> Self {
        Self::of(
            64 << 20,
            16 << 20,
            Duration::from_secs(30),
            Duration::from_secs(10),
        )
    }
}

impl Budget {
    fn of(bytes: usize, per_partner_bytes: usize, within: Duration, small_within: Duration) -> Self {
        Self {
            shared: Arc::new(Semaphore::new(bytes / UNIT)),
            of_partner: Arc::default(),
            per_partner_bytes,
            unsigned: Arc::new(Semaphore::new((4 << 20) / UNIT)),
            lookups: Arc::new(Semaphore::new(LOOKUPS)),
            within,
            small_within,
        }
    }

    /// What a larger body of a sender takes from, and how large it may be.
    fn shares(&self, sender: &Sender) -> (Vec<Arc<Semaphore>>, usize) {
        match sender {
            Sender::Partner(partner) => {
                let mut all = self.of_partner.lock().unwrap_or_else(PoisonError::into_inner);
                let own = all
                    .entry(partner.clone())
                    .or_insert_with(|| Arc::new(Semaphore::new(self.per_partner_bytes / UNIT)));
                (vec![Arc::clone(own), Arc::clone(&self.shared)], MAX_BYTES)
            }
            Sender::Unsigned => (vec![Arc::clone(&self.unsigned)], UNSIGNED),
            Sender::Stranger => (Vec::new(), SMALL),
        }
    }
}

/// A body, and its shares of the memory until it is dropped.
#[derive(Default)]
pub(crate) struct Body {
    pub(crate) bytes: Bytes,
    _shares: Vec<OwnedSemaphorePermit>,
}

/// Why a body was not read.
#[derive(Debug)]
pub(crate) struct Unfit {
    pub(crate) answer: BaseError,
    /// The partner whose share is taken, and how many bytes that is.
    pub(crate) share: Option<(PartnerId, u64)>,
}

impl From<BaseError> for Unfit {
    fn from(answer: BaseError) -> Self {
        Self { answer, share: None }
    }
}

/// Reads a body. Who sends it is asked when it is not a small one.
pub(crate) async fn read<S>(mut payload: Payload, budget: &Budget, sender: S) -> Result<Body, Unfit>
where
    S: AsyncFnOnce() -> Result<Sender, BaseError>,
{
    let late = |_| BaseError {
        status: 408,
        ..BaseError::invalid("incorrect params, the body did not arrive in time")
    };
    let mut body = BytesMut::new();
    let small = collect(&mut payload, &mut body, SMALL);
    let next = tokio::time::timeout(budget.small_within, small)
        .await
        .map_err(late)??;
    let Some(next) = next else {
        return Ok(Body {
            bytes: body.freeze(),
            _shares: Vec::new(),
        });
    };
    let sender = {
        let _turn = budget.lookups.acquire().await;
        sender().await?
    };
    let (shares, limit) = budget.shares(&sender);
    let rest = grow(&mut payload, body, next, shares, limit);
    let read = tokio::time::timeout(budget.within, rest).await.map_err(late)?;
    read.map_err(|error| match (error, sender) {
        (Ungrown::Full { share: OWN }, Sender::Partner(partner)) => Unfit {
            answer: busy(),
            share: Some((partner, budget.per_partner_bytes as u64)),
        },
        (Ungrown::Full { .. }, _) => busy().into(),
        (Ungrown::Refused(answer), _) => answer.into(),
    })
}

/// The place of a partner's own share among those that its bodies take from.
const OWN: usize = 0;

/// Why a body was not read on.
enum Ungrown {
    Refused(BaseError),
    /// The share at this place is taken.
    Full {
        share: usize,
    },
}

impl From<BaseError> for Ungrown {
    fn from(error: BaseError) -> Self {
        Self::Refused(error)
    }
}

fn busy() -> BaseError {
    BaseError::new(RspCode::Unavailable, "too busy, try again")
}

/// Reads up to a limit; gives the piece that does not fit any more, if one comes.
async fn collect(
    payload: &mut Payload,
    body: &mut BytesMut,
    limit: usize,
) -> Result<Option<Bytes>, BaseError> {
    while let Some(piece) = payload.next().await {
        let piece = piece.map_err(|_| BaseError::invalid("incorrect params, the body broke off"))?;
        if body.len() + piece.len() > limit {
            return Ok(Some(piece));
        }
        body.extend_from_slice(&piece);
    }
    Ok(None)
}

/// Reads on behind a small body, as far as the shares go.
async fn grow(
    payload: &mut Payload,
    mut body: BytesMut,
    mut piece: Bytes,
    shares: Vec<Arc<Semaphore>>,
    limit: usize,
) -> Result<Body, Ungrown> {
    let mut held: Vec<OwnedSemaphorePermit> = Vec::new();
    loop {
        let size = body.len() + piece.len();
        if size > limit {
            let message =
                format!("incorrect params, the body is larger than the {limit} bytes that are allowed");
            let too_large = BaseError {
                status: 413,
                ..BaseError::invalid(message)
            };
            return Err(too_large.into());
        }
        let has = held.first().map_or(0, OwnedSemaphorePermit::num_permits);
        let more = (size - SMALL.min(size)).div_ceil(UNIT).saturating_sub(has);
        take(&shares, &mut held, more)?;
        body.extend_from_slice(&piece);
        match collect(payload, &mut body, size + UNIT.min(limit - size)).await? {
            Some(next) => piece = next,
            None => {
                return Ok(Body {
                    bytes: body.freeze(),
                    _shares: held,
                });
            }
        }
    }
}

/// Takes more of each share.
fn take(shares: &[Arc<Semaphore>], held: &mut Vec<OwnedSemaphorePermit>, more: usize) -> Result<(), Ungrown> {
    let more = u32::try_from(more).unwrap_or(u32::MAX);
    for (place, share) in shares.iter().enumerate() {
        let permit = Arc::clone(share).try_acquire_many_owned(more);
        let permit = permit.map_err(|_| Ungrown::Full { share: place })?;
        match held.get_mut(place) {
            Some(held) => held.merge(permit),
            None => held.push(permit),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use actix_web::error::PayloadError;
    use futures_util::{Stream, stream};

    use super::*;

    const LONG: Duration = Duration::from_secs(30);

    fn payload(pieces: impl Stream<Item = Result<Bytes, PayloadError>> + 'static) -> Payload {
        Payload::Stream {
            payload: Box::pin(pieces),
        }
    }

    fn body(bytes: usize) -> Payload {
        let piece = |_| Ok(Bytes::from(vec![b' '; 1024]));
        payload(stream::iter((0..bytes / 1024).map(piece)))
    }

    fn partner(id: &str) -> Sender {
        Sender::Partner(PartnerId::parse(id).unwrap())
    }

    async fn read_from(bytes: usize, budget: &Budget, sender: Sender) -> Result<Body, Unfit> {
        read(body(bytes), budget, async || Ok(sender)).await
    }

    #[actix_web::test]
    async fn each_partner_has_its_share_and_small_bodies_always_pass() {
        let budget = Budget::of(128 << 10, 64 << 10, LONG, LONG);
        let first = read_from(64 << 10, &budget, partner("a"))
            .await
            .unwrap_or_else(|unfit| panic!("{unfit:?}"));
        assert_eq!(first.bytes.len(), 64 << 10);
        let refused = read_from(64 << 10, &budget, partner("a")).await.err().unwrap();
        assert_eq!(
            (refused.answer.status, refused.answer.code),
            (503, RspCode::Unavailable)
        );
        assert_eq!(refused.share, Some((PartnerId::parse("a").unwrap(), 64 << 10)));
        let other = read_from(64 << 10, &budget, partner("b")).await;
        assert!(other.is_ok(), "one partner does not shut another out");
        assert!(read_from(SMALL, &budget, Sender::Stranger).await.is_ok());
        drop(first);
        assert!(read_from(64 << 10, &budget, partner("a")).await.is_ok());
    }

    #[actix_web::test]
    async fn strangers_have_small_bodies_and_the_unsigned_a_budget_of_their_own() {
        let budget = Budget::default();
        for (sender, limit) in [
            (Sender::Stranger, SMALL),
            (Sender::Unsigned, UNSIGNED),
            (partner("a"), MAX_BYTES),
        ] {
            let whole = read_from(limit, &budget, sender.clone())
                .await
                .unwrap_or_else(|unfit| panic!("{unfit:?}"));
            assert_eq!(whole.bytes.len(), limit);
            let refused = read_from(limit + 1024, &budget, sender).await.err().unwrap();
            assert_eq!(refused.answer.status, 413);
        }
        let mut held = Vec::new();
        let refused = loop {
            match read_from(UNSIGNED, &budget, Sender::Unsigned).await {
                Ok(body) => held.push(body),
                Err(refused) => break refused,
            }
        };
        assert_eq!((refused.answer.status, refused.share), (503, None));
        assert!(held.len() <= 18, "{}", held.len());
        assert!(read_from(MAX_BYTES, &budget, partner("a")).await.is_ok());
    }

    #[actix_web::test]
    async fn a_body_that_does_not_come_is_given_up() {
        let budget = Budget::of(0, 0, LONG, Duration::from_millis(10));
        let stranger = async || Ok(Sender::Stranger);
        let refused = read(payload(stream::pending()), &budget, stranger)
            .await
            .err()
            .unwrap();
        assert_eq!(refused.answer.status, 408);
    }
}
