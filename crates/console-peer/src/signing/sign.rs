use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rand::Rng;

use super::structure::{parameters, query_value, signature_base};
use super::{ContentDigest, LABEL, SignatureError, header};
use crate::ext::{AUDIENCE_HEADER, COMMAND_ID_HEADER};
use crate::identity::{Fingerprint, IdentityKey};

/// A request to sign.
#[derive(Debug, Clone, Copy)]
pub struct Signing<'a> {
    /// The method, as on the wire.
    pub method: &'a str,
    /// The path, encoded, as on the wire.
    pub path: &'a str,
    /// The query without its question mark, encoded.
    pub query: Option<&'a str>,
    /// The digest of the body.
    pub digest: ContentDigest,
    /// The receiver's fingerprint.
    pub audience: Fingerprint,
    /// The command's id, when the request changes something.
    pub command_id: Option<&'a str>,
    /// Now, in seconds since 1970.
    pub created: i64,
    /// A text that was never used before, see [`fresh_nonce`].
    pub nonce: &'a str,
}

/// The headers of a signed request, names in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureHeaders {
    /// `content-digest`
    pub content_digest: String,
    /// `efls-audience`
    pub audience: String,
    /// `efls-command-id`
    pub command_id: Option<String>,
    /// `signature-input`
    pub signature_input: String,
    /// `signature`
    pub signature: String,
}

impl SignatureHeaders {
    /// The headers as pairs of name and value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            (header::CONTENT_DIGEST, Some(self.content_digest.as_str())),
            (AUDIENCE_HEADER, Some(self.audience.as_str())),
            (COMMAND_ID_HEADER, self.command_id.as_deref()),
            (header::SIGNATURE_INPUT, Some(self.signature_input.as_str())),
            (header::SIGNATURE, Some(self.signature.as_str())),
        ]
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| (name, value)))
    }
}

/// 128 random bits as text.
#[must_use]
pub fn fresh_nonce() -> String {
    let mut bytes = [0_u8; 16];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Signs a request.
///
/// # Errors
/// [`SignatureError::Malformed`] when the command id or the nonce is not printable ASCII.
pub fn sign(key: &IdentityKey, request: &Signing<'_>) -> Result<SignatureHeaders, SignatureError> {
    let printable = |text: &str| text.bytes().all(|b| (0x20..0x7f).contains(&b)) && text.trim() == text;
    if !request.command_id.is_none_or(printable) {
        return Err(SignatureError::Malformed("the command id is not printable ASCII"));
    }
    let query = query_value(request.query);
    let content_digest = request.digest.header_value();
    let audience = request.audience.to_string();
    let mut components = vec![
        ("@method", request.method),
        ("@path", request.path),
        ("@query", query.as_str()),
        (header::CONTENT_DIGEST, content_digest.as_str()),
        (AUDIENCE_HEADER, audience.as_str()),
    ];
    components.extend(request.command_id.map(|id| (COMMAND_ID_HEADER, id)));
    let key_id = key.fingerprint().to_string();
    let parameters = parameters(&components, request.created, request.nonce, &key_id)?;
    let signature = key.sign(signature_base(&components, &parameters).as_bytes());
    Ok(SignatureHeaders {
        signature_input: format!("{LABEL}={parameters}"),
        signature: format!("{LABEL}=:{}:", STANDARD.encode(signature)),
        command_id: request.command_id.map(str::to_owned),
        content_digest,
        audience,
    })
}
