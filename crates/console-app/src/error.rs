use std::error::Error;
use std::time::Duration;

use console_db::{Contention, DbErr, DbError};
use console_model::{ErrorCode, ErrorKind};
use console_storage::StorageError;
use task_interface::Text;

use crate::{Fault, FieldProblem};

/// Why a use-case did not happen. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub struct AppError {
    kind: ErrorKind,
    code: ErrorCode,
    detail: Box<Text>,
    problems: Vec<FieldProblem>,
    contention: bool,
    retry_after: Option<Duration>,
    #[source]
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl AppError {
    /// An error of a kind, with a stable word for programs and a sentence for people.
    pub fn new(kind: ErrorKind, code: ErrorCode, detail: impl Into<Text>) -> Self {
        Self {
            kind,
            code,
            detail: Box::new(detail.into()),
            problems: Vec::new(),
            contention: false,
            retry_after: None,
            source: None,
        }
    }

    /// One field of the input is wrong.
    pub fn field(pointer: impl Into<String>, fault: impl Into<Fault>) -> Self {
        Self::fields(vec![FieldProblem::new(pointer, fault)])
    }

    /// Several fields of the input are wrong.
    #[must_use]
    pub fn fields(problems: Vec<FieldProblem>) -> Self {
        let detail = problems.first().map_or_else(String::new, FieldProblem::to_string);
        Self {
            problems,
            ..Self::new(ErrorKind::Invalid, ErrorCode::InvalidInput, detail)
        }
    }

    /// It is not there, or not yours: the two are told apart nowhere.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(
            ErrorKind::NotFound,
            ErrorCode::NotFound,
            format!("There is no such {what}."),
        )
    }

    /// The caller may not.
    pub fn forbidden(detail: impl Into<Text>) -> Self {
        Self::new(ErrorKind::Forbidden, ErrorCode::Forbidden, detail)
    }

    /// The present state forbids it.
    pub fn conflict(code: ErrorCode, detail: impl Into<Text>) -> Self {
        Self::new(ErrorKind::Conflict, code, detail)
    }

    /// The caller's copy is older than what is stored.
    #[must_use]
    pub fn stale() -> Self {
        let detail = "Somebody changed it meanwhile. Load it again and repeat your change.";
        Self::new(ErrorKind::Stale, ErrorCode::Stale, detail)
    }

    /// Our bug; the cause is for the log only.
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let detail = "Something went wrong here. The log has the cause under the request id.";
        Self {
            source: Some(source.into()),
            ..Self::new(ErrorKind::Internal, ErrorCode::Internal, detail)
        }
    }

    /// A part that we need does not answer.
    pub fn unavailable(detail: impl Into<Text>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            source: Some(source.into()),
            ..Self::new(ErrorKind::Unavailable, ErrorCode::Unavailable, detail)
        }
    }

    /// With the sentence in simplified Chinese, where it says more than the code.
    #[must_use]
    pub fn zh(mut self, detail: impl Into<String>) -> Self {
        self.detail.zh = Some(detail.into());
        self
    }

    /// The same with another kind and word.
    #[must_use]
    pub fn as_kind(mut self, kind: ErrorKind, code: ErrorCode) -> Self {
        (self.kind, self.code) = (kind, code);
        self
    }

    /// It will not be done before some time has passed.
    #[must_use]
    pub const fn with_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// When it is of use to try again, where that is known.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// What it means to the caller.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// A stable word for programs.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    /// What happened and what to do, for people.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail.en
    }

    /// The same in simplified Chinese, where it says more than the code.
    #[must_use]
    pub fn detail_zh(&self) -> Option<&str> {
        self.detail.zh.as_deref()
    }

    /// The wrong parts of the input, if that is the reason.
    #[must_use]
    pub fn problems(&self) -> &[FieldProblem] {
        &self.problems
    }
}

impl Contention for AppError {
    /// Also for a row that changed between reading and writing it in one transaction: the repeat reads it again.
    fn is_contention(&self) -> bool {
        self.contention
    }
}

impl From<DbError> for AppError {
    fn from(error: DbError) -> Self {
        let contention = error.is_contention() || matches!(error, DbError::Stale);
        let mapped = match &error {
            DbError::NotFound(what) => Self::not_found(what),
            DbError::Stale => Self::stale(),
            DbError::Conflict(_) => Self::conflict(
                ErrorCode::AlreadyExists,
                "Something with the same unique value exists already.",
            ),
            DbError::Invalid(_) => Self::new(
                ErrorKind::Invalid,
                ErrorCode::InvalidInput,
                "A value cannot be stored.",
            ),
            DbError::Unavailable { .. } => Self::new(
                ErrorKind::Unavailable,
                ErrorCode::Unavailable,
                "The database does not answer. Try again in a moment.",
            ),
            DbError::Internal(_) => return Self::internal(error),
        };
        Self {
            contention,
            source: Some(Box::new(error)),
            ..mapped
        }
    }
}

impl From<DbErr> for AppError {
    fn from(error: DbErr) -> Self {
        DbError::from(error).into()
    }
}

impl From<StorageError> for AppError {
    fn from(error: StorageError) -> Self {
        match &error {
            StorageError::NotFound { .. } => Self::not_found("object"),
            StorageError::AlreadyExists { .. } => Self::conflict(
                ErrorCode::ObjectExists,
                "An object of that name exists. Choose another name, or ask for it to be replaced.",
            ),
            StorageError::TooLarge { limit } => Self::new(
                ErrorKind::TooLarge,
                ErrorCode::ObjectTooLarge,
                format!("The object has more than the {limit} bytes that are allowed."),
            )
            .zh(format!("文件超过允许的 {limit} 字节。")),
            StorageError::ChecksumMismatch { .. } => Self::new(
                ErrorKind::Unprocessable,
                ErrorCode::ChecksumMismatch,
                "The bytes that arrived do not have the checksum that was announced. Upload again.",
            ),
            StorageError::Full { .. } => Self {
                source: Some(Box::new(error)),
                ..Self::new(
                    ErrorKind::Full,
                    ErrorCode::StoreFull,
                    "The object store has no room left. Free some space, and try again.",
                )
            },
            _ if error.is_retryable() => {
                Self::unavailable("The object store does not answer. Try again in a moment.", error)
            }
            _ => Self::internal(error),
        }
    }
}
