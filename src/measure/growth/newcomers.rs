//! Skills new to an occupation: not seen in the earlier half of the panel, seen in the later beyond what could have been
//! missed.

use crate::measure::count::cells::Scope;
use crate::measure::count::demand::Shares;
use crate::measure::count::window::Window;
use crate::measure::growth::trends::TrendSpec;
use crate::measure::{MeasureInputs, MeasureSpec, NamedSkill};
use crate::types::{NewSkill, halves_compare};

/// By occupation and skill. A skill is new where nobody asked for it in the earlier half, the largest share that half could
/// have missed (3 over its effective n; Hanley and Lippman-Hand 1983) is below the lower end of the later share, and as
/// many postings, employers and boards ask as "emerging" wants. None where one half of the window is a small part of the
/// other.
pub fn new_skills(
    inputs: &MeasureInputs,
    shares: &Shares,
    window: &Window,
    names: &[NamedSkill],
    spec: &MeasureSpec,
) -> Vec<NewSkill> {
    let half = |later| shares.cells.code(Scope::Half { area: 0, later }).and_then(|code| shares.cells.get(code));
    let base = |later| half(later).map_or(0, |cell| cell.clusters.base);
    if !halves_compare(base(false), base(true)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (occupation, id) in (0..).zip(&window.occupations) {
        let scope = |later| Scope::OccupationHalf { occupation, later };
        let Some(later) = shares.cells.code(scope(true)) else { continue };
        let name = inputs.taxonomy.occupation_index(id).and_then(|i| inputs.taxonomy.occupations.get(i));
        for (skill, share) in shares.of_cell(later) {
            let (Some(label), Some((value, low, high))) = (names.get(*skill as usize), share.value) else { continue };
            let earlier = shares.get(scope(false), *skill);
            if earlier.value.is_none() || earlier.asking > 0 || !is_seen(share, &spec.trends) {
                continue;
            }
            let first_high = (3.0 / earlier.effective_n.max(f64::MIN_POSITIVE)).min(1.0);
            if first_high < low {
                found.push(NewSkill {
                    occupation: id.clone(),
                    occupation_label: name.map_or(id.as_str(), |o| o.name(spec.language)).to_owned(),
                    skill: label.id.clone(),
                    label: label.label.clone(),
                    first_base: earlier.base,
                    first_high,
                    last_count: share.asking,
                    last_base: share.base,
                    last_employers: share.employers,
                    last_sources: share.sources,
                    share: value,
                    share_low: low,
                    share_high: high,
                });
            }
        }
    }
    found
}

fn is_seen(share: &crate::measure::count::demand::Share, spec: &TrendSpec) -> bool {
    share.asking >= spec.emerging_postings
        && share.employers >= spec.emerging_employers
        && share.sources >= spec.emerging_sources
}
