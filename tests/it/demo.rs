//! The demo from postings to report, held against the truth that its generator planted.

use crate::support::{
    csv_rows, demo, expect, expect_same_trees, gunzip, root, run, skillgap, small_world, stdout, tree,
};
use skillgap::store::read_table;
use skillgap::types::{Demand, Mention, Trend, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// URI by slug, from the starter taxonomy.
fn uris() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(root().join("data/reference/skills.csv")).unwrap();
    csv_rows(&text).into_iter().map(|mut r| (r.remove("id").unwrap(), r.remove("uri").unwrap())).collect()
}

/// The id the program must give a demo posting: see `PostingId`.
fn posting_id(key: &str) -> String {
    skillgap::store::hash_bytes(format!("synthetic-boards\0{key}").as_bytes())[..16].to_owned()
}

/// Planted (posting, skill URI) pairs with their form.
fn planted() -> BTreeMap<(String, String), String> {
    let uris = uris();
    let rows = csv_rows(&gunzip(&root().join("data/samples/truth/mentions.csv.gz")));
    rows.into_iter().map(|r| ((posting_id(&r["id"]), uris[&r["skill"]].clone()), r["form"].clone())).collect()
}

/// Accepted (posting, skill) pairs of a finished run.
fn accepted(data: &Path, plan: &str) -> BTreeSet<(String, String)> {
    let table = data.join(format!("build/{plan}/extract/mentions.parquet"));
    let mentions = read_table::<Mention>(&table).unwrap().flat_map(Result::unwrap);
    mentions.filter(|m| m.verdict == Verdict::Accepted).map(|m| (m.posting.0, m.skill.0)).collect()
}

fn kept(data: &Path, plan: &str) -> BTreeSet<String> {
    let table = data.join(format!("build/{plan}/clean/postings.parquet"));
    let postings = read_table::<skillgap::types::Posting>(&table).unwrap().flat_map(Result::unwrap);
    postings.map(|p| p.id.0).collect()
}

#[allow(clippy::cast_precision_loss)]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

#[test]
fn most_planted_labels_are_found_and_most_of_what_is_found_was_planted() {
    let (planted, accepted, kept) = (planted(), accepted(demo(), "demo"), kept(demo(), "demo"));
    let of_form = |forms: &[&str]| {
        let all: Vec<_> = planted
            .iter()
            .filter(|((p, _), f)| kept.contains(p) && forms.contains(&f.as_str()))
            .map(|(k, _)| k)
            .collect();
        share(all.iter().filter(|k| accepted.contains(**k)).count(), all.len())
    };
    let (labels, misspelt, paraphrased) =
        (of_form(&["literal", "alias"]), of_form(&["misspelt"]), of_form(&["paraphrase"]));
    let precision = share(accepted.iter().filter(|k| planted.contains_key(*k)).count(), accepted.len());
    println!("labels {labels:.3} misspelt {misspelt:.3} paraphrased {paraphrased:.3} precision {precision:.3}");
    assert!(labels > 0.8, "recall of labels {labels}");
    assert!(misspelt > 0.25, "recall of misspelt labels {misspelt}");
    assert!(precision > 0.8, "precision {precision}");
}

#[test]
fn every_planted_copy_is_merged_into_one_posting_and_no_original_is_lost() {
    let text = std::fs::read_to_string(root().join("data/samples/truth/duplicates.csv")).unwrap();
    let copies = csv_rows(&text);
    let kept = kept(demo(), "demo");
    let originals: BTreeSet<&String> = copies.iter().map(|r| &r["original_id"]).collect();
    let groups_kept = originals
        .iter()
        .filter(|o| {
            let group = copies.iter().filter(|r| &r["original_id"] == **o).map(|r| &r["id"]).chain([**o]);
            group.filter(|id| kept.contains(&posting_id(id))).count() == 1
        })
        .count();
    assert!(share(groups_kept, originals.len()) >= 0.98, "{groups_kept} of {} groups", originals.len());
    let all = gunzip(&root().join("data/samples/postings.jsonl.gz")).lines().count();
    let lost = all - copies.len() - kept.len();
    assert!(lost * 200 <= all, "{lost} postings that are no copies were merged");
}

