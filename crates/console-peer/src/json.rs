//! Reading JSON that a stranger wrote: bounded in size and depth, and never a panic.

use serde_json::Value;

/// The longest JSON body that is read, in bytes. Bytes of the peer channel are not JSON and have their own limit.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The deepest nesting of arrays and objects that is read.
pub const MAX_DEPTH: usize = 64;

/// The most values that are read: each takes far more memory than the byte or two that it may be written with.
pub const MAX_VALUES: usize = 50_000;

/// Why a body was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// More bytes than [`MAX_BYTES`].
    #[error("the body is larger than {MAX_BYTES} bytes")]
    TooLarge,
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("the body is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// More than [`MAX_VALUES`].
    #[error("the body has more than {MAX_VALUES} values")]
    TooMany,
    /// Not JSON.
    #[error("the body is not JSON (line {line}, column {column})")]
    Syntax {
        /// Line of the first error, from 1.
        line: usize,
        /// Column of the first error, from 1.
        column: usize,
    },
}

/// Reads a JSON text within the limits.
///
/// # Errors
/// [`JsonError`] when it is too large, too deep or not JSON.
pub fn parse(bytes: &[u8]) -> Result<Value, JsonError> {
    if bytes.len() > MAX_BYTES {
        return Err(JsonError::TooLarge);
    }
    let (depth, values) = shape(bytes);
    if depth > MAX_DEPTH {
        return Err(JsonError::TooDeep);
    }
    if values > MAX_VALUES {
        return Err(JsonError::TooMany);
    }
    serde_json::from_slice(bytes).map_err(|error| JsonError::Syntax {
        line: error.line(),
        column: error.column(),
    })
}

/// How deep a text is nested, and a bound of how many values it has: there are no more than commas and opening brackets together,
/// and one. On text that is not JSON the numbers mean nothing, and the parser refuses it.
#[must_use]
pub fn shape(bytes: &[u8]) -> (usize, usize) {
    let (mut depth, mut deepest, mut values) = (0_usize, 0_usize, 1_usize);
    let (mut in_text, mut escaped) = (false, false);
    for byte in bytes {
        match (in_text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (true, b'"') => in_text = false,
            (true, _) => {}
            (false, b'"') => in_text = true,
            (false, b'[' | b'{') => {
                depth += 1;
                values += 1;
                deepest = deepest.max(depth);
            }
            (false, b',') => values += 1,
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            (false, _) => {}
        }
    }
    (deepest, values)
}
