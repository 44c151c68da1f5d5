//! Who speaks on a stream, and that nobody else reads or changes what is said.

use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{EphemeralPrivateKey, UnparsedPublicKey, X25519, agree_ephemeral};
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::rand::SystemRandom;
use sha2::{Digest, Sha256};

use crate::identity::{Fingerprint, IdentityKey, PublicKey};

/// What the answer of the receiving console has: its key of the stream and its signature.
pub const HELLO_BYTES: usize = 32 + 64;

/// What a record is longer than what it holds.
pub const RECORD_OVERHEAD: usize = 16;

/// Why a stream is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not base64url of 32 bytes.
    #[error("a key of a stream is 32 bytes in base64url")]
    Form,
    /// Nothing can be agreed with such a key, or there are no random numbers.
    #[error("no keys can be agreed for the stream")]
    Agreement,
    /// The answer is not signed by the console that was called.
    #[error("another console than the partner answers on the stream")]
    Signature,
    /// A record that this side of the stream did not write, or that is not the next one.
    #[error("a record of the stream was changed on the way")]
    Record,
}

/// The public half of a console's key of one stream (X25519). As text: base64url without padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamKey([u8; 32]);

impl std::fmt::Display for StreamKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl FromStr for StreamKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyError::Form)?;
        bytes.try_into().map(Self).map_err(|_| KeyError::Form)
    }
}

/// A console's key of one stream. It is used once.
pub struct EphemeralKey {
    private: EphemeralPrivateKey,
    public: StreamKey,
}

impl EphemeralKey {
    /// A fresh key.
    ///
    /// # Errors
    /// [`KeyError::Agreement`] when the system has no random numbers.
    pub fn generate() -> Result<Self, KeyError> {
        let private =
            EphemeralPrivateKey::generate(&X25519, &SystemRandom::new()).map_err(|_| KeyError::Agreement)?;
        let public = private.compute_public_key().map_err(|_| KeyError::Agreement)?;
        let public = public.as_ref().try_into().map_err(|_| KeyError::Agreement)?;
        Ok(Self {
            private,
            public: StreamKey(public),
        })
    }

    /// The half that the other console is told.
    #[must_use]
    pub const fn public(&self) -> StreamKey {
        self.public
    }

    fn agree(self, theirs: StreamKey, transcript: &Transcript) -> Result<(Sealer, Sealer), KeyError> {
        let theirs = UnparsedPublicKey::new(&X25519, theirs.0);
        let agreed = agree_ephemeral(self.private, &theirs, |shared| derived(shared, transcript));
        agreed.and_then(|keys| keys).map_err(|_| KeyError::Agreement)
    }
}

/// The keys of the opener's way and of the answerer's (HKDF-SHA256, RFC 5869).
fn derived(shared: &[u8], transcript: &Transcript) -> Result<(Sealer, Sealer), ring::error::Unspecified> {
    let secret = Salt::new(HKDF_SHA256, &Sha256::digest(transcript.text())).extract(shared);
    let key = |info: &[u8]| {
        let info = [info];
        let key = secret.expand(&info, &AES_256_GCM);
        key.map(|key| Sealer {
            key: LessSafeKey::new(UnboundKey::from(key)),
            count: 0,
        })
    };
    Ok((key(b"efls-stream-1 opener")?, key(b"efls-stream-1 answerer")?))
}

/// What the answering console signs, and what the keys depend on.
#[derive(Debug, Clone, Copy)]
pub struct Transcript {
    /// Who opened the stream.
    pub opener: Fingerprint,
    /// Who answers.
    pub answerer: Fingerprint,
    /// The opener's key of the stream.
    pub opener_key: StreamKey,
    /// The answerer's key of the stream.
    pub answerer_key: StreamKey,
}

impl Transcript {
    /// Five lines, LF between them, none at the end.
    #[must_use]
    pub fn text(&self) -> String {
        let Self {
            opener,
            answerer,
            opener_key,
            answerer_key,
        } = self;
        format!("efls-stream-1\n{opener}\n{answerer}\n{opener_key}\n{answerer_key}")
    }
}

/// The two ways of a stream, as one of its ends has them.
pub struct Keys {
    /// What this end says.
    pub ours: Sealer,
    /// What the other end says.
    pub theirs: Opener,
}

