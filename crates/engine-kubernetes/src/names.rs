//! Names of objects: what Kubernetes takes, and what an attempt's own objects are called.

use sha2::{Digest, Sha256};
use task_interface::InstanceInfo;

/// The longest DNS-1123 label.
pub(crate) const MAX_LABEL: usize = 63;

/// Whether a text is a DNS-1123 label.
pub(crate) fn is_label(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=MAX_LABEL).contains(&text.len())
        && text.bytes().all(fits)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// Whether a text is a DNS-1123 subdomain, as most objects may be called.
pub(crate) fn is_subdomain(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_label)
}

/// A text as part of a name: itself where it is a short label, else the beginning of its digest.
pub(crate) fn token(text: &str) -> String {
    const MOST: usize = 32;
    if is_label(text) && text.len() <= MOST {
        return text.to_owned();
    }
    let digest = Sha256::digest(text.as_bytes());
    digest
        .iter()
        .take(MOST / 2)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// What all objects of an attempt belong to, and what those are called that the engine may name. It follows from the run
/// alone, so that a console that knows nothing else finds them again.
pub(crate) fn of_attempt(instance: &InstanceInfo) -> String {
    format!("efls-{}-{}", token(&instance.id), instance.attempt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_names() {
        for good in ["a", "0a-b", &"x".repeat(63)] {
            assert!(is_label(good), "{good}");
        }
        for bad in ["", "A", "a_b", "-a", "a-", "a.b", "ü", &"x".repeat(64)] {
            assert!(!is_label(bad), "{bad}");
        }
        assert!(is_subdomain("a.b-c.d") && !is_subdomain("a..b") && !is_subdomain(""));
    }

    #[test]
    fn any_id_becomes_a_name() {
        let name = |id: &str| of_attempt(&InstanceInfo::new(id, 12, task_interface::Side::Partner));
        assert_eq!(
            name("0123456789abcdef0123456789abcdef"),
            "efls-0123456789abcdef0123456789abcdef-12"
        );
        for odd in ["A run", "x/y", "", &"long".repeat(40)] {
            assert!(is_label(&name(odd)), "{odd}");
        }
        assert_ne!(name("A"), name("B"));
    }
}
