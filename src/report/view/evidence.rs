//! Sentences of postings that show each skill, with the words marked.

use super::Context;
use crate::report::phrase::{Phrase, Piece, direction, readable, web_address};
use crate::types::{Evidence, Lane, Lang};
use serde::Serialize;
use std::collections::BTreeSet;

/// Sentences shown per skill; `evidence.csv` holds all.
const MOST_SENTENCES: usize = 5;

/// Sentences of a skill on the evidence page.
pub const MOST_SENTENCES_OF_A_FINDING: usize = 20;

/// A skill with its sentences.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    slug: String,
    skill: Phrase,
    demand: Phrase,
    sentences: Vec<Quoted>,
    note: Phrase,
}

/// A sentence in three parts, shown in one isolate so that its direction holds.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Quote {
    /// Language code, where it is known.
    pub lang: Option<&'static str>,
    /// Direction that goes with it.
    pub dir: Option<&'static str>,
    /// Up to the words.
    pub before: String,
    /// The words; none when the offsets do not fit.
    pub words: String,
    /// After them.
    pub after: String,
}

impl Quote {
    /// A sentence with the bytes from `start` to `end` marked.
    pub fn of(sentence: &str, (start, end): (u32, u32), language: Lang) -> Self {
        let (before, words, after) = split(sentence, start, end);
        let known = language != Lang::Und;
        Self {
            lang: known.then(|| language.code()),
            dir: known.then(|| direction(language)),
            before: readable(before),
            words: readable(words),
            after: readable(after),
        }
    }
}

/// A quote with where it stands and how the words were found.
#[derive(Debug, Clone, Serialize)]
pub struct Quoted {
    #[serde(flatten)]
    quote: Quote,
    title: Piece,
    board: Piece,
    posted_on: Option<String>,
    undated: String,
    href: Option<String>,
    found: Phrase,
}

/// Groups in the order of the portfolio's ranks, then by name.
pub fn groups(context: &Context) -> (Vec<Group>, Phrase) {
    let mut seen = BTreeSet::new();
    let ranked = context.index.portfolio_gaps.iter().map(|g| g.demand.skill.as_str());
    let mut rest: Vec<&str> = context.index.slugged().map(|(skill, _)| skill).collect();
    rest.sort_by(|a, b| context.index.label(a).cmp(context.index.label(b)).then(a.cmp(b)));
    let skills: Vec<&str> =
        ranked.chain(rest).filter(|s| !context.index.evidence(s).is_empty() && seen.insert(*s)).collect();
    let shown = skills.len().min(context.most_rows);
    let groups = skills.iter().take(shown).map(|skill| group(context, skill)).collect();
    (groups, context.cut_note(shown, skills.len(), "evidence.csv"))
}

fn group(context: &Context, skill: &str) -> Group {
    let rows = context.index.evidence(skill);
    let demand = context.index.demand(skill);
    let label = demand.map(|d| d.label.as_str()).or_else(|| rows.first().map(|e| e.label.as_str())).unwrap_or(skill);
    Group {
        slug: context.index.slug(skill).unwrap_or_default().to_owned(),
        skill: vec![context.index.name(label)],
        demand: demand.map(|d| context.messages.demand(d)).unwrap_or_default(),
        sentences: rows.iter().take(MOST_SENTENCES).map(|e| quoted(context, e)).collect(),
        note: context.cut_note(rows.len().min(MOST_SENTENCES), rows.len(), "evidence.csv"),
    }
}

/// A sentence with its words, board, day, and how it was found.
pub fn quoted(context: &Context, evidence: &Evidence) -> Quoted {
    let lane = match evidence.lane {
        Lane::Exact => "evidence.exact",
        Lane::Stem => "evidence.stem",
        Lane::Fuzzy => "evidence.fuzzy",
        Lane::Ranked => "evidence.ranked",
    };
    let found = [
        ("label", vec![Piece::outside(&evidence.label)]),
        ("score", vec![Piece::own(context.messages.decimal(f64::from(evidence.score), 2))]),
    ];
    Quoted {
        quote: Quote::of(&evidence.sentence, (evidence.start, evidence.end), evidence.language),
        title: Piece::spoken(&evidence.title, evidence.language),
        board: Piece::outside(&evidence.board),
        posted_on: evidence.posted_on.clone(),
        undated: context.messages.text("evidence.undated"),
        href: web_address(evidence.url.as_deref()),
        found: context.messages.phrase(lane, &found),
    }
}

/// The sentence around its marked words; offsets that do not fit mark nothing.
pub fn parts(evidence: &Evidence) -> (&str, &str, &str) {
    split(&evidence.sentence, evidence.start, evidence.end)
}

fn split(text: &str, start: u32, end: u32) -> (&str, &str, &str) {
    let (start, end) = (start as usize, end as usize);
    match (text.get(..start), text.get(start..end), text.get(end..)) {
        (Some(before), Some(words), Some(after)) => (before, words, after),
        _ => (text, "", ""),
    }
}
