//! How many postings of each cell ask for each skill, and the share that makes.

use super::cells::{Cell, Cells, Membership, Scope};
use super::frames::{codes, collect, count_error, frame, high, join, low, numbers, packed, unpack};
use super::intervals::{Asking, design_effect, effective_n, wilson, worst_design_effect};
use super::mentions::Asked;
use super::suppression::Publication;
use super::window::Window;
use super::{MeasureError, MeasureSpec};
use crate::types::Mark;
use polars::prelude::{
    Column, DataType, Engine, Expr, LazyFrame, NamedFrom, PolarsError, Series, UniqueKeepStrategy, col, len,
};
use std::ops::Range;
use std::path::Path;

/// Pairs counted at a time: each falls in about ten cells, so a slice takes some tens of megabytes.
const SLICE_PAIRS: usize = 150_000;

/// Whole numbers about a skill in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Code of the cell.
    pub cell: u32,
    /// Code of the skill.
    pub skill: u32,
    /// Postings that ask, by employer.
    pub asking: Asking,
    /// Known employers that ask.
    pub employers: u64,
    /// Boards it was seen on.
    pub sources: u64,
}

/// Counts every skill in every published cell, sorted by cell and skill.
///
/// # Errors
/// When the frame engine fails.
pub fn count(asked: &Asked, cells: &Cells, window: &Window) -> Result<Vec<Count>, MeasureError> {
    let mut counts = Vec::new();
    let run = |counts: &mut Vec<Count>| -> Result<(), PolarsError> {
        let members = Members::new(cells, window)?;
        for pairs in asked.slices(SLICE_PAIRS) {
            members.count(pairs, counts)?;
        }
        Ok(())
    };
    run(&mut counts).map_err(count_error(Path::new("mentions")))?;
    counts.sort_unstable_by_key(|c| (c.cell, c.skill));
    Ok(counts)
}

/// The memberships as frames.
struct Members {
    employer_rows: LazyFrame,
    employers: LazyFrame,
    board_rows: LazyFrame,
    boards: LazyFrame,
    one_board: bool,
}

impl Members {
    fn new(cells: &Cells, window: &Window) -> Result<Self, PolarsError> {
        let (by_employer, by_board) = (&cells.by_employer, &cells.by_board);
        let known = by_employer.owners.iter().map(|e| u32::from(window.is_known(*e))).collect();
        let parts = vec![codes("size", by_employer.sizes.clone()), codes("known", known)];
        Ok(Self {
            employer_rows: row_frame(by_employer)?,
            employers: part_frame(by_employer, parts)?,
            board_rows: row_frame(by_board)?,
            boards: part_frame(by_board, Vec::new())?,
            one_board: window.boards.len() == 1,
        })
    }

    fn count(&self, pairs: &[u64], counts: &mut Vec<Count>) -> Result<(), PolarsError> {
        let (skills, rows): (Vec<u32>, Vec<u32>) = pairs.iter().map(|p| unpack(*p)).unzip();
        let asked = frame(vec![codes("skill", skills), codes("row", rows)])?;
        let wide = |name: &str| col(name).cast(DataType::UInt64);
        let products: [Expr; 5] = [
            packed("cell", "skill"),
            wide("asking"),
            (wide("asking") * wide("asking")).alias("squares"),
            (wide("asking") * wide("size")).alias("products"),
            wide("known"),
        ];
        let by_part = by_part(&asked, &self.employer_rows).group_by([col("key")]).agg([len().alias("asking")]);
        let of_cells = join(by_part.with_columns([high("skill"), low("part")]), self.employers.clone(), "part");
        let sums = ["asking", "squares", "products", "known"].map(|name| col(name).sum());
        let table = collect(of_cells.select(products).group_by([col("key")]).agg(sums), Engine::InMemory)?;
        let sources = self.sources(&asked)?;
        let column = |name: &str| numbers(&table, name);
        let (asking, squares, products) = (column("asking")?, column("squares")?, column("products")?);
        let known = column("known")?;
        for (i, key) in column("key")?.into_iter().enumerate() {
            let at = |list: &[u64]| list.get(i).copied().unwrap_or_default();
            let (cell, skill) = unpack(key);
            let asking = Asking { count: at(&asking), squares: at(&squares), products: at(&products) };
            let boards = sources.binary_search_by_key(&key, |s| s.0).ok().and_then(|i| sources.get(i));
            counts.push(Count { cell, skill, asking, employers: at(&known), sources: boards.map_or(1, |s| s.1) });
        }
        Ok(())
    }

    /// (cell and skill, boards), sorted; empty when there is only one board.
    fn sources(&self, asked: &LazyFrame) -> Result<Vec<(u64, u64)>, PolarsError> {
        if self.one_board {
            return Ok(Vec::new());
        }
        let by_part = by_part(asked, &self.board_rows).unique(None, UniqueKeepStrategy::Any);
        let of_cells = join(by_part.with_columns([high("skill"), low("part")]), self.boards.clone(), "part");
        let counted = of_cells.select([packed("cell", "skill")]).group_by([col("key")]);
        let table = collect(counted.agg([len().cast(DataType::UInt64).alias("boards")]), Engine::InMemory)?;
        let mut sources: Vec<_> = numbers(&table, "key")?.into_iter().zip(numbers(&table, "boards")?).collect();
        sources.sort_unstable();
        Ok(sources)
    }
}

