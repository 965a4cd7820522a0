//! Sentences of postings that show each skill, with the words marked.

use super::{Context, page_one};
use crate::report::editions;
use crate::report::phrase::{Phrase, Piece, direction, readable, web_address};
use crate::types::{Evidence, Gap, GapStatus, Lane, Lang};
use serde::Serialize;
use std::collections::BTreeSet;

/// The evidence page, without language and extension.
pub const EVIDENCE: &str = "evidence";
/// Sentences shown per skill; `evidence.csv` holds all.
const MOST_SENTENCES: usize = 5;
/// Sentences of a skill near the head of the evidence page.
const MOST_SENTENCES_OF_A_FINDING: usize = 20;
/// Skills with so many.
const MOST_FINDINGS: usize = 80;
/// Skills on the evidence page; `skillgap explain` has every one.
const MOST_SKILLS: usize = 400;
/// Skills to talk about.
const MOST_CARDS: usize = 24;

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

/// The skills of page 1 with their sentences, and where those of the others are; nothing when there is no sentence at all.
pub fn groups(context: &Context) -> (Vec<Group>, Phrase) {
    let (m, findings) = (context.messages, context.index.findings);
    let groups = on_page_one(context).into_iter().map(|skill| group(context, skill)).collect();
    if findings.evidence.is_empty() {
        return (groups, Phrase::new());
    }
    let page = editions::document_file(findings, EVIDENCE, findings.meta.language, "html");
    let page = vec![Piece::own(m.text("documents.evidence_kicker")).linked(Some(page))];
    (groups, m.phrase("evidence.others", &[("page", page)]))
}

/// Skills in the lists of page 1 that have sentences, in the order of the lists.
pub fn on_page_one<'a>(context: &Context<'a>) -> Vec<&'a str> {
    let lists = [GapStatus::Add, GapStatus::Strengthen, GapStatus::Review].into_iter();
    let listed = lists.flat_map(|status| page_one::listed(context, status)).map(|gap| gap.demand.skill.as_str());
    with_sentences(context, listed).collect()
}

/// Skills on the evidence page that have sentences there.
pub fn on_evidence_page<'a>(context: &Context<'a>) -> Vec<&'a str> {
    with_sentences(context, findings(context).into_iter().map(|(skill, _)| skill)).collect()
}

/// Each skill once, if it has sentences.
fn with_sentences<'a>(context: &Context<'a>, skills: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    let mut seen = BTreeSet::new();
    skills.filter(move |s| !context.index.evidence(s).is_empty() && seen.insert(*s))
}

/// Skills of the evidence page, with the number of sentences they have there at most: those named in a list, those that
/// change, those asked for most; then the others that have sentences, by the portfolio's rank and by name.
pub fn findings<'a>(context: &Context<'a>) -> Vec<(&'a str, usize)> {
    let listed = skill_gaps(context).into_iter().map(|g| g.demand.skill.as_str());
    let trends = context.index.findings.trends.iter();
    let changing = trends.filter(|t| t.area == "all" && context.is_changing(Some(t.call))).map(|t| t.skill.as_str());
    let asked = context.most_asked(MOST_FINDINGS).into_iter().map(|d| d.skill.as_str());
    let mut seen = BTreeSet::new();
    let first: Vec<&str> =
        listed.chain(changing).chain(asked).filter(|s| seen.insert(*s)).take(MOST_FINDINGS).collect();
    let known: BTreeSet<&str> = first.iter().copied().collect();
    let ranked = context.index.portfolio_gaps.iter().map(|g| g.demand.skill.as_str());
    let mut named: Vec<&str> = context.index.slugged().map(|(skill, _)| skill).collect();
    named.sort_by(|a, b| context.index.label(a).cmp(context.index.label(b)).then(a.cmp(b)));
    let others: Vec<&str> =
        with_sentences(context, ranked.chain(named)).filter(|skill| !known.contains(skill)).collect();
    let first = first.into_iter().map(|skill| (skill, MOST_SENTENCES_OF_A_FINDING));
    first.chain(others.into_iter().map(|skill| (skill, MOST_SENTENCES))).take(MOST_SKILLS).collect()
}

/// Skills to talk about: those of page 1, those that change, then those asked for most.
pub fn skill_gaps<'a>(context: &Context<'a>) -> Vec<&'a Gap> {
    let ranked = || context.index.portfolio_gaps.iter().filter(|g| g.demand.share.is_some());
    let listed = [GapStatus::Add, GapStatus::Strengthen, GapStatus::Review].into_iter();
    let listed = listed.flat_map(|status| page_one::listed(context, status)).filter(|g| g.demand.share.is_some());
    let mut seen = BTreeSet::new();
    let all = listed.chain(ranked().filter(|g| context.is_called(&g.demand.skill)).chain(ranked()).copied());
    all.filter(|g| seen.insert(g.demand.skill.as_str())).take(MOST_CARDS).collect()
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
