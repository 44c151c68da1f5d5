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

/// Whether the object is not there. Of a bucket that is not there it is not known what it would hold.
pub(super) fn is_absent(error: &S3Error) -> bool {
    matches!(error, S3Error::HttpFailWithBody(404, _)) && code_of(error) != Some("NoSuchBucket")
}

/// Whether the bucket is not there, in the answer to a call about the bucket.
pub(super) fn is_no_bucket(error: &S3Error) -> bool {
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
            match (status, source.code.as_str()) {
                (404, "NoSuchBucket") => StorageError::NoBucket {
                    bucket: text("BucketName"),
                },
                // Temporary credentials that have run out are told with 400.
                (401 | 403, _) | (400, "ExpiredToken" | "InvalidToken") => {
                    StorageError::Denied { what, source }
                }
                (507, _) => StorageError::Full { what, source },
                // 409: two writers at the same moment. 501 (not implemented) will not pass.
                (408 | 409 | 429 | 500 | 502..=599, _) | (400, "RequestTimeout") => {
                    StorageError::Unavailable { what, source }
                }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, code: &str) -> S3Error {
        let body =
            format!("<Error><Code>{code}</Code><Message>m</Message><BucketName>b</BucketName></Error>");
        S3Error::HttpFailWithBody(status, body)
    }

    #[test]
    fn a_bucket_that_is_gone_is_no_object_that_is_gone() {
        assert!(is_absent(&answer(404, "NoSuchKey")));
        // The answer to HEAD has no body.
        assert!(is_absent(&S3Error::HttpFailWithBody(404, String::new())));
        assert!(!is_absent(&answer(404, "NoSuchBucket")));
        let error = explain("read a", answer(404, "NoSuchBucket"));
        assert!(matches!(error, StorageError::NoBucket { bucket } if bucket == "b"));
    }

    #[test]
    fn credentials_that_have_run_out_and_a_slow_body_are_told_with_400() {
        for code in ["ExpiredToken", "InvalidToken"] {
            let error = explain("read a", answer(400, code));
            assert!(matches!(error, StorageError::Denied { .. }), "{error:?}");
        }
        let error = explain("write a", answer(400, "RequestTimeout"));
        assert!(error.is_retryable(), "{error:?}");
        let error = explain("write a", answer(400, "EntityTooSmall"));
        assert!(matches!(error, StorageError::Failed { .. }), "{error:?}");
    }
}
