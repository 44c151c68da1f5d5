//! Lists: `limit`, an opaque `cursor`, and `next_cursor` in the answer.

use actix_web::http::StatusCode;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Datelike, Utc};
use console_app::{Cursor, Page, naive};
use console_model::ErrorCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::ApiError;
use crate::limits::{self, CURSOR_CHARACTERS, LIST_ROWS};

/// When rows can have been made.
const YEARS: std::ops::Range<i32> = 1970..10_000;
/// Longer than any id.
const ID_BYTES: usize = 64;

/// Which part of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageQuery {
    /// The most rows.
    #[param(schema_with = limits::list_rows, required = false)]
    pub(crate) limit: Option<u64>,
    /// The `next_cursor` of the part before.
    #[param(schema_with = limits::cursor, required = false)]
    pub(crate) cursor: Option<String>,
}

/// Which part of a list, of things that can be put away.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ArchiveQuery {
    /// The most rows.
    #[param(schema_with = limits::list_rows, required = false)]
    limit: Option<u64>,
    /// The `next_cursor` of the part before.
    #[param(schema_with = limits::cursor, required = false)]
    cursor: Option<String>,
    /// Whether those that were put away are in the list.
    #[serde(default)]
    archived: bool,
}

impl ArchiveQuery {
    pub(crate) fn page(&self) -> Result<(bool, Page), ApiError> {
        Ok((self.archived, page(self.limit, self.cursor.as_deref())?))
    }
}

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Listing<T> {
    /// The rows, newest first.
    items: Vec<T>,
    /// What to ask the next part with; null at the end.
    next_cursor: Option<String>,
}

/// The limit, checked.
pub(crate) fn limit(limit: Option<u64>) -> Result<u64, ApiError> {
    let asked = limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(LIST_ROWS.checked("limit", asked)? as u64)
}

impl PageQuery {
    pub(crate) fn page(&self) -> Result<Page, ApiError> {
        page(self.limit, self.cursor.as_deref())
    }
}

pub(crate) fn page(most: Option<u64>, cursor: Option<&str>) -> Result<Page, ApiError> {
    let after = cursor.map(parse).transpose()?;
    Ok(Page {
        limit: limit(most)?,
        after,
    })
}

fn parse(text: &str) -> Result<Cursor, ApiError> {
    let (micros, id) = decode(text)
        .and_then(|text| {
            let (micros, id) = text.split_once(':')?;
            Some((micros.parse().ok()?, id.to_owned()))
        })
        .ok_or_else(bad)?;
    // Databases cannot take every time that can be written here: MySQL's driver gives its connection up over some.
    let at = DateTime::from_timestamp_micros(micros).filter(|at| YEARS.contains(&at.year()));
    let at = at.ok_or_else(bad)?;
    if id.len() > ID_BYTES || id.contains('\0') {
        return Err(bad());
    }
    Ok(Cursor { at: naive(at), id })
}

/// The text of a cursor that is not one of time and id.
pub(crate) fn decode(text: &str) -> Option<String> {
    if text.len() > CURSOR_CHARACTERS {
        return None;
    }
    String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

pub(crate) fn encode(text: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

pub(crate) fn bad() -> ApiError {
    let detail = "The cursor is not one that this console gave. Begin again without it.";
    ApiError::http(StatusCode::BAD_REQUEST, ErrorCode::BadCursor, detail)
}

impl<T> Listing<T> {
    /// A part with rows that are placed by time of creation and id.
    pub(crate) fn new<S: Into<T>>(
        rows: Vec<S>,
        page: &Page,
        place: impl Fn(&S) -> (DateTime<Utc>, &str),
    ) -> Self {
        let full = rows.len() as u64 >= page.limit;
        let next = rows.last().filter(|_| full).map(|row| {
            let (at, id) = place(row);
            encode(&format!("{}:{id}", at.timestamp_micros()))
        });
        Self::of(rows.into_iter().map(Into::into).collect(), next)
    }

    /// A part with rows that are placed in another way.
    pub(crate) fn of(items: Vec<T>, next_cursor: Option<String>) -> Self {
        Self { items, next_cursor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_and_garbage_is_refused() {
        let at = DateTime::from_timestamp_micros(1_700_000_000_123_456).unwrap();
        let text = encode(&format!("{}:abc", at.timestamp_micros()));
        assert_eq!(
            parse(&text).unwrap(),
            Cursor {
                at: at.naive_utc(),
                id: "abc".to_owned()
            }
        );
        let far = ["8000000000000000000:a", "-8210000000000000000:a", "-1:a", "1:\0"].map(encode);
        let long = encode(&format!("1:{}", "a".repeat(65)));
        let odd = ["", "x", "%%%", &encode("a:b"), &encode("12"), &long];
        for garbage in odd.into_iter().chain(far.iter().map(String::as_str)) {
            assert!(parse(garbage).is_err(), "{garbage}");
        }
        assert!(limit(Some(0)).is_err() && limit(Some(201)).is_err());
    }
}
