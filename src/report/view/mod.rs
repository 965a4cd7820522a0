//! The page as the template sees it: every sentence and cell ready, only escaping left to do.

pub mod assurance;
pub mod beside;
pub mod catalogue;
pub mod courses;
mod cover;
pub mod evidence;
mod frame;
pub mod gaps;
mod home;
pub mod ledger;
pub mod novel;
pub mod outcomes;
pub mod page_one;
pub mod programmes;
pub mod quality;
pub mod sensitivity;
pub mod tables;
pub mod workshop;

pub use cover::{Cover, cover, notes};
pub use evidence::parts as evidence_parts;
pub use frame::{
    attributions, caveats, facts, files, foot, frame, leaps, limits, marks, method, period, snapshots, span,
};
pub use home::taught;
pub use outcomes::band;
pub use quality::step as quality_step;

use super::ReportError;
use super::charts::Drawing;
use super::editions::{self, GAP};
use super::index::Index;
use super::messages::{Messages, Texts, mark_text};
use super::names::Names;
use super::phrase::{Phrase, Piece, plain};
use super::share::Share;
use crate::types::{Demand, Findings, Lang, Trend, TrendCall};
use serde::Serialize;

/// A report that an edition has once.
#[derive(Debug, Clone, Copy)]
pub struct Report {
    /// File name without language and extension.
    pub stem: &'static str,
    /// Key of what it is called.
    pub kicker: &'static str,
    /// Whether it is printed; the others are for a screen.
    pub is_printed: bool,
}

/// Reports of an edition beside the briefs.
pub const REPORTS: [Report; 7] = [
    Report { stem: GAP, kicker: "page.kicker", is_printed: true },
    Report { stem: "trend", kicker: "documents.trend_kicker", is_printed: true },
    Report { stem: "workshop", kicker: "documents.workshop_kicker", is_printed: true },
    Report { stem: "workshop-page", kicker: "workshop_page.kicker", is_printed: false },
    Report { stem: "guidance", kicker: "documents.guidance_kicker", is_printed: true },
    Report { stem: "portfolio", kicker: "documents.portfolio_kicker", is_printed: true },
    Report { stem: evidence::EVIDENCE, kicker: "documents.evidence_kicker", is_printed: false },
];

/// What every part of the page is built from.
pub struct Context<'a> {
    /// Findings, indexed.
    pub index: Index<'a>,
    /// Fixed strings.
    pub messages: &'a Messages,
    /// Names of areas and occupation groups.
    pub names: &'static Names,
    /// Most rows a table shows.
    pub most_rows: usize,
}

/// A table cell.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Cell {
    /// First line.
    pub text: Phrase,
    /// Second line, smaller.
    pub small: Phrase,
    /// Style class: none, `num` or `word`.
    pub kind: &'static str,
}

/// A column head.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Head {
    /// Head as shown.
    pub text: Phrase,
    /// The same as plain text, repeated beside each cell on a phone.
    pub label: String,
    /// Style class of the column.
    pub kind: &'static str,
}

/// A table with caption; its first column heads the rows.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TableView {
    /// Anchor.
    pub id: String,
    /// What it shows.
    pub caption: Phrase,
    /// Columns.
    pub head: Vec<Head>,
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
    /// `showing n of N, all rows in ...`, and other remarks.
    pub note: Phrase,
}

/// A headed part of the page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Section {
    /// Anchor.
    pub id: &'static str,
    /// Heading.
    pub heading: String,
    /// What to read from it.
    pub lead: Phrase,
    /// Its tables; empty ones are left out.
    pub tables: Vec<TableView>,
    /// Lines under the tables.
    pub lines: Vec<Phrase>,
}

/// A chart with the words around it.
#[derive(Debug, Clone, Serialize)]
pub struct ChartView {
    /// The finding.
    pub title: Phrase,
    /// For wide pages and paper, and for phones.
    pub drawing: Drawing,
    /// What a reader who does not see it should know.
    pub description: String,
    /// A sentence below.
    pub summary: Phrase,
}

/// A label with its value.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// The value.
    pub value: Phrase,
}

