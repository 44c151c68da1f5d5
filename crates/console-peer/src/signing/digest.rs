use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sfv::{BareItem, Dictionary, ListEntry, Parser};
use sha2::{Digest, Sha256};

use super::SignatureError;

/// The SHA-256 of a body, as `Content-Digest` carries it (RFC 9530).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentDigest([u8; 32]);

impl ContentDigest {
    /// The digest of a body. A request without a body has the digest of no bytes.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        Self(Sha256::digest(body).into())
    }

    /// The value of the header: `sha-256=:<base64>:`.
    #[must_use]
    pub fn header_value(&self) -> String {
        format!("sha-256=:{}:", STANDARD.encode(self.0))
    }

    /// As hexadecimal digits, for storing.
    #[must_use]
    pub fn hex(&self) -> String {
        hex::encode(self.0)
    }

    /// Reads the value of the header. Digests of other algorithms beside it are ignored.
    ///
    /// # Errors
    /// [`SignatureError::Malformed`] when it holds no `sha-256` of 32 bytes.
    pub fn parse(value: &str) -> Result<Self, SignatureError> {
        const WRONG: SignatureError = SignatureError::Malformed("Content-Digest holds no sha-256");
        let fields: Dictionary = Parser::new(value).parse().map_err(|_| WRONG)?;
        match fields.get("sha-256") {
            Some(ListEntry::Item(item)) => match &item.bare_item {
                BareItem::ByteSequence(bytes) => bytes.as_slice().try_into().map(Self).map_err(|_| WRONG),
                _ => Err(WRONG),
            },
            _ => Err(WRONG),
        }
    }
}

/// Makes the digest of a body that arrives in pieces.
#[derive(Debug, Clone, Default)]
pub struct DigestBuilder(Sha256);

impl DigestBuilder {
    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The digest of all pieces.
    #[must_use]
    pub fn finish(self) -> ContentDigest {
        ContentDigest(self.0.finalize().into())
    }
}
