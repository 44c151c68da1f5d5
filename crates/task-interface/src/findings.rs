use serde::{Deserialize, Serialize};

use crate::Text;

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// As it should be.
    Good,
    /// It works, and somebody should know of it.
    Doubtful,
    /// Jobs will fail or wait because of it.
    Bad,
}

/// Something that an engine found where it works, such as on a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// What it is about, such as the name of a cluster.
    pub subject: String,
    /// How that is.
    pub health: Health,
    /// What was found, and what to do where it is not good. For operators of this side.
    pub text: Text,
}

impl Finding {
    /// Something that was found.
    pub fn new(subject: impl Into<String>, health: Health, text: impl Into<Text>) -> Self {
        Self {
            subject: subject.into(),
            health,
            text: text.into(),
        }
    }
}