/// The report in another language.
#[derive(Debug, Clone, Serialize)]
pub struct EditionLink {
    lang: &'static str,
    dir: &'static str,
    name: &'static str,
    href: Option<String>,
}

/// The whole page.
#[derive(Debug, Clone, Serialize)]
pub struct Page {
    lang: &'static str,
    dir: &'static str,
    t: Texts,
    title: Phrase,
    title_plain: String,
    synthetic: bool,
    frame: Phrase,
    facts: Vec<Fact>,
    one: page_one::PageOne,
    decided: Phrase,
    marks: Phrase,
    cards: Vec<programmes::Card>,
    cards_note: Phrase,
    sections: Vec<Section>,
    evidence: Vec<evidence::Group>,
    evidence_note: Phrase,
    closing: Vec<Section>,
    method: Vec<Phrase>,
    limits: Vec<Phrase>,
    files: Vec<Fact>,
    cite: Phrase,
    attributions: Vec<Phrase>,
    snapshots: Vec<Fact>,
    editions: Vec<EditionLink>,
    reports: Vec<Phrase>,
    /// Running foot of printed pages.
    #[serde(skip)]
    pub foot: String,
}

/// Builds the page with at most `most_rows` rows in a table.
///
/// # Errors
/// When the message catalogue does not parse.
pub fn page(findings: &Findings, most_rows: usize) -> Result<Page, ReportError> {
    let messages = Messages::of(findings.meta.language)?;
    let context = Context::of(findings, &messages, most_rows);
    let (cards, cards_note) = programmes::cards(&context);
    let (evidence, evidence_note) = evidence::groups(&context);
    let mut sections = vec![
        gaps::chart_data(&context),
        outcomes::matches(&context),
        gaps::uncovered(&context),
        sensitivity::section(&context),
        proposals(&context),
        workshop::section(&context),
        ledger::section(&context),
        outcomes::silent(&context),
        catalogue::section(&context),
        assurance::section(&context),
        beside::trends(&context),
        novel::section(&context),
        beside::areas(&context),
        beside::official(&context),
    ];
    sections.retain(|s| !s.tables.is_empty() || !s.lines.is_empty());
    sections.iter_mut().flat_map(|s| &mut s.tables).for_each(|t| tables::without_silent_columns(&context, t));
    let one = page_one::page_one(&context);
    let marks = marks(&context, &(&one, &cards, &sections));
    let meta = &findings.meta;
    let cited = [
        ("title", vec![context.index.name(&meta.title)]),
        ("period", period(&context)),
        ("as_of", messages.day(&meta.as_of)),
        ("version", vec![messages.figure(&meta.version)]),
    ];
    Ok(Page {
        lang: messages.language.code(),
        dir: messages.direction(),
        title: vec![context.index.name(&meta.title)],
        title_plain: plain(&[Piece::outside(&meta.title)]),
        synthetic: meta.synthetic,
        frame: frame(&context),
        facts: facts(&context),
        one,
        decided: workshop::decided(&context),
        marks,
        cards,
        cards_note,
        sections,
        evidence,
        evidence_note,
        closing: vec![quality::section(&context)],
        method: method(&context),
        limits: limits(&context),
        files: files(&context),
        cite: messages.phrase("foot.cite", &cited),
        attributions: attributions(&context),
        snapshots: snapshots(&context),
        editions: edition_links(findings, GAP, messages.language),
        reports: reports(&context),
        foot: foot(&context),
        t: messages.texts().clone(),
    })
}

impl Page {
    /// Whether it runs from right to left.
    pub fn is_rtl(&self) -> bool {
        self.dir == "rtl"
    }
}

/// Every edition under its own name; the page itself has no target.
pub fn edition_links(findings: &Findings, stem: &str, here: Lang) -> Vec<EditionLink> {
    // Within a folder, the other languages lie in the same one.
    let name = stem.rsplit('/').next().unwrap_or(stem);
    let link = |language: Lang| EditionLink {
        lang: language.code(),
        dir: super::phrase::direction(language),
        name: own_name(language),
        href: (language != here).then(|| editions::document_file(findings, name, language, "html")),
    };
    editions::languages(findings).into_iter().map(link).collect()
}

