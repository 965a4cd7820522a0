//! Measurements on real data, run by hand, and the fit of the decision.

use super::*;
use crate::lexicon::real::{cpu, folder, gold, taxonomy};
use crate::types::Taxonomy;
use decide::FEATURES;

struct Example {
    features: [f32; FEATURES.len()],
    right: bool,
    query: usize,
}

/// Logistic regression with L2 .002 on standardised features, by gradient descent.
fn fit(examples: &[&Example]) -> LinkWeights {
    let n = examples.len() as f32;
    let mut mean = [0f32; FEATURES.len()];
    let mut sd = [0f32; FEATURES.len()];
    examples.iter().for_each(|e| (0..FEATURES.len()).for_each(|k| mean[k] += e.features[k] / n));
    examples.iter().for_each(|e| (0..FEATURES.len()).for_each(|k| sd[k] += (e.features[k] - mean[k]).powi(2) / n));
    let sd = sd.map(|x| x.sqrt().max(1e-6));
    let (mut b, mut w) = (-2.0f32, [0f32; FEATURES.len()]);
    for _ in 0..1500 {
        let (mut gb, mut gw) = (0.0, [0f32; FEATURES.len()]);
        for e in examples {
            let z = b + (0..FEATURES.len()).map(|k| w[k] * (e.features[k] - mean[k]) / sd[k]).sum::<f32>();
            let g = (1.0 / (1.0 + (-z).exp()) - f32::from(u8::from(e.right))) / n;
            gb += g;
            (0..FEATURES.len()).for_each(|k| gw[k] += g * (e.features[k] - mean[k]) / sd[k]);
        }
        b -= 2.0 * gb;
        (0..FEATURES.len()).for_each(|k| w[k] -= 2.0 * (gw[k] + 0.002 * w[k]));
    }
    let weights: [f32; FEATURES.len()] = std::array::from_fn(|k| w[k] / sd[k]);
    LinkWeights { bias: b - (0..FEATURES.len()).map(|k| weights[k] * mean[k]).sum::<f32>(), weights }
}

#[test]
#[ignore = "needs real data"]
fn fit_link_weights() {
    let lexicon = Lexicon::new(taxonomy(folder("SKILLGAP_ESCO").to_str().unwrap()));
    let linker = Linker::new(&lexicon, &LinkSpec::default());
    let find = |uri: &str| lexicon.taxonomy.skill_index(uri);
    let mut queries = gold("skills_en_tech_validation.jsonl", find);
    queries.extend(gold("skills_en_house_validation.jsonl", find));
    let mut examples = Vec::new();
    for (query, (text, right)) in queries.iter().enumerate() {
        for r in linker.ranker.rank_at(text, Some(Lang::En), CANDIDATES, Depth::Quick) {
            let right = right.contains(&r.concept);
            examples.push(Example { features: Features::of(&r, &lexicon.skills).0, right, query });
        }
    }
    let all: Vec<&Example> = examples.iter().collect();
    let w = fit(&all);
    println!("bias = {:.3}", w.bias);
    FEATURES.iter().zip(w.weights).for_each(|(f, x)| println!("{f} = {x:.3}"));
    let total: usize = queries.iter().map(|q| q.1.len()).sum();
    let mut held = Vec::new();
    for fold in 0..5 {
        let w = fit(&all.iter().filter(|e| e.query % 5 != fold).copied().collect::<Vec<_>>());
        held.extend(
            all.iter().filter(|e| e.query % 5 == fold).map(|e| (w.probability(&Features(e.features)), e.right)),
        );
    }
    for t in [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7] {
        let kept: Vec<bool> = held.iter().filter(|x| x.0 >= t).map(|x| x.1).collect();
        let right = kept.iter().filter(|x| **x).count();
        println!(
            "at {t}: {} kept, precision {:.1}, recall {:.1}",
            kept.len(),
            100.0 * right as f32 / kept.len() as f32,
            100.0 * right as f32 / total as f32
        );
    }
}

#[test]
#[ignore = "needs real data"]
fn accepted_links_of_gold() {
    use std::collections::{BTreeMap, BTreeSet};
    let lexicon = Lexicon::new(taxonomy(folder("SKILLGAP_ESCO").to_str().unwrap()));
    for accept in [0.3, 0.4, 0.45, 0.5, 0.6] {
        let linker = Linker::new(&lexicon, &LinkSpec { accept, ..LinkSpec::default() });
        for file in ["skills_en_tech_validation.jsonl", "skills_en_house_validation.jsonl"] {
            let lines = std::fs::read_to_string(folder("SKILLGAP_GOLD").join(file)).unwrap();
            let set = crate::evaluate::read_gold(&lines, |uri| lexicon.taxonomy.skill_index(uri).is_some()).unwrap();
            let accepted: BTreeMap<String, BTreeSet<String>> = set
                .queries
                .iter()
                .map(|q| {
                    let links = linker.links_of(&q.text, Lang::En).into_iter();
                    (q.id.clone(), links.filter(|l| l.verdict == Verdict::Accepted).map(|l| l.skill.0).collect())
                })
                .collect();
            let s = crate::evaluate::score(&set, &BTreeMap::new(), Some(&accepted)).accepted.unwrap();
            println!(
                "accept {accept} {file}: P {:?} R {:?} F1 {:?} n {}",
                s.precision.value, s.recall.value, s.f1.value, s.accepted_count
            );
        }
    }
}

