//! The postings that count, as codes.

use crate::lexicon::sectors::section;
use crate::measure::count::frames::{collect, count_error, list_lengths, scan};
use crate::measure::{ALL, MeasureError, MeasureSpec};
use crate::types::{Date, IscoCode, Lang, Period};
use polars::prelude::{DataFrame, Engine, PolarsError, Series, col};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Code of the group of postings without an occupation.
pub const UNKNOWN_GROUP: u32 = 10;

/// A posting as codes; texts stay in the table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// Index into `Window::areas`.
    pub area: Option<u32>,
    /// Index into `Window::periods`.
    pub period: Option<u32>,
    /// ISCO-08 major group, or [`UNKNOWN_GROUP`].
    pub group: u32,
    /// Cluster: a known employer, or `employer_count` + row number.
    pub employer: u32,
    /// Index into `Window::occupations`.
    pub occupation: Option<u32>,
    /// Board of the earliest origin, index into `Window::boards`.
    pub board: u32,
    /// Language of the text.
    pub language: Lang,
    /// Index into `Window::sectors`, when the posting states one.
    pub sector: Option<u32>,
}

/// The postings of the window, sorted by id; a posting's row number is its code.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Window {
    /// Ids, sorted.
    pub ids: Vec<String>,
    /// One per id.
    pub rows: Vec<Row>,
    /// First and closing day, one per id.
    pub days: Vec<(Option<Date>, Option<Date>)>,
    /// (row, board) for every board a posting was seen on, sorted.
    pub seen_on: Vec<(u32, u32)>,
    /// Area codes of postings and the areas above them, sorted.
    pub areas: Vec<String>,
    /// For each area: itself and those above it.
    pub area_chain: Vec<Vec<u32>>,
    /// Area code to the code above it, of areas without postings too.
    pub parents: BTreeMap<String, String>,
    /// Periods with postings, in order of time.
    pub periods: Vec<String>,
    /// Boards, sorted.
    pub boards: Vec<String>,
    /// Occupation ids, sorted.
    pub occupations: Vec<String>,
    /// Known employers.
    pub employer_count: u32,
    /// Sections of NACE Rev. 2 that postings state, sorted.
    pub sectors: Vec<String>,
}

/// A posting as its table spells it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Spelt<'a> {
    id: &'a str,
    board: &'a str,
    employer: Option<String>,
    area: Option<&'a str>,
    isco: Option<&'a str>,
    occupation: Option<&'a str>,
    language: &'a str,
    posted_on: Option<Date>,
    closes_on: Option<Date>,
    period: Option<Period>,
    boards: Vec<&'a str>,
    sector: Option<&'static str>,
}

impl Window {
    /// Reads the columns that counts need.
    ///
    /// # Errors
    /// When the table cannot be read or holds too many postings.
    pub fn read(path: &Path, spec: &MeasureSpec, parents: &BTreeMap<String, String>) -> Result<Self, MeasureError> {
        let columns = [
            "id",
            "board",
            "employer",
            "area",
            "isco",
            "occupation",
            "language",
            "posted_on",
            "closes_on",
            "boards",
            "sector",
        ];
        let query = scan(path)?.select(columns.map(col));
        let table = collect(query, Engine::Streaming).map_err(count_error(path))?;
        let boards = Boards::new(&table).map_err(count_error(path))?;
        let mut spelt = spell(&table, &boards, spec).map_err(count_error(path))?;
        spelt.sort_unstable();
        spelt.dedup_by(|a, b| a.id == b.id);
        // Row numbers and employers share 32 bits, see `Row::employer`.
        if spelt.len() as u64 > u64::from(u32::MAX / 2) {
            return Err(MeasureError::TooMany { what: "postings", limit: u64::from(u32::MAX / 2) });
        }
        Ok(Self::code(spelt, parents, spec.area_depth))
    }

