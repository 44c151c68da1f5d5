//! Who a console is: an Ed25519 key, its public half, and the fingerprint that two people compare.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Why a key or a fingerprint was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// Not base64 of 32 bytes.
    #[error("a key is 32 bytes in base64")]
    Form,
    /// 32 bytes that are no usable Ed25519 public key.
    #[error("this is not a usable Ed25519 public key")]
    NotAKey,
    /// Not 64 hexadecimal digits.
    #[error("a fingerprint has 64 hexadecimal digits")]
    Fingerprint,
}

/// A console's own key. It is wiped from memory when dropped, and `Debug` shows the fingerprint only.
pub struct IdentityKey(SigningKey);

impl IdentityKey {
    /// A fresh key from the system's random numbers.
    #[must_use]
    pub fn generate() -> Self {
        Self(SigningKey::generate(&mut rand::rng()))
    }

    /// The secret as text (base64 of 32 bytes), to be stored.
    #[must_use]
    pub fn to_secret_text(&self) -> String {
        STANDARD.encode(self.0.as_bytes())
    }

    /// From the stored secret.
    ///
    /// # Errors
    /// [`IdentityError::Form`] when the text is not base64 of 32 bytes.
    pub fn from_secret_text(text: &str) -> Result<Self, IdentityError> {
        let bytes = decode_32(text)?;
        Ok(Self(SigningKey::from_bytes(&bytes)))
    }

    /// The public half.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// The fingerprint of the public half; also the key id in signatures.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.public_key().fingerprint()
    }

    /// Signs bytes (RFC 8032).
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl std::fmt::Debug for IdentityKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IdentityKey({})", self.fingerprint())
    }
}

fn decode_32(text: &str) -> Result<[u8; 32], IdentityError> {
    let bytes = STANDARD.decode(text.trim()).map_err(|_| IdentityError::Form)?;
    bytes.try_into().map_err(|_| IdentityError::Form)
}

/// A console's public key. As text: standard base64 of its 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads the text form.
    ///
    /// # Errors
    /// [`IdentityError`] when it is not base64 of 32 bytes, or the bytes are no key or a weak one.
    pub fn parse(text: &str) -> Result<Self, IdentityError> {
        let key = VerifyingKey::from_bytes(&decode_32(text)?).map_err(|_| IdentityError::NotAKey)?;
        // A key of small order verifies signatures that nobody made.
        if key.is_weak() {
            return Err(IdentityError::NotAKey);
        }
        Ok(Self(key))
    }

    /// SHA-256 of the 32 bytes.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint(Sha256::digest(self.0.as_bytes()).into())
    }

    /// Whether a signature of bytes was made by this key (RFC 8032, without the malleable forms).
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.0
            .verify_strict(message, &Signature::from_bytes(signature))
            .is_ok()
    }
}

impl std::fmt::Display for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&STANDARD.encode(self.0.as_bytes()))
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.to_string()
    }
}

impl TryFrom<String> for PublicKey {
    type Error = IdentityError;
    fn try_from(text: String) -> Result<Self, IdentityError> {
        Self::parse(&text)
    }
}

impl std::str::FromStr for PublicKey {
    type Err = IdentityError;
    fn from_str(text: &str) -> Result<Self, IdentityError> {
        Self::parse(text)
    }
}

/// The fingerprint of a public key: SHA-256, as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Reads a fingerprint as a person may type it: spaces, dashes, colons and upper case pass.
    ///
    /// # Errors
    /// [`IdentityError::Fingerprint`] when it has other than 64 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, IdentityError> {
        let digits: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | ':'))
            .collect();
        let bytes = hex::decode(digits).map_err(|_| IdentityError::Fingerprint)?;
        bytes.try_into().map(Self).map_err(|_| IdentityError::Fingerprint)
    }

    /// In sixteen groups of four digits, for people to compare.
    #[must_use]
    pub fn grouped(&self) -> String {
        let groups: Vec<String> = self.0.chunks(2).map(hex::encode).collect();
        groups.join(" ")
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.to_string()
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = IdentityError;
    fn try_from(text: String) -> Result<Self, IdentityError> {
        Self::parse(&text)
    }
}

impl std::str::FromStr for Fingerprint {
    type Err = IdentityError;
    fn from_str(text: &str) -> Result<Self, IdentityError> {
        Self::parse(text)
    }
}
