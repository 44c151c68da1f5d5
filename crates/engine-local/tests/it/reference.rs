//! The same training in one place, written from the crate's documentation and from nothing else.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;

/// A column of values, missing ones as nothing.
pub(crate) type Column = Vec<Option<f64>>;

pub(crate) struct Terms {
    pub(crate) epochs: u64,
    pub(crate) batch_size: usize,
    pub(crate) learning_rate: f64,
    pub(crate) l2: f64,
    pub(crate) validation_fraction: f64,
    pub(crate) seed: u64,
}

pub(crate) struct Trained {
    /// Per column, for standardised values.
    pub(crate) weights: Vec<f64>,
    pub(crate) bias: f64,
    pub(crate) validation_log_loss: f64,
    pub(crate) validation_auc: f64,
}

fn shuffled(mut rows: Vec<usize>, seed: u64, stream: u64) -> Vec<usize> {
    let mut random = ChaCha20Rng::seed_from_u64(seed);
    random.set_stream(stream);
    for i in (1..rows.len()).rev() {
        let place = (u128::from(random.next_u64()) * (i as u128 + 1)) >> 64;
        rows.swap(i, place as usize);
    }
    rows
}

fn standardised(column: &Column, train: &[usize]) -> Vec<f64> {
    let seen: Vec<f64> = train.iter().filter_map(|row| column[*row]).collect();
    let mean = seen.iter().sum::<f64>() / seen.len() as f64;
    let variance = seen.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / seen.len() as f64;
    if seen.iter().all(|value| *value == seen[0]) {
        return vec![0.0; column.len()];
    }
    column
        .iter()
        .map(|value| value.map_or(0.0, |value| (value - mean) / variance.sqrt()))
        .collect()
}

pub(crate) fn train(columns: &[Column], labels: &[f64], terms: &Terms) -> Trained {
    let rows = labels.len();
    let order = shuffled((0..rows).collect(), terms.seed, 0);
    let (validation, train) = order.split_at((rows as f64 * terms.validation_fraction).floor() as usize);
    let mut train = train.to_vec();
    train.sort_unstable();
    let table: Vec<Vec<f64>> = columns
        .iter()
        .map(|column| standardised(column, &train))
        .collect();
    let mut weights = vec![0.0; columns.len()];
    let mut bias = 0.0;
    let logit = |weights: &[f64], bias: f64, row: usize| {
        bias + weights
            .iter()
            .zip(&table)
            .map(|(weight, column)| weight * column[row])
            .sum::<f64>()
    };
    for epoch in 1..=terms.epochs {
        for batch in shuffled(train.clone(), terms.seed, epoch).chunks(terms.batch_size) {
            let residuals: Vec<f64> = batch
                .iter()
                .map(|row| 1.0 / (1.0 + (-logit(&weights, bias, *row)).exp()) - labels[*row])
                .collect();
            let count = batch.len() as f64;
            for (weight, column) in weights.iter_mut().zip(&table) {
                let gradient: f64 = batch
                    .iter()
                    .zip(&residuals)
                    .map(|(row, residual)| residual * column[*row])
                    .sum();
                *weight -= terms.learning_rate * (gradient / count + terms.l2 * *weight);
            }
            bias -= terms.learning_rate * residuals.iter().sum::<f64>() / count;
        }
    }
    let scored: Vec<(f64, f64)> = validation
        .iter()
        .map(|row| (logit(&weights, bias, *row), labels[*row]))
        .collect();
    let loss = |(z, y): &(f64, f64)| (1.0 + z.exp()).ln() - y * z;
    let (mut wins, mut pairs) = (0.0, 0.0);
    for (positive, _) in scored.iter().filter(|(_, label)| *label == 1.0) {
        for (negative, _) in scored.iter().filter(|(_, label)| *label == 0.0) {
            pairs += 1.0;
            wins += if positive > negative {
                1.0
            } else {
                f64::from(u8::from(positive == negative)) / 2.0
            };
        }
    }
    Trained {
        validation_log_loss: scored.iter().map(loss).sum::<f64>() / scored.len() as f64,
        validation_auc: wins / pairs,
        weights,
        bias,
    }
}
