use console_model::{InstanceStatus, TaskType};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An enum that is spoken as a word on the wire.
pub trait Vocabulary: Sized + Copy {
    /// The value's word.
    fn word(self) -> &'static str;
    /// The value of a word, or nothing when this version does not know it.
    fn from_word(word: &str) -> Option<Self>;
}

impl Vocabulary for TaskType {
    fn word(self) -> &'static str {
        Self::word(self)
    }
    fn from_word(word: &str) -> Option<Self> {
        Self::from_word(word).ok()
    }
}

impl Vocabulary for InstanceStatus {
    fn word(self) -> &'static str {
        Self::word(self)
    }
    fn from_word(word: &str) -> Option<Self> {
        Self::from_word(word).ok()
    }
}

/// A word from the wire. A word that a newer partner made up survives as [`Word::Other`] and is written back as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word<T> {
    /// A word that we know.
    Known(T),
    /// Any other word.
    Other(String),
}

impl<T: Vocabulary> Word<T> {
    /// Reads a word; never fails.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        T::from_word(word).map_or_else(|| Self::Other(word.to_owned()), Self::Known)
    }

    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(value) => value.word(),
            Self::Other(word) => word,
        }
    }

    /// The value, when we know the word.
    #[must_use]
    pub fn known(&self) -> Option<T> {
        match self {
            Self::Known(value) => Some(*value),
            Self::Other(_) => None,
        }
    }
}

impl<T> From<T> for Word<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T: Vocabulary> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de, T: Vocabulary> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        if word.chars().count() > 64 {
            return Err(serde::de::Error::custom("a word has at most 64 characters"));
        }
        Ok(Self::parse(&word))
    }
}
