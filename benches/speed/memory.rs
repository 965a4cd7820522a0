//! Peak memory at 10,000 and 200,000 postings: sentences of real postings dealt out anew, so that no two are alike.

use crate::common::{Figure, inputs, run, skillgap, thousands, whole_run};
use crate::rounds::Numbers;
use crate::whole;
use anyhow::{Result, ensure};
use skillgap::clean::sentences::sentences;
use skillgap::store::AtomicFile;
use skillgap::types::Posting;
use std::path::Path;

const SIZES: [usize; 2] = [10_000, 200_000];

/// Writes `count` postings as long as real ones.
fn write_postings(path: &Path, postings: &[Posting], count: usize) -> Result<()> {
    let mut pool: Vec<&str> = Vec::new();
    for posting in postings {
        pool.extend(sentences(&posting.body).filter_map(|(from, to)| posting.body.get(from..to)));
    }
    let mut numbers = Numbers::new();
    let mut file = AtomicFile::create(path)?;
    let mut writer = csv::Writer::from_writer(&mut file);
    writer.write_record(["id", "source", "title", "text"])?;
    let mut text = String::new();
    for number in 0..count {
        let title = postings.get(numbers.below(postings.len())).map_or("", |p| p.title.as_str());
        let length = postings.get(number % postings.len()).map_or(0, |p| p.body.len());
        text.clear();
        while text.len() < length {
            text.push_str(pool.get(numbers.below(pool.len())).unwrap_or(&"."));
            text.push('\n');
        }
        writer.write_record([&format!("m{number}"), "recombined", title, &text])?;
    }
    writer.flush()?;
    drop(writer);
    Ok(file.commit()?)
}

/// Both sizes.
pub fn measure() -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    if whole::prepare(folder.path())?.is_none() {
        return Ok(vec![]);
    }
    let taxonomy = inputs::taxonomy()?;
    let postings = inputs::postings(&taxonomy, SIZES[0])?;
    let mut figures: Vec<Figure> = Vec::new();
    for size in SIZES {
        write_postings(&folder.path().join("postings.csv"), &postings, size)?;
        let data = tempfile::tempdir_in(folder.path())?;
        let mut command = skillgap();
        command.arg("run").arg(folder.path().join("plan.toml")).arg("--data-dir").arg(data.path());
        run(&mut command)?;
        let ran = whole_run(data.path(), "peer")?;
        let findings: skillgap::types::Findings =
            crate::common::read_json(&data.path().join("build/peer/report/findings.json"))?;
        let kept = findings.meta.posting_count;
        ensure!(kept as f64 > 0.95 * size as f64, "only {kept} of {size} postings were kept: they are too much alike");
        let smaller = figures.first().map(|f| f.value);
        let peak = ran.usage.peak_mb();
        figures.push(Figure {
            item: format!("peak memory at {} postings", thousands(size as u64)),
            value: peak,
            unit: "MB".to_owned(),
            beside: smaller.map(|mb| (format!("at {}", thousands(SIZES[0] as u64)), mb)),
            ratio: smaller.map(|mb| peak / mb),
            target: "under 600, and flat".to_owned(),
            note: format!("{} kept, {:.0} CPU seconds", thousands(kept), ran.usage.cpu_seconds),
        });
    }
    Ok(figures)
}
