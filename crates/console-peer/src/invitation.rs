//! The text code by which an administrator invites another console, and the proof that a console holds it.
//!
//! The code is `efls1-`, then the base64url form (without padding) of a JSON object, then the first four hexadecimal
//! digits of the SHA-256 of that base64url text, so that a code that was cut off is told from a wrong one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use console_model::InvitationId;
use hmac::{Hmac, KeyInit, Mac};
use rand::Rng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::address::PartnerAddress;
use crate::identity::{Fingerprint, PublicKey};

const PREFIX: &str = "efls1-";
const CHECKSUM_DIGITS: usize = 4;
const LONGEST_CODE: usize = 8192;

/// Why a code was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvitationError {
    /// It does not begin as an invitation does.
    #[error("this is not an invitation code: it does not begin with \"{PREFIX}\"")]
    Prefix,
    /// It begins as an invitation of a later form.
    #[error("the invitation was made by a newer version: update this console")]
    NewerForm,
    /// The checksum does not fit.
    #[error(
        "the code is cut off or was changed on its way: copy it again, from \"{PREFIX}\" to its last character"
    )]
    CutOff,
    /// Longer than any invitation.
    #[error("the code is longer than {LONGEST_CODE} characters")]
    TooLong,
    /// The checksum fits, but the content makes no sense.
    #[error("the invitation is not valid: {0}")]
    Content(String),
    /// The fingerprint is not that of the key.
    #[error("the invitation is not valid: its fingerprint does not belong to its key")]
    Fingerprint,
}

/// The secret of an invitation. Whoever holds it may pair once. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InvitationSecret(String);

impl InvitationSecret {
    /// 256 fresh random bits.
    #[must_use]
    pub fn generate() -> Self {
        let mut bytes = [0_u8; 32];
        rand::rng().fill_bytes(&mut bytes);
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// What the inviting console stores: SHA-256 of the text, as hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }
}

impl std::fmt::Debug for InvitationSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InvitationSecret(…)")
    }
}

/// What an invitation code says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Where the inviting console can be called.
    pub address: PartnerAddress,
    /// Its name.
    pub name: String,
    /// Its key.
    pub public_key: PublicKey,
    /// The fingerprint of its key.
    pub fingerprint: Fingerprint,
    /// Which invitation this is.
    pub invitation_id: InvitationId,
    /// The secret to prove.
    pub secret: InvitationSecret,
    /// Until when it may be used. Reading a code does not check it.
    pub expires_at: DateTime<Utc>,
}

impl Invitation {
    /// The code to hand over.
    #[must_use]
    pub fn to_code(&self) -> String {
        let json = serde_json::json!(self).to_string();
        let text = URL_SAFE_NO_PAD.encode(json);
        let checksum = checksum(&text);
        format!("{PREFIX}{text}{checksum}")
    }

    /// Reads a code. White space in it (a line break from a mail) is ignored.
    ///
    /// # Errors
    /// [`InvitationError`] says what is wrong with it. An expired invitation is read: look at
    /// [`expires_at`](Self::expires_at).
    pub fn parse(code: &str) -> Result<Self, InvitationError> {
        if code.len() > LONGEST_CODE {
            return Err(InvitationError::TooLong);
        }
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let rest = code.strip_prefix(PREFIX).ok_or_else(|| wrong_prefix(&code))?;
        let (text, given) = rest
            .len()
            .checked_sub(CHECKSUM_DIGITS)
            .and_then(|at| rest.split_at_checked(at))
            .ok_or(InvitationError::CutOff)?;
        if checksum(text) != given.to_ascii_lowercase() {
            return Err(InvitationError::CutOff);
        }
        let content = |error: &dyn std::fmt::Display| InvitationError::Content(error.to_string());
        let json = URL_SAFE_NO_PAD.decode(text).map_err(|error| content(&error))?;
        let value = crate::json::parse(&json).map_err(|error| content(&error))?;
        let invitation: Self = serde_json::from_value(value).map_err(|error| content(&error))?;
        if invitation.public_key.fingerprint() != invitation.fingerprint {
            return Err(InvitationError::Fingerprint);
        }
        Ok(invitation)
    }
}

fn wrong_prefix(code: &str) -> InvitationError {
    let number = code
        .strip_prefix("efls")
        .and_then(|rest| rest.split_once('-'))
        .map(|(number, _)| number);
    match number {
        Some(number) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => {
            InvitationError::NewerForm
        }
        _ => InvitationError::Prefix,
    }
}

fn checksum(text: &str) -> String {
    let mut digits = hex::encode(Sha256::digest(text.as_bytes()));
    digits.truncate(CHECKSUM_DIGITS);
    digits
}

fn keyed(secret_hash: &str, invitation_id: &InvitationId, public_key: &PublicKey) -> Option<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret_hash.as_bytes()).ok()?;
    mac.update(format!("{invitation_id}\n{public_key}").as_bytes());
    Some(mac.finalize().into_bytes().into())
}

/// The proof that the holder of a secret wants to pair this key: HMAC-SHA256, as hexadecimal digits, of
/// `<invitation id> LF <public key>`.
///
/// The key of the HMAC is the text of the secret's [`hash`](InvitationSecret::hash), so that the inviting console can
/// check the proof while storing only the hash.
#[must_use]
pub fn pairing_proof(
    secret: &InvitationSecret,
    invitation_id: &InvitationId,
    public_key: &PublicKey,
) -> String {
    keyed(&secret.hash(), invitation_id, public_key).map_or_else(String::new, hex::encode)
}

/// Whether a proof fits the stored hash of the invitation's secret. Takes the same time for every wrong proof.
#[must_use]
pub fn proof_is_valid(
    proof: &str,
    secret_hash: &str,
    invitation_id: &InvitationId,
    public_key: &PublicKey,
) -> bool {
    let (Some(expected), Ok(given)) = (keyed(secret_hash, invitation_id, public_key), hex::decode(proof))
    else {
        return false;
    };
    expected.ct_eq(&given).into()
}
