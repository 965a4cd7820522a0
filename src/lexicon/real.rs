//! Measurements on real data, run by hand: `SKILLGAP_ESCO=<folder> SKILLGAP_GOLD=<folder> cargo test --release -- --ignored`.

use crate::lexicon::labels::LabelTable;
use crate::lexicon::lanes::{LANES, LaneValues};
use crate::lexicon::ngrams::{NGramIndex, NGramScratch};
use crate::lexicon::ranker::{Depth, Ranker};
use crate::types::{
    IscoCode, Label, LabelKind, Lang, Occupation, Relation, RelationKind, Reuse, Skill, SkillId, SkillKind, Taxonomy,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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
    let mut texts = texts;
    texts.sort();
    texts.dedup();
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
    print!("{:.0} per CPU s", queries.len() as f64 / took);
    for part in [0, 1] {
        let mut overlap = 0.0;
        let mut n = 0.0;
        for (q, f) in queries.iter().zip(&found).skip(part).step_by(202) {
            let exact = exact_top(&index, q, 10);
            let floor = exact.last().map_or(0.0, |x| x.1) - 1e-5;
            // A tie at the last rank is as good.
            let good = f.iter().filter(|x| x.1 >= floor).count();
            overlap += good as f64 / exact.len().max(1) as f64;
            n += 1.0;
        }
        print!(" overlap {:.4}", overlap / n);
    }
    println!();
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

/// Gold queries of a file as (text, right concepts); concepts by `find`.
pub(crate) fn gold(file: &str, find: impl Fn(&str) -> Option<usize>) -> Vec<(String, Vec<usize>)> {
    let lines = std::fs::read_to_string(folder("SKILLGAP_GOLD").join(file)).unwrap();
    let set = crate::evaluate::read_gold(&lines, |uri| find(uri).is_some()).unwrap();
    set.queries.into_iter().map(|q| (q.text, q.gold.iter().filter_map(|u| find(u)).collect())).collect()
}

/// Listwise softmax with L2 on standardised lanes, by plain gradient descent; returns weights on the raw lanes.
fn fit(lists: &[Vec<(LaneValues, bool)>], used: &[usize]) -> LaneValues {
    let n: f32 = lists.iter().map(|l| l.len() as f32).sum();
    let mut mean = [0f32; LANES.len()];
    let mut sd = [0f32; LANES.len()];
    for (v, _) in lists.iter().flatten() {
        (0..LANES.len()).for_each(|k| mean[k] += v[k] / n);
    }
    for (v, _) in lists.iter().flatten() {
        (0..LANES.len()).for_each(|k| sd[k] += (v[k] - mean[k]).powi(2) / n);
    }
    let sd = sd.map(|x| x.sqrt().max(1e-6));
    let mut w = [0f32; LANES.len()];
    let count = lists.iter().filter(|l| l.iter().any(|x| x.1)).count() as f32;
    for step in 0..400 {
        let mut gradient = [0f32; LANES.len()];
        for list in lists {
            let right = list.iter().filter(|x| x.1).count() as f32;
            if right == 0.0 {
                continue;
            }
            let z: Vec<f32> = list.iter().map(|(v, _)| used.iter().map(|&k| w[k] * v[k] / sd[k]).sum()).collect();
            let most = z.iter().copied().fold(f32::MIN, f32::max);
            let e: Vec<f32> = z.iter().map(|x| (x - most).exp()).collect();
            let total: f32 = e.iter().sum();
            for ((v, good), e) in list.iter().zip(&e) {
                let g = e / total - if *good { 1.0 / right } else { 0.0 };
                used.iter().for_each(|&k| gradient[k] += g * v[k] / sd[k] / count);
            }
        }
        for &k in used {
            w[k] -= 0.5 / (1.0 + step as f32 / 200.0) * (gradient[k] + 0.02 * w[k]);
            if k < 5 {
                w[k] = w[k].max(0.0);
            }
        }
    }
    std::array::from_fn(|k| w[k] / sd[k])
}

struct Case {
    list: Vec<(LaneValues, bool)>,
    right: usize,
}

fn cases(ranker: &Ranker<'_>, queries: &[(String, Vec<usize>)], lang: Lang, top: usize) -> Vec<Case> {
    let make = |(text, right): &(String, Vec<usize>)| Case {
        list: ranker.rank(text, Some(lang), top).iter().map(|r| (r.lanes, right.contains(&r.concept))).collect(),
        right: right.len(),
    };
    queries.iter().map(make).collect()
}

/// RP@5 x100, MRR x100, MAP x100 under weights.
fn measure(cases: &[&Case], w: &LaneValues) -> (f32, f32, f32) {
    let (mut rp, mut mrr, mut map) = (0.0, 0.0, 0.0);
    for case in cases {
        let mut order: Vec<(f32, bool)> =
            case.list.iter().map(|(v, good)| (v.iter().zip(w).map(|(a, b)| a * b).sum(), *good)).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0));
        rp += order.iter().take(5).filter(|x| x.1).count() as f32 / case.right.min(5) as f32;
        let ranks: Vec<usize> = order.iter().enumerate().filter(|x| x.1.1).map(|x| x.0 + 1).collect();
        mrr += ranks.first().map_or(0.0, |r| 1.0 / *r as f32);
        map += ranks.iter().enumerate().map(|(i, r)| (i + 1) as f32 / *r as f32).sum::<f32>() / case.right as f32;
    }
    let n = cases.len() as f32 / 100.0;
    (rp / n, mrr / n, map / n)
}

