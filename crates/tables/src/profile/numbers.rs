//! What the numbers of a column are like, without keeping them.

use datasketches::common::SearchCriteria;
use datasketches::kll::{KllFloat, KllSketch};

use super::{Bar, Numbers, Quantile};

/// So many values are exact; beyond, ranks are off by about 0.4 % (99 % of the time).
const SKETCH: u16 = 800;
const RANKS: [f64; 7] = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];
const BARS: u32 = 20;

/// Numbers, one after the other.
pub(super) struct Moments {
    count: u64,
    mean: f64,
    /// The sum of the squares of the differences from the mean, by Welford's method.
    squares: f64,
    pub(super) smallest: f64,
    pub(super) largest: f64,
    sketch: Option<KllSketch<KllFloat<f64>>>,
}

impl Default for Moments {
    fn default() -> Self {
        Self {
            count: 0,
            mean: 0.0,
            squares: 0.0,
            smallest: f64::INFINITY,
            largest: f64::NEG_INFINITY,
            sketch: None,
        }
    }
}

impl Moments {
    #[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 rows")]
    pub(super) fn take(&mut self, value: f64) {
        self.count += 1;
        let from_mean = value - self.mean;
        self.mean += from_mean / self.count as f64;
        self.squares += from_mean * (value - self.mean);
        self.smallest = self.smallest.min(value);
        self.largest = self.largest.max(value);
        // A zero with a sign is the same number.
        let Ok(item) = KllFloat::<f64>::new(value + 0.0) else {
            return;
        };
        if self.sketch.is_none() {
            self.sketch = KllSketch::new(SKETCH).ok();
        }
        if let Some(sketch) = &mut self.sketch {
            sketch.update(item);
        }
    }

    /// Nothing where there was no number.
    #[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 rows")]
    pub(super) fn finish(&self) -> Option<Numbers> {
        let sketch = self.sketch.as_ref()?;
        let values = sketch.quantiles(&RANKS, SearchCriteria::Inclusive).ok()??;
        let quantiles = RANKS.into_iter().zip(values).map(|(rank, value)| Quantile {
            rank,
            value: value.into_inner(),
        });
        let freedom = self.count.saturating_sub(1).max(1) as f64;
        Some(Numbers {
            mean: self.mean,
            deviation: (self.squares / freedom).sqrt(),
            quantiles: quantiles.collect(),
            histogram: self.histogram(sketch).unwrap_or_default(),
            are_estimates: sketch.is_estimation_mode(),
        })
    }

    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "shares of a count are counts"
    )]
    fn histogram(&self, sketch: &KllSketch<KllFloat<f64>>) -> Option<Vec<Bar>> {
        let width = (self.largest - self.smallest) / f64::from(BARS);
        let mut edges: Vec<f64> = (1..BARS)
            .map(|edge| self.smallest + width * f64::from(edge))
            .collect();
        // Values that all but agree have no room for so many bars; neither has what is too wide for a number.
        edges.retain(|edge| edge.is_finite() && *edge > self.smallest && *edge < self.largest);
        edges.dedup();
        let splits: Vec<_> = edges
            .iter()
            .filter_map(|edge| KllFloat::<f64>::new(*edge).ok())
            .collect();
        let shares = sketch.cdf(&splits, SearchCriteria::Exclusive).ok()??;
        let below: Vec<u64> = shares
            .iter()
            .map(|share| (share * self.count as f64).round() as u64)
            .collect();
        let starts = std::iter::once(self.smallest).chain(edges.iter().copied());
        let ends = edges.iter().copied().chain(std::iter::once(self.largest));
        let mut before = 0;
        let bars = starts.zip(ends).zip(below).map(|((from, to), below)| {
            let count = below.saturating_sub(before);
            before = before.max(below);
            Bar { from, to, count }
        });
        Some(bars.collect())
    }
}
