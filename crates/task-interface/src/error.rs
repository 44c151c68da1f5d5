use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Text;
use crate::host::HostError;
use crate::text::is_code;

/// Why a job ended without success.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EngineError {
    /// The job was told to stop and has stopped.
    #[error("stopped on request")]
    Cancelled,
    /// The job cannot go on.
    #[error("{}", .0.message)]
    Failed(Box<Failure>),
    /// The engine does not know the job any more (it vanished from the cluster, for example).
    #[error("the job cannot be found: {message}")]
    LostJob {
        /// What was looked for.
        message: String,
    },
}

/// Why a job cannot go on. Two parts of it reach the partner: [`message`](Self::message) and [`code`](Self::code), with
/// whether trying again can help. Everything else stays on this side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Failure {
    /// What happened and what to do, for operators of both sides. It must not hold data.
    pub message: Text,
    /// The same for programs of both sides: lower-case words joined by `_`, at most 64 bytes. It stays what it is in later
    /// versions of the engine. None from an engine that has no words for its failures.
    pub code: Option<String>,
    /// Whether the same job may succeed when it is started again.
    pub retryable: bool,
    /// The whole story for operators of this side, shown in place of the message.
    pub private: Option<Text>,
    /// The names and numbers of the story, for programs of this side.
    #[serde(default)]
    pub params: Map<String, Value>,
    /// Facts for whoever looks into it on this side.
    pub detail: Option<Value>,
}

impl Failure {
    fn new(message: impl Into<Text>, retryable: bool) -> Box<Self> {
        Box::new(Self {
            message: message.into(),
            code: None,
            retryable,
            private: None,
            params: Map::new(),
            detail: None,
        })
    }

    /// What operators of this side are told of it.
    #[must_use]
    pub fn for_our_operators(&self) -> &Text {
        self.private.as_ref().unwrap_or(&self.message)
    }

    /// The code, if it has the form of one.
    #[must_use]
    pub fn valid_code(&self) -> Option<&str> {
        self.code.as_deref().filter(|code| is_code(code))
    }
}

impl EngineError {
    /// An error that trying again cannot mend.
    pub fn fatal(message: impl Into<Text>) -> Self {
        Self::Failed(Failure::new(message, false))
    }

    /// An error that may be gone at the next try.
    pub fn retryable(message: impl Into<Text>) -> Self {
        Self::Failed(Failure::new(message, true))
    }

    /// With a word for programs of both sides, see [`Failure::code`].
    #[must_use]
    pub fn with_code(self, code: impl Into<String>) -> Self {
        self.map(|failure| failure.code = Some(code.into()))
    }

    /// With the whole story for the operators of this side; the partner never sees it.
    #[must_use]
    pub fn with_private(self, story: impl Into<Text>) -> Self {
        self.map(|failure| failure.private = Some(story.into()))
    }

    /// With a name or a number of the story, for programs of this side.
    #[must_use]
    pub fn with_param(self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.map(|failure| {
            failure.params.insert(name.into(), value.into());
        })
    }

    /// With facts for whoever looks into it on this side; the partner never sees them.
    #[must_use]
    pub fn with_detail(self, more: impl Into<Value>) -> Self {
        self.map(|failure| failure.detail = Some(more.into()))
    }

    fn map(mut self, change: impl FnOnce(&mut Failure)) -> Self {
        if let Self::Failed(failure) = &mut self {
            change(failure);
        }
        self
    }

    /// Why the job cannot go on, if that is the matter.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failed(failure) => Some(failure),
            Self::Cancelled | Self::LostJob { .. } => None,
        }
    }

    /// Whether trying again can help.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.failure().is_some_and(|failure| failure.retryable)
    }
}

impl From<HostError> for EngineError {
    /// What the host says may name files and columns of this side, so it goes into the detail.
    fn from(error: HostError) -> Self {
        let shared = match error {
            HostError::Cancelled => return Self::Cancelled,
            HostError::NotFound(_) => Self::fatal(
                Text::new("an object that this side needs is not there").with_zh("所需的文件不存在"),
            )
            .with_code("object_missing"),
            HostError::Invalid(_) => Self::fatal(
                Text::new("the console cannot do what the engine asks of it")
                    .with_zh("控制台无法完成引擎的请求"),
            )
            .with_code("host_refused"),
            HostError::Unavailable(_) => Self::retryable(
                Text::new("the console's storage or database does not answer")
                    .with_zh("控制台的存储或数据库没有响应"),
            )
            .with_code("host_unavailable"),
        };
        shared.with_detail(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_host_says_stays_on_this_side() {
        let name = || "patients-2026.csv".to_owned();
        for error in [
            HostError::NotFound(name()),
            HostError::Invalid(name()),
            HostError::Unavailable(name()),
        ] {
            let said = EngineError::from(error.clone());
            let failure = said.failure().unwrap();
            let told = format!("{:?} {:?}", failure.message, failure.code);
            assert!(!told.contains("patients"), "{told}");
            assert_eq!(failure.detail, Some(Value::from(error.to_string())));
        }
    }

    #[test]
    fn a_failure_has_a_story_for_each_side_and_a_word_for_programs() {
        let plain = EngineError::fatal("no rows");
        let failure = plain.failure().unwrap();
        assert_eq!(failure.for_our_operators().en, "no rows");
        assert_eq!((failure.valid_code(), plain.is_retryable()), (None, false));

        let told = EngineError::retryable("the input lacks a column")
            .with_code("column_missing")
            .with_private(Text::new("no column `age`").with_zh("没有列 `age`"))
            .with_param("column", "age");
        let failure = told.failure().unwrap();
        assert_eq!(told.to_string(), "the input lacks a column");
        assert_eq!(failure.for_our_operators().zh.as_deref(), Some("没有列 `age`"));
        assert_eq!(failure.valid_code(), Some("column_missing"));
        assert_eq!(failure.params["column"], "age");

        let sentence = EngineError::fatal("no").with_code("Not a word");
        assert_eq!(sentence.failure().unwrap().valid_code(), None);
        assert_eq!(EngineError::Cancelled.with_code("x"), EngineError::Cancelled);
    }
}
