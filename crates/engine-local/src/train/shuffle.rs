//! The order of rows, equal on both sides.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;

/// Which rows train and which validate, both in ascending order.
pub(super) struct Split {
    pub(super) train: Vec<u32>,
    pub(super) validation: Vec<u32>,
}

impl Split {
    pub(super) fn new(rows: u32, validation_fraction: f64, seed: u64) -> Self {
        let mut order: Vec<u32> = (0..rows).collect();
        shuffle(&mut order, seed, 0);
        let validating = (f64::from(rows) * validation_fraction).floor() as usize;
        let mut train = order.split_off(validating);
        train.sort_unstable();
        order.sort_unstable();
        Self {
            train,
            validation: order,
        }
    }

    /// Each class validates with the same share of its rows; with one at least, and never with all.
    pub(super) fn stratified(labels: &[u8], validation_fraction: f64, seed: u64) -> Self {
        let mut order: Vec<u32> = (0..labels.len() as u32).collect();
        shuffle(&mut order, seed, 0);
        let mut wanted = [0, 1].map(|class| {
            let rows = labels.iter().filter(|label| **label == class).count();
            let share = (rows as f64 * validation_fraction + 0.5).floor() as usize;
            let least = usize::from(validation_fraction > 0.0);
            share.max(least).min(rows.saturating_sub(1))
        });
        let (mut train, mut validation) = (Vec::new(), Vec::new());
        for row in order {
            let left = &mut wanted[usize::from(labels[row as usize])];
            if *left > 0 {
                *left -= 1;
                validation.push(row);
            } else {
                train.push(row);
            }
        }
        train.sort_unstable();
        validation.sort_unstable();
        Self { train, validation }
    }

    pub(super) fn rows(&self) -> usize {
        self.train.len() + self.validation.len()
    }
}

/// The training rows in the order of an epoch, from 1.
pub(super) fn epoch_order(train: &[u32], seed: u64, epoch: u32) -> Vec<u32> {
    let mut order = train.to_vec();
    shuffle(&mut order, seed, u64::from(epoch));
    order
}

fn shuffle(rows: &mut [u32], seed: u64, stream: u64) {
    let mut random = ChaCha20Rng::seed_from_u64(seed);
    random.set_stream(stream);
    for last in (1..rows.len()).rev() {
        let place = (u128::from(random.next_u64()) * (last as u128 + 1)) >> 64;
        rows.swap(last, place as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stratified_split_shares_each_class_and_repeats() {
        let labels: Vec<u8> = (0..1000).map(|row| u8::from(row % 50 == 7)).collect();
        let split = Split::stratified(&labels, 0.2, 3);
        let ones = |rows: &[u32]| rows.iter().filter(|row| labels[**row as usize] == 1).count();
        assert_eq!((split.validation.len(), ones(&split.validation)), (200, 4));
        assert_eq!((split.train.len(), ones(&split.train)), (800, 16));
        assert_eq!(split.validation, Split::stratified(&labels, 0.2, 3).validation);
        assert_ne!(split.validation, Split::stratified(&labels, 0.2, 4).validation);
    }

    #[test]
    fn a_rare_class_is_on_both_sides_of_a_stratified_split() {
        for (labels, fraction, expected) in [
            (&[1, 0, 0, 0, 0, 0, 0, 1][..], 0.1, [1, 1]),
            (&[1, 1, 0, 0], 0.9, [1, 1]),
            (&[1, 0, 0, 0], 0.2, [1, 0]),
            (&[1, 1, 0, 0], 0.0, [0, 0]),
        ] {
            let split = Split::stratified(labels, fraction, 1);
            let found = [0, 1].map(|class| {
                let rows = split.validation.iter();
                rows.filter(|row| labels[**row as usize] == class).count()
            });
            assert_eq!(found, expected, "{labels:?}");
            assert_eq!(split.rows(), labels.len());
        }
    }
}
