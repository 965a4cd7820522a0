//! What stands around every report: language, title, period, n, licence and how to cite.

use crate::report::editions;
use crate::report::messages::Texts;
use crate::report::phrase::{Phrase, plain};
use crate::report::view::{Context, EditionLink, Fact, attributions, edition_links, facts, foot, frame, period};
use serde::Serialize;

/// The frame of a document.
#[derive(Debug, Clone, Serialize)]
pub struct Frame {
    /// Language code.
    pub lang: &'static str,
    /// Direction.
    pub dir: &'static str,
    /// Title.
    pub title: Phrase,
    /// The same without marks.
    pub title_plain: String,
    /// Whether the postings are made up.
    pub synthetic: bool,
    /// Period and n, in a line.
    pub line: Phrase,
    /// The same and more as labels with values.
    pub facts: Vec<Fact>,
    /// How to cite.
    pub cite: Phrase,
    /// Sources and their licences.
    pub attributions: Vec<Phrase>,
    /// Running foot of printed pages.
    pub foot: String,
    /// The day the edition speaks for, `YYYY-MM-DD`.
    pub as_of: String,
    /// The same document in other languages.
    pub editions: Vec<EditionLink>,
    /// The page of the gap report, from here.
    pub home: String,
    /// Fixed words of the frame itself.
    pub t: Texts,
}

impl Frame {
    /// Of a document with that stem and title.
    pub fn of(context: &Context, stem: &str, title: Phrase) -> Self {
        let (m, findings) = (context.messages, context.index.findings);
        let meta = &findings.meta;
        let cited = [
            ("title", title.clone()),
            ("period", period(context)),
            ("as_of", m.day(&meta.as_of)),
            ("version", vec![m.figure(&meta.version)]),
        ];
        let kept = ["page", "foot"];
        let up = if stem.contains('/') { "../" } else { "" };
        Self {
            lang: m.language.code(),
            dir: m.direction(),
            title_plain: plain(&title),
            title,
            synthetic: meta.synthetic,
            line: frame(context),
            facts: facts(context),
            cite: m.phrase("foot.cite", &cited),
            attributions: attributions(context),
            foot: foot(context),
            as_of: meta.as_of.clone(),
            editions: edition_links(findings, stem, m.language),
            home: format!("{up}{}", editions::file_name(findings, meta.language, "html")),
            t: m.texts()
                .iter()
                .filter(|(k, _)| kept.contains(&k.as_str()))
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect(),
        }
    }
}
