//! What keeps an operator from doing something, told before they try.

use console_model::{ErrorCode, ErrorKind};

use crate::rights::{self, Action};
use crate::{AppError, Operator};

/// Why an operator cannot do something now.
///
/// What the state of things forbids comes first, then what rights are missing (`forbidden`): what nobody can do now need
/// not be offered at all, what others can do is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// The code that the attempt would be refused with, were nothing else in its way.
    pub code: ErrorCode,
    /// What to do about it.
    pub detail: String,
}

impl Blocker {
    /// What a refusal means.
    ///
    /// # Errors
    /// For a failure to find out, which is no refusal.
    pub(crate) fn of(refused: Result<(), AppError>) -> Result<Option<Self>, AppError> {
        match refused {
            Ok(()) => Ok(None),
            Err(error) => match error.kind() {
                ErrorKind::Conflict
                | ErrorKind::Unprocessable
                | ErrorKind::NotFound
                | ErrorKind::Forbidden => Ok(Some(Self {
                    code: error.code(),
                    detail: error.to_string(),
                })),
                _ => Err(error),
            },
        }
    }

    /// The rights that an operator lacks for an action.
    pub(crate) fn of_rights(operator: &Operator, action: Action<'_>) -> Option<Self> {
        rights::require(operator, action).err().map(|error| Self {
            code: error.code(),
            detail: error.to_string(),
        })
    }
}
