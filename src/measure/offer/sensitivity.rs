//! The largest unmet demands of the portfolio, ranked once more with other choices: another threshold of matching, without
//! the largest board, weighted.

use crate::measure::count::frames::unpack;
use crate::measure::count::mentions::Asked;
use crate::measure::offer::coverage::{Best, Taught};
use crate::measure::offer::gaps::Bench;
use crate::measure::offer::plans::Offer;
use crate::measure::{MeasureInputs, PORTFOLIO};
use crate::types::{Gap, GapVariant, Linked, Variant, Verdict};
use std::collections::BTreeMap;

/// How far the threshold is moved.
const STEP: f32 = 0.05;

/// Unmet demand per 100 of each gap under a variant; absent where it has no figure.
type Unmet = Vec<Option<f64>>;

/// Skills among the largest `top_k` as published or under a variant, by published rank.
pub fn variants(inputs: &MeasureInputs, offer: &Offer, gaps: &[Gap], bench: &Bench) -> Vec<GapVariant> {
    let published = gaps.iter().filter(|g| g.programme == PORTFOLIO);
    let ranked: Vec<(&Gap, u32, f64)> = published.filter_map(|g| Some((g, g.rank?, g.unmet_per_100?))).collect();
    let choices = choices(inputs, offer, &ranked, bench);
    let is_top = |rank: Option<u32>| rank.is_some_and(|r| r <= bench.spec.top_k);
    let mut rows = Vec::new();
    for (i, (gap, published_rank, published_unmet_per_100)) in ranked.into_iter().enumerate() {
        let is_listed = is_top(Some(published_rank)) || choices.iter().any(|c| is_top(c.rank(i)));
        rows.extend(choices.iter().filter(|_| is_listed).map(|choice| GapVariant {
            skill: gap.demand.skill.clone(),
            label: gap.demand.label.clone(),
            variant: choice.variant,
            published_rank,
            published_unmet_per_100,
            rank: choice.rank(i),
            unmet_per_100: choice.unmet.get(i).copied().flatten(),
            holds: is_top(Some(published_rank)) == is_top(choice.rank(i)),
        }));
    }
    rows
}

/// A variant's figures, in the order of the published gaps.
struct Choice {
    variant: Variant,
    unmet: Unmet,
    ranks: Vec<Option<u32>>,
}

impl Choice {
    fn new(variant: Variant, unmet: Unmet) -> Self {
        Self { variant, ranks: ranks(&unmet), unmet }
    }

    fn rank(&self, gap: usize) -> Option<u32> {
        self.ranks.get(gap).copied().flatten()
    }
}

fn choices(inputs: &MeasureInputs, offer: &Offer, ranked: &[(&Gap, u32, f64)], bench: &Bench) -> Vec<Choice> {
    let threshold = |step: f32| with_threshold(inputs, offer, ranked, bench.asked, step);
    let weighted: Unmet = ranked.iter().map(|(g, ..)| Some(rest(g.demand.weighted_share?, g.coverage))).collect();
    let is_weighted = weighted.iter().any(Option::is_some);
    let all = [
        (Variant::LowerThreshold, Some(threshold(-STEP))),
        (Variant::HigherThreshold, Some(threshold(STEP))),
        (Variant::WithoutLargestSource, without_largest(ranked, bench)),
        (Variant::Weighted, is_weighted.then_some(weighted)),
    ];
    all.into_iter().filter_map(|(variant, unmet)| Some(Choice::new(variant, unmet?))).collect()
}

fn rest(share: f64, coverage: f64) -> f64 {
    100.0 * share * (1.0 - coverage)
}

/// Rank by figure, 1 = largest; equal figures stay in the published order.
fn ranks(unmet: &[Option<f64>]) -> Vec<Option<u32>> {
    let mut order: Vec<(usize, f64)> = unmet.iter().enumerate().filter_map(|(i, u)| Some((i, (*u)?))).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut ranks = vec![None; unmet.len()];
    for (rank, (i, _)) in (1..).zip(order) {
        ranks.iter_mut().skip(i).take(1).for_each(|r| *r = Some(rank));
    }
    ranks
}

/// The published shares beside what is taught when matches are accepted from another score.
fn with_threshold(
    inputs: &MeasureInputs,
    offer: &Offer,
    ranked: &[(&Gap, u32, f64)],
    asked: &Asked,
    step: f32,
) -> Unmet {
    let links: Vec<Linked> = inputs.links.iter().map(|l| moved(l, inputs.match_threshold, step)).collect();
    let taught = Taught::new(&MeasureInputs { links: &links, ..*inputs }, offer, asked);
    let none = BTreeMap::new();
    let best: &BTreeMap<u32, Best> = taught.of(0).unwrap_or(&none);
    let coverage = |skill: &str| asked.code(skill).and_then(|code| best.get(&code)).map_or(0.0, |b| b.coverage);
    ranked.iter().map(|(g, ..)| Some(rest(g.demand.share?, coverage(&g.demand.skill)))).collect()
}

/// Only scores between the two thresholds change sides: what was held back for another reason stays so, and what a person
/// accepted has the score 1.
fn moved(linked: &Linked, threshold: f32, step: f32) -> Linked {
    let mut linked = linked.clone();
    for link in &mut linked.links {
        let score = link.score.get();
        link.verdict = match link.verdict {
            Verdict::Review if score >= threshold + step && score < threshold => Verdict::Accepted,
            Verdict::Accepted if score < threshold + step => Verdict::Review,
            as_it_was => as_it_was,
        };
    }
    linked
}

/// Shares over the postings that another board than the largest carries too; absent where there is one board.
fn without_largest(ranked: &[(&Gap, u32, f64)], bench: &Bench) -> Option<Unmet> {
    let kept = bench.window.beside_the_largest_board(|_| true, |_| true)?;
    let base = kept.iter().filter(|k| **k).count();
    let is_kept = |pair: &&u64| kept.get(unpack(**pair).1 as usize) == Some(&true);
    let share = |skill: &str| {
        let code = bench.asked.code(skill)?;
        let asking = bench.asked.pairs_of(code).iter().filter(is_kept).count();
        (base > 0).then(|| asking as f64 / base as f64)
    };
    Some(ranked.iter().map(|(g, ..)| Some(rest(share(&g.demand.skill)?, g.coverage))).collect())
}
