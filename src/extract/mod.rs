//! Posting text -> skill mentions with span, score and evidence. Pure per posting.

mod cues;
mod found;
mod matches;
mod misspelling;
mod reader;
mod score;
mod spellings;
mod weigh;
mod words;

use crate::lexicon::Lexicon;
use crate::lexicon::labels::{LabelTable, lang_index};
use crate::types::{Field, Lang, Mention, Posting, Score, Section, SectionKind, Verdict};
use found::Found;
use matches::Matcher;
use reader::Reader;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Mutex;
pub use weigh::{FEATURES, FeatureValues, MentionWeights};
use weigh::{Weigher, WordMemory};
use words::Scratch;

/// Points from which a match supports its neighbours.
const BELIEVED: f32 = 0.6;

/// How far to look for a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lanes {
    /// Labels word for word.
    Exact,
    /// Labels word for word, stem for stem and up to a misspelling.
    All,
    /// The same, and each sentence of duties and requirements linked by meaning (by the pipeline, beside this stage).
    Deep,
}

/// How postings are read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExtractSpec {
    /// How far to look.
    pub lanes: Lanes,
    /// Probability from which a mention counts, 0..=1.
    pub accept: f32,
    /// Probability from which it is shown to a reviewer, 0..=1; anything below is dropped.
    pub review: f32,
}

impl Default for ExtractSpec {
    fn default() -> Self {
        Self { lanes: Lanes::All, accept: 0.35, review: 0.2 }
    }
}

/// Finds skills in postings; built once per taxonomy, shared by all threads.
pub struct Extractor<'a> {
    lexicon: &'a Lexicon,
    spec: ExtractSpec,
    /// Per language of [`Lang::ALL`], where the taxonomy has labels to look for.
    readers: [Option<Reader>; 4],
    /// Surface keys of occupation names: in a title they name the job, not a skill.
    occupations: FxHashSet<String>,
    /// Broader concepts of each skill, numbered.
    broader: Vec<Vec<u32>>,
    weigher: Weigher,
    /// Word caches that no thread holds at the moment. They speed up, they decide nothing.
    idle: Mutex<Vec<Scratch>>,
}

impl<'a> Extractor<'a> {
    /// Builds the tries of every language.
    pub fn new(lexicon: &'a Lexicon, spec: &ExtractSpec) -> Self {
        let readers = Lang::ALL.map(|lang| Reader::new(lexicon, lang, spec.lanes));
        let names = lexicon.taxonomy.occupations.iter().flat_map(|o| &o.labels);
        let occupations = names.map(|l| crate::lexicon::ambiguity::surface_key(&l.text)).collect();
        let broader = numbered_broader(lexicon);
        let weigher = Weigher::new(lexicon);
        Self { lexicon, spec: spec.clone(), readers, occupations, broader, weigher, idle: Mutex::new(Vec::new()) }
    }

    /// Skills of a posting, by field and position; below the review threshold nothing is returned.
    pub fn mentions(&self, posting: &Posting) -> Vec<Mention> {
        self.weighed(posting, self.spec.review, |reader, found, features, words| {
            let mut probability = self.weigher.probability(features);
            if probability >= self.spec.review {
                probability *= self.weigher.asks(found, words);
            }
            self.mention(posting, reader, found, probability)
        })
    }

    /// Every match of a posting with its skill and the features it is weighed by, for fitting.
    pub fn examples(&self, posting: &Posting) -> Vec<(usize, FeatureValues)> {
        self.weighed(posting, 0.0, |reader, found, features, _| Some((reader.concept(found.label) as usize, *features)))
    }

