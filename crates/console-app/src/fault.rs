//! What is wrong with the fields of an input.

use std::fmt;

use console_model::{FieldCode, IdError, NameError, UnknownValue};
use console_peer::address::AddressError;
use console_storage::KeyError;
use serde_json::{Map, Value};
use task_interface::Problem;

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// A word for programs.
    pub code: FieldCode,
    /// What is wrong and what to do, for people.
    pub detail: String,
    /// The same in simplified Chinese, where the detail says more than the code.
    pub detail_zh: Option<Box<str>>,
    /// The word of an engine for what it found.
    pub reason: Option<Box<str>>,
    /// The names and numbers of what it found.
    pub params: Box<Map<String, Value>>,
    /// The least that is allowed, if that is the matter.
    pub least: Option<u64>,
    /// The most that is allowed, if that is the matter.
    pub most: Option<u64>,
}

impl Fault {
    /// A fault without limits.
    pub fn new(code: FieldCode, detail: impl fmt::Display) -> Self {
        Self {
            code,
            detail: detail.to_string(),
            detail_zh: None,
            reason: None,
            params: Box::default(),
            least: None,
            most: None,
        }
    }

    /// With the detail in simplified Chinese.
    #[must_use]
    pub fn zh(mut self, detail: impl Into<Box<str>>) -> Self {
        self.detail_zh = Some(detail.into());
        self
    }

    /// What it names is not there.
    pub fn not_there(detail: impl fmt::Display) -> Self {
        Self::new(FieldCode::NotThere, detail)
    }

    /// It does not have the form that it should have.
    pub fn malformed(detail: impl fmt::Display) -> Self {
        Self::new(FieldCode::Malformed, detail)
    }

    /// It cannot be given here, or not with this value.
    pub fn not_allowed(detail: impl fmt::Display) -> Self {
        Self::new(FieldCode::NotAllowed, detail)
    }

    /// It has more characters than are allowed.
    #[must_use]
    pub fn too_long(most: usize, found: usize) -> Self {
        NameError::TooLong { limit: most, found }.into()
    }

    /// It does not have as many characters as it should have.
    #[must_use]
    pub fn length(least: usize, most: usize, found: usize) -> Self {
        let code = if found < least {
            FieldCode::TooShort
        } else {
            FieldCode::TooLong
        };
        Self {
            least: Some(least as u64),
            most: Some(most as u64),
            ..Self::new(
                code,
                format!("must have {least} to {most} characters, this has {found}"),
            )
        }
    }

    /// It has more bytes than are allowed.
    #[must_use]
    pub fn too_large(most: usize, detail: impl fmt::Display) -> Self {
        Self {
            most: Some(most as u64),
            ..Self::new(FieldCode::TooLarge, detail)
        }
    }

    /// The number is not within its limits.
    #[must_use]
    pub fn out_of_range(least: usize, most: usize, found: usize) -> Self {
        Self {
            least: Some(least as u64),
            most: Some(most as u64),
            ..Self::new(
                FieldCode::OutOfRange,
                format!("must be from {least} to {most}, not {found}"),
            )
        }
    }
}

impl From<NameError> for Fault {
    fn from(error: NameError) -> Self {
        let (code, most) = match error {
            NameError::Empty => (FieldCode::Required, None),
            NameError::TooLong { limit, .. } => (FieldCode::TooLong, Some(limit as u64)),
            NameError::Control(_) => (FieldCode::HiddenCharacter, None),
        };
        Self {
            most,
            ..Self::new(code, error)
        }
    }
}

impl From<AddressError> for Fault {
    fn from(error: AddressError) -> Self {
        Self::malformed(error)
            .zh("请写成 http://主机:端口 或 https://主机/路径，不含用户名、密码、? 和 #，且不过长")
    }
}

impl From<KeyError> for Fault {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Empty => Self::new(FieldCode::Required, error),
            KeyError::TooLong { limit, .. } => Self::too_large(limit, error),
            _ => Self::malformed(error).zh("文件名的各部分不能为空、不能以点开头，也不能含控制字符或反斜杠"),
        }
    }
}

impl From<IdError> for Fault {
    fn from(error: IdError) -> Self {
        Self::malformed(error)
    }
}

impl From<UnknownValue> for Fault {
    fn from(error: UnknownValue) -> Self {
        Self::new(FieldCode::UnknownValue, error)
    }
}

impl From<Problem> for Fault {
    /// What an engine finds, in its own words.
    fn from(problem: Problem) -> Self {
        Self {
            reason: problem.valid_code().map(Into::into),
            detail_zh: problem.message.zh.map(Into::into),
            params: Box::new(problem.params),
            ..Self::new(FieldCode::Said, problem.message.en)
        }
    }
}

/// One thing that is wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// A JSON Pointer (RFC 6901) into the request body; empty for the whole.
    pub pointer: String,
    /// What is wrong there.
    pub fault: Fault,
}

impl FieldProblem {
    /// What is wrong at a place.
    pub fn new(pointer: impl Into<String>, fault: impl Into<Fault>) -> Self {
        Self {
            pointer: pointer.into(),
            fault: fault.into(),
        }
    }
}

impl fmt::Display for FieldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.trim_start_matches('/') {
            "" => f.write_str(&self.fault.detail),
            field => write!(f, "{field}: {}", self.fault.detail),
        }
    }
}
