//! How many different values a column has.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use datasketches::hll::{HllSketch, HllType};

use super::Count;

/// Values that all columns together count exactly, before each estimates. They take 9 to 18 bytes each.
const EXACT_IN_ALL: usize = 1 << 21;
const EXACT_AT_LEAST: usize = 1 << 10;
const EXACT_AT_MOST: usize = 1 << 17;
/// 4096 registers of a byte: a standard error of 1.6 %.
const LG_REGISTERS: u8 = 12;

/// Counts different values.
pub(super) enum Distinct {
    /// By their digests, which are as good as the values.
    Exact {
        seen: HashSet<u64>,
        most: usize,
    },
    Estimated(Box<HllSketch>),
}

impl Distinct {
    pub(super) fn new(columns: usize) -> Self {
        let share = EXACT_IN_ALL / columns.max(1);
        Self::Exact {
            seen: HashSet::new(),
            most: share.clamp(EXACT_AT_LEAST, EXACT_AT_MOST),
        }
    }

    pub(super) fn take(&mut self, value: &str) {
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        let digest = hasher.finish();
        match self {
            Self::Exact { seen, most } => {
                seen.insert(digest);
                if seen.len() > *most {
                    // The size is one that the sketch knows.
                    if let Ok(mut sketch) = HllSketch::new(LG_REGISTERS, HllType::Hll8) {
                        seen.iter().for_each(|digest| sketch.update(digest));
                        *self = Self::Estimated(Box::new(sketch));
                    }
                }
            }
            Self::Estimated(sketch) => sketch.update(digest),
        }
    }

    /// At most as many as there are values.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an estimate of a count is neither negative nor larger than a count can be"
    )]
    pub(super) fn finish(&self, values: u64) -> Count {
        match self {
            Self::Exact { seen, .. } => Count {
                value: seen.len() as u64,
                is_estimate: false,
            },
            Self::Estimated(sketch) => Count {
                value: (sketch.estimate().round() as u64).min(values),
                is_estimate: true,
            },
        }
    }
}
