//! What numbers and texts in queries and headers may be: checked by the handlers and described in the API from here.

use std::ops::RangeInclusive;

use crate::operator::instances::consent;
use console_app::{AppError, Fault};
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};

/// Rows of a list.
pub(crate) const LIST_ROWS: Count = Count::new(1..=200, Some(50));
/// Lines of one answer of a log. What is left out depends on `tail`.
pub(crate) const LOG_LINES: Count = Count::new(1..=5000, None);
/// Lines before the end at which a log can begin.
pub(crate) const LOG_TAIL: Count = Count::new(1..=50_000, None);
/// Points of a curve.
pub(crate) const CURVE_POINTS: Count = Count::new(2..=10_000, Some(1000));
/// Rows of the preview of a table.
pub(crate) const PREVIEW_ROWS: Count = Count::new(1..=100, Some(20));
/// Characters of a cursor: more than any that this console gives.
pub(crate) const CURSOR_CHARACTERS: usize = 2048;

/// How many of something may be asked for.
pub(crate) struct Count {
    allowed: RangeInclusive<usize>,
    usual: Option<usize>,
}

impl Count {
    const fn new(allowed: RangeInclusive<usize>, usual: Option<usize>) -> Self {
        Self { allowed, usual }
    }

    /// The most.
    pub(crate) const fn most(&self) -> usize {
        *self.allowed.end()
    }

    /// The number, or the usual one.
    ///
    /// # Errors
    /// `invalid_input` at the named parameter when it is not allowed.
    pub(crate) fn checked(&self, name: &str, asked: Option<usize>) -> Result<usize, AppError> {
        let (least, most) = (*self.allowed.start(), self.most());
        match asked.or(self.usual).unwrap_or(least) {
            number if self.allowed.contains(&number) => Ok(number),
            number => Err(AppError::field(name, Fault::out_of_range(least, most, number))),
        }
    }

    fn schema(&self, description: &str) -> Object {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::Integer))
            .description(Some(description))
            .minimum(Some(*self.allowed.start()))
            .maximum(Some(self.most()))
            .default(self.usual.map(Into::into))
            .build()
    }
}

/// Schema, field, and the fewest and the most characters of texts in bodies. The use-cases check them, and a test compares
/// the two. How short a password may be is a setting.
pub(crate) const TEXTS: &[(&str, &str, usize, usize)] = &[
    ("FirstAdmin", "name", 1, 128),
    ("FirstAdmin", "organization", 1, 128),
    ("FirstAdmin", "password", 1, 256),
    ("NewUser", "name", 1, 128),
    ("NewUser", "password", 1, 256),
    ("NewUser", "comment", 0, 256),
    ("UserChange", "comment", 0, 256),
    ("PasswordChange", "new_password", 1, 256),
    ("NewInvitation", "comment", 0, 256),
    ("Acceptance", "name", 1, 256),
    ("Acceptance", "comment", 0, 256),
    ("NewBasePartner", "name", 1, 256),
    ("NewBasePartner", "comment", 0, 256),
    ("PartnerChange", "name", 1, 256),
    ("PartnerChange", "comment", 0, 256),
    ("Unpairing", "reason", 0, 256),
    ("NewProject", "name", 1, 256),
    ("NewProject", "comment", 0, 256),
    ("ProjectChange", "name", 1, 256),
    ("ProjectChange", "comment", 0, 256),
    ("NewTask", "name", 1, 256),
    ("NewTask", "token", 0, 256),
    ("NewTask", "comment", 0, 256),
    ("TaskChange", "name", 1, 256),
    ("TaskChange", "token", 0, 256),
    ("TaskChange", "comment", 0, 256),
    ("Attachment", "name", 1, 256),
    ("Attachment", "uri", 1, 512),
    ("Attachment", "comment", 0, 256),
    ("ConsentAnswer", "digest", 0, consent::DIGEST),
    ("ConsentAnswer", "reason", 0, consent::REASON),
    ("NewInstance", "comment", 0, 256),
    ("InstanceChange", "comment", 0, 256),
    ("SystemChange", "name", 1, 128),
];

/// Checks a text that no use-case would look at.
///
/// # Errors
/// `invalid_input` at its place in the body.
pub(crate) fn check_text(pointer: &str, text: &str, most: usize) -> Result<(), AppError> {
    match text.chars().count() {
        found if found > most => Err(AppError::field(pointer, Fault::too_long(most, found))),
        _ => Ok(()),
    }
}

pub(crate) fn list_rows() -> Object {
    LIST_ROWS.schema("The most rows.")
}

pub(crate) fn preview_rows() -> Object {
    PREVIEW_ROWS.schema("The most rows.")
}

pub(crate) fn log_lines() -> Object {
    LOG_LINES
        .schema("The most lines; 1000 by default, or as many as `tail` says. Only of one answer in JSON.")
}

pub(crate) fn log_tail() -> Object {
    LOG_TAIL.schema("Instead of `from`: so many lines before the end (or before `before`), of those that are asked for. They are looked for in the last 8 MiB of it; `first_line` says how far, when there are none.")
}

pub(crate) fn curve_points() -> Object {
    CURVE_POINTS.schema("The most points of a curve.")
}

pub(crate) fn cursor() -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .description(Some("The `next_cursor` of the part before."))
        .min_length(Some(1))
        .max_length(Some(CURSOR_CHARACTERS))
        .pattern(Some("^[A-Za-z0-9_-]+$"))
        .build()
}

/// The form of `If-Match`.
pub(crate) fn entity_tag() -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .description(Some("The `ETag` of the copy that the change was made from. When the row has changed since, the answer is 412; without the header nothing is compared."))
        .pattern(Some(r#"^(\*|"[0-9]{1,18}")$"#))
        .build()
}