    fn code(spelt: Vec<Spelt>, parents: &BTreeMap<String, String>, depth: usize) -> Self {
        let lineages = spelt.iter().filter_map(|s| s.area).collect::<BTreeSet<_>>();
        let areas = distinct(lineages.into_iter().flat_map(|a| lineage(a, parents, depth)));
        let area_chain = areas.iter().map(|a| codes_of(&areas, lineage(a, parents, depth))).collect();
        let periods = distinct(spelt.iter().filter_map(|s| s.period)).into_iter().map(|p| p.to_string()).collect();
        let boards = distinct(spelt.iter().flat_map(|s| s.boards.iter().copied()));
        let occupations = distinct(spelt.iter().filter_map(|s| s.occupation));
        let sectors = distinct(spelt.iter().filter_map(|s| s.sector));
        let employers = distinct(spelt.iter().filter_map(|s| s.employer.as_deref()));
        let employer_count = employers.len() as u32;
        let coder =
            Coder { areas: &areas, periods: &periods, boards: &boards, occupations: &occupations, employers, sectors };
        let rows = spelt.iter().zip(0..).map(|(s, row)| coder.row(s, row)).collect();
        let seen_on = spelt.iter().zip(0..).flat_map(|(s, row)| coder.boards(s).map(move |b| (row, b))).collect();
        let owned = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
        Self {
            rows,
            seen_on,
            area_chain,
            parents: parents.clone(),
            employer_count,
            areas: owned(&areas),
            boards: owned(&boards),
            occupations: owned(&occupations),
            days: spelt.iter().map(|s| (s.posted_on, s.closes_on)).collect(),
            ids: spelt.iter().map(|s| s.id.to_owned()).collect(),
            sectors: owned(&coder.sectors),
            periods,
        }
    }

    /// Postings of each employer among `rows`.
    pub fn by_employer(&self, rows: impl IntoIterator<Item = u32>) -> FxHashMap<u32, u64> {
        let mut sizes = FxHashMap::default();
        for row in rows.into_iter().filter_map(|row| self.rows.get(row as usize)) {
            *sizes.entry(row.employer).or_default() += 1;
        }
        sizes
    }

    /// Boards that any of `rows` was seen on.
    pub fn board_count(&self, rows: &[u32]) -> u64 {
        let seen_on = |row: &u32| {
            let (start, row) = (self.seen_on.partition_point(|(r, _)| r < row), *row);
            self.seen_on.get(start..).unwrap_or_default().iter().take_while(move |(r, _)| *r == row).map(|(_, b)| *b)
        };
        rows.iter().flat_map(seen_on).collect::<BTreeSet<u32>>().len() as u64
    }

    /// For each posting of those that count whether one of the boards that count carries it, the one with most of these
    /// postings left out (of equal ones the first by name); absent where they are on one board.
    pub fn beside_the_largest_board(
        &self,
        is_posting: impl Fn(u32) -> bool,
        is_board: impl Fn(u32) -> bool,
    ) -> Option<Vec<bool>> {
        let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
        let seen_on = || self.seen_on.iter().filter(|(row, _)| is_posting(*row));
        seen_on().for_each(|(_, board)| *counts.entry(*board).or_default() += 1);
        let largest = counts.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0))).map(|(board, _)| *board)?;
        let mut kept = vec![false; self.rows.len()];
        for (row, _) in seen_on().filter(|(_, board)| *board != largest && is_board(*board)) {
            kept.iter_mut().skip(*row as usize).take(1).for_each(|k| *k = true);
        }
        (counts.len() > 1).then_some(kept)
    }

    /// Whether a cluster stands for an employer with a name.
    pub fn is_known(&self, employer: u32) -> bool {
        employer < self.employer_count
    }

    /// Areas that a posting counts in, each one more than its code; 0 = all.
    pub fn areas_of(&self, posting: &Row) -> impl Iterator<Item = u32> + '_ {
        let chain = posting.area.and_then(|a| self.area_chain.get(a as usize));
        std::iter::once(0).chain(chain.into_iter().flatten().map(|a| a + 1))
    }

    /// Row number of a posting.
    pub fn row_of(&self, id: &str) -> Option<u32> {
        self.ids.binary_search_by(|x| x.as_str().cmp(id)).ok().map(|i| i as u32)
    }
}

/// Name of a code that is one more than its place in the list; 0 = all.
pub fn name_of(list: &[String], code: u32) -> &str {
    code.checked_sub(1).and_then(|i| list.get(i as usize)).map_or(ALL, String::as_str)
}

/// Name of an occupation group, `unknown` for postings without one.
pub fn group_name(group: u32) -> String {
    if group < UNKNOWN_GROUP { group.to_string() } else { "unknown".to_owned() }
}

/// Dictionaries, each sorted.
struct Coder<'a> {
    areas: &'a [&'a str],
    periods: &'a Vec<String>,
    boards: &'a [&'a str],
    occupations: &'a [&'a str],
    employers: Vec<&'a str>,
    sectors: Vec<&'a str>,
}