fn fit_on(cases: &[&Case], used: &[usize]) -> LaneValues {
    fit(&cases.iter().map(|c| c.list.clone()).collect::<Vec<_>>(), used)
}

/// Held-out figures by five folds.
fn cross(cases: &[&Case], used: &[usize]) -> (f32, f32, f32) {
    let mut sum = (0.0, 0.0, 0.0);
    for fold in 0..5 {
        let part = |held: bool| -> Vec<&Case> {
            cases.iter().enumerate().filter(|(i, _)| (i % 5 == fold) == held).map(|x| *x.1).collect()
        };
        let w = fit_on(&part(false), used);
        let held = part(true);
        let (a, b, c) = measure(&held, &w);
        let n = held.len() as f32 / cases.len() as f32;
        sum = (sum.0 + a * n, sum.1 + b * n, sum.2 + c * n);
    }
    sum
}

fn report(name: &str, cases: &[Case], parts: &[(&str, std::ops::Range<usize>)], used: &[usize]) {
    let all: Vec<&Case> = cases.iter().collect();
    let found: usize = cases.iter().map(|c| c.list.iter().filter(|x| x.1).count()).sum();
    let right: usize = cases.iter().map(|c| c.right).sum();
    println!(
        "{name}: {} queries, {:.1}% of answers among the candidates",
        cases.len(),
        100.0 * found as f32 / right as f32
    );
    let w = fit_on(&all, used);
    for (lane, w) in LANES.iter().zip(w) {
        println!("{lane} = {w:.4}");
    }
    println!("fitted {:.1?}; five folds {:.1?}", measure(&all, &w), cross(&all, used));
    for (part, range) in parts {
        println!("  {part}: fitted {:.1?}", measure(&all[range.clone()], &w));
    }
    for &drop in used {
        let rest: Vec<usize> = used.iter().copied().filter(|k| *k != drop).collect();
        println!("  without {}: five folds {:.1?}", LANES[drop], cross(&all, &rest));
    }
    for &lane in used.iter().filter(|k| **k < 5) {
        println!(
            "  alone {}: {:.1?}",
            LANES[lane],
            measure(&all, &std::array::from_fn(|k| f32::from(u8::from(k == lane))))
        );
    }
}

#[test]
#[ignore = "needs real data"]
fn fit_skill_weights() {
    let taxonomy = taxonomy(folder("SKILLGAP_ESCO").to_str().unwrap());
    let start = cpu();
    let table = LabelTable::of_skills(&taxonomy);
    let cut = cpu() - start;
    let ranker = Ranker::skills(&table, &taxonomy, &[]);
    println!("table {cut:.2} s, ranker {:.2} s", cpu() - start - cut);
    let find = |uri: &str| taxonomy.skill_index(uri);
    let mut queries = gold("skills_en_tech_validation.jsonl", find);
    let tech = queries.len();
    queries.extend(gold("skills_en_house_validation.jsonl", find));
    let start = cpu();
    for depth in [Depth::Full, Depth::Quick] {
        let start = cpu();
        (0..20).for_each(|_| queries.iter().for_each(|q| drop(ranker.rank_at(&q.0, Some(Lang::En), 20, depth))));
        println!("{depth:?}: {:.3} ms per sentence", (cpu() - start) * 50.0 / queries.len() as f64);
    }
    let _ = start;
    clauses(&ranker, &queries);
    let cases = cases(&ranker, &queries, Lang::En, 200);
    report("skills", &cases, &[("tech", 0..tech), ("house", tech..queries.len())], &[0, 1, 2, 3, 4, 5, 6]);
}

