use std::fmt::Display;
use std::str::FromStr;

use console_model::InstanceId;
use serde::{Deserialize, Serialize};

/// First segment of everything that the console stores for itself.
const RESERVED: &str = ".efls";
/// The longest key, in bytes. S3 allows 1024; the rest is room for a prefix.
const MAX_KEY_BYTES: usize = 512;

/// Why a text is not an object's name or key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Nothing at all.
    #[error("an object name must not be empty")]
    Empty,
    /// Too many bytes.
    #[error("an object name has at most {limit} bytes in UTF-8, this one has {found}")]
    TooLong {
        /// The most, in bytes.
        limit: usize,
        /// What was given, in bytes.
        found: usize,
    },
    /// A character that is not allowed.
    #[error("an object name must not contain {0:?}")]
    Character(char),
    /// A leading dot: such names are kept for the console itself.
    #[error("an object name must not start with a dot")]
    LeadingDot,
    /// A segment between slashes that is empty.
    #[error("an object key must not have an empty part between slashes")]
    EmptySegment,
    /// A segment that means "here" or "above" in a path.
    #[error("an object key must not have the part {0:?}")]
    DotSegment(String),
    /// A key of the console's own area.
    #[error("object keys under {RESERVED:?} are kept for the console itself")]
    Reserved,
}

/// What a user may call a file: 1 to 200 bytes of UTF-8 without backslash and control characters, and without a dot at the
/// start. Slashes part it, as tools that fill the bucket by themselves do; no part is empty, `.` or `..`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ObjectName(String);

impl ObjectName {
    /// The longest name, in bytes.
    pub const MAX_BYTES: usize = 200;