impl Coder<'_> {
    fn row(&self, s: &Spelt, row: u32) -> Row {
        let period = s.period.map(|p| p.to_string());
        let unknown = self.employers.len() as u32 + row;
        let major = s.isco.and_then(|c| c.bytes().next()).map(|b| u32::from(b.saturating_sub(b'0')));
        Row {
            area: s.area.and_then(|a| position(self.areas, a)),
            period: period.and_then(|p| self.periods.binary_search(&p).ok()).map(|i| i as u32),
            group: major.filter(|g| *g < UNKNOWN_GROUP).unwrap_or(UNKNOWN_GROUP),
            employer: s.employer.as_deref().and_then(|e| position(&self.employers, e)).unwrap_or(unknown),
            occupation: s.occupation.and_then(|o| position(self.occupations, o)),
            board: position(self.boards, s.board).unwrap_or_default(),
            language: Lang::from_code(s.language),
            sector: s.sector.and_then(|x| position(&self.sectors, x)),
        }
    }

    fn boards<'s>(&'s self, s: &'s Spelt) -> impl Iterator<Item = u32> + 's {
        s.boards.iter().filter_map(|b| position(self.boards, b))
    }
}

fn distinct<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    items.collect::<BTreeSet<_>>().into_iter().collect()
}

fn position(list: &[&str], item: &str) -> Option<u32> {
    list.binary_search(&item).ok().map(|i| i as u32)
}

fn codes_of(list: &[&str], items: Vec<&str>) -> Vec<u32> {
    items.into_iter().filter_map(|item| position(list, item)).collect()
}

/// An area and up to `depth` areas above it; a circle in the parents ends it.
fn lineage<'a>(area: &'a str, parents: &'a BTreeMap<String, String>, depth: usize) -> Vec<&'a str> {
    let mut chain = vec![area];
    while let Some(parent) = chain.last().and_then(|a| parents.get(*a)) {
        if chain.len() > depth || parent.is_empty() || chain.contains(&parent.as_str()) {
            break;
        }
        chain.push(parent);
    }
    chain
}

/// Text without value is no value.
fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|t| !t.is_empty())
}

/// The lists of boards, end to end.
struct Boards {
    names: Series,
    offsets: Vec<usize>,
}

impl Boards {
    fn new(table: &DataFrame) -> Result<Self, PolarsError> {
        let mut offsets = vec![0];
        for length in list_lengths(table, "boards")? {
            offsets.push(offsets.last().copied().unwrap_or_default() + length);
        }
        Ok(Self { names: table.column("boards")?.list()?.rechunk().get_inner(), offsets })
    }

    /// Places of a row's boards in `names`.
    fn range(&self, row: usize) -> std::ops::Range<usize> {
        let at = |i: usize| self.offsets.get(i).copied().unwrap_or_default();
        at(row)..at(row + 1)
    }
}

/// Rows inside the window. An undated posting stays: it counts where periods are not split.
fn spell<'a>(table: &'a DataFrame, boards: &'a Boards, spec: &MeasureSpec) -> Result<Vec<Spelt<'a>>, PolarsError> {
    let text = |name: &str| table.column(name)?.str();
    let (id, board, employer, area) = (text("id")?, text("board")?, text("employer")?, text("area")?);
    let (isco, occupation, language, posted) =
        (text("isco")?, text("occupation")?, text("language")?, text("posted_on")?);
    let closes = text("closes_on")?;
    let sector = text("sector")?;
    let mut sections: FxHashMap<&str, Option<&'static str>> = FxHashMap::default();
    let names = boards.names.str()?;
    let mut rows = Vec::with_capacity(table.height());
    for i in 0..table.height() {
        let date = |text: Option<&str>| text.and_then(|d| d.parse::<Date>().ok());
        let day = date(posted.get(i));
        let early = day.zip(spec.first_day).is_some_and(|(day, first)| day < first);
        let late = day.zip(spec.last_day).is_some_and(|(day, last)| day > last);
        if early || late {
            continue;
        }
        let board = board.get(i).unwrap_or_default();
        let mut seen: Vec<&str> = boards.range(i).filter_map(|b| names.get(b)).chain([board]).collect();
        seen.sort_unstable();
        seen.dedup();
        rows.push(Spelt {
            id: id.get(i).unwrap_or_default(),
            board,
            // Capitals do not make another employer.
            employer: filled(employer.get(i)).map(|e| e.to_lowercase()),
            area: filled(area.get(i)),
            isco: filled(isco.get(i)).filter(|c| IscoCode::new(c).is_ok()),
            occupation: filled(occupation.get(i)),
            language: language.get(i).unwrap_or_default(),
            posted_on: day,
            closes_on: date(closes.get(i)),
            period: day.map(|d| Period::of(d, spec.period)),
            boards: seen,
            sector: filled(sector.get(i)).and_then(|s| *sections.entry(s).or_insert_with(|| section(s))),
        });
    }
    Ok(rows)
}
