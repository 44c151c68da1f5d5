use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sfv::{BareItem, Dictionary, InnerList, ListEntry, Parser};

use super::structure::{query_value, serialised, signature_base};
use super::{ALGORITHM, ContentDigest, SignatureError, TAG, header};
use crate::ext::{AUDIENCE_HEADER, COMMAND_ID_HEADER};
use crate::identity::{Fingerprint, PublicKey};

/// The components that every signature covers.
const REQUIRED: [&str; 5] = [
    "@method",
    "@path",
    "@query",
    header::CONTENT_DIGEST,
    AUDIENCE_HEADER,
];
/// The longest nonce and command id, in bytes (the width of their columns).
const LONGEST_NONCE: usize = 128;
const LONGEST_COMMAND_ID: usize = 64;

use SignatureError::Malformed;

/// What the headers of a request claim; nothing of it is proven before [`verify_head`](Self::verify_head).
#[derive(Debug, Clone)]
pub struct Claim {
    key_id: Fingerprint,
    nonce: String,
    created: i64,
    expires: Option<i64>,
    components: Vec<String>,
    parameters: String,
    signature: [u8; 64],
    content_digest: String,
    digest: ContentDigest,
    audience_text: String,
    audience: Fingerprint,
    command_id: Option<String>,
}

/// The beginning of a received request, as it was on the wire.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// The method.
    pub method: &'a str,
    /// The path as the sender wrote it: encoded, and with a prefix that a proxy cut off put back.
    pub path: &'a str,
    /// The query without its question mark, encoded.
    pub query: Option<&'a str>,
}

/// What a receiver demands.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// The receiver's own fingerprint.
    pub audience: Fingerprint,
    /// The receiver's clock.
    pub now: DateTime<Utc>,
    /// How far the creation time may be from the clock, either way. See [`DEFAULT_WINDOW`](super::DEFAULT_WINDOW).
    pub window: Duration,
}

/// A signature that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedSignature {
    /// The sender's key.
    pub key_id: Fingerprint,
    /// The nonce: refuse the request when it was seen before with this key.
    pub nonce: String,
    /// When the sender signed, by its clock.
    pub created: DateTime<Utc>,
    /// From when on the request is refused for its age, so that the nonce may be forgotten.
    pub expires_at: DateTime<Utc>,
    /// The command's id, when the request has one.
    pub command_id: Option<String>,
}

impl Claim {
    /// Collects the headers of a signature. `lookup` gives all the values of a header, whose name is in lower case.
    ///
    /// # Errors
    /// [`SignatureError::Missing`] when the request has neither `Signature` nor `Signature-Input`;
    /// [`SignatureError::Malformed`] when anything is not exactly as it has to be.
    pub fn read<V: AsRef<[u8]>>(lookup: impl Fn(&str) -> Vec<V>) -> Result<Self, SignatureError> {
        let signature = single(&lookup, header::SIGNATURE, "Signature occurs twice")?;
        let input = single(&lookup, header::SIGNATURE_INPUT, "Signature-Input occurs twice")?;
        let (signature, input) = match (signature, input) {
            (None, None) => return Err(SignatureError::Missing),
            (Some(signature), Some(input)) => (signature, input),
            _ => return Err(Malformed("Signature and Signature-Input belong together")),
        };
        let content_digest = single(&lookup, header::CONTENT_DIGEST, "Content-Digest occurs twice")?
            .ok_or(Malformed("Content-Digest is missing"))?;
        let audience_text = single(&lookup, AUDIENCE_HEADER, "Efls-Audience occurs twice")?
            .ok_or(Malformed("Efls-Audience is missing"))?;
        let command_id = single(&lookup, COMMAND_ID_HEADER, "Efls-Command-Id occurs twice")?;
        if command_id
            .as_ref()
            .is_some_and(|id| id.is_empty() || id.len() > LONGEST_COMMAND_ID)
        {
            return Err(Malformed("Efls-Command-Id has 1 to 64 characters"));
        }

        let (list, signature) = one_signature(&input, &signature)?;
        let components = components(&list, command_id.is_some())?;
        if text_parameter(&list, "alg")? != ALGORITHM {
            return Err(Malformed("alg is not ed25519"));
        }
        if text_parameter(&list, "tag")? != TAG {
            return Err(Malformed("tag is not efls-peer"));
        }
        let nonce = text_parameter(&list, "nonce")?;
        if nonce.len() < 8 || nonce.len() > LONGEST_NONCE {
            return Err(Malformed("nonce has 8 to 128 characters"));
        }
        Ok(Self {
            key_id: Fingerprint::parse(&text_parameter(&list, "keyid")?)?,
            nonce,
            created: number_parameter(&list, "created")?.ok_or(Malformed("created is missing"))?,
            expires: number_parameter(&list, "expires")?,
            components,
            parameters: serialised(&list)?,
            signature,
            digest: ContentDigest::parse(&content_digest)?,
            content_digest,
            audience: Fingerprint::parse(&audience_text)?,
            audience_text,
            command_id,
        })
    }

