use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// A `peer_config` member: on the wire it is JSON *text inside JSON*.
///
/// Read from text of an object, an object, `null`, or absence. Text that is not an object is kept as it came, since a
/// base console sends such text when its operator stored it. Written as text of an object, or `null`: a base console
/// answers 500 to anything else.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum ConfigText {
    /// The member was not there. Written as `null`.
    #[default]
    Absent,
    /// `null`.
    Null,
    /// An object.
    Object(Map<String, Value>),
    /// Text that is not a JSON object. Only reading makes it; we never send one.
    #[non_exhaustive]
    Other {
        /// The text as it came.
        text: String,
    },
}

impl ConfigText {
    /// From the value of a member; nothing when the value is of a kind that no console sends (a number, a list, …).
    #[must_use]
    pub fn read(value: Option<Value>) -> Option<Self> {
        match value {
            None => Some(Self::Absent),
            Some(Value::Null) => Some(Self::Null),
            Some(Value::Object(object)) => Some(Self::Object(object)),
            Some(Value::String(text)) => Some(Self::from_text(text)),
            Some(Value::Bool(_) | Value::Number(_) | Value::Array(_)) => None,
        }
    }

    fn from_text(text: String) -> Self {
        match crate::json::parse(text.as_bytes()) {
            Ok(Value::Object(object)) => Self::Object(object),
            Ok(Value::Null) => Self::Null,
            Ok(_) | Err(_) => Self::Other { text },
        }
    }

    /// The object, when it is one.
    #[must_use]
    pub const fn object(&self) -> Option<&Map<String, Value>> {
        match self {
            Self::Object(object) => Some(object),
            Self::Absent | Self::Null | Self::Other { .. } => None,
        }
    }

    /// The value to store: the object, the odd text as a JSON string, or nothing.
    #[must_use]
    pub fn to_value(&self) -> Option<Value> {
        match self {
            Self::Absent | Self::Null => None,
            Self::Object(object) => Some(Value::Object(object.clone())),
            Self::Other { text } => Some(Value::String(text.clone())),
        }
    }

    /// What is stored after an update: keys are added and replaced, none is removed. Over a stored value that is not an
    /// object (an adopted row, an odd text), the new one is taken as it is.
    #[must_use]
    pub fn merged_into(&self, stored: Option<&Value>) -> Option<Value> {
        match (stored, self.to_value()) {
            (Some(Value::Object(old)), Some(Value::Object(new))) => {
                let mut merged = old.clone();
                merged.extend(new);
                Some(Value::Object(merged))
            }
            (old, None) => old.cloned(),
            (_, new) => new,
        }
    }
}

impl From<Option<Map<String, Value>>> for ConfigText {
    fn from(object: Option<Map<String, Value>>) -> Self {
        object.map_or(Self::Null, Self::Object)
    }
}

impl Serialize for ConfigText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent | Self::Null => serializer.serialize_none(),
            Self::Object(object) => {
                let text = serde_json::to_string(object).map_err(serde::ser::Error::custom)?;
                serializer.serialize_str(&text)
            }
            Self::Other { text } => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for ConfigText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::read(Some(value))
            .ok_or_else(|| serde::de::Error::custom("a config is text of a JSON object, an object or null"))
    }
}
