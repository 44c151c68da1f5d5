mod wire;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use console_peer::identity::{IdentityKey, PublicKey};
use console_peer::signing::{
    ContentDigest, DigestBuilder, Rules, SignatureError, Signing, sign, signature_base,
};
use proptest::prelude::*;
use serde_json::json;

use crate::golden;
use crate::server::{our_key, partner_key};
use wire::{CREATED, NONCE, Wire, at, rules};

/// RFC 9421, appendix B.2.6, with the key of appendix B.1.4.
#[test]
fn the_vector_of_the_rfc_is_reproduced() {
    let standard = |text: &str| STANDARD.encode(URL_SAFE_NO_PAD.decode(text).unwrap());
    let secret = standard("n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU");
    let key = IdentityKey::from_secret_text(&secret).unwrap();
    let public = PublicKey::parse(&standard("JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs")).unwrap();
    assert_eq!(key.public_key(), public);

    let parameters = "(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\")\
        ;created=1618884473;keyid=\"test-key-ed25519\"";
    let base = signature_base(
        &[
            ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("@method", "POST"),
            ("@path", "/foo"),
            ("@authority", "example.com"),
            ("content-type", "application/json"),
            ("content-length", "18"),
        ],
        parameters,
    );
    let expected = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==";
    assert_eq!(STANDARD.encode(key.sign(base.as_bytes())), expected);
    let signature: [u8; 64] = STANDARD.decode(expected).unwrap().try_into().unwrap();
    assert!(public.verifies(base.as_bytes(), &signature));
}

/// RFC 9530, appendix B: the digest of a JSON body.
#[test]
fn a_digest_is_the_one_of_the_rfc() {
    let digest = ContentDigest::of(b"{\"hello\": \"world\"}\n");
    let value = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
    assert_eq!(digest.header_value(), value);
    assert_eq!(ContentDigest::parse(value), Ok(digest));
    let both = format!("sha-512=:AAAA:, {value}");
    assert_eq!(ContentDigest::parse(&both), Ok(digest));
    for bad in [
        "",
        "sha-256=AAAA",
        "sha-256=:AAAA:",
        "sha-512=:AAAA:",
        "sha-256=:RK/0",
    ] {
        assert!(ContentDigest::parse(bad).is_err(), "{bad}");
    }
    let mut builder = DigestBuilder::default();
    builder.update(b"{\"hello\": ");
    builder.update(b"\"world\"}\n");
    assert_eq!(builder.finish(), digest);
}

/// The worked example of `docs/PEER-PROTOCOL.md`.
#[test]
fn the_worked_example_is_pinned() {
    let wire = Wire::example();
    let headers: serde_json::Map<String, serde_json::Value> = wire
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    golden::assert_same(
        "signed-request.json",
        &json!({
            "sender_secret": our_key().to_secret_text(),
            "sender_public_key": our_key().public_key(),
            "receiver_fingerprint": partner_key().fingerprint(),
            "method": wire.method,
            "path": wire.path,
            "body": String::from_utf8(wire.body.clone()).unwrap(),
            "headers": headers,
        }),
    );
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/PEER-PROTOCOL.md");
    let document = std::fs::read_to_string(document).unwrap();
    for (name, value) in &wire.headers {
        assert!(
            document.contains(value.as_str()),
            "{name} of the example is not in the document: {value}"
        );
    }
    let verified = wire.verify().unwrap();
    assert_eq!(verified.key_id, our_key().fingerprint());
    assert_eq!(verified.nonce, NONCE);
    assert_eq!(verified.created, at(0));
    assert_eq!(verified.expires_at, at(300_000));
    assert_eq!(
        verified.command_id.as_deref(),
        Some("0123456789abcdef0123456789abcdef")
    );
}

#[test]
fn every_change_has_its_error() {
    use SignatureError::{BadDigest, BadSignature, Malformed, Missing, WrongAudience, WrongKey};
    let wire = Wire::example();
    let refused = |wire: &Wire| wire.verify().unwrap_err();

    let unsigned = wire.without("signature").without("signature-input");
    assert_eq!(refused(&unsigned), Missing);
    for name in [
        "signature",
        "signature-input",
        "content-digest",
        "efls-audience",
        "efls-command-id",
    ] {
        assert!(matches!(refused(&wire.without(name)), Malformed(_)), "{name}");
        let mut twice = wire.clone();
        let value = twice.header(name).clone();
        twice.headers.push((name.to_owned(), value));
        assert!(matches!(refused(&twice), Malformed(_)), "{name}");
    }

    let mut body = wire.clone();
    body.body.push(b' ');
    assert_eq!(refused(&body), BadDigest);
    // With the digest changed to fit, the signature does not.
    *body.header("content-digest") = ContentDigest::of(&body.body).header_value();
    assert_eq!(refused(&body), BadSignature);

    assert_eq!(
        wire.verify_with(&partner_key().public_key(), &rules(at(0))),
        Err(WrongKey)
    );
    let other = Rules {
        audience: our_key().fingerprint(),
        ..rules(at(0))
    };
    assert_eq!(
        wire.verify_with(&our_key().public_key(), &other),
        Err(WrongAudience)
    );

    for (from, to) in [
        ("alg=\"ed25519\"", "alg=\"hmac-sha256\""),
        ("tag=\"efls-peer\"", "tag=\"other\""),
        ("\"@query\" ", ""),
        ("\"@path\"", "\"@path\";req"),
        ("\"@path\"", "\"@path\" \"@path\""),
        ("\"@path\"", "\"@path\" \"@authority\""),
        (";nonce=\"bm9uY2Utb2YtMTYtYnl0ZQ\"", ""),
        ("nonce=\"bm9uY2Utb2YtMTYtYnl0ZQ\"", "nonce=\"short\""),
        ("created=1795482123;", ""),
        ("created=1795482123", "created=\"1795482123\""),
        ("efls=", "a=(\"@path\"), efls="),
        ("efls=", "other="),
    ] {
        let changed = wire.replaced("signature-input", from, to);
        assert!(matches!(refused(&changed), Malformed(_)), "{from} → {to}");
    }
    let later = wire.replaced("signature-input", "created=1795482123", "created=1795482124");
    assert_eq!(refused(&later), BadSignature);
    let mut short = wire.clone();
    *short.header("signature") = "efls=:AAAA:".to_owned();
    assert!(matches!(refused(&short), Malformed(_)));
}