fn clauses(ranker: &Ranker<'_>, queries: &[(String, Vec<usize>)]) {
    for share in [0.0, 0.2, 0.4, 0.6, 0.8, 1.0] {
        let mut rows = Vec::new();
        for (text, right) in queries {
            let mut best: BTreeMap<usize, (f32, f32)> = BTreeMap::new();
            for r in ranker.rank(text, Some(Lang::En), 200) {
                best.insert(r.concept, (r.score, 0.0));
            }
            for clause in text.split([',', ';', '.']).flat_map(|c| c.split(" and ")) {
                for r in ranker.rank(clause, Some(Lang::En), 100) {
                    if let Some(b) = best.get_mut(&r.concept) {
                        b.1 = b.1.max(r.score);
                    }
                }
            }
            let list = best
                .iter()
                .map(|(c, b)| {
                    ([(1.0 - share) * b.0 + share * b.1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], right.contains(c))
                })
                .collect();
            rows.push(Case { list, right: right.len() });
        }
        let rows: Vec<&Case> = rows.iter().collect();
        println!("clause share {share}: {:.1?}", measure(&rows, &[1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]));
    }
}

#[test]
#[ignore = "needs real data"]
fn fit_occupation_weights() {
    use crate::lexicon::occupations::{OccupationCoder, clean_title};
    let taxonomy = taxonomy(folder("SKILLGAP_ESCO").to_str().unwrap());
    let table = LabelTable::of_occupations(&taxonomy);
    let coder = OccupationCoder::new(&taxonomy, &table);
    let titles = gold("occupations_en_titles_dev.jsonl", |uri| taxonomy.occupation_index(uri));
    let start = cpu();
    let mut counts = [0usize; 2];
    let mut by_score: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (title, right) in &titles {
        if let Some(coded) = coder.code(title, Lang::En, None) {
            counts[0] += 1;
            counts[1] += usize::from(right.contains(&coded.occupation));
            let bin = by_score.entry((coded.score * 20.0) as usize).or_default();
            bin.0 += 1;
            bin.1 += usize::from(right.contains(&coded.occupation));
        }
    }
    let took = cpu() - start;
    println!(
        "coded {} of {}, right {}; {:.0} titles per CPU s",
        counts[0],
        titles.len(),
        counts[1],
        titles.len() as f64 / took
    );
    println!(
        "{:?}",
        by_score
            .iter()
            .map(|(b, (n, r))| format!("{:.2}: {n} {:.2}", *b as f32 / 20.0, *r as f32 / *n as f32))
            .collect::<Vec<_>>()
    );
    let mrr: f32 = titles
        .iter()
        .map(|(t, g)| {
            coder
                .rank(t, Lang::En, 100)
                .iter()
                .position(|r| g.contains(&r.concept))
                .map_or(0.0, |x| 1.0 / (x + 1) as f32)
        })
        .sum();
    println!("MRR of rank: {:.2}", 100.0 * mrr / titles.len() as f32);
    let ranker = Ranker::occupations(&table, &taxonomy);
    let sample: Vec<(String, Vec<usize>)> =
        titles.iter().step_by(4).map(|(t, g)| (clean_title(t), g.clone())).collect();
    let rows = cases(&ranker, &sample, Lang::En, 60);
    if std::env::var("FIT").is_ok() {
        report("titles", &rows, &[], &[0, 1, 2, 3, 4, 5, 6]);
    }
    melo();
}

