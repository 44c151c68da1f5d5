//! Reading a partner's body, before anything about its sender is proven: within a time, and within a share of memory.

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::web::{Bytes, BytesMut};
use console_peer::base::{BaseError, RspCode};
use console_peer::json::MAX_BYTES;
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bodies up to this size need no share: strangers must not be able to keep ordinary calls out.
const SMALL: usize = 16 << 10;
/// What is given out at a time.
const UNIT: usize = 16 << 10;

/// What bodies that are being read may take.
#[derive(Clone)]
pub(crate) struct Budget {
    /// The memory of all larger bodies in this process together.
    shared: Arc<Semaphore>,
    /// A body that takes longer is given up.
    within: Duration,
}

impl Default for Budget {
    /// 64 MiB, 30 s.
    fn default() -> Self {
        Self::of(64 << 20, Duration::from_secs(30))
    }
}

impl Budget {
    fn of(bytes: usize, within: Duration) -> Self {
        let shared = Arc::new(Semaphore::new(bytes / UNIT));
        Self { shared, within }
    }
}

/// A body, and its share of the memory until it is dropped.
pub(crate) struct Body {
    pub(crate) bytes: Bytes,
    _share: Option<OwnedSemaphorePermit>,
}

/// Reads a body.
pub(crate) async fn read(payload: Payload, budget: &Budget) -> Result<Body, BaseError> {
    let late = |_| BaseError {
        status: 408,
        ..BaseError::invalid("incorrect params, the body did not arrive in time")
    };
    tokio::time::timeout(budget.within, collect(payload, budget))
        .await
        .map_err(late)?
}

async fn collect(mut payload: Payload, budget: &Budget) -> Result<Body, BaseError> {
    let mut body = BytesMut::new();
    let mut share: Option<OwnedSemaphorePermit> = None;
    while let Some(piece) = payload.next().await {
        let piece = piece.map_err(|_| BaseError::invalid("incorrect params, the body broke off"))?;
        let size = body.len() + piece.len();
        if size > MAX_BYTES {
            let message = format!("incorrect params, the body is larger than {MAX_BYTES} bytes");
            return Err(BaseError {
                status: 413,
                ..BaseError::invalid(message)
            });
        }
        let held = share.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let wanted = size.saturating_sub(SMALL).div_ceil(UNIT);
        if wanted > held {
            let more = u32::try_from(wanted - held).unwrap_or(u32::MAX);
            let more = Arc::clone(&budget.shared).try_acquire_many_owned(more);
            let more = more.map_err(|_| BaseError::new(RspCode::Unavailable, "too busy, try again"))?;
            match &mut share {
                Some(share) => share.merge(more),
                None => share = Some(more),
            }
        }
        body.extend_from_slice(&piece);
    }
    Ok(Body {
        bytes: body.freeze(),
        _share: share,
    })
}

#[cfg(test)]
mod tests {
    use actix_web::error::PayloadError;
    use futures_util::{Stream, stream};

    use super::*;

    fn payload(pieces: impl Stream<Item = Result<Bytes, PayloadError>> + 'static) -> Payload {
        Payload::Stream {
            payload: Box::pin(pieces),
        }
    }

    fn body(bytes: usize) -> Payload {
        let piece = |_| Ok(Bytes::from(vec![b' '; 1024]));
        payload(stream::iter((0..bytes / 1024).map(piece)))
    }

    #[actix_web::test]
    async fn large_bodies_share_the_memory_and_small_ones_always_pass() {
        let budget = Budget::of(64 << 10, Duration::from_secs(30));
        let first = read(body(64 << 10), &budget)
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(first.bytes.len(), 64 << 10);
        let refused = read(body(64 << 10), &budget).await.err().unwrap();
        assert_eq!((refused.status, refused.code), (503, RspCode::Unavailable));
        assert!(read(body(SMALL), &budget).await.is_ok());
        drop(first);
        assert!(read(body(64 << 10), &budget).await.is_ok());
    }

    #[actix_web::test]
    async fn a_body_over_the_limit_is_refused() {
        let refused = read(body(MAX_BYTES + 1024), &Budget::default())
            .await
            .err()
            .unwrap();
        assert_eq!(refused.status, 413);
    }

    #[actix_web::test]
    async fn a_body_that_does_not_come_is_given_up() {
        let refused = read(
            payload(stream::pending()),
            &Budget::of(0, Duration::from_millis(10)),
        )
        .await
        .err()
        .unwrap();
        assert_eq!(refused.status, 408);
    }
}
