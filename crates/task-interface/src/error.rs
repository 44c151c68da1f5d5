use serde_json::Value;

use crate::host::HostError;

/// Why a job ended without success.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EngineError {
    /// The job was told to stop and has stopped.
    #[error("stopped on request")]
    Cancelled,
    /// The job cannot go on.
    #[error("{message}")]
    Failed {
        /// What happened and what to do, for an operator of this side. It is also shown to the partner, so it must not
        /// hold data.
        message: String,
        /// Whether the same job may succeed when it is started again.
        retryable: bool,
        /// More for the operator of this side only.
        detail: Option<Value>,
    },
    /// The engine does not know the job any more (it vanished from the cluster, for example).
    #[error("the job cannot be found: {message}")]
    LostJob {
        /// What was looked for.
        message: String,
    },
}

impl EngineError {
    /// An error that trying again cannot mend.
    pub fn fatal(message: impl Into<String>) -> Self {
        Self::Failed {
            message: message.into(),
            retryable: false,
            detail: None,
        }
    }

    /// An error that may be gone at the next try.
    pub fn retryable(message: impl Into<String>) -> Self {
        Self::Failed {
            message: message.into(),
            retryable: true,
            detail: None,
        }
    }

    /// Whether trying again can help.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::Failed { retryable: true, .. })
    }
}

impl From<HostError> for EngineError {
    fn from(error: HostError) -> Self {
        match error {
            HostError::Cancelled => Self::Cancelled,
            HostError::NotFound(_) | HostError::Invalid(_) => Self::fatal(error.to_string()),
            HostError::Unavailable(_) => Self::retryable(error.to_string()),
        }
    }
}
