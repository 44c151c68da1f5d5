use chrono::{DateTime, Utc};
use console_model::InvitationId;
use console_peer::address::PartnerAddress;
use console_peer::invitation::{
    Invitation, InvitationError, InvitationSecret, pairing_proof, proof_is_valid,
};
use proptest::prelude::*;
use serde_json::json;

use crate::golden;
use crate::server::{our_key, partner_key};

fn invitation() -> Invitation {
    let key = partner_key();
    Invitation {
        address: PartnerAddress::parse("https://console.example/efls").unwrap(),
        name: "Hospital 甲".to_owned(),
        public_key: key.public_key(),
        fingerprint: key.fingerprint(),
        invitation_id: InvitationId::parse("11111111111111111111111111111111").unwrap(),
        secret: serde_json::from_value(json!("c2VjcmV0IG9mIHRoZSBpbnZpdGF0aW9uLCAzMiBieXQ")).unwrap(),
        expires_at: "2026-11-24T12:00:00Z".parse::<DateTime<Utc>>().unwrap(),
    }
}

#[test]
fn the_code_and_the_proof_are_pinned() {
    let invitation = invitation();
    let code = invitation.to_code();
    let key = our_key().public_key();
    let proof = pairing_proof(&invitation.secret, &invitation.invitation_id, &key);
    golden::assert_same(
        "invitation.json",
        &json!({
            "invitation": invitation, "code": code, "secret_hash": invitation.secret.hash(),
            "acceptor_public_key": key, "proof": proof,
        }),
    );
    assert_eq!(Invitation::parse(&code), Ok(invitation));
}

#[test]
fn a_code_survives_a_mail() {
    let invitation = invitation();
    let code = invitation.to_code();
    let (a, b) = code.split_at(70);
    assert_eq!(Invitation::parse(&format!("  {a}\r\n{b}\n")), Ok(invitation));
}

#[test]
fn what_is_wrong_with_a_code_is_said() {
    let code = invitation().to_code();
    assert_eq!(Invitation::parse(""), Err(InvitationError::Prefix));
    assert_eq!(
        Invitation::parse("https://console.example"),
        Err(InvitationError::Prefix)
    );
    assert_eq!(
        Invitation::parse(&code.replace("efls1-", "efls2-")),
        Err(InvitationError::NewerForm)
    );
    assert_eq!(Invitation::parse("efls1-ab"), Err(InvitationError::CutOff));
    assert_eq!(
        Invitation::parse(&"x".repeat(9000)),
        Err(InvitationError::TooLong)
    );
    assert_eq!(Invitation::parse("efls1-éab€"), Err(InvitationError::CutOff));

    let mut other = invitation();
    other.fingerprint = our_key().fingerprint();
    assert_eq!(
        Invitation::parse(&other.to_code()),
        Err(InvitationError::Fingerprint)
    );
}

#[test]
fn a_secret_does_not_print_and_two_differ() {
    let secret = InvitationSecret::generate();
    let text = serde_json::to_string(&secret).unwrap();
    assert!(text.len() > 40);
    assert!(!format!("{secret:?}").contains(text.trim_matches('"')));
    assert_ne!(secret, InvitationSecret::generate());
}

#[test]
fn a_proof_is_bound_to_secret_invitation_and_key() {
    let invitation = invitation();
    let (id, key) = (&invitation.invitation_id, our_key().public_key());
    let proof = pairing_proof(&invitation.secret, id, &key);
    let hash = invitation.secret.hash();
    assert!(proof_is_valid(&proof, &hash, id, &key));
    assert!(!proof_is_valid(&proof, &hash, id, &partner_key().public_key()));
    assert!(!proof_is_valid(&proof, &hash, &InvitationId::generate(), &key));
    assert!(!proof_is_valid(
        &proof,
        &InvitationSecret::generate().hash(),
        id,
        &key
    ));
    for bad in ["", "zz", &proof[2..]] {
        assert!(!proof_is_valid(bad, &hash, id, &key));
    }
}

proptest! {
    #[test]
    fn a_code_that_lost_its_end_is_cut_off(lost in 1_usize..300) {
        let code = invitation().to_code();
        let kept = &code[..code.len().saturating_sub(lost).max("efls1-".len())];
        // Four digits of a checksum let one wrong cut in 65,536 pass; the content is refused then.
        prop_assert!(Invitation::parse(kept).is_err());
    }

    #[test]
    fn no_text_makes_a_panic(text in "(efls1-)?.{0,100}") {
        let _ = Invitation::parse(&text);
    }
}
