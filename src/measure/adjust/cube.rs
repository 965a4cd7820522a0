//! The cube as rows for people and files.

use crate::measure::adjust::adjusted::Adjusted;
use crate::measure::count::cells::{Cell, Scope};
use crate::measure::count::demand::{Share, Shares};
use crate::measure::count::suppression::Publication;
use crate::measure::count::window::{Window, group_name, name_of};
use crate::measure::{ALL, NamedSkill};
use crate::types::Demand;
use std::ops::Range;

/// Demand by area x period x occupation group x skill, kept small: rows are spelt out when they are read.
///
/// A published cell has a row for each skill asked for in it; a skill without a row was not seen there. A withheld cell
/// has one row, skill `all`, that shows its base and nothing else.
#[derive(Debug, Clone, PartialEq)]
pub struct DemandCube {
    names: Vec<NamedSkill>,
    cells: Vec<CubeCell>,
    /// (skill, share) by cell.
    rows: Vec<(u32, Share)>,
    adjusted: Adjusted,
}

/// A cell's place in the three dimensions, and its rows.
#[derive(Debug, Clone, PartialEq)]
struct CubeCell {
    code: u32,
    area: String,
    period: String,
    group: String,
    rows: Range<usize>,
    /// Base of a withheld cell.
    withheld: Option<u64>,
}

impl DemandCube {
    /// Takes over the shares of the cube's cells.
    pub(in crate::measure) fn new(shares: Shares, adjusted: Adjusted, window: &Window, names: Vec<NamedSkill>) -> Self {
        let list = &shares.cells.list;
        let (rows, ranges) = shares.into_rows();
        let coded = (0..).zip(list).zip(ranges);
        let cells = coded.filter_map(|((code, cell), rows)| cube_cell(code, cell, rows, window)).collect();
        Self { names, cells, rows, adjusted }
    }

    /// Number of rows.
    pub fn row_count(&self) -> usize {
        self.cells.iter().map(|c| c.rows.len() + usize::from(c.withheld.is_some())).sum()
    }

    /// The rows, sorted by area, period, group and skill, `all` first.
    pub fn rows(&self) -> impl Iterator<Item = Demand> + '_ {
        self.cells.iter().flat_map(|cell| self.rows_of(cell))
    }

    /// Rows that are not split by occupation: of the whole window by area, of all areas by period.
    pub fn one_way(&self) -> Vec<Demand> {
        let one_way = |cell: &&CubeCell| cell.group == ALL && (cell.period == ALL || cell.area == ALL);
        let cells = self.cells.iter().filter(one_way);
        cells.flat_map(|cell| self.rows_of(cell)).collect()
    }

    fn rows_of<'a>(&'a self, cell: &'a CubeCell) -> impl Iterator<Item = Demand> + 'a {
        let place = (cell.area.as_str(), cell.period.as_str(), cell.group.as_str());
        let withheld = cell.withheld.map(|base| demand(ALL, ALL, place, &Share::withheld(base)));
        let rows = self.rows.get(cell.rows.clone()).unwrap_or_default();
        let named = rows.iter().filter_map(|(skill, share)| Some((*skill, self.names.get(*skill as usize)?, share)));
        let row = move |(skill, name, share): (u32, &NamedSkill, &Share)| {
            let mut row = demand(&name.id, &name.label, place, share);
            self.adjusted.apply(Some(cell.code), skill, &mut row);
            row
        };
        withheld.into_iter().chain(named.map(row))
    }
}

/// A share as a published row; `place` is area, period and occupation group.
pub(in crate::measure) fn demand(id: &str, label: &str, place: (&str, &str, &str), share: &Share) -> Demand {
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
        ..Demand::default()
    }
}

fn cube_cell(code: u32, cell: &Cell, rows: Range<usize>, window: &Window) -> Option<CubeCell> {
    let Scope::Cube { area, period, group } = cell.scope else { return None };
    Some(CubeCell {
        code,
        area: name_of(&window.areas, area).to_owned(),
        period: name_of(&window.periods, period).to_owned(),
        group: group.checked_sub(1).map_or_else(|| ALL.to_owned(), group_name),
        rows,
        withheld: (cell.publication == Publication::Withheld).then_some(cell.clusters.base),
    })
}
