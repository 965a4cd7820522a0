//! Words around the skills that postings name: the company a skill keeps says what it means.

use super::learn::Draws;
use crate::lexicon::vectors::words;
use crate::types::{Field, Lang, Mention, Posting, Taxonomy, Verdict};
use std::collections::BTreeMap;

/// Words on each side of a mention.
const SIDE_WORDS: usize = 8;
/// Contexts of a skill at most.
const CONTEXTS: usize = 60;
/// In one of so many contexts the name itself is left out.
const NAMELESS: u64 = 10;

/// Words of a posting around a skill it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Position of the skill in the taxonomy.
    pub skill: usize,
    /// The words.
    pub text: String,
    /// Their language.
    pub lang: Lang,
}

/// Contexts found so far, and how many postings name each skill.
///
/// A posting gives a skill one context at most, and of all of them those with the smallest hash are kept: what is kept
/// depends neither on the order of the postings nor on threads, and a text that comes again counts once.
#[derive(Debug)]
pub struct ContextFinder<'t> {
    taxonomy: &'t Taxonomy,
    kept: Vec<BTreeMap<u64, (String, Lang)>>,
    posting_counts: Vec<u32>,
}

impl<'t> ContextFinder<'t> {
    /// For the skills of a taxonomy.
    pub fn new(taxonomy: &'t Taxonomy) -> Self {
        let count = taxonomy.skills.len();
        Self { taxonomy, kept: vec![BTreeMap::new(); count], posting_counts: vec![0; count] }
    }

    /// Takes a posting with its mentions; those that are not accepted say nothing.
    pub fn add(&mut self, posting: &Posting, mentions: &[Mention]) {
        let mut found: BTreeMap<usize, Option<(u64, String, Lang)>> = BTreeMap::new();
        for mention in mentions.iter().filter(|m| m.verdict == Verdict::Accepted) {
            let Some(skill) = self.taxonomy.skill_index(&mention.skill.0) else { continue };
            let best = found.entry(skill).or_default();
            if let Some(next) = around(posting, mention)
                && best.as_ref().is_none_or(|b| next.0 < b.0)
            {
                *best = Some(next);
            }
        }
        for (skill, context) in found {
            if let Some(count) = self.posting_counts.get_mut(skill) {
                *count = count.saturating_add(1);
            }
            if let Some((kept, (hash, text, lang))) = self.kept.get_mut(skill).zip(context) {
                kept.insert(hash, (text, lang));
                if kept.len() > CONTEXTS {
                    kept.pop_last();
                }
            }
        }
    }

    /// The contexts by skill, and the postings that name each skill.
    pub fn into_parts(self) -> (Vec<Context>, Vec<u32>) {
        let contexts = self
            .kept
            .into_iter()
            .enumerate()
            .flat_map(|(skill, kept)| kept.into_values().map(move |(text, lang)| Context { skill, text, lang }));
        (contexts.collect(), self.posting_counts)
    }
}

