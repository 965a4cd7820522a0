//! Measurements on real data, run by hand: `SKILLGAP_ESCO=<folder> SKILLGAP_GOLD=<folder> cargo test --release -- --ignored`.

use crate::lexicon::labels::LabelTable;
use crate::lexicon::ngrams::{NGramIndex, NGramScratch};
use crate::lexicon::ranker::Ranker;
use crate::types::{
    IscoCode, Label, LabelKind, Lang, Occupation, Relation, RelationKind, Reuse, Skill, SkillId, SkillKind, Taxonomy,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

pub(crate) fn folder(variable: &str) -> PathBuf {
    PathBuf::from(std::env::var(variable).unwrap_or_else(|_| panic!("set {variable}")))
}

fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let Ok(mut reader) = csv::ReaderBuilder::new().flexible(true).from_path(path) else { return Vec::new() };
    reader.deserialize().filter_map(Result::ok).collect()
}

fn labels(row: &BTreeMap<String, String>, lang: Lang) -> Vec<Label> {
    let get = |name: &str| row.get(name).cloned().unwrap_or_default();
    let mut labels = Vec::new();
    for (column, kind) in [
        ("preferredLabel", LabelKind::Preferred),
        ("altLabels", LabelKind::Alternative),
        ("hiddenLabels", LabelKind::Hidden),
    ] {
        for text in get(column).split(['\n', '|']).map(str::trim).filter(|t| !t.is_empty()) {
            labels.push(Label { text: text.to_owned(), lang, kind });
        }
    }
    labels
}

/// A light reader of ESCO csv folders, several joined by `:`; the first fixes the concepts.
pub(crate) fn taxonomy(folders: &str) -> Taxonomy {
    let mut skills: BTreeMap<String, Skill> = BTreeMap::new();
    let mut occupations: BTreeMap<String, Occupation> = BTreeMap::new();
    let mut relations = Vec::new();
    for (layer, dir) in folders.split(':').enumerate() {
        let mut files: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|f| f.unwrap().path()).collect();
        files.sort();
        for path in &files {
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let Some((name, code)) = stem.rsplit_once('_') else { continue };
            let lang = Lang::from_code(code);
            if name == "occupations" {
                for row in rows(path) {
                    let uri = row["conceptUri"].clone();
                    let names = labels(&row, lang);
                    if let Some(known) = occupations.get_mut(&uri) {
                        known.labels.extend(names);
                    } else if layer == 0 {
                        let isco = IscoCode::new(&row["iscoGroup"]).ok();
                        let description = Some(row["description"].clone());
                        occupations.insert(uri.clone(), Occupation { id: uri, isco, labels: names, description });
                    }
                }
            } else if name == "skills" || name.ends_with("SkillsCollection") {
                for row in rows(path) {
                    let uri = row["conceptUri"].clone();
                    let names = labels(&row, lang);
                    if let Some(known) = skills.get_mut(&uri) {
                        if layer > 0 && !known.labels.iter().any(|l| l.lang == lang) {
                            known.labels.extend(names);
                        }
                    } else if layer == 0 && name == "skills" {
                        let reuse = match row["reuseLevel"].as_str() {
                            "transversal" => Reuse::Transversal,
                            "cross-sector" => Reuse::CrossSector,
                            "sector-specific" => Reuse::SectorSpecific,
                            _ => Reuse::OccupationSpecific,
                        };
                        let kind =
                            if row["skillType"] == "knowledge" { SkillKind::Knowledge } else { SkillKind::Skill };
                        let description = Some(row["description"].clone());
                        let (broader, green, digital) = (Vec::new(), false, false);
                        let id = SkillId(uri.clone());
                        skills.insert(
                            uri,
                            Skill { id, kind, reuse, labels: names, description, broader, green, digital },
                        );
                    }
                }
            }
        }
        if layer == 0 {
            relations = rows(&Path::new(dir).join("occupationSkillRelations.csv"));
        }
    }
    let mut taxonomy = Taxonomy {
        version: "real".to_owned(),
        skills: skills.into_values().collect(),
        occupations: occupations.into_values().collect(),
        relations: Vec::new(),
    };
    taxonomy.relations = relations
        .iter()
        .filter_map(|row| {
            Some(Relation {
                occupation: taxonomy.occupation_index(&row["occupationUri"])? as u32,
                skill: taxonomy.skill_index(&row["skillUri"])? as u32,
                kind: RelationKind::Essential,
            })
        })
        .collect();
    taxonomy
}

