//! `/objects`

pub(crate) mod profile;
mod silence;
pub(crate) mod table;

use std::convert::Infallible;
use std::ops::Range;

use actix_web::body::SizedStream;
use actix_web::http::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderName,
    IF_RANGE, LAST_MODIFIED, RANGE,
};
use actix_web::http::{Method, StatusCode};
use actix_web::web::{Bytes, Payload};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use console_app::objects as cases;
use console_app::{AppError, Fault, ObjectKey, ObjectName};
use console_model::ErrorCode;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::auth::{Signed, SignedQuery};
use crate::blocker::Blocker;
use crate::error::{ApiError, Problem};
use crate::extract::{NoBody, Query, path};
use crate::page::{self, Listing, PageQuery};
use crate::words::FileBytes;

/// The hexadecimal SHA-256 of an upload, checked when it is sent.
const DIGEST: &str = "x-content-sha256";

/// When and by whom the content of a file was deleted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Deletion {
    at: DateTime<Utc>,
    /// Who asked for it.
    by: Option<String>,
}

impl From<cases::Deletion> for Deletion {
    fn from(deletion: cases::Deletion) -> Self {
        let cases::Deletion { at, by } = deletion;
        Self { at, by }
    }
}

/// A file of the operators.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StoredObject {
    name: String,
    /// What a resource refers to it by.
    uri: String,
    /// In bytes.
    size: u64,
    modified_at: Option<DateTime<Utc>>,
    /// Lower-case hexadecimal SHA-256 of the content, where it is known.
    sha256: Option<String>,
    /// Who uploaded it, or owns the task that wrote it, where that is known.
    owner_id: Option<String>,
    /// The file of which it is a new version.
    previous_name: Option<String>,
    /// That its content was deleted; everything else is as it was then.
    deletion: Option<Deletion>,
    /// Why the caller can neither replace nor delete it; null when they can. A run that reads it keeps it from being deleted all
    /// the same.
    cannot_change: Option<Blocker>,
}

impl From<cases::Object> for StoredObject {
    fn from(object: cases::Object) -> Self {
        let cases::Object {
            name,
            uri,
            size,
            modified_at,
            tag: _,
            sha256,
            owner_id,
            previous_name,
            deletion,
            cannot_change,
        } = object;
        Self {
            name,
            uri,
            size,
            modified_at,
            sha256,
            owner_id,
            previous_name,
            deletion: deletion.map(Deletion::from),
            cannot_change: cannot_change.map(Blocker::from),
        }
    }
}

/// A file of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedObject {
    name: String,
    /// What a resource refers to it by.
    uri: String,
    /// In bytes.
    size: u64,
    modified_at: Option<DateTime<Utc>>,
    /// Who uploaded it, or owns the task that wrote it, where that is known.
    owner_id: Option<String>,
    /// How many task versions it is attached to.
    uses: u64,
    /// Why the caller can neither replace nor delete it; null when they can.
    cannot_change: Option<Blocker>,
}

impl From<cases::Listed> for ListedObject {
    fn from(listed: cases::Listed) -> Self {
        let StoredObject {
            name,
            uri,
            size,
            modified_at,
            sha256: _,
            owner_id,
            previous_name: _,
            deletion: _,
            cannot_change,
        } = listed.object.into();
        Self {
            name,
            uri,
            size,
            modified_at,
            owner_id,
            uses: listed.uses,
            cannot_change,
        }
    }
}

/// A file and what uses it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ObjectInfo {
    object: StoredObject,
    used_by: Vec<ObjectUse>,
}

/// A task version that a file is attached to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ObjectUse {
    task_id: String,
    task_name: Option<String>,
    task_version: Option<String>,
    /// The same in short, from 1.
    task_version_number: Option<u32>,
    /// Whether the version is paired, so that what it uses does not change any more.
    is_paired: bool,
}

/// How to upload.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct UploadQuery {
    /// Whether a file of that name may be replaced. One that a paired task uses stays: the upload becomes a new version
    /// of it, under the name that the answer tells.
    #[serde(default)]
    replace: bool,
}

/// Files, by name.
#[utoipa::path(get, path = "/api/v1/objects", tag = "objects", params(PageQuery),
    responses((status = 200, body = Listing<ListedObject>)))]
