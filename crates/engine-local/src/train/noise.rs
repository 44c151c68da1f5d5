//! Gaussian noise on what is sent.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;

/// Adds noise of standard deviation `sigma`. The same seed and message number give the same noise, so that a message
/// that is sent again after a restart is the same, and nobody can average over the two.
pub(super) fn add(values: &mut [f64], sigma: f64, seed: [u8; 32], message: u64) {
    if sigma == 0.0 {
        return;
    }
    let mut random = ChaCha20Rng::from_seed(seed);
    random.set_stream(message);
    for value in values {
        *value += sigma * gaussian(&mut random);
    }
}

/// A standard normal number, by the method of Box and Muller (1958).
fn gaussian(random: &mut ChaCha20Rng) -> f64 {
    const STEP: f64 = 1.0 / (1u64 << 53) as f64;
    let (first, second) = (random.next_u64() >> 11, random.next_u64() >> 11);
    let radius = (-2.0 * ((first + 1) as f64 * STEP).ln()).sqrt();
    radius * (std::f64::consts::TAU * second as f64 * STEP).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_has_the_asked_spread_and_repeats() {
        let mut values = vec![0.0; 20_000];
        add(&mut values, 2.0, [7; 32], 5);
        let mean = values.iter().sum::<f64>() / 20_000.0;
        let variance = values.iter().map(|value| value * value).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.06, "{mean}");
        assert!((variance - 4.0).abs() < 0.2, "{variance}");
        let mut again = vec![0.0; 20_000];
        add(&mut again, 2.0, [7; 32], 5);
        assert_eq!(values, again);
        add(&mut again, 2.0, [7; 32], 6);
        assert_ne!(values, again);
    }
}
