use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::host::Host;
use crate::text::is_code;
use crate::{EngineError, Text, Warning};

/// The most bytes of a result in JSON.
pub const MAX_RESULT_BYTES: usize = 1 << 20;

/// How much a log line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// For the engine's authors.
    Debug,
    /// What happens.
    Info,
    /// Worth a look.
    Warn,
    /// Something went wrong.
    Error,
}

impl LogLevel {
    /// The word in APIs and logs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// A status in a call-back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportedStatus {
    /// The job works.
    Running,
    /// It finished well. Takes effect when the job's future has resolved.
    Succeeded,
    /// It failed, even if the job's future resolves to `Ok`.
    Failed,
    /// It was stopped, even if the job's future resolves to `Ok`.
    Stopped,
}

/// The call-back of the original console: what is not given stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CallBack {
    /// Facts for the operator (a link to a job page, counts); merged key by key.
    pub message: Option<Map<String, Value>>,
    /// Facts about an error; merged key by key.
    pub error: Option<Map<String, Value>>,
    /// When the job really began.
    pub gmt_start: Option<DateTime<Utc>>,
    /// When it went wrong.
    pub gmt_error: Option<DateTime<Utc>>,
    /// What is true of the job now.
    pub status: Option<ReportedStatus>,
}

/// One report of a job, as the host sees it.
#[derive(Debug, Clone, PartialEq)]
pub enum Report {
    /// A call-back.
    CallBack(CallBack),
    /// A log line.
    Log {
        /// How much it matters.
        level: LogLevel,
        /// Which part of the job says it (`engine`, `worker-0`, …).
        role: String,
        /// The line, without a line break.
        text: Text,
    },
    /// A point of a metric's curve.
    Metric {
        /// The curve.
        name: String,
        /// Where on the curve (an epoch, a step).
        step: i64,
        /// The value; finite.
        value: f64,
    },
    /// How far the job is.
    Progress {
        /// From 0 to 1.
        fraction: f64,
        /// What it does now.
        text: Text,
    },
    /// A result: a named document.
    Result {
        /// Unique in the attempt; a later one of that name replaces it.
        name: String,
        /// The document, as [`Document::read`](crate::Document::read) reads it.
        value: Value,
    },
    /// What the operator should know although the job may end well.
    Warning(Warning),
    /// From where the job can be taken up after a restart of the console.
    Handle(Value),
}

/// Says what happens in a job.
#[derive(Clone)]
pub struct Reporter {
    host: Arc<dyn Host>,
}

impl Reporter {
    pub(crate) fn new(host: Arc<dyn Host>) -> Self {
        Self { host }
    }

    /// The call-back of the original console.
    ///
    /// # Errors
    /// Retryable when it cannot be stored.
    pub async fn call_back(&self, call_back: CallBack) -> Result<(), EngineError> {
        self.report(Report::CallBack(call_back)).await
    }

    /// The job works now.
    ///
    /// # Errors
    /// Retryable when it cannot be stored.
    pub async fn running(&self) -> Result<(), EngineError> {
        let status = Some(ReportedStatus::Running);
        self.call_back(CallBack {
            gmt_start: Some(Utc::now()),
            status,
            ..CallBack::default()
        })
        .await
    }

    /// A log line of the job's main part. Never put data of persons or keys into it.
    ///
    /// # Errors
    /// Retryable when it cannot be stored.
    pub async fn log(&self, level: LogLevel, text: impl Into<Text>) -> Result<(), EngineError> {
        self.log_of("engine", level, text).await
    }

    /// A log line of a named part of the job.
    ///
    /// # Errors
    /// Retryable when it cannot be stored.
    pub async fn log_of(
        &self,
        role: &str,
        level: LogLevel,
        text: impl Into<Text>,
    ) -> Result<(), EngineError> {
        self.report(Report::Log {
            level,
            role: role.to_owned(),
            text: text.into(),
        })
        .await
    }

    /// A point of a metric's curve. The same step again replaces the value.
    ///
    /// # Errors
    /// Fatal for a value that is not finite; retryable when it cannot be stored.
    pub async fn metric(&self, name: &str, step: i64, value: f64) -> Result<(), EngineError> {
        if !value.is_finite() {
            return Err(EngineError::fatal(format!(
                "metric {name} at step {step} is not a finite number"
            )));
        }
        self.report(Report::Metric {
            name: name.to_owned(),
            step,
            value,
        })
        .await
    }

    /// How far the job is, from 0 to 1, and what it does now.
    ///
    /// # Errors
    /// Retryable when it cannot be stored.
    pub async fn progress(&self, fraction: f64, text: impl Into<Text>) -> Result<(), EngineError> {
        let fraction = if fraction.is_finite() {
            fraction.clamp(0.0, 1.0)
        } else {
            0.0
        };
        self.report(Report::Progress {
            fraction,
            text: text.into(),
        })
        .await
    }

    /// A result: a named document that stays with the attempt. One of the forms of [`Document`](crate::Document), which
    /// screens can draw, or any JSON value.
    ///
    /// # Errors
    /// Fatal for a document of more than [`MAX_RESULT_BYTES`] in JSON: such a thing belongs into an object. Retryable when
    /// it cannot be stored.
    pub async fn result(&self, name: &str, document: impl Into<Value>) -> Result<(), EngineError> {
        let value = document.into();
        let bytes = value.to_string().len();
        if bytes > MAX_RESULT_BYTES {
            return Err(EngineError::fatal(format!(
                "the result {name} has {bytes} bytes, more than the {MAX_RESULT_BYTES} that are allowed"
            )));
        }
        self.report(Report::Result {
            name: name.to_owned(),
            value,
        })
        .await
    }

    /// What the operator should know although the job may end well: a run that succeeds with warnings is shown as such. Only
    /// our operators see it, so it may name columns and ids. The same again, for example after a restart, is one warning.
    ///
    /// # Errors
    /// Fatal for a code that is no code. Retryable when it cannot be stored.
    pub async fn warn(&self, warning: Warning) -> Result<(), EngineError> {
        let code = &warning.code;
        if !is_code(code) {
            return Err(EngineError::fatal("a warning has no valid code").with_detail(format!("{code:?}")));
        }
        self.report(Report::Warning(warning)).await
    }

    /// From where [`Engine::task_attach`](crate::Engine::task_attach) can take the job up. Durable when this returns.
    /// Small (a few kilobytes): state belongs into [`TaskContext::scratch`](crate::TaskContext::scratch).
    ///
    /// # Errors
    /// Retryable when it cannot be stored.
    pub async fn handle(&self, handle: Value) -> Result<(), EngineError> {
        self.report(Report::Handle(handle)).await
    }

    async fn report(&self, report: Report) -> Result<(), EngineError> {
        Ok(self.host.report(report).await?)
    }
}