    /// Checks and takes over a text.
    ///
    /// # Errors
    /// [`KeyError`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        check_length(text, Self::MAX_BYTES)?;
        if text.starts_with('.') {
            return Err(KeyError::LeadingDot);
        }
        check_parts(text)?;
        Ok(Self(text.to_owned()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name in front of the last dot of its last part, and the rest with the dot; no rest when there is none.
    #[must_use]
    pub fn stem_and_extension(&self) -> (&str, &str) {
        let last = self.0.rfind('/').map_or(0, |slash| slash + 1);
        match self.0[last..].rfind('.') {
            Some(dot) if dot > 0 => self.0.split_at(last + dot),
            _ => (&self.0, ""),
        }
    }
}

/// Where an object lies in the bucket: parts joined by `/`, at most 512 bytes.
///
/// No part is empty, `.` or `..`; no control character, no backslash.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ObjectKey(String);

impl ObjectKey {
    /// Checks and takes over a stored key, for example from a column. Not for texts that a user or partner sends: those
    /// come as [`ObjectName`] or URI.
    ///
    /// # Errors
    /// [`KeyError`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        check_length(text, MAX_KEY_BYTES)?;
        check_parts(text)?;
        Ok(Self(text.to_owned()))
    }

    /// A user's object: outside of the console's own area, as the original console has them.
    #[must_use]
    pub fn user(name: &ObjectName) -> Self {
        Self(name.0.clone())
    }

    /// Chunk `chunk` of the log of one attempt of a run. Keys of one attempt sort by chunk number.
    #[must_use]
    pub fn log_chunk(instance_id: &InstanceId, attempt: i32, chunk: i64) -> Self {
        Self(format!("{}{chunk:020}", KeyPrefix::log(instance_id, attempt)))
    }

    /// The message `seq` that a partner's engine sent to one attempt of a run. Keys of one attempt sort by number.
    #[must_use]
    pub fn channel(instance_id: &InstanceId, attempt: i32, seq: i64) -> Self {
        Self(format!("{}{seq:020}", KeyPrefix::channel(instance_id, attempt)))
    }

    /// Messages from `first` on, so many of them, that a partner's engine sent to one attempt of a run and that are stored
    /// together. Such keys sort by number, behind those of single messages.
    #[must_use]
    pub fn channel_batch(instance_id: &InstanceId, attempt: i32, first: u64, count: u64) -> Self {
        let folder = KeyPrefix::channel(instance_id, attempt);
        Self(format!("{folder}b{first:020}-{count}"))
    }

    /// A place in the order of keys before those of [`channel_batch`](Self::channel_batch), and behind all other messages.
    #[must_use]
    pub fn before_channel_batches(instance_id: &InstanceId, attempt: i32) -> Self {
        Self(format!("{}b", KeyPrefix::channel(instance_id, attempt)))
    }

    /// A piece, from a byte on, of the message `seq` that a partner's engine sends to one attempt of a run. `digest` is that
    /// of the whole message, in hexadecimal digits.
    ///
    /// # Errors
    /// [`KeyError`] when `digest` is none.
    pub fn channel_piece(
        instance_id: &InstanceId,
        attempt: i32,
        seq: i64,
        digest: &str,
        offset: usize,
    ) -> Result<Self, KeyError> {
        if let Some(other) = digest.chars().find(|digit| !digit.is_ascii_hexdigit()) {
            return Err(KeyError::Character(other));
        }
        let message = Self::channel(instance_id, attempt, seq);
        Self::parse(&format!("{}-{digest}-{offset:08}", message.0))
    }

    /// A file that an engine keeps between restarts of one attempt of a run.
    ///
    /// # Errors
    /// [`KeyError`] when `name` could not be a user's object either, or has parts.
    pub fn scratch(instance_id: &InstanceId, attempt: i32, name: &str) -> Result<Self, KeyError> {
        if name.contains('/') {
            return Err(KeyError::Character('/'));
        }
        let name = ObjectName::parse(name)?;
        Self::parse(&format!("{}{name}", KeyPrefix::scratch(instance_id, attempt)))
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the key lies in the console's own area, so that no user may read or write it.
    #[must_use]
    pub fn is_reserved(&self) -> bool {
        self.0.split('/').next() == Some(RESERVED)
    }
}

/// A folder in the console's own area, for listing and removing what lies in it. Ends with `/`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeyPrefix(String);

impl KeyPrefix {
    /// The log chunks of one attempt of a run.
    #[must_use]
    pub fn log(instance_id: &InstanceId, attempt: i32) -> Self {
        Self(format!("{RESERVED}/log/{instance_id}/{attempt}/"))
    }

    /// The log chunks of all attempts of a run.
    #[must_use]
    pub fn logs(instance_id: &InstanceId) -> Self {
        Self(format!("{RESERVED}/log/{instance_id}/"))
    }

    /// The received channel messages of one attempt of a run.
    #[must_use]
    pub fn channel(instance_id: &InstanceId, attempt: i32) -> Self {
        Self(format!("{RESERVED}/channel/{instance_id}/{attempt}/"))
    }

    /// The received channel messages of all attempts of a run.
    #[must_use]
    pub fn channels(instance_id: &InstanceId) -> Self {
        Self(format!("{RESERVED}/channel/{instance_id}/"))
    }

    /// The received channel messages of all runs.
    #[must_use]
    pub fn all_channels() -> Self {
        Self(format!("{RESERVED}/channel/"))
    }

    /// The scratch files of one attempt of a run.
    #[must_use]
    pub fn scratch(instance_id: &InstanceId, attempt: i32) -> Self {
        Self(format!("{RESERVED}/scratch/{instance_id}/{attempt}/"))
    }

    /// The scratch files of all attempts of a run.
    #[must_use]
    pub fn scratches(instance_id: &InstanceId) -> Self {
        Self(format!("{RESERVED}/scratch/{instance_id}/"))
    }

    /// The scratch files of all runs.
    #[must_use]
    pub fn all_scratches() -> Self {
        Self(format!("{RESERVED}/scratch/"))
    }

    /// The attempt of a run, and everything of its kind, that a channel message or scratch file belongs to.
    #[must_use]
    pub fn of_attempt(key: &ObjectKey) -> Option<(Self, InstanceId, i32)> {
        let parts: Vec<&str> = key.as_str().split('/').collect();
        let [RESERVED, kind @ ("channel" | "scratch"), instance, attempt, _] = parts.as_slice() else {
            return None;
        };
        let prefix = Self(format!("{RESERVED}/{kind}/{instance}/{attempt}/"));
        Some((prefix, InstanceId::parse(instance).ok()?, attempt.parse().ok()?))
    }

    /// Everything of the console's own.
    #[must_use]
    pub(crate) fn own_area() -> Self {
        Self(format!("{RESERVED}/"))
    }

    /// A place in the order of keys behind everything under this prefix.
    #[must_use]
    pub fn behind(&self) -> ObjectKey {
        // The character after the slash.
        ObjectKey(format!("{}0", self.0.trim_end_matches('/')))
    }

    /// The prefix as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for KeyPrefix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

fn check_parts(text: &str) -> Result<(), KeyError> {
    if let Some(c) = text.chars().find(|c| is_forbidden(*c)) {
        return Err(KeyError::Character(c));
    }
    for part in text.split('/') {
        match part {
            "" => return Err(KeyError::EmptySegment),
            "." | ".." => return Err(KeyError::DotSegment(part.to_owned())),
            _ => {}
        }
    }
    Ok(())
}

fn check_length(text: &str, limit: usize) -> Result<(), KeyError> {
    match text.len() {
        0 => Err(KeyError::Empty),
        found if found > limit => Err(KeyError::TooLong { limit, found }),
        _ => Ok(()),
    }
}

/// Besides control characters also the two "not a character" code points that no XML document, and so no S3 list, can
/// carry.
fn is_forbidden(c: char) -> bool {
    c.is_control() || matches!(c, '\\' | '\u{FFFE}' | '\u{FFFF}')
}

macro_rules! text_type {
    ($($name:ident),+) => {$(
        impl Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = KeyError;
            fn from_str(text: &str) -> Result<Self, KeyError> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = KeyError;
            fn try_from(text: String) -> Result<Self, KeyError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    )+};
}

text_type!(ObjectName, ObjectKey);