/// Micro-credentials that the postings suggest.
fn proposals(context: &Context) -> Section {
    let m = context.messages;
    Section {
        id: "proposals",
        heading: m.text("documents.proposals_heading"),
        lead: m.own("documents.proposals_lead"),
        tables: vec![tables::proposals(context)].into_iter().filter(|t| !t.rows.is_empty()).collect(),
        lines: Vec::new(),
    }
}

/// The reports of the edition as page and PDF; the page that lists them links no page of its own.
fn reports(context: &Context) -> Vec<Phrase> {
    REPORTS
        .iter()
        .map(|report| {
            let page = (report.stem != GAP).then_some(report.stem);
            links(context, report.kicker, page, report.is_printed.then_some(report.stem))
        })
        .collect()
}

/// A report by its name, linked to its page, and its PDF.
pub fn links(context: &Context, kicker: &str, page: Option<&str>, pdf: Option<&str>) -> Phrase {
    let (m, findings) = (context.messages, context.index.findings);
    let file = |stem: &str, extension| editions::document_file(findings, stem, findings.meta.language, extension);
    let page = Piece::own(m.text(kicker)).linked(page.map(|stem| file(stem, "html")));
    let pdf = pdf.map(|stem| Piece::own(m.text("documents.as_pdf")).linked(Some(file(stem, "pdf"))));
    std::iter::once(page).chain(pdf.into_iter().flat_map(|pdf| [Piece::own(" · "), pdf])).collect()
}

/// How much of a skill is taught, as the end of a key.
pub fn coverage_band(coverage: f64) -> &'static str {
    match coverage {
        c if c >= 0.75 => "well",
        c if c >= 0.25 => "partly",
        _ => "barely",
    }
}

/// What speakers call their language.
fn own_name(language: Lang) -> &'static str {
    match language {
        Lang::Es => "Español",
        Lang::Ca => "Català",
        Lang::Ar => "العربية",
        Lang::En | Lang::Und => "English",
    }
}

fn own(text: impl std::fmt::Display) -> Phrase {
    vec![Piece::own(text)]
}

impl<'a> Context<'a> {
    /// For a reader of the findings' language.
    pub fn of(findings: &'a Findings, messages: &'a Messages, most_rows: usize) -> Self {
        let index = Index::of(findings, messages.language);
        let context = Self { index, messages, names: Names::of(findings.meta.language), most_rows };
        let (here, elsewhere) = (evidence::on_page_one(&context), evidence::on_evidence_page(&context));
        let [here, elsewhere] = [here, elsewhere].map(|skills| skills.into_iter().collect());
        let page = editions::document_file(findings, evidence::EVIDENCE, findings.meta.language, "html");
        Self { index: context.index.with_sentences(here, elsewhere, page), ..context }
    }

    /// The same for a document, which links every sentence to the evidence page.
    pub fn beside(findings: &'a Findings, messages: &'a Messages, most_rows: usize, page: String) -> Self {
        let context = Self::of(findings, messages, most_rows);
        Self { index: context.index.beside(page), ..context }
    }

