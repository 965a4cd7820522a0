//! Novel terms: frequent noun phrases of postings that no skill explains, as proposals for a person to read.
//!
//! Two readings of the postings, both a batch at a time. The first counts postings by phrase in bounded memory and
//! yields C-values; the second collects employers, halves of the window and sentences of the likeliest terms only.

mod details;
mod explain;
mod phrases;
mod tally;
mod words;

use super::{MeasureError, MeasureInputs};
use crate::lexicon::asking::Asking;
use crate::lexicon::labels::lang_index;
use crate::measure::count::panel::Panel;
use crate::measure::count::window::Window;
use crate::store::{StoreError, TableReader, read_table};
use crate::types::{Lang, MentionSpan, NovelTerm, NovelTerms, TermPosting};
use details::{Base, Detail};
use explain::{Known, forms};
use phrases::{Candidate, Scratch, candidates};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::sync::Mutex;
use tally::{MOST_PHRASES, Tally, Valued};
use words::Words;

/// Terms of a language looked at closely, by C-value.
const SHORTLIST: usize = 3_000;
/// Probability under which a sentence is taken to ask for nothing.
const LEAST_ASKING: f32 = 0.5;

/// The `[novel]` table of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NovelSpec {
    /// Fewest postings of a term.
    pub min_postings: u64,
    /// Fewest known employers of a term; not asked where most of its postings name none.
    pub min_employers: u64,
    /// Most terms per language; 0 = none are looked for.
    pub top: usize,
    /// Most sentences per term, at most three.
    pub contexts: usize,
    /// Terms that people called no skill, by language and folded words; not of the plan but of its register.
    #[serde(skip)]
    pub rejected: Vec<(Lang, String)>,
}

impl Default for NovelSpec {
    fn default() -> Self {
        Self { min_postings: 5, min_employers: 3, top: 100, contexts: 3, rejected: Vec::new() }
    }
}

/// Finds the terms of a window.
///
/// # Errors
/// When a table cannot be read.
pub fn novel_terms(
    inputs: &MeasureInputs,
    window: &Window,
    panel: &Panel,
    spec: &NovelSpec,
) -> Result<NovelTerms, MeasureError> {
    let mut found =
        NovelTerms { min_postings: spec.min_postings, min_employers: spec.min_employers, ..NovelTerms::default() };
    if spec.top == 0 {
        return Ok(found);
    }
    let reading = Reading { inputs, window, words: Words::new(inputs.labels), idle: Mutex::default() };
    let mut tally = Tally::new(MOST_PHRASES);
    reading.run(&|_| true, |_, _, candidates, _| candidates.iter().for_each(|c| tally.add(c)))?;
    found.dropped_below = tally.dropped_below();
    let shortlist = shortlist(tally.c_values(spec.min_postings.max(1)));
    let at: FxHashMap<u64, usize> = shortlist.iter().enumerate().map(|(i, v)| (v.phrase, i)).collect();
    let mut details: Vec<Detail> = shortlist.iter().map(|_| Detail::default()).collect();
    let mut bases: [Base; 4] = Default::default();
    let most = spec.contexts.clamp(1, 3);
    reading.run(&|c| at.contains_key(&c.phrase), |row, posting, candidates, read| {
        bases.iter_mut().zip(read).filter(|(_, read)| *read).for_each(|(base, _)| base.add(row, window, panel));
        for candidate in candidates {
            if let Some(detail) = at.get(&candidate.phrase).and_then(|i| details.get_mut(*i)) {
                detail.add(row, candidate, posting, (window, panel), most);
            }
        }
    })?;
    let known = Known::new(inputs.labels, inputs.taxonomy, (inputs.place_names, inputs.city_names));
    let ranking = Ranking { bases: &bases, known: &known, words: &reading.words, spec };
    ranking.rank(&shortlist, &details, &mut found);
    Ok(found)
}

/// The best of each language.
fn shortlist(valued: Vec<Valued>) -> Vec<Valued> {
    let mut counts = [0usize; 4];
    let keep = |v: &Valued| {
        let Some(count) = counts.get_mut(usize::from(v.language)) else { return false };
        *count += 1;
        *count <= SHORTLIST
    };
    valued.into_iter().filter(keep).collect()
}

/// Reads postings with the spans of their skills.
struct Reading<'a> {
    inputs: &'a MeasureInputs<'a>,
    window: &'a Window,
    words: Words<'a>,
    idle: Mutex<Vec<Scratch>>,
}

