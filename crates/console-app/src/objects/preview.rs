//! The first rows of a file, as an engine of this console would read them.

use std::time::Duration;

use console_db::content_marks;
use console_model::{ErrorCode, ErrorKind};
use console_storage::{ObjectKey, ObjectName};
use futures_util::StreamExt;
use task_interface::{Bytes, MAX_MARKS, PREVIEW_BYTES, Preview, PreviewOf, PreviewSettings};

use super::readable;
use crate::{App, AppError, Operator};

/// A storage that does not answer holds up nobody who fills in a form.
const PATIENCE: Duration = Duration::from_secs(5);

/// The first rows, by the first engine that reads tables, as `settings` say that they are to be read.
///
/// # Errors
/// As [`readable`]; `not_a_table` says what the file is instead; `no_preview` when no engine here reads tables.
pub async fn preview(
    app: &App,
    operator: &Operator,
    name: &ObjectName,
    rows: usize,
    settings: PreviewSettings,
) -> Result<Preview, AppError> {
    let reading = tokio::time::timeout(PATIENCE, looked_at(app, operator, name));
    let (bytes, marks) = reading.await.map_err(|_| {
        let detail = "The object store does not answer; try again later.";
        AppError::new(ErrorKind::Unavailable, ErrorCode::Unavailable, detail)
    })??;
    let of = PreviewOf {
        bytes,
        rows,
        settings,
        marks,
    };
    for registered in app.engines().iter() {
        if let Some(found) = registered.engine.preview(&of).await {
            return found
                .map_err(|reason| AppError::new(ErrorKind::Unprocessable, ErrorCode::NotATable, reason));
        }
    }
    let detail = "No engine of this console could read the file as a table.";
    Err(AppError::new(ErrorKind::NotFound, ErrorCode::NoPreview, detail))
}

/// The first bytes, and what engines marked the content with.
async fn looked_at(
    app: &App,
    operator: &Operator,
    name: &ObjectName,
) -> Result<(Bytes, Vec<String>), AppError> {
    let object = readable(app, operator, name).await?;
    let bytes = beginning(app, &ObjectKey::user(name), object.size).await?;
    let marks = match &object.sha256 {
        Some(digest) => content_marks::of_content(app.db().reader(), digest, MAX_MARKS as u64).await?,
        None => Vec::new(),
    };
    Ok((bytes.into(), marks))
}

/// The first [`PREVIEW_BYTES`] of a file of a size.
pub(super) async fn beginning(app: &App, key: &ObjectKey, size: u64) -> Result<Vec<u8>, AppError> {
    let mut bytes = Vec::new();
    if size > 0 {
        let range = 0..size.min(PREVIEW_BYTES as u64);
        let (_, mut chunks) = app.store().get(key, Some(range)).await?;
        while let Some(chunk) = chunks.next().await {
            bytes.extend_from_slice(&chunk.map_err(AppError::internal)?);
        }
        bytes.truncate(PREVIEW_BYTES);
    }
    Ok(bytes)
}
