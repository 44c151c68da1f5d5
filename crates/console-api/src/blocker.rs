//! What keeps an operator from doing something, as JSON.

use console_model::ErrorCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::words;

/// Why the caller cannot do something now. What the state of things forbids comes first, then what rights are missing
/// (`forbidden`).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Blocker {
    /// The `code` that the attempt would be refused with, were nothing else in its way.
    #[schema(value_type = words::ErrorCode)]
    code: ErrorCode,
    /// What to do about it.
    detail: String,
}

impl From<console_app::Blocker> for Blocker {
    fn from(blocker: console_app::Blocker) -> Self {
        let console_app::Blocker { code, detail } = blocker;
        Self { code, detail }
    }
}
