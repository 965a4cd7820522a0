//! Skills of a posting, beside a plain Aho-Corasick gazetteer over the same labels and texts.

use crate::World;
use crate::common::{Figure, thousands};
use crate::rounds::alternate;
use aho_corasick::AhoCorasick;
use anyhow::{Context, Result};
use skillgap::extract::{ExtractSpec, Extractor, Lanes};
use skillgap::types::{Posting, Section, SectionKind};

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

/// The postings with their whole bodies to be read, boilerplate too, so that both read the same bytes.
fn unsectioned(world: &World) -> Vec<Posting> {
    let whole = |posting: &Posting| {
        let end = u32::try_from(posting.body.len()).unwrap_or(u32::MAX);
        let language = posting.language;
        let whole = Section { kind: SectionKind::Other, start: 0, end, language };
        Posting { sections: vec![whole], ..posting.clone() }
    };
    world.postings.iter().map(whole).collect()
}

/// Megabytes that a run reads: titles and the sections that may hold skills.
fn read_in_a_run(world: &World) -> f64 {
    let sections = |p: &Posting| {
        let read = p.sections.iter().filter(|s| s.kind.yields_skills());
        read.map(|s| (s.end - s.start) as usize).sum::<usize>()
    };
    world.postings.iter().map(|p| p.title.len() + sections(p)).sum::<usize>() as f64 / 1e6
}

/// Both ways of reading.
pub fn measure(world: &World) -> Result<Vec<Figure>> {
    let mut gazetteer = Gazetteer::new(world)?;
    let postings = unsectioned(world);
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
                Ok(postings.iter().map(|p| extractor.mentions(p).len()).sum())
            },
            &mut || Ok(postings.iter().map(|p| gazetteer.count(&p.title) + gazetteer.count(&p.body)).sum()),
        )?;
        let count = postings.len() as f64;
        figures.push(Figure {
            item: item.to_owned(),
            value: count / turns.ours,
            unit: "postings per CPU second".to_owned(),
            beside: Some(("`aho-corasick` with word boundaries".to_owned(), count / turns.theirs)),
            ratio: Some(turns.speedup),
            target: target.to_owned(),
            note: format!(
                "{} mentions, the gazetteer {} unfiltered, in whole texts; a run reads {:.1} MB of them",
                thousands(turns.found.0 as u64),
                thousands(turns.found.1 as u64),
                read_in_a_run(world)
            ),
        });
    }
    Ok(figures)
}