    /// Skills asked for most in all postings of the window.
    pub fn most_asked(&self, most: usize) -> Vec<&'a Demand> {
        let rows = self.index.findings.demand.iter();
        let whole =
            rows.filter(|d| d.area == "all" && d.period == "all" && d.occupation_group == "all" && d.share.is_some());
        let mut all: Vec<&Demand> = whole.collect();
        let share = |d: &Demand| d.share.unwrap_or_default();
        all.sort_by(|a, b| share(b).total_cmp(&share(a)).then(a.skill.cmp(&b.skill)));
        all.truncate(most);
        all
    }

    /// Whether the change of a skill is called.
    pub fn is_called(&self, skill: &str) -> bool {
        self.is_changing(self.index.trend(skill).map(|t| t.call))
    }

    /// Whether a call is one of a change.
    pub fn is_changing(&self, call: Option<TrendCall>) -> bool {
        matches!(call, Some(TrendCall::Emerging | TrendCall::Growing | TrendCall::Declining))
    }

    /// A plain cell.
    pub fn cell(&self, text: Phrase) -> Cell {
        Cell { text, ..Cell::default() }
    }

    /// A cell of one or two words, never broken inside.
    pub fn word(&self, text: Phrase) -> Cell {
        Cell { text, kind: "word", ..Cell::default() }
    }

    /// A cell of figures.
    pub fn figure(&self, text: impl std::fmt::Display) -> Cell {
        Cell { text: vec![self.messages.figure(text)], kind: "num", ..Cell::default() }
    }

    /// Share per 100 with its interval, n on the second line.
    pub fn share_cell(&self, share: impl Into<Share>) -> Cell {
        let share = share.into();
        Cell { small: self.n(share.base), ..self.figure(self.messages.share(share)) }
    }

    /// The same for the demand of a skill, linked to the sentences behind it.
    pub fn demand_cell(&self, demand: &Demand) -> Cell {
        let figure = self.messages.figure(self.messages.share(demand));
        let text = vec![figure.linked(self.index.evidence_href(&demand.skill))];
        Cell { text, ..self.share_cell(demand) }
    }

    /// `+42 % (+18 to +71)` of a difference of logarithms; nothing without a figure.
    pub fn change(&self, growth: Option<f64>, low: Option<f64>, high: Option<f64>) -> Phrase {
        let (Some(growth), Some(low), Some(high)) = (growth, low, high) else { return Phrase::new() };
        let percent = |g: f64| {
            let value = (g.exp() - 1.0) * 100.0;
            format!("{}{}", if value > 0.0 { "+" } else { "" }, self.messages.decimal(value, 0))
        };
        let ends = [("change", percent(growth)), ("low", percent(low)), ("high", percent(high))];
        self.messages.fill("trend.change", &ends)
    }

    /// What a change allows to say, in words.
    pub fn call_words(&self, call: Option<TrendCall>) -> Phrase {
        let key = match call {
            Some(TrendCall::Emerging) => "trend.emerging",
            Some(TrendCall::Growing) => "trend.growing",
            Some(TrendCall::Declining) => "trend.declining",
            Some(TrendCall::NoClearChange) => "values.call_no_clear_change",
            Some(TrendCall::TooFew) => "values.call_too_few",
            None => return Phrase::new(),
        };
        self.messages.own(key)
    }

    /// `n = 1,120`
    pub fn n(&self, base: u64) -> Phrase {
        self.messages.fill("demand.n", &[("n", self.messages.count(base))])
    }

    /// Column heads from `table.<key>`; keys ending in `#` are columns of figures.
    pub fn heads(&self, keys: &[&str]) -> Vec<Head> {
        let head = |key: &&str| {
            let (key, kind) = key.strip_suffix('#').map_or((*key, ""), |k| (k, "num"));
            let label = self.messages.text(&format!("table.{key}"));
            Head { text: own(&label), label, kind }
        };
        keys.iter().map(head).collect()
    }

    /// `Showing n of N; all rows are in FILE.` when rows were cut.
    pub fn cut_note(&self, shown: usize, all: usize, file: &str) -> Phrase {
        if shown >= all {
            return Phrase::new();
        }
        let count = |n: usize| self.messages.count(n as u64);
        let values = [("shown", count(shown)), ("all", count(all)), ("file", file.to_owned())];
        self.messages.fill("table.cut", &values)
    }

    /// `↑ growing`, only where the change is called and holds in every other reading.
    pub fn trend_words(&self, trend: Option<&Trend>) -> Phrase {
        let steady = trend.filter(|t| self.is_changing(Some(t.call)) && tables::is_steady(self, t));
        self.call_words(steady.map(|t| t.call))
    }

    /// A rank, or that it is withheld.
    pub fn rank_words(&self, rank: Option<u32>) -> String {
        let withheld = || mark_text(crate::types::Mark::Suppressed).to_owned();
        rank.map_or_else(withheld, |rank| self.messages.count(u64::from(rank)))
    }
}
