//! One side's half of the model.

use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};
use task_interface::{EngineError, MAX_RESULT_BYTES, Table};

use super::checkpoint::State;
use super::metrics::Metrics;
use super::prepare::Prepared;
use crate::config::TrainConfig;
use crate::input;

/// One side's features and weights.
pub(super) struct Half {
    width: usize,
    values: Arc<Vec<f64>>,
    /// Per feature, for standardised values.
    pub(super) weights: Vec<f64>,
    /// On the label's side.
    pub(super) bias: Option<f64>,
}

impl Half {
    /// The half as the checkpoint has it, or all zeros.
    pub(super) fn new(prepared: &Prepared, state: &State) -> Result<Self, EngineError> {
        let width = prepared.features.len();
        let weights = if state.weights.is_empty() {
            vec![0.0; width]
        } else {
            state.weights.clone()
        };
        if weights.len() != width {
            return Err(input::changed());
        }
        Ok(Self {
            width,
            values: Arc::clone(&prepared.values),
            weights,
            bias: prepared.label.as_ref().map(|_| state.bias),
        })
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.width..(row + 1) * self.width]
    }

    fn logit(&self, row: usize) -> f64 {
        let products = self
            .row(row)
            .iter()
            .zip(&self.weights)
            .map(|(value, weight)| value * weight);
        products.sum::<f64>() + self.bias.unwrap_or(0.0)
    }

    /// This side's part of the logits of some rows.
    pub(super) fn logits(&self, rows: &[u32]) -> Vec<f64> {
        rows.iter().map(|row| self.logit(*row as usize)).collect()
    }

    /// This side's part of the logits of a range of rows.
    pub(super) fn logits_of(&self, rows: Range<usize>) -> Vec<f64> {
        rows.map(|row| self.logit(row)).collect()
    }

    /// One step down the gradient of the mean log loss of some rows, given prediction minus label of each.
    pub(super) fn update(&mut self, rows: &[u32], residuals: &[f64], learning_rate: f64, l2: f64) {
        let mut gradient = vec![0.0; self.width];
        for (row, residual) in rows.iter().zip(residuals) {
            for (sum, value) in gradient.iter_mut().zip(self.row(*row as usize)) {
                *sum += residual * value;
            }
        }
        let count = rows.len() as f64;
        for (weight, sum) in self.weights.iter_mut().zip(gradient) {
            *weight -= learning_rate * (sum / count + l2 * *weight);
        }
        if let Some(bias) = &mut self.bias {
            *bias -= learning_rate * residuals.iter().sum::<f64>() / count;
        }
    }
}

/// The model as a document. The prediction for a row is `1 / (1 + exp(-z))`, where `z` is the sum, over both sides, of
/// `offset` and of each feature's value times its `weight`. For standardised values the sum is over `bias` and each
/// `standardised_weight`.
pub(super) fn document(
    config: &TrainConfig,
    prepared: &Prepared,
    half: &Half,
    last: Option<Metrics>,
) -> Value {
    let mut offset = half.bias.unwrap_or(0.0);
    let mut features = Vec::new();
    for (feature, standardised) in prepared.features.iter().zip(&half.weights) {
        let (weight, shift) = if feature.constant {
            (0.0, 0.0)
        } else {
            let deviation = feature.standard_deviation;
            (
                standardised / deviation,
                standardised * (feature.mean / deviation),
            )
        };
        offset -= shift;
        let mut entry = json!(feature);
        entry["standardised_weight"] = json!(standardised);
        entry["weight"] = json!(weight);
        features.push(entry);
    }
    let label = prepared.label.as_ref().map(|label| {
        let [zero, one] = &label.classes;
        json!({"column": label.name, "0": zero, "1": one})
    });
    json!({
        "kind": "linear_model",
        "model": "vertical_logistic_regression",
        "features": features,
        "ignored_columns": prepared.ignored,
        "encoded_columns": prepared.encoded,
        "offset": offset,
        "bias": half.bias,
        "label": label,
        "train_rows": prepared.split.train.len(),
        "validation_rows": prepared.split.validation.len(),
        "left_out_rows": prepared.left_out_rows,
        "imputed_values": prepared.features.iter().map(|feature| feature.missing).sum::<u64>(),
        "epochs": config.epochs,
        "batch_size": config.batch_size,
        "learning_rate": config.learning_rate,
        "l2": config.l2,
        "seed": config.seed,
        "validation_fraction": config.validation_fraction,
        "noise_sigma": config.noise_sigma,
        "metrics": last,
    })
}

/// The features with their weights, as rows.
pub(super) fn weights(document: &Value) -> Table {
    const COLUMNS: [&str; 7] = [
        "name",
        "weight",
        "standardised_weight",
        "mean",
        "standard_deviation",
        "missing",
        "constant",
    ];
    let features = document["features"].as_array().into_iter().flatten();
    let rows = features.map(|feature| COLUMNS.map(|column| feature[column].clone()).to_vec());
    Table {
        columns: COLUMNS.map(str::to_owned).to_vec(),
        rows: shown(rows),
    }
}

/// What is to be known of the training besides: its terms, and the rows that it used.
pub(super) fn facts(mut document: Value) -> Value {
    if let Some(members) = document.as_object_mut() {
        members.retain(|name, _| !matches!(name.as_str(), "kind" | "features" | "metrics"));
        for list in ["ignored_columns", "encoded_columns"] {
            if let Some(Value::Array(entries)) = members.get_mut(list) {
                *entries = shown(std::mem::take(entries));
            }
        }
    }
    document
}

/// As many as a result has room for: a table with very many columns must not fail a run that has its model already. The
/// model's file holds all of them.
fn shown<T: Serialize>(entries: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut room = MAX_RESULT_BYTES / 4;
    entries
        .into_iter()
        .map_while(|entry| {
            let bytes = serde_json::to_string(&entry).ok()?.len() + 1;
            room = room.checked_sub(bytes)?;
            Some(entry)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_of_very_many_columns_fits_into_a_result() {
        let feature = |number: u32| json!({"name": format!("column {number}"), "weight": 0.1, "missing": 0});
        let ignored = |number: u32| json!({"column": format!("text {number}"), "line": 2});
        let document = |count: u32| {
            let (features, ignored): (Vec<_>, Vec<_>) = (0..count)
                .map(|number| (feature(number), ignored(number)))
                .unzip();
            json!({"features": features, "ignored_columns": ignored, "epochs": 3})
        };
        let few = document(3);
        assert_eq!(weights(&few).rows.len(), 3);
        assert_eq!(facts(few.clone())["ignored_columns"], few["ignored_columns"]);
        let many = document(50_000);
        let table = weights(&many);
        assert!(table.rows.len() > 1000, "{}", table.rows.len());
        for result in [Value::from(table), facts(many)] {
            assert!(result.to_string().len() <= MAX_RESULT_BYTES);
        }
    }
}