pub(crate) async fn list(signed: SignedQuery, query: Query<PageQuery>) -> Result<HttpResponse, ApiError> {
    let limit = usize::try_from(page::limit(query.0.limit)?).unwrap_or(200);
    let after = match &query.0.cursor {
        Some(text) => {
            let key = page::decode(text).and_then(|key| ObjectKey::parse(&key).ok());
            Some(key.ok_or_else(page::bad)?)
        }
        None => None,
    };
    let (objects, last) = cases::list(&signed.app, &signed.operator, after.as_ref(), limit).await?;
    let next = last.map(|key| page::encode(key.as_str()));
    Ok(HttpResponse::Ok().json(Listing::of(
        objects.into_iter().map(ListedObject::from).collect(),
        next,
    )))
}

/// Facts about a file, also about one whose content was deleted.
#[utoipa::path(get, path = "/api/v1/objects/{name}/info", tag = "objects", params(("name" = String, Path)),
    responses((status = 200, body = ObjectInfo)))]
pub(crate) async fn info(request: HttpRequest, signed: Signed) -> Result<HttpResponse, ApiError> {
    let (object, used_by) = cases::get(&signed.app, &signed.operator, &name(&request)?).await?;
    let used_by = used_by.into_iter().map(|usage| {
        let cases::Usage {
            task_id,
            task_name,
            task_version,
            task_version_number,
            is_paired,
        } = usage;
        ObjectUse {
            task_id: task_id.into(),
            task_name,
            task_version,
            task_version_number,
            is_paired,
        }
    });
    Ok(HttpResponse::Ok().json(ObjectInfo {
        object: object.into(),
        used_by: used_by.collect(),
    }))
}

/// Uploads a file. The body is the file; `X-Content-SHA256` may hold its digest.
#[utoipa::path(put, path = "/api/v1/objects/{name}", tag = "objects",
    params(("name" = String, Path), UploadQuery,
        ("X-Content-SHA256" = Option<String>, Header,
            description = "The hexadecimal SHA-256 of the file; another one is refused.")),
    request_body(content = FileBytes, content_type = "application/octet-stream"),
    responses((status = 201, body = StoredObject)))]
pub(crate) async fn upload(
    request: HttpRequest,
    signed: SignedQuery,
    query: Query<UploadQuery>,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let name = name(&request)?;
    let sha256 = request
        .headers()
        .get(DIGEST)
        .map(|value| digest(value.to_str().unwrap_or_default()))
        .transpose()?;
    let upload = cases::Upload {
        replace: query.0.replace,
        sha256,
    };
    let announced = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let limit = signed.app.settings().upload_limit_bytes;
    if announced.is_some_and(|bytes| bytes > limit) {
        let detail = format!("The file has more than the {limit} bytes that are allowed.");
        return Err(ApiError::http(
            StatusCode::PAYLOAD_TOO_LARGE,
            ErrorCode::ObjectTooLarge,
            detail,
        ));
    }
    let bytes = silence::refused(payload.map_err(std::io::Error::other), silence::LONGEST);
    let object = cases::upload(&signed.app, &signed.operator, &name, bytes, upload).await?;
    Ok(HttpResponse::Created().json(StoredObject::from(object)))
}

/// Downloads a file, or a range of its bytes.
#[utoipa::path(get, path = "/api/v1/objects/{name}", tag = "objects", 
    params(("name" = String, Path),
        ("Range" = Option<String>, Header, description = "One range of bytes, as in `bytes=0-1023`."),
        ("If-Range" = Option<String>, Header, description = "The `ETag` that the range fits to.")),
    responses(
        (status = 200, body = FileBytes, content_type = "application/octet-stream",
            headers(("ETag" = String), ("Accept-Ranges" = String))),
        (status = 206, body = FileBytes, content_type = "application/octet-stream",
            headers(("ETag" = String), ("Content-Range" = String))),
        (status = 416, description = "The range lies outside of the file.", body = Problem,
            content_type = "application/problem+json", headers(("Content-Range" = String)))))]