#[test]
fn components_that_are_not_covered_are_refused_though_the_signature_holds() {
    let wire = Wire::example();
    let parameters = format!(
        ";created={CREATED};nonce=\"{NONCE}\";keyid=\"{}\";alg=\"ed25519\";tag=\"efls-peer\"",
        our_key().fingerprint()
    );
    let (mut digest, mut audience) = (wire.clone(), wire.clone());
    let (digest, audience) = (
        digest.header("content-digest").clone(),
        audience.header("efls-audience").clone(),
    );
    let all = [
        ("@query", "?"),
        ("efls-command-id", "0123456789abcdef0123456789abcdef"),
        ("@path", "/efls/peer/unpair"),
        ("@method", "POST"),
        ("content-digest", digest.as_str()),
        ("efls-audience", audience.as_str()),
    ];
    // The order is the signer's choice.
    assert!(wire.signed_as(&all, &parameters).verify().is_ok());
    for left_out in 0..all.len() {
        let mut some = all.to_vec();
        some.remove(left_out);
        let error = wire.signed_as(&some, &parameters).verify().unwrap_err();
        assert!(
            matches!(error, SignatureError::Malformed(_)),
            "{:?}",
            all[left_out]
        );
    }
    // A command id that is added on the way is not covered.
    let without = Wire::signed("GET", "/peer/hello", None, b"", None);
    assert!(without.verify().is_ok());
    let mut added = without;
    added.headers.push(("efls-command-id".to_owned(), "x".to_owned()));
    assert!(matches!(added.verify(), Err(SignatureError::Malformed(_))));
}

#[test]
fn the_window_has_two_ends() {
    let wire = Wire::example();
    let verify = |offset_ms| wire.verify_with(&our_key().public_key(), &rules(at(offset_ms)));
    for offset_ms in [-300_000, -1, 0, 299_999, 300_000] {
        assert!(verify(offset_ms).is_ok(), "{offset_ms}");
    }
    assert_eq!(
        verify(300_001),
        Err(SignatureError::OutsideWindow { offset_ms: -300_001 })
    );
    assert_eq!(
        verify(-300_001),
        Err(SignatureError::OutsideWindow { offset_ms: 300_001 })
    );
    let narrow = Rules {
        window: Duration::from_secs(5),
        ..rules(at(6000))
    };
    assert!(wire.verify_with(&our_key().public_key(), &narrow).is_err());
}

#[test]
fn a_command_id_that_is_no_header_is_not_signed() {
    let request = Signing {
        method: "POST",
        path: "/",
        query: None,
        digest: ContentDigest::of(b""),
        audience: partner_key().fingerprint(),
        command_id: Some("a\r\nX: y"),
        created: CREATED,
        nonce: NONCE,
    };
    assert!(matches!(
        sign(&our_key(), &request),
        Err(SignatureError::Malformed(_))
    ));
}

fn flipped(text: &str, at: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let at = at % bytes.len();
    bytes[at] = if bytes[at] == b'q' { b'r' } else { b'q' };
    String::from_utf8(bytes).unwrap()
}

proptest! {
    #[test]
    fn any_request_verifies_and_any_change_is_refused(
        path in "/[a-z0-9/_.~%-]{0,40}",
        query in prop::option::of("[a-z0-9=&%]{0,20}"),
        body in prop::collection::vec(any::<u8>(), 0..100),
        command in prop::option::of("[a-zA-Z0-9]{1,64}"),
        part in 0_usize..8,
        at in any::<prop::sample::Index>(),
    ) {
        let wire = Wire::signed("PUT", &path, query.as_deref(), &body, command.as_deref());
        prop_assert!(wire.verify().is_ok());
        let mut changed = wire.clone();
        let index = at.index(1000);
        match part {
            0 => changed.method = "POST".to_owned(),
            1 => changed.path.push('x'),
            2 => changed.query = Some(format!("{}x", query.unwrap_or_default())),
            3 => changed.body.push(0),
            4 => changed.headers.iter_mut().for_each(|(name, value)| {
                if name == "efls-audience" { *value = flipped(value, index); }
            }),
            5 => changed.headers.iter_mut().for_each(|(name, value)| {
                if name == "content-digest" { *value = flipped(value, index); }
            }),
            6 => changed.headers.iter_mut().for_each(|(name, value)| {
                if name == "signature-input" { *value = flipped(value, index); }
            }),
            _ => changed.headers.iter_mut().for_each(|(name, value)| {
                // Of 88 characters of base64, the last ones hold bits that mean nothing.
                if name == "signature" { *value = format!("efls=:{}", flipped(&value[6..], index % 80)); }
            }),
        }
        prop_assert!(changed.verify().is_err(), "{changed:?}");
    }

    #[test]
    fn no_header_makes_a_panic(input in ".{0,200}", signature in ".{0,100}") {
        let mut wire = Wire::example();
        *wire.header("signature-input") = input;
        *wire.header("signature") = signature;
        prop_assert!(wire.verify().is_err());
    }
}
