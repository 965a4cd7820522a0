//! The cells that skills are counted in: grouping sets of the cube, audiences of programmes, and the panel's halves.

use crate::measure::count::intervals::Clusters;
use crate::measure::count::panel::Panel;
use crate::measure::count::suppression::{Publication, publication};
use crate::measure::count::window::{Row, Window};
use crate::measure::{MeasureError, MeasureSpec};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Which postings a cell holds. Codes are one more than the window's; 0 = all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Area x period x ISCO-08 major group.
    Cube {
        /// Area, with the areas inside it.
        area: u32,
        /// Period.
        period: u32,
        /// Major group.
        group: u32,
    },
    /// Postings whose occupation is among a programme's targets.
    Audience(u32),
    /// Earlier or later half of the panel, by area.
    Half {
        /// Area, with the areas inside it.
        area: u32,
        /// The later half.
        later: bool,
    },
    /// Earlier or later half of the panel, by occupation.
    OccupationHalf {
        /// Occupation of the window.
        occupation: u32,
        /// The later half.
        later: bool,
    },
    /// One period of the panel, by area.
    PanelPeriod {
        /// Area, with the areas inside it.
        area: u32,
        /// Period.
        period: u32,
    },
    /// Postings that state a sector, by area.
    Sector {
        /// Area, with the areas inside it.
        area: u32,
        /// Index into `Window::sectors`.
        sector: u32,
    },
}

impl Scope {
    /// Cell of one period of the panel; `area` is one more than its code, 0 = all.
    pub fn of_series(panel: &Panel, area: u32, period: u32) -> Self {
        match panel.is_complete() {
            true => Scope::Cube { area, period: period + 1, group: 0 },
            false => Scope::PanelPeriod { area, period: period + 1 },
        }
    }

    /// All postings of the window.
    pub const WHOLE: Scope = Scope::Cube { area: 0, period: 0, group: 0 };
}

/// A cell and what its postings add up to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// Which postings.
    pub scope: Scope,
    /// Postings by employer; `count` and `squares` stay 0 for a cell below `min_postings`.
    pub clusters: Clusters,
    /// Known employers.
    pub employers: u64,
    /// Boards.
    pub sources: u64,
    /// Whether its shares may be shown.
    pub publication: Publication,
}

/// Which posting rows belong to which part, a part being the postings of one owner in one cell: a sparse matrix, row by
/// row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Membership {
    /// Where each row's parts start; one more at the end.
    starts: Vec<u32>,
    /// Parts, index into the lists below.
    parts: Vec<u32>,
    /// Cell of each part.
    pub cells: Vec<u32>,
    /// Postings of each part.
    pub sizes: Vec<u32>,
    /// Employer or board of each part.
    pub owners: Vec<u32>,
}

/// All cells, sorted by scope; only published ones have members.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cells {
    /// Sorted by scope.
    pub list: Vec<Cell>,
    /// Members by employer.
    pub by_employer: Membership,
    /// Members by board.
    pub by_board: Membership,
    index: FxHashMap<Scope, u32>,
}

impl Cells {
    /// Finds the cells of a window and adds up their postings.
    ///
    /// # Errors
    /// When there are more memberships than 32 bits can number.
    pub fn build(
        window: &Window,
        audiences: &[BTreeSet<String>],
        panel: &Panel,
        spec: &MeasureSpec,
    ) -> Result<Self, MeasureError> {
        let plan = ScopePlan::new(window, audiences, panel);
        let mut bases: FxHashMap<Scope, u64> = FxHashMap::default();
        let mut scopes = Vec::new();
        for (row, posting) in (0..).zip(&window.rows) {
            plan.scopes_of(row, posting, &mut scopes);
            for scope in &scopes {
                *bases.entry(*scope).or_default() += 1;
            }
        }
        let mut sorted: Vec<(Scope, u64)> = bases.into_iter().collect();
        sorted.sort_unstable();
        let total: u64 = sorted.iter().map(|(_, base)| base).sum();
        if total > u64::from(u32::MAX) {
            return Err(MeasureError::TooMany { what: "postings in cells", limit: u64::from(u32::MAX) });
        }
        let index = sorted.iter().zip(0..).map(|((scope, _), i)| (*scope, i)).collect();
        let list = sorted.into_iter().map(|(scope, base)| empty_cell(scope, base)).collect();
        let mut cells = Self { list, index, ..Self::default() };
        cells.add_members(window, &plan, spec);
        cells.publish(window, spec);
        Ok(cells)
    }

    /// Code of a cell; absent when it has no posting.
    pub fn code(&self, scope: Scope) -> Option<u32> {
        self.index.get(&scope).copied()
    }

    /// The cell of a code.
    pub fn get(&self, code: u32) -> Option<&Cell> {
        self.list.get(code as usize)
    }

    fn add_members(&mut self, window: &Window, plan: &ScopePlan, spec: &MeasureSpec) {
        let (mut employers, mut boards) = (Parts::default(), Parts::default());
        let (mut scopes, mut codes) = (Vec::new(), Vec::new());
        let mut seen_on = window.seen_on.iter().peekable();
        for (row, posting) in (0..).zip(&window.rows) {
            plan.scopes_of(row, posting, &mut scopes);
            codes.clear();
            codes.extend(scopes.iter().filter_map(|s| self.code(*s)).filter(|c| self.is_large(*c, spec)));
            employers.start_row();
            boards.start_row();
            codes.iter().for_each(|cell| employers.add(*cell, posting.employer));
            while let Some((_, board)) = seen_on.next_if(|(r, _)| *r == row) {
                codes.iter().for_each(|cell| boards.add(*cell, *board));
            }
        }
        (self.by_employer, self.by_board) = (employers.finish(), boards.finish());
    }

