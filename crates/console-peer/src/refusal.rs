//! What an extended console adds to a refusal about tasks and runs: why, as a word that programs decide by, and its
//! shared settings where they are the reason.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::{Vocabulary, Word};

/// Why a console refuses to pair a task or to take a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// No root task there has the token.
    TokenUnknown,
    /// Several root tasks there have the token.
    TokenAmbiguous,
    /// The tasks are of different types.
    TypeDiffers,
    /// The public metas state different values.
    MetaDiffers,
    /// The settings that both sides must agree on differ.
    SettingsDiffer,
    /// The task is paired with another one.
    PairedElsewhere,
    /// The project is closed there.
    ProjectClosed,
    /// The task is archived there.
    TaskArchived,
    /// The version exists there already.
    VersionExists,
    /// The first version of the task is not paired.
    RootNotPaired,
    /// The operators there have not compared the fingerprints yet.
    FingerprintNotConfirmed,
}

impl Reason {
    const ALL: [Self; 11] = [
        Self::TokenUnknown,
        Self::TokenAmbiguous,
        Self::TypeDiffers,
        Self::MetaDiffers,
        Self::SettingsDiffer,
        Self::PairedElsewhere,
        Self::ProjectClosed,
        Self::TaskArchived,
        Self::VersionExists,
        Self::RootNotPaired,
        Self::FingerprintNotConfirmed,
    ];
}

impl Vocabulary for Reason {
    fn word(self) -> &'static str {
        match self {
            Self::TokenUnknown => "token_unknown",
            Self::TokenAmbiguous => "token_ambiguous",
            Self::TypeDiffers => "type_differs",
            Self::MetaDiffers => "meta_differs",
            Self::SettingsDiffer => "settings_differ",
            Self::PairedElsewhere => "paired_elsewhere",
            Self::ProjectClosed => "project_closed",
            Self::TaskArchived => "task_archived",
            Self::VersionExists => "version_exists",
            Self::RootNotPaired => "root_not_paired",
            Self::FingerprintNotConfirmed => "fingerprint_not_confirmed",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.word() == word)
    }
}

/// The settings of a task that both sides must agree on, by key: each value as its side has it.
///
/// At most [`MAX_KEYS`](Self::MAX_KEYS) keys and [`MAX_BYTES`](Self::MAX_BYTES) bytes of JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SharedSettings(Map<String, Value>);

impl SharedSettings {
    /// Most keys.
    pub const MAX_KEYS: usize = 200;
    /// Most bytes of all keys and values as JSON.
    pub const MAX_BYTES: usize = 16 * 1024;

    /// Takes a map that is within the limits.
    ///
    /// # Errors
    /// What is wrong with it, to stand behind "it".
    pub fn new(settings: Map<String, Value>) -> Result<Self, String> {
        if settings.len() > Self::MAX_KEYS {
            return Err(format!("has more than {} keys", Self::MAX_KEYS));
        }
        let bytes = serde_json::to_vec(&settings).map_or(usize::MAX, |text| text.len());
        if bytes > Self::MAX_BYTES {
            return Err(format!("has more than {} bytes", Self::MAX_BYTES));
        }
        Ok(Self(settings))
    }

    /// Reads what came from the wire; nothing where it is no object or too large.
    #[must_use]
    pub fn read(value: Value) -> Option<Self> {
        match value {
            Value::Object(settings) => Self::new(settings).ok(),
            _ => None,
        }
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// As JSON.
    #[must_use]
    pub fn to_value(&self) -> Value {
        Value::Object(self.0.clone())
    }
}

/// A member of an answer: one that cannot be used is as good as none.
pub(crate) fn lenient<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SharedSettings>, D::Error> {
    Ok(SharedSettings::read(Value::deserialize(deserializer)?))
}

/// What an extended console adds to a refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Why.
    pub reason: Word<Reason>,
    /// The answerer's shared settings, where they are the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared_settings: Option<SharedSettings>,
}

impl Refusal {
    /// Reads the members of an error body; nothing when it gives no reason.
    #[must_use]
    pub(crate) fn read(members: &mut Map<String, Value>) -> Option<Self> {
        let reason = members.get("reason")?.as_str().filter(|word| word.len() <= 64)?;
        Some(Self {
            reason: Word::parse(reason),
            shared_settings: members.remove("shared_settings").and_then(SharedSettings::read),
        })
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self {
            reason: Word::Known(reason),
            shared_settings: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_reason_is_read_from_its_word() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_word(reason.word()), Some(reason));
        }
        assert_eq!(Reason::from_word("later"), None);
    }

    #[test]
    fn settings_beyond_the_limits_are_not_taken() {
        let many: Map<String, Value> = (0..=SharedSettings::MAX_KEYS)
            .map(|key| (key.to_string(), json!(1)))
            .collect();
        assert!(SharedSettings::new(many).is_err());
        let long = json!({"a": "x".repeat(SharedSettings::MAX_BYTES)});
        assert_eq!(SharedSettings::read(long), None);
        assert_eq!(SharedSettings::read(json!([1])), None);
        let settings = SharedSettings::read(json!({"epochs": 3})).unwrap();
        assert_eq!(settings.get("epochs"), Some(&json!(3)));
    }
}
