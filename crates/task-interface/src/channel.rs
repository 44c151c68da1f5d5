use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::EngineError;
use crate::host::{Host, unless_cancelled};

/// The most bytes of one message: 1 MiB.
pub const MAX_MESSAGE_BYTES: usize = 1 << 20;

/// How far a job has got in the stream. Belongs into a checkpoint.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelPosition {
    /// Messages sent so far.
    pub sent: u64,
    /// Messages received so far.
    pub received: u64,
}

/// An ordered, authenticated stream of byte messages to the engine on the other side of the same instance.
///
/// The two consoles carry it, so an engine needs no port, address or certificate of its own. A message arrives once and
/// in order, however often a console restarts or the network fails meanwhile. When the other side is away,
/// [`send`](Self::send) and [`receive`](Self::receive) wait.
///
/// # Checkpoints
///
/// A job that wants to go on where it was after a restart of its console stores, together with its own state, the
/// [`position`](Self::position) of the channel, in this order: [`flush`](Self::flush), store state and position,
/// report a handle, [`acknowledge`](Self::acknowledge). On re-attachment it loads them and calls
/// [`resume`](Self::resume). It then receives again what it had received after the checkpoint, and must send again
/// **the same bytes** that it had sent after it: what the other side has already is dropped by number.
///
/// A checkpoint covers everything that was received, so nothing may be half worked on. The other side is held back when
/// more than 64 MiB are not acknowledged: a job that receives much makes a checkpoint at least every 32 MiB. A job that
/// never makes one is run from its beginning after a restart, and receives everything again.
#[derive(Clone)]
pub struct PeerChannel {
    host: Arc<dyn Host>,
    cancelled: CancellationToken,
    position: Arc<Positions>,
}

#[derive(Default)]
struct Positions {
    sent: Mutex<u64>,
    received: Mutex<u64>,
}

impl PeerChannel {
    pub(crate) fn new(host: Arc<dyn Host>, cancelled: CancellationToken) -> Self {
        Self {
            host,
            cancelled,
            position: Arc::default(),
        }
    }

    /// Sends a message. Returns when it is on its way; [`flush`](Self::flush) waits for its arrival.
    ///
    /// # Errors
    /// [`EngineError::Cancelled`] when the job is to stop; a fatal error for more than [`MAX_MESSAGE_BYTES`].
    pub async fn send(&self, message: impl Into<Bytes>) -> Result<(), EngineError> {
        let message = message.into();
        if message.len() > MAX_MESSAGE_BYTES {
            let size = message.len();
            return Err(EngineError::fatal(format!(
                "a message of {size} bytes is over the limit of {MAX_MESSAGE_BYTES}; send it in parts"
            )));
        }
        let mut sent = self.position.sent.lock().await;
        unless_cancelled(&self.cancelled, self.host.send(*sent, message)).await?;
        *sent += 1;
        Ok(())
    }

    /// Waits for the next message. The wait may be given up (in a `select!`, for instance): no message is lost by that.
    ///
    /// # Errors
    /// [`EngineError::Cancelled`] when the job is to stop, for instance because the other side ended.
    pub async fn receive(&self) -> Result<Bytes, EngineError> {
        let mut received = self.position.received.lock().await;
        let message = unless_cancelled(&self.cancelled, self.host.receive(*received)).await?;
        *received += 1;
        Ok(message)
    }

    /// Waits until the other side's console has stored everything that was sent.
    ///
    /// # Errors
    /// [`EngineError::Cancelled`] when the job is to stop.
    pub async fn flush(&self) -> Result<(), EngineError> {
        unless_cancelled(&self.cancelled, self.host.flush()).await
    }

    /// How far the job has got.
    pub async fn position(&self) -> ChannelPosition {
        ChannelPosition {
            sent: *self.position.sent.lock().await,
            received: *self.position.received.lock().await,
        }
    }

    /// Goes back to a position that was stored in a checkpoint.
    pub async fn resume(&self, position: ChannelPosition) {
        *self.position.sent.lock().await = position.sent;
        *self.position.received.lock().await = position.received;
    }

    /// Says that everything received so far will not be asked for again. Messages are kept on disk until then, and
    /// the other side is slowed down when too many are kept, so an engine should do this from time to time.
    ///
    /// # Errors
    /// A retryable error when the position cannot be stored.
    pub async fn acknowledge(&self) -> Result<(), EngineError> {
        let received = *self.position.received.lock().await;
        unless_cancelled(&self.cancelled, self.host.acknowledge(received)).await
    }
}