    /// Whether a cell can be published, or is one whose employers are reported in any case.
    fn is_large(&self, code: u32, spec: &MeasureSpec) -> bool {
        let large = |c: &Cell| c.clusters.base >= spec.min_postings || c.scope == Scope::WHOLE;
        self.get(code).is_some_and(|c| large(c) || matches!(c.scope, Scope::Audience(_)))
    }

    fn publish(&mut self, window: &Window, spec: &MeasureSpec) {
        let parts = &self.by_employer;
        for ((cell, size), employer) in parts.cells.iter().zip(&parts.sizes).zip(&parts.owners) {
            let Some(cell) = self.list.get_mut(*cell as usize) else { continue };
            cell.clusters.add_employer(u64::from(*size));
            cell.employers += u64::from(window.is_known(*employer));
        }
        for cell in &self.by_board.cells {
            if let Some(cell) = self.list.get_mut(*cell as usize) {
                cell.sources += 1;
            }
        }
        for cell in &mut self.list {
            let unknown = cell.clusters.count - cell.employers;
            cell.publication = publication(cell.clusters.base, cell.employers, unknown, spec);
        }
        let published: Vec<bool> = self.list.iter().map(|c| c.publication != Publication::Withheld).collect();
        self.by_employer.keep(&published);
        self.by_board.keep(&published);
    }
}

fn empty_cell(scope: Scope, base: u64) -> Cell {
    let clusters = Clusters { base, ..Clusters::default() };
    Cell { scope, clusters, employers: 0, sources: 0, publication: Publication::Withheld }
}

impl Membership {
    /// Parts of a posting row.
    pub fn parts_of(&self, row: u32) -> &[u32] {
        let at = |i: u32| self.starts.get(i as usize).map_or(self.parts.len(), |s| *s as usize);
        self.parts.get(at(row)..at(row + 1)).unwrap_or_default()
    }

    /// Drops the rows of cells that are not published.
    fn keep(&mut self, published: &[bool]) {
        let is_kept = |part: &u32| {
            let cell = self.cells.get(*part as usize).copied().unwrap_or_default();
            published.get(cell as usize).copied().unwrap_or_default()
        };
        let (mut starts, mut parts) = (Vec::with_capacity(self.starts.len()), Vec::with_capacity(self.parts.len()));
        for row in 0..self.starts.len().saturating_sub(1) as u32 {
            starts.push(parts.len() as u32);
            parts.extend(self.parts_of(row).iter().copied().filter(is_kept));
        }
        starts.push(parts.len() as u32);
        (self.starts, self.parts) = (starts, parts);
    }
}

/// Numbers the (cell, owner) pairs in the order they are met.
#[derive(Default)]
struct Parts {
    members: Membership,
    codes: FxHashMap<(u32, u32), u32>,
}

impl Parts {
    /// Rows come in order, each once.
    fn start_row(&mut self) {
        self.members.starts.push(self.members.parts.len() as u32);
    }

    fn finish(mut self) -> Membership {
        self.start_row();
        self.members
    }

    fn add(&mut self, cell: u32, owner: u32) {
        let members = &mut self.members;
        let next = members.cells.len() as u32;
        let part = *self.codes.entry((cell, owner)).or_insert(next);
        if part == next {
            members.cells.push(cell);
            members.sizes.push(0);
            members.owners.push(owner);
        }
        if let Some(size) = members.sizes.get_mut(part as usize) {
            *size += 1;
        }
        members.parts.push(part);
    }
}

/// Says which scopes a posting falls in.
struct ScopePlan<'a> {
    window: &'a Window,
    panel: &'a Panel,
    /// Audiences of each occupation of the window.
    audiences: Vec<Vec<u32>>,
}

impl<'a> ScopePlan<'a> {
    fn new(window: &'a Window, audiences: &[BTreeSet<String>], panel: &'a Panel) -> Self {
        let holding = |id: &String| (0..).zip(audiences).filter(|(_, a)| a.contains(id)).map(|(i, _)| i).collect();
        Self { window, panel, audiences: window.occupations.iter().map(holding).collect() }
    }

    /// Writes the scopes of a posting into `scopes`, each once.
    fn scopes_of(&self, row: u32, posting: &Row, scopes: &mut Vec<Scope>) {
        scopes.clear();
        let chain = posting.area.and_then(|a| self.window.area_chain.get(a as usize));
        let areas = || std::iter::once(0).chain(chain.into_iter().flatten().map(|a| a + 1));
        let periods = || std::iter::once(0).chain(posting.period.map(|p| p + 1));
        for area in areas() {
            for period in periods() {
                scopes.extend([0, posting.group + 1].map(|group| Scope::Cube { area, period, group }));
            }
        }
        scopes.extend(
            posting.sector.into_iter().flat_map(|sector| areas().map(move |area| Scope::Sector { area, sector })),
        );
        let audiences = posting.occupation.and_then(|o| self.audiences.get(o as usize));
        scopes.extend(audiences.into_iter().flatten().map(|a| Scope::Audience(*a)));
        let Some(period) = posting.period.filter(|_| self.panel.holds(row)) else { return };
        let later = self.panel.is_later(period);
        scopes.extend(posting.occupation.map(|occupation| Scope::OccupationHalf { occupation, later }));
        for area in areas() {
            scopes.push(Scope::Half { area, later });
            if !self.panel.is_complete() {
                scopes.push(Scope::of_series(self.panel, area, period));
            }
        }
    }
}
