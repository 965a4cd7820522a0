//! What holds a likely link back: ambiguous labels, parts of labels, and words that only describe another noun.

use crate::lexicon::ambiguity::{Ambiguity, Trust, surface_key};
use crate::lexicon::labels::{LabelTable, lang_index};
use crate::lexicon::query;
use crate::lexicon::tokens::{self, Gap};
use crate::types::{LabelKind, Lang};
use rustc_hash::FxHashMap;

/// What a link may become at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ceiling {
    /// Nothing: the words do not mean the skill.
    Dropped,
    /// Shown to a reviewer.
    Review,
    /// Anything.
    Accepted,
}

/// What a label found in full is worth.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Belief {
    pub(crate) ceiling: Ceiling,
    /// Believed as it stands, without support.
    pub(crate) plain: bool,
}

/// Rules of all languages, with the preferred label of each concept.
#[derive(Debug)]
pub(crate) struct Guard {
    ambiguity: [Ambiguity; 4],
    preferred: FxHashMap<(u32, Lang), usize>,
}

/// Nouns that add nothing after a skill ("project management skills").
const EMPTY_HEADS: &[&str] = &[
    "skill",
    "skills",
    "technique",
    "techniques",
    "method",
    "methods",
    "tool",
    "tools",
    "concept",
    "concepts",
    "basics",
    "principle",
    "principles",
    "fundamentals",
    "process",
    "processes",
    "practice",
    "practices",
    "knowledge",
    "theory",
    "strategy",
    "strategies",
    "framework",
    "frameworks",
    "system",
    "systems",
    "project",
    "projects",
    "problem",
    "problems",
    "model",
    "models",
    "algorithm",
    "algorithms",
    "code",
    "programs",
    "applications",
    "application",
    "task",
    "tasks",
    "work",
    "workflow",
    "workflows",
    "programming",
    "language",
    "software",
    "development",
];

impl Guard {
    pub(crate) fn new(table: &LabelTable) -> Self {
        let mut preferred = FxHashMap::default();
        for (at, entry) in table.entries.iter().enumerate().filter(|(_, e)| e.kind == LabelKind::Preferred) {
            preferred.entry((entry.concept, entry.lang)).or_insert(at);
        }
        Self { ambiguity: Lang::ALL.map(Ambiguity::of), preferred }
    }

    /// English words, which tell names from ordinary words in every language.
    pub(crate) fn english(&self) -> &Ambiguity {
        let [english, ..] = &self.ambiguity;
        english
    }

    /// Name of a concept in a language, else in the first it has one in.
    pub(crate) fn name_of(&self, concept: usize, lang: Lang) -> Option<usize> {
        let concept = u32::try_from(concept).ok()?;
        [lang].into_iter().chain(Lang::ALL).find_map(|lang| self.preferred.get(&(concept, lang)).copied())
    }

    /// What a label found in full may become, by the words that show it.
    pub(crate) fn full_label(&self, table: &LabelTable, label: usize, text: &str, span: Option<(u32, u32)>) -> Belief {
        let nothing = Belief { ceiling: Ceiling::Dropped, plain: false };
        let Some(entry) = table.entries.get(label) else { return nothing };
        let Some(ambiguity) = self.ambiguity.get(lang_index(entry.lang)) else { return nothing };
        let preferred = self.preferred.get(&(entry.concept, entry.lang)).copied();
        let surface = span.and_then(|(from, to)| text.get(from as usize..to as usize)).unwrap_or_default();
        let starts_text = span.is_some_and(|(from, _)| from == 0);
        let believed = |yes: bool| if yes { Ceiling::Accepted } else { Ceiling::Dropped };
        let trust = ambiguity.trust(table, label, preferred);
        let ceiling = match trust {
            Trust::Named | Trust::Plain => Ceiling::Accepted,
            Trust::Capital => believed(!starts_text && surface.chars().any(char::is_uppercase)),
            Trust::Upper => {
                believed(surface.chars().any(char::is_uppercase) && !surface.chars().any(char::is_lowercase))
            }
            // Ordinary words in a telling order ("large language models"): the lanes have the say.
            Trust::Review if table.stems(label).len() > 2 => Ceiling::Accepted,
            Trust::Context if self.supported(ambiguity, table.text(label), text) => Ceiling::Accepted,
            Trust::Context | Trust::Review => Ceiling::Review,
            Trust::Drop => Ceiling::Dropped,
        };
        Belief { ceiling, plain: matches!(trust, Trust::Named | Trust::Plain) }
    }

    fn supported(&self, ambiguity: &Ambiguity, label: &str, text: &str) -> bool {
        let Some(rule) = ambiguity.rule(&surface_key(label)) else { return false };
        tokens::tokens(text).any(|t| rule.context.contains(&tokens::form(t.raw)))
    }

    /// Whether the words at `span` only describe the noun after them ("confidence intervals"): English puts the head last.
    pub(crate) fn describes_next(&self, text: &str, span: Option<(u32, u32)>, lang: Lang) -> bool {
        if lang != Lang::En && lang != Lang::Und {
            return false;
        }
        let Some(next) = span.and_then(|(_, to)| tokens::tokens(text).find(|t| t.start >= to as usize)) else {
            return false;
        };
        let form = tokens::form(next.raw);
        let between = span.and_then(|(_, to)| text.get(to as usize..next.start)).unwrap_or_default();
        next.gap == Gap::Open
            && between.chars().all(char::is_whitespace)
            && !query::is_stop(&form, Lang::En)
            && !form.ends_with("ing")
            && !form.ends_with("ly")
            && !EMPTY_HEADS.contains(&form.as_str())
    }
}
