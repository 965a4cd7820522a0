//! The cube as rows for people and files.

use super::cells::{Cell, Scope};
use super::demand::{Share, Shares};
use super::window::{UNKNOWN_GROUP, Window};
use super::{ALL, NamedSkill};
use crate::types::Demand;

/// Demand by skill x area x period x occupation group, kept small: rows are spelt out when they are read.
///
/// A published cell has a row for each skill asked for in it; a skill without a row was not seen there. A withheld cell
/// has one row, skill `all`, that shows its base and nothing else.
#[derive(Debug, Clone, PartialEq)]
pub struct DemandCube {
    names: Vec<NamedSkill>,
    cells: Vec<CellName>,
    /// (skill or none, cell, share), sorted.
    rows: Vec<(Option<u32>, u32, Share)>,
}

/// A cell's place in the three dimensions.
#[derive(Debug, Clone, PartialEq)]
struct CellName {
    area: String,
    period: String,
    group: String,
}

impl DemandCube {
    /// Gathers the cells of the cube.
    pub(super) fn new(shares: &Shares, window: &Window, names: Vec<NamedSkill>) -> Self {
        let (mut cells, mut rows) = (Vec::new(), Vec::new());
        for (code, cell) in (0..).zip(&shares.cells.list) {
            let Some(name) = cell_name(cell, window) else { continue };
            let place = cells.len() as u32;
            cells.push(name);
            let own = shares.of_cell(code);
            rows.extend(own.iter().map(|(skill, share)| (Some(*skill), place, *share)));
            if cell.publication == super::suppression::Publication::Withheld {
                rows.push((None, place, Share::withheld(cell.clusters.base)));
            }
        }
        rows.sort_unstable_by_key(|(skill, cell, _)| (*skill, *cell));
        Self { names, cells, rows }
    }

    /// Number of rows.
    pub fn row_count(&self) -> usize {
        self.rows.len()
    }

    /// The rows, at most `size` at a time, sorted by skill, area, period and group.
    pub fn chunks(&self, size: usize) -> impl Iterator<Item = Vec<Demand>> + '_ {
        let spell = |rows: &[_]| rows.iter().filter_map(|row| self.row(row)).collect();
        self.rows.chunks(size.max(1)).map(spell)
    }

    /// Rows of the whole window, not split by occupation.
    pub fn whole_window(&self) -> Vec<Demand> {
        let is_whole = |cell: &CellName| cell.period == ALL && cell.group == ALL;
        let rows = self.rows.iter().filter(|row| self.cells.get(row.1 as usize).is_some_and(is_whole));
        rows.filter_map(|row| self.row(row)).collect()
    }

    fn row(&self, (skill, cell, share): &(Option<u32>, u32, Share)) -> Option<Demand> {
        let cell = self.cells.get(*cell as usize)?;
        let (id, label) = match skill {
            None => (ALL, ALL),
            Some(code) => self.names.get(*code as usize).map(|n| (n.id.as_str(), n.label.as_str()))?,
        };
        Some(demand(id, label, (&cell.area, &cell.period, &cell.group), share))
    }
}

/// A share as a published row; `place` is area, period and occupation group.
pub(super) fn demand(id: &str, label: &str, place: (&str, &str, &str), share: &Share) -> Demand {
    Demand {
        skill: id.to_owned(),
        label: label.to_owned(),
        area: place.0.to_owned(),
        period: place.1.to_owned(),
        occupation_group: place.2.to_owned(),
        posting_count: share.asking,
        base_count: share.base,
        employer_count: share.employers,
        source_count: share.sources,
        effective_n: share.effective_n,
        share: share.value.map(|v| v.0),
        share_low: share.value.map(|v| v.1),
        share_high: share.value.map(|v| v.2),
        mark: share.mark,
    }
}

/// Name of a code that is one more than its place in the list; 0 = all.
pub(super) fn name_of(list: &[String], code: u32) -> &str {
    code.checked_sub(1).and_then(|i| list.get(i as usize)).map_or(ALL, String::as_str)
}

/// Name of an occupation group, `unknown` for postings without one.
pub(super) fn group_name(group: u32) -> String {
    if group < UNKNOWN_GROUP { group.to_string() } else { "unknown".to_owned() }
}

fn cell_name(cell: &Cell, window: &Window) -> Option<CellName> {
    let Scope::Cube { area, period, group } = cell.scope else { return None };
    Some(CellName {
        area: name_of(&window.areas, area).to_owned(),
        period: name_of(&window.periods, period).to_owned(),
        group: group.checked_sub(1).map_or_else(|| ALL.to_owned(), group_name),
    })
}
