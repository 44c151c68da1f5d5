//! `/instances/{id}/results`: documents in the forms that screens can draw.

use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use console_app::instances::{self as cases, engine};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::wire::AttemptQuery;
use crate::auth::SignedQuery;
use crate::error::ApiError;
use crate::extract::{Query, path};

/// A result.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunResult {
    /// Unique in the attempt.
    name: String,
    document: Document,
    /// Of a file: it cannot be seen yet, since the other side has not said that it ended well.
    pending: bool,
    /// Of a file: its content was deleted.
    deleted: bool,
    at: DateTime<Utc>,
}

/// Something that the operators here should know of a run that may have ended well.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunWarning {
    /// For programs.
    code: String,
    /// The text in English.
    en: String,
    /// The text in simplified Chinese.
    zh: Option<String>,
}

/// What a result says; `kind` tells the forms apart.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(discriminator(property_name = "kind", mapping(
    ("counts" = "#/components/schemas/CountsDocument"),
    ("scores" = "#/components/schemas/ScoresDocument"),
    ("curve" = "#/components/schemas/CurveDocument"),
    ("confusion_matrix" = "#/components/schemas/ConfusionMatrixDocument"),
    ("table" = "#/components/schemas/TableDocument"),
    ("file" = "#/components/schemas/FileDocument"),
    ("json" = "#/components/schemas/JsonDocument")
)))]
pub(crate) enum Document {
    Counts(CountsDocument),
    Scores(ScoresDocument),
    Curve(CurveDocument),
    ConfusionMatrix(ConfusionMatrixDocument),
    Table(TableDocument),
    File(FileDocument),
    Json(JsonDocument),
}

macro_rules! kinds {
    ($($kind:ident $word:literal)+) => {$(
        /// The word for one form.
        #[derive(Debug, Serialize, ToSchema)]
        pub(crate) enum $kind {
            #[serde(rename = $word)]
            Is,
        }
    )+};
}

kinds! {
    CountsKind "counts"
    ScoresKind "scores"
    CurveKind "curve"
    ConfusionMatrixKind "confusion_matrix"
    TableKind "table"
    FileKind "file"
    JsonKind "json"
}

/// Numbers of things.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CountsDocument {
    #[schema(inline)]
    kind: CountsKind,
    /// In the order in which they are shown.
    counts: Vec<NamedCount>,
}

/// A number of things.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NamedCount {
    /// Of what: a word such as `own_rows`, unique in the document.
    name: String,
    count: u64,
}

/// Numbers that say how good something is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScoresDocument {
    #[schema(inline)]
    kind: ScoresKind,
    /// On which rows, for example `validation`.
    part: Option<String>,
    /// On how many rows.
    rows: Option<u64>,
    /// In the order in which they are shown.
    scores: Vec<NamedScore>,
}

/// A number that says how good something is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NamedScore {
    /// What it measures: a word such as `auc`, unique in the document.
    name: String,
    /// Null when it is not defined here.
    value: Option<f64>,
}

/// A line in a plane, such as a ROC curve.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CurveDocument {
    #[schema(inline)]
    kind: CurveKind,
    x: CurveAxis,
    y: CurveAxis,
    /// x and y of each point, from the line's beginning to its end.
    points: Vec<[f64; 2]>,
    /// The area below it, if that means something.
    area: Option<f64>,
    /// A line to compare it with: `diagonal`, from the lower left to the upper right.
    reference: Option<&'static str>,
}

/// A direction of a plane.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CurveAxis {
    /// What it measures: a word such as `false_positive_rate`.
    name: String,
    /// Where it begins; null: where the points do.
    min: Option<f64>,
    /// Where it ends; null: where the points do.
    max: Option<f64>,
}

/// How often which class was taken for which.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConfusionMatrixDocument {
    #[schema(inline)]
    kind: ConfusionMatrixKind,
    classes: Vec<String>,
    /// A row for each class as it is, in it a number for each class that it was taken for; both in the order of `classes`.
    counts: Vec<Vec<u64>>,
    /// From which prediction on a row was taken for the second of two classes.
    threshold: Option<f64>,
}

/// Rows and columns.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TableDocument {
    #[schema(inline)]
    kind: TableKind,
    /// The names of the columns.
    columns: Vec<String>,
    /// The rows, each with a value for each column: a number, a text, a truth value or null.
    rows: Vec<Vec<Value>>,
}

/// An object that was written.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FileDocument {
    #[schema(inline)]
    kind: FileKind,
    /// Its name among the objects.
    object: String,
    uri: String,
    /// How many rows it has, if it is a table.
    rows: Option<u64>,
}