/// Shares that must be seen when labels are read right: planted postings whose mention uses a label, over all.
fn labelled_shares(planted: &BTreeMap<(String, String), String>, kept: &BTreeSet<String>) -> BTreeMap<String, f64> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for ((posting, skill), form) in planted {
        if kept.contains(posting) && matches!(form.as_str(), "literal" | "alias") {
            *counts.entry(skill.clone()).or_default() += 1;
        }
    }
    counts.into_iter().map(|(skill, n)| (skill, share(n, kept.len()))).collect()
}

/// Planted shares in any form.
fn all_shares(planted: &BTreeMap<(String, String), String>, kept: &BTreeSet<String>) -> BTreeMap<String, f64> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (posting, skill) in planted.keys().filter(|(p, _)| kept.contains(p)) {
        let _ = posting;
        *counts.entry(skill.clone()).or_default() += 1;
    }
    counts.into_iter().map(|(skill, n)| (skill, share(n, kept.len()))).collect()
}

fn whole_window(data: &Path, plan: &str) -> BTreeMap<String, Demand> {
    let table = data.join(format!("build/{plan}/measure/demand.parquet"));
    let rows = read_table::<Demand>(&table).unwrap().flat_map(Result::unwrap);
    let whole = rows.filter(|d| d.area == "all" && d.period == "all" && d.occupation_group == "all");
    whole.map(|d| (d.skill.clone(), d)).collect()
}

/// How many skills (planted in at least 1 % of postings) have an interval that meets the span from what their labels alone
/// give to all that was planted.
fn recovered(data: &Path, plan: &str) -> f64 {
    let (planted, kept) = (planted(), kept(data, plan));
    let (least, most) = (labelled_shares(&planted, &kept), all_shares(&planted, &kept));
    let demand = whole_window(data, plan);
    let asked: Vec<_> = most.iter().filter(|(_, share)| **share >= 0.01).collect();
    let met = asked.iter().filter(|(skill, most)| {
        let least = least.get(*skill).copied().unwrap_or_default();
        demand.get(*skill).is_some_and(|d| {
            d.share_high.is_some_and(|high| high >= least) && d.share_low.is_some_and(|low| low <= **most)
        })
    });
    share(met.count(), asked.len())
}

#[test]
fn planted_demand_is_recovered_within_its_intervals_and_not_when_labels_are_swapped_between_skills() {
    let right = recovered(demo(), "demo");
    assert!(right >= 0.85, "{right} of the planted shares are recovered");
    let world = small_world(8_000);
    swap_labels(&world.folder.path().join("reference"));
    let plan = std::fs::read_to_string(&world.plan).unwrap().replace("'boards'", "'synthetic-boards'");
    std::fs::write(&world.plan, plan).unwrap();
    let data = world.folder.path().join("data");
    expect(&skillgap().arg("run").arg(&world.plan).arg("--data-dir").arg(&data).output().unwrap(), 0);
    let swapped = recovered(&data, "small");
    assert!(swapped < 0.4, "{swapped} recovered although every skill carries another's labels");
}

