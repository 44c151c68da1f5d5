//! `/objects/{name}/table`

use actix_web::{HttpRequest, HttpResponse};
use console_app::objects as cases;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::auth::SignedQuery;
use crate::error::ApiError;
use crate::extract::Query;
use crate::limits::{self, PREVIEW_ROWS};

/// How much of a table is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewQuery {
    /// The most rows.
    #[param(schema_with = limits::preview_rows, required = false)]
    rows: Option<usize>,
}

/// The beginning of a table, with what an engine of this console finds out about the file by itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TablePreview {
    /// The text encoding, such as `UTF-8`.
    encoding: String,
    /// The character between two fields.
    delimiter: String,
    /// Whether the first line names the columns, as far as one can tell from it.
    has_header: bool,
    /// How the file is compressed.
    compression: Option<String>,
    /// The columns' names, or their numbers from 1; the first ones when there are very many.
    columns: Vec<String>,
    /// All columns.
    column_count: usize,
    /// The first rows. Long fields are shortened and end in `…`.
    rows: Vec<Vec<String>>,
    /// What is wrong behind these rows.
    problem: Option<String>,
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
    let found = cases::preview(&signed.app, &signed.operator, &super::name(&request)?, rows).await?;
    let cases::Preview {
        encoding,
        delimiter,
        has_header,
        compression,
        columns,
        rows,
        column_count,
        problem,
    } = found;
    Ok(HttpResponse::Ok().json(TablePreview {
        encoding,
        delimiter: delimiter.to_string(),
        has_header,
        compression,
        columns,
        column_count,
        rows,
        problem,
    }))
}
