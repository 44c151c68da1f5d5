use std::fmt;

use serde::{Deserialize, Serialize};

/// A text for people, in the languages of the web console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Text {
    /// In English.
    pub en: String,
    /// In simplified Chinese; without it the English one is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zh: Option<String>,
}

impl Text {
    /// In English alone.
    pub fn new(en: impl Into<String>) -> Self {
        Self {
            en: en.into(),
            zh: None,
        }
    }

    /// In simplified Chinese as well.
    #[must_use]
    pub fn with_zh(mut self, zh: impl Into<String>) -> Self {
        self.zh = Some(zh.into());
        self
    }
}

/// The longest code, in bytes.
const MAX_CODE_BYTES: usize = 64;

/// Whether a text is a word for programs: lower-case words joined by `_`, at most 64 bytes.
#[must_use]
pub fn is_code(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    !text.is_empty() && text.len() <= MAX_CODE_BYTES && text.bytes().all(is_part)
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

impl From<&str> for Text {
    fn from(en: &str) -> Self {
        Self::new(en)
    }
}

impl From<String> for Text {
    fn from(en: String) -> Self {
        Self::new(en)
    }
}

/// What the operator should know of a job that may end well nevertheless. The partner is never told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Warning {
    /// For programs: lower-case words joined by `_`, at most 64 bytes.
    pub code: String,
    /// What is the matter, and what to do about it. At most [`MAX_WARNING_CHARACTERS`] in each language; more is cut.
    pub text: Text,
}

/// The longest text of a warning, in characters.
pub const MAX_WARNING_CHARACTERS: usize = 1000;
/// The most warnings of one attempt that are kept.
pub const MAX_WARNINGS: usize = 100;

impl Warning {
    /// A warning.
    pub fn new(code: impl Into<String>, text: impl Into<Text>) -> Self {
        Self {
            code: code.into(),
            text: text.into(),
        }
    }
}