    /// The key that the request claims to be signed with: look it up.
    #[must_use]
    pub const fn key_id(&self) -> Fingerprint {
        self.key_id
    }

    /// Checks the signature with the sender's key, then everything that it covers but the body, which need not have been
    /// read: [`verify_body`](Self::verify_body) checks that.
    ///
    /// # Errors
    /// The [`SignatureError`] of the first thing that does not hold. The time and the audience are looked at after the
    /// signature, so that what they say about the sender is the sender's own word.
    pub fn verify_head(
        &self,
        request: &Head<'_>,
        key: &PublicKey,
        rules: &Rules,
    ) -> Result<VerifiedSignature, SignatureError> {
        if key.fingerprint() != self.key_id {
            return Err(SignatureError::WrongKey);
        }
        let query = query_value(request.query);
        let mut values = Vec::with_capacity(self.components.len());
        for name in &self.components {
            let value = match name.as_str() {
                "@method" => request.method,
                "@path" => request.path,
                "@query" => &query,
                header::CONTENT_DIGEST => &self.content_digest,
                AUDIENCE_HEADER => &self.audience_text,
                COMMAND_ID_HEADER => self.command_id.as_deref().unwrap_or_default(),
                _ => return Err(Malformed("a component is not known")),
            };
            values.push((name.as_str(), value));
        }
        let base = signature_base(&values, &self.parameters);
        if !key.verifies(base.as_bytes(), &self.signature) {
            return Err(SignatureError::BadSignature);
        }
        if self.audience != rules.audience {
            return Err(SignatureError::WrongAudience);
        }
        let (created, expires_at) = self.window(rules)?;
        Ok(VerifiedSignature {
            key_id: self.key_id,
            nonce: self.nonce.clone(),
            created,
            expires_at,
            command_id: self.command_id.clone(),
        })
    }

    /// Checks that the body that arrived is the one that was signed.
    ///
    /// # Errors
    /// [`SignatureError::BadDigest`].
    pub fn verify_body(&self, body: &ContentDigest) -> Result<(), SignatureError> {
        if *body == self.digest {
            Ok(())
        } else {
            Err(SignatureError::BadDigest)
        }
    }

    fn window(&self, rules: &Rules) -> Result<(DateTime<Utc>, DateTime<Utc>), SignatureError> {
        const RANGE: SignatureError = Malformed("a time is out of range");
        let created = DateTime::from_timestamp(self.created, 0).ok_or(RANGE)?;
        let window = TimeDelta::from_std(rules.window).map_err(|_| RANGE)?;
        let mut expires_at = created.checked_add_signed(window).ok_or(RANGE)?;
        if let Some(expires) = self.expires {
            expires_at = expires_at.min(DateTime::from_timestamp(expires, 0).ok_or(RANGE)?);
        }
        let offset = created - rules.now;
        if offset > window || rules.now > expires_at {
            return Err(SignatureError::OutsideWindow {
                offset_ms: offset.num_milliseconds(),
            });
        }
        Ok((created, expires_at))
    }
}

