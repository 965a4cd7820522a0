//! The twin transition: postings that ask for at least one skill with the ESCO green or digital label.

use crate::measure::adjust::adjusted::Adjusted;
use crate::measure::adjust::cube::DemandCube;
use crate::measure::adjust::weights::Weights;
use crate::measure::count::cells::Cells;
use crate::measure::count::demand::{Shares, count};
use crate::measure::count::frames::{pack, unpack};
use crate::measure::count::mentions::Asked;
use crate::measure::count::panel::Panel;
use crate::measure::count::window::Window;
use crate::measure::growth::trends::trends;
use crate::measure::{ALL, MeasureSpec, NamedSkill};
use crate::types::{Demand, Transition, TransitionKind, Trend};

const KINDS: [(TransitionKind, &str); 2] = [(TransitionKind::Digital, "digital"), (TransitionKind::Green, "green")];

/// Shares of both transitions in every published cell.
pub fn transitions(
    asked: &Asked,
    names: &[NamedSkill],
    cells: &Cells,
    window: &Window,
    (panel, weights): (&Panel, Option<&Weights>),
    spec: &MeasureSpec,
) -> Vec<Transition> {
    let carries =
        |skill: u32, kind: u32| names.get(skill as usize).is_some_and(|n| [n.digital, n.green][kind as usize % 2]);
    let mut pairs: Vec<u64> = Vec::new();
    for (skill, row) in asked.pairs.iter().map(|pair| unpack(*pair)) {
        pairs.extend([0, 1].into_iter().filter(|kind| carries(skill, *kind)).map(|kind| pack(kind, row)));
    }
    let own = Asked::of(KINDS.map(|k| k.1.to_owned()).to_vec(), pairs);
    let names: Vec<NamedSkill> = KINDS.iter().map(|k| NamedSkill::plain(k.1, k.1.to_owned())).collect();
    let shares = Shares::new(cells, count(&own, cells, window), spec);
    let adjusted = Adjusted::new(&own, &shares, window, weights, None, spec);
    let trends = trends(panel, &own, &shares, window, &names, &spec.trends);
    let cube = DemandCube::new(shares, adjusted, window, names);
    cube.rows().filter(|row| row.skill != ALL).map(|row| transition(row, &trends)).collect()
}

fn transition(row: Demand, trends: &[Trend]) -> Transition {
    let whole = row.period == ALL && row.occupation_group == ALL;
    let trend = trends.iter().find(|t| whole && t.skill == row.skill && t.area == row.area);
    let kind = KINDS.iter().find(|k| k.1 == row.skill).map_or(TransitionKind::Digital, |k| k.0);
    Transition {
        transition: kind,
        area: row.area,
        period: row.period,
        occupation_group: row.occupation_group,
        posting_count: row.posting_count,
        base_count: row.base_count,
        employer_count: row.employer_count,
        source_count: row.source_count,
        effective_n: row.effective_n,
        share: row.share,
        share_low: row.share_low,
        share_high: row.share_high,
        mark: row.mark,
        weighted_share: row.weighted_share,
        weighted_low: row.weighted_low,
        weighted_high: row.weighted_high,
        growth: trend.and_then(|t| t.growth),
        growth_low: trend.and_then(|t| t.low),
        growth_high: trend.and_then(|t| t.high),
    }
}