/// A mention's line within its section, cut to the words beside it; its hash comes first. None where nothing stands
/// beside it.
fn around(posting: &Posting, mention: &Mention) -> Option<(u64, String, Lang)> {
    let (start, end) = (mention.start as usize, mention.end as usize);
    let (text, from, to, lang) = match mention.field {
        Field::Title => (posting.title.as_str(), 0, posting.title.len(), posting.language),
        Field::Body => {
            let section = posting.sections.iter().find(|s| s.start <= mention.start && mention.end <= s.end);
            let whole = (0, posting.body.len(), posting.language);
            let (from, to, lang) = section.map_or(whole, |s| (s.start as usize, s.end as usize, s.language));
            (posting.body.as_str(), from, to, lang)
        }
    };
    let before = text.get(from..start)?.rsplit('\n').next().unwrap_or_default();
    let after = text.get(end..to)?.split('\n').next().unwrap_or_default();
    let before: Vec<&str> = before.split_whitespace().rev().take(SIDE_WORDS).collect();
    let before = before.into_iter().rev();
    let after: Vec<&str> = after.split_whitespace().take(SIDE_WORDS).collect();
    if !before.clone().chain(after.iter().copied()).any(|word| word.contains(char::is_alphanumeric)) {
        return None;
    }
    let name = text.get(start..end)?;
    let whole = before.clone().chain([name]).chain(after.iter().copied()).collect::<Vec<_>>().join(" ");
    let mut draws = Draws::new(words::hash(mention.skill.0.as_bytes()) ^ words::hash(whole.as_bytes()));
    let hash = draws.next();
    if draws.next().is_multiple_of(NAMELESS) {
        return Some((hash, before.chain(after).collect::<Vec<_>>().join(" "), lang));
    }
    Some((hash, whole, lang))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Lane, PostingId, Reuse, Score, Section, SectionKind, Skill, SkillId, SkillKind, SourceId};

    fn taxonomy() -> Taxonomy {
        let skill = |id: &str| Skill {
            id: SkillId(id.to_owned()),
            kind: SkillKind::Skill,
            reuse: Reuse::CrossSector,
            labels: Vec::new(),
            description: None,
            broader: Vec::new(),
            green: false,
            digital: false,
        };
        Taxonomy { skills: vec![skill("python"), skill("welding")], ..Taxonomy::default() }
    }

    /// A posting of two sections, English requirements and Spanish duties, cut at `|`.
    fn posting(id: usize, text: &str) -> Posting {
        let cut = text.find('|').map_or(text.len(), |at| at + 1) as u32;
        let section = |start, end, language| Section { kind: SectionKind::Requirements, start, end, language };
        let whole = Posting::of_words(PostingId(id.to_string()), SourceId::new("s").unwrap(), "", text, Lang::En);
        Posting { sections: vec![section(0, cut, Lang::En), section(cut, text.len() as u32, Lang::Es)], ..whole }
    }

    fn mentions(posting: &Posting, word: &str, verdict: Verdict) -> Vec<Mention> {
        let found = posting.body.match_indices(word);
        let mention = |(at, surface): (usize, &str)| Mention {
            posting: posting.id.clone(),
            skill: SkillId(word.to_lowercase()),
            field: Field::Body,
            start: at as u32,
            end: (at + surface.len()) as u32,
            surface: surface.to_owned(),
            label: String::new(),
            lane: Lane::Exact,
            section: SectionKind::Requirements,
            score: Score::new(1.0),
            verdict,
        };
        found.map(mention).collect()
    }

    #[test]
    fn a_context_is_the_eight_words_on_each_side_within_line_and_section() {
        let text = "a\n1 2 3 4 5 6 7 8 9 Python b c|d Python e\nf";
        let posting = posting(0, text);
        let whole: Vec<(String, Lang)> = mentions(&posting, "Python", Verdict::Accepted)
            .iter()
            .filter_map(|m| around(&posting, m))
            .map(|(_, text, lang)| (text.replace("Python ", ""), lang))
            .collect();
        let expected = [("2 3 4 5 6 7 8 9 b c|", Lang::En), ("d e", Lang::Es)].map(|(t, l)| (t.to_owned(), l));
        assert_eq!(whole, expected);
    }

    #[test]
    fn each_posting_counts_once_and_sixty_contexts_are_kept_whatever_their_order() {
        let taxonomy = taxonomy();
        let postings: Vec<Posting> = (0..400)
            .map(|at| posting(at, &format!("Writes Python with tool{at}\nand Python with desk{at}\n- Welding -|")))
            .collect();
        let collect = |postings: &mut dyn Iterator<Item = &Posting>| {
            let mut finder = ContextFinder::new(&taxonomy);
            for posting in postings {
                finder.add(posting, &mentions(posting, "Python", Verdict::Accepted));
                finder.add(posting, &mentions(posting, "Welding", Verdict::Accepted));
                finder.add(posting, &mentions(posting, "Welding", Verdict::Review));
            }
            finder.into_parts()
        };
        let (contexts, counts) = collect(&mut postings.iter());
        assert_eq!(counts, [400, 400]);
        // A line of nothing but the name says nothing about it.
        assert!(contexts.len() == 60 && contexts.iter().all(|c| c.skill == 0));
        assert_eq!(collect(&mut postings.iter().rev()), (contexts.clone(), counts));
        let all: Vec<String> = {
            let one = |p: &Posting| around(p, &mentions(p, "Python", Verdict::Accepted)[0]).unwrap().1;
            postings.iter().map(one).collect()
        };
        let nameless = all.iter().filter(|text| !text.contains("Python")).count();
        assert!((20..=60).contains(&nameless), "about 40 of 400: {nameless}");
        let doubled = collect(&mut postings[..3].iter().chain(&postings[..3]));
        assert_eq!((doubled.0.len(), doubled.1), (3, vec![6, 6]), "a text that comes again is one context");
    }
}