/// The answerer's part: its keys, and the first message of the stream, which is not encrypted.
///
/// # Errors
/// [`KeyError::Agreement`].
pub fn answer(
    identity: &IdentityKey,
    opener: Fingerprint,
    opener_key: StreamKey,
) -> Result<(Keys, [u8; HELLO_BYTES]), KeyError> {
    let own = EphemeralKey::generate()?;
    let transcript = Transcript {
        opener,
        answerer: identity.fingerprint(),
        opener_key,
        answerer_key: own.public(),
    };
    let mut hello = [0; HELLO_BYTES];
    hello[..32].copy_from_slice(&own.public().0);
    hello[32..].copy_from_slice(&identity.sign(transcript.text().as_bytes()));
    let (theirs, ours) = own.agree(opener_key, &transcript)?;
    let theirs = Opener(theirs);
    Ok((Keys { ours, theirs }, hello))
}

impl EphemeralKey {
    /// The opener's part: its keys, when the first message of the stream is the partner's.
    ///
    /// # Errors
    /// [`KeyError`] when it is not.
    pub fn answered(self, opener: Fingerprint, partner: &PublicKey, hello: &[u8]) -> Result<Keys, KeyError> {
        let hello: &[u8; HELLO_BYTES] = hello.try_into().map_err(|_| KeyError::Signature)?;
        let (mut key, mut signature) = ([0; 32], [0; 64]);
        key.copy_from_slice(&hello[..32]);
        signature.copy_from_slice(&hello[32..]);
        let transcript = Transcript {
            opener,
            answerer: partner.fingerprint(),
            opener_key: self.public,
            answerer_key: StreamKey(key),
        };
        if !partner.verifies(transcript.text().as_bytes(), &signature) {
            return Err(KeyError::Signature);
        }
        let (ours, theirs) = self.agree(StreamKey(key), &transcript)?;
        let theirs = Opener(theirs);
        Ok(Keys { ours, theirs })
    }
}

/// Encrypts the records of one way of a stream (AES-256-GCM); the nonce is the record's number, from 0, in the last eight of
/// its twelve bytes.
pub struct Sealer {
    key: LessSafeKey,
    count: u64,
}

impl Sealer {
    fn nonce(&mut self) -> Nonce {
        let mut nonce = [0; 12];
        nonce[4..].copy_from_slice(&self.count.to_be_bytes());
        self.count += 1;
        Nonce::assume_unique_for_key(nonce)
    }

    /// Encrypts a record in its place.
    ///
    /// # Errors
    /// [`KeyError::Record`] for one that is too long for the cipher.
    pub fn seal(&mut self, record: &mut Vec<u8>) -> Result<(), KeyError> {
        let nonce = self.nonce();
        self.key
            .seal_in_place_append_tag(nonce, Aad::empty(), record)
            .map_err(|_| KeyError::Record)
    }
}

/// Decrypts the records of the other way.
pub struct Opener(Sealer);

