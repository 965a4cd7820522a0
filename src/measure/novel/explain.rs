//! Why a frequent phrase is no news: a label of the taxonomy says it, it names an occupation or a place.

use crate::lexicon::labels::{LabelTable, UNKNOWN};
use crate::lexicon::tokens;
use crate::types::{Lang, Taxonomy};
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

/// What is known, indexed.
pub struct Known<'a> {
    skills: Labels<'a>,
    occupations: LabelTable,
    /// Stems of whole occupation labels, with their language.
    titles: FxHashSet<(Lang, Vec<u32>)>,
    places: &'a BTreeSet<String>,
    cities: &'a BTreeSet<String>,
    most_place_words: usize,
}

/// Labels by the stems they hold.
struct Labels<'a> {
    table: &'a LabelTable,
    by_stem: Vec<Vec<u32>>,
}

impl<'a> Labels<'a> {
    fn new(table: &'a LabelTable) -> Self {
        let mut by_stem: Vec<Vec<u32>> = vec![Vec::new(); table.vocabulary.stems.len()];
        for (label, _) in (0u32..).zip(&table.entries) {
            for stem in table.stems(label as usize) {
                if let Some(list) = by_stem.get_mut(*stem as usize).filter(|l| l.last() != Some(&label)) {
                    list.push(label);
                }
            }
        }
        Self { table, by_stem }
    }

    /// Whether one label of the language holds every word.
    fn cover(&self, forms: &[String], lang: Lang) -> bool {
        let stems: Option<Vec<u32>> = forms.iter().map(|f| self.table.vocabulary.stem_of_word(f, lang)).collect();
        let Some(mut stems) = stems.filter(|s| !s.is_empty()) else { return false };
        let size = |stem: &u32| self.by_stem.get(*stem as usize).map_or(0, Vec::len);
        stems.sort_by_key(size);
        let Some((rarest, others)) = stems.split_first() else { return false };
        let labels = self.by_stem.get(*rarest as usize).map(Vec::as_slice).unwrap_or_default();
        labels.iter().any(|label| {
            let own = self.table.stems(*label as usize);
            self.table.entries.get(*label as usize).is_some_and(|e| e.lang == lang)
                && others.iter().all(|stem| own.contains(stem))
        })
    }
}

impl<'a> Known<'a> {
    /// Indexes labels and names; places and cities are joined folded words.
    pub fn new(
        skills: &'a LabelTable,
        taxonomy: &Taxonomy,
        (places, cities): (&'a BTreeSet<String>, &'a BTreeSet<String>),
    ) -> Self {
        let occupations = LabelTable::of_occupations(taxonomy);
        let stems =
            |(label, e): (usize, &crate::lexicon::labels::LabelEntry)| (e.lang, occupations.stems(label).to_vec());
        let titles = occupations.entries.iter().enumerate().map(stems).collect();
        let most_place_words = places.iter().map(|p| p.split(' ').count()).max().unwrap_or(0);
        Self { skills: Labels::new(skills), occupations, titles, places, cities, most_place_words }
    }

    /// Whether a phrase, given by its folded words, is explained.
    pub fn explains(&self, forms: &[String], telling: &[String], lang: Lang) -> bool {
        self.skills.cover(telling, lang)
            || (lang != Lang::En && self.skills.cover(telling, Lang::En))
            || self.is_occupation(forms, lang)
            || self.names_place(forms)
    }

    /// Whether a phrase is the name of a city, if it is a name.
    pub fn is_city(&self, forms: &[String]) -> bool {
        self.cities.contains(&forms.join(" "))
    }

    /// A job title at the place where the language has its head noun: "senior [data engineer]", "[ingeniero de datos]
    /// sénior".
    fn is_occupation(&self, forms: &[String], lang: Lang) -> bool {
        let vocabulary = &self.occupations.vocabulary;
        let stems: Vec<u32> = forms.iter().map(|f| vocabulary.stem_of_word(f, lang).unwrap_or(UNKNOWN)).collect();
        let head_last = matches!(lang, Lang::En | Lang::Und);
        (1..=stems.len()).any(|n| {
            let part = if head_last { stems.get(stems.len() - n..) } else { stems.get(..n) };
            part.is_some_and(|p| self.titles.contains(&(lang, p.to_vec())))
        })
    }

    fn names_place(&self, forms: &[String]) -> bool {
        (1..=self.most_place_words.min(forms.len()))
            .any(|n| forms.windows(n).any(|words| self.places.contains(&words.join(" "))))
    }
}

/// Folded words of a text.
pub fn forms(text: &str) -> Vec<String> {
    tokens::tokens(text).map(|t| tokens::form(t.raw)).collect()
}
