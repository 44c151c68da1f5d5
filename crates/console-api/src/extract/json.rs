//! JSON bodies: what is wrong is named by its place and a code.

use actix_web::http::StatusCode;
use console_app::{AppError, Fault};
use console_model::{ErrorCode, FieldCode};
use console_peer::json::{MAX_DEPTH, MAX_VALUES, shape};
use serde::de::{DeserializeOwned, IgnoredAny};

use super::misfit::Misfit;
use crate::error::ApiError;

/// Reads a body into a type that knows every field.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let (depth, values) = shape(bytes);
    if depth > MAX_DEPTH {
        let detail = format!("The JSON is nested more than {MAX_DEPTH} levels deep.");
        return Err(ApiError::http(
            StatusCode::BAD_REQUEST,
            ErrorCode::JsonTooDeep,
            detail,
        ));
    }
    if values > MAX_VALUES {
        let detail = format!("The JSON has more than {MAX_VALUES} values.");
        return Err(ApiError::http(
            StatusCode::PAYLOAD_TOO_LARGE,
            ErrorCode::BodyTooLarge,
            detail,
        ));
    }
    if has_nul(bytes) {
        return Err(nul());
    }
    // A wrong type is a syntax error to the parser where it expects a word; so first: is it JSON at all?
    let text = std::str::from_utf8(bytes).map_err(|error| malformed(&error))?;
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| malformed(&error))?;
    // Serde would read an array as the fields of a struct in their order.
    if text.trim_start().starts_with('[') {
        return Err(AppError::field(
            "",
            Fault::new(FieldCode::WrongType, "must be a JSON object, not an array"),
        )
        .into());
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let misfit = Misfit::of::<T>(serde_json::from_str(text).unwrap_or_default());
        wrong(pointer(error.path()), misfit, &error.into_inner()).into()
    })
}

/// What does not fit its place.
fn wrong(mut pointer: String, misfit: Misfit, cause: &serde_json::Error) -> AppError {
    let detail = cause.to_string();
    let mut detail = detail.split(" at line ").next().unwrap_or_default().to_owned();
    if !cause.is_data() {
        detail = format!("is not a value that can stand here ({detail})");
    }
    // The path ends at the object that lacks the field.
    if let Some(field) = misfit.missing {
        pointer = format!("{}/{field}", pointer.trim_end_matches('/'));
    }
    AppError::field(pointer, Fault::new(misfit.code, detail))
}

fn malformed(error: &impl std::fmt::Display) -> ApiError {
    let detail = format!("The body is not JSON: {error}.");
    ApiError::http(StatusCode::BAD_REQUEST, ErrorCode::MalformedJson, detail)
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(String::new(), |mut pointer, segment| {
        pointer.push('/');
        match segment {
            Segment::Seq { index } => pointer.push_str(&index.to_string()),
            Segment::Map { key } => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => pointer.push_str(variant),
            Segment::Unknown => pointer.push('?'),
        }
        pointer
    })
}

/// Whether the character NUL is written somewhere. Not every database can store it, and nobody types it.
fn has_nul(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        rest = &rest[at + 1..];
        if rest.starts_with(b"u0000") {
            return true;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    false
}

/// The refusal of the character NUL.
pub(super) fn nul() -> ApiError {
    let detail = "The character NUL (\\u0000) is not allowed.";
    ApiError::http(StatusCode::BAD_REQUEST, ErrorCode::NulCharacter, detail)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[expect(dead_code, reason = "only its place counts")]
        list: Vec<u8>,
    }

    fn problem(text: &str) -> (String, FieldCode) {
        match parse::<Sample>(text.as_bytes()) {
            Err(ApiError::App(error)) => {
                let problem = &error.problems()[0];
                (problem.pointer.clone(), problem.fault.code)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_wrong_field_is_named_by_its_pointer_and_a_code() {
        let cases = [
            (r#"{"list": [1, "x"]}"#, "/list/1", FieldCode::WrongType),
            (r#"{"list": [1, 256]}"#, "/list/1", FieldCode::OutOfRange),
            (r#"{"list": [], "tpyo": 1}"#, "/tpyo", FieldCode::UnknownField),
            (r#"{"list": [], "list": []}"#, "", FieldCode::NotAllowed),
            ("{}", "/list", FieldCode::Required),
            ("[[]]", "", FieldCode::WrongType),
        ];
        for (text, pointer, code) in cases {
            assert_eq!(problem(text), (pointer.to_owned(), code), "{text}");
        }
    }

    #[test]
    fn deep_and_broken_json_is_refused_before_it_is_read() {
        let many = format!("[{}]", vec!["[]"; MAX_VALUES].join(","));
        assert!(matches!(
            parse::<serde_json::Value>(many.as_bytes()),
            Err(ApiError::Http { .. })
        ));
        assert!(matches!(
            parse::<serde_json::Value>("[".repeat(100).as_bytes()),
            Err(ApiError::Http { .. })
        ));
        assert!(matches!(
            parse::<serde_json::Value>(b"{} x"),
            Err(ApiError::Http { .. })
        ));
        assert!(matches!(
            parse::<Sample>(b"{\"list\":"),
            Err(ApiError::Http { .. })
        ));
        assert!(has_nul(br#"["a\\\u0000"]"#));
        assert!(!has_nul(br#"["a\\u0000"]"#));
    }
}
