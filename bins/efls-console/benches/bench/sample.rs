//! What was measured, and how runs of it are put together: the machine is shared and noisy, so what is compared is
//! measured in turns, and the medians count.

use std::time::Duration;

/// One run of one load.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    /// How much was done.
    pub(crate) per_second: f64,
    /// Half took no longer than this.
    pub(crate) p50_ms: f64,
    /// All but one in a hundred took no longer than this.
    pub(crate) p99_ms: f64,
}

impl Sample {
    /// From how long each of the things took that were done within a time.
    pub(crate) fn of(mut took: Vec<Duration>, within: Duration) -> Self {
        took.sort_unstable();
        let at = |share: f64| {
            let index = (took.len() as f64 * share) as usize;
            took.get(index.min(took.len().saturating_sub(1)))
                .map_or(f64::NAN, |time| millis(*time))
        };
        Self {
            per_second: took.len() as f64 / within.as_secs_f64(),
            p50_ms: at(0.5),
            p99_ms: at(0.99),
        }
    }
}

/// A time in milliseconds.
pub(crate) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The middle one.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_unstable_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => values[odd / 2],
        even => f64::midpoint(values[even / 2 - 1], values[even / 2]),
    }
}

/// The runs of one load, one for each round.
#[derive(Debug, Clone, Default)]
pub(crate) struct Samples(pub(crate) Vec<Sample>);

impl Samples {
    /// The median of one of the figures.
    pub(crate) fn median(&self, figure: impl Fn(&Sample) -> f64) -> f64 {
        median(self.0.iter().map(figure))
    }

    /// How much was done beside another load, which ran in the same rounds: the median of the rounds' ratios.
    pub(crate) fn ratio_to(&self, other: &Self) -> f64 {
        let rounds = self.0.iter().zip(&other.0);
        median(rounds.map(|(ours, theirs)| ours.per_second / theirs.per_second))
    }
}