pub(crate) async fn download(request: HttpRequest, signed: Signed) -> Result<HttpResponse, ApiError> {
    let name = name(&request)?;
    let object = cases::readable(&signed.app, &signed.operator, &name).await?;
    let tag = format!("\"{}\"", object.tag);
    let header = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    // A range of what has changed meanwhile would not fit to what the client has of it.
    let unchanged = header(IF_RANGE).is_none_or(|known| known.trim() == tag);
    let range = match header(RANGE).filter(|_| unchanged) {
        Some(text) => wanted(text, object.size)?,
        None => None,
    };
    let status = if range.is_some() {
        StatusCode::PARTIAL_CONTENT
    } else {
        StatusCode::OK
    };
    let whole = 0..object.size;
    let part = range.clone().unwrap_or(whole);
    let mut response = HttpResponse::build(status);
    response
        .insert_header((CONTENT_TYPE, "application/octet-stream"))
        .insert_header((CONTENT_DISPOSITION, disposition(name.as_str())))
        .insert_header((ACCEPT_RANGES, "bytes"))
        .insert_header((ETAG, tag));
    if let Some(at) = object.modified_at {
        response.insert_header((LAST_MODIFIED, at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()));
    }
    if range.is_some() {
        let place = format!("bytes {}-{}/{}", part.start, part.end - 1, object.size);
        response.insert_header((CONTENT_RANGE, place));
    }
    response.no_chunking(part.end - part.start);
    if request.method() == Method::HEAD {
        // Its length is told, its content is not sent.
        let nothing = stream::empty::<Result<Bytes, Infallible>>();
        return Ok(response.body(SizedStream::new(part.end - part.start, nothing)));
    }
    let (_, bytes) = cases::download(&signed.app, &signed.operator, &name, range).await?;
    Ok(response.streaming(bytes.boxed_local()))
}

/// Deletes the content of a file; name, size, digest and the date of the deletion stay to be read. Refused while a run
/// reads it.
#[utoipa::path(delete, path = "/api/v1/objects/{name}", tag = "objects", params(("name" = String, Path)),
    responses((status = 204)))]
pub(crate) async fn delete(
    request: HttpRequest,
    signed: Signed,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    cases::delete(&signed.app, &signed.operator, &name(&request)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn name(request: &HttpRequest) -> Result<ObjectName, ApiError> {
    let raw: String = path(request, "name", "object")?;
    let text = percent_encoding::percent_decode_str(&raw).decode_utf8();
    let not_text = || AppError::field("name", Fault::malformed("must be UTF-8"));
    let text = text.map_err(|_| not_text())?;
    // What the framework puts where a path is no text.
    if text.contains(char::REPLACEMENT_CHARACTER) {
        return Err(not_text().into());
    }
    ObjectName::parse(&text).map_err(|error| AppError::field("name", error).into())
}

fn digest(text: &str) -> Result<[u8; 32], ApiError> {
    let mut digest = [0; 32];
    hex::decode_to_slice(text.trim(), &mut digest)
        .map_err(|_| AppError::field(DIGEST, Fault::malformed("must be 64 hexadecimal digits")))?;
    Ok(digest)
}

/// The one range of a `Range` header (RFC 9110, 14.2). Several ranges, or another unit, mean the whole file.
fn wanted(text: &str, size: u64) -> Result<Option<Range<u64>>, ApiError> {
    let Some((first, last)) = text.strip_prefix("bytes=").and_then(|one| one.split_once('-')) else {
        return Ok(None);
    };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let range = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Some(first), None) if last.trim().is_empty() => first..size,
        (None, Some(suffix)) if first.trim().is_empty() => size.saturating_sub(suffix)..size,
        _ => return Ok(None),
    };
    if range.start >= range.end {
        return Err(ApiError::Range { size });
    }
    Ok(Some(range))
}

/// RFC 6266: a plain name for old clients, the true one beside it.
fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | ';') {
                c
            } else {
                '_'
            }
        })
        .collect();
    let whole = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        let read = |text| wanted(text, 10).ok().flatten();
        assert_eq!(read("bytes=0-3"), Some(0..4));
        assert_eq!(read("bytes=4-"), Some(4..10));
        assert_eq!(read("bytes=-3"), Some(7..10));
        assert_eq!(read("bytes=8-99"), Some(8..10));
        assert_eq!(read("bytes=3-1"), None);
        assert_eq!(read("lines=0-3"), None);
        assert!(wanted("bytes=10-", 10).is_err());
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(
            disposition("a\"b; ä.csv"),
            "attachment; filename=\"a_b__ä.csv\"; filename*=UTF-8''a%22b%3B%20%C3%A4%2Ecsv".replace('ä', "_")
        );
    }
}
