//! The one place where errors become answers to operators: RFC 9457 problems.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ALLOW, CONTENT_RANGE, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use console_app::{AppError, Fault, FieldProblem};
use console_model::{ErrorCode, ErrorKind, FieldCode, MessageId};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{guard, words};

/// When to try again where nothing better is known.
const RETRY_AFTER_SECONDS: u64 = 5;

/// Why a request was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// A use-case refused it.
    #[error(transparent)]
    App(#[from] AppError),
    /// It is wrong as HTTP, before any use-case.
    #[error("{detail}")]
    Http {
        /// The status.
        status: StatusCode,
        /// A stable word for programs.
        code: ErrorCode,
        /// What to do.
        detail: String,
    },
    /// No part of a file lies in the range that was asked for.
    #[error("The file has {size} bytes; the range lies outside.")]
    Range {
        /// The size of the file.
        size: u64,
    },
    /// The path exists, the method does not.
    #[error("This address answers to {0} only.")]
    Method(&'static str),
}

impl ApiError {
    pub(crate) fn http(status: StatusCode, code: ErrorCode, detail: impl Into<String>) -> Self {
        Self::Http {
            status,
            code,
            detail: detail.into(),
        }
    }

    pub(crate) fn unauthenticated() -> Self {
        let detail = "Sign in first: POST /api/v1/session.";
        AppError::new(ErrorKind::Unauthenticated, ErrorCode::NotSignedIn, detail).into()
    }
}

/// An error as clients see it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Always `about:blank`; `code` tells problems apart.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What happened and what to do.
    detail: String,
    /// The same in simplified Chinese, where it says more than the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail_zh: Option<String>,
    /// A stable word for programs.
    #[schema(value_type = words::ErrorCode)]
    code: ErrorCode,
    /// The id of the request, for the log.
    request_id: String,
    /// The wrong parts of the input.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ProblemPart>,
}

/// A wrong part of the input.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemPart {
    /// A JSON Pointer into the request body, or the name of a query parameter.
    pointer: String,
    /// What is wrong, as a word for programs.
    #[schema(value_type = words::FieldCode)]
    code: FieldCode,
    /// What is wrong and what to do.
    detail: String,
    /// The same in simplified Chinese, where the detail says more than the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail_zh: Option<String>,
    /// The word of an engine for what it found, where the code is `said`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The names and numbers of what an engine found.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object, required = false)]
    params: Map<String, Value>,
    /// The least that is allowed, where that is the matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    least: Option<u64>,
    /// The most that is allowed, where that is the matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    most: Option<u64>,
}

impl From<FieldProblem> for ProblemPart {
    fn from(problem: FieldProblem) -> Self {
        let FieldProblem { pointer, fault } = problem;
        let Fault {
            code,
            detail,
            detail_zh,
            reason,
            params,
            least,
            most,
        } = fault;
        Self {
            pointer,
            code,
            detail,
            detail_zh: detail_zh.map(Into::into),
            reason: reason.map(Into::into),
            params: *params,
            least,
            most,
        }
    }
}

impl ApiError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::App(error) => error.code(),
            Self::Http { code, .. } => *code,
            Self::Range { .. } => ErrorCode::InvalidRange,
            Self::Method(_) => ErrorCode::MethodNotAllowed,
        }
    }

    fn detail_zh(&self) -> Option<&str> {
        match self {
            Self::App(error) => error.detail_zh(),
            Self::Http { .. } | Self::Range { .. } | Self::Method(_) => None,
        }
    }

    /// The answer. The chain of a failure of ours is logged here, once, and told to nobody.
    pub(crate) fn answer(&self, request_id: &str) -> HttpResponse {
        if self.status_code().is_server_error() {
            let error: &dyn std::error::Error = self;
            tracing::error!(
                request.id = request_id,
                code = self.code().word(),
                error,
                "request failed"
            );
        }
        self.problem(request_id)
    }

    /// The answer without a line in the log.
    pub(crate) fn problem(&self, request_id: &str) -> HttpResponse {
        let status = self.status_code();
        let errors = match self {
            Self::App(error) => error.problems(),
            Self::Http { .. } | Self::Range { .. } | Self::Method(_) => &[],
        };
        let problem = Problem {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: self.to_string(),
            detail_zh: self.detail_zh().map(str::to_owned),
            code: self.code(),
            request_id: request_id.to_owned(),
            errors: errors.iter().cloned().map(ProblemPart::from).collect(),
        };
        let mut response = HttpResponse::build(status).json(problem);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some((name, value)) = self.header() {
            headers.insert(name, value);
        }
        response
    }

    /// What the status asks to be said in a header.
    fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        let (name, value) = match (self, self.status_code()) {
            (Self::Method(allowed), _) => (ALLOW, HeaderValue::from_static(allowed)),
            (Self::Range { size }, _) => (
                CONTENT_RANGE,
                HeaderValue::try_from(format!("bytes */{size}")).ok()?,
            ),
            (_, StatusCode::UNAUTHORIZED) => (WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            (_, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) => {
                let wait = match self {
                    Self::App(error) => error.retry_after(),
                    _ => None,
                };
                // Round up: who comes a moment too early is refused again.
                let seconds = wait.map_or(RETRY_AFTER_SECONDS, |wait| wait.as_secs() + 1);
                (RETRY_AFTER, HeaderValue::from(seconds))
            }
            _ => return None,
        };
        Some((name, value))
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::App(error) => match error.kind() {
                ErrorKind::Invalid => StatusCode::BAD_REQUEST,
                ErrorKind::Unauthenticated => StatusCode::UNAUTHORIZED,
                ErrorKind::Forbidden => StatusCode::FORBIDDEN,
                ErrorKind::NotFound => StatusCode::NOT_FOUND,
                ErrorKind::Conflict => StatusCode::CONFLICT,
                ErrorKind::Stale => StatusCode::PRECONDITION_FAILED,
                ErrorKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
                ErrorKind::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
                ErrorKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
                ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
                ErrorKind::Full => StatusCode::INSUFFICIENT_STORAGE,
                ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            },
            Self::Http { status, .. } => *status,
            Self::Range { .. } => StatusCode::RANGE_NOT_SATISFIABLE,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
        }
    }

    /// Used as it is only outside of the operator API; inside, the guard answers with the id of the request, and logs.
    fn error_response(&self) -> HttpResponse {
        let id = MessageId::generate().to_string();
        let mut response = self.problem(&id);
        guard::identify(response.headers_mut(), &id);
        guard::secure(response.headers_mut());
        response
    }
}

/// No such address.
pub(crate) async fn no_route(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let detail = format!("There is nothing at {}.", request.path());
    Err(ApiError::http(StatusCode::NOT_FOUND, ErrorCode::NoRoute, detail))
}
