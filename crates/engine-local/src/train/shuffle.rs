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
