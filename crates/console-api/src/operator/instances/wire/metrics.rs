//! The curves of a run as clients see them.

use chrono::{DateTime, Utc};
use console_app::AppError;
use console_app::instances as cases;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::limits::{self, CURVE_POINTS};

/// Which points.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct MetricQuery {
    /// The present one by default.
    attempt: Option<i32>,
    /// One curve; all by default.
    name: Option<String>,
    /// Only points behind this step.
    after_step: Option<i64>,
    /// The most points of a curve.
    #[param(schema_with = limits::curve_points, required = false)]
    points: Option<usize>,
}

impl MetricQuery {
    pub(in crate::operator::instances) fn checked(self) -> Result<cases::MetricQuery, AppError> {
        let Self {
            attempt,
            name,
            after_step,
            points,
        } = self;
        let points = CURVE_POINTS.checked("points", points)?;
        Ok(cases::MetricQuery {
            attempt,
            name,
            after_step,
            points,
        })
    }
}

/// A curve.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Metric {
    name: String,
    /// How many points it has behind `after_step`, those that were left out included.
    total: u64,
    /// By step.
    points: Vec<MetricPoint>,
}

/// A point of a curve.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MetricPoint {
    step: i64,
    value: f64,
    at: DateTime<Utc>,
}

impl From<cases::MetricSeries> for Metric {
    fn from(series: cases::MetricSeries) -> Self {
        let cases::MetricSeries { name, total, points } = series;
        let point = |point: cases::MetricPoint| {
            let cases::MetricPoint { step, value, at } = point;
            MetricPoint { step, value, at }
        };
        Self {
            name,
            total,
            points: points.into_iter().map(point).collect(),
        }
    }
}
