use console_model::ErrorKind;
use serde::{Serialize, Serializer};

use crate::json::JsonError;
use crate::refusal::Refusal;

/// The code in every answer; numbers of `google.rpc.Code`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RspCode {
    /// 0: done.
    Ok,
    /// 3: the request is wrong (HTTP 400).
    InvalidArgument,
    /// 5: not there, or not the caller's (HTTP 404).
    NotFound,
    /// 6: exists already, or conflicts with what exists (HTTP 409).
    AlreadyExists,
    /// 7: the caller may not (HTTP 403).
    PermissionDenied,
    /// 9: the present state forbids it (HTTP 400).
    FailedPrecondition,
    /// 13: a bug or a broken database over there (HTTP 500).
    Internal,
    /// 14: try again later (HTTP 503).
    Unavailable,
    /// 16: the caller did not prove who it is (HTTP 401).
    Unauthenticated,
    /// Any other number; kept as it came.
    Other(i64),
}

impl RspCode {
    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> i64 {
        match self {
            Self::Ok => 0,
            Self::InvalidArgument => 3,
            Self::NotFound => 5,
            Self::AlreadyExists => 6,
            Self::PermissionDenied => 7,
            Self::FailedPrecondition => 9,
            Self::Internal => 13,
            Self::Unavailable => 14,
            Self::Unauthenticated => 16,
            Self::Other(number) => number,
        }
    }

    /// From the number on the wire; never fails.
    #[must_use]
    pub const fn from_number(number: i64) -> Self {
        match number {
            0 => Self::Ok,
            3 => Self::InvalidArgument,
            5 => Self::NotFound,
            6 => Self::AlreadyExists,
            7 => Self::PermissionDenied,
            9 => Self::FailedPrecondition,
            13 => Self::Internal,
            14 => Self::Unavailable,
            16 => Self::Unauthenticated,
            other => Self::Other(other),
        }
    }

    /// The HTTP status that goes with the code.
    #[must_use]
    pub const fn http_status(self) -> u16 {
        match self {
            Self::Ok => 200,
            Self::InvalidArgument | Self::FailedPrecondition => 400,
            Self::Unauthenticated => 401,
            Self::PermissionDenied => 403,
            Self::NotFound => 404,
            Self::AlreadyExists => 409,
            Self::Internal | Self::Other(_) => 500,
            Self::Unavailable => 503,
        }
    }

    /// The code for an error of ours: the one place where kinds become codes.
    #[must_use]
    pub const fn of_kind(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Invalid | ErrorKind::TooLarge => Self::InvalidArgument,
            ErrorKind::Unauthenticated => Self::Unauthenticated,
            ErrorKind::Forbidden => Self::PermissionDenied,
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::Conflict | ErrorKind::Stale => Self::AlreadyExists,
            ErrorKind::Unprocessable => Self::FailedPrecondition,
            ErrorKind::TooMany | ErrorKind::Unavailable | ErrorKind::Full => Self::Unavailable,
            ErrorKind::Internal => Self::Internal,
        }
    }
}

impl Serialize for RspCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.number())
    }
}

/// A success, as a server writes it: `{"data":…,"http_code":200,"message":null,"rsp_code":0}`.
///
/// Answers of the extensions use the same envelope.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Envelope<T> {
    /// The answer.
    pub data: T,
    http_code: u16,
    message: Option<String>,
    rsp_code: RspCode,
}

impl<T> Envelope<T> {
    /// Wraps an answer. Send it with HTTP status 200 and `Content-Type: application/json`.
    pub const fn ok(data: T) -> Self {
        Self {
            data,
            http_code: 200,
            message: None,
            rsp_code: RspCode::Ok,
        }
    }
}

/// The body of an error: `{"message":"…","rsp_code":N}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorBody<'a> {
    /// What is wrong, for a person.
    pub message: &'a str,
    /// The code.
    pub rsp_code: RspCode,
    /// Extension: why, for programs.
    #[serde(flatten)]
    pub refusal: Option<&'a Refusal>,
}

