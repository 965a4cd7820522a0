//! What a sentence says of itself: whether it asks for something, tells of the work, praises the employer or lists perks.

use super::cues::{COMPILED, Cue, Says, cue_at, is_organisation, word_slot};
use super::fold::fold_words;
use crate::types::SectionKind;

/// Words of a sentence within which its subject must end.
pub(super) const SUBJECT_WORDS: usize = 9;

/// A sentence's own voice: boilerplate cues and cues of work that it holds.
#[derive(Debug, Default)]
pub(super) struct Voice {
    pub(super) boilerplate: Option<SectionKind>,
    pub(super) work: Option<SectionKind>,
    /// Kind by which the sentence opens, if that decides.
    pub(super) opening: Option<SectionKind>,
    /// Start and end of the first predicate of an employer, and whether it needs an organisation as its subject.
    pub(super) predicate: Option<(usize, usize, bool)>,
}

impl Voice {
    fn hear(&mut self, kind: SectionKind) {
        let slot = if kind.yields_skills() { &mut self.work } else { &mut self.boilerplate };
        let first = *slot.get_or_insert(kind);
        // What is asked outweighs what is done, as the nouns of duties stand everywhere.
        if kind == SectionKind::Requirements && first == SectionKind::Duties {
            *slot = Some(kind);
        }
    }

    pub(super) fn is_silent(&self) -> bool {
        self.boilerplate.is_none() && self.work.is_none()
    }
}

/// `words`: folded words, each with a space after it.
pub(super) fn listen(words: &str) -> Voice {
    let mut voice = Voice::default();
    let beginnings = &COMPILED.beginnings;
    let (mut at, mut index) = (0, 0);
    while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
        let length = rest.bytes().position(|b| b == b' ').unwrap_or(rest.len());
        let word = rest.as_bytes().get(..length).unwrap_or_default();
        let next = rest.as_bytes().get(length + 1).copied().unwrap_or_default();
        let may_begin = [0, next].iter().any(|n| beginnings.get(word_slot(word, *n)) == Some(&true));
        let covered = if may_begin { hear_cue(&mut voice, rest, length, at, index) } else { 0 };
        at += covered.max(length + 1);
        index += 1;
    }
    voice
}

/// Hears the cue at the start of `rest`, if any; bytes of it that must not be read again.
pub(super) fn hear_cue(voice: &mut Voice, rest: &str, length: usize, at: usize, index: usize) -> usize {
    let cues = COMPILED.sentences.get(rest.get(..length).unwrap_or_default()).map(Vec::as_slice).unwrap_or_default();
    let mut covered = 0;
    let mut decided: Option<&Cue> = None;
    let second = rest.as_bytes().get(length + 1);
    for cue in cues {
        // The second word's first letter tells most cues apart without a comparison.
        let letter = cue.head.as_bytes().get(length + 1);
        if letter.is_some() && letter != second {
            continue;
        }
        let Some(end) = cue.covers(rest) else { continue };
        for says in &cue.says {
            match says {
                Says::Kind(kind) if decided.is_none_or(|d| std::ptr::eq(d, cue)) => {
                    voice.hear(*kind);
                    // A boilerplate cue owns its words: `help to obtain a driving licence` asks for no licence.
                    covered = if kind.yields_skills() { covered } else { end };
                    decided = Some(cue);
                }
                Says::Opening(kind) if at == 0 => voice.opening = voice.opening.or(Some(*kind)),
                Says::Predicate | Says::Verb if index < SUBJECT_WORDS && voice.predicate.is_none() => {
                    voice.predicate = Some((at, at + end, *says == Says::Verb));
                }
                _ => {}
            }
        }
    }
    covered
}

/// Whether `words` say that somebody is sought, or what is asked of them.
pub(super) fn wants_somebody(words: &str) -> bool {
    let starts = std::iter::once(0).chain(words.match_indices(' ').map(|(at, _)| at + 1));
    starts.filter_map(|at| words.get(at..)).any(|rest| cue_at(rest, Says::Seeks).is_some())
}

/// Endings of words for people, jobs and parts of a house: `The Hospital Pharmacist provides` is about the work.
pub(super) const NO_EMPLOYER: &[&str] = &[
    "er",
    "or",
    "ora",
    "ist",
    "ista",
    "ian",
    "nurse",
    "assistant",
    "consultant",
    "lead",
    "wife",
    "post",
    "role",
    "job",
    "team",
    "service",
    "department",
    "candidate",
    "position",
    "vacancy",
    "holder",
    "apprentice",
    "equipo",
    "puesto",
    "persona",
    "candidato",
    "equip",
    "lloc",
    "departamento",
    "departament",
];

