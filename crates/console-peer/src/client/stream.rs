//! Opening a stream to a partner.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use rand::RngExt;
use reqwest::header::{CONNECTION, UPGRADE};
use reqwest::{Method, StatusCode, Upgraded};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::transport::{Body, Outgoing, Part, failure, sort};
use super::{CallOptions, Doubt, Partner, PeerClient, PeerError, Speaks};
use crate::identity::PublicKey;
use crate::stream::{
    EphemeralKey, Item, KeyError, Keys, Opener, RECORD_BYTES, RECORD_OVERHEAD, Sealer, items, write,
};

/// A partner's console answers within this time, or the way to it takes no streams.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// A record is not made larger by further items beyond this.
const ENOUGH: usize = 256 << 10;

type Socket = WebSocketStream<Upgraded>;

/// What a console says on a stream that it opened.
pub struct Saying {
    socket: SplitSink<Socket, Message>,
    sealer: Sealer,
}

/// What it hears.
pub struct Hearing {
    socket: SplitStream<Socket>,
    opener: Opener,
}

fn broken(error: impl std::fmt::Display) -> PeerError {
    PeerError::Unknown {
        doubt: Doubt::Dropped,
        detail: error.to_string(),
    }
}

impl From<KeyError> for PeerError {
    fn from(error: KeyError) -> Self {
        Self::Protocol(error.to_string())
    }
}

impl PeerClient {
    /// `GET /peer/stream?key=…`: opens a stream to a partner, whose key is known from the pairing.
    ///
    /// # Errors
    /// See [`PeerError`]; [`PeerError::NotSpoken`] when the partner, or what stands before it, takes no streams.
    pub async fn stream_open(
        &self,
        partner: &Partner,
        key: &PublicKey,
    ) -> Result<(Saying, Hearing), PeerError> {
        if partner.speaks == Speaks::Base {
            return Err(PeerError::NotSpoken);
        }
        let opening = self.opened(partner, key);
        let opened = tokio::time::timeout(ANSWER_WITHIN, opening).await;
        opened.map_err(|_| PeerError::Unknown {
            doubt: Doubt::TimedOut,
            detail: "the stream was not answered".to_owned(),
        })?
    }

    async fn opened(&self, partner: &Partner, key: &PublicKey) -> Result<(Saying, Hearing), PeerError> {
        self.check_literal(partner)?;
        let own = EphemeralKey::generate()?;
        let text = own.public().to_string();
        let call = Outgoing {
            part: Part::Extension,
            method: Method::GET,
            segments: &["peer", "stream"],
            query: Some(("key", &text)),
            body: Body::Nothing,
        };
        let nonce: [u8; 16] = rand::rng().random();
        let request = self
            .request(partner, &CallOptions::default(), call)?
            .header(CONNECTION, "Upgrade")
            .header(UPGRADE, "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", STANDARD.encode(nonce));
        let response = request.send().await.map_err(|error| failure(&error))?;
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            let status = response.status().as_u16();
            let body = self.read(response).await?;
            let sorted = sort(status, &body, Part::Extension, partner.speaks, None);
            // A success that is no stream comes of something that does not know what was asked for.
            return Err(sorted.err().unwrap_or(PeerError::NotSpoken));
        }
        let socket = response.upgrade().await.map_err(|error| failure(&error))?;
        let longest = RECORD_BYTES + RECORD_OVERHEAD;
        let config = WebSocketConfig::default()
            .max_message_size(Some(longest))
            .max_frame_size(Some(longest));
        let mut socket = WebSocketStream::from_raw_socket(socket, Role::Client, Some(config)).await;
        let hello = next(&mut socket).await?;
        let Keys { ours, theirs } = own.answered(self.identity.fingerprint(), key, &hello)?;
        let (sink, stream) = socket.split();
        Ok((
            Saying {
                socket: sink,
                sealer: ours,
            },
            Hearing {
                socket: stream,
                opener: theirs,
            },
        ))
    }
}

/// The next binary message.
async fn next<S>(socket: &mut S) -> Result<Bytes, PeerError>
where
    S: futures_util::Stream<Item = Result<Message, tokio_tungstenite::tungstenite::Error>> + Unpin,
{
    loop {
        match socket.next().await {
            Some(Ok(Message::Binary(bytes))) => return Ok(bytes),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Close(_))) | None => return Err(broken("the stream was closed")),
            Some(Ok(_)) => return Err(PeerError::Protocol("a stream has binary messages".to_owned())),
            Some(Err(error)) => return Err(broken(error)),
        }
    }
}

impl Saying {
    /// Says items, in as few records as their sizes allow. Gives the bytes that were sent.
    ///
    /// # Errors
    /// When the stream is broken.
    pub async fn say(&mut self, said: impl IntoIterator<Item = Item>) -> Result<usize, PeerError> {
        let (mut record, mut sent) = (Vec::new(), 0);
        for item in said {
            if !record.is_empty() && record.len() + item.len() > ENOUGH {
                sent += self.record(std::mem::take(&mut record)).await?;
            }
            record.reserve(item.len() + RECORD_OVERHEAD);
            write(&item, &mut record);
        }
        if !record.is_empty() {
            sent += self.record(record).await?;
        }
        self.socket.flush().await.map_err(broken)?;
        Ok(sent)
    }

    async fn record(&mut self, mut record: Vec<u8>) -> Result<usize, PeerError> {
        self.sealer.seal(&mut record)?;
        let size = record.len();
        self.socket
            .feed(Message::Binary(record.into()))
            .await
            .map_err(broken)?;
        Ok(size)
    }

    /// Keeps proxies from closing a stream on which nothing is said.
    ///
    /// # Errors
    /// When the stream is broken.
    pub async fn ping(&mut self) -> Result<(), PeerError> {
        self.socket
            .send(Message::Ping(Bytes::new()))
            .await
            .map_err(broken)
    }

    /// Ends the stream, so that the other side need not find out.
    pub async fn close(&mut self) {
        let _ = self.socket.close().await;
    }
}

impl Hearing {
    /// Hears the next items; an empty list is a sign of life.
    ///
    /// # Errors
    /// When the stream is broken or was closed, or a record is not what the partner wrote.
    pub async fn hear(&mut self) -> Result<Vec<Item>, PeerError> {
        match self.socket.next().await {
            Some(Ok(Message::Binary(bytes))) => {
                let mut record = Vec::from(bytes);
                self.opener.open(&mut record)?;
                items(Bytes::from(record)).map_err(|error| PeerError::Protocol(error.to_string()))
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(Vec::new()),
            Some(Ok(Message::Close(_))) | None => Err(broken("the stream was closed")),
            Some(Ok(_)) => Err(PeerError::Protocol("a stream has binary messages".to_owned())),
            Some(Err(error)) => Err(broken(error)),
        }
    }
}