/// An error, as a server answers it. The named constructors carry the words of the consoles in the field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (rsp_code {})", .code.number())]
pub struct BaseError {
    /// The HTTP status.
    pub status: u16,
    /// The code.
    pub code: RspCode,
    /// What is wrong, for a person. Never an internal cause.
    pub message: String,
    /// Extension: why, for programs. A caller with the base protocol never sees it.
    pub refusal: Option<Box<Refusal>>,
}

impl BaseError {
    /// An error with the status that goes with the code.
    pub fn new(code: RspCode, message: impl Into<String>) -> Self {
        Self {
            status: code.http_status(),
            code,
            message: message.into(),
            refusal: None,
        }
    }

    /// The same with the reason for programs.
    #[must_use]
    pub fn with_refusal(self, refusal: impl Into<Refusal>) -> Self {
        Self {
            refusal: Some(Box::new(refusal.into())),
            ..self
        }
    }

    /// The same without what a base console does not know.
    #[must_use]
    pub fn without_extensions(self) -> Self {
        Self {
            refusal: None,
            ..self
        }
    }

    /// 400, rsp 3.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(RspCode::InvalidArgument, message)
    }

    /// 400, rsp 3: members are missing. `names` are all the members that the call requires.
    #[must_use]
    pub fn missing(names: &[&str]) -> Self {
        let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
        Self::invalid(format!("incorrect params, {{{}}} are required", names.join(", ")))
    }

    /// 404, rsp 5: no project under the sender's id.
    #[must_use]
    pub fn project_unknown() -> Self {
        Self::new(RspCode::NotFound, "project object init failed")
    }

    /// 409, rsp 6: another project came under the same id.
    #[must_use]
    pub fn project_exists() -> Self {
        let message = "project does already paired in create peer project";
        Self::new(RspCode::AlreadyExists, message)
    }

    /// 403, rsp 7: no root task has the token.
    #[must_use]
    pub fn token_unknown() -> Self {
        Self::new(RspCode::PermissionDenied, "task token is not authorized")
    }

    /// 404, rsp 5: `GET /task/peer/<id>` for a pairing that is not there.
    #[must_use]
    pub fn task_unknown(id: &str) -> Self {
        let message = format!("task peer id {id} was not found in get peer task inter");
        Self::new(RspCode::NotFound, message)
    }

    /// 404, rsp 5: `GET /task/peer/<id>` for a pairing whose task was deleted.
    #[must_use]
    pub fn task_deleted(id: &str) -> Self {
        let message = format!("task peer id {id} was not found in get peer task intra");
        Self::new(RspCode::NotFound, message)
    }

    /// 404, rsp 5: `POST /task_instance/peer/<id>` names a task that is not there.
    #[must_use]
    pub fn instance_task_unknown() -> Self {
        Self::new(RspCode::NotFound, "task peer id not found")
    }

    /// 409, rsp 6: another instance came under the same id.
    #[must_use]
    pub fn instance_exists() -> Self {
        let message = "task_instance does already paired in create peer task_instance";
        Self::new(RspCode::AlreadyExists, message)
    }

    /// 404, rsp 5: `GET /task_instance/peer/<id>` for an instance that is not there.
    #[must_use]
    pub fn instance_unknown_in_get(id: &str) -> Self {
        let message = format!("task_instance peer id {id} was not found in get peer task_instance");
        Self::new(RspCode::NotFound, message)
    }

    /// 404, rsp 5: `PUT /task_instance/peer/<id>` for an instance that is not there.
    #[must_use]
    pub fn instance_unknown_in_update(id: &str) -> Self {
        let message = format!("task_instance peer id {id} was not found in update peer task_instance");
        Self::new(RspCode::NotFound, message)
    }

    /// The body to answer with, together with [`status`](Self::status).
    #[must_use]
    pub fn body(&self) -> ErrorBody<'_> {
        ErrorBody {
            message: &self.message,
            rsp_code: self.code,
            refusal: self.refusal.as_deref(),
        }
    }
}

impl From<JsonError> for BaseError {
    fn from(error: JsonError) -> Self {
        Self::invalid(format!("incorrect params, {error}"))
    }
}
