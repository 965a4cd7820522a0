//! Module guides in Markdown: the title from the front matter or the first heading, outcomes from the first heading
//! that announces them and is followed by a list, a table or numbered headings.

use crate::acquire::draft::Draft;
use pulldown_cmark::{Event, HeadingLevel, MetadataBlockKind, Options, Parser, Tag, TagEnd};
use regex::Regex;
use std::sync::LazyLock;

/// What headings over learning outcomes say, in lower case.
const OUTCOMES: [&str; 13] = [
    "learning outcome",
    "intended outcome",
    "resultats d'aprenentatge",
    "resultats de l'aprenentatge",
    "objectius d'aprenentatge",
    "resultados de aprendizaje",
    "resultados del aprendizaje",
    "objetivos de aprendizaje",
    "مخرجات التعلم",
    "مخرجات تعلم",
    "نواتج التعلم",
    "نتاجات التعلم",
    "أهداف التعلم",
];
/// Titles that name the kind of document and not what is taught.
const KINDS: [&str; 10] = [
    "guia didàctica",
    "guia docent",
    "guía docente",
    "guía didáctica",
    "pla docent",
    "plan docente",
    "module guide",
    "course guide",
    "دليل المقرر",
    "توصيف المقرر",
];

/// `RA1`, `LO 2`, `R.A.3`, `CE1.2`, `م1`: the code of an outcome, alone in a cell or before its text.
static CODE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?:R\.?A\.?|L\.?O\.?|ILO|CLO|م)\s*\d+(?:\.\d+)*\b").ok());
static ECTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(\d+(?:[.,]\d+)?)\s*(?:crèdits|créditos|credits)?\s*ECTS\b|ECTS\W{1,4}(\d+(?:[.,]\d+)?)\b").ok()
});
/// Hours count only where the line says that they are the whole: hours a week are something else.
static HOURS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:durada|duración|duration|workload|càrrega|carga|dedicació[n]?|total|المدة|عدد الساعات)[^\n\d]{0,40}(\d{1,4})\s*(?:h\b|hores|horas|hours|ساعة)|(\d{1,4})\s*(?:hores|horas|hours) (?:en total|totals|totales|in total)").ok()
});
static WEEKLY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)setman|seman|week|أسبوع").ok());

/// Whether a text begins like Markdown with a heading or front matter.
pub(in crate::acquire) fn is_markdown(head: &str) -> bool {
    let mut lines = head.lines().map(str::trim_end).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let marks = first.len() - first.trim_start_matches('#').len();
    let is_heading = (1..=6).contains(&marks) && first.get(marks..).is_some_and(|rest| rest.starts_with(' '));
    let is_underlined = lines.next().is_some_and(|second| second.len() > 2 && second.bytes().all(|b| b == b'='));
    is_heading || first == "---" || is_underlined
}

/// The micro-credential a guide describes.
pub(in crate::acquire) fn read(text: &str) -> Draft {
    let guide = Guide::parse(text);
    let mut draft = Draft::default();
    let named = |key: &str| guide.front.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
    let titles = [named("title"), named("subtitle"), guide.heading.as_deref()].into_iter().flatten();
    let mut titles = titles.map(plain_title).filter(|title| !title.is_empty());
    let fallback = titles.clone().next();
    draft.set("title", titles.find(|title| !KINDS.contains(&title.to_lowercase().as_str())).or(fallback));
    draft.set("language", named("lang").or_else(|| named("language")));
    for (key, field) in
        [("id", "credential_id"), ("code", "credential_id"), ("ects", "ects"), ("hours", "workload_hours")]
    {
        draft.set(field, named(key));
    }
    for outcome in &guide.outcomes {
        draft.add("outcomes", Some(outcome.as_str()));
    }
    draft.set("ects", found(&ECTS, text));
    let sentences = text.lines().flat_map(|line| line.split(". "));
    let whole = sentences.filter(|line| !WEEKLY.as_ref().is_some_and(|weekly| weekly.is_match(line)));
    draft.set("workload_hours", whole.filter_map(|line| found(&HOURS, line)).next());
    draft
}

fn found(pattern: &LazyLock<Option<Regex>>, text: &str) -> Option<String> {
    let caught = pattern.as_ref()?.captures(text)?;
    caught.iter().skip(1).flatten().next().map(|number| number.as_str().to_owned())
}

/// A title without LaTeX commands, up to its first line break.
fn plain_title(title: &str) -> String {
    let first = title.trim().trim_matches(['"', '\'']);
    let first = first.split("\\newline").map(str::trim).find(|part| !part.is_empty()).unwrap_or_default();
    first.trim_end_matches(['.', ':', '\\']).trim().to_owned()
}

