//! CPU time and memory of the stage; run by hand: `cargo test --release measure_speed -- --ignored --nocapture`.

use super::world::World;
use crate::measure::{MeasureInputs, measure};
use crate::store::TableWriter;
use crate::types::*;

/// CPU seconds of this process, all threads (clock ticks of 10 ms).
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}

fn memory_mb(key: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with(key)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

#[test]
#[ignore = "prints CPU time and memory"]
fn measure_speed() {
    let count: usize = std::env::var("POSTINGS").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000);
    let ids: Vec<String> =
        (0..3000).map(|i| format!("http://data.europa.eu/esco/skill/{i:08}-aaaa-bbbb-cccc")).collect();
    let skills: Vec<(&str, &[&str])> = ids.iter().map(|id| (id.as_str(), &[][..])).collect();
    let mut world = World::with_skills(&skills);
    for i in 0..200 {
        let outcomes: Vec<_> = (0..6).map(|o| (format!("o{i}-{o}"), (i * 7 + o * 3) % 3000)).collect();
        let outcomes: Vec<_> =
            outcomes.iter().map(|(o, s)| (o.as_str(), ids[*s].as_str(), 0.8, Verdict::Accepted)).collect();
        world.teach(&format!("mc-{i}"), if i % 2 == 0 { &["dev"] } else { &[] }, &outcomes);
    }
    let folder = tempfile::tempdir().unwrap();
    let (postings, mentions) = (folder.path().join("p.parquet"), folder.path().join("m.parquet"));
    let mut posting_writer = TableWriter::<Posting>::create(&postings).unwrap();
    let mut mention_writer = TableWriter::<Mention>::create(&mentions).unwrap();
    for i in 0..count {
        let mut one = World::default();
        // Popularity of skills falls as in real postings: the cube of a uniform draw.
        let draw = |j: usize| ((((i * 31 + j * 977 + i * j) % 1009) as f64 / 1009.0).powi(3) * 3000.0) as usize;
        let asked: Vec<&str> = (0..15).map(|j| ids[draw(j)].as_str()).collect();
        let employer = format!("Employer {}", (i * 37 % 2003) % 400);
        let day = format!("202{}-{:02}-10", 4 + i % 2, 1 + i / 2 % 12);
        one.post(Some(&employer), Some(&day), &asked);
        let (mut posting, mut mentions) = (one.postings.remove(0), one.mentions);
        posting.id = PostingId(format!("{:016x}", (i as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)));
        mentions.iter_mut().for_each(|m| m.posting = posting.id.clone());
        posting.body = format!("{} {}", posting.body, "Lorem ipsum dolor sit amet. ".repeat(80));
        posting.area = Some(AreaCode(format!("ES{}", 11 + i % 20)));
        posting.isco = Some(IscoCode::new(&format!("{}", 1 + i % 7)).unwrap());
        posting.occupation = Some(["dev", "cook"][i % 2].into());
        posting.board = format!("board-{}", i % 5);
        posting.boards = vec![posting.board.clone()];
        posting_writer.push(&[posting]).unwrap();
        mention_writer.push(&mentions).unwrap();
    }
    posting_writer.finish().unwrap();
    mention_writer.finish().unwrap();
    world.parents = (11..31).map(|i| (format!("ES{i}"), "ES".to_owned())).collect();
    let inputs = MeasureInputs {
        postings: &postings,
        mentions: &mentions,
        links: &world.links,
        credentials: &world.credentials,
        programmes: &world.programmes,
        taxonomy: &world.taxonomy,
        observations: &[],
        area_parents: &world.parents,
        synthetic: true,
    };
    let (start, wall, memory) = (cpu_seconds(), std::time::Instant::now(), memory_mb("VmRSS"));
    let measured = measure(&inputs, &world.spec).unwrap();
    let cpu = cpu_seconds() - start;
    println!(
        "{count} postings: {cpu:.2} CPU s, {:.2} s, {memory} MB before, peak {} MB, {} cube rows, {} gaps, {} evidence",
        wall.elapsed().as_secs_f64(),
        memory_mb("VmHWM"),
        measured.demand.row_count(),
        measured.findings.gaps.len(),
        measured.findings.evidence.len(),
    );
}
