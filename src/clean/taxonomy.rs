//! Layers of taxonomy data to one taxonomy: the first layer fixes the concepts, later ones add names and marks to them,
//! and concepts of one's own (`urn:`). Another version's URIs that the first no longer has are left out and counted.

use crate::types::{Definitions, Label, LabelKind, Occupation, Relation, RelationKind, Skill, Taxonomy, TaxonomyLayer};
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// What became of one layer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LayerCounts {
    /// Name and version of the layer.
    pub version: String,
    /// Concepts of the layer that the taxonomy knows.
    pub known_count: usize,
    /// Concepts of a later layer that the first does not have and that are not one's own; they are left out.
    pub unknown_count: usize,
    /// Names added.
    pub label_count: usize,
    /// Relations with an end that the taxonomy does not have; they are left out.
    pub unknown_relation_count: usize,
}

/// A merged taxonomy and what became of its layers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MergedTaxonomy {
    /// Skills and occupations sorted by id, relations sorted.
    pub taxonomy: Taxonomy,
    /// Per layer, in their order.
    pub layers: Vec<LayerCounts>,
}

/// Merges layers; without any layer the taxonomy is empty.
pub fn merge(layers: &[TaxonomyLayer]) -> MergedTaxonomy {
    let mut skills: BTreeMap<&str, Skill> = BTreeMap::new();
    let mut occupations: BTreeMap<&str, Occupation> = BTreeMap::new();
    let mut counts = Vec::with_capacity(layers.len());
    for (number, layer) in layers.iter().enumerate() {
        let mut count = LayerCounts { version: layer.version.clone(), ..LayerCounts::default() };
        for skill in &layer.skills {
            let known = add_skill(&mut skills, skill, number == 0, &mut count);
            *(if known { &mut count.known_count } else { &mut count.unknown_count }) += 1;
        }
        for occupation in &layer.occupations {
            let known = add_occupation(&mut occupations, occupation, number == 0, &mut count);
            *(if known { &mut count.known_count } else { &mut count.unknown_count }) += 1;
        }
        counts.push(count);
    }
    let relations = relations(layers, &skills, &occupations, &mut counts);
    let mut versions: Vec<&str> = Vec::new();
    for version in layers.iter().map(|l| l.version.as_str()).filter(|v| !v.is_empty()) {
        if !versions.contains(&version) {
            versions.push(version);
        }
    }
    let taxonomy = Taxonomy {
        version: versions.join(" + "),
        skills: skills.into_values().collect(),
        occupations: occupations.into_values().collect(),
        relations,
        definitions: definitions(layers),
    };
    MergedTaxonomy { taxonomy, layers: counts }
}

/// The first layer that defines a skill in a language is the one that is heard.
fn definitions(layers: &[TaxonomyLayer]) -> Definitions {
    let mut all = Definitions::new();
    for (lang, own) in layers.iter().flat_map(|layer| &layer.definitions) {
        let known = all.entry(*lang).or_default();
        for (id, text) in own {
            known.entry(id.clone()).or_insert_with(|| text.clone());
        }
    }
    all
}

/// A concept that no published taxonomy has: `urn:skillgap:skill:...` or a user's own.
fn is_own(id: &str) -> bool {
    id.starts_with("urn:")
}

/// Adds a skill of the first layer or of one's own, or what a later layer knows of a known one; `false` when it is unknown.
fn add_skill<'a>(
    known: &mut BTreeMap<&'a str, Skill>,
    skill: &'a Skill,
    is_first: bool,
    count: &mut LayerCounts,
) -> bool {
    let id = skill.id.0.as_str();
    if (is_first || is_own(id)) && !known.contains_key(id) {
        known.insert(id, Skill { labels: Vec::new(), ..skill.clone() });
    }
    let Some(slot) = known.get_mut(id) else { return false };
    count.label_count += add_labels(&mut slot.labels, &skill.labels);
    slot.green |= skill.green;
    slot.digital |= skill.digital;
    slot.description = slot.description.take().or_else(|| skill.description.clone());
    if is_first || is_own(id) {
        slot.broader.extend(skill.broader.iter().cloned());
    }
    slot.broader.sort();
    slot.broader.dedup();
    true
}

fn add_occupation<'a>(
    known: &mut BTreeMap<&'a str, Occupation>,
    occupation: &'a Occupation,
    is_first: bool,
    count: &mut LayerCounts,
) -> bool {
    let id = occupation.id.as_str();
    if (is_first || is_own(id)) && !known.contains_key(id) {
        known.insert(id, Occupation { labels: Vec::new(), ..occupation.clone() });
    }
    let Some(slot) = known.get_mut(id) else { return false };
    count.label_count += add_labels(&mut slot.labels, &occupation.labels);
    slot.isco = slot.isco.take().or_else(|| occupation.isco.clone());
    slot.description = slot.description.take().or_else(|| occupation.description.clone());
    if slot.sectors.is_empty() {
        slot.sectors.clone_from(&occupation.sectors);
    }
    true
}

