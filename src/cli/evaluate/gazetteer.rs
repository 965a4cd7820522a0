//! Baselines: labels looked up word for word, the longest first, without any filter. They tell how hard a gold set is.

use crate::cli::args::Baseline;
use crate::lexicon::tokens;
use crate::types::{LabelKind, Lang, Taxonomy};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Labels of one language by their folded words.
pub struct Gazetteer<'a> {
    skills: FxHashMap<String, BTreeSet<&'a str>>,
    longest: usize,
}

impl<'a> Gazetteer<'a> {
    /// Of a taxonomy's labels in `lang`; English where the language is unknown.
    pub fn new(taxonomy: &'a Taxonomy, lang: Lang, baseline: Baseline) -> Self {
        let lang = if lang == Lang::Und { Lang::En } else { lang };
        let mut gazetteer = Self { skills: FxHashMap::default(), longest: 0 };
        for skill in &taxonomy.skills {
            let wanted = |kind| baseline == Baseline::Gazetteer || kind == LabelKind::Preferred;
            for label in skill.labels.iter().filter(|label| label.lang == lang && wanted(label.kind)) {
                let words = words(&label.text);
                gazetteer.longest = gazetteer.longest.max(words.len());
                gazetteer.skills.entry(words.join(" ")).or_default().insert(&skill.id.0);
            }
        }
        gazetteer.skills.remove("");
        gazetteer
    }

    /// Every skill named in a text: from the left the longest label, which may name several.
    pub fn skills(&self, text: &str) -> BTreeSet<&'a str> {
        let words = words(text);
        let mut found = BTreeSet::new();
        let mut at = 0;
        while at < words.len() {
            let most = self.longest.min(words.len() - at);
            let met = (1..=most).rev().find_map(|n| Some((n, self.skills.get(&words.get(at..at + n)?.join(" "))?)));
            at += met.map_or(1, |(n, _)| n);
            found.extend(met.into_iter().flat_map(|(_, skills)| skills));
        }
        found
    }
}

fn words(text: &str) -> Vec<String> {
    tokens::tokens(text).map(|token| tokens::form(token.raw)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Label, Reuse, Skill, SkillId, SkillKind};

    #[test]
    fn the_longest_label_wins_and_nothing_is_filtered() {
        let label = |text: &str, lang, kind| Label { text: text.to_owned(), lang, kind };
        let skill = |id: &str, labels| Skill {
            id: SkillId(id.to_owned()),
            kind: SkillKind::Skill,
            reuse: Reuse::CrossSector,
            labels,
            description: None,
            broader: Vec::new(),
            green: false,
            digital: false,
        };
        use LabelKind::{Alternative, Preferred};
        let taxonomy = Taxonomy {
            skills: vec![
                skill("data", vec![label("data", Lang::En, Preferred), label("datos", Lang::Es, Preferred)]),
                skill("mine", vec![label("data mining", Lang::En, Preferred), label("it", Lang::En, Alternative)]),
                skill(
                    "quarry",
                    vec![label("mining", Lang::En, Preferred), label("Data Mining", Lang::En, Alternative)],
                ),
            ],
            ..Taxonomy::default()
        };
        let all = Gazetteer::new(&taxonomy, Lang::En, Baseline::Gazetteer);
        assert_eq!(all.skills("Do IT with data-mining!").into_iter().collect::<Vec<_>>(), ["mine", "quarry"]);
        let preferred = Gazetteer::new(&taxonomy, Lang::En, Baseline::Preferred);
        assert_eq!(preferred.skills("it: Data mining, data").into_iter().collect::<Vec<_>>(), ["data", "mine"]);
        assert!(all.skills("datos").is_empty() && all.skills("").is_empty());
    }
}