fn melo() {
    let dir = folder("SKILLGAP_GOLD");
    let corpus = std::fs::read_to_string(dir.join("occupations_es_melo_corpus.tsv")).unwrap();
    let rows: Vec<(&str, &str)> = corpus.lines().filter_map(|l| l.split_once('\t')).collect();
    let labels: Vec<Vec<Label>> = rows
        .iter()
        .map(|(_, t)| vec![Label { text: (*t).to_owned(), lang: Lang::Es, kind: LabelKind::Preferred }])
        .collect();
    let table = LabelTable::build(labels.iter().map(Vec::as_slice));
    let facts = vec![crate::lexicon::ranker::ConceptFacts::default(); rows.len()];
    let ranker = Ranker::titles(&table, &facts);
    let at: BTreeMap<&str, usize> = rows.iter().enumerate().map(|(i, r)| (r.0, i)).collect();
    let queries = gold("occupations_es_melo_dev.jsonl", |id| at.get(id).copied());
    let occupation = |(id, labels): (&(&str, &str), &Vec<Label>)| Occupation {
        id: id.0.to_owned(),
        isco: None,
        labels: labels.clone(),
        description: None,
    };
    let corpus = Taxonomy { occupations: rows.iter().zip(&labels).map(occupation).collect(), ..Taxonomy::default() };
    let coder = crate::lexicon::occupations::OccupationCoder::new(&corpus, &table);
    let coded: Vec<Case> = queries
        .iter()
        .map(|(text, right)| {
            let list = coder
                .rank(text, Lang::Es, 200)
                .into_iter()
                .map(|r| ([r.score, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], right.contains(&r.concept)));
            Case { list: list.collect(), right: right.len() }
        })
        .collect();
    println!(
        "MELO by the coder {:.1?}",
        measure(&coded.iter().collect::<Vec<_>>(), &[1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    );
    let rows = cases(&ranker, &queries, Lang::Es, 200);
    let all: Vec<&Case> = rows.iter().collect();
    println!(
        "MELO with the compiled weights {:.1?}",
        measure(&all, &crate::lexicon::ranker::RankWeights::occupation().0)
    );
    if std::env::var("FIT").is_ok() {
        report("melo", &rows, &[], &[0, 1, 2, 4]);
    }
}

#[test]
#[ignore = "needs real data"]
fn read_titles() {
    use crate::lexicon::occupations::{OccupationCoder, clean_title};
    let taxonomy = taxonomy(folder("SKILLGAP_ESCO").to_str().unwrap());
    let table = LabelTable::of_occupations(&taxonomy);
    let coder = OccupationCoder::new(&taxonomy, &table);
    let titles = gold("occupations_en_titles_dev.jsonl", |uri| taxonomy.occupation_index(uri));
    for (title, right) in titles.iter().step_by(97) {
        let rank = coder.rank(title, Lang::En, 100).iter().position(|r| right.contains(&r.concept));
        let coded = coder.code(title, Lang::En, None);
        println!(
            "{title} [{}] -> {:?} | gold {} at {rank:?}",
            clean_title(title),
            coded.map(|c| (taxonomy.occupations[c.occupation].name(Lang::En).to_owned(), c.label, c.score)),
            taxonomy.occupations[right[0]].name(Lang::En)
        );
    }
}

#[test]
#[ignore = "needs real data"]
fn read_hinted_titles() {
    use crate::lexicon::occupations::OccupationCoder;
    let taxonomy = taxonomy(&std::env::var("SKILLGAP_ESCO_ES").expect("set SKILLGAP_ESCO_ES"));
    let table = LabelTable::of_occupations(&taxonomy);
    let coder = OccupationCoder::new(&taxonomy, &table);
    let rows = rows(&folder("SKILLGAP_EURES"));
    let (mut hinted, mut coded, mut agree, mut both) = (0, 0, 0, 0);
    for (at, row) in rows.iter().enumerate() {
        let (title, hint) = (&row["titulo"], &row["ocupacion"]);
        let by_hint = coder.code("", Lang::Es, Some(hint));
        let by_title = coder.code(title, Lang::Es, None);
        hinted += usize::from(by_hint.is_some());
        coded += usize::from(by_title.is_some());
        if let (Some(a), Some(b)) = (&by_hint, &by_title) {
            both += 1;
            agree += usize::from(a.occupation == b.occupation);
        }
        if at % 150 == 0 {
            let name = |c: &Option<crate::lexicon::occupations::Coded>| {
                c.as_ref().map(|c| (taxonomy.occupations[c.occupation].name(Lang::Es).to_owned(), c.score))
            };
            println!("{title} | hint {hint} {} -> {:?}", by_hint.is_some(), name(&by_title));
        }
    }
    println!("{} rows: hint is a label {hinted}, title coded {coded}, same occupation {agree} of {both}", rows.len());
}
