//! Names that mean one occupation, in a list whose concepts the learned vectors do not know.
//!
//! A list of names without known URIs (national classifications, a vendor's list) often holds several names of one
//! occupation. Each name is led to the learned occupation nearest to it; names led to the same one are kin, and what
//! ranks one of them lifts the others.

use crate::lexicon::labels::LabelTable;
use crate::lexicon::ranker::Ranked;
use crate::lexicon::vectors::Vectors;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Share of a score that is that of the best of the kin.
const SHARED: f32 = 0.6;
/// Groups whose members are all brought in.
const GROUPS: usize = 60;

/// Kin by concept.
#[derive(Debug)]
pub(crate) struct Kin {
    group_of: Vec<u32>,
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
        let nearest = |label: &usize| {
            let lang = table.entries.get(*label).map(|entry| entry.lang)?;
            let text = vectors.text(table.text(*label), lang);
            let cosine = |place: &[f32]| -> f32 { place.iter().zip(&text).map(|(a, b)| a * b).sum() };
            let all = places.chunks_exact(vectors.dim().max(1)).map(cosine).zip(0u32..);
            all.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))).map(|best| best.1)
        };
        let group_of: Vec<u32> = labels.par_iter().map(|label| nearest(label).unwrap_or(u32::MAX)).collect();
        let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (concept, group) in group_of.iter().enumerate().filter(|(_, group)| **group != u32::MAX) {
            members.entry(*group).or_default().push(concept);
        }
        Self { group_of, members, labels }
    }

    /// Lifts every ranked concept towards the best of its kin, and brings in the kin of the best; in no order.
    pub(crate) fn lift(&self, ranked: Vec<Ranked>) -> Vec<Ranked> {
        let floor = ranked.iter().map(|r| r.score).fold(f32::MAX, f32::min);
        let mut best: BTreeMap<u32, (f32, usize)> = BTreeMap::new();
        let group = |concept: usize| self.group_of.get(concept).copied().unwrap_or(u32::MAX);
        for (at, one) in ranked.iter().enumerate() {
            let known = best.entry(group(one.concept)).or_insert((f32::MIN, at));
            if one.score > known.0 {
                *known = (one.score, at);
            }
        }
        best.remove(&u32::MAX);
        let lifted = |own: f32, group: u32| best.get(&group).map_or(own, |top| own + SHARED * (top.0 - own));
        let mut out: Vec<Ranked> =
            ranked.iter().map(|r| Ranked { score: lifted(r.score, group(r.concept)), ..r.clone() }).collect();
        let mut groups: Vec<(u32, (f32, usize))> = best.iter().map(|(group, top)| (*group, *top)).collect();
        groups.sort_by(|a, b| b.1.0.total_cmp(&a.1.0).then(a.0.cmp(&b.0)));
        let there: std::collections::BTreeSet<usize> = ranked.iter().map(|r| r.concept).collect();
        for (group, (_, at)) in groups.into_iter().take(GROUPS) {
            let Some(example) = ranked.get(at) else { continue };
            let absent = self.members.get(&group).into_iter().flatten().filter(|concept| !there.contains(concept));
            out.extend(absent.map(|&concept| Ranked {
                concept,
                label: self.labels.get(concept).copied().unwrap_or_default(),
                score: lifted(floor, group),
                ..example.clone()
            }));
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
