//! Messages of the extensions, which only consoles that announce them exchange.
//!
//! | call | request | answer | capability |
//! | --- | --- | --- | --- |
//! | `GET /peer/hello` | | [`Hello`] | (the announcement itself) |
//! | `POST /peer/pairing` | [`PairingRequest`] | [`PairingAnswer`] | `pairing` |
//! | `POST /peer/unpair` | [`UnpairRequest`] | [`UnpairAnswer`] | `pairing` |
//! | `PUT /peer/instances/<sender's id>/status` | [`InstanceReport`] | [`InstanceReportAnswer`] | `status-reports` |
//! | `POST /peer/channel/<sender's id>/<attempt>/<seq>` | bytes | [`ChannelAnswer`] | `channel` |
//! | `POST /peer/channel/<sender's id>/<attempt>/<seq>/<digest>/<length>/<offset>` | bytes | [`PieceAnswer`] | `channel-pieces` |
//! | `GET /peer/stream?key=<key of the stream>` | | a WebSocket, see [`stream`](crate::stream) | `channel-stream` |
//!
//! Answers travel in the envelope of the base protocol ([`Envelope`](crate::base::Envelope)), errors as its
//! [`ErrorBody`](crate::base::ErrorBody). Unknown members are ignored, unknown words survive as
//! [`Word::Other`]. The extra members on base calls are optional fields of [`base`](crate::base).

use std::str::FromStr;

use chrono::{DateTime, Utc};
use console_model::{InstanceStatus, InvitationId};
use serde::{Deserialize, Deserializer, Serialize};

use crate::address::PartnerAddress;
use crate::base::BaseError;
use crate::identity::{Fingerprint, IdentityError, PublicKey};
use crate::signing::ContentDigest;
use crate::{Vocabulary, Word};

/// The level of the extensions that this version speaks. A console supports its own level and the one before.
pub const PROTOCOL_LEVEL: u32 = 1;

/// The longest message of the peer channel that every console takes, in bytes.
pub const MAX_CHANNEL_MESSAGE: usize = 1024 * 1024;

/// The shortest piece of a channel message, in bytes; the last one of a message may be shorter.
pub const MIN_CHANNEL_PIECE: usize = 4096;

/// The header that carries a command's id: the same id and content has the same answer, other content is a conflict.
pub const COMMAND_ID_HEADER: &str = "efls-command-id";

/// The header with the receiver's fingerprint, so that a request cannot be replayed to a third console.
pub const AUDIENCE_HEADER: &str = "efls-audience";

/// The header with the id that both sides write into their logs.
pub const REQUEST_ID_HEADER: &str = "x-request-id";

/// What a console announces that it can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Capability {
    /// Signed requests.
    Signatures,
    /// Pairing by invitation, and its end.
    Pairing,
    /// Idempotent commands by command id.
    Idempotency,
    /// Status changes are announced with a sequence number.
    StatusReports,
    /// The byte channel between the engines of an instance.
    Channel,
    /// Status reports say of a failure whether another attempt may succeed.
    Failures,
    /// Messages of that channel in pieces, for ways that take no large requests.
    ChannelPieces,
    /// Messages of that channel over one long-lived connection: see [`stream`](crate::stream).
    ChannelStream,
}

impl Capability {
    /// Everything that this version can do.
    pub const ALL: &'static [Self] = &[
        Self::Signatures,
        Self::Pairing,
        Self::Idempotency,
        Self::StatusReports,
        Self::Channel,
        Self::Failures,
        Self::ChannelPieces,
        Self::ChannelStream,
    ];

    /// What this version announces.
    #[must_use]
    pub fn announced() -> Vec<Word<Self>> {
        Self::ALL
            .iter()
            .map(|capability| Word::Known(*capability))
            .collect()
    }
}

impl Vocabulary for Capability {
    fn word(self) -> &'static str {
        match self {
            Self::Signatures => "signatures",
            Self::Pairing => "pairing",
            Self::Idempotency => "idempotency",
            Self::StatusReports => "status-reports",
            Self::Channel => "channel",
            Self::Failures => "failures",
            Self::ChannelPieces => "channel-pieces",
            Self::ChannelStream => "channel-stream",
        }
    }
    fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|capability| capability.word() == word)
    }
}

/// Answer to `GET /peer/hello`: the announcement. Anybody may ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The console's name, as its administrator chose it.
    #[serde(deserialize_with = "short_text")]
    pub name: String,
    /// The level of the extensions, see [`PROTOCOL_LEVEL`].
    pub protocol_level: u32,
    /// What it can do.
    #[serde(default)]
    pub capabilities: Vec<Word<Capability>>,
    /// Its key.
    pub public_key: PublicKey,
    /// The fingerprint of its key.
    pub fingerprint: Fingerprint,
    /// Its clock, so that a difference can be shown.
    pub server_time: DateTime<Utc>,
}

/// `POST /peer/pairing`: takes up an invitation. Signed with the sender's own key, which the receiver learns here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairingRequest {
    /// Which invitation.
    pub invitation_id: InvitationId,
    /// That the sender holds the invitation's secret: see [`pairing_proof`](crate::invitation::pairing_proof).
    #[serde(deserialize_with = "short_text")]
    pub proof: String,
    /// The sender's name.
    #[serde(deserialize_with = "short_text")]
    pub name: String,
    /// Where the sender can be called.
    pub address: PartnerAddress,
    /// The sender's key.
    pub public_key: PublicKey,
}

