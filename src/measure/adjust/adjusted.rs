//! Shares as they would be with the occupations of official employment, and with the errors of extraction taken out:
//! beside the plain share, never in its place.

use crate::measure::MeasureSpec;
use crate::measure::adjust::correction::{Corrected, CorrectedShares, corrected_shares};
use crate::measure::adjust::weighted::{Weighted, WeightedShares, weighted_shares};
use crate::measure::adjust::weights::Weights;
use crate::measure::count::demand::Shares;
use crate::measure::count::mentions::Asked;
use crate::measure::count::window::Window;
use crate::types::{Demand, Reviews};

/// Both adjustments by cell and skill code.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Adjusted {
    weighted: WeightedShares,
    corrected: CorrectedShares,
}

impl Adjusted {
    /// What weights and judgements allow.
    pub fn new(
        asked: &Asked,
        shares: &Shares,
        window: &Window,
        weights: Option<&Weights>,
        reviews: Option<&Reviews>,
        spec: &MeasureSpec,
    ) -> Self {
        let weighted = weights.map(|w| weighted_shares(asked, shares.cells, window, w));
        let corrected = reviews.map(|r| corrected_shares(asked, shares, window, r, spec.min_reviewed));
        Self { weighted: weighted.unwrap_or_default(), corrected: corrected.unwrap_or_default() }
    }

    /// Writes them beside the plain share of a skill in a cell.
    pub fn apply(&self, cell: Option<u32>, skill: u32, demand: &mut Demand) {
        let Some(cell) = cell else { return };
        if let Some(Weighted { share, low, high, effective_n, .. }) = self.weighted.get(&(cell, skill)) {
            (demand.weighted_share, demand.weighted_low) = (Some(*share), Some(*low));
            (demand.weighted_high, demand.weighted_effective_n) = (Some(*high), Some(*effective_n));
        }
        if let Some(Corrected { value, status }) = self.corrected.get(&(cell, skill)) {
            demand.corrected_share = value.map(|v| v.0);
            (demand.corrected_low, demand.corrected_high) = (value.map(|v| v.1), value.map(|v| v.2));
            demand.correction = Some(*status);
        }
    }
}
