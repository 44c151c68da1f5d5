//! `/objects/{name}/table`

use actix_web::{HttpRequest, HttpResponse};
use console_app::{AppError, Fault, objects as cases};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::auth::SignedQuery;
use crate::error::ApiError;
use crate::extract::Query;
use crate::limits::{self, PREVIEW_ROWS};

/// How much of a table is wanted, and how it is read. The fields of [`ReadingQuery`] stand here again, because `flatten` and
/// `deny_unknown_fields` exclude each other.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewQuery {
    /// The most rows.
    #[param(schema_with = limits::preview_rows, required = false)]
    rows: Option<usize>,
    /// The character between two fields, as a config would have it; found by itself without it.
    #[param(max_length = 16)]
    delimiter: Option<String>,
    /// The text encoding, as a config would have it; found by itself without it.
    #[param(max_length = 64)]
    encoding: Option<String>,
    /// Whether the first line names the columns; guessed without it.
    has_header: Option<bool>,
    /// Texts that stand for a missing value, one on each line; the engine's usual ones without it.
    #[param(max_length = 2048)]
    missing: Option<String>,
}

impl PreviewQuery {
    fn reading(self) -> ReadingQuery {
        let Self {
            rows: _,
            delimiter,
            encoding,
            has_header,
            missing,
        } = self;
        ReadingQuery {
            delimiter,
            encoding,
            has_header,
            missing,
        }
    }
}

/// How a table is read.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadingQuery {
    /// The character between two fields, as a config would have it; found by itself without it.
    #[param(max_length = 16)]
    delimiter: Option<String>,
    /// The text encoding, as a config would have it; found by itself without it.
    #[param(max_length = 64)]
    encoding: Option<String>,
    /// Whether the first line names the columns; guessed without it.
    has_header: Option<bool>,
    /// Texts that stand for a missing value, one on each line; the usual ones without it.
    #[param(max_length = 2048)]
    missing: Option<String>,
}

impl ReadingQuery {
    pub(super) fn settings(self) -> Result<cases::PreviewSettings, AppError> {
        let Self {
            delimiter,
            encoding,
            has_header,
            missing,
        } = self;
        for (name, text, most) in [
            ("delimiter", &delimiter, 16),
            ("encoding", &encoding, 64),
            ("missing", &missing, 2048),
        ] {
            let length = text.as_ref().map_or(0, |text| text.chars().count());
            if length > most {
                return Err(AppError::field(name, Fault::too_long(most, length)));
            }
        }
        Ok(cases::PreviewSettings {
            delimiter,
            encoding,
            has_header,
            missing: missing.map(|lines| lines.lines().map(str::to_owned).collect()),
        })
    }
}

/// The beginning of a table, with what an engine of this console finds out about the file by itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TablePreview {
    /// The text encoding, such as `UTF-8`.
    encoding: String,
    /// The character between two fields.
    delimiter: String,
    /// Whether the first line is taken for the names of the columns.
    has_header: bool,
    /// Whether it looks as if it names them, as far as one can tell from it.
    looks_like_header: bool,
    /// How the file is compressed.
    compression: Option<String>,
    /// The columns' names, or their numbers from 1; the first ones when there are very many.
    columns: Vec<String>,
    /// Which of them, from 0, an engine added for itself: nobody chooses them in a config.
    internal: Vec<usize>,
    /// All columns.
    column_count: usize,
    /// The first rows. Long fields are shortened and end in `…`.
    rows: Vec<Vec<String>>,
    /// Which of these fields stand for a missing value: row and column, from 0.
    missing: Vec<[usize; 2]>,
    /// What is wrong behind these rows.
    problem: Option<String>,
    /// The same in simplified Chinese, if the engine says it so.
    problem_zh: Option<String>,
}

/// The first rows of a file that is a table.
#[utoipa::path(get, path = "/api/v1/objects/{name}/table", tag = "objects",
    params(("name" = String, Path), PreviewQuery),
    responses((status = 200, body = TablePreview)))]
pub(crate) async fn preview(
    request: HttpRequest,
    signed: SignedQuery,
    query: Query<PreviewQuery>,
) -> Result<HttpResponse, ApiError> {
    let rows = PREVIEW_ROWS.checked("rows", query.0.rows)?;
    let found = cases::preview(
        &signed.app,
        &signed.operator,
        &super::name(&request)?,
        rows,
        query.0.reading().settings()?,
    )
    .await?;
    let cases::Preview {
        encoding,
        delimiter,
        has_header,
        looks_like_header,
        compression,
        columns,
        internal,
        rows,
        missing,
        column_count,
        problem,
    } = found;
    let (problem, problem_zh) = problem.map(|text| (text.en, text.zh)).unzip();
    Ok(HttpResponse::Ok().json(TablePreview {
        encoding,
        delimiter: delimiter.to_string(),
        has_header,
        looks_like_header,
        compression,
        columns,
        internal,
        column_count,
        rows,
        missing: missing.into_iter().map(<[usize; 2]>::from).collect(),
        problem,
        problem_zh: problem_zh.flatten(),
    }))
}