/// Answer to `POST /peer/pairing`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairingAnswer {
    /// The answerer's name.
    #[serde(deserialize_with = "short_text")]
    pub name: String,
    /// The answerer's key.
    pub public_key: PublicKey,
    /// The fingerprint of the answerer's key.
    pub fingerprint: Fingerprint,
    /// The level of the extensions.
    pub protocol_level: u32,
    /// What the answerer can do.
    #[serde(default)]
    pub capabilities: Vec<Word<Capability>>,
}

/// `POST /peer/unpair`: the sender ends the pairing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnpairRequest {
    /// Why, for the operators of the other side. May be empty.
    #[serde(default, deserialize_with = "long_text")]
    pub reason: String,
}

/// Answer to `POST /peer/unpair`: an empty object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct UnpairAnswer {}

/// `PUT /peer/instances/<sender's instance id>/status`: the sender's instance changed its status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceReport {
    /// Counts the reports about one attempt from 1. A report that is not newer than the last one changes nothing.
    #[serde(deserialize_with = "stored_count")]
    pub seq: u64,
    /// The attempt that is meant, from 1.
    #[serde(deserialize_with = "stored_attempt")]
    pub attempt: u32,
    /// The status after the change.
    pub status: Word<InstanceStatus>,
    /// What the operators of the other side may know about it. Never internal error text.
    #[serde(default, deserialize_with = "optional_long_text")]
    pub detail: Option<String>,
    /// The same in simplified Chinese.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "optional_long_text"
    )]
    pub detail_zh: Option<String>,
    /// Of a failure: what programs may know about it. One that cannot be read is as one that is not there.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "readable"
    )]
    pub failure: Option<FailureReport>,
}

/// What a console tells of the failure of its half. It holds nothing of its data and config.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureReport {
    /// Whether the same run may succeed when it is started again.
    pub retryable: bool,
    /// Why, as a word of the sender's engine or console: lower-case words joined by `_`, at most 64 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// Answer to a status report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceReportAnswer {
    /// The newest report that the answerer holds.
    #[serde(deserialize_with = "stored_count")]
    pub seq: u64,
}

/// Answer to a message of the peer channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelAnswer {
    /// The sequence number that the answerer waits for: everything before it is safe there.
    #[serde(deserialize_with = "stored_count")]
    pub next_seq: u64,
    /// Whether this message was taken (now or earlier). If not, the answerer is full, or misses an earlier message:
    /// go on from `next_seq`, after a pause when it is the same number.
    pub accepted: bool,
}

/// Which part of a message of the peer channel a request carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The digest of the whole message: pieces of another content under the same number are no part of it.
    pub digest: MessageDigest,
    /// The length of the whole message, in bytes.
    pub length: usize,
    /// Where in the message the piece begins, in bytes.
    pub offset: usize,
}

/// The SHA-256 of a whole message of the peer channel: 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageDigest(String);

impl MessageDigest {
    /// The digest of a message.
    #[must_use]
    pub fn of(message: &[u8]) -> Self {
        Self(ContentDigest::of(message).hex())
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for MessageDigest {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<Self, IdentityError> {
        // A fingerprint has the same form.
        let fingerprint = Fingerprint::parse(text)?;
        Ok(Self(fingerprint.to_string()))
    }
}

/// Answer to a piece of a message of the peer channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PieceAnswer {
    /// As in [`ChannelAnswer`]; above the message's own number when the message is whole.
    #[serde(deserialize_with = "stored_count")]
    pub next_seq: u64,
    /// Where in the message the next piece has to begin, in bytes.
    #[serde(deserialize_with = "stored_count")]
    pub next_byte: u64,
    /// Whether this piece was taken (now or earlier). If not, the answerer is full, or misses something: go on from
    /// `next_seq` and `next_byte`, after a pause when both are what was just sent.
    pub accepted: bool,
}

/// Reads the body of an extension request.
///
/// # Errors
/// The 400 to answer: not JSON, a member missing or of the wrong type, a limit exceeded.
pub fn parse<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, BaseError> {
    let value = crate::json::parse(body)?;
    serde_json::from_value(value).map_err(|error| BaseError::invalid(format!("incorrect params, {error}")))
}

const SHORT: usize = 256;
const LONG: usize = 1024;

fn limited<E: serde::de::Error>(text: String, longest: usize) -> Result<String, E> {
    if text.chars().count() > longest {
        return Err(E::custom(format_args!(
            "a text has more than {longest} characters"
        )));
    }
    Ok(text)
}

fn short_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    limited(String::deserialize(deserializer)?, SHORT)
}

fn long_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    limited(String::deserialize(deserializer)?, LONG)
}

fn optional_long_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::<String>::deserialize(deserializer)?
        .map(|text| limited(text, LONG))
        .transpose()
}

fn readable<'de, D: Deserializer<'de>, T: serde::de::DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(serde_json::Value::deserialize(deserializer)?).ok())
}

// Counts are stored as signed numbers, so the upper half of the range is refused at the edge.
fn stored_count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let count = u64::deserialize(deserializer)?;
    if i64::try_from(count).is_err() {
        return Err(serde::de::Error::custom("a sequence number is out of range"));
    }
    Ok(count)
}

fn stored_attempt<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let attempt = u32::deserialize(deserializer)?;
    if i32::try_from(attempt).is_err() {
        return Err(serde::de::Error::custom("an attempt is out of range"));
    }
    Ok(attempt)
}
