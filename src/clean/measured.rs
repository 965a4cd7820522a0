//! Throughput on a JSONL file of raw postings: `RAW_POSTINGS=file cargo test --release clean::measured -- --ignored --nocapture`.

use super::*;
use crate::types::RawPosting;
use std::collections::BTreeMap;

fn raw_postings() -> Vec<RawPosting> {
    let path = std::env::var("RAW_POSTINGS").unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

/// CPU seconds of this thread.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

fn ctx() -> CleanContext<'static> {
    CleanContext {
        as_of: "2026-03-01".parse().unwrap(),
        sources: BTreeMap::new(),
        areas: Areas::built_in(),
        limits: TextLimits::default(),
    }
}

#[test]
#[ignore = "prints figures; needs RAW_POSTINGS"]
fn throughput() {
    let all = raw_postings();
    let raw: Vec<&RawPosting> = all.iter().filter(|p| p.origin.source.as_str() == "nhs").collect();
    let ctx = ctx();
    let rate = |what: &str, from: f64| {
        let seconds = cpu() - from;
        println!("{what}: {:.0} per s ({seconds:.2} s)", raw.len() as f64 / seconds);
    };
    let _ = posting(raw[0], &ctx);
    let t = cpu();
    let texts: Vec<String> = raw.iter().map(|r| text::plain_text(&r.body, &ctx.limits).unwrap()).collect();
    rate("text", t);
    let t = cpu();
    let texts: Vec<String> = texts.into_iter().map(sections::break_headings).collect();
    rate("break_headings", t);
    let t = cpu();
    let found: usize = texts.iter().map(|t| contacts::redact(t).1).sum();
    rate("contacts", t);
    let t = cpu();
    let mut langs: BTreeMap<String, usize> = BTreeMap::new();
    texts.iter().for_each(|t| *langs.entry(format!("{:?}", language::detect(t, None))).or_default() += 1);
    rate("language", t);
    let t = cpu();
    let parts: usize = texts.iter().map(|t| sections::sections(t).len()).sum();
    rate("sections", t);
    println!("{found} contacts, {parts} sections, {langs:?}");
    let t = cpu();
    let kept = raw.iter().filter(|r| posting(r, &ctx).is_ok()).count();
    rate("all of it", t);
    println!("{kept} kept");
}

#[test]
#[ignore = "prints cleaned postings; needs RAW_POSTINGS and CLEANED"]
fn cleaned() {
    let ctx = ctx();
    let mut out = String::new();
    let mut counts: BTreeMap<String, RepairCounts> = BTreeMap::new();
    let mut rejects: BTreeMap<String, usize> = BTreeMap::new();
    for raw in &raw_postings() {
        match posting(raw, &ctx) {
            Ok(cleaned) => {
                counts.entry(raw.origin.source.to_string()).or_default().add(&cleaned.repairs);
                out.push_str(&serde_json::to_string(&cleaned.posting).unwrap());
                out.push('\n');
            }
            Err(reject) => *rejects.entry(format!("{} {:?}", raw.origin.source, reject.reason)).or_default() += 1,
        }
    }
    std::fs::write(std::env::var("CLEANED").unwrap(), out).unwrap();
    println!("{rejects:?}");
    for (source, repairs) in counts {
        println!("{source}: {repairs:?}");
    }
}

#[test]
#[ignore = "prints figures and writes pairs; needs DUPLICATES_IN (id, text per line, tab-separated JSON) and DUPLICATES_OUT"]
fn duplicates() {
    use crate::store::Spill;
    use crate::types::PostingId;
    let path = std::env::var("DUPLICATES_IN").unwrap();
    let rows: Vec<serde_json::Value> =
        std::fs::read_to_string(path).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let copies: usize = std::env::var("COPIES").ok().and_then(|c| c.parse().ok()).unwrap_or(1);
    let posts: Vec<(PostingId, &str)> =
        rows.iter().map(|r| (PostingId(r["id"].as_str().unwrap().to_owned()), r["text"].as_str().unwrap())).collect();
    let t = cpu();
    let mut all = Deduplicator::new(0.8, Spill::create().unwrap());
    let mut varied = String::new();
    for copy in 0..copies {
        for (n, (id, text)) in posts.iter().enumerate() {
            let id = if copy == 0 { id.clone() } else { PostingId(format!("{}-{copy}", id.0)) };
            varied.clear();
            for (at, word) in text.split(' ').enumerate() {
                varied.push_str(word);
                if copy > 0 && at % 4 == 0 {
                    varied.push_str(&format!(" z{copy}"));
                }
                varied.push(' ');
            }
            let body = if copy == 0 { text } else { varied.as_str() };
            let view = PostingView {
                id: &id,
                source_order: copy as u32,
                record: n as u64,
                board: "b",
                title: "",
                body,
                employer: None,
                area: None,
                posted_on: None,
            };
            all.add(view).unwrap();
        }
    }
    let added = cpu() - t;
    let outcome = all.finish().unwrap();
    let total = cpu() - t;
    let count = (posts.len() * copies) as f64;
    println!("{count} postings, add {added:.2} s, all {total:.2} s: {:.0} per s", count / total);
    println!("{} merged, {} text pairs", outcome.merged_count(), outcome.text_pairs.len());
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", status.lines().find(|l| l.starts_with("VmHWM")).unwrap());
    let pairs = outcome.posting_pairs(1000);
    let lines: String = pairs.iter().map(|(a, b, s)| format!("{a}\t{b}\t{s}\n")).collect();
    std::fs::write(std::env::var("DUPLICATES_OUT").unwrap(), lines).unwrap();
}