type Spans = Vec<(u32, u32)>;

impl Reading<'_> {
    /// Gives every posting of the window, in the table's order, with those of its candidates that are wanted.
    fn run(
        &self,
        wanted: &(dyn Fn(&Candidate) -> bool + Sync),
        mut visit: impl FnMut(u32, &TermPosting, &[Candidate], [bool; 4]),
    ) -> Result<(), MeasureError> {
        let mut mentions = Mentions::open(self.inputs)?;
        let mut last_row = vec![false; self.window.rows.len()];
        for batch in read_table::<TermPosting>(self.inputs.postings)? {
            let batch = batch?;
            let mut spans: Vec<Spans> = Vec::with_capacity(batch.len());
            for posting in &batch {
                spans.push(mentions.of(&posting.id.0)?);
            }
            let found: Vec<(Vec<Candidate>, [bool; 4])> =
                batch.par_iter().zip(&spans).map(|(posting, spans)| self.candidates(posting, spans, wanted)).collect();
            for (posting, (candidates, read)) in batch.iter().zip(&found) {
                let Some(row) = self.window.row_of(&posting.id.0) else { continue };
                let Some(seen) = last_row.get_mut(row as usize).filter(|seen| !**seen) else { continue };
                *seen = true;
                visit(row, posting, candidates, *read);
            }
        }
        Ok(())
    }

    fn candidates(
        &self,
        posting: &TermPosting,
        spans: &[(u32, u32)],
        wanted: &(dyn Fn(&Candidate) -> bool + Sync),
    ) -> (Vec<Candidate>, [bool; 4]) {
        let mut scratch = self.idle.lock().ok().and_then(|mut idle| idle.pop()).unwrap_or_default();
        let (mut found, read) = candidates(posting, spans, &self.words, &mut scratch);
        found.retain(wanted);
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(scratch);
        }
        (found, read)
    }
}

/// Mentions in step with the postings, whose order they are written in.
struct Mentions {
    reader: TableReader<MentionSpan>,
    batch: std::iter::Peekable<std::vec::IntoIter<MentionSpan>>,
}

impl Mentions {
    fn open(inputs: &MeasureInputs) -> Result<Self, StoreError> {
        Ok(Self { reader: read_table(inputs.mentions)?, batch: Vec::new().into_iter().peekable() })
    }

    /// Spans in the body of a posting, by position.
    fn of(&mut self, posting: &str) -> Result<Spans, StoreError> {
        let mut spans = Vec::new();
        loop {
            if self.batch.peek().is_none() {
                match self.reader.next() {
                    Some(batch) => self.batch = batch?.into_iter().peekable(),
                    None => break,
                }
                continue;
            }
            let Some(mention) = self.batch.next_if(|m| m.posting.0 == posting) else { break };
            if mention.field == crate::types::Field::Body {
                spans.push((mention.start, mention.end));
            }
        }
        spans.sort_unstable_by_key(|s| (s.1, s.0));
        Ok(spans)
    }
}

/// What becomes of a frequent phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// A proposal.
    Novel,
    /// By a label, an occupation, a place, the text of a board, sentences that ask for nothing, or one ordinary word.
    Explained,
    /// Three quarters of its postings have it inside one longer candidate.
    Nested,
    FewEmployers,
}

/// Folded words between blanks, to be searched in each other.
fn spaced(term: &str) -> String {
    format!(" {} ", forms(term).join(" "))
}

/// What the last step needs.
struct Ranking<'a> {
    bases: &'a [Base; 4],
    known: &'a Known<'a>,
    words: &'a Words<'a>,
    spec: &'a NovelSpec,
}