/// Adds names that are new in their language. A language keeps its first preferred name; another one is an alternative.
/// Returns how many are new.
fn add_labels(labels: &mut Vec<Label>, more: &[Label]) -> usize {
    let mut added = 0;
    for label in more {
        let text: String = label.text.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect();
        if text.is_empty() {
            continue;
        }
        let has_preferred =
            labels.iter().any(|l| l.lang == label.lang && l.kind == LabelKind::Preferred && l.text != text);
        let kind =
            if label.kind == LabelKind::Preferred && has_preferred { LabelKind::Alternative } else { label.kind };
        match labels.iter_mut().find(|l| l.lang == label.lang && l.text == text) {
            Some(known) => known.kind = known.kind.min(kind),
            None => {
                labels.push(Label { text, lang: label.lang, kind });
                added += 1;
            }
        }
    }
    labels.sort_by(|a, b| (a.lang, a.kind, &a.text).cmp(&(b.lang, b.kind, &b.text)));
    added
}

/// Relations of all layers by position; where two layers differ, essential wins.
fn relations(
    layers: &[TaxonomyLayer],
    skills: &BTreeMap<&str, Skill>,
    occupations: &BTreeMap<&str, Occupation>,
    counts: &mut [LayerCounts],
) -> Vec<Relation> {
    let positions =
        |keys: Vec<&str>| -> BTreeMap<String, u32> { keys.into_iter().map(str::to_owned).zip(0u32..).collect() };
    let skill_at = positions(skills.keys().copied().collect());
    let occupation_at = positions(occupations.keys().copied().collect());
    let mut found: BTreeMap<(u32, u32), RelationKind> = BTreeMap::new();
    for (layer, count) in layers.iter().zip(counts) {
        for (occupation, skill, kind) in &layer.relations {
            let (Some(o), Some(s)) = (occupation_at.get(occupation), skill_at.get(skill)) else {
                count.unknown_relation_count += 1;
                continue;
            };
            let slot = found.entry((*o, *s)).or_insert(*kind);
            *slot = (*slot).min(*kind);
        }
    }
    found.into_iter().map(|((occupation, skill), kind)| Relation { occupation, skill, kind }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Lang, Reuse, SkillId, SkillKind};

    fn label(text: &str, lang: Lang, kind: LabelKind) -> Label {
        Label { text: text.to_owned(), lang, kind }
    }

    fn skill(id: &str, labels: Vec<Label>) -> Skill {
        Skill {
            id: SkillId(id.to_owned()),
            kind: SkillKind::Skill,
            reuse: Reuse::CrossSector,
            labels,
            description: None,
            broader: vec![],
            green: false,
            digital: false,
        }
    }

    fn layer(version: &str, skills: Vec<Skill>) -> TaxonomyLayer {
        TaxonomyLayer { version: version.to_owned(), skills, ..TaxonomyLayer::default() }
    }

    #[test]
    fn later_layers_add_names_marks_and_own_concepts_and_unknown_ones_are_counted() {
        let first = layer(
            "ESCO v1",
            vec![
                skill("s2", vec![label("write code", Lang::En, LabelKind::Preferred)]),
                skill(
                    "s1",
                    vec![
                        label("plan", Lang::En, LabelKind::Preferred),
                        label(" plan  work", Lang::En, LabelKind::Alternative),
                    ],
                ),
                skill("s1", vec![label("planificar", Lang::Es, LabelKind::Preferred)]),
            ],
        );
        let mut marked = skill(
            "s1",
            vec![
                label("schedule", Lang::En, LabelKind::Preferred),
                label("plan work", Lang::En, LabelKind::Hidden),
                label("planificar", Lang::Ca, LabelKind::Preferred),
            ],
        );
        marked.digital = true;
        let second = layer("starter 0.1", vec![marked, skill("s9", vec![]), skill("urn:skillgap:skill:x", vec![])]);
        let merged = merge(&[first, second]);
        let t = &merged.taxonomy;
        assert_eq!(t.version, "ESCO v1 + starter 0.1");
        assert_eq!(t.skills.iter().map(|s| s.id.0.as_str()).collect::<Vec<_>>(), ["s1", "s2", "urn:skillgap:skill:x"]);
        assert!(t.skills[0].digital);
        assert_eq!(
            t.skills[0].labels,
            [
                label("plan", Lang::En, LabelKind::Preferred),
                label("plan work", Lang::En, LabelKind::Alternative),
                label("schedule", Lang::En, LabelKind::Alternative),
                label("planificar", Lang::Es, LabelKind::Preferred),
                label("planificar", Lang::Ca, LabelKind::Preferred),
            ]
        );
        assert_eq!(
            (merged.layers[1].known_count, merged.layers[1].unknown_count, merged.layers[1].label_count),
            (2, 1, 2)
        );
    }

    #[test]
    fn relations_become_positions_and_essential_wins() {
        let mut first = layer("a", vec![skill("s1", vec![]), skill("s0", vec![])]);
        first.occupations =
            vec![Occupation { id: "o".to_owned(), isco: None, labels: vec![], description: None, sectors: vec![] }];
        let relation = |skill: &str, kind| ("o".to_owned(), skill.to_owned(), kind);
        first.relations = vec![
            relation("s1", RelationKind::Optional),
            relation("s1", RelationKind::Essential),
            relation("s0", RelationKind::Optional),
            relation("nowhere", RelationKind::Optional),
        ];
        let merged = merge(&[first]);
        let expected = [
            Relation { occupation: 0, skill: 0, kind: RelationKind::Optional },
            Relation { occupation: 0, skill: 1, kind: RelationKind::Essential },
        ];
        assert_eq!(merged.taxonomy.relations, expected);
        assert_eq!(merged.layers[0].unknown_relation_count, 1);
    }
}
