//! What the headers of a request prove: with whose key it is signed, and that it was not seen before.

use chrono::Utc;
use console_db::entity::partner;
use console_db::nonces::{self, Nonce};
use console_db::partners as rows;
use console_model::{PartnerId, PartnerTrust};
use console_peer::base::{BaseError, RspCode};
use console_peer::identity::PublicKey;
use console_peer::signing::{
    Claim, ContentDigest, DEFAULT_WINDOW, Head, Rules, SignatureError, VerifiedSignature,
};

use super::PeerRefusal;
use super::caller::PeerRequest;
use crate::{App, AppError};

/// The answer to a signature that is no partner's, whether the key that it names is one's or not: who is a partner here is
/// told to nobody who does not have its key.
const NO_PARTNERS_SIGNATURE: &str =
    "the signature does not fit the request, or the key is not that of a partner";

/// Who a request is from, as far as its headers tell and prove it, before its body is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sender {
    /// Its headers are signed with the key of a partner: a body that is not the one that was signed is refused later on.
    Partner(PartnerId),
    /// It does not sign, and there are partners that cannot.
    Unsigned,
    /// Nobody that this console knows.
    Stranger,
}

/// Who a request is from by its headers.
///
/// # Errors
/// When the database does not answer.
pub async fn sender(
    app: &App,
    head: Head<'_>,
    claim: &Result<Claim, SignatureError>,
) -> Result<Sender, AppError> {
    let db = app.db().reader();
    match claim {
        Ok(claim) => {
            let found = rows::find_by_fingerprint(db, &claim.key_id().to_string()).await?;
            match found {
                Some(row)
                    if row.trust != PartnerTrust::Unpaired
                        && verify_head(app, head, claim, &key_of(&row)?).is_ok() =>
                {
                    Ok(Sender::Partner(row.id.clone()))
                }
                _ => Ok(Sender::Stranger),
            }
        }
        Err(SignatureError::Missing) if !rows::with_trust(db, PartnerTrust::Base).await?.is_empty() => {
            Ok(Sender::Unsigned)
        }
        Err(_) => Ok(Sender::Stranger),
    }
}

/// The key that a partner was found by.
pub(super) fn key_of(partner: &partner::Model) -> Result<PublicKey, AppError> {
    PublicKey::parse(partner.public_key.as_deref().unwrap_or_default()).map_err(AppError::internal)
}

/// Checks a signature with a key, and that the body is the one that was signed.
pub(super) fn verify(
    app: &App,
    request: &PeerRequest<'_>,
    claim: &Claim,
    key: &PublicKey,
) -> Result<VerifiedSignature, SignatureError> {
    let verified = verify_head(app, request.head, claim, key)?;
    claim.verify_body(&ContentDigest::of(request.body))?;
    Ok(verified)
}

fn verify_head(
    app: &App,
    head: Head<'_>,
    claim: &Claim,
    key: &PublicKey,
) -> Result<VerifiedSignature, SignatureError> {
    let rules = Rules {
        audience: app.identity().fingerprint(),
        now: Utc::now(),
        window: DEFAULT_WINDOW,
    };
    let first = claim.verify_head(&head, key, &rules);
    let other = match first {
        // A proxy may have cut our base path off, or put it before: the sender signed what it sent.
        Err(SignatureError::BadSignature) => other_form(&app.settings().base_url, head.path),
        _ => None,
    };
    match other {
        Some(path) => claim.verify_head(&Head { path: &path, ..head }, key, &rules),
        None => first,
    }
}

/// The path with our base path where it lacks that, or without it where it has it; none when we have no base path.
fn other_form(base_url: &str, path: &str) -> Option<String> {
    let (_, rest) = base_url.split_once("://")?;
    let base = rest.find('/').map(|slash| rest[slash..].trim_end_matches('/'))?;
    if base.is_empty() {
        return None;
    }
    Some(match path.strip_prefix(base) {
        Some(rest) if rest.starts_with('/') => rest.to_owned(),
        _ => format!("{base}{path}"),
    })
}

/// Refuses a request that was seen before, and remembers it.
pub(super) async fn refuse_repeated(app: &App, verified: &VerifiedSignature) -> Result<(), PeerRefusal> {
    match nonces::remember(
        app.db().writer(),
        &verified.key_id.to_string(),
        &verified.nonce,
        verified.expires_at,
    )
    .await?
    {
        Nonce::Fresh => Ok(()),
        Nonce::Seen => Err(BaseError::new(RspCode::Unauthenticated, "the request was seen before").into()),
    }
}

pub(super) fn unproven(error: SignatureError) -> PeerRefusal {
    BaseError::new(RspCode::Unauthenticated, error.to_string()).into()
}

/// A signature that does not hold is answered as a key that is not known.
pub(super) fn no_partners_signature() -> PeerRefusal {
    BaseError::new(RspCode::Unauthenticated, NO_PARTNERS_SIGNATURE).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_path_is_put_before_or_cut_off() {
        let other = |base: &str, path: &str| other_form(base, path);
        assert_eq!(
            other("https://a.test/host/", "/peer/hello").as_deref(),
            Some("/host/peer/hello")
        );
        assert_eq!(
            other("https://a.test/host", "/host/peer/hello").as_deref(),
            Some("/peer/hello")
        );
        assert_eq!(
            other("https://a.test/host", "/hostile/x").as_deref(),
            Some("/host/hostile/x")
        );
        for none in ["https://a.test", "https://a.test/", "a.test"] {
            assert_eq!(other(none, "/peer/hello"), None, "{none}");
        }
    }
}
