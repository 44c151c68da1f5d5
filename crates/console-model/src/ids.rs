use serde::{Deserialize, Serialize};

use crate::plain_text::is_unseen;

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Nothing, or more than 64 characters.
    #[error("an id has 1 to 64 characters, this one has {0}")]
    Length(usize),
    /// A character that never occurs in an id and would be dangerous in a path or a log line.
    #[error("an id may not contain {0:?}")]
    Character(char),
}

fn check(text: &str) -> Result<(), IdError> {
    let length = text.chars().count();
    if !(1..=64).contains(&length) {
        return Err(IdError::Length(length));
    }
    // Partners choose their own ids, so anything printable passes, except what could leave a path segment.
    match text
        .chars()
        .find(|c| is_unseen(*c) || c.is_whitespace() || matches!(c, '/' | '\\' | '?' | '#'))
    {
        Some(c) => Err(IdError::Character(c)),
        None if text == "." || text == ".." => Err(IdError::Character('.')),
        None => Ok(()),
    }
}

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident,)+) => {$(
        $(#[$doc])*
        ///
        /// 1 to 64 characters; 32 lower-case hexadecimal digits (a UUIDv4 without dashes) when made here.
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// A fresh random id.
            #[must_use]
            pub fn generate() -> Self {
                Self(uuid::Uuid::new_v4().simple().to_string())
            }

            /// Checks and takes over a text.
            ///
            /// # Errors
            /// [`IdError`] when it is empty, too long, or holds a character that no id has.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                check(text)?;
                Ok(Self(text.to_owned()))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                check(&text)?;
                Ok(Self(text))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        #[cfg(feature = "columns")]
        crate::column::id_column!($name);
    )+};
}

typed_ids! {
    /// A cooperation with one partner (`project`).
    ProjectId,
    /// One version of our half of a piece of work (`task_intra`).
    TaskId,
    /// The link between our task version and the partner's (`task_inter`).
    PairingId,
    /// One run of a paired task version (`task_instance`).
    InstanceId,
    /// A named object attached to a task version (`resource`).
    ResourceId,
    /// A person who signs in (`user`).
    UserId,
    /// The other organisation's console (`partner`).
    PartnerId,
    /// An offer to pair consoles (`invitation`).
    InvitationId,
    /// A message to a partner, and the command id that makes it idempotent (`outbox_message`).
    MessageId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_generated_id_is_32_hex_digits_and_parses() {
        let id = InstanceId::generate();
        assert_eq!(id.as_str().len(), 32);
        assert!(
            id.as_str()
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        );
        assert_eq!(InstanceId::parse(id.as_str()), Ok(id));
    }

    #[test]
    fn what_could_leave_a_path_segment_is_refused() {
        for bad in [
            "",
            "a/b",
            "a\\b",
            "..",
            ".",
            "a b",
            "a\n",
            "a?b",
            "a#b",
            "a\u{202e}b",
            &"x".repeat(65),
        ] {
            assert!(InstanceId::parse(bad).is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn json_and_parse_agree(text in ".{0,70}") {
            let json = serde_json::to_string(&text).unwrap();
            let parsed = ProjectId::parse(&text);
            let from_json = serde_json::from_str::<ProjectId>(&json);
            prop_assert_eq!(parsed.is_ok(), from_json.is_ok());
        }
    }
}