/// Skill and part of every asking posting, as one packed key.
fn by_part(asked: &LazyFrame, rows: &LazyFrame) -> LazyFrame {
    join(asked.clone(), rows.clone(), "row").select([packed("skill", "part")])
}

fn row_frame(members: &Membership) -> Result<LazyFrame, PolarsError> {
    frame(vec![codes("row", members.rows.clone()), codes("part", members.parts.clone())])
}

fn part_frame(members: &Membership, more: Vec<Column>) -> Result<LazyFrame, PolarsError> {
    let parts: Vec<u32> = (0..members.cells.len() as u32).collect();
    let mut columns = vec![Column::from(Series::new("part".into(), parts)), codes("cell", members.cells.clone())];
    columns.extend(more);
    frame(columns)
}

/// A share with all that is shown beside it. Of a withheld cell only the base is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Postings that ask.
    pub asking: u64,
    /// Postings.
    pub base: u64,
    /// Known employers that ask.
    pub employers: u64,
    /// Boards it was seen on.
    pub sources: u64,
    /// Postings the interval rests on.
    pub effective_n: f64,
    /// Share, lower and upper end; absent when withheld.
    pub value: Option<(f64, f64, f64)>,
    /// Mark, if any.
    pub mark: Option<Mark>,
}

impl Share {
    /// Nothing but the base.
    pub fn withheld(base: u64) -> Self {
        let mark = Some(Mark::Suppressed);
        Self { asking: 0, base, employers: 0, sources: 0, effective_n: 0.0, value: None, mark }
    }

    /// Whether it hangs on too few employers to recommend anything.
    pub fn is_thin(&self, publication: Publication) -> bool {
        self.value.is_none() || (publication == Publication::Published && self.mark.is_some())
    }
}

/// Shares of all skills in all published cells.
pub struct Shares<'a> {
    /// The cells.
    pub cells: &'a Cells,
    spec: &'a MeasureSpec,
    rows: Vec<(u32, Share)>,
    ranges: Vec<Range<usize>>,
    /// Median design effect of each cell's skills, for skills that nobody or everybody asks for.
    typical: Vec<f64>,
}

impl<'a> Shares<'a> {
    /// Turns sorted counts into shares.
    pub fn new(cells: &'a Cells, counts: &[Count], spec: &'a MeasureSpec) -> Self {
        let mut shares = Self { cells, spec, rows: Vec::with_capacity(counts.len()), ranges: vec![], typical: vec![] };
        let mut rest = counts;
        for (code, cell) in (0..).zip(&cells.list) {
            let (own, others) = rest.split_at(rest.partition_point(|c| c.cell <= code));
            rest = others;
            let effects = own.iter().filter_map(|c| design_effect(c.asking, cell.clusters)).collect();
            let typical = median(effects).unwrap_or_else(|| worst_design_effect(cell.clusters));
            let start = shares.rows.len();
            shares.rows.extend(own.iter().map(|c| (c.skill, share_of(c, cell, typical, spec))));
            shares.ranges.push(start..shares.rows.len());
            shares.typical.push(typical);
        }
        shares
    }

    /// Skills asked for in a cell with their shares, by skill code; empty when withheld.
    pub fn of_cell(&self, code: u32) -> &[(u32, Share)] {
        self.ranges.get(code as usize).and_then(|r| self.rows.get(r.clone())).unwrap_or_default()
    }

    /// Share of a skill in a scope, zero included.
    pub fn get(&self, scope: Scope, skill: u32) -> Share {
        let Some((code, cell)) = self.cells.code(scope).and_then(|c| Some((c, self.cells.get(c)?))) else {
            return Share::withheld(0);
        };
        let rows = self.of_cell(code);
        if let Some((_, share)) = rows.binary_search_by_key(&skill, |r| r.0).ok().and_then(|i| rows.get(i)) {
            return *share;
        }
        let typical = self.typical.get(code as usize).copied().unwrap_or(1.0);
        let none = Count { cell: code, skill, asking: Asking::default(), employers: 0, sources: 0 };
        share_of(&none, cell, typical, self.spec)
    }
}

fn share_of(count: &Count, cell: &Cell, typical: f64, spec: &MeasureSpec) -> Share {
    let base = cell.clusters.base;
    if cell.publication == Publication::Withheld {
        return Share::withheld(base);
    }
    let deff = design_effect(count.asking, cell.clusters).unwrap_or(typical);
    let effective_n = effective_n(cell.clusters, deff);
    let share = count.asking.count as f64 / base as f64;
    let (low, high) = wilson(share, effective_n);
    Share {
        asking: count.asking.count,
        base,
        employers: count.employers,
        sources: count.sources,
        effective_n,
        value: Some((share, low, high)),
        mark: cell.publication.mark(count.asking.count, count.employers, spec),
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