impl Opener {
    /// Decrypts a record in its place.
    ///
    /// # Errors
    /// [`KeyError::Record`] when it is not the next record that the other console wrote: the stream cannot be used any more.
    pub fn open(&mut self, record: &mut Vec<u8>) -> Result<(), KeyError> {
        let nonce = self.0.nonce();
        let opened = self.0.key.open_in_place(nonce, Aad::empty(), record);
        let length = opened.map_err(|_| KeyError::Record)?.len();
        record.truncate(length);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::{Item, Position, write};

    fn identity(byte: u8) -> IdentityKey {
        let text = base64::engine::general_purpose::STANDARD.encode([byte; 32]);
        IdentityKey::from_secret_text(&text).unwrap()
    }

    /// Both ends of a stream of 1 to 2.
    fn both() -> (Keys, Keys) {
        let (opener, answerer) = (identity(1), identity(2));
        let key = EphemeralKey::generate().unwrap();
        let (there, hello) = answer(&answerer, opener.fingerprint(), key.public()).unwrap();
        let here = key
            .answered(opener.fingerprint(), &answerer.public_key(), &hello)
            .unwrap();
        (here, there)
    }

    #[test]
    fn both_ends_read_each_other_and_nothing_is_repeated_dropped_or_changed() {
        let (mut here, mut there) = both();
        for text in [&b"one"[..], b"", b"three"] {
            let mut record = text.to_vec();
            here.ours.seal(&mut record).unwrap();
            assert_eq!(record.len(), text.len() + RECORD_OVERHEAD);
            assert!(text.is_empty() || !record.starts_with(text));
            there.theirs.open(&mut record).unwrap();
            assert_eq!(record, text);
        }
        let sealed = |keys: &mut Keys| {
            let mut record = b"four".to_vec();
            keys.ours.seal(&mut record).unwrap();
            record
        };
        let first = sealed(&mut here);
        there.theirs.open(&mut first.clone()).unwrap();
        assert!(there.theirs.open(&mut first.clone()).is_err(), "repeated");
        let (mut here, mut there) = both();
        let (_, second) = (sealed(&mut here), sealed(&mut here));
        assert!(there.theirs.open(&mut second.clone()).is_err(), "one was dropped");
        let (mut here, mut there) = both();
        let mut changed = sealed(&mut here);
        changed[0] ^= 1;
        assert!(there.theirs.open(&mut changed).is_err());
        let (mut here, _) = both();
        let own = sealed(&mut here);
        assert!(here.theirs.open(&mut own.clone()).is_err(), "sent back");
    }

    #[test]
    fn only_the_partner_that_was_called_answers() {
        let (opener, answerer, other) = (identity(1), identity(2), identity(3));
        let ask = || EphemeralKey::generate().unwrap();
        let key = ask();
        let (_, hello) = answer(&other, opener.fingerprint(), key.public()).unwrap();
        let answered = key.answered(opener.fingerprint(), &answerer.public_key(), &hello);
        assert_eq!(answered.err(), Some(KeyError::Signature), "another console");
        let key = ask();
        let (_, hello) = answer(&answerer, opener.fingerprint(), ask().public()).unwrap();
        let answered = key.answered(opener.fingerprint(), &answerer.public_key(), &hello);
        assert_eq!(
            answered.err(),
            Some(KeyError::Signature),
            "an answer to another call"
        );
        let key = ask();
        let (_, mut hello) = answer(&answerer, opener.fingerprint(), key.public()).unwrap();
        hello[3] ^= 1;
        let answered = key.answered(opener.fingerprint(), &answerer.public_key(), &hello);
        assert_eq!(
            answered.err(),
            Some(KeyError::Signature),
            "another key of the stream"
        );
        // A key with which everybody agrees on the same.
        let null = URL_SAFE_NO_PAD.encode([0; 32]).parse().unwrap();
        assert_eq!(
            answer(&answerer, opener.fingerprint(), null).err(),
            Some(KeyError::Agreement)
        );
        assert!("AAAA".parse::<StreamKey>().is_err());
    }

    /// The example of `docs/PEER-PROTOCOL.md`: a change of it is a change of the protocol.
    #[test]
    fn a_stream_looks_as_it_always_did() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/stream.json");
        let golden: serde_json::Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let transcript = Transcript {
            opener: identity(1).fingerprint(),
            answerer: identity(2).fingerprint(),
            opener_key: StreamKey([3; 32]),
            answerer_key: StreamKey([4; 32]),
        };
        let (mut opener, mut answerer) = derived(&[5; 32], &transcript).unwrap();
        let at = |seq| Position {
            instance: console_model::InstanceId::parse("0123456789abcdef").unwrap(),
            attempt: 2,
            seq,
        };
        let hex_of = |items: &[Item], sealer: &mut Sealer| {
            let mut record = Vec::new();
            items.iter().for_each(|item| write(item, &mut record));
            let plain = hex::encode(&record);
            sealer.seal(&mut record).unwrap();
            serde_json::json!({"plain": plain, "sealed": hex::encode(record)})
        };
        let said = [
            Item::Message(at(7), bytes::Bytes::from_static(b"hello")),
            Item::Message(at(8), bytes::Bytes::new()),
            Item::Flush(at(9)),
        ];
        let found = serde_json::json!({
            "transcript": transcript.text(),
            "signature": hex::encode(identity(2).sign(transcript.text().as_bytes())),
            "shared_secret": hex::encode([5; 32]),
            "opener": [hex_of(&said, &mut opener), hex_of(&[Item::Flush(at(9))], &mut opener)],
            "answerer": [hex_of(&[Item::Taken(at(9)), Item::Call(at(10))], &mut answerer)],
        });
        if std::env::var_os("EFLS_WRITE_GOLDEN").is_some() {
            std::fs::write(file, format!("{found:#}\n")).unwrap();
        }
        assert_eq!(found, golden);
    }
}