/// Whether the subject of the predicate at `start..end` is an employer. `sentence` as written, `words` folded.
pub(super) fn is_said_of_employer(sentence: &str, words: &str, predicate: (usize, usize, bool)) -> bool {
    let (start, end, needs_organisation) = predicate;
    let subject = words.get(..start).unwrap_or_default();
    if cue_at(subject, Says::Subject).is_some() && !names_person(subject) {
        return true;
    }
    let first = words.split(' ').next().unwrap_or_default();
    if start == 0 {
        // Arabic puts the verb first: `تقدم شركة ...`.
        return first.bytes().next().is_some_and(|b| !b.is_ascii()) && names_employer_first(sentence, words, end);
    }
    // An Arabic noun may open without capital letters.
    if !first.is_ascii() && is_organisation(first) {
        return true;
    }
    // Where all is in capitals, capitals make no name.
    let shouts = !sentence.contains(char::is_lowercase);
    let says_what = words.get(start..end).unwrap_or_default().split(' ').any(is_organisation);
    is_name(sentence, subject, needs_organisation || shouts && !says_what)
        && !(needs_organisation && names_person(subject))
}

/// `شركة`, `شركتنا` or a name in Latin letters right after an Arabic verb.
pub(super) fn names_employer_first(sentence: &str, words: &str, end: usize) -> bool {
    let rest = words.get(end..).unwrap_or_default();
    let next = rest.split(' ').next().unwrap_or_default();
    let latin = || {
        let skipped = words.get(..end).unwrap_or_default().matches(' ').count();
        sentence.split_whitespace().nth(skipped).and_then(|w| w.chars().next()).is_some_and(|c| c.is_ascii_uppercase())
    };
    is_organisation(next) || cue_at(rest, Says::Subject).is_some() || latin()
}

/// Small words inside names.
pub(super) const NAME_LINKS: &[&str] = &[
    "de", "del", "d", "of", "the", "la", "el", "les", "els", "los", "las", "y", "i", "and", "for", "&", "-", "per",
    "al",
];

/// Whether the words of `subject` (folded) open `sentence` as a capitalised name.
pub(super) fn is_name(sentence: &str, subject: &str, needs_organisation: bool) -> bool {
    let mut left = subject.len();
    let mut organisation = false;
    let mut folded_token = String::new();
    for token in sentence.trim_start_matches("- ").split_whitespace() {
        if left == 0 {
            break;
        }
        fold_words(token, &mut folded_token);
        left = left.saturating_sub(if folded_token.is_empty() { 0 } else { folded_token.len() + 1 });
        let capital =
            token.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| c.is_uppercase() || c.is_ascii_digit());
        let house = folded_token.split(' ').any(is_organisation);
        organisation |= house;
        if !capital && !house && !NAME_LINKS.contains(&token) {
            return false;
        }
    }
    let first = subject.split(' ').next().unwrap_or_default();
    // `This is one of the broadest roles` tells of no employer, `This Trust provides` does.
    organisation || !needs_organisation && !matches!(first, "this" | "that" | "there" | "these" | "he" | "she" | "they")
}

pub(super) fn names_person(subject: &str) -> bool {
    let last = subject.trim_end().rsplit(' ').next().unwrap_or_default();
    !is_organisation(last) && NO_EMPLOYER.iter().any(|end| last.ends_with(end))
}

/// First words of tasks. A task may be done for the staff without being a benefit: `Provide courses for all staff`.
pub(super) const TASKS: &[&str] = &[
    "provide",
    "deliver",
    "organise",
    "organize",
    "develop",
    "design",
    "coordinate",
    "manage",
    "create",
    "assist",
    "ensure",
    "facilitate",
    "conduct",
    "prepare",
    "promote",
    "maintain",
    "teach",
    "act",
    "undertake",
    "contribute",
    "participate",
    "carry",
    "make",
    "implement",
    "monitor",
    "review",
    "advise",
    "liaise",
    "oversee",
    "administer",
    "arrange",
    "attend",
    "responsible",
    "تقديم",
    "تنظيم",
    "اعداد",
    "تطوير",
    "المشاركه",
    "توفير",
];

/// Words by which Spanish and Catalan are told from English.
pub(super) const ROMANCE_WORDS: &[&str] =
    &[" de ", " la ", " el ", " els ", " les ", " los ", " las ", " en ", " del "];

/// Whether a sentence opens with a verb of duty: an English imperative or gerund, a Spanish or Catalan infinitive.
pub(super) fn opens_with_task(words: &str) -> bool {
    let first = words.split(' ').next().unwrap_or_default();
    let ending = |end: &str| first.len() >= 5 && first.ends_with(end);
    let english = TASKS.iter().any(|task| first == *task || first.strip_suffix('s') == Some(task));
    let gerund = ending("ing") && !matches!(first, "training" | "parking" | "housing" | "learning" | "nursing");
    let romance = ROMANCE_WORDS.iter().any(|word| words.contains(word));
    english || gerund || romance && (ending("ar") || ending("er") || ending("ir"))
}

/// Whether a sentence tells the reader what they would do, rather than what an employer does.
pub(super) fn speaks_to_reader(words: &str) -> bool {
    let signs =
        ["you will ", "you ll ", "your role", "in this role", "seras ", "te encargaras", "t encarregaras", "ستكون "];
    signs.iter().any(|sign| words.contains(sign))
}
