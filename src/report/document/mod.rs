//! What every printed report is made of: a document of parts, each of blocks, every sentence and cell ready. HTML, PDF and
//! the workbook of a report are three renderings of the same value.

mod brief;
mod cards;
mod evidence;
mod frame;
mod gap;
mod guidance;
mod last_period;
mod pictures;
mod portfolio;
#[cfg(test)]
mod tests;
mod trend;
mod workshop;

pub use frame::Frame;

use super::ReportError;
use super::editions;
use super::messages::Messages;
use super::phrase::{Phrase, Piece};
use super::view::evidence::{EVIDENCE, Quote, Quoted};
use super::view::programmes::{MOST_BRIEFS, chosen};
use super::view::tables::without_silent_columns;
use super::view::{ChartView, Context, Fact, REPORTS, Section, TableView, marks};
use crate::types::{Findings, Proposals};
use serde::Serialize;
use std::borrow::Cow;

/// A report as readers hold it.
#[derive(Debug, Clone, Serialize)]
pub struct Document {
    /// File name without language and extension; a slash is a folder.
    #[serde(skip)]
    pub stem: String,
    /// Language, title, period, how to cite: the same around every report.
    pub frame: Frame,
    /// The programme it is about, of a brief.
    #[serde(skip)]
    pub programme: Option<String>,
    /// Published tables that its workbook holds.
    #[serde(skip)]
    pub tables: Vec<&'static str>,
    /// What kind of report it is.
    pub kicker: String,
    /// Printed for a table and not read on a screen: large, grey, a page per part.
    pub is_print_set: bool,
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

/// A headed part.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Part {
    /// Anchor.
    pub id: String,
    /// Heading.
    pub heading: Phrase,
    /// What to read from it.
    pub lead: Phrase,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// Something with a form of its own.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// A sentence that stands out.
    Verdict {
        /// The sentence.
        text: Phrase,
        /// What it rests on.
        grounds: Phrase,
    },
    /// Paragraphs.
    Prose {
        /// One each.
        lines: Vec<Phrase>,
    },
    /// A list.
    List {
        /// Numbered.
        ordered: bool,
        /// Its lines.
        lines: Vec<Phrase>,
    },
    /// Labels with values.
    Facts {
        /// In order.
        facts: Vec<Fact>,
    },
    /// A table.
    Table {
        /// The table.
        table: TableView,
    },
    /// A chart.
    Chart {
        /// The chart.
        chart: ChartView,
    },
    /// Cards side by side.
    Cards {
        /// The cards.
        cards: Vec<Card>,
    },
    /// Sentences of postings, their words marked.
    Sentences {
        /// The sentences.
        sentences: Vec<Quoted>,
    },
    /// A form to fill in by hand.
    Form {
        /// Its lines.
        fields: Vec<Field>,
    },
    /// A table with cells to fill in by hand.
    Sheet {
        /// What it is for.
        caption: Phrase,
        /// Heads.
        heads: Vec<String>,
        /// Rows; cells beyond the ones given are empty boxes.
        rows: Vec<Vec<Phrase>>,
    },
}

/// A card to lay on the table.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Card {
    /// What it is about.
    pub title: Phrase,
    /// The same in a second language.
    pub second: Phrase,
    /// Plain words about it.
    pub text: Phrase,
    /// Figures.
    pub facts: Vec<Fact>,
    /// Words of a posting.
    pub quote: Option<Quote>,
    /// What is to be written on it.
    pub blank: String,
}

/// A line of a form.
#[derive(Debug, Clone, Serialize)]
pub struct Field {
    /// What is asked.
    pub label: String,
    /// Lines to write on.
    pub lines: u32,
}

/// Every report of an edition as a document, in the language of the findings: those of the whole edition, then the briefs.
///
/// # Errors
/// When the message catalogue does not parse.
pub fn documents(findings: &Findings, most_rows: usize) -> Result<Vec<Document>, ReportError> {
    let messages = Messages::of(findings.meta.language)?;
    let page = editions::document_file(findings, EVIDENCE, findings.meta.language, "html");
    let context = Context::beside(findings, &messages, most_rows, page.clone());
    let mut all = vec![
        gap::document(&context),
        trend::document(&context),
        workshop::document(&context),
        guidance::document(&context),
        portfolio::document(&context),
        evidence::document(&context),
    ];
    let context = Context::beside(findings, &messages, most_rows, format!("../{page}"));
    let programmes = chosen(&context, MOST_BRIEFS);
    all.extend(programmes.into_iter().map(|programme| brief::document(&context, programme)));
    all.iter_mut().for_each(|document| document.finish(&context));
    Ok(all)
}

