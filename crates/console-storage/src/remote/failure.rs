use s3::error::S3Error;

use crate::error::StorageError;

/// Why an S3 server refused, in its own words; its whole answer would be XML.
#[derive(Debug, thiserror::Error)]
#[error("HTTP {status} {code}: {message}")]
struct Refusal {
    status: u16,
    code: String,
    message: String,
}

/// Whether the object, or the bucket, is not there.
pub(super) fn is_absent(error: &S3Error) -> bool {
    matches!(error, S3Error::HttpFailWithBody(404, _))
}

/// The error code in the server's answer.
pub(super) fn code_of(error: &S3Error) -> Option<&str> {
    match error {
        S3Error::HttpFailWithBody(_, body) => element(body, "Code"),
        _ => None,
    }
}

/// An error of the library as ours.
pub(super) fn explain(what: impl Into<String>, error: S3Error) -> StorageError {
    let what = what.into();
    match error {
        S3Error::HttpFailWithBody(status, body) => {
            let text = |name| element(&body, name).unwrap_or_default().to_owned();
            let source = Box::new(Refusal {
                status,
                code: text("Code"),
                message: text("Message"),
            });
            match status {
                401 | 403 => StorageError::Denied { what, source },
                507 => StorageError::Full { what, source },
                // 409: two writers at the same moment. 501 (not implemented) will not pass.
                408 | 409 | 429 | 500 | 502..=599 => StorageError::Unavailable { what, source },
                _ => StorageError::Failed { what, source },
            }
        }
        error @ (S3Error::Reqwest(_) | S3Error::Io(_)) => StorageError::Unavailable {
            what,
            source: Box::new(error),
        },
        error => StorageError::Failed {
            what,
            source: Box::new(error),
        },
    }
}

/// The text of an element of a small XML document that holds it once.
fn element<'a>(body: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = body.split_once(&format!("<{name}>"))?;
    Some(rest.split_once(&format!("</{name}>"))?.0)
}
