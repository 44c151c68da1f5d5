//! What a partner may ask for.
//!
//! A server turns a request into a [`Caller`](caller::Caller) with [`caller::identify`], then calls one of the functions
//! of these modules. Each of them speaks only about what the caller shares with us: partner, project, task and instance
//! are checked on every call, and what is not the caller's answers 404.
//!
//! | call | function |
//! | --- | --- |
//! | `GET /peer/hello` | [`hello::hello`] |
//! | `POST /peer/pairing`, `/peer/unpair` | [`pairing::accept`], [`pairing::unpair`] |
//! | `… /project/peer` | [`projects`] |
//! | `… /task/peer` | [`tasks`] |
//! | `… /task_instance/peer`, `/peer/instances` | [`instances`] |
//! | `POST /peer/channel` | [`channel`] |
//! | `GET /peer/stream` | [`stream`] |
//!
//! An answer never holds private config, logs, users or the text of an internal error.

pub mod caller;
pub mod channel;
pub mod command;
pub(crate) mod guesses;
pub mod hello;
pub mod instances;
pub mod pairing;
pub mod projects;
pub mod proof;
mod shared_settings;
pub mod stream;
pub mod tasks;

use console_db::{Contention, DbErr, DbError};
use console_model::ErrorKind;
use console_peer::base::{BaseError, RspCode};
use console_peer::refusal::Reason;

use crate::AppError;
use crate::reached_limits::Refusal;

/// Why a partner's call was not done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum PeerRefusal {
    /// The answer that the caller gets.
    #[error(transparent)]
    Answer(#[from] BaseError),
    /// A limit of this console for one partner is reached: its operators have to do something first.
    #[error("{answer}")]
    OverLimit {
        /// Which limit, for our operators.
        reached: Refusal,
        /// What the caller gets.
        answer: BaseError,
    },
    /// Our own trouble, or a rule that operators meet as well.
    #[error(transparent)]
    App(#[from] AppError),
    /// The database's trouble. A conflict that gets here is a race that was lost.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl PeerRefusal {
    /// 403, rsp 7.
    pub fn forbidden(message: impl Into<String>) -> Self {
        BaseError::new(RspCode::PermissionDenied, message).into()
    }

    /// 404, rsp 5.
    pub fn not_found(message: impl Into<String>) -> Self {
        BaseError::new(RspCode::NotFound, message).into()
    }

    /// 409, rsp 6.
    pub fn conflict(message: impl Into<String>) -> Self {
        BaseError::new(RspCode::AlreadyExists, message).into()
    }

    /// 400, rsp 9: well formed, but the present state forbids it.
    pub fn precondition(message: impl Into<String>) -> Self {
        BaseError::new(RspCode::FailedPrecondition, message).into()
    }

    /// As [`precondition`](Self::precondition), with the reason for programs.
    pub fn because(reason: Reason, message: impl Into<String>) -> Self {
        BaseError::new(RspCode::FailedPrecondition, message)
            .with_refusal(reason)
            .into()
    }

    /// Why, for programs, where that is said.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        match self {
            Self::Answer(error) => error.refusal.as_ref()?.reason.known(),
            Self::OverLimit { .. } | Self::App(_) | Self::Db(_) => None,
        }
    }

    /// 429, rsp 9: a limit of this console for one partner is reached.
    pub fn over_limit(reached: Refusal, message: impl Into<String>) -> Self {
        Self::OverLimit {
            reached,
            answer: too_many(message),
        }
    }

    /// 429, rsp 9: so much is not done for anybody.
    pub fn too_many(message: impl Into<String>) -> Self {
        too_many(message).into()
    }

    /// The limit that is reached, if that is why.
    #[must_use]
    pub const fn reached(&self) -> Option<Refusal> {
        match self {
            Self::OverLimit { reached, answer: _ } => Some(*reached),
            Self::Answer(_) | Self::App(_) | Self::Db(_) => None,
        }
    }

    /// 503, rsp 14: the same call will do in a moment.
    pub fn try_again(message: impl Into<String>) -> Self {
        BaseError::new(RspCode::Unavailable, message).into()
    }

    /// Whether it is our trouble rather than the caller's.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.answer().status >= 500
    }

    /// What the caller is told: never an internal cause.
    #[must_use]
    pub fn answer(&self) -> BaseError {
        match self {
            Self::Answer(answer) | Self::OverLimit { answer, .. } => answer.clone(),
            Self::App(error) => told(error.kind(), error.detail()),
            Self::Db(error) => match error {
                DbError::NotFound(what) => told(ErrorKind::NotFound, &format!("{what} not found")),
                DbError::Conflict(_) | DbError::Stale => {
                    told(ErrorKind::Conflict, "it conflicts with what exists")
                }
                DbError::Invalid(_) => told(ErrorKind::Invalid, "incorrect params, a value cannot be stored"),
                DbError::Unavailable { .. } => told(ErrorKind::Unavailable, ""),
                DbError::Internal(_) => told(ErrorKind::Internal, ""),
            },
        }
    }
}

impl From<DbErr> for PeerRefusal {
    fn from(error: DbErr) -> Self {
        Self::Db(error.into())
    }
}

impl Contention for PeerRefusal {
    /// A lost race on a unique key or a generation is settled by doing the whole transaction again: it then finds what
    /// the winner wrote.
    fn is_contention(&self) -> bool {
        match self {
            Self::Db(error) => {
                error.is_contention() || matches!(error, DbError::Conflict(_) | DbError::Stale)
            }
            Self::App(error) => error.is_contention(),
            Self::Answer(_) | Self::OverLimit { .. } => false,
        }
    }
}

fn too_many(message: impl Into<String>) -> BaseError {
    BaseError {
        status: 429,
        ..BaseError::new(RspCode::FailedPrecondition, message)
    }
}

/// The one place where the kinds of our errors become answers of the protocol.
fn told(kind: ErrorKind, detail: &str) -> BaseError {
    let message = match kind {
        ErrorKind::Internal => "internal error",
        ErrorKind::Unavailable => "not available for now, try again",
        ErrorKind::Full => "no room to store it",
        _ => detail,
    };
    let told = BaseError::new(RspCode::of_kind(kind), message);
    match kind {
        ErrorKind::Full => BaseError { status: 507, ..told },
        _ => told,
    }
}
