use std::sync::Arc;

use crate::EngineError;
use crate::host::KnownAttempts;

/// How an attempt stands with the console that asks its engine to tidy up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AttemptState {
    /// Its job may still work: nothing of it may be removed.
    Live,
    /// It is over: whatever it has left can go.
    Over,
    /// This console does not know it. It may be another console's that uses the same place.
    Unknown,
}

/// Tells an engine which attempts are over. An engine lists first what there is, and asks then: an attempt is known before its
/// job makes anything.
#[derive(Clone)]
pub struct Attempts {
    known: Arc<dyn KnownAttempts>,
}

impl Attempts {
    /// For consoles and test hosts; engines receive theirs.
    pub fn new(known: Arc<dyn KnownAttempts>) -> Self {
        Self { known }
    }

    /// How an attempt of a run stands, by the run's id on this side.
    ///
    /// # Errors
    /// Retryable when it cannot be found out.
    pub async fn state(&self, instance: &str, attempt: u32) -> Result<AttemptState, EngineError> {
        Ok(self.known.state(instance, attempt).await?)
    }
}
