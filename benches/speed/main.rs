//! Speed beside what a user would pick instead, from one process on one thread: `cargo bench --bench speed`.
//!
//! Machines are noisy, so every figure is CPU time, ours and theirs take turns, and the ratio is the median over rounds.
//! Options after `--`: names of items (`extract duplicates fuzzy rank whole statistics memory`; all but `memory` by default),
//! `--memory` (adds the run over 200,000 postings), `--json FILE`. `SKILLGAP_PYTHON` names the interpreter that has the
//! packages of `shared/bench`.

#[allow(dead_code)]
#[path = "../common/mod.rs"]
mod common;
mod duplicates;
mod extract;
mod fuzzy;
mod memory;
mod rank;
mod rounds;
mod statistics;
mod whole;

use anyhow::{Context, Result};
use common::{Figure, SpeedFile, number, speed_file, thousands};
use skillgap::lexicon::Lexicon;
use skillgap::store::write_atomic;
use skillgap::types::{Lang, Posting};
use std::io::Write;
use std::path::PathBuf;

/// Postings that the targets speak of.
const POSTINGS: usize = 10_000;
/// Items measured in this process, on cleaned postings.
const INSIDE: [&str; 4] = ["extract", "duplicates", "fuzzy", "rank"];

/// Items measured in processes of their own.
const FILES: [&str; 2] = ["whole", "statistics"];

struct Options {
    items: Vec<String>,
    json: Option<PathBuf>,
}

impl Options {
    fn read() -> Result<Self> {
        let mut options = Self { items: Vec::new(), json: None };
        let mut arguments = std::env::args().skip(1).filter(|a| a != "--bench");
        let mut memory = false;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--memory" => memory = true,
                "--json" => options.json = Some(arguments.next().context("--json needs a file")?.into()),
                name if INSIDE.contains(&name) || FILES.contains(&name) => options.items.push(argument),
                other => anyhow::bail!("unknown option '{other}'; known: {INSIDE:?}, {FILES:?}, --memory, --json FILE"),
            }
        }
        if options.items.is_empty() {
            options.items = INSIDE.iter().map(|i| (*i).to_owned()).collect();
            options.items.extend(FILES.map(str::to_owned));
        }
        if memory {
            options.items.push("memory".to_owned());
        }
        Ok(options)
    }

    fn has(&self, item: &str) -> bool {
        self.items.iter().any(|i| i == item)
    }
}

/// What the items are measured on.
struct World {
    lexicon: Lexicon,
    postings: Vec<Posting>,
}

impl World {
    fn read() -> Result<Self> {
        let taxonomy = common::inputs::taxonomy()?;
        let postings = common::inputs::postings(&taxonomy, POSTINGS)?;
        Ok(Self { lexicon: Lexicon::new(taxonomy), postings })
    }

    /// English labels of all skills.
    fn labels(&self) -> impl Iterator<Item = &str> {
        let labels = self.lexicon.taxonomy.skills.iter().flat_map(|s| &s.labels);
        labels.filter(|l| l.lang == Lang::En).map(|l| l.text.as_str())
    }

    fn describe(&self) -> String {
        let megabytes = self.postings.iter().map(|p| p.title.len() + p.body.len()).sum::<usize>() as f64 / 1e6;
        format!(
            "{} English postings ({megabytes:.1} MB of text), {} English labels of {}",
            thousands(self.postings.len() as u64),
            thousands(self.labels().count() as u64),
            self.lexicon.taxonomy.version
        )
    }
}

/// Measures something on postings and a taxonomy in memory.
type OnWorld = fn(&World) -> Result<Vec<Figure>>;
/// Measures whole runs over files.
type OnFiles = fn() -> Result<Vec<Figure>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, flag, folder] = arguments.as_slice()
        && flag == statistics::CHILD
    {
        return say(&statistics::child(folder.as_ref())?);
    }
    let options = Options::read()?;
    let mut found = SpeedFile::default();
    if INSIDE.iter().any(|item| options.has(item)) {
        let world = World::read()?;
        found.input = world.describe();
        say(&found.input)?;
        let items: [(&str, OnWorld); 4] = [
            ("extract", extract::measure),
            ("duplicates", duplicates::measure),
            ("fuzzy", fuzzy::measure),
            ("rank", rank::measure),
        ];
        for (_, measure) in items.iter().filter(|(name, _)| options.has(name)) {
            add(&mut found, measure(&world)?)?;
        }
    }
    let mut complete = INSIDE.iter().chain(&FILES).all(|item| options.has(item));
    let runs: [(&str, OnFiles); 3] =
        [("whole", whole::measure), ("statistics", statistics::run), ("memory", memory::measure)];
    for (item, measure) in runs.iter().filter(|(item, _)| options.has(item)) {
        let figures = measure()?;
        if figures.is_empty() {
            say(&format!("{item}: skipped, since ../shared with its data and scripts, or Python, is not at hand"))?;
        }
        // A document that quotes our whole run quotes the script's beside it.
        complete &= !figures.is_empty() && (*item != "whole" || figures.iter().all(|f| f.ratio.is_some()));
        add(&mut found, figures)?;
    }
    let mut json = serde_json::to_string_pretty(&found)?;
    json.push('\n');
    // Only a whole measurement is left for the other bench.
    for path in options.json.into_iter().chain(complete.then(speed_file)) {
        write_atomic(&path, json.as_bytes())?;
    }
    Ok(())
}

fn add(found: &mut SpeedFile, figures: Vec<Figure>) -> Result<()> {
    for figure in figures {
        let beside = figure.beside.as_ref().map_or(String::new(), |(name, value)| {
            format!("  beside {name}: {}, ratio {}", number(*value), number(figure.ratio.unwrap_or_default()))
        });
        let target = if figure.target.is_empty() { String::new() } else { format!("  (target {})", figure.target) };
        say(&format!(
            "{}: {} {}{target}{beside}\n    {}",
            figure.item,
            number(figure.value),
            figure.unit,
            figure.note
        ))?;
        found.figures.push(figure);
    }
    Ok(())
}

fn say(line: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
