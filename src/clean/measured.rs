//! Throughput on a JSONL file of raw postings: `RAW_POSTINGS=file cargo test --release clean::measured -- --ignored --nocapture`.

use super::*;
use crate::types::RawPosting;
use std::collections::BTreeMap;
use std::time::Instant;

fn raw_postings() -> Vec<RawPosting> {
    let path = std::env::var("RAW_POSTINGS").unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
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
    let rate = |what: &str, from: Instant| {
        let seconds = from.elapsed().as_secs_f64();
        println!("{what}: {:.0} per s ({seconds:.2} s)", raw.len() as f64 / seconds);
    };
    let _ = posting(raw[0], &ctx);
    let t = Instant::now();
    let texts: Vec<String> = raw.iter().map(|r| text::plain_text(&r.body, &ctx.limits).unwrap()).collect();
    rate("text", t);
    let t = Instant::now();
    let texts: Vec<String> = texts.into_iter().map(sections::break_headings).collect();
    rate("break_headings", t);
    let t = Instant::now();
    let found: usize = texts.iter().map(|t| contacts::redact(t).1).sum();
    rate("contacts", t);
    let t = Instant::now();
    let mut langs: BTreeMap<String, usize> = BTreeMap::new();
    texts.iter().for_each(|t| *langs.entry(format!("{:?}", language::detect(t, None))).or_default() += 1);
    rate("language", t);
    let t = Instant::now();
    let parts: usize = texts.iter().map(|t| sections::sections(t).len()).sum();
    rate("sections", t);
    println!("{found} contacts, {parts} sections, {langs:?}");
    let t = Instant::now();
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
