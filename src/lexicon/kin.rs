//! Names that mean one occupation, in a list whose concepts the learned vectors do not know.
//!
//! A list of names without known URIs (national classifications, a vendor's list) often holds several names of one
//! occupation. Each name is led to the learned occupations nearest to it; names led to the same one are kin, and what
//! ranks one of them lifts the others.

use crate::lexicon::labels::LabelTable;
use crate::lexicon::ranker::Ranked;
use crate::lexicon::vectors::Vectors;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Share of a score that is that of the best of the kin.
const SHARED: f32 = 0.6;
/// Groups whose members are all brought in.
const GROUPS: usize = 60;
/// Learned occupations that a name is led to at most, and how far behind the nearest the others may be.
const NEAREST: usize = 3;
const BEHIND: f32 = 0.1;

/// Kin by concept.
#[derive(Debug)]
pub(crate) struct Kin {
    groups_of: Vec<Vec<u32>>,
    members: BTreeMap<u32, Vec<usize>>,
    /// First label of each concept.
    labels: Vec<usize>,
}

impl Kin {
    /// Of the concepts of a table, each by its first label.
    pub(crate) fn new(table: &LabelTable, concept_count: usize, vectors: &Vectors) -> Self {
        let mut labels = vec![usize::MAX; concept_count];
        for (at, entry) in table.entries.iter().enumerate().rev() {
            labels.iter_mut().skip(entry.concept as usize).take(1).for_each(|label| *label = at);
        }
        let places = vectors.occupations();
        let nearest = |label: &usize| -> Vec<u32> {
            let Some(lang) = table.entries.get(*label).map(|entry| entry.lang) else { return Vec::new() };
            let text = vectors.text(table.text(*label), lang);
            let cosine = |place: &[f32]| -> f32 { place.iter().zip(&text).map(|(a, b)| a * b).sum() };
            let all = places.chunks_exact(vectors.dim().max(1)).map(cosine).zip(0u32..);
            let mut all: Vec<(f32, u32)> = all.collect();
            all.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let least = all.first().map_or(0.0, |best| best.0 - BEHIND);
            all.into_iter().take(NEAREST).filter(|x| x.0 >= least).map(|x| x.1).collect()
        };
        let groups_of: Vec<Vec<u32>> = labels.par_iter().map(nearest).collect();
        let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (concept, groups) in groups_of.iter().enumerate() {
            groups.iter().for_each(|group| members.entry(*group).or_default().push(concept));
        }
        Self { groups_of, members, labels }
    }

    fn groups(&self, concept: usize) -> &[u32] {
        self.groups_of.get(concept).map_or(&[], Vec::as_slice)
    }

    /// Lifts every ranked concept towards the best of its kin, and brings in the kin of the best; in no order.
    pub(crate) fn lift(&self, ranked: Vec<Ranked>) -> Vec<Ranked> {
        let floor = ranked.iter().map(|r| r.score).fold(f32::MAX, f32::min);
        let mut best: BTreeMap<u32, (f32, usize)> = BTreeMap::new();
        for (at, one) in ranked.iter().enumerate() {
            for group in self.groups(one.concept) {
                let known = best.entry(*group).or_insert((f32::MIN, at));
                if one.score > known.0 {
                    *known = (one.score, at);
                }
            }
        }
        let lifted = |own: f32, concept: usize| {
            let top =
                self.groups(concept).iter().filter_map(|group| best.get(group)).map(|top| top.0).fold(own, f32::max);
            own + SHARED * (top - own)
        };
        let mut out: Vec<Ranked> =
            ranked.iter().map(|r| Ranked { score: lifted(r.score, r.concept), ..r.clone() }).collect();
        let mut groups: Vec<(u32, (f32, usize))> = best.iter().map(|(group, top)| (*group, *top)).collect();
        groups.sort_by(|a, b| b.1.0.total_cmp(&a.1.0).then(a.0.cmp(&b.0)));
        let mut there: BTreeSet<usize> = ranked.iter().map(|r| r.concept).collect();
        for (group, (_, at)) in groups.into_iter().take(GROUPS) {
            let Some(example) = ranked.get(at) else { continue };
            for &concept in self.members.get(&group).into_iter().flatten().filter(|concept| there.insert(**concept)) {
                let label = self.labels.get(concept).copied().unwrap_or_default();
                out.push(Ranked { concept, label, score: lifted(floor, concept), ..example.clone() });
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use crate::lexicon::labels::LabelTable;
    use crate::lexicon::occupations::OccupationCoder;
    use crate::lexicon::vectors::Vectors;
    use crate::types::{Label, LabelKind, Lang, Occupation, Taxonomy};

    #[test]
    fn in_a_list_of_names_a_title_also_finds_the_name_that_shares_no_word_with_it() {
        let names = ["gruista", "operador de grúa", "operador de central", "panadero", "pastelero", "enfermera"];
        let occupation = |(at, name): (usize, &&str)| Occupation {
            id: format!("n{at}"),
            isco: None,
            labels: vec![Label { text: (*name).to_owned(), lang: Lang::Es, kind: LabelKind::Preferred }],
            description: None,
            sectors: Vec::new(),
        };
        let occupations = names.iter().enumerate().map(occupation).collect();
        let taxonomy = Taxonomy { occupations, ..Taxonomy::default() };
        let (table, vectors) = (LabelTable::of_occupations(&taxonomy), Vectors::shipped());
        let coder = OccupationCoder::new(&taxonomy, &table, &vectors);
        let ranked = coder.rank("OPERADORES DE GRÚA, EN GENERAL", Lang::Es, 6);
        let first: Vec<&str> = ranked.iter().take(2).map(|r| names[r.concept]).collect();
        assert_eq!(first, ["operador de grúa", "gruista"]);
    }
}
