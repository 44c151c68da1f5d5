//! A signed request that a test can change.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use console_peer::identity::PublicKey;
use console_peer::signing::{
    Claim, ContentDigest, DEFAULT_WINDOW, Head, Rules, SignatureError, Signing, VerifiedSignature, sign,
    signature_base,
};

use crate::server::{our_key, partner_key};

pub(super) const NONCE: &str = "bm9uY2Utb2YtMTYtYnl0ZQ";
pub(super) const CREATED: i64 = 1_795_482_123;

type Headers = Vec<(String, String)>;

pub(super) fn at(offset_ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(CREATED, 0).unwrap() + TimeDelta::milliseconds(offset_ms)
}

pub(super) fn rules(now: DateTime<Utc>) -> Rules {
    Rules {
        audience: partner_key().fingerprint(),
        now,
        window: DEFAULT_WINDOW,
    }
}

/// A request as it travels, to be changed by a test.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: Option<String>,
    pub(super) body: Vec<u8>,
    pub(super) headers: Headers,
}

impl Wire {
    pub(super) fn signed(
        method: &str,
        path: &str,
        query: Option<&str>,
        body: &[u8],
        command_id: Option<&str>,
    ) -> Self {
        let request = Signing {
            method,
            path,
            query,
            digest: ContentDigest::of(body),
            audience: partner_key().fingerprint(),
            command_id,
            created: CREATED,
            nonce: NONCE,
        };
        let headers = sign(&our_key(), &request).unwrap();
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.map(str::to_owned),
            body: body.to_vec(),
            headers: headers
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        }
    }

    pub(super) fn example() -> Self {
        let body = br#"{"reason":"the project ended"}"#;
        let command = Some("0123456789abcdef0123456789abcdef");
        Self::signed("POST", "/efls/peer/unpair", None, body, command)
    }

    pub(super) fn claim(&self) -> Result<Claim, SignatureError> {
        Claim::read(|name| {
            let same = |(key, _): &&(String, String)| key == name;
            self.headers
                .iter()
                .filter(same)
                .map(|(_, value)| value.as_str())
                .collect()
        })
    }

    pub(super) fn verify_with(
        &self,
        key: &PublicKey,
        rules: &Rules,
    ) -> Result<VerifiedSignature, SignatureError> {
        let head = Head {
            method: &self.method,
            path: &self.path,
            query: self.query.as_deref(),
        };
        let claim = self.claim()?;
        let verified = claim.verify_head(&head, key, rules)?;
        claim.verify_body(&ContentDigest::of(&self.body))?;
        Ok(verified)
    }

    pub(super) fn verify(&self) -> Result<VerifiedSignature, SignatureError> {
        self.verify_with(&our_key().public_key(), &rules(at(0)))
    }

    pub(super) fn header(&mut self, name: &str) -> &mut String {
        &mut self.headers.iter_mut().find(|(key, _)| key == name).unwrap().1
    }

    pub(super) fn replaced(&self, name: &str, from: &str, to: &str) -> Self {
        let mut changed = self.clone();
        let value = changed.header(name);
        assert!(value.contains(from), "{value}");
        *value = value.replace(from, to);
        changed
    }

    pub(super) fn without(&self, name: &str) -> Self {
        let mut changed = self.clone();
        changed.headers.retain(|(key, _)| key != name);
        changed
    }

    /// Signs other parameters, components and values with our key, as a careless implementation could.
    pub(super) fn signed_as(&self, components: &[(&str, &str)], parameters: &str) -> Self {
        let names: Vec<String> = components.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let parameters = format!("({}){parameters}", names.join(" "));
        let signature = our_key().sign(signature_base(components, &parameters).as_bytes());
        let mut changed = self.clone();
        *changed.header("signature-input") = format!("efls={parameters}");
        *changed.header("signature") = format!("efls=:{}:", STANDARD.encode(signature));
        changed
    }
}
