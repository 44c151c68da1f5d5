//! Signed requests: HTTP Message Signatures (RFC 9421) with Ed25519 over a Content-Digest (RFC 9530).
//!
//! A sender calls [`sign`] and sends the headers. A receiver collects the headers with [`Claim::read`], which checks
//! their form and tells the key id; looks up the key; and calls [`Claim::verify_head`], which needs no body, so that it knows
//! who is calling before it reads one; then [`Claim::verify_body`]. It still has to refuse a nonce that it saw before, until
//! [`VerifiedSignature::expires_at`].
//!
//! Covered are `@method`, `@path`, `@query`, `content-digest`, `efls-audience`, and `efls-command-id` when the request
//! has one. The parameters are `created`, `nonce`, `keyid` (the sender's fingerprint), `alg="ed25519"` and
//! `tag="efls-peer"`. `@path` is the path of the partner's base address and the path of the call together: behind a
//! proxy that cuts a prefix off, the receiver puts it back before it verifies.

mod digest;
mod sign;
mod structure;
mod verify;

use std::time::Duration;

use crate::identity::IdentityError;

pub use digest::{ContentDigest, DigestBuilder};
pub use sign::{SignatureHeaders, Signing, fresh_nonce, sign};
pub use structure::signature_base;
pub use verify::{Claim, Head, Rules, VerifiedSignature};

/// The `tag` parameter of our signatures.
pub const TAG: &str = "efls-peer";

/// The `alg` parameter of our signatures.
pub const ALGORITHM: &str = "ed25519";

/// The label of our signatures in both headers. A receiver takes any label.
pub const LABEL: &str = "efls";

/// How far the creation time may be from the receiver's clock, unless configured otherwise.
pub const DEFAULT_WINDOW: Duration = Duration::from_secs(300);

/// Why a signed request was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The request is not signed at all.
    #[error("the request is not signed")]
    Missing,
    /// The headers of the signature are not as they have to be.
    #[error("the signature is malformed: {0}")]
    Malformed(&'static str),
    /// The key id is not the fingerprint of the key that it was verified with.
    #[error("the request is signed with another key")]
    WrongKey,
    /// The signature does not fit the request.
    #[error("the signature does not fit the request")]
    BadSignature,
    /// The digest does not fit the body.
    #[error("the content digest does not fit the body")]
    BadDigest,
    /// The request is too old, or its creation time is too far ahead.
    #[error("the request was signed at a time outside of the window: the clocks differ by {offset_ms} ms")]
    OutsideWindow {
        /// The signer's time less ours, in milliseconds.
        offset_ms: i64,
    },
    /// The request is meant for another console.
    #[error("the request is meant for another console")]
    WrongAudience,
}

impl From<IdentityError> for SignatureError {
    fn from(_: IdentityError) -> Self {
        Self::Malformed("a fingerprint is not 64 hexadecimal digits")
    }
}

/// The names of the headers that a receiver looks at, in lower case.
pub(crate) mod header {
    pub(crate) const CONTENT_DIGEST: &str = "content-digest";
    pub(crate) const SIGNATURE: &str = "signature";
    pub(crate) const SIGNATURE_INPUT: &str = "signature-input";
}
