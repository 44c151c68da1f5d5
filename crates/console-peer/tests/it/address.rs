use std::net::IpAddr;

use console_peer::address::{AddressError, AddressPolicy, AllowRule, PartnerAddress, Refused, resolve};
use proptest::prelude::*;

#[test]
fn an_address_is_kept_in_one_form() {
    for (text, kept) in [
        ("http://Host.Example:80/", "http://host.example"),
        (" https://host/prefix// ", "https://host/prefix"),
        ("http://h:5000//a//b/", "http://h:5000/a/b"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://0x7f.1", "http://127.0.0.1"),
    ] {
        let address = PartnerAddress::parse(text).unwrap();
        assert_eq!(address.as_str(), kept);
        assert_eq!(PartnerAddress::parse(kept), Ok(address));
    }
    assert_eq!(PartnerAddress::parse("http://[::1]:8080").unwrap().host(), "::1");
    assert_eq!(PartnerAddress::parse("https://h").unwrap().port(), 443);
}

#[test]
fn what_is_wrong_with_an_address_is_said() {
    let error = |text: &str| PartnerAddress::parse(text).unwrap_err();
    assert!(matches!(
        error("host:5000/x"),
        AddressError::Scheme(_) | AddressError::Form(_)
    ));
    assert!(matches!(error("nonsense"), AddressError::Form(_)));
    assert_eq!(error("ftp://h"), AddressError::Scheme("ftp".to_owned()));
    assert_eq!(
        error("file:///etc/passwd"),
        AddressError::Scheme("file".to_owned())
    );
    for text in ["http://u:p@h", "http://u@h", "http://@h", "http://:@h"] {
        assert_eq!(error(text), AddressError::Credentials, "{text}");
    }
    for text in ["http://h?x=1", "http://h/#f", "http://h/?"] {
        assert_eq!(error(text), AddressError::QueryOrFragment, "{text}");
    }
    assert_eq!(
        error(&format!("http://{}", "h".repeat(300))),
        AddressError::TooLong
    );
}

#[test]
fn a_path_is_appended_without_a_double_slash() {
    for base in ["http://h", "http://h/", "http://h//"] {
        let address = PartnerAddress::parse(base).unwrap();
        assert_eq!(
            address.join(&["project", "peer"]).as_str(),
            "http://h/project/peer"
        );
    }
    let address = PartnerAddress::parse("http://h/a/").unwrap();
    assert_eq!(
        address.join(&["peer", "50%/ü"]).as_str(),
        "http://h/a/peer/50%25%2F%C3%BC"
    );
}

proptest! {
    #[test]
    fn an_id_never_leaves_its_segment(id in "[^/\\\\?#\\s\\p{Cc}]{1,20}") {
        prop_assume!(id != "." && id != "..");
        let url = PartnerAddress::parse("http://h/base").unwrap().join(&["peer", &id]);
        prop_assert_eq!(url.path().split('/').count(), 4, "{}", url);
        prop_assert_eq!(url.query(), None);
    }
}

fn kind(policy: &AddressPolicy, ip: &str) -> Option<Refused> {
    policy
        .check("host.example", ip.parse::<IpAddr>().unwrap())
        .err()
        .map(|refusal| refusal.kind)
}

#[test]
fn the_default_policy_refuses_what_is_not_a_partner() {
    let policy = AddressPolicy::default();
    for (ip, expected) in [
        ("127.0.0.1", Refused::Loopback),
        ("127.8.9.1", Refused::Loopback),
        ("::1", Refused::Loopback),
        ("::ffff:127.0.0.1", Refused::Loopback),
        ("::127.0.0.1", Refused::Loopback),
        ("64:ff9b::7f00:1", Refused::Loopback),
        ("2002:7f00:1::", Refused::Loopback),
        ("0.0.0.0", Refused::Unspecified),
        ("0.1.2.3", Refused::Unspecified),
        ("::", Refused::Unspecified),
        ("::ffff:0.0.0.0", Refused::Unspecified),
        ("169.254.1.1", Refused::LinkLocal),
        ("fe80::1", Refused::LinkLocal),
        ("169.254.169.254", Refused::Metadata),
        ("::ffff:169.254.169.254", Refused::Metadata),
        ("100.100.100.200", Refused::Metadata),
        ("168.63.129.16", Refused::Metadata),
        ("192.0.0.192", Refused::Metadata),
        ("64:ff9b:1::a9fe:a9fe", Refused::Metadata),
        ("2001:0:4136:e378:8000:63bf:5601:5601", Refused::Metadata),
        ("fd00:ec2::254", Refused::Metadata),
        ("224.0.0.1", Refused::Multicast),
        ("255.255.255.255", Refused::Multicast),
        ("ff02::1", Refused::Multicast),
    ] {
        assert_eq!(kind(&policy, ip), Some(expected), "{ip}");
    }
    for ip in [
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "fd12::1",
        "8.8.8.8",
        "2001:4860::1",
        "::ffff:10.0.0.1",
    ] {
        assert_eq!(kind(&policy, ip), None, "{ip}");
    }
}

#[test]
fn exceptions_are_exact() {
    let loopback = AddressPolicy {
        allow_loopback: true,
        ..AddressPolicy::default()
    };
    assert_eq!(kind(&loopback, "127.0.0.1"), None);
    assert_eq!(kind(&loopback, "::ffff:127.0.0.1"), None);
    assert_eq!(kind(&loopback, "169.254.169.254"), Some(Refused::Metadata));

    let rules = |rules: &[&str]| AddressPolicy {
        allowed: rules.iter().map(|rule| AllowRule::parse(rule).unwrap()).collect(),
        ..AddressPolicy::default()
    };
    let net = rules(&["169.254.8.0/24", "fe80::/64"]);
    assert_eq!(kind(&net, "169.254.8.77"), None);
    assert_eq!(kind(&net, "169.254.9.77"), Some(Refused::LinkLocal));
    assert_eq!(kind(&net, "fe80::5"), None);
    assert_eq!(kind(&net, "fe80:0:0:1::5"), Some(Refused::LinkLocal));
    assert_eq!(kind(&rules(&["127.0.0.1"]), "127.0.0.1"), None);
    assert_eq!(kind(&rules(&["127.0.0.1"]), "127.0.0.2"), Some(Refused::Loopback));
    assert_eq!(kind(&rules(&["0.0.0.0/0"]), "127.0.0.1"), None);
    assert_eq!(kind(&rules(&["Host.Example"]), "127.0.0.1"), None);
    assert_eq!(
        kind(&rules(&["other.example"]), "127.0.0.1"),
        Some(Refused::Loopback)
    );

    for bad in [
        "",
        "10.0.0.0/33",
        "10.0.0/8",
        "10.0.0.256",
        "a b",
        "fe80::/129",
        "host/8",
        "10.0.0.0/x",
    ] {
        assert!(AllowRule::parse(bad).is_err(), "{bad}");
    }
}

#[tokio::test]
async fn a_name_is_resolved_and_filtered() {
    let refused = resolve("localhost", 80, &AddressPolicy::default()).await.unwrap();
    assert_eq!(refused.unwrap_err().kind, Refused::Loopback);
    let policy = AddressPolicy {
        allow_loopback: true,
        ..AddressPolicy::default()
    };
    let allowed = resolve("localhost", 81, &policy).await.unwrap().unwrap();
    assert!(
        allowed
            .iter()
            .all(|address| address.ip().is_loopback() && address.port() == 81)
    );
    let literal = resolve("::ffff:127.0.0.1", 80, &AddressPolicy::default())
        .await
        .unwrap();
    assert_eq!(literal.unwrap_err().kind, Refused::Loopback);
    assert!(resolve("no-such-host.invalid", 80, &policy).await.is_err());
}