/// What is read of a guide while its parts go by.
#[derive(Default)]
struct Guide {
    front: Vec<(String, String)>,
    heading: Option<String>,
    outcomes: Vec<String>,
    /// Level of the heading that announces outcomes, while its section lasts.
    section: Option<HeadingLevel>,
    /// Lists open in the section; only the items of the outermost are outcomes.
    lists: usize,
    text: String,
    cells: Vec<String>,
}

impl Guide {
    fn parse(text: &str) -> Self {
        let mut guide = Self::default();
        let options = Options::ENABLE_TABLES | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
        for event in Parser::new_ext(text, options) {
            match event {
                Event::Start(tag) => guide.start(&tag),
                Event::End(tag) => guide.end(tag),
                Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => guide.text.push_str(&text),
                Event::SoftBreak | Event::HardBreak => guide.text.push('\n'),
                _ => {}
            }
        }
        guide
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::List(_) => {
                // The text before a list inside an item is the item itself.
                if self.lists == 1 {
                    self.item();
                }
                self.lists += 1;
                self.text.clear();
            }
            Tag::Heading { .. } | Tag::Item | Tag::TableCell | Tag::MetadataBlock(_) => self.text.clear(),
            Tag::Paragraph if self.lists == 0 => self.text.clear(),
            Tag::TableRow | Tag::TableHead => self.cells.clear(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::MetadataBlock(MetadataBlockKind::YamlStyle) => self.front = front_matter(&self.text),
            TagEnd::Heading(level) => self.heading(level),
            TagEnd::Item if self.lists == 1 => self.item(),
            TagEnd::Item => self.text.clear(),
            TagEnd::List(_) => {
                self.lists = self.lists.saturating_sub(1);
                self.text.clear();
            }
            TagEnd::TableCell => self.cells.push(std::mem::take(&mut self.text)),
            TagEnd::TableRow => self.row(),
            // The header of a table of outcomes names its columns, unless it is the first outcome.
            TagEnd::TableHead if self.cells.first().is_some_and(|cell| code_length(cell) > 0) => self.row(),
            TagEnd::Paragraph if self.lists == 0 => {
                for line in std::mem::take(&mut self.text).lines() {
                    self.line(line);
                }
            }
            _ => {}
        }
    }

    fn heading(&mut self, level: HeadingLevel) {
        let heading = std::mem::take(&mut self.text);
        let lower = heading.replace('’', "'").to_lowercase();
        if self.section.is_some_and(|open| level > open) {
            // A heading below that begins with a code is an outcome: `### RA1. Recognises ...`
            if code_length(heading.trim()) > 0 {
                self.push(&heading);
            }
            return;
        }
        let announces = OUTCOMES.iter().any(|words| lower.contains(words));
        self.section = (announces && self.outcomes.is_empty()).then_some(level);
        self.heading = self.heading.take().or(Some(heading));
    }

    fn item(&mut self) {
        let item = std::mem::take(&mut self.text);
        self.push(&item);
    }

    fn row(&mut self) {
        let row = self.cells.join(" ");
        self.cells.clear();
        self.push(&row);
    }

    /// A line of a paragraph: a row of a table without its ruler, or a coded outcome on a line of its own.
    fn line(&mut self, line: &str) {
        let line = line.trim();
        let row = line.trim_matches('|').replace('|', " ");
        if line.starts_with('|') || code_length(line) > 0 {
            self.push(&row);
        }
    }

    fn push(&mut self, outcome: &str) {
        let outcome = outcome.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = outcome.get(code_length(&outcome)..).unwrap_or_default();
        let text = text.trim_start_matches(|c: char| c.is_whitespace() || ".:-–—)|".contains(c));
        let is_ruler = !text.chars().any(char::is_alphabetic);
        if self.section.is_some() && !is_ruler {
            self.outcomes.push(text.to_owned());
        }
    }
}

fn code_length(text: &str) -> usize {
    let trimmed = text.trim_start();
    let found = CODE.as_ref().and_then(|code| code.find(trimmed)).map_or(0, |found| found.end());
    if found == 0 { 0 } else { text.len() - trimmed.len() + found }
}

/// `key: value` lines of the front matter; lists and nested keys are left out.
fn front_matter(yaml: &str) -> Vec<(String, String)> {
    let pairs =
        yaml.lines().filter(|line| !line.starts_with([' ', '#', '-', '\t'])).filter_map(|line| line.split_once(':'));
    pairs.map(|(key, value)| (key.trim().to_lowercase(), value.trim().trim_matches('"').to_owned())).collect()
}