/// CPU seconds of this process.
pub(crate) fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    stat.split_whitespace().next().and_then(|x| x.parse::<f64>().ok()).unwrap_or_default() / 1e9
}

#[test]
#[ignore = "needs real data"]
fn ngram_speed_and_overlap() {
    let taxonomy = taxonomy(folder("SKILLGAP_ESCO").to_str().unwrap());
    let texts: Vec<String> = taxonomy
        .skills
        .iter()
        .flat_map(|s| s.labels.iter().filter(|l| l.lang == Lang::En).map(|l| crate::lexicon::normal::fold(&l.text)))
        .collect();
    let start = cpu();
    let index = NGramIndex::new(texts.iter().map(String::as_str));
    println!(
        "{} labels, build {:.3} s, {:.1} MB, {} grams",
        texts.len(),
        cpu() - start,
        index.byte_count() as f64 / 1e6,
        index.gram_count()
    );
    let queries = queries(&texts);
    let mut scratch = NGramScratch::default();
    let start = cpu();
    let found: Vec<_> = queries.iter().map(|q| index.top(q, 10, &mut scratch)).collect();
    let took = cpu() - start;
    println!("{} queries: {:.0} per CPU s", queries.len(), queries.len() as f64 / took);
    for (part, name) in [(0, "typos"), (1, "phrases")] {
        let mut overlap = 0.0;
        let mut n = 0.0;
        for (q, f) in queries.iter().zip(&found).skip(part).step_by(2).step_by(40) {
            let exact = exact_top(&index, q, 10);
            let floor = exact.last().map_or(0.0, |x| x.1) - 1e-5;
            // A tie at the last rank is as good.
            let good = f.iter().filter(|x| x.1 >= floor).count();
            overlap += good as f64 / exact.len().max(1) as f64;
            n += 1.0;
        }
        println!("{name}: overlap {:.4} over {n} queries", overlap / n);
    }
    let phrases: Vec<&String> = queries.iter().skip(1).step_by(2).collect();
    let start = cpu();
    phrases.iter().for_each(|q| drop(index.top(q, 10, &mut scratch)));
    println!("phrases alone {:.0} per CPU s", phrases.len() as f64 / (cpu() - start));
}

fn exact_top(index: &NGramIndex, query: &str, k: usize) -> Vec<(u32, f32)> {
    let mut dense = vec![0f32; index.gram_count()];
    let square = index.vector(query, &mut Vec::new(), |g, w| dense[g as usize] = w);
    let mut all: Vec<(u32, f32)> = (0..index.len())
        .map(|d| {
            let dot: f32 = index.grams_of(d).map(|(g, w)| w * dense[g as usize]).sum();
            (d as u32, dot * index.inverse_norm(d) / square.sqrt())
        })
        .filter(|x| x.1 > 0.0)
        .collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    all.truncate(k);
    all
}

/// Labels with a typo, and phrases of 2 to 6 words from descriptions, in turn.
fn queries(texts: &[String]) -> Vec<String> {
    let esco = taxonomy(folder("SKILLGAP_ESCO").to_str().unwrap());
    let words: Vec<String> = esco
        .skills
        .iter()
        .step_by(3)
        .filter_map(|s| s.description.as_ref())
        .flat_map(|d| crate::lexicon::normal::fold(d).split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let mut out = Vec::new();
    for i in 0..10_000usize {
        let mut chars: Vec<char> = texts[i * 9_973 % texts.len()].chars().collect();
        let at = 1 + i * 31 % chars.len().max(2);
        if at + 1 < chars.len() {
            match i % 3 {
                0 => chars.swap(at, at + 1),
                1 => drop(chars.remove(at)),
                _ => chars.insert(at, 'e'),
            }
        }
        out.push(chars.into_iter().collect());
        let from = i * 7_919 % (words.len() - 6);
        out.push(words[from..from + 2 + i % 5].join(" "));
    }
    out
}

#[test]
#[ignore = "needs real data"]
fn rank_speed() {
    let taxonomy = taxonomy(folder("SKILLGAP_ESCO").to_str().unwrap());
    let start = cpu();
    let table = LabelTable::of_skills(&taxonomy);
    let cut = cpu() - start;
    let ranker = Ranker::skills(&table, &taxonomy, &[]);
    println!("table {cut:.2} s, ranker {:.2} s", cpu() - start - cut);
    let _ = Instant::now();
}
