//! Skills of a posting, beside a plain Aho-Corasick gazetteer over the same labels and the same parts of the postings.

use crate::World;
use crate::common::{Figure, thousands};
use crate::rounds::alternate;
use aho_corasick::AhoCorasick;
use anyhow::{Context, Result};
use skillgap::extract::{ExtractSpec, Extractor, Lanes};
use skillgap::types::Posting;

const ROUNDS: usize = 5;

/// What a script would do: every label in lower case, word boundaries, the leftmost longest of those that overlap.
struct Gazetteer {
    automaton: AhoCorasick,
    lower: String,
    matches: Vec<(usize, usize)>,
}

impl Gazetteer {
    fn new(world: &World) -> Result<Self> {
        let mut labels: Vec<String> = world.labels().map(|l| l.trim().to_lowercase()).filter(|l| l.len() > 1).collect();
        labels.sort();
        labels.dedup();
        Ok(Self { automaton: AhoCorasick::new(&labels)?, lower: String::new(), matches: Vec::new() })
    }

    fn count(&mut self, text: &str) -> usize {
        self.lower.clear();
        self.lower.extend(text.chars().flat_map(char::to_lowercase));
        self.matches.clear();
        for found in self.automaton.find_overlapping_iter(&self.lower) {
            let (before, rest) = self.lower.split_at(found.start());
            let after = rest.get(found.len()..).unwrap_or_default();
            let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            if !inside(before.chars().next_back()) && !inside(after.chars().next()) {
                self.matches.push((found.start(), found.end()));
            }
        }
        self.matches.sort_unstable_by(|a, b| (a.0, b.1).cmp(&(b.0, a.1)));
        let (mut kept, mut last) = (0, 0);
        for (start, end) in &self.matches {
            if *start >= last {
                last = *end;
                kept += 1;
            }
        }
        kept
    }
}

/// What the extractor reads: the title and the sections that may hold skills.
fn parts(posting: &Posting) -> impl Iterator<Item = &str> {
    let sections = posting.sections.iter().filter(|s| s.kind.yields_skills());
    let parts = sections.filter_map(|s| posting.body.get(s.start as usize..s.end as usize));
    std::iter::once(posting.title.as_str()).chain(parts)
}

/// Both ways of reading.
pub fn measure(world: &World) -> Result<Vec<Figure>> {
    let mut gazetteer = Gazetteer::new(world)?;
    let read = world.postings.iter().flat_map(parts).map(str::len).sum::<usize>() as f64 / 1e6;
    let mut figures = Vec::new();
    for (lanes, item, target) in [
        (Lanes::Exact, "extraction, exact lane", "at least 25,000"),
        (Lanes::All, "extraction, default lanes", "at least 5,000"),
    ] {
        let spec = ExtractSpec { lanes, ..ExtractSpec::default() };
        // A new extractor for every round: it remembers words, and a run meets each posting once.
        let mut fresh: Vec<Extractor<'_>> = (0..ROUNDS).map(|_| Extractor::new(&world.lexicon, &spec)).collect();
        let turns = alternate(
            ROUNDS,
            &mut || {
                let extractor = fresh.pop().context("one extractor per round")?;
                Ok(world.postings.iter().map(|p| extractor.mentions(p).len()).sum())
            },
            &mut || Ok(world.postings.iter().map(|p| parts(p).map(|part| gazetteer.count(part)).sum::<usize>()).sum()),
        )?;
        let count = world.postings.len() as f64;
        figures.push(Figure {
            item: item.to_owned(),
            value: count / turns.ours,
            unit: "postings per CPU second".to_owned(),
            beside: Some(("`aho-corasick` with word boundaries".to_owned(), count / turns.theirs)),
            ratio: Some(turns.speedup),
            target: target.to_owned(),
            note: format!(
                "{} mentions, the gazetteer {} unfiltered; both read the {read:.1} MB that are no boilerplate",
                thousands(turns.found.0 as u64),
                thousands(turns.found.1 as u64)
            ),
        });
    }
    Ok(figures)
}
