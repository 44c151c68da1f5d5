//! Splitting the rows and standardising the features.

use std::sync::Arc;

use serde::Serialize;
use sha2::{Digest, Sha256};
use task_interface::EngineError;

use super::shuffle::Split;
use super::table::{Column, Columns, Ignored};
use crate::config::TrainConfig;

/// What was done to a feature.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Feature {
    pub(super) name: String,
    /// Of the present values in the training rows.
    pub(super) mean: f64,
    /// Of the present values in the training rows, divided by their number.
    pub(super) standard_deviation: f64,
    /// Missing values in all rows.
    pub(super) missing: u64,
    /// All present values in the training rows are equal, so nothing can be learnt from it.
    pub(super) constant: bool,
}

/// The label of every row.
pub(super) struct Label {
    pub(super) name: String,
    pub(super) values: Arc<Vec<u8>>,
    pub(super) classes: [String; 2],
}

/// A table, ready to be trained on.
pub(super) struct Prepared {
    pub(super) split: Arc<Split>,
    pub(super) features: Vec<Feature>,
    /// Columns that are not learnt from because they hold text.
    pub(super) ignored: Vec<Ignored>,
    /// Standardised values, row by row.
    pub(super) values: Arc<Vec<f64>>,
    pub(super) label: Option<Label>,
    /// A hash over all of the above, to notice that the input is another one after a restart.
    pub(super) fingerprint: String,
}

/// Splits and standardises.
pub(super) fn prepare(columns: Columns, config: &TrainConfig) -> Result<Prepared, EngineError> {
    let rows = columns.rows as u32;
    let split = Split::new(rows, config.validation_fraction, config.seed);
    let width = columns.features.len();
    let mut values = vec![0.0; columns.rows * width];
    let mut features = Vec::with_capacity(width);
    for (place, column) in columns.features.into_iter().enumerate() {
        let feature = measure(&column, &split.train);
        if !feature.standard_deviation.is_finite() {
            return Err(EngineError::fatal(
                "a feature has values too large to compute with",
            ));
        }
        if !feature.constant {
            for (row, value) in column
                .values
                .iter()
                .enumerate()
                .filter(|(_, value)| !value.is_nan())
            {
                values[row * width + place] = (value - feature.mean) / feature.standard_deviation;
            }
        }
        features.push(feature);
    }
    let mut hash = Sha256::new();
    for value in &values {
        hash.update(value.to_le_bytes());
    }
    if let Some(label) = &columns.label {
        hash.update(&label.values);
        let trained = split.train.iter().map(|row| label.values[*row as usize]);
        if trained.clone().min() == trained.max() {
            return Err(EngineError::fatal(
                "all training rows have the same label; use more rows or another seed",
            ));
        }
    }
    Ok(Prepared {
        split: Arc::new(split),
        features,
        ignored: columns.ignored,
        values: Arc::new(values),
        label: columns.label.map(|label| Label {
            name: label.name,
            values: Arc::new(label.values),
            classes: label.classes,
        }),
        fingerprint: hex::encode(hash.finalize()),
    })
}

fn measure(column: &Column, train: &[u32]) -> Feature {
    let present = || {
        train
            .iter()
            .map(|row| column.values[*row as usize])
            .filter(|value| !value.is_nan())
    };
    let count = present().count() as f64;
    let (low, high) = present().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let missing = column.values.iter().filter(|value| value.is_nan()).count() as u64;
    let name = column.name.clone();
    // The bounds of no values at all are the wrong way round.
    if low >= high {
        let mean = if low == high { low } else { 0.0 };
        return Feature {
            name,
            mean,
            standard_deviation: 0.0,
            missing,
            constant: true,
        };
    }
    let mean = present().sum::<f64>() / count;
    let variance = present()
        .map(|value| (value - mean) * (value - mean))
        .sum::<f64>()
        / count;
    Feature {
        name,
        mean,
        standard_deviation: variance.sqrt(),
        missing,
        constant: false,
    }
}