/// Gives every skill the labels of the next one in the file.
fn swap_labels(reference: &Path) {
    let path = reference.join("skill_labels.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let ids: BTreeSet<String> = csv_rows(&text).into_iter().map(|mut r| r.remove("id").unwrap()).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let next: BTreeMap<&str, &str> =
        (0..ids.len()).map(|i| (ids[i].as_str(), ids[(i + ids.len() / 2) % ids.len()].as_str())).collect();
    let mut out = String::new();
    for (number, line) in text.lines().enumerate() {
        match line.split_once(',').filter(|_| number > 0) {
            Some((id, rest)) => out.push_str(&format!("{},{rest}\n", next[id])),
            None => out.push_str(&format!("{line}\n")),
        }
    }
    std::fs::write(path, out).unwrap();
}

fn trends(data: &Path) -> Vec<Trend> {
    let text = std::fs::read_to_string(data.join("build/demo/report/findings.json")).unwrap();
    let findings: skillgap::types::Findings = serde_json::from_str(&text).unwrap();
    findings.trends.into_iter().filter(|t| t.area == "all").collect()
}

#[test]
fn planted_growth_lies_within_its_interval_for_nine_skills_in_ten() {
    let uris = uris();
    let text = std::fs::read_to_string(root().join("data/samples/truth/growth.csv")).unwrap();
    let planted: BTreeMap<String, f64> = csv_rows(&text)
        .into_iter()
        .map(|r| (uris[&r["skill"]].clone(), r["planted_growth"].parse::<f64>().unwrap().ln()))
        .collect();
    let measured: Vec<_> =
        trends(demo()).into_iter().filter_map(|t| Some((planted.get(&t.skill)?, t.low?, t.high?))).collect();
    assert!(measured.len() >= 60, "{} growth figures", measured.len());
    let held = measured.iter().filter(|(truth, low, high)| (*low..=*high).contains(truth)).count();
    assert!(share(held, measured.len()) >= 0.9, "{held} of {} intervals hold the planted growth", measured.len());
}

#[test]
fn the_planted_gaps_are_among_the_largest_unmet_demands() {
    let text = std::fs::read_to_string(demo().join("build/demo/report/findings.json")).unwrap();
    let findings: skillgap::types::Findings = serde_json::from_str(&text).unwrap();
    let uris = uris();
    for slug in ["catalan-language", "forklift-operation", "driving-licence"] {
        let gap = findings.gaps.iter().find(|g| g.programme == "portfolio" && g.demand.skill == uris[slug]);
        let gap = gap.unwrap_or_else(|| panic!("{slug} is no gap"));
        assert!(gap.coverage < 0.25, "{slug} is taught: {}", gap.coverage);
        assert!(gap.unmet_per_100.is_some_and(|unmet| unmet > 1.0), "{slug}: {:?}", gap.unmet_per_100);
    }
}

#[test]
fn every_published_share_carries_its_n_and_an_interval_that_holds_it() {
    let mut shares = 0;
    for demand in
        read_table::<Demand>(&demo().join("build/demo/measure/demand.parquet")).unwrap().flat_map(Result::unwrap)
    {
        let Some(share) = demand.share else {
            assert!(demand.share_low.is_none() && demand.share_high.is_none() && demand.mark.is_some(), "{demand:?}");
            continue;
        };
        shares += 1;
        let (low, high) = (demand.share_low.unwrap(), demand.share_high.unwrap());
        assert!((0.0..=share).contains(&low) && (share..=1.0).contains(&high), "{demand:?}");
        assert!(demand.base_count >= 30 && demand.posting_count <= demand.base_count, "{demand:?}");
    }
    assert!(shares > 1_000, "{shares}");
}

#[test]
fn nothing_published_holds_an_e_mail_address_or_a_phone_number_of_the_postings() {
    let report = demo().join("build/demo/report");
    for (name, bytes) in tree(&report) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("@example.org") && !text.contains("+34 600") && !text.contains("+970 59"), "{name}");
    }
}

#[test]
fn threads_time_zone_locale_and_folder_do_not_show_in_any_byte() {
    let world = small_world(1_500);
    let elsewhere = tempfile::Builder::new().prefix("another place ").tempdir().unwrap();
    let plan = crate::support::small_world_in(elsewhere.path(), 1_500);
    let (one, other) = (world.folder.path().join("data"), elsewhere.path().join("d"));
    let first =
        skillgap().arg("run").arg(&world.plan).args(["--threads", "1", "--data-dir"]).arg(&one).output().unwrap();
    expect(&first, 0);
    let second = skillgap()
        .env("TZ", "Asia/Gaza")
        .env("LC_ALL", "ar_PS.UTF-8")
        .env("POLARS_MAX_THREADS", "8")
        .current_dir(elsewhere.path())
        .arg("run")
        .arg(&plan)
        .args(["--threads", "8", "--data-dir"])
        .arg(&other)
        .output()
        .unwrap();
    expect(&second, 0);
    expect_same_trees(&tree(&one), &tree(&other));
}

#[test]
fn a_number_can_be_followed_back_to_its_sentences() {
    let data = demo().to_str().unwrap();
    let told = run(&["explain", "pipelines/demo.toml", "solar-panel-installation", "--data-dir", data]);
    expect(&told, 0);
    let text = stdout(&told);
    assert!(text.contains("postings") && text.to_lowercase().contains("solar"), "{text}");
    let unknown = run(&["explain", "pipelines/demo.toml", "levitation", "--data-dir", data]);
    expect(&unknown, 2);
}

#[test]
fn the_report_says_that_it_is_synthetic_and_runs_no_script() {
    let page = std::fs::read_to_string(demo().join("build/demo/report/gap.html")).unwrap();
    assert!(page.contains("Synthetic data"));
    assert!(page.contains("Content-Security-Policy") && !page.contains("<script"));
    assert!(page.len() < 5_000_000);
}
