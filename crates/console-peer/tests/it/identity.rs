use console_peer::identity::{Fingerprint, IdentityError, IdentityKey, PublicKey};

#[test]
fn a_key_survives_its_text_and_never_prints_its_secret() {
    let key = IdentityKey::generate();
    let text = key.to_secret_text();
    let again = IdentityKey::from_secret_text(&text).unwrap();
    assert_eq!(again.public_key(), key.public_key());
    assert!(!format!("{key:?}").contains(text.trim_end_matches('=')));
    assert_ne!(IdentityKey::generate().fingerprint(), key.fingerprint());
    assert!(matches!(
        IdentityKey::from_secret_text("short"),
        Err(IdentityError::Form)
    ));
}

#[test]
fn a_signature_is_of_its_key_and_its_message() {
    let key = IdentityKey::generate();
    let signature = key.sign(b"message");
    assert!(key.public_key().verifies(b"message", &signature));
    assert!(!key.public_key().verifies(b"other", &signature));
    assert!(
        !IdentityKey::generate()
            .public_key()
            .verifies(b"message", &signature)
    );
}

#[test]
fn a_public_key_is_32_good_bytes() {
    let key = IdentityKey::generate().public_key();
    assert_eq!(PublicKey::parse(&key.to_string()), Ok(key));
    assert_eq!(PublicKey::parse("AAAA"), Err(IdentityError::Form));
    // The point of order one: it would verify signatures that nobody made.
    let weak = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    assert_eq!(PublicKey::parse(weak), Err(IdentityError::NotAKey));
}

#[test]
fn a_fingerprint_is_read_as_people_write_it() {
    let fingerprint = IdentityKey::generate().fingerprint();
    let grouped = fingerprint.grouped();
    assert_eq!(grouped.split(' ').count(), 16);
    assert!(grouped.split(' ').all(|group| group.len() == 4));
    for text in [
        fingerprint.to_string(),
        grouped.clone(),
        grouped.to_uppercase(),
        grouped.replace(' ', ":"),
    ] {
        assert_eq!(Fingerprint::parse(&text), Ok(fingerprint));
    }
    for bad in [
        "",
        "abcd",
        &fingerprint.to_string()[1..],
        &format!("{fingerprint}00"),
        &"g".repeat(64),
    ] {
        assert_eq!(Fingerprint::parse(bad), Err(IdentityError::Fingerprint));
    }
}
