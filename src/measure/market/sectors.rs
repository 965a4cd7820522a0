//! Demand by sector as postings state it, for the whole window.

use crate::lexicon::sectors::name;
use crate::measure::adjust::cube::demand;
use crate::measure::count::cells::Scope;
use crate::measure::count::demand::{Share, Shares};
use crate::measure::count::suppression::Publication;
use crate::measure::count::window::Window;
use crate::measure::count::window::name_of;
use crate::measure::{ALL, MeasureSpec, NamedSkill};
use crate::types::SectorDemand;

/// Rows by area, sector and skill; `all` first. With priority sectors only these.
pub fn sectors(shares: &Shares, window: &Window, names: &[NamedSkill], spec: &MeasureSpec) -> Vec<SectorDemand> {
    let mut rows = Vec::new();
    for (code, cell) in (0..).zip(&shares.cells.list) {
        let Scope::Sector { area, sector } = cell.scope else { continue };
        let Some(letter) = window.sectors.get(sector as usize) else { continue };
        if !spec.priority_sectors.is_empty() && !spec.priority_sectors.contains(letter) {
            continue;
        }
        let title = name(letter, spec.language).unwrap_or(letter);
        let place = (name_of(&window.areas, area), ALL, ALL);
        if cell.publication == Publication::Withheld {
            let withheld = Share::withheld(cell.clusters.base);
            rows.push(SectorDemand::new(letter, title, demand(ALL, ALL, place, &withheld)));
        }
        for (skill, share) in shares.of_cell(code) {
            let Some(skill) = names.get(*skill as usize) else { continue };
            rows.push(SectorDemand::new(letter, title, demand(&skill.id, &skill.label, place, share)));
        }
    }
    rows
}
