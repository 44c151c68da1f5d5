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

    /// With more for the operator of this side only; the partner never sees it.
    #[must_use]
    pub fn with_detail(self, more: impl Into<Value>) -> Self {
        match self {
            Self::Failed {
                message, retryable, ..
            } => Self::Failed {
                message,
                retryable,
                detail: Some(more.into()),
            },
            other => other,
        }
    }

    /// Whether trying again can help.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::Failed { retryable: true, .. })
    }
}

impl From<HostError> for EngineError {
    /// What the host says may name files and columns of this side, so it goes into the detail.
    fn from(error: HostError) -> Self {
        let shared = match error {
            HostError::Cancelled => return Self::Cancelled,
            HostError::NotFound(_) => Self::fatal("an object that this half needs is not there"),
            HostError::Invalid(_) => Self::fatal("the console cannot do what the engine asks of it"),
            HostError::Unavailable(_) => Self::retryable("the console's storage or database does not answer"),
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
            let EngineError::Failed { message, detail, .. } = EngineError::from(error.clone()) else {
                panic!("{error}");
            };
            assert!(!message.contains("patients"), "{message}");
            assert_eq!(detail, Some(Value::from(error.to_string())));
        }
    }
}