    /// What `each` makes of every match that may be as probable as `least`, by language, field and position.
    fn weighed<T>(
        &self,
        posting: &Posting,
        least: f32,
        each: impl Fn(&Reader, &Found, &FeatureValues, &mut WordMemory) -> Option<T>,
    ) -> Vec<T> {
        let mut scratch = self.idle.lock().ok().and_then(|mut idle| idle.pop()).unwrap_or_default();
        scratch.memory.next_posting();
        let main = lang_index(posting.language);
        let passages = posting.sections.iter().map(|s| lang_index(s.language));
        let languages: BTreeSet<usize> = passages.chain([main]).collect();
        let mut out: Vec<(Field, u32, u32, T)> = Vec::new();
        for language in &languages {
            let Some(reader) = self.readers.get(*language).and_then(Option::as_ref) else { continue };
            self.read_language(reader, *language == main, posting, &mut scratch);
            let found = std::mem::take(&mut scratch.found);
            for match_ in &found {
                let text = if match_.field == Field::Title { &posting.title } else { &posting.body };
                let skill = reader.concept(match_.label) as usize;
                let (place, vectors) = ((text.as_str(), reader.lang), &self.lexicon.vectors);
                let memory = (&mut scratch.memory, least);
                let Some(features) = self.weigher.features(match_, skill, place, vectors, memory) else { continue };
                let made = each(reader, match_, &features, &mut scratch.memory);
                out.extend(made.map(|t| (match_.field, match_.start, match_.end, t)));
            }
            scratch.found = found;
        }
        if languages.len() > 1 {
            out.sort_by_key(|x| (x.0, x.1, x.2));
        }
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(scratch);
        }
        out.into_iter().map(|x| x.3).collect()
    }

    /// Leaves in `scratch.found` the matches in what is written in one language; the title is in the posting's main one.
    fn read_language(&self, reader: &Reader, is_main: bool, posting: &Posting, scratch: &mut Scratch) {
        scratch.found.clear();
        let matcher = Matcher { table: &self.lexicon.skills, reader };
        if is_main {
            self.read_title(&matcher, posting, scratch);
        }
        let own = |s: &&Section| lang_index(s.language) == reader.lang_index;
        for section in posting.sections.iter().filter(|s| s.kind.yields_skills()).filter(own) {
            let (start, end) = (section.start as usize, section.end as usize);
            if let Some(text) = posting.body.get(start..end) {
                matcher.read(text, start, Field::Body, section.kind, scratch);
            }
        }
        self.support(reader, posting, &mut scratch.found);
    }

    /// Reads the title and leaves out names of occupations.
    fn read_title(&self, matcher: &Matcher, posting: &Posting, scratch: &mut Scratch) {
        matcher.read(&posting.title, 0, Field::Title, SectionKind::Other, scratch);
        if self.occupations.is_empty() {
            return;
        }
        scratch.found.retain(|f| {
            let surface = posting.title.get(f.start as usize..f.end as usize).unwrap_or_default();
            !self.occupations.contains(&crate::lexicon::ambiguity::surface_key(surface))
        });
    }

    /// Raises held-back matches that the occupation or a believed neighbour of the same group speaks for.
    fn support(&self, reader: &Reader, posting: &Posting, found: &mut [Found]) {
        if !found.iter().any(|f| f.held) {
            return;
        }
        let occupation = posting.occupation.as_deref().and_then(|o| self.lexicon.taxonomy.occupation_index(o));
        let mut believed: FxHashSet<u32> = FxHashSet::default();
        let mut skills: FxHashSet<u32> = FxHashSet::default();
        for f in found.iter().filter(|f| !f.held && f.score >= BELIEVED) {
            let skill = reader.concept(f.label);
            if skills.insert(skill) {
                believed.extend(self.broader.get(skill as usize).into_iter().flatten());
            }
        }
        for f in found.iter_mut().filter(|f| f.held) {
            let skill = reader.concept(f.label);
            let asked = occupation.is_some_and(|o| self.is_related(o, skill));
            let near = self.broader.get(skill as usize).is_some_and(|b| b.iter().any(|g| believed.contains(g)));
            f.score += score::support(asked, near || skills.contains(&skill));
        }
    }

    /// Whether the taxonomy ties the occupation to the skill.
    fn is_related(&self, occupation: usize, skill: u32) -> bool {
        let key = |r: &crate::types::Relation| (r.occupation as usize, r.skill);
        self.lexicon.taxonomy.relations.binary_search_by(|r| key(r).cmp(&(occupation, skill))).is_ok()
    }

    fn mention(&self, posting: &Posting, reader: &Reader, found: &Found, probability: f32) -> Option<Mention> {
        let score = Score::new(probability);
        if score.get() < self.spec.review {
            return None;
        }
        let text = if found.field == Field::Title { &posting.title } else { &posting.body };
        let table: &LabelTable = &self.lexicon.skills;
        Some(Mention {
            posting: posting.id.clone(),
            skill: self.lexicon.taxonomy.skills.get(reader.concept(found.label) as usize)?.id.clone(),
            field: found.field,
            start: found.start,
            end: found.end,
            surface: text.get(found.start as usize..found.end as usize)?.to_owned(),
            label: table.text(reader.table_label(found.label)).to_owned(),
            lane: found.lane,
            section: found.section,
            score,
            verdict: if score.get() >= self.spec.accept { Verdict::Accepted } else { Verdict::Review },
        })
    }
}

/// Broader concepts by number, so that groups are compared without strings. Groups that hold too much say nothing
/// about a neighbour and are left out.
fn numbered_broader(lexicon: &Lexicon) -> Vec<Vec<u32>> {
    const WIDEST: usize = 60;
    let mut numbers = crate::lexicon::labels::Interner::default();
    let mut sizes: Vec<usize> = Vec::new();
    let numbered: Vec<Vec<u32>> = lexicon
        .taxonomy
        .skills
        .iter()
        .map(|s| s.broader.iter().map(|b| numbers.intern(b)).collect::<Vec<u32>>())
        .inspect(|row| {
            sizes.resize(sizes.len().max(row.iter().map(|n| *n as usize + 1).max().unwrap_or(0)), 0);
            row.iter().for_each(|n| sizes[*n as usize] += 1);
        })
        .collect();
    let narrow = |n: &u32| sizes.get(*n as usize).is_some_and(|s| *s <= WIDEST);
    numbered.into_iter().map(|row| row.into_iter().filter(narrow).collect()).collect()
}

#[cfg(test)]
mod tests;