impl Ranking<'_> {
    fn rank(&self, shortlist: &[Valued], details: &[Detail], found: &mut NovelTerms) {
        for (language, base) in Lang::ALL.into_iter().zip(self.bases) {
            let is_own = |v: &Valued| usize::from(v.language) == lang_index(language);
            let frequent = |d: &Detail| d.count() >= self.spec.min_postings;
            let pairs = shortlist.iter().zip(details).filter(|(v, d)| is_own(v) && frequent(d));
            let own: Vec<(&Valued, &Detail, String)> = pairs.map(|(v, d)| (v, d, d.surface())).collect();
            let of_boards: Vec<String> =
                own.iter().filter(|(_, d, _)| d.is_of_a_board(base)).map(|(.., term)| spaced(term)).collect();
            let halves = base.halves();
            let mut terms: Vec<NovelTerm> = Vec::new();
            for (valued, detail, term) in own {
                match self.verdict(valued, detail, &term, language, &of_boards) {
                    Verdict::Explained => found.explained_count += 1,
                    Verdict::Nested => found.nested_count += 1,
                    Verdict::FewEmployers => found.few_employers_count += 1,
                    Verdict::Novel => terms.push(novel_term(term, language, valued, detail, (base, halves))),
                }
            }
            terms.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.term.cmp(&b.term)));
            terms.truncate(self.spec.top);
            (1..).zip(&mut terms).for_each(|(rank, term)| term.rank = rank);
            found.terms.extend(terms);
        }
    }

    fn verdict(&self, valued: &Valued, detail: &Detail, term: &str, lang: Lang, of_boards: &[String]) -> Verdict {
        let (all, telling) = self.words_of(term, lang);
        let is_rejected = |(language, words): &(Lang, String)| *language == lang && *words == all.join(" ");
        if self.spec.rejected.iter().any(is_rejected) {
            return Verdict::Explained;
        }
        let ordinary = valued.length == 1 && !detail.is_name();
        let of_board = || of_boards.iter().any(|text| spaced(term).contains(text.as_str()));
        let idle = || detail.contexts.iter().all(|(.., c)| Asking::compiled().asks(&c.sentence, lang) < LEAST_ASKING);
        let city = (detail.is_name() || detail.is_never_plain()) && self.known.is_city(&all);
        if ordinary || city || telling.is_empty() || of_board() || self.known.explains(&all, &telling, lang) || idle() {
            Verdict::Explained
        } else if valued.largest * 4 >= valued.count * 3 {
            Verdict::Nested
        } else if !detail.is_mostly_unknown() && detail.employer_count() < self.spec.min_employers {
            Verdict::FewEmployers
        } else {
            Verdict::Novel
        }
    }

    /// Folded words of a term, and those of them that do not only join others.
    fn words_of(&self, term: &str, lang: Lang) -> (Vec<String>, Vec<String>) {
        let all = forms(term);
        let joins = |form: &String| self.words.is_joining(form, lang);
        let telling = all.iter().filter(|f| !joins(f)).cloned().collect();
        (all, telling)
    }
}

fn novel_term(
    term: String,
    language: Lang,
    valued: &Valued,
    detail: &Detail,
    (base, halves): (&Base, [crate::measure::count::intervals::Clusters; 2]),
) -> NovelTerm {
    let growth = detail.growth(base, halves);
    let (posting_count, spread) = (detail.count(), detail.spread());
    let rising = growth.figures.map_or(0.0, |(_, low, _)| low.clamp(0.0, 1.0));
    NovelTerm {
        rank: 0,
        term,
        language,
        posting_count,
        base_count: base.count(),
        employer_count: detail.employer_count(),
        share: posting_count as f64 / base.count().max(1) as f64,
        c_value: valued.c_value,
        nested_in: valued.nested_in,
        spread,
        first_count: growth.first.0,
        first_base: growth.first.1,
        last_count: growth.last.0,
        last_base: growth.last.1,
        growth: growth.figures.map(|f| f.0),
        growth_low: growth.figures.map(|f| f.1),
        growth_high: growth.figures.map(|f| f.2),
        score: valued.c_value * spread.sqrt() * (1.0 + rising),
        contexts: detail.contexts.iter().map(|(_, _, context)| context.clone()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_own_shortlist_and_the_first_are_kept() {
        let valued = |language: u8, phrase: u64| Valued {
            phrase,
            language,
            length: 2,
            count: 9,
            nested_in: 0,
            largest: 0,
            c_value: 1.0,
        };
        let most = SHORTLIST as u64;
        let all: Vec<Valued> = (0..most + 5).flat_map(|phrase| [valued(0, phrase), valued(1, phrase)]).collect();
        let kept = shortlist([all, vec![valued(2, 7)]].concat());
        let of = |language: u8| kept.iter().filter(|v| v.language == language).map(|v| v.phrase).collect::<Vec<_>>();
        assert_eq!([of(0), of(1)], [(0..most).collect::<Vec<_>>(), (0..most).collect()]);
        assert_eq!(of(2), [7]);
    }
}
