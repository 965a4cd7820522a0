//! Skills that an occupation group or an area asks for more than the rest: revealed comparative advantage (Balassa 1965) as
//! the logarithm of a ratio of shares, a cell against all other postings.

use crate::measure::NamedSkill;
use crate::measure::count::cells::Scope;
use crate::measure::count::demand::{Share, Shares};
use crate::measure::count::intervals::{Part, log_ratio};
use crate::measure::count::window::{UNKNOWN_GROUP, Window};
use crate::measure::count::window::{group_name, name_of};
use crate::types::{Dimension, Mark, Specialisation};

/// Fewest postings inside that ask.
const LEAST_ASKING: u64 = 10;
/// Most skills of a group or area, by lower end.
const MOST: usize = 25;

/// By dimension, code and lower end; nothing where either side is withheld.
pub fn specialisations(shares: &Shares, window: &Window, names: &[NamedSkill]) -> Vec<Specialisation> {
    let groups = (0..UNKNOWN_GROUP).map(|group| {
        let scope = Scope::Cube { area: 0, period: 0, group: group + 1 };
        (Dimension::OccupationGroup, group_name(group), scope)
    });
    let areas = (1..=window.areas.len() as u32).map(|area| {
        let name = name_of(&window.areas, area).to_owned();
        (Dimension::Area, name, Scope::Cube { area, period: 0, group: 0 })
    });
    groups.chain(areas).flat_map(|(dimension, code, scope)| of_cell(dimension, &code, scope, shares, names)).collect()
}

fn of_cell(
    dimension: Dimension,
    code: &str,
    scope: Scope,
    shares: &Shares,
    names: &[NamedSkill],
) -> Vec<Specialisation> {
    let Some(cell) = shares.cells.code(scope) else { return Vec::new() };
    let mut found = Vec::new();
    for (skill, inside) in shares.of_cell(cell) {
        let whole = shares.get(Scope::WHOLE, *skill);
        let Some((name, (own, rest))) = names.get(*skill as usize).zip(parts(inside, &whole)) else { continue };
        if inside.asking < LEAST_ASKING || inside.mark == Some(Mark::LowReliability) {
            continue;
        }
        // An employer on both sides is alike on both, so that taking them as independent only widens the interval.
        let (log_rca, low, high) = log_ratio(own, rest, 0.0);
        found.extend((low > 0.0).then(|| Specialisation {
            dimension,
            code: code.to_owned(),
            skill: name.id.clone(),
            label: name.label.clone(),
            posting_count: inside.asking,
            base_count: inside.base,
            rest_count: rest.0,
            rest_base: rest.1,
            employer_count: inside.employers,
            source_count: inside.sources,
            log_rca,
            log_rca_low: low,
            log_rca_high: high,
        }));
    }
    found.sort_by(|a, b| b.log_rca_low.total_cmp(&a.log_rca_low).then_with(|| a.skill.cmp(&b.skill)));
    found.truncate(MOST);
    found
}

/// The cell and the postings outside it, which keep the effective share of the whole.
fn parts(inside: &Share, whole: &Share) -> Option<(Part, Part)> {
    inside.value.and(whole.value)?;
    let (asking, base) = (whole.asking.checked_sub(inside.asking)?, whole.base.checked_sub(inside.base)?);
    let n = base as f64 * whole.effective_n / whole.base.max(1) as f64;
    (base > 0).then_some(((inside.asking, inside.base, inside.effective_n), (asking, base, n)))
}
