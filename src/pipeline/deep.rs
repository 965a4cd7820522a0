//! Deep reading: beside the labels a posting holds, each sentence of its duties and requirements is linked like a learning
//! outcome, so that a skill said in other words is seen too. Slower by two orders of magnitude.

use crate::clean::sentences::sentences;
use crate::extract::{ExtractSpec, Extractor, Lanes};
use crate::lexicon::Lexicon;
use crate::link::{LinkSpec, Linker};
use crate::types::{Field, Lane, Link, Mention, Posting, Section, SectionKind};
use std::collections::BTreeSet;

/// Words that a sentence must have to be linked.
const LEAST_WORDS: usize = 3;

/// Reads postings as the plan's `[extract]` says; built once, shared by all threads.
pub struct Reader<'a> {
    extractor: Extractor<'a>,
    linker: Option<Linker<'a>>,
}

impl<'a> Reader<'a> {
    /// Indexes the lexicon.
    pub fn new(lexicon: &'a Lexicon, extract: &ExtractSpec, link: &LinkSpec) -> Self {
        let linker = (extract.lanes == Lanes::Deep).then(|| Linker::new(lexicon, link));
        Self { extractor: Extractor::new(lexicon, extract), linker }
    }

    /// Skills of a posting, by field and position.
    pub fn mentions(&self, posting: &Posting) -> Vec<Mention> {
        let mut mentions = self.extractor.mentions(posting);
        let Some(linker) = &self.linker else { return mentions };
        let mut known: BTreeSet<String> = mentions.iter().map(|m| m.skill.0.clone()).collect();
        for section in &posting.sections {
            if !matches!(section.kind, SectionKind::Duties | SectionKind::Requirements) {
                continue;
            }
            let text = posting.body.get(section.start as usize..section.end as usize).unwrap_or_default();
            for (from, to) in sentences(text) {
                let sentence = text.get(from..to).unwrap_or_default();
                if sentence.split_whitespace().count() < LEAST_WORDS {
                    continue;
                }
                let links = linker.links_for(sentence, section.language, posting.occupation.as_deref());
                let at = section.start as usize + from;
                let new = links.into_iter().filter(|link| known.insert(link.skill.0.clone()));
                mentions.extend(new.map(|link| mention(posting, section, sentence, at, link)).collect::<Vec<_>>());
            }
        }
        mentions.sort_by_key(|m| (m.field, m.start, m.end));
        mentions
    }
}

/// A link of the sentence at byte `at` of the body; without words of its own it stands for the whole sentence.
fn mention(posting: &Posting, section: &Section, sentence: &str, at: usize, link: Link) -> Mention {
    let surface = link.surface.filter(|words| sentence.contains(words.as_str())).unwrap_or_else(|| sentence.to_owned());
    let start = at + sentence.find(surface.as_str()).unwrap_or_default();
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Mention {
        posting: posting.id.clone(),
        skill: link.skill,
        field: Field::Body,
        start: byte(start),
        end: byte(start + surface.len()),
        surface,
        label: link.label,
        lane: Lane::Ranked,
        section: section.kind,
        score: link.score,
        verdict: link.verdict,
    }
}
