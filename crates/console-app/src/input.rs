//! What the inputs of operators have in common.

use crate::{AppError, Fault, FieldProblem};

/// The longest remark, and the longest reason, in characters.
const MAX_REMARK: usize = 256;

/// A remark or a reason as it was typed.
pub(crate) fn check_remark(text: Option<&str>) -> Result<(), Fault> {
    match text.map(|text| text.chars().count()) {
        Some(found) if found > MAX_REMARK => Err(Fault::too_long(MAX_REMARK, found)),
        _ => Ok(()),
    }
}

/// A remark without white space around it; an empty one means none.
pub(crate) fn remark(text: Option<&str>) -> Result<Option<String>, Fault> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    check_remark(text)?;
    Ok(text.map(str::to_owned))
}

/// Refuses a change that was made from an older copy of the row; whoever does not say which copy they have does not care.
pub(crate) fn check_generation(stored: i64, seen: Option<i64>) -> Result<(), AppError> {
    if seen.is_none_or(|seen| seen == stored) {
        Ok(())
    } else {
        Err(AppError::stale())
    }
}

/// Takes over a parsed field, or notes its problem.
pub(crate) fn field<T, E: Into<Fault>>(
    problems: &mut Vec<FieldProblem>,
    pointer: &str,
    parsed: Result<T, E>,
) -> Option<T> {
    parsed
        .map_err(|error| problems.push(FieldProblem::new(pointer, error)))
        .ok()
}
