//! Ablation: what a lane is worth, by ranking without it and with it alone.

use super::estimate::{Estimate, means};
use super::ranking::Headline;
use serde::{Deserialize, Serialize};

/// A ranking with other weights, against the full one on the same queries.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    /// Its RP@5, percent.
    pub rp5: Estimate,
    /// Its MRR, percent.
    pub mrr: Estimate,
    /// Its RP@5 less the full ranking's, with the interval of the paired difference.
    pub rp5_change: Estimate,
    /// The same of MRR.
    pub mrr_change: Estimate,
}

/// What one lane is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LaneAblation {
    /// The lane.
    pub lane: String,
    /// Its weight at 0.
    pub without: Variant,
    /// All other weights at 0, its own 1 when it has none. Candidates are proposed as ever.
    pub alone: Variant,
}

/// Per query: the full ranking's headline and that of the variant.
pub(super) fn variant(pairs: &[(Headline, Headline)]) -> Variant {
    let rows: Vec<[f64; 4]> = pairs
        .iter()
        .map(|([rp5, mrr], [rp5_new, mrr_new])| [*rp5_new, *mrr_new, rp5_new - rp5, mrr_new - mrr])
        .collect();
    let [rp5, mrr, rp5_change, mrr_change] = means(&rows);
    Variant { rp5, mrr, rp5_change, mrr_change }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_paired_so_that_a_constant_loss_has_no_interval() {
        let full = [[1.0, 1.0], [0.5, 0.5], [0.8, 0.4]];
        let pairs: Vec<_> = full.iter().map(|[rp5, mrr]| ([*rp5, *mrr], [rp5 - 0.25, *mrr])).collect();
        let variant = variant(&pairs);
        // (1 + .5 + .8) / 3 - .25 = .5167
        assert_eq!(variant.rp5.value, 51.67);
        assert_eq!((variant.rp5_change.value, variant.rp5_change.low, variant.rp5_change.high), (-25.0, -25.0, -25.0));
        assert!(variant.rp5.low < 51.67 && variant.mrr_change.value.abs() < 1e-9);
    }
}
