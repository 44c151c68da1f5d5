use crate::address::PolicyRefusal;
use crate::base::RspCode;
use crate::refusal::Refusal;

/// The hop at which a call did not get through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hop {
    /// The name does not resolve.
    Dns,
    /// Nobody takes the connection.
    Tcp,
    /// No secure connection comes about.
    Tls,
    /// Something answers, but it is no console: a redirect, a proxy's page.
    Http,
}

impl std::fmt::Display for Hop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Dns => "name",
            Self::Tcp => "connection",
            Self::Tls => "TLS",
            Self::Http => "HTTP",
        })
    }
}

/// Why it is not known what became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// No answer in time.
    TimedOut,
    /// The connection broke before the answer was complete.
    Dropped,
    /// A server error; a base console answers so even when it has done the work.
    ServerError,
    /// A success that cannot be read: not JSON, or not what was asked for.
    Unreadable,
    /// It says that it cannot serve now (503, 429, rsp 14, or a base console's exhausted pool).
    Busy,
    /// It has no room to store what was said (507).
    Full,
}

impl std::fmt::Display for Doubt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::TimedOut => "no answer in time",
            Self::Dropped => "the connection broke before the answer",
            Self::ServerError => "an error on the partner's side",
            Self::Unreadable => "an answer that cannot be read",
            Self::Busy => "the partner cannot serve now",
            Self::Full => "the partner has no room to store it",
        })
    }
}

/// What became of a call that has no good answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeerError {
    /// Not called: the policy forbids the address.
    #[error(transparent)]
    NotAllowed(#[from] PolicyRefusal),
    /// The request did not reach a console: nothing was done.
    #[error("the partner cannot be reached ({hop}): {detail}")]
    Unreachable {
        /// Where it ended.
        hop: Hop,
        /// The cause, for an operator.
        detail: String,
    },
    /// What stands before the partner's console takes no request of this size (HTTP 413): nothing was done.
    #[error("the way to the partner takes no message of this size: {detail}")]
    TooLarge {
        /// The cause, for an operator.
        detail: String,
    },
    /// It may have been done, or not: ask again.
    #[error("it is not known whether the partner did it ({doubt}): {detail}")]
    Unknown {
        /// Why.
        doubt: Doubt,
        /// The cause, for an operator.
        detail: String,
    },
    /// A definite no.
    #[error("the partner refused ({status}, rsp_code {}): {message}", .code.number())]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The code.
        code: RspCode,
        /// The partner's words.
        message: String,
        /// Extension: why, for programs.
        refusal: Option<Box<Refusal>>,
    },
    /// An extension that the partner does not have: it speaks the base protocol.
    #[error("the partner does not speak this extension")]
    NotSpoken,
    /// The answer is in the form of the protocol and makes no sense, or the call cannot be written.
    #[error("the protocol was broken: {0}")]
    Protocol(String),
}

impl PeerError {
    /// Whether the same call may succeed later. True unless the partner gave a definite answer.
    ///
    /// A 401 counts as not definite: the call is signed afresh each time, and the cause is often a clock or a pairing
    /// that is not complete on the other side.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::NotAllowed(_) | Self::Unreachable { .. } | Self::TooLarge { .. } | Self::Unknown { .. } => {
                true
            }
            Self::Refused { status, .. } => *status == 401,
            Self::NotSpoken | Self::Protocol(_) => false,
        }
    }

    /// A success that cannot be read, or is about something else: what was asked may have been done.
    pub fn unreadable(detail: impl Into<String>) -> Self {
        Self::Unknown {
            doubt: Doubt::Unreadable,
            detail: detail.into(),
        }
    }

    /// What became of a question: a call that changes nothing, so that it does not matter whether the partner did it.
    #[must_use]
    pub fn of_question(&self) -> String {
        match self {
            Self::Unknown { doubt, detail } => format!("{doubt}: {detail}"),
            other => other.to_string(),
        }
    }

    /// Whether the partner may have done what it was asked for, so that [`recovery`](crate::recovery) applies.
    #[must_use]
    pub const fn may_have_been_done(&self) -> bool {
        matches!(self, Self::Unknown { .. })
    }

    /// The code of a definite no.
    #[must_use]
    pub const fn refusal(&self) -> Option<RspCode> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// One word for a log line or a column: `not_allowed`, `unreachable_dns`, `unknown_timed_out`, `refused`, …
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::NotAllowed(_) => "not_allowed",
            Self::Unreachable { hop, .. } => match hop {
                Hop::Dns => "unreachable_dns",
                Hop::Tcp => "unreachable_tcp",
                Hop::Tls => "unreachable_tls",
                Hop::Http => "unreachable_http",
            },
            Self::Unknown { doubt, .. } => match doubt {
                Doubt::TimedOut => "unknown_timed_out",
                Doubt::Dropped => "unknown_dropped",
                Doubt::ServerError => "unknown_server_error",
                Doubt::Unreadable => "unknown_unreadable",
                Doubt::Busy => "unknown_busy",
                Doubt::Full => "unknown_full",
            },
            Self::TooLarge { .. } => "too_large",
            Self::Refused { .. } => "refused",
            Self::NotSpoken => "not_spoken",
            Self::Protocol(_) => "protocol",
        }
    }
}