fn outcomes() -> Vec<String> {
    let path = std::env::var("SKILLGAP_OUTCOMES").expect("set SKILLGAP_OUTCOMES");
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.records().map(|r| r.unwrap().get(1).unwrap().to_owned()).collect()
}

fn show(taxonomy: &Taxonomy, linker: &Linker<'_>, text: &str, lang: Lang) {
    println!("\n[{}] {text}", lang.code());
    for link in linker.links_of(text, lang) {
        let at = taxonomy.skill_index(&link.skill.0).unwrap();
        let mark = if link.verdict == Verdict::Accepted { "+" } else { "?" };
        println!(
            "   {mark} {:.2} {} | {} <- {}",
            link.score.get(),
            taxonomy.skills[at].name(lang),
            link.label,
            link.surface.unwrap_or_default()
        );
    }
}

#[test]
#[ignore = "needs real data"]
fn read_linked_outcomes() {
    let lexicon = Lexicon::new(taxonomy(folder("SKILLGAP_ESCO").to_str().unwrap()));
    let start = cpu();
    let linker = Linker::new(&lexicon, &LinkSpec::default());
    let built = cpu() - start;
    let outcomes = outcomes();
    let start = cpu();
    let linked: Vec<Vec<Link>> = outcomes.iter().map(|o| linker.links_of(o, Lang::En)).collect();
    let took = cpu() - start;
    let count = |v: Verdict| linked.iter().filter(|l| l.first().map_or(Verdict::Unmatched, |x| x.verdict) == v).count();
    println!(
        "built {built:.2} s; {} outcomes in {took:.2} s, {:.3} ms each",
        outcomes.len(),
        1000.0 * took / outcomes.len() as f64
    );
    println!(
        "accepted {}, review {}, unmatched {}",
        count(Verdict::Accepted),
        count(Verdict::Review),
        count(Verdict::Unmatched)
    );
    let mut most: std::collections::BTreeMap<(&str, &str), usize> = std::collections::BTreeMap::new();
    linked
        .iter()
        .flatten()
        .filter(|l| l.verdict == Verdict::Accepted)
        .for_each(|l| *most.entry((&l.label, &l.skill.0)).or_default() += 1);
    let mut most: Vec<_> = most.into_iter().collect();
    most.sort_by_key(|x| std::cmp::Reverse(x.1));
    println!("{:?}", most.iter().take(60).map(|x| format!("{} {}", x.0.0, x.1)).collect::<Vec<_>>());
    let seed: usize = std::env::var("SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(0);
    for at in 0..25 {
        show(&lexicon.taxonomy, &linker, &outcomes[(seed + at * 397) % outcomes.len()], Lang::En);
    }
}

/// The starter taxonomy from its csv parts.
fn starter(dir: &std::path::Path) -> Taxonomy {
    use crate::types::{Label, Reuse, Skill, SkillId, SkillKind};
    use std::collections::BTreeMap;
    let mut skills: BTreeMap<String, Skill> = BTreeMap::new();
    let read = |name: &str| -> Vec<BTreeMap<String, String>> {
        csv::Reader::from_path(dir.join(name)).unwrap().deserialize().map(Result::unwrap).collect()
    };
    for row in ["skills_a.csv", "skills_b.csv"].iter().flat_map(|f| read(f)) {
        let reuse = match row["reuse"].as_str() {
            "transversal" => Reuse::Transversal,
            "cross-sector" => Reuse::CrossSector,
            "sector-specific" => Reuse::SectorSpecific,
            _ => Reuse::OccupationSpecific,
        };
        let kind = if row["kind"] == "knowledge" { SkillKind::Knowledge } else { SkillKind::Skill };
        let (labels, broader, green, digital) = (Vec::new(), Vec::new(), false, false);
        let description = Some(row["description"].clone());
        let id = SkillId(row["id"].clone());
        skills.insert(row["id"].clone(), Skill { id, kind, reuse, labels, description, broader, green, digital });
    }
    for row in ["labels_a.csv", "labels_b.csv"].iter().flat_map(|f| read(f)) {
        let kind = match row["kind"].as_str() {
            "preferred" => LabelKind::Preferred,
            "hidden" => LabelKind::Hidden,
            _ => LabelKind::Alternative,
        };
        if let Some(skill) = skills.get_mut(&row["id"]) {
            skill.labels.push(Label { text: row["label"].clone(), lang: Lang::from_code(&row["lang"]), kind });
        }
    }
    Taxonomy { version: "starter".to_owned(), skills: skills.into_values().collect(), ..Taxonomy::default() }
}

#[test]
#[ignore = "needs real data"]
fn read_starter_links() {
    let lexicon = Lexicon::new(starter(&folder("SKILLGAP_STARTER")));
    let linker = Linker::new(&lexicon, &LinkSpec::default());
    let mut reader = csv::Reader::from_path(folder("SKILLGAP_CREDENTIALS")).unwrap();
    let rows: Vec<std::collections::BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    let (mut n, mut accepted) = (0, 0);
    for row in &rows {
        let lang = Lang::from_code(&row["language"]);
        for outcome in row["outcomes"].split('|') {
            n += 1;
            accepted +=
                usize::from(linker.links_of(outcome, lang).first().is_some_and(|l| l.verdict == Verdict::Accepted));
            show(&lexicon.taxonomy, &linker, outcome, lang);
        }
    }
    println!("{accepted} of {n} accepted");
}
