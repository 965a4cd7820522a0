//! What the postings of a programme could have shown: below these sizes "not seen" says nothing.

use crate::measure::MeasureSpec;
use crate::measure::count::demand::Shares;
use crate::measure::count::intervals::{Asking, Z, effective_n, freedom};
use crate::measure::count::suppression::Publication;
use crate::measure::offer::plans::Offer;
use crate::types::Detectable;

/// Quantile .8 of the standard normal distribution: power of 80 %.
const Z_POWER: f64 = 0.841_621_233_572_914;
/// Share around which a difference is asked for.
const GAP_SHARE: f64 = 0.1;
/// Share of a skill whose growth is asked for.
const GROWTH_SHARE: f64 = 0.05;

/// One per programme of the offer, in its order.
pub fn detectable(offer: &Offer, shares: &Shares, spec: &MeasureSpec) -> Vec<Detectable> {
    let of = |programme: &crate::measure::offer::plans::ProgrammePlan| {
        let code = shares.cells.code(programme.scope);
        let cell = code.and_then(|c| shares.cells.get(c));
        let shown = cell.filter(|c| c.publication != Publication::Withheld);
        let deff = code.filter(|_| shown.is_some()).and_then(|c| shares.typical_design_effect(c));
        let n = shown
            .zip(deff)
            .map(|(cell, deff)| effective_n(cell.clusters, deff, freedom(Asking::default(), cell.clusters)))
            .filter(|n| *n > 0.0);
        let publication = cell.map_or(Publication::Withheld, |c| c.publication);
        Detectable {
            programme: programme.id.clone(),
            base_count: cell.map_or(0, |c| c.clusters.base),
            employer_count: shown.map_or(0, |c| c.employers),
            design_effect: deff,
            effective_n: n,
            least_share: n.map(least_share),
            least_gap: n.map(|n| least_gap(n, GAP_SHARE)),
            least_ratio: n.and_then(|n| least_ratio(n / 2.0, GROWTH_SHARE)),
            mark: publication.mark(0, 0, spec),
        }
    };
    offer.programmes.iter().map(of).collect()
}

/// `1 - .05^(1/n)`, about 3 / n: a rarer skill is in no posting of one sample in twenty.
fn least_share(n: f64) -> f64 {
    1.0 - 0.05_f64.powf(1.0 / n)
}

/// `(z_.975 + z_.8) sqrt(2 p (1 - p) / n)`.
fn least_gap(n: f64, share: f64) -> f64 {
    (Z + Z_POWER) * (2.0 * share * (1.0 - share) / n).sqrt()
}

/// The ratio r for which `ln r = (z_.975 + z_.8) sqrt((1 - p) / (p n) + (1 - r p) / (r p n))`, n postings a half; absent
/// where even all postings asking would not be told from the share.
fn least_ratio(n: f64, share: f64) -> Option<f64> {
    let error = |ratio: f64| {
        let variance = |p: f64| (1.0 - p) / (p * n);
        (variance(share) + variance(ratio * share)).sqrt()
    };
    let is_told = |ratio: f64| ratio.ln() >= (Z + Z_POWER) * error(ratio);
    let (mut low, mut high) = (1.0, 1.0 / share);
    if !is_told(high) {
        return None;
    }
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if is_told(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `1 - 0.05 ** (1 / n)`, and statsmodels 0.14: `NormalIndPower().solve_power(None, 250, .05, .8)` times
    /// `sqrt(.1 * .9)`.
    #[test]
    fn the_least_share_and_gap_are_those_of_other_programs() {
        assert!((least_share(100.0) - 0.029_513_049_607_039_8).abs() < 1e-12);
        assert!((least_gap(250.0, 0.1) - 0.3 * 0.250_581_5).abs() < 1e-5, "{}", least_gap(250.0, 0.1));
    }

    #[test]
    fn more_postings_show_smaller_changes_and_few_show_none() {
        let ratios: Vec<f64> = [400.0, 1_000.0, 10_000.0].iter().filter_map(|n| least_ratio(*n, 0.05)).collect();
        assert!(ratios.len() == 3 && ratios.windows(2).all(|w| w[0] > w[1]) && ratios[2] < 1.25, "{ratios:?}");
        assert_eq!(least_ratio(2.0, 0.05), None);
        // scipy: brentq of the equation above.
        let found = [1_000.0, 199.5].map(|n| least_ratio(n, 0.05).unwrap());
        assert!((found[0] - 1.628_290_562_8).abs() < 1e-9 && (found[1] - 2.715_477_104_9).abs() < 1e-9, "{found:?}");
    }
}