impl Document {
    /// Leaves out columns without an entry, and says at the end of the first part what the marks mean.
    fn finish(&mut self, context: &Context) {
        for block in self.parts.iter_mut().flat_map(|part| &mut part.blocks) {
            if let Block::Table { table } = block {
                without_silent_columns(context, table);
            }
        }
        // The method names every mark, used or not; the workshop pack has a page on how to read figures.
        let shown: Vec<&Part> = self.parts.iter().filter(|part| part.id != "method").collect();
        let key = if self.is_print_set { Phrase::new() } else { marks(context, &shown) };
        if let Some(first) = self.parts.first_mut().filter(|_| !key.is_empty()) {
            first.blocks.push(Block::Prose { lines: vec![key] });
        }
    }

    /// What it says first and what that rests on: its verdict, or the first of its headlines; nothing in one of cards.
    pub fn opening(&self) -> Vec<Phrase> {
        let mut blocks = self.parts.first().into_iter().flat_map(|part| &part.blocks);
        let said = blocks.find_map(|block| match block {
            Block::Verdict { text, grounds } => Some(vec![text.clone(), grounds.clone()]),
            Block::List { ordered: true, lines } => lines.first().map(|line| vec![line.clone()]),
            _ => None,
        });
        said.unwrap_or_default()
    }

    /// The findings that its workbook is made of: those of a brief are its programme's.
    pub fn own_findings<'a>(&self, findings: &'a Findings) -> Cow<'a, Findings> {
        let Some(programme) = &self.programme else { return Cow::Borrowed(findings) };
        let outcomes = findings.outcomes.iter().filter(|o| o.credential == *programme).cloned().collect();
        let edits = findings.proposals.edits.iter().filter(|e| e.credential == *programme).cloned().collect();
        Cow::Owned(Findings {
            meta: findings.meta.clone(),
            quality: findings.quality.clone(),
            caveats: findings.caveats.clone(),
            programmes: findings.programmes.iter().filter(|p| p.programme == *programme).cloned().collect(),
            gaps: findings.gaps.iter().filter(|g| g.programme == *programme).cloned().collect(),
            outcomes,
            proposals: Proposals { edits, ..Proposals::default() },
            ..Findings::default()
        })
    }

    /// Whether it comes on paper too; a brief does.
    pub fn is_printed(&self) -> bool {
        REPORTS.iter().find(|report| report.stem == self.stem).is_none_or(|report| report.is_printed)
    }

    /// `trend.html`, or `trend.es.html` in another language than the plan's.
    pub fn file_name(&self, findings: &Findings, extension: &str) -> String {
        editions::document_file(findings, &self.stem, findings.meta.language, extension)
    }
}

impl Part {
    /// A part of the page as a part of a document; nothing when it is empty.
    fn of(section: Section) -> Option<Self> {
        let mut blocks: Vec<Block> = section.tables.into_iter().filter_map(Block::table).collect();
        if !section.lines.is_empty() {
            blocks.push(Block::List { ordered: false, lines: section.lines });
        }
        let part =
            Self { id: section.id.to_owned(), heading: vec![Piece::own(section.heading)], lead: section.lead, blocks };
        (!part.blocks.is_empty()).then_some(part)
    }

    /// The same with charts before its tables.
    fn led_by(self, charts: impl IntoIterator<Item = Option<Block>>) -> Self {
        let blocks = charts.into_iter().flatten().chain(self.blocks).collect();
        Self { blocks, ..self }
    }

    /// A part whose heading and lead are `documents.<key>_heading` and `documents.<key>_lead`; nothing without blocks.
    fn titled(context: &Context, id: &str, key: &str, blocks: Vec<Block>) -> Option<Self> {
        let m = context.messages;
        let lead = m.find(&format!("documents.{key}_lead")).map(|_| m.own(&format!("documents.{key}_lead")));
        let heading = m.own(&format!("documents.{key}_heading"));
        let part = Self { id: id.to_owned(), heading, lead: lead.unwrap_or_default(), blocks };
        (!part.blocks.is_empty()).then_some(part)
    }
}

impl Block {
    /// A table with rows.
    fn table(table: TableView) -> Option<Self> {
        (!table.rows.is_empty()).then_some(Self::Table { table })
    }

    /// A list with lines.
    fn list(lines: Vec<Phrase>) -> Option<Self> {
        (!lines.is_empty()).then_some(Self::List { ordered: false, lines })
    }
}