/// Anything else.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JsonDocument {
    #[schema(inline)]
    kind: JsonKind,
    /// What the engine said.
    value: Value,
}

impl From<engine::Document> for Document {
    fn from(document: engine::Document) -> Self {
        match document {
            engine::Document::Counts(counts) => Self::Counts(counts.into()),
            engine::Document::Scores(scores) => Self::Scores(scores.into()),
            engine::Document::Curve(curve) => Self::Curve(curve.into()),
            engine::Document::ConfusionMatrix(matrix) => Self::ConfusionMatrix(matrix.into()),
            engine::Document::Table(engine::Table { columns, rows }) => Self::Table(TableDocument {
                kind: TableKind::Is,
                columns,
                rows,
            }),
            engine::Document::File(engine::File { object, uri, rows }) => Self::File(FileDocument {
                kind: FileKind::Is,
                object,
                uri,
                rows,
            }),
            engine::Document::Json(engine::Json { value }) => Self::json(value),
            // A form that the contract of engines has learnt and this description has not.
            other => Self::json(other.into()),
        }
    }
}

impl Document {
    fn json(value: Value) -> Self {
        Self::Json(JsonDocument {
            kind: JsonKind::Is,
            value,
        })
    }
}

impl From<engine::Counts> for CountsDocument {
    fn from(counts: engine::Counts) -> Self {
        let named = |count: engine::Count| {
            let engine::Count { name, count } = count;
            NamedCount { name, count }
        };
        Self {
            kind: CountsKind::Is,
            counts: counts.counts.into_iter().map(named).collect(),
        }
    }
}

impl From<engine::Scores> for ScoresDocument {
    fn from(scores: engine::Scores) -> Self {
        let engine::Scores { part, rows, scores } = scores;
        let named = |score: engine::Score| {
            let engine::Score { name, value } = score;
            NamedScore { name, value }
        };
        Self {
            kind: ScoresKind::Is,
            part,
            rows,
            scores: scores.into_iter().map(named).collect(),
        }
    }
}

impl From<engine::Curve> for CurveDocument {
    fn from(curve: engine::Curve) -> Self {
        let engine::Curve {
            x,
            y,
            points,
            area,
            reference,
        } = curve;
        let axis = |axis: engine::Axis| {
            let engine::Axis { name, min, max } = axis;
            CurveAxis { name, min, max }
        };
        Self {
            kind: CurveKind::Is,
            x: axis(x),
            y: axis(y),
            points,
            area,
            reference: reference.map(|reference| match reference {
                engine::Reference::Diagonal => "diagonal",
            }),
        }
    }
}

impl From<engine::ConfusionMatrix> for ConfusionMatrixDocument {
    fn from(matrix: engine::ConfusionMatrix) -> Self {
        let engine::ConfusionMatrix {
            classes,
            counts,
            threshold,
        } = matrix;
        Self {
            kind: ConfusionMatrixKind::Is,
            classes,
            counts,
            threshold,
        }
    }
}

/// The results of an attempt, by name.
#[utoipa::path(get, path = "/api/v1/instances/{id}/results", tag = "instances",
    params(("id" = String, Path), AttemptQuery), responses((status = 200, body = Vec<RunResult>)))]
pub(crate) async fn results(
    request: HttpRequest,
    signed: SignedQuery,
    query: Query<AttemptQuery>,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "instance")?;
    let found = cases::results(&signed.app, &signed.operator, &id, query.0.attempt).await?;
    let results = found.into_iter().map(|result| {
        let cases::RunResult {
            name,
            document,
            pending,
            deleted,
            at,
        } = result;
        RunResult {
            name,
            document: document.into(),
            pending,
            deleted,
            at,
        }
    });
    Ok(HttpResponse::Ok().json(results.collect::<Vec<_>>()))
}

/// The warnings of an attempt, in the order in which they came. The partner is not told of them.
#[utoipa::path(get, path = "/api/v1/instances/{id}/warnings", tag = "instances",
    params(("id" = String, Path), AttemptQuery), responses((status = 200, body = Vec<RunWarning>)))]
pub(crate) async fn warnings(
    request: HttpRequest,
    signed: SignedQuery,
    query: Query<AttemptQuery>,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "instance")?;
    let found = cases::warnings(&signed.app, &signed.operator, &id, query.0.attempt).await?;
    let warnings = found.into_iter().map(|warning| RunWarning {
        code: warning.code,
        en: warning.text.en,
        zh: warning.text.zh,
    });
    Ok(HttpResponse::Ok().json(warnings.collect::<Vec<_>>()))
}
