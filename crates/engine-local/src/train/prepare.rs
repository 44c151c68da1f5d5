//! Splitting the rows and standardising the features.

use std::sync::Arc;

use serde::Serialize;
use sha2::{Digest, Sha256};
use task_interface::{EngineError, Text, Warning};

use super::rows::Parts;
use super::shuffle::Split;
use super::table::{Column, Columns, Encoded, Ignored};
use crate::config::TrainConfig;
use crate::input::{Fault, data_error};
use crate::words::both;

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
    /// Rows of the input that do not take part, because they have no label.
    pub(super) left_out_rows: usize,
    pub(super) features: Vec<Feature>,
    /// Columns that are not learnt from.
    pub(super) ignored: Vec<Ignored>,
    /// Columns of text that became features.
    pub(super) encoded: Vec<Encoded>,
    /// What our operator should know of how the table was read.
    pub(super) warnings: Vec<Warning>,
    /// What was found out about the file.
    pub(super) form: Text,
    /// Standardised values, row by row.
    pub(super) values: Arc<Vec<f64>>,
    pub(super) label: Option<Label>,
    /// A hash over all of the above, to notice that the input is another one after a restart.
    pub(super) fingerprint: String,
}

/// Splits and standardises.
pub(super) fn prepare(
    mut columns: Columns,
    parts: Option<&Parts>,
    config: &TrainConfig,
) -> Result<Prepared, EngineError> {
    let split = match parts {
        Some(parts) => {
            columns.keep(parts);
            parts.split()
        }
        None => Split::new(columns.rows as u32, config.validation_fraction, config.seed),
    };
    let width = columns.features.len();
    let mut values = vec![0.0; columns.rows * width];
    let mut features = Vec::with_capacity(width);
    for (place, column) in columns.features.into_iter().enumerate() {
        let scale = Scale::of(&column.values);
        let (feature, mean, deviation) = measure(&column, &split.train, scale);
        if !feature.constant {
            for (row, value) in column
                .values
                .iter()
                .enumerate()
                .filter(|(_, value)| !value.is_nan())
            {
                values[row * width + place] = (scale.down(*value) - mean) / deviation;
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
            let text = both(
                "all training rows have the same label; use more rows or another seed",
                "所有训练行的标签都相同，请使用更多行或更换随机种子",
            );
            return Err(data_error(Fault::LabelConstant, text));
        }
    }
    Ok(Prepared {
        split: Arc::new(split),
        left_out_rows: parts.map_or(0, Parts::left_out),
        features,
        ignored: columns.ignored,
        encoded: columns.encoded,
        warnings: columns.warnings,
        form: columns.form,
        values: Arc::new(values),
        label: columns.label.map(|label| Label {
            name: label.name,
            values: Arc::new(label.values),
            classes: label.classes,
        }),
        fingerprint: hex::encode(hash.finalize()),
    })
}

/// A power of two by which the values of a column are divided, so that squares of very large and very small ones neither
/// overflow nor vanish. It changes no digit of what is computed with it.
#[derive(Clone, Copy)]
struct Scale {
    exponent: i32,
}

impl Scale {
    fn of(values: &[f64]) -> Self {
        let largest = values
            .iter()
            .filter(|value| !value.is_nan())
            .fold(0.0_f64, |most, value| most.max(value.abs()));
        let is_safe = largest == 0.0 || (1e-100..1e100).contains(&largest);
        let exponent = if is_safe { 0 } else { largest.log2().floor() as i32 };
        Self { exponent }
    }

    fn down(self, value: f64) -> f64 {
        times_power_of_two(value, -self.exponent)
    }

    fn up(self, value: f64) -> f64 {
        times_power_of_two(value, self.exponent).clamp(f64::MIN, f64::MAX)
    }
}

/// In two steps, because the power alone may be too large for a number.
fn times_power_of_two(value: f64, exponent: i32) -> f64 {
    let half = exponent / 2;
    value * 2.0_f64.powi(half) * 2.0_f64.powi(exponent - half)
}

/// What is known of a feature, and its mean and standard deviation as scaled.
fn measure(column: &Column, train: &[u32], scale: Scale) -> (Feature, f64, f64) {
    let present = || {
        train
            .iter()
            .map(|row| column.values[*row as usize])
            .filter(|value| !value.is_nan())
            .map(|value| scale.down(value))
    };
    let count = present().count() as f64;
    let (low, high) = present().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let feature = |mean: f64, deviation: f64, constant: bool| Feature {
        name: column.name.clone(),
        mean: scale.up(mean),
        standard_deviation: scale.up(deviation),
        missing: column.values.iter().filter(|value| value.is_nan()).count() as u64,
        constant,
    };
    // The bounds of no values at all are the wrong way round.
    if low >= high {
        let mean = if low == high { low } else { 0.0 };
        return (feature(mean, 0.0, true), mean, 1.0);
    }
    let mean = present().sum::<f64>() / count;
    let variance = present()
        .map(|value| (value - mean) * (value - mean))
        .sum::<f64>()
        / count;
    let deviation = variance.sqrt();
    // Values that differ in their last digits only can have no spread that can be computed with.
    if deviation == 0.0 {
        return (feature(mean, 0.0, true), mean, 1.0);
    }
    (feature(mean, deviation, false), mean, deviation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn very_small_and_very_large_values_are_standardised() {
        let plain = [1.0, 2.0, 4.0, 8.0];
        let train = [0, 1, 2, 3];
        let standardised = |factor: f64| -> Vec<f64> {
            let column = Column {
                name: "x".to_owned(),
                values: plain.iter().map(|value| value * factor).collect(),
            };
            let scale = Scale::of(&column.values);
            let (feature, mean, deviation) = measure(&column, &train, scale);
            assert!(!feature.constant && feature.standard_deviation > 0.0 && feature.mean.is_finite());
            column
                .values
                .iter()
                .map(|value| (scale.down(*value) - mean) / deviation)
                .collect()
        };
        let expected = standardised(1.0);
        for factor in [1e-310, 1e-200, 1e-99, 1e99, 1e200, 2e307] {
            for (found, expected) in standardised(factor).iter().zip(&expected) {
                assert!(
                    (found - expected).abs() < 1e-9,
                    "{factor}: {found} instead of {expected}"
                );
            }
        }
    }
}
