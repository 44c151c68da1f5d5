use console_model::InstanceId;
use console_storage::{KeyError, KeyPrefix, ObjectKey, ObjectName, StorageConfig, StorageError};
use proptest::prelude::*;

use crate::support::Fixture;

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let cases = [
        ("", KeyError::Empty),
        (".", KeyError::LeadingDot),
        ("..", KeyError::LeadingDot),
        (".efls", KeyError::LeadingDot),
        ("../../etc/passwd", KeyError::LeadingDot),
        ("a/../b", KeyError::DotSegment("..".to_owned())),
        ("a/./b", KeyError::DotSegment(".".to_owned())),
        ("/a", KeyError::EmptySegment),
        ("a/", KeyError::EmptySegment),
        ("a//b", KeyError::EmptySegment),
        ("a\\b", KeyError::Character('\\')),
        ("a\0", KeyError::Character('\0')),
        ("a\nb", KeyError::Character('\n')),
    ];
    for (text, expected) in cases {
        assert_eq!(ObjectName::parse(text), Err(expected), "{text:?}");
    }
    assert_eq!(
        ObjectName::parse(&"é".repeat(101)),
        Err(KeyError::TooLong {
            limit: 200,
            found: 202
        })
    );
    assert!(serde_json::from_str::<ObjectName>("\"../a\"").is_err());
    assert!(ObjectKey::scratch(&InstanceId::generate(), 1, "a/b").is_err());
    assert_eq!(
        serde_json::from_str::<ObjectName>("\"a.csv\"").unwrap().as_str(),
        "a.csv"
    );
}

#[test]
fn keys_that_lead_elsewhere_are_refused() {
    for text in ["/a", "a/", "a//b", "a/../b", "..", "./a", "a\\b", "a/\u{7f}"] {
        assert!(ObjectKey::parse(text).is_err(), "{text:?}");
    }
    assert!(ObjectKey::parse(&"a/".repeat(256)).is_err());
    assert!(ObjectKey::scratch(&InstanceId::generate(), 1, "../other").is_err());
}

#[test]
fn own_keys_lie_under_their_prefixes_and_sort_by_number() {
    let id = InstanceId::parse("abc").unwrap();
    assert_eq!(
        ObjectKey::log_chunk(&id, 2, 7).as_str(),
        ".efls/log/abc/2/00000000000000000007"
    );
    assert!(ObjectKey::channel(&id, 1, 9) < ObjectKey::channel(&id, 1, 10));
    assert!(
        ObjectKey::channel(&id, 1, 9)
            .as_str()
            .starts_with(KeyPrefix::channel(&id, 1).as_str())
    );
    assert!(
        !ObjectKey::channel(&id, 12, 9)
            .as_str()
            .starts_with(KeyPrefix::channel(&id, 1).as_str())
    );
    assert!(ObjectKey::scratch(&id, 1, "state").unwrap().is_reserved());
}

#[tokio::test]
async fn uris_are_read_by_bucket_and_key_only() {
    let f = Fixture::local().await;
    for uri in [
        "http://old-host:9000/alifl/a%20b.csv",
        "https://10.0.0.1/alifl/a%20b.csv",
    ] {
        assert_eq!(f.store.key_of_uri(uri).unwrap().as_str(), "a%20b.csv");
    }
    assert_eq!(
        f.store.key_of_uri("http://h/alifl/dir/a.csv").unwrap().as_str(),
        "dir/a.csv"
    );
    let wrong = [
        "",
        "a.csv",
        "http://h",
        "http://h/alifl",
        "http://h/alifl/",
        "http://h/other/a.csv",
        "http://h/alifl/../other/a.csv",
        "http://h/alifl/.efls/log/x/1/0",
    ];
    for uri in wrong {
        assert!(
            matches!(f.store.key_of_uri(uri), Err(StorageError::InvalidUri { .. })),
            "{uri:?}"
        );
    }
}

#[test]
fn configuration_is_checked_whole() {
    assert_eq!(StorageConfig::default().problems(), []);
    let config: StorageConfig = serde_json::from_str(
        r#"{"kind": "s3", "bucket": "No", "public_endpoint": "a b", "s3": {"endpoint": "host", "timeout_seconds": 0}}"#,
    )
    .unwrap();
    let keys: Vec<_> = config.problems().into_iter().map(|problem| problem.key).collect();
    let expected = [
        "bucket",
        "public_endpoint",
        "s3.endpoint",
        "s3.access_key",
        "s3.secret_key",
        "s3.timeout_seconds",
    ];
    assert_eq!(keys, expected);
    assert!(serde_json::from_str::<StorageConfig>(r#"{"s3": {"secret": "x"}}"#).is_err());
}

proptest! {
    #[test]
    fn a_name_is_a_key_outside_of_the_own_area(text in any::<String>()) {
        if let Ok(name) = ObjectName::parse(&text) {
            let key = ObjectKey::user(&name);
            prop_assert_eq!(key.as_str(), text.as_str());
            prop_assert_eq!(ObjectKey::parse(&text), Ok(key.clone()));
            prop_assert!(!key.is_reserved());
            let (stem, extension) = name.stem_and_extension();
            prop_assert_eq!(format!("{stem}{extension}"), text);
            prop_assert!(!stem.is_empty() && !extension.contains('/'));
        }
    }

    #[test]
    fn every_plain_text_is_a_name(text in "[^/\\\\\\p{Cc}.\u{fffe}\u{ffff}][^/\\\\\\p{Cc}\u{fffe}\u{ffff}]{0,49}") {
        let name = ObjectName::parse(&text).unwrap();
        prop_assert_eq!(name.as_str(), text);
    }

    #[test]
    fn a_key_never_leaves_its_folder(text in "[a./\\\\\u{1}é]{0,12}") {
        if let Ok(key) = ObjectKey::parse(&text) {
            prop_assert_eq!(key.as_str(), text.as_str());
            let parts: Vec<_> = text.split('/').collect();
            prop_assert!(parts.iter().all(|part| !matches!(*part, "" | "." | "..")));
            let harmless = !text.contains(['\\', '\u{1}']);
            prop_assert!(harmless);
        }
    }
}