/// The value of a header, trimmed; an error when it occurs twice or holds anything but printable ASCII.
fn single<V: AsRef<[u8]>>(
    lookup: &impl Fn(&str) -> Vec<V>,
    name: &str,
    twice: &'static str,
) -> Result<Option<String>, SignatureError> {
    let values = lookup(name);
    match values.as_slice() {
        [] => Ok(None),
        [value] => {
            let value =
                std::str::from_utf8(value.as_ref()).map_err(|_| Malformed("a header is not ASCII"))?;
            let value = value.trim_matches([' ', '\t']);
            if !value.bytes().all(|b| (0x20..0x7f).contains(&b)) {
                return Err(Malformed("a header is not printable ASCII"));
            }
            Ok(Some(value.to_owned()))
        }
        _ => Err(Malformed(twice)),
    }
}

fn one_signature(input: &str, signature: &str) -> Result<(InnerList, [u8; 64]), SignatureError> {
    let mut inputs: Dictionary = Parser::new(input)
        .parse()
        .map_err(|_| Malformed("Signature-Input is not a dictionary"))?;
    let mut signatures: Dictionary = Parser::new(signature)
        .parse()
        .map_err(|_| Malformed("Signature is not a dictionary"))?;
    if inputs.len() != 1 || signatures.len() != 1 {
        return Err(Malformed("there has to be exactly one signature"));
    }
    let (Some((label, list)), Some((other, value))) = (inputs.pop(), signatures.pop()) else {
        return Err(Malformed("there has to be exactly one signature"));
    };
    if label != other {
        return Err(Malformed("the labels in Signature and Signature-Input differ"));
    }
    let ListEntry::InnerList(list) = list else {
        return Err(Malformed("Signature-Input holds no list of components"));
    };
    let ListEntry::Item(item) = value else {
        return Err(Malformed("Signature holds no bytes"));
    };
    let BareItem::ByteSequence(bytes) = item.bare_item else {
        return Err(Malformed("Signature holds no bytes"));
    };
    let signature = bytes
        .try_into()
        .map_err(|_| Malformed("the signature has other than 64 bytes"))?;
    Ok((list, signature))
}

fn components(list: &InnerList, has_command_id: bool) -> Result<Vec<String>, SignatureError> {
    let mut names: Vec<String> = Vec::with_capacity(list.items.len());
    for item in &list.items {
        let name = item
            .bare_item
            .as_string()
            .ok_or(Malformed("a component is not a text"))?
            .as_str();
        if !item.params.is_empty() {
            return Err(Malformed("a component has parameters"));
        }
        if !REQUIRED.contains(&name) && name != COMMAND_ID_HEADER {
            return Err(Malformed("a component is not known"));
        }
        if names.iter().any(|known| known == name) {
            return Err(Malformed("a component is named twice"));
        }
        names.push(name.to_owned());
    }
    if REQUIRED
        .iter()
        .any(|required| !names.iter().any(|name| name == required))
    {
        return Err(Malformed("a component that has to be covered is not"));
    }
    if names.iter().any(|name| name == COMMAND_ID_HEADER) != has_command_id {
        return Err(Malformed(
            "Efls-Command-Id has to be covered when it is there, and only then",
        ));
    }
    Ok(names)
}

fn text_parameter(list: &InnerList, name: &str) -> Result<String, SignatureError> {
    list.params
        .get(name)
        .and_then(|value| value.as_string())
        .map(|value| value.as_str().to_owned())
        .ok_or(Malformed("a parameter (keyid, nonce, alg, tag) is missing"))
}

fn number_parameter(list: &InnerList, name: &str) -> Result<Option<i64>, SignatureError> {
    match list.params.get(name) {
        None => Ok(None),
        Some(value) => value
            .as_integer()
            .map(|number| Some(i64::from(number)))
            .ok_or(Malformed("created and expires are numbers")),
    }
}
