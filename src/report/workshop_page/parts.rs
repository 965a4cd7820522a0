//! The parts of the page as its template sees them: tables of rows that people judge.

use crate::report::phrase::{Phrase, Piece};
use crate::report::share::Share;
use crate::report::view::Context;
use crate::report::view::evidence::Quote;
use serde::Serialize;

/// A line of a cell.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Line {
    /// The words.
    pub text: Phrase,
    /// Style class.
    pub class: &'static str,
}

/// A quote and where it stands.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Sourced {
    /// The sentence, its words marked.
    #[serde(flatten)]
    pub quote: Quote,
    /// Where it stands.
    pub source: Phrase,
}

/// Sentences behind a summary.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Quotes {
    /// What opens them.
    pub summary: Phrase,
    /// The sentences.
    pub quotes: Vec<Sourced>,
}

/// A cell: lines, then a chart, then sentences.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Cell {
    /// Lines, the first the largest.
    pub lines: Vec<Line>,
    /// A chart as SVG of our own making, with numbers in it only.
    pub bar: String,
    /// A sentence shown openly.
    pub quote: Option<Sourced>,
    /// Sentences that open on demand.
    pub quotes: Option<Quotes>,
    /// Style class: none, `num` or `word`.
    pub kind: &'static str,
}

/// A row, and what the script needs to know of it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Row {
    /// Name and value of each `data-` attribute; values are escaped by the template.
    pub data: Vec<(&'static str, String)>,
    /// Cells; the first heads the row.
    pub cells: Vec<Cell>,
}

/// A column head.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Head {
    /// The words, repeated beside each cell on a phone.
    pub label: String,
    /// Style class of the column.
    pub kind: &'static str,
}

/// A table; with `decide`, the script adds what people decide in a last column.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Table {
    /// Anchor.
    pub id: &'static str,
    /// What it shows.
    pub caption: Phrase,
    /// Columns.
    pub head: Vec<Head>,
    /// Rows.
    pub rows: Vec<Row>,
    /// `Showing n of N`.
    pub note: Phrase,
    /// Whether people decide row by row.
    pub decide: bool,
}

/// A headed part of the page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Section {
    /// Anchor.
    pub id: &'static str,
    /// Heading.
    pub heading: String,
    /// Word in the list of parts.
    pub short: String,
    /// What to do here.
    pub lead: Phrase,
    /// Its tables.
    pub tables: Vec<Table>,
    /// Lines under the tables.
    pub lines: Vec<Phrase>,
    /// Nothing to see without the script.
    pub script_only: bool,
}

impl Cell {
    /// One line.
    pub fn of(text: Phrase) -> Self {
        Self { lines: vec![Line { text, class: "first" }], ..Self::default() }
    }

    /// One line in a column of figures.
    pub fn figures(text: Phrase) -> Self {
        Self { kind: "num", ..Self::of(text) }
    }

    /// One line of a word or two.
    pub fn word(text: Phrase) -> Self {
        Self { kind: "word", ..Self::of(text) }
    }

    /// With a smaller line below, when it says anything.
    pub fn and(mut self, text: Phrase) -> Self {
        if !text.is_empty() {
            self.lines.push(Line { text, class: "small" });
        }
        self
    }
}

impl Section {
    /// A part headed by `workshop_page.ID_heading`, with `_short` and `_lead`.
    pub fn named(context: &Context, id: &'static str) -> Self {
        let m = context.messages;
        let text = |what: &str| m.text(&format!("workshop_page.{id}_{what}"));
        let lead = m.own(&format!("workshop_page.{id}_lead"));
        Self { id, heading: text("heading"), short: text("short"), lead, ..Self::default() }
    }
}

/// Column heads by the keys of their words; a key ending in `#` heads figures.
pub fn heads(context: &Context, keys: &[&str]) -> Vec<Head> {
    let head = |key: &&str| {
        let (key, kind) = key.strip_suffix('#').map_or((*key, ""), |k| (k, "num"));
        Head { label: context.messages.text(key), kind }
    };
    keys.iter().map(head).collect()
}

/// Share per 100 with its interval, n below.
pub fn shared(context: &Context, share: impl Into<Share>) -> Cell {
    let share = share.into();
    Cell::figures(vec![context.messages.figure(context.messages.share(share))]).and(context.n(share.base))
}

/// Name of an area; all areas together, and postings without one, in words.
pub fn area(context: &Context, code: &str) -> Phrase {
    match code {
        "all" => context.messages.own("workshop_page.all_areas"),
        "unknown" => context.messages.own("quality.unknown"),
        code => vec![Piece::outside(context.names.area(code))],
    }
}
